//! The menu: everything that may happen at an instant, each with what it would lead to.
//!
//! Worked out when somebody asks, on copies of the world: what is listed was tried, and the run stays as it is. Left out
//! is what needs a word more than yes: a command, a forgery, a filter, an option, by how much. Must not know any protocol.

use crate::engine::action::{Action, Happening, Report};
use crate::engine::describe::{Described, Weight};
use crate::engine::frame::{Lens, PacketFrame};
use crate::engine::ids::{Link, MemberId, Micros, NodeId, PacketId};
use crate::engine::invariant::Violation;
use crate::engine::protocol::kind_of;
use crate::engine::session::Told;
use crate::engine::show::packet_frame;
use crate::engine::tell;
use crate::engine::world::World;
use crate::text::menu as say;
use crate::text::{Text, Words};

/// So many packets are tried, those that are due first; of more only the number is told.
pub const MOST_PACKETS: usize = 60;

/// Everything that may happen at an instant.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Menu {
    /// What may happen: kind by kind in the order of [`Kind`], and of each kind what is due first.
    pub choices: Vec<Choice>,
    /// How many packets were left out.
    pub more: usize,
}

/// What something on the menu is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// A packet arrives.
    Arrival,
    /// A timer goes off.
    Timer,
    /// A node crashes, restarts, stops or goes on.
    Node,
    /// A direction is cut or healed.
    Link,
    /// A packet is lost.
    Loss,
    /// A packet is doubled.
    Copy,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 6] = [Kind::Arrival, Kind::Timer, Kind::Node, Kind::Link, Kind::Loss, Kind::Copy];
}

/// Something that may happen, and what it would lead to.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice {
    /// What.
    pub action: Action,
    /// What it is about.
    pub kind: Kind,
    /// What it is called.
    pub name: Text,
    /// The packet that it is about, if it is about one.
    pub packet: Option<PacketFrame>,
    /// When it happens by itself, if it does.
    pub due: Option<Micros>,
    /// Whether the clock would let it happen before everything else.
    pub is_next: bool,
    /// The most important thing that would be told of it.
    pub told: Option<Told>,
    /// What would be sent first, and to whom.
    pub sent: Option<(&'static str, Vec<MemberId>)>,
    /// Whether nothing comes of it: a packet that arrives might as well be lost, a timer as well not be there.
    pub idle: bool,
    /// The promises that it would break.
    pub breaks: Vec<Violation>,
}

/// What a thing is before it is tried.
struct Candidate {
    action: Action,
    kind: Kind,
    name: Text,
    packet: Option<PacketFrame>,
    due: Option<Micros>,
}

/// Everything that may happen to a world at an instant.
pub fn menu<P: Described>(world: &World<P>, at: Micros) -> Menu {
    let packets = flying(world);
    let more = world.spine().packets().len() - packets.len();
    let (mut arrivals, mut losses, mut copies) = (Vec::new(), Vec::new(), Vec::new());
    for packet in packets {
        let of = |action: fn(PacketId) -> Action, kind, words: &'static Words| Candidate {
            action: action(packet.id),
            kind,
            name: words.with("kind", packet.kind).with("from", packet.from).with("to", packet.to),
            due: (kind == Kind::Arrival).then_some(packet.due),
            packet: Some(packet.clone()),
        };
        let lost = Tried::of(world, at, of(Action::Drop, Kind::Loss, &say::IS_LOST));
        let arrived = Tried::of(world, at, of(Action::Deliver, Kind::Arrival, &say::ARRIVES));
        let idle = |lost: &Tried<P>, arrived: &Tried<P>| lost.is_like(arrived) && lost.runs_like(arrived);
        let is_idle = lost.as_ref().zip(arrived.as_ref()).is_some_and(|(lost, arrived)| idle(lost, arrived));
        arrivals.extend(arrived.map(|arrived| arrived.choice(is_idle)));
        losses.extend(lost.map(|lost| lost.choice(false)));
        let copy = of(Action::Duplicate, Kind::Copy, &say::IS_DOUBLED);
        copies.extend(Tried::of(world, at, copy).map(|doubled| doubled.choice(false)));
    }
    let digest = world.digest();
    let fired = timers(world).filter_map(|candidate| Tried::of(world, at, candidate));
    let fired = fired.map(|fired| {
        let is_idle = fired.after.digest() == digest;
        fired.choice(is_idle)
    });
    let done = nodes(world).chain(links(world)).filter_map(|candidate| Tried::of(world, at, candidate));
    let done = done.map(|done| done.choice(false));
    let mut choices: Vec<Choice> = arrivals.into_iter().chain(fired).chain(done).chain(losses).collect();
    choices.extend(copies);
    let next = world.next_due().map(|(_, action)| action);
    for choice in &mut choices {
        choice.is_next = next.as_ref() == Some(&choice.action);
    }
    Menu { choices, more }
}

