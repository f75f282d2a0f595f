//! What only the observer remembers: everything that was ever sent, voted for and chosen. Takes a step in message by
//! message, and notes at once what contradicts what came before.
//!
//! "Chosen" follows from the history of votes, never from what acceptors hold now: a vote that was overwritten or lost
//! in a crash has still been cast. Nodes never see any of this.

use super::ballot::{Ballot, Value, Vote};
use super::checked::{print_ballot, print_vote};
use super::config::Config;
use super::message::Message;
use super::node::{Durable, Note, Paxos};
use super::quorum::Quorums;
use super::text as say;
use crate::engine::action::Happening;
use crate::engine::check::print::Printer;
use crate::engine::client::ClientNote;
use crate::engine::describe::listed;
use crate::engine::ids::{ClientId, MemberId, NodeId, NodeSet};
use crate::engine::invariant::Witness;
use crate::engine::protocol::Letter;
use crate::engine::world::{Slot, Step};
use crate::text::Text;
use rpds::{RedBlackTreeMap, RedBlackTreeSet, Vector};

/// What only the observer remembers.
#[derive(Clone, Debug, Default)]
pub struct Ghost {
    /// Every vote that was ever cast, and by whom.
    pub votes: RedBlackTreeMap<Vote, NodeSet>,
    /// Every vote that a quorum has cast in one ballot, in the order in which that happened.
    pub chosen: Vector<Vote>,
    /// What clients were told.
    pub told: Vector<(ClientId, Value)>,
    /// What was wrong with the last step.
    pub found: Vec<(&'static str, Witness)>,
    /// What somebody wanted.
    wanted: RedBlackTreeSet<Value>,
    /// The ballots that were begun.
    begun: RedBlackTreeSet<Ballot>,
    /// The first value for which votes were asked in each ballot.
    proposed: RedBlackTreeMap<Ballot, Value>,
    /// Who has promised each ballot.
    promised: RedBlackTreeMap<Ballot, NodeSet>,
    /// What each acceptor has told others.
    word: RedBlackTreeMap<NodeId, Word>,
    /// The quorums that have been in force.
    quorums: Vector<Quorums>,
}

/// What others rely on: the highest ballots that an acceptor has told of.
#[derive(Clone, Copy, Debug, Default)]
struct Word {
    /// In a promise.
    promised: Option<Ballot>,
    /// In a vote.
    accepted: Option<Ballot>,
}

/// What a step brought to light.
type News = Option<Note>;

pub(super) fn observe(ghost: &mut Ghost, step: &Step<'_, Paxos>) -> News {
    let config = step.world.config();
    ghost.found.clear();
    if ghost.quorums.is_empty() {
        // What a figure shows as voted for may be chosen from the start.
        let votes: Vec<Vote> = ghost.votes.keys().cloned().collect();
        votes.iter().for_each(|vote| ghost.see_chosen(vote, config));
    }
    let miss = ghost.see_quorums(&config.weakest_quorums());
    for happening in step.happenings {
        match happening {
            Happening::Sent(_, letter) => {
                if let Letter::Request(request) = &**letter {
                    ghost.wanted.insert_mut(request.command.clone());
                }
            }
            Happening::ClientNoted(client, ClientNote::Answered { value: Some(value), .. }) => {
                ghost.told.push_back_mut((*client, value.clone()));
            }
            _ => {}
        }
    }
    let (node, before) = step.before?;
    let known_before = ghost.chosen.len();
    for message in said(node, step) {
        ghost.hear(node, message, config);
    }
    ghost.see_node(node, before, step.world.slot(node), config);
    let chosen = ghost.chosen.get(known_before).map(|vote| {
        let voters = ghost.votes.get(vote).copied().unwrap_or_default();
        Note::Chosen { vote: vote.clone(), voters }
    });
    chosen.or(miss)
}

/// What a figure shows was once voted for and promised.
pub(super) fn observe_start(ghost: &mut Ghost, nodes: &[(NodeId, &Durable, Option<&Paxos>)]) {
    for (node, durable, state) in nodes {
        if let Some(vote) = &durable.accepted {
            ghost.cast(*node, vote);
            ghost.wanted.insert_mut(vote.value.clone());
        }
        let word =
            Word { promised: durable.promised, accepted: durable.accepted.as_ref().map(|vote| vote.ballot) };
        ghost.word.insert_mut(*node, word);
        let want = state.and_then(|state| state.proposer.as_ref()?.want.clone());
        if let Some(want) = want {
            ghost.wanted.insert_mut(want);
        }
    }
}

/// What a node has said in a step, to others or to itself, each message once.
fn said<'a>(node: NodeId, step: &Step<'a, Paxos>) -> Vec<&'a Message> {
    let mut messages: Vec<&Message> = Vec::new();
    for happening in step.happenings {
        let message = match happening {
            Happening::Sent(packet, letter) if packet.from == MemberId::Node(node) => match &**letter {
                Letter::Peer(message) => message,
                _ => continue,
            },
            Happening::Noted(_, Note::ToItself { message }) => message,
            _ => continue,
        };
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    messages
}

