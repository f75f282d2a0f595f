//! The promises of the protocol, as a quiet row: an equals sign while one holds, crossed out when it is broken.

use super::player::Player;
use super::preferences::Preferences;
use crate::text::page as say;
use crate::ui::live::{flag, live};
use leptos::prelude::*;

/// The row of invariants, and what is broken.
#[component]
pub fn Invariants() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let promises = (player.beginning.get_untracked().protocol.invariants)();
    let count = promises.len();
    let broken = move |id: &'static str| {
        player.violations.with(|violations| violations.iter().any(|violation| violation.id == id))
    };
    let lamps = promises.into_iter().map(move |(id, _, name, promise)| {
        let label = move || {
            let words = if broken(id) { &say::INVARIANT_BROKEN } else { &say::INVARIANT_HOLDS };
            preferences.say(&words.with("name", name))
        };
        let sign = move || if broken(id) { "M1 3.6h9M1 7.4h9M8.5 .5l-6 10" } else { "M1 3.6h9M1 7.4h9" };
        view! {
            <li class="lamp" class:broken=flag(move || broken(id)) title=live(move || preferences.word(promise)) aria-label=live(label)>
                <svg viewBox="0 0 11 11" aria-hidden="true"><path d=live(sign)></path></svg>
                <span aria-hidden="true">{live(move || preferences.word(name))}</span>
            </li>
        }
    });
    let summary = move || match player.violations.with(|violations| violations.is_empty()) {
        true => preferences.say(&say::INVARIANTS_HOLD.with("count", count)),
        false => preferences.word(&say::INVARIANTS).to_string(),
    };
    view! {
        <section aria-label=live(move || preferences.word(&say::INVARIANTS))>
        <div class="lamps">
            <span class="lead">{live(summary)}</span>
            <ul>{lamps.collect_view()}</ul>
        </div>
        </section>
    }
}
