//! Pure geometry: where members, links, labels and packets stand on a stage of a given width.
//!
//! Nodes that are alike stand in a ring, others in `rows`. In CSS pixels, one function of the width, so that text is placed and never scaled. Must not know the page nor
//! any protocol.

pub mod diagram;
mod rows;
pub mod shapes;

pub use rows::{Bracket, Cell, Row, Rows, SAID};

use std::f64::consts::PI;

/// A place on the stage, in CSS pixels from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

impl Point {
    /// The point at a fraction of the way to another.
    pub fn towards(self, other: Point, fraction: f64) -> Point {
        Point { x: self.x + (other.x - self.x) * fraction, y: self.y + (other.y - self.y) * fraction }
    }

    /// How far another point is.
    pub fn distance(self, other: Point) -> f64 {
        (other.x - self.x).hypot(other.y - self.y)
    }

    /// The point this far ahead on the way to another, and this far to the right of that way.
    fn ahead(self, other: Point, along: f64, right: f64) -> Point {
        let length = self.distance(other).max(1.0);
        let (dx, dy) = ((other.x - self.x) / length, (other.y - self.y) / length);
        Point { x: self.x + dx * along - dy * right, y: self.y + dy * along + dx * right }
    }
}

/// Where a text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its left.
    Start,
    /// In its middle.
    Middle,
    /// At its right.
    End,
}

impl Anchor {
    /// As SVG calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        }
    }
}

/// Where a member's label stands: the base line of its first line of two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// The base line of the first line.
    pub at: Point,
    /// Where the text begins.
    pub anchor: Anchor,
    /// How much there is room for.
    pub detail: Detail,
}

/// How much a label says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What the node is, what it does, and its tally.
    Full,
    /// What it does; the name of its row says what it is. Of a node that does not run, that.
    Line,
    /// Only that it does not run, or is about something that the name of its row does not say.
    Unusual,
}

/// The stage for a number of nodes and clients, at a width.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    /// How wide.
    pub width: f64,
    /// How high.
    pub height: f64,
    /// Whether it is drawn in the narrow geometry.
    pub narrow: bool,
    /// The radius of a node's body.
    pub node_radius: f64,
    /// The centre of each node, clockwise from the top.
    pub nodes: Vec<Point>,
    /// The label of each node, outwards from the centre.
    pub labels: Vec<Label>,
    /// The centre of each client.
    pub clients: Vec<Point>,
    /// Half the side of a client's square.
    pub client_radius: f64,
    /// What else stands there where nodes stand in rows; nothing in a ring.
    pub rows: Rows,
}

/// Below this width the narrow geometry is drawn.
const NARROW: f64 = 520.0;
/// From so many nodes on, the label of the topmost one has no room beside it in the narrow geometry.
const CROWDED: usize = 6;
/// The ring of a timer stands this far outside a node's body.
pub const RING_GAP: f64 = 9.0;
/// Links and packets keep this far from a node's body.
const LINK_GAP: f64 = 15.0;
/// Packets of the two directions keep this far from the middle of their link.
const LANE: f64 = 6.0;
/// Half the length of a packet's glyph: what has just left stands clear of its sender.
const GLYPH: f64 = 12.0;

impl Scene {
    /// The stage at a width in CSS pixels; of a narrower one than 280 the sides are cut off.
    pub fn new(width: f64, nodes: usize, clients: usize) -> Scene {
        let width = width.clamp(280.0, 760.0);
        let narrow = width < NARROW;
        let radius = circle_radius(width, narrow);
        let fits = radius * (PI / nodes.max(2) as f64).sin() * 0.62;
        let node_radius = if narrow { 24.0 } else { 38.0_f64 }.min(fits);
        let crowded = narrow && CROWDED <= nodes;
        let above = match (narrow, crowded) {
            (true, true) => 72.0,
            (true, false) => 44.0,
            (false, _) => 62.0,
        };
        let below = if narrow { 74.0 } else { 62.0 };
        let lowest = lowest_of(nodes) * radius;
        let centre = Point { x: centre_x(width, narrow), y: above + radius };
        let angles: Vec<f64> =
            (0..nodes).map(|place| 2.0 * PI * place as f64 / nodes.max(1) as f64).collect();
        let at =
            |angle: &f64| Point { x: centre.x + radius * angle.sin(), y: centre.y - radius * angle.cos() };
        let points: Vec<Point> = angles.iter().map(at).collect();
        let labels = points
            .iter()
            .zip(&angles)
            .map(|(point, angle)| label(*point, *angle, node_radius, narrow.then_some(crowded), width));
        let height = (centre.y + lowest + below).round();
        Scene {
            width,
            height,
            narrow,
            node_radius,
            labels: labels.collect(),
            clients: client_places(width, height, narrow.then_some(crowded), clients),
            client_radius: client_radius(narrow),
            nodes: points,
            rows: Rows::default(),
        }
    }

