//! Leader election (§5.1, §5.2) and its restriction (§5.4.1).

use crate::scene::{Scene, append, node, request_vote, server, vote_reply};
use conclave::engine::action::Action;
use conclave::protocols::raft::{Note, Role, Timer};

/// §5.2: to begin an election a follower increments its term, votes for itself, and asks all others.
#[test]
fn a_follower_that_times_out_asks_everyone_for_a_vote_in_the_next_term() {
    let mut scene = Scene::starting(3, &[server(4, &[1, 4])]);
    scene.time_out(1);
    assert_eq!(scene.durable(1).current_term, 5);
    assert_eq!(scene.durable(1).voted_for, Some(node(1)));
    assert_eq!(scene.sent(2), [request_vote(5, 1, (2, 4))]);
    assert_eq!(scene.sent(3), [request_vote(5, 1, (2, 4))]);
}

/// §5.2: a candidate wins with votes from a majority of the full cluster, not of those who answered.
#[test]
fn a_majority_of_all_servers_elects_whoever_answers() {
    let mut scene = Scene::of(5);
    scene.time_out(1);
    scene.hear(1, 2, vote_reply(1, true));
    assert!(!scene.leads(1), "two of five are no majority");
    scene.hear(1, 3, vote_reply(1, false));
    assert!(scene.told(&Note::VoteRefused { from: node(3) }));
    assert!(!scene.leads(1));
    scene.hear(1, 4, vote_reply(1, true));
    assert!(scene.leads(1));
}

/// §5.2: a vote that arrives twice is one vote.
#[test]
fn a_vote_counts_once_however_often_it_arrives() {
    let mut scene = Scene::of(5);
    scene.time_out(1);
    for _ in 0..4 {
        scene.hear(1, 2, vote_reply(1, true));
    }
    assert!(!scene.leads(1));
}

/// §5.2: a cluster of one needs nobody else.
#[test]
fn a_single_server_elects_itself() {
    let mut scene = Scene::of(1);
    scene.time_out(1);
    assert!(scene.leads(1));
    assert!(scene.in_flight().is_empty());
}

/// §5.2: each server votes for at most one candidate in a term, first come, first served.
#[test]
fn one_vote_a_term() {
    let mut scene = Scene::of(3);
    scene.hear(3, 1, request_vote(1, 1, (0, 0)));
    assert!(scene.vote(1).unwrap().vote_granted);
    scene.hear(3, 2, request_vote(1, 2, (0, 0)));
    assert!(!scene.vote(2).unwrap().vote_granted);
    assert!(scene.told(&Note::AlreadyVoted { candidate: node(2), voted_for: node(1), term: 1 }));
    scene.hear(3, 1, request_vote(1, 1, (0, 0)));
    assert!(scene.vote(1).unwrap().vote_granted, "the same candidate may ask again: its reply may be lost");
    scene.hear(3, 2, request_vote(2, 2, (0, 0)));
    assert!(scene.vote(2).unwrap().vote_granted, "a new term, a new vote");
}

/// §5.2: who has voted waits anew; who has refused does not.
#[test]
fn only_a_granted_vote_resets_the_election_timer() {
    let mut scene = Scene::starting(3, &[server(1, &[1])]);
    let before = scene.due(1, Timer::Election);
    scene.hear(1, 2, request_vote(2, 2, (0, 0)));
    assert_eq!(scene.due(1, Timer::Election), before);
    scene.hear(1, 3, request_vote(2, 3, (1, 1)));
    assert_ne!(scene.due(1, Timer::Election), before);
}

/// §5.2: a candidate that hears a leader of its own term follows it.
#[test]
fn a_candidate_follows_a_leader_of_its_term() {
    let mut scene = Scene::of(3);
    scene.time_out(1);
    scene.hear(1, 2, append(1, 2, (0, 0), &[], 0));
    assert_eq!(scene.state(1).role, Role::Follower);
    assert_eq!(scene.state(1).leader_id, Some(node(2)));
}

