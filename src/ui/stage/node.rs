//! A node: its body by role, its number and stamp, its label outwards, its tally and the ring of its timer.
//!
//! What changes with the state is a memo; the ring, which changes with time, is written directly.

use super::hand::{Hand, ring_timer};
use super::presses;
use crate::engine::frame::{MemberFrame, Shape, Status, TallyPart, Tone};
use crate::engine::ids::{NodeId, Stamp};
use crate::engine::invariant::Violation;
use crate::scene::{Anchor, Detail, RING_GAP, Scene};
use crate::text::page as say;
use crate::text::{Lang, Text};
use crate::ui::glyph;
use crate::ui::live::{act, flag, hear, live, maybe, memo};
use crate::ui::player::Player;
use crate::ui::preferences::Preferences;
use crate::ui::verb_bar::focus_verbs;
use crate::ui::verbs::Thing;
use leptos::prelude::*;
use leptos::svg;
use std::f64::consts::TAU;

/// What of a node is drawn, besides its ring.
#[derive(Clone, PartialEq)]
struct Face {
    status: Status,
    tone: Tone,
    role: Text,
    stamp: Option<(Text, Stamp)>,
    line: Option<Text>,
    tally: Option<(usize, u8, Shape)>,
    has_ring: bool,
}

fn face(member: &MemberFrame) -> Face {
    Face {
        status: member.status,
        tone: glyph::tone(member),
        role: Text::from(glyph::role_word(member)),
        stamp: member.stamp.map(|(word, number)| (Text::from(word), number)),
        line: member.line.clone(),
        tally: counted(member).map(|tally| (tally.from.len(), tally.needed, tally.glyph)),
        has_ring: member.timers.iter().any(|timer| timer.ring),
    }
}

/// The tally while it is being counted: of a node that has not asked for votes there is nothing to count.
fn counted(member: &MemberFrame) -> Option<&TallyPart> {
    let asks = glyph::tone(member) == Tone::Uncertain;
    member.tally().filter(|tally| asks || !tally.from.is_empty())
}

/// How far below the centre the stamp stands.
const STAMP_AT: f64 = 18.0;

/// The stamp inside a body: with its word where both fit, else alone.
fn inside(word: &str, stamp: Stamp, radius: f64) -> String {
    let both = format!("{word} {stamp}");
    let room = 2.0 * (radius * radius - STAMP_AT * STAMP_AT).max(0.0).sqrt();
    let wide: f64 = both.chars().map(|letter| if letter.len_utf8() < 3 { 7.8 } else { 13.0 }).sum();
    if wide <= room { both } else { stamp.to_string() }
}

/// Its name for those who do not see it.
fn name(node: NodeId, face: &Face, lang: Lang) -> String {
    match (face.status, &face.stamp) {
        (Status::Down, _) => say::NODE_CRASHED.with("node", node).say(lang),
        (Status::Paused, _) => say::NODE_PAUSED.with("node", node).say(lang),
        (Status::Up, stamp) => {
            let (word, number) = stamp.clone().unwrap_or((Text::from(&say::NODE), Stamp::from(0)));
            let text = say::NODE_NAME.with("node", node).with("role", face.role.clone());
            text.with("stamp", word).with("number", number).say(lang)
        }
    }
}

