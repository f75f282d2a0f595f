//! What is drawn as paths and texts, the same for the page and for a file. Style says in which colours.

use super::lines::is_pennant;
use super::{Arrow, Band, Drawing, Line, Mark, Strip, Stroke, Tick, Tip, TurnMark};
use crate::engine::chronicle::Sign;
use crate::engine::frame::{Answer, Shape};
use crate::scene::shapes::{TICK, landmark, outline};
use crate::scene::{Anchor, Point};

/// How many layers lie over each other: values, counted packets, lines, arrows, changes of links, signs.
pub const LAYERS: usize = 6;
/// The size of a glyph on an arrow, as a part of that on the stage.
const GLYPH: f64 = 0.6;
/// Half the side of a sign.
const SIGN: f64 = 6.0;
/// The radius of the disc behind a sign.
const DISC: f64 = 7.5;
/// Where the foot of a pennant is in its box.
const FLAG: (f64, f64) = (2.5, 11.0);
/// Where a band's count stands below its upper edge.
const COUNT: f64 = 33.0;
/// How far counts and values keep from the lines.
const BESIDE: f64 = 8.0;

/// What of the drawing an item stands for, by its place there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// Nothing that could be pressed.
    Ground,
    /// An arrow.
    Arrow(usize),
    /// A band.
    Band(usize),
    /// A sign.
    Mark(usize),
    /// A change of the links.
    Turn(usize),
}

/// Paths and a text that belong together.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// Tells it from all others, also after scrolling.
    pub key: u64,
    /// In which of [`LAYERS`].
    pub layer: usize,
    /// How far down it begins, by which the keys go from one to the next.
    pub top: f64,
    /// How it is painted.
    pub class: String,
    /// A line.
    pub line: String,
    /// Where it can be pressed; empty where that is its line.
    pub hit: String,
    /// An outline around the origin, where it stands, and its size.
    pub body: Option<(&'static str, Point, f64)>,
    /// What is written.
    pub text: String,
    /// Where.
    pub text_at: Point,
    /// Which end of the text stands there.
    pub anchor: Anchor,
    /// What it stands for.
    pub target: Target,
}

/// The outline of a packet, and whether it is a reply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    /// The outline.
    pub shape: Shape,
    /// Whether it is drawn hollow.
    pub reply: bool,
    /// What a reply says.
    pub answer: Answer,
}

/// How the packets of an arrow look, as far as it is known.
pub type Looks<'a> = &'a dyn Fn(&Arrow) -> Option<Look>;

/// Paints a drawing; `base` is how far down its upper edge is, `count` says how many were counted.
pub fn paint(drawing: &Drawing, base: f64, looks: Looks<'_>, count: &dyn Fn(&Band) -> String) -> Vec<Item> {
    let brush = Brush { base };
    let mut items: Vec<Item> = drawing.ticks.iter().map(|tick| brush.tick(tick)).collect();
    items.extend(drawing.lines.iter().enumerate().map(|(place, line)| brush.line(place, line)));
    items.extend(drawing.strips.iter().enumerate().map(|(place, strip)| brush.strip(place, *strip)));
    items.extend(drawing.bands.iter().enumerate().map(|(place, band)| brush.band(place, band, count(band))));
    let arrows = drawing.arrows.iter().enumerate();
    items.extend(arrows.map(|(place, arrow)| brush.arrow(place, arrow, looks(arrow))));
    items.extend(drawing.turns.iter().enumerate().map(|(place, turn)| brush.turn(place, turn)));
    items.extend(drawing.marks.iter().enumerate().map(|(place, mark)| brush.mark(place, mark)));
    items
}

struct Brush {
    base: f64,
}

impl Brush {
    fn down(&self, point: Point) -> Point {
        Point { y: point.y - self.base, ..point }
    }

    fn item(&self, (kind, number): (u64, u64), layer: usize, class: &str, target: Target) -> Item {
        let nowhere = Point { x: 0.0, y: 0.0 };
        Item {
            key: number << 3 | kind,
            layer,
            top: 0.0,
            class: class.to_string(),
            line: String::new(),
            hit: String::new(),
            body: None,
            text: String::new(),
            text_at: nowhere,
            anchor: Anchor::Start,
            target,
        }
    }

    /// A hairline at a value, which stands at its left.
    fn tick(&self, tick: &Tick) -> Item {
        Item {
            line: format!("M{:.1} {:.1}H{:.1}", tick.ends.0, tick.y - self.base, tick.ends.1),
            text: tick.label.clone(),
            text_at: self.down(Point { x: 0.0, y: tick.y + 4.5 }),
            ..self.item((2, (tick.y * 16.0) as u64), 0, "tick", Target::Ground)
        }
    }

    fn line(&self, place: usize, line: &Line) -> Item {
        let class = match line.stroke {
            Stroke::Plain => "life",
            Stroke::Uncertain => "life uncertain",
            Stroke::Primary => "life primary",
            Stroke::Paused => "life paused",
        };
        let stretch =
            |(from, to): &(f64, f64)| format!("M{:.1} {:.1}V{:.1}", line.x, from - self.base, to - self.base);
        let path = line.stretches.iter().map(stretch).collect();
        Item { line: path, ..self.item((0, place as u64), 2, class, Target::Ground) }
    }

    /// A line with a bar at each end.
    fn strip(&self, place: usize, Strip { x, from, to }: Strip) -> Item {
        let (from, to) = (from - self.base, to - self.base);
        let (left, right) = (x - 4.0, x + 4.0);
        let path =
            format!("M{left:.1} {from:.1}H{right:.1}M{x:.1} {from:.1}V{to:.1}M{left:.1} {to:.1}H{right:.1}");
        Item { line: path, ..self.item((1, place as u64), 2, "strip", Target::Ground) }
    }

