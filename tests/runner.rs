//! The headless runner as a script sees it: arguments and files in, sentences, JSON and an exit status out.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::scenario::drive::Drive;
use conclave::scenario::file::Scenario;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn conclave(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_conclave"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever is called wrongly does not read its input.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A file for three nodes with these fields more.
fn file(more: Value) -> Vec<u8> {
    let mut file = json!({"format": 1, "protocol": "raft", "nodes": 3, "seed": 42});
    let fields = file.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    serde_json::to_vec(&file).unwrap()
}

fn steps(steps: Value) -> Vec<u8> {
    file(json!({ "steps": steps }))
}

fn run(file: &[u8]) -> Output {
    conclave(&["run", "-"], file)
}

fn run_json(file: &[u8]) -> Value {
    let output = conclave(&["run", "-", "--json"], file);
    assert_ne!(status(&output), 2, "{}", errors(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

// Exit statuses.

#[test]
fn expectations_that_hold_exit_with_0() {
    let output = run(&steps(json!([
        {"fire": {"node": 1, "timer": "election"}}, {"settle": true}, {"expect": {"leaders": [1]}}
    ])));
    assert_eq!((status(&output), errors(&output)), (0, String::new()));
    let first = "         0 ms  the election timer of 1 goes off\n";
    assert!(printed(&output).starts_with(first), "{}", printed(&output));
}

#[test]
fn expectations_that_fail_exit_with_1_and_are_told_with_their_step() {
    let scenario = steps(json!([
        {"expect": {"node": 1, "role": "leader", "term": 0}}, {"run": 1}, {"expect": {"node": 2, "term": 3}}
    ]));
    let output = run(&scenario);
    assert_eq!(status(&output), 1);
    assert_eq!(
        errors(&output),
        "standard input: /steps/0: expected {\"node\":1,\"role\":\"leader\"}, got {\"node\":1,\"role\":\"follower\"}\n\
         standard input: /steps/2: expected {\"node\":2,\"term\":3}, got {\"node\":2,\"term\":0}\n"
    );
    let failed = &run_json(&scenario)["failed"];
    assert_eq!(failed[0]["step"], 0);
    assert_eq!(
        failed[1],
        json!({"step": 2, "wanted": {"node": 2, "term": 3}, "got": {"node": 2, "term": 0}})
    );
}

#[test]
fn a_wrong_call_exits_with_2_and_says_how_to_call() {
    for arguments in [
        &[][..],
        &["run"],
        &["run", "--jsn", "-"],
        &["run", "-", "-"],
        &["drive", "x"],
        &["list", "--json"],
        &["dance"],
    ] {
        let output = conclave(arguments, b"");
        assert_eq!(status(&output), 2, "{arguments:?}");
        assert!(errors(&output).starts_with("usage: "), "{arguments:?}");
        assert_eq!(errors(&output).lines().count(), 1, "{arguments:?}");
    }
    assert_eq!(status(&conclave(&["--help"], b"")), 0);
}

#[test]
fn a_file_that_is_not_there_exits_with_2() {
    let output = conclave(&["run", "no-such-file.json"], b"");
    assert_eq!(status(&output), 2);
    assert!(errors(&output).starts_with("no-such-file.json: cannot be read"), "{}", errors(&output));
}

/// The complaint about a file, without its name.
fn complaint(file: &[u8]) -> String {
    let output = run(file);
    assert_eq!(status(&output), 2, "{}\n{}", String::from_utf8_lossy(file), errors(&output));
    errors(&output).trim_end().strip_prefix("standard input: ").unwrap().to_string()
}

#[test]
fn what_is_not_json_is_told_with_line_and_column() {
    assert_eq!(
        complaint(b"{\n  \"format\": 1,\n  oops\n}"),
        "line 3, column 3: not valid JSON: key must be a string"
    );
    assert!(complaint(b"").starts_with("line 1, column 0: not valid JSON: EOF"));
    assert!(complaint(b"{\"format\": 1, \"format\": 1}").contains("the field \"format\" is there twice"));
}

#[test]
fn what_is_wrong_in_a_file_is_told_with_pointer_and_choices() {
    let cases = [
        (file(json!({"format": 2})), "/format: must be a whole number from 1 to 1, not 2"),
        (file(json!({"protocol": "craft"})), "/protocol: there is no protocol \"craft\"; allowed: raft"),
        (file(json!({"nodes": 14})), "/nodes: must be a whole number from 1 to 13, not 14"),
        (file(json!({"seed": -1})), "/seed: must be a whole number from 0 to 18446744073709551615, not -1"),
        (file(json!({"variant": "R-2"})), "/variant: there is no variant \"R-2\"; allowed: standard, R-1"),
        (file(json!({"speed": 1})), "/speed: unknown field \"speed\"; allowed: format, protocol"),
        (
            file(json!({"options": {"heartbeat": 50}})),
            "/options/heartbeat: unknown field \"heartbeat\"; allowed: latency_ms",
        ),
        (
            file(json!({"options": {"heartbeat_ms": 0}})),
            "/options/heartbeat_ms: must be a number from 1 to 60000, not 0",
        ),
        (
            file(json!({"options": {"election_ms": [300, 150]}})),
            "/options/election_ms: must be a time or [from, to]",
        ),
        (file(json!({"options": {"loss": 1.5}})), "/options/loss: must be a number from 0 to 1, not 1.5"),
        (
            file(json!({"options": {"clock_rate": {"4": 1}}})),
            "/options/clock_rate/4: there is no node \"4\"; allowed: 1, 2, 3",
        ),
        (file(json!({"start": {"4": {}}})), "/start/4: there is no node \"4\"; allowed: 1, 2, 3"),
        (file(json!({"start": {"1": {"terms": 1}}})), "/start/1: unknown field \"terms\"; allowed: term"),
        (
            file(json!({"topics": ["election", "weather"]})),
            "/topics/1: there is no topic \"weather\"; allowed: election, replication, commit, ballots, ",
        ),
        (file(json!({"topics": []})), "/topics: must be a list of 1 to 3 topics, not []"),
        (
            file(json!({"topics": ["election", "commit", "crash", "paper"]})),
            "/topics: must be a list of 1 to 3 topics, not [\"election\"",
        ),
        (file(json!({"topics": ["crash", "crash"]})), "/topics/1: the topic \"crash\" is there twice"),
        (file(json!({"topics": "crash"})), "/topics: must be a list, not \"crash\""),
        (file(json!({"try": {"de": "…"}})), "/try/de: unknown field \"de\"; allowed: en, zh"),
        (file(json!({"still": 1})), "/still: there is no step after which a picture could be taken"),
        (
            file(json!({"still": 2, "steps": [{"run": 1}]})),
            "/still: must be a whole number from 1 to 1, not 2",
        ),
        (
            file(json!({"still": 0, "steps": [{"run": 1}]})),
            "/still: must be a whole number from 1 to 1, not 0",
        ),
        (file(json!({"down": [1, 1]})), "/down/1: node 1 is there twice"),
        (steps(json!([{}])), "/steps/0: a step needs one of: fire, wind, run"),
        (steps(json!([{"run": 1, "settle": true}])), "/steps/0: a step does one thing"),
        (steps(json!([{"run": 1}, {"jump": 1}])), "/steps/1/jump: unknown field \"jump\"; allowed: fire"),
        (
            steps(json!([{"run": 0.0001}])),
            "/steps/0/run: must be a time in milliseconds with at most three decimals",
        ),
        (
            steps(json!([{"fire": {"node": 1, "timer": "lunch"}}])),
            "/steps/0/fire/timer: there is no timer \"lunch\"; allowed: election, heartbeat",
        ),
        (steps(json!([{"fire": {"node": 1}}])), "/steps/0/fire: the field \"timer\" is missing"),
        (
            steps(json!([{"deliver": {"kind": "Vote"}}])),
            "/steps/0/deliver/kind: there is no message kind \"Vote\"; allowed: RequestVote",
        ),
        (steps(json!([{"crash": 4}])), "/steps/0/crash: must be a node, from 1 to 3, not 4"),
        (steps(json!([{"cut": [1, 1]}])), "/steps/0/cut/1: node 1 is there twice"),
        (steps(json!([{"partition": [[1, 2], [2, 3]]}])), "/steps/0/partition/1: node 2 is in two groups"),
        (
            steps(json!([{"request": {"node": 1, "command": ""}}])),
            "/steps/0/request/command: must be a line of 1 to 64 characters",
        ),
        (steps(json!([{"expect": {}}])), "/steps/0/expect: expects nothing"),
        (steps(json!([{"expect": {"role": "leader"}}])), "/steps/0/expect/role: \"role\" is a node's"),
        (
            steps(json!([{"expect": {"node": 1, "mood": 1}}])),
            "/steps/0/expect/mood: unknown field \"mood\"; allowed: role",
        ),
        (
            steps(json!([{"expect": {"node": 1, "role": "boss"}}])),
            "/steps/0/expect/role: there is no role \"boss\"; allowed: follower, candidate, leader, crashed",
        ),
        (
            steps(json!([{"expect": {"violations": ["R99"]}}])),
            "/steps/0/expect/violations/0: there is no invariant \"R99\"; allowed: R1 (election_safety)",
        ),
        (
            steps(json!([{"inject": {"from": 1, "to": 2, "kind": "RequestVote", "fields": {"term": 1}}}])),
            "/steps/0/inject/fields: the field \"last_log_index\" is missing",
        ),
    ];
    for (file, expected) in cases {
        let told = complaint(&file);
        assert!(told.starts_with(expected), "expected {expected}\n  told {told}");
    }
}

#[test]
fn what_cannot_be_done_is_told_with_what_could_be() {
    let fire = json!({"fire": {"node": 1, "timer": "election"}});
    let cases = [
        (
            json!([fire, {"deliver": {"to": 1}}]),
            "/steps/1: no packet in flight matches",
            "in flight: RequestVote from 1 to 2 (id 1), RequestVote from 1 to 3 (id 2)",
        ),
        (json!([{"deliver": {"id": 7}}]), "/steps/0: no packet in flight matches", "in flight: nothing"),
        (
            json!([{"fire": {"node": 1, "timer": "heartbeat"}}]),
            "/steps/0: refused: ",
            "armed: the election timer of 1, the election timer of 2, the election timer of 3",
        ),
        (json!([{"crash": 1}, {"crash": 1}]), "/steps/1: refused: ", ""),
        (json!([{"pause": 1}, fire]), "/steps/1: refused: ", ""),
        (json!([{"cut": [1, 2]}, {"cut": [1, 2]}]), "/steps/1: refused: ", ""),
        (json!([{"heal": {"from": 1, "to": 2}}]), "/steps/0: refused: ", ""),
        (json!([{"unfilter": {"kind": "Reply"}}]), "/steps/0: refused: ", ""),
    ];
    for (list, start, end) in cases {
        let told = complaint(&steps(list));
        assert!(told.starts_with(start) && told.ends_with(end), "expected {start} … {end}\n  told {told}");
    }
}

#[test]
fn an_optional_step_may_find_nothing() {
    let output = run(&steps(json!([
        {"deliver": {"to": 1, "optional": true}},
        {"restart": 1, "optional": true},
        {"fire": {"node": 1, "timer": "heartbeat"}, "optional": true},
        {"comment": "nothing happened"},
        {"expect": {"now_ms": 0, "in_flight": 0}}
    ])));
    assert_eq!((status(&output), printed(&output)), (0, String::new()), "{}", errors(&output));
}

// Steps.

#[test]
fn the_json_has_all_that_the_interface_promises() {
    let state = run_json(&steps(json!([
        {"fire": {"node": 1, "timer": "election"}}, {"deliver": {"all": true}}, {"crash": 3},
        {"cut": {"from": 1, "to": 2}}, {"run": 12.345}, {"duplicate": {"optional": true}}
    ])));
    for field in [
        "digest",
        "now_ms",
        "protocol",
        "nodes",
        "packets",
        "links",
        "decided",
        "violations",
        "failed",
        "transcript",
    ] {
        assert!(!state[field].is_null(), "{field}");
    }
    assert_eq!(state["digest"].as_str().unwrap().len(), 16);
    assert_eq!(state["now_ms"], 12.345);
    assert_eq!(state["links"], json!([{"from": 1, "to": 2}]));
    let crashed = &state["nodes"][2];
    for field in ["id", "up", "role", "term", "voted_for", "leader", "commit", "applied", "log"] {
        assert!(crashed.get(field).is_some(), "{field}");
    }
    assert_eq!(
        (&crashed["up"], &crashed["role"], &crashed["term"]),
        (&json!(false), &json!("crashed"), &json!(1))
    );
    assert!(crashed["commit"].is_null());
}

#[test]
fn every_step_does_what_it_says() {
    let output = run(&steps(json!([
        {"fire": {"node": 1, "timer": "election"}},
        {"duplicate": {"kind": "RequestVote", "to": 2}},
        {"expect": {"packets": [{"id": 1, "copy_of": null}, {"id": 2}, {"to": 2, "copy_of": 1}]}},
        {"drop": {"id": 1}},
        {"delay": {"to": 3, "by": 100}},
        {"run": 50},
        {"expect": {"node": 1, "role": "leader"}},
        {"expect": {"node": 3, "leader": 1, "term": 1}},
        {"pause": 2},
        {"request": {"node": 1, "command": "x=1", "client": 2, "seq": 5}},
        {"settle": true},
        {"expect": {"node": 2, "paused": true, "up": true, "log": []}},
        {"expect": {"node": [1, 3], "log": [{"command": "x=1"}]}},
        {"expect": {"node": 1, "commit": 1}},
        {"expect": {"decided": [{"slot": 1, "value": "x=1 in term 1", "nodes": [1]}]}},
        {"resume": 2},
        {"settle": true},
        {"isolate": 3},
        {"expect": {"links": [{"from": 1, "to": 3}, {"from": 3, "to": 1}, {"from": 2, "to": 3}, {"from": 3, "to": 2}]}},
        {"heal": [1, 3]},
        {"expect": {"links": [{"from": 3, "to": 2}, {"from": 2, "to": 3}]}},
        {"heal": true},
        {"partition": [[1], [2, 3]]},
        {"heal": true},
        {"expect": {"links": []}},
        {"filter": {"kind": "AppendEntries", "to": 3}},
        {"read": {"node": 1, "key": "x"}},
        {"settle": true},
        {"expect": {"node": 1, "log": [1, {"command": "x?"}]}},
        {"expect": {"node": 3, "log": [1]}},
        {"unfilter": true},
        {"expect": {"filters": []}},
        {"inject": {"from": 3, "to": 1, "kind": "RequestVote", "fields": {"term": 9, "lastLogIndex": 9, "lastLogTerm": 9}}},
        {"deliver": {"term": 9, "fields": {"candidate_id": 3}}},
        {"expect": {"node": 1, "role": "follower", "term": 9, "voted_for": 3}},
        {"set": {"variant": "r-5", "loss": 1}},
        {"deliver": {"all": true}},
        {"expect": {"in_flight": 0}},
        {"crash": [1, 2]},
        {"restart": [1, 2]},
        {"expect": {"violations": []}}
    ])));
    assert_eq!(status(&output), 0, "{}{}", errors(&output), printed(&output));
}

#[test]
fn nodes_start_as_the_file_shows_them() {
    let state = run_json(&file(json!({
        "start": {"1": {"term": 6, "votedFor": 2, "log": [1, 1, 4, {"term": 4, "command": "x=1"}], "commit": 4}},
        "down": [2]
    })));
    let node = &state["nodes"][0];
    assert_eq!((&node["term"], &node["voted_for"], &node["commit"]), (&json!(6), &json!(2), &json!(4)));
    assert_eq!(node["log"][3], json!({"index": 4, "term": 4, "command": "x=1"}));
    assert_eq!(node["value"], json!({"x": "1"}));
    assert_eq!(state["nodes"][1]["role"], "crashed");
}

#[test]
fn the_clock_runs_to_the_end_of_the_step_and_not_beyond() {
    let state = run_json(&steps(json!([{"run": 100}, {"run": 50.5}])));
    assert_eq!(state["now_ms"], 150.5);
    let twice = run_json(&steps(json!([{"run": 1000}, {"run": 500}])));
    let once = run_json(&steps(json!([{"run": 1500}])));
    assert_eq!(twice["digest"], once["digest"]);
    assert_eq!(twice["transcript"], once["transcript"]);
}

#[test]
fn a_driven_cluster_answers_every_line() {
    let lines = b"{\"state\": true}\n\n{\"format\": 1, \"protocol\": \"raft\"}\n{\"run\": 400}\nnonsense\n{\"state\": true}";
    let output = conclave(&["drive"], lines);
    assert_eq!(status(&output), 0);
    let answers: Vec<Value> =
        printed(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<bool> = answers.iter().map(|answer| answer["error"].is_null()).collect();
    assert_eq!(kinds, [false, false, true, true, false, true]);
    assert_eq!(answers[3]["ok"]["digest"], answers[5]["ok"]["digest"]);
    assert_eq!(answers[5]["ok"]["transcript"], json!([]));
}

// What there is.

#[test]
fn the_list_names_what_files_may_say() {
    let output = conclave(&["list"], b"");
    assert_eq!(status(&output), 0);
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let topics = list["topics"].as_array().unwrap();
    assert!(topics.iter().all(|topic| topic["name"]["en"].is_string() && topic["name"]["zh"].is_string()));
    let topics: Vec<&Value> = topics.iter().map(|topic| &topic["key"]).collect();
    for protocol in list["protocols"].as_array().unwrap() {
        // What is shown as a default can be written into a file.
        let options = protocol["options"].as_array().unwrap().iter();
        let defaults: Value = options
            .map(|option| (option["key"].as_str().unwrap().to_string(), option["default"].clone()))
            .collect::<serde_json::Map<_, _>>()
            .into();
        let file = json!({"format": 1, "protocol": protocol["key"], "options": defaults});
        let plain = json!({"format": 1, "protocol": protocol["key"]});
        assert_eq!(
            run_json(file.to_string().as_bytes())["digest"],
            run_json(plain.to_string().as_bytes())["digest"]
        );
        for field in ["timers", "kinds", "roles", "variants", "invariants", "scenarios", "parts"] {
            assert!(!protocol[field].as_array().unwrap().is_empty(), "{field}");
        }
        let scenarios = protocol["scenarios"].as_array().unwrap();
        assert!(scenarios.iter().all(|scenario| scenario["error"].is_null()));
        // Whoever chooses among the scenarios finds the words for what they are about in the same list.
        for topic in scenarios.iter().flat_map(|scenario| scenario["topics"].as_array().unwrap()) {
            assert!(topics.contains(&topic), "{topic}");
        }
    }
}

// Whatever the bytes.

#[test]
fn no_bytes_make_it_panic() {
    let text = include_bytes!("../src/protocols/raft/scenarios/ra3-failover.json");
    for end in 0..text.len() {
        let _ = Scenario::parse(&text[..end]);
    }
    // A small generator of its own, so that the bytes are the same in every run.
    let mut state = 1_u64;
    let mut draw = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let signs = b"{}[]\",:0123456789-.eE\\ntu \xff\x00";
    let mut drive = Drive::default();
    for _ in 0..20_000 {
        let mut bytes = text.to_vec();
        for _ in 0..1 + draw() % 3 {
            let place = draw() % bytes.len();
            bytes[place] = signs[draw() % signs.len()];
        }
        if let Ok(scenario) = Scenario::parse(&bytes) {
            let _ = conclave::scenario::run::run(&scenario);
        }
        let line = bytes.iter().copied().filter(|byte| *byte != b'\n').collect::<Vec<u8>>();
        drive.answer(&line, &mut Vec::new());
    }
}

#[test]
fn deep_and_huge_things_are_refused_in_a_sentence() {
    assert!(complaint(&b"[".repeat(1_000_000)).contains("recursion limit"));
    assert!(complaint(&b" ".repeat(5_000_000)).contains("must be at most"));
    assert!(
        complaint(&steps(json!([{"run": 1e300}]))).starts_with("/steps/0/run: must be a number from 0 to")
    );
    assert!(complaint(&steps(json!([{"deliver": {"id": 1e20}}]))).starts_with("/steps/0/deliver/id"));
}

#[test]
fn a_run_can_be_written_in_other_formats() {
    let document = file(json!({"steps": [{"run": 400}]}));
    let begins = [
        ("svg", "<svg xmlns="),
        ("mermaid", "%% "),
        ("shiviz", conclave::export::shiviz::EXPRESSION),
        ("history", "{"),
    ];
    for (format, beginning) in begins {
        let output = conclave(&["export", "-", "--as", format], &document);
        assert_eq!(status(&output), 0, "{format}: {}", errors(&output));
        assert!(printed(&output).starts_with(beginning), "{format}: {}", printed(&output));
    }
    let output = conclave(&["export", "-", "--as", "pdf"], &document);
    assert_eq!(status(&output), 2);
    let said = errors(&output);
    assert!(begins.iter().all(|(format, _)| said.contains(format)) && said.contains("pdf"), "{said}");
}
