//! The links: a line for each pair of nodes; pressed, it is cut both ways, or healed.
//!
//! Solid carries; a gap between two bars is cut, and a thin line with an arrow beside it still carries that way.

use super::{Place, presses};
use crate::engine::ids::{Link, NodeId};
use crate::scene::{Point, Scene};
use crate::text::page as say;
use crate::ui::live::{act, flag, hear, list, live, memo};
use crate::ui::player::Player;
use crate::ui::preferences::Preferences;
use crate::ui::verbs::Thing;
use leptos::prelude::*;

/// All links.
#[component]
pub fn Links(
    /// Where everything stands.
    scene: Memo<Scene>,
) -> impl IntoView {
    let nodes = memo(move || scene.with(|scene| scene.nodes.len() as u8));
    let pairs = move || {
        let nodes = nodes.get();
        let after = |from: NodeId| NodeId::all(nodes).filter(move |to| from < *to);
        let pairs = NodeId::all(nodes).flat_map(|from| after(from).map(move |to| Link { from, to }));
        pairs.collect::<Vec<_>>()
    };
    view! {
        {list(pairs, |link| *link, move |link| view! {
            <LinkMark link scene/>
        }.into_any())}
    }
}

/// Which directions of a link are cut: there, back.
/// Whether a link is cut: from the first end to the second, and back.
pub type Cuts = (bool, bool);

/// One link.
#[component]
fn LinkMark(link: Link, scene: Memo<Scene>) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let cuts =
        player.follow(move |frame, _| (frame.cuts.contains(&link), frame.cuts.contains(&link.reverse())));
    let ends = memo(move || {
        scene.with(|scene| scene.link(Place::Node(link.from.place()), Place::Node(link.to.place())))
    });
    let name = move || {
        let one_way = |words: &'static crate::text::Words, link: Link| {
            preferences.say(&words.with("from", link.from).with("to", link.to))
        };
        match cuts.get() {
            (false, false) => one_way(&say::LINK_NAME, link),
            (true, true) => one_way(&say::LINK_CUT, link),
            (true, false) => one_way(&say::LINK_HALF_CUT, link),
            (false, true) => one_way(&say::LINK_HALF_CUT, link.reverse()),
        }
    };
    let line = move || line_of(ends.get(), cuts.get());
    let whole = move || {
        let (a, b) = ends.get();
        format!("M{:.1} {:.1}L{:.1} {:.1}", a.x, a.y, b.x, b.y)
    };
    let is_seen = memo(move || scene.with(|scene| scene.are_linked(link.from.place(), link.to.place())));
    view! {
        <g
            class="link"
            class:cut=flag(move || cuts.get() != (false, false))
            class:unseen=flag(move || !is_seen.get())
            role="button"
            tabindex="0"
            aria-label=live(name)
            on:click=act(move || player.click_link(link))
            on:focus=act(move || player.choose(Thing::Link(link)))
            on:keydown=hear(move |event: web_sys::KeyboardEvent| if presses(&event) { player.click_link(link) })
        >
            <path class="hit" d=live(whole)></path>
            <path class="wire" d=live(line)></path>
            <path class="still" d=live(move || arrow_of(ends.get(), cuts.get()))></path>
        </g>
    }
}

/// The line of a link, with a gap and two bars where it is cut.
pub fn line_of((a, b): (Point, Point), cuts: Cuts) -> String {
    if cuts == (false, false) {
        return format!("M{:.1} {:.1}L{:.1} {:.1}", a.x, a.y, b.x, b.y);
    }
    let half_gap = 9.0 / a.distance(b).max(20.0);
    let (near, far) = (a.towards(b, 0.5 - half_gap), a.towards(b, 0.5 + half_gap));
    let bar = |at: Point| {
        let (dx, dy) = ((b.x - a.x) / a.distance(b).max(1.0), (b.y - a.y) / a.distance(b).max(1.0));
        let (x, y) = (-dy * 6.0, dx * 6.0);
        format!("M{:.1} {:.1}L{:.1} {:.1}", at.x - x, at.y - y, at.x + x, at.y + y)
    };
    format!(
        "M{:.1} {:.1}L{:.1} {:.1}{}{}M{:.1} {:.1}L{:.1} {:.1}",
        a.x,
        a.y,
        near.x,
        near.y,
        bar(near),
        bar(far),
        far.x,
        far.y,
        b.x,
        b.y
    )
}

/// The direction that still carries, beside a link that is cut one way.
fn arrow_of((a, b): (Point, Point), cuts: Cuts) -> String {
    let (from, to) = match cuts {
        (true, false) => (b, a),
        (false, true) => (a, b),
        _ => return String::new(),
    };
    let length = from.distance(to).max(1.0);
    let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    let beside = |point: Point, along: f64, right: f64| {
        format!("{:.1} {:.1}", point.x + dx * along - dy * right, point.y + dy * along + dx * right)
    };
    format!(
        "M{}L{}M{}L{}L{}",
        beside(from, 0.0, 8.0),
        beside(to, 0.0, 8.0),
        beside(to, -8.0, 4.0),
        beside(to, 0.0, 8.0),
        beside(to, -8.0, 12.0)
    )
}
