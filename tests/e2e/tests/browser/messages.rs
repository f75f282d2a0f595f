//! The page in a frame, steered by the page around it: from the same host, from another one, and without an origin.

use conclave_e2e::{Look, Page, Site};
use serde_json::{Value, json};

/// A page that keeps all that it hears. Its frame is put in by the test.
const HOST: &str =
    "<!DOCTYPE html><meta charset='utf-8'><title>A course</title><link rel=icon href='data:,'><body style='margin:0'><script>
    window.heard = [];
    addEventListener('message', (event) => heard.push({ data: event.data, origin: event.origin }));
    window.ask = (message) => document.querySelector('iframe').contentWindow.postMessage(message, '*');
</script>";

/// A page around a page.
struct Framed {
    _sites: Vec<Site>,
    page: Page,
}

impl Framed {
    /// Frames the page at an address with these parameters.
    fn open(query: &str) -> Framed {
        let site = Site::beside(HOST);
        let inner = format!("{}?{query}", site.url());
        Framed::around(vec![site], &inner, "")
    }

    fn around(sites: Vec<Site>, inner: &str, attributes: &str) -> Framed {
        let page = Page::open(&sites[0].given(), Look::default());
        let frame = format!("<iframe title=lab width=900 height=700 {attributes} src='{inner}'></iframe>");
        page.script(&format!("document.body.insertAdjacentHTML('beforeend', {})", json!(frame)));
        let framed = Framed { _sites: sites, page };
        framed.event("ready", |_| true);
        framed
    }

    /// All that the framed page has said.
    fn heard(&self) -> Vec<Value> {
        let heard = self.page.script("return JSON.parse(JSON.stringify(heard.map((said) => said.data)))");
        heard.as_array().cloned().unwrap_or_default()
    }

    /// The first event of this name that fits, waited for.
    fn event(&self, name: &str, fits: impl Fn(&Value) -> bool) -> Value {
        self.page.wait_for(&format!("the event {name}"), || {
            self.heard().into_iter().find(|said| said["event"] == name && fits(said))
        })
    }

    /// Sends a message that a script makes, and waits for what answers to this id.
    fn answer_to(&self, id: &Value, message: &str) -> Value {
        self.page.script(&format!("ask({message})"));
        self.page.wait_for(&format!("an answer to {message}"), || {
            self.heard().into_iter().rev().find(|said| said.get("id") == Some(id))
        })
    }

    fn call(&self, method: &str, params: Value) -> Value {
        let id = json!(format!("{method}-{}", self.heard().len()));
        let message = json!({"type": "conclave", "v": 1, "id": id, "method": method, "params": params});
        self.answer_to(&id, &message.to_string())
    }

    /// What came of a call that works.
    fn result(&self, method: &str, params: Value) -> Value {
        let answer = self.call(method, params);
        assert!(answer["error"].is_null() && answer["type"] == "conclave" && answer["v"] == 1, "{answer}");
        answer["result"].clone()
    }

    /// What is said of a call that does not.
    fn error(&self, method: &str, params: Value) -> String {
        let answer = self.call(method, params);
        answer["error"].as_str().unwrap_or_else(|| panic!("no error: {answer}")).to_owned()
    }

    fn state(&self) -> Value {
        self.result("getState", json!({}))
    }
}

#[test]
fn a_framed_page_is_ready_and_tells_its_height() {
    let framed = Framed::open("autoplay=0");
    let ready = framed.event("ready", |_| true);
    assert_eq!(
        (&ready["type"], &ready["v"], &ready["protocol"]),
        (&json!("conclave"), &json!(1), &json!("raft"))
    );
    assert!(ready["version"].is_string() && ready["height"].as_f64() > Some(100.0), "{ready}");
    let before = ready["height"].as_f64();
    framed.page.script("document.querySelector('iframe').style.width = '360px'");
    let resized = framed.event("resize", |_| true);
    assert_ne!(resized["height"].as_f64(), before);
    framed.page.assert_no_console_errors();
}

