//! What tells states of Multi-Paxos apart, for the checker, and what can be asked of them.
//!
//! Must not know how states are searched.

use super::config::{Config, Reads};
use super::ghost::Ghost;
use super::leader::Leader;
use super::log::State;
use super::message::Message;
use super::node::{Durable, MultiPaxos, Role};
use super::text as say;
use crate::engine::check::print::Printer;
use crate::engine::check::{Checked, Predicate};
use crate::engine::world::World;
use std::hash::Hash;

impl Checked for MultiPaxos {
    const QUESTIONS: &'static [Predicate<MultiPaxos>] = &[
        Predicate { key: "two_leaders", name: &say::ASK_TWO_LEADERS, holds: |world| 1 < leaders(world) },
        Predicate {
            key: "chosen_unknown",
            name: &say::ASK_CHOSEN_UNKNOWN,
            holds: |world| {
                let chosen = world.ghost().settled;
                0 < chosen && world.running().all(|(_, node)| node.commit < chosen)
            },
        },
        Predicate {
            key: "gap",
            name: &say::ASK_GAP,
            holds: |world| world.ghost().settled < world.ghost().last_chosen,
        },
        Predicate {
            key: "passed_by",
            name: &say::ASK_PASSED_BY,
            holds: |world| world.running().any(|(_, node)| has_passed_by(node)),
        },
        Predicate { key: "outvoted", name: &say::ASK_OUTVOTED, holds: is_outvoted },
    ];

    /// Without its own name, which its place says, and what it has to say to itself, which is nothing between events.
    fn print_node(&self, config: &Config, out: &mut Printer<'_>) {
        MultiPaxos::print_durable(&self.durable, out);
        std::mem::discriminant(&self.role).hash(out);
        match &self.role {
            Role::Follower => {}
            Role::Candidate(campaign) => campaign.hash(out),
            Role::Leader(leader) => print_leader(leader, config, out),
        }
        (self.leader, &self.known, self.commit, self.applied).hash(out);
        print_state(&self.state, out);
        (self.grants, self.watch).hash(out);
    }

    fn print_durable(durable: &Durable, out: &mut Printer<'_>) {
        let Durable { max_round, promised, accepted, snapshot, known, lost } = durable;
        (max_round, promised, accepted, snapshot.last, known, lost).hash(out);
        print_state(&snapshot.state, out);
    }

    fn print_message(message: &Message, out: &mut Printer<'_>) {
        match message {
            // What a follower has applied is only shown.
            Message::HeartbeatAck { ballot, read_seq, .. } => (1, ballot, read_seq).hash(out),
            Message::Snapshot(snapshot) => {
                (2, snapshot.last).hash(out);
                print_state(&snapshot.state, out);
            }
            _ => (0, message).hash(out),
        }
    }

    fn print_ghost(ghost: &Ghost, out: &mut Printer<'_>) {
        ghost.print(out);
    }

    fn is_open(world: &World<MultiPaxos>) -> bool {
        leaders(world) == 0 || world.clients().any(|client| !client.pending().is_empty())
    }
}

fn leaders(world: &World<MultiPaxos>) -> usize {
    world.running().filter(|(_, node)| matches!(node.role, Role::Leader(_))).count()
}

/// Whether a leader has left a slot behind it in which it neither proposes nor knows anything.
fn has_passed_by(node: &MultiPaxos) -> bool {
    let Role::Leader(leader) = &node.role else { return false };
    (node.commit + 1..leader.next).any(|slot| !node.knows(slot) && !leader.proposals.contains_key(&slot))
}

/// Whether a server holds a vote for something else than what is chosen in that slot.
fn is_outvoted(world: &World<MultiPaxos>) -> bool {
    let ghost = world.ghost();
    world.running().any(|(_, node)| {
        let mut votes = node.durable.accepted.range(..);
        votes.any(|(slot, vote)| {
            let history = ghost.slot(slot);
            history.is_some_and(|it| !it.chosen.is_empty() && !it.is_chosen(&vote.command))
        })
    })
}

/// What each server has applied is only shown, and what each has confirmed is of use only where reads are not in the log.
fn print_leader(leader: &Leader, config: &Config, out: &mut Printer<'_>) {
    let Leader { campaign, proposals, next, frontier, waiting, noop_due, gaps, reading } = leader;
    (campaign, proposals, next, frontier, waiting, noop_due, gaps).hash(out);
    if config.reads != Reads::Log {
        (reading.seq, &reading.reads, &reading.confirmed, reading.leased).hash(out);
    }
}

/// The machine by its fingerprints, which are equal where machines are.
fn print_state(state: &State, out: &mut Printer<'_>) {
    (state.machine.prints(), &state.members).hash(out);
}
