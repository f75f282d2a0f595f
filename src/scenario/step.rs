//! The steps of a scenario file, read and checked, ready to be performed.
//!
//! A step is what a file says, not yet an action: which packet a `deliver` means is known only when it runs. Must
//! not know how steps are performed.

use super::cursor::{At, Fields};
use super::expect::{Expect, read_expect};
use super::fault::{Fault, choices, must_be};
use super::file::read_wording;
use super::json::Json;
use super::scope::Scope;
use super::settings::{find_option, read_option, read_variant};
use super::state::SHOWN;
use crate::engine::action::{Ask, Filter, Forged, Knob};
use crate::engine::client::{MAX_COMMAND, is_command};
use crate::engine::ids::{ClientId, Link, MemberId, Micros, NodeId, PacketId, Stamp, TimerId};
use crate::engine::plain::Plain;

/// The greatest number that a client may give to a request.
const MAX_SEQ: u64 = 1_000_000_000;
/// The most events that one step may let happen.
const MAX_EVENTS: u64 = 1_000_000;
/// A client's only timer: its name in files, and the engine's number for it.
pub const RETRY: (&str, TimerId) = ("retry", TimerId(0));

/// Every step that there is.
pub const VERBS: [&str; 24] = [
    "fire",
    "wind",
    "run",
    "settle",
    "inject",
    "deliver",
    "drop",
    "duplicate",
    "delay",
    "filter",
    "unfilter",
    "crash",
    "restart",
    "pause",
    "resume",
    "cut",
    "heal",
    "partition",
    "isolate",
    "request",
    "read",
    "set",
    "expect",
    "state",
];

/// A step and where the file has it.
#[derive(Clone, Debug)]
pub struct Step {
    /// The JSON pointer of the step.
    pub pointer: String,
    /// Its place among the steps, from 0.
    pub place: usize,
    /// What it does.
    pub verb: Verb,
    /// Whether it may be refused, or find nothing, without being an error.
    pub optional: bool,
    /// What of the state `drive` answers with, if not with everything.
    pub show: Option<Vec<&'static str>>,
}

/// What a step does.
#[derive(Clone, Debug)]
pub enum Verb {
    /// A timer goes off.
    Fire(MemberId, TimerId),
    /// The hand of a timer is moved.
    Wind(MemberId, TimerId, Micros),
    /// The clock runs; where there is a count, until so many events have happened of those that are due.
    Run(Micros, Option<usize>),
    /// Everything in flight arrives, and all that follows from it.
    Settle,
    /// A message is forged.
    Inject(Forged),
    /// Something happens to packets in flight.
    Packets(PacketVerb, Selector),
    /// Matching packets are lost when sent.
    Filter(Filter),
    /// One filter is lifted, or all.
    Unfilter(Option<Filter>),
    /// Something happens to nodes.
    Nodes(NodeVerb, Vec<NodeId>),
    /// Directions are cut; those that are cut already are left alone, but not all may be.
    Cut(Vec<Link>),
    /// Directions are healed; those that carry are left alone, but not all may be.
    Heal(Vec<Link>),
    /// All directions are healed.
    HealAll,
    /// Directions are cut where they are not yet.
    Separate(Vec<Link>),
    /// A client asks.
    Request(Ask),
    /// An option or the variant changes.
    Set(Vec<Knob>),
    /// The state is compared.
    Expect(Expect),
    /// The state is only looked at: for `drive`.
    Look,
}

/// What can happen to a packet in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PacketVerb {
    /// It arrives.
    Deliver,
    /// It is lost.
    Drop,
    /// It gets a copy.
    Duplicate,
    /// It arrives later by this much.
    Delay(Micros),
}

/// What can happen to a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeVerb {
    /// It loses what is not durable.
    Crash,
    /// It boots from what is durable.
    Restart,
    /// It stands still.
    Pause,
    /// It goes on.
    Resume,
}

/// Which packets are meant; what is not given matches everything.
#[derive(Clone, Debug, Default)]
pub struct Selector {
    /// The one with this number.
    pub id: Option<PacketId>,
    /// Of this kind, between these members.
    pub filter: Filter,
    /// Of this term or ballot.
    pub stamp: Option<Stamp>,
    /// With these fields among theirs.
    pub fields: Vec<(String, Json)>,
    /// Every match, and not only the oldest.
    pub all: bool,
}

