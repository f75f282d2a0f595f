//! What was typed after `cargo xtask`. Knows the words, not what they do.

use crate::{HELP, Trouble};

/// The command line, understood.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    /// What to do.
    pub task: Task,
}

/// One of the things the runner does.
#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    /// Serve the page with live reload.
    Serve {
        /// Serve the optimised build.
        release: bool,
        /// The port on the loopback address.
        port: u16,
    },
    /// Write the optimised site.
    Build,
    /// Check and test everything.
    Test {
        /// More random runs than usual.
        deep: bool,
    },
    /// Measure the optimised page.
    Measure {
        /// What the program that measures is told; it knows its own flags.
        arguments: Vec<String>,
    },
    /// Only install.
    Setup,
    /// Say what there is.
    Help,
}

const PORT: u16 = 8080;

impl Options {
    /// Reads the arguments; refuses what it does not know, since a mistyped flag would otherwise change nothing.
    pub fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Result<Self, Trouble> {
        let mut task = named(arguments.next().as_deref())?;
        while let Some(flag) = arguments.next() {
            take_flag(&mut task, &flag, &mut arguments)?;
        }
        Ok(Self { task })
    }
}

fn named(name: Option<&str>) -> Result<Task, Trouble> {
    match name {
        Some("serve") => Ok(Task::Serve { release: false, port: PORT }),
        Some("build") => Ok(Task::Build),
        Some("test") => Ok(Task::Test { deep: false }),
        Some("measure") => Ok(Task::Measure { arguments: Vec::new() }),
        Some("setup") => Ok(Task::Setup),
        None | Some("help" | "-h" | "--help") => Ok(Task::Help),
        Some(other) => Err(format!("there is no task `{other}`\n\n{HELP}")),
    }
}

fn take_flag(
    task: &mut Task,
    flag: &str,
    arguments: &mut impl Iterator<Item = String>,
) -> Result<(), Trouble> {
    match (task, flag) {
        (Task::Serve { release, .. }, "--release") => *release = true,
        (Task::Serve { port, .. }, "--port") => *port = port_number(arguments.next())?,
        (Task::Test { deep }, "--deep") => *deep = true,
        (Task::Measure { arguments }, flag) => arguments.push(flag.to_owned()),
        (task, "-h" | "--help") => *task = Task::Help,
        (_, other) => return Err(format!("this task has no flag `{other}`\n\n{HELP}")),
    }
    Ok(())
}

fn port_number(text: Option<String>) -> Result<u16, Trouble> {
    let text = text.unwrap_or_default();
    text.parse().map_err(|_| format!("--port wants a number from 1 to 65535, not `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, Trouble> {
        Options::from_arguments(line.split_whitespace().map(str::to_owned)).map(|options| options.task)
    }

    #[test]
    fn flags_change_their_own_task_only() {
        assert_eq!(parsed("serve"), Ok(Task::Serve { release: false, port: 8080 }));
        assert_eq!(parsed("serve --port 9000 --release"), Ok(Task::Serve { release: true, port: 9000 }));
        assert_eq!(parsed("test --deep"), Ok(Task::Test { deep: true }));
        let arguments = ["--runs", "5", "--help"].map(str::to_owned).to_vec();
        assert_eq!(parsed("measure --runs 5 --help"), Ok(Task::Measure { arguments }));
        assert!(parsed("build --deep").is_err());
        assert!(parsed("serve --port many").is_err());
        assert!(parsed("sreve").is_err());
    }
}
