//! Invariants: the promises of a protocol, checked after every action.
//!
//! A promise is about a state, about a step, or about the whole history of decisions. Must not know any
//! protocol.

use crate::engine::ids::{NodeId, PacketId};
use crate::engine::protocol::Protocol;
use crate::engine::world::{Decision, Step, World};
use crate::text::{Text, Words};

/// A named promise.
#[derive(Debug)]
pub struct Invariant<P: Protocol> {
    /// Its number in the literature we cite, such as `R1`.
    pub id: &'static str,
    /// Its name in files.
    pub key: &'static str,
    /// Its name for readers.
    pub name: &'static Words,
    /// The promise in a sentence.
    pub promise: &'static Words,
    /// How it is checked.
    pub rule: Rule<P>,
}

/// What a promise is about. A check returns the witness where the promise is broken.
#[derive(Debug)]
pub enum Rule<P: Protocol> {
    /// A state.
    State(fn(&World<P>) -> Result<(), Witness>),
    /// A step.
    Step(fn(&Step<'_, P>) -> Result<(), Witness>),
    /// All decisions ever made; the ones from the given place on are new.
    History(fn(&World<P>, usize) -> Result<(), Witness>),
}

/// The facts that contradict each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Witness {
    /// What is wrong, in words.
    pub text: Text,
    /// The nodes to light up.
    pub nodes: Vec<NodeId>,
    /// The packets to light up.
    pub packets: Vec<PacketId>,
    /// The slots to light up in the logs of those nodes.
    pub slots: Vec<u32>,
}

impl Witness {
    /// A witness that is found in the state of nodes.
    pub fn nodes(text: Text, nodes: impl IntoIterator<Item = NodeId>) -> Witness {
        Witness { text, nodes: nodes.into_iter().collect(), packets: Vec::new(), slots: Vec::new() }
    }

    /// With a slot of the log that it is about.
    pub fn at(mut self, slot: u32) -> Witness {
        self.slots.push(slot);
        self
    }
}

/// A promise that was broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Violation {
    /// The promise's number.
    pub id: &'static str,
    /// The promise's name in files.
    pub key: &'static str,
    /// The promise's name for readers.
    pub name: &'static Words,
    /// The promise in a sentence.
    pub promise: &'static Words,
    /// What contradicts it.
    pub witness: Witness,
}

/// No two nodes decide differently about the same slot. Serves every protocol that decides.
pub fn agreement<P: Protocol>(
    world: &World<P>,
    new_from: usize,
    words: fn(&Decision, &Decision) -> Text,
) -> Result<(), Witness> {
    for place in new_from..world.decisions().len() {
        let Some(decision) = world.decisions().get(place) else { continue };
        let Some(first) = world.first_decision(decision.slot) else { continue };
        if first.value != decision.value {
            return Err(Witness::nodes(words(first, decision), [first.node, decision.node]).at(first.slot));
        }
    }
    Ok(())
}
