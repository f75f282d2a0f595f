//! The headless commands: `run`, `check`, `export`, `drive` and `list`, from arguments to an exit status.
//!
//! The only place here that knows files and processes; the page does without it.

use super::check::{self, Checking};
use super::drive::{Drive, Seen};
use super::expect::Failure;
use super::fault::{self, Fault, USAGE};
use super::file::Scenario;
use super::run::{Finished, run};
use crate::engine::check::Verdict;
use crate::export;
use crate::text::Lang;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Result, Write};

/// All expectations held.
pub const HELD: u8 = 0;
/// Some expectation failed.
pub const FAILED: u8 = 1;
/// The file or the call is wrong.
pub const WRONG: u8 = 2;
/// A check was stopped at a bound.
pub const STOPPED: u8 = 3;

/// Where a command reads and writes.
pub struct Streams<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub output: &'a mut dyn Write,
    /// Standard error.
    pub errors: &'a mut dyn Write,
}

/// Runs the command that the arguments name; returns its exit status.
pub fn command(arguments: &[String], streams: &mut Streams<'_>) -> u8 {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["run", "--json", file] | ["run", file, "--json"] if !is_flag(file) => run_file(file, true, streams),
        ["run", file] if !is_flag(file) => run_file(file, false, streams),
        ["export", file, "--as", format] | ["export", "--as", format, file] if !is_flag(file) => {
            export_file(file, format, streams)
        }
        ["check", "--json", file] | ["check", file, "--json"] if !is_flag(file) => {
            check_file(file, true, streams)
        }
        ["check", file] if !is_flag(file) => check_file(file, false, streams),
        ["drive"] => drive(streams),
        ["list"] => list(streams),
        ["--help" | "-h" | "help"] => writeln!(streams.output, "{USAGE}").map(|()| HELD),
        _ => writeln!(streams.errors, "{USAGE}").map(|()| WRONG),
    };
    match done {
        Ok(status) => status,
        // Whoever read the output has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => HELD,
        Err(error) => {
            // Nothing is left to be done where not even this can be written.
            let _ = writeln!(streams.errors, "conclave: {error}");
            WRONG
        }
    }
}

fn is_flag(word: &str) -> bool {
    word.starts_with('-') && word != "-"
}

fn run_file(file: &str, json: bool, streams: &mut Streams<'_>) -> Result<u8> {
    with_run(file, streams, |name, _, finished, streams| report(name, finished, json, streams))
}

/// Writes the run of a file in another format. Its expectations do not matter to it.
fn export_file(file: &str, format: &str, streams: &mut Streams<'_>) -> Result<u8> {
    let Some((_, write)) = export::FORMATS.iter().find(|(name, _)| *name == format) else {
        let names = export::FORMATS.iter().map(|(name, _)| *name);
        writeln!(streams.errors, "{}", fault::unknown_name("format", format, names))?;
        return Ok(WRONG);
    };
    with_run(file, streams, |name, scenario, finished, streams| {
        let runner = &finished.runner;
        let (session, protocol) = (runner.session(), scenario.protocol);
        let run = export::Run { session, protocol, opening: &scenario.opening, lang: Lang::En };
        streams.output.write_all(write(&run).as_bytes())?;
        match &finished.broken {
            Some(fault) => complain(name, fault, streams),
            None => Ok(HELD),
        }
    })
}

/// Looks for what a file asks for, in everything that can come after its steps.
fn check_file(file: &str, json: bool, streams: &mut Streams<'_>) -> Result<u8> {
    let (name, bytes) = match read_named(file, streams)? {
        Some(read) => read,
        None => return Ok(WRONG),
    };
    let mut checking = match Scenario::parse(&bytes).and_then(Checking::begin) {
        Ok(checking) => checking,
        Err(fault) => return complain(name, &fault, streams),
    };
    checking.take_lines();
    while !checking.work(u32::MAX) {}
    let answer = check::answer(&mut checking, Lang::En);
    match json {
        true => writeln!(streams.output, "{answer:#}")?,
        false => {
            writeln!(streams.output, "{}", check::sentence(&checking).say(Lang::En))?;
            writeln!(streams.output, "({})", checking.bounds_text().say(Lang::En))?;
            checking.take_lines().iter().try_for_each(|line| writeln!(streams.output, "{line}"))?;
        }
    }
    Ok(match checking.progress().verdict {
        Some(Verdict::Found(_)) => FAILED,
        Some(Verdict::Stopped(_)) => STOPPED,
        Some(Verdict::Holds) | None => HELD,
    })
}

