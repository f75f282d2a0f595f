//! The state of a run as JSON: what `--json`, `drive` and the page's messages answer with.
//!
//! Written straight from the frame, because `drive` does it after every step. What can be expected is what is
//! written here, read back. Must not know any protocol.

use super::json::Json;
use super::scope::CRASHED;
use super::settings::number;
use crate::engine::action::Filter;
use crate::engine::counts::Counts;
use crate::engine::frame::{
    Cell, Fact, Frame, Lens, LogPart, MemberFrame, PacketFrame, Part, Settled, Standing, Status, Tone,
};
use crate::engine::ids::{Link, MemberId, Micros, NodeId, Stamp};
use crate::engine::invariant::Violation;
use crate::engine::plain::Plain;
use crate::engine::session::Session;
use crate::text::Lang;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// What the state has, in the order in which it is written.
pub const SHOWN: [&str; 14] = [
    "digest",
    "now_ms",
    "protocol",
    "leaders",
    "nodes",
    "clients",
    "packets",
    "links",
    "filters",
    "decided",
    "facts",
    "violations",
    "counts",
    "beside",
];
/// What is said of the run beside another one.
pub const SHOWN_BESIDE: [&str; 10] =
    ["digest", "leaders", "nodes", "clients", "packets", "links", "decided", "facts", "violations", "counts"];

/// One instant of a run, ready to be written.
pub struct State<'a> {
    /// Whose instant it is.
    pub session: &'a dyn Session,
    /// What is said of it: of [`SHOWN`] these, or everything.
    pub show: Option<&'a [&'static str]>,
    /// Whether logs are written.
    pub logs: bool,
    /// The protocol, in files.
    pub protocol: &'static str,
    /// The instant, which may be later than the last action.
    pub now: Micros,
    /// The parts of a node that a crash loses.
    pub volatile: &'a [&'static str],
}

/// An outcome and who fixed it so.
#[derive(Debug, serde::Serialize)]
struct Decided {
    slot: u32,
    value: String,
    nodes: Vec<u8>,
}

impl State<'_> {
    /// As a document.
    pub fn to_json(&self) -> Json {
        // What is written here can be read: no number is out of range, no field is there twice.
        Json::of(self)
    }

    fn shows(&self, name: &str) -> bool {
        self.show.is_none_or(|show| show.contains(&name))
    }

    /// Only as much of the instant as is said of it: a log may be long.
    fn frame(&self) -> Frame {
        let looks = self.shows("nodes") || self.shows("facts");
        let count = if self.logs && looks { u32::MAX } else { 0 };
        self.session.frame(Lens { count, fields: self.shows("packets"), ..Lens::ALL })
    }
}

fn nodes(frame: &Frame) -> impl Iterator<Item = (NodeId, &MemberFrame)> {
    frame.members.iter().filter_map(|member| Some((member.id.node()?, member)))
}

fn leaders(frame: &Frame) -> Vec<u8> {
    let leads = |member: &MemberFrame| member.role.is_some_and(|role| role.tone == Tone::Primary);
    nodes(frame).filter(|(_, member)| leads(member)).map(|(node, _)| node.number()).collect()
}

/// Slot by slot; two values for one slot are two rows.
fn decided(session: &dyn Session) -> Vec<Decided> {
    let mut rows: BTreeMap<u32, Vec<Decided>> = BTreeMap::new();
    for (node, slot, value) in session.decided() {
        let same_slot = rows.entry(slot).or_default();
        match same_slot.iter_mut().find(|row| row.value == value) {
            Some(row) if row.nodes.contains(&node.number()) => {}
            Some(row) => row.nodes.push(node.number()),
            None => same_slot.push(Decided { slot, value, nodes: vec![node.number()] }),
        }
    }
    rows.into_values().flatten().collect()
}

