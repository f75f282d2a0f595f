//! How a server comes to lead: phase 1 once, for every slot from the first that it does not know (rules 1 and 3).
//!
//! Must not know what acceptors hold: only what they have told it.

use super::config::{Config, Variant};
use super::leader::Leader;
use super::log::{Slot, Vote};
use super::message::{Message, Promise};
use super::node::{Context, MultiPaxos, Note, Role, Timer};
use crate::engine::ids::{NodeId, NodeSet};
use crate::protocols::paxos::Ballot;
use std::collections::BTreeMap;

/// The last round that a server may reach, far beyond any run; a bound, so that no addition overflows.
const MAX_ROUND: u32 = 1_000_000_000;

/// A ballot and what has come of its phase 1.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Campaign {
    /// The ballot.
    pub ballot: Ballot,
    /// Who has promised it.
    pub promised_by: NodeSet,
    /// In each slot that is not proposed yet, the vote of the highest ballot that was reported: what must be proposed
    /// there.
    pub bound: BTreeMap<Slot, Vote>,
}

impl Campaign {
    fn new(ballot: Ballot) -> Campaign {
        Campaign { ballot, promised_by: NodeSet::EMPTY, bound: BTreeMap::new() }
    }

    /// Takes in a report: of two votes in a slot, the one of the higher ballot binds.
    fn bind(&mut self, slot: Slot, vote: &Vote) {
        match self.bound.get(&slot) {
            Some(there) if vote.ballot <= there.ballot => {}
            _ => _ = self.bound.insert(slot, vote.clone()),
        }
    }
}

impl MultiPaxos {
    /// Every set of voters that is in force in some slot where anybody may have proposed: a window beyond what may be
    /// chosen without a gap.
    pub(super) fn electorates(&self, config: &Config) -> Vec<NodeSet> {
        let first = self.commit.saturating_add(1);
        let frontier = match &self.role {
            Role::Leader(leader) => leader.frontier.max(self.commit),
            _ => self.commit,
        };
        let last = frontier.saturating_add(config.window);
        let later = self.state.members.iter().map(|(from, _)| *from);
        let from = [first].into_iter().chain(later.filter(|from| first < *from && *from <= last));
        from.map(|slot| config.members_at(&self.state, slot)).collect()
    }

    /// Whoever votes in some slot of the window.
    pub(super) fn voters(&self, config: &Config) -> NodeSet {
        self.electorates(config).iter().flat_map(|members| members.iter()).collect()
    }

    /// Whether these promises are a quorum of every set of voters in force.
    pub(super) fn is_prepared(&self, promised_by: NodeSet, config: &Config) -> bool {
        let has = |members: &NodeSet| config.quorums(*members).one(promised_by.iter());
        self.electorates(config).iter().all(has)
    }

    /// No word from a leader for too long: a ballot above all that it has used or heard of.
    pub(super) fn on_election(&mut self, ctx: &mut Context<'_>) {
        let config = ctx.config();
        if let Role::Leader(_) = self.role {
            return ctx.ignore(Note::Impossible { from: self.me });
        }
        ctx.arm(Timer::Election, config.election);
        if let Some(reason) = self.reason_to_wait(config) {
            return ctx.ignore(reason);
        }
        let round = self.highest_round() + 1;
        self.durable.max_round = round;
        let ballot = Ballot { round, proposer: self.me };
        let from = self.commit + 1;
        self.leader = None;
        self.role = Role::Candidate(Campaign::new(ballot));
        if config.variant == Variant::SkipsPhaseOne {
            ctx.note(Note::SkipsPhaseOne { ballot });
            self.durable.promised = Some(ballot);
            let own: BTreeMap<Slot, Vote> =
                self.durable.accepted.range(from..).map(|(slot, vote)| (slot, vote.clone())).collect();
            self.role = Role::Candidate(Campaign { bound: own, ..Campaign::new(ballot) });
            return self.lead(ctx);
        }
        ctx.note(Note::Campaigns { ballot, from });
        for voter in self.voters(config).iter() {
            self.send(voter, Message::Prepare { ballot, from }, ctx);
        }
    }

    fn highest_round(&self) -> u32 {
        self.durable.max_round.max(self.durable.promised.map_or(0, |promised| promised.round))
    }

