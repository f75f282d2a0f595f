//! What stands on the stage besides nodes where these stand in rows: the names of the rows, the registers below their
//! nodes, and a bracket across those whose votes have made a value chosen.
//!
//! Everything is said in the panels too, so a listener is spared it here. Must not know which parts there are.

use crate::engine::frame::{Fact, Frame, RegisterPart, RowFrame, Standing};
use crate::engine::ids::{MemberId, NodeId, Stamp};
use crate::scene::{Anchor, Bracket, Cell, Point, Row, SAID, Scene};
use crate::text::page as say;
use crate::text::{Text, Words};
use crate::ui::live::pieces;
use crate::ui::player::Player;
use crate::ui::preferences::Preferences;
use crate::ui::registers::durable;
use leptos::prelude::*;

/// More values than this were never chosen but by a broken protocol, and then two tell the story.
const MOST_BRACKETS: usize = 2;
/// How wide a letter of a register is, in CSS pixels.
const LETTER: f64 = 7.9;

fn registers(frame: &Frame, node: NodeId) -> impl Iterator<Item = &RegisterPart> {
    frame.node(node).into_iter().flat_map(durable)
}

/// The rows to be laid out; none where nodes stand in a ring.
pub fn shape(frame: &Frame) -> Vec<Row> {
    let most = |nodes: &[NodeId]| nodes.iter().map(|node| registers(frame, *node).count()).max();
    let row = |row: &RowFrame| Row {
        nodes: row.nodes.iter().map(|node| node.place()).collect(),
        registers: most(&row.nodes).unwrap_or_default(),
        talks: row.talks,
    };
    frame.rows.iter().map(row).collect()
}

/// The words of a row: its name, and those of its registers.
#[derive(Clone, PartialEq)]
struct Named {
    row: Text,
    registers: Vec<&'static Words>,
}

fn named(frame: &Frame) -> Vec<Named> {
    let names = |nodes: &[NodeId]| {
        let node = nodes.iter().max_by_key(|node| registers(frame, **node).count());
        node.map(|node| registers(frame, *node).map(|register| register.name).collect()).unwrap_or_default()
    };
    frame.rows.iter().map(|row| Named { row: row.name.clone(), registers: names(&row.nodes) }).collect()
}

/// What a register holds.
type Held = (Option<Stamp>, Option<String>);

fn held(frame: &Frame) -> Vec<Vec<Held>> {
    let nodes = frame.members.iter().filter(|member| member.id.node().is_some());
    let of = |register: &RegisterPart| (register.stamp, register.value.clone());
    nodes.map(|member| durable(member).map(of).collect()).collect()
}

/// A value that is chosen: whose votes made it so, and what is said of it.
#[derive(Clone, PartialEq)]
struct Chosen {
    voters: Vec<usize>,
    what: Text,
    known: Text,
}

fn chosen(frame: &Frame) -> Vec<Chosen> {
    let facts = |standing: Standing| frame.facts.iter().filter(move |fact| fact.standing == standing);
    let mut chosen: Vec<&Fact> = facts(Standing::Chosen).collect();
    chosen.drain(..chosen.len().saturating_sub(MOST_BRACKETS));
    let told = |fact: &Fact| {
        let knows =
            facts(Standing::Known).find(|known| (known.slot, &known.value) == (fact.slot, &fact.value));
        let what = match fact.stamp {
            Some(stamp) => say::CHOSEN_HERE_IN.with("stamp", stamp),
            None => Text::from(&say::CHOSEN_HERE),
        };
        Chosen {
            voters: fact.by.iter().filter_map(|member| member.node()).map(NodeId::place).collect(),
            what: what.with("value", &*fact.value),
            known: match knows.map_or(0, |known| known.by.len()) {
                0 => Text::from(&say::NOBODY_KNOWS),
                1 => say::ONE_KNOWS.with(
                    "node",
                    knows.and_then(|known| known.by.first()).map_or(String::new(), MemberId::to_string),
                ),
                count => say::SOME_KNOW.with("count", count),
            },
        }
    };
    chosen.into_iter().map(told).collect()
}

/// The names of rows and registers, below everything else.
#[component]
pub fn RowNames(
    /// Where everything stands.
    scene: Memo<Scene>,
) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let named = player.follow(|frame, _| named(frame));
    let names = move || {
        let named = named.get();
        scene.with(|scene| {
            let headings = scene.rows.headings.iter().zip(&named);
            let headings = headings
                .map(|(at, named)| words("heading halo", *at, Anchor::Start, preferences.say(&named.row)));
            let registers = scene.rows.names.iter().filter_map(|(row, register, at)| {
                let name = named.get(*row)?.registers.get(*register)?;
                Some(words("line halo", *at, Anchor::Start, preferences.word(name).to_string()))
            });
            headings.chain(registers).collect()
        })
    };
    view! { <g class="rows" aria-hidden="true">{pieces(names)}</g> }
}

