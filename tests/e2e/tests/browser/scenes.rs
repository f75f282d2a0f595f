//! Beginnings that many scenes share, and what many of them look at.

use conclave_e2e::{Look, NodeName, Page, Site};

/// A cluster with a leader, standing still.
pub fn elected_and_paused(query: &str) -> (Site, Page, NodeName) {
    let site = Site::release();
    let page = Page::ready(&format!("{}?{query}", site.url()), Look::default());
    let leader = page.wait_for_node("a leader", NodeName::leads);
    page.press("Pause");
    page.wait("the page to be paused", || page.fact("playing") == "false");
    (site, page, leader)
}

/// Chooses a node by its row in the logs, which does nothing else to it.
pub fn choose(page: &Page, node: u32) {
    page.script(&format!("document.querySelector('[data-log-node=\"{node}\"] button').click()"));
}

/// What the caption says: its headline, its reason and its notices.
pub fn caption(page: &Page) -> String {
    let said = page.script(
        "return [...document.querySelectorAll('.caption .say, .caption .why:not(.hidden)')]
            .map((line) => line.textContent.trim()).join('\\n')",
    );
    said.as_str().unwrap_or_default().to_owned()
}

/// Waits until the caption says this somewhere.
pub fn wait_for_caption(page: &Page, part: &str) {
    page.wait(&format!("the caption to say “{part}”"), || caption(page).contains(part));
}

/// Steps the page by a button and waits until it stands elsewhere.
pub fn step(page: &Page, button: &str, count: u32) {
    for _ in 0..count {
        let before = page.number("position");
        page.press(button);
        page.wait("the page to have stepped", || page.number("position") != before);
    }
}
