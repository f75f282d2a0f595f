//! `cargo xtask test`: every check and every test, in the order in which a failure is cheapest to learn of. It goes on
//! after a failure, so that one run reports everything.

use std::process::Command;
use std::time::Instant;

use crate::browser::{self, Browser};
use crate::command::{cargo, output, run, run_heeding, wasm_toolchain, with_wasm_toolchain};
use crate::tally::Tally;
use crate::{Trouble, axe, build, sizes, tools};

const WASM: &str = "wasm32-unknown-unknown";
/// The benchmark that depends on another checker, which nothing else is to wait for.
const BESIDE: &str = "conclave-bench-check";

/// What a step does, and so how it is counted.
enum Work {
    /// A program that holds or not: counts as one.
    Check(Command),
    /// Test programs: count by what they say.
    Tests(Command),
    /// Something that this runner does itself: counts as one.
    Own(fn() -> Result<(), Trouble>),
    /// Something that cannot be done on this machine, for the reason given.
    Impossible(Trouble),
}

/// A step: what it is called, and what it does.
struct Step {
    name: &'static str,
    work: Work,
}

/// Runs everything; says whether all of it held. The last line printed counts.
pub fn test(deep: bool) -> Result<bool, Trouble> {
    tools::set_up()?;
    // Without the checker of accessibility its own tests fail and say why; all others can still run.
    if let Err(trouble) = axe::set_up() {
        println!("{trouble}");
    }
    let steps = steps(&browser::find_or_install(), deep);
    let count = steps.len();
    let mut total = Tally::default();
    let mut failed = Vec::new();
    for (index, Step { name, work }) in steps.into_iter().enumerate() {
        println!("\n[{}/{count}] {name}", index + 1);
        let started = Instant::now();
        let tally = perform(work)?;
        println!("[{}/{count}] {name}: {tally}, {} s", index + 1, started.elapsed().as_secs());
        total.add(tally);
        if tally.failed > 0 {
            failed.push(name);
        }
    }
    Ok(report(total, &failed))
}

fn steps(browser: &Result<Browser, Trouble>, deep: bool) -> Vec<Step> {
    let check = |name, command| Step { name, work: Work::Check(command) };
    let tests = |name, command| Step { name, work: Work::Tests(with_depth(command, deep)) };
    let in_browser = |name, command| Step { name, work: with_browser(with_depth(command, deep), browser) };
    let tooling = clippy(&["--workspace", "--exclude", BESIDE, "--all-targets"]);
    let mut steps = vec![
        check("format", cargo(["fmt", "--all", "--check"])),
        check("lints: the page natively, and the tooling", tooling),
        check(
            "lints: the engine alone",
            clippy(&["-p", "conclave", "--no-default-features", "--all-targets"]),
        ),
        check("lints: the page for wasm", wasm_lints()),
        tests("native tests", cargo(["test", "-p", "conclave", "--no-default-features", "--no-fail-fast"])),
        tests("tests of the task runner", cargo(["test", "-p", "xtask"])),
        in_browser("wasm tests in a browser", wasm_tests()),
        Step { name: "optimised site", work: Work::Own(build::release) },
        in_browser("end-to-end tests in a browser", end_to_end_tests()),
        Step { name: "sizes", work: Work::Own(print_sizes) },
    ];
    if deep {
        steps.push(check(
            "lints: the benchmark beside another checker",
            clippy(&["-p", BESIDE, "--all-targets"]),
        ));
    }
    steps
}

fn perform(work: Work) -> Result<Tally, Trouble> {
    match work {
        Work::Check(command) => Ok(told(run(command, "get through this check"))),
        Work::Tests(command) => {
            let mut tally = Tally::default();
            let succeeded = run_heeding(command, |line| tally.heed(line))?;
            Ok(tally.with_end(succeeded))
        }
        Work::Own(work) => Ok(told(work())),
        Work::Impossible(reason) => Ok(told(Err(reason))),
    }
}

/// Prints the trouble, if there is any, and counts.
fn told(outcome: Result<(), Trouble>) -> Tally {
    if let Err(trouble) = &outcome {
        println!("{trouble}");
    }
    Tally::of_check(outcome.is_ok())
}

fn report(total: Tally, failed: &[&str]) -> bool {
    println!();
    for name in failed {
        println!("failed: {name}");
    }
    println!("{total}");
    failed.is_empty()
}

fn clippy(what: &[&str]) -> Command {
    let mut clippy = cargo(["clippy"]);
    clippy.args(what).args(["--", "-D", "warnings"]);
    clippy
}

/// Clippy for wasm; the compiler's own warnings where the toolchain that stands in for wasm brings no clippy.
fn wasm_lints() -> Command {
    let what = ["-p", "conclave", "--target", WASM, "--lib", "--bins", "--test", "wasm"];
    let has_clippy = output(with_wasm_toolchain(cargo(["clippy", "--version"]))).is_some();
    if wasm_toolchain().is_none() || has_clippy {
        return with_wasm_toolchain(clippy(&what));
    }
    let mut check = with_wasm_toolchain(cargo(["check"]));
    check.args(what).env("RUSTFLAGS", "-D warnings");
    check
}

fn wasm_tests() -> Command {
    with_wasm_toolchain(cargo(["test", "-p", "conclave", "--target", WASM, "--test", "wasm"]))
}

/// The driver's client is waited for, not waited on: it is compiled without optimisation, in half the time.
fn end_to_end_tests() -> Command {
    let mut tests = cargo(["test", "-p", "conclave-e2e", "--no-fail-fast"]);
    tests.env("CARGO_PROFILE_TEST_OPT_LEVEL", "0");
    tests
}

fn with_browser(mut tests: Command, browser: &Result<Browser, Trouble>) -> Work {
    match browser {
        Ok(Browser { chromium, driver }) => {
            // The driver is named, because a test runner that looks for one takes another browser's first.
            tests.env("CHROMIUM", chromium).env("CHROMEDRIVER", driver);
            Work::Tests(tests)
        }
        Err(advice) => Work::Impossible(advice.clone()),
    }
}

fn with_depth(mut tests: Command, deep: bool) -> Command {
    if deep {
        tests.env("CONCLAVE_DEEP", "1");
    }
    tests
}

fn print_sizes() -> Result<(), Trouble> {
    sizes::compress()?;
    print!("{}", sizes::table()?);
    Ok(())
}
