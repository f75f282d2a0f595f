//! The checker: the shortest disaster is found, shown and stepped through; a proof says where it holds; a search is held,
//! stopped at a bound, and goes on; and it all happens beside the page, on any host.

use crate::offline::kept;
use crate::scenes::elected_and_paused;
use conclave_e2e::site::{Policy, State};
use conclave_e2e::{Browser, Look, Page, Site};

const PANEL: &str = "Every schedule: find or prove";
/// Three servers and two elections: as many states as natively (`tests/checker.rs`).
const PROVED: &str = "all 17,041 states within these bounds were met, over 68,163 moves";

fn open_panel(page: &Page) {
    page.press(PANEL);
    page.find("button", "Find");
}

fn opened(site: &Site, query: &str) -> Page {
    let page = Page::ready(&format!("{}?{query}", site.url()), Look::default());
    open_panel(&page);
    page
}

fn text(page: &Page, selector: &str) -> String {
    let found = page.script(&format!(
        "return [...document.querySelectorAll('{selector}')].map((found) => found.textContent).join(' ')"
    ));
    found.as_str().unwrap_or_default().to_owned()
}

fn wait_for_answer(page: &Page, part: &str) {
    page.wait(&format!("the answer “{part}”"), || text(page, ".checker .outcome").contains(part));
}

/// How many states are counted.
fn states(page: &Page) -> u64 {
    let count = text(page, ".checker .count");
    let digits = count.split(" states").next().unwrap_or_default().replace(',', "");
    digits.trim().parse().unwrap_or_default()
}

fn write(page: &Page, field: &str, value: &str) {
    let field = page.find_where(field, |thing| thing.role == "spinbutton" && thing.name.starts_with(field));
    page.write(&field, value);
}

fn pick(page: &Page, list: &str, option: &str) {
    let list = page.find_where(list, |thing| thing.role == "combobox" && thing.name.starts_with(list));
    page.pick(&list, option);
}

/// Two elections of the run on the stage, from its start, without faults.
fn ask_for_two_elections(page: &Page) {
    page.script("document.querySelector('.checker details').open = true");
    pick(page, "Begin", "at the start of this run");
    write(page, "election timer", "2");
    write(page, "crashes", "0");
    let symmetry = page.find("checkbox", "states that differ only in names count once");
    if page.call(&symmetry, "function () { return this.checked }") == true {
        page.click(&symmetry);
    }
}

#[test]
fn who_doubts_a_rule_watches_the_shortest_disaster() {
    let site = Site::release();
    let browser = Browser::start(Look::default());
    browser.before_every_page(
        "window.begun = 0;
         window.Worker = class extends Worker { constructor(...all) { super(...all); window.begun += 1; } };",
    );
    browser.open(&format!("{}?algo=raft&variant=R-5&autoplay=0", site.url()));
    let page = Page { browser };
    page.wait_until_ready();
    open_panel(&page);
    let fetched = "return performance.getEntriesByType('resource').filter((entry) => entry.name.includes('check-worker')).length";
    assert_eq!(page.script(fetched), 0, "nothing is fetched for what nobody has asked");
    assert_eq!(page.script("return begun"), 0);

    page.press("Find");
    wait_for_answer(&page, "Leader completeness is broken after 11 moves, and after no fewer");
    assert_eq!(page.script("return begun"), 1);
    page.press("Show it");
    page.wait("the run that was found", || page.number("length") == 11.0);
    assert_eq!((page.fact("playing").as_str(), page.number("position")), ("false", 0.0));
    for position in 1..=11 {
        assert!(!text(&page, ".lamp.broken").contains("Leader completeness"), "too early: {position}");
        page.press("Step forward");
        page.wait("the step", || page.number("position") == f64::from(position));
    }
    page.wait("the witness", || text(&page, ".lamp.broken").contains("Leader completeness"));
    page.assert_no_console_errors();
}

