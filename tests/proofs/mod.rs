//! What the checker proves of the correct Raft and Multi-Paxos, with how many states there are within the bounds of the
//! check files: the same numbers natively and in a browser.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::check::{Progress, Verdict};
use conclave::protocols::find;
use conclave::scenario::check::Checking;
use conclave::scenario::file::Scenario;

/// A proof: protocol, check file, states, moves that change something, and how far the furthest state is.
pub type Proof = (&'static str, &'static str, u64, u64, u32);

/// Those that take a second or two.
pub const PROOFS: [Proof; 7] = [
    ("raft", "standard", 20_952, 89_852, 18),
    ("raft", "standard-log-matching", 11_306, 52_006, 17),
    ("raft", "standard-commit-rule", 107_396, 534_139, 25),
    ("paxos", "standard-no-crash", 32_218, 149_135, 28),
    ("multi_paxos", "standard", 13_693, 48_519, 16),
    ("multi_paxos", "standard-one-slot", 8_646, 29_568, 17),
    ("multi_paxos", "standard-two-slots", 45_408, 171_020, 18),
];

/// The check file of this name.
pub fn text(protocol: &str, key: &str) -> &'static str {
    let checks = find(protocol).unwrap().checks;
    checks.iter().find(|(own, _)| *own == key).unwrap().1
}

/// Does the steps of a check file and then its check, to the end.
pub fn checked(file: &[u8]) -> Checking {
    let mut checking = Checking::begin(Scenario::parse(file).unwrap()).unwrap();
    while !checking.work(u32::MAX) {}
    checking
}

/// Checks that a proof is as it was recorded.
pub fn prove((protocol, key, states, transitions, depth): Proof) {
    let Progress { states: met, transitions: made, depth: furthest, verdict, .. } =
        checked(text(protocol, key).as_bytes()).progress();
    let found = (verdict, met, made, furthest);
    assert_eq!(found, (Some(Verdict::Holds), states, transitions, depth), "{protocol} {key}");
}
