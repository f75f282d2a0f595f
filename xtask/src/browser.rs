//! The browser that tests run in, and its driver: finds them, installs them where the machine allows it, else says in
//! one sentence what to install. Knows nothing about the tests.

use std::env;
use std::path::PathBuf;

use crate::Trouble;
use crate::command::{find, output, program, run};

/// A Chromium and the driver that fits it.
pub struct Browser {
    /// The browser itself.
    pub chromium: PathBuf,
    /// Its WebDriver server.
    pub driver: PathBuf,
}

const CHROMIUM: &[&str] =
    &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const CHROMIUM_ELSEWHERE: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const DRIVER: &[&str] = &["chromedriver"];
const DRIVER_ELSEWHERE: &[&str] = &[
    "/usr/lib/chromium/chromedriver",
    "/usr/lib/chromium-browser/chromedriver",
    "/snap/bin/chromium.chromedriver",
];

/// The browser of this machine; installed from the distribution's packages where that needs no question.
pub fn find_or_install() -> Result<Browser, Trouble> {
    if let Some(browser) = found() {
        return Ok(browser);
    }
    if !(is_root() && find("apt-get").is_some()) {
        return Err(advice());
    }
    println!(
        "installing chromium and chromium-driver from the distribution's packages (about 1 minute, once)"
    );
    apt_get(&["update", "--quiet", "--quiet"])?;
    apt_get(&[
        "install",
        "--yes",
        "--quiet",
        "--quiet",
        "--no-install-recommends",
        "chromium",
        "chromium-driver",
    ])?;
    found().ok_or_else(advice)
}

fn found() -> Option<Browser> {
    let chromium = named_or_found("CHROMIUM", CHROMIUM, CHROMIUM_ELSEWHERE)?;
    let driver = named_or_found("CHROMEDRIVER", DRIVER, DRIVER_ELSEWHERE)?;
    Some(Browser { chromium, driver })
}

/// What the environment names, else the first on the path, else the first at a place known for it.
fn named_or_found(variable: &str, names: &[&str], elsewhere: &[&str]) -> Option<PathBuf> {
    let named = env::var_os(variable).map(PathBuf::from).filter(|path| path.is_file());
    named
        .or_else(|| names.iter().find_map(|name| find(name)))
        .or_else(|| elsewhere.iter().map(PathBuf::from).find(|path| path.is_file()))
}

fn apt_get(arguments: &[&str]) -> Result<(), Trouble> {
    let mut apt_get = program("apt-get");
    apt_get.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    run(apt_get, "install the browser")
}

fn is_root() -> bool {
    let mut question = program("id");
    question.arg("-u");
    output(question).as_deref() == Some("0")
}

/// One sentence for the machine at hand.
fn advice() -> Trouble {
    let how = [
        ("apt-get", "sudo apt-get install chromium chromium-driver"),
        ("dnf", "sudo dnf install chromium chromedriver"),
        ("pacman", "sudo pacman -S chromium"),
        ("zypper", "sudo zypper install chromium chromedriver"),
        ("apk", "sudo apk add chromium chromium-chromedriver"),
        ("brew", "brew install --cask google-chrome chromedriver"),
    ]
    .into_iter()
    .find(|(manager, _)| find(manager).is_some())
    .map_or("https://googlechromelabs.github.io/chrome-for-testing/ has both", |(_, command)| command);
    format!("The browser tests need Chromium (or Chrome) and chromedriver; install them with: {how}")
}
