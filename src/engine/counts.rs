//! Counting: what a run has cost so far, and what it has come to.
//!
//! Folded from the reports of actions, one by one. A message *follows from* a command if it was sent while the command's
//! request was handled, or while a message that follows from it was. Must not know any protocol.

use crate::engine::action::{Happening, Report};
use crate::engine::client::{ClientNote, Outcome};
use crate::engine::describe::Described;
use crate::engine::frame::Tone;
use crate::engine::ids::{ClientId, MemberId, Micros, NodeId, PacketId};
use crate::engine::protocol::Letter;
use crate::engine::spine::Packet;
use crate::engine::world::{Slot, World};
use std::collections::{BTreeMap, BTreeSet};

/// What has been counted up to an instant.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// How many messages nodes have sent to each other, by kind, in the protocol's own order. What chance or a hand
    /// doubled is not sent again, what is lost was sent.
    pub sent: Vec<(&'static str, u64)>,
    /// How many of these follow from a command.
    pub for_commands: u64,
    /// How many commands were answered with success.
    pub answered: u64,
    /// Of how many of these the way to the answer is known: an answer that a timer brought has none.
    pub measured: u64,
    /// How many messages in all followed upon each other on the ways to these answers, each from the moment at which
    /// the node that answers handled the request.
    pub hops: u64,
    /// About how many slots some node knows what is chosen.
    pub chosen: u64,
    /// How long no running node took itself for the one in charge, up to the last action.
    pub leaderless: Micros,
    /// When the last action was, and whether a running node took itself for the one in charge after it.
    pub since: (Micros, bool),
}

impl Counts {
    /// How many messages nodes have sent to each other.
    pub fn messages(&self) -> u64 {
        self.sent.iter().map(|(_, count)| count).sum()
    }

    /// How long nobody was in charge up to an instant that may be later than the last action.
    pub fn leaderless_until(&self, now: Micros) -> Micros {
        let (last, leads) = self.since;
        if leads { self.leaderless } else { self.leaderless.after(now.since(last)) }
    }
}

/// How many of the last messages of a way are remembered: no protocol needs so many to answer.
const WAY: usize = 8;

/// What a message follows from.
#[derive(Clone, Copy, Debug, Default)]
struct Trail {
    /// The command that it follows from.
    of: Option<(ClientId, u32)>,
    /// After how many actions the messages on the way to it, and it itself, were sent: the latest first.
    sent: [usize; WAY],
    /// How many of these there are.
    length: usize,
}

impl Trail {
    /// The trail of a message that is sent while one with this trail is handled.
    fn then(self, position: usize) -> Trail {
        let mut sent = [position; WAY];
        sent[1..].copy_from_slice(&self.sent[..WAY - 1]);
        Trail { sent, length: (self.length + 1).min(WAY), ..self }
    }

    fn hops_since(&self, position: usize) -> u64 {
        self.sent[..self.length].iter().take_while(|sent| position <= **sent).count() as u64
    }
}

/// What is being counted, with what has to be remembered for it.
#[derive(Clone, Debug)]
pub struct Counter {
    counts: Counts,
    trails: BTreeMap<PacketId, Trail>,
    /// After how many actions a node handled which request.
    handled: BTreeMap<(ClientId, u32, NodeId), usize>,
    /// How long the way to the first answer was that was sent.
    ways: BTreeMap<(ClientId, u32), u64>,
    /// Everything is chosen up to this slot, and what is beyond.
    known: (u32, BTreeSet<u32>),
}

impl Counter {
    /// Nothing is counted yet.
    pub fn new<P: Described>(world: &World<P>) -> Counter {
        let sent = P::KINDS.iter().map(|kind| (*kind, 0)).collect();
        let counts = Counts { sent, since: (world.now(), leads(world)), ..Counts::default() };
        Counter {
            counts,
            trails: BTreeMap::new(),
            handled: BTreeMap::new(),
            ways: BTreeMap::new(),
            known: (0, BTreeSet::new()),
        }
    }

    /// What has been counted so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Takes in what an action led to, the `position`-th, in the world after it.
    pub fn take<P: Described>(&mut self, world: &World<P>, report: &Report<P>, position: usize) {
        self.counts.leaderless = self.counts.leaderless_until(world.now());
        self.counts.since = (world.now(), leads(world));
        // What no message brought, a timer or a hand did.
        let mut cause = None;
        for happening in &report.happenings {
            match happening {
                Happening::Delivered(packet, letter) => cause = Some(self.arrived(packet, letter, position)),
                Happening::Sent(packet, letter) => self.left::<P>(packet, letter, cause, position),
                Happening::Lost(packet, ..) => drop(self.trails.remove(&packet.id)),
                Happening::Decided(_, slot, _) => self.learned(*slot),
                Happening::ClientNoted(client, ClientNote::Answered { seq, .. }) => {
                    self.answered(*client, *seq);
                }
                _ => {}
            }
        }
    }

    fn arrived<M>(&mut self, packet: &Packet, letter: &Letter<M>, position: usize) -> Trail {
        let trail = self.trails.remove(&packet.id).unwrap_or_default();
        match (letter, packet.to) {
            (Letter::Request(request), MemberId::Node(node)) => {
                let of = (request.client, request.seq);
                self.handled.insert((of.0, of.1, node), position);
                Trail { of: Some(of), ..Trail::default() }
            }
            _ => trail,
        }
    }

    fn left<P: Described>(
        &mut self,
        packet: &Packet,
        letter: &Letter<P::Message>,
        cause: Option<Trail>,
        position: usize,
    ) {
        if let Some(original) = packet.copy_of {
            let trail = self.trails.get(&original).copied().unwrap_or_default();
            self.trails.insert(packet.id, trail);
            return;
        }
        match (letter, packet.from) {
            (Letter::Peer(message), _) => {
                let trail = cause.unwrap_or_default().then(position);
                let kind = P::kind(message);
                if let Some((_, count)) = self.counts.sent.iter_mut().find(|(known, _)| *known == kind) {
                    *count += 1;
                }
                self.counts.for_commands += u64::from(trail.of.is_some());
                self.trails.insert(packet.id, trail);
            }
            (Letter::Reply { seq, outcome: Outcome::Done { .. } }, MemberId::Node(node)) => {
                if let (MemberId::Client(client), Some(cause)) = (packet.to, cause)
                    && let Some(handled) = self.handled.get(&(client, *seq, node))
                {
                    self.ways.entry((client, *seq)).or_insert(cause.hops_since(*handled));
                }
            }
            _ => {}
        }
    }

    fn learned(&mut self, slot: u32) {
        let (through, beyond) = &mut self.known;
        if *through < slot {
            beyond.insert(slot);
        }
        while beyond.remove(&(*through + 1)) {
            *through += 1;
        }
        self.counts.chosen = u64::from(*through) + beyond.len() as u64;
    }

    fn answered(&mut self, client: ClientId, seq: u32) {
        self.counts.answered += 1;
        if let Some(hops) = self.ways.remove(&(client, seq)) {
            self.counts.measured += 1;
            self.counts.hops += hops;
        }
        self.handled.retain(|(asked, number, _), _| (*asked, *number) != (client, seq));
    }
}

/// Whether a running node takes itself for the one in charge.
fn leads<P: Described>(world: &World<P>) -> bool {
    world.slots().any(|(_, slot)| matches!(slot, Slot::Up(node) if node.role().tone == Tone::Primary))
}
