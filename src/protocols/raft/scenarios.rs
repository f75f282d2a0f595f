//! The built-in scenario files of Raft: the classics of the paper, then its rules broken one at a time.
//!
//! Each file is run by the tests to its end; those of a variant also without it.

macro_rules! files {
    ($($slug:literal),* $(,)?) => { &[$(($slug, include_str!(concat!("scenarios/", $slug, ".json")))),*] };
}

/// Slug and text of each file.
pub const SCENARIOS: &[(&str, &str)] = files![
    "ra1-replication",
    "ra2-split-vote",
    "ra3-failover",
    "ra4-figure-7",
    "ra4-figure-7-one-by-one",
    "ra5-figure-8-three-servers",
    "ra5-figure-8-overwritten",
    "ra5-figure-8-settled",
    "ra6-partition",
    "compare-raft-and-multi-paxos",
    "r1-forgets-vote",
    "r3-ignores-log",
    "r5-commits-old-terms",
    "r8-trusts-leader-commit",
];
