//! Scenes from *Paxos Made Simple*, §3, and *Paxos Made Moderately Complex*: what a server does with one message at one
//! moment, and what the observer may say of it.
//!
//! `scene` is the stage: a small cluster in which nothing happens by itself.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::scenario::file::Scenario;
use conclave::scenario::run::run;

mod acceptors;
mod clients;
mod costs;
mod leaders;
mod members;
mod monitors;
mod reads;
mod scene;

/// Found by chance: a leader that has not heard of a later ballot proposes a command for a slot behind one that was
/// chosen there, and whoever takes over finds its vote and is bound by it. The paper allows it, and so does L6.
#[test]
fn the_vote_of_a_proposer_that_was_left_behind_breaks_no_promise() {
    let file = Scenario::parse(include_bytes!("left-behind.json")).unwrap();
    let finished = run(&file).unwrap();
    assert_eq!(finished.broken, None);
    assert_eq!(finished.runner.session().violations(), []);
}
