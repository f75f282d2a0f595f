//! Acceptors: one promise for all slots, a vote for each, and what they may conclude from a leader's word (§2.2, §3).

use crate::scene::{Scene, ballot, command, node, vote};
use conclave::engine::action::Action;
use conclave::engine::frame::{Settled, Standing};
use conclave::protocols::multi_paxos::{Message, Note, Promise};

fn accept(slot: u32, round: u32, owner: u8, text: &str, commit: u32) -> Message {
    Message::Accept { slot, vote: vote(round, owner, text), commit }
}

fn prepare(round: u32, owner: u8, from: u32) -> Message {
    Message::Prepare { ballot: ballot(round, owner), from }
}

/// §3: a promise is one for infinitely many instances, and tells of those in which something was accepted.
#[test]
fn a_promise_tells_of_every_slot_from_the_one_that_is_asked_for() {
    let mut scene = Scene::of(3);
    for slot in [1, 3, 4] {
        scene.hear(1, 2, &accept(slot, 1, 2, "x=1", 0));
    }
    scene.hear(1, 3, &prepare(2, 3, 3));
    let Some(Message::Promise(promise)) = scene.sent(3).pop() else { panic!("no promise") };
    let told: Vec<u32> = promise.accepted.iter().map(|(slot, _)| *slot).collect();
    assert_eq!((promise.from, told, promise.chosen.len()), (3, vec![3, 4], 0));
    assert_eq!(scene.state(1).durable.promised, Some(ballot(2, 3)));
}

/// §2.2: a promise is for all slots, so a vote below it is refused in each.
#[test]
fn nobody_votes_below_its_promise_in_any_slot() {
    let mut scene = Scene::of(3);
    scene.hear(1, 3, &prepare(2, 3, 1));
    for slot in [1, 7] {
        scene.hear(1, 2, &accept(slot, 1, 2, "x=1", 0));
        assert_eq!(scene.sent(2), [Message::Nack { ballot: ballot(1, 2), promised: ballot(2, 3) }]);
    }
    assert!(scene.state(1).durable.accepted.is_empty());
}

/// §2.2: a vote is a promise too, also where its Prepare never came; and for all slots.
#[test]
fn a_vote_in_one_slot_raises_the_promise_for_all() {
    let mut scene = Scene::of(3);
    scene.hear(1, 3, &accept(5, 4, 3, "x=1", 0));
    assert_eq!(scene.sent(3), [Message::Accepted { ballot: ballot(4, 3), slot: 5 }]);
    scene.hear(1, 2, &accept(1, 1, 2, "y=1", 0));
    assert_eq!(scene.sent(2), [Message::Nack { ballot: ballot(1, 2), promised: ballot(4, 3) }]);
}

#[test]
fn a_promise_and_a_vote_are_repeated_because_the_answer_may_have_been_lost() {
    let mut scene = Scene::of(3);
    for _ in 0..2 {
        scene.hear(1, 3, &prepare(2, 3, 1));
        assert!(matches!(scene.sent(3)[..], [Message::Promise(_)]));
    }
    for _ in 0..2 {
        scene.hear(1, 3, &accept(1, 2, 3, "x=1", 0));
        assert_eq!(scene.sent(3), [Message::Accepted { ballot: ballot(2, 3), slot: 1 }]);
    }
    assert!(scene.told(&Note::VotesAgain { slot: 1 }));
}

/// Rule 6: that all is chosen up to a slot says nothing of what; it settles only votes of the same ballot.
#[test]
fn a_commit_settles_only_votes_of_the_same_ballot() {
    let mut scene = Scene::of(3);
    scene.hear(1, 2, &accept(1, 1, 2, "old=1", 0));
    scene.hear(1, 3, &accept(2, 2, 3, "new=1", 0));
    scene.hear(1, 3, &Message::Heartbeat { ballot: ballot(2, 3), commit: 2, read_seq: 0 });
    assert!(scene.told(&Note::OtherBallot { slot: 1, voted: ballot(1, 2), ballot: ballot(2, 3) }));
    // It knows slot 2, but nothing behind a hole is applied; and it asks.
    assert_eq!((scene.state(1).commit, scene.state(1).known.len()), (0, 1));
    assert!(scene.sent(3).contains(&Message::LearnRequest { from: 1 }));
    scene.hear(1, 3, &Message::Learn { slot: 1, commands: vec![command("told=1")], next: None });
    assert_eq!(
        (scene.state(1).commit, scene.value(1, "told"), scene.value(1, "old")),
        (2, Some("1".into()), None)
    );
}

