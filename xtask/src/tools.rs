//! The pinned tools: the wasm target, trunk, wasm-bindgen and a compressor. Installs what is missing and nothing twice.
//! Knows where each comes from, not what it is for.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Trouble;
use crate::command::{self, cargo, find, program, root, run, tools_folder, with_wasm_toolchain};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A program that cargo can install.
struct Tool {
    /// Its package.
    package: &'static str,
    /// The exact version wanted.
    version: String,
    /// The programs it brings; all must be there.
    programs: &'static [&'static str],
    /// Whether to build it with the lock file it was published with.
    locked: bool,
    /// For whoever waits, on two cores.
    minutes: &'static str,
}

/// Installs what serving and building need. A second call finds everything in place and says nothing.
pub fn set_up() -> Result<(), Trouble> {
    let missing: Vec<Tool> = wanted()?.into_iter().filter(|tool| !tool.is_present()).collect();
    let target_is_missing = !wasm_target_is_present();
    let steps = missing.len() + usize::from(target_is_missing);
    if target_is_missing {
        println!("[1/{steps}] adding the Rust target {WASM_TARGET} (once)");
        add_wasm_target()?;
    }
    for (index, tool) in missing.iter().enumerate() {
        let step = index + 1 + usize::from(target_is_missing);
        let Tool { package, version, minutes, .. } = tool;
        println!("[{step}/{steps}] installing {package} {version} into target/tools (about {minutes}, once)");
        tool.install()?;
    }
    Ok(())
}

fn wanted() -> Result<Vec<Tool>, Trouble> {
    let trunk = Tool {
        package: "trunk",
        version: trunk_version()?,
        programs: &["trunk"],
        locked: true,
        minutes: "5 minutes",
    };
    let wasm_bindgen = Tool {
        package: "wasm-bindgen-cli",
        version: locked_version("wasm-bindgen")?,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        // Its lock file asks for a release of a crate that is not to be had.
        locked: false,
        minutes: "3 minutes",
    };
    let mut tools = vec![trunk, wasm_bindgen];
    // Any brotli writes what any browser reads: the system's own will do.
    if find("brotli").is_none() {
        let version = "9.1.1".to_owned();
        tools.push(Tool {
            package: "brotli",
            version,
            programs: &["brotli"],
            locked: false,
            minutes: "1 minute",
        });
    }
    Ok(tools)
}

impl Tool {
    fn is_present(&self) -> bool {
        self.programs
            .iter()
            .all(|name| self.package == "brotli" && find(name).is_some() || self.answers(name))
    }

    /// Whether `name` is on the path in exactly the version wanted: trunk would download any other.
    fn answers(&self, name: &str) -> bool {
        let mut question = program(name);
        question.arg("--version");
        command::output(question)
            .is_some_and(|answer| answer.split_whitespace().any(|word| word == self.version))
    }

    fn install(&self) -> Result<(), Trouble> {
        let build = tools_folder().join("build");
        let mut install = cargo(["install", self.package, "--version", &format!("={}", self.version)]);
        install.args(["--force", "--root"]).arg(tools_folder());
        // A folder of its own keeps what an interrupted installation has already compiled.
        install.arg("--target-dir").arg(&build);
        if self.locked {
            install.arg("--locked");
        }
        run(quick_to_build(install), &format!("install {}", self.package))?;
        if self.is_present() { remove(&build) } else { Err(format!("{} does not answer", self.package)) }
    }
}

/// The tools run for seconds: a fast build of them is worth more than fast tools.
fn quick_to_build(mut install: Command) -> Command {
    install.env("CARGO_PROFILE_RELEASE_LTO", "off");
    install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    install.env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    install
}

fn remove(folder: &Path) -> Result<(), Trouble> {
    fs::remove_dir_all(folder).map_err(|error| format!("could not remove {}: {error}", folder.display()))
}

/// Whether the toolchain that builds for wasm has the library of the target, wherever it came from.
fn wasm_target_is_present() -> bool {
    let mut question = with_wasm_toolchain(program("rustc"));
    question.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    let Some(folder) = command::output(question) else { return false };
    let Ok(files) = fs::read_dir(folder) else { return false };
    files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Asks rustup, because a target in rust-toolchain.toml is not installed where RUSTUP_AUTO_INSTALL=0.
fn add_wasm_target() -> Result<(), Trouble> {
    if find("rustup").is_none() {
        return Err(format!("Install the Rust target {WASM_TARGET}: https://rustup.rs brings it"));
    }
    let mut add = program("rustup");
    add.args(["target", "add", WASM_TARGET]);
    if let Some(toolchain) = command::wasm_toolchain() {
        add.arg("--toolchain").arg(toolchain);
    }
    run(add, &format!("add the Rust target {WASM_TARGET}"))
}

/// Trunk.toml names the version of trunk, and trunk itself refuses to run in any other.
fn trunk_version() -> Result<String, Trouble> {
    let text = read("Trunk.toml")?;
    value_of(&text, "trunk-version")
        .map(|version| version.trim_start_matches('=').to_owned())
        .ok_or_else(|| "Trunk.toml names no trunk-version".to_owned())
}

/// The version of a dependency in Cargo.lock, which cargo keeps equal to what is compiled.
fn locked_version(package: &str) -> Result<String, Trouble> {
    if !root().join("Cargo.lock").is_file() {
        run(cargo(["generate-lockfile"]), "write Cargo.lock")?;
    }
    version_in_lock(&read("Cargo.lock")?, package).ok_or_else(|| format!("Cargo.lock has no {package}"))
}

fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    lock.split("[[package]]")
        .find(|entry| value_of(entry, "name") == Some(package))
        .and_then(|entry| value_of(entry, "version"))
        .map(str::to_owned)
}

/// The string that `key` is set to in a file of TOML without nesting.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        (name.trim() == key).then(|| value.trim().trim_matches('"'))
    })
}

fn read(file: &str) -> Result<String, Trouble> {
    fs::read_to_string(root().join(file)).map_err(|error| format!("could not read {file}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_where_they_are_kept() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "trunk"), None);
        assert_eq!(value_of("trunk-version = \"=0.21.14\"", "trunk-version"), Some("=0.21.14"));
    }
}
