//! Messages to the page, without a page: what is understood, every way in which one can be wrong, and how it is said.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::ids::Micros;
use conclave::link::address::{Theme, scenarios};
use conclave::link::message::{
    Call, Loaded, METHODS, Message, answer, event, note, object, read, refusal, text,
};
use conclave::protocols::{Opening, PROTOCOLS};
use conclave::scenario::cursor::At;
use conclave::scenario::file::{Scenario, parse_json};
use conclave::scenario::json::Json;
use conclave::scenario::run::{Hand, Runner, run};
use conclave::scenario::scope::Scope;
use conclave::scenario::step;
use conclave::text::Lang;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A message with these fields over what every message has.
fn message(more: Value) -> String {
    let mut message = json!({"type": "conclave", "v": 1, "id": 7});
    let fields = message.as_object_mut().unwrap();
    for (name, value) in more.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
    }
    message.to_string()
}

fn call(method: &str, params: Value) -> Call {
    let read = read(&message(json!({"method": method, "params": params}))).unwrap();
    assert_eq!(read.id.to_string(), "7");
    read.call.unwrap_or_else(|fault| panic!("{method} {params}: {fault}"))
}

/// The complaint about a message.
fn complaint(text: &str) -> String {
    read(text).unwrap_or_else(|| panic!("{text}: ignored")).call.expect_err(text).to_string()
}

#[test]
fn every_method_is_understood() {
    assert!(matches!(call("play", json!({})), Call::Play));
    assert!(matches!(call("pause", json!({})), Call::Pause));
    assert!(matches!(call("step", json!({})), Call::Step));
    assert!(matches!(call("back", json!({})), Call::Back));
    assert!(matches!(call("seek", json!({"ms": 1.5})), Call::SeekTime(Micros(1_500))));
    assert!(matches!(call("seek", json!({"index": 3})), Call::SeekPosition(3)));
    assert!(matches!(call("reset", json!({})), Call::Reset));
    assert!(matches!(call("speed", json!({"value": 0.5})), Call::Speed(0.5)));
    assert!(matches!(
        call("load", json!({"scenario": "ra1-replication"})),
        Call::Load(Loaded::File(_, Some("ra1-replication")))
    ));
    let file = json!({"format": 1, "protocol": "raft", "nodes": 3});
    assert!(matches!(call("load", json!({"file": file})), Call::Load(Loaded::File(_, None))));
    assert!(matches!(call("act", json!({"crash": 1})), Call::Act(_)));
    assert!(matches!(call("getState", json!({})), Call::GetState { transcript: true }));
    assert!(matches!(call("getState", json!({"transcript": false})), Call::GetState { transcript: false }));
    assert!(matches!(call("getLink", json!({})), Call::GetLink));
    assert!(matches!(call("setTheme", json!({"theme": "dark"})), Call::SetTheme(Theme::Dark)));
    assert!(matches!(call("setLang", json!({"lang": "zh"})), Call::SetLang(Lang::Zh)));
}

#[test]
fn params_and_id_may_be_left_out() {
    for text in [
        r#"{"type":"conclave","v":1,"method":"play"}"#,
        r#"{"type":"conclave","v":1.0,"id":null,"method":"play","params":null}"#,
    ] {
        let Message { id, call } = read(text).unwrap();
        assert!(matches!(call, Ok(Call::Play)), "{text}");
        assert_eq!(id, Json::Null);
    }
}

#[test]
fn what_is_not_for_us_is_ignored() {
    for text in [
        "null",
        "1",
        "\"play\"",
        "[]",
        "{}",
        r#"{"type":"h5p"}"#,
        r#"{"type":["conclave"]}"#,
        r#"{"context":"iframe.resize"}"#,
    ] {
        assert!(read(text).is_none(), "{text}");
    }
}

