//! The branches of the history as a small tree: a line for each, where it leaves its parent's; what the cluster was like
//! at any place of it is seen before one goes there.
//!
//! Must not know any protocol.

use super::glyph::{self, RoleGlyph};
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::frame::{Frame, MemberFrame};
use crate::engine::history::MAX_BRANCH_NAME;
use crate::engine::session::BranchFrame;
use crate::text::page as say;
use crate::ui::live::{act, hear, live, pieces};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// How wide the lines are, with what keeps them clear of the edges, and how high a row is; `panel.css` has the same.
const WIDE: f64 = 180.0;
const EDGE: f64 = 8.0;
const ROW: f64 = 52.0;
/// An arrow key goes so many times from one end of a branch to the other.
const STRIDES: usize = 24;

/// Where the reader looks: which branch, and after how many actions.
type Place = (usize, usize);

/// The tree, what is seen at the place under the pointer or with the focus, and the name of the branch that is shown.
#[component]
pub fn BranchTree(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let look = RwSignal::new(None::<Place>);
    let rows = move || {
        player.named.track();
        let (branches, shown) = player.branches();
        let row = |place: usize| row(place, &branches, place == shown, look, open);
        (0..branches.len()).map(row).collect()
    };
    let name = move || {
        player.named.track();
        let (branches, shown) = player.branches();
        branches.get(shown).and_then(|branch| branch.name.clone()).unwrap_or_default()
    };
    let rename = move |event: web_sys::Event| {
        let shown = player.standing.with_untracked(|standing| standing.branch);
        player.name_branch(shown, &event_target_value(&event));
    };
    let label = move || {
        let shown = player.standing.with(|standing| standing.branch + 1);
        preferences.say(&say::BRANCH_CALLED.with("branch", shown))
    };
    view! {
        <div class="popover tree" role="group" aria-label=live(move || preferences.word(&say::BRANCHES))>
            <div class="glimpse" id="glimpse">{pieces(move || glimpse(look.get(), player, preferences))}</div>
            <ul on:pointerleave=act(move || look.set(None))>{pieces(rows)}</ul>
            <label class="option">
                <span>{live(label)}</span>
                <input type="text" maxlength=MAX_BRANCH_NAME.to_string() prop:value=live(name) on:change=hear(rename)/>
            </label>
        </div>
    }
}

fn row(
    place: usize,
    branches: &[BranchFrame],
    shown: bool,
    look: RwSignal<Option<Place>>,
    open: RwSignal<bool>,
) -> AnyView {
    let (player, preferences) = (Player::here(), Preferences::here());
    let branch = &branches[place];
    let longest = branches.iter().map(|branch| branch.len).max().unwrap_or(1);
    let text = match branch.parent {
        None => say::BRANCH_ROOT.with("branch", place + 1),
        Some(parent) => {
            let text = say::BRANCH_FROM.with("branch", place + 1).with("parent", parent + 1);
            text.with("time", preferences.ms(branch.left_at))
        }
    };
    let size = say::BRANCH_SIZE.with("count", branch.len).with("time", preferences.ms(branch.end));
    let (first, last) = (branch.from, branch.len);
    let at = move || look.get().filter(|(branch, _)| *branch == place).map(|(_, position)| position);
    let here = player.standing.with_untracked(|standing| standing.position);
    let rest = if shown { here } else { last };
    let go = move || {
        let position =
            look.get_untracked().filter(|(branch, _)| *branch == place).map_or(rest, |(_, there)| there);
        open.set(false);
        player.go_to(place, position);
    };
    let point = move |event: web_sys::PointerEvent| {
        let target = event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok());
        let Some(lines) = target.and_then(|row| row.query_selector("svg").ok().flatten()) else { return };
        let seen = lines.get_bounding_client_rect();
        let x = WIDE * (f64::from(event.client_x()) - seen.left()) / seen.width().max(1.0);
        let position = ((x - EDGE) / (WIDE - 2.0 * EDGE) * longest as f64).round().max(0.0) as usize;
        look.set(Some((place, if WIDE < x { last } else { position.clamp(first, last) })));
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        let stride = ((last - first) / STRIDES).max(1);
        let now = look.get_untracked().map_or(rest, |(_, there)| there);
        let there = match event.key().as_str() {
            "ArrowLeft" => now.saturating_sub(stride).max(first),
            "ArrowRight" => (now + stride).min(last),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        look.set(Some((place, there)));
    };
    let dot = move || at().map_or(String::new(), |position| dot(x_of(position, longest)));
    view! {
        <li>
            <button
                class="btn row"
                aria-current=shown.then_some("true")
                aria-describedby="glimpse"
                on:click=act(go)
                on:focus=act(move || look.set(Some((place, rest))))
                on:blur=act(move || look.set(None))
                on:pointermove=hear(point)
                on:keydown=hear(keys)
            >
                <svg viewBox=format!("0 0 {WIDE} {ROW}") aria-hidden="true">
                    <path class=if shown { "line shown" } else { "line" } d=line(place, branches, longest)></path>
                    <path class="end" d=dot_of(branch, longest)></path>
                    <path class="look" d=live(dot)></path>
                </svg>
                <span class="told">
                    <span class:strong=shown>{preferences.say(&text)}</span>
                    " "<b>{branch.name.clone()}</b>
                    " "<span class="dim num">{preferences.say(&size)}</span>
                </span>
            </button>
        </li>
    }
    .into_any()
}

