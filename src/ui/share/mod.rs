//! The address of what is on the screen: written into the address bar, copied, told to whoever frames the page, and
//! followed when somebody changes its hash.
//!
//! What people set stands in parameters; what they did stands behind the `#`. Must not know any protocol.

pub mod files;
mod panel;

pub use panel::SharePanel;

use super::beginning::Beginning;
use super::notices::Notices;
use super::player::{Player, SPEEDS};
use super::preferences::Preferences;
use crate::engine::ids::Micros;
use crate::link::address::{Address, Depth};
use crate::link::run::{self, MAX_LINK, Recording};
use crate::text::Text;
use crate::ui::live::watch;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::JsValue;

/// How long the page must be at rest before its address is written: browsers refuse to write it all the time.
const AT_REST_MS: u32 = 250;
/// After how many frames it is written while time passes.
const FRAMES: u32 = 120;

/// The address of what is shown; cheap to copy.
#[derive(Clone, Copy)]
pub struct Share {
    player: Player,
    asked: StoredValue<Address>,
    embed: bool,
}

impl Share {
    /// Of a page that was opened with this address.
    pub fn new(player: Player, asked: Address) -> Share {
        Share { player, embed: asked.embed, asked: StoredValue::new(asked) }
    }

    /// From the nearest component that provides it.
    pub fn from_context() -> Share {
        expect_context::<Share>()
    }

    /// Something is set for the page that its address shall say from now on.
    pub fn ask(self, change: impl FnOnce(&mut Address)) {
        self.asked.update_value(change);
    }

    /// What the parameters say, and whether they say everything. They do not where somebody has acted, where a file that
    /// is not built in was loaded, and between actions of one instant.
    pub fn address(self) -> (Address, bool) {
        let player = self.player;
        let (beginning, standing) = (player.beginning.get_untracked(), player.standing.get_untracked());
        let scenario = beginning.scenario.as_ref();
        // The shortest way is a run like any other.
        let puzzle = beginning.puzzle.as_ref().filter(|puzzle| puzzle.shortest.is_none());
        let playing = player.playing.get_untracked();
        let begun = 0 < standing.position;
        let asked = self.asked.get_value();
        let address = Address {
            protocol: beginning.protocol,
            scenario: scenario.and_then(|scenario| scenario.slug),
            puzzle: puzzle.map(|puzzle| puzzle.variant),
            variant: beginning.variant,
            beside: beginning.beside.clone(),
            nodes: beginning.nodes,
            seed: beginning.seed,
            speed: SPEEDS.get(player.speed.get_untracked()).map_or(asked.speed, |(speed, _)| *speed),
            gallery: false,
            t: begun.then(|| player.now()),
            autoplay: !begun && scenario.is_none() && playing,
            ..asked
        };
        let said = Beginning::of_address(&address);
        let exact = said.options == beginning.options
            && scenario.is_some() == said.scenario.is_some()
            && (!begun || player.is_last_of_its_instant())
            && !player.is_steered();
        (address, exact)
    }

    /// The whole address of what is shown, and whether it leads exactly here: a run can be too long for any link.
    pub fn url(self) -> (String, bool) {
        let (address, exact) = self.address();
        if exact {
            return (page(&address, ""), true);
        }
        match self.hash() {
            // The run knows where it stands itself.
            Some(hash) => (page(&Address { t: None, autoplay: true, ..address }, &hash), true),
            None => (page(&address, ""), false),
        }
    }

    /// The whole run as it stands behind the `#`; nothing where it is too long for any link.
    fn hash(self) -> Option<String> {
        Some(run::write(&self.player.recording())).filter(|hash| hash.len() <= MAX_LINK)
    }

    /// What is on the screen, for a page that shows it from its start: without what only this reader asked for.
    pub fn to_embed(self) -> Address {
        let (address, _) = self.address();
        Address {
            t: None,
            autoplay: address.scenario.is_none(),
            depth: Depth::Play,
            theme: None,
            lang: None,
            calm: false,
            embed: true,
            ..address
        }
    }

    /// This moment: the instant where that is enough, or what stands behind the `#`.
    pub fn moment(self) -> (Option<Micros>, String) {
        match self.address() {
            (address, true) => (address.t, String::new()),
            _ => (None, self.hash().unwrap_or_default()),
        }
    }

    /// What the scenario that runs is called.
    pub fn title(self, preferences: Preferences) -> Option<String> {
        self.player.beginning.with_untracked(|beginning| beginning.title(preferences.lang.get()))
    }

    /// Keeps the address bar at what is shown from now on. A frame has no bar.
    pub fn keep(self) {
        if self.embed {
            return;
        }
        let pending = StoredValue::new_local(None::<Timeout>);
        let (player, frames) = (self.player, Cell::new(0));
        player.on_move(move |_, _| {
            let count = frames.get() + u32::from(player.playing.get_untracked());
            frames.set(count % FRAMES);
            if count == FRAMES {
                self.write();
            }
        });
        watch(move || {
            player.speed.track();
            player.beginning.track();
            if !player.playing.get() {
                player.standing.track();
                player.clock.track();
            }
            pending.set_value(Some(Timeout::new(AT_REST_MS, move || self.write())));
        });
    }

    fn write(self) {
        let player = self.player;
        let (address, exact) = self.address();
        let url = match exact && player.playing.get_untracked() {
            // A run that plays as it would by itself is opened anew, not held at the instant of a reload.
            true => page(&Address { t: None, autoplay: true, ..address }, ""),
            false => self.url().0,
        };
        let here = window().location().href().unwrap_or_default();
        if let (true, Ok(history)) = (url != here, window().history()) {
            // A browser that allows no more of it just now keeps the old address, until the next time.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url));
        }
    }

    /// Opens the run of a hash that somebody put into the address of the open page.
    pub fn follow_hash(self, notices: Notices) {
        let changed = window_event_listener(leptos::ev::hashchange, move |_| {
            if let Some(recording) = recording_of_hash(notices) {
                let run = Beginning::of_link(recording).run();
                run.troubles().into_iter().for_each(|trouble| notices.say(trouble));
                self.player.begin(run);
            }
        });
        on_cleanup(move || changed.remove());
    }
}

/// The run behind the `#` of the address, if there is one; what is wrong with it is said.
pub fn recording_of_hash(notices: Notices) -> Option<Recording> {
    let hash = window().location().hash().unwrap_or_default();
    match run::read(&hash)? {
        Ok((recording, trouble)) => {
            let say = |text: Text| notices.say(text);
            trouble.into_iter().for_each(say);
            Some(recording)
        }
        Err(trouble) => {
            notices.say(trouble);
            None
        }
    }
}

/// The whole address of this page with other parameters and another hash.
pub fn page(address: &Address, hash: &str) -> String {
    let here = window().location().href().unwrap_or_default();
    let mut url = here.split(['?', '#']).next().unwrap_or_default().to_string();
    for (mark, part) in [("?", address.query().as_str()), ("#", hash)] {
        if !part.is_empty() {
            url = url + mark + part;
        }
    }
    url
}
