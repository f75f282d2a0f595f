//! Quorums: majorities of the configured acceptors (§2.2), or any that meet; and when no progress is possible.

use crate::scene::{Scene, choice, count, node};
use conclave::engine::action::Action;
use conclave::engine::frame::Standing;
use conclave::engine::ids::{Link, NodeId};
use conclave::engine::options::OptionValue;
use conclave::protocols::paxos::{Note, Timer};

fn sizes(one: u8, two: u8) -> [(&'static str, OptionValue); 3] {
    [("quorums", choice("quorums", "sizes")), ("q1", count(one)), ("q2", count(two))]
}

/// Proposers 1 and 2, acceptors 3 to 7, learner 8.
fn five(more: &[(&str, OptionValue)]) -> Scene {
    let roles = [("proposers", count(2)), ("acceptors", count(5)), ("learners", count(1))];
    Scene::with(8, &[&roles[..], more].concat())
}

/// Phase 1 with four of five and phase 2 with two: a crash of three acceptors after phase 1 does no harm.
#[test]
fn quorums_of_different_sizes_that_meet() {
    let mut scene = five(&sizes(4, 2));
    scene.fire(1, Timer::Propose);
    for acceptor in [3, 4, 5] {
        scene.pass("Prepare", 1, acceptor);
        scene.pass("Promise", acceptor, 1);
    }
    assert_eq!(scene.sent(6), [], "three of four");
    scene.pass("Prepare", 1, 6);
    scene.pass("Promise", 6, 1);
    scene.accept(1, &[3]);
    assert_eq!(scene.facts(Standing::Chosen), [""; 0]);
    scene.accept(1, &[4]);
    assert_eq!(scene.facts(Standing::Chosen), ["v1"]);
    assert_eq!(scene.broke(), [""; 0]);
}

/// Sizes that need not meet are allowed, and warned of: A13 fails, and soon two values are chosen.
#[test]
fn quorums_that_need_not_meet_are_warned_of() {
    let mut scene = five(&sizes(2, 3));
    scene.fire(1, Timer::Propose);
    assert_eq!(scene.broke(), ["A13"]);
    let set = |numbers: [u8; 2]| numbers.into_iter().map(node).collect();
    let rest = [5, 6, 7].into_iter().map(node).collect();
    assert!(scene.told(&Note::QuorumsMiss { one: set([3, 4]), two: rest }));
    let mut scene = five(&sizes(2, 3));
    scene.prepare(1, &[3, 4]);
    scene.prepare(2, &[6, 7]);
    scene.accept(1, &[3, 4, 5]);
    scene.accept(2, &[5, 6, 7]);
    assert_eq!(scene.facts(Standing::Chosen), ["v1", "v2"]);
    assert!(scene.broke().contains(&"A1"));
}

/// Quorums of a new set-up must meet those of the old one too.
#[test]
fn a_change_of_quorums_is_checked_against_what_was_before() {
    let mut scene = five(&[]);
    scene.fire(1, Timer::Propose);
    assert_eq!(scene.broke(), [""; 0]);
    for (key, value) in sizes(1, 5).into_iter().rev() {
        scene.turn(key, value);
    }
    assert_eq!(scene.broke(), ["A13"], "one promise need not meet the three votes of before");
}

/// A grid of two rows and three columns: a row promises, a column votes.
#[test]
fn a_grid_of_acceptors() {
    let roles = [("proposers", count(1)), ("acceptors", count(6)), ("learners", count(1))];
    let grid = [("quorums", choice("quorums", "grid")), ("columns", count(3))];
    let mut scene = Scene::with(8, &[&roles[..], &grid].concat());
    scene.prepare(1, &[5, 6, 7]);
    scene.accept(1, &[2, 3, 4]);
    assert_eq!(scene.facts(Standing::Chosen), [""; 0], "a row is no column");
    scene.accept(1, &[6]);
    assert_eq!(scene.facts(Standing::Chosen), ["v1"]);
    assert_eq!(scene.broke(), [""; 0]);
}

/// No progress is possible where no proposer reaches both quorums, and only there.
#[test]
fn blocked_is_said_of_proposers_and_acceptors() {
    let mut scene = Scene::apart(&[]);
    scene.act(Action::Crash(node(6)));
    scene.act(Action::Crash(node(3)));
    assert!(!scene.is_blocked(), "a learner and one acceptor of three are not needed");
    scene.act(Action::Crash(node(4)));
    assert!(scene.is_blocked());
    scene.act(Action::Restart(node(4)));
    scene.act(Action::Crash(node(1)));
    assert!(!scene.is_blocked(), "one proposer is enough");
    scene.turn("distinguished", count(1));
    assert!(scene.is_blocked(), "but not any proposer");
    scene.turn("distinguished", count(0));
    scene.act(Action::Crash(node(2)));
    assert!(scene.is_blocked(), "acceptors alone choose nothing");
}

/// It is the proposer that has to reach the quorum: acceptors that reach each other do not help.
#[test]
fn blocked_looks_from_the_proposer() {
    let mut scene = Scene::apart(&[]);
    let cut =
        |scene: &mut Scene, from: u8, to: u8| scene.act(Action::Cut(Link { from: node(from), to: node(to) }));
    cut(&mut scene, 1, 3);
    cut(&mut scene, 4, 1);
    assert!(!scene.is_blocked(), "proposer 2 reaches all");
    cut(&mut scene, 2, 3);
    cut(&mut scene, 2, 4);
    assert!(scene.is_blocked(), "and acceptors 3, 4 and 5 still reach each other");
}

/// Once all that run know the outcome, nothing is left to be done.
#[test]
fn who_knows_is_not_blocked() {
    let mut scene = Scene::with(3, &[]);
    scene.run(10_000);
    scene.act(Action::Crash(node(1)));
    scene.act(Action::Crash(node(2)));
    assert!(!scene.is_blocked());
    scene.act(Action::Restart(node(1)));
    assert!(!scene.is_blocked(), "two of three are up again");
}

/// With quorums of 4 and 2 of five, two crashes are one too many.
#[test]
fn blocked_knows_the_sizes() {
    let mut scene = five(&sizes(4, 2));
    scene.act(Action::Crash(node(3)));
    assert!(!scene.is_blocked());
    scene.act(Action::Crash(node(4)));
    assert!(scene.is_blocked());
}

/// Roles are dealt in order, and begin anew where nodes are few.
#[test]
fn roles_are_dealt_in_order() {
    let config = |nodes: u8, counts: [u8; 3]| {
        let [proposers, acceptors, learners] = counts.map(count);
        let roles = [("proposers", proposers), ("acceptors", acceptors), ("learners", learners)];
        let scene = Scene::with(nodes, &roles);
        let config = scene.world.config();
        [config.proposers, config.quorums.acceptors, config.learners]
            .map(|set| set.iter().map(NodeId::number).collect::<Vec<u8>>())
    };
    assert_eq!(config(13, [3, 7, 3]), [vec![1, 2, 3], vec![4, 5, 6, 7, 8, 9, 10], vec![11, 12, 13]]);
    assert_eq!(config(3, [0, 0, 0]), [vec![1, 2, 3], vec![1, 2, 3], vec![1, 2, 3]]);
    assert_eq!(config(4, [2, 3, 1]), [vec![1, 2], vec![1, 3, 4], vec![2]]);
    assert_eq!(config(2, [9, 9, 9]), [vec![1, 2], vec![1, 2], vec![1, 2]]);
}
