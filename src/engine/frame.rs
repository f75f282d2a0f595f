//! What one instant looks like, as plain data: all that a page, a runner or a test ever sees of a world.
//!
//! A protocol describes itself in a few kinds of [`Part`]; whoever draws them need not know the protocol.

use crate::engine::action::{Filter, Loss};
use crate::engine::ids::{Link, MemberId, Micros, NodeId, PacketId, Stamp, TimerId};
use crate::engine::plain::Plain;
use crate::text::{Text, Words};

/// One instant of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The instant of the last action.
    pub now: Micros,
    /// How many actions have happened.
    pub position: usize,
    /// Nodes in order, then clients.
    pub members: Vec<MemberFrame>,
    /// Packets in flight, oldest first.
    pub packets: Vec<PacketFrame>,
    /// Packets lost lately, oldest first.
    pub lost: Vec<LostFrame>,
    /// The directions that are cut.
    pub cuts: Vec<Link>,
    /// The filters in force.
    pub filters: Vec<Filter>,
    /// Why no progress is possible, if none is.
    pub blocked: Option<Text>,
    /// What only the observer knows, slot by slot, the less settled first.
    pub facts: Vec<Fact>,
    /// Where nodes have different parts in the protocol, the rows in which they stand, from above; else none.
    pub rows: Vec<RowFrame>,
}

/// Nodes that have the same part in the protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFrame {
    /// Their part, in words.
    pub name: Text,
    /// The nodes, in order.
    pub nodes: Vec<NodeId>,
    /// Whether they speak with each other, and not only with other rows.
    pub talks: bool,
}

/// How far the fate of a value is settled: four different things, each with a mark of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Somebody has voted for it; it may still come to nothing.
    Accepted,
    /// A quorum has voted for it in one ballot: no other value can ever be chosen, though nobody may know yet.
    Chosen,
    /// A node knows that it is chosen.
    Known,
    /// A client has been told.
    Acknowledged,
}

impl Standing {
    /// All of them, the least settled first.
    pub const ALL: [Standing; 4] =
        [Standing::Accepted, Standing::Chosen, Standing::Known, Standing::Acknowledged];

    /// Its name in files.
    pub const fn key(self) -> &'static str {
        match self {
            Standing::Accepted => "accepted",
            Standing::Chosen => "chosen",
            Standing::Known => "known",
            Standing::Acknowledged => "acknowledged",
        }
    }
}

/// Something that the observer knows of a value, from the whole history and not from what nodes hold now.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// About which slot; protocols that decide once have only slot 1.
    pub slot: u32,
    /// How far the value is settled.
    pub standing: Standing,
    /// The term or ballot of the votes that it rests on.
    pub stamp: Option<Stamp>,
    /// The value.
    pub value: String,
    /// Who makes it so: who voted, which nodes know, which clients were told.
    pub by: Vec<MemberId>,
}

impl Frame {
    /// A node's part of the frame.
    pub fn node(&self, node: NodeId) -> Option<&MemberFrame> {
        self.members.iter().find(|member| member.id == MemberId::Node(node))
    }
}

/// Whether a member runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It handles what comes.
    Up,
    /// It stands still and keeps everything.
    Paused,
    /// It is crashed.
    Down,
}

/// How sure a member is of its part, for shape and colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// At rest: follower, backup, acceptor.
    Plain,
    /// Trying: candidate, preparing.
    Uncertain,
    /// In charge: leader, primary, coordinator.
    Primary,
}

/// A role: its name in files, its word for readers, and its tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoleFrame {
    /// In files.
    pub key: &'static str,
    /// For readers.
    pub word: &'static Words,
    /// For shape and colour.
    pub tone: Tone,
}

/// A participant at this instant.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberFrame {
    /// Who.
    pub id: MemberId,
    /// Whether it runs.
    pub status: Status,
    /// Its role; that of a crashed node is none.
    pub role: Option<RoleFrame>,
    /// What dates it: a term or a ballot, with its name.
    pub stamp: Option<(&'static Words, Stamp)>,
    /// One line about what it is doing, beside the picture.
    pub line: Option<Text>,
    /// The timers that run, first the one that matters most.
    pub timers: Vec<TimerFrame>,
    /// Its state, part by part.
    pub parts: Vec<Part>,
}

