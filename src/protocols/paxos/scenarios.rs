//! The built-in scenario files of Paxos: the classics, then its rules broken one at a time.
//!
//! Each file is run by the tests to its end; those of a variant also without it.

/// Slug and text of each file.
pub const SCENARIOS: &[(&str, &str)] = &[];
