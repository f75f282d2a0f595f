//! Proposers: what they must propose (§2.2), how they go on after a failure (§2.4), and their clients.

use crate::scene::{Scene, ballot, count, node, vote};
use conclave::engine::action::{Action, Happening};
use conclave::engine::client::{ClientNote, Outcome};
use conclave::engine::frame::Standing;
use conclave::engine::options::OptionValue;
use conclave::engine::protocol::Letter;
use conclave::protocols::paxos::{Message, Note, Phase, Timer};

/// §2.2, phase 2a: the value of the highest vote reported, whatever came last or most often.
#[test]
fn the_highest_report_binds() {
    let reports = [
        (vec![None, None], "v1"),
        (vec![None, Some(vote(3, 2, "y"))], "y"),
        (vec![Some(vote(4, 2, "y")), Some(vote(3, 1, "x"))], "y"),
    ];
    for (reports, value) in reports {
        let mut scene = Scene::apart(&[]);
        // Somebody else has voted before, and the proposer knows of a high round.
        for (acceptor, report) in [3, 4].into_iter().zip(&reports) {
            if let Some(vote) = report {
                scene.hear(acceptor, 2, Message::Accept(vote.clone()));
            }
        }
        scene.lose_all();
        scene.fire(1, Timer::Propose);
        let mine = ballot(9, 1);
        scene.hear(1, 3, Message::Nack { ballot: ballot(1, 1), promised: ballot(8, 2) });
        scene.fire(1, Timer::Retry);
        for (acceptor, report) in [3, 4].into_iter().zip(reports) {
            scene.hear(1, acceptor, Message::Promise { ballot: mine, accepted: report });
        }
        assert_eq!(scene.sent(5), [Message::Accept(vote(9, 1, value))]);
    }
}

/// §2.2: promises are kept by acceptor; the same one twice is one, and one for another ballot is none.
#[test]
fn a_promise_counts_once_and_for_its_ballot_only() {
    let mut scene = Scene::apart(&[]);
    scene.fire(1, Timer::Propose);
    scene.fire(1, Timer::Retry);
    let promise = |round| Message::Promise { ballot: ballot(round, 1), accepted: None };
    for _ in 0..3 {
        scene.hear(1, 3, promise(2));
    }
    scene.hear(1, 4, promise(1));
    assert!(scene.told(&Note::StalePromise { from: node(4), ballot: ballot(1, 1) }));
    assert!(matches!(scene.state(1).proposer.as_ref().unwrap().phase, Phase::One { .. }));
    scene.hear(1, 4, promise(2));
    assert!(matches!(scene.state(1).proposer.as_ref().unwrap().phase, Phase::Two { .. }));
}

/// §2.5: a ballot is never used twice: the round survives a crash.
#[test]
fn a_restarted_proposer_takes_a_fresh_ballot() {
    let mut scene = Scene::apart(&[]);
    scene.fire(1, Timer::Propose);
    scene.act(Action::Crash(node(1)));
    scene.act(Action::Restart(node(1)));
    scene.fire(1, Timer::Propose);
    assert!(scene.told(&Note::Starts { ballot: ballot(2, 1) }));
}

/// §2.4: a refusal names the higher ballot, and the next one is above that; the pause grows with failures.
#[test]
fn a_refused_proposer_pauses_and_goes_above() {
    let mut scene = Scene::apart(&[]);
    let range = |scene: &Scene| {
        let timer = scene.world.spine().timers().iter().find(|armed| armed.owner == node(1).into());
        timer.map(|armed| armed.range).unwrap()
    };
    scene.fire(1, Timer::Propose);
    scene.hear(1, 3, Message::Nack { ballot: ballot(1, 1), promised: ballot(6, 2) });
    let first = range(&scene);
    scene.fire(1, Timer::Retry);
    assert!(
        scene.told(&Note::StartsAnew {
            ballot: ballot(7, 1),
            silent: [node(4), node(5)].into_iter().collect()
        })
    );
    scene.hear(1, 3, Message::Nack { ballot: ballot(7, 1), promised: ballot(8, 2) });
    let second = range(&scene);
    assert!(first.0 == second.0 && first.1 < second.1, "{first:?} and then {second:?}");
}

