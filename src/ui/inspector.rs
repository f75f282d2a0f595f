//! The chosen node: what it would keep in a crash, and what it would lose. Draws parts, knows no protocol.

use super::glyph::{RoleGlyph, role_word, tone};
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::action::Action;
use crate::engine::frame::{MemberFrame, Part, Status, Tone};
use crate::engine::ids::{ClientId, NodeId, TimerId};
use crate::engine::plain::Plain;
use crate::text::page as say;
use crate::text::{Text, Words};
use crate::ui::live::live;
use leptos::prelude::*;

/// A row of the inspector.
#[derive(Clone, PartialEq)]
struct Row {
    name: &'static Words,
    value: Value,
    durable: bool,
}

#[derive(Clone, PartialEq)]
enum Value {
    Plain(String),
    Text(Text),
}

/// What the panel shows of a member.
#[derive(Clone, PartialEq)]
struct Card {
    node: NodeId,
    timers: Vec<(TimerId, &'static str)>,
    status: Status,
    tone: Tone,
    role: Text,
    rows: Vec<Row>,
}

fn card(member: &MemberFrame) -> Option<Card> {
    let node = member.id.node()?;
    let timers = member.timers.iter().map(|timer| (timer.timer, timer.key)).collect();
    let (role, tone) = (Text::from(role_word(member)), tone(member));
    Some(Card {
        node,
        timers,
        status: member.status,
        tone,
        role,
        rows: member.parts.iter().map(row).collect(),
    })
}

fn row(part: &Part) -> Row {
    let durable = part.durable();
    match part {
        Part::Field(field) | Part::Table(field) => {
            Row { name: field.name, value: Value::Plain(written(&field.value)), durable }
        }
        Part::Log(log) => {
            let count = match log.last {
                1 => Text::from(&say::ONE_ENTRY),
                count => say::ENTRIES.with("count", count),
            };
            Row { name: &say::LOG, value: Value::Text(count), durable }
        }
        Part::Tally(tally) => {
            let from: Vec<String> = tally.from.iter().map(|node| node.to_string()).collect();
            Row { name: tally.name, value: Value::Plain(from.join(", ")), durable }
        }
        Part::Register(register) => {
            Row { name: register.name, value: Value::Plain(written(&register.plain())), durable }
        }
    }
}

fn written(value: &Plain) -> String {
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
    let shown = Memo::new(move |_| {
        let chosen = player.chosen.get()?;
        player.frame.with(|frame| frame.node(chosen).and_then(card))
    });
    view! {
        {move || shown.get().map(|card| view! { <CardView card/> })}
    }
}

#[component]
fn CardView(card: Card) -> impl IntoView {
    let preferences = Preferences::here();
    let rows = move |durable: bool| {
        let rows: Vec<Row> = card.rows.iter().filter(|row| row.durable == durable).cloned().collect();
        rows.into_iter()
            .map(|row| {
                let value = match row.value {
                    Value::Plain(value) => value,
                    Value::Text(text) => preferences.say(&text),
                };
                view! { <div><dt>{preferences.word(row.name)}</dt><dd>{value}</dd></div> }
            })
            .collect_view()
    };
    let (durable, volatile) = (rows(true), rows(false));
    let (node, status, timers) = (card.node, card.status, card.timers.clone());
    view! {
        <section class="panel" aria-labelledby="node-title">
            <h2 id="node-title">
                {preferences.say(&say::NODE_TITLE.with("node", card.node))}
                <span class="dim rolew"><RoleGlyph status=card.status tone=card.tone/>{preferences.say(&card.role)}</span>
            </h2>
            <Verbs node status timers/>
            <div class="inspect">
                <div class="durable">
                    <h3>{preferences.word(&say::DURABLE)}</h3>
                    <dl class="f">{durable}</dl>
                </div>
                <div class="volatile">
                    <h3>{preferences.word(&say::VOLATILE)}</h3>
                    <dl class="f">{volatile}</dl>
                </div>
            </div>
        </section>
    }
}

/// Everything that can be done to a node.
#[component]
fn Verbs(node: NodeId, status: Status, timers: Vec<(TimerId, &'static str)>) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let verb = move |words: &'static Words, action: Action| {
        let act = move |_| player.dispatch([action.clone()]);
        view! { <button class="btn" on:click=act>{live(move || preferences.word(words))}</button> }
    };
    let life = match status {
        Status::Down => vec![verb(&say::VERB_RESTART, Action::Restart(node))],
        Status::Up => {
            vec![verb(&say::VERB_CRASH, Action::Crash(node)), verb(&say::VERB_PAUSE, Action::Pause(node))]
        }
        Status::Paused => {
            vec![verb(&say::VERB_CRASH, Action::Crash(node)), verb(&say::VERB_RESUME, Action::Resume(node))]
        }
    };
    let fires = timers.into_iter().filter(|_| status == Status::Up).map(|(timer, key)| {
        let act = move |_| player.dispatch([Action::Fire(node.into(), timer)]);
        let label = live(move || preferences.say(&say::VERB_FIRE.with("timer", key)));
        view! { <button class="btn" on:click=act>{label}</button> }
    });
    let cut = Memo::new(move |_| player.is_cut_off(node));
    let links =
        live(move || preferences.word(if cut.get() { &say::VERB_REJOIN } else { &say::VERB_ISOLATE }));
    view! {
        <div class="verbs" role="group" aria-label=live(move || preferences.word(&say::VERBS))>
            {life}
            {fires.collect_view()}
            <button class="btn" on:click=move |_| player.isolate(node)>{links}</button>
            <button class="btn" on:click=move |_| player.request_at(ClientId::FIRST, node)>
                {live(move || preferences.word(&say::VERB_ASK))}
            </button>
        </div>
    }
}
