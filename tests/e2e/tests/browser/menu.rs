//! The menu of all that could happen next: it lists, says what would come of each, and what is picked from it happens.

use crate::scenes::{caption, elected_and_paused, step};
use conclave_e2e::{Look, Named, Page, Site};

/// Opens the menu.
pub fn open(page: &Page) {
    page.press("What could happen next");
    page.wait("the menu", || !rows(page).is_empty());
}

/// What the rows of the menu say.
fn rows(page: &Page) -> Vec<String> {
    let rows =
        page.script("return [...document.querySelectorAll('.menu li button')].map((row) => row.textContent)");
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().filter_map(|row| row.as_str().map(str::to_owned)).collect()
}

/// The button of the menu that begins so.
pub fn row(page: &Page, begins: &str) -> Named {
    let row = page.find_where(&format!("“{begins}” on the menu"), |thing| {
        thing.role == "button" && thing.name.starts_with(begins)
    });
    // A long menu scrolls within itself.
    page.call(&row, "function () { this.scrollIntoView({ block: 'center', behavior: 'instant' }) }");
    row
}

/// Lets something of the menu happen, and waits until it has.
pub fn pick(page: &Page, begins: &str) {
    let before = page.number("position");
    page.click(&row(page, begins));
    page.wait("what was picked to have happened", || page.number("position") == before + 1.0);
}

#[test]
fn it_lists_what_may_happen_and_what_would_come_of_it() {
    let (_site, page, leader) = elected_and_paused("nodes=3");
    open(&page);
    let timers = rows(&page).into_iter().filter(|row| row.contains("election timer")).count();
    assert_eq!(timers, 2, "{:?}", rows(&page));
    assert!(rows(&page).iter().any(|row| row.contains("timed out and asks for votes")), "{:?}", rows(&page));
    for node in 1..=3 {
        row(&page, &format!("Node {node} crashes"));
        row(&page, &format!("Node {node} is paused"));
    }
    // What there is much of is folded.
    assert!(!rows(&page).iter().any(|row| row.contains("is cut")));
    let links = row(&page, "Links");
    page.click(&links);
    page.wait("the links", || rows(&page).iter().filter(|row| row.contains("is cut")).count() == 6);

    // Nothing has happened by looking; what is picked does what it says.
    let before = page.fact("digest");
    let wanted = row(&page, &format!("Node {} crashes", leader.node));
    assert_eq!(page.fact("digest"), before);
    page.click(&wanted);
    page.wait("the crash", || page.fact("digest") != before);
    page.wait("its telling", || caption(&page).contains("crashed"));
    row(&page, &format!("Node {} restarts", leader.node));
    // While time passes it stands aside.
    page.press("Play");
    page.wait("an empty menu", || rows(&page).is_empty());
    page.assert_no_console_errors();
}

#[test]
fn what_is_due_next_is_what_the_clock_lets_happen() {
    let (_site, page, _) = elected_and_paused("nodes=3");
    open(&page);
    let next = || rows(&page).into_iter().filter(|row| row.contains("due next")).collect::<Vec<_>>();
    let due = next();
    let [due] = &due[..] else { panic!("{due:?}") };
    // A step of the clock and a pick lead to the same. A packet has a button on the stage too, with the same beginning.
    let ends = if due.contains(" arrives") { " arrives" } else { " goes off" };
    let begins = format!("{}{ends}", due.split(ends).next().unwrap_or_default());
    step(&page, "Step forward", 1);
    let by_clock = page.fact("digest");
    step(&page, "Step back", 1);
    page.wait("the menu of before", || next().iter().any(|row| row.starts_with(&begins)));
    pick(&page, &begins);
    page.wait("the same state", || page.fact("digest") == by_clock);
    page.assert_no_console_errors();
}

#[test]
fn a_step_taken_from_it_in_the_past_forks_the_history() {
    let (_site, page, _) = elected_and_paused("nodes=3");
    let end = page.number("position");
    step(&page, "Step back", 4);
    open(&page);
    page.wait("the word of the past", || {
        page.script("return document.querySelector('.menu').textContent")
            .as_str()
            .is_some_and(|text| text.contains("begins a new branch"))
    });
    pick(&page, "Node 1 is paused");
    assert_eq!(page.number("position"), end - 3.0);
    page.press("Branch 2 of 2");
    page.find_where("the second branch", |thing| {
        thing.role == "button" && thing.name.starts_with("Branch 2, left branch 1 at ")
    });
    page.assert_no_console_errors();
}

#[test]
fn it_can_be_used_with_the_keyboard_alone() {
    let (_site, page, _) = elected_and_paused("nodes=3");
    page.key("j");
    page.wait("the menu", || !rows(&page).is_empty());
    let focused = || page.script("return document.activeElement.textContent");
    page.wait("the focus", || {
        focused().as_str().is_some_and(|text| text.starts_with("What could happen next"))
    });
    let before = page.number("position");
    page.focus(&row(&page, "Node 2 crashes"));
    page.key("Enter");
    page.wait("the crash", || page.number("position") == before + 1.0);
    // The focus stays on the menu.
    page.wait("the focus", || {
        page.script("return document.activeElement.closest('.menu li') !== null") == true
    });
}

#[test]
fn what_would_break_a_promise_says_so() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?scenario=r1-forgets-vote", site.url()), Look::default());
    page.press("Back to now");
    page.wait("the end", || page.number("position") == page.number("length") && 0.0 < page.number("length"));
    page.wait("the broken promise", || {
        page.script("return document.querySelector('.broken-promise') !== null") == true
    });
    open(&page);
    // Its last action breaks it.
    step(&page, "Step back", 1);
    page.wait("a warning", || rows(&page).iter().any(|row| row.contains("Breaks the promise")));
}
