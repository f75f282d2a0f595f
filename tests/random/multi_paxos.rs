//! Multi-Paxos under random schedules, with quorums of all sizes that meet, windows from one slot on, snapshots, and
//! commit messages of both kinds: it recovers with a leader and equal states, and tells no client what is not so.

use crate::ledger::{Ledger, Origin};
use crate::schedule::{Plan, put, specs};
use crate::subject::Subject;
use conclave::engine::action::Report;
use conclave::engine::options::OptionValue;
use conclave::engine::protocol::Protocol;
use conclave::engine::world::{Setup, World};
use conclave::protocols::multi_paxos::{MultiPaxos, Role};
use std::collections::BTreeMap;

impl Subject for MultiPaxos {
    /// It needs none: what phase 1 reports is proposed again, so a leader that comes after the last request settles it.
    const CURES: &'static [&'static str] = &[];

    /// Reads stay in the log here: a read beside it is not in the order that the ledger knows. They have tests of
    /// their own.
    fn shape(setup: &mut Setup<MultiPaxos>, plan: &Plan) {
        let mut dice = plan.seed;
        let mut roll = |sides: u64| {
            let rolled = dice % sides;
            dice /= sides;
            rolled as u8
        };
        let window = [16, 1, 2, 5][usize::from(roll(4))];
        set(setup, "window", OptionValue::Count(window));
        let nodes = setup.nodes;
        if roll(3) == 0 {
            let one = roll(u64::from(nodes)) + 1;
            set(setup, "q1", OptionValue::Count(one));
            set(setup, "q2", OptionValue::Count(nodes + 1 - one));
        }
        let after = [0, 1, 3, 10][usize::from(roll(4))];
        set(setup, "snapshot_after", OptionValue::Count(after));
        let commits = roll(2);
        choose(setup, "commits", commits);
    }

    fn audit(_world: &World<MultiPaxos>, _report: &Report<MultiPaxos>) -> Result<(), String> {
        Ok(())
    }

    fn is_ready(world: &World<MultiPaxos>) -> bool {
        world.running().any(|(_, node)| matches!(node.role, Role::Leader(_)))
    }

    fn is_settled(world: &World<MultiPaxos>) -> bool {
        let settled = world.ghost().settled;
        let mut nodes = world.running().map(|(_, node)| node);
        let Some(first) = nodes.next() else { return true };
        let same = |node: &MultiPaxos| node.applied == settled && node.state == first.state;
        first.applied == settled && nodes.all(same)
    }

    fn audit_clients(ledger: &Ledger, world: &World<MultiPaxos>) -> Result<(), String> {
        ledger.audit(&order(world))
    }
}

/// Where each request was first chosen.
fn order(world: &World<MultiPaxos>) -> BTreeMap<Origin, u32> {
    let mut order = BTreeMap::new();
    for (slot, history) in world.ghost().slots.iter() {
        if let Some(origin) = history.chosen.first().and_then(|vote| vote.command.origin) {
            order.entry(origin).or_insert(*slot);
        }
    }
    order
}

/// Sets an option by its name.
pub fn set(setup: &mut Setup<MultiPaxos>, key: &str, value: OptionValue) {
    let (place, _) = specs::<MultiPaxos>().find(|(_, spec)| spec.key == key).unwrap();
    put::<MultiPaxos>(&mut setup.options, place, value);
}

/// Chooses one of an option's names by its place.
pub fn choose(setup: &mut Setup<MultiPaxos>, key: &str, chosen: u8) {
    let spec = MultiPaxos::OPTIONS.iter().find(|spec| spec.key == key).unwrap();
    let OptionValue::Choice(_, names) = spec.default else { panic!("{key} is no choice") };
    set(setup, key, OptionValue::Choice(chosen, names));
}
