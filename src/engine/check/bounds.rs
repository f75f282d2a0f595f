//! How far a check goes, and what it looks for: plain data, as a scenario file or the page gives it.
//!
//! Must not know any protocol.

use super::search::Limits;
use crate::engine::ids::NodeId;
use crate::engine::protocol::TimerName;
use crate::engine::spine::Bus;
use std::rc::Rc;

/// The most moves that a check looks ahead.
pub const MAX_DEPTH: u32 = 200;
/// The most states that a check may meet.
pub const MAX_STATES: u32 = 50_000_000;
/// The most memory that a check may take.
pub const MAX_MEMORY_MB: u32 = 4_000;
/// The most commands that clients may ask for: the commands of different clients.
pub const MAX_REQUESTS: usize = 4;

/// How often each timer may go off before nothing more is expected of a state, if nothing is said.
pub const PATIENCE: u8 = 3;

/// What a client may ask for once: of a certain node or of any, and the command.
pub type Wish = (Option<NodeId>, Rc<str>);

/// How often each thing may happen that does not follow from another, and how far the search may go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// How packets are kept: as a set, of which any may arrive again, or each once.
    pub bus: Bus,
    /// How often each timer, by its number, may go off in all; as often as it likes if nothing is said.
    pub fires: Vec<Option<u8>>,
    /// How many crashes there may be. A crashed node may restart at any time.
    pub crashes: u8,
    /// How many directions may be cut.
    pub cuts: u8,
    /// How many directions may be healed.
    pub heals: u8,
    /// How many packets may be doubled, where each arrives once.
    pub duplicates: u8,
    /// What clients ask for, each once at most, the first of client A, and so on; of a certain node, or of any.
    pub requests: Vec<Wish>,
    /// Whether answers reach the clients.
    pub replies: bool,
    /// Whether states that differ only in the names of nodes, or of clients, that can be exchanged are taken for one.
    pub symmetry: bool,
    /// Where it is asked whether anything can still come of a state: how often each timer that is bounded above may go
    /// off in all from there on.
    pub patience: u8,
    /// How far the search may go.
    pub limits: Limits,
}

impl Bounds {
    /// Packets as a set, no faults, no requests, no timer; up to a million states.
    pub fn none<T: TimerName>() -> Bounds {
        Bounds::with_timers(T::ALL.len())
    }

    /// The same for so many timers.
    pub fn with_timers(timers: usize) -> Bounds {
        Bounds {
            bus: Bus::Set,
            fires: vec![Some(0); timers],
            crashes: 0,
            cuts: 0,
            heals: 0,
            duplicates: 0,
            requests: Vec::new(),
            replies: false,
            symmetry: false,
            patience: PATIENCE,
            limits: Limits { depth: MAX_DEPTH, states: 1_000_000, bytes: 400_000_000 },
        }
    }
}

/// What a check looks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// Whether any promise can be broken.
    Any,
    /// Whether this promise, by its number in the literature such as `R1`, can be broken.
    Breaks(&'static str),
    /// Whether a state can be reached in which this is so, by its name in the protocol's list.
    Reaches(&'static str),
    /// Whether a state can be reached in which a quorum is connected and something is left to do, and yet nothing comes of
    /// it, however often timers go off within the patience.
    Stuck,
}
