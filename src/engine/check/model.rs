//! A world as a model: its moves are the actions of the engine, within bounds.
//!
//! Must not know any protocol, nor how states are searched.

use super::bounds::{Bounds, Question};
use super::moves::{Move, Spent};
use super::parts::Parts;
use super::print::Names;
use super::schedule;
use super::search::{Limits, Model, Outcome, Search};
use super::stuck;
use super::{Check, Checked, Found, Progress, Verdict};
use crate::engine::ids::{MemberId, NodeSet};
use crate::engine::spine::Bus;
use crate::engine::world::{Slot, World};
use std::rc::Rc;

/// Of how many packets it is remembered that their arrival would change nothing.
const REMEMBERED: usize = 128;

/// A state: a world, and how it was treated so far.
#[derive(Clone, Debug)]
pub struct Sight<P: Checked> {
    /// The world.
    pub world: World<P>,
    pub(super) spent: Spent,
    /// Packets whose arrival is known to change nothing, by place.
    idle: u128,
    /// The fingerprints of its parts under all the names that can be exchanged, the own ones first.
    pub(super) parts: Vec<Parts>,
    /// The fingerprint of the world under its own names.
    pub(super) own: u64,
}

/// What is looked for, made ready.
pub(super) enum Goal<P: Checked> {
    /// One of these promises is broken, by their places in the protocol's list.
    Broken(u32),
    /// A state.
    State(fn(&World<P>) -> bool),
    /// Nothing comes of a state.
    Stuck,
    /// Something has come of a state in which there were so many decisions: there is one more, or nothing is left to do.
    Progress(usize),
}

/// The worlds that can come of one, within bounds.
pub struct Worlds<P: Checked> {
    pub(super) start: World<P>,
    pub(super) bounds: Bounds,
    pub(super) goal: Goal<P>,
    /// The names that can be exchanged, the own ones first.
    pub(super) names: Vec<Names>,
}

impl<P: Checked> Worlds<P> {
    /// What can come of a world. A question that the protocol does not know is never answered with yes.
    pub fn new(from: &World<P>, bounds: &Bounds, question: &Question) -> Worlds<P> {
        let goal = match question {
            Question::Any => Goal::Broken(u32::MAX),
            Question::Breaks(id) => {
                let place = P::invariants().iter().position(|promise| promise.id == *id);
                Goal::Broken(place.map_or(0, |place| 1 << place))
            }
            Question::Reaches(key) => {
                let asked = P::QUESTIONS.iter().find(|predicate| predicate.key == *key);
                asked.map_or(Goal::Broken(0), |predicate| Goal::State(predicate.holds))
            }
            Question::Stuck => Goal::Stuck,
        };
        let commands = bounds.requests.iter().map(|(_, command)| Rc::clone(command)).collect();
        let own = Names::own(commands);
        let names = match bounds.symmetry {
            true => Names::all(&own, alike(from, bounds), clients_alike::<P>(bounds)),
            false => vec![own],
        };
        Worlds { start: from.abstracted(bounds.bus), bounds: bounds.clone(), goal, names }
    }

    /// The bounds.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// A state and what follows from it.
    fn sight(&self, world: World<P>) -> Sight<P> {
        let parts: Vec<Parts> = self.names.iter().map(|names| Parts::new(self, &world, names)).collect();
        let own = self.print_world(&world, &parts[0], &self.names[0]);
        Sight { world, spent: Spent::default(), idle: 0, parts, own }
    }

    /// What a move makes of a state, whose parts are mostly what they were. Where nothing has changed under the own names,
    /// nothing has under others.
    fn reached(&self, state: &Sight<P>, world: World<P>, spent: Spent) -> Sight<P> {
        let after = |place: usize| state.parts[place].after(self, &self.names[place], &state.world, &world);
        let first = after(0);
        let own = self.print_world(&world, &first, &self.names[0]);
        let parts = match own == state.own {
            true => state.parts.clone(),
            false => std::iter::once(first).chain((1..self.names.len()).map(after)).collect(),
        };
        Sight { world, spent, idle: 0, parts, own }
    }

    /// What a move leads to, and whether a promise that is looked for is broken by it; nothing if it cannot happen.
    pub(super) fn perform(&self, state: &Sight<P>, by: &Move) -> Option<(Sight<P>, bool)> {
        let mut world = state.world.clone();
        let report = world.apply(state.world.now(), &self.action(by)).ok()?;
        let mut spent = state.spent;
        spent.take(by, &self.bounds);
        let next = self.reached(state, world, spent);
        let broken = match self.goal {
            Goal::Broken(wanted) => report.violations.iter().any(|broken| {
                let place = P::invariants().iter().position(|promise| promise.id == broken.id);
                place.is_some_and(|place| wanted & (1 << place) != 0)
            }),
            Goal::State(_) | Goal::Stuck | Goal::Progress(_) => false,
        };
        Some((next, broken))
    }

    /// Whether a packet's arrival need not be tried: it cannot arrive, or is known to change nothing.
    pub(super) fn is_vain(&self, state: &Sight<P>, place: usize) -> bool {
        if place < REMEMBERED && state.idle & (1 << place) != 0 {
            return true;
        }
        let packet = &state.world.spine().packets()[place];
        match packet.to {
            MemberId::Node(node) => {
                let down = !matches!(state.world.slot(node), Slot::Up(_));
                down || state.world.spine().is_cut(packet.from, packet.to)
            }
            MemberId::Client(_) => !self.bounds.replies,
        }
    }
}