/// §5.2: a candidate that hears a leader of an old term goes on.
#[test]
fn a_candidate_refuses_a_leader_of_an_old_term() {
    let mut scene = Scene::of(3);
    scene.time_out(1);
    scene.time_out(1);
    scene.hear(1, 2, append(1, 2, (0, 0), &[], 0));
    assert!(matches!(scene.state(1).role, Role::Candidate { .. }));
    let answer = scene.answer(2).unwrap();
    assert_eq!((answer.term, answer.success), (2, false));
}

/// §5.2: votes that are split elect nobody; the next timeout begins another term.
#[test]
fn a_split_vote_is_settled_in_another_term() {
    let mut scene = Scene::of(4);
    scene.time_out(1);
    scene.time_out(2);
    scene.pass(1, 3);
    scene.pass(2, 4);
    scene.settle();
    assert!(!scene.leads(1) && !scene.leads(2));
    scene.elect(1);
    assert_eq!(scene.durable(1).current_term, 2);
}

/// §5.1: whoever hears of a higher term adopts it, and a leader or candidate steps down.
#[test]
fn a_higher_term_ends_every_role() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.time_out(2);
    for number in [1, 2, 3] {
        scene.hear(number, number % 3 + 1, vote_reply(9, false));
        assert_eq!(scene.state(number).role, Role::Follower);
        assert_eq!(scene.durable(number).current_term, 9);
        assert_eq!(scene.durable(number).voted_for, None);
        assert!(scene.due(number, Timer::Election).is_some(), "it may stand for election again");
        assert!(scene.due(number, Timer::Heartbeat).is_none());
    }
}

/// §5.1: a request of an old term is refused, and the answer says which term it is.
#[test]
fn requests_of_old_terms_are_refused() {
    let mut scene = Scene::starting(3, &[server(5, &[])]);
    scene.hear(1, 2, request_vote(4, 2, (7, 4)));
    assert_eq!(scene.vote(2).map(|reply| (reply.term, reply.vote_granted)), Some((5, false)));
    scene.hear(1, 2, append(4, 2, (0, 0), &[4], 1));
    assert_eq!(scene.answer(2).map(|reply| (reply.term, reply.success)), Some((5, false)));
    assert!(scene.log(1).is_empty());
}

/// §5.2: a vote of an earlier election is not a vote in this one.
#[test]
fn a_vote_of_an_earlier_term_is_not_counted() {
    let mut scene = Scene::of(3);
    scene.time_out(1);
    scene.time_out(1);
    scene.hear(1, 2, vote_reply(1, true));
    assert!(!scene.leads(1));
    assert!(scene.told(&Note::LateVote { from: node(2), term: 1 }));
}

/// §5.4.1: up to date is first the later last term, then the longer log.
#[test]
fn votes_go_to_logs_that_are_at_least_as_up_to_date() {
    // The voter's log ends at index 3 in term 2.
    let cases = [((9, 1), false), ((2, 2), false), ((3, 2), true), ((4, 2), true), ((1, 3), true)];
    for (last_log, granted) in cases {
        let mut scene = Scene::starting(3, &[server(3, &[1, 2, 2])]);
        scene.hear(1, 2, request_vote(4, 2, last_log));
        assert_eq!(scene.vote(2).unwrap().vote_granted, granted, "last log {last_log:?}");
        assert_eq!(scene.durable(1).current_term, 4, "the term is adopted all the same");
    }
}

/// §5.2: a leader is silent about nothing: its heartbeats keep others from standing.
#[test]
fn a_heartbeat_resets_the_election_timer_of_followers() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    let before = scene.due(2, Timer::Election);
    scene.heartbeat(1);
    assert!(scene.due(1, Timer::Heartbeat).is_some(), "and the next one follows");
    scene.pass(1, 2);
    assert_ne!(scene.due(2, Timer::Election), before);
    assert_eq!(scene.due(1, Timer::Election), None, "a leader has no election timer");
    let timer = scene.refusal(Action::Fire(node(1).into(), conclave::engine::ids::TimerId(0)));
    assert_eq!(timer, conclave::engine::action::Rejected::NotArmed(node(1).into()));
}
