//! Expectations: what a file says the state is, compared with what it is.
//!
//! Compares with the JSON that the state is written as, so that whatever is shown can be expected. Must not know
//! any protocol.

use super::cursor::{At, Fields};
use super::fault::{Fault, below, must_be, unknown_field, unknown_name};
use super::json::Json;
use super::scope::Scope;
use super::state::{SHOWN, SHOWN_BESIDE};
use crate::engine::frame::Standing;
use crate::engine::ids::NodeId;
use serde::Serialize;
use std::collections::BTreeMap;

/// What can be expected of the run as a whole.
const WHOLE: [&str; 15] = [
    "digest",
    "now_ms",
    "protocol",
    "leaders",
    "nodes",
    "clients",
    "packets",
    "in_flight",
    "links",
    "filters",
    "decided",
    "facts",
    "violations",
    "counts",
    "beside",
];

/// What a file says the state is.
#[derive(Clone, Debug, Default)]
pub struct Expect {
    /// Of which nodes the node's fields are expected.
    nodes: Vec<NodeId>,
    of_node: Vec<(String, Json)>,
    of_whole: Vec<(String, Json)>,
}

/// An expectation that did not hold.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Failure {
    /// The place of the step, from 0.
    pub step: usize,
    /// What was expected, without what held.
    pub wanted: Json,
    /// What was found instead.
    pub got: Json,
}

/// Reads an expectation and checks its names.
pub fn read_expect(at: &At<'_>, scope: &Scope) -> Result<Expect, Fault> {
    let fields = at.any_object()?;
    let mut expect = Expect { nodes: read_nodes(&fields, scope)?, ..Expect::default() };
    for (name, value) in fields.all().filter(|(name, _)| *name != "node") {
        if WHOLE.contains(&name) {
            check_whole(name, &value, scope)?;
            expect.of_whole.push((name.to_string(), value.value.clone()));
        } else {
            check_node_field(&fields, name, &value, scope)?;
            expect.of_node.push((name.to_string(), value.value.clone()));
        }
    }
    match expect.of_node.is_empty() && expect.of_whole.is_empty() {
        true => Err(at.fault("expects nothing; say what, for example \"role\" of a node, or \"violations\"")),
        false => Ok(expect),
    }
}

/// A node or a list of nodes; without it nothing can be expected of a node.
fn read_nodes(fields: &Fields<'_>, scope: &Scope) -> Result<Vec<NodeId>, Fault> {
    let nodes = fields.read("node", |at| match at.value {
        Json::List(_) => at.nodes(scope.nodes),
        _ => at.node(scope.nodes).map(|node| vec![node]),
    })?;
    Ok(nodes.unwrap_or_default())
}

fn check_node_field(fields: &Fields<'_>, name: &str, at: &At<'_>, scope: &Scope) -> Result<(), Fault> {
    let of_node = scope.parts.iter().copied().chain(["timers"]);
    let known = of_node.clone().any(|part| part == name);
    if fields.get("node").is_none() {
        let allowed: Vec<&str> = ["node"].into_iter().chain(WHOLE).collect();
        return Err(match known {
            true => at.fault(format!("\"{name}\" is a node's; the field \"node\" is missing beside it")),
            false => Fault::at(below(&fields.at.pointer, name), unknown_field(name, &allowed)),
        });
    }
    match name {
        _ if !known => {
            let allowed: Vec<&str> = of_node.chain(WHOLE).collect();
            Err(at.fault(unknown_field(name, &allowed)))
        }
        "role" => at.name("role", &scope.roles()).map(|_| ()),
        "up" | "paused" => at.flag().map(|_| ()),
        _ => Ok(()),
    }
}

