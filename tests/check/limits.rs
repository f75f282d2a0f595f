//! Limits: where a search stops, that it goes on from there as if nothing had been, and that forgetting states and
//! rebuilding them changes nothing but the time that it takes.

use crate::graph::{Graph, ROOM, graphs};
use crate::plain::Plain;
use crate::plain::lamport_paxos::LamportPaxos;
use crate::plain::two_phase::TwoPhase;
use conclave::engine::check::search::{Limit, Limits, Model, Outcome, Search};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

/// As far as it goes.
pub const NONE: Limits = Limits { depth: u32::MAX, states: u32::MAX, bytes: usize::MAX };

/// What can be said of a search that is over.
fn sum<M: Model>(search: &Search<M>) -> (Option<Outcome>, u32, u64, u32, u32) {
    let counts = (search.states(), search.transitions(), search.depth(), search.waiting());
    (search.outcome().cloned(), counts.0, counts.1, counts.2, counts.3)
}

fn whole<M: Model>(model: M, limits: Limits) -> Search<M> {
    let mut search = Search::new(model, limits);
    search.run();
    search
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn at_a_depth_everything_nearer_is_met(graph in graphs(), depth in 0_u32..12) {
        let graph = graph.without_goals();
        let search = whole(graph.clone(), Limits { depth, ..NONE });
        let distances = graph.distances();
        let nearer = distances.iter().flatten().filter(|distance| **distance <= depth);
        prop_assert_eq!(search.states() as usize, nearer.count());
        // What lies at the depth itself is not expanded: whether anything follows from it is not known.
        let furthest = distances.iter().flatten().max().copied().unwrap();
        let expected = if furthest < depth { Outcome::Exhausted } else { Outcome::Stopped(Limit::Depth) };
        prop_assert_eq!(search.outcome(), Some(&expected));
    }

    #[test]
    fn a_way_longer_than_the_depth_is_not_found(graph in graphs(), depth in 0_u32..12) {
        let found = |search: &Search<Graph>| match search.outcome() {
            Some(Outcome::Found(_, moves)) => Some(moves.len() as u32),
            _ => None,
        };
        let all = found(&whole(graph.clone(), NONE));
        let near = found(&whole(graph, Limits { depth, ..NONE }));
        prop_assert_eq!(near, all.filter(|length| *length <= depth));
    }

    #[test]
    fn a_search_that_was_stopped_goes_on_as_if_it_had_not(graph in graphs(), states in 1_u32..40, depth in 0_u32..8) {
        let expected = sum(&whole(graph.clone(), NONE));
        let mut search = whole(graph, Limits { states, depth, ..NONE });
        let stopped = matches!(search.outcome(), Some(Outcome::Stopped(_)));
        prop_assert!(stopped || sum(&search) == expected);
        for more in 1..4 {
            search.extend(Limits { states: states + more * 5, depth: depth + more * 2, ..NONE });
            search.run();
        }
        search.extend(NONE);
        search.run();
        prop_assert_eq!(sum(&search), expected);
    }

    /// Of the states in between some are kept whole and some are not.
    #[test]
    fn states_that_are_rebuilt_are_the_states_that_were_met(graph in graphs()) {
        let expected = sum(&whole(graph.clone(), NONE));
        let limits = Limits { bytes: ROOM, ..NONE };
        prop_assert_eq!(&sum(&whole(graph.clone(), limits)), &expected);
        prop_assert_eq!(&sum(&whole(graph.clone().weighing(ROOM), limits)), &expected);
        prop_assert_eq!(&sum(&whole(graph.weighing(0), limits)), &expected);
    }

    #[test]
    fn work_in_small_pieces_comes_to_the_same(graph in graphs(), piece in 1_u32..4) {
        let expected = sum(&whole(graph.clone(), NONE));
        let mut search = Search::new(graph, NONE);
        while !search.work(piece) {}
        prop_assert_eq!(sum(&search), expected);
    }
}

/// A model whose states are said to be too heavy to be kept.
struct Heavy<M>(M);

impl<M: Model> Model for Heavy<M> {
    type State = M::State;

    fn starts(&self) -> Vec<M::State> {
        self.0.starts()
    }

    fn print(&self, state: &M::State) -> u64 {
        self.0.print(state)
    }

    fn expand(&self, state: &M::State, each: &mut dyn FnMut(u16, M::State, bool)) {
        self.0.expand(state, each);
    }

    fn follow(&self, state: &M::State, by: u16) -> Option<M::State> {
        self.0.follow(state, by)
    }

    fn wanted(&self, state: &M::State) -> bool {
        self.0.wanted(state)
    }

    fn weight(&self, _: &M::State) -> usize {
        usize::MAX / 4
    }
}

fn rebuilds_to_the_same<M: Model + Clone>(model: M) {
    let expected = sum(&whole(model.clone(), NONE));
    let limits = Limits { bytes: 100_000_000, ..NONE };
    assert_eq!(sum(&whole(Heavy(model), limits)), expected);
}

#[test]
fn the_plain_models_are_rebuilt_to_the_same() {
    rebuilds_to_the_same(Plain::new(TwoPhase::new(5)));
    rebuilds_to_the_same(Plain::new(TwoPhase::hasty(4)));
    rebuilds_to_the_same(Plain::new(LamportPaxos::new()));
    rebuilds_to_the_same(Plain::new(LamportPaxos::heedless()));
}

#[test]
fn a_search_that_has_no_more_memory_says_so_and_goes_on_when_it_gets_some() {
    let expected = sum(&whole(Plain::new(TwoPhase::new(5)), NONE));
    let mut search = Search::new(Plain::new(TwoPhase::new(5)), Limits { bytes: 50_000, ..NONE });
    let mut most = 50_000;
    let mut stops = 0;
    while *search.run() == Outcome::Stopped(Limit::Memory) {
        assert!(most <= search.bytes(), "{} of {most}", search.bytes());
        stops += 1;
        most *= 2;
        search.extend(Limits { bytes: most, ..NONE });
    }
    assert!(1 < stops);
    assert_eq!(sum(&search), expected);
}

#[test]
fn as_many_states_as_it_may_meet_are_enough_to_stop() {
    let search = whole(Plain::new(TwoPhase::new(3)), Limits { states: 100, ..NONE });
    assert_eq!(search.outcome(), Some(&Outcome::Stopped(Limit::States)));
    // The last state that was expanded may lead to a few more.
    assert!((100..110).contains(&search.states()), "{}", search.states());
}
