//! The same seed and the same actions give the same history, on every platform and in every build.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod golden;

use conclave::engine::action::{Action, Happening};
use conclave::engine::ids::{Micros, PacketId};
use conclave::engine::options::{DUPLICATE, LOSS, OptionValue, REORDER};
use conclave::engine::world::{Setup, World};
use conclave::protocols::PROTOCOLS;
use conclave::protocols::raft::Raft;
use golden::{GOLDEN, Weather, open, play};

/// The wasm test finds the same numbers.
#[test]
fn golden_runs_come_to_what_they_always_did() {
    let found = GOLDEN.map(|(run, _)| (run, play(&mut *open(run), run.1)));
    let table: Vec<String> =
        found.iter().map(|(run, digest)| format!("({run:?}, {digest:#018x}),")).collect();
    assert!(found == GOLDEN, "the runs come to\n{}", table.join("\n"));
}

#[test]
fn every_protocol_plays_the_same_run_twice_alike() {
    for protocol in PROTOCOLS {
        for (nodes, seed) in [(3, 5), (5, 6), (7, 7)] {
            let run = (protocol.key, nodes, seed, Weather::Rough);
            let (mut one, mut two) = (open(run), open(run));
            assert_eq!(play(&mut *one, nodes), play(&mut *two, nodes), "{run:?}");
            let transcript = |session: &mut dyn conclave::engine::session::Session, position| {
                session.seek(position);
                session.transcript()
            };
            let last = one.len();
            assert_eq!(transcript(&mut *one, last), transcript(&mut *two, last));
        }
    }
}

#[test]
fn another_seed_is_another_run() {
    let play = |seed| play(&mut *open(("raft", 5, seed, Weather::Fair)), 5);
    assert_ne!(play(1), play(2));
}

/// What a run without faults sends, and when each packet arrives and each timer goes off.
type Events = Vec<(Micros, Action)>;

/// Lets the clock run and notes what happens by itself, up to the first packet that a knob has touched.
fn untouched(change: impl Fn(&mut Setup<Raft>)) -> (Events, Option<PacketId>) {
    let mut setup = Setup::new(5, 11);
    change(&mut setup);
    let mut world: World<Raft> = World::new(&setup);
    let mut events = Events::new();
    for _ in 0..4_000 {
        let (at, action) = world.next_due().unwrap();
        let report = world.apply(at, &action).unwrap();
        let touched = report.happenings.iter().find_map(|happening| match happening {
            Happening::Lost(packet, ..) => Some(packet.id),
            Happening::Sent(packet, _) => packet.copy_of,
            _ => None,
        });
        if touched.is_some() {
            return (events, touched);
        }
        events.push((at, action));
    }
    (events, None)
}

fn chance(setup: &mut Setup<Raft>, place: usize, probability_ppm: u32) {
    let spec = &conclave::engine::options::ENGINE[place];
    setup.options.set(spec, place, OptionValue::Chance(probability_ppm)).unwrap();
}

/// A rare loss changes nothing before the first packet that is lost.
#[test]
fn a_knob_leaves_the_fate_of_other_packets_as_it_was() {
    let (calm, touched) = untouched(|_| {});
    assert_eq!((calm.len(), touched), (4_000, None));
    for place in [LOSS, DUPLICATE] {
        let (events, touched) = untouched(|setup| chance(setup, place, 1_000));
        assert!(touched.is_some(), "one packet in a thousand is touched in 4,000 events");
        assert!(100 < events.len(), "and not at once");
        assert_eq!(events[..], calm[..events.len()]);
    }
}

/// When the packets of a run leave and arrive, leaving out copies, each of which is lost at once so that only its
/// draws could matter.
fn flights(probability_ppm: u32, by_hand: bool) -> Vec<(Micros, Micros)> {
    let mut setup = Setup::<Raft>::new(5, 3);
    chance(&mut setup, DUPLICATE, probability_ppm);
    let mut world = World::new(&setup);
    let mut flights = Vec::new();
    for _ in 0..200 {
        let (at, action) = world.next_due().unwrap();
        if let (Action::Deliver(packet), true) = (&action, by_hand) {
            world.apply(at, &Action::Duplicate(*packet)).unwrap();
        }
        let report = world.apply(at, &action).unwrap();
        flights.extend(report.happenings.iter().filter_map(|happening| match happening {
            Happening::Sent(packet, _) if packet.copy_of.is_none() => Some((packet.sent_at, packet.due)),
            _ => None,
        }));
        let packets = world.packets().filter(|(packet, _)| packet.copy_of.is_some());
        let copies: Vec<PacketId> = packets.map(|(packet, _)| packet.id).collect();
        for copy in copies {
            world.apply(at, &Action::Drop(copy)).unwrap();
        }
    }
    flights
}

#[test]
fn a_copy_shifts_no_other_packet() {
    assert_eq!(flights(0, true), flights(0, false));
    assert_eq!(flights(300_000, false), flights(0, false));
}

/// Without reordering no packet overtakes an earlier one on its way.
#[test]
fn packets_keep_their_order_where_they_must() {
    let mut setup = Setup::<Raft>::new(5, 8);
    setup
        .options
        .set(&conclave::engine::options::ENGINE[REORDER], REORDER, OptionValue::Flag(false))
        .unwrap();
    let mut world = World::new(&setup);
    let mut latest = std::collections::BTreeMap::new();
    for _ in 0..3_000 {
        let (at, action) = world.next_due().unwrap();
        if let Action::Deliver(id) = action {
            let packet = world.spine().packets()[world.spine().place_of(id).unwrap()];
            let before = latest.insert((packet.from, packet.to), id);
            assert!(before.is_none_or(|before| before < id), "{id} overtakes {before:?}");
        }
        world.apply(at, &action).unwrap();
    }
}
