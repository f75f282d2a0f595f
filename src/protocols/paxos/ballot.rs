//! Ballots and votes: what proposers number their attempts with, and what acceptors vote for.
//!
//! Must not know roles.

use crate::engine::ids::{NodeId, Stamp};
use crate::text::Arg;
use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

/// A value that may be chosen, in the client's own words.
pub type Value = Rc<str>;

/// The last round that a proposer may reach, far beyond any run; a bound, so that no addition overflows.
pub const MAX_ROUND: u32 = 1_000_000_000;

/// The number of a proposal. The paper asks for disjoint sets of numbers for different proposers (§2.5): here a
/// round, and within a round the proposer's own number decides. Ballots are compared in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ballot {
    /// Which attempt, counted over all proposers.
    pub round: u32,
    /// Whose attempt.
    pub proposer: NodeId,
}

impl Ballot {
    /// The order of ballots if somebody compares what is written on the page: "10" comes before "9".
    pub fn compare_as_text(&self, other: &Ballot) -> Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl fmt::Display for Ballot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Stamp::from(*self).fmt(f)
    }
}

impl From<Ballot> for Stamp {
    fn from(ballot: Ballot) -> Stamp {
        Stamp { number: u64::from(ballot.round), by: Some(ballot.proposer) }
    }
}

impl From<Ballot> for Arg {
    fn from(ballot: Ballot) -> Arg {
        Arg::Name(ballot.to_string())
    }
}

/// A value in the ballot in which it was proposed: what an acceptor votes for. Votes are ordered by ballot.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Vote {
    /// In which ballot.
    pub ballot: Ballot,
    /// For what.
    pub value: Value,
}

/// What a proposer wants of its own accord, before any client has asked it for something.
pub fn own_value(node: NodeId) -> Value {
    format!("v{node}").into()
}
