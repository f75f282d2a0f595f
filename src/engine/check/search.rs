//! Breadth first over the states of a model: all of them, or the shortest way to what is looked for.
//!
//! A state is known by its fingerprint. Those that are still to be expanded are kept whole as long as there is room for
//! them, and rebuilt by repeating their moves where there is not. Must not know what a state is.

use super::seen::Seen;
use std::collections::VecDeque;

/// Something whose states can be explored.
pub trait Model {
    /// One state of it.
    type State: Clone;

    /// The states in which it may begin.
    fn starts(&self) -> Vec<Self::State>;
    /// What identifies a state: states with the same fingerprint are taken for one.
    fn print(&self, state: &Self::State) -> u64;
    /// Makes every possible move, each with its number among the moves of the state, always in the same order, and
    /// whether what is looked for happened by it. A move that changes nothing may be left out.
    fn expand(&self, state: &Self::State, each: &mut dyn FnMut(u16, Self::State, bool));
    /// What the move of this number leads to.
    fn follow(&self, state: &Self::State, by: u16) -> Option<Self::State>;
    /// Whether a state is what is looked for, however it was reached.
    fn wanted(&self, state: &Self::State) -> bool;
    /// About how many bytes a state takes.
    fn weight(&self, state: &Self::State) -> usize;
}

/// How far a search may go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How many moves from the first state.
    pub depth: u32,
    /// How many distinct states.
    pub states: u32,
    /// How many bytes of memory: a part of them for states that are kept whole.
    pub bytes: usize,
}

/// What ended a search before it had seen everything.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// There are states as far away as it may go, and what follows from them was not looked at.
    Depth,
    /// It has met as many states as it may, and more may follow.
    States,
    /// It would need more memory than it may have.
    Memory,
}

/// What came of a search.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// All states were seen, and what is looked for is not among them.
    Exhausted,
    /// What is looked for happens after these moves, and after no fewer: from which first state, and which move of every
    /// state on the way.
    Found(usize, Vec<u16>),
    /// A limit was reached.
    Stopped(Limit),
}

/// States that wait to be expanded and are kept whole, with their numbers, and how many bytes they take.
#[derive(Debug)]
struct Held<S> {
    states: VecDeque<(u32, S, usize)>,
    bytes: usize,
}

/// A search on its way.
#[derive(Debug)]
pub struct Search<M: Model> {
    model: M,
    limits: Limits,
    seen: Seen,
    firsts: Vec<M::State>,
    next: u32,
    /// The number of the first state of every depth.
    depths: Vec<u32>,
    held: Held<M::State>,
    /// The last way along which a state was rebuilt.
    way: Vec<(u32, M::State)>,
    transitions: u64,
    outcome: Option<Outcome>,
}

impl<M: Model> Search<M> {
    /// A search that has only seen where it begins.
    pub fn new(model: M, limits: Limits) -> Search<M> {
        let firsts = model.starts();
        let mut search = Search {
            model,
            limits,
            seen: Seen::default(),
            firsts: Vec::new(),
            next: 0,
            depths: vec![0],
            held: Held { states: VecDeque::new(), bytes: 0 },
            way: Vec::new(),
            transitions: 0,
            outcome: None,
        };
        for first in firsts {
            search.begin_at(first);
        }
        search
    }

    fn begin_at(&mut self, first: M::State) {
        if self.model.wanted(&first) && self.outcome.is_none() {
            self.outcome = Some(Outcome::Found(self.firsts.len(), Vec::new()));
        }
        if self.seen.meet(self.model.print(&first), None).is_some() {
            self.firsts.push(first);
        }
    }

    /// What is explored.
    pub fn model(&self) -> &M {
        &self.model
    }

    /// How many distinct states have been met.
    pub fn states(&self) -> u32 {
        self.seen.len()
    }

    /// How many moves that change something have been made.
    pub fn transitions(&self) -> u64 {
        self.transitions
    }

    /// How many moves the furthest state met so far is away.
    pub fn depth(&self) -> u32 {
        self.depths.len() as u32 - 1
    }

    /// How many states wait to be expanded.
    pub fn waiting(&self) -> u32 {
        self.seen.len() - self.next
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.seen.bytes() + self.held.bytes
    }

