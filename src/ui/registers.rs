//! The registers that survive a crash: one row a node, one column a register. Follows the frame, knows no protocol.

use super::glyph::{self, RoleGlyph};
use super::player::Player;
use super::preferences::Preferences;
use super::verbs::Thing;
use crate::engine::frame::{Frame, MemberFrame, Part, RegisterPart, Status, Tone};
use crate::engine::ids::NodeId;
use crate::engine::invariant::Violation;
use crate::text::page as say;
use crate::text::{Text, Words};
use crate::ui::live::{act, flag, list, live, memo, piece, pieces};
use leptos::prelude::*;

/// A register's name in files, and for readers.
type Column = (&'static str, &'static Words);

/// What a row says of its node, besides its registers.
#[derive(Clone, PartialEq)]
struct Head {
    status: Status,
    tone: Tone,
    role: Text,
}

/// The registers of a member that survive a crash.
pub fn durable(member: &MemberFrame) -> impl Iterator<Item = &RegisterPart> {
    member.parts.iter().filter_map(|part| match part {
        Part::Register(register) if register.durable => Some(register),
        _ => None,
    })
}

/// Whether there is anything to show: some node has a register that survives a crash.
pub fn has_registers(frame: &Frame) -> bool {
    frame.members.iter().any(|member| durable(member).next().is_some())
}

/// Every register that some node has, in the order of the parts.
fn columns(frame: &Frame) -> Vec<Column> {
    let mut found: Vec<Column> = Vec::new();
    for register in frame.members.iter().flat_map(durable) {
        if found.iter().all(|(key, _)| *key != register.key) {
            found.push((register.key, register.name));
        }
    }
    found
}

/// The nodes with registers: whoever keeps nothing has no row.
fn rows(frame: &Frame) -> Vec<NodeId> {
    let keeps = |member: &&MemberFrame| durable(member).next().is_some();
    frame.members.iter().filter(keeps).filter_map(|member| member.id.node()).collect()
}

/// The panel of registers.
#[component]
pub fn Registers() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let columns = player.follow(|frame, _| columns(frame));
    let nodes = player.follow(|frame, _| rows(frame));
    let heads = move || {
        let head = |(_, name): Column| {
            view! { <span class="dim" role="columnheader">{preferences.word(name)}</span> }.into_any()
        };
        columns.get().into_iter().map(head).collect()
    };
    view! {
        <section class="panel registers" aria-labelledby="registers-title">
            <h2 id="registers-title">
                {live(move || preferences.word(&say::REGISTERS))}
                <span class="dim">{live(move || preferences.word(&say::REGISTERS_HINT))}</span>
            </h2>
            <div role="table" aria-labelledby="registers-title">
                <div class="regrow heads" role="row">
                    <span class="names dim" role="columnheader">{live(move || preferences.word(&say::NODE))}</span>
                    {pieces(heads)}
                </div>
                {list(move || nodes.get(), |node| *node, move |node| view! {
                    <Row node columns/>
                }.into_any())}
            </div>
        </section>
    }
}

/// One node's registers.
#[component]
fn Row(node: NodeId, columns: ReadSignal<Vec<Column>>) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let head = player.follow(move |frame, _| {
        let member = frame.node(node)?;
        let role = Text::from(glyph::role_word(member));
        Some(Head { status: member.status, tone: glyph::tone(member), role })
    });
    let registers = player.follow(move |frame, _| {
        frame.node(node).map(|member| durable(member).cloned().collect::<Vec<_>>()).unwrap_or_default()
    });
    let down = move || head.with(|head| head.as_ref().is_some_and(|head| head.status == Status::Down));
    let chosen = move || player.chosen.get() == Some(node);
    let witness = memo(move || {
        let broken = |violation: &Violation| violation.witness.nodes.contains(&node);
        player.violations.with(|violations| violations.iter().any(broken))
    });
    let cells = move || {
        let registers = registers.get();
        let of = |(key, _): Column| registers.iter().find(|register| register.key == key);
        columns.get().into_iter().map(|column| cell(of(column), preferences)).collect()
    };
    view! {
        <div class="regrow" class:chosen=flag(chosen) class:down=flag(down) class:witness=flag(move || witness.get()) role="row">
            <span class="names" role="rowheader">
                <button class="rowbtn" aria-pressed=live(move || chosen().to_string()) on:click=act(move || player.choose(Thing::Node(node)))>
                    <span class="n">{node.number()}</span>
                    {piece(move || head.get().map(|head| view! {
                        <RoleGlyph status=head.status tone=head.tone/>
                        <span>{preferences.say(&head.role)}</span>
                    }.into_any()))}
                </button>
            </span>
            {pieces(cells)}
        </div>
    }
}

/// A register: framed in ink with a value, lightly with a ballot alone, dashed while it is empty.
fn cell(register: Option<&RegisterPart>, preferences: Preferences) -> AnyView {
    let framed = register.map(|register| {
        let (class, said) = match (register.stamp, &register.value) {
            (None, _) => ("reg none", preferences.word(&say::REGISTER_EMPTY).to_string()),
            (Some(stamp), None) => ("reg bare", stamp.to_string()),
            (Some(stamp), Some(value)) => ("reg", format!("{stamp} {value}")),
        };
        view! { <span class=class title=said.clone()>{said.clone()}</span> }
    });
    view! { <span class="regcell" role="cell">{framed}</span> }.into_any()
}
