//! Conclave: a laboratory for consensus algorithms.
