//! The checker beside what is known otherwise: published numbers of states, and searches of another kind.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod deepening;
mod graph;
mod lamport_paxos;
mod limits;
mod logs;
mod merging;
mod paxos;
mod paxos_states;
#[path = "../plain/mod.rs"]
mod plain;
#[path = "../proofs/mod.rs"]
mod proofs;
mod shortest;
mod two_phase;
