//! The learner: how a node finds out what is chosen (§2.3), and whom it tells.
//!
//! Must not know what acceptors have promised.

use super::ballot::Vote;
use super::config::{Config, Learning, Variant};
use super::message::Message;
use super::node::{Context, Note, Paxos, Timer};
use crate::engine::digest::digest_of;
use crate::engine::ids::{NodeId, NodeSet};
use std::rc::Rc;

/// The only slot: single-decree Paxos decides once.
pub const SLOT: u32 = 1;
/// How many votes a learner keeps in mind, those of the highest ballots: whatever it forgets it can ask for.
const MOST_SEEN: usize = 16;

/// What a node remembers as a learner; a crash may take it all.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Learner {
    /// The votes it has heard of, by ballot.
    pub seen: Vec<Seen>,
}

/// A vote and who has cast it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Seen {
    /// For what, in which ballot.
    pub vote: Vote,
    /// Who has told it: nobody twice.
    pub from: Vec<NodeId>,
}

impl Learner {
    /// Takes a vote in, and says who is known to have cast it.
    fn note(&mut self, from: NodeId, vote: &Vote, variant: Variant) -> Vec<NodeId> {
        let place = self.seen.partition_point(|seen| seen.vote < *vote);
        if self.seen.get(place).is_none_or(|seen| seen.vote != *vote) {
            self.seen.insert(place, Seen { vote: vote.clone(), from: Vec::new() });
        }
        if variant != Variant::CountsAccepts {
            self.seen[place].from.retain(|there| *there != from);
        }
        self.seen[place].from.push(from);
        let voters = self.seen[place].from.clone();
        let excess = self.seen.len().saturating_sub(MOST_SEEN);
        self.seen.drain(..excess);
        voters
    }

    /// Who has voted for a value, in whatever ballot.
    fn for_value(&self, vote: &Vote) -> NodeSet {
        let same = self.seen.iter().filter(|seen| seen.vote.value == vote.value);
        same.flat_map(|seen| seen.from.iter().copied()).collect()
    }
}

impl Paxos {
    /// An acceptor tells its vote: the proposer of that ballot and the learners count it.
    pub(super) fn on_accepted(&mut self, from: NodeId, vote: &Vote, ctx: &mut Context<'_>) {
        if self.known.is_some() {
            return ctx.ignore(Note::StragglerKnows { from });
        }
        self.count_accept(from, vote, ctx);
        self.count_seen(from, vote, ctx);
    }

    /// A value is chosen once a quorum has voted for it *in one ballot* (§2.3): the same value in different ballots
    /// does not add up (P-13).
    fn count_seen(&mut self, from: NodeId, vote: &Vote, ctx: &mut Context<'_>) {
        let Some(learner) = self.learner.as_mut().filter(|_| self.known.is_none()) else { return };
        let config = ctx.config();
        let voters = learner.note(from, vote, config.variant);
        let voters: Vec<NodeId> = match config.variant {
            Variant::CountsByValue => learner.for_value(vote).iter().collect(),
            _ => voters,
        };
        let (count, needed) = (voters.len() as u8, config.quorums.needed_two());
        ctx.note(Note::VoteSeen { from, vote: vote.clone(), count, needed });
        if config.quorums.two(voters) || config.variant == Variant::LearnsFromOne {
            self.learn(vote.clone(), ctx);
        }
    }

    /// From now on it knows. A proposer has nothing left to do but to answer its clients.
    pub(super) fn learn(&mut self, vote: Vote, ctx: &mut Context<'_>) {
        if self.known.is_some() {
            return;
        }
        ctx.note(Note::Knows { value: vote.value.clone() });
        ctx.decide(SLOT, digest_of(&vote.value), Rc::clone(&vote.value));
        ctx.disarm(Timer::Ask);
        self.known = Some(vote.clone());
        self.finish_proposing(&vote, ctx);
        self.tell_learners(&vote, ctx);
    }

    /// Where acceptors tell only one learner, that one tells the others (§2.3).
    fn tell_learners(&mut self, vote: &Vote, ctx: &mut Context<'_>) {
        let (me, config) = (ctx.me(), ctx.config());
        if config.learning != Learning::Distinguished || Config::first(config.learners) != Some(me) {
            return;
        }
        ctx.note(Note::Tells { value: vote.value.clone() });
        for other in config.learners.iter().filter(|other| *other != me) {
            self.send(other, Message::Learn(vote.clone()));
        }
    }

    /// Somebody who knows says what is chosen.
    pub(super) fn on_learn(&mut self, from: NodeId, vote: &Vote, ctx: &mut Context<'_>) {
        match &self.known {
            Some(known) => ctx.ignore(Note::AlreadyKnown { value: known.value.clone() }),
            None => {
                ctx.note(Note::Told { from, value: vote.value.clone() });
                self.learn(vote.clone(), ctx);
            }
        }
    }

    /// A learner that has waited long enough asks everybody. Where the answers leave it open, only a new ballot can
    /// tell (§2.3).
    pub(super) fn on_ask(&mut self, ctx: &mut Context<'_>) {
        if let Some(known) = &self.known {
            return ctx.ignore(Note::AlreadyKnown { value: known.value.clone() });
        }
        ctx.arm(Timer::Ask, ctx.config().ask);
        ctx.note(Note::Asks);
        for peer in ctx.peers() {
            self.send(peer, Message::Query);
        }
    }

    /// Who knows tells; an acceptor that does not know tells its vote.
    pub(super) fn on_query(&mut self, from: NodeId, ctx: &mut Context<'_>) {
        let answer = match (&self.known, &self.durable.accepted) {
            (Some(known), _) => Message::Learn(known.clone()),
            (None, Some(vote)) if self.acceptor => Message::Accepted(vote.clone()),
            _ => return ctx.ignore(Note::NothingToTell),
        };
        ctx.note(Note::Answers { to: from });
        self.send(from, answer);
    }
}