/// Reads and runs a file, and does something with the run.
fn with_run(
    file: &str,
    streams: &mut Streams<'_>,
    then: impl FnOnce(&str, &Scenario, Finished, &mut Streams<'_>) -> Result<u8>,
) -> Result<u8> {
    let Some((name, bytes)) = read_named(file, streams)? else { return Ok(WRONG) };
    match Scenario::parse(&bytes).and_then(|scenario| run(&scenario).map(|finished| (scenario, finished))) {
        Ok((scenario, finished)) => then(name, &scenario, finished, streams),
        Err(fault) => complain(name, &fault, streams),
    }
}

/// A file with what it is called in complaints; nothing where it cannot be read, which is said.
fn read_named<'a>(file: &'a str, streams: &mut Streams<'_>) -> Result<Option<(&'a str, Vec<u8>)>> {
    match read_file(file, streams.input) {
        Ok(bytes) => Ok(Some((if file == "-" { "standard input" } else { file }, bytes))),
        Err(error) => {
            writeln!(streams.errors, "{file}: cannot be read: {error}")?;
            Ok(None)
        }
    }
}

fn read_file(file: &str, input: &mut dyn Read) -> Result<Vec<u8>> {
    // One byte more than may be: a file without an end must not be read to it.
    let most = super::file::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    match file {
        "-" => input.take(most).read_to_end(&mut bytes)?,
        _ => std::fs::File::open(file)?.take(most).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}

fn complain(name: &str, fault: &Fault, streams: &mut Streams<'_>) -> Result<u8> {
    writeln!(streams.errors, "{name}: {fault}")?;
    Ok(WRONG)
}

fn report(name: &str, mut finished: Finished, json: bool, streams: &mut Streams<'_>) -> Result<u8> {
    let Finished { runner, failed, transcript, broken } = &mut finished;
    let mut output = BufWriter::new(&mut *streams.output);
    if json && broken.is_none() {
        let state = runner.state(None);
        serde_json::to_writer(&mut output, &Seen { state: &state, failed, transcript })?;
        writeln!(output)?;
    } else if !json {
        transcript.iter().try_for_each(|line| writeln!(output, "{line}"))?;
    }
    output.flush()?;
    drop(output);
    for failure in failed.iter() {
        writeln!(streams.errors, "{name}: {}", sentence(failure))?;
    }
    match broken {
        Some(fault) => complain(name, fault, streams),
        None if failed.is_empty() => Ok(HELD),
        None => Ok(FAILED),
    }
}

fn sentence(failure: &Failure) -> String {
    let written = |json| serde_json::to_string(json).unwrap_or_default();
    let Failure { step, wanted, got } = failure;
    format!("/steps/{step}: expected {}, got {}", written(wanted), written(got))
}

fn drive(streams: &mut Streams<'_>) -> Result<u8> {
    let mut input = BufReader::new(&mut *streams.input);
    let mut output = BufWriter::new(&mut *streams.output);
    let (mut drive, mut line, mut answer) = (Drive::default(), Vec::new(), Vec::new());
    loop {
        line.clear();
        answer.clear();
        // One byte more than may be, as for a file; what is left of a line that is too long is an error more.
        let most = super::file::MAX_BYTES as u64 + 1;
        if input.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
            output.flush()?;
            return Ok(HELD);
        }
        drive.answer(&line, &mut answer);
        answer.push(b'\n');
        output.write_all(&answer)?;
        // Whoever waits for an answer gets it at once; whoever sent many lines gets many answers together.
        if input.buffer().is_empty() {
            output.flush()?;
        }
    }
}

fn list(streams: &mut Streams<'_>) -> Result<u8> {
    writeln!(streams.output, "{:#}", super::list::list())?;
    Ok(HELD)
}
