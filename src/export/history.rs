//! The history as JSON: what the run began with, as a scenario file says it, and every action with its place and time.

use super::Run;
use crate::scenario::write;
use serde_json::{Value, json};

/// The history up to the instant that is shown.
///
/// The fields of a scenario file but `steps`, and `history`: for every action its `position` from 1, its virtual time
/// `at_ms`, whether somebody let it happen `by_hand` rather than the clock, and the `action` as the step of a
/// scenario file that would do it.
pub fn history(run: &Run<'_>) -> String {
    let mut file = write::scenario(run.protocol, run.opening, &[]);
    if let Value::Object(fields) = &mut file {
        fields.remove("steps");
    }
    let recorded = run.session.recorded();
    let entry = |(place, act): (usize, &crate::engine::session::Recorded)| {
        json!({
            "position": place + 1,
            "at_ms": write::ms(act.at),
            "by_hand": act.by_hand,
            "action": write::act(run.protocol, &act.action, run.opening.nodes),
        })
    };
    file["history"] = recorded.iter().enumerate().map(entry).collect();
    format!("{file:#}\n")
}
