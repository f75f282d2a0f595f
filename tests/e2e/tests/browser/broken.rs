//! The climax: a rule is switched off, a promise breaks, time stops, and the run can be taken home.

use std::env;
use std::fs;
use std::process::Command;

use conclave_e2e::{Look, Page, Site};
use serde_json::Value;

fn text_of(page: &Page, selector: &str) -> String {
    let text = page.script(&format!("return document.querySelector('{selector}')?.textContent"));
    text.as_str().unwrap_or_default().to_owned()
}

fn count_of(page: &Page, selector: &str) -> u64 {
    page.script(&format!("return document.querySelectorAll('{selector}').length")).as_u64().unwrap_or(0)
}

#[test]
fn a_broken_promise_freezes_time_lights_its_witness_and_offers_a_file_that_repeats_it() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?scenario=r3-ignores-log&speed=10", site.url()), Look::default());
    assert_eq!(count_of(&page, ".broken-promise"), 0);
    page.press("Play");
    page.wait("time to stop at the broken promise", || {
        page.fact("playing") == "false" && count_of(&page, ".broken-promise") == 1
    });
    assert!(page.number("position") < page.number("length"), "it stops where it breaks, not at the end");

    let state = page.ask("getState", &serde_json::json!({"transcript": false}));
    let violation = &state["violations"][0];
    let sentence = text_of(&page, ".broken-promise");
    assert!(sentence.contains(violation["text"].as_str().expect("a text")), "{sentence}\n{violation}");
    assert!(sentence.contains("is broken") && sentence.contains("The promise was: "), "{sentence}");
    page.find_where("an alert", |thing| thing.role == "alert");

    let witnesses = violation["nodes"].as_array().expect("a list");
    assert!(!witnesses.is_empty(), "{violation}");
    for node in 1..=state["nodes"].as_array().map_or(0, Vec::len) {
        let lit = count_of(&page, &format!(".node.witness [aria-label^=\"Node {node}\"]"));
        let is_witness = witnesses.iter().any(|witness| *witness == node);
        assert_eq!(lit, u64::from(is_witness), "node {node} on the stage; {violation}");
        let slots = count_of(&page, &format!("[data-log-node=\"{node}\"] .cell.witness"));
        assert!(is_witness || slots == 0, "node {node} in the logs; {violation}");
    }
    assert!(0 < count_of(&page, "[data-log-node] .cell.witness"), "the logs show where");

    let file = page.find("link", "Save the scenario file");
    let file = page
        .call(&file, "function () { return decodeURIComponent(this.href.split(',').slice(1).join(',')) }");
    let again = headless("run", file.as_str().expect("a file"));
    assert_eq!(again["digest"], page.fact("digest"));
    assert_eq!(again["violations"][0]["invariant"], violation["invariant"]);
    page.assert_no_console_errors();
}

#[test]
fn a_step_back_takes_the_broken_promise_back() {
    let site = Site::release();
    let page =
        Page::ready(&format!("{}?scenario=r1-forgets-vote&speed=10&autoplay=1", site.url()), Look::default());
    page.wait("the broken promise", || count_of(&page, ".broken-promise") == 1);
    page.press("Step back");
    page.wait("the promise to hold", || count_of(&page, ".broken-promise, .witness") == 0);
    page.press("Step forward");
    page.wait("it to be broken again", || count_of(&page, ".broken-promise") == 1);
    page.assert_no_console_errors();
}

/// What the headless runner says of a file.
/// What a headless command says of a file, as JSON.
pub fn headless(command: &str, file: &str) -> Value {
    let path = env::temp_dir().join(format!("conclave-{command}-{}.json", std::process::id()));
    fs::write(&path, file).expect("a file can be written");
    let mut run = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // The profile of the native tests, which have built the runner already.
    run.current_dir(conclave_e2e::root())
        .args([
            "run",
            "--quiet",
            "-p",
            "conclave",
            "--no-default-features",
            "--profile",
            "test",
            "--",
            command,
        ])
        .arg(&path)
        .arg("--json")
        .env_remove("CARGO_PROFILE_TEST_OPT_LEVEL");
    let ran = run.output().expect("the runner runs");
    let _ = fs::remove_file(&path);
    let said = String::from_utf8_lossy(&ran.stdout);
    serde_json::from_str(&said)
        .unwrap_or_else(|error| panic!("{error}: {said}\n{}\n{file}", String::from_utf8_lossy(&ran.stderr)))
}