/// One node of the cluster.
#[component]
pub fn Node(
    /// Which.
    node: NodeId,
    /// Where everything stands.
    scene: Memo<Scene>,
) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let face = player.follow(move |frame, _| frame.node(node).map(face));
    let chosen = memo(move || player.chosen.get() == Some(node));
    let witness = memo(move || {
        let broken = |violation: &Violation| violation.witness.nodes.contains(&node);
        player.violations.with(|violations| violations.iter().any(broken))
    });
    let shown = move || face.get();
    let class = live(move || match shown() {
        Some(face) => {
            let role = glyph::role_class(face.status, face.tone);
            let paused = if face.status == Status::Paused { " paused" } else { "" };
            let witness = if witness.get() { " witness" } else { "" };
            format!("node {role}{paused}{witness}")
        }
        None => "node".to_string(),
    });
    let label = maybe(move || shown().map(|face| name(node, &face, preferences.lang.get())));
    let at = live(move || {
        scene.with(|scene| {
            let point =
                scene.nodes.get(node.place()).copied().unwrap_or_else(|| scene.centre(super::Place::Node(0)));
            format!("translate({:.1} {:.1})", point.x, point.y)
        })
    });
    let radius = memo(move || scene.with(|scene| scene.node_radius));
    // What dates a node of a lower row stands in its registers.
    let unstamped = memo(move || {
        let full =
            |scene: &Scene| scene.labels.get(node.place()).is_some_and(|label| label.detail == Detail::Full);
        scene.with(|scene| scene.narrow || !full(scene))
    });
    let hand = Hand::new(node, scene);
    view! {
        <g class=class transform=at>
            // The button is the body alone: whoever presses its middle, by hand or by name, meets the node.
            <g
                role="button"
                tabindex="0"
                aria-label=label
                on:click=act(move || player.click_node(node))
                on:focus=act(move || player.choose(Thing::Node(node)))
                on:contextmenu=move |event| {
                    event.prevent_default();
                    player.choose(Thing::Node(node));
                    focus_verbs(player.side);
                }
                on:keydown=hear(move |event: web_sys::KeyboardEvent| if presses(&event) { player.click_node(node) })
            >
                <circle class="focus" r=live(move || radius.get() + RING_GAP + 6.0)></circle>
                <circle class="body" r=live(move || radius.get())></circle>
                <circle class="inner" r=live(move || radius.get() - 5.0)></circle>
                <path class="flag" d=live(move || pennant(radius.get()))></path>
                <path class="crop" class:shown=flag(move || chosen.get()) d=live(move || crop(radius.get()))></path>
                <path class="notch" d=live(move || notch(radius.get()))></path>
            </g>
            <Ring node hand radius shown=flag(move || shown().is_some_and(|face| face.has_ring))/>
            <g aria-hidden="true">
                <text class="id" y=live(move || if unstamped.get() { 8.0 } else { 1.0 })>{node.number()}</text>
                <text class="stamp" y=STAMP_AT class:hidden=flag(move || unstamped.get())>
                    {maybe(move || shown().and_then(|face| face.stamp).map(|(word, stamp)| inside(&preferences.say(&word), stamp, radius.get())))}
                </text>
            </g>
            <Label node face scene/>
        </g>
    }
}

/// What a label says of a face in two lines, where this much fits; in the narrow geometry the stamp has no room inside.
fn said(face: Face, detail: Detail, narrow: bool, lang: Lang) -> (Option<String>, Option<String>) {
    let rests = face.status == Status::Up && face.tone == Tone::Plain;
    let stamp = face.stamp.map(|(word, number)| format!("{} {number}", word.say(lang)));
    let line = face.line.map(|line| line.say(lang));
    match detail {
        Detail::Full => (Some(face.role.say(lang)), if narrow { stamp } else { line }),
        Detail::Line if rests => (line, None),
        Detail::Unusual if rests => (None, None),
        Detail::Line | Detail::Unusual => (Some(face.role.say(lang)), None),
    }
}

/// Role, stamp where there is no room inside, line and tally, outwards from the centre.
#[component]
fn Label(node: NodeId, face: ReadSignal<Option<Face>>, scene: Memo<Scene>) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let label = memo(move || {
        scene.with(|scene| {
            let centre = scene.centre(super::Place::Node(node.place()));
            let label = scene.labels.get(node.place())?;
            let off = (label.at.x - centre.x, label.at.y - centre.y);
            Some((off, label.anchor, label.detail, scene.narrow))
        })
    });
    let at = move || label.get().unwrap_or(((0.0, 0.0), Anchor::Start, Detail::Full, false));
    let place = live(move || format!("translate({:.1} {:.1})", at().0.0, at().0.1));
    let words = memo(move || {
        let (_, _, detail, narrow) = at();
        face.get().map(|face| said(face, detail, narrow, preferences.lang.get())).unwrap_or_default()
    });
    let votes = move |counted: bool| {
        let (_, anchor, detail, narrow) = at();
        let tally = face.get().and_then(|face| face.tally).filter(|_| detail == Detail::Full)?;
        Some(ballots(tally, counted, anchor, narrow))
    };
    view! {
        // Pressed, the label chooses the node and does nothing to it.
        <g class="label" aria-hidden="true" transform=place text-anchor=live(move || at().1.name()) on:click=act(move || player.choose(Thing::Node(node)))>
            <text class="role halo" class:light=flag(move || at().2 == Detail::Line)>{maybe(move || words.get().0)}</text>
            <text class="line halo" y=live(move || if at().3 { 16 } else { 20 })>{maybe(move || words.get().1)}</text>
            <path class="tally counted" d=maybe(move || votes(true))></path>
            <path class="tally missing" d=maybe(move || votes(false))></path>
        </g>
    }
}

