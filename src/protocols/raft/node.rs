//! One Raft server: Figure 2 of the paper, rule by rule.
//!
//! Each handler cites its section. Must not know the clock, chance, or how it is shown.

use super::log::{Entry, Index, Log, Machine, Term};
use super::message::{AppendEntries, AppendReply, Conflict, Message, RequestVote, VoteReply};
use super::{Config, Variant};
use crate::engine::client::{Outcome, Request};
use crate::engine::digest::digest_of;
use crate::engine::ids::{NodeId, NodeSet};
use crate::engine::protocol::{Ctx, Event, TimerName};
use std::rc::Rc;

/// The most entries that one AppendEntries carries.
const MAX_BATCH: usize = 64;
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

type Context<'a> = Ctx<'a, Raft>;

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

    fn current_term(&self) -> Term {
        self.durable.current_term
    }

    fn log(&self) -> &Log {
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

    fn become_follower(&mut self, ctx: &mut Context<'_>) {
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

    // The leader (§5.3).

    /// Repeat during idle periods to prevent election timeouts (§5.2).
    fn send_heartbeats(&mut self, ctx: &mut Context<'_>) {
        let Role::Leader { .. } = self.role else {
            return ctx.ignore(Note::Impossible { from: ctx.me() });
        };
        ctx.arm(Timer::Heartbeat, (ctx.config().heartbeat, ctx.config().heartbeat));
        ctx.note(Note::Heartbeats { term: self.current_term() });
        for peer in ctx.peers() {
            self.send_entries(peer, 0, ctx);
        }
    }

    /// If a command is received from a client: append to the local log, respond after the entry is applied
    /// (§5.3).
    fn on_request(&mut self, request: &Request, ctx: &mut Context<'_>) {
        let Role::Leader { .. } = self.role else {
            ctx.ignore(Note::Redirects { leader: self.leader_id });
            return ctx.reply(request.client, request.seq, Outcome::Redirect { leader: self.leader_id });
        };
        let origin = (request.client, request.seq);
        // A retry of what has been applied is answered without executing it again (§8).
        if let Some(value) = self.machine.answered(origin).cloned() {
            ctx.ignore(Note::AlreadyApplied { seq: request.seq });
            return ctx.reply(request.client, request.seq, Outcome::Done { value });
        }
        let command = Rc::clone(&request.command);
        let entry = Entry { term: self.current_term(), command: Rc::clone(&command), origin: Some(origin) };
        if !self.durable.log.append(entry) {
            return ctx.ignore(Note::LogFull);
        }
        ctx.note(Note::Took { index: self.log().last_index(), command });
        self.replicate_to_all(ctx);
        self.advance_commit(ctx);
    }

    fn replicate_to_all(&mut self, ctx: &mut Context<'_>) {
        for peer in ctx.peers() {
            self.replicate(peer, ctx);
        }
    }

    /// Sends AppendEntries with the log entries that start at nextIndex (§5.3).
    fn replicate(&mut self, to: NodeId, ctx: &mut Context<'_>) {
        self.send_entries(to, MAX_BATCH, ctx);
    }

    /// A heartbeat carries no entries (§5.2). It takes what was sent before for lost: if that has not been
    /// stored by the time the answer comes, it is sent again.
    fn send_entries(&mut self, to: NodeId, most: usize, ctx: &mut Context<'_>) {
        let Role::Leader { peers } = &mut self.role else { return };
        let Some(peer) = peers.get_mut(to.place()) else { return };
        let log = &self.durable.log;
        let prev_log_index = peer.next_index.saturating_sub(1);
        let Some(prev_log_term) = log.term_at(prev_log_index) else {
            return ctx.ignore(Note::Compacted { peer: to, index: prev_log_index });
        };
        let entries = log.slice(peer.next_index, most);
        peer.sent_index = prev_log_index + entries.len() as Index;
        let message = Message::AppendEntries(AppendEntries {
            term: self.durable.current_term,
            leader_id: ctx.me(),
            prev_log_index,
            prev_log_term,
            entries,
            leader_commit: self.commit_index,
        });
        ctx.send(to, message);
    }

    fn on_append_reply(&mut self, from: NodeId, reply: &AppendReply, ctx: &mut Context<'_>) {
        let term = reply.term;
        let last = self.log().last_index();
        if term < self.current_term() {
            return ctx.ignore(Note::LateAppendReply { from, term });
        }
        let Role::Leader { peers } = &mut self.role else {
            return ctx.ignore(Note::LateAppendReply { from, term });
        };
        let Some(peer) = peers.get_mut(from.place()).filter(|_| reply.match_index <= last) else {
            return ctx.ignore(Note::Impossible { from });
        };
        if reply.success {
            // If successful: update nextIndex and matchIndex for the follower. Never backwards, because an
            // older reply may come later.
            peer.match_index = peer.match_index.max(reply.match_index);
            peer.next_index = peer.next_index.max(peer.match_index + 1);
            let (index, unsent) = (peer.match_index, peer.sent_index.max(peer.match_index) < last);
            ctx.note(Note::Matches { peer: from, index });
            self.advance_commit(ctx);
            if unsent {
                self.replicate(from, ctx);
            }
        } else {
            // If it fails because of log inconsistency: go back and retry.
            let back = self.durable.log.back_up(peer.next_index, reply.conflict.as_ref());
            peer.next_index = back.max(peer.match_index + 1);
            ctx.note(Note::BacksUp { peer: from, next: peer.next_index });
            self.replicate(from, ctx);
        }
    }

    /// If there is an N > commitIndex, a majority of matchIndex[i] ≥ N, and log[N].term = currentTerm: set
    /// commitIndex = N (§5.3, §5.4).
    ///
    /// The last condition is the crux of Raft's safety (§5.4.2). Without it a leader would commit an entry of
    /// an older term once a majority stores it; but a server whose last entry has a term between that older
    /// term and the leader's can still win an election without the entry, since §5.4.1 compares last terms
    /// first, and overwrite it: Figure 8. An entry of the *current* term on a majority leaves no such
    /// server: every later winner needs a vote from that majority, so its last term is at least this one. Terms
    /// do not decrease along a log, so it is enough to look at the highest N that a majority stores.
    fn advance_commit(&mut self, ctx: &mut Context<'_>) {
        let Role::Leader { peers } = &self.role else { return };
        let own = ctx.me().place();
        let mut stored: Vec<Index> = peers
            .iter()
            .enumerate()
            .filter(|(place, _)| *place != own)
            .map(|(_, peer)| peer.match_index)
            .collect();
        stored.push(self.log().last_index());
        stored.sort_unstable_by(|a, b| b.cmp(a));
        let needed = majority(ctx.nodes());
        let index = stored[usize::from(needed) - 1];
        if index <= self.commit_index {
            return;
        }
        let entry_term = self.log().term_at(index).unwrap_or_default();
        let stored_on = stored.iter().filter(|at| index <= **at).count() as u8;
        if entry_term == self.current_term() {
            ctx.note(Note::Committed { index, stored_on, needed });
        } else if ctx.config().variant == Variant::CommitsOldTerms {
            ctx.note(Note::CommitsOlder { index, entry_term });
        } else {
            return ctx.ignore(Note::NotCounted { index, entry_term, current: self.current_term() });
        }
        self.commit_index = index;
        self.apply_committed(ctx);
    }

    // The follower (§5.3).

    /// Receiver implementation of AppendEntries (Figure 2).
    fn on_append_entries(&mut self, from: NodeId, request: &AppendEntries, ctx: &mut Context<'_>) {
        // 1. Reply false if term < currentTerm (§5.1).
        if request.term < self.current_term() {
            ctx.ignore(Note::OldTerm { from, term: request.term, current: self.current_term() });
            return self.answer(from, false, 0, None, ctx);
        }
        if let Role::Leader { .. } = self.role {
            // Election Safety forbids it (§5.2): it takes a broken variant or a forgery.
            return ctx.ignore(Note::TwoLeaders { from, term: request.term });
        }
        // Candidates: if AppendEntries is received from the new leader, convert to follower (§5.2).
        let is_news = self.leader_id != Some(from);
        self.become_follower(ctx);
        self.leader_id = Some(from);
        ctx.arm(Timer::Election, ctx.config().election);
        if is_news {
            ctx.note(Note::Follows { leader: from, term: request.term });
        }
        // 2. Reply false if the log does not contain an entry at prevLogIndex whose term matches (§5.3).
        if let Some((reason, conflict)) = self.reason_to_refuse(from, request) {
            ctx.note(reason);
            let conflict = Some(conflict).filter(|_| ctx.config().conflict_hints);
            return self.answer(from, false, 0, conflict, ctx);
        }
        self.store(from, request, ctx);
        // The end of this request, not of the log: what follows has not been checked against the leader.
        let match_index = request.prev_log_index.saturating_add(request.entries.len() as Index);
        let match_index = match_index.min(self.log().last_index());
        self.learn_commit(request.leader_commit, match_index, ctx);
        self.answer(from, true, match_index, None, ctx);
    }

    fn answer(
        &self,
        to: NodeId,
        success: bool,
        match_index: Index,
        conflict: Option<Conflict>,
        ctx: &mut Context<'_>,
    ) {
        let term = self.current_term();
        ctx.send(to, Message::AppendReply(AppendReply { term, success, match_index, conflict }));
    }

    fn reason_to_refuse(&self, leader: NodeId, request: &AppendEntries) -> Option<(Note, Conflict)> {
        let (log, index) = (self.log(), request.prev_log_index);
        // What the snapshot covers is committed, and so the same on every leader.
        if index < log.base_index() {
            return None;
        }
        match log.term_at(index) {
            Some(term) if term == request.prev_log_term => None,
            Some(term) => {
                let conflict = Conflict { term: Some(term), index: log.first_of_term_at(index) };
                Some((Note::Differs { index, term, leader }, conflict))
            }
            None => {
                let conflict = Conflict { term: None, index: log.last_index() + 1 };
                Some((Note::Lacks { index, leader }, conflict))
            }
        }
    }

    /// 3. If an existing entry conflicts with a new one (same index but different terms), delete it and all
    /// that follow it. 4. Append any new entries not already in the log (§5.3). *Only* on a conflict: an
    /// AppendEntries that arrives late may hold less than the log does, and what follows may be committed.
    fn store(&mut self, leader: NodeId, request: &AppendEntries, ctx: &mut Context<'_>) {
        let before = self.log().last_index();
        let log = &mut self.durable.log;
        let mut stored_from = None;
        for (index, entry) in (request.prev_log_index.saturating_add(1)..).zip(&request.entries) {
            if index <= log.base_index() || log.term_at(index) == Some(entry.term) {
                continue;
            }
            if index <= log.last_index() {
                let to = log.last_index();
                log.truncate_from(index);
                ctx.note(Note::Truncated { from: index, to, leader });
            }
            if !log.append(entry.clone()) {
                ctx.ignore(Note::LogFull);
                break;
            }
            stored_from = stored_from.or(Some(index));
        }
        let last = self.log().last_index();
        match stored_from {
            Some(from) => ctx.note(Note::Stored { from, to: last, leader }),
            None if before == last => ctx.note(Note::HeardHeartbeat { leader }),
            None => {}
        }
    }

    /// 5. If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry): what
    /// follows the new entries may differ from the leader's log.
    fn learn_commit(&mut self, leader_commit: Index, last_new: Index, ctx: &mut Context<'_>) {
        let limit = match ctx.config().variant {
            Variant::TrustsLeaderCommit => self.log().last_index(),
            _ => last_new,
        };
        let index = leader_commit.min(limit);
        if self.commit_index < index {
            self.commit_index = index;
            ctx.note(Note::LearnedCommit { index });
            self.apply_committed(ctx);
        }
    }

    // The state machine.

    /// If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] (§5.3).
    fn apply_committed(&mut self, ctx: &mut Context<'_>) {
        while self.last_applied < self.commit_index {
            let Some(entry) = self.durable.log.get(self.last_applied + 1).cloned() else { return };
            self.last_applied += 1;
            let value = self.machine.apply(&entry);
            ctx.decide(self.last_applied, digest_of(&entry), label(&entry));
            if let (Role::Leader { .. }, Some((client, seq))) = (&self.role, entry.origin) {
                ctx.reply(client, seq, Outcome::Done { value });
            }
        }
    }
}

impl Log {
    /// Where the leader tries next after a refusal (§5.3, end): after its own last entry of the conflicting
    /// term, if it has one, else where the follower's entries of that term begin. Without a hint, one back.
    fn back_up(&self, next: Index, conflict: Option<&Conflict>) -> Index {
        let one_back = next.saturating_sub(1).max(1);
        let Some(conflict) = conflict else { return one_back };
        let own = conflict.term.and_then(|term| self.last_of_term(term, one_back.saturating_sub(1)));
        let target = own.map_or(conflict.index, |index| index + 1);
        target.clamp(1, one_back)
    }
}

/// How many servers are a majority of the configured ones, up or not.
pub fn majority(nodes: u8) -> u8 {
    nodes / 2 + 1
}

fn label(entry: &Entry) -> Rc<str> {
    match entry.command.is_empty() {
        true => format!("term {}", entry.term).into(),
        false => format!("{} in term {}", entry.command, entry.term).into(),
    }
}
