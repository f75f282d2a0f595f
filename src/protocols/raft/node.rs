//! One Raft server: Figure 2 of the paper, rule by rule. Here its state, terms and elections; `replication` has the
//! log.
//!
//! Each handler cites its section. Must not know the clock, chance, or how it is shown.

use super::log::{Entry, Index, Log, Term};
use super::message::{Message, RequestVote, VoteReply};
use super::{Config, Variant};
use crate::engine::ids::{NodeId, NodeSet};
use crate::engine::protocol::{Ctx, Event, TimerName};
use crate::protocols::machine::Machine;
use std::rc::Rc;

/// The last term that a server may reach, far beyond any run; a bound, so that no addition overflows.
pub const MAX_TERM: Term = 1_000_000_000;

/// Persistent state on all servers (Figure 2): updated on stable storage before responding to RPCs.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Durable {
    /// Latest term that the server has seen; increases monotonically.
    pub current_term: Term,
    /// The candidate that received the server's vote in the current term.
    pub voted_for: Option<NodeId>,
    /// Log entries.
    pub log: Log,
}

/// What the server is in its current term, with what only that role knows.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Responds to leaders and candidates (§5.2).
    Follower,
    /// Asks for votes (§5.2).
    Candidate {
        /// Who has granted its vote in this term: a set, so that a reply that comes twice counts once.
        votes: NodeSet,
    },
    /// Takes requests and replicates them (§5.3).
    Leader {
        /// What it supposes of every server, in order of their numbers; its own place is not used.
        peers: Vec<Peer>,
    },
}

/// Volatile state on leaders (Figure 2), for one follower; reinitialised after election.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Peer {
    /// Index of the next log entry to send to it.
    pub next_index: Index,
    /// Index of the highest log entry known to be replicated on it.
    pub match_index: Index,
    /// Index of the last entry that has been sent to it since the last heartbeat, so that a reply does not
    /// send again what is still on its way. Not in the paper.
    pub sent_index: Index,
}

/// A server.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Raft {
    /// What survives a crash.
    pub durable: Durable,
    /// Its role in the current term.
    pub role: Role,
    /// Index of the highest log entry known to be committed; starts at 0 after every boot.
    pub commit_index: Index,
    /// Index of the highest log entry applied to the state machine; starts at 0 after every boot.
    pub last_applied: Index,
    /// Whom it takes for the leader of the current term, to send clients there.
    pub leader_id: Option<NodeId>,
    /// The state machine, rebuilt from the log after every boot.
    pub machine: Machine,
}

/// The timers of a server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Timer {
    /// Runs on followers and candidates; going off, it begins an election (§5.2).
    Election,
    /// Runs on leaders; going off, it sends to everyone (§5.2).
    Heartbeat,
}

impl TimerName for Timer {
    const ALL: &'static [(Timer, &'static str)] =
        &[(Timer::Election, "election"), (Timer::Heartbeat, "heartbeat")];
}

/// A state in which a scenario file lets a server begin.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// What it has stored.
    pub durable: Durable,
    /// What it knows to be committed: volatile, but figures in papers show it.
    pub commit_index: Index,
}

/// What happened in a step, or why nothing did.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the narrator's words in `text` say what each one means")]
pub enum Note {
    Campaigns { term: Term },
    Voted { candidate: NodeId, term: Term },
    VoteCounted { from: NodeId, votes: u8, needed: u8 },
    Won { term: Term, votes: u8 },
    SteppedDown { term: Term, from: NodeId },
    NewTerm { term: Term, from: NodeId },
    Follows { leader: NodeId, term: Term },
    Heartbeats { term: Term },
    Took { index: Index, command: Rc<str> },
    Stored { from: Index, to: Index, leader: NodeId },
    HeardHeartbeat { leader: NodeId },
    Truncated { from: Index, to: Index, leader: NodeId },
    Lacks { index: Index, leader: NodeId },
    Differs { index: Index, term: Term, leader: NodeId },
    Matches { peer: NodeId, index: Index },
    BacksUp { peer: NodeId, next: Index },
    Committed { index: Index, stored_on: u8, needed: u8 },
    CommitsOlder { index: Index, entry_term: Term },
    LearnedCommit { index: Index },
    Redirects { leader: Option<NodeId> },
    AlreadyApplied { seq: u32 },
    OldTerm { from: NodeId, term: Term, current: Term },
    AlreadyVoted { candidate: NodeId, voted_for: NodeId, term: Term },
    LogBehind { candidate: NodeId },
    VoteRefused { from: NodeId },
    LateVote { from: NodeId, term: Term },
    LateAppendReply { from: NodeId, term: Term },
    NotCounted { index: Index, entry_term: Term, current: Term },
    TwoLeaders { from: NodeId, term: Term },
    Compacted { peer: NodeId, index: Index },
    Impossible { from: NodeId },
    LogFull,
    TermsExhausted,
}

