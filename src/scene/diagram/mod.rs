//! Pure geometry of the space–time diagram: time downwards, a line for each member, an arrow for each packet.
//!
//! In CSS pixels from the start of the run; only a stretch is laid out, and where more packets leave than can be told
//! apart, they are counted in bands. Must not know the page nor any protocol.

mod arrows;
mod lines;
mod paint;

pub use paint::{Item, LAYERS, Look, Looks, Target, paint};

use super::Point;
use crate::engine::chronicle::{Chronicle, Flight, Sign, Spot};
use crate::engine::ids::{ClientId, MemberId, NodeId, PacketId};

/// The room above the start of time.
pub const ABOVE: f64 = 18.0;
/// The room below the last instant.
pub const BELOW: f64 = 28.0;
/// The height of a stretch whose packets are drawn one by one, or counted.
pub const BAND: f64 = 56.0;
/// More packets than this that leave within a band are counted.
pub const MOST_IN_BAND: usize = 16;
/// The height above which no diagram grows: beyond it browsers lose count of pixels.
pub const HIGHEST: f64 = 8_000_000.0;

/// What is downwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Axis {
    /// Virtual time, in microseconds.
    Time,
    /// Actions: where steps by hand take no time.
    Steps,
}

impl Axis {
    /// A place in its unit.
    pub fn unit(self, spot: Spot) -> f64 {
        match self {
            Axis::Time => spot.at.0 as f64,
            Axis::Steps => f64::from(spot.position),
        }
    }

    /// Pixels for each unit as one first sees it: an exchange is as high as a thumb.
    pub const fn first_scale(self) -> f64 {
        match self {
            Axis::Time => 0.002_2,
            Axis::Steps => 16.0,
        }
    }

    /// The most pixels for each unit.
    pub const fn greatest_scale(self) -> f64 {
        match self {
            Axis::Time => 0.04,
            Axis::Steps => 48.0,
        }
    }
}

/// The columns: a gutter for the time, then the nodes, then the clients.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Columns {
    /// How wide the diagram is.
    pub width: f64,
    /// How many nodes.
    pub nodes: u8,
    /// How many clients.
    pub clients: u8,
}

impl Columns {
    /// Where the gutter ends.
    pub fn gutter(&self) -> f64 {
        if self.width < 400.0 { 46.0 } else { 58.0 }
    }

    /// Where a member's line stands.
    pub fn x(&self, member: MemberId) -> f64 {
        let place = match member {
            MemberId::Node(node) => node.place(),
            MemberId::Client(client) => usize::from(self.nodes) + client.place(),
        };
        self.gutter() + self.apart() * (place as f64 + 0.5)
    }

    /// How far the lines stand from each other.
    pub fn apart(&self) -> f64 {
        let count = f64::from(self.nodes + self.clients).max(1.0);
        (self.width - self.gutter() - lines::STRIP) / count
    }

    /// The members, from left to right.
    pub fn members(&self) -> impl Iterator<Item = MemberId> {
        let clients = (1..=self.clients).filter_map(ClientId::new);
        NodeId::all(self.nodes).map(MemberId::from).chain(clients.map(MemberId::from))
    }
}

/// Which stretch is laid out, and how.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct View {
    /// What is downwards.
    pub axis: Axis,
    /// Pixels for each unit of the axis.
    pub scale: f64,
    /// From how far down.
    pub from: f64,
    /// To how far down.
    pub to: f64,
    /// The last that there is: the end of the record.
    pub end: Spot,
    /// The columns.
    pub columns: Columns,
}

impl View {
    /// How far down a place is.
    pub fn y(&self, spot: Spot) -> f64 {
        self.y_of(self.axis.unit(spot))
    }

    /// How far down a value of the axis is.
    pub fn y_of(&self, unit: f64) -> f64 {
        ABOVE + unit * self.scale
    }

    /// The value of the axis so far down.
    pub fn unit_at(&self, y: f64) -> f64 {
        ((y - ABOVE) / self.scale).max(0.0)
    }
}

/// Everything that is drawn of a stretch.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Drawing {
    /// The lines of the members.
    pub lines: Vec<Line>,
    /// Where links are cut: stretches beside the lines.
    pub strips: Vec<Strip>,
    /// The packets one by one, in the order in which they left.
    pub arrows: Vec<Arrow>,
    /// The packets that are counted.
    pub bands: Vec<Band>,
    /// The signs beside the lines.
    pub marks: Vec<Mark>,
    /// Where links were cut or healed.
    pub turns: Vec<TurnMark>,
    /// The values along the gutter.
    pub ticks: Vec<Tick>,
}