fn check_whole(name: &str, at: &At<'_>, scope: &Scope) -> Result<(), Fault> {
    match name {
        "leaders" => at.nodes(scope.nodes).map(|_| ()),
        "violations" => at.list()?.iter().try_for_each(|item| check_violation(item, scope)),
        "in_flight" => check_in_flight(at, scope),
        "nodes" | "clients" => {
            at.list()?.iter().try_for_each(|item| item.any_object()?.need("id").map(|_| ()))
        }
        // Whose protocol has which names is only known once it runs.
        "beside" => at.object(&SHOWN_BESIDE).map(|_| ()),
        "counts" => at.any_object().map(|_| ()),
        "packets" | "links" | "filters" | "decided" => at.list().map(|_| ()),
        "facts" => {
            let known: Vec<&str> = Standing::ALL.iter().map(|standing| standing.key()).collect();
            at.object(&known)?.all().try_for_each(|(_, facts)| facts.list().map(|_| ()))
        }
        "digest" | "protocol" => at.text().map(|_| ()),
        _ => at.ms().map(|_| ()),
    }
}

fn check_violation(at: &At<'_>, scope: &Scope) -> Result<(), Fault> {
    let Json::Text(name) = at.value else { return at.any_object().map(|_| ()) };
    let promises = (scope.protocol.invariants)();
    let known = promises.iter().any(|(id, key, words, _)| [*id, *key, words.en].contains(&name.as_str()));
    match known {
        true => Ok(()),
        false => {
            let allowed = promises.iter().map(|(id, key, ..)| format!("{id} ({key})"));
            Err(at.fault(unknown_name("invariant", name, allowed)))
        }
    }
}

fn check_in_flight(at: &At<'_>, scope: &Scope) -> Result<(), Fault> {
    let count = |at: &At<'_>| at.whole(0, u64::from(u32::MAX)).map(|_| ());
    match at.value {
        Json::Number(_) => count(at),
        Json::Map(_) => {
            let kinds = at.object(&scope.kinds())?;
            kinds.all().try_for_each(|(_, value)| count(&value))
        }
        _ => Err(at.fault(must_be("a number of packets, or an object of them by kind", at.value))),
    }
}

impl Expect {
    /// What of the state it compares with, and whether with logs: writing all of it is slow where logs are long.
    pub fn looks_at(&self) -> (Vec<&'static str>, bool) {
        let wants = |name: &str| self.of_whole.iter().any(|(wanted, _)| wanted == name);
        let shown = |name: &&str| match *name {
            "nodes" => !self.of_node.is_empty() || wants("nodes"),
            "packets" => wants("packets") || wants("in_flight"),
            name => wants(name),
        };
        let long = |wanted: &Json| matches!(wanted, Json::List(_) | Json::Map(_));
        let logs = wants("nodes")
            || wants("facts")
            || wants("beside")
            || self.of_node.iter().any(|(_, wanted)| long(wanted));
        (SHOWN.into_iter().filter(shown).collect(), logs)
    }

    /// Compares with the state as it is written. Returns what did not hold, in pairs of wanted and got.
    pub fn compare(&self, state: &Json) -> Vec<(Json, Json)> {
        let whole = failing(&self.of_whole, |name, wanted| compare_whole(name, wanted, state));
        let mut failed: Vec<(Json, Json)> =
            self.nodes.iter().filter_map(|node| self.of(*node, state)).collect();
        if let Some((wanted, got)) = whole {
            failed.push((Json::Map(wanted), Json::Map(got)));
        }
        failed
    }

    fn of(&self, node: NodeId, state: &Json) -> Option<(Json, Json)> {
        let id = number(usize::from(node.number()));
        let shown = by_id(state.get("nodes"), &id);
        let compare = |name: &str, wanted: &Json| {
            let got = shown.and_then(|shown| shown.get(name)).unwrap_or(&Json::Null);
            if holds(wanted, got) { None } else { Some(got.clone()) }
        };
        let named =
            |fields: Named| Json::Map([("node".to_string(), id.clone())].into_iter().chain(fields).collect());
        failing(&self.of_node, compare).map(|(wanted, got)| (named(wanted), named(got)))
    }
}

type Named = Vec<(String, Json)>;

