//! A still picture of an instant, small enough for a card: who is what, what each holds, what is cut and what flies.
//!
//! Drawn from a real frame, as text: nothing in it moves, and nothing can be pressed. Must not know any protocol.

use crate::engine::frame::{Frame, MemberFrame, Part, Status};
use crate::engine::ids::{Link, NodeId};
use crate::scene::{Point, Scene};
use crate::ui::glyph;
use crate::ui::stage::{line_of, pennant, shape};
use std::f64::consts::TAU;
use std::fmt::Write;

/// How large the picture is in its own pixels; a card draws it a little smaller.
const SIZE: (f64, f64) = (320.0, 208.0);
/// Where the ring of nodes has its middle, and how far they are from it.
const RING: (Point, f64) = (Point { x: 160.0, y: 108.0 }, 66.0);
/// The most of a log that a card has room for.
const MOST_CELLS: usize = 6;

/// Where the nodes stand, and what belongs to them.
struct Plan {
    nodes: Vec<Point>,
    radius: f64,
    /// Whose links are drawn.
    scene: Scene,
    in_rows: bool,
}

/// The view box and what is in it.
pub fn still(frame: &Frame) -> (String, String) {
    let nodes: Vec<&MemberFrame> = frame.members.iter().filter(|member| member.id.node().is_some()).collect();
    let plan = Plan::of(frame, nodes.len());
    let mut svg = String::new();
    links(&mut svg, frame, &plan);
    packets(&mut svg, frame, &plan);
    for (place, member) in nodes.iter().enumerate() {
        node(&mut svg, member, &plan, place);
    }
    (format!("0 0 {} {}", SIZE.0, SIZE.1), svg)
}

impl Plan {
    fn of(frame: &Frame, count: usize) -> Plan {
        let rows = shape(frame);
        let radius = if 6 <= count { 15.0 } else { 19.0 };
        if rows.is_empty() {
            let (centre, far) = RING;
            let at = |place: usize| {
                let angle = TAU * place as f64 / count.max(1) as f64;
                Point { x: centre.x + far * angle.sin(), y: centre.y - far * angle.cos() }
            };
            let nodes = (0..count).map(at).collect();
            return Plan { nodes, radius, scene: Scene::new(SIZE.0, count, 0), in_rows: false };
        }
        let mut nodes = vec![RING.0; count];
        let high = (SIZE.1 - 56.0) / (rows.len().max(2) - 1) as f64;
        for (depth, row) in rows.iter().enumerate() {
            let wide = SIZE.0 / row.nodes.len().max(1) as f64;
            for (place, node) in row.nodes.iter().enumerate() {
                nodes[*node] = Point { x: wide * (place as f64 + 0.5), y: 22.0 + high * depth as f64 };
            }
        }
        Plan { nodes, radius, scene: Scene::in_rows(SIZE.0, &rows, 0), in_rows: true }
    }

    /// From the edge of one node to that of another.
    fn link(&self, from: usize, to: usize) -> (Point, Point) {
        let (a, b) = (self.nodes[from], self.nodes[to]);
        let gap = (self.radius + 4.0) / a.distance(b).max(1.0);
        (a.towards(b, gap), b.towards(a, gap))
    }

    /// Where a node's label stands: outwards in a ring, else below it.
    fn label(&self, place: usize) -> (Point, &'static str) {
        let at = self.nodes[place];
        let below = Point { x: at.x, y: at.y + self.radius + 13.0 };
        let (dx, dy) = (at.x - RING.0.x, at.y - RING.0.y);
        match (self.in_rows, dx) {
            (true, _) => (below, "middle"),
            (false, -5.0..5.0) if dy < 0.0 => (Point { x: at.x, y: at.y - self.radius - 5.0 }, "middle"),
            (false, _) if self.radius < dy.abs() && 0.0 < dy => (below, "middle"),
            (false, dx) => {
                let side = dx.signum();
                let beside = Point { x: at.x + side * (self.radius + 5.0), y: at.y + 4.0 };
                (beside, if 0.0 < side { "start" } else { "end" })
            }
        }
    }
}

fn links(svg: &mut String, frame: &Frame, plan: &Plan) {
    let cut = |from: NodeId, to: NodeId| frame.cuts.contains(&Link { from, to });
    let count = plan.nodes.len() as u8;
    for one in NodeId::all(count) {
        for other in NodeId::all(count).filter(|other| one < *other) {
            if !plan.scene.are_linked(one.place(), other.place()) {
                continue;
            }
            let cuts = (cut(one, other), cut(other, one));
            let class = if cuts == (false, false) { "link" } else { "link cut" };
            let line = line_of(plan.link(one.place(), other.place()), cuts);
            let _ = write!(svg, "<g class=\"{class}\"><path class=\"wire\" d=\"{line}\"/></g>");
        }
    }
}

fn packets(svg: &mut String, frame: &Frame, plan: &Plan) {
    for packet in &frame.packets {
        let (Some(from), Some(to)) = (packet.from.node(), packet.to.node()) else { continue };
        let (a, b) = plan.link(from.place(), to.place());
        // Nothing of a still says when: where steps are by hand no time has passed. What flies the other way is nearer to
        // its own sender.
        let at = a.towards(b, 0.4);
        let kind = if packet.look.reply { "reply" } else { "request" };
        let (outline, answer) = (glyph::outline(packet.look.shape), glyph::answer(packet.look.answer));
        let _ = write!(
            svg,
            "<g class=\"packet {kind}\" transform=\"translate({:.1} {:.1}) scale(.7)\"><path class=\"body\" \
             d=\"{outline}\"/><path class=\"answer\" d=\"{answer}\"/></g>",
            at.x, at.y
        );
    }
}

fn node(svg: &mut String, member: &MemberFrame, plan: &Plan, place: usize) {
    let (at, radius) = (plan.nodes[place], plan.radius);
    let role = glyph::role_class(member.status, glyph::tone(member));
    let paused = if member.status == Status::Paused { " paused" } else { "" };
    let _ = write!(
        svg,
        "<g class=\"node {role}{paused}\" transform=\"translate({:.1} {:.1})\"><circle class=\"body\" r=\"{radius:.1}\"/>\
         <circle class=\"inner\" r=\"{:.1}\"/><path class=\"flag\" d=\"{}\"/><text class=\"id\" y=\"6\">{}</text></g>",
        at.x,
        at.y,
        radius - 4.0,
        pennant(radius),
        place + 1
    );
    let (label, anchor) = plan.label(place);
    let _ = write!(
        svg,
        "<text class=\"halo held\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text>",
        label.x,
        label.y,
        escaped(&held(member))
    );
}

/// What a node holds, in a few letters: the end of its log by terms, or what it has voted for.
fn held(member: &MemberFrame) -> String {
    if let Some(log) = member.log() {
        let hidden = log.cells.len().saturating_sub(MOST_CELLS);
        let stamps: Vec<String> = log
            .cells
            .iter()
            .skip(hidden)
            .map(|cell| cell.stamp.map_or("–".to_string(), |stamp| stamp.to_string()))
            .collect();
        return if 0 < hidden { format!("…{}", stamps.join(" ")) } else { stamps.join(" ") };
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