#[test]
fn time_is_steered_from_outside() {
    let framed = Framed::open("autoplay=0");
    let stepped = framed.result("step", json!({}));
    assert_eq!(
        (&stepped["position"], &stepped["length"], &stepped["playing"]),
        (&json!(1), &json!(1), &json!(false))
    );
    assert_eq!(framed.result("back", json!({}))["position"], 0);

    let far = framed.result("seek", json!({"ms": 2000.5}));
    assert_eq!(far["now_ms"], 2000.5);
    let length = far["length"].as_u64().expect("a length");
    assert!(10 < length && far["position"] == far["length"], "{far}");
    let state = framed.state();
    assert_eq!(state["leaders"].as_array().map(Vec::len), Some(1));
    assert_eq!(framed.result("seek", json!({"index": 3}))["position"], 3);
    assert_eq!(framed.result("seek", json!({"ms": 2000.5}))["length"], length, "the past is not run again");
    assert_eq!(framed.state()["digest"], state["digest"]);
    assert!(framed.error("seek", json!({"index": length + 1})).contains(&format!("at most {length}")));

    assert_eq!(framed.result("speed", json!({"value": 4}))["speed"], 5.0);
    assert_eq!(framed.result("play", json!({}))["playing"], true);
    framed.event("state", |said| said["playing"] == true && said["speed"] == 5.0);
    framed.page.wait("time to pass", || framed.state()["length"].as_u64() > Some(length));
    assert_eq!(framed.result("pause", json!({}))["playing"], false);
    framed.event("state", |said| said["playing"] == false && said["position"].as_u64() > Some(length));

    let reset = framed.result("reset", json!({}));
    assert_eq!((&reset["position"], &reset["length"]), (&json!(0), &json!(0)));
    framed.page.assert_no_console_errors();
}

#[test]
fn a_playing_page_does_not_tell_its_state_in_every_frame() {
    let framed = Framed::open("speed=10");
    framed.event("note", |said| said["landmark"] == true);
    let states = framed.heard().iter().filter(|said| said["event"] == "state").count();
    assert!(states <= 1, "{states}");
}

#[test]
fn steps_of_scenario_files_act() {
    let framed = Framed::open("nodes=3&autoplay=0");
    framed.result("act", json!({"fire": {"node": 1, "timer": "election"}}));
    let settled = framed.result("act", json!({"settle": true, "show": ["leaders"]}));
    assert_eq!(settled["leaders"], json!([1]));
    assert!(settled["transcript"].as_array().is_some_and(|lines| 3 < lines.len()), "{settled}");
    assert_eq!(framed.result("act", json!({"expect": {"node": 1, "role": "leader"}}))["failed"], json!([]));
    let failed = framed.result("act", json!({"expect": {"node": 2, "role": "leader"}}));
    assert_eq!(failed["failed"][0]["got"]["role"], "follower");

    let note = framed.event("note", |said| said["key"] == "WON");
    assert_eq!((&note["nodes"], &note["landmark"]), (&json!([1]), &json!(true)));
    assert!(note["cite"].as_str().is_some_and(|cite| cite.contains('§')), "{note}");

    let before = framed.state();
    for (step, part) in [
        (json!({"crash": 9}), "/params/crash: must be a node, from 1 to 3"),
        (json!({"fly": 1}), "/params/fly: unknown field"),
        (json!({"deliver": {"id": 999}}), "no packet in flight matches"),
        (json!({"run": 86_400_000}), "more than 100000 actions"),
        (json!({}), "a step needs one of"),
    ] {
        let said = framed.error("act", step);
        assert!(said.contains(part), "{said}");
        assert_eq!(framed.state(), before);
    }
    framed.page.assert_no_console_errors();
}

#[test]
fn a_scenario_is_loaded_and_its_violation_told() {
    let framed = Framed::open("autoplay=0");
    let loaded = framed.result("load", json!({"scenario": "r3-ignores-log"}));
    assert_eq!(
        (&loaded["position"], &loaded["playing"], &loaded["failed"]),
        (&json!(0), &json!(false), &json!([]))
    );
    framed.result("speed", json!({"value": 10}));
    framed.result("play", json!({}));
    let violation = framed.event("violation", |_| true);
    assert_eq!((&violation["id"], &violation["type"]), (&json!("R4"), &json!("conclave")));
    let state = framed.state();
    assert_eq!(state["violations"].as_array().map(Vec::len), Some(1));
    for (name, value) in state["violations"][0].as_object().expect("an object") {
        assert_eq!(violation.get(name), Some(value), "{name}");
    }
    framed.page.wait("time to stop", || framed.state()["playing"] == false);
    framed.page.assert_no_console_errors();
}

