//! One server: its state, what survives a crash, which rule an event is for, and how it applies what is chosen.
//!
//! The rules themselves are in `acceptor`, `election`, `leader`, `catch_up` and `reads`. Must not know the clock,
//! chance, or how it is shown.

use super::config::{Config, Variant};
use super::election::Campaign;
use super::leader::Leader;
use super::log::{Command, Slot, Slots, Snapshot, State, Vote};
use super::message::Message;
use crate::engine::client::Outcome;
use crate::engine::digest::digest_of;
use crate::engine::ids::{ClientId, NodeId, NodeSet};
use crate::engine::protocol::{Ctx, Event, TimerName};
use crate::protocols::paxos::Ballot;
use std::rc::Rc;

/// What survives a crash: an acceptor must remember its promise and its votes, and a server which rounds it has used.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Durable {
    /// The highest round that it has used or seen.
    pub max_round: u32,
    /// The highest ballot that it has promised: one for all slots.
    pub promised: Option<Ballot>,
    /// Its vote of the highest ballot in every slot that the snapshot does not cover.
    pub accepted: Slots<Vote>,
    /// What stands for the slots that are no longer there.
    pub snapshot: Snapshot,
    /// What it knew to be chosen, if that is kept. A running server has it in memory.
    pub known: Slots<Command>,
    /// Its disk was lost: it must not vote before it has seen what its forgotten votes may have settled.
    pub lost: bool,
}

/// What the server is, with what only that role knows.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Votes, and waits for word from a leader.
    Follower,
    /// Asks for promises.
    Candidate(Campaign),
    /// Asks for votes, slot by slot.
    Leader(Leader),
}

/// A server.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MultiPaxos {
    /// Its own name, which it also knows without being asked.
    pub me: NodeId,
    /// What survives a crash.
    pub durable: Durable,
    /// Its role.
    pub role: Role,
    /// Whom it takes for the leader, to send clients there.
    pub leader: Option<NodeId>,
    /// What it knows to be chosen in the slots that the snapshot does not cover. May be forgotten: it can be found out
    /// again.
    pub known: Slots<Command>,
    /// Up to where it knows all slots.
    pub commit: Slot,
    /// The last slot that it has applied.
    pub applied: Slot,
    /// The state after that slot.
    pub state: State,
    /// Whether it has promised the leader to promise to no other for a while (only where reads rest on a lease).
    pub grants: bool,
    /// While its disk is lost: the slot that it must see settled before it votes again.
    pub watch: Option<Slot>,
    /// What it has to say to itself: empty between events.
    pub own: Vec<Message>,
}

/// The timers of a server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// Runs on followers and candidates; going off, it begins a ballot.
    Election,
    /// Runs on leaders; going off, it sends to everyone.
    Heartbeat,
    /// Runs on leaders that wait for votes; going off, it asks again where no answer came.
    Resend,
    /// Runs on acceptors that have promised to elect nobody else; going off, it frees them.
    Grant,
    /// Runs on leaders that hold a lease; going off, it ends it.
    Lease,
}

impl TimerName for Timer {
    const ALL: &'static [(Timer, &'static str)] = &[
        (Timer::Election, "election"),
        (Timer::Heartbeat, "heartbeat"),
        (Timer::Resend, "resend"),
        (Timer::Grant, "grant"),
        (Timer::Lease, "lease"),
    ];
}

/// A state in which a scenario file lets a server begin.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What it has stored; what it knows to be chosen is there too, though it may be volatile.
    pub durable: Durable,
}

