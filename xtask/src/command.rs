//! How other programs are run: from the root of the project, with the pinned tools first on the path. Knows no
//! program by name except cargo.

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Trouble;

/// Where rustup's name of a toolchain for wasm may stand, for machines whose usual toolchain lacks the wasm target.
const WASM_TOOLCHAIN: &str = "CONCLAVE_WASM_TOOLCHAIN";

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&package).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Where pinned tools are installed, so that nothing outside the project changes.
pub fn tools_folder() -> PathBuf {
    root().join("target").join("tools")
}

/// A program that sees the pinned tools before all others.
pub fn program(name: &str) -> Command {
    let mut command = Command::new(find(name).unwrap_or_else(|| name.into()));
    command.current_dir(root()).env("PATH", path());
    // Cargo speaks about the package that it runs, which is this one, not those that it will build.
    for variable in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        command.env_remove(variable);
    }
    command
}

/// `cargo`, for this machine.
pub fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = program("cargo");
    command.args(arguments);
    command
}

/// Makes `command` build for wasm with the toolchain that the environment names, if it names one.
pub fn with_wasm_toolchain(mut command: Command) -> Command {
    if let Some(toolchain) = wasm_toolchain() {
        command.env("RUSTUP_TOOLCHAIN", toolchain);
    }
    command
}

/// The toolchain that the environment names for wasm.
pub fn wasm_toolchain() -> Option<OsString> {
    env::var_os(WASM_TOOLCHAIN).filter(|name| !name.is_empty())
}

/// Runs `command` with its output passed through; `doing` completes the sentence "could not …".
pub fn run(mut command: Command, doing: &str) -> Result<(), Trouble> {
    let status = command.status().map_err(|error| format!("could not {doing}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("could not {doing}: {status}")) }
}

/// Runs `command` in the place of this program, so that whoever stops the one stops the other.
#[cfg(unix)]
pub fn become_program(mut command: Command, doing: &str) -> Result<(), Trouble> {
    use std::os::unix::process::CommandExt as _;
    Err(format!("could not {doing}: {}", command.exec()))
}

/// Where a program cannot take another's place, it is waited for.
#[cfg(not(unix))]
pub fn become_program(command: Command, doing: &str) -> Result<(), Trouble> {
    run(command, doing)
}

/// What `command` prints, or nothing where it cannot be run or fails.
pub fn output(mut command: Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs `command`, passing each line of its standard output on as it comes and also to `heed`.
/// Says whether it succeeded.
pub fn run_heeding(mut command: Command, mut heed: impl FnMut(&str)) -> Result<bool, Trouble> {
    let name = command.get_program().to_string_lossy().into_owned();
    let trouble = |error| format!("could not run {name}: {error}");
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(trouble)?;
    if let Some(stdout) = child.stdout.take() {
        let mut reader = BufReader::new(stdout);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).map_err(trouble)? > 0 {
            let text = String::from_utf8_lossy(&line);
            print!("{text}");
            heed(text.trim_end());
            line.clear();
        }
    }
    Ok(child.wait().map_err(trouble)?.success())
}

/// The file that `name` stands for on the path, pinned tools first.
pub fn find(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path()).map(|folder| folder.join(&file)).find(|candidate| candidate.is_file())
}

fn path() -> OsString {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let folders = [tools_folder().join("bin")].into_iter().chain(env::split_paths(&inherited));
    // A folder whose name holds the separator cannot be put on a path: then the tools are not found, and said so.
    env::join_paths(folders).unwrap_or(inherited)
}