impl Ghost {
    /// What tells it from others, for the checker. What is chosen follows from the votes.
    pub(super) fn print(&self, out: &mut Printer<'_>) {
        out.bag(self.votes.iter(), |(vote, voters), out| {
            print_vote(vote, out);
            out.nodes(*voters);
        });
        out.bag(self.told.iter(), |(client, value), out| {
            out.client(*client);
            out.command(value);
        });
        out.bag(self.wanted.iter(), |value, out| out.command(value));
        out.bag(self.begun.iter(), |ballot, out| print_ballot(Some(*ballot), out));
        out.bag(self.proposed.iter(), |(ballot, value), out| {
            print_ballot(Some(*ballot), out);
            out.command(value);
        });
        out.bag(self.promised.iter(), |(ballot, by), out| {
            print_ballot(Some(*ballot), out);
            out.nodes(*by);
        });
        out.bag(self.word.iter(), |(node, word), out| {
            out.node(*node);
            print_ballot(word.promised, out);
            print_ballot(word.accepted, out);
        });
    }

    /// What was wrong with the last step, if it was about this invariant.
    pub fn finding(&self, id: &str) -> Result<(), Witness> {
        match self.found.iter().find(|(of, _)| *of == id) {
            Some((_, witness)) => Err(witness.clone()),
            None => Ok(()),
        }
    }

    /// How many ballots have been begun.
    pub fn ballots_begun(&self) -> usize {
        self.begun.size()
    }

    /// Whether a value has been chosen.
    pub fn is_chosen(&self, value: &Value) -> bool {
        self.chosen.iter().any(|chosen| chosen.value == *value)
    }

    fn complain(&mut self, id: &'static str, text: Text, nodes: impl IntoIterator<Item = NodeId>) {
        self.found.push((id, Witness::nodes(text, nodes)));
    }

    /// A13: every quorum of phase 1 meets every quorum of phase 2, also those of a set-up that was in force before.
    fn see_quorums(&mut self, quorums: &Quorums) -> News {
        if self.quorums.iter().any(|there| there == quorums) {
            return None;
        }
        self.quorums.push_back_mut(*quorums);
        let pairs = self.quorums.iter().flat_map(|other| [quorums.missing(other), other.missing(quorums)]);
        let (one, two) = pairs.flatten().next()?;
        let text = say::QUORUMS_BROKEN.with("one", listed(one.iter())).with("two", listed(two.iter()));
        self.complain("A13", text, one.iter().chain(two.iter()));
        Some(Note::QuorumsMiss { one, two })
    }

    fn hear(&mut self, node: NodeId, message: &Message, config: &Config) {
        match message {
            Message::Prepare { ballot } => self.hear_prepare(node, *ballot),
            Message::Promise { ballot, accepted } => self.hear_promise(node, *ballot, accepted.as_ref()),
            Message::Accept(vote) => self.hear_accept(node, vote, config),
            Message::Accepted(vote) => self.hear_vote(node, vote, config),
            Message::Nack { .. } | Message::Learn(_) | Message::Query => {}
        }
    }

    /// A8: a ballot is begun by its owner, and only once.
    fn hear_prepare(&mut self, node: NodeId, ballot: Ballot) {
        if ballot.proposer != node {
            let text = say::OWNERSHIP_BROKEN.with("node", node).with("ballot", ballot);
            self.complain("A8", text.with("owner", ballot.proposer), [node, ballot.proposer]);
        } else if self.begun.contains(&ballot) {
            self.complain("A8", say::REUSE_BROKEN.with("node", node).with("ballot", ballot), [node]);
        }
        self.begun.insert_mut(ballot);
    }

    /// A11: a promise tells the acceptor's highest vote below it, or that there is none. What it has voted for since,
    /// while the disk was writing, is above the promise and changes nothing.
    fn hear_promise(&mut self, node: NodeId, ballot: Ballot, report: Option<&Vote>) {
        let highest = self.highest_below(node, ballot);
        if report.map(|vote| vote.ballot) < highest.as_ref().map(|vote| vote.ballot)
            || report.is_some_and(|vote| !self.has_voted(node, vote))
        {
            let none = || Text::from(&say::NONE);
            let spelled = |vote: Option<&Vote>| vote.map_or_else(none, vote_text);
            let text = say::REPORT_BROKEN.with("node", node).with("ballot", ballot);
            let text = text.with("told", spelled(report)).with("cast", spelled(highest.as_ref()));
            self.complain("A11", text, [node]);
        }
        let mut all = self.promised.get(&ballot).copied().unwrap_or_default();
        all.insert(node);
        self.promised.insert_mut(ballot, all);
        let mut word = self.word.get(&node).copied().unwrap_or_default();
        word.promised = word.promised.max(Some(ballot));
        self.word.insert_mut(node, word);
    }

