//! What must always hold of Raft: Figure 3 of the paper, and monitors for single steps.
//!
//! Only looks; works on what changed in a step, so that a log of a thousand entries costs no more than a short
//! one. Must not know how a violation is shown.

use super::checked::{print_entry, print_log};
use super::log::{Entry, Index, Log, Term};
use super::node::{Durable, Raft, Role, majority};
use super::text as say;
use crate::engine::check::print::Printer;
use crate::engine::ids::NodeId;
use crate::engine::invariant::{Invariant, Rule, Witness, agreement};
use crate::engine::world::{Slot, Step, World};
use rpds::{RedBlackTreeMap, Vector};

/// What only the observer remembers.
#[derive(Clone, Debug, Default)]
pub struct Ghost {
    /// Every election that was ever won.
    elected: Vector<Elected>,
    /// Every entry that a leader ever committed.
    committed: Vector<Committed>,
    /// What was applied first at each index: what the engine's decisions only know by a fingerprint.
    applied: RedBlackTreeMap<Index, Entry>,
}

impl Ghost {
    /// What tells it from others, for the checker. Whether an entry was committed earlier or later makes no difference;
    /// nor, to R4, whether a leader of a higher term has committed it too: whom it obliges, the first one does.
    pub(super) fn print(&self, out: &mut Printer<'_>) {
        out.bag(self.elected.iter(), |elected, out| {
            out.word(u64::from(elected.term));
            out.node(elected.node);
            print_log(&elected.log, out);
        });
        let again = |entry: &Committed| {
            let first = |other: &Committed| other.by < entry.by && other.is_of_same(entry);
            self.committed.iter().any(first)
        };
        out.bag(self.committed.iter().filter(|entry| !again(entry)), |committed, out| {
            out.word(u64::from(committed.by));
            out.word(u64::from(committed.index));
            print_entry(&committed.entry, out);
        });
    }

    /// Whether a leader has ever committed an entry.
    pub(super) fn is_committed(&self, index: Index, entry: &Entry) -> bool {
        self.committed.iter().any(|committed| committed.index == index && committed.entry == *entry)
    }

    /// What was applied first at an index.
    pub(super) fn first_applied(&self, index: Index) -> Option<&Entry> {
        self.applied.get(&index)
    }

    fn remember_applied(&mut self, log: &Log, first: Index, last: Index) {
        for index in first..=last {
            if let (Some(entry), None) = (log.get(index), self.applied.get(&index)) {
                self.applied.insert_mut(index, entry.clone());
            }
        }
    }
}

/// An election that was won.
#[derive(Clone, Debug)]
struct Elected {
    term: Term,
    node: NodeId,
    log: Log,
}

/// An entry that a leader committed.
#[derive(Clone, Debug)]
struct Committed {
    /// The term of the leader that committed it; the entry's own may be lower.
    by: Term,
    index: Index,
    entry: Entry,
}

impl Committed {
    fn is_of_same(&self, other: &Committed) -> bool {
        self.index == other.index && self.entry == other.entry
    }
}

/// The promises, by the numbers of our protocol notes.
pub static INVARIANTS: [Invariant<Raft>; 7] = [
    Invariant {
        id: "R1",
        key: "election_safety",
        name: &say::ELECTION_SAFETY,
        promise: &say::ELECTION_SAFETY_PROMISE,
        rule: Rule::Step(election_safety),
    },
    Invariant {
        id: "R2",
        key: "leader_append_only",
        name: &say::APPEND_ONLY,
        promise: &say::APPEND_ONLY_PROMISE,
        rule: Rule::Step(leader_append_only),
    },
    Invariant {
        id: "R3",
        key: "log_matching",
        name: &say::LOG_MATCHING,
        promise: &say::LOG_MATCHING_PROMISE,
        rule: Rule::Step(log_matching),
    },
    Invariant {
        id: "R4",
        key: "leader_completeness",
        name: &say::COMPLETENESS,
        promise: &say::COMPLETENESS_PROMISE,
        rule: Rule::Step(leader_completeness),
    },
    Invariant {
        id: "R5",
        key: "state_machine_safety",
        name: &say::MACHINE_SAFETY,
        promise: &say::MACHINE_SAFETY_PROMISE,
        rule: Rule::History(state_machine_safety),
    },
    Invariant {
        id: "R6",
        key: "terms_and_votes",
        name: &say::TERMS_AND_VOTES,
        promise: &say::TERMS_AND_VOTES_PROMISE,
        rule: Rule::Step(terms_and_votes),
    },
    Invariant {
        id: "R7",
        key: "commit_index",
        name: &say::COMMIT_INDEX,
        promise: &say::COMMIT_INDEX_PROMISE,
        rule: Rule::Step(commit_index),
    },
];