/// The nodes that can be exchanged: alike by the protocol, and none of them marked by a filter or asked by name.
fn alike<P: Checked>(world: &World<P>, bounds: &Bounds) -> NodeSet {
    let filters = world.filters().flat_map(|filter| [filter.from, filter.to]).flatten();
    let filtered: NodeSet = filters.filter_map(MemberId::node).collect();
    let asked: NodeSet = bounds.requests.iter().filter_map(|(whom, _)| *whom).collect();
    let alike = P::alike(world.config(), world.nodes());
    alike.iter().filter(|node| !filtered.contains(*node) && !asked.contains(*node)).collect()
}

/// How many clients, from the first, can be exchanged: all, if the protocol takes them for alike and they ask any node.
fn clients_alike<P: Checked>(bounds: &Bounds) -> u8 {
    let alike = P::CLIENTS_ALIKE && bounds.requests.iter().all(|(whom, _)| whom.is_none());
    if alike { bounds.requests.len() as u8 } else { 0 }
}

impl<P: Checked> Model for Worlds<P> {
    type State = Sight<P>;

    fn starts(&self) -> Vec<Sight<P>> {
        vec![self.sight(self.start.clone())]
    }

    fn print(&self, state: &Sight<P>) -> u64 {
        self.print_all(state)
    }

    fn expand(&self, state: &Sight<P>, each: &mut dyn FnMut(u16, Sight<P>, bool)) {
        let mut idle = state.idle;
        let mut reached = Vec::new();
        for (by, number) in self.moves(state).iter().zip(0_u16..) {
            let place = match by {
                Move::Deliver(packet) => state.world.spine().place_of(*packet),
                _ => None,
            };
            if place.is_some_and(|place| self.is_vain(state, place)) {
                continue;
            }
            let Some((next, broken)) = self.perform(state, by) else { continue };
            // What spends a bound and changes nothing else leads nowhere.
            if !broken && next.own == state.own {
                idle |= place.filter(|place| *place < REMEMBERED).map_or(0, |place| 1 << place);
                continue;
            }
            reached.push((number, next, broken));
        }
        for (number, mut next, broken) in reached {
            next.idle = self.still_idle(idle, state, &next);
            each(number, next, broken);
        }
    }

    fn follow(&self, state: &Sight<P>, by: u16) -> Option<Sight<P>> {
        let moves = self.moves(state);
        let (next, _) = self.perform(state, moves.get(usize::from(by))?)?;
        Some(next)
    }

    fn wanted(&self, state: &Sight<P>) -> bool {
        match self.goal {
            Goal::Broken(_) => false,
            Goal::State(holds) => holds(&state.world),
            Goal::Stuck => stuck::is_stuck(self, state),
            Goal::Progress(decided) => decided < state.world.decisions().len() || !P::is_open(&state.world),
        }
    }

    fn weight(&self, state: &Sight<P>) -> usize {
        let spine = state.world.spine();
        let parts = state.parts.len() * size_of::<Parts>();
        900 + parts + spine.packets().len() * 88 + spine.timers().len() * 64
    }
}

impl<P: Checked> Worlds<P> {
    /// What would change nothing before changes nothing now, if it is for a node that is as it was: whatever it would
    /// send was sent then. Only where the bus is a set do packets keep their places.
    fn still_idle(&self, idle: u128, before: &Sight<P>, after: &Sight<P>) -> u128 {
        if self.bounds.bus != Bus::Set || before.world.spine().cut_bits() != after.world.spine().cut_bits() {
            return 0;
        }
        let packets = before.world.spine().packets().iter().take(REMEMBERED).enumerate();
        let same = packets.filter(|(_, packet)| match packet.to {
            MemberId::Node(node) => std::ptr::eq(before.world.slot(node), after.world.slot(node)),
            MemberId::Client(_) => false,
        });
        idle & same.map(|(place, _)| 1_u128 << place).sum::<u128>()
    }
}

/// A check of the worlds that can come of one.
pub struct WorldCheck<P: Checked> {
    search: Search<Worlds<P>>,
    /// Where it began, in the real world.
    from: World<P>,
}

impl<P: Checked> WorldCheck<P> {
    /// A check that has only seen where it begins.
    pub fn new(from: &World<P>, bounds: &Bounds, question: &Question) -> WorldCheck<P> {
        let search = Search::new(Worlds::new(from, bounds, question), bounds.limits);
        WorldCheck { search, from: from.clone() }
    }
}

impl<P: Checked> Check for WorldCheck<P> {
    fn work(&mut self, most: u32) -> bool {
        self.search.work(most)
    }

    fn progress(&self) -> Progress {
        let search = &self.search;
        let verdict = search.outcome().map(|outcome| match outcome {
            Outcome::Exhausted => Verdict::Holds,
            Outcome::Stopped(limit) => Verdict::Stopped(*limit),
            Outcome::Found(_, moves) => Verdict::Found(Found {
                moves: moves.len() as u32,
                actions: schedule::actions(search.model(), &self.from, moves),
            }),
        });
        Progress {
            states: u64::from(search.states()),
            transitions: search.transitions(),
            depth: search.depth(),
            waiting: u64::from(search.waiting()),
            bytes: search.bytes() as u64,
            verdict,
        }
    }

    fn extend(&mut self, limits: Limits) {
        self.search.extend(limits);
    }
}