pub(super) type Context<'a> = Ctx<'a, Raft>;

impl Raft {
    /// A server that starts, or starts again, as a follower (§5.2).
    pub(super) fn booted(durable: Durable, ctx: &mut Context<'_>) -> Raft {
        ctx.arm(Timer::Election, ctx.config().election);
        let base = durable.log.base_index();
        Raft {
            durable,
            role: Role::Follower,
            commit_index: base,
            last_applied: base,
            leader_id: None,
            machine: Machine::default(),
        }
    }

    /// A server that begins as a figure shows it.
    pub(super) fn begun(start: &Start, ctx: &mut Context<'_>) -> Raft {
        let mut server = Raft::booted(start.durable.clone(), ctx);
        server.commit_index = start.commit_index.max(server.commit_index);
        server.apply_committed(ctx);
        server
    }

    pub(super) fn handle(&mut self, event: Event<'_, Raft>, ctx: &mut Context<'_>) {
        match event {
            Event::Timer(Timer::Election) => self.start_election(ctx),
            Event::Timer(Timer::Heartbeat) => self.send_heartbeats(ctx),
            Event::Request(request) => self.on_request(request, ctx),
            Event::Message { from, message } => self.on_message(from, message, ctx),
        }
    }

    fn on_message(&mut self, from: NodeId, message: &Message, ctx: &mut Context<'_>) {
        if MAX_TERM < message.term() || from == ctx.me() {
            return ctx.ignore(Note::Impossible { from });
        }
        self.adopt_term(from, message.term(), ctx);
        match message {
            Message::RequestVote(request) => self.on_request_vote(from, request, ctx),
            Message::VoteReply(reply) => self.on_vote_reply(from, reply, ctx),
            Message::AppendEntries(request) => self.on_append_entries(from, request, ctx),
            Message::AppendReply(reply) => self.on_append_reply(from, reply, ctx),
        }
    }

    pub(super) fn current_term(&self) -> Term {
        self.durable.current_term
    }

    pub(super) fn log(&self) -> &Log {
        &self.durable.log
    }

    // Terms and roles (§5.1).

    /// Rules for all servers: a term above mine makes me a follower in that term (§5.1).
    fn adopt_term(&mut self, from: NodeId, term: Term, ctx: &mut Context<'_>) {
        if term <= self.current_term() {
            return;
        }
        let note = match self.role {
            Role::Follower => Note::NewTerm { term, from },
            Role::Candidate { .. } | Role::Leader { .. } => Note::SteppedDown { term, from },
        };
        self.durable.current_term = term;
        self.durable.voted_for = None;
        self.leader_id = None;
        self.become_follower(ctx);
        ctx.note(note);
    }

    pub(super) fn become_follower(&mut self, ctx: &mut Context<'_>) {
        if let Role::Leader { .. } = self.role {
            ctx.disarm(Timer::Heartbeat);
            ctx.arm(Timer::Election, ctx.config().election);
        }
        self.role = Role::Follower;
    }

    // Elections (§5.2).

    /// On conversion to candidate: increment the term, vote for self, reset the timer, ask everyone (§5.2).
    fn start_election(&mut self, ctx: &mut Context<'_>) {
        ctx.arm(Timer::Election, ctx.config().election);
        if MAX_TERM <= self.current_term() {
            return ctx.ignore(Note::TermsExhausted);
        }
        let me = ctx.me();
        self.durable.current_term += 1;
        self.durable.voted_for = Some(me);
        self.leader_id = None;
        self.role = Role::Candidate { votes: [me].into_iter().collect() };
        ctx.note(Note::Campaigns { term: self.current_term() });
        ctx.broadcast(Message::RequestVote(RequestVote {
            term: self.current_term(),
            candidate_id: me,
            last_log_index: self.log().last_index(),
            last_log_term: self.log().last_term(),
        }));
        self.count_votes(ctx);
    }

