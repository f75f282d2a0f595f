//! One Raft server: how a leader replicates its log and commits (§5.3, §5.4), what a follower does with it, and how
//! both apply it.
//!
//! Each handler cites its section. Must not know the clock, chance, or how it is shown.

use super::Variant;
use super::log::{Entry, Index, Log};
use super::message::{AppendEntries, AppendReply, Conflict, Message};
use super::node::{Context, Note, Raft, Role, Timer, majority};
use crate::engine::client::{Outcome, Request};
use crate::engine::digest::digest_of;
use crate::engine::ids::NodeId;
use std::rc::Rc;

/// The most entries that one AppendEntries carries.
const MAX_BATCH: usize = 64;

impl Raft {
    // The leader (§5.3).

    /// Repeat during idle periods to prevent election timeouts (§5.2).
    pub(super) fn send_heartbeats(&mut self, ctx: &mut Context<'_>) {
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
    pub(super) fn on_request(&mut self, request: &Request, ctx: &mut Context<'_>) {
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

    pub(super) fn replicate_to_all(&mut self, ctx: &mut Context<'_>) {
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

    pub(super) fn on_append_reply(&mut self, from: NodeId, reply: &AppendReply, ctx: &mut Context<'_>) {
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
    pub(super) fn advance_commit(&mut self, ctx: &mut Context<'_>) {
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
    pub(super) fn on_append_entries(&mut self, from: NodeId, request: &AppendEntries, ctx: &mut Context<'_>) {
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

    /// Rule 3: if an existing entry conflicts with a new one (same index but different terms), delete it and all
    /// that follow it. Rule 4: append any new entries not already in the log (§5.3). *Only* on a conflict: an
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

    /// Rule 5: if leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry): what
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
    pub(super) fn apply_committed(&mut self, ctx: &mut Context<'_>) {
        while self.last_applied < self.commit_index {
            let Some(entry) = self.durable.log.get(self.last_applied + 1).cloned() else { return };
            self.last_applied += 1;
            let value = self.machine.apply(&entry.command, entry.origin);
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

fn label(entry: &Entry) -> Rc<str> {
    match entry.command.is_empty() {
        true => format!("term {}", entry.term).into(),
        false => format!("{} in term {}", entry.command, entry.term).into(),
    }
}