/// The registers of the nodes, and what has come of them.
#[component]
pub fn RowMarks(
    /// Where everything stands.
    scene: Memo<Scene>,
) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let held = player.follow(|frame, _| held(frame));
    let chosen = player.follow(|frame, _| chosen(frame));
    let cells = move || {
        let held = held.get();
        scene.with(|scene| {
            let of_node = scene.rows.cells.iter().zip(&held);
            let all = of_node.flat_map(|(cells, held)| cells.iter().zip(held));
            all.map(|(cell, held)| register(*cell, held, scene.rows.folded, preferences)).collect()
        })
    };
    let brackets = move || {
        let chosen = chosen.get();
        scene.with(|scene| {
            let drawn = chosen.iter().enumerate().filter_map(|(turn, chosen)| {
                Some(bracket(&scene.bracket(&chosen.voters, turn)?, chosen, scene.width, preferences))
            });
            drawn.collect()
        })
    };
    view! { <g class="rows" aria-hidden="true">{pieces(cells)}{pieces(brackets)}</g> }
}

fn words(class: &'static str, at: Point, anchor: Anchor, said: String) -> AnyView {
    view! { <text class=class x=at.x.to_string() y=at.y.to_string() text-anchor=anchor.name()>{said}</text> }
        .into_any()
}

/// A register: framed in ink with a value, lightly with a ballot alone, dashed while it is empty.
fn register(cell: Cell, held: &Held, folded: bool, preferences: Preferences) -> AnyView {
    let empty = || preferences.word(&say::REGISTER_EMPTY).to_string();
    let (class, lines) = match held {
        (None, _) => ("held none", vec![empty()]),
        (Some(stamp), None) => ("held bare", vec![stamp.to_string()]),
        (Some(stamp), Some(value)) if folded => ("held", vec![stamp.to_string(), value.clone()]),
        (Some(stamp), Some(value)) => ("held", vec![format!("{stamp} {value}")]),
    };
    let room = ((cell.width - 6.0) / LETTER) as usize;
    let middle = cell.y + cell.height / 2.0 + 4.5;
    let first = middle - 8.0 * (lines.len() as f64 - 1.0);
    let line = |(turn, said): (usize, String)| {
        let at = Point { x: cell.x + cell.width / 2.0, y: first + 16.0 * turn as f64 };
        words("", at, Anchor::Middle, cut(said, room))
    };
    let said: Vec<AnyView> = lines.into_iter().enumerate().map(line).collect();
    let (x, y, width, height) = (cell.x, cell.y, cell.width, cell.height);
    view! {
        <g class=class>
            <rect x=x.to_string() y=y.to_string() width=width.to_string() height=height.to_string() rx="3"></rect>
            {said}
        </g>
    }
    .into_any()
}

/// A text that is too long for its room ends in a mark that says so.
fn cut(said: String, room: usize) -> String {
    match said.chars().count() <= room {
        true => said,
        false => said.chars().take(room.saturating_sub(1)).chain(['…']).collect(),
    }
}

/// The bracket with its mark, and what is said of it where there is room.
fn bracket(bracket: &Bracket, chosen: &Chosen, width: f64, preferences: Preferences) -> AnyView {
    let line = |(a, b): &(Point, Point)| format!("M{:.1} {:.1}L{:.1} {:.1}", a.x, a.y, b.x, b.y);
    let lines: String = bracket.lines.iter().map(line).collect();
    let Point { x, y } = bracket.mark;
    let (side, anchor) = match x + SAID <= width {
        true => (18.0, Anchor::Start),
        false => (-18.0, Anchor::End),
    };
    let said = |dy: f64| Point { x: x + side, y: y + dy };
    view! {
        <g class="bracket">
            <path class="span" d=lines></path>
            <path class="stamped" d=format!("M{:.1} {:.1}h22v22h-22Z", x - 11.0, y - 11.0)></path>
            <path class="tick" d=format!("M{:.1} {:.1}l4 4 7-8.5", x - 5.5, y + 0.5)></path>
            {words("strong halo", said(-1.0), anchor, preferences.say(&chosen.what))}
            {words("line halo", said(14.0), anchor, preferences.say(&chosen.known))}
        </g>
    }
    .into_any()
}
