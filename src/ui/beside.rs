//! Two clusters beside each other, each with its title, its stage and its caption; and what both have cost, in a table.
//!
//! The same components as for one: they ask the nearest player. Must not know any protocol by name.

use super::broken::Broken;
use super::caption::Caption;
use super::options::{name_of_option, value_text};
use super::player::{Costs, Player};
use super::preferences::Preferences;
use super::stage::Stage;
use super::verb_bar::VerbBar;
use crate::engine::counts::Counts;
use crate::engine::options::ENGINE;
use crate::engine::session::Side;
use crate::link::address::Depth;
use crate::text::Words;
use crate::text::page as say;
use crate::ui::live::{flag, live, memo, pieces, when};
use leptos::context::Provider;
use leptos::prelude::*;

/// The cluster, and the one beside it if there is one.
#[component]
pub fn Clusters() -> impl IntoView {
    let player = Player::here();
    let twin = player.of_side(Side::Right);
    let two = memo(move || player.is_pair());
    view! {
        <div class="clusters" class:two=flag(move || two.get())>
            <Cluster two/>
            {when(move || two.get(), move || view! {
                <Provider value=twin><Cluster two/></Provider>
            }.into_any())}
        </div>
        {when(move || two.get(), || view! { <Table/> }.into_any())}
    }
}

/// One cluster: what sets it apart, the stage, what can be done, what is said.
#[component]
fn Cluster(two: Memo<bool>) -> impl IntoView {
    let preferences = Preferences::here();
    let more = preferences.depth != Depth::Min;
    view! {
        <div class="cluster">
            {when(move || two.get(), || view! { <Title/> }.into_any())}
            <Stage/>
            {more.then(|| view! { <VerbBar/> }.into_any())}
            <Broken/>
            <Caption/>
        </div>
    }
}

/// The protocol, the rule that is broken, and the options that the other cluster has set otherwise.
#[component]
fn Title() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let other = player.of_side(player.side.other());
    let name = move || preferences.word(player.beginning.with(|beginning| beginning.protocol.name));
    let variant = move || {
        let variant = player.settings.with(|settings| settings.1);
        let words = player.beginning.with(|it| it.protocol.variant_words.get(variant).copied());
        words.filter(|_| 0 < variant).map_or("", |words| preferences.word(words))
    };
    let different = move || {
        let protocol = player.beginning.with(|beginning| beginning.protocol);
        let (there, nodes) = other.beginning.with(|beginning| (beginning.protocol, beginning.nodes));
        let of = |player: Player, place: usize| player.settings.with(|settings| settings.0.get(place));
        let specs = ENGINE.iter().chain(protocol.options).enumerate();
        let set = specs.filter_map(|(place, spec)| {
            let twin = ENGINE.iter().chain(there.options).position(|other| other.key == spec.key)?;
            let value = of(player, place);
            let text = || format!("{} {}", name_of_option(spec), value_text(value, nodes, preferences));
            (value != of(other, twin)).then(text)
        });
        set.collect::<Vec<_>>().join(", ")
    };
    view! {
        <h2 class="clustername">
            {live(name)}
            <span class="variant">{live(variant)}</span>
            <span class="dim">{live(different)}</span>
        </h2>
    }
}

/// A line of the table: what is counted, how, and what it is on each side.
struct Line {
    what: String,
    help: &'static str,
    is_part: bool,
    values: [String; 2],
}

/// What both have cost.
#[component]
fn Table() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let names = move || {
        let name = |side: Side| {
            let name = preferences.say(&player.of_side(side).cluster_name());
            view! { <th scope="col">{name}</th> }.into_any()
        };
        [Side::Left, Side::Right].map(name).into()
    };
    let rows = move || {
        let lines = player.costs.with(|costs| costs.as_ref().map(|costs| lines(costs, preferences)));
        lines.unwrap_or_default().into_iter().map(row).collect()
    };
    view! {
        <section class="panel costs" aria-labelledby="costs-title">
            <h2 id="costs-title">{live(move || preferences.word(&say::COUNTED))}</h2>
            <table aria-labelledby="costs-title">
                <thead><tr><th scope="col" class="dim">{live(move || preferences.word(&say::COUNTED_WHAT))}</th>{pieces(names)}</tr></thead>
                <tbody>{pieces(rows)}</tbody>
            </table>
        </section>
    }
}

fn row(line: Line) -> AnyView {
    let Line { what, help, is_part, values: [left, right] } = line;
    view! {
        <tr class:part=is_part>
            <th scope="row">{what}<span class="dim">{help}</span></th>
            <td>{left}</td>
            <td>{right}</td>
        </tr>
    }
    .into_any()
}

fn lines(costs: &Costs, preferences: Preferences) -> Vec<Line> {
    let line = |what: &'static Words, help: Option<&'static Words>, value: &dyn Fn(&Counts) -> String| Line {
        what: preferences.word(what).to_string(),
        help: help.map_or("", |help| preferences.word(help)),
        is_part: false,
        values: [value(&costs.of[0]), value(&costs.of[1])],
    };
    let leaderless = |counts: &Counts| preferences.ms(counts.leaderless_until(costs.now));
    let mut lines = vec![
        line(&say::COUNT_CHOSEN, None, &|counts| counts.chosen.to_string()),
        line(&say::COUNT_ANSWERED, None, &|counts| counts.answered.to_string()),
        line(&say::COUNT_TRIPS, Some(&say::COUNT_TRIPS_HELP), &|counts| {
            mean(counts.hops, 2 * counts.measured)
        }),
        line(&say::COUNT_COST, Some(&say::COUNT_COST_HELP), &|counts| {
            mean(counts.for_commands, counts.answered)
        }),
        line(&say::COUNT_LEADERLESS, Some(&say::COUNT_LEADERLESS_HELP), &leaderless),
        line(&say::COUNT_MESSAGES, None, &|counts| counts.messages().to_string()),
    ];
    lines.extend(kinds(costs).into_iter().map(|kind| Line {
        what: kind.to_string(),
        help: "",
        is_part: true,
        values: [sent(&costs.of[0], kind), sent(&costs.of[1], kind)],
    }));
    lines
}

/// Every kind that one of both has sent, those of the left one first.
fn kinds(costs: &Costs) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = Vec::new();
    for (kind, count) in costs.of.iter().flat_map(|counts| &counts.sent) {
        if 0 < *count && !kinds.contains(kind) {
            kinds.push(kind);
        }
    }
    kinds
}

fn sent(counts: &Counts, kind: &str) -> String {
    let sent = counts.sent.iter().find(|(known, _)| *known == kind);
    sent.map_or(NOTHING.to_string(), |(_, count)| count.to_string())
}

/// Where there is nothing to be counted.
const NOTHING: &str = "–";

/// A mean with at most two decimals.
fn mean(sum: u64, count: u64) -> String {
    if count == 0 {
        return NOTHING.to_string();
    }
    let hundredths = (sum * 100 + count / 2) / count;
    let written = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    written.trim_end_matches('0').trim_end_matches('.').to_string()
}
