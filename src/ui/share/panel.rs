//! What can be shared: a link to this moment, the run as a file or a test, and lines for somebody else's page with a
//! preview.
//!
//! The choices are drawn from the table of parameters. Must not know any protocol.

use super::Share;
use super::files::{copy_button, file_of_run, open_button};
use crate::link::address::{Address, Kind, PARAMETERS, Parameter};
use crate::link::embed::{Embed, Host};
use crate::text::Words;
use crate::text::page as say;
use crate::ui::dialog::dialog;
use crate::ui::exports::Exports;
use crate::ui::live::{flag, hear, live, maybe, watch};
use crate::ui::player::Player;
use crate::ui::preferences::Preferences;
use leptos::prelude::*;

/// The parameters that whoever embeds a cluster may want to set, beside what is on the screen.
const OFFERED: [&str; 5] = ["ui", "autoplay", "theme", "motion", "lang"];
/// How high an embedded cluster may be, and is at first, in CSS pixels.
const HEIGHTS: (u32, u32, u32) = (240, 1200, 560);

/// The dialog. Time stands still while it is open: what is shared is this moment.
#[component]
pub fn SharePanel(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let player = Player::here();
    let played = StoredValue::new(false);
    watch(move || match open.get() {
        true => {
            played.set_value(player.playing.get_untracked());
            player.play(false);
        }
        false if played.get_value() => {
            played.set_value(false);
            player.play(true);
        }
        false => {}
    });
    dialog(open, &say::SHARE, "sharing", move || view! { <Inside/> }.into_any())
}

#[component]
fn Inside() -> impl IntoView {
    let (player, share, preferences) = (Player::here(), Share::from_context(), Preferences::here());
    let link = Memo::new(move |_| {
        player.standing.track();
        share.url()
    });
    let note = move || preferences.word(if link.get().1 { &say::LINK_EXACT } else { &say::LINK_TOO_LONG });
    view! {
        <section>
            <h3>{live(move || preferences.word(&say::LINK_HERE))}</h3>
            <input class="linkfield num" readonly=true aria-label=live(move || preferences.word(&say::LINK_HERE)) prop:value=live(move || link.get().0)/>
            <p class="dim">{live(note)}</p>
            <div class="verbs">{copy_button(&say::COPY_LINK, move || link.get_untracked().0)}</div>
        </section>
        <section>
            <h3>{live(move || preferences.word(&say::RUN_AS_FILE))}</h3>
            <p class="dim">{live(move || preferences.word(&say::RUN_AS_FILE_HINT))}</p>
            <div class="verbs">
                {file_of_run()}
                {copy_button(&say::COPY_TEST, move || player.file_as_test())}
                {open_button()}
            </div>
        </section>
        <section>
            <h3>{live(move || preferences.word(&say::PICTURES))}</h3>
            <Exports/>
        </section>
        <Embedding/>
    }
}

/// What is set for the page that embeds.
#[derive(Clone, Copy)]
struct Choice {
    host: RwSignal<usize>,
    address: RwSignal<Address, LocalStorage>,
    /// Whether it opens at this moment rather than at the start.
    here: RwSignal<bool>,
    height: RwSignal<u32>,
}

