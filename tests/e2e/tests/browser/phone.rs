//! The page on the narrowest phone that it promises to work on.

use conclave_e2e::{Look, Page, Site};

/// The least size of something that a finger hits, in CSS pixels.
const FINGER: f64 = 44.0;

#[test]
fn everything_needed_is_there_at_360_pixels() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::phone());

    let width = page.script("return document.scrollingElement.scrollWidth");
    assert!(width.as_u64() <= Some(360), "the page is {width} pixels wide");

    let buttons = page.node_buttons();
    assert_eq!(buttons.len(), 5);
    buttons.iter().for_each(|(_, button)| assert_fits_a_finger(&page, button));

    let play =
        page.find_where("Play or Pause", |named| named.is("button", "Play") || named.is("button", "Pause"));
    for button in [play, page.find("button", "Step back"), page.find("button", "Step forward")] {
        assert!(page.is_in_view(&button), "“{}” is in view without scrolling", button.name);
        assert_fits_a_finger(&page, &button);
    }
    page.assert_no_console_errors();
}

fn assert_fits_a_finger(page: &Page, thing: &conclave_e2e::Named) {
    let (width, height) = page.size(thing);
    assert!(FINGER <= width && FINGER <= height, "“{}” is {width} by {height} pixels", thing.name);
}
