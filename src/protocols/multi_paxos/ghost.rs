//! What only the observer remembers: for every slot everything that was ever proposed, voted for and chosen. Takes a
//! step in message by message, and notes at once what contradicts what came before.
//!
//! "Chosen" follows from the history of votes, never from what acceptors hold now. What a step does to one server is
//! looked at in `monitors`, what clients are told in `clients`. Servers never see any of this.

use super::clients::Clients;
use super::config::Config;
use super::history::History;
use super::log::{Command, Slot, State, Vote};
use super::message::{Message, Promise};
use super::monitors::Servers;
use super::node::{Durable, MultiPaxos, Note};
use super::text as say;
use crate::engine::action::Happening;
use crate::engine::check::print::Printer;
use crate::engine::describe::listed;
use crate::engine::ids::{MemberId, NodeId, NodeSet};
use crate::engine::invariant::Witness;
use crate::engine::protocol::Letter;
use crate::engine::world::{self, Step};
use crate::protocols::paxos::{Ballot, Quorums};
use crate::text::Text;
use rpds::{RedBlackTreeMap, Vector};
use std::collections::BTreeSet;
use std::hash::Hash;
use std::rc::Rc;

/// What only the observer remembers.
#[derive(Clone, Debug, Default)]
pub struct Ghost {
    /// What has happened in every slot.
    pub slots: RedBlackTreeMap<Slot, Rc<History>>,
    /// Up to where every slot is chosen.
    pub settled: Slot,
    /// The last slot that is chosen.
    pub last_chosen: Slot,
    /// What was wrong with the last step.
    pub found: Vec<(&'static str, Witness)>,
    /// What clients asked and were told.
    pub clients: Clients,
    /// What servers have done.
    pub(super) servers: Servers,
    /// The state after each prefix that is chosen.
    pub(super) replays: RedBlackTreeMap<Slot, Rc<State>>,
    /// Who votes from which slot on, where it is not as in the beginning.
    members: Vec<(Slot, NodeSet)>,
    /// Who has promised each ballot, from which slot on.
    promised: RedBlackTreeMap<Ballot, Vector<(NodeId, Slot)>>,
    /// Quorums that were found to meet.
    meet: Vector<(Quorums, Quorums)>,
    /// How many things were chosen.
    choices: u32,
    opened: bool,
}

/// The ballot of what a figure shows as chosen without saying by whom: below all others.
const GIVEN: Ballot = Ballot { round: 0, proposer: FIRST };
const FIRST: NodeId = match NodeId::new(1) {
    Some(node) => node,
    None => unreachable!(),
};

/// A vote's ballot, unless a figure only shows the outcome.
pub fn ballot_of(vote: &Vote) -> Option<Ballot> {
    Some(vote.ballot).filter(|ballot| *ballot != GIVEN)
}

pub(super) fn observe(ghost: &mut Ghost, step: &Step<'_, MultiPaxos>) -> Option<Note> {
    let config = step.world.config();
    ghost.found.clear();
    if !std::mem::replace(&mut ghost.opened, true) {
        ghost.see_start(config);
    }
    ghost.hear_clients(step);
    let (node, before) = step.before?;
    let chosen_before = ghost.choices;
    for message in said(node, step) {
        ghost.hear(node, message, step);
    }
    ghost.see_server(node, before, step);
    ghost.see_answers(step);
    if ghost.choices == chosen_before {
        return None;
    }
    let latest = ghost.slots.iter().rfind(|(_, history)| history.chosen_at == ghost.choices);
    let latest = latest.and_then(|(slot, history)| Some((*slot, history.chosen.first()?.clone())));
    latest.map(|(slot, vote)| Note::Chosen { slot, voters: ghost.voters(slot, &vote), vote })
}

/// What a figure shows was once voted for, promised, and asked for by somebody.
pub(super) fn observe_start(ghost: &mut Ghost, nodes: &[(NodeId, &Durable, Option<&MultiPaxos>)]) {
    // What is given was proposed at 0 and chosen at 1.
    ghost.choices = 1;
    for (node, durable, state) in nodes {
        // What a server holds, not what a crash would leave of it.
        let durable = state.map_or(*durable, |state| &state.durable);
        for (slot, vote) in durable.accepted.range(..) {
            ghost.change(slot, |history| {
                history.cast(*node, vote);
                history.proposed.push((vote.clone(), 0));
            });
            ghost.clients.want(&vote.command);
        }
        let known = state.map_or(&durable.known, |state| &state.known);
        for (slot, command) in known.range(..) {
            let given = Vote { ballot: GIVEN, command: command.clone() };
            ghost.change(slot, |history| {
                if history.chosen.is_empty() {
                    history.chosen.push(given);
                    history.chosen_at = 1;
                }
            });
            ghost.clients.want(command);
        }
        if ghost.settled < durable.snapshot.last {
            ghost.settled = durable.snapshot.last;
            ghost.replays.insert_mut(durable.snapshot.last, Rc::new(durable.snapshot.state.clone()));
            ghost.members.clone_from(&durable.snapshot.state.members);
        }
        let applied = state.map_or(durable.snapshot.last, |state| state.applied);
        ghost.servers.begin(*node, durable.promised, applied);
    }
}

/// What a node has said in a step, to others or to itself, each message once.
fn said<'a>(node: NodeId, step: &Step<'a, MultiPaxos>) -> Vec<&'a Message> {
    let mut messages: Vec<&Message> = Vec::new();
    for happening in step.happenings {
        let message = match happening {
            Happening::Sent(packet, letter) if packet.from == MemberId::Node(node) => match &**letter {
                Letter::Peer(message) => message,
                _ => continue,
            },
            Happening::Noted(_, Note::ToItself { message }) => message,
            _ => continue,
        };
        if messages.last() != Some(&message) {
            messages.push(message);
        }
    }
    messages
}

