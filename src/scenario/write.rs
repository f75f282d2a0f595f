//! A run as a scenario file that does it again.
//!
//! The other direction of [`super::file`]: what somebody did by hand stands as steps, what the clock did as `run`.
//! Must not know any protocol.

use super::settings::{number, write_option};
use crate::engine::action::{Action, Ask, Filter, Forged, Knob};
use crate::engine::catalog::{Opening, ProtocolInfo};
use crate::engine::ids::{Link, MemberId, Micros, NodeId, TimerId};
use crate::engine::options::{ENGINE, OptionSpec};
use crate::engine::plain::Plain;
use crate::engine::session::Recorded;
use serde_json::{Map, Value, json};

/// What was done to a cluster: the clock ran for so long, or an action happened by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Deed {
    /// Everything that was due in this span happened by itself.
    Run(Micros),
    /// This happened.
    Act(Action),
}

/// What was recorded, as deeds, up to an instant.
pub fn deeds(recorded: &[Recorded], now: Micros) -> Vec<Deed> {
    let (mut deeds, mut clock) = (Vec::new(), Micros::ZERO);
    let mut run = |deeds: &mut Vec<Deed>, until: Micros| {
        if clock < until {
            deeds.push(Deed::Run(until.since(clock)));
            clock = until;
        }
    };
    for act in recorded.iter().filter(|act| act.by_hand) {
        run(&mut deeds, act.at);
        deeds.push(Deed::Act(act.action.clone()));
    }
    let by_clock = recorded.last().is_some_and(|act| !act.by_hand);
    if by_clock {
        run(&mut deeds, now);
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

fn specs(protocol: &ProtocolInfo) -> impl Iterator<Item = &'static OptionSpec> {
    ENGINE.iter().chain(protocol.options)
}

fn step(protocol: &ProtocolInfo, deed: &Deed, nodes: u8) -> Value {
    match deed {
        Deed::Run(span) => json!({"run": ms(*span)}),
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