    /// The way of a packet between two places: from edge to edge, each direction in its own lane.
    pub fn lane(&self, from: Place, to: Place) -> (Point, Point) {
        if let (Place::Node(from), Place::Node(to)) = (from, to)
            && let Some((a, b)) = self.around(from, to)
        {
            return (a.ahead(b, GLYPH, LANE), b.ahead(a, GLYPH, -LANE));
        }
        let ((a, start), (b, end)) = self.ports(from, to);
        (a.ahead(b, start + GLYPH, LANE), b.ahead(a, end + GLYPH, -LANE))
    }

    /// The line of a link, from edge to edge.
    pub fn link(&self, from: Place, to: Place) -> (Point, Point) {
        if let (Place::Node(from), Place::Node(to)) = (from, to)
            && let Some(line) = self.around(from, to)
        {
            return line;
        }
        let ((a, start), (b, end)) = self.ports(from, to);
        (a.ahead(b, start, 0.0), b.ahead(a, end, 0.0))
    }

    /// Between which points a way leads, and how far it keeps from each.
    fn ports(&self, from: Place, to: Place) -> ((Point, f64), (Point, f64)) {
        let port = |of: Place, other: Place| match self.foot(of, self.centre(other)) {
            Some(foot) => (foot, 0.0),
            None => (self.centre(of), self.reach(of)),
        };
        (port(from, to), port(to, from))
    }

    /// The pairs of nodes whose link a line from one point to another crosses.
    pub fn crossed(&self, from: Point, to: Point) -> Vec<(usize, usize)> {
        let count = self.nodes.len();
        let pairs = (0..count).flat_map(|a| (a + 1..count).map(move |b| (a, b)));
        pairs.filter(|(a, b)| crosses((self.nodes[*a], self.nodes[*b]), (from, to))).collect()
    }

    /// The centre of a member.
    pub fn centre(&self, place: Place) -> Point {
        let found = match place {
            Place::Node(place) => self.nodes.get(place),
            Place::Client(place) => self.clients.get(place),
        };
        found.copied().unwrap_or(Point { x: self.width / 2.0, y: self.height / 2.0 })
    }

    fn reach(&self, place: Place) -> f64 {
        match place {
            Place::Node(_) => self.node_radius + LINK_GAP,
            Place::Client(_) => self.client_radius + LINK_GAP,
        }
    }
}

/// A member's place in its list, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the nodes.
    Node(usize),
    /// Among the clients.
    Client(usize),
}

