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

#[test]
fn everything_that_a_finger_means_is_as_large_as_one() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?autoplay=0", site.url()), Look { touch: true, ..Look::phone() });
    assert_eq!(page.script("return matchMedia('(pointer: coarse)').matches"), true);
    page.press("Options");
    page.find_where("the options", |thing| thing.role == "heading" && thing.name.starts_with("Options"));
    page.press("Partition");
    let pressed = ["button", "combobox", "slider", "checkbox", "textbox", "link"];
    // A link is a line: it is as thick as a finger, but its box may be any.
    let is_line = |name: &str| name.starts_with("Link ");
    let things: Vec<_> = page
        .named()
        .into_iter()
        .filter(|thing| pressed.contains(&thing.role.as_str()) && !is_line(&thing.name))
        .collect();
    assert!(25 < things.len(), "{things:#?}");
    let too_small = |thing: &conclave_e2e::Named| {
        let (width, height) = page.target(thing);
        (width < FINGER || height < FINGER)
            .then(|| format!("{} “{}”: {width} by {height}", thing.role, thing.name))
    };
    let wide = page.script("return document.scrollingElement.scrollWidth");
    assert!(wide.as_u64() <= Some(360), "the page is {wide} pixels wide");
    let small: Vec<String> = things.iter().filter_map(too_small).collect();
    assert!(small.is_empty(), "too small for a finger: {small:#?}");
}

#[test]
fn twice_as_large_is_half_as_wide_and_nothing_is_cut_off() {
    let site = Site::release();
    // A desktop of 1280 by 800 at 200 %.
    let page = Page::ready(&site.url(), Look { width: 640, height: 400, ..Look::default() });
    page.wait_for_node("a leader", conclave_e2e::NodeName::leads);
    for open in ["", "Options", "Partition"] {
        if !open.is_empty() {
            page.press(open);
        }
        let wide = page.script("return [document.scrollingElement.scrollWidth, innerWidth]");
        assert!(wide[0].as_u64() <= wide[1].as_u64(), "scrolls sideways with {open:?} open: {wide}");
    }
    page.assert_no_console_errors();
}
