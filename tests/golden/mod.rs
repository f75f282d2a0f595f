//! Golden runs: a fixed script of faults for every protocol, and one number that stands for all states on the way.
//!
//! Shared by the native and the wasm test, which must find the same numbers. They change when a protocol, the bus
//! or the random streams change; then shared links tell another story, so the format's version is raised as well.

use conclave::engine::action::{Action, Ask, Filter, Knob};
use conclave::engine::digest::digest_of;
use conclave::engine::frame::Lens;
use conclave::engine::ids::{ClientId, Link, MemberId, Micros, NodeId};
use conclave::engine::options::{DUPLICATE, LATENCY, LOSS, OptionValue, Options, REORDER};
use conclave::engine::session::Session;
use conclave::protocols::{Opening, find};

/// A run: protocol, nodes, seed, weather.
pub type Run = (&'static str, u8, u64, Weather);

/// How the network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// As it is at first.
    Fair,
    /// Some packets are lost, some come twice.
    Rough,
    /// Packets keep their order, and fly for longer than an election takes.
    Slow,
}

/// What each run comes to.
pub const GOLDEN: [(Run, u64); 18] = [
    (("raft", 3, 1, Weather::Fair), 0x07a3abf55b602323),
    (("raft", 5, 42, Weather::Fair), 0x72bac6676ec87030),
    (("raft", 5, 7, Weather::Rough), 0xb59fa7189036bcb4),
    (("raft", 4, 99, Weather::Slow), 0xdeaddb1a1714319d),
    (("raft", 9, u64::MAX, Weather::Rough), 0x7ed3585c9c1965ba),
    (("raft", 1, 0, Weather::Fair), 0x1df260a662a76618),
    (("paxos", 3, 1, Weather::Fair), 0x2e03c961b33d0f5d),
    (("paxos", 5, 42, Weather::Fair), 0x29f9fd93b7eddbfd),
    (("paxos", 5, 7, Weather::Rough), 0xef9d93fb2ca1d60e),
    (("paxos", 4, 99, Weather::Slow), 0x308d989455b47c68),
    (("paxos", 13, u64::MAX, Weather::Rough), 0x54cef1ec94b44fbf),
    (("paxos", 1, 0, Weather::Fair), 0xf68f17c6704b37d1),
    (("multi_paxos", 3, 1, Weather::Fair), 0xf027a9b81587632d),
    (("multi_paxos", 5, 42, Weather::Fair), 0x930a2a8b3b901a81),
    (("multi_paxos", 5, 7, Weather::Rough), 0xdee997c52ba27dae),
    (("multi_paxos", 4, 99, Weather::Slow), 0x272dd59b078f68cb),
    (("multi_paxos", 9, u64::MAX, Weather::Rough), 0x5cb88622613c90aa),
    (("multi_paxos", 1, 0, Weather::Fair), 0xa06a9c3597b76605),
];

/// Begins a run.
pub fn open(run: Run) -> Box<dyn Session> {
    let (key, nodes, seed, weather) = run;
    let protocol = find(key).unwrap();
    let mut options = Options::defaults(protocol.options);
    let settings: &[(usize, OptionValue)] = match weather {
        Weather::Fair => &[],
        Weather::Rough => &[(LOSS, OptionValue::Chance(50_000)), (DUPLICATE, OptionValue::Chance(50_000))],
        Weather::Slow => &[
            (LATENCY, OptionValue::Span(Micros::from_ms(60), Micros::from_ms(90))),
            (REORDER, OptionValue::Flag(false)),
        ],
    };
    for (place, value) in settings {
        options.set(&conclave::engine::options::ENGINE[*place], *place, *value).unwrap();
    }
    (protocol.open)(&Opening { nodes, seed, options, variant: 0, start: vec![], down: vec![] }).unwrap()
}

/// Plays the script to its end; returns a number that stands for every state and instant on the way.
pub fn play(session: &mut dyn Session, nodes: u8) -> u64 {
    let mut fold = digest_of(&session.digest());
    for round in 0..80_u64 {
        let now = Micros::from_ms(round * 50);
        while session.next_at().is_some_and(|at| at <= now) && session.step().is_ok() {
            fold = folded(fold, session);
        }
        for action in script(session, round, nodes) {
            // What cannot happen now is part of the script: it must be refused everywhere alike.
            let refused = session.act(now, action).is_err();
            fold = digest_of(&(folded(fold, session), refused));
        }
    }
    fold
}

fn folded(fold: u64, session: &dyn Session) -> u64 {
    digest_of(&(fold, session.digest(), session.time_at(session.position()).0))
}

/// What is done by hand in a round: every kind of action has its turn, spread over the nodes.
fn script(session: &dyn Session, round: u64, nodes: u8) -> Vec<Action> {
    let count = u64::from(nodes);
    let node = |number: u64| NodeId::new((number % count) as u8 + 1).unwrap();
    let link = Link { from: node(round), to: node(round / 7 + 1) };
    let filter = Filter { from: Some(MemberId::Node(node(3))), ..Filter::default() };
    let frame = session.frame(Lens { first: 1, count: 0, fields: false });
    let packet = frame.packets.get(round as usize % 5).map(|packet| packet.id);
    let by_hand = match round % 13 {
        0 => packet.map(Action::Duplicate),
        1 => Some(Action::Crash(node(round / 13))),
        2 => packet.map(|packet| Action::Delay(packet, Micros(12_345))),
        3 => Some(Action::Cut(link)),
        4 => packet.map(Action::Drop),
        5 => Some(Action::Restart(node(round / 13))),
        6 => Some(Action::Pause(node(round / 13 + 2))),
        7 => packet.map(Action::Deliver),
        8 => frame.cuts.first().map(|cut| Action::Heal(*cut)),
        9 => Some(Action::Resume(node(round / 13 + 2))),
        10 => Some(Action::Filter(Box::new(filter))),
        11 => Some(Action::Unfilter(Box::new(filter))),
        _ => Some(Action::Set(Box::new(Knob::Option(DUPLICATE, OptionValue::Chance(100_000))))),
    };
    let command = format!("x={round}");
    let client = ClientId::new((round % 2) as u8 + 1).unwrap();
    let ask = Ask { client, node: node(round), command: command.as_str().into(), seq: None };
    by_hand.into_iter().chain((round % 4 == 3).then(|| Action::Request(Box::new(ask)))).collect()
}
