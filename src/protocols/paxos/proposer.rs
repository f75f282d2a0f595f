//! The proposer: its ballots, what it wants and what it is bound to (§2.2), its patience (§2.4), and its clients.
//!
//! Must not know what acceptors hold: only what they have told it.

use super::ballot::{Ballot, MAX_ROUND, Value, Vote};
use super::config::{Config, Variant};
use super::message::Message;
use super::node::{Context, Note, Paxos, Timer};
use super::quorum::{Quorums, majority};
use crate::engine::client::{Outcome, Request};
use crate::engine::ids::{ClientId, Micros, NodeId, NodeSet};
use std::rc::Rc;

/// The most clients that wait for the outcome at one proposer.
const MAX_WAITING: usize = 64;
/// How often a pause doubles.
const MOST_DOUBLINGS: u8 = 4;

/// What a node remembers as a proposer; a crash may take it all.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Proposer {
    /// What it would have chosen, if it is free to propose.
    pub want: Option<Value>,
    /// Whether a client wants that; the first one replaces what the proposer wanted itself.
    pub asked: bool,
    /// Where its ballot stands.
    pub phase: Phase,
    /// The highest ballot that a refusal has named.
    pub max_seen: Option<Ballot>,
    /// How many of its ballots have failed since it booted.
    pub failed: u8,
    /// Who did not answer the ballot before.
    pub silent: NodeSet,
    /// Who waits for the outcome.
    pub waiting: Vec<(ClientId, u32)>,
}

/// Where a ballot stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// There is none.
    Idle,
    /// Asking for promises.
    One {
        /// The ballot.
        ballot: Ballot,
        /// What each acceptor has reported, in the order in which it came.
        promises: Vec<(NodeId, Option<Vote>)>,
        /// Who refuses.
        nacks: NodeSet,
    },
    /// Asking for votes.
    Two {
        /// The ballot.
        ballot: Ballot,
        /// The value that is bound to this ballot: it never changes in it.
        value: Value,
        /// Who has voted: nobody twice.
        accepts: Vec<NodeId>,
        /// Who refuses.
        nacks: NodeSet,
    },
}

impl Phase {
    /// The ballot, if there is one.
    pub fn ballot(&self) -> Option<Ballot> {
        match self {
            Phase::Idle => None,
            Phase::One { ballot, .. } | Phase::Two { ballot, .. } => Some(*ballot),
        }
    }

    /// Who has answered in this phase, whatever they said.
    fn answered(&self) -> NodeSet {
        match self {
            Phase::Idle => NodeSet::EMPTY,
            Phase::One { promises, nacks, .. } => {
                promises.iter().map(|(from, _)| *from).chain(nacks.iter()).collect()
            }
            Phase::Two { accepts, nacks, .. } => accepts.iter().copied().chain(nacks.iter()).collect(),
        }
    }
}

impl Proposer {
    /// A proposer that has done nothing yet.
    pub(super) fn new(want: Option<Value>) -> Proposer {
        Proposer {
            want,
            asked: false,
            phase: Phase::Idle,
            max_seen: None,
            failed: 0,
            silent: NodeSet::EMPTY,
            waiting: Vec::new(),
        }
    }

    /// The quorums that it waits for: of the configured acceptors, whether they answer or not.
    fn quorums(&self, config: &Config) -> Quorums {
        match config.variant {
            Variant::CountsTheLiving => config.quorums.without(self.silent),
            _ => config.quorums,
        }
    }

    /// How long it pauses after a refusal: at random, and longer with every ballot that failed, so that of two
    /// proposers one is left in peace long enough (§2.4).
    fn pause(&self, config: &Config) -> (Micros, Micros) {
        let (low, high) = config.pause;
        match config.back_off {
            true => (low, Micros(high.0 << self.failed.min(MOST_DOUBLINGS))),
            false => (low, low),
        }
    }

    /// How long it waits for a quorum.
    fn patience(&self, config: &Config) -> (Micros, Micros) {
        let spread = if config.back_off { self.pause(config).1 } else { Micros::ZERO };
        (config.patience, config.patience.after(spread))
    }
}

