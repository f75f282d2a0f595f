//! What a teacher shows by clicking alone, and how it gets from there to a student and to the student's friend.

use conclave_e2e::{Look, Page, Site};
use serde_json::{Value, json};

/// Opens a scenario of a protocol from the gallery, by clicking.
fn from_the_gallery(site: &Site, protocol: &str, title: &str) -> Page {
    let page = Page::ready(&format!("{}?autoplay=0", site.url()), Look::default());
    page.press("Scenarios: Free play");
    page.press(protocol);
    let card = page.find_where(title, |thing| thing.role == "link" && thing.name.starts_with(title));
    page.click(&card);
    page.wait("the scenario", || 0.0 < page.number("length"));
    page
}

fn reads(page: &Page, selector: &str, part: &str) -> bool {
    let text = page.script(&format!(
        "return [...document.querySelectorAll('{selector}')].map((found) => found.textContent).join(' ')"
    ));
    text.as_str().is_some_and(|text| text.contains(part))
}

/// Goes step by step until something can be read.
fn step_until(page: &Page, selector: &str, part: &str) {
    let length = page.number("length") as usize;
    for step in 0..length {
        if reads(page, selector, part) {
            return;
        }
        page.press("Step forward");
        page.wait("the step", || step as f64 + 1.0 <= page.number("position"));
    }
    assert!(reads(page, selector, part), "“{part}” is never said");
}

#[test]
fn a_value_is_chosen_though_nobody_knows_it() {
    let page = from_the_gallery(&Site::release(), "Paxos", "A learner that cannot tell");
    step_until(&page, ".facts", "yes: a quorum");
    assert!(reads(&page, ".facts", "to no node"), "nobody knows it yet");
    assert!(reads(&page, ".facts", "to no client"));
}

#[test]
fn a_proposer_is_forced_to_adopt_a_value_that_it_did_not_want() {
    let page = from_the_gallery(&Site::release(), "Paxos", "A later proposer is bound");
    step_until(&page, ".say", "Node 2 must propose x");
    assert!(reads(&page, ".facts", "yes: a quorum"), "x was chosen before");
}

#[test]
fn two_proposers_duel_until_one_backs_off() {
    let page = from_the_gallery(&Site::release(), "Paxos", "A duel without end");
    let campaigns = || page.script("return document.querySelectorAll('.history .m.campaign').length");
    assert!(campaigns().as_u64().is_some_and(|campaigns| 6 <= campaigns), "{:?}", campaigns());
    step_until(&page, ".facts", "yes: a quorum");
    let position = page.number("position");
    assert!(40.0 < position, "it took them {position} actions");
}

#[test]
fn a_new_leader_fills_a_gap() {
    let page = from_the_gallery(&Site::release(), "Multi-Paxos", "A leader crashes and leaves a gap");
    step_until(&page, ".facts", "no-op");
    page.press("Back to now");
    page.wait("both slots to be applied", || {
        page.script("return [...document.querySelectorAll('[data-log-node]')].every((row) => row.querySelectorAll('.cell.applied').length === 2)") == true
    });
}

#[test]
fn a_scenario_changed_by_hand_goes_to_a_course_page_a_student_and_a_friend() {
    // The teacher finds a scenario, goes into it, and does something else there.
    let site = Site::release();
    let teacher = from_the_gallery(&site, "Raft", "The leader crashes and comes back");
    (0..6).for_each(|_| teacher.press("Step forward"));
    teacher.press_node(3);
    teacher.wait("the branch", || teacher.has("button", "Branch 2 of 2"));
    teacher.wait("the digest", || teacher.fact("digest").len() == 16);
    let (digest, position) = (teacher.fact("digest"), teacher.number("position"));
    teacher.press("Share");
    teacher.find("textbox", "Lines to copy");
    let lines = teacher.script("return document.querySelector('.snippet').value");
    let lines = lines.as_str().expect("lines to copy");

    // The course page lies on another host.
    let course = Site::beside(&format!(
        "<!DOCTYPE html><meta charset='utf-8'><title>Week 6</title><link rel=icon href='data:,'>{lines}"
    ));
    let student = Page::open(&course.given(), Look::default());
    let ask = |method: &str| -> Value {
        student.script(&format!("return document.querySelector('conclave-lab').send('{method}')"))
    };
    student.wait("the element", || student.script("return !!customElements.get('conclave-lab')") == true);
    let state = ask("getState");
    assert_eq!((&state["digest"], state["position"].as_f64()), (&json!(digest), Some(position)));
    assert_eq!(state["playing"], json!(false));
    ask("back");
    assert_ne!(ask("getState")["digest"], json!(digest));
    ask("step");
    let link = ask("getLink");
    assert_eq!(link["exact"], json!(true));

    // The friend sees the same.
    let friend = Page::ready(link["url"].as_str().expect("an address"), Look::default());
    friend.wait("the digest", || friend.fact("digest") == digest);
    assert_eq!(friend.number("position"), position);
}
