//! The cluster in two: by a line that a pointer draws, and without one; and what is said of the side that stands still.

use crate::scenes::{caption, elected_and_paused, wait_for_caption};
use conclave_e2e::{NodeName, Page};

/// The links between nodes 1, 2, 5 and nodes 3, 4.
const BETWEEN: [&str; 6] = ["1–3", "1–4", "2–3", "2–4", "3–5", "4–5"];

fn assert_cut(page: &Page) {
    for link in BETWEEN {
        page.find("button", &format!("Link {link}, cut both ways"));
    }
    for link in ["1–2", "1–5", "2–5", "3–4"] {
        page.find("button", &format!("Link {link}"));
    }
}

#[test]
fn a_line_under_the_pointer_partitions_and_the_caption_says_who_stands_still() {
    let (_site, page, _) = elected_and_paused("");
    let ends = page.script(
        "const ground = document.querySelector('[role=group][aria-label=Cluster]'), edge = ground.getBoundingClientRect();
         const level = edge.top + edge.height * 0.75;
         return [[edge.left + 6, level], [edge.right - 6, level]]
            .map(([x, y]) => [x, y, document.elementFromPoint(x, y) === ground])",
    );
    let end = |place: usize| {
        assert_eq!(ends[place][2], true, "the line ends on empty ground: {ends}");
        (ends[place][0].as_f64().expect("a number"), ends[place][1].as_f64().expect("a number"))
    };
    let before = page.number("position");
    page.drag(end(0), end(1), || {
        let drawn = page.script("return document.querySelector('.knife').getAttribute('d')");
        assert!(drawn.as_str().is_some_and(|path| path.contains('L')), "the line is seen while it is drawn");
    });
    assert_cut(&page);
    wait_for_caption(&page, "Cut: ");
    wait_for_caption(&page, "Nodes 3, 4 reach no majority");
    assert_eq!(page.number("position"), before + 12.0, "both ways of six links");

    page.press("Play");
    let led = page.wait_for_node("a leader on the side of the majority", |node| {
        node.leads() && [1, 2, 5].contains(&node.node)
    });
    assert!(led.term.is_some());
    assert!(caption(&page).contains("Nodes 3, 4 reach no majority"), "it stays said: {}", caption(&page));
    page.press("Heal all");
    page.wait("nobody to stand still", || !caption(&page).contains("reach no majority"));
    page.assert_no_console_errors();
}

#[test]
fn a_partition_needs_no_pointer() {
    let (_site, page, _) = elected_and_paused("");
    page.key("w");
    page.find("group", "Nodes on one side");
    page.key("m");
    for (node, pressed) in [(1, true), (2, true), (3, false), (4, false), (5, true)] {
        assert_eq!(page.focused().name, format!("Node {node}"));
        if pressed {
            page.key(" ");
        }
        let is_pressed = page.script("return document.activeElement.getAttribute('aria-pressed')");
        assert_eq!(is_pressed, pressed.to_string(), "node {node}");
        page.key("Tab");
    }
    assert_eq!(page.focused().name, "Cut between the sides");
    page.key("Enter");
    assert_cut(&page);
    wait_for_caption(&page, "Nodes 3, 4 reach no majority");
    page.key("h");
    for link in BETWEEN {
        page.find("button", &format!("Link {link}"));
    }
    page.assert_no_console_errors();
}

#[test]
fn a_cluster_without_a_majority_says_why_it_stands_still() {
    let (_site, page, leader) = elected_and_paused("");
    for node in (1..=5).filter(|node| *node != leader.node).take(3) {
        page.press_node(node);
        page.wait_for_node("the node to be crashed", |name| name.node == node && name.state == "crashed");
    }
    wait_for_caption(&page, "No progress is possible: no 3 of the 5 nodes");
    page.press("Play");
    page.wait_for_node("the leader to be alone", NodeName::leads);
    assert!(caption(&page).contains("No progress is possible"), "{}", caption(&page));
    page.assert_no_console_errors();
}
