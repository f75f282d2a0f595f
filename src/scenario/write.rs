//! A run as a scenario file that does it again.
//!
//! The other direction of [`super::file`]: what somebody did by hand stands as steps, what the clock did as `run`.
//! Must not know any protocol.

use super::json::Json;
use super::settings::{number, write_option};
use crate::engine::action::{Action, Ask, Filter, Forged, Knob};
use crate::engine::beside::Beside;
use crate::engine::catalog::{Opening, ProtocolInfo};
use crate::engine::ids::{Link, MemberId, Micros, NodeId, TimerId};
use crate::engine::options::{ENGINE, OptionSpec, OptionValue};
use crate::engine::plain::Plain;
use crate::engine::session::Recorded;
use serde_json::{Map, Value, json};

/// What was done to a cluster: the clock ran for so long, or an action happened by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Deed {
    /// Everything that was due in this span happened by itself.
    Run(Micros),
    /// So much of what was due in this span happened by itself, and the rest not yet.
    RunEvents(Micros, usize),
    /// This happened.
    Act(Action),
}

/// What was recorded, as deeds, up to an instant. Where somebody went event by event, more may have been due at the
/// instant of the last one: there the events are counted.
pub fn deeds(recorded: &[Recorded], now: Micros) -> Vec<Deed> {
    let (mut deeds, mut clock, mut last, mut events) = (Vec::new(), Micros::ZERO, None, 0);
    let mut run = |deeds: &mut Vec<Deed>, until: Micros, last: Option<Micros>, events: usize| {
        let span = until.since(clock);
        clock = clock.max(until);
        match 0 < events && last == Some(until) {
            true => deeds.push(Deed::RunEvents(span, events)),
            false if 0 < events || span != Micros::ZERO => deeds.push(Deed::Run(span)),
            false => {}
        }
    };
    for act in recorded {
        if act.by_hand {
            run(&mut deeds, act.at, last, std::mem::take(&mut events));
            deeds.push(Deed::Act(act.action.clone()));
        } else {
            (last, events) = (Some(act.at), events + 1);
        }
    }
    if 0 < events {
        run(&mut deeds, now, last, events);
    }
    deeds
}

/// The file of a run.
pub fn scenario(protocol: &ProtocolInfo, opening: &Opening, deeds: &[Deed]) -> Value {
    let nodes = opening.nodes;
    let options: Map<String, Value> = specs(protocol)
        .enumerate()
        .map(|(place, spec)| (spec.key.to_string(), write_option(opening.options.get(place), nodes)))
        .collect();
    let mut file = json!({
        "format": 1,
        "protocol": protocol.key,
        "nodes": nodes,
        "seed": opening.seed,
        "variant": protocol.variants.get(opening.variant),
        "options": options,
        "steps": deeds.iter().map(|deed| step(protocol, deed, nodes)).collect::<Vec<_>>(),
    });
    if !opening.start.is_empty() {
        let start = opening.start.iter().map(|(node, fields)| (node.to_string(), plain(fields)));
        file["start"] = start.collect::<Map<_, _>>().into();
    }
    if !opening.down.is_empty() {
        file["down"] = opening.down.iter().map(|node| node.number()).collect();
    }
    file
}

/// The cluster beside another one, as a file has it.
pub fn compare(beside: &Beside, nodes: u8) -> Value {
    let option = |(place, value): &(usize, OptionValue)| {
        let spec = specs(beside.protocol).nth(*place)?;
        Some((spec.key.to_string(), write_option(*value, nodes)))
    };
    json!({
        "protocol": beside.protocol.key,
        "variant": beside.protocol.variants.get(beside.variant),
        "options": beside.options.iter().filter_map(option).collect::<Map<_, _>>(),
    })
}

/// The file of a run, with what came of it: it expects of every node what its state is, and carries the transcript as a
/// comment.
pub fn test(mut file: Value, state: &Json, transcript: &[String]) -> Value {
    let state = serde_json::to_value(state).unwrap_or_default();
    let of_nodes = state["nodes"].as_array().into_iter().flatten().map(|node| {
        let known = |(name, value): &(&String, &Value)| {
            // When a timer goes off is of no interest to a test, and a crashed node has no role.
            !["id", "timers"].contains(&name.as_str()) && !value.is_null()
        };
        let fields = node.as_object().into_iter().flatten().filter(known);
        let mut expected = Map::from_iter([("node".to_string(), node["id"].clone())]);
        expected.extend(fields.map(|(name, value)| (name.clone(), value.clone())));
        json!({"expect": expected})
    });
    let names =
        state["violations"].as_array().into_iter().flatten().map(|broken| broken["invariant"].clone());
    let whole = json!({
        "leaders": state["leaders"], "decided": state["decided"], "digest": state["digest"],
        "violations": names.collect::<Vec<_>>(),
    });
    let expected: Vec<Value> = of_nodes.chain([json!({"expect": whole})]).collect();
    if let Some(steps) = file["steps"].as_array_mut() {
        steps.extend(expected);
    }
    file["comment"] = transcript.join("\n").into();
    file
}

