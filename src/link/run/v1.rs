//! The first version of a run as bytes. What it means must never change: links are for ever.
//!
//! First a sum by which damage is found, then the set-up, then where the reader stands, then the branches, so that of
//! a link that was cut off the beginning of the story is left. What has a name in files is written by that name, once,
//! and whatever is as it would be anyway is not written at all.

use super::bytes::{Reader, Writer};
use super::{Branch, MAX_NAME, Place, Recording};
use crate::engine::action::{Action, Ask, Filter, Forged, Knob};
use crate::engine::client::is_command;
use crate::engine::digest::Digest;
use crate::engine::history::{MAX_ACTIONS, MAX_BRANCHES};
use crate::engine::ids::{
    ClientId, Link, MAX_CLIENTS, MAX_NODES, MemberId, Micros, NodeId, PacketId, TimerId,
};
use crate::engine::options::{ENGINE, OptionSpec, OptionValue, Options};
use crate::engine::plain::Plain;
use crate::engine::session::ByHand;
use crate::protocols::{Opening, PROTOCOLS, ProtocolInfo};
use crate::text::link as say;
use crate::text::{Text, Words};
use std::hash::Hasher;

/// Later than any instant of a run: a little more than a year.
const LATEST: u64 = 1 << 45;
/// Two nodes share a byte, and so do a node and a client.
const _: () = assert!(MAX_NODES < 16 && MAX_CLIENTS <= 8);
/// How deep lists may lie in lists.
const DEPTH: u8 = 8;

/// What a deed does, in the low five bits of its first byte.
const DELIVER: u8 = 0;
const DROP: u8 = 1;
const DUPLICATE: u8 = 2;
const DELAY: u8 = 3;
const FIRE: u8 = 4;
const WIND: u8 = 5;
const CRASH: u8 = 6;
const RESTART: u8 = 7;
const PAUSE: u8 = 8;
const RESUME: u8 = 9;
const CUT: u8 = 10;
const HEAL: u8 = 11;
const REQUEST: u8 = 12;
const INJECT: u8 = 13;
const FILTER: u8 = 14;
const UNFILTER: u8 = 15;
const OPTION: u8 = 16;
const VARIANT: u8 = 17;
const KIND: u8 = 0x1f;
/// The clock let something happen before the deed.
const STEPS: u8 = 0x20;
/// Time passed before the deed.
const WAIT: u8 = 0x40;
/// A request has a number of its own.
const SEQ: u8 = 0x80;

fn sum(bytes: &[u8]) -> [u8; 2] {
    let mut digest = Digest::default();
    digest.write(bytes);
    ((digest.finish() >> 24) as u16).to_le_bytes()
}

fn specs(protocol: &ProtocolInfo) -> impl Iterator<Item = &'static OptionSpec> {
    ENGINE.iter().chain(protocol.options)
}

// Writing.

/// Writes a run.
pub fn write(recording: &Recording) -> Vec<u8> {
    let (to, protocol) = (&mut Writer::default(), recording.protocol);
    write_opening(to, protocol, &recording.opening);
    to.option(recording.scenario.as_deref(), |to, slug| {
        to.text(slug);
        to.count(recording.scripted);
    });
    let Place { branch, position, after } = recording.place;
    to.count(branch);
    to.count(position);
    to.number(after.0);
    to.raw(&recording.digest.to_le_bytes());
    to.count(recording.branches.len());
    recording.branches.iter().for_each(|branch| write_branch(to, protocol, branch));
    let body = std::mem::take(to).into_bytes();
    [&sum(&body)[..], &body].concat()
}

fn write_opening(to: &mut Writer, protocol: &ProtocolInfo, opening: &Opening) {
    to.text(protocol.key);
    to.text(protocol.variants.get(opening.variant).copied().unwrap_or_default());
    to.byte(opening.nodes);
    to.number(opening.seed);
    let changed =
        specs(protocol).enumerate().filter(|(place, spec)| opening.options.get(*place) != spec.default);
    let changed: Vec<_> = changed.collect();
    to.count(changed.len());
    for (place, spec) in changed {
        to.text(spec.key);
        write_value(to, opening.options.get(place), opening.nodes);
    }
    to.count(opening.start.len());
    for (node, fields) in &opening.start {
        to.byte(node.number());
        write_plain(to, fields);
    }
    to.count(opening.down.len());
    opening.down.iter().for_each(|node| to.byte(node.number()));
}

