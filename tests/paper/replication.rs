//! Log replication (§5.3), what commits an entry (§5.4.2), and what a report of success is worth.

use crate::scene::{Scene, append, node, server, stored};
use conclave::protocols::raft::{Conflict, Message, Note, Role};

/// §5.3: a follower that lacks the entry before the new ones refuses, and says how long its log is.
#[test]
fn a_gap_is_refused() {
    let mut scene = Scene::starting(3, &[server(1, &[1])]);
    scene.hear(1, 2, append(1, 2, (3, 1), &[1], 0));
    let answer = scene.answer(2).unwrap();
    assert!(!answer.success);
    assert_eq!(answer.conflict, Some(Conflict { term: None, index: 2 }));
    assert_eq!(scene.log(1), [1]);
}

/// §5.3: so does one whose entry there has another term; it says where that term begins.
#[test]
fn another_term_before_the_new_entries_is_refused() {
    let mut scene = Scene::starting(3, &[server(3, &[1, 2, 2, 2])]);
    scene.hear(1, 2, append(3, 2, (4, 3), &[3], 0));
    let answer = scene.answer(2).unwrap();
    assert!(!answer.success);
    assert_eq!(answer.conflict, Some(Conflict { term: Some(2), index: 2 }));
    assert_eq!(scene.log(1), [1, 2, 2, 2], "a refusal deletes nothing");
}

/// §5.3: an entry that conflicts is deleted with all that follow it.
#[test]
fn a_conflict_deletes_the_rest() {
    let mut scene = Scene::starting(3, &[server(3, &[1, 2, 2, 2])]);
    scene.hear(1, 2, append(3, 2, (1, 1), &[3], 0));
    assert_eq!(scene.log(1), [1, 3]);
    assert!(scene.told(&Note::Truncated { from: 2, to: 4, leader: node(2) }));
}

/// §5.3: without a conflict nothing is deleted: what arrives late may hold less than the log does.
#[test]
fn a_late_request_deletes_nothing() {
    let mut scene = Scene::starting(3, &[server(2, &[1, 2, 2])]);
    scene.hear(1, 2, append(2, 2, (1, 1), &[2], 0));
    assert_eq!(scene.log(1), [1, 2, 2]);
    scene.hear(1, 2, append(2, 2, (0, 0), &[], 0));
    assert_eq!(scene.log(1), [1, 2, 2]);
    assert_eq!(scene.answer(2).unwrap().match_index, 0, "it vouches for what was asked, not for its log");
}

/// §5.3, Figure 2: commitIndex becomes min(leaderCommit, index of last new entry).
#[test]
fn a_follower_commits_only_what_it_has_checked() {
    let mut scene =
        Scene::starting(3, &[server(2, &[1, 1, 1]), server(2, &[1, 2, 2]), server(2, &[1, 2, 2])]);
    scene.hear(1, 2, append(2, 2, (1, 1), &[], 3));
    assert_eq!(scene.state(1).commit_index, 1, "index 2 and 3 may differ from the leader's");
    assert_eq!(scene.value(1, "k").as_deref(), Some("0"));
    scene.hear(1, 2, append(2, 2, (1, 1), &[2], 3));
    assert_eq!(scene.state(1).commit_index, 2);
    assert_eq!(scene.log(1), [1, 2]);
}

/// §5.3: the commit index never goes back.
#[test]
fn an_old_commit_index_takes_nothing_back() {
    let follower = server(1, &[1, 1]);
    let mut scene = Scene::starting(3, &[follower.clone(), follower.clone(), follower]);
    scene.hear(1, 2, append(1, 2, (2, 1), &[], 2));
    scene.hear(1, 2, append(1, 2, (2, 1), &[], 1));
    assert_eq!(scene.state(1).commit_index, 2);
}

/// §5.3: a leader commits once a majority has stored the entry, applies it, and tells the others.
#[test]
fn an_entry_is_committed_by_a_majority() {
    let mut scene = Scene::of(5);
    scene.elect(1);
    scene.ask(1, "x=1");
    scene.pass(1, 2);
    scene.pass(2, 1);
    assert_eq!(scene.state(1).commit_index, 0, "two of five");
    scene.pass(1, 3);
    scene.pass(3, 1);
    assert!(scene.told(&Note::Committed { index: 1, stored_on: 3, needed: 3 }));
    assert_eq!(scene.value(1, "x").as_deref(), Some("1"));
    assert_eq!(scene.value(2, "x"), None, "followers hear of it with the next message");
    scene.settle();
    scene.heartbeat(1);
    scene.settle();
    assert_eq!(scene.value(5, "x").as_deref(), Some("1"));
}

/// §5.3: the same answer twice is one copy.
#[test]
fn an_answer_counts_once_however_often_it_arrives() {
    let mut scene = Scene::of(5);
    scene.elect(1);
    scene.ask(1, "x=1");
    for _ in 0..3 {
        scene.hear(1, 2, stored(1, 1));
    }
    assert_eq!(scene.state(1).commit_index, 0);
}

