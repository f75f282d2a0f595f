//! Links: the address says what is on the screen, and whoever opens it sees the same.

use conclave_e2e::{Look, Page, Site};

/// The address in the bar, once it says what is on the screen and fits. It is written when the page has been at rest for
/// a moment, so before that it tells of a moment before.
fn address(page: &Page, what: &str, fits: impl Fn(&str) -> bool) -> String {
    page.wait_for(what, || {
        let link = page.ask("getLink", &serde_json::json!({}))["url"].clone();
        let found =
            page.script(&format!("return new URL({link}).href === location.href ? location.href : ''"));
        found.as_str().filter(|found| !found.is_empty() && fits(found)).map(str::to_owned)
    })
}

fn alert(page: &Page) -> String {
    let said = page.script("return document.querySelector('.standing-notice')?.textContent");
    said.as_str().unwrap_or_default().to_owned()
}

/// Pauses, crashes node 2, goes back, and restarts the story there: two branches.
fn steered(site: &Site) -> Page {
    let page = Page::ready(&format!("{}?seed=7&autoplay=0", site.url()), Look::default());
    (0..12).for_each(|_| page.press("Step forward"));
    page.press_node(2);
    page.wait("13 actions", || page.number("position") == 13.0);
    (0..5).for_each(|_| page.press("Step back"));
    page.press_node(3);
    page.wait("the other branch", || page.has("button", "Branch 2 of 2"));
    page
}

#[test]
fn the_address_leads_to_what_is_on_the_screen() {
    let site = Site::release();
    let page = steered(&site);
    let link = address(&page, "a run behind the #", |found| found.contains("#v1:"));
    assert!(link.contains("?seed=7"), "{link}");
    page.wait("the digest to be told", || page.fact("digest").len() == 16);

    let there = Page::ready(&link, Look::default());
    there.wait("the digest to be told", || there.fact("digest").len() == 16);
    for fact in ["digest", "position", "length", "playing"] {
        assert_eq!(there.fact(fact), page.fact(fact), "{fact}");
    }
    there.find("button", "Branch 2 of 2");
    there.assert_no_console_errors();
    page.assert_no_console_errors();
}

#[test]
fn what_nobody_steered_needs_no_hash() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?seed=9&nodes=3", site.url()), Look::default());
    page.wait("a while of the run", || 5.0 < page.number("position"));
    page.press("Pause");
    let link = address(&page, "the instant in the address", |found| found.contains("t="));
    assert!(link.contains("nodes=3&seed=9&t=") && !link.contains('#'), "{link}");
    let there = Page::ready(&link, Look::default());
    there.wait("the digest to be told", || there.fact("digest").len() == 16);
    assert_eq!(there.fact("digest"), page.fact("digest"));
}

#[test]
fn a_link_put_into_the_open_page_is_followed() {
    let site = Site::release();
    let page = steered(&site);
    let link = address(&page, "a run behind the #", |found| found.contains("#v1:"));
    let hash = link.split_once('#').map(|(_, hash)| hash.to_owned()).expect("a hash");
    let other = Page::ready(&site.url(), Look::default());
    other.script(&format!("location.hash = '{hash}'"));
    other.wait("the run of the link", || other.fact("position") == page.fact("position"));
    assert_eq!(other.fact("playing"), "false");
}

#[test]
fn a_damaged_link_says_so_and_shows_what_is_left() {
    let site = Site::release();
    let page = steered(&site);
    let link = address(&page, "a run behind the #", |found| found.contains("#v1:"));
    let cut = &link[..link.len() - 6];
    let there = Page::ready(cut, Look::default());
    there.wait("what is wrong", || alert(&there).contains("cut off on its way"));
    there.wait("something of the run", || 0.0 < there.number("length"));

    let unknown = Page::ready(&format!("{}?nodes=3#v9:abc", site.url()), Look::default());
    unknown.wait("what is wrong", || alert(&unknown).contains("version v9"));
    assert_eq!(unknown.nodes().len(), 3, "the parameters still count");
}