fn write_value(to: &mut Writer, value: OptionValue, nodes: u8) {
    match value {
        OptionValue::Span(low, high) => {
            to.number(low.0);
            to.number(high.since(low).0);
        }
        OptionValue::Time(time) => to.number(time.0),
        OptionValue::Chance(probability_ppm) => to.number(probability_ppm.into()),
        OptionValue::Flag(on) => to.byte(on.into()),
        OptionValue::Rates(rates) => {
            rates.iter().take(nodes.into()).for_each(|rate| to.number((*rate).into()))
        }
        OptionValue::Count(count) => to.byte(count),
        OptionValue::Choice(chosen, names) => {
            to.text(names.get(usize::from(chosen)).copied().unwrap_or_default())
        }
    }
}

fn write_plain(to: &mut Writer, plain: &Plain) {
    match plain {
        Plain::Null => to.byte(0),
        Plain::Bool(value) => to.byte(1 + u8::from(*value)),
        Plain::Int(number) => {
            to.byte(3);
            to.signed(*number);
        }
        Plain::Text(text) => {
            to.byte(4);
            to.text(text);
        }
        Plain::List(values) => {
            to.byte(5);
            to.count(values.len());
            values.iter().for_each(|value| write_plain(to, value));
        }
        Plain::Map(fields) => {
            to.byte(6);
            to.count(fields.len());
            for (name, value) in fields {
                to.text(name);
                write_plain(to, value);
            }
        }
    }
}

fn write_branch(to: &mut Writer, protocol: &ProtocolInfo, branch: &Branch) {
    if let Some((parent, from)) = branch.left {
        to.count(parent);
        to.count(from);
    }
    to.text(&branch.name);
    to.count(branch.len.saturating_sub(branch.from()));
    to.count(branch.deeds.len());
    let (mut position, mut packet) = (branch.from(), 0);
    for deed in &branch.deeds {
        let steps = deed.position.saturating_sub(position);
        let mark = |there: bool, flag: u8| if there { flag } else { 0 };
        to.byte(kind(&deed.action) | mark(steps != 0, STEPS) | mark(deed.after != Micros::ZERO, WAIT));
        if steps != 0 {
            to.count(steps);
        }
        if deed.after != Micros::ZERO {
            to.number(deed.after.0);
        }
        write_action(to, protocol, &deed.action, &mut packet);
        position = deed.position + 1;
    }
}

fn kind(action: &Action) -> u8 {
    match action {
        Action::Deliver(_) => DELIVER,
        Action::Drop(_) => DROP,
        Action::Duplicate(_) => DUPLICATE,
        Action::Delay(..) => DELAY,
        Action::Fire(..) => FIRE,
        Action::Wind(..) => WIND,
        Action::Crash(_) => CRASH,
        Action::Restart(_) => RESTART,
        Action::Pause(_) => PAUSE,
        Action::Resume(_) => RESUME,
        Action::Cut(_) => CUT,
        Action::Heal(_) => HEAL,
        Action::Request(_) => REQUEST,
        Action::Inject(_) => INJECT,
        Action::Filter(_) => FILTER,
        Action::Unfilter(_) => UNFILTER,
        Action::Set(knob) => match **knob {
            Knob::Option(..) => OPTION,
            Knob::Variant(_) => VARIANT,
        },
    }
}