fn specs(protocol: &ProtocolInfo) -> impl Iterator<Item = &'static OptionSpec> {
    ENGINE.iter().chain(protocol.options)
}

fn step(protocol: &ProtocolInfo, deed: &Deed, nodes: u8) -> Value {
    match deed {
        Deed::Run(span) => json!({"run": ms(*span)}),
        Deed::RunEvents(span, events) => json!({"run": {"ms": ms(*span), "events": events}}),
        Deed::Act(action) => act(protocol, action, nodes),
    }
}

/// An action as the step that would do it.
pub fn act(protocol: &ProtocolInfo, action: &Action, nodes: u8) -> Value {
    match action {
        Action::Deliver(packet) => json!({"deliver": {"id": packet.0}}),
        Action::Drop(packet) => json!({"drop": {"id": packet.0}}),
        Action::Duplicate(packet) => json!({"duplicate": {"id": packet.0}}),
        Action::Delay(packet, by) => json!({"delay": {"id": packet.0, "by": ms(*by)}}),
        Action::Fire(owner, timer) => json!({"fire": Value::Object(timer_of(protocol, *owner, *timer))}),
        Action::Wind(owner, timer, span) => {
            let mut fields = timer_of(protocol, *owner, *timer);
            fields.insert("to".to_string(), ms(*span));
            json!({"wind": Value::Object(fields)})
        }
        Action::Crash(node) => verb("crash", *node),
        Action::Restart(node) => verb("restart", *node),
        Action::Pause(node) => verb("pause", *node),
        Action::Resume(node) => verb("resume", *node),
        Action::Cut(link) => json!({"cut": way(link)}),
        Action::Heal(link) => json!({"heal": way(link)}),
        Action::Request(ask) => json!({"request": request(ask)}),
        Action::Inject(forged) => json!({"inject": forgery(forged)}),
        Action::Filter(taken) => json!({"filter": filter(taken)}),
        Action::Unfilter(taken) => json!({"unfilter": filter(taken)}),
        Action::Set(knob) => json!({"set": setting(protocol, knob, nodes)}),
    }
}

fn verb(name: &str, node: NodeId) -> Value {
    json!({name: node.number()})
}

fn timer_of(protocol: &ProtocolInfo, owner: MemberId, timer: TimerId) -> Map<String, Value> {
    let (role, name) = match owner {
        MemberId::Node(_) => ("node", (protocol.timers)().get(usize::from(timer.0)).copied()),
        MemberId::Client(_) => ("client", Some(super::step::RETRY.0)),
    };
    Map::from_iter([(role.to_string(), member(owner)), ("timer".to_string(), json!(name))])
}

fn way(link: &Link) -> Value {
    json!({"from": link.from.number(), "to": link.to.number()})
}

fn request(ask: &Ask) -> Value {
    let mut fields = json!({
        "node": ask.node.number(), "client": ask.client.to_string(), "command": &*ask.command,
    });
    if let Some(seq) = ask.seq {
        fields["seq"] = json!(seq);
    }
    fields
}

fn forgery(forged: &Forged) -> Value {
    json!({
        "from": forged.from.number(), "to": forged.to.number(), "kind": forged.kind,
        "fields": plain(&forged.fields),
    })
}

fn plain(value: &Plain) -> Value {
    match value {
        Plain::Null => Value::Null,
        Plain::Bool(value) => json!(value),
        Plain::Int(value) => json!(value),
        Plain::Text(value) => json!(value),
        Plain::List(values) => values.iter().map(plain).collect(),
        Plain::Map(fields) => fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
    }
}

fn filter(filter: &Filter) -> Value {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Option<Value>| value.map(|value| fields.insert(name.into(), value));
    put("kind", filter.kind.as_ref().map(|kind| json!(kind)));
    put("from", filter.from.map(member));
    put("to", filter.to.map(member));
    Value::Object(fields)
}

fn member(member: MemberId) -> Value {
    match member {
        MemberId::Node(node) => json!(node.number()),
        MemberId::Client(client) => json!(client.to_string()),
    }
}

fn setting(protocol: &ProtocolInfo, knob: &Knob, nodes: u8) -> Value {
    match knob {
        Knob::Variant(variant) => json!({"variant": protocol.variants.get(*variant)}),
        Knob::Option(place, value) => {
            let key = specs(protocol).nth(*place).map_or("", |spec| spec.key);
            json!({key: write_option(*value, nodes)})
        }
    }
}

/// A span or an instant in milliseconds.
pub fn ms(span: Micros) -> Value {
    number(span.0, 1000)
}
