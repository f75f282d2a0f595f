//! The menu: everything that could happen next at the instant that is shown, and what each would lead to.
//!
//! Worked out only while it is open and time stands still. What is picked from it is done like anything by hand. Must
//! not know any protocol.

use super::caption::Caret;
use super::folded;
use super::glyph::{CROSS, packet_icon};
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::action::Action;
use crate::engine::ids::Micros;
use crate::engine::invariant::Violation;
use crate::engine::menu::{Choice, Kind, Menu};
use crate::text::menu as say;
use crate::text::{Text, Words};
use crate::ui::live::{act, flag, live, maybe, pieces, watch};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// The button that opens it, where a key can find it.
const FOLD: &str = "menu-fold";
/// Where what can be picked stands.
const INSIDE: &str = "menu-inside";

/// Unfolds the menu and moves the focus to it, or folds it.
pub fn toggle(open: RwSignal<bool>) {
    folded::toggle(open, FOLD);
}

fn focus(selector: &str) {
    let found = document().query_selector(selector).ok().flatten();
    if let Some(element) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// What a kind is called, what stands before its things, and whether it is unfolded at first: of the rest there is much,
/// and it says little that its name does not say.
fn group(kind: Kind) -> (&'static Words, &'static str, bool) {
    match kind {
        Kind::Arrival => (&say::ARRIVALS, "", true),
        Kind::Timer => (&say::TIMERS, "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0ZM0-5V0L4 2", true),
        Kind::Node => (&say::NODES, "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0ZM-3-3 3 3M3-3-3 3", true),
        Kind::Link => (&say::LINKS, "M-10 0H-4M4 0H10M-2-5V5M2-5V5", false),
        Kind::Loss => (&say::LOSSES, CROSS, false),
        Kind::Copy => (&say::COPIES, "M-8-4H4V8H-8ZM-4-4V-8H8V4H4", false),
    }
}

/// The panel, folded at first.
#[component]
pub fn MenuPanel(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    folded::folded(open, FOLD, "menu", &say::WHAT_NEXT, || view! { <Opened/> }.into_any())
}

/// All that the opened menu needs; cheap to copy.
#[derive(Clone, Copy)]
struct Opened {
    player: Player,
    preferences: Preferences,
    /// Nothing while time passes.
    menu: RwSignal<Option<Rc<Menu>>, LocalStorage>,
}

#[component]
fn Opened() -> impl IntoView {
    let (player, preferences) = (Player::here(), Preferences::here());
    let opened = Opened { player, preferences, menu: RwSignal::new_local(None) };
    watch(move || {
        player.frame.track();
        let stands = !player.playing.get();
        opened.menu.set(stands.then(|| Rc::new(player.menu())));
    });
    let past = player.follow(|_, standing| standing.position < standing.len);
    let note = move || match (player.playing.get(), past.get()) {
        (true, _) => preferences.word(&say::WHILE_PLAYING),
        (false, true) => preferences.word(&say::FORKS),
        (false, false) => preferences.word(&say::TRIED),
    };
    let more = move || {
        let more = opened.menu.with(|menu| menu.as_ref().map_or(0, |menu| menu.more));
        (0 < more).then(|| preferences.say(&say::MORE_PACKETS.with("count", more)))
    };
    view! {
        <p class="dim" class:strong=flag(move || past.get() && !player.playing.get())>{live(note)}</p>
        <div id=INSIDE>{Kind::ALL.map(|kind| opened.group(kind)).collect_view()}</div>
        <p class="dim">{maybe(more)}</p>
    }
}

impl Opened {
    /// The things of one kind under their name, which folds them.
    fn group(self, kind: Kind) -> AnyView {
        let (name, sign, opens) = group(kind);
        let (preferences, open) = (self.preferences, RwSignal::new(opens));
        let of_kind = move || {
            self.menu.with(|menu| {
                let choices = menu.iter().flat_map(|menu| &menu.choices);
                choices.filter(|choice| choice.kind == kind).cloned().collect::<Vec<_>>()
            })
        };
        let count = live(move || of_kind().len());
        let rows = move || {
            let shown = if open.get() { of_kind() } else { Vec::new() };
            shown.into_iter().map(|choice| self.row(choice, sign)).collect()
        };
        view! {
            <section class:hidden=flag(move || count.with(|count| count == "0"))>
                <h3>
                    <button
                        class="btn fold"
                        aria-expanded=live(move || open.get().to_string())
                        on:click=act(move || open.update(|open| *open = !*open))
                    >
                        {live(move || preferences.word(name))}
                        " "<span class="dim num">{count}</span>
                        <Caret/>
                    </button>
                </h3>
                <ul>{pieces(rows)}</ul>
            </section>
        }
        .into_any()
    }

    fn row(self, choice: Choice, sign: &'static str) -> AnyView {
        let preferences = self.preferences;
        let icon = match &choice.packet {
            Some(packet) if sign.is_empty() => packet_icon(packet).into_any(),
            _ => view! { <svg class="packet-icon sign" viewBox="-12 -12 24 24" aria-hidden="true"><path d=sign></path></svg> }.into_any(),
        };
        let label = choice.packet.as_ref().map(|packet| preferences.say(&packet.look.label));
        let when = self.when(&choice).map(|text| preferences.say(&text));
        let beside =
            label.into_iter().filter(|label| !label.is_empty()).chain(when).collect::<Vec<_>>().join(" · ");
        let broken = |broken: &Violation| {
            let text = preferences.say(&say::WOULD_BREAK.with("name", broken.name));
            view! { <b class="breaks"><svg viewBox="-7 -7 14 14" aria-hidden="true"><path d=CROSS></path></svg>" "{text}". "</b> }
        };
        let breaks = choice.breaks.iter().map(broken).collect_view();
        let leads = leads(&choice).map(|text| preferences.say(&text)).collect::<Vec<_>>().join(". ");
        let (idle, fatal, name) = (choice.idle, !choice.breaks.is_empty(), preferences.say(&choice.name));
        let action = choice.action;
        let pick = move || self.pick(action.clone());
        view! {
            <li>
                <button class="btn row" class:idle=idle class:fatal=fatal on:click=act(pick)>
                    {icon}
                    <span>
                        <span class="picked">{name}" "<span class="dim">{beside}" "</span></span>
                        <span class="leads">{breaks}{leads}</span>
                    </span>
                </button>
            </li>
        }
        .into_any()
    }

    /// When it happens by itself.
    fn when(self, choice: &Choice) -> Option<Text> {
        let after = choice.due?.since(self.player.now());
        // A tenth is as much as the clock shows.
        let after = Micros(after.0 / 100 * 100);
        let words = if choice.is_next { &say::DUE_NEXT } else { &say::DUE };
        Some(words.with("ms", after))
    }

    /// Lets it happen. The buttons are made anew then, and the focus goes to the first of them.
    fn pick(self, action: Action) {
        self.player.dispatch([action]);
        Timeout::new(0, || {
            let active = document().active_element();
            if active.is_none_or(|element| element.tag_name() == "BODY") {
                focus(&format!("#{INSIDE} li button"));
            }
        })
        .forget();
    }
}

/// What it would lead to, sentence by sentence: what is told and why. Of what a hand does to nodes, links and packets the
/// name says it already.
fn leads(choice: &Choice) -> impl Iterator<Item = Text> {
    let told = choice.told.as_ref().map(|told| &told.telling);
    let nothing = choice.idle.then(|| Text::from(&say::NOTHING));
    let (text, why) = match choice.kind {
        Kind::Arrival | Kind::Timer => {
            let text = told.map_or_else(|| silent(choice), |telling| telling.text.clone());
            (Some(text), told.and_then(|telling| telling.why.clone()))
        }
        Kind::Node => (told.and_then(|telling| telling.why.clone().or(Some(telling.text.clone()))), None),
        Kind::Link | Kind::Loss | Kind::Copy => (None, None),
    };
    let nothing = nothing.filter(|nothing| text.as_ref() != Some(nothing));
    nothing.into_iter().chain(text).chain(why)
}

/// Of what nothing is told, what is sent.
fn silent(choice: &Choice) -> Text {
    match &choice.sent {
        _ if choice.idle => Text::from(&say::NOTHING),
        None => Text::from(&say::SILENT),
        Some((kind, to)) => {
            let to = to.iter().map(|to| to.to_string()).collect::<Vec<_>>().join(", ");
            say::SENDS.with("kind", *kind).with("to", to)
        }
    }
}