/// §2.4: with a distinguished proposer the others begin no ballot, and send clients there.
#[test]
fn only_the_distinguished_proposer_begins_ballots() {
    let mut scene = Scene::apart(&[("distinguished", count(2))]);
    scene.fire(1, Timer::Propose);
    assert!(scene.told(&Note::LeavesItTo { only: node(2) }));
    assert!(scene.runs(1, Timer::Propose), "its turn may come");
    scene.ask(1, "x");
    assert!(scene.told(&Note::Redirects { to: Some(node(2)) }));
    scene.turn("distinguished", count(0));
    scene.fire(1, Timer::Propose);
    assert!(scene.told(&Note::Starts { ballot: ballot(1, 1) }));
}

/// A client's command replaces what a proposer wanted itself; the next client's does not, but both are told.
#[test]
fn the_first_client_is_what_a_proposer_wants() {
    let mut scene = Scene::with(3, &[]);
    scene.ask(1, "x");
    assert!(scene.told(&Note::Wants { value: "x".into() }));
    assert!(scene.told(&Note::Starts { ballot: ballot(1, 1) }));
    scene.ask(1, "y");
    assert!(scene.told(&Note::StaysWith { want: "x".into() }));
    let mut answers = Vec::new();
    while let Some(packet) = scene.first() {
        scene.act(Action::Deliver(packet));
        answers.extend(scene.report.happenings.iter().filter_map(|happening| match happening {
            Happening::ClientNoted(_, ClientNote::Answered { command, value, .. }) => {
                Some((command.to_string(), value.as_deref().map(str::to_string)))
            }
            _ => None,
        }));
    }
    let told = |command: &str| (command.to_string(), Some("x".to_string()));
    assert_eq!(answers, [told("x"), told("y")]);
    scene.ask(2, "z");
    assert!(scene.told(&Note::AnswersKnown { value: "x".into() }), "one value is chosen once");
}

/// Who does not propose sends a client to who does.
#[test]
fn an_acceptor_redirects() {
    let mut scene = Scene::apart(&[]);
    scene.ask(4, "x");
    let redirect = Outcome::Redirect { leader: Some(node(1)) };
    let sent = scene
        .world
        .packets()
        .any(|(_, letter)| matches!(letter, Letter::Reply { outcome, .. } if *outcome == redirect));
    assert!(sent);
}

/// Without values of their own, proposers are silent until a client asks.
#[test]
fn without_own_values_nothing_happens_by_itself() {
    let mut scene = Scene::with(3, &[("own_values", OptionValue::Flag(false))]);
    assert!(!scene.runs(1, Timer::Propose));
    scene.ask(2, "x");
    scene.run(1_000);
    assert_eq!(scene.facts(Standing::Chosen), ["x"]);
    assert_eq!(scene.facts(Standing::Acknowledged), ["x"]);
}

/// The first view: one proposer is first, all learn of it, and nothing happens any more.
#[test]
fn a_fresh_cluster_decides_and_falls_silent() {
    for nodes in [1, 3, 5, 9, 13] {
        let mut scene = Scene::with(nodes, &[]);
        scene.run(10_000);
        assert!((1..=nodes).all(|number| scene.knows(number).is_some()), "{nodes} nodes");
        assert_eq!(scene.world.next_due(), None, "{nodes} nodes");
    }
}

/// Roles that the set-up changes are taken up with the next event.
#[test]
fn roles_may_change_while_it_runs() {
    let mut scene = Scene::apart(&[]);
    assert!(scene.state(2).proposer.is_some());
    scene.turn("proposers", count(1));
    scene.hear(2, 3, Message::Query);
    assert!(scene.state(2).proposer.is_none());
    assert!(!scene.runs(2, Timer::Propose));
}
