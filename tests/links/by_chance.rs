//! Runs in which a reader does everything that can be done, in any order, and goes back to do something else.

use super::{assert_same, opened};
use conclave::engine::action::{Action, Ask, Filter, Forged, Knob};
use conclave::engine::frame::{Lens, Status};
use conclave::engine::ids::{ClientId, Link, MemberId, Micros, NodeId, TimerId};
use conclave::engine::options::{LATENCY, LOSS, OptionValue, Options};
use conclave::engine::plain::Plain;
use conclave::engine::session::Session;
use conclave::link::run::{record, write};
use conclave::protocols::{Opening, PROTOCOLS, ProtocolInfo};
use conclave::scenario::file::Scenario;
use conclave::scenario::scope::Scope;
use conclave::scenario::state::State;
use conclave::scenario::{run, write as file};

/// How often somebody does something.
const MOVES: u64 = 120;
/// How many runs of each protocol.
const RUNS: u64 = 40;

/// A run by chance, where its last move left it; and what it began with.
pub fn run(protocol: &'static ProtocolInfo, seed: u64) -> (Box<dyn Session>, Opening) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut options = Options::defaults(protocol.options);
    let fast = OptionValue::Span(Micros::ZERO, Micros::from_ms(3 * dice.roll(20)));
    options.set(&conclave::engine::options::ENGINE[LATENCY], LATENCY, fast).unwrap();
    let opening = Opening {
        nodes: 1 + dice.roll(9) as u8,
        seed,
        options,
        variant: dice.roll(protocol.variants.len() as u64) as usize,
        start: vec![],
        down: vec![],
    };
    let mut session = (protocol.open)(&opening).unwrap();
    for _ in 0..MOVES {
        dice.roll_on(&mut *session, protocol, opening.nodes);
    }
    (session, opening)
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        // An xorshift: chance enough for a test that tries everything many times.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % sides.max(1)
    }

    fn roll_on(&mut self, session: &mut dyn Session, protocol: &ProtocolInfo, nodes: u8) {
        match self.roll(8) {
            0 | 1 => (0..self.roll(30)).for_each(|_| drop(session.step())),
            2 if self.roll(4) == 0 => session.seek(self.roll(1 + session.len() as u64) as usize),
            3 if self.roll(6) == 0 => session.switch(self.roll(session.branches().0.len() as u64) as usize),
            _ => {
                let here = session.time_at(session.position());
                let later = here.after(Micros(self.roll(2) * self.roll(40_000)));
                // Time does not pass over what is due; but what is due at this very instant may wait.
                let at = if session.next_at().is_none_or(|due| later < due) { later } else { here };
                let action = self.action(session, protocol, nodes);
                // Much of it is refused, as it may be.
                let _ = session.act(at, action);
            }
        }
    }

    fn action(&mut self, session: &dyn Session, protocol: &ProtocolInfo, nodes: u8) -> Action {
        let frame = session.frame(Lens { first: 1, count: 0, fields: false });
        let node = NodeId::new(1 + self.roll(nodes.into()) as u8).unwrap();
        let other = NodeId::new(1 + self.roll(nodes.into()) as u8).unwrap();
        let link = Link { from: node, to: other };
        let packet =
            frame.packets.get(self.roll(frame.packets.len() as u64) as usize).map(|packet| packet.id);
        let member = &frame.members[self.roll(frame.members.len() as u64) as usize];
        match (self.roll(16), packet) {
            (0, Some(packet)) => Action::Deliver(packet),
            (1, Some(packet)) => Action::Drop(packet),
            (2, Some(packet)) => Action::Duplicate(packet),
            (3, Some(packet)) => Action::Delay(packet, Micros(self.roll(100_000))),
            (4, _) => Action::Fire(member.id, TimerId(self.roll(2) as u8)),
            (5, _) => match member.timers.first() {
                Some(timer) => Action::Wind(member.id, timer.timer, timer.range.0),
                None => Action::Crash(node),
            },
            (6, _) if member.status == Status::Up => Action::Crash(node),
            (6 | 7, _) => Action::Restart(node),
            (8, _) => Action::Pause(node),
            (9, _) => Action::Resume(node),
            (10, _) if node != other => Action::Cut(link),
            (11, _) if node != other => Action::Heal(link),
            (12, _) => {
                let client = ClientId::new(1 + self.roll(3) as u8).unwrap();
                let seq = (self.roll(3) == 0).then(|| 1 + self.roll(9) as u32);
                let command = format!("k={}", self.roll(5)).as_str().into();
                Action::Request(Box::new(Ask { client, node, command, seq }))
            }
            (13, _) => {
                let kind = (self.roll(2) == 0).then(|| protocol.kinds[0].to_string());
                let filter = Box::new(Filter { kind, from: Some(node.into()), to: None });
                if self.roll(2) == 0 { Action::Filter(filter) } else { Action::Unfilter(filter) }
            }
            (14, _) => Action::Set(Box::new(match self.roll(2) {
                0 => Knob::Option(LOSS, OptionValue::Chance(self.roll(300_000) as u32)),
                _ => Knob::Variant(self.roll(protocol.variants.len() as u64) as usize),
            })),
            (15, _) if node != other => {
                let fields = [("term", Plain::Int(self.roll(4) as i64)), ("ballot", Plain::from("3·1"))];
                let kind = protocol.kinds[self.roll(protocol.kinds.len() as u64) as usize].to_string();
                Action::Inject(Box::new(Forged { from: node, to: other, kind, fields: Plain::map(fields) }))
            }
            _ => Action::Fire(MemberId::Node(node), TimerId(0)),
        }
    }
}

#[test]
fn whatever_a_reader_does_the_link_does_it_again() {
    for protocol in PROTOCOLS {
        let mut branches = 0;
        for seed in 0..RUNS {
            let (session, opening) = run(protocol, seed);
            let now = session.time_at(session.position()).after(Micros(seed));
            let link = write(&record(&*session, protocol, opening, now));
            assert_same(&*session, &*opened(&link).0);
            branches = branches.max(session.branches().0.len());
        }
        assert!(3 < branches, "{} never went back", protocol.key);
    }
}

#[test]
fn whatever_a_reader_does_the_saved_file_does_it_again() {
    for protocol in PROTOCOLS {
        for seed in 0..RUNS {
            let (session, opening) = run(protocol, seed);
            let now = session.time_at(session.position());
            let deeds = file::deeds(&session.recorded(), now);
            let volatile = Scope::new(protocol, opening.nodes).volatile;
            let state = State {
                session: &*session,
                show: None,
                logs: true,
                protocol: protocol.key,
                now,
                volatile: &volatile,
            };
            let told = ["a line".to_string(), "another".to_string()];
            let text =
                file::test(file::scenario(protocol, &opening, &deeds), &state.to_json(), &told).to_string();
            let finished = run::run(&Scenario::parse(text.as_bytes()).unwrap()).unwrap();
            assert_eq!(finished.broken, None, "{text}");
            assert_eq!(finished.failed, vec![], "{text}");
            let again = finished.runner.session();
            assert_eq!((again.position(), again.digest()), (session.position(), session.digest()), "{text}");
        }
    }
}