/// What happened in a step, or why nothing did.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the narrator's words in `text` say what each one means")]
pub enum Note {
    Campaigns { ballot: Ballot, from: Slot },
    SkipsPhaseOne { ballot: Ballot },
    Promises { ballot: Ballot, from: Slot, votes: u32 },
    PromisesAgain { ballot: Ballot },
    PromiseCounted { from: NodeId, ballot: Ballot, count: u8, needed: u8 },
    Won { ballot: Ballot, promises: u8 },
    AsksNewMembers { ballot: Ballot },
    SteppedDown { ballot: Ballot },
    Follows { leader: NodeId, ballot: Ballot },
    Heartbeats { ballot: Ballot },
    HeardHeartbeat { leader: NodeId },
    HeardAck { from: NodeId },
    Reproposes { slot: Slot, command: Command, from: Ballot },
    FillsGap { slot: Slot },
    LeavesGap { slot: Slot },
    FillsGapWith { slot: Slot, command: Command },
    ProposesNoOp { slot: Slot },
    Took { slot: Slot, command: Rc<str> },
    Queues { command: Rc<str>, window: Slot },
    Votes { slot: Slot, vote: Vote },
    VotesAgain { slot: Slot },
    AckCounted { from: NodeId, slot: Slot, count: u8, needed: u8 },
    Chosen { slot: Slot, vote: Vote, voters: NodeSet },
    Knows { slot: Slot, command: Command },
    LearnedCommit { upto: Slot },
    AsksToLearn { from: Slot, of: NodeId },
    Tells { to: NodeId, slot: Slot, last: Slot },
    Learned { from: NodeId, slot: Slot, last: Slot },
    Applied { slot: Slot, command: Command },
    Duplicate { slot: Slot, seq: u32 },
    ChangesMembers { slot: Slot, from: Slot, members: NodeSet },
    Resends { first: Slot, last: Slot },
    TakesSnapshot { last: Slot },
    SendsSnapshot { to: NodeId, last: Slot },
    Installs { from: NodeId, last: Slot },
    Watches { slot: Slot },
    Rejoins { slot: Slot },
    TakesRead { command: Rc<str>, index: Slot },
    ServesRead { client: ClientId, seq: u32, command: Rc<str>, index: Slot },
    HoldsLease,
    LeaseEnds,
    GrantEnds,
    Refused { from: NodeId, promised: Ballot },
    ToItself { message: Message },
    Redirects { leader: Option<NodeId> },
    AlreadyApplied { seq: u32 },
    PromisedHigher { ballot: Ballot, promised: Ballot },
    OtherBallot { slot: Slot, voted: Ballot, ballot: Ballot },
    StalePromise { from: NodeId, ballot: Ballot },
    LatePromise { from: NodeId },
    StaleAccepted { from: NodeId, ballot: Ballot, slot: Slot },
    StaleNack { from: NodeId, ballot: Ballot },
    StaleAck { from: NodeId, ballot: Ballot },
    Straggler { from: NodeId, slot: Slot },
    SettledAlready { slot: Slot },
    OldSnapshot { from: NodeId, last: Slot, applied: Slot },
    KnownAlready { from: NodeId },
    NothingToTell,
    DoesNotVote,
    NotMember,
    Leased,
    Impossible { from: NodeId },
    Full,
    LogFull,
    RoundsExhausted,
}

pub(super) type Context<'a> = Ctx<'a, MultiPaxos>;

impl MultiPaxos {
    /// A server that starts, or starts again, from what it has stored.
    pub(super) fn booted(mut durable: Durable, ctx: &mut Context<'_>) -> MultiPaxos {
        ctx.arm(Timer::Election, ctx.config().election);
        let (last, state) = (durable.snapshot.last, durable.snapshot.state.clone());
        let known = std::mem::take(&mut durable.known);
        let mut server = MultiPaxos {
            me: ctx.me(),
            durable,
            role: Role::Follower,
            leader: None,
            known,
            commit: last,
            applied: last,
            state,
            grants: false,
            watch: None,
            own: Vec::new(),
        };
        server.grant_after_boot(ctx);
        server.advance(ctx);
        server
    }

    /// A server that begins as a figure shows it.
    pub(super) fn begun(start: &Start, ctx: &mut Context<'_>) -> MultiPaxos {
        MultiPaxos::booted(start.durable.clone(), ctx)
    }

    /// What a crash leaves.
    pub(super) fn survives(&self, config: &Config) -> Durable {
        if config.lost_disk == Some(self.me) {
            return Durable { lost: config.variant != Variant::RejoinsWiped, ..Durable::default() };
        }
        let mut durable = self.durable.clone();
        if config.durable_commit {
            durable.known = self.known.clone();
        }
        durable
    }

    pub(super) fn handle(&mut self, event: Event<'_, MultiPaxos>, ctx: &mut Context<'_>) {
        match event {
            Event::Timer(Timer::Election) => self.on_election(ctx),
            Event::Timer(Timer::Heartbeat) => self.on_heartbeat_due(ctx),
            Event::Timer(Timer::Resend) => self.on_resend(ctx),
            Event::Timer(Timer::Grant) => self.on_grant_end(ctx),
            Event::Timer(Timer::Lease) => self.on_lease_end(ctx),
            Event::Request(request) => self.on_request(request, ctx),
            Event::Message { from, .. } if from == ctx.me() => ctx.ignore(Note::Impossible { from }),
            Event::Message { from, message } => self.on_message(from, message, ctx),
        }
        self.hear_itself(ctx);
    }

