//! Saving: every format is handed to the browser with what it should hold, also under a strict policy, and in light
//! colours whatever the page shows.

use conclave_e2e::site::Policy;
use conclave_e2e::{Look, NodeName, Page, Site};

/// Keeps what is handed over, as text, by the name of its file.
const KEEP: &str = "window.kept = {};
    const make = URL.createObjectURL.bind(URL);
    const blobs = {};
    URL.createObjectURL = (blob) => { const url = make(blob); blobs[url] = blob; return url; };
    HTMLElement.prototype.click = function () {
        const name = this.getAttribute('download'), blob = blobs[this.getAttribute('href')];
        blob.arrayBuffer().then((bytes) => {
            const start = [...new Uint8Array(bytes.slice(0, 4))];
            blob.text().then((text) => { window.kept[name] = { text, start, size: bytes.byteLength, type: blob.type }; });
        });
    };";

/// What is in a file, once it is there.
fn saved(page: &Page, button: &str, file: &str) -> (String, serde_json::Value) {
    page.press(button);
    let kept = page.wait_for(file, || {
        let kept = page.script(&format!("return window.kept['{file}'] ?? null"));
        (!kept.is_null()).then_some(kept)
    });
    (kept["text"].as_str().unwrap_or_default().to_owned(), kept)
}

fn opened(site: &Site, look: Look) -> Page {
    let page = Page::ready(&site.url(), look);
    page.wait_for_node("a leader", NodeName::leads);
    page.press("Send a request");
    page.press("Pause");
    page.press("Space–time diagram");
    page.press("Save as…");
    page.script(KEEP);
    page
}

#[test]
fn every_format_has_its_content() {
    let site = Site::guarded(Policy::Strict);
    let page = opened(&site, Look { dark: true, ..Look::default() });

    let (stage, kept) = saved(&page, "Stage as SVG", "conclave-stage.svg");
    assert_eq!(kept["type"], "image/svg+xml");
    assert!(stage.starts_with("<svg xmlns") && stage.contains("leader") && stage.contains("seed"), "{stage}");
    // The dark page is drawn in light colours, and stays dark.
    assert!(stage.contains("#FBFAF7") && stage.contains("rgb(0, 90, 143)"), "{stage}");
    assert!(!stage.contains("light-dark") && !stage.contains("var(") && !stage.contains("class="));
    assert_eq!(page.script("return document.documentElement.hasAttribute('data-theme')"), false);
    let parsed = "const parsed = new DOMParser().parseFromString(window.kept['NAME'].text, 'image/svg+xml');
         return [parsed.querySelector('parsererror') === null, parsed.querySelectorAll('circle, path').length]";
    let circles = page.script(&parsed.replace("NAME", "conclave-stage.svg"));
    assert!(circles[0] == true && circles[1].as_u64().is_some_and(|count| 20 < count), "{circles}");

    let (_, png) = saved(&page, "Stage as PNG", "conclave-stage.png");
    assert_eq!(png["start"], serde_json::json!([0x89, 0x50, 0x4e, 0x47]));
    assert!(png["size"].as_u64().is_some_and(|size| 5_000 < size), "{}", png["size"]);

    let (diagram, _) = saved(&page, "Diagram as SVG", "conclave-diagram.svg");
    assert!(diagram.contains("Node 5") && diagram.contains("Raft"), "{diagram}");
    let paths = page.script(&parsed.replace("NAME", "conclave-diagram.svg"));
    assert!(paths[0] == true && paths[1].as_u64().is_some_and(|count| 10 < count), "{paths}");
    let (_, png) = saved(&page, "Diagram as PNG", "conclave-diagram.png");
    assert_eq!(png["start"], serde_json::json!([0x89, 0x50, 0x4e, 0x47]));

    let (mermaid, _) = saved(&page, "Diagram as Mermaid", "conclave-diagram.mmd");
    assert!(mermaid.contains("sequenceDiagram\n    participant n1 as Node 1\n"), "{mermaid}");
    let (log, _) = saved(&page, "Causal log for ShiViz", "conclave-shiviz.log");
    assert!(log.starts_with(r"(?<ms>\S*) (?<event>.*)\n(?<host>\S*) (?<clock>{.*})"), "{log}");
    let (history, _) = saved(&page, "History as JSON", "conclave-history.json");
    let history: serde_json::Value = serde_json::from_str(&history).expect("JSON");
    assert_eq!(history["history"].as_array().map(Vec::len), Some(page.number("position") as usize));
    page.find_where("a word that it was handed over", |named| {
        named.name == "conclave-history.json was handed to the browser"
    });
    page.assert_no_console_errors();
}

#[test]
fn the_whole_run_is_more_than_what_is_in_sight() {
    let site = Site::release();
    let page = opened(&site, Look::default());
    for _ in 0..4 {
        page.press("Zoom in");
    }
    let (part, _) = saved(&page, "Causal log for ShiViz", "conclave-shiviz.log");
    page.pick(&page.find("combobox", "Of the diagram"), "the whole run");
    page.script("window.kept = {}");
    let (whole, _) = saved(&page, "Causal log for ShiViz", "conclave-shiviz.log");
    assert!(part.lines().count() < whole.lines().count(), "{part}");
    assert!(whole.lines().nth(2).is_some_and(|line| line.contains("asks for votes")), "{whole}");
    page.assert_no_console_errors();
}
