//! A still picture of an instant, small enough for a card: who is what, what each holds, what is cut and what flies.
//!
//! Drawn from a real frame, as text: nothing in it moves, and nothing can be pressed. Must not know any protocol.

use crate::engine::frame::{Cell, Frame, MemberFrame, Part, Status};
use crate::engine::ids::{Link, NodeId};
use crate::scene::{Place, Scene};
use crate::ui::glyph;
use crate::ui::stage::{line_of, pennant, place_of, shape};
use std::fmt::Write;

/// As wide as the narrowest stage, so that numbers stay legible when it is drawn smaller.
const WIDTH: f64 = 280.0;
/// The most of a log that a card has room for.
const MOST_CELLS: usize = 6;

/// The view box and what is in it.
pub fn still(frame: &Frame) -> (String, String) {
    let nodes: Vec<&MemberFrame> = frame.members.iter().filter(|member| member.id.node().is_some()).collect();
    let rows = shape(frame);
    let scene = match rows.is_empty() {
        true => Scene::new(WIDTH, nodes.len(), 0),
        false => Scene::in_rows(WIDTH, &rows, 0),
    };
    let mut svg = String::new();
    links(&mut svg, frame, &scene, nodes.len() as u8);
    packets(&mut svg, frame, &scene);
    for (place, member) in nodes.iter().enumerate() {
        node(&mut svg, member, &scene, place);
    }
    (format!("0 0 {} {}", scene.width, scene.height), svg)
}

fn links(svg: &mut String, frame: &Frame, scene: &Scene, count: u8) {
    let cut = |from: NodeId, to: NodeId| frame.cuts.contains(&Link { from, to });
    for one in NodeId::all(count) {
        for other in NodeId::all(count).filter(|other| one < *other) {
            if !scene.are_linked(one.place(), other.place()) {
                continue;
            }
            let ends = scene.link(Place::Node(one.place()), Place::Node(other.place()));
            let cuts = (cut(one, other), cut(other, one));
            let class = if cuts == (false, false) { "link" } else { "link cut" };
            let _ =
                write!(svg, "<g class=\"{class}\"><path class=\"wire\" d=\"{}\"/></g>", line_of(ends, cuts));
        }
    }
}

fn packets(svg: &mut String, frame: &Frame, scene: &Scene) {
    for packet in
        frame.packets.iter().filter(|packet| packet.from.node().is_some() && packet.to.node().is_some())
    {
        let (from, to) = scene.lane(place_of(packet.from), place_of(packet.to));
        // Nothing of a still says when: where steps are by hand no time has passed.
        let at = from.towards(to, 0.5);
        let kind = if packet.look.reply { "reply" } else { "request" };
        let (outline, answer) = (glyph::outline(packet.look.shape), glyph::answer(packet.look.answer));
        let _ = write!(
            svg,
            "<g class=\"packet {kind}\" transform=\"translate({:.1} {:.1}) scale(.8)\"><path class=\"body\" \
             d=\"{outline}\"/><path class=\"answer\" d=\"{answer}\"/></g>",
            at.x, at.y
        );
    }
}

fn node(svg: &mut String, member: &MemberFrame, scene: &Scene, place: usize) {
    let (Some(at), Some(label)) = (scene.nodes.get(place), scene.labels.get(place)) else { return };
    let radius = scene.node_radius;
    let role = glyph::role_class(member.status, glyph::tone(member));
    let paused = if member.status == Status::Paused { " paused" } else { "" };
    let _ = write!(
        svg,
        "<g class=\"node {role}{paused}\" transform=\"translate({:.1} {:.1})\"><circle class=\"body\" r=\"{radius:.1}\"/>\
         <circle class=\"inner\" r=\"{:.1}\"/><path class=\"flag\" d=\"{}\"/><text class=\"id\" y=\"8\">{}</text></g>",
        at.x,
        at.y,
        radius - 5.0,
        pennant(radius),
        place + 1
    );
    let _ = write!(
        svg,
        "<text class=\"halo held\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{}\">{}</text>",
        label.at.x,
        label.at.y,
        label.anchor.name(),
        escaped(&held(member))
    );
}

/// What a node holds, in a few letters: the terms of its log, or what it has voted for.
fn held(member: &MemberFrame) -> String {
    if let Some(log) = member.log() {
        let shown: Vec<&Cell> = log.cells.iter().rev().take(MOST_CELLS).collect();
        let stamps: Vec<String> = shown.iter().rev().map(|cell| cell.term.to_string()).collect();
        return stamps.join(" ");
    }
    let value = member.parts.iter().find_map(|part| match part {
        Part::Register(register) => register.value.as_ref().zip(register.stamp),
        _ => None,
    });
    value.map(|(value, stamp)| format!("{stamp} {value}")).unwrap_or_default()
}

/// As text in SVG: values are what somebody wrote.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
