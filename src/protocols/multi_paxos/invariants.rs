//! What must always hold of Multi-Paxos: A1–A13 slot by slot and L1–L11 of the log, by the numbers of our protocol
//! notes, checked against the history that `ghost` keeps.
//!
//! Most are about one step and break early; A1, A10, L1 and L2 are what comes of it. Must not know how a violation is
//! shown.

use super::node::MultiPaxos;
use super::text as say;
use crate::engine::invariant::{Invariant, Rule, Witness, agreement};
use crate::engine::world::{Step, World};
use crate::text::Words;

/// The promises, by the numbers of our protocol notes.
pub static INVARIANTS: [Invariant<MultiPaxos>; 24] = [
    Invariant {
        id: "A1",
        key: "agreement",
        name: &say::AGREEMENT,
        promise: &say::AGREEMENT_PROMISE,
        rule: Rule::History(one_decision),
    },
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
    promise("L1", "one_command_per_slot", &say::ONE_COMMAND, &say::ONE_COMMAND_PROMISE, |step| {
        found(step, "L1")
    }),
    promise("L2", "prefix_agreement", &say::PREFIX, &say::PREFIX_PROMISE, |step| found(step, "L2")),
    promise("L3", "applied_in_order", &say::APPLIED_ORDER, &say::APPLIED_PROMISE, |step| found(step, "L3")),
    promise("L4", "equal_state", &say::STATE, &say::STATE_PROMISE, |step| found(step, "L4")),
    promise("L5", "one_leader_per_ballot", &say::ONE_LEADER, &say::ONE_LEADER_PROMISE, |step| {
        found(step, "L5")
    }),
    promise("L6", "gap_rule", &say::GAP, &say::GAP_PROMISE, |step| found(step, "L6")),
    promise("L7", "at_most_once", &say::ONCE, &say::ONCE_PROMISE, |step| found(step, "L7")),
    promise("L8", "durable_on_restart", &say::RESTART, &say::RESTART_PROMISE, |step| found(step, "L8")),
    promise("L9", "linearizable", &say::LINEARIZABLE, &say::LINEARIZABLE_PROMISE, |step| found(step, "L9")),
    promise("L10", "commit_honest", &say::COMMIT_HONEST, &say::COMMIT_HONEST_PROMISE, |step| {
        found(step, "L10")
    }),
    promise("L11", "snapshot_honest", &say::SNAPSHOT_HONEST, &say::SNAPSHOT_HONEST_PROMISE, |step| {
        found(step, "L11")
    }),
];

const fn promise(
    id: &'static str,
    key: &'static str,
    name: &'static Words,
    promise: &'static Words,
    check: fn(&Step<'_, MultiPaxos>) -> Result<(), Witness>,
) -> Invariant<MultiPaxos> {
    Invariant { id, key, name, promise, rule: Rule::Step(check) }
}

/// The history knows what the step has contradicted: whether a message may be sent depends on what was sent before it
/// in the same step, so it was looked at message by message.
fn found(step: &Step<'_, MultiPaxos>, id: &str) -> Result<(), Witness> {
    step.world.ghost().finding(id)
}

/// A1, slot by slot, of what servers have taken for chosen and applied: L1 is about what votes have chosen, whether
/// anybody knows.
fn one_decision(world: &World<MultiPaxos>, new_from: usize) -> Result<(), Witness> {
    agreement(world, new_from, |first, second| {
        say::AGREEMENT_BROKEN
            .with("slot", first.slot)
            .with("first", first.node)
            .with("one", &*first.label)
            .with("second", second.node)
            .with("other", &*second.label)
    })
}
