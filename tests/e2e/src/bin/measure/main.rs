//! Measures the release page in a real browser and prints a table: `cargo xtask measure`, which builds the page first.
//! It asserts nothing: how fast the machine is, and what else it does, is not the page's doing.
//!
//! Reading order: [`bench`] (a page that can be measured), then what is measured: [`loading`], [`frames`], [`engine`],
//! [`rest`]; [`report`] is how it is printed.

mod bench;
mod engine;
mod frames;
mod loading;
mod report;
mod rest;

use report::Row;

const HELP: &str = "\
Usage: cargo xtask measure [--json] [--runs N] [--only PART]...

Measures the optimised page in headless Chromium: bytes and time to the first leader (loading), script in an animation
frame (frames), actions a second and memory (engine), animation frames asked for while nothing is to be seen (rest).
Times are the best of N runs, 3 unless said otherwise. --json prints every number; --only measures these parts alone.";

/// A part: its name, and what measures it in so many runs.
type Part = (&'static str, fn(u32) -> Vec<Row>);

const PARTS: [Part; 4] = [
    ("loading", loading::measure),
    ("frames", frames::measure),
    ("engine", engine::measure),
    ("rest", rest::measure),
];

/// What is asked for.
struct Wanted {
    json: bool,
    runs: u32,
    only: Vec<String>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        return println!("{HELP}");
    }
    let wanted = parsed(arguments.into_iter());
    let is_wanted = |name: &str| wanted.only.is_empty() || wanted.only.iter().any(|only| only == name);
    let mut rows = Vec::new();
    for (name, measure) in PARTS.into_iter().filter(|(name, _)| is_wanted(name)) {
        eprintln!("measuring: {name}");
        rows.extend(measure(wanted.runs));
    }
    if wanted.json {
        println!("{:#}", report::json(&rows));
    } else {
        print!("{}", report::table(&rows));
    }
}

fn parsed(mut arguments: impl Iterator<Item = String>) -> Wanted {
    let mut wanted = Wanted { json: false, runs: 3, only: Vec::new() };
    while let Some(flag) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| panic!("{flag} wants a value\n\n{HELP}"));
        match flag.as_str() {
            "--json" => wanted.json = true,
            "--runs" => wanted.runs = value().parse().expect("--runs wants a number"),
            "--only" => wanted.only.push(value()),
            _ => panic!("there is no flag {flag}\n\n{HELP}"),
        }
    }
    let unknown = wanted.only.iter().find(|only| PARTS.iter().all(|(name, _)| name != only));
    assert!(unknown.is_none() && 0 < wanted.runs, "there is no part {unknown:?}, or no run\n\n{HELP}");
    wanted
}