#[test]
fn a_file_is_loaded_or_refused_as_a_whole() {
    let framed = Framed::open("autoplay=0");
    let file = json!({
        "format": 1, "protocol": "raft", "nodes": 3, "seed": 42, "options": {"election_ms": [100, 200]},
        "steps": [
            {"fire": {"node": 1, "timer": "election"}}, {"settle": true},
            {"request": {"node": 1, "command": "x=1"}}, {"run": 500},
            {"expect": {"node": 1, "role": "leader", "commit": 1}}, {"expect": {"node": 2, "role": "leader"}}
        ]
    });
    let loaded = framed.result("load", json!({"file": file}));
    assert_eq!(loaded["failed"][0]["step"], 5);
    let length = loaded["length"].as_u64().expect("a length");
    framed.result("seek", json!({"index": length}));
    let state = framed.state();
    assert_eq!(state["nodes"][0]["commit"], 1);
    assert_eq!(state["nodes"].as_array().map(Vec::len), Some(3));
    assert_eq!(state["failed"], loaded["failed"]);

    let mut stuck = file.clone();
    stuck["steps"][1] = json!({"deliver": {"id": 77}});
    assert!(framed.error("load", json!({"file": stuck})).starts_with("/params/file/steps/1: no packet"));
    assert!(framed.error("load", json!({"hash": "#v1:x"})).contains("/params/hash"));
    assert!(framed.error("load", json!({"scenario": "nowhere"})).contains("ra1-replication"));
    assert_eq!(framed.state(), state);
    framed.page.assert_no_console_errors();
}

#[test]
fn clusters_of_every_size_follow_each_other() {
    let framed = Framed::open("autoplay=0");
    for nodes in [9, 1, 2, 7, 3] {
        let file = json!({"format": 1, "protocol": "raft", "nodes": nodes, "steps": [{"run": 1000}]});
        let length = framed.result("load", json!({"file": file}))["length"].clone();
        framed.result("seek", json!({"index": length}));
        assert_eq!(framed.state()["leaders"].as_array().map(Vec::len), Some(1), "{nodes} nodes");
        framed.result("play", json!({}));
        framed.page.wait("time to pass", || framed.state()["length"].as_u64() > length.as_u64());
    }
    framed.page.assert_no_console_errors();
}

#[test]
fn the_state_is_what_the_runner_prints() {
    let framed = Framed::open("scenario=ra3-failover");
    let length = framed.state()["length"].as_u64().expect("a length");
    framed.result("seek", json!({"index": length}));
    let state = framed.state();
    for name in [
        "digest",
        "now_ms",
        "protocol",
        "leaders",
        "nodes",
        "clients",
        "packets",
        "links",
        "decided",
        "violations",
        "failed",
        "transcript",
        "position",
        "length",
        "playing",
        "speed",
    ] {
        assert!(state.get(name).is_some(), "{name}");
    }
    assert!(state["transcript"].as_array().is_some_and(|lines| 20 < lines.len()));
    assert!(framed.result("getState", json!({"transcript": false})).get("transcript").is_none());
}

#[test]
fn a_link_leads_back() {
    let framed = Framed::open("autoplay=0&nodes=3&seed=9&ui=play");
    let begun = framed.result("getLink", json!({}));
    assert!(
        begun["url"].as_str().is_some_and(|url| url.ends_with("?nodes=3&seed=9&autoplay=0&ui=play")),
        "{begun}"
    );
    framed.result("seek", json!({"ms": 700}));
    framed.result("setLang", json!({"lang": "zh"}));
    let digest = framed.state()["digest"].clone();
    let link = framed.result("getLink", json!({}));
    assert_eq!(link["exact"], true);
    let url = link["url"].as_str().expect("a text");
    assert!(url.ends_with("?nodes=3&seed=9&t=700&ui=play&lang=zh"), "{url}");
    framed.result("act", json!({"crash": 1}));
    let there = Page::ready(url, Look::default());
    assert_eq!(json!(there.fact("digest")), digest);

    let crashed = framed.state()["digest"].clone();
    let steered = framed.result("getLink", json!({}));
    assert_eq!(steered["exact"], true);
    let (_, hash) = steered["url"].as_str().and_then(|url| url.split_once('#')).expect("a run behind the #");
    framed.result("load", json!({"scenario": "ra3-failover"}));
    framed.result("load", json!({"hash": hash}));
    assert_eq!(framed.state()["digest"], crashed);
}

#[test]
fn theme_and_language_are_the_hosts() {
    let framed = Framed::open("autoplay=0");
    framed.result("setTheme", json!({"theme": "dark"}));
    framed.result("setLang", json!({"lang": "zh"}));
    framed.result("act", json!({"crash": 1}));
    framed.event("note", |said| said["text"].as_str().is_some_and(|text| text.contains("崩溃")));
    let inner = "const root = document.querySelector('iframe').contentDocument.documentElement; return root.lang + ' ' + root.dataset.theme";
    framed.page.wait("the frame to be dark and Chinese", || framed.page.script(inner) == "zh dark");
}

