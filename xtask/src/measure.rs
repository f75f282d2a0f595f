//! `cargo xtask measure`: the optimised site, compressed, in a browser that measures it. What is measured, and how, is
//! the business of the program that it calls.

use crate::command::{cargo, run};
use crate::{Trouble, browser, build, sizes, tools};

/// Builds, then measures; what that says is all that is printed to standard output.
pub fn measure(arguments: &[String]) -> Result<(), Trouble> {
    let mut measure = cargo(["run", "--quiet", "--release", "-p", "conclave-e2e", "--bin", "measure", "--"]);
    measure.args(arguments);
    // Whoever only asks what there is need not wait for a build.
    if !arguments.iter().any(|argument| argument == "-h" || argument == "--help") {
        tools::set_up()?;
        let browser = browser::find_or_install()?;
        measure.env("CHROMIUM", browser.chromium).env("CHROMEDRIVER", browser.driver);
        build::release()?;
        sizes::compress()?;
    }
    run(measure, "measure the page")
}