/// Whether two stretches of line meet: the ends of each lie on both sides of the other.
fn crosses((a, b): (Point, Point), (c, d): (Point, Point)) -> bool {
    let side = |from: Point, to: Point, point: Point| {
        (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x)
    };
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

fn client_radius(narrow: bool) -> f64 {
    if narrow { 18.0 } else { 22.0 }
}

fn circle_radius(width: f64, narrow: bool) -> f64 {
    match narrow {
        true => ((width - 116.0) / 2.0).min(112.0),
        // Labels stand beside the outermost nodes and clients at the right.
        false => ((width - 340.0) / 2.0).clamp(112.0, 182.0),
    }
}

fn centre_x(width: f64, narrow: bool) -> f64 {
    match narrow {
        true => width / 2.0 - 18.0,
        false => width / 2.0 - 10.0,
    }
}

/// How far below the centre the lowest node stands, in radii.
fn lowest_of(nodes: usize) -> f64 {
    let down = |place: usize| -(2.0 * PI * place as f64 / nodes.max(1) as f64).cos();
    (0..nodes.max(1)).map(down).fold(-1.0, f64::max)
}

/// `narrow` says, of the narrow geometry, whether it is crowded.
fn label(node: Point, angle: f64, radius: f64, narrow: Option<bool>, width: f64) -> Label {
    let clear = radius + RING_GAP + 9.0;
    let beside = |side: f64, dy: f64| Label {
        at: Point { x: node.x + side * clear, y: node.y + dy },
        anchor: if side < 0.0 { Anchor::End } else { Anchor::Start },
        detail: Detail::Full,
    };
    let (right, up) = (angle.sin(), angle.cos());
    let Some(crowded) = narrow else {
        let side = if right < -0.01 { -1.0 } else { 1.0 };
        return beside(side, if 0.9 < up { -20.0 } else { -6.0 });
    };
    if 0.9 < up && !crowded {
        return beside(1.0, -16.0);
    }
    let at_edge = |y: f64| {
        let (x, anchor) = match right {
            right if 0.8 < right => ((node.x + radius + 32.0).min(width), Anchor::End),
            right if right < -0.8 => ((node.x - radius - 32.0).max(0.0), Anchor::Start),
            _ => (node.x, Anchor::Middle),
        };
        Label { at: Point { x, y }, anchor, detail: Detail::Full }
    };
    match -0.4 < up {
        true => at_edge(node.y - radius - 35.0),
        false => at_edge(node.y + radius + 28.0),
    }
}

fn client_places(width: f64, height: f64, narrow: Option<bool>, clients: usize) -> Vec<Point> {
    // Where it is crowded, labels stand higher up at the edge.
    let foot = if narrow == Some(true) { 38.0 } else { 76.0 };
    let place = |place: usize| match (narrow.is_some(), place.is_multiple_of(2)) {
        (true, true) => Point { x: width - 22.0, y: height - foot - 70.0 * (place / 2) as f64 },
        (true, false) => Point { x: 22.0, y: height - foot - 70.0 * (place / 2) as f64 },
        (false, true) => Point { x: width - 48.0, y: 92.0 + 96.0 * (place / 2) as f64 },
        (false, false) => Point { x: 48.0, y: 92.0 + 96.0 * (place / 2) as f64 },
    };
    (0..clients).map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenes() -> impl Iterator<Item = Scene> {
        [280.0, 328.0, 400.0, 520.0, 640.0, 700.0, 760.0]
            .into_iter()
            .flat_map(|width| (1..=13).map(move |nodes| Scene::new(width, nodes, 1)))
    }

    #[test]
    fn nodes_stand_inside_and_apart() {
        for scene in scenes() {
            let outer = scene.node_radius + RING_GAP;
            for (place, node) in scene.nodes.iter().enumerate() {
                assert!(outer <= node.x && node.x + outer <= scene.width, "{scene:?}");
                assert!(outer <= node.y && node.y + outer <= scene.height, "{scene:?}");
                for other in &scene.nodes[place + 1..] {
                    assert!(2.0 * scene.node_radius < node.distance(*other), "{scene:?}");
                }
            }
        }
    }

    #[test]
    fn a_client_stands_clear_of_every_node() {
        for scene in scenes() {
            for node in &scene.nodes {
                let clear = scene.node_radius + RING_GAP + scene.client_radius;
                assert!(clear < node.distance(scene.clients[0]), "{scene:?}");
            }
        }
    }

    #[test]
    fn a_line_between_two_groups_crosses_exactly_the_links_between_them() {
        let scene = Scene::new(700.0, 5, 1);
        let level = (scene.nodes[1].y + scene.nodes[2].y) / 2.0;
        let crossed = scene.crossed(Point { x: 0.0, y: level }, Point { x: 700.0, y: level });
        assert_eq!(crossed, [(0, 2), (0, 3), (1, 2), (1, 3), (2, 4), (3, 4)]);
    }

    #[test]
    fn the_two_directions_of_a_link_do_not_share_a_lane() {
        let scene = Scene::new(700.0, 5, 1);
        let (there, _) = scene.lane(Place::Node(0), Place::Node(2));
        let (_, back) = scene.lane(Place::Node(2), Place::Node(0));
        assert!((there.distance(back) - 2.0 * LANE).abs() < 0.01);
    }
}
