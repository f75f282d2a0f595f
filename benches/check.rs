//! What the checker costs: states a second, and the memory that they take. Natively `cargo bench --no-default-features
//! --bench check`; in a browser, as the page is built, as docs/performance.md says.
//!
//! Figures are printed, never asserted: a machine may be busy.

#[path = "../tests/plain/mod.rs"]
mod plain;

use conclave::engine::check::search::{Limits, Search};
use conclave::protocols::PROTOCOLS;
use conclave::scenario::check::Checking;
use conclave::scenario::file::Scenario;
use plain::Plain;
use plain::two_phase::TwoPhase;

/// The goal is that so many states take no more than ten seconds and 512 MB in the page.
const MILLION: u32 = 1_000_000;
/// How much memory a search may take in the page.
const BYTES: usize = 400_000_000;

/// Work that was measured: the states that were met, how long it took, and what the search says that it takes.
struct Measured {
    what: String,
    states: u64,
    bytes: u64,
    seconds: f64,
}

impl Measured {
    fn row(&self) -> String {
        let Measured { what, states, bytes, seconds } = self;
        let (rate, mb) = (*states as f64 / seconds, *bytes as f64 / 1e6);
        let taken =
            here::memory().map_or(String::new(), |all| format!(", {:.0} MB in all", all as f64 / 1e6));
        format!("| {what} | {states} states in {seconds:.2} s: {rate:.0} a second; {mb:.0} MB{taken} |")
    }
}

/// Everything, a row each.
fn rows(mut print: impl FnMut(String)) {
    for managers in [5, 7, 8] {
        print(two_phase(managers).row());
    }
    for protocol in PROTOCOLS {
        for (variant, file) in protocol.checks {
            print(worlds(&format!("{}, {variant}", protocol.key), file).row());
        }
    }
}

fn two_phase(managers: u8) -> Measured {
    let begun = here::seconds();
    let limits = Limits { depth: u32::MAX, states: MILLION, bytes: BYTES };
    let mut search = Search::new(Plain::new(TwoPhase::new(managers)), limits);
    search.run();
    let seconds = here::seconds() - begun;
    let what = format!("two-phase commit, {managers} resource managers");
    Measured { what, states: search.states().into(), bytes: search.bytes() as u64, seconds }
}

/// The check of a file, up to a million states.
fn worlds(what: &str, file: &str) -> Measured {
    let scenario = Scenario::parse(file.as_bytes()).unwrap_or_else(|fault| panic!("{what}: {fault:?}"));
    let mut checking = Checking::begin(scenario).unwrap_or_else(|fault| panic!("{what}: {fault:?}"));
    let begun = here::seconds();
    while !checking.work(u32::MAX) {}
    let seconds = here::seconds() - begun;
    let progress = checking.progress();
    Measured { what: what.into(), states: progress.states, bytes: progress.bytes, seconds }
}

#[cfg(not(target_arch = "wasm32"))]
mod here {
    use std::time::{SystemTime, UNIX_EPOCH};

    /// Now, since some beginning.
    pub fn seconds() -> f64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
    }

    /// How many bytes the whole program has taken: natively nobody says.
    pub fn memory() -> Option<usize> {
        None
    }
}

#[cfg(target_arch = "wasm32")]
mod here {
    use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    /// Now, since some beginning.
    pub fn seconds() -> f64 {
        js_sys::Date::now() / 1_000.0
    }

    /// How many bytes the whole program has taken: memory of wasm only grows.
    pub fn memory() -> Option<usize> {
        Some(core::arch::wasm32::memory_size::<0>() * 65_536)
    }

    #[wasm_bindgen_test]
    fn measure() {
        super::rows(|row| console_log!("{row}"));
    }
}

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    rows(|row| println!("{row}"));
}
