//! Lines for other people's pages, and that the document that explains them says what the program does.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::ids::Micros;
use conclave::link::address::{Address, Depth, PARAMETERS};
use conclave::link::embed::{Embed, Host};
use conclave::text::{Lang, Text};
use expect_test::expect;

const PAGE: &str = "https://example.org/conclave/";

fn embed(query: &str) -> Embed<'static> {
    let pair = |part: &str| part.split_once('=').map(|(name, value)| (name.to_string(), value.to_string()));
    let pairs: Vec<_> = query.split('&').filter_map(pair).collect();
    let (address, troubles) = Address::parse(&pairs);
    assert_eq!(troubles, []);
    Embed { page: PAGE, address, hash: "", title: "Three Raft servers", height: 560 }
}

#[test]
fn what_is_shown_is_written_out() {
    let shown = embed("nodes=3&ui=play");
    assert_eq!(shown.url(), "https://example.org/conclave/?nodes=3&ui=play&algo=raft&seed=41&embed=1");
    // A scenario and a link bring all that themselves.
    let shown = embed("scenario=ra3-failover");
    assert_eq!(shown.url(), "https://example.org/conclave/?scenario=ra3-failover&embed=1");
    let linked = Embed { hash: "v1:abc", ..embed("") };
    assert_eq!(linked.url(), "https://example.org/conclave/?embed=1#v1:abc");
}

#[test]
fn every_kind_of_page_gets_the_same_address() {
    let shown = Embed { hash: "v1:abc_-", ..embed("scenario=sp9-duel&lang=zh&t=12.5") };
    let url = shown.url();
    for host in Host::ALL {
        let lines = shown.snippet(host).replace("&amp;", "&");
        assert!(lines.contains(&url), "{host:?}: {lines}");
        // A blank line ends a piece of HTML in Markdown.
        assert!(host == Host::Jupyter || !lines.trim_end().contains("\n\n"), "{host:?}");
    }
}

#[test]
fn a_title_cannot_leave_its_quotes() {
    let shown = Embed { title: "\"><script>alert(1)</script> & <b>", ..embed("") };
    for host in Host::ALL {
        let lines = shown.snippet(host);
        assert!(!lines.contains("<script>alert") && !lines.contains("<b>"), "{host:?}: {lines}");
    }
    expect![[r#"
        <iframe src="https://example.org/conclave/?algo=raft&amp;nodes=5&amp;seed=41&amp;embed=1" title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;" width="100%" height="560"></iframe>
    "#]]
    .assert_eq(&shown.snippet(Host::Moodle));
}

#[test]
fn parameters_can_be_set_and_left_out_one_by_one() {
    let mut address = Address { t: Some(Micros::from_ms(3)), autoplay: false, ..Address::default() };
    address.set("ui", "min").unwrap();
    address.set("theme", "dark").unwrap();
    assert_eq!(address.depth, Depth::Min);
    assert!(address.set("ui", "huge").is_err() && address.set("nothing", "1").is_err());
    assert_eq!(address.without("theme").query(), "t=3&ui=min");
}

#[test]
fn the_element_knows_every_parameter() {
    let script = include_str!("../public/embed.js");
    let line = script.lines().find(|line| line.starts_with("const PARAMETERS")).unwrap();
    let known: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
    // The element is always a part of another page.
    let meant: Vec<&str> =
        PARAMETERS.iter().map(|known| known.name).filter(|name| *name != "embed").collect();
    assert_eq!(known, meant);
}

#[test]
fn the_document_says_what_the_program_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/embedding.md");
    let said = std::fs::read_to_string(path).unwrap();
    let shown = embed("nodes=3&seed=7&ui=min");
    for host in Host::ALL {
        assert!(said.contains(&shown.snippet(host)), "{path} lacks\n{}", shown.snippet(host));
    }
    for row in rows() {
        assert!(said.contains(&row), "{path} lacks\n{row}");
    }
}

/// The rows of the table of parameters.
fn rows() -> impl Iterator<Item = String> {
    PARAMETERS.iter().map(|parameter| {
        let english = |text: Text| text.say(Lang::En);
        let about = parameter.about.template(Lang::En);
        let allowed = match parameter.name {
            // Too many for a table; `list` has them.
            "scenario" => "the name of a built-in scenario".to_string(),
            "puzzle" => "the name of a variant".to_string(),
            _ => english((parameter.kind)(&Address::default()).text()),
        };
        format!("| `{}` | {about} | {allowed} | {} |\n", parameter.name, english(parameter.default()))
    })
}
