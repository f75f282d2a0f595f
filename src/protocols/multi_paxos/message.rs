//! What servers say to each other: phase 1 once for all slots, phase 2 slot by slot, and what keeps everybody up to
//! date.
//!
//! The fields as files and transcripts show them are in `fields`. Must not know roles.

use super::log::{Command, Slot, Snapshot, Vote};
use crate::protocols::paxos::Ballot;

/// A message between servers. Who sent it stands on its envelope.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Phase 1a: a candidate asks for promises, for every slot from one on.
    Prepare {
        /// The ballot.
        ballot: Ballot,
        /// The first slot that the candidate does not know to be settled.
        from: Slot,
    },
    /// Phase 1b: an acceptor promises.
    Promise(Promise),
    /// An acceptor refuses a Prepare, an Accept or a heartbeat: only a hint.
    Nack {
        /// The ballot that is refused.
        ballot: Ballot,
        /// The higher one that the acceptor has promised.
        promised: Ballot,
    },
    /// Phase 2a: a leader asks for votes in a slot.
    Accept {
        /// In which slot.
        slot: Slot,
        /// For what, in which ballot.
        vote: Vote,
        /// Up to where the leader knows everything to be chosen.
        commit: Slot,
    },
    /// Phase 2b: an acceptor has voted.
    Accepted {
        /// In which ballot; without it a late answer would count for another ballot (M-14).
        ballot: Ballot,
        /// In which slot.
        slot: Slot,
    },
    /// Up to where everything is chosen. Says nothing of what: it is only for whoever has voted in this ballot.
    Commit {
        /// The leader's ballot.
        ballot: Ballot,
        /// The last slot.
        upto: Slot,
    },
    /// A leader shows that it lives.
    Heartbeat {
        /// The leader's ballot.
        ballot: Ballot,
        /// Up to where the leader knows everything to be chosen.
        commit: Slot,
        /// The latest read, or the latest claim to a lease, that this heartbeat is to confirm.
        read_seq: u32,
    },
    /// An acceptor has heard it and has promised nothing higher.
    HeartbeatAck {
        /// The ballot that it answers.
        ballot: Ballot,
        /// Up to where the follower has applied.
        applied: Slot,
        /// The number that it answers.
        read_seq: u32,
    },
    /// Asks for what is chosen from a slot on.
    LearnRequest {
        /// The first slot that is missing.
        from: Slot,
    },
    /// What is chosen, slot after slot.
    Learn {
        /// The first slot.
        slot: Slot,
        /// What is chosen there and in the slots that follow.
        commands: Vec<Command>,
        /// Where a leader will propose next: whatever begins from there on begins after this was said.
        next: Option<Slot>,
    },
    /// The state after a prefix of the log, for whoever lacks slots that are no longer there.
    Snapshot(Snapshot),
}

/// A promise to take part in nothing below a ballot, with all that a new leader must know.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Promise {
    /// The ballot that it answers.
    pub ballot: Ballot,
    /// The first slot that was asked for.
    pub from: Slot,
    /// The acceptor's vote of the highest ballot in every slot from there on that it does not know to be settled.
    pub accepted: Vec<(Slot, Vote)>,
    /// What the acceptor knows to be chosen from there on.
    pub chosen: Vec<(Slot, Command)>,
    /// Where slots that were asked for are no longer there, what stands for them.
    pub snapshot: Option<Snapshot>,
}

/// The names of the kinds.
pub const KINDS: [&str; 11] = [
    "Prepare",
    "Promise",
    "Nack",
    "Accept",
    "Accepted",
    "Commit",
    "Heartbeat",
    "HeartbeatAck",
    "LearnRequest",
    "Learn",
    "Snapshot",
];

impl Message {
    /// The ballot that it is about.
    pub fn ballot(&self) -> Option<Ballot> {
        match self {
            Message::Prepare { ballot, .. }
            | Message::Promise(Promise { ballot, .. })
            | Message::Nack { ballot, .. }
            | Message::Accept { vote: Vote { ballot, .. }, .. }
            | Message::Accepted { ballot, .. }
            | Message::Commit { ballot, .. }
            | Message::Heartbeat { ballot, .. }
            | Message::HeartbeatAck { ballot, .. } => Some(*ballot),
            Message::LearnRequest { .. } | Message::Learn { .. } | Message::Snapshot(_) => None,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Message::Prepare { .. } => KINDS[0],
            Message::Promise(_) => KINDS[1],
            Message::Nack { .. } => KINDS[2],
            Message::Accept { .. } => KINDS[3],
            Message::Accepted { .. } => KINDS[4],
            Message::Commit { .. } => KINDS[5],
            Message::Heartbeat { .. } => KINDS[6],
            Message::HeartbeatAck { .. } => KINDS[7],
            Message::LearnRequest { .. } => KINDS[8],
            Message::Learn { .. } => KINDS[9],
            Message::Snapshot(_) => KINDS[10],
        }
    }
}
