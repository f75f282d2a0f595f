//! The strip of a challenge: what the reader is to bring about, how far that has come, and the shortest way on request.
//!
//! What it says follows from the run that is shown. Must not know any protocol.

use super::beginning::{Beginning, Puzzle, Shortest};
use super::checker::{Phase, Searches, in_lang};
use super::player::{Attempt, Player};
use super::preferences::Preferences;
use crate::engine::check::bounds::Question;
use crate::scenario::file::Scenario;
use crate::scenario::puzzle;
use crate::text::Text;
use crate::text::menu as say;
use crate::ui::live::{act, flag, live, maybe, memo, when};
use leptos::prelude::*;
use serde_json::Value;

/// The strip; nothing where the run is no challenge.
#[component]
pub fn Challenge() -> impl IntoView {
    let player = Player::here();
    let is_one = memo(move || player.attempt().is_some());
    when(move || is_one.get(), || view! { <Strip/> }.into_any())
}

/// What the strip needs; cheap to copy.
#[derive(Clone, Copy)]
struct Here {
    player: Player,
    preferences: Preferences,
    searches: Searches,
    /// Whether the search of the page is that for the shortest way.
    looks: RwSignal<bool>,
}

#[component]
fn Strip() -> impl IntoView {
    let here = Here {
        player: Player::here(),
        preferences: Preferences::here(),
        searches: Searches::here(),
        looks: RwSignal::new(false),
    };
    let preferences = here.preferences;
    let attempt = memo(move || here.player.attempt());
    let reached = move || attempt.get().is_some_and(|attempt| attempt.reached);
    let shown = memo(move || here.shortest().is_some());
    let searching = memo(move || here.is_searching());
    let head = move || here.puzzle(|puzzle| say::PUZZLE_TITLE.with("variant", puzzle.variant));
    let goal = move || {
        let protocol = here.player.beginning.with(|beginning| beginning.protocol);
        here.puzzle(|puzzle| puzzle::goal(protocol, &puzzle.question))
    };
    let status = move || match (here.shortest(), attempt.get()) {
        (Some(shortest), _) => here.of_shortest(shortest),
        (None, Some(attempt)) => here.of_attempt(attempt),
        (None, None) => String::new(),
    };
    let looking = move || {
        let states = here.searches.state.with(|state| state.count.states) as u64;
        preferences.say(&say::SEARCHING.with("states", states))
    };
    let again = move || preferences.word(if shown.get() { &say::TRY_YOURSELF } else { &say::START_AGAIN });
    view! {
        <section class="challenge" class:reached=flag(reached) aria-labelledby="challenge-title">
            <p><b id="challenge-title">{live(head)}</b>" "{live(goal)}</p>
            <p role="status" class:strong=flag(reached)>{live(status)}</p>
            <p class="dim">{maybe(move || here.came_of_it())}</p>
            <div class="verbs">
                {when(move || !shown.get() && !searching.get(), move || view! {
                    <button class="btn" on:click=act(move || here.look())>{live(move || preferences.word(&say::SHOW_SHORTEST))}</button>
                }.into_any())}
                {when(move || searching.get(), move || view! {
                    <span class="dim">{live(looking)}</span>
                    <button class="btn" on:click=act(move || here.stop())>{live(move || preferences.word(&say::STOP_SEARCH))}</button>
                }.into_any())}
                <button class="btn" on:click=act(move || here.begin_again())>{live(again)}</button>
            </div>
        </section>
    }
}

impl Here {
    fn puzzle(self, said: impl Fn(&Puzzle) -> Text) -> String {
        let text = self.player.beginning.with(|beginning| beginning.puzzle.as_ref().map(said));
        text.map(|text| self.preferences.say(&text)).unwrap_or_default()
    }

    fn shortest(self) -> Option<Shortest> {
        self.player.beginning.with(|beginning| beginning.puzzle.as_ref()?.shortest)
    }

    fn of_attempt(self, attempt: Attempt) -> String {
        let is_state = self.player.beginning.with(|beginning| {
            let question = beginning.puzzle.as_ref().map(|puzzle| &puzzle.question);
            question.is_some_and(|question| matches!(question, Question::Reaches(_)))
        });
        let words = match (attempt.reached, is_state) {
            (false, _) => &say::SO_FAR,
            (true, false) => &say::BROKEN_BY_HAND,
            (true, true) => &say::REACHED_BY_HAND,
        };
        self.preferences.say(&words.with("deeds", attempt.deeds).with("events", attempt.events))
    }

    fn of_shortest(self, shortest: Shortest) -> String {
        let yours =
            shortest.yours.map(|yours| say::YOURS.with("deeds", yours.deeds).with("events", yours.events));
        let moves = say::SHORTEST.with("moves", shortest.moves);
        yours
            .into_iter()
            .chain([moves])
            .map(|text| self.preferences.say(&text))
            .collect::<Vec<_>>()
            .join(". ")
    }

    fn is_searching(self) -> bool {
        self.looks.get() && self.searches.state.with(|state| state.phase == Phase::Runs)
    }

    /// What is said of a search that found nothing, or could not be begun.
    fn came_of_it(self) -> Option<String> {
        if !self.looks.get() {
            return None;
        }
        self.searches.state.with(|state| match (&state.trouble, &state.answer) {
            (Some(trouble), _) => Some(self.preferences.say(trouble)),
            (None, Some(_)) => Some(in_lang(&state.said, self.preferences.lang.get())),
            (None, None) => None,
        })
    }

    /// Looks for the shortest way from the start of the challenge, and shows it.
    fn look(self) {
        let beginning = self.player.beginning.get_untracked();
        let variant = beginning.puzzle.as_ref().map(|puzzle| puzzle.variant);
        let Some(text) = variant.and_then(|variant| puzzle::text(beginning.protocol, variant)) else {
            return;
        };
        self.looks.set(true);
        self.searches.find(text.to_string(), move |answer| {
            // The reader may have gone on to another run meanwhile.
            if self.looks.try_get_untracked() == Some(true) {
                self.show(answer);
            }
        });
    }

    fn show(self, answer: &Value) {
        let Ok(file) = Scenario::parse(answer["scenario"].to_string().as_bytes()) else { return };
        let whole = |name: &str| answer[name].as_u64().unwrap_or_default();
        let yours = untrack(|| self.player.attempt()).filter(|attempt| attempt.reached);
        let shortest = Shortest { moves: whole("moves"), from: whole("from") as usize, yours };
        self.looks.set(false);
        let beginning = self.player.beginning.get_untracked();
        self.player.begin(beginning.of_shortest(file, shortest).run());
    }

    fn stop(self) {
        if untrack(|| self.is_searching()) {
            self.searches.stop();
        }
        self.looks.set(false);
    }

    fn begin_again(self) {
        self.stop();
        let beginning = self.player.beginning.get_untracked();
        let variant = beginning.puzzle.as_ref().map(|puzzle| puzzle.variant);
        let again = variant.and_then(|variant| Beginning::of_puzzle(beginning.protocol, variant));
        if let Some(again) = again {
            self.player.begin(Beginning { seed: beginning.seed, ..again }.run());
        }
    }
}
