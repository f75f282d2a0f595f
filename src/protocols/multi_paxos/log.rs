//! What one server stores slot by slot: commands, votes, and the snapshot that stands for what is long settled.
//!
//! Persistent data structures, because every kept frame holds a log and they differ by a slot or two. Must not know
//! roles or messages.

use crate::engine::client::is_command;
use crate::engine::digest::digest_of;
use crate::engine::ids::{NodeId, NodeSet};
use crate::protocols::machine::{Machine, Origin};
use crate::protocols::paxos::Ballot;
use rpds::RedBlackTreeMap;
use std::hash::{Hash, Hasher};
use std::ops::RangeBounds;
use std::rc::Rc;

/// A place in the log, which is one instance of Paxos; the first is 1.
pub type Slot = u32;

/// The last slot that a log may have.
pub const MAX_SLOT: Slot = 20_000;

/// The key of the command that changes who votes: `members=1,2,3`.
const MEMBERS: &str = "members=";

/// What is chosen for a slot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Command {
    /// What the state machine is to do; empty for a no-op.
    pub text: Rc<str>,
    /// Whose request it is, so that a retry can be told from a new command.
    pub origin: Option<Origin>,
}

impl Command {
    /// Does nothing: fills a slot.
    pub fn no_op() -> Command {
        Command { text: "".into(), origin: None }
    }

    /// Whether it does nothing.
    pub fn is_no_op(&self) -> bool {
        self.text.is_empty()
    }

    /// Who is to vote, if the command says so and all of them are there; else it is like any other.
    pub fn members(&self, nodes: u8) -> Option<NodeSet> {
        let named = self.text.strip_prefix(MEMBERS)?.split(',');
        let node = |number: &str| number.parse().ok().filter(|number| *number <= nodes).and_then(NodeId::new);
        named.map(node).collect()
    }

    /// Whether it can stand in a log: a client's command, or nothing.
    pub fn is_possible(&self) -> bool {
        self.is_no_op() || is_command(&self.text)
    }
}

/// A command in the ballot in which it was proposed: what an acceptor votes for in a slot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Vote {
    /// In which ballot.
    pub ballot: Ballot,
    /// For what.
    pub command: Command,
}

/// Something for each slot, with holes.
#[derive(Clone, Debug)]
pub struct Slots<T> {
    entries: RedBlackTreeMap<Slot, T>,
    /// A fingerprint of the entries, kept as they come and go.
    bag: u64,
}

impl<T> Default for Slots<T> {
    fn default() -> Slots<T> {
        Slots { entries: RedBlackTreeMap::new(), bag: 0 }
    }
}

impl<T: PartialEq> PartialEq for Slots<T> {
    fn eq(&self, other: &Slots<T>) -> bool {
        self.bag == other.bag && self.entries == other.entries
    }
}

impl<T: Eq> Eq for Slots<T> {}

/// By the fingerprint alone, which covers every entry: a log of a thousand slots is digested as fast as an empty one.
impl<T> Hash for Slots<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.entries.size(), self.bag).hash(state);
    }
}

impl<T: Hash> Slots<T> {
    /// What a slot has.
    pub fn get(&self, slot: Slot) -> Option<&T> {
        self.entries.get(&slot)
    }

    /// The slots of a range that have something, in order.
    pub fn range(&self, slots: impl RangeBounds<Slot>) -> impl Iterator<Item = (Slot, &T)> {
        self.entries.range(slots).map(|(slot, entry)| (*slot, entry))
    }

    /// The last slot that has something; 0 where none has.
    pub fn last(&self) -> Slot {
        self.entries.last().map_or(0, |(slot, _)| *slot)
    }

    /// How many slots have something.
    pub fn len(&self) -> u32 {
        self.entries.size() as u32
    }

    /// Whether no slot has anything.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Puts something into a slot, instead of what is there.
    pub fn insert(&mut self, slot: Slot, entry: T) {
        self.forget(slot);
        self.bag = self.bag.wrapping_add(digest_of(&(slot, &entry)));
        self.entries.insert_mut(slot, entry);
    }

    /// Empties a slot.
    fn forget(&mut self, slot: Slot) {
        if let Some(entry) = self.entries.get(&slot) {
            self.bag = self.bag.wrapping_sub(digest_of(&(slot, entry)));
            self.entries.remove_mut(&slot);
        }
    }

    /// Empties all slots up to one.
    pub fn forget_up_to(&mut self, slot: Slot) {
        while let Some(first) = self.entries.first().map(|(first, _)| *first).filter(|first| *first <= slot) {
            self.forget(first);
        }
    }
}

/// What all servers agree on after the same slots: the machine with its sessions, and who votes in which slots.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct State {
    /// The key–value machine.
    pub machine: Machine,
    /// Who votes from which slot on, where that is not as in the beginning; the latest last.
    pub members: Vec<(Slot, NodeSet)>,
}

impl State {
    /// Notes who votes from a slot on, and forgets what no slot after `applied` needs.
    pub(super) fn change_members(&mut self, from: Slot, members: NodeSet, applied: Slot) {
        self.members.push((from, members));
        self.members.sort_by_key(|(from, _)| *from);
        let in_force = self.members.iter().rposition(|(from, _)| *from <= applied.saturating_add(1));
        self.members.drain(..in_force.unwrap_or_default());
    }
}

/// The state after a prefix of the log, instead of that prefix.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Snapshot {
    /// The last slot that it covers; 0 without one.
    pub last: Slot,
    /// The state after that slot.
    pub state: State,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_depends_on_the_entries_and_not_on_their_history() {
        let mut one = Slots::default();
        one.insert(3, 'c');
        one.insert(1, 'x');
        one.insert(1, 'a');
        one.insert(2, 'b');
        one.forget_up_to(1);
        let mut other = Slots::default();
        other.insert(2, 'b');
        assert_ne!(one, other);
        other.insert(3, 'c');
        assert_eq!((&one, digest_of(&one)), (&other, digest_of(&other)));
        assert_eq!((one.last(), one.len(), one.range(3..).count()), (3, 2, 1));
    }

    #[test]
    fn members_are_named_by_their_numbers_and_all_there() {
        let named = |text: &str| Command { text: text.into(), origin: None }.members(4);
        let numbers = |set: NodeSet| set.iter().map(|node| node.number()).collect::<Vec<_>>();
        assert_eq!(named("members=1,3,4").map(numbers), Some(vec![1, 3, 4]));
        assert_eq!(
            (named("members="), named("members=1,5"), named("x=1"), named("members=a")),
            (None, None, None, None)
        );
    }
}
