//! The promises of the protocol, as a quiet row: an equals sign while one holds, crossed out when it is broken.
//!
//! Of many, the first few stand there and the rest unfolds; one that is broken is never folded away.

use super::caption::Caret;
use super::player::Player;
use super::preferences::Preferences;
use crate::text::page as say;
use crate::ui::live::{act, flag, list, live, when};
use leptos::prelude::*;

/// So many are all shown.
const MOST_SHOWN: usize = 8;
/// Of more than that, so many are shown before the rest is unfolded.
const SHOWN_FOLDED: usize = 7;

/// The row of invariants, another one with another protocol.
#[component]
pub fn Invariants() -> impl IntoView {
    let player = Player::here();
    let protocol = move || vec![player.beginning.with(|beginning| beginning.protocol.key)];
    list(protocol, |key| *key, |_| view! { <Promises/> }.into_any())
}

/// The invariants of the protocol that runs, and what is broken.
#[component]
fn Promises() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let promises = (player.beginning.get_untracked().protocol.invariants)();
    let count = promises.len();
    let foldable = MOST_SHOWN < count;
    let open = RwSignal::new(false);
    let broken = move |id: &'static str| {
        player.violations.with(|violations| violations.iter().any(|violation| violation.id == id))
    };
    let ids: Vec<&'static str> = promises.iter().map(|(id, ..)| *id).collect();
    // How many the button would unfold: the broken ones are there already.
    let folded = move || ids.iter().skip(SHOWN_FOLDED).filter(|id| !broken(id)).count();
    let lamps = promises.into_iter().enumerate().map(move |(place, (id, _, name, promise))| {
        let label = move || {
            let words = if broken(id) { &say::INVARIANT_BROKEN } else { &say::INVARIANT_HOLDS };
            preferences.say(&words.with("name", name))
        };
        let sign = move || if broken(id) { "M1 3.6h9M1 7.4h9M8.5 .5l-6 10" } else { "M1 3.6h9M1 7.4h9" };
        let hidden = move || foldable && SHOWN_FOLDED <= place && !open.get() && !broken(id);
        view! {
            <li class="lamp" class:broken=flag(move || broken(id)) class:hidden=flag(hidden) title=live(move || preferences.word(promise)) aria-label=live(label)>
                <svg viewBox="0 0 11 11" aria-hidden="true"><path d=live(sign)></path></svg>
                <span aria-hidden="true">{live(move || preferences.word(name))}</span>
            </li>
        }
    });
    let summary = move || match player.violations.with(|violations| violations.is_empty()) {
        true => preferences.say(&say::INVARIANTS_HOLD.with("count", count)),
        false => preferences.word(&say::INVARIANTS).to_string(),
    };
    let unfold = live(move || match open.get() {
        true => preferences.word(&say::INVARIANTS_FEWER).to_string(),
        false => preferences.say(&say::INVARIANTS_MORE.with("count", folded())),
    });
    view! {
        <section aria-label=live(move || preferences.word(&say::INVARIANTS))>
        <div class="lamps">
            <span class="lead">{live(summary)}</span>
            <ul>{lamps.collect_view()}</ul>
            {when(move || foldable, move || view! {
                <button class="btn quiet" aria-expanded=live(move || open.get().to_string()) on:click=act(move || open.update(|open| *open = !*open))>
                    {unfold}
                    <Caret/>
                </button>
            }.into_any())}
        </div>
        </section>
    }
}