impl Ghost {
    /// What tells it from others, for the checker. What is settled, and what state it comes to, follows from what is
    /// chosen.
    pub(super) fn print(&self, out: &mut Printer<'_>) {
        out.list(self.slots.iter(), |(slot, history), out| {
            out.word(u64::from(*slot));
            let behind = self.slots.range(slot + 1..);
            history.print(behind.map(|(slot, history)| (*slot, &**history)), out);
        });
        self.clients.print(out);
        self.servers.print(out);
        self.members.hash(out);
        out.list(self.promised.iter(), |(ballot, by), out| {
            ballot.hash(out);
            // Said twice is said once.
            by.iter().copied().collect::<BTreeSet<(NodeId, Slot)>>().hash(out);
        });
    }

    /// What was wrong with the last step, if it was about this invariant.
    pub fn finding(&self, id: &str) -> Result<(), Witness> {
        match self.found.iter().find(|(of, _)| *of == id) {
            Some((_, witness)) => Err(witness.clone()),
            None => Ok(()),
        }
    }

    /// What has happened in a slot, if anything has.
    pub fn slot(&self, slot: Slot) -> Option<&History> {
        self.slots.get(&slot).map(|history| &**history)
    }

    /// Whether a command has been chosen in a slot. What a given snapshot covers is taken on trust.
    pub fn is_chosen(&self, slot: Slot, command: &Command) -> bool {
        let given = self.replays.first().map_or(0, |(first, _)| *first);
        slot < given || self.slot(slot).is_some_and(|history| history.is_chosen(command))
    }

    /// Who has voted like this.
    pub fn voters(&self, slot: Slot, vote: &Vote) -> NodeSet {
        let votes = self.slot(slot).map(|history| history.votes.as_slice()).unwrap_or_default();
        votes.iter().find(|(there, _)| there == vote).map_or(NodeSet::EMPTY, |(_, by)| *by)
    }

    pub(super) fn complain(
        &mut self,
        id: &'static str,
        text: Text,
        nodes: impl IntoIterator<Item = NodeId>,
        slot: Option<Slot>,
    ) {
        let mut witness = Witness::nodes(text, nodes);
        witness.slots.extend(slot);
        self.found.push((id, witness));
    }

    fn change(&mut self, slot: Slot, change: impl FnOnce(&mut History)) {
        let mut history = self.slots.get(&slot).map(|history| (**history).clone()).unwrap_or_default();
        change(&mut history);
        self.slots.insert_mut(slot, Rc::new(history));
    }

    /// Who votes in a slot, by what is chosen: a change takes effect a window later.
    pub(super) fn electorate(&self, slot: Slot, config: &Config) -> NodeSet {
        let in_force = self.members.iter().rev().find(|(from, _)| *from <= slot);
        in_force.map_or(config.members, |(_, members)| *members)
    }