fn write_action(to: &mut Writer, protocol: &ProtocolInfo, action: &Action, last: &mut u32) {
    match action {
        Action::Deliver(packet) | Action::Drop(packet) | Action::Duplicate(packet) => {
            write_packet(to, *packet, last)
        }
        Action::Delay(packet, by) => {
            write_packet(to, *packet, last);
            to.number(by.0);
        }
        Action::Fire(owner, timer) => write_timer(to, protocol, *owner, *timer),
        Action::Wind(owner, timer, span) => {
            write_timer(to, protocol, *owner, *timer);
            to.number(span.0);
        }
        Action::Crash(node) | Action::Restart(node) | Action::Pause(node) | Action::Resume(node) => {
            to.byte(node.number());
        }
        Action::Cut(link) | Action::Heal(link) => write_way(to, link),
        Action::Request(ask) => {
            to.byte(
                (ask.client.place() as u8) << 4 | ask.node.number() | if ask.seq.is_some() { SEQ } else { 0 },
            );
            to.text(&ask.command);
            if let Some(seq) = ask.seq {
                to.number(seq.into());
            }
        }
        Action::Inject(forged) => {
            write_way(to, &Link { from: forged.from, to: forged.to });
            to.text(&forged.kind);
            write_plain(to, &forged.fields);
        }
        Action::Filter(filter) | Action::Unfilter(filter) => {
            to.option(filter.kind.as_deref(), Writer::text);
            to.option(filter.from, write_member);
            to.option(filter.to, write_member);
        }
        Action::Set(knob) => match &**knob {
            Knob::Variant(variant) => to.text(protocol.variants.get(*variant).copied().unwrap_or_default()),
            Knob::Option(place, value) => {
                to.text(specs(protocol).nth(*place).map_or("", |spec| spec.key));
                write_value(to, *value, MAX_NODES);
            }
        },
    }
}

fn write_packet(to: &mut Writer, packet: PacketId, last: &mut u32) {
    to.signed(i64::from(packet.0) - i64::from(*last));
    *last = packet.0;
}

fn write_member(to: &mut Writer, member: MemberId) {
    to.byte(match member {
        MemberId::Node(node) => node.number(),
        MemberId::Client(client) => 0x80 | client.number(),
    });
}

fn write_timer(to: &mut Writer, protocol: &ProtocolInfo, owner: MemberId, timer: TimerId) {
    write_member(to, owner);
    if let MemberId::Node(_) = owner {
        to.text((protocol.timers)().get(usize::from(timer.0)).copied().unwrap_or_default());
    }
}

fn write_way(to: &mut Writer, link: &Link) {
    to.byte(link.from.number() << 4 | link.to.number());
}

// Reading.

/// Reads a run, and what is missing of it. Of a damaged one as much is read as makes sense.
pub fn read(bytes: &[u8]) -> Result<(Recording, Option<Text>), &'static Words> {
    let Some((told, body)) = bytes.split_at_checked(2) else { return Err(&say::LINK_UNREADABLE) };
    let sound = told == sum(body);
    let from = &mut Reader::new(body);
    let Some(mut recording) = read_head(from) else { return Err(&say::LINK_UNREADABLE) };
    let whole = read_branches(from, &mut recording).is_some() && from.is_done();
    let done = recording.branches.iter().map(|branch| branch.len).max().unwrap_or_default();
    match (whole, sound) {
        (true, true) => Ok((recording, None)),
        (true, false) => Ok((recording, Some(Text::from(&say::LINK_DAMAGED)))),
        (false, _) => Ok((recording, Some(say::LINK_CUT_OFF.with("actions", done)))),
    }
}

fn read_head(from: &mut Reader<'_>) -> Option<Recording> {
    let key = from.text()?;
    let protocol = PROTOCOLS.iter().find(|protocol| protocol.key == key)?;
    let opening = read_opening(from, protocol)?;
    let scenario = from.option(|from| Some((from.text()?, from.count()?)))?;
    let (scenario, scripted) = match scenario {
        Some((slug, scripted)) => (Some(slug), scripted),
        None => (None, 0),
    };
    let place = Place { branch: from.count()?, position: from.count()?, after: read_time(from)? };
    let digest = u32::from_le_bytes(from.raw(4)?.try_into().ok()?);
    Some(Recording { protocol, opening, scenario, scripted, branches: Vec::new(), place, digest })
}

