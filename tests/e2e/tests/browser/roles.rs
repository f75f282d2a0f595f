//! Roles apart: rows that say who proposes, votes and learns; what is chosen read off the picture; and roles given by hand.

use conclave_e2e::{Look, Named, NodeName, Page, Site, axe};

/// How far from the top of the page each node stands.
fn levels(page: &Page) -> Vec<f64> {
    let mut nodes = page.node_buttons();
    nodes.sort_by_key(|(name, _)| name.node);
    nodes.iter().map(|(_, button)| page.middle(button).1.round()).collect()
}

fn words_on_stage(page: &Page) -> String {
    let said = page
        .script("return [...document.querySelectorAll('.rows text')].map((it) => it.textContent).join('|')");
    said.as_str().unwrap_or_default().to_owned()
}

fn list_called(page: &Page, name: &str) -> Named {
    page.find_where(name, |thing| thing.role == "combobox" && thing.name.starts_with(name))
}

#[test]
fn each_role_is_a_row_and_a_bracket_says_when_a_value_is_chosen() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?scenario=sp1-happy-path", site.url()), Look::default());
    let rows = levels(&page);
    assert_eq!(rows.len(), 6);
    assert_eq!((rows[0], rows[2], rows[3]), (rows[1], rows[3], rows[4]), "{rows:?}");
    assert!(rows[1] < rows[2] && rows[4] < rows[5], "proposers, acceptors, learners: {rows:?}");
    let said = words_on_stage(&page);
    assert!(said.starts_with("proposers|acceptors|learners|promised|accepted"), "{said}");
    assert!(!said.contains("is chosen"), "nothing is chosen yet: {said}");

    // The moment at which it is chosen and nobody knows.
    page.wait("the choice", || {
        page.press("Step forward");
        words_on_stage(&page).contains("x is chosen in ballot 1·1")
    });
    assert!(words_on_stage(&page).contains("nobody knows it yet"), "{}", words_on_stage(&page));
    page.wait("the learner to know", || {
        page.press("Step forward");
        words_on_stage(&page).contains("node 6 knows it")
    });
    assert!(axe::findings(&page).is_empty(), "{:?}", axe::findings(&page));
    page.assert_no_console_errors();
}

#[test]
fn a_reader_gives_the_roles_to_nodes_by_clicking() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?algo=paxos", site.url()), Look::default());
    page.press("Options");
    page.pick(&list_called(&page, "roles"), "on different nodes");
    page.wait("two proposers, three acceptors and a learner", || page.nodes().len() == 6);
    page.pick(&list_called(&page, "acceptors"), "5");
    page.wait("five acceptors", || page.nodes().len() == 8);
    let rows = levels(&page);
    assert!(rows[1] < rows[2] && rows[6] < rows[7] && rows[2] == rows[6], "{rows:?}");
    page.wait_for_node("a proposer that is asking", |node| {
        node.state.starts_with("p") && node.state.ends_with("ing")
    });

    page.pick(&list_called(&page, "nodes"), "5");
    let explained =
        |page: &Page| page.script("return document.querySelector('.dealt [role=status]').textContent");
    page.wait("a sentence about what does not fit", || {
        explained(&page).as_str().is_some_and(|text| text.contains("5 nodes for 8 roles"))
    });
    page.pick(&list_called(&page, "roles"), "all on every node");
    page.wait("a ring", || !page.nodes().is_empty() && words_on_stage(&page).is_empty());
    page.assert_no_console_errors();
}

#[test]
fn thirteen_nodes_in_rows_fit_a_phone() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?algo=paxos", site.url()), Look::phone());
    page.press("Options");
    page.pick(&list_called(&page, "roles"), "on different nodes");
    for (role, count) in [("proposers", "3"), ("acceptors", "7"), ("learners", "3")] {
        page.pick(&list_called(&page, role), count);
    }
    page.wait("thirteen nodes", || page.nodes().len() == 13);
    page.wait("a value to be chosen", || words_on_stage(&page).contains("is chosen in ballot"));
    page.press("Pause");
    let width = page.script("return document.scrollingElement.scrollWidth");
    assert!(width.as_u64() <= Some(360), "the page is {width} pixels wide");
    let names: Vec<NodeName> = page.nodes();
    assert!(names.iter().any(|node| node.state == "learner"), "{names:?}");
    assert!(axe::findings(&page).is_empty(), "{:?}", axe::findings(&page));
    page.assert_no_console_errors();
}