    /// What a figure shows as voted for may be chosen from the start.
    fn see_start(&mut self, config: &Config) {
        let slots: Vec<(Slot, Rc<History>)> =
            self.slots.iter().map(|(slot, history)| (*slot, Rc::clone(history))).collect();
        for (slot, history) in slots {
            for (vote, _) in &history.votes {
                self.see_chosen(slot, vote, config);
            }
            if !history.chosen.is_empty() {
                self.last_chosen = self.last_chosen.max(slot);
            }
        }
        self.replay(config);
    }

    fn hear(&mut self, node: NodeId, message: &Message, step: &Step<'_, MultiPaxos>) {
        let config = step.world.config();
        match message {
            Message::Promise(promise) => self.hear_promise(node, promise, config),
            Message::Accept { slot, vote, .. } => self.hear_accept(node, *slot, vote, step),
            Message::Accepted { ballot, slot } => self.hear_vote(node, *slot, *ballot, config),
            _ => {}
        }
    }

    /// A11: a promise tells of every slot that it covers the acceptor's highest vote below it, or what is chosen.
    fn hear_promise(&mut self, node: NodeId, promise: &Promise, config: &Config) {
        let Promise { ballot, from, .. } = *promise;
        let covered = promise.snapshot.as_ref().map_or(0, |snapshot| snapshot.last);
        let slots = self.slots.range(from..).filter(|(slot, _)| covered < **slot);
        let mut omitted = slots.filter(|(slot, history)| {
            let told = promise.accepted.iter().find(|(there, _)| there == *slot).map(|(_, vote)| vote);
            let settled = promise.chosen.iter().any(|(there, _)| there == *slot);
            let highest = history.highest_below(node, ballot);
            config.covers(from, **slot) && !settled && told < highest
        });
        let omitted = omitted.next().map(|(slot, _)| *slot);
        let invented = promise.accepted.iter().find(|(slot, vote)| !self.voters(*slot, vote).contains(node));
        let false_choice = promise.chosen.iter().find(|(slot, command)| !self.is_chosen(*slot, command));
        let invented = invented.map(|(slot, _)| *slot).or(false_choice.map(|(slot, _)| *slot));
        if let Some(slot) = omitted {
            let text = say::REPORT_BROKEN_OMITS.with("node", node).with("ballot", ballot);
            self.complain("A11", text.with("slot", slot), [node], Some(slot));
        } else if let Some(slot) = invented {
            let text = say::REPORT_BROKEN_INVENTS.with("node", node).with("ballot", ballot);
            self.complain("A11", text.with("slot", slot), [node], Some(slot));
        }
        let mut all = self.promised.get(&ballot).cloned().unwrap_or_default();
        all.push_back_mut((node, from));
        self.promised.insert_mut(ballot, all);
        self.servers.hear_promise(node, ballot);
    }

    /// Who has promised a ballot so that it covers a slot.
    fn promised_for(&self, ballot: Ballot, slot: Slot, config: &Config) -> NodeSet {
        let all = self.promised.get(&ballot);
        let all = all.into_iter().flat_map(|all| all.iter());
        all.filter(|(_, from)| config.covers(*from, slot)).map(|(node, _)| *node).collect()
    }

    /// A7, A9, A10 and A13: what a leader may ask votes for, and of whom.
    fn hear_accept(&mut self, node: NodeId, slot: Slot, vote: &Vote, step: &Step<'_, MultiPaxos>) {
        let config = step.world.config();
        let same_ballot = |(there, _): &&(Vote, u32)| there.ballot == vote.ballot;
        let first = self.slot(slot).and_then(|history| history.proposed.iter().find(same_ballot).cloned());
        match first {
            Some((first, _)) if first.command != vote.command => {
                let text = say::ONE_VALUE_BROKEN.with("ballot", vote.ballot).with("slot", slot);
                let text = text.with("one", command_text(&first.command));
                let text = text.with("other", command_text(&vote.command));
                self.complain("A7", text, [node], Some(slot));
            }
            Some(_) => return,
            None => {}
        }
        self.servers.check_leader(node, vote.ballot, &mut self.found);
        let choices = self.choices;
        self.change(slot, |history| history.proposed.push((vote.clone(), choices)));
        if let Some(state) = step.world.slot(node).node() {
            self.see_electorate(slot, config.members_at(&state.state, slot), config);
        }
        self.check_safe_proposal(node, slot, vote, config);
        let chosen = self.slot(slot).map(|history| history.chosen.as_slice()).unwrap_or_default();
        let other = chosen.iter().find(|it| it.ballot < vote.ballot && it.command != vote.command);
        if let Some(other) = other.cloned() {
            self.complain_above(slot, &other, vote, node);
        }
    }

