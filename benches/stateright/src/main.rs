//! The checker's search beside that of Stateright, on the same states made by the same code: `cargo run --release -p
//! conclave-bench-check`.
//!
//! A package of its own, so that nothing else ever compiles the other checker. Both search breadth first on one thread, in
//! turns; what is printed is the median of several rounds of time on the processor, never asserted. That both meet the
//! same number of states is asserted: otherwise there is nothing to compare.

mod packed;
#[path = "../../../tests/plain/mod.rs"]
mod plain;
mod theirs;

use conclave::engine::check::search::{Limits, Outcome, Search};
use cpu_time::ProcessTime;
use packed::Packed;
use plain::two_phase::TwoPhase;
use plain::{Plain, System};
use stateright::{Checker, Model};
use std::hint::black_box;
use theirs::Theirs;

const ROUNDS: usize = 5;

fn main() {
    println!("| system | states | states/s | Stateright, states/s | ratio |\n|---|---|---|---|---|");
    for managers in [7, 8] {
        compare("two-phase commit", managers, &TwoPhase::new(managers));
        compare("the same in a few bits", managers, &Packed::new(managers));
    }
}

fn compare<S: System>(name: &str, managers: u8, system: &S) {
    let mut rates = [Vec::new(), Vec::new()];
    let mut states = [0, 0];
    for _ in 0..ROUNDS {
        for (checker, search) in [ours, theirs].into_iter().enumerate() {
            let begun = ProcessTime::now();
            states[checker] = search(system);
            rates[checker].push(f64::from(states[checker]) / begun.elapsed().as_secs_f64());
        }
    }
    assert_eq!(states[0], states[1], "both checkers meet the same states");
    let [own, other] = rates.map(median);
    println!(
        "| {name}, {managers} resource managers | {} | {own:.0} | {other:.0} | {:.2} |",
        states[0],
        own / other
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn ours<S: System>(system: &S) -> u32 {
    let limits = Limits { depth: u32::MAX, states: u32::MAX, bytes: usize::MAX };
    let mut search = Search::new(Plain::new(system.clone()), limits);
    assert_eq!(*search.run(), Outcome::Exhausted);
    black_box(search).states()
}

fn theirs<S: System>(system: &S) -> u32 {
    let checker = Theirs(system.clone()).checker().threads(1).spawn_bfs().join();
    assert_eq!(checker.discoveries().len(), 0);
    black_box(checker).unique_state_count() as u32
}
