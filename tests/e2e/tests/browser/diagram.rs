//! The space–time diagram: any instant is one press away, an arrow lights its packet on the stage, and however long a
//! run is, few elements are drawn.

use crate::scenes::{elected_and_paused, step};
use conclave_e2e::{Look, Named, Page, Site};
use serde_json::json;

const TITLE: &str = "Space–time diagram";

fn open(page: &Page) {
    page.press(TITLE);
    page.find("group", TITLE);
    page.wait("something to be drawn", || 0 < count(page, ".diagram [data-key]"));
}

fn count(page: &Page, selector: &str) -> u64 {
    page.script(&format!("return document.querySelectorAll('{selector}').length")).as_u64().unwrap_or(0)
}

/// The first arrow, sign or band whose name fits.
fn thing(page: &Page, what: &str, fits: impl Fn(&str) -> bool) -> Named {
    page.find_where(what, |named| named.role == "button" && fits(&named.name))
}

fn detail(page: &Page) -> String {
    let said = page.script("return document.querySelector('.diagram .detail').textContent");
    said.as_str().unwrap_or_default().to_owned()
}

/// The path that is lit on the stage.
fn lit(page: &Page) -> String {
    let path = page.script("return document.querySelector('.layer.lit .way').getAttribute('d')");
    path.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_press_on_an_arrow_goes_to_where_its_packet_left_and_where_it_arrived() {
    let (_site, page, _) = elected_and_paused("");
    open(&page);
    let arrow =
        thing(&page, "a vote", |name| name.contains("RequestVote from") && name.contains("arrived at"));
    let name = arrow.name.clone();
    page.focus(&arrow);
    page.key("Enter");
    let time_after = |word: &str| -> f64 {
        let told = name.split(word).nth(1).and_then(|rest| rest.split(' ').nth(1)).expect("a time");
        told.parse().expect("a number")
    };
    let now = || page.ask("getState", &json!({"transcript": false}))["now_ms"].as_f64().expect("a time");
    page.wait("the instant at which it left", || (now() - time_after("sent at")).abs() < 0.2);
    let kind = name.split(" from").next().expect("a kind");
    let state = page.ask("getState", &json!({"transcript": false}));
    let flying = state["packets"].as_array().expect("a list").iter().any(|packet| packet["kind"] == kind);
    assert!(flying, "it is in flight there: {state}");
    page.focus(&thing(&page, "the same arrow", |other| other == name));
    page.key("Enter");
    page.wait("the instant at which it arrived", || (now() - time_after("arrived at")).abs() < 0.2);
    page.assert_no_console_errors();
}

#[test]
fn a_press_on_a_mark_or_on_the_ground_goes_there() {
    let (_site, page, leader) = elected_and_paused("");
    open(&page);
    step(&page, "Step forward", 3);
    let took = format!("Node {} took the lead at", leader.node);
    let mark = thing(&page, "the mark of the election", |name| name.starts_with(&took));
    // A little more is drawn than is in sight.
    page.call(&mark, "function () { this.scrollIntoView({ block: 'nearest', behavior: 'instant' }); }");
    page.click(&mark);
    page.wait("the election", || {
        crate::scenes::caption(&page).contains(&format!("Node {} leads term 1", leader.node))
    });
    let there = page.number("position");
    let ground = page.find("group", TITLE);
    let corner = || {
        let box_of = "function () { const box = this.closest('.scroll').getBoundingClientRect(); return [box.x, box.y]; }";
        let corner = page.call(&ground, box_of);
        (corner[0].as_f64().expect("a place"), corner[1].as_f64().expect("a place"))
    };
    // In the gutter nothing else can be pressed.
    page.wait("an earlier instant", || {
        let (x, y) = corner();
        page.drag((x + 20.0, y + 60.0), (x + 20.0, y + 60.0), || ());
        page.number("position") < there
    });
    page.assert_no_console_errors();
}

#[test]
fn an_arrow_that_is_focused_is_lit_on_the_stage() {
    let (_site, page, _) = elected_and_paused("");
    open(&page);
    assert_eq!(lit(&page), "");
    let arrow =
        thing(&page, "an arrow", |name| name.contains("AppendEntries from") && name.contains("sent at"));
    page.focus(&arrow);
    page.wait("the way of the packet to be lit", || lit(&page).starts_with('M'));
    page.wait("it to be said what it is", || detail(&page).starts_with(&arrow.name));
    assert!(detail(&page).contains("heartbeat"), "{}", detail(&page));
    // The arrows lead from one thing to the next, and the light with them.
    let first = lit(&page);
    page.key("ArrowDown");
    page.wait("the next thing to have the focus", || page.focused().name != arrow.name);
    page.wait("another light", || lit(&page) != first);
    page.key("ArrowUp");
    page.wait("the first one again", || page.focused().name == arrow.name);
    page.focus(&page.find("button", "Play"));
    page.wait("darkness", || lit(&page).is_empty());
    page.assert_no_console_errors();
}

#[test]
fn what_is_lost_ends_in_a_cross_and_a_crash_is_a_gap() {
    let (_site, page, leader) = elected_and_paused("");
    open(&page);
    page.press("Follow");
    page.press("Follow");
    page.ask("act", &json!({"crash": leader.node}));
    page.ask("act", &json!({"run": 40}));
    let crash = format!("Node {} crashed at", leader.node);
    thing(&page, "the mark of the crash", |name| name.starts_with(&crash));
    thing(&page, "a lost reply", |name| name.contains("AppendEntriesReply from") && name.contains("lost at"));
    assert!(0 < count(&page, ".diagram .arrow.lost"));
    let gap = format!(
        "const column = {} - 1, lines = [...document.querySelectorAll('.diagram .life .line')].map((line) => line.getAttribute('d'));
         const xs = [...new Set(lines.map((line) => +line.slice(1).split(' ')[0]))].sort((one, other) => one - other);
         const bottom = (x) => Math.max(...lines.filter((line) => +line.slice(1).split(' ')[0] === x).map((line) => +line.split('V').pop()));
         return bottom(xs[(column + 1) % 5]) - bottom(xs[column]);",
        leader.node
    );
    page.wait("its line to end before the others", || {
        page.script(&gap).as_f64().is_some_and(|gap| 30.0 < gap)
    });
    page.assert_no_console_errors();
}

#[test]
fn of_a_long_run_few_elements_are_drawn_and_the_counted_open() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?autoplay=0&t=1100000", site.url()), Look::default());
    page.wait("a long run", || 20_000.0 <= page.number("length"));
    page.press(TITLE);
    page.press("Whole run");
    let band = thing(&page, "packets that are counted", |name| {
        name.contains(" messages from ") && name.ends_with("zoom in")
    });
    let elements = || count(&page, ".diagram *");
    assert!(elements() < 1_500, "{} elements", elements());
    let sent: u64 = band.name.split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
    assert!(16 < sent, "{}", band.name);
    page.click(&band);
    page.wait("fewer to be counted together", || {
        let bands = |named: &Named| named.role == "button" && named.name.ends_with("zoom in");
        let counts = page.named().into_iter().filter(bands);
        counts.filter_map(|named| named.name.split(' ').next()?.parse::<u64>().ok()).all(|count| count < sent)
    });
    for _ in 0..40 {
        page.press("Zoom in");
        assert!(elements() < 1_500, "{} elements", elements());
    }
    page.wait("single arrows", || 0 < count(&page, ".diagram .arrow"));
    page.script("document.querySelector('.diagram .scroll').scrollTop = 1e9");
    page.wait("the end of the run", || 0 < count(&page, ".diagram [data-key]"));
    assert!(elements() < 1_500, "{} elements", elements());
    page.assert_no_console_errors();
}

