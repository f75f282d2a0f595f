//! The checker on the command line: files in, a verdict, a schedule and an exit status out.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::scenario::file::Scenario;
use conclave::scenario::run::run;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Output, Stdio};

fn check(arguments: &[&str], file: &Value) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_conclave"))
        .arg("check")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever is called wrongly does not read its input.
    let _ = child.stdin.take().unwrap().write_all(file.to_string().as_bytes());
    child.wait_with_output().unwrap()
}

fn checked(file: &Value) -> (i32, Value) {
    let output = check(&["-", "--json"], file);
    (output.status.code().unwrap(), serde_json::from_slice(&output.stdout).unwrap())
}

fn raft(check: Value) -> Value {
    json!({"format": 1, "protocol": "raft", "nodes": 3, "check": check})
}

/// Two proposers and three acceptors of which a rule is broken or not.
fn paxos(variant: &str, check: Value) -> Value {
    json!({
        "format": 1, "protocol": "paxos", "nodes": 5, "variant": variant,
        "options": {"proposers": 2, "acceptors": 3, "learners": 1, "learning": "asking", "nacks": false},
        "check": check,
    })
}

#[test]
fn what_cannot_happen_exits_with_0_and_says_how_much_was_seen() {
    let file = raft(json!({"find": "any", "fires": {"election": 1}}));
    let (status, answer) = checked(&file);
    assert_eq!((status, &answer["verdict"], &answer["waiting"]), (0, &json!("holds"), &json!(0)));
    assert!(10 < answer["states"].as_u64().unwrap());
    assert!(answer["scenario"].is_null());
    let told = String::from_utf8(check(&["-"], &file).stdout).unwrap();
    assert!(told.starts_with("No promise can be broken: all "), "{told}");
    assert!(told.contains(&format!("all {} states", answer["states"])), "{told}");
}

#[test]
fn a_proof_says_where_it_holds() {
    let told = |file: &Value| String::from_utf8(check(&["-"], file).stdout).unwrap();
    let two = raft(json!({"find": "any", "fires": {"election": 2}}));
    let said = told(&two);
    // The page says the same number (`tests/e2e`): it is the same natively and in wasm.
    assert!(said.contains("all 17,041 states within these bounds were met, over 68,163 moves"), "{said}");
    let bounds = "(3 nodes; the election timer goes off at most 2 times in all; no other timer does; no crash; no link cut; \
                  no request of a client; every message may arrive late, in any order, again, or never)";
    assert!(said.contains(bounds), "{said}");
    let asked = json!({
        "fires": {"propose": 1}, "packets": "each", "duplicates": 2, "crashes": 1, "cuts": 2, "heals": 1,
        "requests": ["x=1", {"node": 2, "command": "y=2"}], "replies": true, "symmetry": true, "states": 1,
    });
    let said = told(&paxos("P-1", asked));
    for part in [
        "(5 nodes; proposers: 2; acceptors: 3; learners: 1;",
        "learning asking; nacks false; with the variant P-1;",
        "the propose timer goes off at most once in all;",
        "at most one crash, with a restart at any time or never; at most 2 links cut, one way; at most 1 healed;",
        "clients ask x=1, y=2 → 2, each at most once; answers reach them;",
        "at most 2 are doubled; states that differ only in names count once",
    ] {
        assert!(said.contains(part), "{said}\nshould have {part}");
    }
}

