//! Everything that can happen to a world, why it may be refused, and what it led to.
//!
//! The clock, the reader's hand, a scenario file, a lesson and a link are sources of the same [`Action`]. Must
//! not know any protocol.

use crate::engine::client::ClientNote;
use crate::engine::ids::{ClientId, Link, MemberId, Micros, NodeId, PacketId, TimerId};
use crate::engine::invariant::Violation;
use crate::engine::options::OptionValue;
use crate::engine::plain::Plain;
use crate::engine::protocol::{Letter, Protocol};
use crate::engine::spine::Packet;
use crate::engine::tell::owner_text;
use crate::text::engine as say;
use crate::text::{Text, Words};
use std::rc::Rc;

/// Something that happens to the world.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// A packet arrives.
    Deliver(PacketId),
    /// A packet is lost.
    Drop(PacketId),
    /// A packet gets a copy, with an identity of its own.
    Duplicate(PacketId),
    /// A packet arrives later by this much.
    Delay(PacketId, Micros),
    /// A member's timer goes off now, whatever its range said.
    Fire(MemberId, TimerId),
    /// The hand of a member's timer is moved: it goes off this long after it was armed.
    Wind(MemberId, TimerId, Micros),
    /// A node loses everything that is not durable.
    Crash(NodeId),
    /// A crashed node boots from what is durable.
    Restart(NodeId),
    /// A node stops where it is: nothing is lost, messages wait, timers go overdue.
    Pause(NodeId),
    /// A paused node goes on.
    Resume(NodeId),
    /// Nothing that is sent one way arrives any more.
    Cut(Link),
    /// What is sent that way arrives again.
    Heal(Link),
    /// A client sends a command to a node.
    Request(Box<Ask>),
    /// A message appears on the bus as if a node had sent it.
    Inject(Box<Forged>),
    /// What matches is lost when sent, until lifted.
    Filter(Box<Filter>),
    /// Lifts a filter.
    Unfilter(Box<Filter>),
    /// An option or the variant changes.
    Set(Box<Knob>),
}

/// A client's request by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Who asks.
    pub client: ClientId,
    /// Whom.
    pub node: NodeId,
    /// What.
    pub command: Rc<str>,
    /// Under which sequence number, if not the client's next: the same one again is a retry.
    pub seq: Option<u32>,
}

/// A forged message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Forged {
    /// Who seems to have sent it.
    pub from: NodeId,
    /// Whom it goes to.
    pub to: NodeId,
    /// The kind of message.
    pub kind: String,
    /// Its fields, by the paper's names.
    pub fields: Plain,
}

/// Which packets are lost when sent; what is not given matches everything.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<String>,
    /// From this member.
    pub from: Option<MemberId>,
    /// To this member.
    pub to: Option<MemberId>,
}

impl Filter {
    /// Whether it takes a packet of this kind between these two.
    pub fn matches(&self, kind: &str, from: MemberId, to: MemberId) -> bool {
        self.kind.as_deref().is_none_or(|wanted| wanted == kind)
            && self.from.is_none_or(|wanted| wanted == from)
            && self.to.is_none_or(|wanted| wanted == to)
    }
}

/// The most filters that may be in force at once.
pub const MAX_FILTERS: usize = 64;

/// Something that can be turned while the world runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Knob {
    /// An option, by its place in the list.
    Option(usize, OptionValue),
    /// The variant, by its place in the protocol's list.
    Variant(usize),
}

/// Why an action was refused; the world is as it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rejected {
    /// No such packet is in flight.
    NoSuchPacket(PacketId),
    /// The cluster has no such node.
    NoSuchNode(NodeId),
    /// The node is crashed.
    IsDown(NodeId),
    /// The node is not crashed.
    IsUp(NodeId),
    /// The node is paused.
    IsPaused(NodeId),
    /// The node is not paused.
    IsNotPaused(NodeId),
    /// The timer is not armed.
    NotArmed(MemberId),
    /// The timer can only be set to a span from its range.
    OutsideRange(MemberId, Micros, Micros),
    /// The link is cut already.
    AlreadyCut(Link),
    /// The link is not cut.
    NotCut(Link),
    /// No such filter is in force.
    NoSuchFilter,
    /// As many filters are in force as may be.
    TooManyFilters,
    /// The option does not take this value.
    OutOfRange,
    /// The command is too long, or empty.
    BadCommand,
    /// The client waits for too many answers.
    TooManyPending(ClientId),
    /// The forged message has no such kind, or its fields are wrong.
    Unreadable(String),
    /// The bus carries as many packets as it can.
    BusFull,
    /// The history is as long as it may be.
    HistoryFull,
    /// There are as many branches as may be kept.
    TooManyBranches,
}