    fn band(&self, place: usize, band: &Band, count: String) -> Item {
        let (top, bottom) = (band.from + 3.0 - self.base, band.to - 3.0 - self.base);
        let wide = band.bars.iter().filter(|(_, wide)| 0.5 < *wide);
        let bar = |(x, wide): &(f64, f64)| format!("M{x:.1} {top:.1}h{wide:.1}V{bottom:.1}h{:.1}Z", -wide);
        let middle = |bar: Option<&(f64, f64)>| bar.map_or(0.0, |(x, wide)| x + wide / 2.0);
        let (first, last) = (middle(band.bars.first()), middle(band.bars.last()));
        let at = Point { x: first + BESIDE, y: band.from + COUNT };
        Item {
            line: wide.map(bar).collect(),
            hit: format!(
                "M{:.1} {top:.1}H{:.1}V{bottom:.1}H{:.1}Z",
                first - BESIDE,
                last + BESIDE,
                first - BESIDE
            ),
            text: count,
            text_at: self.down(at),
            top,
            ..self.item((3, (band.from / super::BAND) as u64), 1, "band", Target::Band(place))
        }
    }

    fn arrow(&self, place: usize, arrow: &Arrow, look: Option<Look>) -> Item {
        let (from, to) = (self.down(arrow.from), self.down(arrow.to));
        let shaft = format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y);
        let (class, tip) = match arrow.tip {
            Tip::Arrived => ("arrow", head(from, to)),
            Tip::Lost => ("arrow lost", cross(to)),
            Tip::Flies => ("arrow flies", String::new()),
        };
        let reply = look.is_some_and(|look| look.reply);
        let class = if reply { format!("{class} reply") } else { class.to_string() };
        let body = arrow.glyph.zip(look).map(|(at, look)| (outline(look.shape), self.down(at), GLYPH));
        let item = self.item((4, u64::from(arrow.packet.0)), 3, "", Target::Arrow(place));
        let mut item = Item { class, line: shaft + &tip, body, top: from.y, ..item };
        if let Some((text, at, ends)) = &arrow.label {
            item.text = text.clone();
            item.text_at = self.down(*at);
            item.anchor = if *ends { Anchor::End } else { Anchor::Start };
        }
        item
    }

    /// A dashed line from the leftmost node to the rightmost one, with the two bars of a cut link in its middle.
    fn turn(&self, place: usize, turn: &TurnMark) -> Item {
        let (y, middle) = (turn.y - self.base, (turn.from + turn.to) / 2.0);
        let bars = match turn.cut {
            true => format!("M{:.1} {:.1}v12M{:.1} {:.1}v12", middle - 3.0, y - 6.0, middle + 3.0, y - 6.0),
            false => String::new(),
        };
        let (left, right) = if turn.cut { (middle - 3.0, middle + 3.0) } else { (middle, middle) };
        let line = format!("M{:.1} {y:.1}H{left:.1}M{right:.1} {y:.1}H{:.1}{bars}", turn.from, turn.to);
        let class = if turn.cut { "turn" } else { "turn healed" };
        Item { line, top: y, ..self.item((5, turn.place as u64), 4, class, Target::Turn(place)) }
    }

    fn mark(&self, place: usize, mark: &Mark) -> Item {
        let (class, path) = match mark.sign {
            Sign::Landmark(kind) => landmark(kind),
            Sign::Decided => ("decided", TICK),
            Sign::Restarted => ("back", "M6 10.5V2.5M2.8 5.6 6 2.2 9.2 5.6"),
            Sign::Paused => ("still", "M3.8 1.5V10.5M8.2 1.5V10.5"),
            Sign::Resumed => ("back", "M3.5 1.5V10.5L10 6Z"),
        };
        let (x, y) = (mark.at.x, mark.at.y - self.base);
        let number = mark.node.map_or(0, |node| u64::from(node.number()));
        let key = u64::from(mark.spot.position) << 4 | number;
        // A pennant flies from the line, and its disc is only there to be pressed; every other sign stands on its disc.
        let (corner, disc) = match is_pennant(mark.sign) {
            true => (Point { x: x - FLAG.0, y: y - FLAG.1 }, disc(x + FLAG.0, y - FLAG.1 / 2.0)),
            false => (Point { x: x - SIGN, y: y - SIGN }, disc(x, y)),
        };
        let item = self.item((6, key), 5, "", Target::Mark(place));
        Item { class: format!("sign {class}"), line: disc, body: Some((path, corner, 1.0)), top: y, ..item }
    }
}

fn disc(x: f64, y: f64) -> String {
    format!(
        "M{:.1} {y:.1}a{DISC} {DISC} 0 1 0 {} 0a{DISC} {DISC} 0 1 0 -{} 0",
        x - DISC,
        2.0 * DISC,
        2.0 * DISC
    )
}

/// An open head, at the end of an arrow.
fn head(from: Point, to: Point) -> String {
    let wing = |right: f64| to.ahead(from, 7.0, right);
    let (one, other) = (wing(3.2), wing(-3.2));
    format!("M{:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}", one.x, one.y, to.x, to.y, other.x, other.y)
}

fn cross(at: Point) -> String {
    let (left, right, top, bottom) = (at.x - 4.0, at.x + 4.0, at.y - 4.0, at.y + 4.0);
    format!("M{left:.1} {top:.1}L{right:.1} {bottom:.1}M{right:.1} {top:.1}L{left:.1} {bottom:.1}")
}