/// A thing that was tried: the copy of the world after it, and what it led to.
struct Tried<P: Described> {
    candidate: Candidate,
    after: World<P>,
    report: Report<P>,
}

impl<P: Described> Tried<P> {
    /// Nothing where it is refused.
    fn of(world: &World<P>, at: Micros, candidate: Candidate) -> Option<Tried<P>> {
        let mut after = world.clone();
        let report = after.apply(at, &candidate.action).ok()?;
        Some(Tried { candidate, after, report })
    }

    /// Whether it leads to the same state as another one, but for when timers go off.
    fn is_like(&self, other: &Tried<P>) -> bool {
        self.after.digest() == other.after.digest()
    }

    /// Whether the same timers go off at the same instants.
    fn runs_like(&self, other: &Tried<P>) -> bool {
        let timers = |world: &World<P>| {
            let timers = world.spine().timers().iter();
            let mut timers: Vec<_> = timers.map(|armed| (armed.owner, armed.timer, armed.due)).collect();
            timers.sort();
            timers
        };
        timers(&self.after) == timers(&other.after)
    }

    fn choice(self, is_idle: bool) -> Choice {
        let Candidate { action, kind, name, packet, due } = self.candidate;
        let breaks = self.report.violations.clone();
        let told = tell::headline(&self.report, Weight::Routine);
        let idle = is_idle && breaks.is_empty();
        let sent = sent(&self.report);
        Choice { action, kind, name, packet, due, is_next: false, told, sent, idle, breaks }
    }
}

/// The kind of the first message that leaves, and everybody to whom one of that kind goes.
fn sent<P: Described>(report: &Report<P>) -> Option<(&'static str, Vec<MemberId>)> {
    let sent = report.happenings.iter().filter_map(|happening| match happening {
        Happening::Sent(packet, letter) => Some((kind_of::<P>(letter), packet.to)),
        _ => None,
    });
    let sent: Vec<_> = sent.collect();
    let (first, _) = *sent.first()?;
    Some((first, sent.into_iter().filter(|(kind, _)| *kind == first).map(|(_, to)| to).collect()))
}

/// The packets that are tried, the first that are due; those that the clock would let arrive come by its order.
fn flying<P: Described>(world: &World<P>) -> Vec<PacketFrame> {
    /// What a packet says in full is not asked for.
    const BRIEFLY: Lens = Lens { first: 1, count: 0, fields: false };
    let mut packets: Vec<_> = world.packets().collect();
    packets.sort_by_key(|(packet, _)| (packet.due, packet.order));
    let first = packets.into_iter().take(MOST_PACKETS);
    first.map(|(packet, letter)| packet_frame::<P>(packet, letter, BRIEFLY)).collect()
}

fn timers<P: Described>(world: &World<P>) -> impl Iterator<Item = Candidate> {
    let mut armed = world.spine().timers().to_vec();
    armed.sort_by_key(|armed| (armed.due, armed.order));
    armed.into_iter().map(|armed| {
        let timer = tell::timer_key::<P>(armed.owner, armed.timer);
        Candidate {
            action: Action::Fire(armed.owner, armed.timer),
            kind: Kind::Timer,
            name: say::GOES_OFF.with("timer", timer).with("owner", tell::owner_text(armed.owner)),
            packet: None,
            due: Some(armed.due),
        }
    })
}

fn nodes<P: Described>(world: &World<P>) -> impl Iterator<Item = Candidate> {
    type Deed = (fn(NodeId) -> Action, &'static Words);
    const DEEDS: [Deed; 4] = [
        (Action::Crash, &say::CRASHES),
        (Action::Restart, &say::RESTARTS),
        (Action::Pause, &say::STOPS),
        (Action::Resume, &say::GOES_ON),
    ];
    let of =
        |node: NodeId| DEEDS.map(|(action, words)| plain(action(node), Kind::Node, words.with("node", node)));
    NodeId::all(world.nodes()).flat_map(of)
}

fn links<P: Described>(world: &World<P>) -> impl Iterator<Item = Candidate> {
    let nodes = world.nodes();
    let ways = NodeId::all(nodes).flat_map(move |from| NodeId::all(nodes).map(move |to| Link { from, to }));
    ways.flat_map(|way| {
        let named = |words: &'static Words| words.with("from", way.from).with("to", way.to);
        [
            plain(Action::Heal(way), Kind::Link, named(&say::IS_HEALED)),
            plain(Action::Cut(way), Kind::Link, named(&say::IS_CUT)),
        ]
    })
}

fn plain(action: Action, kind: Kind, name: Text) -> Candidate {
    Candidate { action, kind, name, packet: None, due: None }
}
