//! `cargo xtask serve`: the page on the loopback address, built again and reloaded when a file changes.

use std::net::{Ipv4Addr, TcpListener};

use crate::command::{become_program, with_wasm_toolchain};
use crate::{Trouble, build, tools};

/// Serves until interrupted.
pub fn serve(release: bool, port: u16) -> Result<(), Trouble> {
    tools::set_up()?;
    // Trunk would notice only after the first build.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| format!("port {port} cannot be had ({error}); choose another with --port"))?;
    println!(
        "building the page; then it is at http://127.0.0.1:{port}/ (the first build takes a few minutes)"
    );
    let mut trunk = build::trunk("serve");
    // A folder of its own: the site that `build` writes is not overwritten by what is being worked on.
    trunk.args(["--dist", "target/serve", "--public-url", "/", "--port", &port.to_string()]);
    if release {
        trunk.args(build::OPTIMISED);
    }
    become_program(with_wasm_toolchain(trunk), "serve the page")
}
