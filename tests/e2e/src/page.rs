//! The page in a browser, as a reader meets it: things are found by role and name, clicked where they are drawn, and
//! waited for as long as a slow machine needs. It knows the names of the public interface, and nothing of the source.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::{Browser, Look, Named, NodeName};

/// Generous, because tests share a slow machine; what they wait for is a state, never a time.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);

/// Where an element would be clicked, and whether a click there reaches it.
const AIM: &str = "function () {
    const inside = (box) => box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
    if (!inside(this.getBoundingClientRect())) this.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = this.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const met = document.elementFromPoint(x, y);
    return { x, y, width: box.width, height: box.height, reached: this.contains(met), met: met ? met.outerHTML.slice(0, 200) : '' };
}";

/// A page that is shown.
pub struct Page {
    /// The browser it is shown in.
    pub browser: Browser,
}

impl Page {
    /// Opens `url` in a browser of its own.
    pub fn open(url: &str, look: Look) -> Self {
        let browser = Browser::start(look);
        browser.open(url);
        Self { browser }
    }

    /// Opens `url` and waits until the application has mounted itself.
    pub fn ready(url: &str, look: Look) -> Self {
        let page = Self::open(url, look);
        page.wait_until_ready();
        page
    }

    /// Waits until the application has mounted itself.
    pub fn wait_until_ready(&self) {
        self.wait("the page to be ready", || {
            self.script("return document.documentElement.dataset.ready") == "1"
        });
    }

    /// What a script in the page returns.
    pub fn script(&self, script: &str) -> Value {
        self.browser.script(script)
    }

    /// All that has a role and a name.
    pub fn named(&self) -> Vec<Named> {
        Named::all_of(&self.tree())
    }

    /// The thing of this role and name, waited for.
    pub fn find(&self, role: &str, name: &str) -> Named {
        self.find_where(&format!("{role} “{name}”"), |named| named.is(role, name))
    }

    /// The first thing that fits, waited for; `what` says what is waited for.
    pub fn find_where(&self, what: &str, fits: impl Fn(&Named) -> bool) -> Named {
        self.wait_for(what, || self.named().into_iter().find(&fits))
    }

    /// Whether a thing of this role and name is there now.
    pub fn has(&self, role: &str, name: &str) -> bool {
        self.named().iter().any(|named| named.is(role, name))
    }

    /// The buttons of the nodes on the stage, in the order in which Tab goes round.
    pub fn node_buttons(&self) -> Vec<(NodeName, Named)> {
        let buttons =
            Named::all_below(&self.tree(), "Cluster").into_iter().filter(|named| named.role == "button");
        buttons.filter_map(|named| Some((NodeName::parse(&named.name)?, named))).collect()
    }

    /// What the buttons of the nodes say.
    pub fn nodes(&self) -> Vec<NodeName> {
        self.node_buttons().into_iter().map(|(name, _)| name).collect()
    }

    /// Waits until some node fits.
    pub fn wait_for_node(&self, what: &str, fits: impl Fn(&NodeName) -> bool) -> NodeName {
        self.wait_for(what, || self.nodes().into_iter().find(&fits))
    }

    /// Clicks the button called exactly `name`.
    pub fn press(&self, name: &str) {
        self.click(&self.find("button", name));
    }

    /// Clicks the button of node `node`, whatever it says about its state.
    pub fn press_node(&self, node: u32) {
        let find = || self.node_buttons().into_iter().find(|(name, _)| name.node == node);
        let (_, button) = self.wait_for(&format!("the button of node {node}"), find);
        self.click(&button);
    }

    /// Clicks in the middle of a thing, as a pointer does, once nothing else is in the way there.
    pub fn click(&self, thing: &Named) {
        let mut last = Value::Null;
        let aim = self.attempt(|| {
            last = self.aim(thing);
            (last["reached"] == true).then(|| last.clone())
        });
        let Some(aim) = aim else {
            self.fail(&format!("a click on “{}” would meet {}", thing.name, last["met"]))
        };
        self.pointer("mouseMoved", &aim, "none");
        self.pointer("mousePressed", &aim, "left");
        self.pointer("mouseReleased", &aim, "left");
    }

    /// The width and height in which a thing can be hit, in CSS pixels.
    pub fn size(&self, thing: &Named) -> (f64, f64) {
        let aim = self.aim(thing);
        (aim["width"].as_f64().unwrap_or(0.0), aim["height"].as_f64().unwrap_or(0.0))
    }

