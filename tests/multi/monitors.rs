//! The observer's promises that no variant breaks: shown steps that could never arise, it complains about each.
//!
//! What a server says to itself is heard like what it says to others, so a note is enough to put words into its mouth.

use crate::scene::{Scene, ballot, command, node, vote};
use conclave::engine::action::{Action, Happening};
use conclave::engine::client::Request;
use conclave::engine::ids::{ClientId, NodeId};
use conclave::engine::protocol::Protocol;
use conclave::engine::world::{Slot, Step, World};
use conclave::protocols::multi_paxos::{Ghost, Message, MultiPaxos, Note, Promise, Snapshot, State, Timer};

/// An observer who is told what servers say.
struct Observer {
    ghost: Ghost,
    scene: Scene,
}

impl Observer {
    fn new() -> Observer {
        let mut scene = Scene::of(3);
        scene.elect(1, &[2]);
        scene.ask(1, "x=1");
        Observer { ghost: scene.world.ghost().clone(), scene }
    }

    /// A server says something in a step that leaves it as it is; returns what is wrong with that.
    fn hears(&mut self, from: u8, messages: &[Message]) -> Vec<&'static str> {
        let before = self.scene.world.slot(node(from)).clone();
        self.sees(from, &before, messages)
    }

    fn sees(&mut self, from: u8, before: &Slot<MultiPaxos>, messages: &[Message]) -> Vec<&'static str> {
        let says =
            |message: &Message| Happening::Noted(node(from), Note::ToItself { message: message.clone() });
        let happenings: Vec<Happening<MultiPaxos>> = messages.iter().map(says).collect();
        step(&mut self.ghost, &self.scene.world, node(from), before, &happenings)
    }
}

fn step(
    ghost: &mut Ghost,
    world: &World<MultiPaxos>,
    of: NodeId,
    before: &Slot<MultiPaxos>,
    happenings: &[Happening<MultiPaxos>],
) -> Vec<&'static str> {
    MultiPaxos::observe(ghost, &Step { before: Some((of, before)), world, happenings });
    ghost.found.iter().map(|(id, _)| *id).collect()
}

fn accept(slot: u32, round: u32, owner: u8, text: &str) -> Message {
    Message::Accept { slot, vote: vote(round, owner, text), commit: 0 }
}

fn accepted(slot: u32, round: u32, owner: u8) -> Message {
    Message::Accepted { ballot: ballot(round, owner), slot }
}

#[test]
fn validity_what_nobody_asked_for_is_chosen() {
    let mut observer = Observer::new();
    assert_eq!(observer.hears(1, &[accept(2, 1, 1, "never=1"), accepted(2, 1, 1)]), [""; 0]);
    assert!(observer.hears(2, &[accepted(2, 1, 1)]).contains(&"A2"));
}

#[test]
fn promise_kept_a_vote_is_below_a_promise() {
    let mut observer = Observer::new();
    let (accepted_none, chosen) = (Vec::new(), Vec::new());
    let promise = Promise { ballot: ballot(5, 3), from: 1, accepted: accepted_none, chosen, snapshot: None };
    assert_eq!(observer.hears(2, &[Message::Promise(promise)]), [""; 0]);
    assert_eq!(observer.hears(2, &[accepted(1, 1, 1)]), ["A5"]);
}

#[test]
fn vote_order_a_vote_is_above_the_promise() {
    let mut observer = Observer::new();
    assert_eq!(observer.hears(2, &[accepted(1, 4, 1)]), ["A6"]);
}

#[test]
fn one_value_a_ballot_has_two_commands_in_a_slot() {
    let mut observer = Observer::new();
    assert_eq!(observer.hears(1, &[accept(1, 1, 1, "other=1")]), ["A7"]);
}

#[test]
fn ownership_a_ballot_is_begun_twice() {
    let mut observer = Observer::new();
    let idle = observer.scene.world.slot(node(3)).clone();
    observer.scene.fire(3, Timer::Election);
    assert_eq!(observer.sees(3, &idle, &[]), [""; 0]);
    assert_eq!(observer.sees(3, &idle, &[]), ["A8"], "the same once more");
}

#[test]
fn one_leader_another_proposes_in_its_ballot() {
    let mut observer = Observer::new();
    assert!(observer.hears(2, &[accept(7, 1, 1, "x=1")]).contains(&"L5"));
}

#[test]
fn one_above_and_safe_proposal_something_else_is_proposed_above() {
    let mut observer = Observer::new();
    observer.hears(2, &[accepted(1, 1, 1)]);
    assert_eq!(observer.hears(3, &[accept(1, 2, 3, "other=1")]), ["A9", "A10"]);
}

/// Whoever believes a forgery takes for chosen what is not: three promises speak of that.
#[test]
fn honest_learning_and_commit_a_forged_learn_is_believed() {
    let mut scene = Scene::of(3);
    scene.hear(1, 2, &Message::Learn { slot: 1, commands: vec![command("never=1")], next: None });
    assert_eq!(broken(&scene), ["A3", "L3", "L10"]);
    scene.hear(3, 2, &Message::Learn { slot: 1, commands: vec![command("other=1")], next: None });
    assert_eq!(broken(&scene), ["A1", "L2"]);
}

#[test]
fn snapshots_and_states_a_forged_snapshot_is_believed() {
    let mut scene = Scene::of(3);
    scene.elect(1, &[2]);
    scene.lose_all();
    scene.ask(1, "x=1");
    scene.vote(1, &[2]);
    let snapshot = |value: &str| {
        let mut state = State::default();
        state.machine.set("x", value);
        Message::Snapshot(Snapshot { last: 1, state })
    };
    scene.hear(3, 1, &snapshot("2"));
    assert_eq!(broken(&scene), ["L4", "L11"]);
}

#[test]
fn restart_what_is_durable_is_gone() {
    let mut scene = Scene::of(3);
    scene.hear(1, 2, &accept(1, 1, 2, "x=1"));
    let before = scene.world.slot(node(1)).clone();
    let mut ghost = scene.world.ghost().clone();
    let fresh = Scene::of(3);
    let mut after = fresh.world.clone();
    after.apply(after.now(), &Action::Crash(node(1))).unwrap();
    assert_eq!(step(&mut ghost, &after, node(1), &before, &[]), ["A4", "L8"]);
}

/// A client's request is what makes a command one that somebody asked for; a retry asks for nothing new.
#[test]
fn requests_are_heard_wherever_they_are_sent() {
    let mut observer = Observer::new();
    let request = Request { client: ClientId::FIRST, seq: 1, command: "x=1".into() };
    let wanted = observer.scene.leader(1).unwrap().proposals[&1].command.clone();
    assert_eq!((&wanted.text, wanted.origin), (&request.command, Some((request.client, request.seq))));
    assert_eq!(observer.hears(2, &[accepted(1, 1, 1)]), [""; 0]);
    assert!(observer.ghost.is_chosen(1, &wanted));
}

fn broken(scene: &Scene) -> Vec<&'static str> {
    scene.report.violations.iter().map(|broken| broken.id).collect()
}
