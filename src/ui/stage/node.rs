//! A node: its body by role, its number and stamp, its label outwards, its tally and the ring of its timer.
//!
//! What changes with the state is a memo; the ring, which changes with time, is written directly.

use super::presses;
use crate::engine::frame::{Frame, MemberFrame, Shape, Status, Tone};
use crate::engine::ids::{NodeId, Stamp};
use crate::scene::{Anchor, RING_GAP, Scene};
use crate::text::page as say;
use crate::text::{Lang, Text};
use crate::ui::glyph;
use crate::ui::live::{flag, live, maybe};
use crate::ui::player::Player;
use crate::ui::preferences::Preferences;
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
    chosen: bool,
    witness: bool,
}

fn face(member: &MemberFrame, chosen: bool, witness: bool) -> Face {
    Face {
        status: member.status,
        tone: glyph::tone(member),
        role: Text::from(glyph::role_word(member)),
        stamp: member.stamp.map(|(word, number)| (Text::from(word), number)),
        line: member.line.clone(),
        tally: member.tally().map(|tally| (tally.from.len(), tally.needed, tally.glyph)),
        has_ring: member.timers.iter().any(|timer| timer.ring),
        chosen,
        witness,
    }
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
    let face = Memo::new(move |_| {
        let chosen = player.chosen.get() == Some(node);
        let broken =
            |violation: &crate::engine::invariant::Violation| violation.witness.nodes.contains(&node);
        let witness = player.violations.with(|violations| violations.iter().any(broken));
        player.frame.with(|frame| frame.node(node).map(|member| face(member, chosen, witness)))
    });
    let shown = move || face.get();
    let class = live(move || match shown() {
        Some(face) => {
            let role = glyph::role_class(face.status, face.tone);
            let paused = if face.status == Status::Paused { " paused" } else { "" };
            let witness = if face.witness { " witness" } else { "" };
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
    let radius = Memo::new(move |_| scene.with(|scene| scene.node_radius));
    let narrow = Memo::new(move |_| scene.with(|scene| scene.narrow));
    view! {
        <g class=class transform=at>
            // The button is the body alone: whoever presses its middle, by hand or by name, meets the node.
            <g
                role="button"
                tabindex="0"
                aria-label=label
                on:click=move |_| player.click_node(node)
                on:focus=move |_| player.chosen.set(Some(node))
                on:keydown=move |event| if presses(&event) { player.click_node(node) }
            >
                <circle class="focus" r=live(move || radius.get() + RING_GAP + 6.0)></circle>
                <Ring node radius shown=Signal::derive(move || shown().is_some_and(|face| face.has_ring))/>
                <circle class="body" r=live(move || radius.get())></circle>
                <circle class="inner" r=live(move || radius.get() - 5.0)></circle>
                <path class="flag" d=live(move || pennant(radius.get()))></path>
                <path class="crop" class:shown=flag(move || shown().is_some_and(|face| face.chosen)) d=live(move || crop(radius.get()))></path>
                <path class="notch" d=live(move || notch(radius.get()))></path>
            </g>
            <g aria-hidden="true">
                <text class="id" y=live(move || if narrow.get() { 8.0 } else { 1.0 })>{node.number()}</text>
                <text class="stamp" y="18" class:hidden=flag(move || narrow.get())>
                    {maybe(move || shown().and_then(|face| face.stamp).map(|(word, number)| format!("{} {number}", preferences.say(&word))))}
                </text>
            </g>
            <Label node face scene/>
        </g>
    }
}

/// Role, stamp where there is no room inside, line and tally, outwards from the centre.
#[component]
fn Label(node: NodeId, face: Memo<Option<Face>>, scene: Memo<Scene>) -> impl IntoView {
    let preferences = Preferences::here();
    let label = Memo::new(move |_| {
        scene.with(|scene| {
            let centre = scene.centre(super::Place::Node(node.place()));
            scene
                .labels
                .get(node.place())
                .map(|label| (label.at.x - centre.x, label.at.y - centre.y, label.anchor, scene.narrow))
        })
    });
    let at = move || label.get().unwrap_or((0.0, 0.0, Anchor::Start, false));
    let place = live(move || format!("translate({:.1} {:.1})", at().0, at().1));
    let role = maybe(move || face.get().map(|face| preferences.say(&face.role)));
    let second = maybe(move || {
        let face = face.get()?;
        let stamp = face.stamp.map(|(word, number)| format!("{} {number}", preferences.say(&word)));
        match at().3 {
            true => stamp,
            false => face.line.map(|line| preferences.say(&line)),
        }
    });
    let votes = move |counted: bool| {
        let (_, _, anchor, narrow) = at();
        face.get().and_then(|face| face.tally).map(|tally| ballots(tally, counted, anchor, narrow))
    };
    view! {
        <g aria-hidden="true" transform=place text-anchor=live(move || at().2.name())>
            <text class="role halo">{role}</text>
            <text class="line halo" y=live(move || if at().3 { 16 } else { 20 })>{second}</text>
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
fn Ring(node: NodeId, radius: Memo<f64>, shown: Signal<bool>) -> impl IntoView {
    let player = Player::here();
    let arc = NodeRef::<svg::Circle>::new();
    let hand = NodeRef::<svg::Circle>::new();
    player.on_move(move |frame, playhead| {
        let (Some(left), Some(arc), Some(hand)) =
            (ring_left(frame, node, playhead), arc.get_untracked(), hand.get_untracked())
        else {
            return;
        };
        let around = TAU * (radius.get_untracked() + RING_GAP);
        let _ = arc.set_attribute("stroke-dasharray", &format!("{:.1} {around:.1}", left * around));
        let _ = hand.set_attribute("transform", &format!("rotate({:.1})", left * 360.0));
    });
    let around = move || radius.get() + RING_GAP;
    view! {
        <g class="ring" class:hidden=flag(move || !shown.get())>
            <circle class="track" r=around></circle>
            <circle class="arc" node_ref=arc r=around transform="rotate(-90)"></circle>
            <circle class="hand" node_ref=hand r="4.5" cy=live(move || -around())></circle>
        </g>
    }
}

/// How much is left of the longest wait, from 0 to 1.
fn ring_left(frame: &Frame, node: NodeId, playhead: f64) -> Option<f64> {
    let timer = frame.node(node)?.timers.iter().find(|timer| timer.ring)?;
    let longest = timer.range.1.0.max(1) as f64;
    Some(((timer.due.0 as f64 - playhead) / longest).clamp(0.0, 1.0))
}

/// The pennant of whoever is in charge, at the upper right of the body.
fn pennant(radius: f64) -> String {
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