    /// What came of it, once it is over.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// Goes on beyond a limit that was reached.
    pub fn extend(&mut self, limits: Limits) {
        self.limits = limits;
        if let Some(Outcome::Stopped(_)) = self.outcome {
            self.outcome = None;
        }
    }

    /// Expands as many states; returns whether it is over.
    pub fn work(&mut self, most: u32) -> bool {
        for _ in 0..most {
            if self.outcome.is_some() {
                break;
            }
            self.outcome = self.stop();
            if self.outcome.is_none() {
                self.expand_next();
            }
        }
        self.outcome.is_some()
    }

    /// Works until it is over.
    pub fn run(&mut self) -> &Outcome {
        while !self.work(u32::MAX) {}
        self.outcome.as_ref().unwrap_or(&Outcome::Exhausted)
    }

    fn stop(&self) -> Option<Outcome> {
        let limits = &self.limits;
        if self.next == self.seen.len() {
            return Some(Outcome::Exhausted);
        }
        // The states are expanded in the order of their depth: the first that is too far away is followed by no other.
        let depth = self.depth_of(self.next);
        let reached = [
            (limits.depth <= depth, Limit::Depth),
            (limits.states <= self.seen.len(), Limit::States),
            (limits.bytes <= self.bytes(), Limit::Memory),
        ];
        reached.iter().find(|(reached, _)| *reached).map(|(_, limit)| Outcome::Stopped(*limit))
    }

    fn depth_of(&self, state: u32) -> u32 {
        let deeper = self.depths.iter().rev().take_while(|first| state < **first).count();
        (self.depths.len() - deeper) as u32 - 1
    }

    fn expand_next(&mut self) {
        let number = self.next;
        self.next += 1;
        let state = self.take(number);
        let depth = self.depth_of(number) as usize;
        let Search { model, limits, seen, depths, held, transitions, .. } = self;
        let room = limits.bytes / 2;
        let mut found = None;
        model.expand(&state, &mut |by, next, found_here| {
            if found.is_some() {
                return;
            }
            *transitions += 1;
            let met = seen.meet(model.print(&next), Some((number, by)));
            if found_here || (met.is_some() && model.wanted(&next)) {
                found = Some(by);
            }
            let Some(met) = met else { return };
            if depths.len() == depth + 1 {
                depths.push(met);
            }
            let weight = model.weight(&next);
            if held.bytes + weight <= room {
                held.bytes += weight;
                held.states.push_back((met, next, weight));
            }
        });
        if let Some(by) = found {
            let (first, mut moves) = self.moves_to(number);
            moves.push(by);
            self.outcome = Some(Outcome::Found(first, moves));
        }
    }

    fn moves_to(&self, state: u32) -> (usize, Vec<u16>) {
        let way = self.seen.way(state);
        let moves = way.iter().filter_map(|state| Some(self.seen.origin(*state)?.1)).collect();
        (way[0] as usize, moves)
    }

    /// A state that was met: as it was kept, or rebuilt.
    fn take(&mut self, number: u32) -> M::State {
        match self.held.states.pop_front() {
            Some((held, state, weight)) if held == number => {
                self.held.bytes -= weight;
                state
            }
            other => {
                other.into_iter().for_each(|later| self.held.states.push_front(later));
                self.rebuild(number)
            }
        }
    }

    /// Repeats the moves that led to a state. States are expanded in the order in which they were met, so one mostly
    /// shares all but the end of its way with the one before.
    fn rebuild(&mut self, number: u32) -> M::State {
        let way = self.seen.way(number);
        let shared = self.way.iter().zip(&way).take_while(|((there, _), wanted)| there == *wanted).count();
        self.way.truncate(shared);
        for state in &way[shared..] {
            let reached = match (self.seen.origin(*state), self.way.last()) {
                (Some((_, by)), Some((_, before))) => self.model.follow(before, by),
                _ => self.firsts.get(*state as usize).cloned(),
            };
            // A model is deterministic: what was possible once is possible again.
            self.way.extend(reached.map(|reached| (*state, reached)));
        }
        self.way.last().map_or_else(|| self.firsts[0].clone(), |(_, state)| state.clone())
    }
}
