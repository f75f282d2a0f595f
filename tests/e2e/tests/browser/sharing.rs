//! The dialog in which a run is shared: links, files, tests, and lines for other people's pages.

use conclave_e2e::{Look, Page, Site};

fn opened(site: &Site, query: &str) -> Page {
    let page = Page::ready(&format!("{}?{query}", site.url()), Look::default());
    page.press("Share");
    page.find("textbox", "Lines to copy");
    page
}

fn value(page: &Page, selector: &str) -> String {
    page.script(&format!("return document.querySelector('{selector}').value"))
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn what_is_shared_is_this_moment() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    page.wait("a while of the run", || 5.0 < page.number("position"));
    page.press("Share");
    page.find("textbox", "A link to this moment");
    assert_eq!(page.fact("playing"), "false", "time stands still");
    let link = value(&page, ".linkfield");
    assert!(link.contains("?t="), "{link}");
    page.press("Close");
    page.wait("time to pass again", || page.fact("playing") == "true");
    page.assert_no_console_errors();
}

#[test]
fn the_lines_follow_the_choices_and_the_preview_shows_them() {
    let site = Site::release();
    let page = opened(&site, "nodes=3&autoplay=0");
    let choose = |name: &str, value: &str| {
        page.script(&format!(
            "const select = [...document.querySelectorAll('.embedrow select')].find((select) => select.labels[0].textContent.startsWith('{name}'));
             select.value = '{value}'; select.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        ));
    };
    assert!(value(&page, ".snippet").contains("<conclave-lab nodes=\"3\""));
    choose("Kind of page", "3");
    choose("ui", "min");
    choose("lang", "zh");
    page.wait("the lines of reveal.js", || value(&page, ".snippet").contains("data-src"));
    let lines = value(&page, ".snippet");
    assert!(lines.contains("ui=min") && lines.contains("lang=zh") && lines.contains("seed=41"), "{lines}");
    page.wait("the preview", || {
        page.script(
            "const inside = document.querySelector('.preview').contentDocument;
             return inside.documentElement.lang + inside.querySelectorAll('#app [data-node], #app').length",
        )
        .as_str()
        .is_some_and(|said| said.starts_with("zh"))
    });
    page.assert_no_console_errors();
}

#[test]
fn a_file_is_opened_by_dropping_it_and_a_wrong_one_says_why() {
    let site = Site::release();
    let page = Page::ready(&site.url(), Look::default());
    let drop = |text: &str| {
        page.script(&format!(
            "const data = new DataTransfer();
             data.items.add(new File([{}], 'story.json', {{ type: 'application/json' }}));
             document.body.dispatchEvent(new DragEvent('drop', {{ bubbles: true, cancelable: true, dataTransfer: data }}));",
            serde_json::json!(text)
        ))
    };
    drop(
        r#"{"format": 1, "protocol": "raft", "nodes": 4, "steps": [{"fire": {"node": 2, "timer": "election"}}, {"settle": true}]}"#,
    );
    page.wait("four nodes", || page.nodes().len() == 4);
    page.press("Step forward");
    page.wait("the first step", || page.number("position") == 1.0);
    drop(r#"{"format": 1, "protocol": "raft", "nodes": 99}"#);
    page.wait("what is wrong", || {
        let said = page.script("return document.querySelector('.standing-notice')?.textContent");
        said.as_str().is_some_and(|said| said.contains("story.json") && said.contains("/nodes"))
    });
    assert_eq!(page.nodes().len(), 4, "nothing was lost");
}

#[test]
fn a_test_of_the_run_expects_what_is_so() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?autoplay=0&nodes=3", site.url()), Look::default());
    page.script(
        "window.copied = []; Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied.push(text) } } })",
    );
    page.press_node(1);
    page.press("Share");
    page.press("Copy as test");
    page.wait("something to be copied", || page.script("return copied.length") == 1);
    let text = page.script("return copied[0]").as_str().unwrap_or_default().to_owned();
    let file: serde_json::Value = serde_json::from_str(&text).expect("a file");
    let steps = file["steps"].as_array().expect("steps");
    assert!(steps.iter().any(|step| step["crash"] == 1), "{text}");
    let down = |step: &serde_json::Value| step["expect"]["node"] == 1 && step["expect"]["up"] == false;
    assert!(steps.iter().any(down), "{text}");
    assert!(file["comment"].as_str().is_some_and(|told| told.contains("crash")), "{text}");
}
