//! Who votes, and how that changes (§3, the end; rule 11), and quorums of other sizes.

use crate::scene::{Scene, ballot, count, node};
use conclave::engine::describe::Described;
use conclave::engine::ids::{NodeId, NodeSet};
use conclave::protocols::multi_paxos::{Message, MultiPaxos, Note, Role, Timer};

fn set(numbers: &[u8]) -> NodeSet {
    numbers.iter().map(|number| node(*number)).collect()
}

/// Members 1 to 3 of 5, with a window of 2, and node 1 leads.
fn led() -> Scene {
    let mut scene = Scene::with(5, &[("members", count(3)), ("window", count(2))]);
    scene.elect(1, &[2]);
    scene.lose_all();
    scene
}

#[test]
fn a_change_of_members_is_in_force_a_window_later() {
    let mut scene = led();
    scene.ask(1, "members=1,4,5");
    scene.vote(1, &[2]);
    let changes = Note::ChangesMembers { slot: 1, from: 3, members: set(&[1, 4, 5]) };
    assert!(scene.told(&changes));
    let members = |slot| scene.world.config().members_at(&scene.state(1).state, slot);
    assert_eq!((members(2), members(3)), (set(&[1, 2, 3]), set(&[1, 4, 5])));
    assert_eq!(scene.sent(4), [Message::Prepare { ballot: ballot(1, 1), from: 2 }]);
}

#[test]
fn each_slot_is_voted_on_by_its_own_members() {
    let mut scene = led();
    scene.ask(1, "members=1,4,5");
    scene.vote(1, &[2]);
    scene.pass("Prepare", 1, 4);
    scene.pass("Promise", 4, 1);
    scene.ask(1, "x=2");
    let asked = |scene: &Scene| (2..=5).filter(|to| !scene.sent(*to).is_empty()).collect::<Vec<_>>();
    assert_eq!(asked(&scene), [2, 3]);
    // Votes of those who do not vote there are heard, and do not count.
    scene.hear(1, 4, &Message::Accepted { ballot: ballot(1, 1), slot: 2 });
    scene.hear(1, 5, &Message::Accepted { ballot: ballot(1, 1), slot: 2 });
    assert_eq!(scene.state(1).commit, 1);
    // The one for slot 1 is still on its way too.
    scene.vote(1, &[3, 3]);
    assert_eq!(scene.state(1).commit, 2);
    scene.ask(1, "x=3");
    assert_eq!(asked(&scene), [4, 5]);
}

/// Whoever takes over must settle a change of members before anything new: others may have gone on under it already.
#[test]
fn an_unsettled_change_of_members_comes_before_anything_new() {
    let mut scene = led();
    scene.ask(1, "members=1,4,5");
    scene.pass("Accept", 1, 2);
    scene.lose_all();
    scene.elect(2, &[3]);
    scene.ask(2, "x=1");
    assert_eq!(scene.proposed(2), [(1, "members=1,4,5".to_string())]);
    scene.vote(2, &[3]);
    assert!(scene.proposed(2).is_empty(), "the new members have not promised");
    for member in [4, 5] {
        scene.pass("Prepare", 2, member);
        scene.pass("Promise", member, 2);
    }
    assert_eq!(scene.proposed(2), [(2, "x=1".to_string())]);
}

#[test]
fn a_leader_that_is_voted_out_leaves_when_all_is_settled() {
    let mut scene = led();
    scene.ask(1, "members=2,3,4");
    scene.vote(1, &[2]);
    assert!(scene.leader(1).is_some(), "it still votes in slot 2");
    scene.ask(1, "x=1");
    for member in [3, 4] {
        scene.pass("Prepare", 1, member);
        scene.pass("Promise", member, 1);
    }
    scene.vote(1, &[2]);
    assert_eq!(scene.state(1).role, Role::Follower);
    scene.fire(1, Timer::Election);
    assert!(scene.told(&Note::NotMember));
}

#[test]
fn what_names_somebody_who_is_not_there_is_an_ordinary_command() {
    let mut scene = led();
    scene.ask(1, "members=1,9");
    scene.vote(1, &[2]);
    assert!(scene.state(1).state.members.is_empty());
    assert_eq!(scene.value(1, "members"), Some("1,9".into()));
}

/// Flexible Paxos: only a quorum of promises and one of votes must meet.
#[test]
fn quorums_of_other_sizes_do_where_they_meet() {
    let mut scene = Scene::with(4, &[("q1", count(3)), ("q2", count(2))]);
    scene.elect(1, &[2, 3]);
    scene.ask(1, "x=1");
    scene.vote(1, &[4]);
    assert_eq!(scene.state(1).commit, 1);
}

#[test]
fn quorums_that_miss_each_other_break_a_promise_at_once() {
    let mut scene = Scene::with(4, &[("q1", count(2)), ("q2", count(2))]);
    scene.elect(1, &[2]);
    scene.ask(1, "x=1");
    let broken: Vec<&str> = scene.report.violations.iter().map(|broken| broken.id).collect();
    assert_eq!(broken, ["A13"]);
}

/// The page says that no progress is possible where the members cannot reach each other, however many others there are.
#[test]
fn only_those_who_vote_can_make_progress() {
    let scene = Scene::with(5, &[("members", count(3))]);
    let all = |numbers: &[u8]| -> NodeSet { set(numbers) };
    assert!(MultiPaxos::is_quorum(&scene.world, node(1), all(&[1, 2])));
    assert!(!MultiPaxos::is_quorum(&scene.world, node(1), all(&[1, 4, 5])));
    let drivers = NodeId::all(5).filter(|node| MultiPaxos::can_drive(&scene.world, *node)).count();
    assert_eq!(drivers, 3);
}