    /// A13, slot by slot: every quorum of promises for a slot meets every quorum of votes, whoever was taken to vote
    /// there.
    fn see_electorate(&mut self, slot: Slot, members: NodeSet, config: &Config) {
        let own = self.electorate(slot, config);
        for members in [own, members] {
            let before = self.slot(slot).map(|history| history.electorates.clone()).unwrap_or_default();
            if before.contains(&members) {
                continue;
            }
            self.change(slot, |history| history.electorates.push(members));
            for other in before.into_iter().chain([members]) {
                self.check_meet(slot, config.quorums(members), config.quorums(other));
                self.check_meet(slot, config.quorums(other), config.quorums(members));
            }
        }
    }

    fn check_meet(&mut self, slot: Slot, promises: Quorums, votes: Quorums) {
        if self.meet.iter().any(|pair| *pair == (promises, votes)) {
            return;
        }
        match promises.missing(&votes) {
            None => self.meet.push_back_mut((promises, votes)),
            Some((one, two)) => {
                let text = say::QUORUMS_BROKEN.with("slot", slot).with("one", listed(one.iter()));
                let nodes: NodeSet = one.iter().chain(two.iter()).collect();
                self.complain("A13", text.with("two", listed(two.iter())), nodes.iter(), Some(slot));
            }
        }
    }

    /// A9, the paper's P2c: some quorum has promised the ballot for this slot, of which either nobody has voted below
    /// it, or the command is that of the highest vote below.
    fn check_safe_proposal(&mut self, node: NodeId, slot: Slot, vote: &Vote, config: &Config) {
        let promised = self.promised_for(vote.ballot, slot, config);
        let quorums = config.quorums(self.electorate(slot, config));
        let Some(history) = self.slot(slot) else { return };
        let below: Vec<(NodeId, Option<&Vote>)> =
            promised.iter().map(|voter| (voter, history.highest_below(voter, vote.ballot))).collect();
        let is_safe_up_to = |highest: Option<Ballot>| {
            let fits = |own: Option<&Vote>| own.map(|own| own.ballot) <= highest;
            quorums.one(below.iter().filter(|(_, own)| fits(*own)).map(|(voter, _)| *voter))
        };
        let same = below.iter().filter_map(|(_, own)| *own).filter(|own| own.command == vote.command);
        if is_safe_up_to(None) || same.into_iter().any(|own| is_safe_up_to(Some(own.ballot))) {
            return;
        }
        let text = match quorums.one(promised.iter()) {
            true => &say::SAFE_PROPOSAL_BROKEN,
            false => &say::SAFE_PROPOSAL_NO_QUORUM,
        };
        let text = text.with("node", node).with("ballot", vote.ballot).with("slot", slot);
        let text = text.with("value", command_text(&vote.command)).with("promised", listed(promised.iter()));
        self.complain("A9", text, [node], Some(slot));
    }

    /// A10.
    fn complain_above(&mut self, slot: Slot, chosen: &Vote, above: &Vote, node: NodeId) {
        let text = say::ONE_ABOVE_BROKEN.with("slot", slot).with("chosen", vote_text(chosen));
        self.complain("A10", text.with("above", vote_text(above)), [node], Some(slot));
    }

    /// A5: an acceptor does not vote below what it has promised. And then: does this vote complete a quorum?
    fn hear_vote(&mut self, node: NodeId, slot: Slot, ballot: Ballot, config: &Config) {
        let proposed = self.slot(slot).and_then(|history| {
            history.proposed.iter().map(|(vote, _)| vote).find(|vote| vote.ballot == ballot).cloned()
        });
        // Who votes for what nobody has proposed was told so by a forgery.
        let Some(vote) = proposed else { return };
        if self.voters(slot, &vote).contains(node) {
            return;
        }
        if let Some(promised) = self.servers.promised(node).filter(|promised| ballot < *promised) {
            let text = say::PROMISE_KEPT_BROKEN.with("node", node).with("promised", promised);
            self.complain("A5", text.with("ballot", ballot).with("slot", slot), [node], Some(slot));
        }
        self.change(slot, |history| history.cast(node, &vote));
        self.see_chosen(slot, &vote, config);
    }

