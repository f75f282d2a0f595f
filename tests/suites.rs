//! What other people's Raft suites check, said in scenario files alone: each test is a table of small files, named
//! after the rule that it holds to and its section of the paper.
//!
//! The cases are in the spirit of the paper tests of etcd's Raft, of willemt's Raft and of the labs of MIT 6.5840.
//! Nothing here knows the program's types but the runner's: whoever reads only the file format can add a row.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::scenario::file::Scenario;
use conclave::scenario::run::run;
use serde_json::{Value, json};

/// Runs a file with these fields and steps; what it expects must hold, and nothing may be violated.
#[track_caller]
fn holds(more: Value, steps: Value) {
    let mut file = json!({"format": 1, "protocol": "raft", "nodes": 3, "seed": 7, "steps": steps});
    file.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let all = file["steps"].as_array_mut().unwrap();
    all.push(json!({"expect": {"violations": []}}));
    let finished = Scenario::parse(file.to_string().as_bytes()).and_then(|scenario| run(&scenario)).unwrap();
    assert_eq!((finished.failed, finished.broken), (vec![], None), "{file:#}");
}

fn time_out(node: u8) -> Value {
    json!({"fire": {"node": node, "timer": "election"}})
}

fn inject(kind: &str, from: u8, fields: &Value) -> Value {
    json!({"inject": {"from": from, "to": 1, "kind": kind, "fields": fields}})
}

fn deliver(kind: &str, from: u8) -> Value {
    json!({"deliver": {"kind": kind, "from": from, "to": 1}})
}

/// What a leader sends, with the paper's names as the paper spells them; entries are named by their terms.
fn append(term: u32, (prev_index, prev_term): (u32, u32), entries: &[u32], commit: u32) -> Value {
    json!({
        "term": term, "leaderId": 2, "prevLogIndex": prev_index, "prevLogTerm": prev_term,
        "entries": entries, "leaderCommit": commit,
    })
}

#[test]
fn section_5_2_a_majority_of_the_whole_cluster_elects() {
    let cases: [(u8, &[u8], &[u8], &str); 10] = [
        (1, &[], &[], "leader"),
        (3, &[2, 3], &[], "leader"),
        (3, &[2], &[], "leader"),
        (5, &[2, 3, 4], &[], "leader"),
        (5, &[2, 3], &[4, 5], "leader"),
        (3, &[], &[2, 3], "candidate"),
        (5, &[2], &[3, 4, 5], "candidate"),
        (3, &[], &[], "candidate"),
        (5, &[5], &[], "candidate"),
        (4, &[2], &[], "candidate"),
    ];
    for (nodes, granting, refusing, role) in cases {
        let mut steps = vec![time_out(1)];
        for (voters, granted) in [(granting, true), (refusing, false)] {
            for voter in voters {
                let vote = json!({"term": 1, "voteGranted": granted});
                steps
                    .extend([inject("RequestVoteReply", *voter, &vote), deliver("RequestVoteReply", *voter)]);
            }
        }
        steps.push(json!({"expect": {"node": 1, "role": role, "term": 1, "voted_for": 1}}));
        holds(json!({ "nodes": nodes }), json!(steps));
    }
}

#[test]
fn section_5_4_1_votes_go_to_logs_at_least_as_up_to_date() {
    // The voter's log, and the candidate's last term and index.
    let cases: [(&[u32], u32, u32, bool); 9] = [
        (&[1], 1, 1, true),
        (&[1], 1, 2, true),
        (&[1, 1], 1, 1, false),
        (&[1], 2, 1, true),
        (&[1], 2, 2, true),
        (&[1, 1], 2, 1, true),
        (&[2], 1, 1, false),
        (&[2], 1, 2, false),
        (&[1, 2], 1, 9, false),
    ];
    for (log, last_term, last_index, granted) in cases {
        let request =
            json!({"term": 3, "candidateId": 2, "lastLogIndex": last_index, "lastLogTerm": last_term});
        holds(
            json!({"start": {"1": {"log": log}}}),
            json!([
                inject("RequestVote", 2, &request),
                deliver("RequestVote", 2),
                {"expect": {"packets": [{"kind": "RequestVoteReply", "fields": {"vote_granted": granted}}]}},
                // A vote survives a crash, and a refusal leaves it free (Figure 2).
                {"crash": 1},
                {"restart": 1},
                {"expect": {"node": 1, "term": 3, "voted_for": if granted { json!(2) } else { json!(null) }}},
            ]),
        );
    }
}

