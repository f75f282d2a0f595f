//! What must always hold of Paxos: the promises A1–A13 of our protocol notes, checked against the history that `ghost`
//! keeps.
//!
//! A4–A9, A11 and A12 are about one step and break early; A1, A3 and A10 are what comes of it. Must not know how a
//! violation is shown.

use super::node::Paxos;
use super::text as say;
use crate::engine::invariant::{Invariant, Rule, Witness};
use crate::engine::world::Step;
use crate::text::Words;

/// The promises, by the numbers of our protocol notes.
pub static INVARIANTS: [Invariant<Paxos>; 13] = [
    promise("A1", "agreement", &say::AGREEMENT, &say::AGREEMENT_PROMISE, |step| found(step, "A1")),
    promise("A2", "validity", &say::VALIDITY, &say::VALIDITY_PROMISE, |step| found(step, "A2")),
    promise("A3", "honest_learning", &say::HONEST_LEARNING, &say::HONEST_LEARNING_PROMISE, |step| {
        found(step, "A3")
    }),
    promise("A4", "promise_monotone", &say::PROMISE_MONOTONE, &say::PROMISE_MONOTONE_PROMISE, |step| {
        found(step, "A4")
    }),
    promise("A5", "promise_kept", &say::PROMISE_KEPT, &say::PROMISE_KEPT_PROMISE, |step| found(step, "A5")),
    promise("A6", "vote_order", &say::VOTE_ORDER, &say::VOTE_ORDER_PROMISE, |step| found(step, "A6")),
    promise("A7", "one_value_per_ballot", &say::ONE_VALUE, &say::ONE_VALUE_PROMISE, |step| found(step, "A7")),
    promise("A8", "ballot_ownership", &say::OWNERSHIP, &say::OWNERSHIP_PROMISE, |step| found(step, "A8")),
    promise("A9", "safe_proposal", &say::SAFE_PROPOSAL, &say::SAFE_PROPOSAL_PROMISE, |step| {
        found(step, "A9")
    }),
    promise("A10", "one_value_above", &say::ONE_ABOVE, &say::ONE_ABOVE_PROMISE, |step| found(step, "A10")),
    promise("A11", "honest_report", &say::REPORT, &say::REPORT_PROMISE, |step| found(step, "A11")),
    promise("A12", "durability", &say::DURABILITY, &say::DURABILITY_PROMISE, |step| found(step, "A12")),
    promise("A13", "quorum_intersection", &say::QUORUMS, &say::QUORUMS_PROMISE, |step| found(step, "A13")),
];

const fn promise(
    id: &'static str,
    key: &'static str,
    name: &'static Words,
    promise: &'static Words,
    check: fn(&Step<'_, Paxos>) -> Result<(), Witness>,
) -> Invariant<Paxos> {
    Invariant { id, key, name, promise, rule: Rule::Step(check) }
}

/// The history knows what the step has contradicted: whether a message may be sent depends on what was sent before it
/// in the same step, so it was looked at message by message.
fn found(step: &Step<'_, Paxos>, id: &str) -> Result<(), Witness> {
    step.world.ghost().finding(id)
}