#[test]
fn it_follows_the_playhead_until_the_reader_scrolls() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?speed=0.5", site.url()), Look::default());
    page.press(TITLE);
    let top =
        || page.script("return document.querySelector('.diagram .scroll').scrollTop").as_f64().unwrap_or(0.0);
    page.wait("it to follow", || 300.0 < top());
    let in_sight = "const head = document.querySelector('.diagram .playhead').getBoundingClientRect().y;
         const box = document.querySelector('.diagram .scroll').getBoundingClientRect();
         return box.y <= head && head <= box.bottom";
    page.wait("the playhead to be in sight", || page.script(in_sight) == true);
    page.script("document.querySelector('.diagram .scroll').scrollTop = 0");
    page.find_where("Follow to be off", |named| named.is("button", "Follow"));
    page.wait("it to stay", || {
        page.script("return document.querySelector('.diagram [aria-pressed]').getAttribute('aria-pressed')")
            == "false"
    });
    let before = page.number("position");
    page.wait("time to pass", || before + 20.0 < page.number("position"));
    assert_eq!(top(), 0.0);
    page.press("Follow");
    page.wait("it to follow again", || 300.0 < top());
    page.assert_no_console_errors();
}

#[test]
fn a_scenario_whose_steps_take_no_time_is_drawn_by_step() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?scenario=ra4-figure-7-one-by-one", site.url()), Look::default());
    open(&page);
    let axis = page.find("combobox", "Downwards");
    assert_eq!(page.call(&axis, "function () { return this.value }"), "step");
    let arrow = thing(&page, "an arrow", |name| name.contains("sent at step"));
    page.pick(&axis, "by time");
    page.wait("it to be by time", || !page.named().iter().any(|named| named.name == arrow.name));
    page.ask("load", &json!({"scenario": "sp9-duel"}));
    page.wait("the other run", || page.named().iter().any(|named| named.name.contains("Prepare from")));
    page.assert_no_console_errors();
}

