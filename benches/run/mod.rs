//! The run that all benchmarks measure, and the table that they print.

use conclave::engine::action::{Action, Ask};
use conclave::engine::ids::{ClientId, Micros, NodeId};
use conclave::engine::options::Options;
use conclave::engine::session::Session;
use conclave::protocols::{Opening, find};

/// How long the history is that is measured.
pub const ACTIONS: usize = 20_000;

/// One line of the table.
pub fn print(what: &str, measured: String, goal: &str) {
    println!("{what:<58} {measured:>14}  {goal}");
}

/// A fresh cluster of five.
pub fn open() -> Box<dyn Session> {
    let raft = find("raft").expect("the protocol is there");
    let options = Options::defaults(raft.options);
    let opening = Opening { nodes: 5, seed: 1, options, variant: 0, start: vec![], down: vec![] };
    (raft.open)(&opening).expect("a fresh cluster opens")
}

/// A write by one client, to the nodes in turn.
pub fn request(number: usize) -> Action {
    let node = NodeId::all(5).nth(number % 5).expect("five nodes");
    let command = format!("x={number}");
    Action::Request(Box::new(Ask {
        client: ClientId::FIRST,
        node,
        command: command.as_str().into(),
        seq: None,
    }))
}

/// Lets a run go on until it has so many actions, with a request every 40 of them if it is busy.
pub fn drive(session: &mut dyn Session, actions: usize, busy: bool) {
    while session.len() < actions {
        let number = session.len();
        if busy && number % 40 == 39 && session.act(Micros::ZERO, request(number)).is_ok() {
            continue;
        }
        if session.step().is_err() {
            return;
        }
    }
}
