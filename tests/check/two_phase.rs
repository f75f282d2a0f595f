//! Two-phase commit has the states that are published for it, and nobody aborts what another one commits.

use crate::deepening::shortest;
use crate::limits::NONE;
use crate::plain::two_phase::{Manager, PUBLISHED, TwoPhase};
use crate::plain::{Plain, System};
use conclave::engine::check::search::{Model, Outcome, Search};

#[test]
fn it_has_as_many_states_as_its_specification() {
    for (managers, states) in PUBLISHED {
        let mut search = Search::new(Plain::new(TwoPhase::new(managers)), NONE);
        assert_eq!(*search.run(), Outcome::Exhausted, "{managers} resource managers");
        assert_eq!(search.states(), states, "{managers} resource managers");
    }
}

/// The others go on as the protocol has them, so the one that was not waited for is the one that aborts.
#[test]
fn a_coordinator_that_does_not_wait_for_the_last_is_found_out() {
    let model = Plain::new(TwoPhase::hasty(3));
    let mut search = Search::new(model.clone(), NONE);
    let Outcome::Found(0, moves) = search.run().clone() else { panic!("{:?}", search.outcome()) };
    // Two prepare and are heard; it commits, one of them commits, and the third aborts.
    assert_eq!(moves.len(), 7);
    assert_eq!(shortest(&model), Some(7));
    let end = moves.iter().fold(model.system.start(), |state, by| model.follow(&state, *by).unwrap());
    assert!(end.managers.contains(&Manager::Committed) && end.managers.contains(&Manager::Aborted));
}