    /// The width and height of what a finger hits to press a thing: its own box, or that of the label around it.
    pub fn target(&self, thing: &Named) -> (f64, f64) {
        let boxes = "function () {
            const box = (this.closest('label') ?? this).getBoundingClientRect();
            return [box.width, box.height];
        }";
        let told = self.call(thing, boxes);
        (told[0].as_f64().unwrap_or(0.0), told[1].as_f64().unwrap_or(0.0))
    }

    /// Whether the whole of a thing is seen without scrolling.
    pub fn is_in_view(&self, thing: &Named) -> bool {
        let inside = "function () {
            const box = this.getBoundingClientRect();
            return 0 <= box.top && 0 <= box.left && box.bottom <= innerHeight && box.right <= innerWidth;
        }";
        self.call(thing, inside) == true
    }

    /// One of the facts that the application tells tests: `data-NAME` of its root element.
    pub fn fact(&self, name: &str) -> String {
        let found =
            self.script(&format!("return document.getElementById('app').getAttribute('data-{name}')"));
        found.as_str().unwrap_or_default().to_owned()
    }

    /// A fact that is a number.
    pub fn number(&self, name: &str) -> f64 {
        let fact = self.fact(name);
        fact.parse().unwrap_or_else(|_| self.fail(&format!("data-{name} is “{fact}”, no number")))
    }

    /// An attribute `data-NAME` of the row of `node` in the log view, as a number.
    pub fn log_row(&self, node: u32, name: &str) -> u64 {
        let selector = format!("[data-log-node=\"{node}\"]");
        let found =
            self.script(&format!("return document.querySelector('{selector}')?.getAttribute('data-{name}')"));
        let number = found.as_str().and_then(|text| text.parse().ok());
        number.unwrap_or_else(|| self.fail(&format!("data-{name} of {selector} is {found}, no number")))
    }

    /// Waits until `held` holds.
    pub fn wait(&self, what: &str, held: impl Fn() -> bool) {
        self.wait_for(what, || held().then_some(()));
    }

    /// Waits until there is something.
    pub fn wait_for<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        self.attempt(look).unwrap_or_else(|| self.fail(&format!("waited in vain for {what}")))
    }

    /// Says that the console has shown no error, which no scene should leave behind.
    pub fn assert_no_console_errors(&self) {
        let errors = self.browser.console_errors();
        assert!(errors.is_empty(), "the console shows errors: {errors:#?}");
    }

    /// Saves a picture of what is seen as target/screenshots/NAME.png.
    pub fn save_picture(&self, name: &str) -> PathBuf {
        let folder = crate::root().join("target/screenshots");
        fs::create_dir_all(&folder).expect("a folder for pictures");
        let file = folder.join(format!("{name}.png"));
        fs::write(&file, self.browser.picture()).expect("a picture can be written");
        file
    }

    /// Ends the test with a picture of the page and what assistive technology would have found on it.
    pub fn fail(&self, why: &str) -> ! {
        let test = thread::current().name().unwrap_or("test").replace("::", "-");
        let picture = self.save_picture(&format!("failed-{test}"));
        let errors = self.browser.console_errors();
        let named: Vec<String> =
            self.named().iter().map(|named| format!("{} “{}”", named.role, named.name)).collect();
        panic!(
            "{why}\npicture: {}\nconsole: {errors:#?}\non the page:\n  {}",
            picture.display(),
            named.join("\n  ")
        );
    }

    pub(crate) fn tree(&self) -> Value {
        self.browser.devtools("Accessibility.getFullAXTree", json!({}))
    }

    fn attempt<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let started = Instant::now();
        loop {
            if let Some(found) = look() {
                return Some(found);
            }
            if PATIENCE < started.elapsed() {
                return None;
            }
            thread::sleep(PAUSE);
        }
    }

    /// Where a thing would be clicked, in CSS pixels from the upper left corner of what is seen.
    pub fn middle(&self, thing: &Named) -> (f64, f64) {
        let aim = self.aim(thing);
        (aim["x"].as_f64().unwrap_or(0.0), aim["y"].as_f64().unwrap_or(0.0))
    }

    fn aim(&self, thing: &Named) -> Value {
        self.call(thing, AIM)
    }

    /// What a function returns that is called with `thing` as `this`.
    pub fn call(&self, thing: &Named, function: &str) -> Value {
        let resolved = self.browser.devtools("DOM.resolveNode", json!({"backendNodeId": thing.element}));
        let call = json!({
            "objectId": resolved["object"]["objectId"],
            "functionDeclaration": function,
            "returnByValue": true,
        });
        self.browser.devtools("Runtime.callFunctionOn", call)["result"]["value"].clone()
    }

    fn pointer(&self, kind: &str, aim: &Value, button: &str) {
        let event = json!({"type": kind, "x": aim["x"], "y": aim["y"], "button": button, "clickCount": 1});
        self.browser.devtools("Input.dispatchMouseEvent", event);
    }
}
