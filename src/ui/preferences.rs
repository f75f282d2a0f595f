//! What the reader prefers: language and theme, from the address, from last time, or from the browser.
//!
//! Storage may throw or be missing (a sandboxed frame has none): then nothing is remembered, and nothing breaks.

use crate::text::{Lang, Text, Words};
use leptos::prelude::*;

const LANG_KEY: &str = "conclave.lang";
const THEME_KEY: &str = "conclave.theme";
const KEYS_KEY: &str = "conclave.keys";

/// The theme that is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Theme {
    /// As the system.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    const ALL: [(Theme, &'static str); 3] =
        [(Theme::Auto, "auto"), (Theme::Light, "light"), (Theme::Dark, "dark")];

    fn tag(self) -> &'static str {
        Theme::ALL.iter().find(|(theme, _)| *theme == self).map_or("auto", |(_, tag)| tag)
    }

    fn from_tag(tag: &str) -> Option<Theme> {
        Theme::ALL.iter().find(|(_, known)| *known == tag).map(|(theme, _)| *theme)
    }

    /// The one after it.
    pub fn next(self) -> Theme {
        match self {
            Theme::Auto => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Auto,
        }
    }
}

/// Language and theme, and how to say something in the language.
#[derive(Clone, Copy)]
pub struct Preferences {
    /// The language.
    pub lang: RwSignal<Lang>,
    /// The theme.
    pub theme: RwSignal<Theme>,
    /// Whether single keys act.
    pub keys: RwSignal<bool>,
}

impl Preferences {
    /// As the reader last chose, or as the address or the browser says.
    pub fn new() -> Preferences {
        let address = |name| parameter(name);
        let browser = || window().navigator().language();
        let lang = address("lang")
            .or_else(|| recall(LANG_KEY))
            .and_then(|tag| Lang::from_tag(&tag))
            .or_else(|| browser().and_then(|tag| Lang::from_tag(&tag)))
            .unwrap_or_default();
        let theme = address("theme").or_else(|| recall(THEME_KEY)).and_then(|tag| Theme::from_tag(&tag));
        let preferences = Preferences {
            lang: RwSignal::new(lang),
            theme: RwSignal::new(theme.unwrap_or(Theme::Auto)),
            keys: RwSignal::new(recall(KEYS_KEY).as_deref() != Some("0")),
        };
        Effect::new(move |_| preferences.show());
        preferences
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

    /// A label in the reader's language.
    pub fn word(self, words: &'static Words) -> &'static str {
        words.template(self.lang.get())
    }

    /// A sentence in the reader's language.
    pub fn say(self, text: &Text) -> String {
        text.say(self.lang.get())
    }
}

/// A parameter of the address.
pub fn parameter(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
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
