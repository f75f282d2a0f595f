//! The options: what begins a new run, what is an action in the middle of one, and what is refused with a sentence.

use crate::scenes::{elected_and_paused, step, wait_for_caption};
use conclave_e2e::{Named, Page};

fn value(page: &Page, field: &Named) -> String {
    page.call(field, "function () { return this.value }").as_str().unwrap_or_default().to_owned()
}

fn opened() -> (conclave_e2e::Site, Page) {
    let (site, page, _) = elected_and_paused("");
    page.press("Options");
    page.find_where("the options", |thing| thing.role == "heading" && thing.name.starts_with("Options"));
    (site, page)
}

#[test]
fn a_latency_that_changes_in_the_middle_of_the_run_is_one_action() {
    let (_site, page) = opened();
    let field = page.find("textbox", "latency ms, to");
    let (before, position, digest) = (value(&page, &field), page.number("position"), page.fact("digest"));
    page.write(&field, "70.5");
    page.wait("one action", || page.number("position") == position + 1.0);
    assert_eq!(value(&page, &field), "70.5");
    wait_for_caption(&page, "latency_ms has changed");
    let state = page.ask("getState", &serde_json::json!({"transcript": false}));
    assert_eq!(state["length"], position + 1.0);

    step(&page, "Step back", 1);
    assert_eq!((value(&page, &field), page.fact("digest")), (before, digest));
    page.assert_no_console_errors();
}

#[test]
fn nodes_and_seed_begin_a_new_run() {
    let (_site, page) = opened();
    page.pick(
        &page.find_where("the number of nodes", |thing| {
            thing.role == "combobox" && thing.name.starts_with("nodes")
        }),
        "3",
    );
    page.wait("three nodes", || page.nodes().len() == 3);
    page.wait_for_node("their leader", conclave_e2e::NodeName::leads);
    page.press("Pause");
    let length = page.number("length");

    let seed = page.find_where("the seed", |thing| thing.role == "textbox" && thing.name.starts_with("seed"));
    page.write(&seed, "7");
    page.wait("another run", || page.number("length") < length);
    assert_eq!(page.nodes().len(), 3, "the nodes stay");
    let header = page.script("return document.querySelector('header').textContent");
    assert!(header.as_str().is_some_and(|text| text.contains("seed 7")), "{header}");
    page.assert_no_console_errors();
}

#[test]
fn what_an_option_does_not_take_is_refused_with_a_sentence() {
    let (_site, page) = opened();
    let (position, digest) = (page.number("position"), page.fact("digest"));
    let field = page.find("textbox", "latency ms, to");
    let before = value(&page, &field);
    for (wrong, sentence) in [
        ("soon", "That is not a number that this option could take"),
        ("-5", "That is not a number that this option could take"),
        ("1", "The option does not take this value"),
        ("99999999", "The option does not take this value"),
    ] {
        page.write(&field, wrong);
        wait_for_caption(&page, sentence);
        assert_eq!(value(&page, &field), before, "“{wrong}” does not stay in the field");
        assert_eq!((page.number("position"), page.fact("digest")), (position, digest.clone()));
    }
    page.assert_no_console_errors();
}
