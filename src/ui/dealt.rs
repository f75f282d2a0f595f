//! Who has which part: all parts on every node, or each on nodes of its own. Changed, a new run begins with as many nodes
//! as there are parts to deal.
//!
//! Drawn from what a protocol says of its options; must not know which parts there are.

use super::beginning::Beginning;
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::describe::Dealt;
use crate::engine::ids::MAX_NODES;
use crate::engine::options::{ENGINE_OPTIONS, OptionValue};
use crate::text::Text;
use crate::text::page as say;
use crate::ui::live::{flag, hear, live, maybe, memo, pieces, when};
use leptos::prelude::*;

/// The place of the option of a part among all options.
fn place(beginning: &Beginning, dealt: &Dealt) -> Option<usize> {
    let found = beginning.protocol.options.iter().position(|spec| spec.key == dealt.key);
    found.map(|place| ENGINE_OPTIONS + place)
}

/// How many nodes are asked to have each part; 0 is all of them.
fn counts(beginning: &Beginning) -> Vec<u8> {
    let count = |dealt: &Dealt| place(beginning, dealt).map_or(0, |place| beginning.options.count(place));
    beginning.protocol.dealt.iter().map(count).collect()
}

/// Deals the parts anew, to as many nodes as it takes; where everybody has some part, to no fewer than there are.
fn deal(beginning: &mut Beginning, counts: &[u8]) {
    for (dealt, count) in beginning.protocol.dealt.iter().zip(counts) {
        let Some(place) = place(beginning, dealt) else { continue };
        let Some(spec) = beginning.protocol.options.get(place - ENGINE_OPTIONS) else { continue };
        // What is offered is in range.
        let _ = beginning.options.set(spec, place, OptionValue::Count(*count));
    }
    let needed = counts.iter().sum::<u8>().min(MAX_NODES);
    beginning.nodes = match counts.contains(&0) {
        true => beginning.nodes.max(needed),
        false => needed,
    };
}

/// What is wrong with a number of nodes, if they are not as many as the parts.
fn mismatch(nodes: u8, counts: &[u8]) -> Option<Text> {
    let needed: u8 = counts.iter().sum();
    let words = match () {
        () if nodes < needed => &say::ROLES_TOO_MANY,
        () if needed < nodes && !counts.contains(&0) => &say::ROLES_TOO_FEW,
        () => return None,
    };
    Some(words.with("nodes", nodes).with("roles", needed).with("spare", nodes.saturating_sub(needed)))
}

/// The parts and who has them; nothing where the protocol has none.
#[component]
pub fn Parts() -> impl IntoView {
    let player = Player::here();
    let any = memo(move || player.beginning.with(|beginning| !beginning.protocol.dealt.is_empty()));
    view! {
        {when(move || any.get(), || view! { <Dealing/> }.into_any())}
    }
}

#[component]
fn Dealing() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let now = memo(move || player.beginning.with(counts));
    let apart = memo(move || now.with(|counts| counts.iter().any(|count| 0 < *count)));
    let set = move |event: web_sys::Event| {
        let apart = event_target_value(&event) == "apart";
        player.restart_as(|beginning| {
            let usual = beginning.protocol.dealt.iter().map(|dealt| if apart { dealt.usual } else { 0 });
            deal(beginning, &usual.collect::<Vec<_>>());
        });
    };
    let choices = move || match apart.get() {
        true => player
            .beginning
            .with(|beginning| beginning.protocol.dealt)
            .iter()
            .enumerate()
            .map(|(place, dealt)| one(place, dealt, now))
            .collect(),
        false => Vec::new(),
    };
    let trouble = move || {
        let nodes = player.beginning.with(|beginning| beginning.nodes);
        now.with(|counts| mismatch(nodes, counts)).filter(|_| apart.get()).map(|text| preferences.say(&text))
    };
    view! {
        <fieldset class="option dealt">
            <legend>{live(move || preferences.word(&say::ROLES))}</legend>
            <span class="fields">
                <select aria-label=live(move || preferences.word(&say::ROLES)) on:change=hear(set)>
                    <option value="together" selected=flag(move || !apart.get())>{live(move || preferences.word(&say::ROLES_TOGETHER))}</option>
                    <option value="apart" selected=flag(move || apart.get())>{live(move || preferences.word(&say::ROLES_APART))}</option>
                </select>
                {pieces(choices)}
            </span>
            <span class="dim">{live(move || preferences.word(&say::ROLES_HELP))}</span>
            <span class="strong" role="status">{maybe(trouble)}</span>
        </fieldset>
    }
}

/// How many nodes have one part.
fn one(place: usize, dealt: &'static Dealt, now: Memo<Vec<u8>>) -> AnyView {
    let player = Player::here();
    let preferences = Preferences::here();
    let current = now.with_untracked(|counts| counts.get(place).copied().unwrap_or_default());
    let mut offered: Vec<u8> = (dealt.least..=dealt.most).chain([0, current]).collect();
    offered.sort_unstable();
    offered.dedup();
    let option = |count: u8| {
        let said = move || match count {
            0 => preferences.word(&say::ROLE_OF_ALL).to_string(),
            count => count.to_string(),
        };
        view! { <option value=count.to_string() selected={count == current}>{live(said)}</option> }.into_any()
    };
    let options: Vec<AnyView> = offered.into_iter().map(option).collect();
    let set = move |event: web_sys::Event| {
        let Ok(count) = event_target_value(&event).parse() else { return };
        player.restart_as(|beginning| {
            let mut counts = counts(beginning);
            if let Some(old) = counts.get_mut(place) {
                *old = count;
            }
            deal(beginning, &counts);
        });
    };
    view! {
        <label class="dealtpart">
            {live(move || preferences.word(dealt.name))}
            <select on:change=hear(set)>{options}</select>
        </label>
    }
    .into_any()
}