    /// What a quorum has voted for in one ballot is chosen, whoever knows it.
    fn see_chosen(&mut self, slot: Slot, vote: &Vote, config: &Config) {
        let voters = self.voters(slot, vote);
        let quorums = config.quorums(self.electorate(slot, config));
        let is_new = self.slot(slot).is_none_or(|history| !history.chosen.contains(vote));
        if !is_new || !quorums.two(voters.iter()) {
            return;
        }
        self.check_choice(slot, vote, voters);
        self.choices += 1;
        let choices = self.choices;
        self.change(slot, |history| {
            if history.chosen.is_empty() {
                history.chosen_at = choices;
            }
            history.chosen.push(vote.clone());
        });
        self.last_chosen = self.last_chosen.max(slot);
        self.replay(config);
    }

    /// A2, A10, L1 and L6: what may be chosen.
    fn check_choice(&mut self, slot: Slot, vote: &Vote, voters: NodeSet) {
        let Some(history) = self.slot(slot).cloned() else { return };
        if let Some(other) = history.chosen.iter().find(|chosen| chosen.command != vote.command) {
            let text = say::ONE_COMMAND_BROKEN.with("slot", slot).with("one", vote_text(other));
            let nodes: NodeSet = self.voters(slot, other).iter().chain(voters.iter()).collect();
            self.complain("L1", text.with("other", vote_text(vote)), nodes.iter(), Some(slot));
        }
        if !vote.command.is_no_op() && !self.clients.wanted(&vote.command) {
            let text = say::VALIDITY_BROKEN.with("slot", slot).with("value", command_text(&vote.command));
            self.complain("A2", text, voters.iter(), Some(slot));
        }
        let above = |(there, _): &&(Vote, u32)| vote.ballot < there.ballot && there.command != vote.command;
        if let Some((above, _)) = history.proposed.iter().find(above) {
            self.complain_above(slot, vote, above, above.ballot.proposer);
        }
        self.check_gap(slot, &history, vote);
    }

    /// L6: a command that was first proposed for a slot after a later one had been chosen takes effect before what was
    /// asked for earlier. By the first proposal, not by the vote: what was proposed in time may be chosen late. And only
    /// where the later one was chosen in a ballot that its proposer has to know of: one that was left behind may propose
    /// in ignorance, and whoever finds its vote is bound by it.
    fn check_gap(&mut self, slot: Slot, history: &History, vote: &Vote) {
        let proposed = history.proposed.iter().filter(|(there, _)| there.command == vote.command);
        let Some((first, choices)) = proposed.min_by_key(|(_, choices)| *choices) else { return };
        if vote.command.is_no_op() || self.last_chosen <= slot {
            return;
        }
        let known = |it: &History| it.chosen.first().is_some_and(|choice| choice.ballot <= first.ballot);
        let mut later = self.slots.range(slot + 1..);
        let later = later.find(|(_, it)| known(it) && it.chosen_at <= *choices);
        if let Some(later) = later.map(|(later, _)| *later) {
            let text = say::GAP_BROKEN.with("slot", slot).with("value", command_text(&vote.command));
            self.complain("L6", text.with("later", later), [vote.ballot.proposer], Some(slot));
        }
    }

    /// Applies what is chosen, as the promises would have it.
    fn replay(&mut self, config: &Config) {
        loop {
            let slot = self.settled + 1;
            let Some(vote) = self.slot(slot).and_then(|history| history.chosen.first().cloned()) else {
                return;
            };
            let before = self.replays.get(&self.settled).map(|state| (**state).clone());
            let mut state = before.unwrap_or_default();
            state.machine.apply(&vote.command.text, vote.command.origin);
            if let Some(members) = vote.command.members(config.nodes) {
                let from = slot.saturating_add(config.window);
                state.change_members(from, members, slot);
                self.members.push((from, members));
            }
            self.clients.place(&vote.command, slot);
            self.settled = slot;
            self.replays.insert_mut(slot, Rc::new(state));
        }
    }
}

/// What is on a node's disk.
pub(super) fn durable(slot: &world::Slot<MultiPaxos>) -> &Durable {
    match slot {
        world::Slot::Up(node) | world::Slot::Paused(node) => &node.durable,
        world::Slot::Down(durable) => durable,
    }
}

/// A command, for readers.
pub fn command_text(command: &Command) -> Text {
    match command.is_no_op() {
        true => Text::from(&say::NO_OP),
        false => say::COMMAND_TEXT.with("command", &*command.text),
    }
}

/// A vote, for readers.
pub fn vote_text(vote: &Vote) -> Text {
    say::VOTE_TEXT.with("value", command_text(&vote.command)).with("ballot", vote.ballot)
}
