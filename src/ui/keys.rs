//! Every key, in one list: what the page does at it, and what the help says of it.
//!
//! Single keys can be switched off; then only the space bar, the arrows and `Escape` are left, which do nothing while
//! the focus is on something that needs them itself.

use super::checker;
use super::dialog::dialog;
use super::menu;
use super::player::{Player, SPEEDS};
use super::preferences::Preferences;
use super::verb_bar::focus_verbs;
use super::verbs::Thing;
use crate::engine::frame::TimerFrame;
use crate::engine::ids::{ClientId, Micros, NodeId};
use crate::text::Words;
use crate::text::page as say;
use crate::ui::live::{flag, hear, live};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// How far a key moves the hand of a timer.
const NUDGE: Micros = Micros::from_ms(10);

/// What the keys can do beyond the player.
#[derive(Clone, Copy)]
pub struct Panels {
    /// Whether the options are open.
    pub options: RwSignal<bool>,
    /// Whether the list of keys is open.
    pub help: RwSignal<bool>,
    /// Whether what can be shared is open.
    pub share: RwSignal<bool>,
    /// Whether the gallery of scenarios is open.
    pub gallery: RwSignal<bool>,
    /// Whether the space–time diagram is open.
    pub diagram: RwSignal<bool>,
    /// Whether the menu of all that could happen next is open.
    pub menu: RwSignal<bool>,
    /// Whether the checker is open.
    pub checker: RwSignal<bool>,
}

/// A key as the help lists it.
struct Key {
    keys: &'static str,
    does: &'static Words,
}

/// In the order of the help: time, the chosen thing, the whole.
static KEYS: [(&Words, &[Key]); 5] = [
    (
        &say::KEYS_TIME,
        &[
            Key { keys: "Space", does: &say::KEY_PLAY },
            Key { keys: "← →", does: &say::KEY_STEP },
            Key { keys: "- +", does: &say::KEY_SPEED },
            Key { keys: "0", does: &say::BACK_TO_NOW },
            Key { keys: "[ ]", does: &say::KEY_BRANCH },
            Key { keys: "g", does: &say::KEY_DIAGRAM },
            Key { keys: "j", does: &crate::text::menu::WHAT_NEXT },
            Key { keys: "k", does: &crate::text::check::CHECKER },
        ],
    ),
    (
        &say::KEYS_NODE,
        &[
            Key { keys: "1 … 9", does: &say::KEY_CHOOSE },
            Key { keys: "m", does: &say::KEY_MENU },
            Key { keys: "c", does: &say::KEY_LIFE },
            Key { keys: "p", does: &say::KEY_PAUSE },
            Key { keys: "t", does: &say::KEY_FIRE },
            Key { keys: ", .", does: &say::KEY_WIND },
            Key { keys: "i", does: &say::KEY_ISOLATE },
            Key { keys: "r", does: &say::VERB_ASK },
        ],
    ),
    (
        &say::KEYS_PACKET,
        &[
            Key { keys: "a", does: &say::VERB_DELIVER },
            Key { keys: "d", does: &say::VERB_DROP },
            Key { keys: "u", does: &say::VERB_DUPLICATE },
            Key { keys: "l", does: &say::KEY_LATER },
        ],
    ),
    (
        &say::KEYS_LINK,
        &[
            Key { keys: "x", does: &say::KEY_CUT },
            Key { keys: "f", does: &say::KEY_CUT_THERE },
            Key { keys: "b", does: &say::KEY_CUT_BACK },
        ],
    ),
    (
        &say::KEYS_CLUSTER,
        &[
            Key { keys: "s", does: &say::SEND_REQUEST },
            Key { keys: "w", does: &say::PARTITION },
            Key { keys: "h", does: &say::HEAL_ALL },
            Key { keys: "n", does: &say::NEW_RUN },
            Key { keys: "o", does: &say::OPTIONS },
            Key { keys: "v", does: &say::SCENARIOS },
            Key { keys: "e", does: &say::SHARE },
            Key { keys: "?", does: &say::KEYS },
        ],
    ),
];

