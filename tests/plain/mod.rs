//! Plain transition systems after published TLA+ specifications, with the number of distinct states that the checker must
//! find in each.
//!
//! Shared by the native and the wasm tests, and by the benchmarks, of which one explores the same states with another
//! checker. They must not know any world, protocol or test.

#![allow(dead_code, reason = "not everyone who shares them needs both systems")]

pub mod lamport_paxos;
pub mod two_phase;

use conclave::engine::check::print::{Names, Printer};
use conclave::engine::check::search::Model;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};

/// A transition system. It may be explored on another thread.
pub trait System: Clone + Send + Sync + 'static {
    /// One state of it.
    type State: Clone + Eq + Hash + Debug + Send + Sync + 'static;
    /// One step.
    type Action: Copy + PartialEq + Debug;

    /// Where it begins.
    fn start(&self) -> Self::State;
    /// Every step that is possible in a state, in an order that is always the same.
    fn actions(&self, state: &Self::State, each: impl FnMut(Self::Action));
    /// What a step leads to.
    fn after(&self, state: &Self::State, action: Self::Action) -> Self::State;
    /// Whether what is promised holds in a state.
    fn is_safe(&self, state: &Self::State) -> bool;
    /// About how many bytes a state takes.
    fn weight(&self, state: &Self::State) -> usize;
}

/// A system as the checker wants it: it looks for a state that is not safe.
#[derive(Clone, Debug)]
pub struct Plain<S> {
    /// The system.
    pub system: S,
    names: Names,
}

impl<S> Plain<S> {
    /// This one, in which nothing has a name that could be exchanged.
    pub fn new(system: S) -> Plain<S> {
        Plain { system, names: Names::own(Vec::new()) }
    }
}

impl<S: System> Model for Plain<S> {
    type State = S::State;

    fn starts(&self) -> Vec<S::State> {
        vec![self.system.start()]
    }

    fn print(&self, state: &S::State) -> u64 {
        let mut printer = Printer::new(&self.names);
        state.hash(&mut printer);
        printer.finish()
    }

    fn expand(&self, state: &S::State, each: &mut dyn FnMut(u16, S::State, bool)) {
        let mut number = 0;
        self.system.actions(state, |action| {
            each(number, self.system.after(state, action), false);
            number += 1;
        });
    }

    fn follow(&self, state: &S::State, by: u16) -> Option<S::State> {
        let mut actions = Vec::new();
        self.system.actions(state, |action| actions.push(action));
        Some(self.system.after(state, *actions.get(usize::from(by))?))
    }

    fn wanted(&self, state: &S::State) -> bool {
        !self.system.is_safe(state)
    }

    fn weight(&self, state: &S::State) -> usize {
        self.system.weight(state)
    }
}
