//! Writes a run as the first version has it. Must not know how it is read.

use super::*;
use crate::engine::action::{Action, Knob};
use crate::engine::beside::Beside;
use crate::engine::ids::{Link, MemberId, Micros, PacketId, TimerId};
use crate::engine::options::OptionValue;
use crate::engine::plain::Plain;
use crate::engine::session::Side;
use crate::link::run::bytes::Writer;
use crate::link::run::{Branch, Place, Protocols, Recording};
use crate::protocols::Opening;

/// Writes a run.
pub fn write(recording: &Recording) -> Vec<u8> {
    let (to, protocol) = (&mut Writer::default(), recording.protocol);
    write_opening(to, protocol, &recording.opening);
    to.option(recording.scenario.as_deref(), |to, slug| {
        to.text(slug);
        to.count(recording.scripted);
    });
    to.option(recording.beside.as_ref(), write_beside);
    let Place { branch, position, after } = recording.place;
    to.count(branch);
    to.count(position);
    to.number(after.0);
    to.raw(&recording.digest.to_le_bytes());
    to.count(recording.branches.len());
    let protocols = recording.protocols();
    recording.branches.iter().for_each(|branch| write_branch(to, protocols, branch));
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

fn write_beside(to: &mut Writer, beside: &Beside) {
    let protocol = beside.protocol;
    to.text(protocol.key);
    to.text(protocol.variants.get(beside.variant).copied().unwrap_or_default());
    to.count(beside.options.len());
    for (place, value) in &beside.options {
        to.text(specs(protocol).nth(*place).map_or("", |spec| spec.key));
        write_value(to, *value, MAX_NODES);
    }
}

fn write_branch(to: &mut Writer, protocols: Protocols, branch: &Branch) {
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
        let beside = mark(deed.side == Side::Right, BESIDE);
        to.byte(
            kind(&deed.action) | mark(steps != 0, STEPS) | mark(deed.after != Micros::ZERO, WAIT) | beside,
        );
        if steps != 0 {
            to.count(steps);
        }
        if deed.after != Micros::ZERO {
            to.number(deed.after.0);
        }
        write_action(to, protocols[deed.side as usize], &deed.action, &mut packet);
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
