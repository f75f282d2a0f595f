//! A challenge: a promise is broken by hand, what that took is counted, and the shortest way is shown on request.

use crate::menu::{open, pick};
use conclave_e2e::{Look, Page, Site};

/// What the strip says.
fn strip(page: &Page) -> String {
    let said = page.script("return document.querySelector('.challenge')?.textContent ?? ''");
    said.as_str().unwrap_or_default().to_owned()
}

fn wait_for_strip(page: &Page, part: &str) {
    page.wait(&format!("the strip to say “{part}”"), || strip(page).contains(part));
}

fn opened(site: &Site) -> Page {
    let page = Page::ready(&format!("{}?puzzle=R-1", site.url()), Look::default());
    wait_for_strip(&page, "Find it yourself: R-1");
    page
}

/// Two leaders of one term, because a server in between forgets its vote.
const BY_HAND: [&str; 8] = [
    "The election timer of node 1 goes off",
    "RequestVote from 1 to 2 arrives",
    "RequestVoteReply from 2 to 1 arrives",
    "Node 2 crashes",
    "Node 2 restarts",
    "The election timer of node 3 goes off",
    "RequestVote from 3 to 2 arrives",
    "RequestVoteReply from 2 to 3 arrives",
];

#[test]
fn it_is_solved_by_hand_and_the_count_is_right() {
    let site = Site::release();
    let page = opened(&site);
    assert_eq!(page.fact("playing"), "false");
    wait_for_strip(&page, "Break R1");
    wait_for_strip(&page, "Actions by hand: 0; events in all: 0");
    open(&page);
    for (done, deed) in BY_HAND.iter().enumerate() {
        wait_for_strip(&page, &format!("Actions by hand: {done};"));
        pick(&page, deed);
    }
    wait_for_strip(&page, "Broken! Actions by hand: 8; events in all: 8");
    // What comes later counts no more; before it nothing is broken yet.
    pick(&page, "Node 1 crashes");
    wait_for_strip(&page, "Broken! Actions by hand: 8; events in all: 8");
    page.press("Step back");
    page.press("Step back");
    wait_for_strip(&page, "Actions by hand: 7; events in all: 7");
    // Another way from here counts for itself.
    pick(&page, "Node 3 is paused");
    wait_for_strip(&page, "Actions by hand: 8; events in all: 8");
    assert!(!strip(&page).contains("Broken!"));

    // The address holds it all, once it has been written.
    let link = || page.ask("getLink", &serde_json::json!({}))["url"].clone();
    page.wait("the run in the address", || {
        page.script(&format!("return new URL({}).href === location.href", link())) == true
    });
    let address = link();
    let says =
        address.as_str().is_some_and(|address| address.contains("puzzle=R-1") && address.contains("#v1:"));
    assert!(says, "{address}");
    let again = Page::ready(address.as_str().expect("an address"), Look::default());
    wait_for_strip(&again, "Actions by hand: 8; events in all: 8");
    again.find("button", "Branch 2 of 2");
    page.assert_no_console_errors();
    again.assert_no_console_errors();
}

#[test]
fn the_shortest_way_is_shown_on_request() {
    let site = Site::release();
    let page = opened(&site);
    page.press("Show me the shortest");
    wait_for_strip(&page, "The shortest takes 8 moves");
    assert_eq!((page.number("position"), page.fact("playing")), (0.0, "false".to_owned()));
    assert!(8.0 <= page.number("length"));
    page.press("Back to now");
    page.wait("the broken promise", || {
        page.script("return document.querySelector('.broken-promise') !== null") == true
    });
    page.press("Try it yourself");
    wait_for_strip(&page, "Actions by hand: 0; events in all: 0");
    assert_eq!(page.number("length"), 0.0);
    page.assert_no_console_errors();
}

#[test]
fn it_compares_the_shortest_way_with_the_readers() {
    let site = Site::release();
    let page = opened(&site);
    open(&page);
    pick(&page, "Node 3 is paused");
    pick(&page, "Node 3 goes on");
    BY_HAND.iter().for_each(|deed| pick(&page, deed));
    wait_for_strip(&page, "Broken! Actions by hand: 10; events in all: 10");
    page.press("Show me the shortest");
    wait_for_strip(&page, "Yours took 10 actions by hand and 10 events in all. The shortest takes 8 moves");
}

#[test]
fn the_cards_of_broken_rules_lead_to_it() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?gallery=1&algo=raft", site.url()), Look::default());
    let link = page.find_where("the way to the challenge", |thing| {
        thing.role == "link" && thing.name == "Find it yourself: R-1"
    });
    page.click(&link);
    wait_for_strip(&page, "Break R1");
    page.find("button", "Show me the shortest");
    page.assert_no_console_errors();
}

#[test]
fn a_teacher_can_embed_it() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?puzzle=R-1&ui=min&embed=1", site.url()), Look::phone());
    wait_for_strip(&page, "Break R1");
    page.press_node(1);
    wait_for_strip(&page, "Actions by hand: 1; events in all: 1");
}

#[test]
fn what_cannot_be_seen_is_said_to_be_so() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?algo=paxos&puzzle=PL-3", site.url()), Look::default());
    wait_for_strip(&page, "the page cannot tell");
}
