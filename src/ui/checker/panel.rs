//! The panel: what to look for, within which bounds, how far the search is, and what came of it.
//!
//! Must not know any protocol by name.

use super::form::{self, From};
use super::{Phase, Searches, in_lang, show};
use crate::protocols::ProtocolInfo;
use crate::scenario::check::{ANY, STUCK, grouped};
use crate::text::Words;
use crate::text::check as say;
use crate::ui::folded;
use crate::ui::live::{act, flag, hear, live, memo, pieces, watch, when};
use crate::ui::player::Player;
use crate::ui::preferences::Preferences;
use leptos::prelude::*;
use serde_json::{Value, json};

/// The heading of the panel, where a key can find it.
const FOLD: &str = "checker-fold";
/// By how much a bound that was reached is raised.
const FURTHER: u64 = 4;

/// Unfolds the panel and moves the focus to it, or folds it.
pub fn toggle(open: RwSignal<bool>) {
    folded::toggle(open, FOLD);
}

/// The panel, folded at first.
#[component]
pub fn CheckerPanel(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    folded::folded(open, FOLD, "checker", &say::CHECKER, || view! { <Opened/> }.into_any())
}

/// What the reader has set; cheap to copy.
#[derive(Clone, Copy)]
struct Form {
    player: Player,
    preferences: Preferences,
    searches: Searches,
    from: RwSignal<From>,
    /// The `check` that is asked.
    asked: RwSignal<Value>,
}

#[component]
fn Opened() -> impl IntoView {
    let (player, preferences, searches) = (Player::here(), Preferences::here(), Searches::here());
    let form = Form {
        player,
        preferences,
        searches,
        from: RwSignal::new(From::Small),
        asked: RwSignal::new(Value::Null),
    };
    // What is offered follows the protocol and its variant.
    let subject =
        memo(move || (player.beginning.with(|it| it.protocol.key), player.settings.with(|it| it.1)));
    watch(move || {
        subject.track();
        form.asked.set(form::asked(&form.small()));
    });
    view! {
        <p class="dim">{live(move || preferences.word(&say::CHECKER_HINT))}</p>
        {form.questions()}
        {form.beginnings()}
        <details class="bounds">
            <summary>{live(move || preferences.word(&say::BOUNDS))}</summary>
            {pieces(move || { subject.track(); form.timers() })}
            {form.number(&say::CRASHES, "crashes", (0, 20))}
            {form.number(&say::CUTS, "cuts", (0, 20))}
            {form.number(&say::HEALS, "heals", (0, 20))}
            {form.requests()}
            {form.toggle(&say::REPLIES, "replies")}
            {form.packets()}
            {form.number(&say::DUPLICATES, "duplicates", (0, 20))}
            {form.toggle(&say::SYMMETRY, "symmetry")}
            {form.number(&say::DEPTH, "depth", (1, 200))}
            {form.number(&say::STATES, "states", (1, 50_000_000))}
            {form.number(&say::MEMORY, "memory_mb", (1, 2_000))}
        </details>
        <div class="verbs">
            <button class="btn" on:click=act(move || form.find(false))>{live(move || preferences.word(&say::FIND))}</button>
            <button class="btn" on:click=act(move || form.find(true))>{live(move || preferences.word(&say::PROVE))}</button>
            <span class="dim">{live(move || preferences.word(&say::PROVE_HINT))}</span>
        </div>
        {when(move || searches.state.with(|state| state.phase != Phase::Idle), move || form.outcome())}
    }
}

