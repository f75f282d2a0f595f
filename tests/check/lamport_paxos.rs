//! Paxos has the states that are published for it, and chooses one value.

use crate::deepening::shortest;
use crate::limits::NONE;
use crate::plain::lamport_paxos::{LamportPaxos, PUBLISHED};
use crate::plain::{Plain, System};
use conclave::engine::check::search::{Model, Outcome, Search};

#[test]
fn it_has_as_many_states_as_its_specification() {
    let mut search = Search::new(Plain::new(LamportPaxos::new()), NONE);
    assert_eq!((search.run().clone(), search.states()), (Outcome::Exhausted, PUBLISHED));
}

#[test]
fn ballots_that_may_have_any_value_are_found_to_choose_two() {
    let model = Plain::new(LamportPaxos::heedless());
    let mut search = Search::new(model.clone(), NONE);
    let Outcome::Found(0, moves) = search.run().clone() else { panic!("{:?}", search.outcome()) };
    // Two ballots, each of which begins, is joined by two, gets its value and two votes.
    assert_eq!(moves.len(), 2 * (1 + 2 + 1 + 2));
    assert_eq!(shortest(&model), Some(12));
    let end = moves.iter().fold(model.system.start(), |state, by| model.follow(&state, *by).unwrap());
    assert!(model.system.is_chosen(&end, 0) && model.system.is_chosen(&end, 1));
}