impl MemberFrame {
    /// The part with this name.
    pub fn part(&self, key: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.key() == key)
    }

    /// The log among its parts, if it has one.
    pub fn log(&self) -> Option<&LogPart> {
        self.parts.iter().find_map(|part| match part {
            Part::Log(log) => Some(log),
            _ => None,
        })
    }

    /// The tally among its parts, if it has one.
    pub fn tally(&self) -> Option<&TallyPart> {
        self.parts.iter().find_map(|part| match part {
            Part::Tally(tally) => Some(tally),
            _ => None,
        })
    }
}

/// A timer that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimerFrame {
    /// Which.
    pub timer: TimerId,
    /// Its name in files.
    pub key: &'static str,
    /// When it was armed.
    pub armed_at: Micros,
    /// When it goes off by itself.
    pub due: Micros,
    /// The least and the greatest span that it could have.
    pub range: (Micros, Micros),
    /// Whether the ring around the node shows it: a timer whose going off changes roles.
    pub ring: bool,
}

/// A piece of a member's state.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// One named value.
    Field(FieldPart),
    /// A log.
    Log(LogPart),
    /// Votes as they land.
    Tally(TallyPart),
    /// Named values in rows, such as a value for each peer or key.
    Table(FieldPart),
    /// A value with the ballot that it belongs to.
    Register(RegisterPart),
}

impl Part {
    /// Its name in files.
    pub fn key(&self) -> &'static str {
        match self {
            Part::Field(field) | Part::Table(field) => field.key,
            Part::Log(log) => log.key,
            Part::Tally(tally) => tally.key,
            Part::Register(register) => register.key,
        }
    }

    /// Whether it survives a crash.
    pub fn durable(&self) -> bool {
        match self {
            Part::Field(field) | Part::Table(field) => field.durable,
            Part::Log(log) => log.durable,
            Part::Tally(_) => false,
            Part::Register(register) => register.durable,
        }
    }

    /// As a plain value, the way files show it.
    pub fn plain(&self) -> Plain {
        match self {
            Part::Field(field) | Part::Table(field) => field.value.clone(),
            Part::Log(log) => log.cells.iter().map(Cell::plain).collect(),
            Part::Tally(tally) => tally.from.iter().map(|node| Plain::from(node.number())).collect(),
            Part::Register(register) => register.plain(),
        }
    }
}

/// A register: a ballot, a value that belongs to it, and how far the node knows its fate to be settled.
#[derive(Clone, Debug, PartialEq)]
pub struct RegisterPart {
    /// Its name in files.
    pub key: &'static str,
    /// Its name for readers.
    pub name: &'static Words,
    /// Whether it survives a crash.
    pub durable: bool,
    /// The ballot; none while the register is empty.
    pub stamp: Option<Stamp>,
    /// The value; none in a register that holds only a ballot.
    pub value: Option<String>,
    /// Its mark, as far as this node knows; what only the observer knows is in [`Frame::facts`].
    pub standing: Option<Standing>,
}

impl RegisterPart {
    /// Nothing while empty, a ballot where there is only that, else both.
    pub fn plain(&self) -> Plain {
        let stamp = Plain::from(self.stamp.map(|stamp| stamp.to_string()).as_deref());
        match &self.value {
            None => stamp,
            Some(value) => Plain::map([("ballot", stamp), ("value", value.as_str().into())]),
        }
    }
}

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldPart {
    /// Its name in files.
    pub key: &'static str,
    /// Its name for readers.
    pub name: &'static Words,
    /// What it is now.
    pub value: Plain,
    /// Whether it survives a crash.
    pub durable: bool,
}

/// How much of an instant to look at: of every log a stretch, and of the packets their fields or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lens {
    /// The first index of a log to show.
    pub first: u32,
    /// How many entries at the most.
    pub count: u32,
    /// Whether to spell out what the packets say.
    pub fields: bool,
}

impl Lens {
    /// Everything.
    pub const ALL: Lens = Lens { first: 1, count: u32::MAX, fields: true };
}

/// A log, or the stretch of it that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct LogPart {
    /// Its name in files.
    pub key: &'static str,
    /// Whether it survives a crash.
    pub durable: bool,
    /// The last index covered by a snapshot; 0 without one.
    pub base: u32,
    /// The index of the last entry.
    pub last: u32,
    /// The entries in the window; a hole between entries is there too.
    pub cells: Vec<Cell>,
    /// Whether entries are dated by ballots and settled one by one, so that there may be holes between them; else by
    /// terms.
    pub by_ballots: bool,
    /// What the leader supposes of this log, if one leads.
    pub cursor: Option<Cursor>,
}

