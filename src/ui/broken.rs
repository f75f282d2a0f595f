//! A broken promise: the sentence, what contradicts it, and the scenario file that repeats it.
//!
//! Must not know any protocol.

use super::player::Player;
use super::preferences::Preferences;
use crate::engine::invariant::Violation;
use crate::text::page as say;
use crate::ui::live::{memo, when};
use crate::ui::share::files::file_of_run;
use leptos::prelude::*;

/// What is broken on the way to the instant that is shown; nothing while every promise holds.
#[component]
pub fn Broken() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let story = move |violation: &Violation| {
        let promise = preferences.word(violation.promise);
        view! {
            <p class="broken-promise" role="alert">
                <b>{preferences.say(&say::PROMISE_BROKEN.with("name", violation.name))}</b>
                " "{preferences.say(&violation.witness.text)}
                <span class="dim">" "{preferences.say(&say::PROMISE.with("promise", promise))}</span>
            </p>
        }
    };
    let stories = move || player.violations.with(|broken| broken.iter().map(story).collect_view());
    let any = memo(move || player.violations.with(|broken| !broken.is_empty()));
    view! {
        {when(move || any.get(), move || view! {
            <div class="broken">
                {stories}
                <div class="verbs">{file_of_run()}</div>
            </div>
        }.into_any())}
    }
}
