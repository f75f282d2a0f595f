//! The transport: play, step, speed, the history with its landmarks, and back to now.

use super::branches::{Branches, Forks};
use super::caption::Caret;
use super::glyph;
use super::player::{Player, SPEEDS, stands_above};
use super::preferences::Preferences;
use crate::engine::describe::Mark;
use crate::engine::session::Landmark;
use crate::text::page as say;
use crate::ui::live::{flag, live};
use leptos::prelude::*;

/// The axis of the history is at least this long, in virtual microseconds.
const SHORTEST_AXIS: f64 = 2_000_000.0;
/// No two landmarks of a kind are drawn nearer to each other than this part of the axis.
const MARK_APART: f64 = 0.012;

/// The controls of time.
#[component]
pub fn Transport() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let play_name = move || preferences.word(if player.playing.get() { &say::PAUSE } else { &say::PLAY });
    let time = move || preferences.say(&say::MS.with("ms", format!("{:.1}", player.clock.get().as_ms())));
    let pick = move |event: web_sys::Event| {
        if let Ok(place) = event_target_value(&event).parse() {
            player.speed.set(place);
        }
    };
    let speeds = SPEEDS.iter().enumerate().map(|(place, (_, name))| {
        view! { <option value=place.to_string() selected=flag(move || player.speed.get() == place)>{format!("{name}×")}</option> }
    });
    view! {
        <nav class="transport" aria-label=live(move || preferences.word(&say::TRANSPORT))>
            <div class="keys">
                <button class="btn" aria-label=live(move || preferences.word(&say::STEP_BACK)) on:click=move |_| player.step_back()>
                    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M4 3.5v11"></path><path class="f" d="M14 4v10L7 9z"></path></svg>
                </button>
                <button class="btn play" aria-label=live(play_name) on:click=move |_| player.toggle()>
                    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true">
                        <path class="f" d=live(move || if player.playing.get() { "M5 3.8h3v10.4H5zM10.5 3.8h3v10.4h-3z" } else { "M6 3.8v10.4L14.4 9z" })></path>
                    </svg>
                </button>
                <button class="btn" aria-label=live(move || preferences.word(&say::STEP_FORWARD)) on:click=move |_| player.step_forward()>
                    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M14 3.5v11"></path><path class="f" d="M4 4v10l7-5z"></path></svg>
                </button>
            </div>
            <label class="speed">
                <span class="dim wideonly" aria-hidden="true">{live(move || preferences.word(&say::SPEED))}</span>
                <select aria-label=live(move || preferences.word(&say::SPEED)) on:change=pick>{speeds.collect_view()}</select>
                <Caret/>
            </label>
            <History/>
            <span class="time num">{live(time)}</span>
            <span class="ends">
                <button class="btn" aria-label=live(move || preferences.word(&say::BACK_TO_NOW)) on:click=move |_| player.back_to_now()>
                    <span class="wideonly">{live(move || preferences.word(&say::BACK_TO_NOW))}</span>
                    <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M15 3.5v11M3 9h8.5M8 5.2L11.8 9 8 12.8"></path></svg>
                </button>
                <Branches/>
            </span>
        </nav>
    }
}

/// The history: one axis of virtual time, what has happened, where the playhead is, and the landmarks.
#[component]
fn History() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let axis = Memo::new(move |_| {
        let end = player.standing.with(|standing| standing.end.0) as f64;
        // In steps, so that the landmarks do not creep while time passes.
        SHORTEST_AXIS * (end.max(player.clock.get_untracked().0 as f64) * 1.1 / SHORTEST_AXIS).ceil().max(1.0)
    });
    let percent = move |at: f64| format!("{:.2}%", (100.0 * at / axis.get()).clamp(0.0, 100.0));
    let head = move || percent(player.clock.get().0 as f64);
    let recorded = move || percent(player.standing.with(|standing| standing.end.0) as f64);
    let marks = Memo::new(move |_| thinned(&player.marks.get().1, axis.get()));
    let same_mark = |mark: &Landmark| (mark.position, mark.at, rank(mark.mark));
    let value_text =
        move || preferences.say(&say::MS.with("ms", format!("{:.1}", player.clock.get().as_ms())));
    let seek = move |event: web_sys::Event| {
        if let Ok(at) = event_target_value(&event).parse::<f64>() {
            player.seek(at.min(player.standing.with_untracked(|standing| standing.end.0) as f64));
        }
    };
    view! {
        <div class="history">
            <div class="track"></div>
            <div class="rec" style:width=live(recorded)></div>
            <div class="done" style:width=live(head)></div>
            <Forks axis/>
            <For each=move || marks.get() key=same_mark let:mark>{mark_view(mark, axis)}</For>
            <div class="head" style:left=live(head)></div>
            <input
                type="range"
                min="0"
                max=live(move || axis.get().to_string())
                step="1000"
                prop:value=live(move || player.clock.get().0.to_string())
                aria-label=live(move || preferences.word(&say::HISTORY))
                aria-valuetext=live(value_text)
                on:input=seek
            />
        </div>
    }
}

fn mark_view(mark: Landmark, axis: Memo<f64>) -> impl IntoView {
    let (class, path) = glyph::landmark(mark.mark);
    let left = move || format!("{:.2}%", 100.0 * mark.at.0 as f64 / axis.get());
    view! {
        <svg class=format!("m {class}") style:left=live(left) viewBox="0 0 12 12" aria-hidden="true"><path d=path></path></svg>
    }
}

/// As many landmarks as can be told apart: of those that fall together, the one that matters most.
fn thinned(marks: &[Landmark], axis: f64) -> Vec<Landmark> {
    let mut kept: Vec<Landmark> = Vec::new();
    for mark in marks {
        let same_side = |kept: &Landmark| stands_above(kept.mark) == stands_above(mark.mark);
        let near = |kept: &Landmark| (mark.at.since(kept.at).0 as f64) < axis * MARK_APART;
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
