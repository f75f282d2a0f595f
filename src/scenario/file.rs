//! A scenario file: what a run begins with, and the steps that follow.
//!
//! Reads bytes, not files: the page can load one too. The whole file is checked before anything runs. Must not
//! know how steps are performed.

use super::check::{self, Asked};
use super::cursor::{At, Fields};
use super::fault::{Fault, below, unknown_name};
use super::json::Json;
use super::scope::Scope;
use super::settings::{read_options, read_settings, read_variant};
use super::step::{self, Step};
use super::topic::{Topic, read_topics};
use crate::engine::beside::Beside;
use crate::engine::ids::{MAX_NODES, NodeId};
use crate::engine::options::Options;
use crate::protocols::{Opening, PROTOCOLS, ProtocolInfo};
use crate::text::Lang;

/// The version of the format that is read here.
pub const FORMAT: u64 = 1;
/// The longest file that is read.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// How many nodes a cluster has unless the file says otherwise.
pub const DEFAULT_NODES: u8 = 5;
/// The seed unless the file says otherwise.
pub const DEFAULT_SEED: u64 = 1;

const FIELDS: [&str; 17] = [
    "format", "protocol", "nodes", "seed", "variant", "title", "about", "try", "topics", "still", "comment",
    "options", "start", "down", "compare", "steps", "check",
];

/// A sentence of a file, in the languages in which it has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// In English.
    pub en: Option<String>,
    /// In Chinese.
    pub zh: Option<String>,
}

impl Wording {
    /// In a language, or else in the other one.
    pub fn say(&self, lang: Lang) -> Option<&str> {
        let (first, second) = match lang {
            Lang::En => (&self.en, &self.zh),
            Lang::Zh => (&self.zh, &self.en),
        };
        first.as_deref().or(second.as_deref())
    }
}

/// A scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Whose state machines run.
    pub protocol: &'static ProtocolInfo,
    /// What it is called.
    pub title: Wording,
    /// What there is to be seen, in a sentence.
    pub about: Wording,
    /// One thing that the reader can do in it by hand, and what happens then: `try` in the file.
    pub hint: Wording,
    /// What it is about; in a built-in file at least one.
    pub topics: Vec<Topic>,
    /// After how many steps a still picture shows what it is about; at the end if the file does not say.
    pub still: Option<usize>,
    /// What the run begins with.
    pub opening: Opening,
    /// The cluster beside it, if there is one; the steps are done to both.
    pub beside: Option<Beside>,
    /// What happens then, in order.
    pub steps: Vec<Step>,
    /// What is asked of the checker after that, if something is.
    pub check: Option<Asked>,
}

impl Scenario {
    /// Reads a file.
    pub fn parse(bytes: &[u8]) -> Result<Scenario, Fault> {
        Scenario::read(&At::root(&parse_json(bytes)?))
    }

    /// A scenario in which nothing is done: only what it begins with.
    pub fn of_opening(protocol: &'static ProtocolInfo, opening: Opening) -> Scenario {
        Scenario {
            protocol,
            title: Wording::default(),
            about: Wording::default(),
            hint: Wording::default(),
            topics: Vec::new(),
            still: None,
            opening,
            beside: None,
            steps: Vec::new(),
            check: None,
        }
    }

    /// Reads a document.
    pub fn read(at: &At<'_>) -> Result<Scenario, Fault> {
        let fields = at.object(&FIELDS)?;
        fields.need("format")?.whole(FORMAT, FORMAT)?;
        let protocol = read_protocol(&fields.need("protocol")?)?;
        let opening = read_opening(&fields, protocol)?;
        let scope = Scope::new(protocol, opening.nodes);
        let steps = fields.read("steps", |at| step::read_all(&at, &scope))?.unwrap_or_default();
        fields.read("comment", |at| at.text())?;
        let scenario = Scenario {
            protocol,
            title: fields.read("title", |at| read_wording(&at))?.unwrap_or_default(),
            about: fields.read("about", |at| read_wording(&at))?.unwrap_or_default(),
            beside: fields.read("compare", |at| read_beside(&at, protocol, &opening))?,
            hint: fields.read("try", |at| read_wording(&at))?.unwrap_or_default(),
            topics: fields.read("topics", |at| read_topics(&at))?.unwrap_or_default(),
            still: fields.read("still", |at| read_still(&at, steps.len()))?,
            check: fields.read("check", |at| check::read(&at, &scope))?,
            opening,
            steps,
        };
        super::run::rehearse(&scenario)?;
        Ok(scenario)
    }
}