#[test]
fn what_the_page_itself_says_is_not_answered() {
    let fault = complaint_fault();
    for said in [
        answer(text("a"), object([])),
        refusal(text("a"), &fault),
        refusal(Json::Null, &fault),
        event("ready", object([])),
    ] {
        assert!(read(&serde_json::to_string(&said).unwrap()).is_none(), "{said}");
    }
}

fn complaint_fault() -> conclave::scenario::fault::Fault {
    read(&message(json!({"method": "fly"}))).unwrap().call.unwrap_err()
}

#[test]
fn what_is_wrong_is_said_with_its_field_and_what_is_allowed() {
    let of = |method: &str, params: Value| message(json!({"method": method, "params": params}));
    let allowed = METHODS.join(", ");
    for (text, parts) in [
        (message(json!({"method": "fly"})), vec!["/method: there is no method \"fly\"", allowed.as_str()]),
        (message(json!({"method": 1})), vec!["/method: must be a text, not 1"]),
        (message(json!({})), vec!["the field \"method\" is missing"]),
        (message(json!({"method": "play", "v": 2})), vec!["/v: must be 1, not 2"]),
        (message(json!({"method": "play", "v": "1"})), vec!["/v: must be 1, not \"1\""]),
        (
            message(json!({"method": "play", "extra": 1})),
            vec!["/extra: unknown field", "type, v, id, method, params"],
        ),
        (
            message(json!({"method": "play", "id": {}})),
            vec!["/id: must be a number, or a text of at most 100"],
        ),
        (
            message(json!({"method": "play", "id": "x".repeat(101)})),
            vec!["/id: must be", "at most 100 characters"],
        ),
        (message(json!({"method": "play", "params": 3})), vec!["/params: must be an object, not 3"]),
        (of("play", json!({"now": true})), vec!["/params/now: unknown field \"now\"; none is allowed"]),
        (of("seek", json!({})), vec!["/params: needs one of: ms, index"]),
        (of("seek", json!({"ms": 1, "index": 1})), vec!["/params: needs one of: ms, index"]),
        (of("seek", json!({"ms": -1})), vec!["/params/ms: must be a number from 0 to 86400000, not -1"]),
        (of("seek", json!({"ms": null})), vec!["/params/ms: must be a number", "not null"]),
        (of("seek", json!({"index": 1.5})), vec!["/params/index: must be a whole number"]),
        (of("speed", json!({})), vec!["the field \"value\" is missing"]),
        (of("speed", json!({"value": 0})), vec!["/params/value: must be a number from 0.001 to 100, not 0"]),
        (of("load", json!({})), vec!["/params: needs one of: scenario, file, hash"]),
        (
            of("load", json!({"scenario": "x"})),
            vec!["/params/scenario: there is no built-in scenario \"x\"", "ra3-failover"],
        ),
        (of("load", json!({"hash": "#v1:abc"})), vec!["/params/hash: ", "damaged"]),
        (of("load", json!({"hash": "top"})), vec!["/params/hash: ", "the part of a link behind its"]),
        (of("load", json!({"file": {"format": 2}})), vec!["/params/file/format: must be"]),
        (
            of("load", json!({"file": {"format": 1, "protocol": "raft", "steps": [{"crash": 6}]}})),
            vec!["/params/file/steps/0/crash: must be a node, from 1 to 5, not 6"],
        ),
        (of("load", json!({"file": "ra1"})), vec!["/params/file: must be an object"]),
        (of("act", json!([])), vec!["/params: must be an object"]),
        (of("getState", json!({"transcript": 1})), vec!["/params/transcript: must be true or false, not 1"]),
        (
            of("setTheme", json!({"theme": "sepia"})),
            vec!["/params/theme: there is no theme \"sepia\"; allowed: auto, light, dark"],
        ),
        (
            of("setLang", json!({"lang": "fr"})),
            vec!["/params/lang: there is no language \"fr\"; allowed: en, zh"],
        ),
    ] {
        let said = complaint(&text);
        parts.iter().for_each(|part| assert!(said.contains(part), "{said}\nlacks: {part}"));
        assert!(said.len() < 1_000, "{said}");
    }
}

