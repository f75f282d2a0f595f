//! When a timer goes off: dragged by its hand, by its slider, and by keys, always inside the range of the protocol.

use crate::scenes::{choose, elected_and_paused, step, wait_for_caption};
use conclave_e2e::{Named, Page};

/// What the slider of the chosen node's timer says.
struct Slider {
    least: f64,
    most: f64,
    value: f64,
    said: String,
}

fn found(page: &Page) -> Named {
    page.find_where("the slider of the election timer", |thing| {
        thing.role == "slider" && thing.name.starts_with("election timer")
    })
}

fn slider(page: &Page) -> Slider {
    let thing = found(page);
    let told = page.call(
        &thing,
        "function () { return [+this.min, +this.max, +this.value, this.getAttribute('aria-valuetext')] }",
    );
    let number = |place: usize| told[place].as_f64().expect("a number");
    Slider {
        least: number(0),
        most: number(1),
        value: number(2),
        said: told[3].as_str().unwrap_or_default().to_owned(),
    }
}

/// A follower whose timer is chosen, and says what the slider says.
fn chosen() -> (conclave_e2e::Site, Page, u32, Slider) {
    let (site, page, leader) = elected_and_paused("");
    let other = leader.node % 5 + 1;
    choose(&page, other);
    let before = slider(&page);
    assert!(before.least < before.most, "{} to {}", before.least, before.most);
    assert!(before.said.starts_with("goes off "), "{}", before.said);
    (site, page, other, before)
}

#[test]
fn a_slider_sets_it_from_the_keyboard_and_a_step_back_undoes_it() {
    let (_site, page, node, before) = chosen();
    let (position, digest) = (page.number("position"), page.fact("digest"));
    page.focus(&found(&page));
    page.key("Home");
    page.wait("the least that there is", || slider(&page).value == before.least);
    let position_then = page.number("position");
    assert_eq!(position_then, position + 1.0, "one action");
    let sentence =
        format!("The election timer of node {node} now goes off {} ms after it was armed", before.least);
    wait_for_caption(&page, &sentence);
    page.key("ArrowRight");
    page.wait("one millisecond more", || slider(&page).value == before.least + 1.0);
    page.key("End");
    page.wait("the most that there is", || slider(&page).value == before.most);

    step(&page, "Step back", 3);
    assert_eq!((page.number("position"), page.fact("digest")), (position, digest));
    assert_eq!(slider(&page).value, before.value);
    page.assert_no_console_errors();
}

#[test]
fn keys_move_it_ten_milliseconds_and_never_out_of_its_range() {
    let (_site, page, node, before) = chosen();
    page.script("document.activeElement.blur()");
    page.key(&node.to_string());
    let (there, back, sign) =
        if before.value + 10.0 < before.most { (".", ",", 1.0) } else { (",", ".", -1.0) };
    page.key(there);
    page.wait("ten milliseconds", || slider(&page).value == before.value + sign * 10.0);
    page.key(back);
    page.wait("as it was", || slider(&page).value == before.value);
    for _ in 0..40 {
        page.key(",");
    }
    page.wait("the least that there is", || slider(&page).value == before.least);
    page.assert_no_console_errors();
}

#[test]
fn its_hand_is_dragged_round_the_ring_while_time_stands_still() {
    let (_site, page, node, before) = chosen();
    // So slowly that the hand is still there when the pointer comes, however busy the machine is.
    page.pick(&page.find("combobox", "Speed"), "1/200×");
    page.press("Play");
    page.wait("time to pass", || page.fact("playing") == "true");
    // Where the hand is, where the middle of the node is, and whether a press there meets the hand.
    let places = page.wait_for("the hand to be free", || {
        let places = page.script(&format!(
            "const node = document.querySelector('[aria-label^=\"Node {node},\"]').closest('.node');
             const middle = (element) => {{ const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2] }};
             const grip = node.querySelector('.grip'), [x, y] = middle(grip), [cx, cy] = middle(node.querySelector('.body'));
             // The outer edge of the hand, clear of the node's own body.
             const out = [x + (x - cx) * 0.25, y + (y - cy) * 0.25];
             return [...out, cx, cy, document.elementFromPoint(...out) === grip]"
        ));
        (places[4] == true).then_some(places)
    });
    let number = |place: usize| places[place].as_f64().expect("a number");
    let (from, centre) = ((number(0), number(1)), (number(2), number(3)));
    // A quarter of the way round, against the clock: earlier.
    let (dx, dy) = (from.0 - centre.0, from.1 - centre.1);
    let to = (centre.0 + dy, centre.1 - dx);
    let position = page.number("position");
    page.drag(from, to, || {
        page.wait("time to stand still while the hand is held", || page.fact("playing") == "false");
    });
    page.wait("time to go on", || page.fact("playing") == "true");
    page.press("Pause");
    assert!(position < page.number("position"));
    page.press("Earlier");
    let sentence = format!("The election timer of node {node} now goes off ");
    page.find_where("what was said of it", |thing| thing.role == "button" && thing.name.contains(&sentence));
    let after = slider(&page);
    assert!(before.least <= after.value && after.value <= before.most, "{}", after.value);
    page.assert_no_console_errors();
}
