//! Every broken rule of Multi-Paxos is found by chance, and the rule that it breaks first is the one that it should
//! break; the variant that only gets stuck breaks none, nor does the correct protocol, with members that change,
//! snapshots, and reads of every kind.
//!
//! Shows that the monitors see. The shortest schedules are scenario files; here nobody knows where the fault is.
//! Nothing happens by the clock unless it is said: a move is one event, and any packet ever sent may arrive at any
//! time or never.

use crate::multi_paxos::{choose, set};
use crate::schedule::Cluster;
use crate::subject::Subject;
use conclave::engine::action::{Action, Ask};
use conclave::engine::ids::{ClientId, Link, MemberId, Micros, NodeId, PacketId};
use conclave::engine::options::OptionValue;
use conclave::engine::protocol::{Protocol, TimerName};
use conclave::engine::world::Setup;
use conclave::protocols::multi_paxos::{MultiPaxos, Role, Timer};

/// How many runs are tried before the monitors are called blind.
const TRIES: u64 = 20_000;
/// How many events a run has.
const EVENTS: usize = 160;
/// How many runs of a correct or a stuck protocol are looked at.
fn runs() -> u64 {
    if std::env::var_os("CONCLAVE_DEEP").is_some() { 20_000 } else { 1_000 }
}

/// What each variant breaks first, or in the same step.
const FIRST: [(&str, &str); 14] = [
    ("M-1", "L3"),
    ("M-2", "A9"),
    ("M-3", "A9"),
    ("M-4", "A9"),
    ("M-5", "L3"),
    ("M-6", "L7"),
    ("M-8", "L6"),
    ("M-9", "L9"),
    ("M-10", "A9"),
    ("M-11", "A11"),
    ("M-12", "A12"),
    ("M-13", "A13"),
    ("M-14", "A3"),
    ("M-15", "L3"),
];

#[test]
fn every_broken_rule_is_found_by_chance() {
    for (variant, first) in FIRST {
        let mut runs = (0..TRIES).map(|seed| (seed, explored(seed, variant)));
        let is_it = |run: &Cluster<MultiPaxos>| {
            run.complaints.iter().any(|complaint| complaint.split(':').next() == Some(first))
        };
        let found = runs.find(|(_, run)| is_it(run));
        let (seed, _) = found.unwrap_or_else(|| panic!("{first} is not broken in {TRIES} runs of {variant}"));
        assert_eq!(explored(seed, "standard").complaints, [""; 0], "the correct protocol, seed {seed}");
    }
}

#[test]
fn every_variant_that_breaks_something_stands_in_the_table() {
    let broken = MultiPaxos::VARIANTS.iter().skip(1).filter(|variant| **variant != "M-7");
    assert!(broken.eq(FIRST.iter().map(|(variant, _)| variant)));
}

#[test]
fn neither_the_correct_protocol_nor_what_only_gets_stuck_breaks_a_promise() {
    for variant in ["standard", "M-7"] {
        for seed in 0..runs() {
            assert_eq!(explored(seed, variant).complaints, [""; 0], "{variant}, seed {seed}");
        }
    }
}

/// With clocks that run alike and nobody standing still: that is what a lease assumes.
#[test]
fn a_lease_serves_no_stale_read() {
    let mut served = 0;
    for seed in 0..runs() / 2 {
        let run = leased(seed);
        assert_eq!(run.complaints, [""; 0], "seed {seed}");
        served += run.ledger.answers().flatten().count();
    }
    assert!(runs() < served as u64, "only {served} reads were answered");
}

fn place(variant: &str) -> usize {
    MultiPaxos::VARIANTS.iter().position(|known| *known == variant).unwrap()
}

/// What may happen in a run, beside ballots and deliveries: the more, the less of each.
struct Mix {
    nodes: u8,
    /// How many of them ever campaign.
    candidates: u8,
    crashes: bool,
    copies: bool,
    reconfigures: bool,
}

/// A run of random events, up to the first step that breaks a promise.
fn explored(seed: u64, variant: &str) -> Cluster<MultiPaxos> {
    let mut dice = Dice(seed);
    let mix = Mix {
        nodes: 3 + 2 * dice.roll(2) as u8,
        candidates: 1 + dice.roll(3) as u8,
        crashes: dice.roll(3) == 0,
        copies: dice.roll(3) == 0,
        reconfigures: dice.roll(3) == 0,
    };
    let mut setup = Setup::new(mix.nodes, seed);
    setup.variant = place(variant);
    let window = [2, 3, 16][dice.roll(3) as usize];
    set(&mut setup, "window", OptionValue::Count(window));
    let after = [0, 0, 2][dice.roll(3) as usize];
    set(&mut setup, "snapshot_after", OptionValue::Count(after));
    if mix.reconfigures {
        set(&mut setup, "members", OptionValue::Count(3));
    }
    if dice.roll(2) == 0 {
        choose(&mut setup, "reads", 1);
    }
    // The correct protocol is safe with a disk that is lost only as long as nothing from before is on its way.
    if variant == "M-12" {
        set(&mut setup, "lost_disk", OptionValue::Count(1));
    }
    let mut cluster = Cluster::new(&setup, MultiPaxos::audit);
    for _ in 0..EVENTS {
        event(&mut cluster, &mut dice, &mix);
        keep_promises_only(&mut cluster);
        if !cluster.complaints.is_empty() {
            break;
        }
    }
    cluster
}

/// A read beside the log that is asked twice may be answered twice, and its client keeps the first answer: no promise is
/// broken by that.
fn keep_promises_only(cluster: &mut Cluster<MultiPaxos>) {
    cluster.complaints.retain(|complaint| !complaint.starts_with("request"));
}

