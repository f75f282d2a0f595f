//! What there is: protocols with all that a file may name, as JSON.
//!
//! Must not know any protocol.

use super::file::{DEFAULT_NODES, DEFAULT_SEED, FORMAT, Scenario, Wording};
use super::scope::Scope;
use super::settings::{describe, specs, write_option};
use super::step::VERBS;
use super::topic::{TOPICS, Topic};
use crate::engine::ids::MAX_NODES;
use crate::engine::options::{OptionSpec, OptionValue};
use crate::engine::protocol::{REPLY, REQUEST};
use crate::protocols::{PROTOCOLS, ProtocolInfo};
use crate::text::Words;
use serde_json::{Value, json};

/// Everything that there is.
pub fn list() -> Value {
    json!({
        "format": FORMAT,
        "protocols": PROTOCOLS.iter().map(protocol).collect::<Vec<_>>(),
        "steps": VERBS,
        "topics": TOPICS.iter().map(topic).collect::<Vec<_>>(),
    })
}

fn topic(topic: &Topic) -> Value {
    json!({"key": topic.key, "name": words(topic.words)})
}

fn protocol(protocol: &ProtocolInfo) -> Value {
    let variants = protocol.variants.iter().zip(protocol.variant_words);
    let invariants = (protocol.invariants)();
    json!({
        "key": protocol.key,
        "name": words(protocol.name),
        "nodes": {"default": DEFAULT_NODES, "min": 1, "max": MAX_NODES},
        "seed": {"default": DEFAULT_SEED, "min": 0, "max": u64::MAX},
        "options": specs(protocol).map(option).collect::<Vec<_>>(),
        "timers": (protocol.timers)(),
        "kinds": protocol.kinds.iter().copied().chain([REQUEST, REPLY]).collect::<Vec<_>>(),
        "roles": (protocol.roles)(),
        "parts": parts(protocol),
        "variants": variants.map(|(key, help)| json!({"key": key, "help": words(help)})).collect::<Vec<_>>(),
        "invariants": invariants
            .iter()
            .map(|(id, key, name, promise)| {
                json!({"id": id, "key": key, "name": words(name), "promise": words(promise)})
            })
            .collect::<Vec<_>>(),
        "questions": (protocol.questions)()
            .iter()
            .map(|(key, name)| json!({"key": key, "name": words(name)}))
            .collect::<Vec<_>>(),
        "checks": protocol.checks.iter().map(|(key, text)| check(key, text)).collect::<Vec<_>>(),
        "scenarios": protocol.scenarios.iter().map(|(slug, text)| scenario(slug, text)).collect::<Vec<_>>(),
    })
}

/// What is asked of the checker, with the set-up in which it is asked.
fn check(key: &str, text: &str) -> Value {
    json!({"key": key, "file": serde_json::from_str::<Value>(text).unwrap_or_default()})
}

fn parts(protocol: &ProtocolInfo) -> Vec<&'static str> {
    let found = PROTOCOLS.iter().find(|known| known.key == protocol.key);
    found.map(|known| Scope::new(known, DEFAULT_NODES).parts).unwrap_or_default()
}

fn option(spec: &OptionSpec) -> Value {
    let (kind, unit, least, most) = describe(spec);
    let mut shown = json!({
        "key": spec.key,
        "kind": kind,
        "unit": unit,
        "default": write_option(spec.default, MAX_NODES),
        "min": least,
        "max": most,
        "help": words(spec.help),
    });
    if let OptionValue::Choice(_, names) = spec.default {
        shown["choices"] = json!(names);
    }
    shown
}

fn words(words: &Words) -> Value {
    json!({"en": words.en, "zh": words.zh})
}

fn scenario(slug: &str, text: &str) -> Value {
    let wording = |wording: &Wording| json!({"en": wording.en, "zh": wording.zh});
    match Scenario::parse(text.as_bytes()) {
        Ok(read) => json!({
            "slug": slug,
            "title": wording(&read.title),
            "about": wording(&read.about),
            "try": wording(&read.hint),
            "topics": read.topics.iter().map(|topic| topic.key).collect::<Vec<_>>(),
            "still": read.still,
        }),
        // The tests read every built-in file, so this is not seen.
        Err(fault) => json!({"slug": slug, "error": fault.to_string()}),
    }
}