pub(super) fn observe(ghost: &mut Ghost, step: &Step<'_, Raft>) {
    let Some((node, before, after)) = step.node() else { return };
    ghost.remember_applied(&after.durable.log, before.last_applied + 1, after.last_applied);
    if let Some(term) = newly_elected(before, after) {
        ghost.elected.push_back_mut(Elected { term, node, log: after.durable.log.clone() });
    }
    if let Role::Leader { .. } = after.role {
        let first = before.commit_index + 1;
        remember_committed(ghost, after.durable.current_term, &after.durable.log, first, after.commit_index);
    }
}

/// What a figure shows as committed was committed by some leader, at the latest in the node's own term.
pub(super) fn observe_start(ghost: &mut Ghost, nodes: &[(NodeId, &Durable, Option<&Raft>)]) {
    for (_, _, node) in nodes {
        if let Some(node) = node {
            let log = &node.durable.log;
            ghost.remember_applied(log, log.base_index() + 1, node.last_applied);
        }
    }
    let furthest = nodes.iter().filter_map(|(_, _, node)| *node).max_by_key(|node| node.commit_index);
    if let Some(node) = furthest {
        let log = &node.durable.log;
        remember_committed(ghost, node.durable.current_term, log, log.base_index() + 1, node.commit_index);
    }
}

fn remember_committed(ghost: &mut Ghost, by: Term, log: &Log, first: Index, last: Index) {
    for index in first..=last {
        if let Some(entry) = log.get(index) {
            ghost.committed.push_back_mut(Committed { by, index, entry: entry.clone() });
        }
    }
}

fn newly_elected(before: &Raft, after: &Raft) -> Option<Term> {
    let leads = |node: &Raft| matches!(node.role, Role::Leader { .. });
    let term = after.durable.current_term;
    let led = leads(before) && before.durable.current_term == term;
    (leads(after) && !led).then_some(term)
}

fn is_leader(node: &Raft) -> bool {
    matches!(node.role, Role::Leader { .. })
}

/// R1. Over the whole history, not the present roles: the first leader may be down by now.
fn election_safety(step: &Step<'_, Raft>) -> Result<(), Witness> {
    let Some((node, before, after)) = step.node() else { return Ok(()) };
    let Some(term) = newly_elected(before, after) else { return Ok(()) };
    let other = step.world.ghost().elected.iter().find(|won| won.term == term && won.node != node);
    match other {
        Some(other) => Err(Witness::nodes(
            say::ELECTION_SAFETY_BROKEN.with("first", other.node).with("second", node).with("term", term),
            [other.node, node],
        )),
        None => Ok(()),
    }
}

/// R2.
fn leader_append_only(step: &Step<'_, Raft>) -> Result<(), Witness> {
    let Some((node, before, after)) = step.node() else { return Ok(()) };
    let same_term = before.durable.current_term == after.durable.current_term;
    if !(is_leader(before) && is_leader(after) && same_term) {
        return Ok(());
    }
    let (old, new) = (&before.durable.log, &after.durable.log);
    match old.last_index() <= new.last_index() && old.same_up_to(new, old.last_index()) {
        true => Ok(()),
        false => {
            let index = old.common_prefix(new);
            Err(Witness::nodes(say::APPEND_ONLY_BROKEN.with("node", node).with("index", index), [node])
                .at(index))
        }
    }
}

/// The entries that a step wrote into the touched node's log: those after what both versions share.
fn written(step: &Step<'_, Raft>) -> Option<(NodeId, std::ops::RangeInclusive<Index>)> {
    let (node, before, after) = step.node()?;
    let (old, new) = (&before.durable.log, &after.durable.log);
    let shared = old.common_prefix(new);
    (shared < new.last_index()).then(|| (node, shared + 1..=new.last_index()))
}

fn log_of(world: &World<Raft>, node: NodeId) -> &Log {
    match world.slot(node) {
        Slot::Up(state) | Slot::Paused(state) => &state.durable.log,
        Slot::Down(durable) => &durable.log,
    }
}

/// R3. What was written before was checked then.
fn log_matching(step: &Step<'_, Raft>) -> Result<(), Witness> {
    let Some((node, indexes)) = written(step) else { return Ok(()) };
    let log = log_of(step.world, node);
    for other in NodeId::all(step.world.nodes()).filter(|other| *other != node) {
        let theirs = log_of(step.world, other);
        for index in indexes.clone() {
            let Some(term) = log.term_at(index) else { continue };
            if theirs.term_at(index) == Some(term) && !theirs.same_up_to(log, index) {
                let text = say::LOG_MATCHING_BROKEN.with("first", other).with("second", node);
                return Err(
                    Witness::nodes(text.with("term", term).with("index", index), [other, node]).at(index)
                );
            }
        }
    }
    Ok(())
}

