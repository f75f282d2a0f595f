//! The log of one Raft server.
//!
//! Persistent data structures, because every kept frame holds a log and they differ by an entry or two. Must not
//! know roles or messages.

use crate::engine::digest::digest_of;
use crate::engine::ids::ClientId;
use rpds::Vector;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A term: Raft's logical clock (§5.1).
pub type Term = u32;
/// A place in the log; the first entry has index 1 (§5.3).
pub type Index = u32;

/// The most entries that a log may have.
pub const MAX_LOG: Index = 20_000;

/// One entry of the log (§5.3): the term in which a leader took it, and a command for the state machine.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Entry {
    /// When it was received by the leader.
    pub term: Term,
    /// What the state machine is to do; empty for a no-op.
    pub command: Rc<str>,
    /// Whose request it is, so that a retry can be told from a new command (§8).
    pub origin: Option<(ClientId, u32)>,
}

/// An entry with a fingerprint of itself and everything before it: two logs are the same up to an index
/// exactly where their fingerprints at it are.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Stored {
    entry: Entry,
    chain: u64,
}

/// The entries of a server, perhaps after a snapshot that stands for those before.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Log {
    base_index: Index,
    base_term: Term,
    entries: Vector<Stored>,
}

/// By the last fingerprint alone, which covers every entry: a log of a thousand entries is digested as fast as
/// an empty one.
impl Hash for Log {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.base_index, self.base_term, self.last_index(), self.chain_at(self.last_index())).hash(state);
    }
}

impl Log {
    /// An empty log behind a snapshot that ends with this entry.
    pub fn after_snapshot(base_index: Index, base_term: Term) -> Log {
        Log { base_index, base_term, entries: Vector::new() }
    }

    /// The last index that the snapshot covers; 0 without one.
    pub fn base_index(&self) -> Index {
        self.base_index
    }

    /// The term of the last entry that the snapshot covers; 0 without one.
    pub fn base_term(&self) -> Term {
        self.base_term
    }

    /// The index of the last entry; 0 where there is none.
    pub fn last_index(&self) -> Index {
        self.base_index + self.entries.len() as Index
    }

    /// The term of the last entry; 0 where there is none.
    pub fn last_term(&self) -> Term {
        self.entries.last().map_or(self.base_term, |stored| stored.entry.term)
    }

    /// The entry at an index, unless the snapshot covers it or the log ends before.
    pub fn get(&self, index: Index) -> Option<&Entry> {
        self.stored(index).map(|stored| &stored.entry)
    }

    fn stored(&self, index: Index) -> Option<&Stored> {
        self.entries.get(index.checked_sub(self.base_index + 1)? as usize)
    }

    /// The term of the entry at an index. Index 0 has term 0, so that the very first entry has something
    /// before it to match.
    pub fn term_at(&self, index: Index) -> Option<Term> {
        match index == self.base_index {
            true => Some(self.base_term),
            false => self.get(index).map(|entry| entry.term),
        }
    }

    /// The fingerprint of everything up to an index; of what the snapshot covers, as far as it is known.
    pub fn chain_at(&self, index: Index) -> u64 {
        match self.stored(index) {
            Some(stored) => stored.chain,
            None => digest_of(&(self.base_index, self.base_term)),
        }
    }

    /// Appends an entry; refused where the log is as long as it may be.
    pub fn append(&mut self, entry: Entry) -> bool {
        if MAX_LOG <= self.last_index() {
            return false;
        }
        let chain = digest_of(&(self.chain_at(self.last_index()), &entry));
        self.entries.push_back_mut(Stored { entry, chain });
        true
    }

    /// Deletes the entry at an index and all that follow it.
    pub fn truncate_from(&mut self, index: Index) {
        while index <= self.last_index() && self.entries.drop_last_mut() {}
    }

    /// At most `most` entries from an index on.
    pub fn slice(&self, from: Index, most: usize) -> Vec<Entry> {
        (from..=self.last_index()).take(most).filter_map(|index| self.get(index).cloned()).collect()
    }

    /// The first index of the term that the entry at `index` has.
    pub fn first_of_term_at(&self, index: Index) -> Index {
        let term = self.term_at(index);
        let mut first = index;
        while self.base_index + 1 < first && self.term_at(first - 1) == term {
            first -= 1;
        }
        first
    }

    /// The last index at or before `limit` whose entry is of this term.
    pub fn last_of_term(&self, term: Term, limit: Index) -> Option<Index> {
        let last = limit.min(self.last_index());
        (self.base_index + 1..=last)
            .rev()
            .take_while(|index| self.term_at(*index).is_some_and(|at| term <= at))
            .find(|index| self.term_at(*index) == Some(term))
    }

    /// The last index up to which both logs are the same.
    pub fn common_prefix(&self, other: &Log) -> Index {
        let shorter = self.last_index().min(other.last_index());
        if self.base_index != other.base_index {
            let base = self.base_index.max(other.base_index);
            let differs = |index: &Index| self.get(*index) != other.get(*index);
            return (base + 1..=shorter).find(differs).map_or(shorter.max(base), |index| index - 1);
        }
        if self.chain_at(shorter) == other.chain_at(shorter) {
            return shorter;
        }
        let (mut same, mut differs) = (self.base_index, shorter);
        while same + 1 < differs {
            let middle = same + (differs - same) / 2;
            match self.chain_at(middle) == other.chain_at(middle) {
                true => same = middle,
                false => differs = middle,
            }
        }
        same
    }

    /// Whether both logs are the same up to an index that both have.
    pub fn same_up_to(&self, other: &Log, index: Index) -> bool {
        match self.base_index == other.base_index {
            true => self.chain_at(index) == other.chain_at(index),
            false => index <= self.common_prefix(other),
        }
    }
}
