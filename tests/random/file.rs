//! What was done to a cluster, as a scenario file that does it again.
//!
//! The other direction of `scenario`: it reads files, this writes one from a test that failed.

use crate::schedule::{Deed, specs};
use conclave::engine::action::{Action, Ask, Filter, Forged, Knob};
use conclave::engine::ids::{Link, MemberId, Micros, NodeId, TimerId};
use conclave::engine::options::OptionValue;
use conclave::engine::plain::Plain;
use conclave::engine::protocol::{Protocol, TimerName};
use conclave::engine::world::Setup;
use serde_json::{Map, Value, json};

/// The file of a run. Nodes start fresh: random runs begin that way.
pub fn scenario<P: Protocol>(setup: &Setup<P>, deeds: &[Deed]) -> Value {
    let options: Map<String, Value> = specs::<P>()
        .map(|(place, spec)| (spec.key.to_string(), option(setup.options.get(place), setup.nodes)))
        .collect();
    json!({
        "format": 1,
        "protocol": P::KEY,
        "nodes": setup.nodes,
        "seed": setup.seed,
        "variant": P::VARIANTS[setup.variant],
        "options": options,
        "steps": deeds.iter().map(|deed| step::<P>(deed, setup.nodes)).collect::<Vec<_>>(),
    })
}

fn step<P: Protocol>(deed: &Deed, nodes: u8) -> Value {
    match deed {
        Deed::Run(span) => json!({"run": ms(*span)}),
        Deed::Act(action) => act::<P>(action, nodes),
    }
}

fn act<P: Protocol>(action: &Action, nodes: u8) -> Value {
    match action {
        Action::Deliver(packet) => json!({"deliver": {"id": packet.0}}),
        Action::Drop(packet) => json!({"drop": {"id": packet.0}}),
        Action::Duplicate(packet) => json!({"duplicate": {"id": packet.0}}),
        Action::Delay(packet, by) => json!({"delay": {"id": packet.0, "by": ms(*by)}}),
        Action::Fire(MemberId::Node(node), timer) => {
            json!({"fire": {"node": node.number(), "timer": timer_name::<P>(*timer)}})
        }
        Action::Fire(MemberId::Client(client), _) => {
            json!({"fire": {"client": client.to_string(), "timer": "retry"}})
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
        Action::Set(knob) => json!({"set": setting::<P>(knob, nodes)}),
    }
}

fn verb(name: &str, node: NodeId) -> Value {
    json!({name: node.number()})
}

fn timer_name<P: Protocol>(timer: TimerId) -> &'static str {
    P::Timer::ALL[usize::from(timer.0)].1
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

fn setting<P: Protocol>(knob: &Knob, nodes: u8) -> Value {
    match knob {
        Knob::Variant(variant) => json!({"variant": P::VARIANTS[*variant]}),
        Knob::Option(place, value) => {
            let (_, spec) = specs::<P>().nth(*place).expect("a knob of an option that there is");
            json!({spec.key: option(*value, nodes)})
        }
    }
}

fn option(value: OptionValue, nodes: u8) -> Value {
    match value {
        OptionValue::Span(low, high) => json!([ms(low), ms(high)]),
        OptionValue::Time(time) => ms(time),
        OptionValue::Chance(probability_ppm) => json!(f64::from(probability_ppm) / 1e6),
        OptionValue::Flag(on) => json!(on),
        OptionValue::Rates(rates) => {
            rates.iter().take(usize::from(nodes)).map(|rate| json!(f64::from(*rate) / 1e3)).collect()
        }
    }
}

fn ms(span: Micros) -> Value {
    match span.0 % 1000 {
        0 => json!(span.0 / 1000),
        _ => json!(span.as_ms()),
    }
}