fn read_opening(from: &mut Reader<'_>, protocol: &'static ProtocolInfo) -> Option<Opening> {
    let variant = read_variant(from, protocol)?;
    let nodes = from.byte().filter(|nodes| (1..=MAX_NODES).contains(nodes))?;
    let seed = from.number()?;
    let mut options = Options::defaults(protocol.options);
    for _ in 0..from.count()? {
        let (place, value) = read_option(from, protocol, nodes)?;
        options.set(specs(protocol).nth(place)?, place, value).ok()?;
    }
    let node = |from: &mut Reader<'_>| read_node(from).filter(|node| node.number() <= nodes);
    let start: Vec<(NodeId, Plain)> = from.list(|from| Some((node(from)?, read_plain(from, DEPTH)?)))?;
    Some(Opening { nodes, seed, options, variant, start, down: from.list(node)? })
}

fn read_variant(from: &mut Reader<'_>, protocol: &ProtocolInfo) -> Option<usize> {
    let name = from.text()?;
    protocol.variants.iter().position(|variant| *variant == name)
}

fn read_option(
    from: &mut Reader<'_>,
    protocol: &'static ProtocolInfo,
    nodes: u8,
) -> Option<(usize, OptionValue)> {
    let key = from.text()?;
    let (place, spec) = specs(protocol).enumerate().find(|(_, spec)| spec.key == key)?;
    let value = match spec.default {
        OptionValue::Span(..) => {
            let low = read_time(from)?;
            OptionValue::Span(low, low.after(read_time(from)?))
        }
        OptionValue::Time(_) => OptionValue::Time(read_time(from)?),
        OptionValue::Chance(_) => OptionValue::Chance(from.number()?.try_into().ok()?),
        OptionValue::Flag(_) => OptionValue::Flag(from.byte()? == 1),
        OptionValue::Rates(mut rates) => {
            for rate in rates.iter_mut().take(nodes.into()) {
                *rate = from.number()?.try_into().ok()?;
            }
            OptionValue::Rates(rates)
        }
        OptionValue::Count(_) => OptionValue::Count(from.byte()?),
        OptionValue::Choice(_, names) => {
            let name = from.text()?;
            OptionValue::Choice(names.iter().position(|known| *known == name)?.try_into().ok()?, names)
        }
    };
    Some((place, value))
}

fn read_plain(from: &mut Reader<'_>, depth: u8) -> Option<Plain> {
    let deeper = depth.checked_sub(1)?;
    Some(match from.byte()? {
        0 => Plain::Null,
        1 => Plain::Bool(false),
        2 => Plain::Bool(true),
        3 => Plain::Int(from.signed()?),
        4 => Plain::Text(from.text()?),
        5 => Plain::List(from.list(|from| read_plain(from, deeper))?),
        6 => Plain::Map(from.list(|from| Some((from.text()?, read_plain(from, deeper)?)))?),
        _ => return None,
    })
}

fn read_time(from: &mut Reader<'_>) -> Option<Micros> {
    from.number().filter(|time| *time <= LATEST).map(Micros)
}

/// Reads branches into the run until the end, or until they make no sense; what was read stays.
fn read_branches(from: &mut Reader<'_>, recording: &mut Recording) -> Option<()> {
    let count = from.count().filter(|count| (1..=MAX_BRANCHES).contains(count))?;
    for place in 0..count {
        let left = match place {
            0 => None,
            _ => Some((from.count().filter(|parent| *parent < place)?, from.count()?)),
        };
        recording.branches.push(Branch { left, ..Branch::default() });
        let protocol = recording.protocol;
        let branch = recording.branches.last_mut()?;
        branch.len = branch.from();
        branch.name = from.text().filter(|name| name.chars().count() <= MAX_NAME)?;
        let len = branch.from().checked_add(from.count()?).filter(|len| *len <= MAX_ACTIONS)?;
        read_deeds(from, protocol, branch)?;
        branch.len = len.max(branch.len);
    }
    Some(())
}

fn read_deeds(from: &mut Reader<'_>, protocol: &'static ProtocolInfo, branch: &mut Branch) -> Option<()> {
    let mut packet = 0;
    for _ in 0..from.count()? {
        let first = from.byte()?;
        let steps = if first & STEPS != 0 { from.count()? } else { 0 };
        let after = if first & WAIT != 0 { read_time(from)? } else { Micros::ZERO };
        let position = branch.len.checked_add(steps).filter(|position| *position < MAX_ACTIONS)?;
        let action = read_action(from, protocol, first & KIND, &mut packet)?;
        branch.deeds.push(ByHand { position, after, action });
        branch.len = position + 1;
    }
    Some(())
}