impl Rejected {
    /// In words.
    pub fn text(&self) -> Text {
        let of = |words: &'static Words, node: &NodeId| words.with("node", *node);
        let on = |words: &'static Words, link: &Link| words.with("from", link.from).with("to", link.to);
        match self {
            Rejected::NoSuchPacket(packet) => say::REJECTED_NO_PACKET.with("packet", packet.0),
            Rejected::NoSuchNode(node) => of(&say::REJECTED_NO_NODE, node),
            Rejected::IsDown(node) => of(&say::REJECTED_DOWN, node),
            Rejected::IsUp(node) => of(&say::REJECTED_UP, node),
            Rejected::IsPaused(node) => of(&say::REJECTED_PAUSED, node),
            Rejected::IsNotPaused(node) => of(&say::REJECTED_NOT_PAUSED, node),
            Rejected::NotArmed(member) => say::REJECTED_NOT_ARMED.with("owner", owner_text(*member)),
            Rejected::OutsideRange(member, least, most) => {
                let text = say::REJECTED_WIND.with("owner", owner_text(*member));
                text.with("least", *least).with("most", *most)
            }
            Rejected::AlreadyCut(link) => on(&say::REJECTED_CUT, link),
            Rejected::NotCut(link) => on(&say::REJECTED_NOT_CUT, link),
            Rejected::NoSuchFilter => Text::from(&say::REJECTED_NO_FILTER),
            Rejected::TooManyFilters => Text::from(&say::REJECTED_FILTERS),
            Rejected::OutOfRange => Text::from(&say::REJECTED_RANGE),
            Rejected::BadCommand => Text::from(&say::REJECTED_COMMAND),
            Rejected::TooManyPending(client) => say::REJECTED_PENDING.with("client", *client),
            Rejected::Unreadable(why) => say::REJECTED_UNREADABLE.with("why", why.as_str()),
            Rejected::BusFull => Text::from(&say::REJECTED_BUS),
            Rejected::HistoryFull => Text::from(&say::REJECTED_HISTORY),
            Rejected::TooManyBranches => Text::from(&say::REJECTED_BRANCHES),
        }
    }
}

/// Why a packet was lost.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Loss {
    /// By chance.
    Chance,
    /// Its link was cut.
    Cut,
    /// A filter took it.
    Filter,
    /// Its receiver was down.
    Down,
    /// It was dropped by hand.
    Dropped,
    /// The bus was full.
    Full,
}

/// Something that came of an action.
#[derive(Clone, Debug)]
pub enum Happening<P: Protocol> {
    /// A packet left.
    Sent(Packet, Rc<Letter<P::Message>>),
    /// A packet arrived.
    Delivered(Packet, Rc<Letter<P::Message>>),
    /// A packet was lost.
    Lost(Packet, Rc<Letter<P::Message>>, Loss),
    /// A packet was put off.
    Delayed(Packet, Rc<Letter<P::Message>>, Micros),
    /// A timer went off.
    Fired(MemberId, TimerId),
    /// The hand of a timer was moved: it goes off this long after it was armed.
    Wound(MemberId, TimerId, Micros),
    /// A node crashed.
    Crashed(NodeId),
    /// A node restarted.
    Restarted(NodeId),
    /// A node was paused.
    Paused(NodeId),
    /// A node was resumed.
    Resumed(NodeId),
    /// A link was cut.
    Cut(Link),
    /// A link was healed.
    Healed(Link),
    /// A filter came into force.
    Filtered(Filter),
    /// A filter was lifted.
    Unfiltered(Filter),
    /// A knob was turned.
    Turned(Knob),
    /// A node told what it did.
    Noted(NodeId, P::Note),
    /// A node told why it did nothing.
    Ignored(NodeId, P::Note),
    /// A node fixed an outcome.
    Decided(NodeId, u32, Rc<str>),
    /// A client told what it did.
    ClientNoted(ClientId, ClientNote),
}

/// What an action led to.
#[derive(Clone, Debug)]
pub struct Report<P: Protocol> {
    /// In the order in which it happened.
    pub happenings: Vec<Happening<P>>,
    /// The invariants that it broke, for the first time in this run.
    pub violations: Vec<Violation>,
}