/// Reads the steps of a file.
pub fn read_all(at: &At<'_>, scope: &Scope) -> Result<Vec<Step>, Fault> {
    at.list()?.iter().enumerate().map(|(place, step)| read(step, place, scope)).collect()
}

/// Reads a step: an object with one verb.
pub fn read(at: &At<'_>, place: usize, scope: &Scope) -> Result<Step, Fault> {
    let fields = step_fields(at)?;
    let comment = fields.read("comment", |at| read_wording(&at))?;
    let optional = fields.flag("optional")?;
    let show = fields.read("show", |at| read_show(&at))?;
    let step = |verb, optional| Step { pointer: at.pointer.clone(), place, verb, optional, show };
    let mut verbs = fields.all().filter(|(name, _)| VERBS.contains(name));
    let (name, body) = match verbs.next() {
        Some(found) => found,
        None if comment.is_some() => return Ok(step(Verb::Look, optional)),
        None => return Err(at.fault(format!("a step needs one of: {}", choices(VERBS)))),
    };
    if let Some((second, _)) = verbs.next() {
        return Err(at.fault(format!("a step does one thing; this one has \"{name}\" and \"{second}\"")));
    }
    let optional = optional || optional_within(&body)?;
    Ok(step(read_verb(name, &body, scope)?, optional))
}

fn step_fields<'a>(at: &At<'a>) -> Result<Fields<'a>, Fault> {
    let allowed: Vec<&str> = VERBS.iter().copied().chain(["optional", "comment", "show"]).collect();
    at.object(&allowed)
}

