//! What a step may do to one server: promises A3–A6, A8 and A12 of its votes, L2–L5, L7, L8, L10 and L11 of its log.
//!
//! Only looks. Must not know how a violation is shown.

use super::config::Config;
use super::ghost::{Ghost, command_text, durable};
use super::log::{Command, Slot, Slots};
use super::message::Message;
use super::node::{Durable, MultiPaxos, Note, Role};
use super::text as say;
use crate::engine::action::Happening;
use crate::engine::check::print::Printer;
use crate::engine::digest::digest_of;
use crate::engine::ids::NodeId;
use crate::engine::invariant::Witness;
use crate::engine::protocol::Letter;
use crate::engine::world::{self, Step};
use crate::protocols::paxos::Ballot;
use crate::text::Text;
use rpds::{RedBlackTreeMap, RedBlackTreeSet};
use std::hash::Hash;

/// What servers have done.
#[derive(Clone, Debug, Default)]
pub struct Servers {
    /// The highest ballot that each has told others it promises.
    word: RedBlackTreeMap<NodeId, Ballot>,
    /// The ballots that were begun.
    begun: RedBlackTreeSet<Ballot>,
    /// Who has led in which ballot.
    leaders: RedBlackTreeMap<Ballot, NodeId>,
    /// How many commands each has applied in this life, those before included.
    applied: RedBlackTreeMap<NodeId, Slot>,
    /// What was applied first, second and so on, by whoever came there first: its slot and a fingerprint.
    order: RedBlackTreeMap<Slot, (Slot, u64, NodeId)>,
    /// The state after each slot, by whoever came there first.
    states: RedBlackTreeMap<Slot, ((u64, u64), NodeId)>,
}

impl Servers {
    /// What tells it from others, for the checker. Who came first is only said.
    pub(super) fn print(&self, out: &mut Printer<'_>) {
        (&self.word, &self.begun, &self.leaders, &self.applied).hash(out);
        out.list(self.order.iter(), |(place, (slot, command, _)), out| (place, slot, command).hash(out));
        out.list(self.states.iter(), |(slot, (prints, _)), out| (slot, prints).hash(out));
    }

    /// A server that begins as a figure shows it.
    pub(super) fn begin(&mut self, node: NodeId, promised: Option<Ballot>, applied: Slot) {
        promised.into_iter().for_each(|promised| self.word.insert_mut(node, promised));
        self.applied.insert_mut(node, applied);
    }

    /// The highest ballot that a server has told others it promises.
    pub(super) fn promised(&self, node: NodeId) -> Option<Ballot> {
        self.word.get(&node).copied()
    }

    pub(super) fn hear_promise(&mut self, node: NodeId, ballot: Ballot) {
        if self.promised(node) < Some(ballot) {
            self.word.insert_mut(node, ballot);
        }
    }

    /// L5: in a ballot only its leader proposes.
    pub(super) fn check_leader(
        &mut self,
        node: NodeId,
        ballot: Ballot,
        found: &mut Vec<(&'static str, Witness)>,
    ) {
        match self.leaders.get(&ballot).copied() {
            None => self.leaders.insert_mut(ballot, node),
            Some(leader) if leader == node => {}
            Some(leader) => {
                let text = say::ONE_LEADER_BROKEN.with("one", leader).with("other", node);
                found.push(("L5", Witness::nodes(text.with("ballot", ballot), [leader, node])));
            }
        }
    }
}

/// What a server has applied in a step, in order.
struct Applying<'a> {
    commands: Vec<(Slot, &'a Command)>,
    /// Whether each came in its turn and is chosen.
    is_clean: bool,
    /// Whether a snapshot took the place of a prefix.
    installed: bool,
}

impl Ghost {
    pub(super) fn see_server(
        &mut self,
        node: NodeId,
        before: &world::Slot<MultiPaxos>,
        step: &Step<'_, MultiPaxos>,
    ) {
        let after = step.world.slot(node);
        let (old, new) = (durable(before), durable(after));
        // Who knows that its disk is lost promises nothing: it takes no part.
        if new.promised < old.promised && !new.lost {
            let text = say::PROMISE_MONOTONE_BROKEN.with("node", node);
            let text = text.with("before", ballot_text(old.promised));
            self.complain("A4", text.with("after", ballot_text(new.promised)), [node], None);
        }
        match (before.node(), after.node()) {
            (Some(before), Some(after)) => self.see_handled(node, before, after, step),
            (_, up) => {
                if !new.lost {
                    self.check_durable(node, new);
                    self.check_restart(node, before, after, step.world.config());
                }
                if let Some(up) = up {
                    self.servers.applied.insert_mut(node, new.snapshot.last);
                    self.see_applied(node, up, step);
                }
            }
        }
    }