impl Form {
    fn protocol(self) -> &'static ProtocolInfo {
        self.player.beginning.get_untracked().protocol
    }

    fn small(self) -> Value {
        form::small(self.protocol(), self.player.settings.with_untracked(|settings| settings.1))
    }

    fn word(self, words: &'static Words) -> Signal<String> {
        live(move || self.preferences.word(words))
    }

    fn set(self, name: &'static str, value: Value) {
        self.asked.update(|asked| asked[name] = value);
    }

    /// Begins the search; to prove, with every rule in force.
    fn find(self, prove: bool) {
        let mut file = match self.from.get_untracked() {
            From::Small => self.small(),
            From::Start => self.player.file_of_start(),
            From::Here => self.player.file_value(),
        };
        // Of two clusters beside each other the left one is searched.
        if let Some(fields) = file.as_object_mut() {
            fields.remove("compare");
        }
        file["check"] = self.asked.get_untracked();
        if prove {
            self.restore_rules(&mut file);
        }
        self.searches.find(file.to_string(), |_| ());
    }

    /// Puts every rule in force: from the beginning, or, where a run has led to the instant that is shown, from there on.
    fn restore_rules(self, file: &mut Value) {
        let correct = self.protocol().variants.first().copied().unwrap_or_default();
        match (self.from.get_untracked(), file.get_mut("steps").and_then(Value::as_array_mut)) {
            (From::Here, Some(steps)) => steps.push(json!({"set": {"variant": correct}})),
            _ => file["variant"] = correct.into(),
        }
    }

    fn questions(self) -> AnyView {
        let options = move || {
            self.player.beginning.track();
            let protocol = self.protocol();
            let mut all: Vec<(&'static str, &'static str, &'static Words)> =
                vec![(ANY, "", &say::ANY_OF_THEM)];
            all.extend((protocol.invariants)().into_iter().map(|(id, _, name, _)| (id, id, name)));
            all.extend((protocol.questions)().into_iter().map(|(key, name)| (key, "", name)));
            all.push((STUCK, "", &say::GETS_STUCK));
            let option = |(key, id, name): (&'static str, &'static str, &'static Words)| {
                let chosen = flag(move || self.asked.with(|asked| asked["find"] == key));
                let said = live(move || format!("{id} {}", self.preferences.word(name)).trim().to_string());
                view! { <option value=key selected=chosen>{said}</option> }.into_any()
            };
            all.into_iter().map(option).collect()
        };
        let pick = move |event: web_sys::Event| self.set("find", event_target_value(&event).into());
        view! {
            <label class="option">
                <b>{self.word(&say::LOOK_FOR)}</b>
                <select on:change=hear(pick)>{pieces(options)}</select>
            </label>
        }
        .into_any()
    }

    fn beginnings(self) -> AnyView {
        let name = |from: From| match from {
            From::Small => &say::FROM_SMALL,
            From::Start => &say::FROM_START,
            From::Here => &say::FROM_HERE,
        };
        let option = move |(place, from): (usize, From)| {
            let chosen = flag(move || self.from.get() == from);
            view! { <option value=place.to_string() selected=chosen>{self.word(name(from))}</option> }
        };
        let pick = move |event: web_sys::Event| {
            let place: usize = event_target_value(&event).parse().unwrap_or_default();
            self.from.set(From::ALL.get(place).copied().unwrap_or_default());
        };
        view! {
            <label class="option">
                <b>{self.word(&say::FROM)}</b>
                <select on:change=hear(pick)>{From::ALL.into_iter().enumerate().map(option).collect_view()}</select>
            </label>
        }
        .into_any()
    }

    /// How often each timer may go off.
    fn timers(self) -> Vec<AnyView> {
        let row = |timer: &'static str| {
            let value = live(move || {
                self.asked.with(|asked| match asked["fires"].get(timer) {
                    Some(Value::Null) => String::new(),
                    Some(times) => times.to_string(),
                    None => "0".to_string(),
                })
            });
            let pick = move |event: web_sys::Event| {
                let times = form::times(&event_target_value(&event));
                self.asked.update(|asked| asked["fires"][timer] = times);
            };
            let name = live(move || self.preferences.say(&say::FIRES.with("timer", timer)));
            view! {
                <label class="option">
                    <b>{name}</b>
                    <input type="number" min="0" max="20" placeholder="∞" prop:value=value on:change=hear(pick)/>
                </label>
            }
            .into_any()
        };
        (self.protocol().timers)().into_iter().map(row).collect()
    }

    fn number(self, label: &'static Words, name: &'static str, (least, most): (u32, u32)) -> AnyView {
        let value = live(move || self.asked.with(|asked| asked[name].to_string()));
        let pick = move |event: web_sys::Event| {
            let number = event_target_value(&event).trim().parse::<u32>().unwrap_or_default();
            self.set(name, number.clamp(least, most).into());
        };
        view! {
            <label class="option">
                <b>{self.word(label)}</b>
                <input type="number" min=least.to_string() max=most.to_string() prop:value=value on:change=hear(pick)/>
            </label>
        }
        .into_any()
    }

    fn toggle(self, label: &'static Words, name: &'static str) -> AnyView {
        let on = flag(move || self.asked.with(|asked| asked[name] == true));
        let pick = move |event: web_sys::Event| self.set(name, event_target_checked(&event).into());
        view! {
            <label class="option">
                <b>{self.word(label)}</b>
                <input type="checkbox" prop:checked=on on:change=hear(pick)/>
            </label>
        }
        .into_any()
    }

    fn packets(self) -> AnyView {
        let option = move |key: &'static str, name: &'static Words| {
            let chosen = flag(move || self.asked.with(|asked| asked["packets"] == key));
            view! { <option value=key selected=chosen>{self.word(name)}</option> }
        };
        let pick = move |event: web_sys::Event| self.set("packets", event_target_value(&event).into());
        view! {
            <label class="option">
                <b>{self.word(&say::PACKETS)}</b>
                <select on:change=hear(pick)>{option("set", &say::PACKETS_SET)}{option("each", &say::PACKETS_EACH)}</select>
            </label>
        }
        .into_any()
    }

    fn requests(self) -> AnyView {
        let value = live(move || self.asked.with(|asked| form::written(&asked["requests"])));
        let pick = move |event: web_sys::Event| {
            self.set("requests", form::requests(&event_target_value(&event)));
        };
        view! {
            <label class="option">
                <b>{self.word(&say::REQUESTS)}</b>
                <input type="text" autocomplete="off" placeholder="x=1, 2: y=2" prop:value=value on:change=hear(pick)/>
            </label>
        }
        .into_any()
    }

    /// How far it is, what came of it, and what can be done then.
    fn outcome(self) -> AnyView {
        let state = self.searches.state;
        let lang = self.preferences.lang;
        let phase = move |wanted: Phase| state.with(|state| state.phase == wanted);
        let count = live(move || {
            let count = state.with(|state| state.count);
            let text =
                say::COUNT.with("states", grouped(count.states as u64)).with("depth", count.depth as u64);
            let text = text
                .with("rate", grouped(count.states_per_s() as u64))
                .with("mb", (count.bytes / 1e6).ceil() as u64);
            self.preferences.say(&text)
        });
        let said = live(move || state.with(|state| in_lang(&state.said, lang.get())));
        let bounds = live(move || state.with(|state| in_lang(&state.bounds, lang.get())));
        let trouble = live(move || {
            state
                .with(|state| state.trouble.clone())
                .map(|trouble| self.preferences.say(&trouble))
                .unwrap_or_default()
        });
        let verdict = move |name: &str| {
            state.with(|state| state.answer.as_ref().is_some_and(|answer| answer["verdict"] == name))
        };
        let found = move || {
            state.with(|state| state.answer.as_ref().is_some_and(|answer| answer["scenario"].is_object()))
        };
        let shown = move || {
            if let Some(answer) = state.with_untracked(|state| state.answer.clone()) {
                show(self.player, &answer);
            }
        };
        view! {
            <div class="outcome" role="status">
                <p class="said strong" class:broken=flag(move || verdict("violation"))>{said}</p>
                <p class="trouble">{trouble}</p>
            </div>
            <p class="num count" class:hidden=flag(move || state.with(|state| state.trouble.is_some()))>{count}</p>
            <p class="dim">{bounds}</p>
            <div class="verbs">
                {when(move || phase(Phase::Runs), move || self.button(&say::STOP, move || self.searches.stop()))}
                {when(move || phase(Phase::Waits), move || self.button(&say::GO_ON, move || self.go_on(1)))}
                {when(move || verdict("stopped"), move || self.button(&say::GO_FURTHER, move || self.go_on(FURTHER)))}
                {when(found, move || self.button(&say::SHOW_IT, shown))}
            </div>
        }
        .into_any()
    }

    fn button(self, words: &'static Words, does: impl Fn() + Clone + 'static) -> AnyView {
        view! { <button class="btn" on:click=act(does)>{self.word(words)}</button> }.into_any()
    }

    /// Goes on as far as was asked, or so many times as far.
    fn go_on(self, times: u64) {
        let mut asked = self.asked.get_untracked();
        let mut raised = |name: &str, most: u64| {
            let value = asked[name].as_u64().unwrap_or(most).saturating_mul(times).min(most);
            asked[name] = json!(value);
            value as u32
        };
        let (depth, states, memory) =
            (raised("depth", 200), raised("states", 50_000_000), raised("memory_mb", 2_000));
        self.asked.set(asked);
        self.searches.go_on(depth, states, memory);
    }
}
