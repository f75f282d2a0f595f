//! What a run leaves behind: every packet with its end, every crash and cut, in every branch, however it was reached.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::action::{Action, Ask, Loss};
use conclave::engine::chronicle::{Chronicle, End, Sign, Spot};
use conclave::engine::describe::Mark;
use conclave::engine::frame::{Lens, Status, Tone};
use conclave::engine::ids::{ClientId, Link, Micros, NodeId, PacketId};
use conclave::engine::options::Options;
use conclave::engine::session::Session;
use conclave::engine::trace::{Traced, kinds};
use conclave::protocols::{self, Opening, PROTOCOLS};
use std::collections::BTreeMap;

fn node(number: u8) -> NodeId {
    NodeId::new(number).unwrap()
}

fn open(protocol: &str, down: Vec<NodeId>) -> Box<dyn Session> {
    let info = protocols::find(protocol).unwrap();
    let options = Options::defaults(info.options);
    (info.open)(&Opening { nodes: 5, seed: 3, options, variant: 0, start: vec![], down }).unwrap()
}

fn request(number: usize) -> Action {
    let command = format!("x={number}");
    Action::Request(Box::new(Ask {
        client: ClientId::FIRST,
        node: node(1 + number as u8 % 5),
        command: command.as_str().into(),
        seq: None,
    }))
}

/// A run with every kind of fault.
fn troubled(protocol: &str, actions: usize) -> Box<dyn Session> {
    let mut session = open(protocol, vec![node(5)]);
    while session.len() < actions {
        let now = session.time_at(session.position());
        let round = session.len();
        let (one, other) = (node(round as u8 / 20 % 5 + 1), node(round as u8 / 40 % 4 + 1));
        let first = session.frame(Lens::ALL).packets.first().map(|packet| packet.id);
        let by_hand = match (round % 20, first) {
            (5, _) => Some(request(round)),
            (7, Some(packet)) => Some(Action::Drop(packet)),
            (9, Some(packet)) => Some(Action::Duplicate(packet)),
            (10, _) => Some(Action::Crash(one)),
            (12, _) => Some(Action::Pause(other)),
            (14, _) => Some(Action::Cut(Link { from: one, to: other })),
            (16, _) => Some(Action::Heal(Link { from: one, to: other })),
            (17, _) => Some(Action::Restart(one)),
            (18, _) => Some(Action::Resume(other)),
            _ => None,
        };
        if by_hand.is_none_or(|action| session.act(now, action).is_err()) {
            session.step().unwrap();
        }
    }
    session
}

fn chronicle(session: &dyn Session) -> Chronicle {
    let mut chronicle = Chronicle::default();
    chronicle.extend(session.traces(0..session.len() + 1));
    chronicle
}

/// What became of every packet, found by performing the whole run again and looking.
fn ends_by_retelling(session: &dyn Session) -> BTreeMap<PacketId, (Spot, End)> {
    let mut found: BTreeMap<PacketId, (Spot, End)> = BTreeMap::new();
    session.retell(1..session.len() + 1, &mut |step| {
        let spot = Spot { position: step.position as u32, at: step.at };
        for packet in &step.sent {
            assert_eq!(packet.sent_at, step.at);
            found.insert(packet.id, (spot, End::Flies));
        }
        step.delivered.iter().for_each(|packet| found.get_mut(&packet.id).unwrap().1 = End::Arrived(spot));
        step.lost
            .iter()
            .for_each(|(packet, why)| found.get_mut(&packet.id).unwrap().1 = End::Lost(spot, *why));
    });
    found
}

#[test]
fn every_packet_has_its_end() {
    for info in PROTOCOLS {
        let session = troubled(info.key, 1_500);
        let chronicle = chronicle(&*session);
        let found = ends_by_retelling(&*session);
        assert_eq!(chronicle.flights().len(), found.len());
        for flight in chronicle.flights() {
            assert_eq!((flight.sent, flight.end), found[&flight.packet], "{} {flight:?}", info.key);
        }
        let ended = |why: Loss| {
            chronicle.flights().iter().any(|flight| matches!(flight.end, End::Lost(_, lost) if lost == why))
        };
        assert!(ended(Loss::Down) && ended(Loss::Dropped) && ended(Loss::Cut), "{}", info.key);
        // What still flies at the end is what is in flight.
        let flying = chronicle.flights().iter().filter(|flight| flight.end == End::Flies);
        let mut flying: Vec<PacketId> = flying.map(|flight| flight.packet).collect();
        let mut in_flight: Vec<PacketId> =
            session.frame(Lens::ALL).packets.iter().map(|packet| packet.id).collect();
        flying.sort_unstable();
        in_flight.sort_unstable();
        assert_eq!(flying, in_flight);
    }
}

#[test]
fn kinds_are_those_of_the_packets() {
    for info in PROTOCOLS {
        let session = troubled(info.key, 400);
        let names: Vec<&str> = kinds(info.kinds).collect();
        let mut said = BTreeMap::new();
        session
            .retell(1..401, &mut |step| said.extend(step.sent.iter().map(|packet| (packet.id, packet.kind))));
        for flight in chronicle(&*session).flights() {
            assert_eq!(names[usize::from(flight.kind)], said[&flight.packet]);
        }
    }
}

#[test]
fn the_phases_of_every_node_are_those_of_the_frames() {
    for info in PROTOCOLS {
        let mut session = troubled(info.key, 600);
        let chronicle = chronicle(&*session);
        for position in 0..=600 {
            session.seek(position);
            let frame = session.frame(Lens::ALL);
            for member in &frame.members {
                let Some(node) = member.id.node() else { continue };
                let phases = chronicle.phases(node);
                let now = phases.iter().rev().find(|phase| phase.since.position as usize <= position);
                let told = now.map_or((Status::Up, Tone::Plain), |phase| (phase.status, phase.tone));
                let tone = member.role.map_or(Tone::Plain, |role| role.tone);
                assert_eq!(told, (member.status, tone), "{} node {node} at {position}", info.key);
            }
            let cut = chronicle.turns().iter().rev().find(|turn| turn.spot.position as usize <= position);
            assert_eq!(cut.map_or(0, |turn| turn.still_cut), frame.cuts.len());
        }
    }
}

