//! Leaders: phase 1 once, what they must propose, the window, and how they give up (§3, rules 1 to 5 and 8).

use crate::scene::{Scene, ballot, command, count, node, vote};
use conclave::engine::action::Action;
use conclave::protocols::multi_paxos::{Message, Note, Promise, Role, Timer};

fn promise(round: u32, owner: u8, from: u32, votes: &[(u32, u32, &str)]) -> Message {
    let accepted = votes.iter().map(|(slot, of, text)| (*slot, vote(*of, 3, text))).collect();
    let (chosen, snapshot) = (Vec::new(), None);
    Message::Promise(Promise { ballot: ballot(round, owner), from, accepted, chosen, snapshot })
}

fn text(slot: u32, said: &str) -> (u32, String) {
    (slot, said.to_string())
}

#[test]
fn whoever_hears_no_leader_asks_for_all_slots_it_does_not_know() {
    let mut scene = Scene::of(3);
    scene.hear(1, 2, &Message::Learn { slot: 1, commands: vec![command("a=1"), command("b=1")], next: None });
    scene.fire(1, Timer::Election);
    assert_eq!(scene.sent(2), [Message::Prepare { ballot: ballot(1, 1), from: 3 }]);
    assert!(scene.runs(1, Timer::Election), "it will try again");
}

/// §3: the highest vote reported in each slot, no-ops in between, then commands of clients.
#[test]
fn a_new_leader_proposes_what_binds_it_then_no_ops_then_its_own() {
    let mut scene = Scene::of(5);
    scene.fire(1, Timer::Election);
    scene.hear(1, 2, &promise(1, 1, 1, &[(1, 0, "low=1"), (4, 0, "d=1")]));
    scene.hear(1, 4, &promise(1, 1, 1, &[(2, 0, "b=1")]));
    assert_eq!(scene.proposed(1), [text(1, "low=1"), text(2, "b=1"), text(3, ""), text(4, "d=1")]);
    scene.ask(1, "mine=1");
    assert_eq!(scene.proposed(1).last(), Some(&text(5, "mine=1")));
}

#[test]
fn of_two_reports_for_a_slot_the_higher_ballot_binds() {
    for [first, second] in [[2, 4], [4, 2]] {
        let mut scene = Scene::of(5);
        scene.hear(1, 2, &Message::Nack { ballot: ballot(1, 1), promised: ballot(1, 2) });
        scene.hear(1, 5, &Message::Prepare { ballot: ballot(7, 5), from: 1 });
        scene.fire(1, Timer::Election);
        let reports = [(2, promise(8, 1, 1, &[(1, 2, "low=1")])), (4, promise(8, 1, 1, &[(1, 6, "high=1")]))];
        for from in [first, second] {
            let (_, message) = reports.iter().find(|(of, _)| *of == from).unwrap();
            scene.hear(1, from, message);
        }
        assert_eq!(scene.proposed(1), [text(1, "high=1")]);
    }
}

/// What somebody knows to be chosen is learned, not proposed.
#[test]
fn what_is_reported_as_chosen_is_not_proposed_again() {
    let mut scene = Scene::of(3);
    scene.fire(1, Timer::Election);
    let chosen = vec![(1, command("a=1")), (2, command("b=1"))];
    let (accepted, snapshot) = (Vec::new(), None);
    scene.hear(
        1,
        2,
        &Message::Promise(Promise { ballot: ballot(1, 1), from: 1, accepted, chosen, snapshot }),
    );
    assert_eq!((scene.state(1).commit, scene.proposed(1)), (2, vec![]));
    scene.ask(1, "c=1");
    assert_eq!(scene.proposed(1), [text(3, "c=1")]);
}

#[test]
fn an_answer_that_comes_twice_counts_once_and_one_for_another_ballot_not_at_all() {
    let mut scene = Scene::of(5);
    scene.fire(1, Timer::Election);
    scene.hear(1, 2, &promise(1, 1, 1, &[]));
    scene.hear(1, 2, &promise(1, 1, 1, &[]));
    assert!(scene.leader(1).is_none());
    scene.fire(1, Timer::Election);
    scene.hear(1, 3, &promise(1, 1, 1, &[]));
    assert!(scene.told(&Note::StalePromise { from: node(3), ballot: ballot(1, 1) }));
    scene.lose_all();
    scene.elect(1, &[2, 3]);
    scene.ask(1, "x=1");
    for _ in 0..2 {
        scene.hear(1, 2, &Message::Accepted { ballot: ballot(3, 1), slot: 1 });
    }
    scene.hear(1, 4, &Message::Accepted { ballot: ballot(2, 1), slot: 1 });
    assert_eq!((scene.state(1).commit, scene.leader(1).unwrap().proposals[&1].acks.len()), (0, 2));
    scene.hear(1, 4, &Message::Accepted { ballot: ballot(3, 1), slot: 1 });
    assert_eq!(scene.state(1).commit, 1);
}