    /// Receiver implementation of RequestVote (Figure 2).
    fn on_request_vote(&mut self, from: NodeId, request: &RequestVote, ctx: &mut Context<'_>) {
        let refusal = self.reason_against(request, ctx.config());
        let vote_granted = refusal.is_none();
        match refusal {
            Some(reason) => ctx.ignore(reason),
            None => {
                self.durable.voted_for = Some(request.candidate_id);
                ctx.arm(Timer::Election, ctx.config().election);
                ctx.note(Note::Voted { candidate: request.candidate_id, term: self.current_term() });
            }
        }
        ctx.send(from, Message::VoteReply(VoteReply { term: self.current_term(), vote_granted }));
    }

    fn reason_against(&self, request: &RequestVote, config: &Config) -> Option<Note> {
        let candidate = request.candidate_id;
        // 1. Reply false if term < currentTerm (§5.1).
        if request.term < self.current_term() {
            let (term, current) = (request.term, self.current_term());
            return Some(Note::OldTerm { from: candidate, term, current });
        }
        // 2. One vote a term, first come first served (§5.2) ...
        if let Some(voted_for) = self.durable.voted_for.filter(|voted_for| *voted_for != candidate) {
            return Some(Note::AlreadyVoted { candidate, voted_for, term: request.term });
        }
        // A leader or candidate has voted for itself, unless a variant forgot it; it never votes again.
        if self.role != Role::Follower {
            return Some(Note::Impossible { from: candidate });
        }
        // ... and only for a log that is at least as up to date as mine: the one with the later last term,
        // or, with equal last terms, the longer one (§5.4.1).
        let theirs = (request.last_log_term, request.last_log_index);
        let mine = (self.log().last_term(), self.log().last_index());
        if theirs < mine && config.variant != Variant::IgnoresLog {
            return Some(Note::LogBehind { candidate });
        }
        None
    }

    fn on_vote_reply(&mut self, from: NodeId, reply: &VoteReply, ctx: &mut Context<'_>) {
        // A reply of an older term answers an election that is over (§5.1).
        if reply.term < self.current_term() {
            return ctx.ignore(Note::LateVote { from, term: reply.term });
        }
        let Role::Candidate { votes } = &mut self.role else {
            return ctx.ignore(Note::LateVote { from, term: reply.term });
        };
        if !reply.vote_granted {
            return ctx.ignore(Note::VoteRefused { from });
        }
        votes.insert(from);
        let (votes, needed) = (votes.len(), majority(ctx.nodes()));
        ctx.note(Note::VoteCounted { from, votes, needed });
        self.count_votes(ctx);
    }

    /// If votes are received from a majority of servers: become leader (§5.2).
    fn count_votes(&mut self, ctx: &mut Context<'_>) {
        if let Role::Candidate { votes } = self.role
            && majority(ctx.nodes()) <= votes.len()
        {
            self.become_leader(votes.len(), ctx);
        }
    }

    fn become_leader(&mut self, votes: u8, ctx: &mut Context<'_>) {
        let last = self.log().last_index();
        let peer = Peer { next_index: last + 1, match_index: 0, sent_index: last };
        self.role = Role::Leader { peers: vec![peer; usize::from(ctx.nodes())] };
        self.leader_id = Some(ctx.me());
        ctx.note(Note::Won { term: self.current_term(), votes });
        ctx.disarm(Timer::Election);
        if ctx.config().noop {
            // A committed entry of the own term settles all that came before it (§8).
            self.durable.log.append(Entry { term: self.current_term(), command: "".into(), origin: None });
        }
        self.replicate_to_all(ctx);
        ctx.arm(Timer::Heartbeat, (ctx.config().heartbeat, ctx.config().heartbeat));
        self.advance_commit(ctx);
    }
}

/// How many servers are a majority of the configured ones, up or not.
pub fn majority(nodes: u8) -> u8 {
    nodes / 2 + 1
}
