//! Reads a run as the first version has it, as much of it as makes sense. Whatever arrives is untrusted: nothing panics,
//! and nothing is taken on trust that could make the page wait for ever. Must not know how it is written.

use super::*;
use crate::engine::action::{Action, Ask, Filter, Forged, Knob};
use crate::engine::beside::Beside;
use crate::engine::client::is_command;
use crate::engine::history::{MAX_ACTIONS, MAX_BRANCHES};
use crate::engine::ids::{ClientId, Link, MemberId, Micros, NodeId, PacketId, TimerId};
use crate::engine::options::{OptionValue, Options};
use crate::engine::plain::Plain;
use crate::engine::session::Side;
use crate::link::run::bytes::Reader;
use crate::link::run::{Branch, Deed, MAX_NAME, Place, Protocols, Recording};
use crate::protocols::{Opening, PROTOCOLS};
use crate::text::link as say;
use crate::text::{Text, Words};

/// Later than any instant of a run: a little more than a year.
const LATEST: u64 = 1 << 45;
/// How deep lists may lie in lists.
const DEPTH: u8 = 8;

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
    let beside = from.option(read_beside)?;
    let place = Place { branch: from.count()?, position: from.count()?, after: read_time(from)? };
    let digest = u32::from_le_bytes(from.raw(4)?.try_into().ok()?);
    Some(Recording { protocol, opening, beside, scenario, scripted, branches: Vec::new(), place, digest })
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

fn read_beside(from: &mut Reader<'_>) -> Option<Beside> {
    let key = from.text()?;
    let protocol = PROTOCOLS.iter().find(|protocol| protocol.key == key)?;
    let variant = read_variant(from, protocol)?;
    let options = from.list(|from| {
        let (place, value) = read_option(from, protocol, MAX_NODES)?;
        specs(protocol).nth(place)?.allows(value).then_some((place, value))
    })?;
    Some(Beside { protocol, variant, options })
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
        let protocols = recording.protocols();
        let branch = recording.branches.last_mut()?;
        branch.len = branch.from();
        branch.name = from.text().filter(|name| name.chars().count() <= MAX_NAME)?;
        let len = branch.from().checked_add(from.count()?).filter(|len| *len <= MAX_ACTIONS)?;
        read_deeds(from, protocols, branch)?;
        branch.len = len.max(branch.len);
    }
    Some(())
}

fn read_deeds(from: &mut Reader<'_>, protocols: Protocols, branch: &mut Branch) -> Option<()> {
    let mut packet = 0;
    for _ in 0..from.count()? {
        let first = from.byte()?;
        let steps = if first & STEPS != 0 { from.count()? } else { 0 };
        let after = if first & WAIT != 0 { read_time(from)? } else { Micros::ZERO };
        let position = branch.len.checked_add(steps).filter(|position| *position < MAX_ACTIONS)?;
        let side = if first & BESIDE != 0 { Side::Right } else { Side::Left };
        let action = read_action(from, protocols[side as usize], first & KIND, &mut packet)?;
        branch.deeds.push(Deed { position, after, side, action });
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
