//! The acceptor: what it promises, for all slots at once, and what it votes for, slot by slot; and how it hears from a
//! leader how far all is chosen.
//!
//! Must not know what other acceptors do.

use super::config::{Config, Variant};
use super::log::{MAX_SLOT, Slot, Vote};
use super::message::{Message, Promise};
use super::node::{Context, MultiPaxos, Note, Role, Timer};
use crate::engine::ids::NodeId;
use crate::protocols::paxos::Ballot;
use std::cmp::Ordering;

impl MultiPaxos {
    /// Phase 1b: if the ballot is higher than any that it has answered, promise to take part in nothing below it, in no
    /// slot. The same ballot is promised again, because the answer may have been lost.
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: Ballot, slot: Slot, ctx: &mut Context<'_>) {
        if self.durable.lost {
            return ctx.ignore(Note::DoesNotVote);
        }
        match self.durable.promised.map_or(Ordering::Greater, |promised| ballot.cmp(&promised)) {
            Ordering::Less => return self.refuse(from, ballot, ctx),
            Ordering::Equal => ctx.note(Note::PromisesAgain { ballot }),
            Ordering::Greater if self.grants && self.leader != Some(from) => {
                return ctx.ignore(Note::Leased);
            }
            Ordering::Greater => {
                if self.ballot().is_none_or(|mine| mine < ballot) {
                    self.step_down(ballot, ctx);
                    self.leader = None;
                }
                self.durable.promised = Some(ballot);
                ctx.arm(Timer::Election, ctx.config().election);
                let votes = self.durable.accepted.range(slot..).count() as u32;
                ctx.note(Note::Promises { ballot, from: slot, votes });
            }
        }
        let promise = self.promise(ballot, slot, ctx.config());
        self.send(from, Message::Promise(promise), ctx);
    }

    /// Everything that it has voted for from a slot on, and what it knows to be chosen there: a new leader must hear of
    /// every vote that may have helped to choose something.
    fn promise(&self, ballot: Ballot, from: Slot, config: &Config) -> Promise {
        let asked = |slot: Slot| config.covers(from, slot);
        let told = |slot: Slot| config.variant != Variant::OmitsUnchosen || slot <= self.commit;
        let votes = self.durable.accepted.range(from..);
        let votes = votes.filter(|(slot, _)| asked(*slot) && told(*slot) && self.known.get(*slot).is_none());
        let chosen = self.known.range(from..).filter(|(slot, _)| asked(*slot));
        Promise {
            ballot,
            from,
            accepted: votes.map(|(slot, vote)| (slot, vote.clone())).collect(),
            chosen: chosen.map(|(slot, command)| (slot, command.clone())).collect(),
            snapshot: (from <= self.durable.snapshot.last).then(|| self.durable.snapshot.clone()),
        }
    }

    /// Phase 2b: vote, unless it has promised a higher ballot; a vote raises the promise, for all slots.
    pub(super) fn on_accept(
        &mut self,
        from: NodeId,
        slot: Slot,
        vote: &Vote,
        commit: Slot,
        ctx: &mut Context<'_>,
    ) {
        let ballot = vote.ballot;
        if MAX_SLOT < slot {
            return ctx.ignore(Note::Impossible { from });
        }
        if self.durable.lost {
            return ctx.ignore(Note::DoesNotVote);
        }
        if Some(ballot) < self.durable.promised {
            return self.refuse(from, ballot, ctx);
        }
        if !self.follow(from, ballot, ctx) {
            return;
        }
        if slot <= self.durable.snapshot.last {
            ctx.ignore(Note::SettledAlready { slot });
            return self.send_snapshot(from, ctx);
        }
        match self.durable.accepted.get(slot) == Some(vote) {
            true => ctx.note(Note::VotesAgain { slot }),
            false => {
                self.durable.accepted.insert(slot, vote.clone());
                ctx.note(Note::Votes { slot, vote: vote.clone() });
            }
        }
        self.send(from, Message::Accepted { ballot, slot }, ctx);
        self.mark_chosen(ballot, commit, ctx);
    }

    /// A refusal says which ballot is promised, so that nobody need guess.
    pub(super) fn refuse(&mut self, from: NodeId, ballot: Ballot, ctx: &mut Context<'_>) {
        let Some(promised) = self.durable.promised else { return };
        ctx.ignore(Note::PromisedHigher { ballot, promised });
        if ctx.config().nacks {
            self.send(from, Message::Nack { ballot, promised }, ctx);
        }
    }

    /// Whoever sends in a ballot that is not below the promise leads. To promise as much costs nothing.
    fn follow(&mut self, from: NodeId, ballot: Ballot, ctx: &mut Context<'_>) -> bool {
        if from == self.me {
            return self.ballot() == Some(ballot);
        }
        if self.ballot() == Some(ballot) {
            // A ballot has one owner: it takes a forgery.
            ctx.ignore(Note::Impossible { from });
            return false;
        }
        self.step_down(ballot, ctx);
        self.durable.promised = Some(ballot);
        ctx.arm(Timer::Election, ctx.config().election);
        if self.leader != Some(from) {
            self.leader = Some(from);
            ctx.note(Note::Follows { leader: from, ballot });
        }
        self.grant(ctx);
        true
    }

    /// A leader shows that it lives. Who lacks something that is chosen asks for it: at most once a heartbeat.
    pub(super) fn on_heartbeat(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        commit: Slot,
        read_seq: u32,
        ctx: &mut Context<'_>,
    ) {
        if Some(ballot) < self.durable.promised {
            return self.refuse(from, ballot, ctx);
        }
        if !self.follow(from, ballot, ctx) {
            return;
        }
        self.mark_chosen(ballot, commit, ctx);
        if self.durable.lost {
            ctx.ignore(Note::DoesNotVote);
            return self.ask_to_learn(from, ctx);
        }
        ctx.note(Note::HeardHeartbeat { leader: from });
        self.send(from, Message::HeartbeatAck { ballot, applied: self.applied, read_seq }, ctx);
        if self.commit < commit {
            self.ask_to_learn(from, ctx);
        }
    }

    /// Word of its own that all is chosen up to a slot.
    pub(super) fn on_commit(&mut self, from: NodeId, ballot: Ballot, upto: Slot, ctx: &mut Context<'_>) {
        self.mark_chosen(ballot, upto, ctx);
        if self.commit < upto {
            self.ask_to_learn(from, ctx);
        }
    }

    /// Up to a slot everything is chosen. That settles what this server has voted for *in the same ballot*, because in
    /// a ballot a slot has one value. A vote of an older ballot may be for something else, and must be asked for
    /// (M-1).
    fn mark_chosen(&mut self, ballot: Ballot, upto: Slot, ctx: &mut Context<'_>) {
        if upto <= self.commit {
            return;
        }
        let before = self.commit;
        let votes: Vec<(Slot, Vote)> = self
            .durable
            .accepted
            .range(before + 1..=upto)
            .filter(|(slot, _)| !self.knows(*slot))
            .map(|(slot, vote)| (slot, vote.clone()))
            .collect();
        for (slot, vote) in votes {
            if vote.ballot == ballot || ctx.config().variant == Variant::TrustsCommit {
                self.learn(slot, &vote.command, ctx);
            } else {
                ctx.ignore(Note::OtherBallot { slot, voted: vote.ballot, ballot });
            }
        }
        if before < self.commit {
            ctx.note(Note::LearnedCommit { upto: self.commit });
        }
        if let Role::Leader(_) = self.role {
            self.fill(ctx);
        }
    }
}
