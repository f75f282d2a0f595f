//! Whatever arrives in whatever order, nothing panics: neither a protocol that is fed arbitrary messages, nor the
//! words that are made of what it does, nor a session that is called in any order.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod forgeries;

use conclave::engine::action::{Action, Ask, Forged, Knob};
use conclave::engine::check::Checked;
use conclave::engine::frame::Lens;
use conclave::engine::history::Lab;
use conclave::engine::ids::{Link, MAX_NODES, MemberId, Micros, NodeId, PacketId, TimerId};
use conclave::engine::options::{ENGINE, ENGINE_OPTIONS, OptionValue};
use conclave::engine::plain::Plain;
use conclave::engine::protocol::Protocol;
use conclave::engine::session::Session;
use conclave::engine::world::Setup;
use conclave::protocols::PROTOCOLS;
use conclave::protocols::multi_paxos::MultiPaxos;
use conclave::protocols::paxos::Paxos;
use conclave::protocols::raft::Raft;
use conclave::text::{Lang, Text};
use forgeries::{client, command, node};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// What is done to a run. Numbers that name something that is not there are part of the test.
#[derive(Clone, Debug)]
enum Call {
    Act(Action),
    /// The packet with this place among those in flight arrives.
    Deliver(usize),
    Step(u8),
    Seek(usize),
    Rewind(usize),
    Switch(usize),
}

/// A protocol that is fed whatever it might not expect.
trait Fuzzed: Checked {
    /// A state to begin in, not always one that could arise.
    fn start() -> BoxedStrategy<Plain>;
    /// A message as anybody could forge it: its kind and its fields.
    fn forgery() -> BoxedStrategy<(&'static str, Plain)>;
}

/// What may be done to one node after another.
fn calls<P: Fuzzed>() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        3 => forged::<P>().prop_map(Call::Act),
        2 => Just(Call::Deliver(0)),
        2 => (0..64_usize).prop_map(Call::Deliver),
        2 => action::<P>().prop_map(Call::Act),
        1 => (1..4_u8).prop_map(Call::Step),
    ];
    vec(call, 0..200)
}

/// What may be done to a session.
fn walk<P: Fuzzed>() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        3 => action::<P>().prop_map(Call::Act),
        3 => (1..90_u8).prop_map(Call::Step),
        2 => (0..300_usize).prop_map(Call::Seek),
        1 => (0..300_usize).prop_map(Call::Rewind),
        1 => (0..8_usize).prop_map(Call::Switch),
    ];
    vec(call, 0..120)
}

fn play<P: Fuzzed>(nodes: u8, seed: u64, variant: usize, starts: &[Option<Plain>], calls: &[Call]) {
    let mut lab = Lab::new(&setup::<P>(nodes, seed, variant % P::VARIANTS.len(), starts));
    for call in calls {
        perform(&mut lab, call);
        words_are_whole(&lab);
    }
    let _ = lab.frame(Lens::ALL);
}

fn go_about<P: Fuzzed>(nodes: u8, seed: u64, calls: &[Call]) {
    let mut lab = Lab::new(&setup::<P>(nodes, seed, 0, &[]));
    let mut model = Model::of(&lab);
    for call in calls {
        model.follow(&mut lab, call);
    }
    model.all_branches_are_as_they_were(&mut lab);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_message_makes_a_raft_server_panic(
        nodes in 1..=9_u8,
        seed: u64,
        variant: usize,
        starts in vec(option::of(Raft::start()), 9),
        calls in calls::<Raft>(),
    ) {
        play::<Raft>(nodes, seed, variant, &starts, &calls);
    }

    #[test]
    fn no_message_makes_a_paxos_node_panic(
        nodes in 1..=MAX_NODES,
        seed: u64,
        variant: usize,
        starts in vec(option::of(Paxos::start()), 13),
        calls in calls::<Paxos>(),
    ) {
        play::<Paxos>(nodes, seed, variant, &starts, &calls);
    }

    #[test]
    fn no_message_makes_a_multi_paxos_server_panic(
        nodes in 1..=9_u8,
        seed: u64,
        variant: usize,
        starts in vec(option::of(MultiPaxos::start()), 9),
        calls in calls::<MultiPaxos>(),
    ) {
        play::<MultiPaxos>(nodes, seed, variant, &starts, &calls);
    }

    #[test]
    fn no_order_of_calls_makes_a_session_panic(nodes in 1..=5_u8, seed: u64, calls in walk::<Raft>()) {
        go_about::<Raft>(nodes, seed, &calls);
    }

    #[test]
    fn no_order_of_calls_makes_a_paxos_session_panic(nodes in 1..=5_u8, seed: u64, calls in walk::<Paxos>()) {
        go_about::<Paxos>(nodes, seed, &calls);
    }

    #[test]
    fn no_order_of_calls_makes_a_multi_paxos_session_panic(
        nodes in 1..=5_u8,
        seed: u64,
        calls in walk::<MultiPaxos>(),
    ) {
        go_about::<MultiPaxos>(nodes, seed, &calls);
    }
}