/// The glyphs of the votes that have landed, or of those still missing, in one path.
fn ballots(
    (votes, needed, shape): (usize, u8, Shape),
    counted: bool,
    anchor: Anchor,
    narrow: bool,
) -> String {
    let needed = usize::from(needed);
    let width = 17.0 * needed as f64;
    let left = match anchor {
        Anchor::Start => 6.0,
        Anchor::Middle => 8.0 - width / 2.0,
        Anchor::End => 11.0 - width,
    };
    let y = if narrow { 28.0 } else { 38.0 };
    let shown = if counted { 0..votes.min(needed) } else { votes.min(needed)..needed };
    shown.map(|place| glyph::small_outline(shape, left + 17.0 * place as f64, y)).collect()
}

/// The ring that drains: the arc is what is left of the longest wait, the dot its hand, the tick the least wait.
#[component]
fn Ring(node: NodeId, hand: Hand, radius: Memo<f64>, shown: Signal<bool>) -> impl IntoView {
    let player = Player::here();
    let (arc, dot) = (NodeRef::<svg::Circle>::new(), NodeRef::<svg::G>::new());
    player.on_move(move |frame, moment| {
        let (Some(left), Some(arc), Some(dot)) =
            (hand.left(frame, moment.playhead), arc.get_untracked(), dot.get_untracked())
        else {
            return;
        };
        let around = TAU * (radius.get_untracked() + RING_GAP);
        let _ =
            arc.set_attribute("stroke-dasharray", &format!("{} {}", tenths(left * around), tenths(around)));
        let _ = dot.set_attribute("transform", &format!("rotate({})", tenths(left * 360.0)));
    });
    let least = player.follow(move |frame, _| {
        let (least, most) = ring_timer(frame, node)?.range;
        Some(360.0 * least.0 as f64 / most.0.max(1) as f64)
    });
    let around = move || radius.get() + RING_GAP;
    let tick = move || format!("M0 {}v8", tenths(-around() - 4.0));
    view! {
        <g class="ring" class:hidden=flag(move || !shown.get())>
            <circle class="track" r=live(around)></circle>
            <circle class="arc" node_ref=arc r=live(around) transform="rotate(-90)"></circle>
            <path class="least" d=live(tick) transform=live(move || format!("rotate({})", tenths(least.get().unwrap_or(0.0))))></path>
            <g node_ref=dot>
                <circle
                    class="grip"
                    r="22"
                    cy=live(move || -around())
                    on:pointerdown=hear(move |event: web_sys::PointerEvent| hand.take(&event))
                    on:pointermove=hear(move |event: web_sys::PointerEvent| hand.turn(&event))
                    on:pointerup=act(move || hand.drop())
                    on:pointercancel=act(move || hand.give_up())
                ></circle>
                <circle class="hand" r="4.5" cy=live(move || -around())></circle>
            </g>
        </g>
    }
}

/// By hand, with one decimal: formatting a float costs more than all the rest of a frame.
fn tenths(number: f64) -> String {
    let tenths = (number * 10.0).round() as i32;
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// The pennant of whoever is in charge, at the upper right of the body.
pub fn pennant(radius: f64) -> String {
    let (x, y) = (radius * 0.56, -radius * 0.92);
    format!("M{x:.1} {:.1}V{y:.1}l17 5.5-17 5.5", y + 20.0)
}

/// The crop marks of the chosen node.
fn crop(radius: f64) -> String {
    let (far, near) = (radius + RING_GAP + 5.0, radius + 5.0);
    format!(
        "M-{far} -{near}V-{far}H-{near}M{near} -{far}H{far}V-{near}M{far} {near}V{far}H{near}M-{near} {far}H-{far}V{near}"
    )
}

/// The notched outline of a witness.
fn notch(radius: f64) -> String {
    let (outer, inner) = (radius + 6.0, radius + 1.0);
    let corner = |step: u8| {
        let angle = TAU * f64::from(step) / 24.0;
        let radius = if step.is_multiple_of(2) { outer } else { inner };
        format!("{:.1} {:.1}", radius * angle.sin(), -radius * angle.cos())
    };
    format!("M{}Z", (0..24).map(corner).collect::<Vec<_>>().join("L"))
}
