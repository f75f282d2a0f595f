//! What the random tests must know of a protocol: how a cluster of it is shaped, and when it has recovered.
//!
//! A protocol that stands in `PROTOCOLS` has to stand here too; the test says so if it does not.

use crate::ledger::Ledger;
use crate::schedule::Plan;
use conclave::engine::action::Report;
use conclave::engine::check::Checked;
use conclave::engine::world::{Setup, World};

/// A protocol that is put through random schedules.
pub trait Subject: Checked {
    /// The switches that a cluster needs to recover by itself once all faults have ended.
    const CURES: &'static [&'static str];

    /// Gives the cluster a shape that a random plan has drawn: whatever may not be changed while it runs.
    fn shape(setup: &mut Setup<Self>, plan: &Plan);
    /// What is looked at after every action, beside the invariants.
    fn audit(world: &World<Self>, report: &Report<Self>) -> Result<(), String>;
    /// Whether a request can be expected to be served, all faults being over.
    fn is_ready(world: &World<Self>) -> bool;
    /// Whether everybody has come to the same.
    fn is_settled(world: &World<Self>) -> bool;
    /// What clients were told, against what took effect.
    fn audit_clients(ledger: &Ledger, world: &World<Self>) -> Result<(), String>;
}
