//! Scenes from *Paxos Made Simple*, each with its section: what a node does with one message at one moment, and what the
//! observer may say of it.
//!
//! `scene` is the stage: a small cluster in which nothing happens by itself.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod acceptors;
mod learners;
mod proposers;
mod quorums;
mod rows;
mod scene;
