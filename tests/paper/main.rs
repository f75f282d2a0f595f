//! Scenes from the Raft paper, each with its section: what a server does with one message at one moment.
//!
//! `scene` is the stage: a small cluster in which nothing happens by itself.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod clients;
mod elections;
mod faults;
mod replication;
mod scene;
