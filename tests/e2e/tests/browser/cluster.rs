//! A cluster that elects, fails and recovers under the pointer.

use conclave_e2e::{Look, NodeName, Page, Site};

/// The page on a desktop, as it opens.
fn opened() -> (Site, Page) {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    (site, page)
}

#[test]
fn a_crashed_leader_is_replaced_and_catches_up_when_it_is_back() {
    let (_site, page) = opened();
    let first = page.wait_for_node("a leader", NodeName::leads);

    page.press_node(first.node);
    page.wait_for_node("the leader to be crashed", |node| node.node == first.node && node.state == "crashed");
    let second =
        page.wait_for_node("a leader of a higher term", |node| node.leads() && first.term < node.term);
    assert_ne!(second.node, first.node);

    page.press("Send a request");
    let missed = page.log_row(first.node, "length");
    page.wait("the new leader to commit what the crashed node misses", || {
        missed < page.log_row(second.node, "commit")
    });

    page.press_node(first.node);
    page.wait_for_node("the crashed node to be back", |node| {
        node.node == first.node && node.state != "crashed"
    });
    page.wait("its log to catch up", || {
        let (length, commit) = (page.log_row(second.node, "length"), page.log_row(second.node, "commit"));
        page.log_row(first.node, "length") == length && commit <= page.log_row(first.node, "commit")
    });
    page.assert_no_console_errors();
}

#[test]
fn a_link_is_cut_and_healed_by_a_click() {
    let (_site, page) = opened();
    page.wait_for_node("a leader", NodeName::leads);
    page.press("Link 1–2");
    page.press("Link 1–2, cut both ways");
    page.find("button", "Link 1–2");
    page.assert_no_console_errors();
}

#[test]
fn a_request_of_the_reader_is_committed_everywhere() {
    let (_site, page) = opened();
    let leader = page.wait_for_node("a leader", NodeName::leads);
    let before = page.log_row(leader.node, "length");
    page.press("Send a request");
    page.wait("the entry in the leader's log", || before < page.log_row(leader.node, "length"));
    let entry = page.log_row(leader.node, "length");
    let nodes = page.nodes();
    assert_eq!(nodes.len(), 5);
    page.wait("every node to know that it is committed", || {
        nodes.iter().all(|node| entry <= page.log_row(node.node, "commit"))
    });
    page.assert_no_console_errors();
}
