//! The chosen node: what it would keep in a crash, what it would lose, what the last event changed, and what came in
//! and went out. Draws parts, knows no protocol.

use super::glyph::{RoleGlyph, packet_icon, role_word, tone};
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::frame::{MemberFrame, Part, RegisterPart, Status, TimerFrame, Tone};
use crate::engine::ids::{Micros, NodeId};
use crate::engine::plain::Plain;
use crate::engine::session::{Input, NodeEvent, Told};
use crate::text::page as say;
use crate::text::{Text, Words};
use crate::ui::live::{flag, hear, list, live, maybe, memo, when};
use leptos::prelude::*;

/// A row of the inspector.
#[derive(Clone, PartialEq)]
struct Row {
    name: &'static Words,
    value: Text,
    /// What it was before the last event, where that changed it.
    was: Option<Text>,
    durable: bool,
}

/// What the panel shows of a member.
#[derive(Clone, PartialEq)]
struct Card {
    node: NodeId,
    status: Status,
    tone: Tone,
    role: Text,
    timers: Vec<TimerFrame>,
    rows: Vec<Row>,
    event: Option<NodeEvent>,
}

fn card(member: &MemberFrame, event: Option<NodeEvent>) -> Option<Card> {
    let before = |part: &Part| {
        let event = event.as_ref()?;
        event.before.iter().find(|before| before.key() == part.key())
    };
    let row = |part: &Part| {
        let value = written(part);
        let was = before(part).map(written).filter(|was| *was != value);
        Row { name: name_of_part(part), value, was, durable: part.durable() }
    };
    Some(Card {
        node: member.id.node()?,
        status: member.status,
        tone: tone(member),
        role: Text::from(role_word(member)),
        timers: member.timers.clone(),
        rows: member.parts.iter().map(row).collect(),
        event,
    })
}

fn name_of_part(part: &Part) -> &'static Words {
    match part {
        Part::Field(field) | Part::Table(field) => field.name,
        Part::Log(_) => &say::LOG,
        Part::Tally(tally) => tally.name,
        Part::Register(register) => register.name,
    }
}

fn written(part: &Part) -> Text {
    match part {
        Part::Field(field) | Part::Table(field) => say::PLAIN.with("value", plain(&field.value)),
        Part::Log(log) => match log.last {
            1 => Text::from(&say::ONE_ENTRY),
            count => say::ENTRIES.with("count", count),
        },
        Part::Tally(tally) => say::PLAIN.with("value", numbers(tally.from.iter().copied())),
        Part::Register(register) => say::PLAIN.with("value", register_text(register)),
    }
}

fn numbers(nodes: impl Iterator<Item = NodeId>) -> String {
    let nodes: Vec<String> = nodes.map(|node| node.to_string()).collect();
    nodes.join(", ")
}

/// The ballot and what was voted for in it, as the panel of the registers shows them.
fn register_text(register: &RegisterPart) -> String {
    match (register.stamp, &register.value) {
        (Some(stamp), Some(value)) => format!("{stamp} {value}"),
        _ => plain(&register.plain()),
    }
}

fn plain(value: &Plain) -> String {
    match value {
        Plain::Null => "–".to_string(),
        Plain::Map(fields) if fields.is_empty() => "–".to_string(),
        Plain::Map(fields) => {
            let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}:{value}")).collect();
            pairs.join("  ")
        }
        other => other.to_string(),
    }
}

/// The panel of the chosen node.
#[component]
pub fn Inspector() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let shown = memo(move || {
        let chosen = player.chosen.get()?;
        player
            .frame
            .with(|frame| frame.node(chosen).and_then(|member| card(member, player.last_event(chosen))))
    });
    let open = memo(move || shown.with(Option::is_some));
    let of = move |part: fn(&Card) -> Text| {
        maybe(move || shown.with(|card| card.as_ref().map(|card| preferences.say(&part(card)))))
    };
    let title = of(|card| say::NODE_TITLE.with("node", card.node));
    let role = of(|card| card.role.clone());
    let glyph = move || {
        shown.with(|card| card.as_ref().map(|card| view! { <RoleGlyph status=card.status tone=card.tone/> }))
    };
    view! {
        {when(move || open.get(), move || view! {
            <section class="panel" aria-labelledby="node-title">
                <h2 id="node-title">{title}<span class="dim rolew">{glyph}{role}</span></h2>
                <div class="inspect">
                    <div class="durable">
                        <h3>{live(move || preferences.word(&say::DURABLE))}</h3>
                        <Rows shown durable=true/>
                    </div>
                    <div class="volatile">
                        <h3>{live(move || preferences.word(&say::VOLATILE))}</h3>
                        <Rows shown durable=false/>
                        <Timers shown/>
                    </div>
                </div>
                <LastEvent shown/>
            </section>
        }.into_any())}
    }
}

/// The rows of one kind; what the last event changed stands with a bar in the margin, beside what it was.
#[component]
fn Rows(shown: Memo<Option<Card>>, durable: bool) -> impl IntoView {
    let preferences = Preferences::here();
    let rows = move || {
        let lang = preferences.lang.get();
        let of_kind = |card: &Card| {
            let rows = card.rows.iter().filter(|row| row.durable == durable);
            let said = |row: &Row| {
                (row.name.template(lang), row.value.say(lang), row.was.as_ref().map(|was| was.say(lang)))
            };
            rows.map(said).collect::<Vec<_>>()
        };
        shown.with(|card| card.as_ref().map(of_kind).unwrap_or_default())
    };
    view! {
        <dl class="f">
            {list(rows, |row| row.clone(), |row| view! {
                <div class:changed=row.2.is_some()>
                    <dt>{row.0}</dt>
                    <dd>{row.2.clone().map(|was| view! { <del>{was}</del>" " })}{row.1}</dd>
                </div>
            }.into_any())}
        </dl>
    }
}

