//! Clients, sessions, and servers that catch up (rules 7, 9 and 12).

use crate::scene::{Scene, ballot, command, count, node, vote};
use conclave::engine::action::Action;
use conclave::engine::client::Outcome;
use conclave::engine::ids::ClientId;
use conclave::engine::options::OptionValue;
use conclave::protocols::multi_paxos::{Message, Note, Promise, Timer};

fn done(value: Option<&str>) -> Outcome {
    Outcome::Done { value: value.map(Into::into) }
}

#[test]
fn a_client_is_answered_when_its_command_is_applied() {
    let mut scene = Scene::of(3);
    scene.elect(1, &[2]);
    scene.ask(1, "x=1");
    assert!(scene.answers().is_empty());
    scene.vote(1, &[2]);
    assert_eq!(scene.answers(), [done(None)]);
    scene.ask(1, "x?");
    scene.vote(1, &[2]);
    assert_eq!(scene.answers(), [done(Some("1"))]);
}

#[test]
fn whoever_does_not_lead_says_who_does() {
    let mut scene = Scene::of(3);
    scene.ask(2, "x=1");
    assert_eq!(scene.answers(), [Outcome::Redirect { leader: None }]);
    scene.elect(1, &[2]);
    scene.pass("Heartbeat", 1, 2);
    scene.ask(2, "x=1");
    assert_eq!(scene.answers(), [Outcome::Redirect { leader: Some(node(1)) }]);
}

/// What was never proposed is sent away when the leader gives up; what was proposed may still be chosen.
#[test]
fn a_leader_that_gives_up_sends_away_what_still_waits() {
    let mut scene = Scene::with(3, &[("window", count(1))]);
    scene.elect(1, &[2]);
    scene.ask(1, "a=1");
    scene.ask(1, "b=1");
    scene.hear(1, 3, &Message::Prepare { ballot: ballot(2, 3), from: 1 });
    assert_eq!(scene.answers(), [Outcome::Redirect { leader: None }]);
}

/// Rule 7: a retry may be chosen a second time; the session sees to it that it takes effect once.
#[test]
fn a_request_takes_effect_once_however_often_it_is_chosen() {
    let mut scene = Scene::of(3);
    let (one, other) = (ClientId::FIRST, ClientId::new(2).unwrap());
    scene.elect(1, &[2]);
    scene.ask_as(one, 1, "x=1", Some(1));
    scene.ask_as(other, 1, "x=2", Some(1));
    scene.ask_as(one, 1, "x=1", Some(1));
    (0..3).for_each(|_| scene.vote(1, &[2]));
    assert!(scene.told(&Note::Duplicate { slot: 3, seq: 1 }));
    assert_eq!(scene.value(1, "x"), Some("2".into()));
    // Once applied, it is not even proposed again.
    scene.ask_as(one, 1, "x=1", Some(1));
    assert!(scene.told(&Note::AlreadyApplied { seq: 1 }));
    assert_eq!((scene.answers(), scene.proposed(1)), (vec![done(None)], vec![]));
}

#[test]
fn whoever_lacks_slots_asks_and_is_told() {
    let mut scene = Scene::of(3);
    scene.elect(1, &[2]);
    scene.lose_all();
    for said in ["a=1", "b=1"] {
        scene.ask(1, said);
        scene.vote(1, &[2]);
    }
    scene.lose_all();
    scene.fire(1, Timer::Heartbeat);
    scene.pass("Heartbeat", 1, 3);
    assert!(scene.told(&Note::AsksToLearn { from: 1, of: node(1) }));
    scene.pass("LearnRequest", 3, 1);
    scene.pass("Learn", 1, 3);
    assert_eq!((scene.state(3).commit, scene.value(3, "b")), (2, Some("1".into())));
    assert!(scene.state(3).durable.accepted.is_empty(), "it has not voted");
}

/// Rule 9: what is compacted is sent as a snapshot; with it the sessions, which are a part of the state.
#[test]
fn whoever_lacks_what_is_compacted_gets_a_snapshot_with_its_sessions() {
    let mut scene = Scene::with(3, &[("snapshot_after", count(2))]);
    scene.elect(1, &[2]);
    scene.lose_all();
    for said in ["a=1", "b=1", "c=1"] {
        scene.ask(1, said);
        scene.vote(1, &[2]);
    }
    let state = scene.state(1);
    assert_eq!((state.durable.snapshot.last, state.durable.accepted.len(), state.known.len()), (2, 1, 1));
    scene.lose_all();
    scene.fire(1, Timer::Heartbeat);
    scene.pass("Heartbeat", 1, 3);
    scene.pass("LearnRequest", 3, 1);
    scene.pass("Snapshot", 1, 3);
    assert_eq!((scene.state(3).applied, scene.value(3, "b")), (2, Some("1".into())));
    assert!(scene.state(3).state.machine.answered((ClientId::FIRST, 2)).is_some());
    assert_eq!(scene.log(3).base, 2);
}