fn x_of(position: usize, longest: usize) -> f64 {
    EDGE + (WIDE - 2.0 * EDGE) * position as f64 / longest.max(1) as f64
}

/// From the row of its parent down to its own, and along it.
fn line(place: usize, branches: &[BranchFrame], longest: usize) -> String {
    let branch = &branches[place];
    let (from, to, middle) = (x_of(branch.from, longest), x_of(branch.len, longest), ROW / 2.0);
    let Some(parent) = branch.parent else { return format!("M{from:.1} {middle}H{to:.1}") };
    let up = middle - ROW * (place - parent) as f64;
    let (bend, right) = (middle - 6.0, (from + 6.0).min(to));
    format!("M{from:.1} {up}V{bend}Q{from:.1} {middle} {right:.1} {middle}H{to:.1}")
}

fn dot_of(branch: &BranchFrame, longest: usize) -> String {
    dot(x_of(branch.len, longest))
}

fn dot(x: f64) -> String {
    format!("M{:.1} {}a4 4 0 1 0 8 0a4 4 0 1 0-8 0", x - 4.0, ROW / 2.0)
}

/// What the cluster was like: every node with its role and its stamp.
fn glimpse(place: Option<Place>, player: Player, preferences: Preferences) -> Vec<AnyView> {
    let Some((branch, position)) = place else {
        return vec![view! { <p class="dim">{preferences.word(&say::GLIMPSE_HINT)}</p> }.into_any()];
    };
    let frame: Frame = player.glimpse(branch, position);
    let when = say::GLIMPSE
        .with("branch", branch + 1)
        .with("count", position)
        .with("time", preferences.ms(frame.now));
    let node = |member: &MemberFrame| {
        let stamp = member.stamp.map(|(word, stamp)| format!("{} {stamp}", preferences.word(word)));
        let word = preferences.word(glyph::role_word(member));
        view! {
            <li>
                <RoleGlyph status=member.status tone=glyph::tone(member)/>
                <b>{member.id.to_string()}</b>
                <span>{word}</span>
                <span class="dim num">{stamp}</span>
            </li>
        }
        .into_any()
    };
    let nodes = frame.members.iter().filter(|member| member.id.node().is_some()).map(node);
    let nodes: Vec<AnyView> = nodes.collect();
    vec![
        view! { <p class="dim">{preferences.say(&when)}</p> }.into_any(),
        view! { <ul>{nodes}</ul> }.into_any(),
    ]
}