#[test]
fn figure_2_append_entries_checks_then_truncates_only_on_conflict() {
    // The request, whether it succeeds, and the follower's log and commit index afterwards.
    let cases: [(Value, bool, &[u32], u32); 9] = [
        (append(2, (2, 2), &[2], 0), true, &[1, 2, 2], 0),
        (append(3, (1, 1), &[3, 3], 2), true, &[1, 3, 3], 2),
        (append(2, (0, 0), &[1], 0), true, &[1, 2], 0),
        (append(3, (0, 0), &[3], 9), true, &[3], 1),
        (append(2, (1, 1), &[], 2), true, &[1, 2], 1),
        (append(2, (2, 2), &[], 2), true, &[1, 2], 2),
        (append(2, (3, 3), &[3], 3), false, &[1, 2], 0),
        (append(2, (2, 1), &[2], 2), false, &[1, 2], 0),
        (append(1, (2, 2), &[1], 2), false, &[1, 2], 0),
    ];
    for (request, success, log, commit) in cases {
        // Someone else stores what a leader could have committed.
        let start = json!({"1": {"term": 2, "log": [1, 2]}, "2": {"log": log}});
        holds(
            json!({ "start": start }),
            json!([
                inject("AppendEntries", 2, &request),
                deliver("AppendEntries", 2),
                {"expect": {"node": 1, "log": log, "commit": commit, "applied": commit}},
                {"expect": {"packets": [{"kind": "AppendEntriesReply", "to": 2, "fields": {"success": success}}]}},
            ]),
        );
    }
}

#[test]
fn section_5_3_a_leader_makes_every_log_of_figure_7_its_own() {
    let leads = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    let followers: [&[u32]; 6] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    for hints in [true, false] {
        for follower in followers {
            // Where the follower's log is ahead of the leader's, the third server's vote elects.
            holds(
                json!({
                    "options": {"conflict_hints": hints},
                    "start": {"1": {"term": 8, "log": leads}, "2": {"term": 7, "log": follower}, "3": {"term": 7}},
                }),
                json!([
                    time_out(1),
                    {"settle": true},
                    {"request": {"node": 1, "command": "x=1"}},
                    {"settle": true},
                    {"fire": {"node": 1, "timer": "heartbeat"}},
                    {"settle": true},
                    {"expect": {
                        "node": [1, 2, 3], "term": 9, "log": [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 9], "commit": 11,
                    }},
                ]),
            );
        }
    }
}

#[test]
fn section_5_4_2_only_entries_of_the_own_term_are_committed_by_counting() {
    for (stored, commit) in [(1, 0), (2, 0), (3, 3)] {
        let reply = json!({"term": 3, "success": true, "matchIndex": stored});
        // The third server has it all, and says nothing.
        let newest = json!({"term": 3, "command": "x=1", "client": 1, "seq": 1});
        let start = json!({"1": {"term": 2, "log": [1, 2]}, "3": {"log": [1, 2, newest]}});
        holds(
            json!({ "start": start }),
            json!([
                time_out(1),
                inject("RequestVoteReply", 2, &json!({"term": 3, "vote_granted": true})),
                deliver("RequestVoteReply", 2),
                {"request": {"node": 1, "command": "x=1"}},
                {"deliver": {"kind": "Request"}},
                inject("AppendEntriesReply", 2, &reply),
                deliver("AppendEntriesReply", 2),
                {"expect": {"node": 1, "role": "leader", "log": [1, 2, 3], "commit": commit}},
                {"expect": {"node": 1, "match_index": {"2": stored, "3": 0}}},
            ]),
        );
    }
}

#[test]
fn section_5_2_only_a_leader_or_a_granted_vote_resets_the_election_timer() {
    let vote = |term: u32| json!({"term": term, "candidate_id": 2, "last_log_index": 1, "last_log_term": 1});
    let cases = [
        ("AppendEntries", append(5, (0, 0), &[], 0), 300),
        ("AppendEntries", append(5, (9, 5), &[], 0), 300),
        ("AppendEntries", append(4, (0, 0), &[], 0), 200),
        ("RequestVote", vote(6), 300),
        ("RequestVote", vote(4), 200),
        ("RequestVote", json!({"term": 6, "candidate_id": 2, "last_log_index": 0, "last_log_term": 0}), 200),
    ];
    for (kind, fields, due) in cases {
        holds(
            json!({"options": {"election_ms": 200}, "start": {"1": {"term": 5, "log": [1]}}}),
            json!([
                {"run": 100},
                inject(kind, 2, &fields),
                deliver(kind, 2),
                {"expect": {"node": 1, "timers": {"election": due}}},
            ]),
        );
    }
}

