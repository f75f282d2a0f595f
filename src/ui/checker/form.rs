//! What the panel asks: where a search begins, what it looks for and how far it goes, as the `check` of a scenario file.
//!
//! Plain data. Must not know any protocol by name.

use crate::engine::ids::NodeId;
use crate::protocols::ProtocolInfo;
use serde_json::{Map, Value, json};

/// Where a search begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum From {
    /// In the small cluster that the protocol offers for the variant in force.
    #[default]
    Small,
    /// At the start of the run that is shown.
    Start,
    /// At the instant that is shown.
    Here,
}

impl From {
    /// All of them, as they are offered.
    pub const ALL: [From; 3] = [From::Small, From::Start, From::Here];
}

/// The check file of a variant, or of the correct protocol with the variant switched on.
pub fn small(protocol: &ProtocolInfo, variant: usize) -> Value {
    let key = protocol.variants.get(variant).copied().unwrap_or_default();
    let find = |key: &str| protocol.checks.iter().find(|(own, _)| *own == key);
    let (own, text) = match find(key) {
        Some((_, text)) => (true, *text),
        None => (false, protocol.checks.first().map_or("{}", |(_, text)| text)),
    };
    let mut file: Value = serde_json::from_slice(text.as_bytes()).unwrap_or_default();
    if !own {
        file["variant"] = key.into();
    }
    file
}

/// What a file asks, with everything in it that the panel shows.
pub fn asked(file: &Value) -> Value {
    let usual = json!({
        "find": "any", "packets": "set", "fires": {}, "crashes": 0, "cuts": 0, "heals": 0, "duplicates": 0,
        "requests": [], "replies": false, "symmetry": false, "depth": 200, "states": 1_000_000, "memory_mb": 400,
    });
    let mut asked: Map<String, Value> = usual.as_object().cloned().unwrap_or_default();
    asked.extend(file["check"].as_object().cloned().unwrap_or_default());
    Value::Object(asked)
}

/// How often a timer may go off: a number, or nothing where it is as often as it likes.
pub fn times(written: &str) -> Value {
    written.trim().parse::<u8>().map_or(Value::Null, |times| times.min(20).into())
}

/// Requests as they are written: commands between commas, each perhaps for a node: `1: x=1`.
pub fn requests(written: &str) -> Value {
    let read = |part: &str| match part.split_once(':') {
        Some((node, command)) if node.trim().parse().ok().and_then(NodeId::new).is_some() => {
            json!({"node": node.trim().parse::<u8>().unwrap_or(1), "command": command.trim()})
        }
        _ => json!(part.trim()),
    };
    written.split(',').filter(|part| !part.trim().is_empty()).map(read).collect()
}

/// The same, the other way.
pub fn written(requests: &Value) -> String {
    let write = |request: &Value| match request {
        Value::String(command) => command.clone(),
        request => format!("{}: {}", request["node"], request["command"].as_str().unwrap_or_default()),
    };
    requests.as_array().map(|all| all.iter().map(write).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}