/// The fields that do not hold, as wanted and as they are.
fn failing(
    fields: &[(String, Json)],
    compare: impl Fn(&str, &Json) -> Option<Json>,
) -> Option<(Named, Named)> {
    let (mut wanted, mut got) = (Named::new(), Named::new());
    for (name, value) in fields {
        if let Some(found) = compare(name, value) {
            wanted.push((name.clone(), value.clone()));
            got.push((name.clone(), found));
        }
    }
    (!wanted.is_empty()).then_some((wanted, got))
}

fn compare_whole(name: &str, wanted: &Json, state: &Json) -> Option<Json> {
    let shown = state.get(name).unwrap_or(&Json::Null);
    let (held, got) = match name {
        "in_flight" => {
            let counts = in_flight(state, wanted);
            (holds(wanted, &counts), counts)
        }
        "violations" => (same_in_any_order(wanted, shown, is_violation), shown.clone()),
        "decided" => (same_in_any_order(wanted, shown, is_decision), shown.clone()),
        "leaders" | "links" | "filters" | "packets" => {
            (same_in_any_order(wanted, shown, matches), shown.clone())
        }
        "facts" => {
            let Json::Map(kinds) = wanted else { return Some(shown.clone()) };
            let told = |kind: &str| shown.get(kind).unwrap_or(&Json::Null);
            let held = kinds.iter().all(|(kind, facts)| same_in_any_order(facts, told(kind), is_fact));
            (held, shown.clone())
        }
        "nodes" | "clients" => {
            let found = |item: &Json| {
                let there = item.get("id").and_then(|id| by_id(Some(shown), id));
                there.is_some_and(|there| matches(item, there))
            };
            (wanted.items().iter().all(found), shown.clone())
        }
        "beside" => {
            let Json::Map(fields) = wanted else { return Some(shown.clone()) };
            let failing = failing(fields, |name, wanted| compare_whole(name, wanted, shown));
            (failing.is_none(), failing.map_or(Json::Null, |(_, got)| Json::Map(got)))
        }
        _ => (holds(wanted, shown), shown.clone()),
    };
    if held { None } else { Some(got) }
}

fn by_id<'a>(list: Option<&'a Json>, id: &Json) -> Option<&'a Json> {
    list?.items().iter().find(|item| item.get("id").is_some_and(|there| matches(id, there)))
}

/// How many packets are in flight: all together where a number is wanted, else by kind.
fn in_flight(state: &Json, wanted: &Json) -> Json {
    let packets = state.get("packets").map(Json::items).unwrap_or_default();
    let Json::Map(kinds) = wanted else { return number(packets.len()) };
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    counts.extend(kinds.iter().map(|(kind, _)| (kind.clone(), 0)));
    for packet in packets {
        if let Some(Json::Text(kind)) = packet.get("kind") {
            *counts.entry(kind.clone()).or_default() += 1;
        }
    }
    Json::Map(counts.into_iter().map(|(kind, count)| (kind, number(count))).collect())
}

fn number(of: usize) -> Json {
    Json::Number(of.into())
}

/// Whether an expectation holds. An object that names nothing wants nothing there: it would hold of anything else.
fn holds(wanted: &Json, got: &Json) -> bool {
    match (wanted, got) {
        (Json::Map(fields), Json::Map(there)) if fields.is_empty() => there.is_empty(),
        _ => matches(wanted, got),
    }
}

/// Whether what is wanted is there: of an object the fields that are named, of everything else all of it.
pub fn matches(wanted: &Json, got: &Json) -> bool {
    match (wanted, got) {
        (Json::Number(_), Json::Number(_)) => wanted.same_number(got),
        // An entry of a log may be named by its term or its ballot alone.
        (Json::Number(_), Json::Map(_)) => got.get("term").is_some_and(|term| wanted.same_number(term)),
        (Json::Text(_), Json::Map(_)) => got.get("ballot") == Some(wanted),
        // What a key holds is a text, also where it looks like a number.
        (Json::Number(number), Json::Text(text)) => number.to_string() == *text,
        (Json::List(wanted), Json::List(got)) => {
            wanted.len() == got.len() && wanted.iter().zip(got).all(|(wanted, got)| matches(wanted, got))
        }
        (Json::Map(fields), Json::Map(_)) => {
            fields.iter().all(|(name, wanted)| matches(wanted, got.get(name).unwrap_or(&Json::Null)))
        }
        _ => wanted == got,
    }
}

