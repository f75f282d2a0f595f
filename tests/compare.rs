//! The built-in scenario that puts two protocols beside each other: what it says is the same is the same, and where it
//! says that they differ they do.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::counts::Counts;
use conclave::engine::frame::{Lens, Tone};
use conclave::engine::ids::{Micros, NodeId};
use conclave::engine::session::Session;
use conclave::link::address::built_in;
use conclave::scenario::file::Scenario;
use conclave::scenario::run::{Runner, run};
use conclave::scenario::step::Verb;

const SLUG: &str = "compare-raft-and-multi-paxos";

/// The run just before the first step of a kind.
fn before(is_it: impl Fn(&Verb) -> bool) -> Runner {
    let scenario = built_in(SLUG).unwrap();
    let mut runner = Runner::begin(&scenario).unwrap();
    for step in scenario.steps.iter().take_while(|step| !is_it(&step.verb)) {
        assert_eq!(runner.perform(step).unwrap(), [], "{}", step.pointer);
    }
    runner
}

fn both(session: &dyn Session) -> [Counts; 2] {
    [session.counts().unwrap().clone(), session.beside().unwrap().counts().unwrap().clone()]
}

fn leaders(session: &dyn Session) -> Vec<u8> {
    let members = session.frame(Lens::ALL).members.into_iter();
    let lead = members.filter(|member| member.role.is_some_and(|role| role.tone == Tone::Primary));
    lead.filter_map(|member| member.id.node()).map(NodeId::number).collect()
}

#[test]
fn in_the_steady_state_both_need_one_round_trip_and_the_same_messages() {
    let runner = before(|verb| matches!(verb, Verb::Separate(_)));
    let session = runner.session();
    assert_eq!((leaders(session), leaders(session.beside().unwrap())), (vec![1], vec![1]));
    for counts in both(session) {
        assert_eq!((counts.answered, counts.measured, counts.chosen), (3, 3, 3), "{counts:?}");
        assert_eq!(counts.hops, 2 * 3, "one round trip for each: {counts:?}");
        assert_eq!(counts.for_commands, 8 * 3, "to four others and back for each: {counts:?}");
    }
    let [left, right] = both(session);
    assert_eq!(left.leaderless, right.leaderless, "the same node took over after the same time");
}

#[test]
fn a_node_that_missed_a_command_may_lead_in_one_of_both_only() {
    let runner = before(|verb| matches!(verb, Verb::Run(span, _) if *span == Micros::from_ms(900)));
    let session = runner.session();
    assert_eq!((leaders(session), leaders(session.beside().unwrap())), (vec![], vec![3]));
    let [left, right] = both(session);
    assert!(right.leaderless < left.leaderless);
}

#[test]
fn at_the_end_both_have_a_leader_and_all_that_was_answered() {
    let finished = run(&built_in(SLUG).unwrap()).unwrap();
    let session = finished.runner.session();
    for session in [session, session.beside().unwrap()] {
        assert_eq!(leaders(session).len(), 1);
        assert_eq!(session.violations(), []);
        let decided = session.decided();
        assert!(decided.iter().any(|(_, slot, label)| *slot == 4 && label.contains("x=4")), "{decided:?}");
    }
    let [left, right] = both(session);
    assert_eq!((left.answered, right.answered), (4, 4));
    assert!(right.leaderless.after(Micros::from_ms(100)) < left.leaderless);
}

#[test]
fn a_file_says_what_is_beside_it_and_is_told_what_it_may_say() {
    let read = |compare: &str, more: &str| {
        let file = format!(r#"{{"format": 1, "protocol": "raft", "nodes": 3, {more} "compare": {compare}}}"#);
        Scenario::parse(file.as_bytes()).map_err(|fault| fault.to_string())
    };
    let beside = read(r#"{"variant": "R-5", "options": {"latency_ms": 7}}"#, "").unwrap().beside.unwrap();
    assert_eq!((beside.protocol.key, beside.protocol.variants[beside.variant]), ("raft", "R-5"));
    assert_eq!(beside.options.len(), 1);
    assert_eq!(read(r#"{"protocol": "paxos"}"#, "").unwrap().beside.unwrap().protocol.key, "paxos");
    for (compare, more, parts) in [
        (r#"{"protocol": "zab"}"#, "", ["/compare/protocol", "raft"]),
        (r#"{"variant": "P-1"}"#, "", ["/compare/variant", "R-1"]),
        (r#"{"options": {"latency_ms": -1}}"#, "", ["/compare/options/latency_ms", "0"]),
        (r#"{"options": {"quorums": 1}}"#, "", ["/compare/options/quorums", "latency_ms"]),
        (r#"{"seed": 3}"#, "", ["/compare/seed", "variant"]),
        (r#""raft""#, "", ["/compare", "object"]),
        (r#"{"protocol": "paxos"}"#, r#""start": {"1": {"term": 2}},"#, ["/compare/protocol", "start"]),
    ] {
        let fault = read(compare, more).unwrap_err();
        parts.iter().for_each(|part| assert!(fault.contains(part), "{compare}: {fault} lacks {part}"));
    }
}

#[test]
fn what_is_set_on_one_side_is_set_on_the_other_where_it_has_it() {
    let file = r#"{"format": 1, "protocol": "raft", "options": {"election_ms": [700, 900], "loss": 0.1},
                   "compare": {"protocol": "multi_paxos", "options": {"heartbeat_ms": 33}}}"#;
    let scenario = Scenario::parse(file.as_bytes()).unwrap();
    let finished = run(&scenario).unwrap();
    let session = finished.runner.session();
    let of = |session: &dyn Session, protocol: &str, key: &str| {
        let protocol = conclave::protocols::find(protocol).unwrap();
        let specs = conclave::engine::options::ENGINE.iter().chain(protocol.options);
        session.settings().0.get(specs.into_iter().position(|spec| spec.key == key).unwrap())
    };
    let beside = session.beside().unwrap();
    for key in ["election_ms", "loss", "latency_ms"] {
        assert_eq!(of(session, "raft", key), of(beside, "multi_paxos", key), "{key}");
    }
    assert_ne!(of(session, "raft", "heartbeat_ms"), of(beside, "multi_paxos", "heartbeat_ms"));
}