/// §5.3: an answer says how much was stored for *that* request; later entries are not vouched for.
#[test]
fn an_answer_vouches_only_for_its_own_request() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.heartbeat(1);
    scene.ask(1, "x=1");
    scene.pass(1, 2);
    assert_eq!(scene.answer(1).unwrap().match_index, 0, "it answers the heartbeat");
    scene.pass(2, 1);
    assert_eq!(scene.state(1).commit_index, 0);
}

/// §5.3: an answer that comes late does not make the leader forget what it knows.
#[test]
fn match_index_never_goes_back() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask(1, "x=1");
    scene.ask(1, "x=2");
    scene.settle();
    scene.hear(1, 2, stored(1, 1));
    let Role::Leader { peers } = &scene.state(1).role else { panic!("node 1 leads") };
    assert_eq!((peers[1].match_index, peers[1].next_index), (2, 3));
}

/// §5.1: an answer of an older term says nothing about this one.
#[test]
fn answers_of_old_terms_are_ignored() {
    let mut scene = Scene::starting(3, &[server(1, &[1])]);
    scene.elect(1);
    scene.hear(1, 2, stored(1, 1));
    assert!(scene.told(&Note::LateAppendReply { from: node(2), term: 1 }));
}

/// §5.4.2, Figure 8: an entry of an earlier term is not committed by counting its copies ...
#[test]
fn an_entry_of_an_earlier_term_is_not_committed_by_counting() {
    let mut scene = Scene::starting(3, &[server(1, &[1])]);
    scene.elect(1);
    scene.heartbeat(1);
    scene.settle();
    assert_eq!((scene.log(2), scene.log(3)), (vec![1], vec![1]));
    assert_eq!(scene.state(1).commit_index, 0);
    // ... but it is, with the first entry of the leader's own term that follows it.
    scene.ask(1, "x=1");
    scene.settle();
    assert_eq!(scene.state(1).commit_index, 2);
}

/// §8: an entry of its own at the start of its term lets a leader know what is committed.
#[test]
fn a_noop_commits_what_came_before() {
    let mut scene = Scene::with_noop(3, &[server(1, &[1])]);
    scene.elect(1);
    assert_eq!(scene.log(1), [1, 2]);
    assert_eq!(scene.state(1).commit_index, 2);
}

/// §5.3: a leader never deletes from its own log; whoever claims its term is refused.
#[test]
fn a_leader_obeys_nobody_in_its_own_term() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask(1, "x=1");
    scene.hear(1, 2, append(1, 2, (0, 0), &[], 0));
    assert!(scene.leads(1));
    assert_eq!(scene.log(1), [1]);
    assert!(scene.told(&Note::TwoLeaders { from: node(2), term: 1 }));
}

/// §5.3: a leader goes back until the logs agree; with the hint it skips a term at a time.
#[test]
fn a_follower_is_repaired_a_term_at_a_time() {
    let mut scene = Scene::starting(3, &[server(5, &[1, 4, 4, 4, 5]), server(5, &[1, 2, 2, 3, 3, 3, 3])]);
    scene.elect_by(1, 2);
    let mut told = Vec::new();
    for _ in 0..3 {
        scene.pass(1, 2);
        scene.pass(2, 1);
        told.extend((1..=6).filter(|next| scene.told(&Note::BacksUp { peer: node(2), next: *next })));
    }
    assert_eq!(told, [4, 2], "past the entries of term 3, then past those of term 2");
    assert_eq!(scene.log(2), scene.log(1));
}

/// §5.3: where the leader has entries of the conflicting term too, it goes on behind its own last one.
#[test]
fn a_conflicting_term_that_the_leader_has_too_is_not_skipped() {
    let mut scene = Scene::starting(3, &[server(5, &[4, 4, 5, 5]), server(5, &[4, 4, 4, 4])]);
    scene.elect_by(1, 2);
    scene.pass(1, 2);
    assert_eq!(scene.answer(1).unwrap().conflict, Some(Conflict { term: Some(4), index: 1 }));
    scene.pass(2, 1);
    assert!(scene.told(&Note::BacksUp { peer: node(2), next: 3 }));
}

/// §5.3: a leader sends again what was lost, until it is stored; it need not wait for another command.
#[test]
fn what_was_lost_is_sent_again() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask(1, "x=1");
    scene.lose_all();
    scene.heartbeat(1);
    scene.settle();
    assert_eq!((scene.log(2), scene.log(3)), (vec![1], vec![1]));
    assert_eq!(scene.state(1).commit_index, 1);
}

/// §5.3: a follower that is far behind catches up in several messages, each sent when the one before is stored.
#[test]
fn a_long_log_is_sent_in_pieces() {
    let mut scene = Scene::starting(2, &[server(1, &[1; 200])]);
    scene.elect(1);
    scene.heartbeat(1);
    scene.settle();
    assert_eq!(scene.log(2).len(), 200);
}

/// R9: who reports success has stored the entries durably when the report leaves.
#[test]
fn a_report_of_success_survives_a_crash() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask(1, "x=1");
    scene.pass(1, 2);
    assert!(matches!(scene.sent(1)[..], [Message::AppendReply(ref reply)] if reply.success));
    scene.act(conclave::engine::action::Action::Crash(node(2)));
    assert_eq!(scene.log(2), [1]);
    scene.pass(2, 1);
    assert_eq!(scene.state(1).commit_index, 1, "the answer still flies, and rightly counts");
}