/// R4. "Later" is the crux: a leader of a *lower* term than the one that committed may rightly lack the
/// entry. A monitor that forgets this raises false alarms.
fn leader_completeness(step: &Step<'_, Raft>) -> Result<(), Witness> {
    let Some((node, before, after)) = step.node() else { return Ok(()) };
    let ghost = step.world.ghost();
    if let Some(elected) = ghost.elected.last().filter(|_| newly_elected(before, after).is_some()) {
        return ghost.committed.iter().try_for_each(|entry| has_committed(elected, entry));
    }
    if is_leader(after) && before.commit_index < after.commit_index {
        let new = (after.commit_index - before.commit_index) as usize;
        let first = ghost.committed.len().saturating_sub(new);
        for entry in (first..ghost.committed.len()).filter_map(|place| ghost.committed.get(place)) {
            let others = ghost.elected.iter().filter(|elected| elected.node != node);
            others.into_iter().try_for_each(|elected| has_committed(elected, entry))?;
        }
    }
    Ok(())
}

fn has_committed(elected: &Elected, entry: &Committed) -> Result<(), Witness> {
    let covered = entry.index <= elected.log.base_index();
    let has = elected.log.get(entry.index) == Some(&entry.entry);
    if elected.term <= entry.by || covered || has {
        return Ok(());
    }
    let text = say::COMPLETENESS_BROKEN.with("index", entry.index).with("term", entry.by);
    Err(Witness::nodes(text.with("node", elected.node).with("later", elected.term), [elected.node])
        .at(entry.index))
}

/// R5.
fn state_machine_safety(world: &World<Raft>, new_from: usize) -> Result<(), Witness> {
    agreement(world, new_from, |first, second| {
        say::MACHINE_SAFETY_BROKEN
            .with("index", first.slot)
            .with("first", first.node)
            .with("one", &*first.label)
            .with("second", second.node)
            .with("other", &*second.label)
    })
}

/// R6. The term also across a crash; the vote within one life of the node.
fn terms_and_votes(step: &Step<'_, Raft>) -> Result<(), Witness> {
    let Some((node, slot)) = step.before else { return Ok(()) };
    let (before, after) = (durable(slot), durable(step.world.slot(node)));
    let (old, new) = (before.current_term, after.current_term);
    if new < old {
        let text = say::TERMS_BROKEN_TERM.with("node", node).with("before", old).with("after", new);
        return Err(Witness::nodes(text, [node]));
    }
    let lived = step.node().is_some();
    if let (true, true, Some(before)) = (lived, old == new, before.voted_for)
        && after.voted_for != Some(before)
    {
        let after = after.voted_for.map_or("-".to_string(), |vote| vote.to_string());
        let text = say::TERMS_BROKEN_VOTE.with("node", node).with("term", new).with("before", before);
        return Err(Witness::nodes(text.with("after", after), [node]));
    }
    let Some((_, mut indexes)) = written(step) else { return Ok(()) };
    let log = &after.log;
    match indexes.find(|index| log.term_at(*index) < log.term_at(index.saturating_sub(1))) {
        Some(index) => {
            Err(Witness::nodes(say::TERMS_BROKEN_LOG.with("node", node).with("index", index), [node])
                .at(index))
        }
        None => Ok(()),
    }
}

pub(super) fn durable(slot: &Slot<Raft>) -> &Durable {
    match slot {
        Slot::Up(node) | Slot::Paused(node) => &node.durable,
        Slot::Down(durable) => durable,
    }
}

/// R7.
fn commit_index(step: &Step<'_, Raft>) -> Result<(), Witness> {
    let Some((node, before, after)) = step.node() else { return Ok(()) };
    let (old, new, last) = (before.commit_index, after.commit_index, after.durable.log.last_index());
    if new < old {
        let text = say::COMMIT_BROKEN_BACK.with("node", node).with("before", old).with("after", new);
        return Err(Witness::nodes(text, [node]));
    }
    if last < new {
        let text = say::COMMIT_BROKEN_BEYOND.with("node", node).with("index", new).with("last", last);
        return Err(Witness::nodes(text, [node]).at(new));
    }
    if old == new {
        return Ok(());
    }
    let log = &after.durable.log;
    let holds = |other: &NodeId| {
        let theirs = log_of(step.world, *other);
        new <= theirs.base_index() || theirs.get(new) == log.get(new)
    };
    let stored = NodeId::all(step.world.nodes()).filter(holds).count() as u8;
    match majority(step.world.nodes()) <= stored {
        true => Ok(()),
        false => {
            let text = say::COMMIT_BROKEN_MINORITY.with("node", node).with("index", new);
            Err(Witness::nodes(text.with("stored", stored), [node]).at(new))
        }
    }
}
