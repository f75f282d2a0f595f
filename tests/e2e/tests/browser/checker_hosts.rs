//! The checker on other people's hosts: under a strict policy and without a network; and a search that is stopped
//! again and again comes to what it would have come to at once.

use crate::offline::kept;
use conclave_e2e::site::{Policy, State};
use conclave_e2e::{Look, Page, Site};

const PANEL: &str = "Every schedule: find or prove";
/// Three servers and two elections: as many states as natively (`tests/checker.rs`).
const PROVED: &str = "all 17,041 states within these bounds were met, over 68,163 moves";

fn open_panel(page: &Page) {
    page.press(PANEL);
    page.find("button", "Find");
}

fn opened(site: &Site) -> Page {
    let page = Page::ready(&format!("{}?algo=raft&nodes=3&autoplay=0", site.url()), Look::default());
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
fn a_proof_says_where_it_holds_also_after_every_bound_on_the_way() {
    let site = Site::release();
    let page = opened(&site);
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
fn a_strict_host_allows_it() {
    let site = Site::guarded(Policy::Strict);
    let page = opened(&site);
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
