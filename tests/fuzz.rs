//! Whatever arrives in whatever order, nothing panics: neither a protocol that is fed arbitrary messages, nor the
//! words that are made of what it does, nor a session that is called in any order.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::action::{Action, Ask, Forged, Knob};
use conclave::engine::describe::Described;
use conclave::engine::frame::Lens;
use conclave::engine::history::Lab;
use conclave::engine::ids::{
    ClientId, Link, MAX_CLIENTS, MAX_NODES, MemberId, Micros, NodeId, PacketId, TimerId,
};
use conclave::engine::options::{ENGINE, ENGINE_OPTIONS, OptionValue};
use conclave::engine::plain::Plain;
use conclave::engine::protocol::Protocol;
use conclave::engine::session::Session;
use conclave::engine::world::Setup;
use conclave::protocols::PROTOCOLS;
use conclave::protocols::paxos::Paxos;
use conclave::protocols::raft::Raft;
use conclave::text::{Lang, Text};
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
trait Fuzzed: Described {
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
    fn no_order_of_calls_makes_a_session_panic(nodes in 1..=5_u8, seed: u64, calls in walk::<Raft>()) {
        go_about::<Raft>(nodes, seed, &calls);
    }

    #[test]
    fn no_order_of_calls_makes_a_paxos_session_panic(nodes in 1..=5_u8, seed: u64, calls in walk::<Paxos>()) {
        go_about::<Paxos>(nodes, seed, &calls);
    }
}

#[test]
fn every_protocol_is_fuzzed() {
    let fuzzed = [<Raft as Protocol>::KEY, <Paxos as Protocol>::KEY];
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

// What may be done, with numbers from the middle and from both ends.

fn number() -> impl Strategy<Value = Plain> {
    let interesting = prop_oneof![Just(0), Just(63), Just(64), Just(65), Just(19_999), Just(20_000)];
    let extreme = prop_oneof![Just(999_999_999), Just(1_000_000_000), Just(1_000_000_001), Just(-1)];
    prop_oneof![30 => 0..8_i64, 5 => interesting, 1 => extreme, 1 => any::<i64>()].prop_map(Plain::Int)
}

fn node() -> impl Strategy<Value = NodeId> {
    (1..=MAX_NODES).prop_map(|number| NodeId::new(number).unwrap())
}

fn client() -> impl Strategy<Value = ClientId> {
    (1..=MAX_CLIENTS).prop_map(|number| ClientId::new(number).unwrap())
}

fn command() -> impl Strategy<Value = String> {
    prop_oneof![8 => "[a-c][=?]?[0-9]?", 1 => ".{0,70}"]
}

fn entry() -> impl Strategy<Value = Plain> {
    let full = (number(), command(), option::of((1..=8_u8, number()))).prop_map(|(term, command, origin)| {
        let mut fields = vec![("term", term), ("command", command.as_str().into())];
        if let Some((client, seq)) = origin {
            fields.extend([("client", client.into()), ("seq", seq)]);
        }
        Plain::map(fields)
    });
    prop_oneof![number(), full]
}

fn entries() -> impl Strategy<Value = Plain> {
    prop_oneof![20 => vec(entry(), 0..5), 1 => vec(entry(), 60..130)].prop_map(Plain::List)
}

impl Fuzzed for Raft {
    fn start() -> BoxedStrategy<Plain> {
        let snapshot = prop_oneof![
            4 => Just(Plain::Null),
            1 => (number(), number()).prop_map(|(index, term)| Plain::map([("index", index), ("term", term)])),
        ];
        (number(), option::of(1..=9_u8), entries(), snapshot, number())
            .prop_map(|(term, vote, log, snapshot, commit)| {
                Plain::map([
                    ("term", term),
                    ("voted_for", vote.into()),
                    ("log", log),
                    ("snapshot", snapshot),
                    ("commit", commit),
                ])
            })
            .boxed()
    }

    fn forgery() -> BoxedStrategy<(&'static str, Plain)> {
        let vote = (number(), 1..=9_u8, number(), number()).prop_map(|(term, candidate, index, last)| {
            let fields = [("term", term), ("candidate_id", candidate.into()), ("last_log_index", index)];
            ("RequestVote", Plain::map(fields.into_iter().chain([("last_log_term", last)])))
        });
        let vote_reply = (number(), any::<bool>()).prop_map(|(term, granted)| {
            ("RequestVoteReply", Plain::map([("term", term), ("vote_granted", granted.into())]))
        });
        let append = (number(), number(), number(), entries(), number()).prop_map(
            |(term, index, prev, entries, commit)| {
                let fields = [("term", term), ("prev_log_index", index), ("prev_log_term", prev)];
                let more = [("entries", entries), ("leader_commit", commit)];
                ("AppendEntries", Plain::map(fields.into_iter().chain(more)))
            },
        );
        let append_reply = (number(), any::<bool>(), number(), option::of((number(), number()))).prop_map(
            |(term, success, index, conflict)| {
                let mut fields = vec![("term", term), ("success", success.into()), ("match_index", index)];
                if let Some((term, index)) = conflict {
                    fields.extend([("conflict_term", term), ("conflict_index", index)]);
                }
                ("AppendEntriesReply", Plain::map(fields))
            },
        );
        prop_oneof![vote, vote_reply, append, append_reply].boxed()
    }
}

fn ballot() -> impl Strategy<Value = Plain> {
    let extreme = prop_oneof![Just(999_999_999_u64), Just(1_000_000_000), Just(1_000_000_001), any::<u64>()];
    let ballot = |(round, proposer): (u64, u8)| Plain::Text(format!("{round}·{proposer}"));
    prop_oneof![30 => 0..8_u64, 5 => 9..12_u64, 1 => extreme]
        .prop_flat_map(|round| (Just(round), 0..=14_u8))
        .prop_map(ballot)
}

fn vote() -> impl Strategy<Value = Plain> {
    (ballot(), command())
        .prop_map(|(ballot, value)| Plain::map([("ballot", ballot), ("value", value.as_str().into())]))
}

fn maybe_vote() -> impl Strategy<Value = Plain> {
    option::of(vote()).prop_map(Option::unwrap_or_default)
}

impl Fuzzed for Paxos {
    fn start() -> BoxedStrategy<Plain> {
        let want = option::of(command()).prop_map(|want| Plain::from(want.as_deref()));
        let promised = option::of(ballot()).prop_map(Option::unwrap_or_default);
        let start = |(round, promised, accepted, want)| {
            Plain::map([("round", round), ("promised", promised), ("accepted", accepted), ("want", want)])
        };
        (number(), promised, maybe_vote(), want).prop_map(start).boxed()
    }

    fn forgery() -> BoxedStrategy<(&'static str, Plain)> {
        let prepare = ballot().prop_map(|ballot| ("Prepare", Plain::map([("ballot", ballot)])));
        let promise = (ballot(), maybe_vote()).prop_map(|(ballot, accepted)| {
            ("Promise", Plain::map([("ballot", ballot), ("accepted", accepted)]))
        });
        let nack = (ballot(), ballot()).prop_map(|(ballot, promised)| {
            ("Nack", Plain::map([("ballot", ballot), ("promised", promised)]))
        });
        let votes = (prop_oneof![Just("Accept"), Just("Accepted"), Just("Learn")], vote());
        let query = Just(("Query", Plain::Map(Vec::new())));
        prop_oneof![2 => prepare, 3 => promise, 1 => nack, 6 => votes, 1 => query].boxed()
    }
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