#[test]
fn malformed_messages_are_refused_and_change_nothing() {
    let framed = Framed::open("autoplay=0");
    framed.result("seek", json!({"ms": 500}));
    let before = framed.state();
    for (id, message, part) in [
        ("1", "{type: 'conclave', v: 1, id: 1}", "\"method\" is missing"),
        ("2", "{type: 'conclave', v: 2, id: 2, method: 'play'}", "/v: must be 1, not 2"),
        ("3", "{type: 'conclave', id: 3, method: 'play'}", "\"v\" is missing"),
        ("4", "{type: 'conclave', v: 1, id: 4, method: 'fly'}", "/method: there is no method"),
        ("5", "{type: 'conclave', v: 1, id: 5, method: ['play']}", "/method: must be a text"),
        (
            "6",
            "{type: 'conclave', v: 1, id: 6, method: 'seek', params: {ms: NaN}}",
            "/params/ms: must be a number",
        ),
        ("7", "{type: 'conclave', v: 1, id: 7, method: 'speed', params: {value: Infinity}}", "/params/value"),
        ("8", "{type: 'conclave', v: 1, id: 8, method: 'act', params: {crash: '1'}}", "/params/crash"),
        (
            "9",
            "{type: 'conclave', v: 1, id: 9, method: 'load', params: {file: new Map()}}",
            "\"format\" is missing",
        ),
    ] {
        let answer = framed.answer_to(&serde_json::from_str(id).expect("a number"), message);
        assert!(answer["error"].as_str().is_some_and(|said| said.contains(part)), "{message}: {answer}");
    }
    assert_eq!(framed.state(), before);
    framed.page.assert_no_console_errors();
}

#[test]
fn what_cannot_be_read_at_all_is_told_as_an_error() {
    let framed = Framed::open("autoplay=0");
    let before = framed.state();
    for (message, part) in [
        (
            "(() => { const me = {type: 'conclave', v: 1, id: 1, method: 'act'}; me.params = me; return me })()",
            "without cycles",
        ),
        ("{type: 'conclave', v: 1, id: 2, method: 'seek', params: {ms: 1n}}", "big integers"),
        ("{type: 'conclave', v: 1, id: 'x'.repeat(5_000_000), method: 'play'}", "at most 4194304 characters"),
        (
            "{type: 'conclave', v: 1, id: 3, method: 'act', params: new Array(4e9)}",
            "at most 4194304 characters",
        ),
        (
            "(() => { let deep = {}; for (let i = 0; i < 500; i++) deep = {deep}; return {type: 'conclave', v: 1, params: deep} })()",
            "recursion limit",
        ),
        ("{type: 'conclave', v: 1, id: {}, method: 'play'}", "/id: must be a number"),
    ] {
        framed.page.script("heard.length = 0");
        framed.page.script(&format!("ask({message})"));
        let said = framed.event("error", |_| true);
        assert!(said["error"].as_str().is_some_and(|said| said.contains(part)), "{message}: {said}");
    }
    assert_eq!(framed.state(), before);
    framed.page.assert_no_console_errors();
}

#[test]
fn what_is_not_meant_for_the_page_is_not_answered() {
    let framed = Framed::open("autoplay=0");
    framed.page.script("heard.length = 0");
    for message in [
        "null",
        "7",
        "'play'",
        "[]",
        "{}",
        "{context: 'h5p'}",
        "{type: 'other', v: 1, method: 'play'}",
        "undefined",
    ] {
        framed.page.script(&format!("ask({message})"));
    }
    // Messages arrive in order: after this answer, those before it would have had theirs.
    let state = framed.state();
    assert_eq!(state["playing"], false);
    assert_eq!(framed.heard().len(), 1, "{:?}", framed.heard());
}

