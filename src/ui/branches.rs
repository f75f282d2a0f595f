//! The branches of the history: which one is shown, the tree of all behind it, and where they part on the slider.
//!
//! Must not know any protocol.

use super::branch_tree::BranchTree;
use super::caption::Caret;
use super::player::Player;
use super::preferences::Preferences;
use super::transport::Ruler;
use crate::engine::ids::Micros;
use crate::engine::session::BranchFrame;
use crate::text::page as say;
use crate::ui::live::{act, flag, hear, list, live, when};
use leptos::prelude::*;

/// How many other branches are drawn below the axis.
const DRAWN: usize = 3;

/// Which branch is shown; pressed, it unfolds the list of all.
#[component]
pub fn Branches() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let open = RwSignal::new(false);
    let count = player.follow(|_, standing| (standing.branch + 1, standing.branches));
    let name = move || {
        let (branch, branches) = count.get();
        preferences.say(&say::BRANCH.with("branch", branch).with("branches", branches))
    };
    let close = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            open.set(false);
        }
    };
    view! {
        {when(move || 1 < count.get().1, move || view! {
            <span class="branches" on:keydown=hear(close)>
                <button
                    class="btn"
                    aria-expanded=live(move || open.get().to_string())
                    on:click=act(move || open.update(|open| *open = !*open))
                >
                    {live(name)}
                    <Caret/>
                </button>
                {when(move || open.get(), move || view! {
                    <BranchTree open/>
                }.into_any())}
            </span>
        }.into_any())}
    }
}

/// The other branches below the axis of the history, each leaving it where it parts from what is shown.
#[component]
pub fn Forks(
    /// The axis.
    ruler: ReadSignal<Ruler>,
) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let alone = player.follow(|_, standing| standing.branches < 2);
    let forks = move || {
        if alone.get() {
            return Vec::new();
        }
        let (branches, shown) = player.branches();
        let others = (0..branches.len()).rev().filter(|place| *place != shown).take(DRAWN);
        let fork = |place: usize| {
            let (from, branch) = (parting(&branches, shown, place), &branches[place]);
            (place, (player.time_at(from), from), (branch.end, branch.len))
        };
        others.map(fork).collect::<Vec<_>>()
    };
    let fork = move |(place, from, to): (usize, (Micros, usize), (Micros, usize))| {
        let at = move |(time, position)| ruler.with(|ruler| ruler.place(time, position));
        let left = move || ruler.with(|ruler| ruler.percent(at(from)));
        let width = move || ruler.with(|ruler| ruler.percent(at(to) - at(from)));
        let name = move || {
            player.named.track();
            let (branches, _) = player.branches();
            let named = branches.get(place).and_then(|branch| branch.name.clone());
            named.unwrap_or_else(|| preferences.say(&say::BRANCH_NAME.with("branch", place + 1)))
        };
        view! {
            <div class="fork" aria-hidden="true" style:left=live(left) style:width=live(width)>
                <span>{live(name)}</span>
            </div>
        }
    };
    view! {
        <div class:hidden=flag(move || alone.get())>
            {list(forks, |fork| *fork, move |place| fork(place).into_any())}
        </div>
    }
}

/// After how many actions two branches part.
fn parting(branches: &[BranchFrame], one: usize, other: usize) -> usize {
    // From each, how far every branch on its way to the root is followed.
    let path = |mut branch: usize| {
        let mut path = vec![(branch, usize::MAX)];
        while let Some(parent) = branches[branch].parent {
            let until = path.last().map_or(usize::MAX, |(_, until)| branches[branch].from.min(*until));
            path.push((parent, until));
            branch = parent;
        }
        path
    };
    let (one, other) = (path(one), path(other));
    let shared = |(branch, until): &(usize, usize)| {
        let same = other.iter().find(|(there, _)| there == branch);
        same.map(|(_, there)| *until.min(there))
    };
    one.iter().find_map(shared).unwrap_or(0)
}
