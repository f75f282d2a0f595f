//! In a real browser: the golden runs come to the same numbers as natively, and the checker meets as many states.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]
#![cfg(target_arch = "wasm32")]

mod golden;
mod plain;
mod proofs;

use conclave::engine::check::search::{Limits, Search};
use golden::{GOLDEN, open, play};
use plain::lamport_paxos::LamportPaxos;
use plain::two_phase::TwoPhase;
use plain::{Plain, System, lamport_paxos, two_phase};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn golden_runs_come_to_the_same_as_natively() {
    for (run, digest) in GOLDEN {
        let found = play(&mut *open(run), run.1);
        assert_eq!(found, digest, "{run:?} comes to {found:#018x}");
    }
}

#[wasm_bindgen_test]
fn the_checker_meets_as_many_states_as_natively() {
    for (managers, states) in two_phase::PUBLISHED {
        assert_eq!(states_of(TwoPhase::new(managers)), states, "{managers} resource managers");
    }
    assert_eq!(states_of(LamportPaxos::new()), lamport_paxos::PUBLISHED);
}

#[wasm_bindgen_test]
fn the_checker_proves_as_natively() {
    // Those with many states take too long in a browser.
    proofs::PROOFS.into_iter().filter(|proof| proof.2 < 40_000).for_each(proofs::prove);
}

fn states_of(system: impl System) -> u32 {
    let limits = Limits { depth: u32::MAX, states: u32::MAX, bytes: usize::MAX };
    let mut search = Search::new(Plain::new(system), limits);
    search.run();
    search.states()
}
