//! How deep a page goes: what an address with `ui` shows, and what it leaves out.

use conclave_e2e::{Look, Named, NodeName, Page, Site};

/// Something that a depth has or has not.
struct Part {
    what: &'static str,
    role: &'static str,
    name: &'static str,
    /// Whether it is there at `min`, `play` and `full`.
    depths: [bool; 3],
}

const fn part(what: &'static str, role: &'static str, name: &'static str, depths: [bool; 3]) -> Part {
    Part { what, role, name, depths }
}

const ALL: [bool; 3] = [true; 3];
const NOT_MIN: [bool; 3] = [false, true, true];
const FULL: [bool; 3] = [false, false, true];

const PARTS: [Part; 12] = [
    part("the stage", "group", "Cluster", ALL),
    part("stepping", "button", "Step forward", ALL),
    part("stepping back", "button", "Step back", ALL),
    part("the speed", "combobox", "Speed", ALL),
    part("requests", "button", "Send a request", ALL),
    part("the history", "slider", "History", NOT_MIN),
    part("the logs", "heading", "Logs", NOT_MIN),
    part("partitions", "button", "Partition", NOT_MIN),
    part("the protocols", "combobox", "Protocol", NOT_MIN),
    part("the scenarios", "button", "Scenarios: Free play", FULL),
    part("the options", "button", "Options", FULL),
    part("the invariants", "region", "Invariants", FULL),
];

#[test]
fn each_depth_has_what_it_promises_and_nothing_deeper() {
    let site = Site::release();
    let page = Page::open(&site.url(), Look::default());
    for (depth, name) in ["min", "play", "full"].into_iter().enumerate() {
        page.browser.open(&format!("{}?ui={name}", site.url()));
        page.wait_until_ready();
        page.wait_for_node("a leader", NodeName::leads);
        let named = page.named();
        let has = |part: &Part| {
            let starts = |thing: &Named| thing.role == part.role && thing.name.starts_with(part.name);
            named.iter().any(starts)
        };
        for part in &PARTS {
            assert_eq!(has(part), part.depths[depth], "{} at ui={name}", part.what);
        }
        page.assert_no_console_errors();
    }
}

#[test]
fn the_least_depth_can_still_be_steered_from_the_keyboard() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?ui=min&autoplay=0", site.url()), Look::default());
    page.key("ArrowRight");
    page.wait("one step", || page.number("position") == 1.0);
    page.key("1");
    page.key("c");
    page.wait_for_node("node 1 to be crashed", |node| node.node == 1 && node.state == "crashed");
    page.assert_no_console_errors();
}