#[test]
fn every_protocol_is_fuzzed() {
    let fuzzed = [<Raft as Protocol>::KEY, <Paxos as Protocol>::KEY, <MultiPaxos as Protocol>::KEY];
    assert!(PROTOCOLS.iter().map(|protocol| protocol.key).eq(fuzzed));
}

fn setup<P: Fuzzed>(nodes: u8, seed: u64, variant: usize, starts: &[Option<Plain>]) -> Setup<P> {
    let mut setup = Setup::new(nodes, seed);
    setup.variant = variant;
    let given = NodeId::all(nodes).zip(starts).filter_map(|(node, start)| Some((node, start.as_ref()?)));
    setup.start = given.filter_map(|(node, fields)| Some((node, P::read_start(fields).ok()?))).collect();
    setup
}

fn perform<P: Fuzzed>(lab: &mut Lab<P>, call: &Call) {
    match call {
        Call::Act(action) => {
            let now = lab.time_at(lab.position());
            let (before, digest) = (lab.position(), lab.digest());
            if lab.act(now, action.clone()).is_err() {
                assert_eq!(
                    (lab.position(), lab.digest()),
                    (before, digest),
                    "a refused action changes nothing"
                );
            }
        }
        Call::Deliver(place) => {
            let packets = lab.world().spine().packets();
            if let Some(packet) = packets.get(place % packets.len().max(1)).map(|packet| packet.id) {
                perform(lab, &Call::Act(Action::Deliver(packet)));
            }
        }
        Call::Step(times) => (0..*times).for_each(|_| {
            let _ = lab.step();
        }),
        Call::Seek(position) => lab.seek(*position),
        Call::Rewind(position) => lab.rewind(*position),
        Call::Switch(branch) => lab.switch(*branch),
    }
}

/// Every sentence has what its placeholders ask for, in both languages.
fn words_are_whole<P: Fuzzed>(lab: &Lab<P>) {
    let told = lab.tellings().into_iter().flat_map(|told| [Some(told.telling.text), told.telling.why]);
    for text in told.flatten().chain(Session::transcript(lab)) {
        is_whole(&text);
    }
    for broken in lab.violations() {
        is_whole(&broken.witness.text);
    }
}

fn is_whole(text: &Text) {
    for lang in [Lang::En, Lang::Zh] {
        for name in text.words.template(lang).split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let has = text.args.iter().any(|(arg, _)| *arg == name);
            assert!(has, "{} lacks {name}: {}", text.words.key, text.say(lang));
        }
    }
}

/// What a session must show: for every branch the digest after each number of actions.
struct Model {
    branches: Vec<Vec<u64>>,
    branch: usize,
    position: usize,
}

impl Model {
    fn of<P: Fuzzed>(lab: &Lab<P>) -> Model {
        Model { branches: vec![vec![lab.digest()]], branch: 0, position: 0 }
    }

    fn follow<P: Fuzzed>(&mut self, lab: &mut Lab<P>, call: &Call) {
        match call {
            Call::Step(times) => (0..*times).for_each(|_| {
                let _ = lab.step();
                self.compare(lab);
            }),
            call => {
                perform(lab, call);
                self.compare(lab);
            }
        }
    }

    /// Takes over where the session went, and checks it against what was there before.
    fn compare<P: Fuzzed>(&mut self, lab: &Lab<P>) {
        let (branches, branch) = lab.branches();
        for frame in branches.iter().skip(self.branches.len()) {
            let parent = &self.branches[frame.parent.unwrap_or_default()];
            self.branches.push(parent[..=frame.from].to_vec());
        }
        // A branch that was rewound to where it began is gone.
        self.branches.truncate(branches.len());
        (self.branch, self.position) = (branch, lab.position());
        let digests = &mut self.branches[branch];
        digests.truncate(lab.len() + 1);
        if digests.len() == lab.position() {
            digests.push(lab.digest());
        }
        assert_eq!(digests.len(), lab.len() + 1);
        assert_eq!(digests[lab.position()], lab.digest(), "position {}", lab.position());
        keeps_its_own_promises(lab);
    }

