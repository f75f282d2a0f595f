//! The built-in scenario files of Multi-Paxos: the classics, then its rules broken one at a time.
//!
//! Each file is run by the tests to its end; those of a variant also without it. An event of our protocol notes is a
//! request with its reply; here each message is a step of its own, and a file says where that makes it longer.

macro_rules! files {
    ($($slug:literal),* $(,)?) => { &[$(($slug, include_str!(concat!("scenarios/", $slug, ".json")))),*] };
}

/// Slug and text of each file.
pub const SCENARIOS: &[(&str, &str)] = files!["mp1-phase-one-once",];
