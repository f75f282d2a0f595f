//! Two clusters on one page: what is done to one is done to both, both go back together, and a table says what each cost.

use crate::scenes::{caption, step};
use conclave_e2e::{Look, Named, NodeName, Page, Site, axe};

/// The nodes of the right cluster.
const BESIDE: &str = "Cluster beside, ";

/// The nodes of both clusters as their buttons are called: left, then right.
fn both(page: &Page) -> [Vec<NodeName>; 2] {
    let names = page.script(
        "return [...document.querySelectorAll('[role=group].layers')].map((stage) =>
            [...stage.querySelectorAll('.node > [role=button]')].map((node) => node.getAttribute('aria-label')))",
    );
    let of = |side: usize| -> Vec<NodeName> {
        let names = names[side].as_array().map(Vec::as_slice).unwrap_or_default();
        names.iter().filter_map(|name| NodeName::parse(name.as_str()?)).collect()
    };
    [of(0), of(1)]
}

fn state(page: &Page, node: u32) -> [String; 2] {
    both(page).map(|nodes| {
        let found = nodes.into_iter().find(|name| name.node == node);
        found.unwrap_or_else(|| page.fail(&format!("node {node} is not on both stages"))).state
    })
}

/// The button of a node of the right cluster.
fn press_beside(page: &Page, node: u32) {
    page.script(&format!(
        "const stage = document.querySelector('[role=group][aria-label^=\"{BESIDE}\"]');
         const press = new MouseEvent('click', {{bubbles: true}});
         stage.querySelector('.node [aria-label^=\"Node {node},\"]').dispatchEvent(press)"
    ));
}

fn digests(page: &Page) -> (String, String) {
    page.wait("both digests", || !page.fact("digest").is_empty() && !page.fact("digest-beside").is_empty());
    (page.fact("digest"), page.fact("digest-beside"))
}

/// What the table says of a line, left and right.
fn counted(page: &Page, line: &str) -> Option<(String, String)> {
    let cells = page.script(&format!(
        "const row = [...document.querySelectorAll('.costs tbody tr')]
            .find((row) => row.querySelector('th').textContent.startsWith('{line}'));
         return row && [...row.querySelectorAll('td')].map((cell) => cell.textContent)"
    ));
    Some((cells[0].as_str()?.to_owned(), cells[1].as_str()?.to_owned()))
}

fn compared(query: &str) -> (Site, Page) {
    let site = Site::release();
    let page = Page::ready(&format!("{}?{query}", site.url()), Look::default());
    page.wait("a leader on the left", || both(&page)[0].iter().any(NodeName::leads));
    page.press("Pause");
    page.wait("the page to be paused", || page.fact("playing") == "false");
    (site, page)
}

#[test]
fn a_node_that_falls_on_the_left_falls_on_the_right_and_a_step_back_raises_both() {
    let (_site, page) = compared("compare=multi_paxos");
    let before = digests(&page);
    let (standing, position) = (state(&page, 2), page.number("position"));
    page.script(
        "document.querySelector('[role=group][aria-label=Cluster] .node [aria-label^=\"Node 2,\"]')
            .dispatchEvent(new MouseEvent('click', {bubbles: true}))",
    );
    page.wait("node 2 to fall on both sides", || state(&page, 2) == ["crashed", "crashed"]);
    page.wait("one step for both", || page.number("position") == position + 1.0);
    step(&page, "Step back", 1);
    page.wait("node 2 to stand again", || state(&page, 2) == standing);
    assert_eq!(digests(&page), before);

    press_beside(&page, 4);
    page.wait("node 4 to fall on both sides", || state(&page, 4) == ["crashed", "crashed"]);
    press_beside(&page, 4);
    page.wait("node 4 to be back on both sides", || !state(&page, 4).contains(&"crashed".to_owned()));
    page.assert_no_console_errors();
}

#[test]
fn the_scenario_shows_the_same_cost_and_then_where_they_differ() {
    let site = Site::release();
    let url = format!("{}?scenario=compare-raft-and-multi-paxos&speed=5", site.url());
    let page = Page::ready(&url, Look::default());
    page.find("heading", "Raft");
    page.find("heading", "Multi-Paxos");
    assert_eq!(counted(&page, "Commands answered"), Some(("0".into(), "0".into())));
    // Just before node 3 is cut off.
    page.script("return 0");
    while page.number("now-ms") < 299.0 {
        step(&page, "Step forward", 5);
    }
    assert_eq!(counted(&page, "Commands answered"), Some(("3".into(), "3".into())));
    assert_eq!(counted(&page, "Round trips for each command"), Some(("1".into(), "1".into())));
    assert_eq!(counted(&page, "Messages for each command"), Some(("8".into(), "8".into())));
    page.wait("another leader beside", || {
        step(&page, "Step forward", 3);
        both(&page)[1].iter().any(|node| node.leads() && node.node == 3)
    });
    assert!(!both(&page)[0].iter().any(NodeName::leads), "nobody leads on the left: {:?}", both(&page)[0]);
    page.assert_no_console_errors();
}

