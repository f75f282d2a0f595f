//! The logs: one row a node, one cell an entry. Only the cells that are seen are drawn, however long the logs.

use super::cells::{Cells, MATCH_PATH, NEXT_PATH};
use super::glyph::{self, RoleGlyph};
use super::player::Player;
use super::preferences::Preferences;
use super::verbs::Thing;
use crate::engine::frame::{Frame, LogPart, MemberFrame, Status};
use crate::engine::ids::NodeId;
use crate::engine::invariant::Violation;
use crate::text::page as say;
use crate::text::{Text, Words};
use crate::ui::live::{act, flag, list, live, maybe, memo, piece, watch, when};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The width of a cell with its gap, in CSS pixels; `panel.css` has the same number.
pub const CELL: f64 = 56.0;
/// The width of the column of names.
pub const NAMES: f64 = 112.0;

/// Which cells are seen: from which index on, and how many.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Window {
    first: u32,
    count: u32,
    /// Whether nothing is hidden at the right.
    at_end: bool,
}

/// The panel of logs.
#[component]
pub fn Logs() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let scroller = NodeRef::<html::Div>::new();
    let window = RwSignal::new(Window { first: 1, count: 8, at_end: true });
    let longest = player.follow(|frame, _| longest_log(frame));
    let nodes = player.follow(|frame, _| node_ids(frame));
    let leads = player.follow(|frame, _| logs(frame).any(|(_, log)| log.cursor.is_some()));
    let by_ballots = player.follow(|frame, _| logs(frame).any(|(_, log)| log.by_ballots));
    follow_end(player, scroller, window, longest);
    watch_width(scroller, window);
    watch(move || {
        let Window { first, count, .. } = window.get();
        player.look_at(first, count);
    });
    let columns = move || {
        let Window { first, count, .. } = window.get();
        (first..first + count).collect::<Vec<_>>()
    };
    let inner = move || format!("{}px", NAMES + CELL * (f64::from(longest.get()) + 2.0));
    view! {
        <section class="panel logs" class:ballots=flag(move || by_ballots.get()) aria-labelledby="logs-title">
            <h2 id="logs-title">
                {live(move || preferences.word(&say::LOGS))}
                <span class="dim">{live(move || preferences.word(hint(by_ballots.get())))}</span>
            </h2>
            <div
                class="scroll"
                node_ref=scroller
                tabindex="0"
                role="region"
                aria-label=live(move || preferences.word(&say::LOGS_SCROLL))
                on:scroll=act(move || measure(scroller, window))
            >
                <div class="sheet" role="table" aria-labelledby="logs-title" style:width=live(inner)>
                    <div class="logrow heads" role="row">
                        <span class="names dim" role="columnheader">{live(move || preferences.word(&say::NODE))}</span>
                        {list(columns, |index| *index, |index| view! {
                            <span class="index num dim" role="columnheader" style:left=left_of(index)>{index}</span>
                        }.into_any())}
                    </div>
                    {list(move || nodes.get(), |node| *node, |node| view! {
                        <Row node/>
                    }.into_any())}
                </div>
            </div>
            <Legend leads by_ballots empty=Signal::derive(move || longest.get() == 0)/>
        </section>
    }
}

fn hint(by_ballots: bool) -> &'static Words {
    if by_ballots { &say::LOGS_HINT_BALLOTS } else { &say::LOGS_HINT }
}

fn left_of(index: u32) -> String {
    format!("{}px", NAMES + CELL * f64::from(index.saturating_sub(1)))
}

fn logs(frame: &Frame) -> impl Iterator<Item = (NodeId, &LogPart)> {
    frame.members.iter().filter_map(|member| Some((member.id.node()?, member.log()?)))
}

/// Whether there is anything to show: some node has a log.
pub fn has_logs(frame: &Frame) -> bool {
    logs(frame).next().is_some()
}

fn longest_log(frame: &Frame) -> u32 {
    logs(frame).map(|(_, log)| log.last).max().unwrap_or(0)
}

fn node_ids(frame: &Frame) -> Vec<NodeId> {
    frame.members.iter().filter_map(|member| member.id.node()).collect()
}

/// Keeps the end of the longest log in sight while the reader has not scrolled away from it. At the beginning of the
/// next animation frame, when the page is laid out: asked for in the middle of one, it would be laid out twice.
fn follow_end(
    player: Player,
    scroller: NodeRef<html::Div>,
    window: RwSignal<Window>,
    longest: ReadSignal<u32>,
) {
    let grown = Rc::new(Cell::new(false));
    let follows = Rc::clone(&grown);
    watch(move || {
        longest.track();
        grown.set(true);
        player.wake();
    });
    player.before_move(move || {
        if follows.replace(false)
            && window.with_untracked(|window| window.at_end)
            && let Some(element) = scroller.get_untracked()
        {
            element.set_scroll_left(i32::MAX);
        }
    });
}

/// Measures what is seen when the panel changes its width.
fn watch_width(scroller: NodeRef<html::Div>, window: RwSignal<Window>) {
    watch(move || {
        let Some(element) = scroller.get() else { return };
        measure(scroller, window);
        let callback = Closure::<dyn Fn()>::new(move || measure(scroller, window));
        if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&element);
            // The panel lives as long as the page.
            std::mem::forget(observer);
        }
        callback.forget();
    });
}