impl Serialize for State<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let frame = &self.frame();
        let clients = || frame.members.iter().filter(|member| member.id.node().is_none());
        let mut map = to.serialize_map(None)?;
        for name in SHOWN.iter().filter(|name| self.shows(name)) {
            match *name {
                "digest" => map.serialize_entry(name, &format!("{:016x}", self.session.digest()))?,
                "now_ms" => map.serialize_entry(name, &ms(self.now))?,
                "protocol" => map.serialize_entry(name, self.protocol)?,
                "leaders" => map.serialize_entry(name, &leaders(frame))?,
                "nodes" => {
                    let all = Each(|| nodes(frame).map(|(_, node)| Node(node, self.volatile)));
                    map.serialize_entry(name, &all)?;
                }
                "clients" => {
                    map.serialize_entry(name, &Each(|| clients().map(|client| Node(client, &[]))))?;
                }
                "packets" => map.serialize_entry(name, &Each(|| frame.packets.iter().map(InFlight)))?,
                "links" => map.serialize_entry(name, &Each(|| frame.cuts.iter().map(CutLink)))?,
                "filters" => map.serialize_entry(name, &Each(|| frame.filters.iter().map(InForce)))?,
                "decided" => map.serialize_entry(name, &decided(self.session))?,
                "facts" => map.serialize_entry(name, &Facts(&frame.facts))?,
                "counts" => {
                    if let Some(counts) = self.session.counts() {
                        map.serialize_entry(name, &Cost(counts, self.now))?;
                    }
                }
                "beside" => {
                    if let Some(session) = self.session.beside() {
                        let show = Some(&SHOWN_BESIDE[..]);
                        map.serialize_entry(name, &State { session, show, volatile: &[], ..*self })?;
                    }
                }
                _ => {
                    let broken = self.session.violations();
                    map.serialize_entry("violations", &Each(|| broken.iter().map(Broken)))?;
                }
            }
        }
        map.end()
    }
}

/// Milliseconds as a number, without a decimal point where they are whole.
pub fn ms(at: Micros) -> Value {
    number(at.0, 1000)
}

/// A list that is written without being built.
struct Each<F>(F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator,
    I::Item: Serialize,
{
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq((self.0)())
    }
}

/// A node's number, a client's letter.
struct Member(MemberId);

impl Serialize for Member {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            MemberId::Node(node) => to.serialize_u8(node.number()),
            MemberId::Client(client) => to.collect_str(&client),
        }
    }
}

struct Node<'a>(&'a MemberFrame, &'a [&'static str]);

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Node(member, volatile) = self;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("id", &Member(member.id))?;
        if let MemberId::Node(_) = member.id {
            map.serialize_entry("up", &(member.status != Status::Down))?;
            map.serialize_entry("paused", &(member.status == Status::Paused))?;
            map.serialize_entry("role", member.role.map_or(CRASHED, |role| role.key))?;
        }
        for part in &member.parts {
            map.serialize_entry(part.key(), &PartValue(part))?;
        }
        if member.status == Status::Down {
            let lost = volatile.iter().filter(|key| member.part(key).is_none());
            for key in lost {
                map.serialize_entry(key, &())?;
            }
        }
        // Not collected: that would sort them first, with a sort of their own for the page to carry.
        let mut timers = BTreeMap::new();
        timers.extend(member.timers.iter().map(|timer| (timer.key, ms(timer.due))));
        map.serialize_entry("timers", &timers)?;
        map.end()
    }
}

struct PartValue<'a>(&'a Part);

impl Serialize for PartValue<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Part::Field(field) | Part::Table(field) => Spelled(&field.value).serialize(to),
            Part::Log(log) => LogEntries(log).serialize(to),
            Part::Tally(tally) => to.collect_seq(tally.from.iter().map(|node| node.number())),
            Part::Register(register) => Spelled(&register.plain()).serialize(to),
        }
    }
}

struct LogEntries<'a>(&'a LogPart);

impl Serialize for LogEntries<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.cells.iter().map(Entry))
    }
}

/// An entry by the name of what dates it, with its standing where that is its own; a hole is nothing.
struct Entry<'a>(&'a Cell);

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let cell = self.0;
        if cell.settled == Settled::Hole {
            return to.serialize_unit();
        }
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("index", &cell.index)?;
        match cell.stamp {
            Some(Stamp { number, by: None }) => map.serialize_entry("term", &number)?,
            stamp => map.serialize_entry("ballot", &stamp.map(|stamp| stamp.to_string()))?,
        }
        map.serialize_entry("command", &cell.command)?;
        if cell.stamp.is_none_or(|stamp| stamp.by.is_some()) {
            map.serialize_entry("standing", cell.settled.key())?;
        }
        map.end()
    }
}

