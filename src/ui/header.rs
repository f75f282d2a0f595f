//! The header: the protocol and the scenario that run, another run, the options, language and theme.
//!
//! Must not know any protocol by name.

use super::beginning::Beginning;
use super::caption::Caret;
use super::keys::Panels;
use super::options::{name_of_option, value_text};
use super::player::Player;
use super::preferences::{Preferences, Theme};
use crate::engine::beside::{Beside, switched};
use crate::engine::options::{OptionSpec, OptionValue};
use crate::link::address::Depth;
use crate::protocols::{PROTOCOLS, ProtocolInfo};
use crate::text::Words;
use crate::text::page as say;
use crate::ui::live::{act, flag, hear, live, maybe, memo, pieces};
use leptos::prelude::*;

/// What runs, and what can be chosen for the whole page.
#[component]
pub fn Header(
    /// What it opens.
    panels: Panels,
) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let theme_state = move || match preferences.theme.get() {
        Theme::Auto => preferences.word(&say::THEME_AUTO),
        Theme::Light => preferences.word(&say::THEME_LIGHT),
        Theme::Dark => preferences.word(&say::THEME_DARK),
    };
    let full = preferences.depth == Depth::Full;
    view! {
        <header>
            <h1>{live(move || preferences.word(&say::TITLE))}</h1>
            <Protocols/>
            {full.then(|| view! { <Scenarios panels/> }.into_any())}
            {full.then(|| view! { <span class="wideonly"><Compare/></span> }.into_any())}
            <span class="dim wideonly num">{live(move || preferences.say(&say::SEED.with("seed", player.beginning.get().seed)))}</span>
            <span class="variant wideonly">{maybe(move || broken_rule(player).map(|words| preferences.word(words)))}</span>
            <span class="gap"></span>
            {full.then(|| run_tools(player, preferences, panels))}
            <button class="btn" aria-label=live(move || preferences.word(&say::SHARE)) aria-haspopup="dialog" on:click=act(move || panels.share.set(true))>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M9 11V2.5M5.8 5.5L9 2.3l3.2 3.2M4 8.5v7h10v-7"></path></svg>
                <span class="wideonly">{live(move || preferences.word(&say::SHARE))}</span>
            </button>
            <button class="btn keysbtn" aria-label=live(move || preferences.word(&say::KEYS)) title=live(move || preferences.word(&say::KEYS)) on:click=act(move || panels.help.set(true))>"?"</button>
            <button class="btn" on:click=act(move || preferences.switch_language())>
                {live(move || preferences.word(&say::OTHER_LANGUAGE))}
            </button>
            <button class="btn" aria-label=live(move || preferences.word(&say::THEME)) title=live(theme_state) on:click=act(move || preferences.switch_theme())>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="6.5"></circle><path class="f" d="M9 2.5a6.5 6.5 0 0 1 0 13z"></path></svg>
            </button>
        </header>
    }
}

/// Another run, and the options.
fn run_tools(player: Player, preferences: Preferences, panels: Panels) -> AnyView {
    view! {
            <button class="btn wideonly" title=live(move || preferences.word(&say::NEW_RUN_HINT)) on:click=act(move || player.restart_fresh())>
                {live(move || preferences.word(&say::NEW_RUN))}
            </button>
            <button class="btn" aria-label=live(move || preferences.word(&say::OPTIONS)) aria-expanded=live(move || panels.options.get().to_string()) on:click=act(move || panels.options.update(|open| *open = !*open))>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M1.5 5.5h8M13.5 5.5h3M1.5 12.5h3M8.5 12.5h8"></path><circle cx="11.5" cy="5.5" r="2"></circle><circle cx="6.5" cy="12.5" r="2"></circle></svg>
                <span class="wideonly">{live(move || preferences.word(&say::OPTIONS))}</span>
            </button>
    }
    .into_any()
}

/// The protocol that runs; picked, another one begins.
#[component]
fn Protocols() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let now = move || player.beginning.with(|beginning| beginning.protocol);
    let pick = move |event: web_sys::Event| {
        let wanted = event_target_value(&event);
        if let Some(protocol) = PROTOCOLS.iter().find(|protocol| protocol.key == wanted) {
            player.play(true);
            let beside = player.beginning.with_untracked(|beginning| beginning.beside.clone());
            player.begin(Beginning { beside, ..Beginning::of_protocol(protocol) }.run());
        }
    };
    let option = move |protocol: &'static ProtocolInfo| {
        let selected = flag(move || now().key == protocol.key);
        view! { <option value=protocol.key selected=selected>{live(move || preferences.word(protocol.name))}</option> }
    };
    view! {
        <label class="pick strong">
            <select aria-label=live(move || preferences.word(&say::PROTOCOL)) on:change=hear(pick)>
                {PROTOCOLS.iter().map(option).collect_view()}
            </select>
            <Caret/>
        </label>
    }
}

