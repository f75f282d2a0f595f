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

#[derive(Serialize)]
struct Answer<'a> {
    ok: Seen<'a>,
}

/// The state, with what came of the step that led to it.
#[derive(Serialize)]
pub struct Seen<'a> {
    /// The state.
    #[serde(flatten)]
    pub state: &'a State,
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
    /// The answer to a line, without a line break.
    pub fn answer(&mut self, line: &[u8]) -> String {
        let answered = self.perform(line).and_then(|failed| self.seen(&failed));
        answered.unwrap_or_else(|fault| {
            let refusal = Refusal { error: fault.to_string() };
            serde_json::to_string(&refusal).unwrap_or_default()
        })
    }

    fn perform(&mut self, line: &[u8]) -> Result<Vec<Failure>, Fault> {
        let document = parse_json(line)?;
        let at = At::root(&document);
        if document.get("protocol").is_some() || document.get("format").is_some() {
            self.set_up(&at)?;
            return Ok(Vec::new());
        }
        let runner = self.runner.as_mut().ok_or_else(|| Fault::at("", fault::no_setup()))?;
        let failed = runner.perform(&step::read(&at, self.steps, runner.scope())?)?;
        self.steps += 1;
        Ok(failed)
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

    fn seen(&mut self, failed: &[Failure]) -> Result<String, Fault> {
        let runner = self.runner.as_mut().ok_or_else(|| Fault::at("", fault::no_setup()))?;
        let transcript = runner.take_lines();
        let state = runner.state();
        let answer = Answer { ok: Seen { state: &state, failed, transcript: &transcript } };
        serde_json::to_string(&answer).map_err(|error| Fault::at("", error.to_string()))
    }
}
