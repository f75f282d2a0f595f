//! Every broken variant is caught: random schedules that the correct protocol survives break a promise.
//!
//! Shows that the monitors see. The shortest schedules are scenario files; here nobody knows where the fault is.
//! A move is a whole exchange (a request, its arrival and the reply), as in the tables of our protocol notes,
//! because single events almost never line up for Figure 8.

use crate::schedule::{Cluster, Plan, setup};
use conclave::engine::action::{Action, Ask};
use conclave::engine::ids::{ClientId, MemberId, NodeId, PacketId};
use conclave::engine::protocol::{Protocol, TimerName};
use conclave::protocols::raft::{Raft, Timer};

/// How many runs are tried before the monitors are called blind.
const TRIES: u64 = 2_000;
/// How many exchanges a run has.
const EXCHANGES: usize = 60;

#[test]
fn a_vote_that_does_not_survive_a_crash_breaks_election_safety() {
    assert_eq!(first_broken("R-1"), ["R1"]);
}

#[test]
fn a_vote_for_a_log_that_is_behind_breaks_leader_completeness() {
    assert_eq!(first_broken("R-3"), ["R4"]);
}

#[test]
fn counting_an_entry_of_an_older_term_breaks_leader_completeness() {
    assert_eq!(first_broken("R-5"), ["R4"]);
}

#[test]
fn committing_what_was_not_checked_breaks_state_machine_safety() {
    assert_eq!(first_broken("R-8"), ["R5", "R7"]);
}

/// What the first run that breaks something breaks. Without the variant the same exchanges break nothing.
fn first_broken(variant: &str) -> Vec<String> {
    let place = Raft::VARIANTS.iter().position(|known| *known == variant).unwrap();
    let mut runs = (0..TRIES).map(|seed| (seed, exchanged(&plan(seed, place))));
    let found = runs.find(|(_, run)| !run.complaints.is_empty());
    let (seed, broken) = found.unwrap_or_else(|| panic!("nothing is broken in {TRIES} runs of {variant}"));
    assert_eq!(exchanged(&plan(seed, 0)).complaints, [""; 0], "the correct protocol, seed {seed}");
    let number = |complaint: &String| complaint.split(':').next().unwrap_or_default().to_string();
    broken.complaints.iter().map(number).collect()
}

fn plan(seed: u64, variant: usize) -> Plan {
    Plan { nodes: 3, seed, haste: 0, switches: 1, weather: 0, variant }
}

/// A run of random exchanges, up to the first broken promise.
fn exchanged(plan: &Plan) -> Cluster<Raft> {
    let mut cluster = Cluster::new(&setup(plan), |_, _| Ok(()));
    let mut dice = Dice(plan.seed);
    for _ in 0..EXCHANGES {
        exchange(&mut cluster, &mut dice);
        if !cluster.complaints.is_empty() {
            break;
        }
    }
    cluster
}

/// Numbers that are spread out well enough, after Knuth.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn node(&mut self) -> NodeId {
        NodeId::new(self.roll(3) as u8 + 1).unwrap()
    }
}

/// One exchange between two nodes; what else it put on the bus is lost.
fn exchange(cluster: &mut Cluster<Raft>, dice: &mut Dice) {
    let (node, other) = (dice.node(), dice.node());
    match dice.roll(8) {
        0..=2 => campaign(cluster, node, other),
        3..=4 => replicate(cluster, node, other, 3),
        5 => replicate(cluster, node, other, 1),
        6 => ask(cluster, node),
        _ => {
            cluster.act(Action::Crash(node));
            cluster.act(Action::Restart(node));
        }
    }
    let left: Vec<PacketId> = cluster.world.packets().map(|(packet, _)| packet.id).collect();
    for packet in left {
        cluster.act(Action::Drop(packet));
    }
}

fn campaign(cluster: &mut Cluster<Raft>, node: NodeId, voter: NodeId) {
    cluster.act(Action::Fire(node.into(), Timer::Election.id()));
    pass(cluster, node, voter);
    pass(cluster, voter, node);
}

/// A leader sends and hears the answer, so many times: it may have to go back first.
fn replicate(cluster: &mut Cluster<Raft>, node: NodeId, follower: NodeId, rounds: usize) {
    cluster.act(Action::Fire(node.into(), Timer::Heartbeat.id()));
    for _ in 0..rounds {
        pass(cluster, node, follower);
        pass(cluster, follower, node);
    }
}

fn ask(cluster: &mut Cluster<Raft>, node: NodeId) {
    let command = format!("x={}", cluster.actions);
    let client = ClientId::FIRST;
    cluster.act(Action::Request(Box::new(Ask { client, node, command: command.as_str().into(), seq: None })));
    pass(cluster, client, node);
}

/// Delivers the oldest packet on a way, if one is in flight.
fn pass(cluster: &mut Cluster<Raft>, from: impl Into<MemberId>, to: NodeId) {
    let (from, to) = (from.into(), MemberId::Node(to));
    let found = cluster.world.packets().find(|(packet, _)| packet.from == from && packet.to == to);
    if let Some(packet) = found.map(|(packet, _)| packet.id) {
        cluster.act(Action::Deliver(packet));
    }
}
