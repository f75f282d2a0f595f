//! What tells states of Paxos apart, for the checker, and what can be asked of them.
//!
//! Left out is only what no rule and no promise depends on, each with its reason where it is left out: how often a ballot
//! has failed lengthens pauses, and a checker knows no time; what follows from the votes that were cast; what a node that
//! knows the outcome remembers of its way there. Must not know how states are searched.

use super::ballot::{Ballot, Vote};
use super::config::{Config, Learning, Variant};
use super::ghost::Ghost;
use super::learner::Learner;
use super::message::Message;
use super::node::{Durable, Paxos};
use super::proposer::{Phase, Proposer};
use super::text as say;
use crate::engine::check::print::Printer;
use crate::engine::check::{Checked, Predicate};
use crate::engine::describe::Described;
use crate::engine::ids::{NodeId, NodeSet};
use crate::engine::world::{Slot, World};
use std::hash::Hash;

impl Checked for Paxos {
    const QUESTIONS: &'static [Predicate<Paxos>] = &[
        Predicate {
            key: "chosen_unknown",
            name: &say::ASK_CHOSEN_UNKNOWN,
            holds: |world| {
                !world.ghost().chosen.is_empty() && world.running().all(|(_, node)| node.known.is_none())
            },
        },
        Predicate {
            key: "value_overwritten",
            name: &say::ASK_OVERWRITTEN,
            holds: |world| {
                let acceptors = world.config().quorums.acceptors;
                acceptors.iter().any(|node| values_of(world.ghost(), node) > 1)
            },
        },
        Predicate {
            key: "all_know",
            name: &say::ASK_ALL_KNOW,
            holds: |world| {
                world
                    .running()
                    .filter(|(_, node)| node.learner.is_some())
                    .all(|(_, node)| node.known.is_some())
            },
        },
        Predicate { key: "equal_unchosen", name: &say::ASK_EQUAL_UNCHOSEN, holds: is_equal_but_unchosen },
        Predicate { key: "known_otherwise", name: &say::ASK_KNOWN_OTHERWISE, holds: is_known_otherwise },
        Predicate {
            key: "ballots_wasted",
            name: &say::ASK_BALLOTS_WASTED,
            holds: |world| WASTED <= world.ghost().ballots_begun() && world.ghost().votes.is_empty(),
        },
    ];

    fn print_node(&self, config: &Config, out: &mut Printer<'_>) {
        Paxos::print_durable(&self.durable, out);
        print_maybe(self.on_disk.as_ref(), out, Paxos::print_durable);
        out.list(&self.outbox, |(to, message), out| {
            out.node(*to);
            Paxos::print_message(message, out);
        });
        print_maybe(self.known.as_ref(), out, print_vote);
        if self.known.is_some() {
            // A node that knows begins no ballot, counts nothing and answers with what it knows: what it wanted and whom
            // it has heard makes no difference any more, and a crash takes it together with what is known.
            return;
        }
        print_maybe(self.proposer.as_ref(), out, |proposer, out| {
            print_proposer(proposer, &self.durable, config, out);
        });
        print_maybe(self.learner.as_ref(), out, print_learner);
    }

    fn print_durable(durable: &Durable, out: &mut Printer<'_>) {
        out.word(u64::from(durable.max_round));
        print_ballot(durable.promised, out);
        print_maybe(durable.accepted.as_ref(), out, print_vote);
    }

    fn print_message(message: &Message, out: &mut Printer<'_>) {
        std::mem::discriminant(message).hash(out);
        match message {
            Message::Prepare { ballot } => print_ballot(Some(*ballot), out),
            Message::Promise { ballot, accepted } => {
                print_ballot(Some(*ballot), out);
                print_maybe(accepted.as_ref(), out, print_vote);
            }
            Message::Nack { ballot, promised } => {
                print_ballot(Some(*ballot), out);
                print_ballot(Some(*promised), out);
            }
            Message::Accept(vote) | Message::Accepted(vote) | Message::Learn(vote) => print_vote(vote, out),
            Message::Query => {}
        }
    }

    fn print_ghost(ghost: &Ghost, out: &mut Printer<'_>) {
        ghost.print(out);
    }

    /// Acceptors that are nothing else. A proposer's name decides which ballot is higher, and the first learner has a part
    /// of its own where it tells the others.
    fn alike(config: &Config, nodes: u8) -> NodeSet {
        let marked = |node: &NodeId| {
            config.proposers.contains(*node)
                || (config.learning == Learning::Distinguished
                    && Config::first(config.learners) == Some(*node))
                || config.learners.contains(*node) != config.learners.contains(first_acceptor(config))
        };
        let majorities = matches!(config.quorums.rule, super::quorum::Rule::Sizes { .. });
        let acceptors = NodeId::all(nodes).filter(|node| config.quorums.acceptors.contains(*node));
        acceptors.filter(|node| majorities && !marked(node)).collect()
    }

    fn is_open(world: &World<Paxos>) -> bool {
        let wants = |node: &Paxos| node.proposer.as_ref().is_some_and(|proposer| proposer.want.is_some());
        world.running().any(|(me, node)| {
            wants(node) && node.known.is_none() && Paxos::is_quorum(world, me, world.reach(me))
        })
    }
}

