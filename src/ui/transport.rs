//! The transport: play, step, speed, the history with its landmarks, and back to now.

use super::branches::{Branches, Forks};
use super::caption::Caret;
use super::glyph;
use super::player::{Player, SPEEDS, Standing, stands_above};
use super::preferences::Preferences;
use crate::engine::describe::Mark;
use crate::engine::ids::Micros;
use crate::engine::session::Landmark;
use crate::link::address::Depth;
use crate::text::page as say;
use crate::ui::live::{act, flag, hear, list, live, memo};
use leptos::html;
use leptos::prelude::*;

/// The axis of the history is at least this long, in virtual microseconds or in actions.
const SHORTEST_AXIS: (f64, f64) = (2_000_000.0, 20.0);
/// No two landmarks of a kind are drawn nearer to each other than this part of the axis.
const MARK_APART: f64 = 0.012;

/// The controls of time.
#[component]
pub fn Transport() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let play_name = move || preferences.word(if player.playing.get() { &say::PAUSE } else { &say::PLAY });
    let time = NodeRef::<html::Span>::new();
    player.on_move(move |_, moment| {
        if let Some(time) = time.get_untracked() {
            time.set_text_content(Some(&preferences.ms(Micros(moment.playhead as u64))));
        }
    });
    let pick = move |event: web_sys::Event| {
        if let Ok(place) = event_target_value(&event).parse() {
            player.speed.set(place);
        }
    };
    let speeds = SPEEDS.iter().enumerate().map(|(place, (_, name))| {
        view! { <option value=place.to_string() selected=flag(move || player.speed.get() == place)>{format!("{name}×")}</option> }
    });
    let more = preferences.depth != Depth::Min;
    view! {
        <nav class="transport" aria-label=live(move || preferences.word(&say::TRANSPORT))>
            <div class="keys">
                <button class="btn" aria-label=live(move || preferences.word(&say::STEP_BACK)) on:click=act(move || player.step_back())>
                    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M4 3.5v11"></path><path class="f" d="M14 4v10L7 9z"></path></svg>
                </button>
                <button class="btn play" aria-label=live(play_name) on:click=act(move || player.toggle())>
                    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true">
                        <path class="f" d=live(move || if player.playing.get() { "M5 3.8h3v10.4H5zM10.5 3.8h3v10.4h-3z" } else { "M6 3.8v10.4L14.4 9z" })></path>
                    </svg>
                </button>
                <button class="btn" aria-label=live(move || preferences.word(&say::STEP_FORWARD)) on:click=act(move || player.step_forward())>
                    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M14 3.5v11"></path><path class="f" d="M4 4v10l7-5z"></path></svg>
                </button>
            </div>
            <label class="speed">
                <span class="dim wideonly" aria-hidden="true">{live(move || preferences.word(&say::SPEED))}</span>
                <select aria-label=live(move || preferences.word(&say::SPEED)) on:change=hear(pick)>{speeds.collect_view()}</select>
                <Caret/>
            </label>
            {more.then(|| view! { <History/> }.into_any())}
            <span class="time num" node_ref=time></span>
            {more.then(|| ends(player, preferences))}
        </nav>
    }
}

/// Back to the present, and to other branches.
fn ends(player: Player, preferences: Preferences) -> AnyView {
    view! {
            <span class="ends">
                <button class="btn" aria-label=live(move || preferences.word(&say::BACK_TO_NOW)) on:click=act(move || player.back_to_now())>
                    <span class="wideonly">{live(move || preferences.word(&say::BACK_TO_NOW))}</span>
                    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M15 3.5v11M3 9h8.5M8 5.2L11.8 9 8 12.8"></path></svg>
                </button>
                <Branches/>
            </span>
    }
    .into_any()
}

/// The axis of the history: of virtual time, but of actions where a scenario does things by hand in no time at all.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ruler {
    by_steps: bool,
    length: f64,
}

impl Ruler {
    fn new(by_steps: bool, now: Micros, standing: Standing) -> Ruler {
        let (end, len) = (standing.end.max(now).0, standing.len);
        let (shortest, longest) = match by_steps {
            true => (SHORTEST_AXIS.1, len as f64),
            false => (SHORTEST_AXIS.0, end as f64),
        };
        // In steps, so that the landmarks do not creep while time passes.
        Ruler { by_steps, length: shortest * (longest * 1.1 / shortest).ceil().max(1.0) }
    }

