//! `cargo xtask build`: the optimised site in dist/, compressed beside, and how large it is.

use std::process::Command;

use crate::command::{program, run, with_wasm_toolchain};
use crate::{Trouble, sizes, tools};

/// How the optimised page is compiled: small, where the runner's `release` is fast.
pub const OPTIMISED: [&str; 3] = ["--release", "--cargo-profile", "page"];

/// Sets up and builds.
pub fn build() -> Result<(), Trouble> {
    tools::set_up()?;
    println!("building the optimised site into dist/ (about 2 minutes at first)");
    release()?;
    sizes::compress()?;
    print!("{}", sizes::table()?);
    Ok(())
}

/// The optimised site in dist/, from tools that are in place.
pub fn release() -> Result<(), Trouble> {
    let mut trunk = trunk("build");
    trunk.args(OPTIMISED);
    run(with_wasm_toolchain(trunk), "build the site")
}

/// Trunk, kept from asking the network whether there is a newer one.
pub fn trunk(task: &str) -> Command {
    let mut trunk = program("trunk");
    trunk.arg(task).env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Trunk reads this variable as its own flag, which must be `true` or `false`; elsewhere any value is allowed.
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    trunk
}