    fn on_message(&mut self, from: NodeId, message: &Message, ctx: &mut Context<'_>) {
        match message {
            Message::Prepare { ballot, from: slot } => self.on_prepare(from, *ballot, *slot, ctx),
            Message::Promise(promise) => self.on_promise(from, promise, ctx),
            Message::Nack { ballot, promised } => self.on_nack(from, *ballot, *promised, ctx),
            Message::Accept { slot, vote, commit } => self.on_accept(from, *slot, vote, *commit, ctx),
            Message::Accepted { ballot, slot } => self.on_accepted(from, *ballot, *slot, ctx),
            Message::Commit { ballot, upto } => self.on_commit(from, *ballot, *upto, ctx),
            Message::Heartbeat { ballot, commit, read_seq } => {
                self.on_heartbeat(from, *ballot, *commit, *read_seq, ctx);
            }
            Message::HeartbeatAck { ballot, applied, read_seq } => {
                self.on_heartbeat_ack(from, *ballot, *applied, *read_seq, ctx);
            }
            Message::LearnRequest { from: slot } => self.on_learn_request(from, *slot, ctx),
            Message::Learn { slot, commands, next } => self.on_learn(from, *slot, commands, *next, ctx),
            Message::Snapshot(snapshot) => self.on_snapshot(from, snapshot, ctx),
        }
    }

    /// Sends a message. What a server says to itself needs no network, and is handled in the same event.
    pub(super) fn send(&mut self, to: NodeId, message: Message, ctx: &mut Context<'_>) {
        match to == self.me {
            true => self.own.push(message),
            false => ctx.send(to, message),
        }
    }

    fn hear_itself(&mut self, ctx: &mut Context<'_>) {
        while !self.own.is_empty() {
            for message in std::mem::take(&mut self.own) {
                ctx.note(Note::ToItself { message: message.clone() });
                self.on_message(self.me, &message, ctx);
            }
        }
    }

    /// The ballot that it has begun itself and still works on.
    pub fn ballot(&self) -> Option<Ballot> {
        match &self.role {
            Role::Follower => None,
            Role::Candidate(campaign) => Some(campaign.ballot),
            Role::Leader(leader) => Some(leader.campaign.ballot),
        }
    }

    /// A ballot above its own ends whatever it was about: what it has proposed stays with the acceptors.
    pub(super) fn step_down(&mut self, ballot: Ballot, ctx: &mut Context<'_>) {
        let role = std::mem::replace(&mut self.role, Role::Follower);
        if role == Role::Follower {
            return;
        }
        ctx.note(Note::SteppedDown { ballot });
        self.leader = None;
        ctx.arm(Timer::Election, ctx.config().election);
        if let Role::Leader(leader) = role {
            for timer in [Timer::Heartbeat, Timer::Resend, Timer::Lease] {
                ctx.disarm(timer);
            }
            for (client, seq) in leader.never_proposed() {
                ctx.reply(client, seq, Outcome::Redirect { leader: None });
            }
        }
    }

    // What is chosen.

    /// Takes in what is chosen in a slot, and applies what can be applied.
    pub(super) fn learn(&mut self, slot: Slot, command: &Command, ctx: &mut Context<'_>) {
        if self.knows(slot) {
            return;
        }
        self.known.insert(slot, command.clone());
        if ctx.config().variant == Variant::AppliesOnArrival {
            self.apply(slot, command, ctx);
        }
        self.advance(ctx);
    }

    /// Whether it knows what is chosen in a slot, or has known it.
    pub(super) fn knows(&self, slot: Slot) -> bool {
        slot <= self.commit || self.known.get(slot).is_some()
    }

    /// Applies in the order of the slots, and nothing behind a hole: what is chosen there may change what comes after.
    pub(super) fn advance(&mut self, ctx: &mut Context<'_>) {
        while let Some(command) = self.known.get(self.commit + 1).cloned() {
            self.commit += 1;
            if ctx.config().variant != Variant::AppliesOnArrival {
                self.apply(self.commit, &command, ctx);
            }
        }
        self.compact(ctx);
    }

    fn apply(&mut self, slot: Slot, command: &Command, ctx: &mut Context<'_>) {
        let config = ctx.config();
        self.applied = self.applied.max(slot);
        ctx.note(Note::Applied { slot, command: command.clone() });
        if let Some(members) = command.members(config.nodes) {
            let from = config.takes_effect(slot);
            self.state.change_members(from, members, slot);
            ctx.note(Note::ChangesMembers { slot, from, members });
        }
        let machine = &mut self.state.machine;
        if let Some((_, seq)) = command.origin.filter(|origin| machine.answered(*origin).is_some()) {
            ctx.note(Note::Duplicate { slot, seq });
        }
        let value = match config.variant {
            Variant::ForgetsSessions => machine.execute(&command.text),
            _ => machine.apply(&command.text, command.origin),
        };
        ctx.decide(slot, digest_of(command), label(command));
        if let (Role::Leader(_), Some((client, seq))) = (&self.role, command.origin) {
            ctx.reply(client, seq, Outcome::Done { value });
        }
    }
}

fn label(command: &Command) -> Rc<str> {
    match command.is_no_op() {
        true => "no-op".into(),
        false => Rc::clone(&command.text),
    }
}
