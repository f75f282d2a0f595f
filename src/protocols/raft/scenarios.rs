//! The built-in scenario files of Raft.

/// Slug and text of each file.
pub const SCENARIOS: &[(&str, &str)] = &[];
