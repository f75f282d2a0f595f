//! The site on other people's hosts: at any path, under a strict policy, alone.

use conclave_e2e::site::Policy;
use conclave_e2e::{Look, NodeName, Page, Site};

#[test]
fn it_works_below_any_path_and_asks_no_other_host() {
    let site = Site::below("/some/course/");
    let page = Page::ready(&site.url(), Look::default());
    page.wait_for_node("a leader", NodeName::leads);

    let found = page.script("return performance.getEntriesByType('resource').map((entry) => entry.name)");
    let resources: Vec<&str> =
        found.as_array().expect("a list").iter().filter_map(|name| name.as_str()).collect();
    assert!(!resources.is_empty());
    let strangers: Vec<&&str> = resources.iter().filter(|name| !name.starts_with(&site.url())).collect();
    assert!(strangers.is_empty(), "requested elsewhere: {strangers:?}");

    let requests = site.requests();
    let outside: Vec<&String> = requests.iter().filter(|path| !path.starts_with("/some/course/")).collect();
    assert!(outside.is_empty(), "requested above the path: {outside:?}");
    assert_eq!(
        requests.iter().filter(|path| path.ends_with(".wasm")).count(),
        1,
        "the wasm file is fetched once"
    );
    page.assert_no_console_errors();
}

#[test]
fn it_works_under_a_strict_security_policy() {
    let site = Site::guarded(Policy::Strict);
    let page = Page::ready(&site.url(), Look::default());
    page.wait_for_node("a leader", NodeName::leads);
    page.assert_no_console_errors();
}