impl Drawing {
    /// How many things are drawn.
    pub fn len(&self) -> usize {
        let parts = [self.lines.len(), self.strips.len(), self.arrows.len(), self.bands.len()];
        parts.iter().sum::<usize>() + self.marks.len() + self.turns.len() + self.ticks.len()
    }

    /// Whether nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How a member's line looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stroke {
    /// It runs, and is at rest.
    Plain,
    /// It tries.
    Uncertain,
    /// It is in charge.
    Primary,
    /// It stands still.
    Paused,
}

/// The stretches of a member's line that look alike; where it is crashed there is none.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Whose.
    pub member: MemberId,
    /// How it looks.
    pub stroke: Stroke,
    /// Where it stands.
    pub x: f64,
    /// From where to where.
    pub stretches: Vec<(f64, f64)>,
}

/// A stretch in which some link is cut.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Strip {
    /// Where it stands.
    pub x: f64,
    /// From how far down.
    pub from: f64,
    /// To how far down.
    pub to: f64,
}

/// How an arrow ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tip {
    /// The packet arrived: a head.
    Arrived,
    /// It was lost: a cross.
    Lost,
    /// It still flies: nothing.
    Flies,
}

/// A packet's way.
#[derive(Clone, PartialEq, Debug)]
pub struct Arrow {
    /// Which flight of the chronicle, by its place.
    pub place: usize,
    /// Which packet.
    pub packet: PacketId,
    /// Its kind, by its place in [`crate::engine::trace::kinds`].
    pub kind: u8,
    /// Where it begins.
    pub from: Point,
    /// Where it ends.
    pub to: Point,
    /// How it ends.
    pub tip: Tip,
    /// Where its glyph stands, where there is room for it.
    pub glyph: Option<Point>,
    /// What is written where it begins, and whether the text ends there instead of beginning.
    pub label: Option<(String, Point, bool)>,
}

/// Packets that are too many to be told apart.
#[derive(Clone, PartialEq, Debug)]
pub struct Band {
    /// From how far down.
    pub from: f64,
    /// To how far down.
    pub to: f64,
    /// How many left in it.
    pub sent: u32,
    /// How many of these were lost.
    pub lost: u32,
    /// Where the first and the last left.
    pub spots: (Spot, Spot),
    /// For each member where its bar begins and how wide it is: who sent how much.
    pub bars: Vec<(f64, f64)>,
}

/// A sign beside a line.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Mark {
    /// Its middle.
    pub at: Point,
    /// What.
    pub sign: Sign,
    /// Whose, if it is anybody's.
    pub node: Option<NodeId>,
    /// When it was.
    pub spot: Spot,
}

/// Where links were cut or healed.
#[derive(Clone, PartialEq, Debug)]
pub struct TurnMark {
    /// How far down.
    pub y: f64,
    /// From the leftmost line that it touches.
    pub from: f64,
    /// To the rightmost.
    pub to: f64,
    /// Which change of the chronicle, by its place.
    pub place: usize,
    /// Whether links were cut, or healed.
    pub cut: bool,
}

/// A value along the gutter.
#[derive(Clone, PartialEq, Debug)]
pub struct Tick {
    /// How far down.
    pub y: f64,
    /// From where to where a thin line leads.
    pub ends: (f64, f64),
    /// The value: milliseconds, or actions.
    pub label: String,
}

/// What can be written at a packet: nothing for those of which it is not known.
pub type Labels<'a> = &'a dyn Fn(&Flight) -> Option<String>;

/// Lays out a stretch.
pub fn layout(chronicle: &Chronicle, view: &View, labels: Labels<'_>) -> Drawing {
    let marks = lines::marks(chronicle, view);
    let (arrows, bands) = arrows::lay_out(chronicle, view, &marks, labels);
    Drawing {
        lines: lines::lines(chronicle, view),
        strips: lines::strips(chronicle, view),
        arrows,
        bands,
        marks,
        turns: lines::turns(chronicle, view),
        ticks: lines::ticks(view),
    }
}

/// Pixels for each unit with which everything up to `end` is as high as `height`.
pub fn scale_to_fit(axis: Axis, end: Spot, height: f64) -> f64 {
    let room = (height - ABOVE - BELOW).max(40.0);
    (room / axis.unit(end).max(1.0)).min(axis.greatest_scale())
}

/// A scale within what can be drawn.
pub fn bounded_scale(axis: Axis, scale: f64, end: Spot, height: f64) -> f64 {
    let least = scale_to_fit(axis, end, height);
    let most = axis.greatest_scale().min(HIGHEST / axis.unit(end).max(1.0));
    scale.clamp(least.min(most), most)
}
