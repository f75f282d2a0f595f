//! Runs as files: saved, copied, opened by a button, or dropped on the page.
//!
//! Must not know any protocol, nor what is in a file: `scenario` does.

use crate::scenario::file::Scenario;
use crate::text::page as say;
use crate::ui::beginning::Beginning;
use crate::ui::live::{act, hear, live};
use crate::ui::notices::Notices;
use crate::ui::player::Player;
use crate::ui::preferences::Preferences;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Copies a text and then says so. Where copying is not allowed nothing happens: what is copied can also be selected or
/// saved.
pub fn copy_text(text: &str, done: impl FnOnce() + 'static) {
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

/// A button that copies what it is given, and says that it has.
pub fn copy_button(label: &'static crate::text::Words, text: impl Fn() -> String + 'static) -> AnyView {
    let preferences = Preferences::here();
    let copied = RwSignal::new(false);
    let name = move || preferences.word(if copied.get() { &say::COPIED } else { label });
    let copy = move || copy_text(&text(), move || copied.set(true));
    view! { <button class="btn" on:click=act(copy)>{live(name)}</button> }.into_any()
}

/// A link that saves a text as a file.
pub fn save_link(
    label: &'static crate::text::Words,
    name: &'static str,
    kind: &'static str,
    text: impl Fn() -> String + Send + Sync + 'static,
) -> AnyView {
    let preferences = Preferences::here();
    let href = live(move || format!("data:{kind};charset=utf-8,{}", js_sys::encode_uri_component(&text())));
    view! { <a class="btn" download=name href=href>{live(move || preferences.word(label))}</a> }.into_any()
}

/// Saves or copies the run up to the instant that is shown, as a scenario file.
pub fn file_of_run() -> AnyView {
    let player = Player::here();
    let file = move || {
        player.standing.track();
        player.file()
    };
    view! {
        {save_link(&say::SAVE_FILE, "conclave.json", "application/json", file)}
        {copy_button(&say::COPY_FILE, move || player.file())}
    }
    .into_any()
}

/// Opens a file that the reader picks.
pub fn open_button() -> AnyView {
    let (player, notices) = (Player::here(), expect_context::<Notices>());
    let preferences = Preferences::here();
    let picked = move |event: web_sys::Event| {
        let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            open(file, player, notices);
        }
        // The same file can be picked once more.
        input.set_value("");
    };
    view! {
        <label class="btn filepick">
            {live(move || preferences.word(&say::OPEN_FILE))}
            <input type="file" accept=".json,application/json" class="vh" on:change=hear(picked)/>
        </label>
    }
    .into_any()
}

/// Opens a file that is dropped anywhere on the page.
pub fn take_drops(player: Player, notices: Notices) {
    let over = window_event_listener(leptos::ev::dragover, move |event| {
        if files_of(&event).is_some() {
            // Without this the browser would leave the page for the file.
            event.prevent_default();
        }
    });
    let dropped = window_event_listener(leptos::ev::drop, move |event| {
        if let Some(files) = files_of(&event) {
            event.prevent_default();
            if let Some(file) = files.get(0) {
                open(file, player, notices);
            }
        }
    });
    on_cleanup(move || {
        over.remove();
        dropped.remove();
    });
}

fn files_of(event: &web_sys::DragEvent) -> Option<web_sys::FileList> {
    let carried = event.data_transfer()?;
    carried.types().includes(&JsValue::from_str("Files"), 0).then(|| carried.files()).flatten()
}

fn open(file: web_sys::File, player: Player, notices: Notices) {
    let name = file.name();
    let wrong = move |why: String| notices.say(say::FILE_WRONG.with("name", name.clone()).with("why", why));
    let refused = wrong.clone();
    let then = Closure::once(move |text: JsValue| {
        let text = text.as_string().unwrap_or_default();
        match Scenario::parse(text.as_bytes()) {
            Ok(file) => {
                let run = Beginning::of_file(file, None).run();
                run.troubles().into_iter().for_each(|trouble| notices.say(trouble));
                player.begin(run);
            }
            Err(fault) => wrong(fault.to_string()),
        }
    });
    let not_read = Closure::once(move |why: JsValue| {
        refused(why.dyn_into::<js_sys::Error>().map(|error| error.message().into()).unwrap_or_default());
    });
    let _ = file.text().then2(&then, &not_read);
    then.forget();
    not_read.forget();
}
