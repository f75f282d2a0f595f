//! The gallery: every scenario with a picture, found by protocol and topic, and begun with a press.

use conclave_e2e::{Look, Page, Site};

fn count(page: &Page, selector: &str) -> u64 {
    page.script(&format!("return document.querySelectorAll('{selector}').length"))
        .as_u64()
        .unwrap_or_default()
}

fn opened(site: &Site, query: &str) -> Page {
    let page = Page::ready(&format!("{}?autoplay=0&{query}", site.url()), Look::default());
    page.press("Scenarios: Free play");
    // Cards come a few at a time.
    page.wait("all cards", || {
        let before = count(&page, ".card");
        page.script("return new Promise((done) => setTimeout(done, 500))");
        0 < before && before == count(&page, ".card")
    });
    page
}

#[test]
fn a_scenario_is_found_by_topic_and_begun() {
    let site = Site::release();
    let page = opened(&site, "");
    let of_protocol = count(&page, ".card");
    assert!(10 < of_protocol, "{of_protocol}");
    let empty = "return [...document.querySelectorAll('.card')].filter((card) => card.querySelectorAll('.picture .node').length < 2 || card.textContent.length < 80).length";
    assert_eq!(page.script(empty), 0, "every card has a picture and its words");

    page.press("All");
    page.wait("all protocols", || of_protocol < count(&page, ".card"));
    page.script(
        "const select = document.querySelector('.filters select'); select.value = 'broken-rule';
         select.dispatchEvent(new Event('change', { bubbles: true }))",
    );
    page.wait("one topic", || page.script("return [...document.querySelectorAll('.card')].every((card) => card.textContent.includes('Broken rule'))") == true);

    let card = page.find_where("a card", |thing| thing.role == "link" && thing.name.contains("votes"));
    page.click(&card);
    page.wait("the scenario", || 0.0 < page.number("length"));
    assert_eq!(page.fact("playing"), "false");
    page.assert_no_console_errors();
}

#[test]
fn every_card_is_a_link_that_leads_to_its_scenario() {
    let site = Site::release();
    let page = opened(&site, "nodes=3");
    let link = page.script("return document.querySelector('.card').href");
    let there = Page::ready(link.as_str().expect("an address"), Look::default());
    there.wait("the scenario", || 0.0 < there.number("length"));
}

#[test]
fn the_address_can_open_it() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?gallery=1&algo=paxos", site.url()), Look::default());
    page.find_where("a card", |thing| thing.role == "link" && thing.name.contains("chosen"));
    page.press("Close");
    page.wait("the page behind", || !page.has("button", "Close"));
}
