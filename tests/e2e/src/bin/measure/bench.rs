//! A page that can be measured: the release site as it would be deployed, in a browser with no past, with the probe
//! inside. It is steered by the page's public messages.

use std::thread;
use std::time::Duration;

use conclave_e2e::{Browser, Look, Page, Site};
use serde_json::{Value, json};

const PROBE: &str = include_str!("probe.js");

/// A page on a bench.
pub struct Bench {
    /// The page.
    pub page: Page,
    site: Site,
}

impl Bench {
    /// A browser with the probe, and nothing shown in it yet. `around` is a page beside the site's.
    pub fn new(around: &str) -> Bench {
        let site = Site::measured(around);
        let browser = Browser::start(Look::default());
        browser.before_every_page(PROBE);
        Bench { page: Page { browser }, site }
    }

    /// The page at its address with these parameters, once it is ready.
    pub fn ready(query: &str) -> Bench {
        let bench = Bench::new("");
        bench.open(query);
        bench
    }

    /// Opens the page with these parameters and waits until it is ready.
    pub fn open(&self, query: &str) {
        self.page.browser.open(&format!("{}?{query}", self.site.url()));
        self.page.wait_until_ready();
    }

    /// Opens the page that stands beside the site's.
    pub fn open_beside(&self) {
        self.page.browser.open(&self.site.given());
    }

    /// What a promise comes to that the page makes.
    pub fn promised(&self, expression: &str) -> Value {
        self.page.browser.promised(expression)
    }

    /// The result of one of the page's methods.
    pub fn call(&self, method: &str, params: &Value) -> Value {
        self.promised(&format!("probe.call({}, {params})", json!(method)))
    }

    /// The state that the page tells, without its transcript, which grows with the history.
    pub fn state(&self) -> Value {
        self.call("getState", &json!({"transcript": false}))
    }
}

/// How many of a list.
pub fn count(list: &Value) -> usize {
    list.as_array().map_or(0, Vec::len)
}

/// A number, or none that could be mistaken for one.
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

/// Lets the page alone for so many seconds.
pub fn leave_alone(seconds: f64) {
    thread::sleep(Duration::from_secs_f64(seconds));
}