/// The timers that run: how much is left, and a slider for the one that the ring shows.
#[component]
fn Timers(shown: Memo<Option<Card>>) -> impl IntoView {
    let timers = move || {
        shown.with(|card| {
            card.as_ref()
                .map(|card| {
                    card.timers.iter().map(|timer| (card.node, timer.key, timer.ring)).collect::<Vec<_>>()
                })
                .unwrap_or_default()
        })
    };
    view! {
        <div class="f">
            {list(timers, |timer| *timer, |timer| view! {
                <TimerRow node=timer.0 key=timer.1 ring=timer.2/>
            }.into_any())}
        </div>
    }
}

#[component]
fn TimerRow(node: NodeId, key: &'static str, ring: bool) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let timer = player.follow(move |frame, _| {
        let member = frame.node(node)?;
        member.timers.iter().find(|timer| timer.key == key).copied()
    });
    let left = move || {
        let due = timer.get().map_or(Micros::ZERO, |timer| timer.due);
        preferences.ms(due.since(player.clock.get()))
    };
    let bounds =
        move |bound: fn(TimerFrame) -> Micros| maybe(move || timer.get().map(|timer| bound(timer).0 / 1000));
    let span = move || timer.get().map_or(0, |timer| timer.due.since(timer.armed_at).0 / 1000);
    let name = live(move || preferences.say(&say::TIMER.with("timer", key)));
    let set = move |event: web_sys::Event| {
        if let Ok(ms) = event_target_value(&event).parse() {
            player.wind(node, |_, _| Micros::from_ms(ms));
        }
    };
    view! {
        <label class="timer">
            <span>{name}</span>
            {ring.then(|| view! {
                <input
                    type="range"
                    min=bounds(|timer| timer.range.0)
                    max=bounds(|timer| timer.range.1)
                    step="1"
                    prop:value=live(span)
                    aria-valuetext=live(move || preferences.say(&say::TIMER_SPAN.with("ms", span())))
                    on:change=hear(set)
                />
            })}
            <span class="num">{live(left)}</span>
        </label>
    }
}

/// What the node handled last, and what it sent or why it sent nothing.
#[component]
fn LastEvent(shown: Memo<Option<Card>>) -> impl IntoView {
    let preferences = Preferences::here();
    let event = memo(move || shown.with(|card| card.as_ref().and_then(|card| card.event.clone())));
    let say_all =
        move |texts: Vec<Text>| texts.iter().map(|text| preferences.say(text)).collect::<Vec<_>>().join("; ");
    let input =
        maybe(move || event.with(|event| event.as_ref().map(|event| preferences.say(&input_of(event)))));
    let output = maybe(move || event.with(|event| event.as_ref().map(|event| say_all(output_of(event)))));
    let icon = move || {
        event.with(|event| match event.as_ref().map(|event| &event.input) {
            Some(Input::Packet(packet)) => Some(packet_icon(packet)),
            _ => None,
        })
    };
    let told = maybe(move || {
        event
            .with(|event| event.as_ref().and_then(first_told).map(|told| preferences.say(&told.telling.text)))
    });
    let ignored = flag(move || {
        event.with(|event| event.as_ref().and_then(first_told).is_some_and(|told| told.ignored))
    });
    view! {
        <dl class="io" class:hidden=flag(move || event.with(Option::is_none))>
            <div><dt>{live(move || preferences.word(&say::LAST_INPUT))}</dt><dd>{icon}{input}</dd></div>
            <div><dt>{live(move || preferences.word(&say::OUTPUT))}</dt><dd>{output}</dd></div>
            <div class:hidden=flag(move || told.get().is_none())><dt>{live(move || preferences.word(&say::SO))}</dt><dd class:dim=ignored>{told}</dd></div>
        </dl>
    }
}

/// What is told of an event first, unless its name says as much.
fn first_told(event: &NodeEvent) -> Option<&Told> {
    match event.input {
        Input::Crash | Input::Restart => None,
        Input::Packet(_) | Input::Timer(_) => event.told.first(),
    }
}

fn input_of(event: &NodeEvent) -> Text {
    match &event.input {
        Input::Packet(packet) => say::INPUT_PACKET
            .with("kind", packet.kind)
            .with("from", packet.from)
            .with("label", packet.look.label.clone()),
        Input::Timer(key) => say::INPUT_TIMER.with("timer", *key),
        Input::Crash => Text::from(&say::INPUT_CRASH),
        Input::Restart => Text::from(&say::INPUT_RESTART),
    }
}

/// One text for each kind of message that was sent.
fn output_of(event: &NodeEvent) -> Vec<Text> {
    let mut kinds: Vec<(&str, Vec<String>)> = Vec::new();
    for packet in &event.sent {
        let to = packet.to.to_string();
        match kinds.iter_mut().find(|(kind, _)| *kind == packet.kind) {
            Some((_, receivers)) => receivers.push(to),
            None => kinds.push((packet.kind, vec![to])),
        }
    }
    match kinds.is_empty() {
        true => vec![Text::from(&say::OUTPUT_NOTHING)],
        false => kinds
            .into_iter()
            .map(|(kind, to)| say::OUTPUT_TO.with("kind", kind).with("to", to.join(", ")))
            .collect(),
    }
}
