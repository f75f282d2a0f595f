//! Drives a cluster line by line: a set-up, then steps, one JSON object a line, one answer a line.
//!
//! For fuzzers, graders and other people's test suites. An error changes nothing, and the next line still works.
//! Must not know processes: lines come as bytes and answers go as strings.

use super::cursor::At;
use super::expect::Failure;
use super::fault::{self, Fault};
use super::file::{Scenario, parse_json};
use super::run::Runner;
use super::state::State;
use super::step;
use serde::Serialize;

/// A cluster that is driven.
#[derive(Default)]
pub struct Drive {
    runner: Option<Runner>,
    steps: usize,
}

/// What came of a line.
#[derive(Default)]
struct Done {
    failed: Vec<Failure>,
    show: Option<Vec<&'static str>>,
}

#[derive(Serialize)]
struct Answer<'a> {
    ok: Seen<'a>,
}

/// The state, with what came of the step that led to it.
#[derive(Serialize)]
pub struct Seen<'a> {
    /// The state.
    #[serde(flatten)]
    pub state: &'a State<'a>,
    /// The expectations that did not hold.
    pub failed: &'a [Failure],
    /// What happened, a line each.
    pub transcript: &'a [String],
}

#[derive(Serialize)]
struct Refusal {
    error: String,
}

impl Drive {
    /// Writes the answer to a line behind what is there, without a line break.
    pub fn answer(&mut self, line: &[u8], into: &mut Vec<u8>) {
        let start = into.len();
        if let Err(fault) = self.perform(line).and_then(|done| self.see(&done, into)) {
            into.truncate(start);
            // Writing a text into memory does not fail.
            let _ = serde_json::to_writer(into, &Refusal { error: fault.to_string() });
        }
    }

    fn perform(&mut self, line: &[u8]) -> Result<Done, Fault> {
        let document = parse_json(line)?;
        let at = At::root(&document);
        if document.get("protocol").is_some() || document.get("format").is_some() {
            self.set_up(&at)?;
            return Ok(Done::default());
        }
        let runner = self.runner.as_mut().ok_or_else(|| Fault::at("", fault::no_setup()))?;
        let step = step::read(&at, self.steps, runner.scope())?;
        let failed = runner.perform(&step)?;
        self.steps += 1;
        Ok(Done { failed, show: step.show })
    }

    fn set_up(&mut self, at: &At<'_>) -> Result<(), Fault> {
        let scenario = Scenario::read(at)?;
        if !scenario.steps.is_empty() {
            return Err(Fault::at("/steps", fault::setup_with_steps()));
        }
        self.runner = Some(Runner::begin(&scenario)?);
        self.steps = 0;
        Ok(())
    }

    fn see(&mut self, done: &Done, into: &mut Vec<u8>) -> Result<(), Fault> {
        let runner = self.runner.as_mut().ok_or_else(|| Fault::at("", fault::no_setup()))?;
        let transcript = runner.take_lines();
        let state = runner.state(done.show.as_deref());
        let answer = Answer { ok: Seen { state: &state, failed: &done.failed, transcript: &transcript } };
        serde_json::to_writer(into, &answer).map_err(|error| Fault::at("", error.to_string()))
    }
}
