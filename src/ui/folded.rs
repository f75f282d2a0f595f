//! A panel that is folded at first: its heading is a button. Must not know what is in it.

use super::caption::Caret;
use super::preferences::Preferences;
use crate::text::Words;
use crate::ui::live::{act, live, when};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A panel with this title; what is inside is made each time it is unfolded. The button goes by the name `id` in the
/// page.
pub fn folded(
    open: RwSignal<bool>,
    id: &'static str,
    class: &'static str,
    title: &'static Words,
    inside: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let preferences = Preferences::here();
    view! {
        <section class=format!("panel {class}") aria-labelledby=id>
            <h2>
                <button
                    id=id
                    class="btn fold"
                    aria-expanded=live(move || open.get().to_string())
                    on:click=act(move || open.update(|open| *open = !*open))
                >
                    {live(move || preferences.word(title))}
                    <Caret/>
                </button>
            </h2>
            {when(move || open.get(), inside)}
        </section>
    }
    .into_any()
}

/// Unfolds a panel and moves the focus to its button, or folds it.
pub fn toggle(open: RwSignal<bool>, id: &str) {
    open.update(|open| *open = !*open);
    let button = document().get_element_by_id(id).filter(|_| open.get_untracked());
    if let Some(button) = button.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}
