//! Learners (§2.3), and the four things that are easily taken for one another: accepted, chosen, known, acknowledged.

use crate::scene::{Scene, choice, count, node, vote};
use conclave::engine::action::Action;
use conclave::engine::frame::Standing;
use conclave::protocols::paxos::{Message, Note, Timer};

/// §2.3: a value is chosen with the vote that completes a quorum, before any node knows.
#[test]
fn chosen_comes_before_known_and_known_before_acknowledged() {
    let mut scene = Scene::apart(&[]);
    scene.ask(1, "x");
    for acceptor in [3, 4] {
        scene.pass("Prepare", 1, acceptor);
        scene.pass("Promise", acceptor, 1);
    }
    let standing = |scene: &Scene| Standing::ALL.map(|standing| scene.facts(standing).len());
    scene.accept(1, &[3]);
    assert_eq!(standing(&scene), [1, 0, 0, 0]);
    scene.accept(1, &[4]);
    assert!(
        scene.told(&Note::Chosen { vote: vote(1, 1, "x"), voters: [node(3), node(4)].into_iter().collect() })
    );
    assert_eq!(standing(&scene), [1, 1, 0, 0]);
    scene.pass("Accepted", 3, 1);
    scene.pass("Accepted", 4, 1);
    assert_eq!(standing(&scene), [1, 1, 1, 0]);
    scene.settle();
    assert_eq!(standing(&scene), [1, 1, 1, 1]);
}

/// What is chosen follows from the history of votes, not from what acceptors hold now: here none holds it any more.
#[test]
fn a_choice_outlives_its_votes() {
    let mut scene = Scene::apart(&[]);
    scene.prepare(1, &[3, 4]);
    scene.accept(1, &[3, 4]);
    assert_eq!(scene.facts(Standing::Chosen), ["v1"]);
    scene.act(Action::Crash(node(3)));
    scene.act(Action::Crash(node(4)));
    assert_eq!(scene.facts(Standing::Chosen), ["v1"]);
    // Votes in higher ballots replace those of the first.
    scene.act(Action::Restart(node(3)));
    scene.act(Action::Restart(node(4)));
    scene.prepare(2, &[3, 4]);
    scene.accept(2, &[3, 4]);
    assert_eq!(scene.durable(3).accepted, Some(vote(1, 2, "v1")));
    assert_eq!(scene.facts(Standing::Chosen), ["v1"]);
}

/// Equal values in different ballots do not add up: two acceptors hold v1, and it is not chosen.
#[test]
fn votes_in_different_ballots_do_not_add_up() {
    let mut scene = Scene::apart(&[]);
    scene.prepare(1, &[3, 4]);
    scene.accept(1, &[3]);
    scene.lose_all();
    scene.prepare(1, &[4, 5]);
    scene.accept(1, &[4]);
    let held = [3, 4].map(|acceptor| scene.durable(acceptor).accepted.as_ref().unwrap().value.to_string());
    assert_eq!(held, ["v1", "v1"]);
    assert_eq!(scene.facts(Standing::Chosen), [""; 0]);
    scene.settle();
    assert_eq!(scene.knows(6).as_deref(), Some("v1"), "the late votes of the higher ballot choose it");
}

/// §2.3: every acceptor tells every learner; or one learner, which tells the others; or nobody, and they ask.
#[test]
fn learners_hear_in_three_ways() {
    let voted = |learning: &str| {
        let roles = [("proposers", count(1)), ("acceptors", count(3)), ("learners", count(3))];
        let mut scene = Scene::with(7, &[&roles[..], &[("learning", choice("learning", learning))]].concat());
        scene.prepare(1, &[2, 3]);
        scene.accept(1, &[2]);
        scene
    };
    let hears = |scene: &Scene| [5, 6, 7].map(|learner| scene.sent(learner).len());
    assert_eq!(hears(&voted("all")), [1, 1, 1]);
    assert_eq!(hears(&voted("asking")), [0, 0, 0]);
    let mut scene = voted("distinguished");
    assert_eq!(hears(&scene), [1, 0, 0]);
    scene.settle();
    assert!([5, 6, 7].iter().all(|learner| scene.knows(*learner).is_some()));
    let mut scene = voted("asking");
    scene.settle();
    assert!([5, 6, 7].iter().all(|learner| scene.knows(*learner).is_none()));
    scene.fire(6, Timer::Ask);
    scene.settle();
    assert_eq!(scene.knows(6).as_deref(), Some("v1"));
}

/// §2.3: who knows tells who asks; who has voted tells its vote; who has nothing says nothing.
#[test]
fn a_query_is_answered_with_what_there_is() {
    let mut scene = Scene::apart(&[]);
    scene.hear(3, 6, Message::Query);
    assert!(scene.told(&Note::NothingToTell));
    scene.hear(3, 1, Message::Accept(vote(1, 1, "x")));
    scene.hear(3, 6, Message::Query);
    assert_eq!(scene.sent(6), [Message::Accepted(vote(1, 1, "x"))]);
    scene.hear(6, 1, Message::Learn(vote(1, 1, "x")));
    assert_eq!(scene.broke(), ["A3"], "it was told what is not so");
    scene.hear(6, 3, Message::Query);
    assert_eq!(scene.sent(3), [Message::Learn(vote(1, 1, "x"))]);
}

/// A learner may forget everything: it asks again after a crash.
#[test]
fn a_learner_finds_out_again() {
    let mut scene = Scene::apart(&[]);
    scene.prepare(1, &[3, 4]);
    scene.accept(1, &[3, 4]);
    scene.settle();
    assert_eq!(scene.knows(6).as_deref(), Some("v1"));
    assert!(!scene.runs(6, Timer::Ask));
    scene.act(Action::Crash(node(6)));
    scene.act(Action::Restart(node(6)));
    assert_eq!(scene.knows(6), None);
    scene.fire(6, Timer::Ask);
    scene.settle();
    assert_eq!(scene.knows(6).as_deref(), Some("v1"));
}
