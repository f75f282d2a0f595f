//! What is wrong with a file, a step or a call: where, and in which words.
//!
//! Every sentence that those who write files can meet is made here. English only: files, pointers and names are
//! the same in every language. Must not know how a fault is shown.

use super::json::Json;
use std::fmt;

/// Something that is wrong with a file or a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON.
    Syntax {
        /// The line, from 1; 0 where there is none.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong, in a sentence.
        what: String,
    },
    /// It is JSON, and wrong at a place.
    At {
        /// The place, as a JSON pointer (RFC 6901); empty for the whole.
        pointer: String,
        /// What is wrong and what is allowed, in a sentence.
        what: String,
    },
}

impl Fault {
    /// Something wrong at a place.
    pub fn at(pointer: impl Into<String>, what: impl Into<String>) -> Fault {
        Fault::At { pointer: pointer.into(), what: what.into() }
    }

    /// What the reader of JSON stumbled over.
    pub fn syntax(error: &serde_json::Error) -> Fault {
        let (line, column) = (error.line(), error.column());
        let place = format!(" at line {line} column {column}");
        let what = error.to_string();
        Fault::Syntax { line, column, what: what.strip_suffix(&place).unwrap_or(&what).to_string() }
    }
}

/// `/steps/3/deliver/kind: there is no ...` or `line 3, column 7: expected ...`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Syntax { line, column, what } => {
                write!(f, "line {line}, column {column}: not valid JSON: {what}")
            }
            Fault::At { pointer, what } if pointer.is_empty() => f.write_str(what),
            Fault::At { pointer, what } => write!(f, "{pointer}: {what}"),
        }
    }
}

/// A pointer to a field or an item below another place.
pub fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Names, as a list to choose from.
pub fn choices<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    names.into_iter().map(|name| name.as_ref().to_string()).collect::<Vec<_>>().join(", ")
}

/// A value of the wrong kind or out of range.
pub fn must_be(what: &str, value: &Json) -> String {
    format!("must be {what}, not {value}")
}

/// A field that nobody knows.
pub fn unknown_field(name: &str, allowed: &[&str]) -> String {
    match allowed.is_empty() {
        true => format!("unknown field \"{name}\"; none is allowed here"),
        false => format!("unknown field \"{name}\"; allowed: {}", choices(allowed)),
    }
}

/// How many of the names that are allowed a complaint lists.
const MOST_LISTED: usize = 32;

/// A name that nobody knows.
pub fn unknown_name<S: AsRef<str>>(what: &str, name: &str, allowed: impl IntoIterator<Item = S>) -> String {
    let allowed: Vec<S> = allowed.into_iter().collect();
    let listed = choices(allowed.iter().take(MOST_LISTED));
    let more = match allowed.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("there is no {what} \"{name}\"; allowed: {listed}{more}")
}

/// A field that has to be there.
pub fn missing(name: &str) -> String {
    format!("the field \"{name}\" is missing")
}

/// No packet in flight is the one that was meant.
pub fn no_match(in_flight: &str) -> String {
    format!("no packet in flight matches; in flight: {in_flight}")
}

/// An action was refused; with what would have been possible, where that helps.
pub fn refused(why: &str, possible: Option<String>) -> String {
    match possible {
        Some(possible) => format!("refused: {why}; {possible}"),
        None => format!("refused: {why}"),
    }
}

/// `settle` did not come to an end.
pub fn does_not_settle(bound: usize) -> String {
    format!("the bus is not empty after {bound} deliveries")
}

/// The clock would run for too long.
pub fn runs_too_long(bound: usize) -> String {
    format!("more than {bound} actions would happen; run for less at a time")
}

/// A drive set-up brought steps with it.
pub fn setup_with_steps() -> String {
    "a set-up for drive has no steps; send them one a line".to_string()
}

/// A drive step came before any set-up.
pub fn no_setup() -> String {
    "there is no cluster yet; first send a scenario file without steps, on one line".to_string()
}

/// How the runner is called.
pub const USAGE: &str = "usage: conclave run FILE [--json] | conclave check FILE [--json] | conclave export FILE --as FORMAT | conclave drive | conclave list";