/// Whether two lists can be paired off.
fn same_in_any_order(wanted: &Json, got: &Json, same: fn(&Json, &Json) -> bool) -> bool {
    let mut left: Vec<&Json> = got.items().iter().collect();
    wanted.items().iter().all(|item| {
        let found = left.iter().position(|there| same(item, there));
        found.map(|place| left.remove(place)).is_some()
    }) && left.is_empty()
}

fn is_violation(wanted: &Json, got: &Json) -> bool {
    match wanted {
        Json::Text(_) => {
            ["invariant", "id", "name"].iter().any(|name| got.get(name).is_some_and(|named| wanted == named))
        }
        _ => matches(wanted, got),
    }
}

/// A fact may be named by its value alone.
fn is_fact(wanted: &Json, got: &Json) -> bool {
    match wanted {
        Json::Text(_) => got.get("value") == Some(wanted),
        _ => matches(wanted, got),
    }
}

/// A decision may be named by what was decided, without the circumstances that its label adds.
fn is_decision(wanted: &Json, got: &Json) -> bool {
    match (wanted, got.get("value")) {
        (Json::Text(wanted), Some(Json::Text(label))) => {
            label.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        }
        _ => matches(wanted, got),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wanted: &str, got: &str) -> bool {
        let read = |text: &str| serde_json::from_str::<Json>(text).unwrap();
        matches(&read(wanted), &read(got))
    }

    #[test]
    fn an_object_matches_where_its_fields_do() {
        assert!(check(r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#));
        assert!(check(r#"{"c": null}"#, r#"{"a": 1}"#));
        assert!(!check(r#"{"a": 2}"#, r#"{"a": 1}"#));
        assert!(!check(r#"{"c": 0}"#, r#"{"a": 1}"#));
    }

    #[test]
    fn an_object_that_names_nothing_wants_nothing_there() {
        let read = |text: &str| serde_json::from_str::<Json>(text).unwrap();
        assert!(holds(&read("{}"), &read("{}")));
        assert!(!holds(&read("{}"), &read(r#"{"x": "1"}"#)));
        assert!(holds(&read(r#"{"x": null}"#), &read(r#"{"y": "1"}"#)));
    }

    #[test]
    fn numbers_are_exact_however_they_are_written() {
        assert!(check("500", "500.0"));
        assert!(!check("500", "500.5"));
        assert!(check("1", "\"1\""));
        assert!(!check("\"1\"", "1"));
    }

    #[test]
    fn a_log_matches_by_terms_or_entries_and_in_length() {
        let log = r#"[{"index": 1, "term": 4, "command": "x=1"}, {"index": 2, "term": 6, "command": ""}]"#;
        assert!(check("[4, 6]", log));
        assert!(check(r#"[{"term": 4, "command": "x=1"}, 6]"#, log));
        assert!(!check("[4]", log));
        assert!(!check("[4, 6, 6]", log));
        assert!(!check(r#"[{"term": 4, "command": "x=2"}, 6]"#, log));
        assert!(check("[]", "[]"));
    }

    #[test]
    fn a_log_with_holes_matches_by_ballots() {
        let log = r#"[{"index": 1, "ballot": "1·1"}, null, {"index": 3, "ballot": null, "command": "x=1"}]"#;
        assert!(check(r#"["1·1", null, {"command": "x=1"}]"#, log));
        assert!(!check(r#"["1·1", "1·1", {"command": "x=1"}]"#, log));
        assert!(!check(r#"["2·1", null, {"command": "x=1"}]"#, log));
    }

    #[test]
    fn decisions_are_named_by_their_value() {
        let got = serde_json::from_str(r#"{"slot": 1, "value": "x=1 in term 2", "nodes": [1]}"#).unwrap();
        assert!(is_decision(&Json::Text("x=1".to_string()), &got));
        assert!(!is_decision(&Json::Text("x".to_string()), &got));
    }
}
