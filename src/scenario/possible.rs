//! What would have been possible, for the complaint about a step that was not.
//!
//! Must not know any protocol.

use super::fault::choices;
use crate::engine::frame::Frame;

/// How many things are named.
const NAMED: usize = 12;

/// `in flight: RequestVote from 1 to 2 (id 1), ...`.
pub fn in_flight(frame: &Frame) -> String {
    format!("in flight: {}", packets(frame))
}

/// The packets in flight, in words.
pub fn packets(frame: &Frame) -> String {
    let said = frame
        .packets
        .iter()
        .map(|packet| format!("{} from {} to {} (id {})", packet.kind, packet.from, packet.to, packet.id));
    some_of(said.collect())
}

/// `armed: the election timer of 1, ...`.
pub fn armed(frame: &Frame) -> String {
    let timers = frame.members.iter().flat_map(|member| {
        member.timers.iter().map(|timer| format!("the {} timer of {}", timer.key, member.id))
    });
    format!("armed: {}", some_of(timers.collect()))
}

fn some_of(said: Vec<String>) -> String {
    match said.len() {
        0 => "nothing".to_string(),
        count if count <= NAMED => choices(said),
        count => format!("{} and {} more", choices(&said[..NAMED]), count - NAMED),
    }
}