/// §3: at most α commands beyond what is chosen; the others wait.
#[test]
fn a_leader_proposes_at_most_a_window_beyond_what_it_knows() {
    let mut scene = Scene::with(3, &[("window", count(2))]);
    scene.elect(1, &[2]);
    for said in ["a=1", "b=1", "c=1"] {
        scene.ask(1, said);
    }
    assert!(scene.told(&Note::Queues { command: "c=1".into(), window: 2 }));
    assert_eq!(scene.proposed(1), [text(1, "a=1"), text(2, "b=1")]);
    scene.vote(1, &[2]);
    assert_eq!(scene.proposed(1), [text(2, "b=1"), text(3, "c=1")]);
}

/// Votes that were lost are asked for again, slot by slot, of those that have not answered.
#[test]
fn a_leader_asks_again_where_no_answer_came() {
    let mut scene = Scene::of(3);
    scene.elect(1, &[2]);
    scene.ask(1, "a=1");
    scene.ask(1, "b=1");
    scene.vote(1, &[2]);
    scene.lose_all();
    scene.fire(1, Timer::Resend);
    assert!(scene.sent(2).is_empty(), "it may still be on its way");
    scene.fire(1, Timer::Resend);
    assert!(matches!(scene.sent(2)[..], [Message::Accept { slot: 2, .. }]));
    assert!(matches!(scene.sent(3)[..], [Message::Accept { slot: 2, .. }]));
    scene.vote(1, &[2]);
    assert!(!scene.runs(1, Timer::Resend), "nothing is open");
}

/// Rule 8: any higher ballot ends a leader's own; what it has proposed stays with the acceptors.
#[test]
fn a_higher_ballot_makes_a_leader_give_up() {
    let lead = || {
        let mut scene = Scene::of(3);
        scene.elect(1, &[2]);
        scene.ask(1, "a=1");
        scene
    };
    let higher = ballot(5, 3);
    let messages = [
        Message::Nack { ballot: ballot(1, 1), promised: higher },
        Message::Prepare { ballot: higher, from: 1 },
        Message::Accept { slot: 1, vote: vote(5, 3, "z=1"), commit: 0 },
        Message::Heartbeat { ballot: higher, commit: 0, read_seq: 0 },
    ];
    for message in &messages {
        let mut scene = lead();
        scene.hear(1, 3, message);
        assert_eq!(scene.state(1).role, Role::Follower, "{message:?}");
        assert!(scene.told(&Note::SteppedDown { ballot: higher }));
        assert!(scene.runs(1, Timer::Election) && !scene.runs(1, Timer::Heartbeat));
        assert_eq!(scene.state(1).durable.accepted.len(), 1);
    }
    let mut scene = lead();
    scene.hear(1, 3, &Message::Nack { ballot: ballot(1, 1), promised: higher });
    scene.fire(1, Timer::Election);
    assert_eq!(scene.state(1).ballot(), Some(ballot(6, 1)), "above what it has heard of");
}

#[test]
fn a_round_is_never_used_twice_not_even_after_a_crash() {
    let mut scene = Scene::of(3);
    for round in 1..4 {
        scene.fire(1, Timer::Election);
        assert_eq!(scene.state(1).ballot(), Some(ballot(round, 1)));
        scene.act(Action::Crash(node(1)));
        scene.act(Action::Restart(node(1)));
    }
}

#[test]
fn a_leader_that_stands_alone_chooses_alone() {
    let mut scene = Scene::of(1);
    scene.fire(1, Timer::Election);
    scene.ask(1, "x=1");
    assert_eq!((scene.state(1).commit, scene.value(1, "x")), (1, Some("1".into())));
}

#[test]
fn a_new_leader_may_begin_with_a_no_op_of_its_own() {
    let mut scene = Scene::with(3, &[("noop", conclave::engine::options::OptionValue::Flag(true))]);
    scene.elect(1, &[2]);
    assert_eq!(scene.proposed(1), [text(1, "")]);
}