    fn all_branches_are_as_they_were<P: Fuzzed>(&self, lab: &mut Lab<P>) {
        for (branch, digests) in self.branches.iter().enumerate() {
            lab.switch(branch);
            for (position, digest) in digests.iter().enumerate().rev() {
                lab.seek(position);
                assert_eq!(lab.digest(), *digest, "branch {branch}, position {position}");
            }
        }
    }
}

fn keeps_its_own_promises<P: Fuzzed>(lab: &Lab<P>) {
    let (position, len) = (lab.position(), lab.len());
    assert!(position <= len);
    let (branches, branch) = lab.branches();
    assert_eq!(branches[branch].len, len);
    for frame in &branches {
        assert!(frame.from <= frame.len);
        assert!(frame.parent.is_none_or(|parent| frame.from <= branches[parent].len));
    }
    assert_eq!(lab.time_at(position), lab.world().now());
    assert!(lab.time_at(position) <= lab.time_at(len));
    assert!(lab.marks().windows(2).all(|pair| pair[0].position <= pair[1].position));
    assert!(lab.marks().iter().all(|mark| mark.position <= len));
    assert!(lab.captions(5).iter().all(|caption| caption.position <= position));
}

fn forged<P: Fuzzed>() -> impl Strategy<Value = Action> {
    (node(), node(), P::forgery()).prop_map(|(from, to, (kind, fields))| {
        Action::Inject(Box::new(Forged { from, to, kind: kind.to_string(), fields }))
    })
}

/// An option set to something, of its own kind or not.
fn knob<P: Fuzzed>() -> impl Strategy<Value = Knob> {
    (0..ENGINE_OPTIONS + P::OPTIONS.len() + 1, any::<u8>(), any::<bool>()).prop_map(|(place, number, on)| {
        let spec = ENGINE.iter().chain(P::OPTIONS).nth(place);
        let value = match spec.map(|spec| spec.default) {
            Some(OptionValue::Flag(_)) => OptionValue::Flag(on),
            Some(OptionValue::Choice(_, names)) => OptionValue::Choice(number % 4, names),
            Some(OptionValue::Span(..)) => {
                OptionValue::Span(Micros::from_ms(u64::from(number)), Micros::from_ms(u64::from(number) * 2))
            }
            Some(OptionValue::Time(_)) => OptionValue::Time(Micros::from_ms(u64::from(number))),
            _ => OptionValue::Count(number % 16),
        };
        Knob::Option(place, value)
    })
}

fn action<P: Fuzzed>() -> impl Strategy<Value = Action> {
    let owner = prop_oneof![4 => node().prop_map(MemberId::Node), 1 => client().prop_map(MemberId::Client)];
    let packet = || (0..40_u32).prop_map(PacketId);
    let link = || (node(), node()).prop_map(|(from, to)| Link { from, to });
    let ask = (client(), node(), command(), option::of(prop_oneof![0..9_u32, Just(u32::MAX)]));
    let ask = ask.prop_map(|(client, node, command, seq)| {
        Action::Request(Box::new(Ask { client, node, command: command.as_str().into(), seq }))
    });
    prop_oneof![
        1 => packet().prop_map(Action::Deliver),
        1 => packet().prop_map(Action::Drop),
        1 => packet().prop_map(Action::Duplicate),
        1 => (packet(), prop_oneof![0..90_000_u64, Just(u64::MAX)])
            .prop_map(|(packet, by)| Action::Delay(packet, Micros(by))),
        4 => (owner, 0..5_u8).prop_map(|(owner, timer)| Action::Fire(owner, TimerId(timer))),
        2 => (node(), 0..5_u8, 0..400_u64).prop_map(|(node, timer, ms)| {
            Action::Wind(node.into(), TimerId(timer), Micros::from_ms(ms))
        }),
        1 => node().prop_map(Action::Crash),
        2 => node().prop_map(Action::Restart),
        1 => node().prop_map(Action::Pause),
        2 => node().prop_map(Action::Resume),
        1 => link().prop_map(Action::Cut),
        1 => link().prop_map(Action::Heal),
        4 => ask,
        1 => (0..32_usize).prop_map(|variant| Action::Set(Box::new(Knob::Variant(variant)))),
        2 => knob::<P>().prop_map(|knob| Action::Set(Box::new(knob))),
    ]
}
