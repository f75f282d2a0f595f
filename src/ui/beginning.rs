//! How a run begins in the page: as the address says, else as it is first seen.
//!
//! Must not know any protocol by name.

use super::preferences::parameter;
use crate::engine::ids::{MAX_NODES, Micros};
use crate::engine::options::{ENGINE, LATENCY, OptionValue, Options};
use crate::engine::session::Session;
use crate::protocols::{Opening, PROTOCOLS, ProtocolInfo};

/// The seed of the first view, chosen by looking: one node times out well before the others, and wins.
const FIRST_SEED: u64 = 41;
const FIRST_NODES: u8 = 5;

/// What a run begins with.
#[derive(Clone, Copy, Debug)]
pub struct Beginning {
    /// The protocol that runs.
    pub protocol: &'static ProtocolInfo,
    /// How many nodes.
    pub nodes: u8,
    /// The seed of all randomness.
    pub seed: u64,
    /// The variant, by its place in the protocol's list; 0 is the correct one.
    pub variant: usize,
}

impl Beginning {
    /// As the address says; what it says wrongly is as if it had not been said.
    pub fn from_address() -> Beginning {
        let number = |name: &str| parameter(name).and_then(|value| value.parse::<u64>().ok());
        let wanted = parameter("algo");
        let named = |protocol: &&ProtocolInfo| Some(protocol.key) == wanted.as_deref();
        let protocol = PROTOCOLS.iter().find(named).unwrap_or(&PROTOCOLS[0]);
        let nodes = number("nodes").filter(|nodes| (1..=u64::from(MAX_NODES)).contains(nodes));
        let variant = parameter("variant").and_then(|wanted| {
            protocol.variants.iter().position(|variant| variant.eq_ignore_ascii_case(&wanted))
        });
        Beginning {
            protocol,
            nodes: nodes.map_or(FIRST_NODES, |nodes| nodes as u8),
            seed: number("seed").unwrap_or(FIRST_SEED),
            variant: variant.unwrap_or(0),
        }
    }

    /// The run at the start of time.
    pub fn open(self) -> Box<dyn Session> {
        let mut options = Options::defaults(self.protocol.options);
        // Slow enough, beside the timers, for the eye to follow a message.
        let latency = OptionValue::Span(Micros::from_ms(15), Micros::from_ms(30));
        let _ = options.set(&ENGINE[LATENCY], LATENCY, latency);
        let (nodes, seed, variant) = (self.nodes, self.seed, self.variant);
        let opening = Opening { nodes, seed, options, variant, start: Vec::new(), down: Vec::new() };
        match (self.protocol.open)(&opening) {
            Ok(session) => session,
            // Only a given start can be wrong, and none is given.
            Err(_) => unreachable!("a fresh cluster opens"),
        }
    }
}
