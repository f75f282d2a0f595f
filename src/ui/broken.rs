//! A broken promise: the sentence, what contradicts it, and the scenario file that repeats it.
//!
//! Must not know any protocol.

use super::player::Player;
use super::preferences::Preferences;
use crate::engine::invariant::Violation;
use crate::text::page as say;
use crate::ui::live::{act, live, memo, when};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

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
                <FileOfRun/>
            </div>
        }.into_any())}
    }
}

/// Saves or copies the run up to the instant that is shown, as a scenario file.
#[component]
fn FileOfRun() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let copied = RwSignal::new(false);
    let href = live(move || {
        player.standing.track();
        let file = js_sys::encode_uri_component(&player.file());
        format!("data:application/json;charset=utf-8,{file}")
    });
    let copy = move || copy_text(&player.file(), move || copied.set(true));
    let label = move || preferences.word(if copied.get() { &say::COPIED } else { &say::COPY_FILE });
    view! {
        <div class="verbs">
            <a class="btn" download="conclave.json" href=href>{live(move || preferences.word(&say::SAVE_FILE))}</a>
            <button class="btn" on:click=act(copy)>{live(label)}</button>
        </div>
    }
}

/// Copies a text and then says so. Where copying is not allowed nothing happens: there is still the file to save.
fn copy_text(text: &str, done: impl FnOnce() + 'static) {
    let navigator = window().navigator();
    // A page that was not loaded securely has no clipboard at all.
    let has_one =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| !found.is_undefined());
    if has_one {
        let then = Closure::once(move |_: JsValue| done());
        let refused = Closure::once(|_: JsValue| ());
        let _ = navigator.clipboard().write_text(text).then2(&then, &refused);
        // The browser calls one of them, once.
        then.forget();
        refused.forget();
    }
}
