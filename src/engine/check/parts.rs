//! The fingerprint of a world, made of those of its parts, of which a move changes few.
//!
//! Must not know any protocol, nor how states are searched.

use super::model::{Sight, Worlds};
use super::print::{Names, Printer};
use super::{Checked, print_slot};
use crate::engine::client::Outcome;
use crate::engine::ids::{MAX_NODES, MemberId, NodeId};
use crate::engine::protocol::Letter;
use crate::engine::spine::{Bus, Packet};
use crate::engine::world::World;
use std::hash::{Hash, Hasher};

/// The fingerprints of the parts of a world of which a move changes few.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    /// Of every node.
    slots: [u64; MAX_NODES as usize],
    /// Of the packets together.
    bus: u64,
}

impl Parts {
    pub(super) fn new<P: Checked>(model: &Worlds<P>, world: &World<P>, names: &Names) -> Parts {
        let mut parts = Parts { slots: [0; MAX_NODES as usize], bus: 0 };
        NodeId::all(world.nodes())
            .for_each(|node| parts.slots[node.place()] = model.print_slot(world, node, names));
        parts.bus = print_packets::<P>(world.packets(), names);
        parts
    }

    /// Whether every node is as it was.
    pub(super) fn has_same_slots(&self, other: &Parts) -> bool {
        self.slots == other.slots
    }

    /// Those after a move: a node that did not handle anything is the same node, and on a bus that is a set packets only
    /// come.
    pub(super) fn after<P: Checked>(
        mut self,
        model: &Worlds<P>,
        names: &Names,
        before: &World<P>,
        after: &World<P>,
    ) -> Parts {
        for node in NodeId::all(after.nodes()) {
            if !std::ptr::eq(before.slot(node), after.slot(node)) {
                self.slots[node.place()] = model.print_slot(after, node, names);
            }
        }
        match model.bounds.bus {
            Bus::Set => {
                let new = after.packets().skip(before.spine().packets().len());
                self.bus = self.bus.wrapping_add(print_packets::<P>(new, names));
            }
            Bus::Each | Bus::Timed => self.bus = print_packets::<P>(after.packets(), names),
        }
        self
    }
}

/// A sum, because the order of packets does not matter.
fn print_packets<'a, P: Checked>(
    packets: impl Iterator<Item = (&'a Packet, &'a Letter<P::Message>)>,
    names: &Names,
) -> u64 {
    packets.fold(0, |sum, (packet, letter)| {
        let mut out = Printer::new(names);
        out.member(packet.from);
        out.member(packet.to);
        print_letter::<P>(letter, &mut out);
        sum.wrapping_add(out.finish())
    })
}

impl<P: Checked> Worlds<P> {
    /// The fingerprint of a world with what is used up, under the names under which it is least.
    pub(super) fn print_all(&self, state: &Sight<P>) -> u64 {
        let named = |(place, names): (usize, &Names)| {
            let world = match place {
                0 => state.own,
                _ => self.print_world(&state.world, &state.parts[place], names),
            };
            let mut out = Printer::new(names);
            out.word(world);
            state.spent.print(self.bounds.requests.len(), &mut out);
            out.finish()
        };
        self.names.iter().enumerate().map(named).min().unwrap_or_default()
    }

    pub(super) fn print_world(&self, world: &World<P>, parts: &Parts, names: &Names) -> u64 {
        let mut out = Printer::new(names);
        names.in_order(world.nodes()).for_each(|node| out.word(parts.slots[node.place()]));
        out.word(parts.bus);
        if self.bounds.cuts != 0 || world.spine().cut_bits().iter().any(|bits| *bits != 0) {
            out.bag(world.spine().cuts(), |link, out| {
                out.node(link.from);
                out.node(link.to);
            });
        }
        if self.bounds.replies {
            out.bag(world.clients(), |client, out| {
                out.client(client.id);
                out.list(client.pending(), |(seq, pending), out| {
                    out.word(u64::from(*seq));
                    out.node(pending.target);
                    out.word(u64::from(pending.hops));
                });
            });
        }
        P::print_ghost(world.ghost(), &mut out);
        out.list(world.first_decisions(), |decision, out| {
            out.word(u64::from(decision.slot));
            P::print_decision(world, decision, out);
        });
        out.finish()
    }

    fn print_slot(&self, world: &World<P>, node: NodeId, names: &Names) -> u64 {
        let mut out = Printer::new(names);
        print_slot(world.slot(node), world.config(), &mut out);
        // Which of the timers run that may go off at all.
        let own = world.spine().timers().iter().filter(|armed| armed.owner == MemberId::Node(node));
        let bits =
            own.filter(|armed| self.may_fire(armed.timer) != Some(0)).map(|armed| 1_u64 << armed.timer.0);
        out.word(bits.sum());
        out.finish()
    }
}

fn print_letter<P: Checked>(letter: &Letter<P::Message>, out: &mut Printer<'_>) {
    match letter {
        Letter::Peer(message) => {
            out.word(1);
            P::print_message(message, out);
        }
        Letter::Request(request) => {
            out.word(2);
            out.client(request.client);
            out.word(u64::from(request.seq));
            out.command(&request.command);
        }
        Letter::Reply { seq, outcome } => {
            out.word(3);
            out.word(u64::from(*seq));
            std::mem::discriminant(outcome).hash(out);
            match outcome {
                Outcome::Done { value } => value.hash(out),
                Outcome::Redirect { leader } => out.node_or_none(*leader),
            }
        }
    }
}
