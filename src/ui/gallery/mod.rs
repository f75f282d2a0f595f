//! The gallery: every built-in scenario of every protocol, with a picture of its telling moment and something to try.
//!
//! Files are read and pictured a few at a time, so that the page goes on meanwhile. Must not know any protocol.

mod still;

use super::beginning::Beginning;
use super::dialog::dialog;
use super::player::Player;
use super::preferences::Preferences;
use super::share;
use crate::engine::frame::Lens;
use crate::link::address::{Address, built_in, scenarios};
use crate::protocols::PROTOCOLS;
use crate::scenario::file::{Scenario, Wording};
use crate::scenario::puzzle;
use crate::scenario::run::run;
use crate::scenario::topic::{TOPICS, Topic};
use crate::text::menu as menu_say;
use crate::text::page as say;
use crate::ui::live::{Handler, act, flag, hear, list, live, watch};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::sync::Arc;

/// How many cards are made before the page may do something else.
const AT_ONCE: usize = 2;
/// The filter that lets everything through.
const ALL: &str = "";

/// A scenario as its card shows it.
struct Card {
    slug: &'static str,
    protocol: &'static str,
    title: Wording,
    about: Wording,
    hint: Wording,
    topics: Vec<Topic>,
    /// Its variant, where the fault of it can be found by hand.
    puzzle: Option<&'static str>,
    view_box: String,
    picture: String,
}

impl Card {
    /// Runs a scenario to its telling moment. That each can be read and run is tested.
    fn of(slug: &'static str) -> Option<Card> {
        let file = built_in(slug)?;
        let steps = file.still.map_or(file.steps.clone(), |still| file.steps[..still].to_vec());
        let moment = run(&Scenario { steps, ..file.clone() }).ok()?.runner.into_session();
        let (view_box, picture) = still::still(&moment.frame(Lens::ALL));
        let variant = file.protocol.variants.get(file.opening.variant);
        let puzzle = puzzle::names(file.protocol).find(|name| variant == Some(name));
        let Scenario { title, about, hint, topics, protocol, .. } = file;
        Some(Card { slug, protocol: protocol.key, title, about, hint, topics, puzzle, view_box, picture })
    }

    fn passes(&self, protocol: &str, topic: &str) -> bool {
        (protocol == ALL || protocol == self.protocol)
            && (topic == ALL || self.topics.iter().any(|own| own.key == topic))
    }
}

/// The dialog, as large as the page.
#[component]
pub fn Gallery(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    // Made once, when it is first opened.
    let cards = RwSignal::new(Vec::<Arc<Card>>::new());
    watch(move || {
        if open.get() && cards.with_untracked(Vec::is_empty) {
            make(cards, 0);
        }
    });
    dialog(open, &say::SCENARIOS, "gallery", move || view! { <Inside open cards/> }.into_any())
}

fn make(cards: RwSignal<Vec<Arc<Card>>>, from: usize) {
    let slugs: Vec<&'static str> = scenarios().map(|(slug, _)| slug).skip(from).take(AT_ONCE).collect();
    if !slugs.is_empty() {
        let made = slugs.into_iter().filter_map(Card::of).map(Arc::new);
        cards.update(|cards| cards.extend(made));
        Timeout::new(0, move || make(cards, from + AT_ONCE)).forget();
    }
}

