//! Without a network: what was here once works, and never half of a new version with half of an old one.

use conclave_e2e::site::State;
use conclave_e2e::{Look, NodeName, Page, Site};

/// The page, kept by the browser.
pub fn kept(site: &Site) -> Page {
    let page = Page::ready(&site.url(), Look::default());
    page.wait("the page to be kept", || {
        page.script(
            "return (async () => {
                for (const name of await caches.keys()) {
                    if (await (await caches.open(name)).match('./')) return !!navigator.serviceWorker.controller;
                }
                return false;
            })()",
        ) == true
    });
    page
}

#[test]
fn it_works_without_a_network_once_it_was_here() {
    let site = Site::below("/course/");
    let page = kept(&site);
    site.turn(State::Gone);
    page.script("location.href = './?nodes=3&seed=3'");
    page.wait("three nodes", || {
        page.script("return !!document.getElementById('app')") == true && page.nodes().len() == 3
    });
    page.wait_for_node("a leader", NodeName::leads);
}

#[test]
fn half_of_a_new_version_is_not_shown() {
    let site = Site::release();
    let page = kept(&site);
    site.turn(State::HalfNew);
    page.script("location.href = './?nodes=3'");
    page.wait("the old version, whole", || {
        page.script("return !!document.getElementById('app')") == true && page.nodes().len() == 3
    });
}
