//! What the page asks of the machine while there is nothing to see: how many animation frames in two seconds.

use serde_json::{Value, json};

use crate::bench::{Bench, leave_alone, number};
use crate::report::Row;

/// How long the page is left alone before it is watched: a frame that was asked for may still come.
const SETTLING: f64 = 0.5;
const WATCHED: f64 = 2.0;

/// A page with so much beside the application that it can be scrolled out of sight.
const TALL: &str = "<!DOCTYPE html><meta charset='utf-8'><title>A course</title><body style='margin:0'>
    <iframe title=lab width=900 height=700 style='border:0' src='./?speed=1'></iframe><div style='height:4000px'></div>";

/// Paused, in a window that is put away, and scrolled out of sight; playing for comparison.
pub fn measure(_runs: u32) -> Vec<Row> {
    let rows = [
        ("playing, for comparison", "", playing("speed=1&autoplay=1")),
        ("paused", "0", playing("speed=1&autoplay=0")),
        ("playing in a window that is put away", "0", hidden()),
        ("playing in a frame that is scrolled out of sight", "0", off_screen()),
    ];
    rows.into_iter().map(|(what, goal, asked)| row(what, goal, asked)).collect()
}

fn row(what: &str, goal: &'static str, asked: f64) -> Row {
    Row {
        what: format!("animation frames asked for in {WATCHED} s, {what}"),
        measured: format!("{asked}"),
        goal,
        numbers: json!({"asked": asked}),
    }
}

fn playing(query: &str) -> f64 {
    let bench = Bench::ready(query);
    asked(&bench, "probe")
}

fn hidden() -> f64 {
    let bench = Bench::ready("speed=1&autoplay=1");
    bench.page.browser.put_away(|| {
        assert_eq!(bench.promised("document.visibilityState"), "hidden", "the page is still seen");
        asked(&bench, "probe")
    })
}

fn off_screen() -> f64 {
    let bench = Bench::new(TALL);
    bench.open_beside();
    let inside = "document.querySelector('iframe').contentWindow";
    bench.page.wait("the framed page to be ready", || {
        bench.promised(&format!("{inside}.document.documentElement.dataset.ready")) == "1"
    });
    bench.promised("scrollTo(0, 3000)");
    asked(&bench, &format!("{inside}.probe"))
}

fn asked(bench: &Bench, probe: &str) -> f64 {
    let so_far = || -> Value { bench.promised(&format!("{probe}.asked")) };
    leave_alone(SETTLING);
    let before = number(&so_far());
    leave_alone(WATCHED);
    number(&so_far()) - before
}
