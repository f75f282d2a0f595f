//! Where each value stands: accepted, chosen, known, acknowledged, four different things with four marks, and who makes
//! each so. Only the observer knows all of it. Knows no protocol.

use super::logs::has_logs;
use super::player::Player;
use super::preferences::Preferences;
use super::registers::has_registers;
use crate::engine::frame::{Fact, Frame, Standing};
use crate::engine::ids::MemberId;
use crate::text::page as say;
use crate::text::{Text, Words};
use crate::ui::live::{flag, maybe, memo, pieces, when};
use leptos::prelude::*;

/// More values than this stand beside each other in no panel; the rest are counted.
const MOST_VALUES: usize = 3;
/// How many ballots with votes for one value are spelled out, the latest.
const MOST_BALLOTS: usize = 2;

/// How one value stands.
#[derive(Clone, PartialEq)]
struct Block {
    /// None while nobody has voted for anything: the four marks are there all the same, and dashed.
    value: Option<String>,
    rows: Vec<Row>,
}

/// One of the four things: whether it is so, and what makes it so.
#[derive(Clone, PartialEq)]
struct Row {
    standing: Standing,
    holds: bool,
    text: Text,
}

/// All that the panel shows.
#[derive(Clone, PartialEq)]
struct Shown {
    blocks: Vec<Block>,
    /// How many values are left out.
    more: usize,
}

fn shown(frame: &Frame) -> Option<Shown> {
    if frame.facts.is_empty() {
        return has_registers(frame).then(|| Shown { blocks: vec![block(None, &[])], more: 0 });
    }
    let mut values: Vec<(u32, &str, Vec<&Fact>)> = Vec::new();
    for fact in &frame.facts {
        match values.iter_mut().find(|(slot, value, _)| *slot == fact.slot && *value == fact.value) {
            Some((.., facts)) => facts.push(fact),
            None => values.push((fact.slot, &fact.value, vec![fact])),
        }
    }
    // The latest slot first; in it the furthest, and of two that are as far, the one with the later ballot.
    let rank = |facts: &[&Fact]| facts.iter().map(|fact| (fact.standing, fact.stamp)).max();
    values.sort_by_key(|(slot, _, facts)| std::cmp::Reverse((*slot, rank(facts))));
    let more = values.len().saturating_sub(MOST_VALUES);
    let blocks = values.iter().take(MOST_VALUES);
    let in_slots = has_logs(frame);
    let named =
        |slot: u32, value: &str| if in_slots { format!("{slot}: {value}") } else { value.to_string() };
    let blocks = blocks.map(|(slot, value, facts)| block(Some(named(*slot, value)), facts));
    Some(Shown { blocks: blocks.collect(), more })
}

fn block(value: Option<String>, facts: &[&Fact]) -> Block {
    let row = |standing: Standing| {
        let found: Vec<&Fact> = facts.iter().copied().filter(|fact| fact.standing == standing).collect();
        Row { standing, holds: !found.is_empty(), text: said(standing, &found) }
    };
    Block { value, rows: Standing::ALL.map(row).into() }
}

/// Who makes it so.
fn said(standing: Standing, facts: &[&Fact]) -> Text {
    let Some(last) = facts.last() else { return Text::from(not_yet(standing)) };
    match standing {
        Standing::Accepted => accepted(facts),
        Standing::Chosen => match last.stamp {
            Some(stamp) => say::CHOSEN_IN.with("stamp", stamp),
            None => Text::from(&say::CHOSEN_YES),
        },
        Standing::Known => counted(&last.by, &say::KNOWN_TO_ONE, &say::KNOWN_TO),
        Standing::Acknowledged => counted(&last.by, &say::TOLD_ONE, &say::TOLD_CLIENTS),
    }
}

fn not_yet(standing: Standing) -> &'static Words {
    match standing {
        Standing::Accepted => &say::ACCEPTED_BY_NONE,
        Standing::Chosen => &say::CHOSEN_NOT,
        Standing::Known => &say::KNOWN_TO_NONE,
        Standing::Acknowledged => &say::TOLD_NONE,
    }
}

/// The votes ballot by ballot, since votes of different ballots do not add up.
fn accepted(facts: &[&Fact]) -> Text {
    let left_out = facts.len().saturating_sub(MOST_BALLOTS);
    let votes = |fact: &&Fact| {
        let voters = members(&fact.by);
        match fact.stamp {
            Some(stamp) => say::VOTES_IN.with("nodes", voters).with("stamp", stamp),
            None => voters,
        }
    };
    let told = facts.iter().skip(left_out).map(votes);
    let all = told.reduce(|most, next| say::THEN.with("most", most).with("next", next));
    let all = all.unwrap_or(Text::from(&say::ACCEPTED_BY_NONE));
    match left_out {
        0 => all,
        count => say::VOTES_EARLIER.with("votes", all).with("count", count),
    }
}

