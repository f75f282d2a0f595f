//! The task runner: `cargo xtask serve | build | test | measure | setup`. It sets up pinned tools, calls them in the right
//! order and counts what they say. It holds no checks of its own and knows nothing about consensus or the page.
//!
//! Reading order: [`tools`], [`browser`] and [`axe`] (what must be installed), [`command`] (how programs are run),
//! [`serve`], [`build`] with [`sizes`], [`measure`], and [`test`] with [`tally`].

mod axe;
mod browser;
mod build;
mod command;
mod measure;
mod options;
mod serve;
mod sizes;
mod tally;
mod test;
mod tools;

use std::process::ExitCode;

use options::{Options, Task};

/// Why a task could not go on, as a sentence for whoever typed the command.
type Trouble = String;

const HELP: &str = "\
Usage: cargo xtask <task>

  serve [--release] [--port N]  set up, then serve the page on http://127.0.0.1:8080/ with live reload
  build                         set up, then write the optimised site to dist/, compressed beside, with its sizes
  test [--deep]                 set up, then run every check and test; --deep takes more random runs
  measure [--json] [--runs N] [--only PART]
                                set up and build, then measure the page in a real browser; --help says what
  setup                         only install what the others need, browser included";

fn main() -> ExitCode {
    let outcome = Options::from_arguments(std::env::args().skip(1)).and_then(run);
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::from(2)
        }
    }
}

/// Whether all that was asked for went well.
fn run(options: Options) -> Result<bool, Trouble> {
    match options.task {
        Task::Serve { release, port } => serve::serve(release, port).map(|()| true),
        Task::Build => build::build().map(|()| true),
        Task::Test { deep } => test::test(deep),
        Task::Measure { arguments } => measure::measure(&arguments).map(|()| true),
        Task::Setup => {
            tools::set_up()?;
            browser::find_or_install()?;
            axe::set_up()?;
            println!("everything is in place");
            Ok(true)
        }
        Task::Help => {
            println!("{HELP}");
            Ok(true)
        }
    }
}
