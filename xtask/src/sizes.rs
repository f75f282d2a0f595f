//! What the site costs on the wire: writes `.gz` and `.br` beside each file worth compressing, and a table of sizes.
//! Knows nothing about what the files are.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::Trouble;
use crate::command::{find, program, root, run};

/// Kinds of file that compression makes smaller; pictures and fonts carry their own.
const WORTH_COMPRESSING: &[&str] = &["html", "css", "js", "mjs", "wasm", "svg", "json", "txt"];

/// A file of the site with its sizes in bytes.
struct Entry {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Writes the compressed files beside those in dist/.
pub fn compress() -> Result<(), Trouble> {
    let files: Vec<PathBuf> =
        files_of(&site())?.into_iter().filter(|file| is_worth_compressing(file)).collect();
    eprintln!("compressing {} files of dist/", files.len());
    for file in files {
        gzip(&file)?;
        brotli(&file)?;
    }
    Ok(())
}

/// The table: one line a file, the largest first, and the total.
pub fn table() -> Result<String, Trouble> {
    let mut entries = entries()?;
    entries.sort_by(|a, b| b.brotli.cmp(&a.brotli).then_with(|| a.name.cmp(&b.name)));
    Ok(drawn(&entries))
}

fn entries() -> Result<Vec<Entry>, Trouble> {
    let site = site();
    let files = files_of(&site)?;
    let served = files.iter().filter(|file| !is_compressed(file));
    Ok(served.map(|file| entry(&site, file)).collect())
}

fn entry(site: &Path, file: &Path) -> Entry {
    let raw = size(file).unwrap_or(0);
    let name = file.strip_prefix(site).unwrap_or(file).to_string_lossy().replace('\\', "/");
    let sibling = |ending| size(&with_ending(file, ending)).unwrap_or(raw);
    Entry { name, raw, gzip: sibling("gz"), brotli: sibling("br") }
}

fn drawn(entries: &[Entry]) -> String {
    let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or(0).max("on the wire".len());
    let mut table = format!("{:width$}  {:>9}  {:>9}  {:>9}\n", "bytes", "raw", "gzip", "brotli");
    for Entry { name, raw, gzip, brotli } in entries {
        let _ = writeln!(table, "{name:width$}  {raw:>9}  {gzip:>9}  {brotli:>9}");
    }
    let total = |size: fn(&Entry) -> u64| entries.iter().map(size).sum::<u64>();
    let (raw, gzip, brotli) = (total(|e| e.raw), total(|e| e.gzip), total(|e| e.brotli));
    let _ = writeln!(table, "{:width$}  {raw:>9}  {gzip:>9}  {brotli:>9}", "on the wire");
    table
}

/// gzip is everywhere but on Windows; a site without `.gz` is served all the same.
fn gzip(file: &Path) -> Result<(), Trouble> {
    if find("gzip").is_none() {
        return Ok(());
    }
    let mut gzip = program("gzip");
    gzip.args(["-9", "--keep", "--force", "--no-name"]).arg(file);
    run(gzip, "compress with gzip")
}

/// `-c` is the one flag on which the system's program and the installed crate's agree: compress to standard output.
fn brotli(file: &Path) -> Result<(), Trouble> {
    let open = |error: std::io::Error| format!("could not compress {}: {error}", file.display());
    let mut brotli = program("brotli");
    brotli.arg("-c");
    brotli.stdin(fs::File::open(file).map_err(open)?);
    brotli.stdout(fs::File::create(with_ending(file, "br")).map_err(open)?);
    run(brotli, "compress with brotli")
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Trouble> {
    let trouble = |error: std::io::Error| format!("could not read {}: {error}", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        if path.is_dir() { files.extend(files_of(&path)?) } else { files.push(path) }
    }
    files.sort();
    Ok(files)
}

fn is_worth_compressing(file: &Path) -> bool {
    file.extension().is_some_and(|ending| WORTH_COMPRESSING.iter().any(|worth| ending == *worth))
}

fn is_compressed(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "gz" || ending == "br")
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}

fn size(file: &Path) -> Option<u64> {
    fs::metadata(file).ok().map(|metadata| metadata.len())
}

fn site() -> PathBuf {
    root().join("dist")
}
