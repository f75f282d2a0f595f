//! The regions of the page and what stands in them.

use super::beginning::Beginning;
use super::caption::Caption;
use super::inspector::Inspector;
use super::invariants::Invariants;
use super::keys::{Help, Panels, on_key};
use super::logs::Logs;
use super::options::Options;
use super::player::{Player, SPEEDS};
use super::preferences::{Preferences, Theme, parameter};
use super::stage::Stage;
use super::transport::Transport;
use super::verb_bar::VerbBar;
use crate::engine::ids::ClientId;
use crate::text::Words;
use crate::text::page as say;
use crate::ui::live::{flag, live, maybe};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let preferences = Preferences::new();
    provide_context(preferences);
    let speed = parameter("speed").and_then(|wanted| speed_of(&wanted));
    let playing = parameter("autoplay").as_deref() != Some("0");
    let player = Player::new(Beginning::from_address(), playing, speed);
    provide_context(player);
    let panels = Panels { options: RwSignal::new(false), help: RwSignal::new(false) };
    rest_while_hidden(player);
    let digest = move || {
        player.standing.track();
        player.frame.track();
        (!player.playing.get()).then(|| format!("{:016x}", player.digest()))
    };
    view! {
        <div
            id="app"
            class="app"
            data-position=live(move || player.standing.with(|standing| standing.position.to_string()))
            data-length=live(move || player.standing.with(|standing| standing.len.to_string()))
            data-now-ms=live(move || player.clock.get().as_ms().to_string())
            data-playing=live(move || player.playing.get().to_string())
            data-digest=maybe(digest)
            on:keydown=move |event| on_key(player, preferences, panels, &event)
        >
            <Header panels/>
            <main>
                <div class="left">
                    <StageTools/>
                    <Stage/>
                    <VerbBar/>
                    <Caption/>
                </div>
                <div class="side">
                    <Options open=panels.options/>
                    <Logs/>
                    <Inspector/>
                </div>
            </main>
            <Invariants/>
            <Transport/>
            <Help open=panels.help/>
        </div>
    }
}

/// The speed of the list that is nearest to what the address asks for.
fn speed_of(wanted: &str) -> Option<usize> {
    let wanted: f64 = wanted.parse().ok().filter(|wanted| 0.0 < *wanted)?;
    let off = |place: &usize| (SPEEDS[*place].0.ln() - wanted.ln()).abs();
    (0..SPEEDS.len()).min_by(|a, b| off(a).total_cmp(&off(b)))
}

/// Nothing is drawn while nobody looks; the run goes on from where it was.
fn rest_while_hidden(player: Player) {
    let wake = Closure::<dyn Fn()>::new(move || player.wake());
    let _ = document().add_event_listener_with_callback("visibilitychange", wake.as_ref().unchecked_ref());
    // The page lives as long as its listener.
    wake.forget();
}

/// What the variant does, where it is not the correct protocol.
fn broken_rule(player: Player) -> Option<&'static Words> {
    let beginning = player.beginning.get();
    beginning.protocol.variant_words.get(beginning.variant).copied().filter(|_| 0 < beginning.variant)
}

#[component]
fn Header(panels: Panels) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let theme_state = move || match preferences.theme.get() {
        Theme::Auto => preferences.word(&say::THEME_AUTO),
        Theme::Light => preferences.word(&say::THEME_LIGHT),
        Theme::Dark => preferences.word(&say::THEME_DARK),
    };
    view! {
        <header>
            <h1>{live(move || preferences.word(&say::TITLE))}</h1>
            <span class="strong">{live(move || preferences.word(player.beginning.get().protocol.name))}</span>
            <span class="dim wideonly num">{live(move || preferences.say(&say::SEED.with("seed", player.beginning.get().seed)))}</span>
            <span class="variant wideonly">{maybe(move || broken_rule(player).map(|words| preferences.word(words)))}</span>
            <span class="gap"></span>
            <button class="btn" title=live(move || preferences.word(&say::NEW_RUN_HINT)) on:click=move |_| player.restart_fresh()>
                {live(move || preferences.word(&say::NEW_RUN))}
            </button>
            <button class="btn" aria-expanded=live(move || panels.options.get().to_string()) on:click=move |_| panels.options.update(|open| *open = !*open)>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M1.5 5.5h8M13.5 5.5h3M1.5 12.5h3M8.5 12.5h8"></path><circle cx="11.5" cy="5.5" r="2"></circle><circle cx="6.5" cy="12.5" r="2"></circle></svg>
                {live(move || preferences.word(&say::OPTIONS))}
            </button>
            <button class="btn" aria-label=live(move || preferences.word(&say::KEYS)) title=live(move || preferences.word(&say::KEYS)) on:click=move |_| panels.help.set(true)>"?"</button>
            <button class="btn" on:click=move |_| preferences.switch_language()>
                {live(move || preferences.word(&say::OTHER_LANGUAGE))}
            </button>
            <button class="btn" aria-label=live(move || preferences.word(&say::THEME)) title=live(theme_state) on:click=move |_| preferences.switch_theme()>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><circle cx="9" cy="9" r="6.5"></circle><path class="f" d="M9 2.5a6.5 6.5 0 0 1 0 13z"></path></svg>
            </button>
        </header>
    }
}

/// Whether time passes, and what can be done to the whole cluster.
#[component]
fn StageTools() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let past = Memo::new(move |_| player.standing.with(|standing| standing.position < standing.len));
    let state = move || match (player.playing.get(), past.get()) {
        (_, true) => preferences.word(&say::IN_THE_PAST),
        (true, _) => preferences.word(&say::PLAYING),
        (false, _) => preferences.word(&say::PAUSED),
    };
    view! {
        <div class="toolrow above">
            <span class="dim" class:strong=flag(move || past.get())>{live(state)}</span>
            <span class="gap"></span>
            <button class="btn" on:click=move |_| player.send_request(ClientId::FIRST)>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><circle class="f" cx="9" cy="9" r="5"></circle></svg>
                {live(move || preferences.word(&say::SEND_REQUEST))}
            </button>
        </div>
    }
}
