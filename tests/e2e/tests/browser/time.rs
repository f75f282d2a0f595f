//! Time on the page: pausing, stepping back and forward, and going on.

use conclave_e2e::{Look, NodeName, Page, Site};

const STEPS: u32 = 6;

#[test]
fn stepping_back_and_forward_leads_to_the_same_state() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    page.wait_for_node("a leader", NodeName::leads);

    page.press("Pause");
    page.wait("the page to be paused", || page.fact("playing") == "false");
    let (position, digest) = (page.number("position"), page.fact("digest"));
    assert!(!digest.is_empty(), "a paused page tells its digest");

    let past: Vec<String> =
        (1..=STEPS).map(|step| stepped(&page, "Step back", position - f64::from(step))).collect();
    assert!(past.iter().any(|earlier| *earlier != digest), "the past differs from the present: {past:?}");
    for step in (0..STEPS).rev() {
        let now = stepped(&page, "Step forward", position - f64::from(step));
        let before = if step == 0 { &digest } else { &past[step as usize - 1] };
        assert_eq!(&now, before, "the same position, {step} steps before the present, has the same state");
    }

    page.press("Play");
    page.wait("the page to go on", || position < page.number("position"));
    page.assert_no_console_errors();
}

/// Steps to `position`; the digest there.
fn stepped(page: &Page, button: &str, position: f64) -> String {
    page.press(button);
    page.wait(&format!("position {position}"), || page.number("position") == position);
    page.fact("digest")
}

#[test]
fn a_paused_page_stands_still() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    page.press("Pause");
    page.wait("the page to be paused", || page.fact("playing") == "false");
    let facts = || ["position", "length", "now-ms", "digest"].map(|name| page.fact(name));
    let before = facts();
    // Ten frames in which it could have moved: counted, since a slow machine draws them when it can.
    page.script("window.frames10 = 0; requestAnimationFrame(function next() { if (++frames10 < 10) requestAnimationFrame(next) })");
    page.wait("ten frames", || page.script("return frames10 === 10") == true);
    assert_eq!(facts(), before);
}