fn read_show(at: &At<'_>) -> Result<Vec<&'static str>, Fault> {
    at.list()?.iter().map(|name| name.name("part of the state", &SHOWN)).collect()
}

/// Where a verb takes an object, `optional` may stand in it.
fn optional_within(body: &At<'_>) -> Result<bool, Fault> {
    match body.value {
        Json::Map(_) => body.any_object()?.flag("optional"),
        _ => Ok(false),
    }
}

fn read_verb(name: &str, body: &At<'_>, scope: &Scope) -> Result<Verb, Fault> {
    match name {
        "fire" => read_fire(body, scope),
        "wind" => read_wind(body, scope),
        "run" => read_run(body),
        "settle" => body.yes().map(|()| Verb::Settle),
        "inject" => read_inject(body, scope).map(Verb::Inject),
        "deliver" => Ok(Verb::Packets(PacketVerb::Deliver, read_selector(body, scope, &[])?)),
        "drop" => Ok(Verb::Packets(PacketVerb::Drop, read_selector(body, scope, &[])?)),
        "duplicate" => Ok(Verb::Packets(PacketVerb::Duplicate, read_selector(body, scope, &[])?)),
        "delay" => {
            let by = body.any_object()?.need("by")?.ms()?;
            Ok(Verb::Packets(PacketVerb::Delay(by), read_selector(body, scope, &["by"])?))
        }
        "filter" => read_filter(body, scope).map(Verb::Filter),
        "unfilter" => match body.value {
            Json::Bool(_) => body.yes().map(|()| Verb::Unfilter(None)),
            _ => read_filter(body, scope).map(|filter| Verb::Unfilter(Some(filter))),
        },
        "crash" => read_nodes(NodeVerb::Crash, body, scope),
        "restart" => read_nodes(NodeVerb::Restart, body, scope),
        "pause" => read_nodes(NodeVerb::Pause, body, scope),
        "resume" => read_nodes(NodeVerb::Resume, body, scope),
        "cut" => read_links(body, scope).map(Verb::Cut),
        "heal" => match body.value {
            Json::Bool(_) => body.yes().map(|()| Verb::HealAll),
            _ => read_links(body, scope).map(Verb::Heal),
        },
        "partition" => read_partition(body, scope).map(Verb::Separate),
        "isolate" => {
            let node = body.node(scope.nodes)?;
            Ok(Verb::Separate(links_between(&[vec![node]], scope.nodes)))
        }
        "request" => read_request(body, scope).map(Verb::Request),
        "read" => read_read(body, scope).map(Verb::Request),
        "set" => read_set(body, scope).map(Verb::Set),
        "expect" => read_expect(body, scope).map(Verb::Expect),
        _ => body.yes().map(|()| Verb::Look),
    }
}

fn read_fire(body: &At<'_>, scope: &Scope) -> Result<Verb, Fault> {
    let fields = body.object(&["node", "client", "timer", "optional"])?;
    read_timer(&fields, scope).map(|(owner, timer)| Verb::Fire(owner, timer))
}

fn read_wind(body: &At<'_>, scope: &Scope) -> Result<Verb, Fault> {
    let fields = body.object(&["node", "client", "timer", "to", "optional"])?;
    let (owner, timer) = read_timer(&fields, scope)?;
    Ok(Verb::Wind(owner, timer, fields.need("to")?.ms()?))
}

fn read_timer(fields: &Fields<'_>, scope: &Scope) -> Result<(MemberId, TimerId), Fault> {
    let timer = fields.need("timer")?;
    if let Some(client) = fields.get("client") {
        timer.name("timer of a client", &[RETRY.0])?;
        return Ok((client.client()?.into(), RETRY.1));
    }
    let node = fields.need("node")?.node(scope.nodes)?;
    let timers = (scope.protocol.timers)();
    let name = timer.name("timer", &timers)?;
    let number = timers.iter().position(|known| *known == name).unwrap_or_default();
    Ok((node.into(), TimerId(number as u8)))
}

/// A span, or a span and how many events of the clock happen in it.
fn read_run(body: &At<'_>) -> Result<Verb, Fault> {
    if !matches!(body.value, Json::Map(_)) {
        return body.ms().map(|span| Verb::Run(span, None));
    }
    let fields = body.object(&["ms", "events"])?;
    let events = fields.need("events")?.whole(0, MAX_EVENTS)?;
    Ok(Verb::Run(fields.need("ms")?.ms()?, Some(events as usize)))
}

fn read_inject(body: &At<'_>, scope: &Scope) -> Result<Forged, Fault> {
    let fields = body.object(&["from", "to", "kind", "fields", "optional"])?;
    let said = match fields.get("fields") {
        Some(said) => {
            said.any_object()?;
            said.value.to_plain().map_err(|why| said.fault(why))?
        }
        None => Plain::Map(Vec::new()),
    };
    Ok(Forged {
        from: fields.need("from")?.node(scope.nodes)?,
        to: fields.need("to")?.node(scope.nodes)?,
        kind: fields.need("kind")?.name("message kind", scope.protocol.kinds)?.to_string(),
        fields: said,
    })
}

const SELECTOR: [&str; 9] = ["id", "kind", "from", "to", "term", "ballot", "fields", "all", "optional"];

fn read_selector(body: &At<'_>, scope: &Scope, more: &[&str]) -> Result<Selector, Fault> {
    let allowed: Vec<&str> = SELECTOR.iter().chain(more).copied().collect();
    let fields = body.object(&allowed)?;
    let id = fields.read("id", |at| at.whole(1, u64::from(u32::MAX)))?;
    let stamp = |name: &str| fields.read(name, |at| at.stamp());
    let said = fields.read("fields", |at| at.any_object().map(|said| said.all().collect::<Vec<_>>()))?;
    let said = said.unwrap_or_default().into_iter().map(|(name, at)| (name.to_string(), at.value.clone()));
    Ok(Selector {
        id: id.map(|id| PacketId(id as u32)),
        filter: filter_of(&fields, scope)?,
        stamp: stamp("term")?.or(stamp("ballot")?),
        fields: said.collect(),
        all: fields.flag("all")?,
    })
}

fn read_filter(body: &At<'_>, scope: &Scope) -> Result<Filter, Fault> {
    filter_of(&body.object(&["kind", "from", "to", "optional"])?, scope)
}

fn filter_of(fields: &Fields<'_>, scope: &Scope) -> Result<Filter, Fault> {
    let kind = fields.read("kind", |at| at.name("message kind", &scope.kinds()))?;
    Ok(Filter {
        kind: kind.map(str::to_string),
        from: fields.read("from", |at| at.member(scope.nodes))?,
        to: fields.read("to", |at| at.member(scope.nodes))?,
    })
}

fn read_nodes(verb: NodeVerb, body: &At<'_>, scope: &Scope) -> Result<Verb, Fault> {
    let nodes = match body.value {
        Json::List(_) => body.nodes(scope.nodes)?,
        _ => vec![body.node(scope.nodes)?],
    };
    Ok(Verb::Nodes(verb, nodes))
}

/// `[A, B]` for both ways, `{"from": A, "to": B}` for one.
fn read_links(body: &At<'_>, scope: &Scope) -> Result<Vec<Link>, Fault> {
    if let Json::Map(_) = body.value {
        let fields = body.object(&["from", "to", "optional"])?;
        let from = fields.need("from")?.node(scope.nodes)?;
        let to = fields.need("to")?;
        return match to.node(scope.nodes)? {
            same if same == from => Err(to.fault("a node has no link to itself")),
            to => Ok(vec![Link { from, to }]),
        };
    }
    let what = "[A, B] for both ways, or {\"from\": A, \"to\": B} for one";
    let Json::List(_) = body.value else { return Err(body.fault(must_be(what, body.value))) };
    match body.nodes(scope.nodes)?.as_slice() {
        [from, to] => {
            let link = Link { from: *from, to: *to };
            Ok(vec![link, link.reverse()])
        }
        _ => Err(body.fault(must_be(what, body.value))),
    }
}

/// Groups that no longer hear each other; the nodes that are in none are one group more.
fn read_partition(body: &At<'_>, scope: &Scope) -> Result<Vec<Link>, Fault> {
    let mut groups: Vec<Vec<NodeId>> = Vec::new();
    for group in body.list()? {
        let nodes = group.nodes(scope.nodes)?;
        if let Some(node) = nodes.iter().find(|node| groups.iter().flatten().any(|there| there == *node)) {
            return Err(group.fault(format!("node {node} is in two groups")));
        }
        groups.push(nodes);
    }
    Ok(links_between(&groups, scope.nodes))
}

fn links_between(groups: &[Vec<NodeId>], nodes: u8) -> Vec<Link> {
    let group = |node: NodeId| groups.iter().position(|group| group.contains(&node));
    let pairs = NodeId::all(nodes).flat_map(|from| NodeId::all(nodes).map(move |to| Link { from, to }));
    pairs.filter(|link| group(link.from) != group(link.to)).collect()
}

fn read_request(body: &At<'_>, scope: &Scope) -> Result<Ask, Fault> {
    let fields = body.object(&["node", "command", "client", "seq", "optional"])?;
    let command = fields.need("command")?;
    check_command(&command, command.text()?)?;
    ask(&fields, command.text()?.into(), scope)
}

/// A read of the key–value machine is the command `key?`.
fn read_read(body: &At<'_>, scope: &Scope) -> Result<Ask, Fault> {
    let fields = body.object(&["node", "key", "client", "seq", "optional"])?;
    let key = fields.need("key")?;
    let command = format!("{}?", key.text()?);
    check_command(&key, &command)?;
    ask(&fields, command.as_str().into(), scope)
}

fn check_command(at: &At<'_>, command: &str) -> Result<(), Fault> {
    match is_command(command) && command != "?" {
        true => Ok(()),
        false => Err(at.fault(must_be(&format!("a line of 1 to {MAX_COMMAND} characters"), at.value))),
    }
}

fn ask(fields: &Fields<'_>, command: std::rc::Rc<str>, scope: &Scope) -> Result<Ask, Fault> {
    let client = fields.read("client", |at| at.client())?;
    let seq = fields.read("seq", |at| at.whole(1, MAX_SEQ))?;
    Ok(Ask {
        client: client.unwrap_or(ClientId::FIRST),
        node: fields.need("node")?.node(scope.nodes)?,
        command,
        seq: seq.map(|seq| seq as u32),
    })
}

fn read_set(body: &At<'_>, scope: &Scope) -> Result<Vec<Knob>, Fault> {
    let mut knobs = Vec::new();
    for (key, value) in body.any_object()?.all().filter(|(key, _)| *key != "optional") {
        if key == "variant" {
            knobs.push(Knob::Variant(read_variant(&value, scope.protocol)?));
            continue;
        }
        let (place, spec) = find_option(&body.pointer, key, scope.protocol)?;
        knobs.push(Knob::Option(place, read_option(&value, spec, scope.nodes)?));
    }
    Ok(knobs)
}
