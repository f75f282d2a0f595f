//! A cluster that is driven line by line: what each answer has, and that an error changes nothing.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::scenario::drive::Drive;
use conclave::scenario::file::Scenario;
use conclave::scenario::run::run;
use serde_json::{Value, json};

struct Driven(Drive);

impl Driven {
    fn new() -> Driven {
        let mut driven = Driven(Drive::default());
        driven.ok(&json!({"format": 1, "protocol": "raft", "nodes": 3, "seed": 1}));
        driven
    }

    fn raw(&mut self, line: &[u8]) -> Value {
        let mut answer = Vec::new();
        self.0.answer(line, &mut answer);
        serde_json::from_slice(&answer).unwrap()
    }

    fn ok(&mut self, line: &Value) -> Value {
        let answer = self.raw(line.to_string().as_bytes());
        assert!(answer["error"].is_null(), "{line}: {answer}");
        answer["ok"].clone()
    }

    fn error(&mut self, line: &Value) -> String {
        let answer = self.raw(line.to_string().as_bytes());
        answer["error"].as_str().unwrap_or_else(|| panic!("{line}: {answer}")).to_string()
    }
}

#[test]
fn an_error_changes_nothing() {
    let mut driven = Driven::new();
    driven.ok(&json!({"fire": {"node": 1, "timer": "election"}}));
    driven.ok(&json!({"crash": 3}));
    let before = driven.ok(&json!({"state": true}));
    for wrong in [
        json!({"crash": [1, 3]}),
        json!({"restart": [3, 1]}),
        json!({"deliver": {"id": 99}}),
        json!({"fire": {"node": 3, "timer": "election"}}),
        json!({"inject": {"from": 1, "to": 2, "kind": "AppendEntries", "fields": {}}}),
        json!({"expect": {"nonsense": 1}}),
        json!({"format": 1, "protocol": "raft", "nodes": 0}),
        json!({"format": 1, "protocol": "raft", "steps": [{"run": 1}]}),
        json!([]),
        json!(null),
    ] {
        driven.error(&wrong);
        assert_eq!(driven.ok(&json!({"state": true})), before, "{wrong}");
    }
}

#[test]
fn a_driven_expectation_that_fails_is_an_answer() {
    let mut driven = Driven::new();
    let answer = driven.ok(&json!({"expect": {"node": 1, "role": "leader"}}));
    assert_eq!(answer["failed"][0]["got"], json!({"node": 1, "role": "follower"}));
    assert_eq!(driven.ok(&json!({"expect": {"node": 1, "role": "follower"}}))["failed"], json!([]));
}

#[test]
fn a_driven_step_shows_as_much_as_is_asked_for() {
    let mut driven = Driven::new();
    let answer = driven.ok(&json!({"run": 1000, "show": ["digest", "leaders"]}));
    let shown: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(shown, ["digest", "failed", "leaders", "transcript"]);
    assert_eq!(answer["leaders"].as_array().unwrap().len(), 1);
    assert!(
        driven.error(&json!({"run": 1, "show": ["mood"]})).contains("/show/0: there is no part of the state")
    );
}

#[test]
fn another_set_up_starts_again() {
    let mut driven = Driven::new();
    let first = driven.ok(&json!({"state": true}));
    driven.ok(&json!({"run": 1000}));
    driven.ok(&json!({"format": 1, "protocol": "raft", "nodes": 3, "seed": 1}));
    assert_eq!(driven.ok(&json!({"state": true})), first);
}

#[test]
fn steps_that_are_driven_lead_where_a_file_leads() {
    let list = json!([
        {"run": 700}, {"request": {"node": 1, "command": "x=1"}}, {"run": 100}, {"crash": 2}, {"run": 900}
    ]);
    let set_up = json!({"format": 1, "protocol": "raft", "nodes": 3, "seed": 42});
    let mut driven = Driven(Drive::default());
    driven.ok(&set_up);
    let mut last = Value::Null;
    for step in list.as_array().unwrap() {
        last = driven.ok(step);
    }
    let mut file = set_up;
    file["steps"] = list;
    let finished = Scenario::parse(file.to_string().as_bytes()).and_then(|scenario| run(&scenario)).unwrap();
    let ran = serde_json::to_value(finished.runner.state(None)).unwrap();
    for field in ["digest", "now_ms", "nodes", "packets", "decided"] {
        assert_eq!(ran[field], last[field], "{field}");
    }
}