fn counted(by: &[MemberId], one: &'static Words, many: &'static Words) -> Text {
    (if by.len() == 1 { one } else { many }).with("members", members(by))
}

/// Members, the last one after "and".
fn members(by: &[MemberId]) -> Text {
    let names = |members: &[MemberId]| members.iter().map(MemberId::to_string).collect::<Vec<_>>().join(", ");
    match by.split_last() {
        Some((last, most)) if !most.is_empty() => say::AND.with("most", names(most)).with("last", *last),
        _ => say::PLAIN.with("value", names(by)),
    }
}

/// The panel of where each value stands.
#[component]
pub fn Facts() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let shown = player.follow(|frame, _| shown(frame));
    let any = memo(move || shown.with(Option::is_some));
    let title = move || {
        shown.with(|shown| match &shown.as_ref()?.blocks[..] {
            [Block { value: Some(value), .. }] => {
                Some(preferences.say(&say::WHERE_ONE_STANDS.with("value", &**value)))
            }
            [_] => Some(preferences.word(&say::WHERE_A_VALUE_STANDS).to_string()),
            _ => Some(preferences.word(&say::WHERE_VALUES_STAND).to_string()),
        })
    };
    let rest = move || {
        let more = shown.with(|shown| shown.as_ref().map_or(0, |shown| shown.more));
        (0 < more).then(|| preferences.say(&say::MORE_VALUES.with("count", more)))
    };
    let single = move || shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.blocks.len() == 1));
    view! {
        {when(move || any.get(), move || view! {
            <section class="panel facts" class:single=flag(single) aria-labelledby="facts-title">
                <h2 id="facts-title">
                    {maybe(title)}
                    <span class="dim">{maybe(move || Some(preferences.word(&say::FACTS_HINT)))}</span>
                </h2>
                <div role="table" aria-labelledby="facts-title">
                    {pieces(move || shown.with(|shown| shown.as_ref().map(|shown| table(&shown.blocks, preferences)).unwrap_or_default()))}
                </div>
                <p class="dim">{maybe(rest)}</p>
            </section>
        }.into_any())}
    }
}

/// One row for each of the four things, one column for each value; the values stand above where there are several.
fn table(blocks: &[Block], preferences: Preferences) -> Vec<AnyView> {
    let heads = (1 < blocks.len()).then(|| {
        let names = blocks
            .iter()
            .map(|block| view! { <b class="fact" role="columnheader">{block.value.clone()}</b> }.into_any());
        view! { <div class="factrow" role="row"><span></span>{names.collect::<Vec<_>>()}</div> }.into_any()
    });
    let rows = Standing::ALL.into_iter().enumerate().map(|(place, standing)| {
        let cells = blocks.iter().filter_map(|block| block.rows.get(place));
        let cells: Vec<AnyView> = cells.map(|row| cell(row, preferences)).collect();
        view! {
            <div class="factrow" role="row">
                <span class="factname" role="rowheader">{preferences.word(name(standing))}</span>
                {cells}
            </div>
        }
        .into_any()
    });
    heads.into_iter().chain(rows).collect()
}

fn cell(row: &Row, preferences: Preferences) -> AnyView {
    let class = match row.holds {
        true => format!("mark {}", row.standing.key()),
        false => format!("mark {} not", row.standing.key()),
    };
    let tick = (row.holds && row.standing != Standing::Accepted).then_some("M4.6 8.3l2.4 2.4 4.6-5.2");
    view! {
        <span class="fact" class:dim=!row.holds role="cell">
            <svg class=class viewBox="0 0 16 16" aria-hidden="true">
                <path d=outline(row.standing)></path>
                {tick.map(|tick| view! { <path class="tick" d=tick></path> })}
            </svg>
            <span>{preferences.say(&row.text)}</span>
        </span>
    }
    .into_any()
}

fn name(standing: Standing) -> &'static Words {
    match standing {
        Standing::Accepted => &say::STANDS_ACCEPTED,
        Standing::Chosen => &say::STANDS_CHOSEN,
        Standing::Known => &say::STANDS_KNOWN,
        Standing::Acknowledged => &say::STANDS_ACKNOWLEDGED,
    }
}

/// A cell of a register, a square that belongs to no node, a node's circle, a client's rounded square.
fn outline(standing: Standing) -> &'static str {
    match standing {
        Standing::Accepted => "M2 3.5H14a1 1 0 0 1 1 1V11.5a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V4.5a1 1 0 0 1 1-1Z",
        Standing::Chosen => "M1 1H15V15H1Z",
        Standing::Known => "M1 8a7 7 0 1 0 14 0a7 7 0 1 0-14 0Z",
        Standing::Acknowledged => {
            "M4.5 1H11.5A3.5 3.5 0 0 1 15 4.5V11.5A3.5 3.5 0 0 1 11.5 15H4.5A3.5 3.5 0 0 1 1 11.5V4.5A3.5 3.5 0 0 1 4.5 1Z"
        }
    }
}