/// How many ballots without a vote are called a waste.
const WASTED: usize = 3;

/// A quorum holds the same value, and yet it is not chosen: the votes are of different ballots.
fn is_equal_but_unchosen(world: &World<Paxos>) -> bool {
    let held = |node: NodeId| match world.slot(node) {
        Slot::Up(state) | Slot::Paused(state) => state.durable.accepted.as_ref(),
        Slot::Down(durable) => durable.accepted.as_ref(),
    };
    let quorums = &world.config().quorums;
    let values = quorums.acceptors.iter().filter_map(|node| Some(&held(node)?.value));
    values.into_iter().any(|value| {
        let same = |node: &NodeId| held(*node).is_some_and(|vote| vote.value == *value);
        !world.ghost().is_chosen(value) && quorums.two(quorums.acceptors.iter().filter(same))
    })
}

/// A node takes a value for the outcome, and another value is chosen or taken for it elsewhere.
fn is_known_otherwise(world: &World<Paxos>) -> bool {
    let known = || world.running().filter_map(|(_, node)| Some(&node.known.as_ref()?.value));
    let chosen = || world.ghost().chosen.iter().map(|vote| &vote.value);
    known().any(|value| known().chain(chosen()).any(|other| value != other))
}

fn first_acceptor(config: &Config) -> NodeId {
    config.quorums.acceptors.iter().find(|node| !config.proposers.contains(*node)).unwrap_or(NodeId::FIRST)
}

/// How many values an acceptor has ever voted for.
fn values_of(ghost: &Ghost, node: NodeId) -> usize {
    let mut values: Vec<&str> =
        ghost.votes.iter().filter(|(_, by)| by.contains(node)).map(|(vote, _)| &*vote.value).collect();
    values.sort_unstable();
    values.dedup();
    values.len()
}

/// A thing that may be missing.
pub(super) fn print_maybe<T>(
    thing: Option<&T>,
    out: &mut Printer<'_>,
    print: impl FnOnce(&T, &mut Printer<'_>),
) {
    out.word(u64::from(thing.is_some()));
    if let Some(thing) = thing {
        print(thing, out);
    }
}

/// A ballot that may be missing.
pub fn print_ballot(ballot: Option<Ballot>, out: &mut Printer<'_>) {
    out.word(ballot.map_or(u64::MAX, |ballot| u64::from(ballot.round)));
    out.node_or_none(ballot.map(|ballot| ballot.proposer));
}

/// A vote.
pub(super) fn print_vote(vote: &Vote, out: &mut Printer<'_>) {
    print_ballot(Some(vote.ballot), out);
    out.command(&vote.value);
}

fn print_proposer(proposer: &Proposer, durable: &Durable, config: &Config, out: &mut Printer<'_>) {
    match &proposer.want {
        Some(want) => out.command(want),
        None => out.word(0),
    }
    out.word(u64::from(proposer.asked));
    // It only makes the next round higher, so it does not count where this node has used or promised a round as high: it
    // would have to forget that, and a crash takes what was seen as well.
    let seen = proposer.max_seen.map_or(0, |ballot| ballot.round);
    let own = durable.promised.map_or(0, |ballot| ballot.round).max(durable.max_round);
    out.word(if own < seen { u64::from(seen) } else { 0 });
    if config.variant == Variant::CountsTheLiving {
        out.nodes(proposer.silent);
    }
    out.list(&proposer.waiting, |(client, seq), out| {
        out.client(*client);
        out.word(u64::from(*seq));
    });
    match &proposer.phase {
        Phase::Idle => out.word(0),
        Phase::One { ballot, promises, nacks } => {
            out.word(1);
            print_ballot(Some(*ballot), out);
            let report = |(from, vote): &(NodeId, Option<Vote>), out: &mut Printer<'_>| {
                out.node(*from);
                print_maybe(vote.as_ref(), out, print_vote);
            };
            // Only who takes the last report cares which came last.
            match config.variant {
                Variant::AdoptsLast => out.list(promises, report),
                _ => out.bag(promises, report),
            }
            print_nacks(*nacks, config, out);
        }
        Phase::Two { ballot, value, accepts, nacks } => {
            out.word(2);
            print_ballot(Some(*ballot), out);
            out.command(value);
            out.bag(accepts, |from, out| out.node(*from));
            print_nacks(*nacks, config, out);
        }
    }
}

/// Who refuses shortens a pause and makes a ballot heard of, which stands elsewhere; only who counts refusals, or counts on
/// those who answer, does otherwise for it.
fn print_nacks(nacks: NodeSet, config: &Config, out: &mut Printer<'_>) {
    if matches!(config.variant, Variant::WaitsForRefusals | Variant::CountsTheLiving) {
        out.nodes(nacks);
    }
}

fn print_learner(learner: &Learner, out: &mut Printer<'_>) {
    out.bag(&learner.seen, |seen, out| {
        print_vote(&seen.vote, out);
        out.bag(&seen.from, |from, out| out.node(*from));
    });
}