/// Does what a key says, wherever the focus is on nothing that uses it itself.
pub fn on_key(player: Player, preferences: Preferences, panels: Panels, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
        return;
    }
    let key = event.key();
    let single = key.chars().count() == 1 && key != " ";
    let within = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let inside =
        |what: &str| within.as_ref().is_some_and(|element| element.closest(what).ok().flatten().is_some());
    // A button uses the space bar, a field everything, the list of keys nothing.
    if inside("input, select, textarea, dialog")
        || (!single && key != "Escape" && inside("button, [tabindex] .scroll"))
    {
        return;
    }
    let done = match single {
        true => preferences.keys.get_untracked() && do_single(player, panels, &key.to_lowercase()),
        false => do_named(player, &key),
    };
    if done {
        event.prevent_default();
    }
}

fn do_named(player: Player, key: &str) -> bool {
    match key {
        " " => player.toggle(),
        "ArrowRight" => player.step_forward(),
        "ArrowLeft" => player.step_back(),
        "Escape" => player.let_go(),
        _ => return false,
    }
    true
}

fn do_single(player: Player, panels: Panels, key: &str) -> bool {
    if player.press(key) {
        return true;
    }
    match key {
        "m" => focus_verbs(player.hand_side()),
        "," => nudge(player, false),
        "." => nudge(player, true),
        "-" | "_" => speed(player, false),
        "+" | "=" => speed(player, true),
        "0" => player.back_to_now(),
        "[" => branch(player, false),
        "]" => branch(player, true),
        "s" => player.send_request(ClientId::FIRST),
        "w" => player.thing.set(Some(Thing::Cluster)),
        "h" => player.heal_all(),
        "v" => panels.gallery.set(true),
        "e" => panels.share.set(true),
        "n" => player.restart_fresh(),
        "o" => panels.options.update(|open| *open = !*open),
        "g" => panels.diagram.update(|open| *open = !*open),
        "j" => menu::toggle(panels.menu),
        "k" => checker::toggle(panels.checker),
        "?" => panels.help.set(true),
        digit => return choose(player, digit),
    }
    true
}

fn choose(player: Player, digit: &str) -> bool {
    let node = digit.parse().ok().and_then(NodeId::new).filter(|node| player.nodes().contains(node));
    if let Some(node) = node {
        player.choose(Thing::Node(node));
    }
    node.is_some()
}

fn nudge(player: Player, later: bool) {
    let Some(node) = player.chosen.get_untracked() else { return };
    player.wind(node, |timer: &TimerFrame, _| {
        let span = timer.due.since(timer.armed_at);
        if later { span.after(NUDGE) } else { span.since(NUDGE) }
    });
}

fn speed(player: Player, faster: bool) {
    player.speed.update(|speed| {
        *speed = if faster { (*speed + 1).min(SPEEDS.len() - 1) } else { speed.saturating_sub(1) };
    });
}

fn branch(player: Player, next: bool) {
    let (branch, branches) = player.standing.with_untracked(|standing| (standing.branch, standing.branches));
    player.switch_branch((branch + if next { 1 } else { branches - 1 }) % branches);
}

/// The list of keys, over the page, and the switch that turns single keys off.
#[component]
pub fn Help(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let preferences = Preferences::here();
    let row = move |key: &'static Key| {
        view! { <div><dt>{key.keys}</dt><dd>{live(move || preferences.word(key.does))}</dd></div> }
    };
    let group = move |(title, keys): &'static (&'static Words, &'static [Key])| {
        view! {
            <section>
                <h3>{live(move || preferences.word(title))}</h3>
                <dl>{keys.iter().map(row).collect_view()}</dl>
            </section>
        }
    };
    let switch = move |event: web_sys::Event| preferences.switch_keys(event_target_checked(&event));
    let inside = move || {
        view! {
            <label class="option">
                <input type="checkbox" prop:checked=flag(move || preferences.keys.get()) on:change=hear(switch)/>
                {live(move || preferences.word(&say::KEYS_SINGLE))}
            </label>
            <div class="keylist">{KEYS.iter().map(group).collect_view()}</div>
            <p class="dim">{live(move || preferences.word(&say::KEYS_TAB))}</p>
        }
        .into_any()
    };
    dialog(open, &say::KEYS, "help", inside)
}