    /// A7, A9 and A10: what a proposer may ask votes for.
    fn hear_accept(&mut self, node: NodeId, vote: &Vote, config: &Config) {
        match self.proposed.get(&vote.ballot) {
            Some(first) if *first != vote.value => {
                let text = say::ONE_VALUE_BROKEN.with("ballot", vote.ballot);
                self.complain("A7", text.with("one", &**first).with("other", &*vote.value), [node]);
            }
            Some(_) => return,
            None => self.proposed.insert_mut(vote.ballot, vote.value.clone()),
        }
        self.check_safe_proposal(node, vote, config);
        let other =
            self.chosen.iter().find(|chosen| chosen.ballot < vote.ballot && chosen.value != vote.value);
        if let Some(other) = other.cloned() {
            self.complain_above(&other, vote.ballot, &vote.value, [node]);
        }
    }

    /// A9, the paper's P2c (§2.2): some quorum has promised the ballot, of which either nobody has voted below it, or
    /// the value is that of the highest vote below.
    fn check_safe_proposal(&mut self, node: NodeId, vote: &Vote, config: &Config) {
        let promised = self.promised.get(&vote.ballot).copied().unwrap_or_default();
        let below: Vec<(NodeId, Option<Vote>)> =
            promised.iter().map(|acceptor| (acceptor, self.highest_below(acceptor, vote.ballot))).collect();
        // The members whose votes are at most this one; among them the highest has this value.
        let is_safe_up_to = |highest: Option<&Vote>| {
            let fits =
                |own: &Option<Vote>| own.as_ref().map(|own| own.ballot) <= highest.map(|own| own.ballot);
            let members = below.iter().filter(|(_, own)| fits(own)).map(|(acceptor, _)| *acceptor);
            config.quorums.one(members)
        };
        let same = below.iter().filter_map(|(_, own)| own.as_ref()).filter(|own| own.value == vote.value);
        if is_safe_up_to(None) || same.into_iter().any(|own| is_safe_up_to(Some(own))) {
            return;
        }
        let text = match config.quorums.one(promised.iter()) {
            true => &say::SAFE_PROPOSAL_BROKEN,
            false => &say::SAFE_PROPOSAL_NO_QUORUM,
        };
        let text = text.with("node", node).with("ballot", vote.ballot).with("value", &*vote.value);
        self.complain("A9", text.with("promised", listed(promised.iter())), [node]);
    }

    /// A5: an acceptor does not vote below what it has promised. And then: does this vote complete a quorum?
    fn hear_vote(&mut self, node: NodeId, vote: &Vote, config: &Config) {
        let mut word = self.word.get(&node).copied().unwrap_or_default();
        word.accepted = word.accepted.max(Some(vote.ballot));
        self.word.insert_mut(node, word);
        if self.has_voted(node, vote) {
            return;
        }
        if let Some(promised) = word.promised.filter(|promised| vote.ballot < *promised) {
            let text = say::PROMISE_KEPT_BROKEN.with("node", node).with("promised", promised);
            self.complain("A5", text.with("ballot", vote.ballot), [node]);
        }
        self.cast(node, vote);
        self.see_chosen(vote, config);
    }

    fn cast(&mut self, node: NodeId, vote: &Vote) {
        let mut voters = self.votes.get(vote).copied().unwrap_or_default();
        voters.insert(node);
        self.votes.insert_mut(vote.clone(), voters);
    }

    /// What a quorum has voted for in one ballot is chosen, whoever knows it.
    fn see_chosen(&mut self, vote: &Vote, config: &Config) {
        let voters = self.votes.get(vote).copied().unwrap_or_default();
        let is_new = !self.chosen.iter().any(|chosen| chosen == vote);
        if is_new && config.quorums.two(voters.iter()) {
            self.check_choice(vote, voters);
            self.chosen.push_back_mut(vote.clone());
        }
    }

    /// A1, A2 and A10: what may be chosen.
    fn check_choice(&mut self, vote: &Vote, voters: NodeSet) {
        if let Some(other) = self.chosen.iter().find(|chosen| chosen.value != vote.value).cloned() {
            let text = say::AGREEMENT_BROKEN.with("one", vote_text(&other)).with("other", vote_text(vote));
            let others = self.votes.get(&other).copied().unwrap_or_default();
            self.complain("A1", text, others.iter().chain(voters.iter()).collect::<NodeSet>().iter());
        }
        if !self.wanted.contains(&vote.value) {
            self.complain("A2", say::VALIDITY_BROKEN.with("value", &*vote.value), voters.iter());
        }
        let mut above =
            self.proposed.iter().filter(|(ballot, value)| vote.ballot < **ballot && **value != vote.value);
        if let Some((ballot, value)) = above.next().map(|(ballot, value)| (*ballot, value.clone())) {
            self.complain_above(vote, ballot, &value, [ballot.proposer]);
        }
    }

