//! A headless Chromium and the driver that steers it, from the machine's own packages. It knows how to show a page in
//! a given size, theme and language, not what is on the page.

use std::env;
use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::common::log::LoggingPrefsLogLevel;
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, WebDriver};
use tokio::runtime::Runtime;

/// No request may leave the machine, neither the page's nor the browser's own.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
];

/// How often a driver is started before it is given up.
const STARTS: u32 = 5;

/// How the page is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Width in CSS pixels.
    pub width: u32,
    /// Height in CSS pixels.
    pub height: u32,
    /// Whether the reader's system is dark.
    pub dark: bool,
    /// Whether the reader's system asks for less motion.
    pub calm: bool,
    /// Whether the reader points with a finger.
    pub touch: bool,
    /// The reader's language.
    pub language: &'static str,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 1280, height: 800, dark: false, calm: false, touch: false, language: "en-US" }
    }
}

impl Look {
    /// The narrowest phone that the page promises to work on.
    pub fn phone() -> Self {
        Self { width: 360, height: 740, ..Self::default() }
    }
}

/// A browser with one page. Closes when dropped, also by a failed test.
pub struct Browser {
    runtime: Runtime,
    session: Option<WebDriver>,
    driver: Child,
}

impl Browser {
    /// Starts a browser of its own, with no past.
    pub fn start(look: Look) -> Self {
        let (driver, port) = start_driver();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut browser = Self { runtime, session: None, driver };
        let address = format!("http://127.0.0.1:{port}");
        let session = browser.wait(WebDriver::new(address, capabilities(look)));
        browser.session = Some(session.expect("a session with the browser"));
        browser.show(look);
        browser
    }

    /// Sets size, theme and motion from now on.
    pub fn show(&self, look: Look) {
        let size =
            json!({"width": look.width, "height": look.height, "deviceScaleFactor": 1, "mobile": look.touch});
        self.devtools("Emulation.setDeviceMetricsOverride", size);
        let touch = json!({"enabled": look.touch, "maxTouchPoints": 5});
        self.devtools("Emulation.setTouchEmulationEnabled", touch);
        let scheme = if look.dark { "dark" } else { "light" };
        let motion = if look.calm { "reduce" } else { "no-preference" };
        let features = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": motion},
        ]});
        self.devtools("Emulation.setEmulatedMedia", features);
    }

    /// Opens an address and waits until its document is there, though not what its scripts make of it.
    pub fn open(&self, url: &str) {
        self.wait(self.session().goto(url)).expect("the address opens");
    }

    /// Loads the same address again.
    pub fn reload(&self) {
        self.wait(self.session().refresh()).expect("the page reloads");
    }

    /// What a script in the page returns.
    pub fn script(&self, script: &str) -> Value {
        let returned = self.wait(self.session().execute(script, Vec::new()));
        returned.expect("the script runs").json().clone()
    }

    /// One command of the browser's developer tools.
    pub fn devtools(&self, method: &str, parameters: Value) -> Value {
        let answer = self.wait(self.session().cdp().send_raw(method, parameters));
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Runs a script in every page and frame from now on, before any script of its own.
    pub fn before_every_page(&self, script: &str) {
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": script}));
    }

    /// What a promise comes to that a script in the page makes.
    pub fn promised(&self, expression: &str) -> Value {
        let evaluate = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.devtools("Runtime.evaluate", evaluate);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Puts the window away while something is done, so that nobody can see the page.
    pub fn put_away<T>(&self, done: impl FnOnce() -> T) -> T {
        self.wait(self.session().minimize_window()).expect("the window is put away");
        let came = done();
        self.wait(self.session().maximize_window()).expect("the window is back");
        came
    }

    /// A picture of what is seen.
    pub fn picture(&self) -> Vec<u8> {
        self.wait(self.session().screenshot_as_png()).expect("a picture")
    }

    /// The errors that the console has shown since the last call.
    pub fn console_errors(&self) -> Vec<String> {
        let entries = self.wait(self.session().browser_log()).unwrap_or_default();
        let errors = entries.into_iter().filter(|entry| entry.level == "SEVERE");
        errors.map(|entry| entry.message).collect()
    }

    fn session(&self) -> &WebDriver {
        self.session.as_ref().expect("the session is open until the browser is dropped")
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closing the session closes the browser; the driver alone would leave it behind.
        if let Some(session) = self.session.take() {
            let closed = self
                .runtime
                .block_on(async { tokio::time::timeout(Duration::from_secs(10), session.quit()).await });
            drop(closed);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn capabilities(look: Look) -> ChromeCapabilities {
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in FLAGS {
        capabilities.add_arg(flag).expect("a flag");
    }
    capabilities.add_arg(&format!("--accept-lang={}", look.language)).expect("a flag");
    if let Some(chromium) = chromium() {
        capabilities.set_binary(&chromium.to_string_lossy()).expect("a path");
    }
    capabilities.set_logging_prefs("browser", LoggingPrefsLogLevel::All).expect("a level");
    capabilities
}

/// Starts the driver on a port of its own choice and reads which. It chooses without asking, so that two that start at
/// once may choose the same: then one of them ends, and another is started.
fn start_driver() -> (Child, u16) {
    let started = (0..STARTS).find_map(|_| {
        let mut driver = spawn_driver();
        let lines = BufReader::new(driver.stdout.take().expect("piped")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| port_in(&line));
        if port.is_none() {
            let _ = driver.wait();
        }
        port.map(|port| (driver, port))
    });
    started.expect("chromedriver says on which port it listens")
}

fn spawn_driver() -> Child {
    let program = env::var_os("CHROMEDRIVER").unwrap_or_else(|| "chromedriver".into());
    Command::new(program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("chromedriver must be installed; `cargo xtask setup` does so or says how")
}

/// Reads "ChromeDriver was started successfully on port 35711."
fn port_in(line: &str) -> Option<u16> {
    line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

/// The browser that is named, else the one the distribution calls chromium, else what the driver finds.
fn chromium() -> Option<PathBuf> {
    let named = env::var_os("CHROMIUM").map(PathBuf::from);
    named.or_else(|| Some(PathBuf::from("/usr/bin/chromium"))).filter(|path| path.is_file())
}
