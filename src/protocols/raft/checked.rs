//! What tells states of Raft apart, for the checker, and what can be asked of them.
//!
//! Must not know how states are searched.

use super::Config;
use super::invariants::durable;
use super::log::{Entry, Index, Log};
use super::message::Message;
use super::node::{Durable, Raft, Role, majority};
use super::text as say;
use crate::engine::check::print::Printer;
use crate::engine::check::{Checked, Predicate};
use crate::engine::ids::{NodeId, NodeSet};
use crate::engine::world::{Decision, World};
use std::hash::Hash;

impl Checked for Raft {
    const QUESTIONS: &'static [Predicate<Raft>] = &[
        Predicate {
            key: "two_leaders",
            name: &say::ASK_TWO_LEADERS,
            holds: |world| 1 < leaders(world).count(),
        },
        Predicate { key: "leader", name: &say::ASK_LEADER, holds: |world| leaders(world).next().is_some() },
        Predicate {
            key: "committed",
            name: &say::ASK_COMMITTED,
            holds: |world| world.running().any(|(_, node)| 0 < node.commit_index),
        },
        Predicate {
            key: "stored_uncommitted",
            name: &say::ASK_STORED_UNCOMMITTED,
            holds: |world| stored(world).any(|(index, entry)| !world.ghost().is_committed(index, entry)),
        },
        Predicate {
            key: "leader_lacks",
            name: &say::ASK_LEADER_LACKS,
            holds: |world| stored(world).any(|(index, entry)| is_lacked(world, index, entry)),
        },
    ];

    const CLIENTS_ALIKE: bool = true;

    /// Without the machine: it follows from what was applied first at each index for as long as R5 holds, and only
    /// answers to clients depend on it.
    fn print_node(&self, _config: &Config, out: &mut Printer<'_>) {
        Raft::print_durable(&self.durable, out);
        match &self.role {
            Role::Follower => out.word(0),
            Role::Candidate { votes } => {
                out.word(1);
                out.nodes(*votes);
            }
            Role::Leader { peers } => {
                out.word(2);
                let others = out.names().in_order(peers.len() as u8);
                for node in others.filter(|node| self.leader_id != Some(*node)) {
                    let peer = &peers[node.place()];
                    out.word(u64::from(peer.next_index));
                    out.word(u64::from(peer.match_index));
                    // Whether there is something to send depends on the later of the two.
                    out.word(u64::from(peer.sent_index.max(peer.match_index)));
                }
            }
        }
        out.word(u64::from(self.commit_index));
        out.word(u64::from(self.last_applied));
        out.node_or_none(self.leader_id);
    }

    fn print_durable(durable: &Durable, out: &mut Printer<'_>) {
        out.word(u64::from(durable.current_term));
        out.node_or_none(durable.voted_for);
        print_log(&durable.log, out);
    }

    fn print_message(message: &Message, out: &mut Printer<'_>) {
        std::mem::discriminant(message).hash(out);
        out.word(u64::from(message.term()));
        match message {
            Message::RequestVote(request) => {
                out.node(request.candidate_id);
                out.word(u64::from(request.last_log_index));
                out.word(u64::from(request.last_log_term));
            }
            Message::VoteReply(reply) => out.word(u64::from(reply.vote_granted)),
            Message::AppendEntries(request) => {
                out.node(request.leader_id);
                out.word(u64::from(request.prev_log_index));
                out.word(u64::from(request.prev_log_term));
                out.list(&request.entries, print_entry);
                out.word(u64::from(request.leader_commit));
            }
            Message::AppendReply(reply) => {
                reply.success.hash(out);
                reply.match_index.hash(out);
                reply.conflict.hash(out);
            }
        }
    }

    fn print_ghost(ghost: &super::invariants::Ghost, out: &mut Printer<'_>) {
        ghost.print(out);
    }

    /// By the entry, in which what a client asked for may go by another name.
    fn print_decision(world: &World<Raft>, decision: &Decision, out: &mut Printer<'_>) {
        match world.ghost().first_applied(decision.slot) {
            Some(entry) => print_entry(entry, out),
            None => out.word(decision.value),
        }
    }

    fn alike(_config: &Config, nodes: u8) -> NodeSet {
        NodeId::all(nodes).collect()
    }

    fn is_open(world: &World<Raft>) -> bool {
        leaders(world).next().is_none() || world.clients().any(|client| !client.pending().is_empty())
    }
}

fn leaders(world: &World<Raft>) -> impl Iterator<Item = NodeId> + '_ {
    world.running().filter(|(_, node)| matches!(node.role, Role::Leader { .. })).map(|(node, _)| node)
}

/// The entries that a majority stores, of servers that run or not, with their places.
fn stored(world: &World<Raft>) -> impl Iterator<Item = (Index, &Entry)> {
    let logs = || world.slots().map(|(_, slot)| &durable(slot).log);
    let entries = logs().flat_map(|log| {
        (log.base_index() + 1..=log.last_index()).filter_map(move |index| Some((index, log.get(index)?)))
    });
    let copies =
        move |index: Index, entry: &Entry| logs().filter(|log| log.get(index) == Some(entry)).count();
    entries.filter(move |(index, entry)| usize::from(majority(world.nodes())) <= copies(*index, entry))
}

/// Whether the leader of the highest term lacks an entry. One of a lower term is no leader any more, and does not know it.
fn is_lacked(world: &World<Raft>, index: Index, entry: &Entry) -> bool {
    let leaders = world.running().filter(|(_, node)| matches!(node.role, Role::Leader { .. }));
    let latest = leaders.max_by_key(|(_, node)| node.current_term());
    let terms = world.slots().map(|(_, slot)| durable(slot).current_term).max();
    latest.is_some_and(|(_, node)| {
        let log = node.log();
        Some(node.current_term()) == terms && log.base_index() < index && log.get(index) != Some(entry)
    })
}

/// Entry by entry, because what clients asked for may go by another name.
pub(super) fn print_log(log: &Log, out: &mut Printer<'_>) {
    out.word(u64::from(log.base_index()));
    out.word(u64::from(log.base_term()));
    out.list((log.base_index() + 1..=log.last_index()).filter_map(|index| log.get(index)), print_entry);
}

pub(super) fn print_entry(entry: &Entry, out: &mut Printer<'_>) {
    out.word(u64::from(entry.term));
    out.command(&entry.command);
    match entry.origin {
        Some((client, seq)) => {
            out.client(client);
            out.word(u64::from(seq));
        }
        None => out.word(0),
    }
}