    /// A12: what a crash has left is no less than what others were told.
    fn check_durable(&mut self, node: NodeId, left: &Durable) {
        let told = self.servers.promised(node);
        if left.promised < told {
            let text = say::DURABILITY_BROKEN_PROMISE.with("node", node).with("told", ballot_text(told));
            return self.complain("A12", text.with("left", ballot_text(left.promised)), [node], None);
        }
        let mut slots = self.slots.range(left.snapshot.last + 1..);
        let missing = slots.find(|(slot, history)| {
            let left = left.accepted.get(**slot).map(|vote| vote.ballot);
            left < history.highest(node).map(|vote| vote.ballot)
        });
        if let Some(slot) = missing.map(|(slot, _)| *slot) {
            let text = say::DURABILITY_BROKEN_VOTE.with("node", node).with("slot", slot);
            self.complain("A12", text, [node], Some(slot));
        }
    }

    /// L8: what is durable is the same after a crash and after a restart.
    fn check_restart(
        &mut self,
        node: NodeId,
        before: &world::Slot<MultiPaxos>,
        after: &world::Slot<MultiPaxos>,
        config: &Config,
    ) {
        let (old, new) = (durable(before), durable(after));
        let keeps_commit = before.node().is_none() || config.durable_commit;
        let votes = || old.accepted.range(new.snapshot.last + 1..);
        let is_kept = old.promised <= new.promised
            && old.max_round <= new.max_round
            && votes().all(|(slot, vote)| new.accepted.get(slot) == Some(vote))
            && (!keeps_commit || commit_of(before) <= commit_of(after));
        if !is_kept {
            self.complain("L8", say::RESTART_BROKEN.with("node", node), [node], None);
        }
    }

    fn see_handled(
        &mut self,
        node: NodeId,
        before: &MultiPaxos,
        after: &MultiPaxos,
        step: &Step<'_, MultiPaxos>,
    ) {
        self.see_role(node, before, after);
        self.check_votes(node, before, after, step);
        let applying = self.see_applied(node, after, step);
        self.check_known(node, before, after, &applying);
        let last = after.durable.snapshot.last;
        if last != before.durable.snapshot.last || applying.installed {
            self.check_snapshot(node, after);
        }
    }

    /// A8: a ballot is begun by its owner, and only once. L5: and led by one.
    fn see_role(&mut self, node: NodeId, before: &MultiPaxos, after: &MultiPaxos) {
        let Some(ballot) = after.ballot() else { return };
        if before.ballot() != Some(ballot) {
            if ballot.proposer != node {
                let text = say::OWNERSHIP_BROKEN.with("node", node).with("ballot", ballot);
                self.complain("A8", text.with("owner", ballot.proposer), [node, ballot.proposer], None);
            } else if self.servers.begun.contains(&ballot) {
                self.complain(
                    "A8",
                    say::REUSE_BROKEN.with("node", node).with("ballot", ballot),
                    [node],
                    None,
                );
            }
            self.servers.begun.insert_mut(ballot);
        }
        if let Role::Leader(_) = after.role {
            self.servers.check_leader(node, ballot, &mut self.found);
        }
    }

    /// A6: no vote above the promise, and in no slot a vote below an earlier one.
    fn check_votes(
        &mut self,
        node: NodeId,
        before: &MultiPaxos,
        after: &MultiPaxos,
        step: &Step<'_, MultiPaxos>,
    ) {
        for happening in step.happenings {
            let message = match happening {
                Happening::Sent(_, letter) => match &**letter {
                    Letter::Peer(message) => message,
                    _ => continue,
                },
                Happening::Noted(_, Note::ToItself { message }) => message,
                _ => continue,
            };
            let Message::Accepted { ballot, slot } = *message else { continue };
            let earlier = before.durable.accepted.get(slot).map(|vote| vote.ballot);
            let promised = after.durable.promised;
            if promised < Some(ballot) {
                let text = say::VOTE_ORDER_BROKEN_PROMISE.with("node", node).with("vote", ballot);
                let text = text.with("promised", ballot_text(promised)).with("slot", slot);
                self.complain("A6", text, [node], Some(slot));
            } else if Some(ballot) < earlier {
                let text = say::VOTE_ORDER_BROKEN_BACK.with("node", node).with("after", ballot);
                let text = text.with("before", ballot_text(earlier)).with("slot", slot);
                self.complain("A6", text, [node], Some(slot));
            }
        }
    }

    /// A3: a server takes for chosen only what is. L10: and knows all slots only up to where it does.
    fn check_known(
        &mut self,
        node: NodeId,
        before: &MultiPaxos,
        after: &MultiPaxos,
        applying: &Applying<'_>,
    ) {
        let new = after.known.range(before.commit.saturating_add(1)..);
        let new = new.filter(|(slot, _)| before.known.get(*slot).is_none());
        let mut all = new.chain(applying.commands.iter().copied());
        let wrong = all.find(|(slot, command)| !self.is_chosen(*slot, command));
        if let Some((slot, command)) = wrong {
            let text = say::HONEST_LEARNING_BROKEN.with("node", node).with("slot", slot);
            self.complain("A3", text.with("value", command_text(command)), [node], Some(slot));
        }
        let mut counted = applying.commands.iter().filter(|(slot, _)| *slot <= after.commit);
        if let Some((slot, _)) = counted.find(|(slot, command)| !self.is_chosen(*slot, command)) {
            let text = say::COMMIT_BROKEN.with("node", node).with("commit", after.commit);
            self.complain("L10", text.with("slot", *slot), [node], Some(*slot));
        }
    }

