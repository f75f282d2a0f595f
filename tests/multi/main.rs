//! Scenes from *Paxos Made Simple*, §3, and *Paxos Made Moderately Complex*: what a server does with one message at one
//! moment, and what the observer may say of it.
//!
//! `scene` is the stage: a small cluster in which nothing happens by itself.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod acceptors;
mod clients;
mod costs;
mod leaders;
mod members;
mod monitors;
mod reads;
mod scene;
