//! Every broken rule of Paxos is found by chance, and the rule that it breaks first is the one that it should break; the
//! variants that only get stuck break none.
//!
//! Shows that the monitors see. The shortest schedules are scenario files; here nobody knows where the fault is. Nothing
//! happens by the clock: a move is one event, and any packet ever sent may arrive at any time or never.

use crate::paxos::set;
use crate::schedule::Cluster;
use crate::subject::Subject;
use conclave::engine::action::{Action, Ask};
use conclave::engine::ids::{ClientId, Micros, NodeId};
use conclave::engine::options::OptionValue;
use conclave::engine::protocol::{Protocol, TimerName};
use conclave::engine::world::Setup;
use conclave::protocols::paxos::{Paxos, Timer};

/// How many runs are tried before the monitors are called blind.
const TRIES: u64 = 20_000;
/// How many events a run has.
const EVENTS: usize = 80;
/// How many runs of a correct or a stuck protocol are looked at.
const RUNS: u64 = 2_000;

/// What each variant breaks first.
const FIRST: [(&str, &str); 24] = [
    ("P-1", "A9"),
    ("P-2", "A9"),
    ("P-3", "A9"),
    ("P-4", "A6"),
    ("P-5", "A4"),
    ("P-6", "A12"),
    ("P-7", "A8"),
    ("P-8", "A5"),
    ("P-9", "A9"),
    ("P-10", "A3"),
    ("P-11", "A9"),
    ("P-12", "A3"),
    ("P-13", "A3"),
    ("P-14", "A3"),
    ("P-15", "A13"),
    ("P-16", "A13"),
    ("P-17", "A13"),
    ("P-17b", "A13"),
    ("P-18", "A7"),
    ("P-19", "A8"),
    ("P-19b", "A8"),
    ("P-20", "A5"),
    ("P-21", "A12"),
    ("P-22", "A2"),
];

#[test]
fn every_broken_rule_is_found_by_chance() {
    for (variant, first) in FIRST {
        let place = place(variant);
        let mut runs = (0..TRIES).map(|seed| (seed, explored(seed, place)));
        // A promise that is not stored is broken by a vote below it, or found missing after a crash: whichever comes
        // first.
        let is_it = |run: &Cluster<Paxos>| run.complaints.first().is_some_and(|it| it.starts_with(first));
        let found = runs.find(|(_, run)| is_it(run));
        let (seed, _) = found.unwrap_or_else(|| panic!("{first} is not broken in {TRIES} runs of {variant}"));
        assert_eq!(explored(seed, 0).complaints, [""; 0], "the correct protocol, seed {seed}");
    }
}

#[test]
fn every_variant_that_breaks_something_stands_in_the_table() {
    let broken = Paxos::VARIANTS.iter().skip(1).filter(|variant| !variant.starts_with("PL"));
    assert!(broken.eq(FIRST.iter().map(|(variant, _)| variant)));
}

/// Without the clock nothing pauses, so this also explores what a run in real time hardly meets.
#[test]
fn neither_the_correct_protocol_nor_what_only_gets_stuck_breaks_a_promise() {
    // Ballots that are compared as text are in another order than the monitors suppose.
    let stuck = Paxos::VARIANTS.iter().filter(|variant| variant.starts_with("PL") && **variant != "PL-5");
    for variant in stuck.chain([&"standard"]) {
        for seed in 0..RUNS {
            assert_eq!(explored(seed, place(variant)).complaints, [""; 0], "{variant}, seed {seed}");
        }
    }
}

/// A surprise: ballots without an owner do no harm as long as an acceptor promises each of them only once.
#[test]
fn shared_ballots_alone_choose_no_two_values() {
    for seed in 0..RUNS {
        let run = explored_beyond(seed, place("P-19b"), usize::MAX);
        let other: Vec<&String> = run.complaints.iter().filter(|it| !it.starts_with("A8")).collect();
        assert_eq!(other, [""; 0], "seed {seed}");
    }
    let harmed = (0..RUNS).map(|seed| explored_beyond(seed, place("P-19"), usize::MAX));
    let harmed = harmed.filter(|run| run.complaints.iter().any(|it| it.starts_with("A1:"))).count();
    assert!(0 < harmed, "promised again, they do");
}

fn place(variant: &str) -> usize {
    Paxos::VARIANTS.iter().position(|known| *known == variant).unwrap()
}

/// What may happen in a run, beside ballots and deliveries: the more, the less of each.
struct Mix {
    proposers: u8,
    acceptors: u8,
    crashes: bool,
    copies: bool,
    clients: bool,
    disk: bool,
}

/// A run of random events, up to the first broken promise.
fn explored(seed: u64, variant: usize) -> Cluster<Paxos> {
    explored_beyond(seed, variant, 0)
}

/// A run of random events that goes on until more than so many complaints have come.
fn explored_beyond(seed: u64, variant: usize, tolerated: usize) -> Cluster<Paxos> {
    let mut dice = Dice(seed);
    let mix = Mix {
        proposers: 2 + dice.roll(2) as u8,
        acceptors: 3 + dice.roll(4) as u8 / 3,
        crashes: dice.roll(3) == 0,
        copies: dice.roll(3) == 0,
        clients: dice.roll(3) == 0,
        disk: dice.roll(4) == 0,
    };
    let mut setup = Setup::new(mix.proposers + mix.acceptors + 2, seed);
    setup.variant = variant;
    for (key, count) in [("proposers", mix.proposers), ("acceptors", mix.acceptors), ("learners", 2)] {
        set(&mut setup, key, OptionValue::Count(count));
    }
    if mix.disk {
        let lag = Micros::from_ms(10);
        set(&mut setup, "disk_ms", OptionValue::Span(lag, lag));
    }
    let mut cluster = Cluster::new(&setup, Paxos::audit);
    for _ in 0..EVENTS {
        event(&mut cluster, &mut dice, &mix);
        if tolerated < cluster.complaints.len() {
            break;
        }
    }
    cluster
}

fn event(cluster: &mut Cluster<Paxos>, dice: &mut Dice, mix: &Mix) {
    let mut one_of = |nodes: u8| NodeId::new(dice.roll(u64::from(nodes)) as u8 + 1).unwrap();
    let (proposer, node) = (one_of(mix.proposers), one_of(mix.proposers + mix.acceptors));
    let fire = |node: NodeId, timer: Timer| Action::Fire(node.into(), timer.id());
    let kind = dice.roll(32);
    let packets = cluster.world.packets().count() as u64;
    let packet = cluster.world.packets().nth(dice.roll(packets.max(1)) as usize).map(|(packet, _)| packet.id);
    match (kind, packet) {
        (0..=1, _) => _ = cluster.act(fire(proposer, Timer::Propose)),
        (2, _) => _ = cluster.act(fire(proposer, Timer::Retry)),
        (3, Some(packet)) if mix.copies => _ = cluster.act(Action::Duplicate(packet)),
        (4, _) if mix.crashes => {
            cluster.act(Action::Crash(node));
            cluster.act(Action::Restart(node));
        }
        (5, _) if mix.clients => {
            let (client, command) = (ClientId::FIRST, format!("x{}", cluster.actions).as_str().into());
            cluster.act(Action::Request(Box::new(Ask { client, node: proposer, command, seq: None })));
        }
        (6..=12, _) if mix.disk => _ = cluster.act(fire(node, Timer::Disk)),
        (_, Some(packet)) => _ = cluster.act(Action::Deliver(packet)),
        (_, None) => _ = cluster.act(fire(proposer, Timer::Propose)),
    }
}

/// Numbers that are spread out well enough, after Knuth.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}