/// What a run has cost up to an instant.
struct Cost<'a>(&'a Counts, Micros);

impl Serialize for Cost<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Cost(counts, now) = self;
        let mut map = to.serialize_map(Some(7))?;
        map.serialize_entry("chosen", &counts.chosen)?;
        map.serialize_entry("answered", &counts.answered)?;
        map.serialize_entry("measured", &counts.measured)?;
        map.serialize_entry("hops", &counts.hops)?;
        map.serialize_entry("for_commands", &counts.for_commands)?;
        map.serialize_entry("leaderless_ms", &ms(counts.leaderless_until(*now)))?;
        let sent: BTreeMap<&str, u64> = counts.sent.iter().copied().collect();
        map.serialize_entry("sent", &sent)?;
        map.end()
    }
}

/// A plain value as JSON.
pub struct Spelled<'a>(pub &'a Plain);

impl Serialize for Spelled<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Plain::Null => to.serialize_unit(),
            Plain::Bool(value) => to.serialize_bool(*value),
            Plain::Int(value) => to.serialize_i64(*value),
            Plain::Text(text) => to.serialize_str(text),
            Plain::List(items) => to.collect_seq(items.iter().map(Spelled)),
            Plain::Map(fields) => to.collect_map(fields.iter().map(|(name, value)| (name, Spelled(value)))),
        }
    }
}

/// What the observer knows, by how far it is settled.
struct Facts<'a>(&'a [Fact]);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let of = |standing| self.0.iter().filter(move |fact| fact.standing == standing).map(Known);
        to.collect_map(Standing::ALL.map(|standing| (standing.key(), Each(move || of(standing)))))
    }
}

struct Known<'a>(&'a Fact);

impl Serialize for Known<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let fact = self.0;
        let mut map = to.serialize_map(Some(4))?;
        map.serialize_entry("slot", &fact.slot)?;
        map.serialize_entry("ballot", &fact.stamp.map(|stamp| stamp.to_string()))?;
        map.serialize_entry("value", &fact.value)?;
        map.serialize_entry("by", &Each(|| fact.by.iter().map(|member| Member(*member))))?;
        map.end()
    }
}

struct InFlight<'a>(&'a PacketFrame);

impl Serialize for InFlight<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let packet = self.0;
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("id", &packet.id.0)?;
        map.serialize_entry("kind", packet.kind)?;
        map.serialize_entry("from", &Member(packet.from))?;
        map.serialize_entry("to", &Member(packet.to))?;
        map.serialize_entry("copy_of", &packet.copy_of.map(|original| original.0))?;
        map.serialize_entry("sent_ms", &ms(packet.sent_at))?;
        map.serialize_entry("due_ms", &ms(packet.due))?;
        map.serialize_entry("fields", &Spelled(&packet.fields))?;
        map.end()
    }
}

struct CutLink<'a>(&'a Link);

impl Serialize for CutLink<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(2))?;
        map.serialize_entry("from", &self.0.from.number())?;
        map.serialize_entry("to", &self.0.to.number())?;
        map.end()
    }
}

struct InForce<'a>(&'a Filter);

impl Serialize for InForce<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(3))?;
        map.serialize_entry("kind", &self.0.kind)?;
        map.serialize_entry("from", &self.0.from.map(Member))?;
        map.serialize_entry("to", &self.0.to.map(Member))?;
        map.end()
    }
}

struct Broken<'a>(&'a Violation);

impl Serialize for Broken<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Violation { id, key, name, witness, .. } = self.0;
        let mut map = to.serialize_map(Some(6))?;
        map.serialize_entry("invariant", key)?;
        map.serialize_entry("id", id)?;
        map.serialize_entry("name", name.en)?;
        map.serialize_entry("text", &witness.text.say(Lang::En))?;
        map.serialize_entry("nodes", &witness.nodes.iter().map(|node| node.number()).collect::<Vec<_>>())?;
        map.serialize_entry("packets", &witness.packets.iter().map(|packet| packet.0).collect::<Vec<_>>())?;
        map.end()
    }
}
