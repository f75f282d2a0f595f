//! The key–value machine that replicated logs feed, the same for every protocol with a log.
//!
//! Persistent data structures, because every kept frame holds a machine and they differ by a key or two. Must not
//! know any protocol.

use crate::engine::digest::digest_of;
use crate::engine::ids::ClientId;
use rpds::RedBlackTreeMap;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// Whose request a command is: the client and its own number for it.
pub type Origin = (ClientId, u32);

/// Applies commands in the order of the log, each request at most once.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Machine {
    /// Fingerprints of keys and of sessions, kept as they change.
    prints: (u64, u64),
    store: RedBlackTreeMap<Rc<str>, Rc<str>>,
    sessions: RedBlackTreeMap<Origin, Option<Rc<str>>>,
}

/// By what it holds: the fingerprints follow from it.
impl Hash for Machine {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.store.hash(state);
        self.sessions.hash(state);
    }
}

impl Machine {
    /// What the keys hold, in the order of the keys.
    pub fn store(&self) -> impl Iterator<Item = (&Rc<str>, &Rc<str>)> {
        self.store.iter()
    }

    /// What each request was answered, in the order of clients and numbers.
    pub fn sessions(&self) -> impl Iterator<Item = (&Origin, &Option<Rc<str>>)> {
        self.sessions.iter()
    }

    /// What a key holds.
    pub fn get(&self, key: &str) -> Option<&Rc<str>> {
        self.store.get(key)
    }

    /// Sets a key.
    pub fn set(&mut self, key: &str, value: &str) {
        let print = |value: &str| digest_of(&(key, value));
        let before = self.get(key).map_or(0, |before| print(before));
        self.prints.0 = self.prints.0.wrapping_sub(before).wrapping_add(print(value));
        self.store.insert_mut(key.into(), value.into());
    }

    /// Fingerprints of what the keys hold, and of what requests were answered: equal where those are.
    pub fn prints(&self) -> (u64, u64) {
        self.prints
    }

    /// The answer that a request was given, if it has been applied.
    pub fn answered(&self, origin: Origin) -> Option<&Option<Rc<str>>> {
        self.sessions.get(&origin)
    }

    /// Remembers what a request was answered.
    pub fn remember(&mut self, origin: Origin, answer: Option<Rc<str>>) {
        let print = |answer: &Option<Rc<str>>| digest_of(&(origin, answer));
        let before = self.answered(origin).map_or(0, print);
        self.prints.1 = self.prints.1.wrapping_sub(before).wrapping_add(print(&answer));
        self.sessions.insert_mut(origin, answer);
    }

    /// Applies a command: `k=v` sets a key, `k?` reads one, anything else changes nothing. A request that has
    /// been applied before is answered as it was then. Returns the answer.
    pub fn apply(&mut self, command: &str, origin: Option<Origin>) -> Option<Rc<str>> {
        if let Some(answer) = origin.and_then(|origin| self.sessions.get(&origin)) {
            return answer.clone();
        }
        let answer = self.execute(command);
        if let Some(origin) = origin {
            self.remember(origin, answer.clone());
        }
        answer
    }

    /// Executes a command, whoever asked for it and however often.
    pub fn execute(&mut self, command: &str) -> Option<Rc<str>> {
        if let Some((key, value)) = command.split_once('=') {
            self.set(key, value);
            return None;
        }
        self.get(command.strip_suffix('?')?).cloned()
    }
}
