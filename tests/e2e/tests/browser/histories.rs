//! More than one future: acting in the past keeps the other branch, and each is one press away.

use crate::scenes::{elected_and_paused, step};
use conclave_e2e::Page;

/// The branches that leave the axis: how far along it, in percent, each begins.
fn forks(page: &Page) -> Vec<f64> {
    let left = page.script(
        "return [...document.querySelectorAll('.history .fork')].map((fork) => parseFloat(fork.style.left))",
    );
    left.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(|left| left.as_f64()).collect()
}

#[test]
fn acting_in_the_past_keeps_both_futures() {
    let (_site, page, _) = elected_and_paused("");
    let (end, digest) = (page.number("position"), page.fact("digest"));
    assert_eq!(forks(&page), [0.0; 0]);
    step(&page, "Step back", 4);
    let state = page.ask("getState", &serde_json::json!({"transcript": false}));
    let parting = state["now_ms"].as_f64().expect("a time");
    page.press("Send a request");
    page.find("button", "Branch 2 of 2");
    step(&page, "Step forward", 1);
    let (other_end, other_digest) = (page.number("position"), page.fact("digest"));
    assert_ne!(other_digest, digest);

    // The axis shows where the other future leaves this one.
    let axis =
        page.script("return +document.querySelector('.history input').max").as_f64().expect("a length");
    let left = forks(&page);
    assert!(
        left.len() == 1 && (left[0] - 100.0 * parting * 1_000.0 / axis).abs() < 0.1,
        "{left:?} {parting} {axis}"
    );

    page.press("Branch 2 of 2");
    const LEAVES: &str = "Branch 2, left branch 1 at ";
    let second = page.find_where("the second branch, and where it leaves the first", |thing| {
        thing.role == "button" && thing.name.starts_with(LEAVES)
    });
    let told = second.name[LEAVES.len()..].split(' ').next().and_then(|ms| ms.parse::<f64>().ok());
    assert!(told.is_some_and(|ms| (ms - parting).abs() < 0.15), "{} {parting}", second.name);
    let first = page.find_where("the first branch", |thing| {
        thing.role == "button" && thing.name.starts_with("Branch 1, the first")
    });
    page.click(&first);
    page.find("button", "Branch 1 of 2");
    page.wait("the end of the first branch", || page.number("position") == end);
    assert_eq!(page.fact("digest"), digest);
    assert_eq!(forks(&page).len(), 1);

    page.key("]");
    page.find("button", "Branch 2 of 2");
    page.wait("the end of the second branch", || page.number("position") == other_end);
    assert_eq!(page.fact("digest"), other_digest);
    page.assert_no_console_errors();
}

#[test]
fn back_to_now_leads_to_the_end_of_the_branch() {
    let (_site, page, _) = elected_and_paused("");
    let (end, digest) = (page.number("position"), page.fact("digest"));
    step(&page, "Step back", 3);
    page.press("Back to now");
    page.wait("the end", || page.number("position") == end);
    assert_eq!(page.fact("digest"), digest);
    let slider = page.find("slider", "History");
    page.focus(&slider);
    page.key("Home");
    page.wait("the start of time", || page.number("now-ms") == 0.0);
    let said = page.call(&slider, "function () { return this.getAttribute('aria-valuetext') }");
    assert_eq!(said, "0.0 ms");
    page.assert_no_console_errors();
}

#[test]
fn the_tree_shows_any_instant_before_one_goes_there() {
    let (_site, page, leader) = elected_and_paused("");
    let end = page.number("position");
    step(&page, "Step back", 4);
    page.ask("act", &serde_json::json!({"crash": leader.node}));
    let here = page.number("position");
    page.press("Branch 2 of 2");
    let glimpse = || {
        let seen = page.script("return document.querySelector('.glimpse').textContent");
        seen.as_str().unwrap_or_default().to_owned()
    };
    let first = page.find_where("the first branch", |thing| {
        thing.role == "button" && thing.name.starts_with("Branch 1, the first")
    });
    page.focus(&first);
    page.wait("its end", || glimpse().contains(&format!("Branch 1 after {end} actions")));
    assert!(glimpse().contains("leader") && !glimpse().contains("crashed"), "{}", glimpse());
    page.key("ArrowLeft");
    page.wait("a little earlier", || {
        !glimpse().contains(&format!("after {end} actions")) && glimpse().contains("Branch 1 after")
    });
    let second = page.find_where("the second branch", |thing| {
        thing.role == "button" && thing.name.starts_with("Branch 2, left branch 1")
    });
    page.focus(&second);
    page.wait("the crash", || glimpse().contains(&format!("{}crashed", leader.node)));
    assert_eq!(page.number("position"), here, "looking is not going");

    let field = page.find("textbox", "Name of branch 2");
    page.write(&field, "the crash");
    page.find_where("its name in the tree", |thing| {
        thing.role == "button" && thing.name.contains("the crash")
    });
    page.focus(&first);
    page.key("ArrowLeft");
    let shown = glimpse();
    let wanted = shown.split(" after ").nth(1).and_then(|rest| rest.split(' ').next()).map(str::to_owned);
    page.key("Enter");
    page.find("button", "Branch 1 of 2");
    page.wait("that instant", || Some(page.fact("position")) == wanted);
    // The other branch is called by its name where it leaves the axis.
    page.wait("its name below the axis", || {
        page.script("return document.querySelector('.history .fork').textContent") == "the crash"
    });
    page.assert_no_console_errors();
}
