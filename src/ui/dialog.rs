//! A dialog over the page: it takes the focus, gives it back, and closes at `Escape`. Must not know what is in it.

use super::preferences::Preferences;
use crate::text::Words;
use crate::text::page as say;
use crate::ui::live::{act, live, watch, when};
use leptos::html;
use leptos::prelude::*;

/// A dialog with this title; what is inside is made each time it opens.
pub fn dialog(
    open: RwSignal<bool>,
    title: &'static Words,
    class: &'static str,
    inside: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let preferences = Preferences::here();
    let element = NodeRef::<html::Dialog>::new();
    watch(move || {
        let Some(element) = element.get() else { return };
        match open.get() {
            true if !element.open() => drop(element.show_modal()),
            false => element.close(),
            true => {}
        }
    });
    let (id, own) = (format!("{class}-title"), format!("{class}-title"));
    view! {
        <dialog class=class node_ref=element aria-labelledby=id on:close=act(move || open.set(false))>
            <div class="dialoghead">
                <h2 id=own>{live(move || preferences.word(title))}</h2>
                <button class="btn" on:click=act(move || open.set(false))>{live(move || preferences.word(&say::CLOSE))}</button>
            </div>
            {when(move || open.get(), inside)}
        </dialog>
    }
    .into_any()
}