    /// A10.
    fn complain_above(&mut self, chosen: &Vote, ballot: Ballot, value: &Value, nodes: [NodeId; 1]) {
        let text = say::ONE_ABOVE_BROKEN.with("chosen", vote_text(chosen));
        self.complain("A10", text.with("ballot", ballot).with("value", &**value), nodes);
    }

    fn see_node(&mut self, node: NodeId, before: &Slot<Paxos>, after: &Slot<Paxos>, config: &Config) {
        let (old, new) = (durable(before), durable(after));
        if new.promised < old.promised {
            let text =
                say::PROMISE_MONOTONE_BROKEN.with("node", node).with("before", ballot_text(old.promised));
            self.complain("A4", text.with("after", ballot_text(new.promised)), [node]);
        }
        // Where a vote is written before it is told, it is cast all the same (§2.5).
        if let Some(vote) = &new.accepted
            && new.accepted != old.accepted
            && !self.has_voted(node, vote)
        {
            self.cast(node, vote);
            self.see_chosen(vote, config);
        }
        if let Some(want) = after.node().and_then(|state| state.proposer.as_ref()?.want.as_ref())
            && !self.wanted.contains(want)
        {
            self.wanted.insert_mut(want.clone());
        }
        match (before.node(), after.node()) {
            (Some(before), Some(after)) => self.see_handled(node, before, after),
            _ => self.check_durable(node, new),
        }
    }

    /// A12: what a crash has left is no less than what others were told.
    fn check_durable(&mut self, node: NodeId, left: &Durable) {
        let word = self.word.get(&node).copied().unwrap_or_default();
        if left.promised < word.promised {
            let text =
                say::DURABILITY_BROKEN_PROMISE.with("node", node).with("told", ballot_text(word.promised));
            self.complain("A12", text.with("left", ballot_text(left.promised)), [node]);
        } else if left.accepted.as_ref().map(|vote| vote.ballot) < word.accepted {
            let text =
                say::DURABILITY_BROKEN_VOTE.with("node", node).with("told", ballot_text(word.accepted));
            self.complain("A12", text, [node]);
        }
    }

    /// A6 and A3: what one event may do to a node.
    fn see_handled(&mut self, node: NodeId, before: &Paxos, after: &Paxos) {
        let vote_of = |state: &Paxos| state.durable.accepted.as_ref().map(|vote| vote.ballot);
        let (old, new, promised) = (vote_of(before), vote_of(after), after.durable.promised);
        if promised < new && old != new {
            let text = say::VOTE_ORDER_BROKEN_PROMISE.with("node", node).with("vote", ballot_text(new));
            self.complain("A6", text.with("promised", ballot_text(promised)), [node]);
        } else if new < old {
            let text = say::VOTE_ORDER_BROKEN_BACK.with("node", node).with("before", ballot_text(old));
            self.complain("A6", text.with("after", ballot_text(new)), [node]);
        }
        if let (None, Some(known)) = (&before.known, &after.known)
            && !self.is_chosen(&known.value)
        {
            let text = say::HONEST_LEARNING_BROKEN.with("node", node).with("value", &*known.value);
            self.complain("A3", text, [node]);
        }
    }

    fn has_voted(&self, node: NodeId, vote: &Vote) -> bool {
        self.votes.get(vote).is_some_and(|voters| voters.contains(node))
    }

    /// An acceptor's vote of the highest ballot below one.
    fn highest_below(&self, node: NodeId, below: Ballot) -> Option<Vote> {
        let fits = |vote: &Vote| vote.ballot < below;
        let mut own = self.votes.iter().rev().filter(|(vote, voters)| fits(vote) && voters.contains(node));
        own.next().map(|(vote, _)| vote.clone())
    }
}

/// What is on a node's disk.
fn durable(slot: &Slot<Paxos>) -> &Durable {
    match slot {
        Slot::Up(node) | Slot::Paused(node) => node.written(),
        Slot::Down(durable) => durable,
    }
}

fn ballot_text(ballot: Option<Ballot>) -> Text {
    ballot.map_or_else(|| Text::from(&say::NONE), |ballot| say::BALLOT_TEXT.with("ballot", ballot))
}

/// A vote, for readers.
pub fn vote_text(vote: &Vote) -> Text {
    say::VOTE_TEXT.with("value", &*vote.value).with("ballot", vote.ballot)
}
