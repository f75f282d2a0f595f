//! The acceptor: what it promises and what it votes for (§2.2). All of Paxos' safety rests on these two rules.
//!
//! Must not know what other acceptors do, nor what is chosen.

use super::ballot::{Ballot, Vote};
use super::config::{Config, Learning, Variant};
use super::message::Message;
use super::node::{Context, Note, Paxos};
use crate::engine::ids::{NodeId, NodeSet};
use std::cmp::Ordering;

impl Config {
    /// The order of ballots: by round, then by proposer (§2.5).
    pub(super) fn compare(&self, one: Ballot, two: Ballot) -> Ordering {
        match self.variant {
            Variant::ComparesText => one.compare_as_text(&two),
            _ => one.cmp(&two),
        }
    }
}

impl Paxos {
    /// Phase 1b (§2.2): if the ballot is higher than any that I have answered, promise to take part in nothing below
    /// it, and tell my vote of the highest ballot. The same ballot is promised again, because the answer may have been
    /// lost: ballots are unique, so it is the same proposer that asks.
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: Ballot, ctx: &mut Context<'_>) {
        if !self.acceptor {
            return ctx.ignore(Note::NotItsRole { from });
        }
        let config = ctx.config();
        match self.durable.promised.map_or(Ordering::Greater, |promised| config.compare(ballot, promised)) {
            Ordering::Less => return self.refuse(from, ballot, ctx),
            Ordering::Equal
                if matches!(config.variant, Variant::AnswersOnce | Variant::SharesBallotsStrictly) =>
            {
                return ctx.ignore(Note::NotAgain { ballot });
            }
            Ordering::Equal => ctx.note(Note::PromisesAgain { ballot }),
            Ordering::Greater => {
                if config.variant != Variant::PromisesWithoutStoring {
                    self.durable.promised = Some(ballot);
                }
                ctx.note(Note::Promises { ballot, accepted: self.durable.accepted.clone() });
                self.let_others_try(from, ctx);
            }
        }
        self.send(from, Message::Promise { ballot, accepted: self.durable.accepted.clone() });
    }

    /// Phase 2b (§2.2): vote, unless I have promised a higher ballot. An acceptor that has never seen the Prepare of
    /// this ballot obeys the same rule, and must raise its promise with its vote: else it could vote below it later,
    /// and nothing in the paper's two sentences says so aloud (P-4).
    pub(super) fn on_accept(&mut self, from: NodeId, vote: &Vote, ctx: &mut Context<'_>) {
        if !self.acceptor {
            return ctx.ignore(Note::NotItsRole { from });
        }
        let config = ctx.config();
        let order = self.durable.promised.map(|promised| config.compare(vote.ballot, promised));
        if order == Some(Ordering::Less) && config.variant != Variant::AcceptsBelowPromise {
            return self.refuse(from, vote.ballot, ctx);
        }
        if order != Some(Ordering::Equal) && config.variant == Variant::AcceptsOnlyPromised {
            return ctx.ignore(Note::NotPromised { ballot: vote.ballot });
        }
        let again = self.durable.accepted.as_ref() == Some(vote);
        if again && config.variant == Variant::AnswersOnce {
            return ctx.ignore(Note::NotAgain { ballot: vote.ballot });
        }
        if let (Variant::FirstVoteStays, Some(first), false) = (config.variant, &self.durable.accepted, again)
        {
            return ctx.ignore(Note::FirstVoteStays { vote: first.clone() });
        }
        if config.variant != Variant::AcceptKeepsPromise {
            self.durable.promised = self.durable.promised.max(Some(vote.ballot));
        }
        self.durable.accepted = Some(vote.clone());
        let vote = vote.clone();
        ctx.note(if again {
            Note::VotesAgain { vote: vote.clone() }
        } else {
            Note::Votes { vote: vote.clone() }
        });
        self.tell_vote(from, &vote, ctx.config());
    }

    /// Tells a vote to the proposer that asked for it and to whoever learns from acceptors (§2.3).
    fn tell_vote(&mut self, proposer: NodeId, vote: &Vote, config: &Config) {
        let learners: NodeSet = match config.learning {
            Learning::All => config.learners,
            Learning::Distinguished => Config::first(config.learners).into_iter().collect(),
            Learning::Asking => NodeSet::EMPTY,
        };
        let all: NodeSet = learners.iter().chain([proposer]).collect();
        for to in all.iter() {
            self.send(to, Message::Accepted(vote.clone()));
        }
    }

    /// A refusal says which ballot is promised, so that the proposer need not guess (§2.4).
    fn refuse(&mut self, from: NodeId, ballot: Ballot, ctx: &mut Context<'_>) {
        let Some(promised) = self.durable.promised else { return };
        ctx.ignore(Note::PromisedHigher { ballot, promised });
        if ctx.config().nacks {
            self.send(from, Message::Nack { ballot, promised });
        }
    }
}