/// Rule 9: install only what is ahead.
#[test]
fn an_old_snapshot_is_not_installed() {
    let mut scene = Scene::with(3, &[("snapshot_after", count(1))]);
    scene.elect(1, &[2]);
    scene.lose_all();
    for said in ["a=1", "a=2"] {
        scene.ask(1, said);
        scene.vote(1, &[2]);
    }
    let old = scene.state(2).durable.snapshot.clone();
    assert_eq!(old.last, 1);
    scene.hear(1, 2, &Message::Snapshot(old));
    assert!(scene.told(&Note::OldSnapshot { from: node(2), last: 1, applied: 2 }));
    assert_eq!(scene.value(1, "a"), Some("2".into()));
}

/// A candidate that lacks what an acceptor has compacted gets the snapshot with the promise.
#[test]
fn a_promise_carries_the_snapshot_that_a_candidate_lacks() {
    let mut scene = Scene::with(3, &[("snapshot_after", count(1))]);
    scene.elect(1, &[2]);
    scene.lose_all();
    scene.ask(1, "a=1");
    scene.vote(1, &[2]);
    scene.ask(1, "a=2");
    scene.pass("Accept", 1, 2);
    scene.act(Action::Crash(node(1)));
    scene.elect(3, &[2]);
    assert_eq!((scene.state(3).applied, scene.value(3, "a")), (1, Some("1".into())));
    assert_eq!(scene.proposed(3), [(2, "a=2".to_string())]);
}

/// A proposal in a slot that a snapshot covers comes from a leader that is behind: it is brought up to date.
#[test]
fn a_leader_that_is_behind_is_sent_the_snapshot() {
    let mut scene = Scene::with(3, &[("snapshot_after", count(1))]);
    scene.hear(1, 2, &Message::Learn { slot: 1, commands: vec![command("a=1")], next: None });
    scene.hear(1, 3, &Message::Accept { slot: 1, vote: vote(1, 3, "b=1"), commit: 0 });
    assert!(matches!(&scene.sent(3)[..], [Message::Snapshot(snapshot)] if snapshot.last == 1));
}

#[test]
fn what_is_known_survives_a_crash_where_that_is_asked_for() {
    for durable in [false, true] {
        let mut scene = Scene::with(3, &[("durable_commit", OptionValue::Flag(durable))]);
        scene.hear(1, 2, &Message::Learn { slot: 1, commands: vec![command("a=1")], next: None });
        scene.act(Action::Crash(node(1)));
        scene.act(Action::Restart(node(1)));
        assert_eq!(scene.state(1).commit, u32::from(durable));
        assert_eq!(scene.value(1, "a").is_some(), durable);
    }
}

/// Paxos Made Live: a wiped acceptor does not vote until it has seen a slot settled that began after its return.
#[test]
fn a_server_without_its_disk_only_watches() {
    let mut scene = Scene::with(3, &[("lost_disk", count(2))]);
    scene.fire(2, Timer::Election);
    scene.lose_all();
    scene.fire(1, Timer::Election);
    scene.pass("Prepare", 1, 2);
    scene.pass("Nack", 2, 1);
    scene.lose_all();
    scene.elect(1, &[2]);
    scene.lose_all();
    scene.ask(1, "a=1");
    scene.vote(1, &[2]);
    scene.lose_all();
    scene.act(Action::Crash(node(2)));
    scene.act(Action::Restart(node(2)));
    let left = &scene.state(2).durable;
    assert_eq!(
        (left.max_round, left.promised, left.accepted.len()),
        (1, None, 0),
        "a round is never used twice"
    );
    for message in [
        Message::Prepare { ballot: ballot(9, 3), from: 1 },
        Message::Accept { slot: 2, vote: vote(9, 3, "z=1"), commit: 0 },
    ] {
        scene.hear(2, 3, &message);
        assert!(scene.told(&Note::DoesNotVote) && scene.sent(3).is_empty(), "{message:?}");
    }
    scene.fire(2, Timer::Election);
    assert!(scene.told(&Note::DoesNotVote));
    let learn = |slot, said: &str, next| Message::Learn { slot, commands: vec![command(said)], next };
    scene.hear(2, 1, &learn(1, "a=1", Some(3)));
    scene.hear(2, 1, &learn(2, "b=1", Some(3)));
    assert!(scene.state(2).durable.lost, "slots 1 and 2 had begun before");
    scene.hear(2, 1, &learn(3, "c=1", Some(4)));
    assert!(scene.told(&Note::Rejoins { slot: 3 }));
    scene.hear(2, 3, &Message::Prepare { ballot: ballot(9, 3), from: 3 });
    let chosen = vec![(3, command("c=1"))];
    let (accepted, snapshot) = (Vec::new(), None);
    let promise = Promise { ballot: ballot(9, 3), from: 3, accepted, chosen, snapshot };
    assert_eq!(scene.sent(3), [Message::Promise(promise)]);
}
