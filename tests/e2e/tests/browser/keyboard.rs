//! The page without a pointer: where Tab goes, and what the keys do.

use crate::scenes::{elected_and_paused, wait_for_caption};
use conclave_e2e::{NodeName, Page};
use serde_json::json;

/// What has the focus after each press of Tab, from the first node until it comes round to it again.
fn tour(page: &Page) -> Vec<String> {
    let first = page.node_buttons().remove(0).1;
    page.focus(&first);
    let mut names = vec![first.name.clone()];
    loop {
        page.key("Tab");
        let focused = page.focused();
        if focused.element == first.element || 200 < names.len() {
            return names;
        }
        names.push(focused.name);
    }
}

/// Without the focus on anything, so that keys mean the page.
fn leave(page: &Page) {
    page.script("document.activeElement.blur()");
}

#[test]
fn tab_goes_round_the_nodes_then_the_packets_by_arrival_then_the_links() {
    let (_site, page, leader) = elected_and_paused("");
    // Packets that were sent late and arrive early, and the other way round.
    for _ in 0..3 {
        page.press("Send a request");
    }
    choose_and_ask(&page, leader.node);
    let state = page.ask("getState", &json!({"transcript": false}));
    let mut packets = state["packets"].as_array().cloned().expect("a list");
    assert!(1 < packets.len(), "{packets:?}");
    packets.sort_by_key(|packet| {
        let ms = packet["due_ms"].as_f64().unwrap_or_else(|| panic!("when does it arrive? {packet}"));
        ((ms * 1000.0) as u64, packet["id"].as_u64())
    });
    let arriving: Vec<String> = packets
        .iter()
        .map(|packet| {
            let text =
                |name: &str| packet[name].as_str().map_or_else(|| packet[name].to_string(), str::to_owned);
            format!("{} from {} to {}", text("kind"), text("from"), text("to"))
        })
        .collect();

    let names = tour(&page);
    let on_stage = |name: &&String| {
        name.starts_with("Node ") && name.contains(", ")
            || name.contains(" from ") && name.contains(" to ")
            || name.starts_with("Link ")
    };
    let stage: Vec<&String> = names.iter().filter(on_stage).collect();
    let nodes: Vec<u32> =
        stage.iter().filter_map(|name| NodeName::parse(name)).map(|name| name.node).collect();
    assert_eq!(nodes, [1, 2, 3, 4, 5], "{names:#?}");
    let place = |fits: &dyn Fn(&str) -> bool| stage.iter().position(|name| fits(name)).expect("it is there");
    let (first_packet, first_link) =
        (place(&|name| name.contains(" from ")), place(&|name| name.starts_with("Link ")));
    assert_eq!(first_packet, 5, "packets follow the nodes: {stage:#?}");
    let focused: Vec<&String> = stage[first_packet..first_link].to_vec();
    assert_eq!(focused, arriving.iter().collect::<Vec<_>>(), "packets by arrival");
    let links = stage[first_link..].iter().filter(|name| name.starts_with("Link ")).count();
    assert_eq!((links, stage.len()), (10, first_link + 10), "then the links, and nothing else: {stage:#?}");
}

fn choose_and_ask(page: &Page, leader: u32) {
    leave(page);
    page.key(&(leader % 5 + 1).to_string());
    page.key("r");
    wait_for_caption(page, "asks node");
}

#[test]
fn a_node_is_chosen_crashed_and_restarted_by_keys() {
    let (_site, page, leader) = elected_and_paused("");
    leave(&page);
    page.key(&leader.node.to_string());
    page.key("c");
    page.wait_for_node("the leader to be crashed", |node| {
        node.node == leader.node && node.state == "crashed"
    });
    wait_for_caption(&page, &format!("Node {} crashed", leader.node));
    page.key("c");
    page.wait_for_node("it to be back", |node| node.node == leader.node && node.state != "crashed");

    page.key("m");
    assert_eq!(page.focused().name, "Crash", "the first thing that can be done to it");
    page.key("Enter");
    page.wait_for_node("it to be crashed again", |node| node.node == leader.node && node.state == "crashed");

    let button =
        page.node_buttons().into_iter().find(|(name, _)| name.node == leader.node).expect("its button").1;
    page.focus(&button);
    page.key("Enter");
    page.wait_for_node("it to be back by its own button", |node| {
        node.node == leader.node && node.state != "crashed"
    });
    page.assert_no_console_errors();
}

#[test]
fn a_packet_is_reached_and_dropped_by_keys() {
    let (_site, page, leader) = elected_and_paused("");
    choose_and_ask(&page, leader.node);
    let name = format!("Request from A to {}", leader.node % 5 + 1);
    page.focus(&page.find("button", &name));
    page.find("group", &name);
    page.key("d");
    page.wait("the packet to be gone", || !page.has("button", &name));
    wait_for_caption(&page, &format!("{name} is lost"));
    page.assert_no_console_errors();
}

#[test]
fn escape_chooses_nothing_and_space_and_arrows_steer_time() {
    let (_site, page, _) = elected_and_paused("");
    leave(&page);
    page.key("2");
    page.find("group", "Node 2");
    page.key("Escape");
    page.wait("nothing to be chosen", || !page.has("group", "Node 2"));

    let position = page.number("position");
    page.key("ArrowLeft");
    page.wait("one step back", || page.number("position") == position - 1.0);
    page.key("ArrowRight");
    page.wait("one step on", || page.number("position") == position);
    page.key(" ");
    page.wait("time to pass", || position < page.number("position"));
    page.key(" ");
    page.wait("time to stand still", || page.fact("playing") == "false");
    page.assert_no_console_errors();
}

#[test]
fn the_list_of_keys_opens_by_its_key_and_switches_single_keys_off_and_on() {
    let (_site, page, _) = elected_and_paused("");
    leave(&page);
    page.key("2");
    page.key("?");
    page.find("dialog", "Keys");
    let switch = page.find_where("the switch", |thing| thing.role == "checkbox");
    page.focus(&switch);
    page.key(" ");
    page.key("Escape");
    page.wait("the list to be closed", || !page.has("dialog", "Keys"));

    leave(&page);
    let (position, nodes) = (page.number("position"), page.nodes());
    page.key("c");
    page.key("?");
    page.key("ArrowLeft");
    page.wait("arrows to work still", || page.number("position") == position - 1.0);
    page.key("ArrowRight");
    page.wait("and back", || page.number("position") == position);
    assert!(!page.has("dialog", "Keys"), "the single key is off");
    assert_eq!(page.nodes(), nodes, "nothing has crashed");

    page.browser.reload();
    page.wait_until_ready();
    page.press("Keys");
    let switch = page.find_where("the switch, remembered", |thing| thing.role == "checkbox");
    assert_eq!(page.call(&switch, "function () { return this.checked }"), false);
    page.focus(&switch);
    page.key(" ");
    page.press("Close");
    page.wait("the list to be closed", || !page.has("dialog", "Keys"));
    leave(&page);
    page.key("?");
    page.find("dialog", "Keys");
    page.assert_no_console_errors();
}
