//! The pinned checker of accessibility, for the browser tests alone: a script from a package of npm's, fetched by npm.
//! That it is the right one is checked by those who run it.

use std::fs;

use crate::Trouble;
use crate::command::{find, program, run, tools_folder};

/// What is installed; the tests name the same version.
const PACKAGE: &str = "axe-core";
const VERSION: &str = "4.11.1";
/// The one file of the package that is wanted.
const SCRIPT: &str = "package/axe.min.js";

/// Puts the script into target/tools, unless it is there.
pub fn set_up() -> Result<(), Trouble> {
    let folder = tools_folder().join(format!("{PACKAGE}-{VERSION}"));
    if folder.join("axe.min.js").is_file() {
        return Ok(());
    }
    if find("npm").is_none() {
        return Err(format!(
            "The accessibility tests need {PACKAGE} {VERSION}; install npm, which brings it"
        ));
    }
    println!("fetching {PACKAGE} {VERSION} into target/tools (once)");
    let trouble = |error: std::io::Error| format!("could not write {}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(trouble)?;
    let mut pack = program("npm");
    pack.args(["pack", "--silent", &format!("{PACKAGE}@{VERSION}"), "--pack-destination"]).arg(&folder);
    run(pack, &format!("fetch {PACKAGE}"))?;
    let archive = folder.join(format!("{PACKAGE}-{VERSION}.tgz"));
    let mut unpack = program("tar");
    unpack.arg("-xzf").arg(&archive).arg("-C").arg(&folder).args(["--strip-components=1", SCRIPT]);
    run(unpack, &format!("unpack {PACKAGE}"))?;
    fs::remove_file(&archive).map_err(trouble)
}
