//! Small graphs by chance as models: several first states, loops, moves that lead to the same, goals that are states and
//! goals that are moves.

use conclave::engine::check::search::Model;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};

/// A move: where it leads, and whether what is looked for happens by it.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    to: u8,
    is_wanted: bool,
}

/// A graph.
#[derive(Clone, Debug)]
pub struct Graph {
    firsts: Vec<u8>,
    edges: Vec<Vec<Edge>>,
    wanted: Vec<bool>,
    /// How many bytes a state is said to take.
    weights: Vec<usize>,
}

/// What the search may keep whole: half of it.
pub const ROOM: usize = 1_000_000;

/// Any graph. Goals are rare: most graphs have a few, many have none within reach.
pub fn graphs() -> impl Strategy<Value = Graph> {
    (1_u8..60).prop_flat_map(|nodes| {
        let rarely = || (0..100_u8).prop_map(|percent| percent < 2);
        let edge = (0..nodes, rarely()).prop_map(|(to, is_wanted)| Edge { to, is_wanted });
        let count = usize::from(nodes);
        let weight = any::<bool>().prop_map(|is_heavy| if is_heavy { ROOM } else { ROOM / 8 });
        (vec(0..nodes, 1..4), vec(vec(edge, 0..4), count), vec(rarely(), count), vec(weight, count))
            .prop_map(|(firsts, edges, wanted, weights)| Graph { firsts, edges, wanted, weights })
    })
}

impl Graph {
    /// How many moves every state is away, if it can be reached: by correcting guesses until none is wrong.
    pub fn distances(&self) -> Vec<Option<u32>> {
        let mut distances = vec![None; self.edges.len()];
        self.firsts.iter().for_each(|first| distances[usize::from(*first)] = Some(0));
        loop {
            let before = distances.clone();
            for (from, edges) in self.edges.iter().enumerate() {
                let Some(further) = distances[from].map(|distance: u32| distance + 1) else { continue };
                for edge in edges {
                    let there = &mut distances[usize::from(edge.to)];
                    *there = Some(there.map_or(further, |known| known.min(further)));
                }
            }
            if distances == before {
                return distances;
            }
        }
    }

    /// The same graph in which nothing is looked for.
    pub fn without_goals(mut self) -> Graph {
        self.wanted.fill(false);
        self.edges.iter_mut().flatten().for_each(|edge| edge.is_wanted = false);
        self
    }

    /// The same graph with states that are never kept whole, or always.
    pub fn weighing(mut self, weight: usize) -> Graph {
        self.weights.fill(weight);
        self
    }

    /// Whether what is looked for happens at the end of a way, and not before.
    pub fn is_way(&self, first: usize, moves: &[u16]) -> bool {
        let mut state = self.starts()[first];
        let mut happened = self.wanted(&state);
        for by in moves {
            let edge = self.edges[usize::from(state)][usize::from(*by)];
            if happened {
                return false;
            }
            state = edge.to;
            happened = edge.is_wanted || self.wanted(&state);
        }
        happened
    }
}

impl Model for Graph {
    type State = u8;

    /// Each once: the number of a first state is its place among those that differ.
    fn starts(&self) -> Vec<u8> {
        let mut firsts = Vec::new();
        for first in &self.firsts {
            if !firsts.contains(first) {
                firsts.push(*first);
            }
        }
        firsts
    }

    /// The numbers collide in the lower bits, so that places in the table are taken.
    fn print(&self, state: &u8) -> u64 {
        u64::from(*state % 5) | u64::from(*state) << 32
    }

    fn expand(&self, state: &u8, each: &mut dyn FnMut(u16, u8, bool)) {
        for (edge, number) in self.edges[usize::from(*state)].iter().zip(0..) {
            // Every other loop is left out, as a model may.
            if edge.to != *state || edge.is_wanted || number % 2 == 0 {
                each(number, edge.to, edge.is_wanted);
            }
        }
    }

    fn follow(&self, state: &u8, by: u16) -> Option<u8> {
        self.edges[usize::from(*state)].get(usize::from(by)).map(|edge| edge.to)
    }

    fn wanted(&self, state: &u8) -> bool {
        self.wanted[usize::from(*state)]
    }

    fn weight(&self, state: &u8) -> usize {
        self.weights[usize::from(*state)]
    }
}