#[component]
fn Embedding() -> impl IntoView {
    let (share, preferences) = (Share::from_context(), Preferences::here());
    let choice = Choice {
        host: RwSignal::new(0),
        address: RwSignal::new_local(share.to_embed()),
        here: RwSignal::new(true),
        height: RwSignal::new(HEIGHTS.2),
    };
    let made = Memo::new(move |_| choice.made(share, preferences));
    let host = move |event: web_sys::Event| {
        choice.host.set(event_target_value(&event).parse().unwrap_or_default());
    };
    let hosts = Host::ALL.iter().enumerate().map(|(place, host)| {
        let chosen = flag(move || choice.host.get() == place);
        view! { <option value=place.to_string() selected=chosen>{live(move || preferences.word(host.name()))}</option> }
    });
    let height = move |event: web_sys::Event| {
        if let Ok(height) = event_target_value(&event).parse::<u32>() {
            choice.height.set(height.clamp(HEIGHTS.0, HEIGHTS.1));
        }
    };
    let here = move |event: web_sys::Event| choice.here.set(event_target_checked(&event));
    let rows = PARAMETERS.iter().filter(|parameter| OFFERED.contains(&parameter.name));
    view! {
        <section>
            <h3>{live(move || preferences.word(&say::EMBED))}</h3>
            <div class="embedrow">
                <label>
                    <span class="dim">{live(move || preferences.word(&say::EMBED_WHERE))}</span>
                    <select on:change=hear(host)>{hosts.collect_view()}</select>
                </label>
                {rows.map(|parameter| choice.row(parameter, preferences)).collect_view()}
                <label>
                    <span class="dim">{live(move || preferences.word(&say::EMBED_HEIGHT))}</span>
                    <input type="number" min=HEIGHTS.0 max=HEIGHTS.1 step="20" prop:value=live(move || choice.height.get()) on:change=hear(height)/>
                </label>
                <label class="option">
                    <input type="checkbox" prop:checked=flag(move || choice.here.get()) on:change=hear(here)/>
                    {live(move || preferences.word(&say::EMBED_HERE))}
                </label>
            </div>
            <textarea class="snippet num" readonly=true rows="5" spellcheck="false" aria-label=live(move || preferences.word(&say::EMBED_LINES)) prop:value=live(move || made.get().0)></textarea>
            <div class="verbs">{copy_button(&say::COPY_LINES, move || made.get_untracked().0)}</div>
            <h3>{live(move || preferences.word(&say::PREVIEW))}</h3>
            <iframe class="preview" title=live(move || preferences.word(&say::PREVIEW)) src=live(move || made.get().1) style:height=live(move || format!("{}px", choice.height.get()))></iframe>
        </section>
    }
}

impl Choice {
    /// The lines to copy, and the address that they show.
    fn made(self, share: Share, preferences: Preferences) -> (String, String) {
        let (mut address, mut hash) = (self.address.get(), String::new());
        if self.here.get() {
            (address.t, hash) = share.moment();
            address.autoplay &= address.t.is_none() && hash.is_empty();
        }
        let page = super::page(&Address::default(), "");
        let name = preferences.word(address.protocol.name);
        let title = share.title(preferences).unwrap_or_else(|| format!("Conclave: {name}"));
        let embed = Embed { page: &page, address, hash: &hash, title: &title, height: self.height.get() };
        (embed.snippet(Host::ALL[self.host.get()]), embed.url())
    }

    /// A parameter to choose, with the values that its table allows.
    fn row(self, parameter: &'static Parameter, preferences: Preferences) -> AnyView {
        let Kind::Names(names) = (parameter.kind)(&self.address.get_untracked()) else {
            return ().into_any();
        };
        let pick = move |event: web_sys::Event| {
            let wanted = event_target_value(&event);
            self.address.update(|address| match wanted.is_empty() {
                true => *address = address.without(parameter.name),
                false => drop(address.set(parameter.name, &wanted)),
            });
        };
        let now = move || self.address.with(|address| parameter.value(address)).unwrap_or_default();
        let own = parameter.otherwise.map(|words| (String::new(), Some(words)));
        let all = own.into_iter().chain(names.into_iter().map(|name| (name.to_string(), None)));
        let option = move |(value, words): (String, Option<&'static Words>)| {
            let (own, shown) = (value.clone(), value.clone());
            let text = move || words.map_or(shown.clone(), |words| preferences.word(words).to_string());
            view! { <option value=value selected=flag(move || now() == own)>{live(text)}</option> }
        };
        view! {
            <label title=maybe(move || Some(preferences.word(parameter.about)))>
                <span class="dim num">{parameter.name}</span>
                <select on:change=hear(pick)>{all.map(option).collect_view()}</select>
            </label>
        }
        .into_any()
    }
}
