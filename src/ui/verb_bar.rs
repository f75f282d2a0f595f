//! The bar below the stage: what can be done to the chosen thing, and how to split the cluster in two.
//!
//! Must not know any protocol, nor how a verb is carried out.

use super::player::Player;
use super::preferences::Preferences;
use super::verbs::{Offer, Thing, offers, title};
use crate::engine::ids::{Link, NodeId};
use crate::engine::session::Side;
use crate::text::page as say;
use crate::ui::live::{act, flag, live, piece, pieces};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The bar's place in the page, where a key can find it.
const BAR: &str = "verbs";

/// The bar of a cluster beside.
const BAR_BESIDE: &str = "verbs-beside";

/// Moves the focus to the first verb of the thing that is chosen on a side.
pub fn focus_verbs(side: Side) {
    let bar = if side == Side::Left { BAR } else { BAR_BESIDE };
    let first = document().get_element_by_id(bar).and_then(|bar| bar.query_selector("button").ok().flatten());
    if let Some(button) = first.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

/// The bar of the chosen thing; while nothing is chosen, only what can be done to the whole cluster.
#[component]
pub fn VerbBar() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let any_cut = player.follow(|frame, _| !frame.cuts.is_empty());
    let split = move || player.thing.get() == Some(Thing::Cluster);
    let toggle = move || player.thing.set(if split() { None } else { Some(Thing::Cluster) });
    if player.side == Side::Right {
        // What is done to the whole cluster is done on both sides, and offered once.
        return view! {
            <div class="toolrow verbrow">
                <div id=BAR_BESIDE class="verbs">{piece(move || player.thing.get().map(|thing| bar_of(thing, player, preferences)))}</div>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="toolrow verbrow">
            <div id=BAR class="verbs">{piece(move || player.thing.get().map(|thing| bar_of(thing, player, preferences)))}</div>
            <span class="gap"></span>
            <button class="btn" aria-expanded=live(move || split().to_string()) on:click=act(toggle)>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M9 1.5v3M9 6.5v5M9 13.5v3M1.5 9h4M12.5 9h4"></path></svg>
                {live(move || preferences.word(&say::PARTITION))}
            </button>
            <button class="btn" disabled=move || !any_cut.get() on:click=act(move || player.heal_all())>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M1.5 9h15M6 5.5v7M12 5.5v7"></path></svg>
                {live(move || preferences.word(&say::HEAL_ALL))}
            </button>
        </div>
    }
    .into_any()
}

fn bar_of(thing: Thing, player: Player, preferences: Preferences) -> AnyView {
    match thing {
        Thing::Cluster => sides(player, preferences),
        thing => verbs(thing, player, preferences),
    }
}

fn verbs(thing: Thing, player: Player, preferences: Preferences) -> AnyView {
    let called = player.follow(move |frame, _| title(frame, thing));
    let name = live(move || called.with(|name| preferences.say(name)));
    let offered = player.follow(move |frame, _| offers(frame, thing));
    let button = move |offer: Offer| {
        let Offer { verb, name, short, key } = offer;
        let name = (name != short).then(|| preferences.say(&name));
        view! {
            <button class="btn" aria-label=name aria-keyshortcuts=key on:click=act(move || player.perform(thing, verb))>{preferences.say(&short)}</button>
        }
    };
    view! {
        <span class="strong">{name}</span>
        <div role="group" class="verbs" aria-label=name>
            {pieces(move || offered.get().into_iter().map(|offer| button(offer).into_any()).collect())}
        </div>
        {close(player, preferences)}
    }
    .into_any()
}

fn close(player: Player, preferences: Preferences) -> impl IntoView {
    view! {
        <button class="btn quiet" aria-label=live(move || preferences.word(&say::CLOSE)) on:click=act(move || player.thing.set(None))>
            <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M5 5l8 8M13 5l-8 8"></path></svg>
        </button>
    }
}

/// A button for each node: pressed are those of one side, and between the sides everything is cut.
fn sides(player: Player, preferences: Preferences) -> AnyView {
    let side = RwSignal::new(Vec::<NodeId>::new());
    let nodes = player.nodes();
    let toggle = move |node: NodeId| {
        side.update(|side| match side.iter().position(|there| *there == node) {
            Some(place) => drop(side.remove(place)),
            None => side.push(node),
        });
    };
    let member = |node: NodeId| {
        let within = move || side.with(|side| side.contains(&node));
        let name = live(move || preferences.say(&say::NODE_TITLE.with("node", node)));
        view! {
            <button class="btn side" class:pressed=flag(within) aria-pressed=live(move || within().to_string()) aria-label=name on:click=act(move || toggle(node))>
                {node.number()}
            </button>
        }
    };
    let members = nodes.iter().copied().map(member).collect_view();
    let count = nodes.len();
    let cut = move || {
        let one = side.get_untracked();
        let other = nodes.iter().copied().filter(|node| !one.contains(node)).collect::<Vec<_>>();
        let across = |from: &NodeId| other.iter().map(|to| Link { from: *from, to: *to }).collect::<Vec<_>>();
        player.cut_all(one.iter().flat_map(across));
        player.thing.set(None);
    };
    let useless = move || side.with(|side| side.is_empty() || side.len() == count);
    view! {
        <span class="strong">{live(move || preferences.word(&say::PARTITION_SIDE))}</span>
        <div role="group" class="verbs" aria-label=live(move || preferences.word(&say::PARTITION_SIDE))>{members}</div>
        <button class="btn" disabled=useless on:click=act(cut)>{live(move || preferences.word(&say::PARTITION_CUT))}</button>
        {close(player, preferences)}
    }
    .into_any()
}