fn measure(scroller: NodeRef<html::Div>, window: RwSignal<Window>) {
    // The observer may call once more after the panel has gone with its last log.
    let Some(element) = scroller.try_get_untracked().flatten() else { return };
    let first = (f64::from(element.scroll_left()) / CELL) as u32 + 1;
    let count = ((f64::from(element.client_width()) - NAMES) / CELL).ceil().max(1.0) as u32 + 1;
    let hidden = element.scroll_width() - element.client_width() - element.scroll_left();
    let seen = Window { first, count, at_end: hidden < CELL as i32 };
    if window.get_untracked() != seen {
        window.set(seen);
    }
}

/// One node's log.
#[component]
fn Row(node: NodeId) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let head = player.follow(move |frame, _| {
        let member = frame.node(node)?;
        let log = member.log()?;
        let commit = member.part("commit").and_then(|part| part.plain().as_int()).unwrap_or(0);
        Some((log.last, commit))
    });
    let role = player.follow(move |frame, _| {
        let member = frame.node(node)?;
        Some((member.status, glyph::tone(member), Text::from(glyph::role_word(member))))
    });
    let down = move || role.get().is_some_and(|(status, ..)| status == Status::Down);
    let chosen = move || player.chosen.get() == Some(node);
    // The slots in this log that contradict a promise.
    let lit = memo(move || {
        let witnesses = |violation: &Violation| {
            let witness = &violation.witness;
            if witness.nodes.contains(&node) { witness.slots.clone() } else { Vec::new() }
        };
        player.violations.with(|broken| broken.iter().flat_map(witnesses).collect::<Vec<u32>>())
    });
    let row = NodeRef::<html::Div>::new();
    let cells = Rc::new(RefCell::new((Cells::default(), None)));
    let redrawn = Rc::clone(&cells);
    player.on_move(move |frame, _| {
        let (Some(row), (cells, shown)) = (row.get_untracked(), &mut *cells.borrow_mut()) else { return };
        let log = frame.node(node).and_then(MemberFrame::log);
        if let Some(log) = log.filter(|_| shown.as_ref().is_none_or(|shown| !Rc::ptr_eq(shown, frame))) {
            let lang = preferences.lang.get_untracked();
            lit.with_untracked(|lit| cells.sync(&row, log, lit, lang));
            *shown = Some(Rc::clone(frame));
        }
    });
    watch(move || {
        lit.track();
        preferences.lang.track();
        redrawn.borrow_mut().1 = None;
        player.wake();
    });
    view! {
        <div
            class="logrow"
            node_ref=row
            class:chosen=flag(chosen)
            class:down=flag(down)
            role="row"
            data-log-node=node.number().to_string()
            data-length=maybe(move || head.get().map(|head| head.0))
            data-commit=maybe(move || head.get().map(|head| head.1))
        >
            <span class="names" role="rowheader">
                <button class="rowbtn" aria-pressed=live(move || chosen().to_string()) on:click=act(move || player.choose(Thing::Node(node)))>
                    <span class="n">{node.number()}</span>
                    {piece(move || role.get().map(|(status, tone, word)| view! {
                        <RoleGlyph status tone/>
                        <span>{preferences.say(&word)}</span>
                    }.into_any()))}
                </button>
            </span>
        </div>
    }
}

#[component]
fn Tick() -> impl IntoView {
    view! {
        <svg class="tk" viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12"></rect><circle cx="6" cy="6" r="6"></circle><path d=glyph::TICK></path></svg>
    }
}

/// What the marks mean.
#[component]
fn Legend(leads: ReadSignal<bool>, by_ballots: ReadSignal<bool>, empty: Signal<bool>) -> impl IntoView {
    let preferences = Preferences::here();
    let word = move |words: &'static Words| live(move || preferences.word(words));
    let either = move |ballots: &'static Words, terms: &'static Words| {
        live(move || preferences.word(if by_ballots.get() { ballots } else { terms }))
    };
    view! {
        <ul class="legend">
            <li><span class="cell"></span>{either(&say::STANDS_ACCEPTED, &say::UNCOMMITTED)}</li>
            {when(move || by_ballots.get(), move || view! {
                <li><span class="cell chosen"><Tick/></span>{word(&say::CHOSEN_UNKNOWN)}</li>
            }.into_any())}
            <li><span class="cell committed"><Tick/></span>{either(&say::STANDS_KNOWN, &say::COMMITTED)}</li>
            <li><span class="cell applied"><Tick/></span>{word(&say::APPLIED)}</li>
            {when(move || !leads.get() && !by_ballots.get(), move || view! { <li>{word(&say::NO_LEADER_MARKS)}</li> }.into_any())}
            {when(move || leads.get(), move || view! {
                <li><svg class="mk live" viewBox="0 0 10 10" aria-hidden="true"><path d=MATCH_PATH></path></svg>{word(&say::MATCH)}</li>
                <li><svg class="mk live" viewBox="0 0 10 10" aria-hidden="true"><path d=NEXT_PATH></path></svg>{word(&say::NEXT)}</li>
            }.into_any())}
            {when(move || empty.get(), move || view! {
                <li class="hint">{word(&say::EMPTY_LOGS)}</li>
            }.into_any())}
        </ul>
    }
}