#[test]
fn another_window_is_not_heard() {
    let framed = Framed::open("autoplay=0");
    // A window beside the frame, of the same origin, with the same access.
    framed.page.script(
        "const other = document.createElement('iframe'); other.id = 'other'; other.srcdoc = '<p>another</p>';
         document.body.append(other); window.lab = document.querySelector('iframe').contentWindow",
    );
    framed.page.wait("the other window", || {
        framed
            .page
            .script("return document.querySelector('#other').contentDocument.querySelector('p') != null")
            == true
    });
    framed.page.script(
        "document.querySelector('#other').contentWindow.eval(
           `window.heard = []; addEventListener('message', (event) => heard.push(event.data));
            parent.lab.postMessage({type: 'conclave', v: 1, id: 'x', method: 'play'}, '*')`)",
    );
    // The frame hears its parent later than the other window.
    framed.page.wait("the frame to answer its parent", || framed.state()["playing"] == false);
    assert_eq!(framed.page.script("return document.querySelector('#other').contentWindow.heard.length"), 0);
    assert!(framed.heard().iter().all(|said| said["id"] != "x"));
    // And the page itself is not its own parent where it is framed.
    framed.page.script("lab.eval(`postMessage({type: 'conclave', v: 1, id: 'y', method: 'play'}, '*')`)");
    assert_eq!(framed.state()["playing"], false);
    assert!(framed.heard().iter().all(|said| said["id"] != "y"));
}

#[test]
fn a_page_of_another_host_steers_it() {
    let (host, lab) = (Site::beside(HOST), Site::release());
    let inner = format!("{}?autoplay=0", lab.url());
    let framed = Framed::around(vec![host, lab], &inner, "");
    assert_eq!(framed.result("step", json!({}))["position"], 1);
    let origin = framed.page.script("return heard.at(-1).origin");
    assert!(inner.starts_with(origin.as_str().expect("a text")), "{origin}");
    framed.page.assert_no_console_errors();
}

#[test]
fn it_works_in_a_frame_without_an_origin() {
    let site = Site::beside(HOST);
    let inner = format!("{}?autoplay=0&theme=dark", site.url());
    let framed = Framed::around(vec![site], &inner, "sandbox='allow-scripts'");
    assert_eq!(framed.page.script("return heard[0].origin"), "null");
    framed.result("setTheme", json!({"theme": "light"}));
    framed.result("seek", json!({"ms": 1000}));
    assert_eq!(framed.state()["leaders"].as_array().map(Vec::len), Some(1));
    let link = framed.result("getLink", json!({}));
    assert!(link["url"].as_str().is_some_and(|url| url.ends_with("?t=1000&theme=light")), "{link}");
    framed.page.assert_no_console_errors();
}

#[test]
fn it_answers_a_host_without_an_origin() {
    let site = Site::beside(HOST);
    let lab = format!("{}?autoplay=0", site.url());
    // The host itself is sandboxed, so its messages come from an origin that cannot be named.
    let page = Page::open(&site.given(), Look::default());
    let inner = format!(
        "<script>addEventListener('message', (event) => {{
            if (event.data.event === 'ready') event.source.postMessage({{type: 'conclave', v: 1, id: 5, method: 'step'}}, '*');
            if (event.data.id === 5) parent.postMessage(event.data, '*');
        }})</script><iframe title=lab src='{lab}'></iframe>"
    );
    let frame = format!(
        "const host = document.createElement('iframe'); host.sandbox = 'allow-scripts'; host.srcdoc = {}; document.body.append(host)",
        json!(inner)
    );
    page.script(&frame);
    page.wait("the answer", || {
        page.script("return heard.some((said) => said.data.id === 5 && said.data.result.position === 1)")
            == true
    });
}

#[test]
fn a_page_that_nothing_frames_hears_itself() {
    let site = Site::release();
    let page = Page::ready(&format!("{}?autoplay=0", site.url()), Look::default());
    page.script(
        "window.heard = []; addEventListener('message', (event) => heard.push(event.data));
         postMessage({type: 'conclave', v: 1, id: 'a', method: 'step'}, '*');
         postMessage({type: 'conclave', v: 1, id: 'b', method: 'fly'}, '*');
         postMessage({type: 'conclave', v: 1, method: 'fly'}, '*')",
    );
    page.wait("an answer and an error", || {
        page.script(
            "return heard.some((said) => said.id === 'a' && said.result?.position === 1)
               && heard.some((said) => said.id === 'b' && said.error) && heard.some((said) => said.event === 'error')",
        ) == true
    });
    // Its answers are messages to itself, which nobody must answer.
    page.script("window.frames10 = 0; requestAnimationFrame(function next() { if (++frames10 < 10) requestAnimationFrame(next) })");
    page.wait("ten frames", || page.script("return frames10 === 10") == true);
    let count =
        page.script("return heard.filter((said) => said.id !== undefined || said.event === 'error').length");
    assert!(count.as_u64() <= Some(5), "{count}");
    page.assert_no_console_errors();
}
