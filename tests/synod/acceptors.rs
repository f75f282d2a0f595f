//! Acceptors: promises and votes (§2.2), and what they remember (§2.5).

use crate::scene::{Scene, ballot, node, vote};
use conclave::engine::action::Action;
use conclave::engine::ids::{Micros, NodeId};
use conclave::engine::options::OptionValue;
use conclave::protocols::paxos::{Message, Note, Start, Timer};

/// §2.2, phase 1b: an acceptor promises a ballot above all that it has promised, and tells its vote.
#[test]
fn a_promise_tells_the_highest_vote() {
    let mut scene = Scene::apart(&[]);
    scene.hear(3, 1, Message::Prepare { ballot: ballot(1, 1) });
    assert_eq!(scene.sent(1), [Message::Promise { ballot: ballot(1, 1), accepted: None }]);
    scene.hear(3, 1, Message::Accept(vote(1, 1, "x")));
    scene.hear(3, 2, Message::Prepare { ballot: ballot(1, 2) });
    assert_eq!(scene.sent(2), [Message::Promise { ballot: ballot(1, 2), accepted: Some(vote(1, 1, "x")) }]);
}

/// §2.2: what is below the promise is refused; with refusals switched off, silently.
#[test]
fn an_acceptor_refuses_what_is_below_its_promise() {
    for nacks in [true, false] {
        let mut scene = Scene::apart(&[("nacks", OptionValue::Flag(nacks))]);
        scene.hear(3, 2, Message::Prepare { ballot: ballot(2, 2) });
        let below = [Message::Prepare { ballot: ballot(2, 1) }, Message::Accept(vote(1, 1, "x"))];
        for message in below {
            let refused = message.ballot().unwrap();
            scene.hear(3, 1, message);
            let nack = Message::Nack { ballot: refused, promised: ballot(2, 2) };
            assert_eq!(scene.sent(1), if nacks { vec![nack] } else { vec![] });
            assert!(scene.told(&Note::PromisedHigher { ballot: refused, promised: ballot(2, 2) }));
        }
        assert_eq!(scene.durable(3).accepted, None);
    }
}

/// §2.2: a promise is repeated, because the first answer may be lost; it is still one promise.
#[test]
fn the_same_prepare_is_answered_again() {
    let mut scene = Scene::apart(&[]);
    for _ in 0..2 {
        scene.hear(3, 1, Message::Prepare { ballot: ballot(1, 1) });
        assert_eq!(scene.sent(1), [Message::Promise { ballot: ballot(1, 1), accepted: None }]);
    }
    assert!(scene.told(&Note::PromisesAgain { ballot: ballot(1, 1) }));
}

/// §2.2, phase 2b: an acceptor votes in any ballot that is not below its promise, also in one that it never promised;
/// the vote raises the promise.
#[test]
fn a_vote_is_a_promise_too() {
    let mut scene = Scene::apart(&[]);
    scene.hear(3, 2, Message::Accept(vote(5, 2, "y")));
    assert_eq!(scene.durable(3).promised, Some(ballot(5, 2)));
    scene.hear(3, 1, Message::Accept(vote(4, 1, "x")));
    assert_eq!(scene.durable(3).accepted, Some(vote(5, 2, "y")));
    scene.hear(3, 1, Message::Accept(vote(6, 1, "x")));
    assert_eq!(scene.durable(3).accepted, Some(vote(6, 1, "x")), "a vote may be replaced in a higher ballot");
}

/// §2.5: an acceptor remembers its promise and its vote, and nothing else.
#[test]
fn promise_and_vote_survive_a_crash() {
    let mut scene = Scene::apart(&[]);
    scene.hear(3, 1, Message::Accept(vote(1, 1, "x")));
    scene.hear(3, 2, Message::Prepare { ballot: ballot(3, 2) });
    scene.act(Action::Crash(node(3)));
    scene.act(Action::Restart(node(3)));
    assert_eq!(scene.durable(3).promised, Some(ballot(3, 2)));
    assert_eq!(scene.durable(3).accepted, Some(vote(1, 1, "x")));
}

/// §2.5: an answer leaves when the disk has what it says; a crash before takes both.
#[test]
fn an_answer_waits_for_the_disk() {
    let lag = OptionValue::Span(Micros::from_ms(5), Micros::from_ms(5));
    let mut scene = Scene::apart(&[("disk_ms", lag)]);
    scene.hear(3, 1, Message::Prepare { ballot: ballot(1, 1) });
    assert_eq!(scene.sent(1), [], "the disk is still writing");
    scene.act(Action::Crash(node(3)));
    scene.act(Action::Restart(node(3)));
    assert_eq!(scene.durable(3).promised, None);
    scene.hear(3, 1, Message::Prepare { ballot: ballot(1, 1) });
    scene.fire(3, Timer::Disk);
    assert_eq!(scene.sent(1), [Message::Promise { ballot: ballot(1, 1), accepted: None }]);
    scene.act(Action::Crash(node(3)));
    scene.act(Action::Restart(node(3)));
    assert_eq!(scene.durable(3).promised, Some(ballot(1, 1)));
    assert_eq!(scene.broke(), [""; 0]);
}

/// Ballots are ordered by round, then by proposer, and shown as both.
#[test]
fn ballots_are_never_equal() {
    assert!(ballot(1, 1) < ballot(1, 2) && ballot(1, 2) < ballot(2, 1) && ballot(9, 3) < ballot(10, 1));
    assert_eq!(ballot(10, 1).to_string(), "10·1");
}

/// A figure may show what could never arise: a vote above the promise.
#[test]
fn a_start_is_taken_as_it_is_written() {
    use conclave::protocols::paxos::Durable;
    let durable = Durable { max_round: 0, promised: None, accepted: Some(vote(3, 1, "x")) };
    let start: Vec<(NodeId, Start)> = vec![(node(1), Start { durable, want: None })];
    let scene = Scene::starting(3, &[], start);
    assert_eq!(scene.durable(1).promised, None);
    assert_eq!(scene.durable(1).accepted, Some(vote(3, 1, "x")));
}