#[test]
fn what_is_no_json_or_too_deep_is_said() {
    assert!(complaint("{").contains("not valid JSON"));
    let deep = format!(r#"{{"type":"conclave","params":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    assert!(complaint(&deep).contains("recursion limit"));
    assert!(complaint(&" ".repeat(5_000_000)).contains("at most"));
}

#[test]
fn a_refusal_is_an_answer_where_somebody_waits_for_it() {
    let fault = complaint_fault();
    let answered = serde_json::to_value(refusal(Json::Text("a".into()), &fault)).unwrap();
    assert_eq!((&answered["id"], &answered["event"]), (&json!("a"), &Value::Null));
    let told = serde_json::to_value(refusal(Json::Null, &fault)).unwrap();
    assert_eq!((&told["event"], &told["error"]), (&json!("error"), &answered["error"]));
    assert_eq!((&told["type"], &told["v"]), (&json!("conclave"), &json!(1)));
}

#[test]
fn every_built_in_scenario_can_be_loaded() {
    for (slug, _) in scenarios() {
        assert!(
            matches!(call("load", json!({"scenario": slug})), Call::Load(Loaded::File(_, Some(_)))),
            "{slug}"
        );
    }
}

#[test]
fn a_note_says_what_the_caption_says() {
    let (_, file) = scenarios().find(|(slug, _)| *slug == "ra1-replication").unwrap();
    let finished = run(&Scenario::parse(file.as_bytes()).unwrap()).unwrap();
    let captions = finished.runner.session().captions(usize::MAX);
    let notes: Vec<Value> =
        captions.iter().map(|caption| serde_json::to_value(note(caption, Lang::En)).unwrap()).collect();
    let won = notes.iter().find(|note| note["key"] == "WON").unwrap();
    assert_eq!((&won["nodes"], &won["landmark"]), (&json!([1]), &json!(true)));
    assert!(won["cite"].as_str().unwrap().contains('§'), "{won}");
    assert!(won["text"].as_str().unwrap().contains("Node 1") && won["position"].as_u64() > Some(0), "{won}");
    let chinese = note(&captions[0], Lang::Zh);
    assert!(chinese.to_string().contains('节') || !chinese.to_string().is_ascii(), "{chinese}");
}

// Steps in a session that somebody else holds.

struct Shown {
    runner: Runner,
    scope: Scope,
}

impl Shown {
    fn new() -> Shown {
        let set_up = br#"{"format": 1, "protocol": "raft", "nodes": 3, "seed": 3}"#;
        let runner = Runner::begin(&Scenario::parse(set_up).unwrap()).unwrap();
        let scope = Scope::new(&PROTOCOLS[0], 3);
        Shown { runner, scope }
    }
}

/// Performs a step at an instant in a session; at most so many actions.
fn perform(
    shown: &mut Box<dyn conclave::engine::session::Session>,
    scope: &Scope,
    now: u64,
    most: usize,
    step: &Value,
) -> Result<Vec<String>, String> {
    let document = parse_json(step.to_string().as_bytes()).unwrap();
    let step = step::read(&At::root(&document), 0, scope).map_err(|fault| fault.to_string())?;
    let mut hand = Hand { session: &mut **shown, scope, now: Micros::from_ms(now), lines: Vec::new(), most };
    hand.perform(&step).map(|_| hand.lines).map_err(|fault| fault.to_string())
}

#[test]
fn an_error_changes_nothing_neither_now_nor_in_the_past() {
    let Shown { runner, scope } = Shown::new();
    let mut session = runner.into_session();
    perform(&mut session, &scope, 0, usize::MAX, &json!({"run": 1000})).unwrap();
    let len = session.len();
    let end = session.digest();
    for position in [len, len / 2, 0] {
        session.seek(position);
        let now = session.time_at(position).0 / 1000;
        let before = (session.digest(), session.branches());
        for wrong in [
            json!({"crash": [1, 1]}),
            json!({"restart": [1]}),
            json!({"deliver": {"id": 9999}}),
            json!({"run": 60_000}),
            json!({"heal": [1, 2]}),
        ] {
            assert!(perform(&mut session, &scope, now, 300, &wrong).is_err(), "{wrong} at {position}");
            assert_eq!((session.position(), session.len()), (position, len), "{wrong} at {position}");
            assert_eq!((session.digest(), session.branches()), before, "{wrong} at {position}");
        }
    }
    session.seek(len);
    assert_eq!(session.digest(), end);
}

#[test]
fn a_step_that_is_half_done_in_the_past_leaves_no_branch() {
    let Shown { runner, scope } = Shown::new();
    let mut session = runner.into_session();
    perform(&mut session, &scope, 0, usize::MAX, &json!({"crash": 2})).unwrap();
    perform(&mut session, &scope, 0, usize::MAX, &json!({"run": 500})).unwrap();
    let len = session.len();
    session.seek(1);
    let before = (session.digest(), session.branches());
    // The first of them crashes, in a branch of its own; then the second turns out to be crashed already.
    perform(&mut session, &scope, 0, usize::MAX, &json!({"crash": [1, 2]})).unwrap_err();
    assert_eq!((session.position(), session.len()), (1, len));
    assert_eq!((session.digest(), session.branches()), before);
}

#[test]
fn a_step_tells_what_happened() {
    let Shown { runner, scope } = Shown::new();
    let mut session = runner.into_session();
    let lines = perform(&mut session, &scope, 5, usize::MAX, &json!({"crash": 2})).unwrap();
    assert!(lines.iter().any(|line| line.contains("5 ms") && line.contains("Node 2 crashed")), "{lines:?}");
}

// Garbage.

fn any_json() -> impl Strategy<Value = Value> {
    let words = prop_oneof![
        Just("conclave".to_string()),
        proptest::sample::select(METHODS.to_vec()).prop_map(str::to_string),
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3i64..10).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.prop_map(Value::from),
    ];
    let names = proptest::sample::select(vec![
        "type",
        "v",
        "id",
        "method",
        "params",
        "ms",
        "index",
        "value",
        "scenario",
        "file",
        "hash",
        "format",
        "protocol",
        "nodes",
        "steps",
        "theme",
        "lang",
        "transcript",
        "crash",
        "run",
        "expect",
        "node",
        "settle",
    ]);
    leaf.prop_recursive(4, 48, 8, move |inner| {
        let fields = proptest::collection::vec((names.clone(), inner.clone()), 0..6);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            fields.prop_map(|fields| fields
                .into_iter()
                .map(|(name, value)| (name.to_string(), value))
                .collect()),
        ]
    })
}

proptest! {
    #[test]
    fn garbage_is_refused_and_never_panics(text in ".{0,200}") {
        let refused = read(&text).is_none_or(|message| message.call.is_err());
        prop_assert!(refused);
    }

    #[test]
    fn garbage_in_the_right_shape_never_panics(method in proptest::sample::select(METHODS.to_vec()), params in any_json(), id in any_json()) {
        let read = read(&message(json!({"method": method, "params": params, "id": id})));
        if let Some(Message { id, call: Err(fault) }) = read {
            prop_assert!(!fault.to_string().is_empty());
            prop_assert!(serde_json::to_string(&refusal(id, &fault)).is_ok());
        }
    }

    #[test]
    fn whatever_is_performed_never_panics(step in any_json()) {
        let opening = Opening {
            nodes: 3,
            seed: 1,
            options: conclave::engine::options::Options::defaults(PROTOCOLS[0].options),
            variant: 0,
            start: Vec::new(),
            down: Vec::new(),
        };
        let mut session = (PROTOCOLS[0].open)(&opening).unwrap();
        let scope = Scope::new(&PROTOCOLS[0], 3);
        let _ = perform(&mut session, &scope, 0, 500, &step);
    }
}