/// How far the fate of an entry is settled: as its node knows it, and where the node does not, as the observer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Settled {
    /// There is no entry, but there are some behind.
    Hole,
    /// It may still be overwritten.
    No,
    /// It can no longer be lost: the observer knows, its node does not.
    Chosen,
    /// It can no longer be lost, and its node knows.
    Committed,
    /// The state machine has it.
    Applied,
}

impl Settled {
    /// Its name in files, where entries are settled one by one.
    pub const fn key(self) -> &'static str {
        match self {
            Settled::Hole => "hole",
            Settled::No => Standing::Accepted.key(),
            Settled::Chosen => Standing::Chosen.key(),
            Settled::Committed => Standing::Known.key(),
            Settled::Applied => "applied",
        }
    }
}

/// One entry of a log, or a hole in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Where it stands.
    pub index: u32,
    /// The term or ballot in which it was proposed; none where the node has not voted for it.
    pub stamp: Option<Stamp>,
    /// What it says; empty for a no-op.
    pub command: String,
    /// How far it is settled.
    pub settled: Settled,
}

impl Cell {
    /// Nothing for a hole; else by the name of what dates it.
    fn plain(&self) -> Plain {
        let (index, command) = (("index", self.index.into()), ("command", (&*self.command).into()));
        match self.stamp {
            _ if self.settled == Settled::Hole => Plain::Null,
            Some(Stamp { number, by: None }) => {
                Plain::map([index, ("term", Plain::Int(number as i64)), command])
            }
            stamp => {
                let ballot = Plain::from(stamp.map(|stamp| stamp.to_string()).as_deref());
                Plain::map([index, ("ballot", ballot), command, ("standing", self.settled.key().into())])
            }
        }
    }
}

/// What a leader supposes of a log: up to where it is like its own, and what it sends next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The last index known to be the same.
    pub matched: u32,
    /// The index to send next.
    pub next: u32,
}

/// Votes as they land.
#[derive(Clone, Debug, PartialEq)]
pub struct TallyPart {
    /// Its name in files.
    pub key: &'static str,
    /// Its name for readers.
    pub name: &'static Words,
    /// Who has voted.
    pub from: Vec<NodeId>,
    /// How many are needed.
    pub needed: u8,
    /// The glyph of the message that counts.
    pub glyph: Shape,
}

/// The outline of a packet's glyph; what the message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Votes.
    Diamond,
    /// Replication.
    Bar,
    /// Promises.
    Triangle,
    /// Votes for a value.
    Square,
    /// What has come of it.
    Hexagon,
    /// Clients.
    Disc,
}

/// What a reply says, inside its glyph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is a request.
    None,
    /// Granted, stored, done.
    Yes,
    /// Refused.
    No,
}

/// How a packet is drawn and called.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The outline.
    pub shape: Shape,
    /// Filled for a request, hollow for a reply.
    pub reply: bool,
    /// What a reply says.
    pub answer: Answer,
    /// A few words beside the glyph.
    pub label: Text,
}

/// A packet in flight.
#[derive(Clone, Debug, PartialEq)]
pub struct PacketFrame {
    /// Its identity.
    pub id: PacketId,
    /// Its kind, in files.
    pub kind: &'static str,
    /// Who sent it.
    pub from: MemberId,
    /// Whom it goes to.
    pub to: MemberId,
    /// When it left.
    pub sent_at: Micros,
    /// When it arrives by itself.
    pub due: Micros,
    /// The packet that it is a copy of.
    pub copy_of: Option<PacketId>,
    /// The term or ballot that it carries, if it carries one.
    pub stamp: Option<Stamp>,
    /// What it says, by the paper's names, if it was asked for.
    pub fields: Plain,
    /// How it is drawn.
    pub look: Look,
}

/// A packet that was lost.
#[derive(Clone, Debug, PartialEq)]
pub struct LostFrame {
    /// The packet as it flew.
    pub packet: PacketFrame,
    /// When it was lost.
    pub at: Micros,
    /// Why.
    pub why: Loss,
}
