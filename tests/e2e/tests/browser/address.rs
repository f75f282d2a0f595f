//! The address of the page: what each parameter does, and what is said of one that is wrong.

use conclave_e2e::{Look, NodeName, Page, Site};

/// The page at an address with these parameters.
fn opened(site: &Site, query: &str) -> Page {
    Page::ready(&format!("{}?{query}", site.url()), Look::default())
}

/// An attribute of the root of the document.
fn root(page: &Page, name: &str) -> String {
    let found = page.script(&format!("return document.documentElement.getAttribute('{name}')"));
    found.as_str().unwrap_or_default().to_owned()
}

fn notices(page: &Page) -> Vec<String> {
    let found = page.script(
        "return [...document.querySelectorAll('.standing-notice p')].map((text) => text.textContent)",
    );
    let texts = found.as_array().expect("a list").iter();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

#[test]
fn nodes_seed_and_variant_make_the_cluster() {
    let site = Site::release();
    let page = opened(&site, "algo=raft&nodes=3&seed=7&variant=R-3&autoplay=0");
    assert_eq!(page.nodes().len(), 3);
    let header = page.script("return document.querySelector('header').textContent");
    assert!(header.as_str().is_some_and(|text| text.contains("seed 7")), "{header}");
    let variant = page.script("return document.querySelector('.variant').textContent");
    assert!(variant.as_str().is_some_and(|text| !text.is_empty()), "{variant}");
    assert_eq!(page.fact("playing"), "false");
    assert_eq!(notices(&page), [""; 0]);
    page.assert_no_console_errors();
}

#[test]
fn the_same_seed_is_the_same_run() {
    let site = Site::release();
    let page = opened(&site, "seed=7&t=1000");
    let seventh = page.fact("digest");
    page.browser.open(&format!("{}?seed=8&t=1000", site.url()));
    page.wait_until_ready();
    assert_ne!(page.fact("digest"), seventh);
    page.browser.open(&format!("{}?seed=7&t=1000", site.url()));
    page.wait_until_ready();
    assert_eq!(page.fact("digest"), seventh);
}

#[test]
fn a_time_is_where_the_page_opens_and_stands() {
    let site = Site::release();
    let page = opened(&site, "t=1234.5");
    page.wait("the clock to be read", || page.number("now-ms") == 1234.5);
    assert_eq!(page.fact("playing"), "false");
    assert!(page.nodes().iter().any(NodeName::leads));
    assert_eq!(page.number("position"), page.number("length"));
    page.assert_no_console_errors();
}

#[test]
fn a_time_that_is_too_far_is_said() {
    let site = Site::release();
    let page = opened(&site, "t=86000000");
    assert!(notices(&page)[0].contains("too far"), "{:?}", notices(&page));
    assert_eq!(page.fact("playing"), "false");
    assert!(page.number("position") >= 100_000.0);
}

#[test]
fn speed_is_the_nearest_that_there_is() {
    let site = Site::release();
    for (asked, shown) in [("0.07", "1/20×"), ("3", "2×"), ("99", "10×"), ("0.001", "1/200×")] {
        let page = opened(&site, &format!("speed={asked}&autoplay=0"));
        let select = "const speed = document.querySelector('.speed select'); return speed.options[speed.selectedIndex].text";
        assert_eq!(page.script(select), shown, "{asked}");
    }
}

#[test]
fn depth_embed_motion_theme_and_language_are_told_to_the_style() {
    let site = Site::release();
    let page = opened(&site, "ui=min&embed=1&motion=reduce&theme=dark&lang=zh");
    for (name, value) in [
        ("data-ui", "min"),
        ("data-embed", "1"),
        ("data-motion", "reduce"),
        ("data-theme", "dark"),
        ("lang", "zh"),
    ] {
        assert_eq!(root(&page, name), value, "{name}");
    }
    page.browser.open(&site.url());
    page.wait_until_ready();
    for (name, value) in [("data-ui", "full"), ("data-embed", ""), ("data-motion", ""), ("lang", "en")] {
        assert_eq!(root(&page, name), value, "{name}");
    }
    page.assert_no_console_errors();
}

#[test]
fn less_motion_is_what_the_system_asks_for() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look { calm: true, ..Look::default() });
    assert_eq!(root(&page, "data-motion"), "reduce");
    page.browser.show(Look::default());
    page.wait("motion to be allowed again", || root(&page, "data-motion").is_empty());
    page.browser.show(Look { calm: true, ..Look::default() });
    page.wait("motion to be unwanted again", || root(&page, "data-motion") == "reduce");
}

#[test]
fn a_scenario_is_recorded_and_waits_at_its_start() {
    let site = Site::release();
    let page = opened(&site, "scenario=ra1-replication");
    assert_eq!((page.number("position"), page.fact("playing").as_str()), (0.0, "false"));
    let length = page.number("length");
    assert!(0.0 < length);
    page.press("Step forward");
    page.wait("one step", || page.number("position") == 1.0);
    page.press("Play");
    page.wait("the record to have been played", || length <= page.number("position"));
    assert_eq!(notices(&page), [""; 0]);
    page.assert_no_console_errors();
}

#[test]
fn a_promise_breaks_in_the_scenario_of_a_variant_and_time_stops_there() {
    let site = Site::release();
    let page = opened(&site, "scenario=r3-ignores-log&autoplay=1&speed=10");
    page.wait("time to stop at the broken promise", || {
        page.fact("playing") == "false"
            && page.script("return document.querySelector('.broken-promise') != null") == true
    });
    assert!(page.number("position") < page.number("length"));
}

#[test]
fn an_expectation_that_fails_is_said() {
    let site = Site::release();
    let page = opened(&site, "scenario=r3-ignores-log&variant=standard");
    let said = notices(&page);
    assert!(said.iter().any(|text| text.contains("expects")), "{said:?}");
}

#[test]
fn a_wrong_value_is_said_in_the_readers_language_and_dismissed_by_keyboard() {
    let site = Site::release();
    let page = opened(&site, "nodes=99&theme=sepia&autoplay=0");
    let said = notices(&page);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("nodes=99") && said[0].contains("from 3 to 9") && said[0].ends_with('5'),
        "{said:?}"
    );
    assert_eq!(page.nodes().len(), 5);

    page.press("中文");
    page.wait("the notice in Chinese", || notices(&page)[0].contains("应为"));
    page.press("English");

    let focus = "document.querySelector('.standing-notice button').focus()";
    page.script(focus);
    page.key("Enter");
    page.wait("one notice to be gone", || notices(&page).len() == 1);
    page.script(focus);
    page.key(" ");
    page.wait("both notices to be gone", || notices(&page).is_empty());
    assert!(!page.has("button", "Dismiss"));
    assert_eq!(page.fact("playing"), "false");
    page.assert_no_console_errors();
}

#[test]
fn what_is_unknown_is_noted_in_the_console_alone() {
    let site = Site::release();
    let page = opened(&site, "utm_source=mail");
    assert_eq!(notices(&page), [""; 0]);
    page.wait_for_node("a leader", NodeName::leads);
    page.assert_no_console_errors();
}