#[test]
fn a_comparison_is_chosen_and_left_by_clicking_and_is_in_the_address() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?seed=7", site.url()), Look::default());
    assert_eq!(both(&page)[1].len(), 0);
    let list = |page: &Page| -> Named {
        page.find_where("the list to compare with", |it| it.role == "combobox" && it.name == "Compare with")
    };
    page.pick(&list(&page), "Paxos");
    page.wait("two clusters", || both(&page).iter().all(|nodes| nodes.len() == 5));
    page.press("Pause");
    page.wait("this instant of the comparison in the address", || {
        let asked = page.script("const asked = new URLSearchParams(location.search); return [asked.get('compare'), Number(asked.get('t'))]");
        let now = page.number("now-ms");
        page.fact("playing") == "false" && asked[0] == "paxos" && asked[1].as_f64().is_some_and(|t| now <= t && t < now + 0.1)
    });
    let (position, digests_before) = (page.number("position"), digests(&page));
    page.browser.reload();
    page.wait_until_ready();
    page.wait("the same place", || page.number("position") == position);
    assert_eq!(digests(&page), digests_before, "the address leads to both runs");
    page.pick(&list(&page), "No comparison");
    page.wait("one cluster", || both(&page)[1].is_empty());
    assert!(!page.has("heading", "Counted so far"));
    page.assert_no_console_errors();
}

#[test]
fn what_the_other_cluster_does_not_have_is_said() {
    let (_site, page) = compared("compare=paxos");
    page.wait("a packet of the left alone", || {
        step(&page, "Step forward", 1);
        page.has("button", "AppendEntries from 1 to 2")
            || page.named().iter().any(|it| it.role == "button" && it.name.starts_with("AppendEntries from "))
    });
    let beside = digests(&page).1;
    page.script("document.querySelector('.packet [aria-label^=\"AppendEntries from\"]').dispatchEvent(new MouseEvent('click', {bubbles: true}))");
    page.press("Drop");
    page.wait("a sentence", || caption(&page).contains("Only Raft has what this was done to"));
    assert_eq!(digests(&page).1, beside, "nothing happened on the right");
    page.assert_no_console_errors();
}

#[test]
fn two_clusters_fit_a_phone_and_an_embedding_and_a_checker_finds_nothing() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?compare=multi_paxos", site.url()), Look::phone());
    page.wait("a leader on both sides", || both(&page).iter().all(|nodes| nodes.iter().any(NodeName::leads)));
    let width = page.script("return document.scrollingElement.scrollWidth");
    assert!(width.as_u64() <= Some(360), "the page is {width} pixels wide");
    let tops = page.script(
        "return [...document.querySelectorAll('[role=group].layers')].map((it) => it.getBoundingClientRect().top)",
    );
    assert!(tops[0].as_f64() < tops[1].as_f64(), "one above the other: {tops}");
    page.press("Pause");
    assert!(axe::findings(&page).is_empty(), "{:?}", axe::findings(&page));

    let page = Page::ready(&format!("{}?compare=paxos&ui=min&embed=1", site.url()), Look::default());
    page.wait("two clusters", || both(&page).iter().all(|nodes| nodes.len() == 5));
    let tops = page.script(
        "return [...document.querySelectorAll('[role=group].layers')].map((it) => it.getBoundingClientRect().top)",
    );
    assert_eq!(tops[0], tops[1], "beside each other");
    assert!(axe::findings(&page).is_empty(), "{:?}", axe::findings(&page));
    page.assert_no_console_errors();
}

#[test]
fn the_same_protocol_stands_beside_itself_with_an_option_switched() {
    let (_site, page) = compared("nodes=3");
    page.script(
        "const select = document.querySelector('select[aria-label=\"Compare with\"]');
         const option = [...select.options].find((option) => option.textContent.includes('noop'));
         select.value = option.value; select.dispatchEvent(new Event('change', { bubbles: true }))",
    );
    page.find_where("what is switched", |thing| thing.role == "heading" && thing.name.contains("noop"));
    page.wait("the address to say so", || {
        page.script("return location.search")
            .as_str()
            .is_some_and(|said| said.contains("compare_option=noop"))
    });
}