/// The vote whose value a proposer must propose: that of the highest ballot among the reports (§2.2, phase 2a), and
/// not the one that most acceptors have cast, nor the one that came last. A value of a lower ballot cannot have been
/// chosen, or the higher ballot would have been bound to it.
fn binding<'a>(promises: &'a [(NodeId, Option<Vote>)], config: &Config) -> Option<&'a Vote> {
    let mut votes = promises.iter().filter_map(|(_, vote)| vote.as_ref());
    match config.variant {
        Variant::IgnoresReports => None,
        Variant::AdoptsLowest => votes.min_by_key(|vote| vote.ballot),
        Variant::AdoptsLast => votes.next_back(),
        _ => votes.max_by(|one, two| config.compare(one.ballot, two.ballot)),
    }
}

impl Paxos {
    /// Waits for its turn to propose, if there is something that it wants.
    pub(super) fn await_turn(&self, ctx: &mut Context<'_>) {
        let wants = self.proposer.as_ref().is_some_and(|proposer| proposer.want.is_some());
        match wants && self.known.is_none() {
            true => ctx.arm(Timer::Propose, ctx.config().propose),
            false => ctx.disarm(Timer::Propose),
        }
    }

    /// Another proposer has begun a ballot: whoever has none of its own waits anew, rather than get in its way (§2.4).
    pub(super) fn let_others_try(&self, from: NodeId, ctx: &mut Context<'_>) {
        if from != ctx.me() && self.proposer.as_ref().is_some_and(|proposer| proposer.phase == Phase::Idle) {
            self.await_turn(ctx);
        }
    }

    /// It has waited long enough: it proposes of its own accord.
    pub(super) fn on_propose(&mut self, ctx: &mut Context<'_>) {
        self.begin_ballot(ctx);
    }

    /// No quorum in time, or a refusal: a higher ballot (§2.4).
    pub(super) fn on_retry(&mut self, ctx: &mut Context<'_>) {
        let Some(proposer) = &mut self.proposer else {
            return ctx.ignore(Note::NotItsRole { from: ctx.me() });
        };
        if let (Variant::WaitsForRefusals, Phase::One { nacks, .. } | Phase::Two { nacks, .. }) =
            (ctx.config().variant, &proposer.phase)
        {
            let (count, needed) = (nacks.len(), majority(ctx.config().quorums.acceptors.len()));
            if count < needed {
                ctx.arm(Timer::Retry, proposer.patience(ctx.config()));
                return ctx.ignore(Note::WaitsForRefusals { count, needed });
            }
        }
        proposer.silent = proposer.phase.silent(ctx.config());
        proposer.failed = proposer.failed.saturating_add(1);
        self.begin_ballot(ctx);
    }

    /// Phase 1a (§2.2): choose a ballot above all that it has used or heard of, remember it, and ask all acceptors for
    /// promises. A ballot is never used twice, not even after a crash (§2.5).
    fn begin_ballot(&mut self, ctx: &mut Context<'_>) {
        let (me, config) = (ctx.me(), ctx.config());
        if let Some(reason) = self.reason_to_rest(me, config) {
            if let Some(proposer) = &mut self.proposer {
                proposer.phase = Phase::Idle;
            }
            self.await_turn(ctx);
            return ctx.ignore(reason);
        }
        let Some(proposer) = &mut self.proposer else { return };
        let heard = proposer.max_seen.max(self.durable.promised).map_or(0, |ballot| ballot.round);
        let round = self.durable.max_round.max(heard) + 1;
        self.durable.max_round = round;
        let owner = match config.variant {
            Variant::SharesBallots | Variant::SharesBallotsStrictly => {
                Config::first(config.proposers).unwrap_or(me)
            }
            _ => me,
        };
        let ballot = Ballot { round, proposer: owner };
        proposer.phase = Phase::One { ballot, promises: Vec::new(), nacks: NodeSet::EMPTY };
        ctx.disarm(Timer::Propose);
        ctx.arm(Timer::Retry, proposer.patience(config));
        ctx.note(match proposer.failed {
            0 => Note::Starts { ballot },
            _ => Note::StartsAnew { ballot, silent: proposer.silent },
        });
        for acceptor in config.quorums.acceptors.iter() {
            self.send(acceptor, Message::Prepare { ballot });
        }
    }

