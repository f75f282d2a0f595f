//! What the reader can do besides crashing: verbs of a node, verbs of a packet, a line across the stage.

use conclave_e2e::{Look, NodeName, Page, Site};

/// A cluster with a leader.
fn elected() -> (Site, Page, NodeName) {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    let leader = page.wait_for_node("a leader", NodeName::leads);
    (site, page, leader)
}

/// Chooses a node by its row in the logs, which does nothing else to it.
fn choose(page: &Page, node: u32) {
    page.script(&format!("document.querySelector('[data-log-node=\"{node}\"] button').click()"));
}

#[test]
fn a_node_is_paused_and_goes_on() {
    let (_site, page, leader) = elected();
    choose(&page, leader.node);
    page.press("Pause the node");
    page.wait_for_node("the leader to be paused", |node| node.node == leader.node && node.state == "paused");
    let next = page.wait_for_node("another leader", |node| node.leads() && leader.term < node.term);
    page.press("Resume the node");
    page.wait_for_node("the old leader to learn of the new term", |node| {
        node.node == leader.node && !node.leads() && next.term <= node.term
    });
    page.assert_no_console_errors();
}

#[test]
fn a_timer_goes_off_when_it_is_told_to() {
    let (_site, page, leader) = elected();
    page.press("Pause");
    let other = leader.node % 5 + 1;
    choose(&page, other);
    page.press("Time out now: election");
    page.wait_for_node("a candidate", |node| node.node == other && node.state == "candidate");
    page.assert_no_console_errors();
}

#[test]
fn a_packet_is_chosen_and_dropped() {
    let (_site, page, _) = elected();
    page.press("Pause");
    page.press("Send a request");
    let packet = page.find_where("a request in flight", |thing| {
        thing.role == "button" && thing.name.starts_with("Request from A to ")
    });
    page.click(&packet);
    page.press("Drop");
    page.wait("the packet to be gone", || !page.has("button", &packet.name));
    page.assert_no_console_errors();
}

#[test]
fn a_line_across_the_stage_partitions() {
    let (_site, page, _) = elected();
    page.press("Pause");
    page.script(
        "const ground = document.querySelector('.layers'), edge = ground.getBoundingClientRect();
         ground.setPointerCapture = () => {};
         const point = (type, x, y) => ground.dispatchEvent(new PointerEvent(type, {bubbles: true, isPrimary: true,
           pointerId: 1, clientX: edge.left + x, clientY: edge.top + y}));
         const level = edge.height * 0.75;
         point('pointerdown', 4, level); point('pointermove', edge.width / 2, level);
         point('pointermove', edge.width - 4, level); point('pointerup', edge.width - 4, level)",
    );
    for link in ["1–3", "1–4", "2–3", "2–4", "3–5", "4–5"] {
        page.find("button", &format!("Link {link}, cut both ways"));
    }
    for link in ["1–2", "1–5", "2–5", "3–4"] {
        page.find("button", &format!("Link {link}"));
    }
    page.press("Heal all");
    page.find("button", "Link 1–3");
    page.assert_no_console_errors();
}
