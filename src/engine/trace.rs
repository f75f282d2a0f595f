//! What actions left behind, a few bytes each: enough to draw a run without performing it again.
//!
//! Recorded with every action and kept with its branch. What packets said and what was told of them is not in it: that
//! is replayed where it is asked for ([`Retold`]). Must not know any protocol, nor how a run is drawn.

use crate::engine::action::{Action, Happening, Loss, Report};
use crate::engine::describe::{Described, Mark, Weight};
use crate::engine::frame::{PacketFrame, Status, Tone};
use crate::engine::ids::{Link, MAX_NODES, MemberId, Micros, NodeId, PacketId};
use crate::engine::protocol::{Letter, REPLY, REQUEST};
use crate::engine::session::Told;
use crate::engine::tell;
use crate::engine::world::{Slot, World};

/// Something that an action left behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Traced {
    /// A packet left.
    Sent {
        /// Which.
        packet: PacketId,
        /// Who sent it.
        from: MemberId,
        /// Whom it goes to.
        to: MemberId,
        /// Its kind, by its place in [`kinds`].
        kind: u8,
    },
    /// A packet arrived.
    Delivered(PacketId),
    /// A packet was lost.
    Lost(PacketId, Loss),
    /// A node runs, stands still or is down from now on.
    Lives(NodeId, Status),
    /// A node is as sure of its part from now on.
    Became(NodeId, Tone),
    /// Nothing that is sent this way arrives any more.
    Cut(Link),
    /// What is sent this way arrives again.
    Healed(Link),
    /// A landmark, and whose it is, if it is anybody's.
    Marked(Option<NodeId>, Mark),
    /// A node fixed the outcome of a slot.
    Decided(NodeId, u32),
}

/// A trace with its place, as a branch keeps it: a history has millions.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// After how many actions.
    pub position: u32,
    /// What.
    pub what: Traced,
}

/// A trace, and when it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Trace {
    /// After how many actions.
    pub position: usize,
    /// When.
    pub at: Micros,
    /// What.
    pub what: Traced,
}

/// An action of the past with all that can be said of it.
#[derive(Clone, Debug)]
pub struct Retold {
    /// After how many actions it is done.
    pub position: usize,
    /// When it happened.
    pub at: Micros,
    /// What happened.
    pub action: Action,
    /// The packet that arrived, if one did.
    pub delivered: Option<PacketFrame>,
    /// What was sent.
    pub sent: Vec<PacketFrame>,
    /// What was lost, and why.
    pub lost: Vec<(PacketFrame, Loss)>,
    /// What is told of it, the most important first.
    pub told: Vec<Told>,
}

/// The kinds of packets by the places that traces name: a protocol's own, then requests and replies.
pub fn kinds(own: &'static [&'static str]) -> impl Iterator<Item = &'static str> {
    own.iter().copied().chain([REQUEST, REPLY])
}

fn kind_place<P: Described>(letter: &Letter<P::Message>) -> u8 {
    let own = P::KINDS.len();
    let place = match letter {
        Letter::Peer(message) => {
            let kind = P::kind(message);
            P::KINDS.iter().position(|own| *own == kind).unwrap_or(own)
        }
        Letter::Request(_) => own,
        Letter::Reply { .. } => own + 1,
    };
    place as u8
}

/// How sure each node is of its part.
pub type Tones = [Tone; MAX_NODES as usize];

/// Of every node that is not crashed; one that is, is at rest.
pub fn tones<P: Described>(world: &World<P>) -> Tones {
    let mut tones = [Tone::Plain; MAX_NODES as usize];
    for (node, state) in world.running() {
        tones[node.place()] = state.role().tone;
    }
    tones
}

/// What stands before the first action: who is crashed, and who is more than at rest.
pub fn at_start<P: Described>(world: &World<P>) -> Vec<Row> {
    let down = world.slots().filter(|(_, slot)| matches!(slot, Slot::Down(_)));
    let mut rows: Vec<Row> =
        down.map(|(node, _)| Row { position: 0, what: Traced::Lives(node, Status::Down) }).collect();
    changed([Tone::Plain; MAX_NODES as usize], tones(world), |what| rows.push(Row { position: 0, what }));
    rows
}

fn changed(before: Tones, after: Tones, mut left: impl FnMut(Traced)) {
    for node in NodeId::all(MAX_NODES) {
        if before[node.place()] != after[node.place()] {
            left(Traced::Became(node, after[node.place()]));
        }
    }
}

/// Writes down what an action left behind; `tones` are those before it and after it.
pub fn record<P: Described>(report: &Report<P>, tones: (Tones, Tones), position: usize, rows: &mut Vec<Row>) {
    let mut left = |what| rows.push(Row { position: position as u32, what });
    report.happenings.iter().filter_map(traced).for_each(&mut left);
    changed(tones.0, tones.1, &mut left);
    for broken in &report.violations {
        match broken.witness.nodes.as_slice() {
            [] => left(Traced::Marked(None, Mark::Violation)),
            nodes => nodes.iter().for_each(|node| left(Traced::Marked(Some(*node), Mark::Violation))),
        }
    }
}

fn traced<P: Described>(happening: &Happening<P>) -> Option<Traced> {
    Some(match happening {
        Happening::Sent(packet, letter) => Traced::Sent {
            packet: packet.id,
            from: packet.from,
            to: packet.to,
            kind: kind_place::<P>(letter),
        },
        Happening::Delivered(packet, _) => Traced::Delivered(packet.id),
        Happening::Lost(packet, _, why) => Traced::Lost(packet.id, *why),
        Happening::Crashed(node) => Traced::Lives(*node, Status::Down),
        Happening::Restarted(node) | Happening::Resumed(node) => Traced::Lives(*node, Status::Up),
        Happening::Paused(node) => Traced::Lives(*node, Status::Paused),
        Happening::Cut(link) => Traced::Cut(*link),
        Happening::Healed(link) => Traced::Healed(*link),
        Happening::Decided(node, slot, _) => Traced::Decided(*node, *slot),
        Happening::Noted(node, _) | Happening::Ignored(node, _) => match tell::weight(happening) {
            Weight::Landmark(mark) => Traced::Marked(Some(*node), mark),
            Weight::News | Weight::Routine => return None,
        },
        _ => return None,
    })
}