fn read_action(
    from: &mut Reader<'_>,
    protocol: &'static ProtocolInfo,
    kind: u8,
    last: &mut u32,
) -> Option<Action> {
    Some(match kind {
        DELIVER => Action::Deliver(read_packet(from, last)?),
        DROP => Action::Drop(read_packet(from, last)?),
        DUPLICATE => Action::Duplicate(read_packet(from, last)?),
        DELAY => Action::Delay(read_packet(from, last)?, read_time(from)?),
        FIRE => {
            let (owner, timer) = read_timer(from, protocol)?;
            Action::Fire(owner, timer)
        }
        WIND => {
            let (owner, timer) = read_timer(from, protocol)?;
            Action::Wind(owner, timer, read_time(from)?)
        }
        CRASH => Action::Crash(read_node(from)?),
        RESTART => Action::Restart(read_node(from)?),
        PAUSE => Action::Pause(read_node(from)?),
        RESUME => Action::Resume(read_node(from)?),
        CUT => Action::Cut(read_way(from)?),
        HEAL => Action::Heal(read_way(from)?),
        REQUEST => Action::Request(Box::new(read_ask(from)?)),
        INJECT => {
            let Link { from: sender, to } = read_way(from)?;
            let (kind, fields) = (from.text()?, read_plain(from, DEPTH)?);
            Action::Inject(Box::new(Forged { from: sender, to, kind, fields }))
        }
        FILTER => Action::Filter(Box::new(read_filter(from)?)),
        UNFILTER => Action::Unfilter(Box::new(read_filter(from)?)),
        OPTION => {
            let (place, value) = read_option(from, protocol, MAX_NODES)?;
            Action::Set(Box::new(Knob::Option(place, value)))
        }
        VARIANT => Action::Set(Box::new(Knob::Variant(read_variant(from, protocol)?))),
        _ => return None,
    })
}

fn read_packet(from: &mut Reader<'_>, last: &mut u32) -> Option<PacketId> {
    *last = i64::from(*last).checked_add(from.signed()?)?.try_into().ok()?;
    Some(PacketId(*last))
}

fn read_node(from: &mut Reader<'_>) -> Option<NodeId> {
    NodeId::new(from.byte()?)
}

fn read_member(from: &mut Reader<'_>) -> Option<MemberId> {
    let number = from.byte()?;
    match number & 0x80 {
        0 => NodeId::new(number).map(MemberId::Node),
        _ => ClientId::new(number & 0x7f).map(MemberId::Client),
    }
}

fn read_timer(from: &mut Reader<'_>, protocol: &ProtocolInfo) -> Option<(MemberId, TimerId)> {
    let owner = read_member(from)?;
    let place = match owner {
        MemberId::Client(_) => 0,
        MemberId::Node(_) => {
            let name = from.text()?;
            (protocol.timers)().iter().position(|known| *known == name)?
        }
    };
    Some((owner, TimerId(place.try_into().ok()?)))
}

fn read_way(from: &mut Reader<'_>) -> Option<Link> {
    let both = from.byte()?;
    let (one, other) = (NodeId::new(both >> 4)?, NodeId::new(both & 0x0f)?);
    (one != other).then_some(Link { from: one, to: other })
}

fn read_ask(from: &mut Reader<'_>) -> Option<Ask> {
    let who = from.byte()?;
    let client = ClientId::new((who >> 4 & 0x07) + 1)?;
    let node = NodeId::new(who & 0x0f)?;
    let command = from.text().filter(|command| is_command(command))?;
    let seq = match who & SEQ {
        0 => None,
        _ => Some(from.number()?.try_into().ok()?),
    };
    Some(Ask { client, node, command: command.as_str().into(), seq })
}

fn read_filter(from: &mut Reader<'_>) -> Option<Filter> {
    let kind = from.option(Reader::text)?;
    let (sender, to) = (from.option(read_member)?, from.option(read_member)?);
    Some(Filter { kind, from: sender, to })
}
