//! The checker in the page: its worker finds, proves, stops and goes on, while the page goes on too.

use crate::broken::headless;
use conclave_e2e::{Look, Page, Site};

const FOLD: &str = "Every schedule: find or prove";

/// A page with the panel open.
fn opened(site: &Site, query: &str) -> Page {
    let page = Page::ready(&format!("{}?ui=full&{query}", site.url()), Look::default());
    page.press(FOLD);
    page.find("button", "Prove");
    page
}

fn text(page: &Page, selector: &str) -> String {
    let text = page.script(&format!("return document.querySelector('{selector}')?.textContent"));
    text.as_str().unwrap_or_default().to_owned()
}

/// What came of it, waited for.
fn said(page: &Page, part: &str) -> String {
    // A search takes its time; it is waited for as long as it goes on.
    loop {
        let met = states(page);
        let says = || text(page, ".checker .said").contains(part);
        page.wait(&format!("the checker to say “{part}”"), || says() || met < states(page));
        if says() {
            return text(page, ".checker .said");
        }
    }
}

/// How many states it has met.
fn states(page: &Page) -> u64 {
    let count = text(page, ".checker .count");
    count.split(' ').next().unwrap_or_default().replace(',', "").parse().unwrap_or_default()
}

#[test]
fn a_student_switches_a_rule_off_and_watches_the_shortest_disaster() {
    let site = Site::release();
    // Entries of older terms are committed by counting: Figure 8.
    let page = opened(&site, "algo=raft&variant=R-5&autoplay=0");
    page.press("Find");
    let sentence = said(&page, "is broken after");
    let moves = sentence.split("after ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok());
    let moves: f64 = moves.expect("a number of moves");
    page.press("Show it");
    page.wait("the run to wait at its start", || {
        page.fact("playing") == "false" && page.number("position") == 0.0 && moves <= page.number("length")
    });
    for step in 1..=page.number("length") as u64 {
        assert_eq!(text(&page, ".broken-promise"), "", "not before the last step");
        page.press("Step forward");
        page.wait("a step", || page.number("position") == step as f64);
    }
    page.wait("the promise to break", || text(&page, ".broken-promise").contains("is broken"));
    page.wait("the witness to be lit", || {
        page.script("return 0 < document.querySelectorAll('.node.witness').length") == true
    });
    page.assert_no_console_errors();
}

#[test]
fn a_bound_is_proved_exactly_with_the_number_of_states_that_the_command_line_has() {
    let site = Site::release();
    let page = opened(&site, "algo=raft");
    page.press("Prove");
    let sentence = said(&page, "No promise can be broken");
    let file = std::fs::read_to_string(conclave_e2e::root().join("src/protocols/raft/checks/standard.json"));
    let native = headless("check", &file.expect("a file"));
    assert_eq!(states(&page), native["states"].as_u64().expect("a number"), "{sentence}");
    let panel = text(&page, ".checker");
    assert!(panel.contains("3 nodes; the election timer goes off at most"), "{panel}");
    page.assert_no_console_errors();
}

#[test]
fn a_long_search_is_stopped_and_goes_on_while_the_page_plays() {
    let site = Site::release();
    let page = opened(&site, "algo=raft&nodes=5");
    page.pick(&page.find("combobox", "Begin"), "at the start of this run");
    page.press("Find");
    page.wait("some states", || 0 < states(&page));
    let position = page.number("position");
    page.wait("the cluster to go on", || position < page.number("position"));
    page.press("Stop");
    page.find("button", "Go on");
    let met = states(&page);
    page.script("return new Promise((done) => setTimeout(done, 600))");
    assert_eq!(states(&page), met, "nothing is searched any more");
    page.press("Go on");
    page.wait("more states", || met < states(&page));
    page.press("Stop");
    page.find("button", "Go on");
    page.assert_no_console_errors();
}

#[test]
fn a_bound_that_is_reached_is_said_and_can_be_raised() {
    let site = Site::release();
    let page = opened(&site, "algo=raft&autoplay=0");
    page.script(
        "document.querySelector('.checker .bounds').open = true;
         const labels = [...document.querySelectorAll('.checker label')];
         const field = labels.find((label) => label.textContent.includes('stop after so many states')).querySelector('input');
         field.value = '100'; field.dispatchEvent(new Event('change', { bubbles: true }))",
    );
    page.press("Find");
    said(&page, "Stopped at the bound of 100 states");
    page.press("Go on, four times as far");
    said(&page, "Stopped at the bound of 400 states");
    page.assert_no_console_errors();
}

#[test]
fn it_searches_onwards_from_the_moment_on_the_stage() {
    let site = Site::release();
    let page = opened(&site, "algo=raft&nodes=3");
    page.wait_for_node("a leader", |node| node.leads());
    page.press("Pause");
    page.wait("the page to be paused", || page.fact("playing") == "false");
    let (position, digest) = (page.number("position"), page.fact("digest"));
    page.pick(&page.find("combobox", "Look for"), "Two servers lead at once, in different terms");
    page.pick(&page.find("combobox", "Begin"), "from here: the moment on the stage");
    page.press("Find");
    said(&page, "It happens after");
    page.press("Show it");
    page.wait("the same moment", || {
        page.number("position") == position
            && position < page.number("length")
            && page.fact("digest") == digest
    });
    page.assert_no_console_errors();
}

#[test]
fn nothing_is_loaded_for_it_before_it_is_used_and_the_module_only_once() {
    let site = Site::release();
    let page = opened(&site, "algo=raft&autoplay=0");
    let wasm = || site.requests().iter().filter(|path| path.contains(".wasm")).count();
    let before = site.requests();
    assert_eq!(wasm(), 1, "{before:?}");
    page.press("Find");
    said(&page, "No promise can be broken");
    assert_eq!(wasm(), 1, "{:?}", site.requests());
    page.assert_no_console_errors();
}
