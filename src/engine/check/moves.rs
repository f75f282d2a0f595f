//! What may happen in a state, and how much of the bounds it uses up.
//!
//! Must not know any protocol, nor how states are searched.

use super::Checked;
use super::bounds::Bounds;
use super::model::{Sight, Worlds};
use super::print::Printer;
use crate::engine::action::{Action, Ask};
use crate::engine::ids::{ClientId, Link, MemberId, NodeId, PacketId, TimerId};
use crate::engine::spine::Bus;
use crate::engine::world::Slot;
use std::hash::Hash;
use std::rc::Rc;

/// The most timers that a protocol has.
const TIMERS: usize = 8;
/// How much of the bounds is used up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(super) struct Spent {
    fires: [u8; TIMERS],
    crashes: u8,
    cuts: u8,
    heals: u8,
    duplicates: u8,
    /// Which requests were made.
    asked: u8,
}

/// One thing that may happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Move {
    /// A packet arrives.
    Deliver(PacketId),
    /// A timer goes off.
    Fire(NodeId, TimerId),
    /// A node crashes.
    Crash(NodeId),
    /// A node restarts.
    Restart(NodeId),
    /// A direction is cut.
    Cut(Link),
    /// A direction is healed.
    Heal(Link),
    /// A packet is doubled.
    Duplicate(PacketId),
    /// A client asks a node for the command in this place of the bounds.
    Request(u8, NodeId),
}

impl<P: Checked> Worlds<P> {
    /// Everything that may happen in a state, in an order that is the same whenever it is asked.
    pub fn moves(&self, state: &Sight<P>) -> Vec<Move> {
        let (bounds, spent, world) = (&self.bounds, &state.spent, &state.world);
        let spine = world.spine();
        let mut moves = Vec::with_capacity(spine.packets().len() + spine.timers().len() + 8);
        moves.extend(spine.packets().iter().map(|packet| Move::Deliver(packet.id)));
        for armed in spine.timers() {
            let allowed = self.may_fire(armed.timer);
            let left = allowed.is_none_or(|most| spent.fires[usize::from(armed.timer.0) % TIMERS] < most);
            if let (MemberId::Node(node), true) = (armed.owner, left) {
                moves.push(Move::Fire(node, armed.timer));
            }
        }
        for (node, slot) in world.slots() {
            match slot {
                Slot::Up(_) if spent.crashes < bounds.crashes => moves.push(Move::Crash(node)),
                Slot::Down(_) if self.may_restart() => moves.push(Move::Restart(node)),
                Slot::Up(_) | Slot::Paused(_) | Slot::Down(_) => {}
            }
        }
        self.requests(state, &mut moves);
        self.links(state, &mut moves);
        if bounds.bus == Bus::Each && spent.duplicates < bounds.duplicates {
            moves.extend(spine.packets().iter().map(|packet| Move::Duplicate(packet.id)));
        }
        moves
    }

    /// How often a timer may go off in all; nothing is as often as it likes.
    pub(super) fn may_fire(&self, timer: TimerId) -> Option<u8> {
        self.bounds.fires.get(usize::from(timer.0)).copied().unwrap_or(Some(0))
    }

    fn requests(&self, state: &Sight<P>, moves: &mut Vec<Move>) {
        for ((whom, _), place) in self.bounds.requests.iter().zip(0_u8..) {
            if state.spent.asked & (1 << place) == 0 {
                let nodes = NodeId::all(state.world.nodes());
                let asked = nodes.filter(|node| whom.is_none_or(|whom| whom == *node));
                moves.extend(asked.map(|node| Move::Request(place, node)));
            }
        }
    }

    fn links(&self, state: &Sight<P>, moves: &mut Vec<Move>) {
        let (bounds, spent) = (&self.bounds, &state.spent);
        if spent.cuts >= bounds.cuts && spent.heals >= bounds.heals {
            return;
        }
        let nodes = state.world.nodes();
        for from in NodeId::all(nodes) {
            for to in NodeId::all(nodes).filter(|to| *to != from) {
                let link = Link { from, to };
                match state.world.spine().is_cut(from.into(), to.into()) {
                    false if spent.cuts < bounds.cuts => moves.push(Move::Cut(link)),
                    true if spent.heals < bounds.heals => moves.push(Move::Heal(link)),
                    _ => {}
                }
            }
        }
    }

    /// The action that a move is.
    pub fn action(&self, by: &Move) -> Action {
        match by {
            Move::Deliver(packet) => Action::Deliver(*packet),
            Move::Fire(node, timer) => Action::Fire((*node).into(), *timer),
            Move::Crash(node) => Action::Crash(*node),
            Move::Restart(node) => Action::Restart(*node),
            Move::Cut(link) => Action::Cut(*link),
            Move::Heal(link) => Action::Heal(*link),
            Move::Duplicate(packet) => Action::Duplicate(*packet),
            Move::Request(place, node) => {
                let (_, command) = &self.bounds.requests[usize::from(*place)];
                let client = ClientId::new(place + 1).unwrap_or(ClientId::FIRST);
                Action::Request(Box::new(Ask { client, node: *node, command: Rc::clone(command), seq: None }))
            }
        }
    }
}

impl Spent {
    pub(super) fn take(&mut self, by: &Move, bounds: &Bounds) {
        match by {
            Move::Fire(_, timer) => {
                let place = usize::from(timer.0) % TIMERS;
                let is_bounded = bounds.fires.get(place).is_some_and(Option::is_some);
                self.fires[place] += u8::from(is_bounded);
            }
            Move::Crash(_) => self.crashes += 1,
            Move::Cut(_) => self.cuts += 1,
            Move::Heal(_) => self.heals += 1,
            Move::Duplicate(_) => self.duplicates += 1,
            Move::Request(place, _) => self.asked |= 1 << place,
            Move::Deliver(_) | Move::Restart(_) => {}
        }
    }

    pub(super) fn print(&self, requests: usize, out: &mut Printer<'_>) {
        (self.fires, self.crashes, self.cuts, self.heals, self.duplicates).hash(out);
        let asked = (0..requests).filter(|place| self.asked & (1 << place) != 0);
        let clients = asked.filter_map(|place| ClientId::new(place as u8 + 1));
        let names = out.names();
        out.word(clients.map(|client| 1_u64 << names.client(client)).sum());
    }
}