#[component]
fn Inside(open: RwSignal<bool>, cards: RwSignal<Vec<Arc<Card>>>) -> impl IntoView {
    let (player, preferences) = (Player::here(), Preferences::here());
    let protocol = RwSignal::new(player.beginning.with_untracked(|beginning| beginning.protocol.key));
    let topic = RwSignal::new(ALL);
    let shown = move || {
        let passes = |card: &&Arc<Card>| card.passes(protocol.get(), topic.get());
        cards.with(|cards| cards.iter().filter(passes).cloned().collect::<Vec<_>>())
    };
    let name = move |key: &'static str| {
        let found = PROTOCOLS.iter().find(|protocol| protocol.key == key);
        preferences.word(found.map_or(&say::ALL_PROTOCOLS, |protocol| protocol.name))
    };
    let tab = move |key: &'static str| {
        let pressed = live(move || (protocol.get() == key).to_string());
        view! {
            <button class="btn" aria-pressed=pressed class:pressed=flag(move || protocol.get() == key) on:click=act(move || protocol.set(key))>
                {live(move || name(key))}
            </button>
        }
    };
    let pick = move |event: web_sys::Event| {
        let wanted = event_target_value(&event);
        topic.set(TOPICS.iter().map(|topic| topic.key).find(|key| *key == wanted).unwrap_or(ALL));
    };
    let option = move |offered: &'static Topic| {
        view! { <option value=offered.key>{live(move || preferences.word(offered.words))}</option> }
    };
    let free = move || {
        open.set(false);
        player.restart_as(|_| ());
    };
    let count = move || preferences.say(&say::SCENARIO_COUNT.with("count", shown().len()));
    view! {
        <div class="filters">
            <div class="tabs" role="group" aria-label=live(move || preferences.word(&say::PROTOCOL))>
                {tab(ALL)}
                {PROTOCOLS.iter().map(|protocol| tab(protocol.key)).collect_view()}
            </div>
            <label class="pick">
                <select aria-label=live(move || preferences.word(&say::TOPIC)) on:change=hear(pick)>
                    <option value=ALL>{live(move || preferences.word(&say::ALL_TOPICS))}</option>
                    {TOPICS.iter().map(option).collect_view()}
                </select>
                <super::caption::Caret/>
            </label>
            <span class="dim" role="status">{live(count)}</span>
            <span class="gap"></span>
            <button class="btn" on:click=act(free)>{live(move || preferences.word(&say::NO_SCENARIO))}</button>
        </div>
        <div class="cards">
            {list(shown, |card| card.slug, move |card| card_view(&card, open, player, preferences))}
        </div>
    }
}

fn card_view(card: &Arc<Card>, open: RwSignal<bool>, player: Player, preferences: Preferences) -> AnyView {
    let slug = card.slug;
    let said = |of: fn(&Card) -> &Wording| {
        let card = Arc::clone(card);
        live(move || of(&card).say(preferences.lang.get()).unwrap_or_default().to_string())
    };
    let (href, go) = leads(open, &[("scenario", slug)], move || {
        let file = built_in(slug);
        file.into_iter().for_each(|file| player.begin(Beginning::of_file(file, Some(slug)).run()));
    });
    let topics = card.topics.clone();
    let topics = live(move || {
        topics.iter().map(|topic| preferences.word(topic.words)).collect::<Vec<_>>().join(" · ")
    });
    let protocol =
        PROTOCOLS.iter().find(|protocol| protocol.key == card.protocol).map(|protocol| protocol.name);
    let protocol = live(move || protocol.map(|name| preferences.word(name)).unwrap_or_default());
    let challenge = card.puzzle.map(|variant| challenge(card.protocol, variant, open, player, preferences));
    view! {
        <div class="cardbox">
        <a class="card" href=href on:click=go>
            <svg class="layer picture" viewBox=card.view_box.clone() aria-hidden="true" inner_html=card.picture.clone()></svg>
            <b>{said(|card| &card.title)}</b>
            <span>{said(|card| &card.about)}</span>
            <span class="try"><i>{live(move || preferences.word(&say::TRY))}</i>" "{said(|card| &card.hint)}</span>
            <span class="dim">{protocol}" · "{topics}</span>
        </a>
        {challenge}
        </div>
    }
    .into_any()
}

/// The way from a card of a broken rule to its challenge.
fn challenge(
    protocol: &'static str,
    variant: &'static str,
    open: RwSignal<bool>,
    player: Player,
    preferences: Preferences,
) -> AnyView {
    let (href, go) = leads(open, &[("algo", protocol), ("puzzle", variant)], move || {
        let info = PROTOCOLS.iter().find(|info| info.key == protocol);
        let puzzle = info.and_then(|info| Beginning::of_puzzle(info, variant));
        puzzle.into_iter().for_each(|puzzle| player.begin(puzzle.run()));
    });
    let name = live(move || preferences.say(&menu_say::PUZZLE_TITLE.with("variant", variant)));
    view! {
        <a class="btn find" href=href aria-label=name on:click=go>
            {live(move || preferences.word(&menu_say::FIND_YOURSELF))}
        </a>
    }
    .into_any()
}

/// Where a link of a card leads, and what a press of it does in this window instead.
fn leads(
    open: RwSignal<bool>,
    pairs: &[(&'static str, &'static str)],
    begin: impl Fn() + 'static,
) -> (String, Handler<web_sys::MouseEvent>) {
    let mut address = Address::default();
    for (name, value) in pairs {
        let _ = address.set(name, value);
    }
    let go = hear(move |event: web_sys::MouseEvent| {
        // With a key pressed the reader wants it in a window of its own.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        open.set(false);
        begin();
    });
    (share::page(&address, ""), go)
}
