//! The names that a file may use for one protocol and one cluster.
//!
//! Found out by asking the protocol, so that none is named here. Must not know how files are written.

use crate::engine::action::Action;
use crate::engine::frame::{Frame, Lens};
use crate::engine::ids::{MemberId, Micros, NodeId, TimerId};
use crate::engine::options::Options;
use crate::engine::protocol::{REPLY, REQUEST};
use crate::engine::session::Session;
use crate::protocols::{Opening, ProtocolInfo};

/// The fields of a node that the interface promises for every protocol, whether it has them or not.
const COMMON: [&str; 11] =
    ["role", "up", "paused", "term", "voted_for", "leader", "commit", "applied", "log", "snapshot", "value"];
/// How many deliveries are watched to see what parts nodes have.
const WATCHED: usize = 64;

/// What the names in a step are checked against.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The protocol that runs.
    pub protocol: &'static ProtocolInfo,
    /// How many nodes there are.
    pub nodes: u8,
    /// The parts that a node can have.
    pub parts: Vec<&'static str>,
    /// The parts of a node that has just booted and that a crash loses.
    pub volatile: Vec<&'static str>,
}

impl Scope {
    /// The names of a protocol, for a cluster of so many nodes.
    pub fn new(protocol: &'static ProtocolInfo, nodes: u8) -> Scope {
        let mut scope = Scope { protocol, nodes, parts: COMMON.to_vec(), volatile: Vec::new() };
        scope.watch();
        scope
    }

    /// Every kind that a packet can have.
    pub fn kinds(&self) -> Vec<&'static str> {
        self.protocol.kinds.iter().copied().chain([REQUEST, REPLY]).collect()
    }

    /// Every role that a node can have, in files.
    pub fn roles(&self) -> Vec<&'static str> {
        (self.protocol.roles)().into_iter().chain([CRASHED]).collect()
    }

    /// Plays a small cluster through its roles and notes what parts its nodes have in each.
    fn watch(&mut self) {
        let Some(node) = NodeId::new(1) else { return };
        let mut session = match (self.protocol.open)(&fresh(self.protocol)) {
            Ok(session) => session,
            Err(_) => return,
        };
        let first = session.frame(LOOK);
        let parts = first.node(node).map(|member| member.parts.as_slice()).unwrap_or_default();
        self.volatile = parts.iter().filter(|part| !part.durable()).map(|part| part.key()).collect();
        self.note_parts(&first);
        for timer in 0..(self.protocol.timers)().len() {
            // A timer that is not armed has nothing to show.
            let _ = session.act(Micros::ZERO, Action::Fire(node.into(), TimerId(timer as u8)));
            self.watch_deliveries(&mut *session);
        }
    }

    fn watch_deliveries(&mut self, session: &mut dyn Session) {
        for _ in 0..WATCHED {
            let frame = session.frame(LOOK);
            self.note_parts(&frame);
            let Some(packet) = frame.packets.first() else { return };
            if session.act(Micros::ZERO, Action::Deliver(packet.id)).is_err() {
                return;
            }
        }
    }

    fn note_parts(&mut self, frame: &Frame) {
        let nodes = frame.members.iter().filter(|member| matches!(member.id, MemberId::Node(_)));
        for part in nodes.flat_map(|member| &member.parts) {
            if !self.parts.contains(&part.key()) {
                self.parts.push(part.key());
            }
        }
    }
}

/// The role of a node that is down, in files.
pub const CRASHED: &str = "crashed";

/// What is needed to see who is there, and no more.
pub const LOOK: Lens = Lens { first: 1, count: 0, fields: false };

fn fresh(protocol: &'static ProtocolInfo) -> Opening {
    Opening {
        nodes: 3,
        seed: 0,
        options: Options::defaults(protocol.options),
        variant: 0,
        start: Vec::new(),
        down: Vec::new(),
    }
}
