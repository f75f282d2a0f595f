//! Whether anything can still come of a state.
//!
//! Must not know any protocol.

use super::Checked;
use super::bounds::Bounds;
use super::model::{Goal, Sight, Worlds};
use super::moves::Move;
use super::search::{Limits, Model, Outcome, Search};
use crate::engine::ids::NodeId;
use crate::engine::spine::Bus;
use crate::engine::world::{Slot, World};

/// How many moves one run is followed to see whether something comes of a state.
const RUN: usize = 400;
/// How far all runs are followed. Of a state from which there are more, nothing is known.
const FAR: Limits = Limits { depth: 400, states: 30_000, bytes: 200_000_000 };

/// Whether a state is stuck: something is left to do ([`Checked::is_open`]); a node from which progress can come runs and
/// reaches a quorum; no packet in flight that can arrive would change a node or make it say anything new; and no schedule
/// from here on leads to a decision or to there being nothing left to do.
///
/// Such a schedule has neither faults nor repairs nor requests: what is down or cut stays so. Packets arrive in any order
/// or never, as ever; and each timer, whichever node's, goes off as often as the patience allows, or as often as it likes
/// if the bounds of the search do not limit it. All of those schedules were tried. Where there are too many to try,
/// nothing is known of the state, and it is not called stuck.
pub(super) fn is_stuck<P: Checked>(model: &Worlds<P>, state: &Sight<P>) -> bool {
    if !P::is_open(&state.world) || !has_quorum(&state.world) {
        return false;
    }
    let onward = model.onward(&state.world);
    let Some(first) = onward.starts().pop() else { return false };
    onward.is_quiet(&first) && !runs_on(&onward, first) && is_exhausted(onward)
}

fn has_quorum<P: Checked>(world: &World<P>) -> bool {
    let mut up = world.slots().filter(|(_, slot)| matches!(slot, Slot::Up(_))).map(|(node, _)| node);
    up.any(|node: NodeId| P::can_drive(world, node) && P::is_quorum(world, node, world.reach(node)))
}

/// Whether something comes of a state if everything arrives that can before a timer goes off: mostly it does, and one run
/// is soon made.
fn runs_on<P: Checked>(onward: &Worlds<P>, first: Sight<P>) -> bool {
    let mut state = first;
    for _ in 0..RUN {
        if onward.wanted(&state) {
            return true;
        }
        let mut next = None;
        onward.expand(&state, &mut |_, reached, _| {
            next.get_or_insert(reached);
        });
        match next {
            Some(next) => state = next,
            None => return false,
        }
    }
    false
}

fn is_exhausted<P: Checked>(onward: Worlds<P>) -> bool {
    *Search::new(onward, FAR).run() == Outcome::Exhausted
}

impl<P: Checked> Worlds<P> {
    /// What can come of a state by itself.
    fn onward(&self, world: &World<P>) -> Worlds<P> {
        let own = &self.bounds;
        let fires = own.fires.iter().map(|most| most.map(|_| own.patience)).collect();
        let none = Bounds::with_timers(own.fires.len());
        let bounds = Bounds { bus: own.bus, fires, replies: own.replies, ..none };
        let goal = Goal::Progress(world.decisions().len());
        Worlds { start: world.clone(), bounds, goal, names: vec![self.names[0].clone()] }
    }

    /// Whether a crashed node may restart: not where it is asked what comes of a state by itself.
    pub(super) fn may_restart(&self) -> bool {
        !matches!(self.goal, Goal::Progress(_))
    }

    /// Whether no packet that can arrive would change a node, or make it say what is not in flight already.
    fn is_quiet(&self, state: &Sight<P>) -> bool {
        let packets = state.world.spine().packets();
        let used_up = usize::from(self.bounds.bus != Bus::Set);
        packets.iter().enumerate().filter(|(place, _)| !self.is_vain(state, *place)).all(|(_, packet)| {
            let Some((next, _)) = self.perform(state, &Move::Deliver(packet.id)) else { return true };
            let silent = next.world.spine().packets().len() + used_up == packets.len();
            silent && next.parts[0].has_same_slots(&state.parts[0])
        })
    }
}