    fn reason_to_rest(&self, me: NodeId, config: &Config) -> Option<Note> {
        let proposer = self.proposer.as_ref()?;
        if let Some(known) = &self.known {
            return Some(Note::AlreadyKnown { value: known.value.clone() });
        }
        if let Some(only) = config.distinguished.filter(|only| *only != me) {
            return Some(Note::LeavesItTo { only });
        }
        let highest = proposer.max_seen.max(self.durable.promised).map_or(0, |ballot| ballot.round);
        match &proposer.want {
            None => Some(Note::WantsNothing),
            Some(_) if MAX_ROUND <= highest.max(self.durable.max_round) => Some(Note::RoundsExhausted),
            Some(_) => None,
        }
    }

    /// An acceptor has promised. Counted by acceptor, so that an answer that comes twice counts once (P-9), and only
    /// for the ballot that it answers (P-11).
    pub(super) fn on_promise(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        accepted: Option<&Vote>,
        ctx: &mut Context<'_>,
    ) {
        let config = ctx.config();
        let Some(proposer) = &mut self.proposer else { return ctx.ignore(Note::NotItsRole { from }) };
        let quorums = proposer.quorums(config);
        let Phase::One { ballot: mine, promises, .. } = &mut proposer.phase else {
            return ctx.ignore(Note::StalePromise { from, ballot });
        };
        let mine = *mine;
        if ballot != mine && config.variant != Variant::CountsStalePromises {
            return ctx.ignore(Note::StalePromise { from, ballot });
        }
        if config.variant != Variant::CountsPromises {
            promises.retain(|(there, _)| *there != from);
        }
        promises.push((from, accepted.cloned()));
        let (count, needed) = (promises.len() as u8, quorums.needed_one());
        ctx.note(Note::PromiseCounted { from, ballot: mine, count, needed });
        if quorums.one(promises.iter().map(|(from, _)| *from)) {
            self.propose(ctx);
        }
    }

    /// Phase 2a (§2.2): with promises from a quorum, propose the value of the highest vote that they report; only where
    /// none reports a vote is the proposer free to propose what it wants.
    fn propose(&mut self, ctx: &mut Context<'_>) {
        let config = ctx.config();
        let Some(proposer) = &mut self.proposer else { return };
        let Phase::One { ballot, promises, .. } = &proposer.phase else { return };
        let ballot = *ballot;
        let value = match (binding(promises, config), &proposer.want) {
            (Some(vote), _) => {
                let (value, from) = (Rc::clone(&vote.value), vote.ballot);
                ctx.note(Note::ProposesBound { ballot, value: Rc::clone(&value), from });
                value
            }
            (None, Some(want)) => {
                let value = match config.variant {
                    Variant::Invents => "?".into(),
                    _ => Rc::clone(want),
                };
                ctx.note(Note::ProposesOwn { ballot, value: Rc::clone(&value) });
                value
            }
            (None, None) => return ctx.ignore(Note::WantsNothing),
        };
        let vote = Vote { ballot, value: Rc::clone(&value) };
        proposer.phase = Phase::Two { ballot, value, accepts: Vec::new(), nacks: NodeSet::EMPTY };
        ctx.arm(Timer::Retry, proposer.patience(config));
        self.ask_for_votes(&vote, config);
    }

    fn ask_for_votes(&mut self, vote: &Vote, config: &Config) {
        for acceptor in config.quorums.acceptors.iter() {
            self.send(acceptor, Message::Accept(vote.clone()));
        }
    }

    /// An acceptor has voted. Counted by acceptor (P-10), and only for the ballot in which it was cast (P-12).
    pub(super) fn count_accept(&mut self, from: NodeId, vote: &Vote, ctx: &mut Context<'_>) {
        let (config, learns) = (ctx.config(), self.learner.is_some());
        let Some(proposer) = &mut self.proposer else { return };
        let quorums = proposer.quorums(config);
        let (mine, value, accepts) = match &mut proposer.phase {
            Phase::Two { ballot, value, accepts, .. }
                if *ballot == vote.ballot || config.variant == Variant::CountsStaleAccepts =>
            {
                (*ballot, Rc::clone(value), accepts)
            }
            // A learner counts it all the same.
            _ if learns => return,
            _ => return ctx.ignore(Note::StaleAccept { from, ballot: vote.ballot }),
        };
        if config.variant != Variant::CountsAccepts {
            accepts.retain(|there| *there != from);
        }
        accepts.push(from);
        let (count, needed) = (accepts.len() as u8, quorums.needed_two());
        ctx.note(Note::AcceptCounted { from, ballot: mine, count, needed });
        if quorums.two(accepts.iter().copied()) {
            self.learn(Vote { ballot: mine, value }, ctx);
        }
    }

