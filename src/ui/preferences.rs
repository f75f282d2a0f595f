//! What the reader prefers, and whoever made the address for the reader: language, theme, motion, and how much is shown.
//!
//! From the address, else from last time, else from the browser.
//! Storage may throw or be missing (a sandboxed frame has none): then nothing is remembered, and nothing breaks.

use crate::engine::ids::Micros;
use crate::link::address::{Address, Depth};
use crate::text::page as say;
use crate::text::{Lang, Text, Words};
use crate::ui::live::watch;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

pub use crate::link::address::Theme;

const LANG_KEY: &str = "conclave.lang";
const THEME_KEY: &str = "conclave.theme";
const KEYS_KEY: &str = "conclave.keys";

/// What the system is asked about motion.
const CALM: &str = "(prefers-reduced-motion: reduce)";

/// Language, theme, motion and depth, and how to say something in the language.
#[derive(Clone, Copy)]
pub struct Preferences {
    /// The language.
    pub lang: RwSignal<Lang>,
    /// The theme.
    pub theme: RwSignal<Theme>,
    /// Whether single keys act.
    pub keys: RwSignal<bool>,
    /// Whether things should not move but go from event to event.
    pub reduced: RwSignal<bool>,
    /// How much of the page is shown.
    pub depth: Depth,
    /// Whether the page is a part of another one.
    pub embed: bool,
}

impl Preferences {
    /// As the address says, else as the reader last chose, else as the browser says.
    pub fn new(address: &Address) -> Preferences {
        let browser = || window().navigator().language().and_then(|tag| Lang::from_tag(&tag));
        let chosen = || recall(LANG_KEY).and_then(|tag| Lang::from_tag(&tag));
        let lang = address.lang.or_else(chosen).or_else(browser).unwrap_or_default();
        let theme = address.theme.or_else(|| recall(THEME_KEY).and_then(|tag| Theme::from_tag(&tag)));
        let preferences = Preferences {
            lang: RwSignal::new(lang),
            theme: RwSignal::new(theme.unwrap_or(Theme::Auto)),
            keys: RwSignal::new(recall(KEYS_KEY).as_deref() != Some("0")),
            reduced: RwSignal::new(address.calm),
            depth: address.depth,
            embed: address.embed,
        };
        if !address.calm {
            preferences.follow_system();
        }
        watch(move || preferences.show());
        preferences
    }

    /// Keeps to what the system says of motion, also when it changes its mind.
    fn follow_system(self) {
        let Some(query) = window().match_media(CALM).ok().flatten() else { return };
        self.reduced.set(query.matches());
        let asked = query.clone();
        let changed = Closure::<dyn Fn()>::new(move || self.reduced.set(asked.matches()));
        let _ = query.add_event_listener_with_callback("change", changed.as_ref().unchecked_ref());
        // The page lives as long as its listener.
        changed.forget();
    }

    /// From the nearest component that provides them.
    pub fn here() -> Preferences {
        expect_context::<Preferences>()
    }

    fn show(self) {
        let Some(root) = document().document_element() else { return };
        let _ = root.set_attribute("lang", self.lang.get().tag());
        let _ = match self.theme.get() {
            Theme::Auto => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme.tag()),
        };
        let _ = match self.reduced.get() {
            true => root.set_attribute("data-motion", "reduce"),
            false => root.remove_attribute("data-motion"),
        };
        let _ = root.set_attribute("data-ui", self.depth.tag());
        if self.embed {
            let _ = root.set_attribute("data-embed", "1");
        }
    }

    /// Switches to the other language and remembers it.
    pub fn switch_language(self) {
        self.lang.update(|lang| *lang = if *lang == Lang::En { Lang::Zh } else { Lang::En });
        remember(LANG_KEY, self.lang.get_untracked().tag());
    }

    /// Switches to the next theme and remembers it.
    pub fn switch_theme(self) {
        self.theme.update(|theme| *theme = theme.next());
        remember(THEME_KEY, self.theme.get_untracked().tag());
    }

    /// Turns single keys on or off and remembers it.
    pub fn switch_keys(self, on: bool) {
        self.keys.set(on);
        remember(KEYS_KEY, if on { "1" } else { "0" });
    }

    /// An instant or a span in milliseconds, cut to a tenth everywhere alike, without the cost of formatting a float.
    pub fn ms(self, time: Micros) -> String {
        self.say(&say::MS.with("ms", format!("{}.{}", time.0 / 1000, time.0 % 1000 / 100)))
    }

    /// A label in the reader's language.
    pub fn word(self, words: &'static Words) -> &'static str {
        words.template(self.lang.get())
    }

    /// A sentence in the reader's language.
    pub fn say(self, text: &Text) -> String {
        text.say(self.lang.get())
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

fn remember(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, value);
    }
}