#[test]
fn signs_are_the_landmarks_and_more() {
    let session = troubled("raft", 1_500);
    let chronicle = chronicle(&*session);
    let count = |sign: Sign| chronicle.signs().iter().filter(|signed| signed.sign == sign).count();
    for mark in [Mark::Campaign, Mark::Elected, Mark::Crash, Mark::Commit] {
        let landmarks = session.marks().iter().filter(|landmark| landmark.mark == mark).count();
        assert!(0 < landmarks, "{mark:?}");
        assert_eq!(count(Sign::Landmark(mark)), landmarks, "{mark:?}");
    }
    assert!(0 < count(Sign::Restarted) && 0 < count(Sign::Paused) && 0 < count(Sign::Resumed));
    assert_eq!(count(Sign::Decided), session.decided().len());
}

#[test]
fn links_cut_one_after_the_other_at_one_instant_are_one_stroke() {
    let mut session = open("raft", vec![]);
    (0..20).for_each(|_| drop(session.step()));
    let now = session.time_at(20);
    for (from, to) in [(1, 2), (2, 1), (1, 3)] {
        session.act(now, Action::Cut(Link { from: node(from), to: node(to) })).unwrap();
    }
    session.act(now, Action::Heal(Link { from: node(2), to: node(1) })).unwrap();
    let chronicle = chronicle(&*session);
    let turns: Vec<(usize, bool, usize)> =
        chronicle.turns().iter().map(|turn| (turn.links.len(), turn.cut, turn.still_cut)).collect();
    assert_eq!(turns, [(3, true, 3), (1, false, 2)]);
}

#[test]
fn a_fork_has_the_traces_of_its_parent_up_to_where_it_left() {
    let mut session = troubled("raft", 300);
    let first = session.traces(0..301);
    session.seek(120);
    session.act(session.time_at(120), Action::Crash(node(2))).unwrap();
    (0..100).for_each(|_| drop(session.step()));
    session.seek(150);
    session.act(session.time_at(150), request(1)).unwrap();
    (0..40).for_each(|_| drop(session.step()));
    let third = session.traces(0..session.len() + 1);
    let shared = |traces: &[conclave::engine::trace::Trace]| {
        traces.iter().filter(|trace| trace.position <= 120).copied().collect::<Vec<_>>()
    };
    assert_eq!(shared(&first), shared(&third));
    assert!(third.iter().any(|trace| trace.position == 121
        && matches!(trace.what, Traced::Lives(_, Status::Down) | Traced::Lost(..))));
    assert!(third.windows(2).all(|pair| pair[0].position <= pair[1].position));
    let chronicle = chronicle(&*session);
    let found = ends_by_retelling(&*session);
    for flight in chronicle.flights() {
        assert_eq!((flight.sent, flight.end), found[&flight.packet]);
    }
    // Where one looks from does not matter, and a stretch is a part of the whole.
    session.seek(10);
    assert_eq!(session.traces(0..session.len() + 1), third);
    let part: Vec<_> = third.iter().filter(|trace| (100..160).contains(&trace.position)).copied().collect();
    assert_eq!(session.traces(100..160), part);
    session.switch(0);
    assert_eq!(session.traces(0..301), first);
}

#[test]
fn what_is_taken_back_leaves_no_trace() {
    let mut session = troubled("raft", 200);
    let before = session.traces(0..151);
    session.rewind(150);
    assert_eq!(session.traces(0..usize::MAX), before);
}

#[test]
fn telling_again_moves_nothing() {
    let mut session = troubled("paxos", 200);
    session.seek(130);
    let (digest, frame) = (session.digest(), session.frame(Lens::ALL));
    let mut heard = Vec::new();
    session.retell(90..170, &mut |step| heard.push((step.position, step.at)));
    let expected: Vec<(usize, Micros)> = (90..170).map(|place| (place, session.time_at(place))).collect();
    assert_eq!(heard, expected);
    assert_eq!((session.digest(), session.frame(Lens::ALL)), (digest, frame));
    session.retell(500..600, &mut |_| unreachable!("nothing is there"));
}

#[test]
fn a_chronicle_grows_to_the_same_and_finds_what_reaches_into_a_stretch() {
    let session = troubled("raft", 2_000);
    let whole = chronicle(&*session);
    let mut grown = Chronicle::default();
    for start in (0..=2_000).step_by(37) {
        grown.extend(session.traces(start..(start + 37).min(2_001)));
    }
    assert_eq!(grown.flights(), whole.flights());
    assert_eq!((grown.signs(), grown.turns()), (whole.signs(), whole.turns()));
    for position in (0..2_000).step_by(61) {
        let before = |spot: Spot| spot.position < position;
        let left = whole.left_in(before, |spot| position + 50 < spot.position);
        let mut found: Vec<_> = whole.reaching_into(left.start, before).map(|flight| flight.packet).collect();
        found.sort_unstable();
        let reaches = |flight: &&conclave::engine::chronicle::Flight| {
            flight.sent.position < position && flight.end.spot().is_none_or(|spot| position <= spot.position)
        };
        let mut expected: Vec<_> =
            whole.flights().iter().filter(reaches).map(|flight| flight.packet).collect();
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert!(
            whole.flights()[left]
                .iter()
                .all(|flight| (position..=position + 50).contains(&flight.sent.position))
        );
    }
}
