//! Takes pictures of the page: `cargo run -p conclave-e2e --bin screenshots -- --help`. Without arguments, the set that
//! shows the first leader on a desktop and a phone, in light and dark.

use std::thread;
use std::time::Duration;

use conclave_e2e::{Look, Page, Site};

const HELP: &str = "\
Usage: screenshots [--query '?seed=7'] [--size 1280x800] [--dark] [--calm] [--zh] [--wait SECONDS]
                   [--click NAME]... [--script JS] [--name FILE] [--at URL] [--names]

Opens the site in dist/ (or --at URL, such as a running `cargo xtask serve`), waits until it is ready, waits, clicks
what is called NAME one after the other (a name may end in … to mean all that begins so; `wait N` pauses), prints what
the script returns, and saves target/screenshots/FILE.png. --names prints what assistive technology finds, --calm asks
for reduced motion. Without arguments it saves desktop-light, desktop-dark, phone-light and phone-dark.";

/// One picture to take.
struct Shot {
    at: Option<String>,
    query: String,
    look: Look,
    wait: f64,
    clicks: Vec<String>,
    script: Option<String>,
    name: String,
    prints_names: bool,
}

impl Default for Shot {
    fn default() -> Self {
        let (at, query, look, clicks, script) = (None, String::new(), Look::default(), Vec::new(), None);
        Self { at, query, look, wait: 3.0, clicks, script, name: "page".into(), prints_names: false }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        println!("{HELP}");
    } else if arguments.is_empty() {
        standard_set().iter().for_each(take);
    } else {
        take(&parsed(arguments.into_iter()));
    }
}

fn standard_set() -> Vec<Shot> {
    let shot = |name: &str, look| Shot { name: name.into(), look, ..Shot::default() };
    let dark = |look| Look { dark: true, ..look };
    vec![
        shot("desktop-light", Look::default()),
        shot("desktop-dark", dark(Look::default())),
        shot("phone-light", Look::phone()),
        shot("phone-dark", dark(Look::phone())),
    ]
}

fn parsed(mut arguments: impl Iterator<Item = String>) -> Shot {
    let mut shot = Shot::default();
    while let Some(flag) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| panic!("{flag} wants a value\n\n{HELP}"));
        match flag.as_str() {
            "--query" => shot.query = value(),
            "--size" => (shot.look.width, shot.look.height) = size(&value()),
            "--dark" => shot.look.dark = true,
            "--calm" => shot.look.calm = true,
            "--zh" => shot.look.language = "zh-CN",
            "--wait" => shot.wait = value().parse().expect("--wait wants seconds"),
            "--click" => shot.clicks.push(value()),
            "--script" => shot.script = Some(value()),
            "--name" => shot.name = value(),
            "--at" => shot.at = Some(value()),
            "--names" => shot.prints_names = true,
            _ => panic!("there is no flag {flag}\n\n{HELP}"),
        }
    }
    shot
}

fn size(text: &str) -> (u32, u32) {
    let (width, height) = text.split_once('x').expect("--size wants WIDTHxHEIGHT");
    (width.parse().expect("a width"), height.parse().expect("a height"))
}

fn take(shot: &Shot) {
    let url = shot.at.clone().unwrap_or_else(|| Site::release().url());
    let page = Page::ready(&format!("{url}{}", shot.query), shot.look);
    sleep(shot.wait);
    for name in &shot.clicks {
        click(&page, name);
    }
    if let Some(script) = &shot.script {
        println!("{}", page.script(script));
    }
    if shot.prints_names {
        page.named().iter().for_each(|named| println!("{:16} {}", named.role, named.name));
    }
    println!("{}", page.save_picture(&shot.name).display());
    page.browser.console_errors().iter().for_each(|error| eprintln!("console: {error}"));
}

fn click(page: &Page, name: &str) {
    if let Some(seconds) = name.strip_prefix("wait ").and_then(|seconds| seconds.parse().ok()) {
        return sleep(seconds);
    }
    let fits = |found: &str| name.strip_suffix('…').map_or(found == name, |start| found.starts_with(start));
    let is_text = |role: &str| matches!(role, "StaticText" | "InlineTextBox" | "heading" | "region");
    page.click(&page.find_where(&format!("“{name}”"), |named| !is_text(&named.role) && fits(&named.name)));
    sleep(0.3);
}

fn sleep(seconds: f64) {
    thread::sleep(Duration::from_secs_f64(seconds));
}