    /// Where on the axis something stands, in its own unit.
    pub fn place(&self, time: Micros, position: usize) -> f64 {
        if self.by_steps { position as f64 } else { time.0 as f64 }
    }

    /// The same as a part of its length.
    pub fn percent(&self, place: f64) -> String {
        let hundredths = (10_000.0 * place / self.length).clamp(0.0, 10_000.0) as u32;
        format!("{}.{:02}%", hundredths / 100, hundredths % 100)
    }
}

/// The history: one axis of virtual time, what has happened, where the playhead is, and the landmarks.
#[component]
fn History() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let by_steps = memo(move || player.beginning.with(|beginning| beginning.scenario.is_some()));
    let ruler =
        player.follow(move |frame, standing| Ruler::new(by_steps.get_untracked(), frame.now, standing));
    let marks = memo(move || ruler.with(|ruler| thinned(&player.marks.get().1, ruler)));
    let same_mark = |mark: &Landmark| (mark.position, mark.at, rank(mark.mark));
    let (done, rec) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let (head, slider) = (NodeRef::<html::Div>::new(), NodeRef::<html::Input>::new());
    player.on_move(move |_, moment| {
        let (Some(done), Some(rec)) = (done.get_untracked(), rec.get_untracked()) else { return };
        let (Some(head), Some(slider)) = (head.get_untracked(), slider.get_untracked()) else { return };
        let (ruler, standing) = (ruler.get_untracked(), player.standing.get_untracked());
        let here = ruler.place(Micros(moment.playhead as u64), standing.position);
        let (at, end) = (ruler.percent(here), ruler.percent(ruler.place(standing.end, standing.len)));
        style(&done, "width", &at);
        style(&head, "left", &at);
        style(&rec, "width", &end);
        slider.set_value_as_number(here);
        let _ = slider.set_attribute("aria-valuetext", &preferences.ms(Micros(moment.playhead as u64)));
    });
    let seek = move |event: web_sys::Event| {
        if let Ok(wanted) = event_target_value(&event).parse::<f64>() {
            match ruler.with_untracked(|ruler| ruler.by_steps) {
                true => player.seek_position(wanted as usize),
                false => {
                    player.seek(wanted.min(player.standing.with_untracked(|standing| standing.end.0) as f64))
                }
            }
        }
    };
    view! {
        <div class="history">
            <div class="track"></div>
            <div class="rec" node_ref=rec></div>
            <div class="done" node_ref=done></div>
            <Forks ruler/>
            {list(move || marks.get(), same_mark, move |mark| mark_view(mark, ruler).into_any())}
            <div class="head" node_ref=head></div>
            <input
                type="range"
                node_ref=slider
                min="0"
                max=live(move || ruler.with(|ruler| ruler.length))
                step=live(move || if ruler.with(|ruler| ruler.by_steps) { 1 } else { 1000 })
                aria-label=live(move || preferences.word(&say::HISTORY))
                on:input=hear(seek)
            />
        </div>
    }
}

/// Not by the attribute, which a host's security policy may forbid.
fn style(element: &web_sys::HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

fn mark_view(mark: Landmark, ruler: ReadSignal<Ruler>) -> impl IntoView {
    let (class, path) = glyph::landmark(mark.mark);
    let left = move || ruler.with(|ruler| ruler.percent(ruler.place(mark.at, mark.position)));
    view! {
        <svg class=format!("m {class}") style:left=live(left) viewBox="0 0 12 12" aria-hidden="true"><path d=path></path></svg>
    }
}

/// As many landmarks as can be told apart: of those that fall together, the one that matters most.
fn thinned(marks: &[Landmark], ruler: &Ruler) -> Vec<Landmark> {
    let place = |mark: &Landmark| ruler.place(mark.at, mark.position);
    let mut kept: Vec<Landmark> = Vec::new();
    for mark in marks {
        let same_side = |kept: &Landmark| stands_above(kept.mark) == stands_above(mark.mark);
        let near = |kept: &Landmark| place(mark) - place(kept) < ruler.length * MARK_APART;
        match kept.iter_mut().rev().find(|kept| same_side(kept)).filter(|kept| near(kept)) {
            Some(shown) if rank(shown.mark) < rank(mark.mark) => *shown = mark.clone(),
            Some(_) => {}
            None => kept.push(mark.clone()),
        }
    }
    kept
}

fn rank(mark: Mark) -> u8 {
    match mark {
        Mark::Commit | Mark::Campaign => 0,
        Mark::Crash => 1,
        Mark::Elected => 2,
        Mark::Violation => 3,
    }
}