    /// An acceptor refuses. The ballot may still succeed with the others, but the next one comes after a pause; never
    /// only after a quorum has refused, which may not be there (PL-3).
    pub(super) fn on_nack(&mut self, from: NodeId, ballot: Ballot, promised: Ballot, ctx: &mut Context<'_>) {
        let Some(proposer) = &mut self.proposer else { return ctx.ignore(Note::NotItsRole { from }) };
        let nacks = match &mut proposer.phase {
            Phase::One { ballot: mine, nacks, .. } | Phase::Two { ballot: mine, nacks, .. }
                if *mine == ballot =>
            {
                nacks
            }
            _ => return ctx.ignore(Note::StaleNack { from, ballot }),
        };
        let first = nacks.is_empty();
        nacks.insert(from);
        proposer.max_seen = proposer.max_seen.max(Some(promised));
        ctx.note(Note::Refused { from, promised });
        if ctx.config().variant == Variant::RetriesAtOnce {
            return self.begin_ballot(ctx);
        }
        if first {
            ctx.arm(Timer::Retry, proposer.pause(ctx.config()));
        }
    }

    // Clients.

    /// A client's command is what the proposer wants from now on, if it is the first. Whatever is chosen in the end,
    /// every client is told.
    pub(super) fn on_request(&mut self, request: &Request, ctx: &mut Context<'_>) {
        let (me, config) = (ctx.me(), ctx.config());
        if let Some(known) = &self.known {
            let value = Rc::clone(&known.value);
            ctx.note(Note::AnswersKnown { value: Rc::clone(&value) });
            return ctx.reply(request.client, request.seq, Outcome::Done { value: Some(value) });
        }
        let Some(proposer) = self.proposer.as_mut().filter(|_| config.may_propose(me)) else {
            let to = config.distinguished.or(Config::first(config.proposers));
            ctx.ignore(Note::Redirects { to });
            return ctx.reply(request.client, request.seq, Outcome::Redirect { leader: to });
        };
        let origin = (request.client, request.seq);
        if !proposer.waiting.contains(&origin) {
            if MAX_WAITING <= proposer.waiting.len() {
                return ctx.ignore(Note::Full);
            }
            proposer.waiting.push(origin);
        }
        match (&proposer.want, proposer.asked) {
            (Some(want), true) => ctx.note(Note::StaysWith { want: Rc::clone(want) }),
            _ => {
                proposer.want = Some(Rc::clone(&request.command));
                proposer.asked = true;
                ctx.note(Note::Wants { value: Rc::clone(&request.command) });
            }
        }
        if config.variant == Variant::Rebinds {
            self.rebind(&request.command, ctx);
        }
        if self.proposer.as_ref().is_some_and(|proposer| proposer.phase == Phase::Idle) {
            self.begin_ballot(ctx);
        }
    }

    /// P-18: a client's request changes the value of a ballot that is under way.
    fn rebind(&mut self, command: &Value, ctx: &mut Context<'_>) {
        let Some(Proposer { phase: Phase::Two { ballot, value, .. }, .. }) = &mut self.proposer else {
            return;
        };
        *value = Rc::clone(command);
        let vote = Vote { ballot: *ballot, value: Rc::clone(command) };
        ctx.note(Note::Rebinds { ballot: vote.ballot, value: Rc::clone(command) });
        self.ask_for_votes(&vote, ctx.config());
    }

    /// The outcome is known: no ballot is needed any more, and every client that waits is told.
    pub(super) fn finish_proposing(&mut self, vote: &Vote, ctx: &mut Context<'_>) {
        let Some(proposer) = &mut self.proposer else { return };
        proposer.phase = Phase::Idle;
        proposer.failed = 0;
        ctx.disarm(Timer::Propose);
        ctx.disarm(Timer::Retry);
        for (client, seq) in std::mem::take(&mut proposer.waiting) {
            ctx.reply(client, seq, Outcome::Done { value: Some(Rc::clone(&vote.value)) });
        }
    }
}

impl Phase {
    fn silent(&self, config: &Config) -> NodeSet {
        let answered = self.answered();
        config.quorums.acceptors.iter().filter(|acceptor| !answered.contains(*acceptor)).collect()
    }
}