/// The scenario that runs; pressed, all of them.
#[component]
fn Scenarios(panels: Panels) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let now = move || {
        let chosen = player.beginning.with(|beginning| beginning.title(preferences.lang.get()));
        chosen.unwrap_or_else(|| preferences.word(&say::NO_SCENARIO).to_string())
    };
    let name = move || preferences.say(&say::SCENARIOS_NOW.with("now", now()));
    view! {
        <button class="btn scenario" aria-haspopup="dialog" aria-label=live(name) on:click=act(move || panels.gallery.set(true))>
            <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M2 2.5h5.5V8H2zM10.500 2.500H16V8h-5.500zM2 10.500h5.500V16H2zM10.500 10.500H16V16h-5.500z"></path></svg>
            <span>{live(now)}</span>
        </button>
    }
}

/// What sets a cluster apart: its protocol, its variant, and the option that is switched there.
fn apart(beside: &Beside) -> (&'static str, usize, Option<usize>) {
    let switch = beside.options.iter().find(|(_, value)| matches!(value, OptionValue::Flag(_)));
    (beside.protocol.key, beside.variant, switch.map(|(place, _)| *place))
}

/// The cluster beside: another protocol, or the same with an option switched, or with another rule broken or none. Picked, the run begins again.
#[component]
pub fn Compare() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let now = memo(move || player.beginning.with(|beginning| beginning.beside.as_ref().map(apart)));
    let pick = move |event: web_sys::Event| {
        let wanted = event_target_value(&event);
        let mut parts = wanted.split(' ');
        let key = parts.next().unwrap_or_default();
        let mut number = || parts.next().and_then(|number| number.parse().ok());
        let (variant, switch) = (number().unwrap_or_default(), number());
        let beginning = player.beginning.get_untracked();
        let options = switch.map(|place| (place, switched(beginning.options.get(place))));
        let protocol = PROTOCOLS.iter().find(|protocol| protocol.key == key);
        let beside =
            protocol.map(|protocol| Beside { protocol, variant, options: options.into_iter().collect() });
        player.begin(Beginning { beside, ..beginning }.run());
    };
    let switch = move |protocol: &'static ProtocolInfo, place: usize, spec: &'static OptionSpec| {
        let selected = now.get() == Some((protocol.key, 0, Some(place)));
        let own = player.beginning.with(|beginning| beginning.options.get(place));
        let value = value_text(switched(own), 0, preferences);
        let name = format!("{}: {} {value}", preferences.word(protocol.name), name_of_option(spec));
        view! { <option value=format!("{} 0 {place}", protocol.key) selected=selected>{name}</option> }
            .into_any()
    };
    let option = move |protocol: &'static ProtocolInfo, variant: usize| {
        let selected = now.get() == Some((protocol.key, variant, None));
        let name = match variant {
            0 => preferences.word(protocol.name).to_string(),
            variant => {
                let key = protocol.variants.get(variant).copied().unwrap_or_default();
                let words = protocol.variant_words.get(variant).map_or("", |words| preferences.word(words));
                format!("{} {key}: {words}", preferences.word(protocol.name))
            }
        };
        view! { <option value=format!("{} {variant}", protocol.key) selected=selected>{name}</option> }
            .into_any()
    };
    let options = move || {
        let own = player.beginning.with(|beginning| beginning.protocol);
        let correct = PROTOCOLS.iter().map(|protocol| option(protocol, 0));
        let broken = (1..own.variants.len()).map(|variant| option(own, variant));
        let alike = Beside { protocol: own, variant: 0, options: Vec::new() };
        let switches: Vec<AnyView> = alike.switches().map(|(place, spec)| switch(own, place, spec)).collect();
        // What is beside may break a rule of its own.
        let other = now.get().filter(|(key, variant, _)| *key != own.key && 0 < *variant);
        let other =
            other.and_then(|(key, variant, _)| Some((PROTOCOLS.iter().find(|it| it.key == key)?, variant)));
        let other = other.map(|(protocol, variant)| option(protocol, variant));
        correct.chain(switches).chain(broken).chain(other).collect()
    };
    view! {
        <label class="pick">
            <select aria-label=live(move || preferences.word(&say::COMPARE)) on:change=hear(pick)>
                <option value="" selected=flag(move || now.get().is_none())>{live(move || preferences.word(if now.get().is_none() { &say::COMPARE_WITH } else { &say::COMPARE_NONE }))}</option>
                {pieces(options)}
            </select>
            <Caret/>
        </label>
    }
}

/// What the variant in force does, where it is not the correct protocol.
fn broken_rule(player: Player) -> Option<&'static Words> {
    let variant = player.settings.with(|settings| settings.1);
    let words = player.beginning.with(|beginning| beginning.protocol.variant_words);
    words.get(variant).copied().filter(|_| 0 < variant)
}
