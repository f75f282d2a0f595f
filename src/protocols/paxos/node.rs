//! One Paxos node: its state, what survives a crash, and which role an event is for. The roles themselves are in
//! `proposer`, `acceptor` and `learner`.
//!
//! Must not know the clock, chance, or how it is shown.

use super::ballot::{Ballot, Value, Vote, own_value};
use super::config::{Config, Variant};
use super::learner::Learner;
use super::message::Message;
use super::proposer::Proposer;
use crate::engine::ids::{NodeId, NodeSet};
use crate::engine::protocol::{Ctx, Event, TimerName};

/// The most messages that wait for the disk; what would need more is handled as if it had been lost on its way.
const MAX_WAITING: usize = 64;

/// What survives a crash (§2.5): an acceptor must remember its promise and its vote, a proposer which rounds it has
/// used. A learner may forget everything.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Durable {
    /// As a proposer: the highest round that it has used.
    pub max_round: u32,
    /// As an acceptor: the highest ballot that it has promised; it takes part in none below.
    pub promised: Option<Ballot>,
    /// As an acceptor: its vote of the highest ballot.
    pub accepted: Option<Vote>,
}

/// A node.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Paxos {
    /// What it knows of what must survive a crash.
    pub durable: Durable,
    /// What really is on the disk, as long as a write is under way.
    pub on_disk: Option<Durable>,
    /// What it has to send: empty between events, unless a write is under way on which it relies.
    pub outbox: Vec<(NodeId, Message)>,
    /// What it remembers as a proposer, if it is one.
    pub proposer: Option<Proposer>,
    /// Whether it is an acceptor.
    pub acceptor: bool,
    /// What it remembers as a learner, if it is one.
    pub learner: Option<Learner>,
    /// What it knows to be chosen. May be forgotten: it can be found out again.
    pub known: Option<Vote>,
}

/// The timers of a node.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// Runs on a proposer that wants something and has no ballot; going off, it begins one.
    Propose,
    /// Runs on a proposer with a ballot; going off, it gives the ballot up and begins a higher one (§2.4).
    Retry,
    /// Runs on a learner that does not know the outcome; going off, it asks (§2.3).
    Ask,
    /// Runs while something is written to the disk; going off, the write is done (§2.5).
    Disk,
}

impl TimerName for Timer {
    const ALL: &'static [(Timer, &'static str)] =
        &[(Timer::Propose, "propose"), (Timer::Retry, "retry"), (Timer::Ask, "ask"), (Timer::Disk, "disk")];
}

/// A state in which a scenario file lets a node begin.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What it has stored.
    pub durable: Durable,
    /// What it wants, if not its own value.
    pub want: Option<Value>,
}

/// What happened in a step, or why nothing did.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the narrator's words in `text` say what each one means")]
pub enum Note {
    Starts { ballot: Ballot },
    StartsAnew { ballot: Ballot, silent: NodeSet },
    Promises { ballot: Ballot, accepted: Option<Vote> },
    PromisesAgain { ballot: Ballot },
    PromiseCounted { from: NodeId, ballot: Ballot, count: u8, needed: u8 },
    ProposesOwn { ballot: Ballot, value: Value },
    ProposesBound { ballot: Ballot, value: Value, from: Ballot },
    Rebinds { ballot: Ballot, value: Value },
    Votes { vote: Vote },
    VotesAgain { vote: Vote },
    AcceptCounted { from: NodeId, ballot: Ballot, count: u8, needed: u8 },
    VoteSeen { from: NodeId, vote: Vote, count: u8, needed: u8 },
    Chosen { vote: Vote, voters: NodeSet },
    Knows { value: Value },
    Told { from: NodeId, value: Value },
    Tells { value: Value },
    Refused { from: NodeId, promised: Ballot },
    Asks,
    Answers { to: NodeId },
    Wants { value: Value },
    Written,
    ToItself { message: Message },
    QuorumsMiss { one: NodeSet, two: NodeSet },
    AlreadyKnown { value: Value },
    AnswersKnown { value: Value },
    StaysWith { want: Value },
    Redirects { to: Option<NodeId> },
    PromisedHigher { ballot: Ballot, promised: Ballot },
    NotPromised { ballot: Ballot },
    FirstVoteStays { vote: Vote },
    NotAgain { ballot: Ballot },
    StalePromise { from: NodeId, ballot: Ballot },
    StaleAccept { from: NodeId, ballot: Ballot },
    StaleNack { from: NodeId, ballot: Ballot },
    StragglerKnows { from: NodeId },
    NothingToTell,
    LeavesItTo { only: NodeId },
    WantsNothing,
    WaitsForRefusals { count: u8, needed: u8 },
    NotItsRole { from: NodeId },
    Impossible { from: NodeId },
    DiskBusy,
    Full,
    RoundsExhausted,
}

pub(super) type Context<'a> = Ctx<'a, Paxos>;

impl Paxos {
    /// A node that starts, or starts again, from what it has stored.
    pub(super) fn booted(durable: Durable, ctx: &mut Context<'_>) -> Paxos {
        let mut node = Paxos {
            durable,
            on_disk: None,
            outbox: Vec::new(),
            proposer: None,
            acceptor: false,
            learner: None,
            known: None,
        };
        node.take_roles(ctx);
        node
    }