#[test]
fn figure_2_a_crash_loses_what_is_volatile_and_nothing_else() {
    holds(
        json!({}),
        json!([
            time_out(1),
            {"settle": true},
            {"request": {"node": 1, "command": "x=1"}},
            {"settle": true},
            {"request": {"node": 1, "command": "x=2"}},
            {"deliver": {"kind": "Request"}},
            {"crash": 1},
            {"expect": {"node": 1, "up": false, "role": "crashed", "term": 1, "log": [1, 1], "commit": null}},
            // What it has sent is still on its way.
            {"deliver": {"kind": "AppendEntries", "to": 2}},
            {"expect": {"node": 2, "log": [1, {"term": 1, "command": "x=2"}]}},
            {"restart": 1},
            {"expect": {"node": 1, "role": "follower", "term": 1, "voted_for": 1, "log": [1, 1]}},
            {"expect": {"node": 1, "commit": 0, "applied": 0, "leader": null, "value": {}}},
            {"expect": {"in_flight": {"AppendEntries": 1, "AppendEntriesReply": 1}}},
            {"crash": [1, 2, 3]},
            {"restart": [1, 2, 3]},
            {"drop": {"all": true}},
            {"expect": {"in_flight": {}}},
            time_out(2),
            {"settle": true},
            // An entry of its own term brings the others with it (§5.4.2).
            {"request": {"node": 2, "command": "y=1"}},
            {"settle": true},
            {"expect": {"node": 2, "role": "leader", "commit": 3, "value": {"x": "2", "y": "1"}}},
        ]),
    );
}

#[test]
fn section_8_a_command_that_is_asked_for_again_takes_effect_once() {
    let ask = |node: u8, command: &str, seq: u32| json!({"request": {"node": node, "command": command, "seq": seq}});
    holds(
        json!({}),
        json!([
            time_out(1),
            {"settle": true},
            ask(1, "x=1", 1),
            {"settle": true},
            ask(1, "x=2", 2),
            {"settle": true},
            {"crash": 1},
            time_out(2),
            {"settle": true},
            // Late, and to another leader, which commits it with an entry of its own term.
            ask(2, "x=1", 1),
            {"settle": true},
            ask(2, "y=1", 3),
            {"settle": true},
            {"expect": {"node": 2, "role": "leader", "value": {"x": "2", "y": "1"}}},
        ]),
    );
}

#[test]
fn section_5_3_a_partitioned_leader_commits_nothing_and_its_entries_give_way() {
    for seed in 1..=5 {
        holds(
            json!({"nodes": 5, "seed": seed}),
            json!([
                time_out(1),
                {"settle": true},
                {"request": {"node": 1, "command": "s=1"}},
                {"settle": true},
                {"partition": [[1, 2], [3, 4, 5]]},
                {"request": {"node": 1, "command": "m=1", "client": "B"}},
                {"request": {"node": 1, "command": "n=1", "client": "C"}},
                {"settle": true},
                {"expect": {"node": [1, 2], "commit": 1}},
                {"expect": {"node": 1, "role": "leader", "log": [1, 1, 1]}},
                time_out(3),
                {"settle": true},
                {"request": {"node": 3, "command": "j=1", "client": "D"}},
                {"settle": true},
                {"expect": {"node": 3, "role": "leader", "log": [1, 2], "commit": 2}},
                {"heal": true},
                {"fire": {"node": 3, "timer": "heartbeat"}},
                {"settle": true},
                {"expect": {"node": [1, 2], "role": "follower", "term": 2, "log": [1, 2], "commit": 2}},
                // The clients of the minority ask again, and are served (§8).
                {"run": 8000},
                {"expect": {"node": [1, 2, 3, 4, 5], "value": {"s": "1", "j": "1", "m": "1", "n": "1"}}},
            ]),
        );
    }
}

/// What is wrong with a file, in the sentence that is told.
fn complaint(more: Value) -> String {
    let mut file = json!({"format": 1, "protocol": "raft", "nodes": 3});
    file.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Scenario::parse(file.to_string().as_bytes()).unwrap_err().to_string()
}

#[test]
fn what_a_file_says_is_never_quietly_taken_for_something_else() {
    let start = |state: Value| json!({"start": {"1": state}});
    let step = |step: Value| json!({"steps": [step]});
    let cases = [
        (start(json!({"snapshot": 3})), "\"snapshot\" must be an object with \"index\" and \"term\""),
        (start(json!({"snapshot": {"index": 3}})), "the field \"term\" is missing"),
        (start(json!({"log": [1, "x=1"]})), "\"log\", item 1: an entry must be a term, or an object"),
        (json!({"start": {"down": [4]}}), "/start/down/0: must be a node, from 1 to 3"),
        (json!({"start": {"down": [2]}, "down": [3]}), "the field \"down\" is in \"start\" too"),
        (step(json!({"request": {"node": 1, "command": "x\n=1"}})), "must be a line of 1 to 64 characters"),
        (
            step(inject("AppendEntriesReply", 2, &json!({"term": 1, "success": true}))),
            "the field \"match_index\" is missing",
        ),
    ];
    for (file, wanted) in cases {
        let told = complaint(file);
        assert!(told.contains(wanted), "{told}");
    }
    // A term that is given stands; one that is not is the log's.
    holds(
        json!({"start": {"1": {"term": 1, "log": [1, 3]}, "2": {"log": [1, 3]}, "down": [3]}}),
        json!([
            {"expect": {"node": 1, "term": 1}},
            {"expect": {"node": 2, "term": 3}},
            {"expect": {"node": 3, "up": false}},
        ]),
    );
}