fn event(cluster: &mut Cluster<MultiPaxos>, dice: &mut Dice, mix: &Mix) {
    let node = dice.node(mix.nodes);
    let fire = |node: NodeId, timer: Timer| Action::Fire(node.into(), timer.id());
    let packets = cluster.world.packets().count() as u64;
    let packet = cluster.world.packets().nth(dice.roll(packets.max(1)) as usize).map(|(packet, _)| packet.id);
    match (dice.roll(40), packet) {
        (0..=1, _) => {
            let candidate = dice.node(mix.candidates);
            cluster.act(fire(candidate, Timer::Election));
        }
        (2, _) => _ = cluster.act(fire(leader(cluster).unwrap_or(node), Timer::Heartbeat)),
        (3, _) => _ = cluster.act(fire(node, Timer::Resend)),
        (4, Some(packet)) if mix.copies => _ = cluster.act(Action::Duplicate(packet)),
        (5, _) if mix.crashes => {
            cluster.act(Action::Crash(node));
            cluster.act(Action::Restart(node));
        }
        (6..=9, _) => ask(cluster, dice, mix),
        (_, Some(packet)) => _ = cluster.act(Action::Deliver(packet)),
        (_, None) => _ = cluster.act(fire(node, Timer::Election)),
    }
}

/// Some node that takes itself for the leader.
fn leader(cluster: &Cluster<MultiPaxos>) -> Option<NodeId> {
    let leaders = cluster.world.running().filter(|(_, node)| matches!(node.role, Role::Leader(_)));
    leaders.last().map(|(node, _)| node)
}

/// A write, a read, a retry or a change of members, which reaches its node at once.
fn ask(cluster: &mut Cluster<MultiPaxos>, dice: &mut Dice, mix: &Mix) {
    let client = ClientId::new(dice.roll(3) as u8 + 1).unwrap();
    let node = match leader(cluster) {
        Some(leader) if dice.roll(3) != 0 => leader,
        _ => dice.node(mix.nodes),
    };
    let retried = dice.roll(6) == 0;
    let pending =
        cluster.world.clients().find(|it| it.id == client).and_then(|it| {
            it.pending().iter().next().map(|(seq, pending)| (*seq, pending.command.to_string()))
        });
    let (seq, command) = match pending.filter(|_| retried) {
        Some((seq, command)) => (Some(seq), command),
        None if mix.reconfigures && dice.roll(6) == 0 => {
            let first = dice.roll(u64::from(mix.nodes) - 2) + 1;
            (None, format!("members={},{},{}", first, first + 1, first + 2))
        }
        None if dice.roll(3) == 0 => (None, "x?".to_string()),
        None => (None, format!("x={}", cluster.actions)),
    };
    let command = command.as_str().into();
    cluster.act(Action::Request(Box::new(Ask { client, node, command, seq })));
    deliver_all(cluster, |from, _| from == MemberId::Client(client));
}

/// Delivers what is in flight between some members.
fn deliver_all(cluster: &mut Cluster<MultiPaxos>, wanted: impl Fn(MemberId, MemberId) -> bool) {
    let there = cluster.world.packets().filter(|(packet, _)| wanted(packet.from, packet.to));
    let there: Vec<PacketId> = there.map(|(packet, _)| packet.id).collect();
    for packet in there {
        cluster.act(Action::Deliver(packet));
    }
}

/// A run by the clock in which reads rest on a lease, with crashes and cuts, and clients that ask all the time.
fn leased(seed: u64) -> Cluster<MultiPaxos> {
    let mut dice = Dice(seed);
    let nodes = 3 + 2 * dice.roll(2) as u8;
    let mut setup = Setup::new(nodes, seed);
    choose(&mut setup, "reads", 2);
    let mut cluster = Cluster::new(&setup, MultiPaxos::audit);
    cluster.run(Micros::from_ms(400));
    for turn in 0..60 {
        let (one, other) = (dice.node(nodes), dice.node(nodes));
        match dice.roll(10) {
            0 => _ = cluster.act(Action::Crash(one)),
            1..=2 => _ = cluster.act(Action::Restart(one)),
            3 if one != other => _ = cluster.act(Action::Cut(Link { from: one, to: other })),
            4 => isolate(&mut cluster, one, nodes),
            5 => {
                let cuts: Vec<Link> = cluster.world.spine().cuts().collect();
                cuts.into_iter().for_each(|cut| _ = cluster.act(Action::Heal(cut)));
            }
            _ => {}
        }
        let client = ClientId::new(dice.roll(3) as u8 + 1).unwrap();
        let command = if dice.roll(2) == 0 { "x?".to_string() } else { format!("x={turn}") };
        let command = command.as_str().into();
        cluster.act(Action::Request(Box::new(Ask { client, node: other, command, seq: None })));
        cluster.run(Micros::from_ms(dice.roll(120)));
        keep_promises_only(&mut cluster);
        if !cluster.complaints.is_empty() {
            break;
        }
    }
    cluster
}

fn isolate(cluster: &mut Cluster<MultiPaxos>, node: NodeId, nodes: u8) {
    for other in NodeId::all(nodes).filter(|other| *other != node) {
        cluster.act(Action::Cut(Link { from: node, to: other }));
        cluster.act(Action::Cut(Link { from: other, to: node }));
    }
}

/// Numbers that are spread out well enough, after Knuth.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn node(&mut self, nodes: u8) -> NodeId {
        NodeId::new(self.roll(u64::from(nodes)) as u8 + 1).unwrap()
    }
}
