//! Shortest means shortest: what the search finds is no longer than what iterative deepening finds.

use crate::deepening::shortest;
use crate::graph::graphs;
use crate::limits::NONE;
use crate::plain::Plain;
use crate::plain::lamport_paxos::LamportPaxos;
use crate::plain::two_phase::TwoPhase;
use conclave::engine::check::search::{Outcome, Search};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn in_any_graph(graph in graphs()) {
        let mut search = Search::new(graph.clone(), NONE);
        match search.run() {
            Outcome::Found(first, moves) => {
                prop_assert!(graph.is_way(*first, moves));
                prop_assert_eq!(Some(moves.len()), shortest(&graph));
            }
            other => prop_assert_eq!((other, shortest(&graph)), (&Outcome::Exhausted, None)),
        }
    }

    #[test]
    fn every_state_is_met_as_early_as_it_can_be(graph in graphs()) {
        let graph = graph.without_goals();
        let mut search = Search::new(graph.clone(), NONE);
        search.run();
        let distances = graph.distances();
        prop_assert_eq!(search.states() as usize, distances.iter().flatten().count());
        prop_assert_eq!(search.depth(), distances.into_iter().flatten().max().unwrap());
        prop_assert_eq!(search.waiting(), 0);
    }
}

#[test]
fn where_there_is_nothing_to_find_deepening_finds_nothing_either() {
    assert_eq!(shortest(&Plain::new(TwoPhase::new(3))), None);
    assert_eq!(shortest(&Plain::new(LamportPaxos::new())), None);
}
