//! What moves, and when: for readers who want nothing to move, and while nobody is looking.

use conclave_e2e::{Look, NodeName, Page, Site};
use serde_json::json;

/// Notes in each animation frame where the playhead stands and where everything is drawn.
const WATCH: &str = "
    window.seen = [];
    requestAnimationFrame(function look() {
        const drawn = [...document.querySelectorAll('#app [transform], #app [stroke-dasharray]')]
            .map((element) => [element.getAttribute('transform'), element.getAttribute('stroke-dasharray')].join());
        const moving = document.getAnimations().filter((animation) => animation.playState === 'running').length;
        seen.push([document.getElementById('app').dataset.position, drawn.join(';'), moving]);
        requestAnimationFrame(look);
    })";

/// Of the frames that were watched: at how many positions, how often something moved though nothing happened, and
/// whether anything moves by itself.
fn watched(page: &Page) -> (u64, u64, u64) {
    let told = page.script(
        "let moved = 0;
         for (let at = 1; at < seen.length; at += 1)
            if (seen[at][0] === seen[at - 1][0] && seen[at][1] !== seen[at - 1][1]) moved += 1;
         return [new Set(seen.map((frame) => frame[0])).size, moved, Math.max(...seen.map((frame) => frame[2]))]",
    );
    let number = |place: usize| told[place].as_u64().unwrap_or(0);
    (number(0), number(1), number(2))
}

fn watch(look: Look) -> (Site, Page) {
    let site = Site::release();
    let page = Page::ready(&site.url(), look);
    page.wait_for_node("a leader", NodeName::leads);
    page.script(WATCH);
    page.wait("events to have been seen", || 8 < watched(&page).0);
    (site, page)
}

#[test]
fn a_reader_who_wants_no_motion_goes_from_event_to_event_and_sees_trails() {
    let (_site, page) = watch(Look { calm: true, ..Look::default() });
    let (_, moved, moving) = watched(&page);
    assert_eq!((moved, moving), (0, 0), "something moved while nothing happened");
    page.wait("a packet with a trail", || {
        let trails = page.script(
            "return [...document.querySelectorAll('.packet:not(.hidden) .tail')]
                .map((tail) => tail.getAttribute('d').match(/^M0 0L(-?\\d+) (-?\\d+)$/))
                .filter((way) => way && 20 < Math.hypot(+way[1], +way[2])).length",
        );
        trails.as_u64().is_some_and(|trails| 0 < trails)
    });
    page.assert_no_console_errors();
}

#[test]
fn for_all_others_things_move_between_the_events() {
    let (_site, page) = watch(Look::default());
    assert!(0 < watched(&page).1, "nothing moved");
}

/// Counts the animation frames that a page asks for; itself it asks past the count.
const COUNT: &str = "
    window.asked = 0;
    window.ask = requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) => { asked += 1; return ask(callback) };";

/// A page at an address of the site, whose animation frames are counted.
fn counted(site: &Site, path: &str) -> Page {
    let page = Page { browser: conclave_e2e::Browser::start(Look::default()) };
    page.browser.before_every_page(COUNT);
    page.browser.open(&format!("{}{path}", site.url()));
    page
}

/// How many animation frames `window` asks for while the browser could have drawn thirty.
fn asked_in(page: &Page, window: &str) -> u64 {
    let asked = page.browser.promised(&format!(
        "(async () => {{
            const before = {window}.asked;
            for (let frame = 0; frame < 30; frame += 1) await new Promise((drawn) => ask(drawn));
            return {window}.asked - before;
        }})()"
    ));
    asked.as_u64().expect("a number")
}

#[test]
fn a_paused_page_asks_for_no_animation_frame() {
    let site = Site::release();
    let page = counted(&site, "?speed=1");
    page.wait_until_ready();
    assert!(0 < asked_in(&page, "window"), "it asks while it plays");
    page.press("Pause");
    page.wait("the last frame", || asked_in(&page, "window") == 0);
    assert_eq!(asked_in(&page, "window"), 0);
    page.press("Play");
    page.wait("frames again", || 0 < asked_in(&page, "window"));
}

#[test]
fn a_page_that_nobody_sees_rests_and_goes_on_from_where_it_was() {
    let site = Site::release();
    let page = counted(&site, "?speed=1");
    page.wait_until_ready();
    page.wait_for_node("a leader", NodeName::leads);
    // Every reading of the clock, with whether the page was seen since the one before.
    page.script(
        "window.clock = []; const app = document.getElementById('app');
         new MutationObserver(() => clock.push(+app.dataset.nowMs)).observe(app, { attributeFilter: ['data-now-ms'] })",
    );
    page.wait("the clock to be read once", || page.script("return clock.length").as_u64() != Some(0));
    let (before, read) = page.browser.put_away(|| {
        page.wait("the page to be unseen", || page.script("return document.visibilityState") == "hidden");
        // The browser draws no frame now; what was asked for before is still due.
        let asked = page.browser.promised(
            "(async () => {
                const wait = (ms) => new Promise((over) => setTimeout(over, ms));
                const before = [asked, clock.length];
                await wait(3000);
                return [asked - before[0], clock.length - before[1], clock.at(-1), clock.length];
            })()",
        );
        assert_eq!((&asked[0], &asked[1]), (&json!(0), &json!(0)), "it asks for frames, or time passes");
        (asked[2].as_f64().expect("a time"), asked[3].as_u64().expect("a number"))
    });
    page.wait("the page to go on", || {
        page.script("return clock.length").as_u64().is_some_and(|now| read < now)
    });
    let after = page.script(&format!("return clock[{read}]")).as_f64().expect("a time");
    // A frame is a tenth of a second at most, whatever the clock on the wall says; two are allowed for.
    assert!(before <= after && after - before <= 200.0, "{before} ms, then {after} ms");
    page.assert_no_console_errors();
}

/// A page with so much beside the application that it can be scrolled out of sight.
const TALL: &str = "<!DOCTYPE html><meta charset='utf-8'><title>A course</title><link rel=icon href='data:,'><body style='margin:0'>
    <iframe title=lab width=900 height=700 style='border:0' src='./?speed=1'></iframe><div style='height:4000px'></div>";

#[test]
fn a_page_that_is_scrolled_out_of_sight_rests() {
    let site = Site::beside(TALL);
    let page = counted(&site, "given.html");
    let inner = "document.querySelector('iframe').contentWindow";
    let position = || {
        let told = page.script(&format!("return {inner}.document.getElementById('app').dataset.position"));
        told.as_str().and_then(|position| position.parse::<u64>().ok()).unwrap_or(0)
    };
    page.wait("the framed page to be ready", || {
        page.script(&format!("return {inner}?.document.documentElement.dataset.ready")) == "1"
    });
    assert!(0 < asked_in(&page, inner), "it asks while it is seen");
    page.script("scrollTo(0, 3000)");
    page.wait("it to rest", || asked_in(&page, inner) == 0);
    let there = position();
    assert_eq!(asked_in(&page, inner), 0);
    assert_eq!(position(), there);
    page.script("scrollTo(0, 0)");
    page.wait("it to go on", || there < position());
    page.assert_no_console_errors();
}
