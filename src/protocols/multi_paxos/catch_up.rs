//! Catching up (rule 9): who lacks what is chosen asks for it, and is given a snapshot where it is no longer there; and
//! how a server whose disk was lost comes to vote again.
//!
//! Must not know who leads.

use super::config::Variant;
use super::log::{Command, MAX_SLOT, Slot, Slots, Snapshot};
use super::message::Message;
use super::node::{Context, MultiPaxos, Note, Role};
use crate::engine::ids::NodeId;

/// The most commands that one Learn carries.
const MAX_BATCH: usize = 64;

impl MultiPaxos {
    pub(super) fn ask_to_learn(&mut self, of: NodeId, ctx: &mut Context<'_>) {
        let from = self.commit + 1;
        if MAX_SLOT < from {
            return;
        }
        ctx.note(Note::AsksToLearn { from, of });
        self.send(of, Message::LearnRequest { from }, ctx);
    }

    /// Whoever knows what is chosen may tell it.
    pub(super) fn on_learn_request(&mut self, from: NodeId, slot: Slot, ctx: &mut Context<'_>) {
        if slot <= self.durable.snapshot.last {
            return self.send_snapshot(from, ctx);
        }
        let commands: Vec<Command> = self
            .known
            .range(slot..)
            .zip(slot..)
            .take_while(|((known, _), wanted)| known == wanted)
            .take(MAX_BATCH)
            .map(|((_, command), _)| command.clone())
            .collect();
        let next = match &self.role {
            Role::Leader(leader) => Some(leader.next),
            _ => None,
        };
        if commands.is_empty() && next.is_none() {
            return ctx.ignore(Note::NothingToTell);
        }
        ctx.note(Note::Tells { to: from, slot, last: slot + commands.len() as Slot - 1 });
        self.send(from, Message::Learn { slot, commands, next }, ctx);
    }

    pub(super) fn send_snapshot(&mut self, to: NodeId, ctx: &mut Context<'_>) {
        let snapshot = self.durable.snapshot.clone();
        ctx.note(Note::SendsSnapshot { to, last: snapshot.last });
        self.send(to, Message::Snapshot(snapshot), ctx);
    }

    /// Told what is chosen, it need not have voted for it.
    pub(super) fn on_learn(
        &mut self,
        from: NodeId,
        slot: Slot,
        commands: &[Command],
        next: Option<Slot>,
        ctx: &mut Context<'_>,
    ) {
        let before = self.commit;
        for (slot, command) in (slot..=MAX_SLOT).zip(commands) {
            self.learn(slot, command, ctx);
        }
        match before < self.commit {
            true => ctx.note(Note::Learned { from, slot: before + 1, last: self.commit }),
            false => ctx.ignore(Note::KnownAlready { from }),
        }
        if let (true, None, Some(slot)) = (self.durable.lost, self.watch, next) {
            self.watch = Some(slot);
            ctx.note(Note::Watches { slot });
        }
        self.rejoin_if_seen(ctx);
        if commands.len() == MAX_BATCH && before < self.commit {
            self.ask_to_learn(from, ctx);
        }
        self.fill(ctx);
    }

    /// A server that has lost its disk may have promised and voted what it no longer knows. It comes back once it has
    /// seen settled a slot in which nothing was proposed yet when it returned: then all that its forgotten votes may
    /// have helped to choose is chosen, and it knows it. This is the rule of Paxos Made Live; it trusts that no
    /// promise from before the loss is still on its way.
    fn rejoin_if_seen(&mut self, ctx: &mut Context<'_>) {
        if let Some(slot) = self.watch.filter(|slot| *slot <= self.commit) {
            self.watch = None;
            self.durable.lost = false;
            ctx.note(Note::Rejoins { slot });
        }
    }

    /// A snapshot that is older than what is applied would take the state backwards (M-15).
    pub(super) fn on_snapshot(&mut self, from: NodeId, snapshot: &Snapshot, ctx: &mut Context<'_>) {
        let (last, applied) = (snapshot.last, self.applied);
        let installs_any = ctx.config().variant == Variant::InstallsOldSnapshots;
        if last <= applied && !installs_any {
            return ctx.ignore(Note::OldSnapshot { from, last, applied });
        }
        if installs_any {
            self.known = Slots::default();
        }
        self.install(from, snapshot, ctx);
        self.rejoin_if_seen(ctx);
        self.fill(ctx);
    }

    /// The state after a prefix takes the place of the prefix.
    pub(super) fn install(&mut self, from: NodeId, snapshot: &Snapshot, ctx: &mut Context<'_>) {
        let last = snapshot.last;
        self.durable.snapshot = snapshot.clone();
        self.state = snapshot.state.clone();
        (self.commit, self.applied) = (last, last);
        self.forget_up_to(last);
        if let Role::Leader(leader) = &mut self.role {
            leader.proposals.retain(|slot, _| last < *slot);
            leader.campaign.bound.retain(|slot, _| last < *slot);
            leader.next = leader.next.max(last + 1);
        }
        ctx.note(Note::Installs { from, last });
        self.advance(ctx);
    }

    /// Takes a snapshot when enough is applied since the last one, and forgets what it covers.
    pub(super) fn compact(&mut self, ctx: &mut Context<'_>) {
        let after = ctx.config().snapshot_after;
        let last = self.applied;
        if after == 0 || self.commit != last || last < self.durable.snapshot.last.saturating_add(after) {
            return;
        }
        self.durable.snapshot = Snapshot { last, state: self.state.clone() };
        self.forget_up_to(last);
        ctx.note(Note::TakesSnapshot { last });
    }

    fn forget_up_to(&mut self, slot: Slot) {
        self.durable.accepted.forget_up_to(slot);
        self.known.forget_up_to(slot);
    }
}
