//! Raft under random schedules: it recovers with a leader and equal logs, and reports no success that is not stored.

use crate::ledger::{Ledger, Origin};
use crate::schedule::Plan;
use crate::subject::Subject;
use conclave::engine::action::{Happening, Report};
use conclave::engine::ids::MemberId;
use conclave::engine::protocol::Letter;
use conclave::engine::world::{Setup, World};
use conclave::protocols::raft::{Message, Raft, Role};
use std::collections::BTreeMap;

impl Subject for Raft {
    /// Without an entry of its own, a leader that comes after the last request never learns that what older terms
    /// left is committed (§5.4.2, §8): that is Raft, and no fault.
    const CURES: &'static [&'static str] = &["noop"];

    fn shape(_setup: &mut Setup<Raft>, _plan: &Plan) {}

    /// R9: who reports success has the entries in its durable log when the report leaves.
    fn audit(world: &World<Raft>, report: &Report<Raft>) -> Result<(), String> {
        for happening in &report.happenings {
            let Happening::Sent(packet, letter) = happening else { continue };
            let (Letter::Peer(Message::AppendReply(reply)), MemberId::Node(from)) = (&**letter, packet.from)
            else {
                continue;
            };
            let stored = world.slot(from).node().map_or(0, |node| node.durable.log.last_index());
            if packet.copy_of.is_none() && reply.success && stored < reply.match_index {
                return Err(format!("R9: node {from} reports {} and has {stored}", reply.match_index));
            }
        }
        Ok(())
    }

    fn is_ready(world: &World<Raft>) -> bool {
        world.running().any(|(_, node)| matches!(node.role, Role::Leader { .. }))
    }

    fn is_settled(world: &World<Raft>) -> bool {
        let mut nodes = world.running().map(|(_, node)| node);
        let Some(first) = nodes.next() else { return true };
        let same = |node: &Raft| node.durable.log == first.durable.log && node.machine == first.machine;
        first.last_applied == first.durable.log.last_index() && nodes.all(same)
    }

    fn audit_clients(ledger: &Ledger, world: &World<Raft>) -> Result<(), String> {
        ledger.audit(&order(world))
    }
}

/// Where each request first stands in the log.
fn order(world: &World<Raft>) -> BTreeMap<Origin, u32> {
    let mut order = BTreeMap::new();
    if let Some((_, node)) = world.running().max_by_key(|(_, node)| node.last_applied) {
        for index in 1..=node.last_applied {
            if let Some(origin) = node.durable.log.get(index).and_then(|entry| entry.origin) {
                order.entry(origin).or_insert(index);
            }
        }
    }
    order
}