#[test]
fn a_commit_of_its_own_does_as_much_as_one_that_rides_along() {
    let mut scene = Scene::of(3);
    scene.hear(1, 2, &accept(1, 1, 2, "x=1", 0));
    scene.hear(1, 2, &Message::Commit { ballot: ballot(1, 2), upto: 1 });
    assert_eq!(scene.value(1, "x"), Some("1".into()));
}

/// What is known to be chosen needs no vote any more, and cannot be overlooked.
#[test]
fn what_an_acceptor_knows_it_promises_as_chosen() {
    let mut scene = Scene::of(3);
    scene.hear(1, 2, &accept(1, 1, 2, "x=1", 0));
    scene.hear(1, 2, &accept(2, 1, 2, "y=1", 1));
    scene.hear(1, 3, &prepare(2, 3, 1));
    let promise = Promise {
        ballot: ballot(2, 3),
        from: 1,
        accepted: vec![(2, vote(1, 2, "y=1"))],
        chosen: vec![(1, command("x=1"))],
        snapshot: None,
    };
    assert_eq!(scene.sent(3), [Message::Promise(promise)]);
}

/// §2.5: promise, votes and rounds survive a crash; what is known may be found out again.
#[test]
fn a_crash_takes_what_is_known_and_nothing_that_was_promised() {
    let mut scene = Scene::of(3);
    scene.hear(1, 2, &accept(1, 1, 2, "x=1", 0));
    scene.hear(1, 2, &Message::Commit { ballot: ballot(1, 2), upto: 1 });
    let before = scene.state(1).durable.clone();
    scene.act(Action::Crash(node(1)));
    scene.act(Action::Restart(node(1)));
    assert_eq!(scene.state(1).durable, before);
    assert_eq!((scene.state(1).commit, scene.value(1, "x")), (0, None));
}

/// The log shows four different things, and holes: accepted, chosen (by the history), known, applied.
#[test]
fn the_log_shows_how_far_each_slot_is_settled() {
    let mut scene = Scene::of(3);
    scene.elect(1, &[2]);
    scene.lose_all();
    for command in ["a=1", "b=1", "c=1", "d=1"] {
        scene.ask(1, command);
    }
    scene.vote(1, &[2]);
    // Slot 2 reaches node 2, slot 3 node 2 and back, slot 4 nobody.
    scene.pass("Accept", 1, 2);
    scene.pass("Accept", 1, 2);
    let accepted = Message::Accepted { ballot: ballot(1, 1), slot: 3 };
    scene.hear(1, 2, &accepted);
    let standing: Vec<Settled> = scene.log(1).cells.iter().map(|cell| cell.settled).collect();
    assert_eq!(standing, [Settled::Applied, Settled::Chosen, Settled::Committed, Settled::No]);
    // Node 3 gets slot 4 alone.
    (0..4).for_each(|_| scene.pass("Accept", 1, 3));
    assert_eq!(scene.log(3).cells.len(), 4);
    scene.hear(2, 1, &accept(6, 1, 1, "f=1", 0));
    let holes: Vec<u32> = scene
        .log(2)
        .cells
        .iter()
        .filter(|cell| cell.settled == Settled::Hole)
        .map(|cell| cell.index)
        .collect();
    assert_eq!(holes, [4, 5]);
    assert_eq!(scene.facts(Standing::Chosen).len(), 4);
    assert_eq!(scene.facts(Standing::Known), [(1, "a=1".to_string()), (3, "c=1".to_string())]);
}
