//! Plain transition systems after published TLA+ specifications, with the number of distinct states that the checker must
//! find in each.
//!
//! Shared by the native and the wasm tests, and by the benchmark, which explores the same states with another checker.
//! They must not know any world, protocol or test.

pub mod lamport_paxos;
pub mod two_phase;

use conclave::engine::check::print::{Names, Printer};
use std::hash::{Hash, Hasher};

/// The fingerprint of a state in which nothing has a name that could be exchanged.
pub fn print(names: &Names, state: &impl Hash) -> u64 {
    let mut printer = Printer::new(names);
    state.hash(&mut printer);
    printer.finish()
}