    /// L2 and L3, command by command; then L4 and L7, of the state that it comes to.
    fn see_applied<'a>(
        &mut self,
        node: NodeId,
        after: &MultiPaxos,
        step: &Step<'a, MultiPaxos>,
    ) -> Applying<'a> {
        let mut applying = Applying { commands: Vec::new(), is_clean: true, installed: false };
        for happening in step.happenings {
            match happening {
                Happening::Noted(_, Note::Installs { last, .. }) => {
                    applying.installed = true;
                    self.see_installed(node, *last);
                }
                Happening::Noted(_, Note::Applied { slot, command }) => {
                    applying.is_clean &= self.see_command(node, *slot, command);
                    applying.commands.push((*slot, command));
                }
                _ => {}
            }
        }
        if (applying.installed || !applying.commands.is_empty()) && applying.is_clean {
            self.check_state(node, after, &applying);
        }
        applying
    }

    fn see_installed(&mut self, node: NodeId, last: Slot) {
        let count = self.servers.applied.get(&node).copied().unwrap_or_default();
        if last < count {
            let text = say::APPLIED_BROKEN_BACK.with("node", node).with("before", count);
            self.complain("L3", text.with("after", last), [node], Some(last));
        }
        self.servers.applied.insert_mut(node, last);
    }

    fn see_command(&mut self, node: NodeId, slot: Slot, command: &Command) -> bool {
        let place = self.servers.applied.get(&node).copied().unwrap_or_default() + 1;
        self.servers.applied.insert_mut(node, place);
        let chosen = self.is_chosen(slot, command);
        if slot != place {
            let text = say::APPLIED_BROKEN_ORDER.with("node", node).with("slot", slot);
            self.complain("L3", text.with("place", place), [node], Some(slot));
        } else if !chosen {
            let text = say::APPLIED_BROKEN_CHOSEN.with("node", node).with("slot", slot);
            self.complain("L3", text.with("value", command_text(command)), [node], Some(slot));
        }
        let mine = (slot, digest_of(command), node);
        match self.servers.order.get(&place).copied() {
            None => self.servers.order.insert_mut(place, mine),
            Some(first) if (first.0, first.1) == (mine.0, mine.1) => {}
            Some((_, _, other)) => {
                let text = say::PREFIX_BROKEN.with("one", other).with("other", node);
                self.complain("L2", text.with("place", place), [other, node], Some(slot));
            }
        }
        slot == place && chosen
    }

    fn check_state(&mut self, node: NodeId, after: &MultiPaxos, applying: &Applying<'_>) {
        let (slot, prints) = (after.applied, after.state.machine.prints());
        match self.servers.states.get(&slot).copied() {
            None => self.servers.states.insert_mut(slot, (prints, node)),
            Some((there, _)) if there == prints => {}
            Some((_, other)) => {
                let text = say::STATE_BROKEN.with("one", other).with("other", node).with("slot", slot);
                self.complain("L4", text, [other, node], Some(slot));
            }
        }
        // A command that came a second time has changed nothing.
        let again = |(slot, command): &(Slot, &Command)| {
            let place = command.origin.and_then(|origin| self.clients.place_of(origin));
            place.is_some_and(|place| place < *slot)
        };
        let Some((twice, command)) = applying.commands.iter().find(|applied| again(applied)) else { return };
        let right = self.replays.get(&slot).is_none_or(|state| state.machine.prints().0 == prints.0);
        if !right {
            let text = say::ONCE_BROKEN.with("node", node).with("slot", *twice);
            self.complain("L7", text.with("value", command_text(command)), [node], Some(*twice));
        }
    }

    /// L11: a snapshot is the state after what is chosen up to its last slot.
    fn check_snapshot(&mut self, node: NodeId, after: &MultiPaxos) {
        let snapshot = &after.durable.snapshot;
        let given = self.replays.first().map_or(0, |(first, _)| *first);
        let same = self
            .replays
            .get(&snapshot.last)
            .is_some_and(|state| state.machine.prints() == snapshot.state.machine.prints());
        if given <= snapshot.last && !same {
            let text = say::SNAPSHOT_BROKEN.with("node", node).with("slot", snapshot.last);
            self.complain("L11", text, [node], Some(snapshot.last));
        }
    }
}

fn commit_of(slot: &world::Slot<MultiPaxos>) -> Slot {
    let follows = |known: &Slots<Command>, last: Slot| {
        (last + 1..).take_while(|slot| known.get(*slot).is_some()).last().unwrap_or(last)
    };
    match slot {
        world::Slot::Up(node) | world::Slot::Paused(node) => node.commit,
        world::Slot::Down(durable) => follows(&durable.known, durable.snapshot.last),
    }
}

fn ballot_text(ballot: Option<Ballot>) -> Text {
    ballot.map_or_else(|| Text::from(&say::NONE), |ballot| say::BALLOT_TEXT.with("ballot", ballot))
}