    /// A node that begins as a figure shows it.
    pub(super) fn begun(start: &Start, ctx: &mut Context<'_>) -> Paxos {
        let mut node = Paxos::booted(start.durable.clone(), ctx);
        if let (Some(proposer), Some(want)) = (&mut node.proposer, &start.want) {
            proposer.want = Some(want.clone());
            proposer.asked = true;
            ctx.arm(Timer::Propose, ctx.config().propose);
        }
        node
    }

    /// Takes up the roles that the set-up gives it: at its start, and with the next event after they have changed.
    fn take_roles(&mut self, ctx: &mut Context<'_>) {
        let (me, config) = (ctx.me(), ctx.config());
        self.acceptor = config.quorums.acceptors.contains(me);
        let (proposes, learns) = (config.proposers.contains(me), config.learners.contains(me));
        if proposes != self.proposer.is_some() {
            self.proposer = proposes.then(|| Proposer::new(config.own_values.then(|| own_value(me))));
            ctx.disarm(Timer::Retry);
            self.await_turn(ctx);
        }
        if learns != self.learner.is_some() {
            self.learner = learns.then(Learner::default);
            match learns && self.known.is_none() {
                true => ctx.arm(Timer::Ask, config.ask),
                false => ctx.disarm(Timer::Ask),
            }
        }
    }

    pub(super) fn handle(&mut self, event: Event<'_, Paxos>, ctx: &mut Context<'_>) {
        if MAX_WAITING <= self.outbox.len() && !matches!(event, Event::Timer(Timer::Disk)) {
            self.keep_timer(&event, ctx);
            return ctx.ignore(Note::DiskBusy);
        }
        self.take_roles(ctx);
        self.writing(ctx, |node, ctx| match event {
            Event::Timer(Timer::Propose) => node.on_propose(ctx),
            Event::Timer(Timer::Retry) => node.on_retry(ctx),
            Event::Timer(Timer::Ask) => node.on_ask(ctx),
            Event::Timer(Timer::Disk) => node.on_written(ctx),
            Event::Request(request) => node.on_request(request, ctx),
            Event::Message { from, .. } if from == ctx.me() => ctx.ignore(Note::Impossible { from }),
            Event::Message { from, message } => node.on_message(from, message, ctx),
        });
        self.send_outbox(ctx);
    }

    /// A timer that goes off while the disk is busy goes off again.
    fn keep_timer(&self, event: &Event<'_, Paxos>, ctx: &mut Context<'_>) {
        if let Event::Timer(timer) = event {
            ctx.arm(*timer, ctx.config().ask);
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, ctx: &mut Context<'_>) {
        match message {
            Message::Prepare { ballot } => self.on_prepare(from, *ballot, ctx),
            Message::Promise { ballot, accepted } => self.on_promise(from, *ballot, accepted.as_ref(), ctx),
            Message::Nack { ballot, promised } => self.on_nack(from, *ballot, *promised, ctx),
            Message::Accept(vote) => self.on_accept(from, vote, ctx),
            Message::Accepted(vote) => self.on_accepted(from, vote, ctx),
            Message::Learn(vote) => self.on_learn(from, vote, ctx),
            Message::Query => self.on_query(from, ctx),
        }
    }

    // The disk (§2.5): what a handler sends leaves only after what it has changed is written.

    /// What is on the disk now.
    pub fn written(&self) -> &Durable {
        self.on_disk.as_ref().unwrap_or(&self.durable)
    }

    /// What a crash leaves: with a variant, less than is on the disk.
    pub(super) fn survives(&self, config: &Config) -> Durable {
        let mut durable = self.written().clone();
        match config.variant {
            Variant::ForgetsPromise => durable.promised = None,
            Variant::ForgetsVote => durable.accepted = None,
            Variant::ForgetsRound => durable.max_round = 0,
            _ => {}
        }
        durable
    }

    /// Handles something, and begins to write what it has changed, where writing takes time.
    fn writing(&mut self, ctx: &mut Context<'_>, handle: impl FnOnce(&mut Paxos, &mut Context<'_>)) {
        let before = self.durable.clone();
        handle(self, ctx);
        let takes_time = 0 < ctx.config().disk.1.0;
        if takes_time && self.on_disk.is_none() && self.durable != before {
            self.on_disk = Some(before);
            ctx.arm(Timer::Disk, ctx.config().disk);
        }
    }

    fn on_written(&mut self, ctx: &mut Context<'_>) {
        self.on_disk = None;
        ctx.note(Note::Written);
    }

    /// Puts a message into the outbox.
    pub(super) fn send(&mut self, to: NodeId, message: Message) {
        self.outbox.push((to, message));
    }

    /// Sends what may leave. What a node says to itself needs no network, and is handled at once; if it begins to write
    /// by that, only what it says from then on has to wait.
    fn send_outbox(&mut self, ctx: &mut Context<'_>) {
        let early = ctx.config().variant == Variant::AnswersBeforeWriting;
        while !self.outbox.is_empty() && (self.on_disk.is_none() || early) {
            let ready = std::mem::take(&mut self.outbox);
            for (to, message) in ready {
                if to == ctx.me() {
                    ctx.note(Note::ToItself { message: message.clone() });
                    self.writing(ctx, |node, ctx| node.on_message(to, &message, ctx));
                } else {
                    ctx.send(to, message);
                }
            }
        }
    }
}
