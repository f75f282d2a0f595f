//! What must stay absent, read from the sources: invariants of the architecture that no type can state.
//!
//! Reads text, not syntax: good enough to catch a slip, not to convict a clever one.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::protocols::PROTOCOLS;
use std::fs;
use std::path::{Path, PathBuf};

const LONGEST_FILE: usize = 500;

/// A source file: its path from the root of the repository, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    /// Its lines of code outside its tests, with their numbers; comments are left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let body = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let numbered = body.lines().enumerate().map(|(place, line)| (place + 1, line));
        numbered.map(|(number, line)| (number, line.split("//").next().unwrap_or_default()))
    }

    fn is_under(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// The words for readers: they may be long, and in any language.
    fn is_words(&self) -> bool {
        self.path.starts_with("src/text/")
            || (self.path.starts_with("src/protocols/") && self.path.ends_with("/text.rs"))
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map(|entries| entries.flatten().collect::<Vec<_>>());
        for path in entries.unwrap_or_default().iter().map(fs::DirEntry::path) {
            match path.is_dir() {
                true if path.ends_with("target") => {}
                true => folders.push(path),
                false => found.extend(source(root, &path)),
            }
        }
    }
    found.sort_by(|one, two| one.path.cmp(&two.path));
    found
}

fn source(root: &Path, path: &PathBuf) -> Option<Source> {
    path.extension().filter(|extension| *extension == "rs")?;
    let text = fs::read_to_string(path).ok()?;
    let path = path.strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/");
    Some(Source { path, text })
}

/// Complains about every line of code under these folders of `src` that a rule does not allow.
fn forbid(folders: &[&str], rule: impl Fn(&Source, &str) -> Option<String>) {
    let mut complaints = Vec::new();
    for source in sources("src").iter().filter(|source| source.is_under(folders)) {
        for (number, line) in source.code() {
            let complaint = rule(source, line);
            complaints.extend(complaint.map(|what| format!("{}:{number}: {what}", source.path)));
        }
    }
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

fn forbid_words(folders: &[&str], words: &[&str]) {
    forbid(folders, |_, line| words.iter().find(|word| line.contains(**word)).map(|word| word.to_string()));
}

#[test]
fn the_sources_are_found() {
    let found = sources("src");
    assert!(30 < found.len());
    assert!(found.iter().any(|source| source.path == "src/engine/world/mod.rs"));
}

#[test]
fn no_protocol_is_named_outside_its_folder() {
    let keys: Vec<&str> = PROTOCOLS.iter().map(|protocol| protocol.key).collect();
    for source in sources("src") {
        if !source.is_under(&["src/engine/", "src/link/", "src/scene/", "src/ui/"]) {
            continue;
        }
        // Comments too: what is said of one protocol does not belong there.
        for (place, line) in source.text.lines().enumerate() {
            let line = line.to_lowercase();
            let mut words = line.split(|letter: char| !letter.is_ascii_alphanumeric());
            let named = words.any(|word| keys.contains(&word));
            assert!(!named, "{}:{}: names a protocol: {line}", source.path, place + 1);
        }
    }
}

#[test]
fn engine_and_protocols_read_no_clock_no_chance_and_no_page() {
    let outside = [
        "std::time",
        "Instant::",
        "SystemTime",
        "std::env",
        "std::fs",
        "std::net",
        "std::thread",
        "rand::rng(",
        "thread_rng",
        "getrandom",
        "from_os_rng",
        "OsRng",
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "leptos",
        "StdRng",
        "SmallRng",
        "println!",
        "static mut",
        "thread_local!",
    ];
    forbid_words(&["src/engine/", "src/protocols/"], &outside);
}

#[test]
fn engine_and_protocols_have_no_hash_containers() {
    // Their order differs from run to run.
    forbid_words(&["src/engine/", "src/protocols/"], &["HashMap", "HashSet", "RandomState", "DefaultHasher"]);
}

#[test]
fn protocols_have_no_number_that_differs_between_platforms() {
    let numbers = ["usize", "isize", "f32", "f64"];
    for source in sources("src/protocols") {
        let mut in_type = false;
        for (number, line) in source.code() {
            let is_type = ["struct ", "enum "].iter().any(|word| line.contains(word)) && line.ends_with('{');
            in_type = is_type || (in_type && line != "}");
            let field = line.split_once(": ").map_or("", |(_, kind)| kind);
            let names =
                |name: &&str| field.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == *name);
            let found = numbers.iter().find(|name| in_type && names(name));
            assert!(found.is_none(), "{}:{number}: {line}", source.path);
        }
    }
}

#[test]
fn floats_are_only_made_for_people_and_files() {
    // Milliseconds are shown and read as fractions; the conversions stand in one place.
    let allowed = |source: &Source| source.path == "src/engine/ids.rs";
    forbid(&["src/engine/", "src/protocols/"], |source, line| {
        let float = ["f32", "f64"].iter().any(|kind| line.contains(kind));
        (float && !allowed(source)).then(|| format!("a float: {line}"))
    });
}

#[test]
fn nothing_panics_on_purpose() {
    let panics = [".unwrap()", "panic!(", "todo!(", "unimplemented!("];
    forbid_words(&["src/"], &panics);
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let all = ["src", "tests", "benches", "xtask"].into_iter().flat_map(sources);
    // Tables of words are looked up, not read.
    let long = all.filter(|source| !source.is_words() && LONGEST_FILE < source.text.lines().count());
    let long: Vec<String> = long.map(|source| source.path).collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines: {long:?}");
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in ["src", "tests", "benches", "xtask"].into_iter().flat_map(sources) {
        assert!(source.text.starts_with("//!"), "{} does not open with //!", source.path);
    }
}

/// The string literals of a line. Good enough for lines without quotes in quotes.
fn literals(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2)
}

fn is_chinese(letter: char) -> bool {
    ('\u{3000}'..='\u{9fff}').contains(&letter) || ('\u{ff00}'..='\u{ffef}').contains(&letter)
}

#[test]
fn no_chinese_outside_the_words() {
    forbid(&["src/"], |source, line| {
        let found = literals(line).find(|literal| literal.chars().any(is_chinese));
        found.filter(|_| !source.is_words()).map(|literal| format!("words for readers: {literal}"))
    });
}

/// Three words or more, the first with a capital: a sentence, not a list of classes.
fn is_sentence(literal: &str) -> bool {
    let is_word =
        |word: &&str| 1 < word.len() && word.trim_matches([',', '.', ':']).chars().all(char::is_alphabetic);
    let words = literal.split_whitespace().filter(is_word).count();
    3 <= words && literal.starts_with(|letter: char| letter.is_ascii_uppercase())
}

#[test]
fn the_page_and_the_engine_have_no_sentences_of_their_own() {
    forbid(&["src/ui/", "src/engine/", "src/scene/"], |_, line| {
        literals(line).find(|literal| is_sentence(literal)).map(|literal| format!("a sentence: {literal}"))
    });
}
