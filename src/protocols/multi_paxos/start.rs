//! The state in which a scenario file lets a server begin, as it is written there.
//!
//! Must not know roles.

use super::fields::{list, number_or, present, read_chosen, read_snapshot, read_vote};
use super::node::{Durable, Start};
use crate::engine::plain::Plain;
use crate::protocols::paxos::{only_fields as only, read_ballot};

const FIELDS: [&str; 5] = ["round", "promised", "accepted", "chosen", "snapshot"];
/// The last round that can be given; a bound, so that no addition overflows.
const MAX_ROUND: u32 = 1_000_000_000;

/// Reads a start, or says what is wrong with it.
pub fn read_start(fields: &Plain) -> Result<Start, String> {
    only(fields, &FIELDS)?;
    let mut durable = Durable::default();
    if let Some(snapshot) = present(fields, "snapshot") {
        durable.snapshot = read_snapshot(snapshot).map_err(|why| format!("\"snapshot\": {why}"))?;
    }
    for (slot, vote) in list(fields, "accepted", read_vote)? {
        // Whoever has voted has promised as much, unless the file says otherwise: it may show what could never arise.
        durable.promised = durable.promised.max(Some(vote.ballot));
        durable.accepted.insert(slot, vote);
    }
    for (slot, command) in list(fields, "chosen", read_chosen)? {
        durable.known.insert(slot, command);
    }
    if present(fields, "promised").is_some() {
        durable.promised = Some(read_ballot(fields, "promised")?);
    }
    durable.max_round = number_or(fields, "round", 0)?.min(MAX_ROUND);
    let covered = durable.snapshot.last;
    durable.accepted.forget_up_to(covered);
    durable.known.forget_up_to(covered);
    Ok(Start { durable })
}