    fn reason_to_wait(&self, config: &Config) -> Option<Note> {
        if self.durable.lost {
            return Some(Note::DoesNotVote);
        }
        if !self.voters(config).contains(self.me) {
            return Some(Note::NotMember);
        }
        if self.grants {
            return Some(Note::Leased);
        }
        (MAX_ROUND <= self.highest_round()).then_some(Note::RoundsExhausted)
    }

    /// An acceptor has promised. What it knows to be chosen needs no vote of anybody any more; what it has voted for
    /// binds the leader, slot by slot.
    pub(super) fn on_promise(&mut self, from: NodeId, promise: &Promise, ctx: &mut Context<'_>) {
        let ballot = promise.ballot;
        if self.ballot() != Some(ballot) {
            return ctx.ignore(Note::StalePromise { from, ballot });
        }
        if let Some(snapshot) = promise.snapshot.as_ref().filter(|snapshot| self.applied < snapshot.last) {
            self.install(from, snapshot, ctx);
        }
        for (slot, command) in &promise.chosen {
            self.learn(*slot, command, ctx);
        }
        let variant = ctx.config().variant;
        let heard = match variant {
            Variant::IgnoresReports => false,
            Variant::StartsAfterOwnLog => from == self.me,
            _ => true,
        };
        let unsettled: Vec<&(Slot, Vote)> =
            promise.accepted.iter().filter(|(slot, _)| heard && !self.knows(*slot)).collect();
        let (campaign, first) = match &mut self.role {
            Role::Follower => return,
            Role::Candidate(campaign) => (campaign, 0),
            Role::Leader(leader) => (&mut leader.campaign, leader.next),
        };
        for (slot, vote) in unsettled {
            if first <= *slot {
                campaign.bind(*slot, vote);
            }
        }
        let before = campaign.promised_by;
        campaign.promised_by.insert(from);
        let promised_by = campaign.promised_by;
        if let (Role::Leader(_), true) = (&self.role, self.is_prepared(before, ctx.config())) {
            ctx.ignore(Note::LatePromise { from });
            return self.fill(ctx);
        }
        self.count_promises(from, promised_by, ctx);
    }

    fn count_promises(&mut self, from: NodeId, promised_by: NodeSet, ctx: &mut Context<'_>) {
        let config = ctx.config();
        let Some(ballot) = self.ballot() else { return };
        let needed = config.quorums(config.members_at(&self.state, self.commit + 1)).needed_one();
        ctx.note(Note::PromiseCounted { from, ballot, count: promised_by.len(), needed });
        match self.role {
            Role::Candidate(_) if self.is_prepared(promised_by, config) => self.lead(ctx),
            Role::Leader(_) => self.fill(ctx),
            _ => {}
        }
    }

    /// A quorum has promised: nothing can be chosen below this ballot any more that was not reported. The leader
    /// proposes what binds it, no-ops in between, and only then commands of clients (rule 3).
    fn lead(&mut self, ctx: &mut Context<'_>) {
        let Role::Candidate(campaign) = &self.role else { return };
        let campaign = campaign.clone();
        let (ballot, promises) = (campaign.ballot, campaign.promised_by.len());
        let last_bound = campaign.bound.last_key_value().map_or(0, |(slot, _)| *slot);
        let frontier = last_bound.max(self.known.last()).max(self.commit);
        let config = ctx.config();
        let leader = Leader::new(campaign, self.commit + 1, frontier, config);
        self.role = Role::Leader(leader);
        self.leader = Some(self.me);
        ctx.note(Note::Won { ballot, promises });
        ctx.disarm(Timer::Election);
        ctx.arm(Timer::Heartbeat, (config.heartbeat, config.heartbeat));
        self.fill(ctx);
        if let Role::Leader(Leader { proposals, .. }) = &self.role
            && proposals.is_empty()
        {
            self.send_heartbeats(ctx);
        }
    }

    /// An acceptor refuses: somebody has a higher ballot, and whoever goes on would only be in its way.
    pub(super) fn on_nack(&mut self, from: NodeId, ballot: Ballot, promised: Ballot, ctx: &mut Context<'_>) {
        if self.ballot() != Some(ballot) || promised <= ballot {
            return ctx.ignore(Note::StaleNack { from, ballot });
        }
        self.durable.max_round = self.durable.max_round.max(promised.round);
        ctx.note(Note::Refused { from, promised });
        self.step_down(promised, ctx);
    }
}