#[test]
fn what_can_happen_exits_with_1_and_leaves_a_scenario_file_that_does_it() {
    let file = paxos("P-1", json!({"find": "agreement", "fires": {"propose": 2}}));
    let (status, answer) = checked(&file);
    assert_eq!((status, &answer["verdict"], &answer["find"]), (1, &json!("violation"), &json!("A1")));
    // PROTOCOLS, P-1: fourteen events.
    assert_eq!((&answer["moves"], &answer["from"]), (&json!(14), &json!(0)));
    let scenario = Scenario::parse(answer["scenario"].to_string().as_bytes()).unwrap();
    let finished = run(&scenario).unwrap();
    assert!(finished.broken.is_none() && finished.failed.is_empty());
    let broken = finished.runner.session().violations();
    assert!(broken.iter().any(|broken| broken.id == "A1"));

    let told = String::from_utf8(check(&["-"], &file).stdout).unwrap();
    assert!(told.starts_with("Agreement is broken after 14 moves, and after no fewer"), "{told}");
    assert_eq!(told.lines().filter(|line| line.contains(" arrives")).count(), 12, "{told}");
    let standard = paxos("standard", json!({"find": "agreement", "fires": {"propose": 2}, "depth": 14}));
    assert_eq!(checked(&standard).0, 3, "the correct protocol does not do it in fourteen");
}

#[test]
fn a_search_goes_on_from_where_the_steps_lead() {
    let led =
        json!([{"fire": {"node": 1, "timer": "election"}}, {"settle": true}, {"expect": {"leaders": [1]}}]);
    let mut file = raft(json!({"find": "two_leaders", "fires": {"election": 1}}));
    file["steps"] = led;
    let (status, answer) = checked(&file);
    assert_eq!((status, &answer["verdict"]), (1, &json!("reached")));
    // A candidacy, a vote, and the answer.
    assert_eq!(answer["moves"], 3);
    let scenario = Scenario::parse(answer["scenario"].to_string().as_bytes()).unwrap();
    let finished = run(&scenario).unwrap();
    assert_eq!(finished.runner.session().position() as u64, answer["from"].as_u64().unwrap() + 3);
}

#[test]
fn a_bound_that_stops_it_exits_with_3_and_is_named() {
    for (bound, limit) in [(json!({"states": 50}), "states"), (json!({"depth": 2}), "depth")] {
        let mut asked = json!({"fires": {"election": 2}});
        asked.as_object_mut().unwrap().extend(bound.as_object().unwrap().clone());
        let (status, answer) = checked(&raft(asked));
        assert_eq!((status, &answer["verdict"], &answer["limit"]), (3, &json!("stopped"), &json!(limit)));
    }
}

#[test]
fn a_wrong_file_exits_with_2_and_names_the_place() {
    let wrong = [
        (json!({"find": "R9"}), "/check/find: there is no thing to look for \"R9\"; allowed: R1,"),
        (
            json!({"fires": {"retry": 1}}),
            "/check/fires/retry: there is no timer \"retry\"; allowed: election, heartbeat",
        ),
        (
            json!({"fires": {"election": 99}}),
            "/check/fires/election: must be a whole number from 0 to 20, not 99",
        ),
        (
            json!({"packets": "queue"}),
            "/check/packets: there is no way to keep packets \"queue\"; allowed: set, each",
        ),
        (json!({"requests": ["a", "b", "c", "d", "e"]}), "/check/requests: must be at most 4 requests"),
        (
            json!({"requests": [{"node": 4, "command": "a"}]}),
            "/check/requests/0/node: must be a node, from 1 to 3",
        ),
        (json!({"requests": [""]}), "/check/requests/0: must be a line of 1 to 64 characters"),
        (json!({"dept": 2}), "/check/dept: unknown field \"dept\"; allowed: find,"),
    ];
    for (asked, sentence) in wrong {
        let output = check(&["-"], &raft(asked));
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(sentence), "{said}\nshould have {sentence}");
    }
}

#[test]
fn a_packet_that_arrives_twice_is_doubled_in_the_run() {
    // P-9 counts promises, not acceptors: the same promise twice is enough.
    let (status, answer) = checked(&paxos("P-9", json!({"find": "A9", "fires": {"propose": 1}})));
    assert_eq!((status, &answer["verdict"]), (1, &json!("violation")));
    let steps = answer["scenario"]["steps"].as_array().unwrap();
    assert_eq!(steps.iter().filter(|step| step.get("duplicate").is_some()).count(), 1, "{steps:?}");
    let scenario = Scenario::parse(answer["scenario"].to_string().as_bytes()).unwrap();
    assert!(run(&scenario).unwrap().failed.is_empty());
}