#[test]
fn a_fork_is_drawn_with_its_own_future() {
    let (_site, page, leader) = elected_and_paused("");
    open(&page);
    step(&page, "Step back", 4);
    page.ask("act", &json!({"crash": leader.node}));
    let crash = format!("Node {} crashed at", leader.node);
    thing(&page, "the crash", |name| name.starts_with(&crash));
    page.key("[");
    page.wait("the other branch, without it", || {
        !page.named().iter().any(|named| named.name.starts_with(&crash))
    });
    page.assert_no_console_errors();
}

#[test]
fn the_wheel_with_ctrl_and_two_fingers_zoom_and_the_page_stays_as_it_is() {
    let (_site, page, _) = elected_and_paused("");
    open(&page);
    // How much time lies between two values of the gutter.
    let apart = || {
        let values = "return [...document.querySelectorAll('.diagram .tick text')].map((text) => +text.textContent).sort((one, other) => one - other)";
        let values = page.script(values);
        let value = |place: usize| values[place].as_f64();
        value(1).zip(value(0)).map(|(one, other)| one - other).unwrap_or_default()
    };
    let first = apart();
    assert!(0.0 < first);
    let middle = page.script(
        "const box = document.querySelector('.diagram .scroll').getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]",
    );
    let (x, y) = (middle[0].as_f64().expect("a place"), middle[1].as_f64().expect("a place"));
    let wheel = |delta: f64| {
        let event =
            json!({"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": delta, "modifiers": 2});
        page.browser.devtools("Input.dispatchMouseEvent", event);
    };
    (0..4).for_each(|_| wheel(-120.0));
    page.wait("it to be nearer", || apart() < first);
    (0..4).for_each(|_| wheel(120.0));
    page.wait("it to be as before", || apart() == first);
    let touch = |kind: &str, spread: Option<f64>| {
        let points =
            spread.map_or(json!([]), |spread| json!([{"x": x, "y": y - spread}, {"x": x, "y": y + spread}]));
        page.browser.devtools("Input.dispatchTouchEvent", json!({"type": kind, "touchPoints": points}));
    };
    touch("touchStart", Some(20.0));
    (3..12).for_each(|step| touch("touchMove", Some(10.0 * f64::from(step))));
    touch("touchEnd", None);
    page.wait("it to be nearer by fingers", || apart() < first);
    assert_eq!(page.script("return visualViewport.scale"), 1);
    page.assert_no_console_errors();
}
