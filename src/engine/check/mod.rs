//! The checker: explores every schedule within bounds, by the same [`World::apply`] by which the page animates one.
//!
//! Time is abstracted: any armed timer may go off and any packet may arrive. A search says that there is no schedule that
//! does what is looked for, or the shortest one that does, or that it was stopped at a bound. Reading order: [`bounds`]
//! says what is asked; [`search`] is breadth first over any [`search::Model`], with [`seen`]; [`model`] makes a world
//! into one, of [`moves`] and with [`print`] for what identifies a state; [`stuck`] asks whether anything can still come of a state;
//! [`schedule`] makes a way through the model a run of the real world. Must not know any protocol.
//!
//! [`World::apply`]: crate::engine::world::World::apply

pub mod bounds;
pub mod model;
pub mod moves;
mod parts;
pub mod print;
pub mod schedule;
pub mod search;
pub mod seen;
pub mod stuck;

use crate::engine::action::Action;
use crate::engine::describe::Described;
use crate::engine::ids::NodeSet;
use crate::engine::world::{Decision, Slot, World};
use crate::text::Words;
use print::Printer;
use search::{Limit, Limits};

/// A protocol that can be checked: it says what tells its states apart.
///
/// What is not taken in makes states one that differ in it, so nothing may be left out on which a handler or a promise
/// depends.
pub trait Checked: Described {
    /// What else can be asked than whether a promise can be broken.
    const QUESTIONS: &'static [Predicate<Self>];

    /// What tells this state of a node from others.
    fn print_node(&self, config: &Self::Config, out: &mut Printer<'_>);
    /// What tells what a crashed node has kept from other such states.
    fn print_durable(durable: &Self::Durable, out: &mut Printer<'_>);
    /// What tells a message from others.
    fn print_message(message: &Self::Message, out: &mut Printer<'_>);
    /// What the promises depend on of what only the observer remembers. What follows from the rest of the state may be
    /// left out.
    fn print_ghost(ghost: &Self::Ghost, out: &mut Printer<'_>);
    /// What the promises depend on of what was decided first of each slot.
    fn print_decision(_world: &World<Self>, decision: &Decision, out: &mut Printer<'_>) {
        out.word(decision.value);
    }
    /// Whether clients could exchange their names together with what they ask for and nothing else would change. Only
    /// where every command is taken in by [`Printer::command`], also in what was decided.
    const CLIENTS_ALIKE: bool = false;
    /// The nodes that could exchange their names and nothing else would change. None where ties are broken by name.
    fn alike(_config: &Self::Config, _nodes: u8) -> NodeSet {
        NodeSet::EMPTY
    }
    /// Whether something is left to do that a node should come to: to decide, or to answer a client.
    fn is_open(world: &World<Self>) -> bool;
}

/// A state that a reader may ask for.
#[derive(Debug)]
pub struct Predicate<P: Described> {
    /// Its name in files.
    pub key: &'static str,
    /// What is asked, for readers.
    pub name: &'static Words,
    /// Whether it is so.
    pub holds: fn(&World<P>) -> bool,
}

/// A slot of a world.
pub(crate) fn print_slot<P: Checked>(slot: &Slot<P>, config: &P::Config, out: &mut Printer<'_>) {
    match slot {
        Slot::Up(node) => {
            out.word(1);
            node.print_node(config, out);
        }
        Slot::Paused(node) => {
            out.word(2);
            node.print_node(config, out);
        }
        Slot::Down(durable) => {
            out.word(3);
            P::print_durable(durable, out);
        }
    }
}

/// How far a check has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Distinct states met.
    pub states: u64,
    /// Moves that change something.
    pub transitions: u64,
    /// How many moves away the furthest state is.
    pub depth: u32,
    /// States that wait to be expanded.
    pub waiting: u64,
    /// About how much memory is taken.
    pub bytes: u64,
    /// What came of it, once it is over.
    pub verdict: Option<Verdict>,
}

/// What came of a check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Every state within the bounds was met, and what is looked for is not among them.
    Holds,
    /// What is looked for happens at the end of this schedule, and of no shorter one.
    Found(Found),
    /// A limit was reached before everything was seen.
    Stopped(Limit),
}

/// A shortest schedule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// How many moves the model needs: one for each event.
    pub moves: u32,
    /// The same as actions of the run from which the check began. There are more of them where a packet that arrives
    /// twice has to be doubled first.
    pub actions: Vec<Action>,
}

/// A check on its way, without knowing the protocol.
pub trait Check {
    /// Expands so many states at most; returns whether it is over.
    fn work(&mut self, most: u32) -> bool;
    /// How far it has come.
    fn progress(&self) -> Progress;
    /// Goes on beyond a limit that was reached.
    fn extend(&mut self, limits: Limits);
}
