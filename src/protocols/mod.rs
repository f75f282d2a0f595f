//! The protocols. [`PROTOCOLS`] is the only shared list: a new protocol is a folder here and a line in it.
//!
//! Must not know the page.

pub mod machine;
pub mod multi_paxos;
pub mod paxos;
pub mod raft;

pub use crate::engine::catalog::{Opening, ProtocolInfo, StartError};
use crate::engine::history::Lab;

/// Every protocol.
pub static PROTOCOLS: &[ProtocolInfo] = &[
    Lab::<raft::Raft>::info(raft::SCENARIOS, raft::CHECKS, raft::WORDS),
    Lab::<paxos::Paxos>::info(paxos::SCENARIOS, paxos::CHECKS, paxos::WORDS),
    Lab::<multi_paxos::MultiPaxos>::info(multi_paxos::SCENARIOS, multi_paxos::CHECKS, multi_paxos::WORDS),
];

/// The protocol with this name.
pub fn find(key: &str) -> Option<&'static ProtocolInfo> {
    PROTOCOLS.iter().find(|protocol| protocol.key == key)
}