#[test]
fn a_proof_says_where_it_holds_and_a_bound_that_was_reached_is_no_end() {
    let site = Site::release();
    let page = opened(&site, "algo=raft&nodes=3&autoplay=0");
    ask_for_two_elections(&page);
    page.press("Prove");
    wait_for_answer(&page, PROVED);
    let bounds = "3 nodes; the election timer goes off at most 2 times in all; no other timer does; no crash; no link cut";
    assert!(text(&page, ".checker").contains(bounds), "{}", text(&page, ".checker"));

    write(&page, "stop after so many states", "1000");
    page.press("Find");
    for bound in ["1,000", "4,000", "16,000"] {
        wait_for_answer(&page, &format!("Stopped at the bound of {bound} states"));
        page.press("Go on, four times as far");
    }
    wait_for_answer(&page, PROVED);
    page.assert_no_console_errors();
}

#[test]
fn the_page_plays_while_it_is_searched_and_a_long_search_is_held() {
    let site = Site::release();
    let page = opened(&site, "algo=raft&variant=R-5");
    page.press("Prove");
    page.wait("some states", || 0 < states(&page));
    let (position, met) = (page.number("position"), states(&page));
    page.wait("both to go on", || position < page.number("position") && met < states(&page));
    page.press("Stop");
    page.find("button", "Go on");
    let held = states(&page);
    let later = page.number("position");
    page.wait("the page to go on", || later < page.number("position"));
    assert_eq!(states(&page), held, "it waits");
    page.press("Go on");
    page.wait("more states", || held < states(&page));
    page.assert_no_console_errors();
}

#[test]
fn from_here_a_search_begins_at_the_moment_on_the_stage() {
    let (_site, page, _) = elected_and_paused("nodes=3&algo=raft");
    open_panel(&page);
    pick(&page, "Begin", "from here: the moment on the stage");
    pick(&page, "Look for", "Two servers lead at once, in different terms");
    page.script("document.querySelector('.checker details').open = true");
    write(&page, "election timer", "1");
    let here = page.number("position");
    let said = text(&page, ".app > header");
    page.press("Find");
    wait_for_answer(&page, "It happens after");
    assert_eq!(text(&page, ".app > header"), said, "the run on the stage stays");
    page.press("Show it");
    page.wait("the run that was found", || here < page.number("length"));
    assert!(here <= page.number("position"));
    let leaders = || page.nodes().into_iter().filter(|node| node.leads()).count();
    assert_eq!(leaders(), 1);
    page.wait("two leaders", || {
        page.press("Step forward");
        leaders() == 2
    });
    page.assert_no_console_errors();
}

#[test]
fn a_strict_host_allows_it() {
    let site = Site::guarded(Policy::Strict);
    let page = opened(&site, "algo=raft&nodes=3&autoplay=0");
    ask_for_two_elections(&page);
    page.press("Find");
    wait_for_answer(&page, PROVED);
    page.assert_no_console_errors();
}

#[test]
fn it_needs_no_network_once_the_page_was_here() {
    let site = Site::release();
    let page = kept(&site);
    site.turn(State::Gone);
    page.script("location.href = './?algo=raft&nodes=3&autoplay=0'");
    page.wait("the page", || page.script("return !!document.getElementById('app')") == true);
    open_panel(&page);
    ask_for_two_elections(&page);
    page.press("Find");
    wait_for_answer(&page, PROVED);
}

/// Nobody outside can press anything in such a frame, so it does it itself and tells.
#[test]
fn a_frame_without_an_origin_searches_too() {
    let host = "<!DOCTYPE html><meta charset='utf-8'><title>Strict</title><link rel=icon href='data:,'><script>
        addEventListener('message', ({ data }) => { if (data.said) window.said = data.said; });</script>
        <iframe title=lab width=900 height=700 sandbox='allow-scripts' src='./?algo=raft&variant=R-5&autoplay=0'></iframe>";
    let site = Site::beside(host);
    let browser = Browser::start(Look::default());
    browser.before_every_page(
        "if (parent !== self) setInterval(() => {
            const outcome = document.querySelector('.checker .outcome');
            if (outcome) return parent.postMessage({ said: outcome.textContent }, '*');
            const fold = document.getElementById('checker-fold');
            const find = [...document.querySelectorAll('.checker .verbs button')].find((button) => button.textContent === 'Find');
            (find ?? fold)?.click();
        }, 200);",
    );
    browser.open(&site.given());
    let page = Page { browser };
    page.wait("what was found", || {
        let said = page.script("return window.said");
        said.as_str().is_some_and(|said| said.contains("is broken after 11 moves"))
    });
}
