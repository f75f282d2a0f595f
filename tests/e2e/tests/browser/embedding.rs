//! The example of a course page, with the element: two clusters, messages both ways, height, theme and language.

use conclave_e2e::{Look, Page, Site};
use serde_json::{Value, json};

fn example(site: &Site) -> Page {
    let page = Page::open(&format!("{}embedding-example.html", site.url()), Look::default());
    page.wait("both to be ready", || {
        // The second is out of sight at first, and loads when it comes into view.
        page.script("document.getElementById('figure').scrollIntoView(); document.getElementById('free').scrollIntoView()");
        let ready = told(&page).into_iter().filter(|line| line.ends_with(": ready")).count();
        ready == 2
    });
    page
}

fn told(page: &Page) -> Vec<String> {
    let lines =
        page.script("return [...document.querySelectorAll('#told li')].map((line) => line.textContent)");
    lines.as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
}

/// What a script finds inside the frame of an element.
fn inside(page: &Page, id: &str, script: &str) -> Value {
    page.script(&format!(
        "const inside = document.getElementById('{id}').shadowRoot.querySelector('iframe').contentDocument; {script}"
    ))
}

#[test]
fn a_course_page_holds_two_clusters_and_steers_one() {
    let page = example(&Site::release());
    page.wait("a leader", || told(&page).iter().any(|line| line.contains("leads term")));
    page.press("Crash the leader");
    page.wait("the crash to be told", || {
        told(&page).iter().any(|line| line.starts_with("Three Raft servers") && line.contains("crash"))
    });
    let asked = "return document.getElementById('figure').getState({ transcript: false }).then((state) => state.position)";
    assert_eq!(page.script(asked), json!(0), "the other one is left alone");
    page.assert_no_console_errors();
}

#[test]
fn the_frame_is_as_high_as_its_content_and_looks_like_the_page_around() {
    let page = example(&Site::release());
    page.wait("the height of the content", || {
        let heights = "const frame = document.getElementById('free').shadowRoot.querySelector('iframe');
            return Math.abs(frame.clientHeight - frame.contentDocument.getElementById('app').getBoundingClientRect().height) < 2";
        page.script(heights) == true
    });
    let theme = "return inside.documentElement.dataset.theme";
    page.wait("the light theme of the page", || inside(&page, "free", theme) == "light");
    page.press("Light or dark");
    for id in ["free", "figure"] {
        page.wait("the dark theme of the page", || inside(&page, id, theme) == "dark");
    }
    page.press("中文");
    page.wait("Chinese", || inside(&page, "figure", "return inside.documentElement.lang") == "zh");
}

#[test]
fn hosts_hear_the_height_in_their_own_dialects_and_slides_start_and_stop_time() {
    let host =
        "<!DOCTYPE html><meta charset='utf-8'><title>Slides</title><link rel=icon href='data:,'><script>
        window.heard = []; addEventListener('message', ({ data }) => heard.push(data));</script>
        <iframe title=lab width=900 height=500 src='./?embed=1&ui=min'></iframe>";
    let site = Site::beside(host);
    let page = Page::open(&site.given(), Look::default());
    let heard = |field: &str, value: &str| {
        page.script(&format!("return heard.some((said) => said['{field}'] === '{value}' )")) == true
    };
    page.wait("the page", || heard("event", "ready"));
    page.wait("Embedly's dialect", || heard("context", "iframe.resize"));
    page.wait("Canvas's dialect", || heard("subject", "lti.frameResize"));
    page.wait("H5P's greeting", || heard("action", "hello"));
    let say = |what: &str| page.script(&format!("frames[0].postMessage({what}, '*')"));
    say("{context: 'h5p', action: 'resizePrepared'}");
    page.wait("H5P's last word", || heard("action", "resize"));

    let playing = "return frames[0].document.getElementById('app').dataset.playing";
    say("'slide:stop'");
    page.wait("time to stand still", || page.script(playing) == "false");
    say("'slide:start'");
    page.wait("time to pass", || page.script(playing) == "true");
    page.assert_no_console_errors();
}

#[test]
fn a_sandboxed_element_works_without_an_origin() {
    let host = "<!DOCTYPE html><meta charset='utf-8'><title>Strict</title><link rel=icon href='data:,'>
        <script type=module src='./embed.js'></script>
        <conclave-lab sandbox nodes=3 autoplay=0 ui=play></conclave-lab>";
    let site = Site::beside(host);
    let page = Page::open(&site.given(), Look::default());
    let state =
        "return document.querySelector('conclave-lab').act({ crash: 2 }).then((said) => said.position)";
    page.wait("the element", || page.script("return !!customElements.get('conclave-lab')") == true);
    assert_eq!(page.script(state), json!(1));
}