/// Reads JSON; what is wrong with it is said with line and column.
pub fn parse_json(bytes: &[u8]) -> Result<Json, Fault> {
    if MAX_BYTES < bytes.len() {
        return Err(Fault::at("", format!("must be at most {MAX_BYTES} bytes long, not {}", bytes.len())));
    }
    // Editors on some systems put a byte order mark before the text.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    Json::parse(text).map_err(|error| Fault::syntax(&error))
}

fn read_protocol(at: &At<'_>) -> Result<&'static ProtocolInfo, Fault> {
    let key = at.text()?;
    let known = PROTOCOLS.iter().map(|protocol| protocol.key);
    crate::protocols::find(key).ok_or_else(|| at.fault(unknown_name("protocol", key, known)))
}

/// The cluster beside one of a protocol, which it has too unless it says otherwise.
fn read_beside(at: &At<'_>, protocol: &'static ProtocolInfo, left: &Opening) -> Result<Beside, Fault> {
    let fields = at.object(&["protocol", "variant", "options"])?;
    let other = fields.read("protocol", |at| read_protocol(&at))?.unwrap_or(protocol);
    if other.key != protocol.key && !left.start.is_empty() {
        let why = "must be the protocol of the file, because its nodes begin in the states of \"start\"";
        return Err(fields.need("protocol")?.fault(why.to_string()));
    }
    Ok(Beside {
        protocol: other,
        variant: fields.read("variant", |at| read_variant(&at, other))?.unwrap_or(0),
        options: fields.read("options", |at| read_settings(&at, other, left.nodes))?.unwrap_or_default(),
    })
}

fn read_opening(fields: &Fields<'_>, protocol: &'static ProtocolInfo) -> Result<Opening, Fault> {
    let nodes = fields.read("nodes", |at| at.whole(1, u64::from(MAX_NODES)))?;
    let nodes = nodes.map_or(DEFAULT_NODES, |nodes| nodes as u8);
    let options = fields.read("options", |at| read_options(&at, protocol, nodes))?;
    let (start, down_in_start) = fields.read("start", |at| read_start(&at, nodes))?.unwrap_or_default();
    let down = fields.read("down", |at| at.nodes(nodes))?;
    if let (Some(_), Some(_)) = (&down, &down_in_start) {
        return Err(fields.need("down")?.fault("the field \"down\" is in \"start\" too".to_string()));
    }
    Ok(Opening {
        nodes,
        seed: fields.read("seed", |at| at.whole(0, u64::MAX))?.unwrap_or(DEFAULT_SEED),
        options: options.unwrap_or_else(|| Options::defaults(protocol.options)),
        variant: fields.read("variant", |at| read_variant(&at, protocol))?.unwrap_or(0),
        start,
        down: down.or(down_in_start).unwrap_or_default(),
    })
}

type Start = Vec<(NodeId, crate::engine::plain::Plain)>;

/// What nodes begin with; `down` may stand here as well as beside it.
fn read_start(at: &At<'_>, nodes: u8) -> Result<(Start, Option<Vec<NodeId>>), Fault> {
    let (mut start, mut down) = (Start::new(), None);
    for (name, state) in at.any_object()?.all() {
        if name == "down" {
            down = Some(state.nodes(nodes)?);
            continue;
        }
        let node = read_node_name(name, nodes).filter(|node| start.iter().all(|(there, _)| there != node));
        let node = node.ok_or_else(|| {
            Fault::at(
                below(&at.pointer, name),
                unknown_name("node", name, NodeId::all(nodes).map(|node| node.to_string())),
            )
        })?;
        state.any_object()?;
        start.push((node, state.value.to_plain().map_err(|why| state.fault(why))?));
    }
    Ok((start, down))
}

/// The number of a step, from 1.
fn read_still(at: &At<'_>, steps: usize) -> Result<usize, Fault> {
    match steps {
        0 => Err(at.fault("there is no step after which a picture could be taken")),
        steps => Ok(at.whole(1, steps as u64)? as usize),
    }
}

/// The node whose number is the name of a field.
pub fn read_node_name(name: &str, nodes: u8) -> Option<NodeId> {
    let node = NodeId::new(name.parse().ok()?)?;
    (node.number() <= nodes && node.to_string() == name).then_some(node)
}

/// A text in one language or in several.
pub fn read_wording(at: &At<'_>) -> Result<Wording, Fault> {
    if let Json::Text(text) = at.value {
        return Ok(Wording { en: Some(text.clone()), zh: None });
    }
    let fields = at.object(&["en", "zh"])?;
    let owned = |at: At<'_>| at.text().map(str::to_string);
    Ok(Wording { en: fields.read("en", owned)?, zh: fields.read("zh", owned)? })
}
