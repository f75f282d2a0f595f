//! Whatever arrives in whatever order, nothing panics: neither a protocol that is fed arbitrary messages, nor the
//! words that are made of what it does, nor a session that is called in any order.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::action::{Action, Ask, Forged, Knob};
use conclave::engine::describe::Described;
use conclave::engine::frame::Lens;
use conclave::engine::history::Lab;
use conclave::engine::ids::{ClientId, Link, MAX_CLIENTS, MemberId, Micros, NodeId, PacketId, TimerId};
use conclave::engine::plain::Plain;
use conclave::engine::session::Session;
use conclave::engine::world::Setup;
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_message_makes_a_server_panic(
        nodes in 1..=9_u8,
        seed: u64,
        variant in 0..5_usize,
        starts in vec(option::of(start()), 9),
        calls in vec(prop_oneof![
            3 => forged().prop_map(Call::Act),
            2 => Just(Call::Deliver(0)),
            2 => (0..64_usize).prop_map(Call::Deliver),
            2 => action().prop_map(Call::Act),
            1 => (1..4_u8).prop_map(Call::Step),
        ], 0..200),
    ) {
        let mut lab = Lab::new(&setup(nodes, seed, variant, &starts));
        for call in &calls {
            perform(&mut lab, call);
            words_are_whole(&lab);
        }
        let _ = lab.frame(Lens::ALL);
    }

    #[test]
    fn no_order_of_calls_makes_a_session_panic(
        nodes in 1..=5_u8,
        seed: u64,
        calls in vec(prop_oneof![
            3 => action().prop_map(Call::Act),
            3 => (1..90_u8).prop_map(Call::Step),
            2 => (0..300_usize).prop_map(Call::Seek),
            1 => (0..300_usize).prop_map(Call::Rewind),
            1 => (0..8_usize).prop_map(Call::Switch),
        ], 0..120),
    ) {
        let mut lab = Lab::new(&setup(nodes, seed, 0, &[]));
        let mut model = Model::of(&lab);
        for call in &calls {
            model.follow(&mut lab, call);
        }
        model.all_branches_are_as_they_were(&mut lab);
    }
}

fn setup(nodes: u8, seed: u64, variant: usize, starts: &[Option<Plain>]) -> Setup<Raft> {
    let mut setup = Setup::new(nodes, seed);
    setup.variant = variant;
    let given = NodeId::all(nodes).zip(starts).filter_map(|(node, start)| Some((node, start.as_ref()?)));
    setup.start = given.filter_map(|(node, fields)| Some((node, Raft::read_start(fields).ok()?))).collect();
    setup
}

fn perform(lab: &mut Lab<Raft>, call: &Call) {
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
fn words_are_whole(lab: &Lab<Raft>) {
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
    fn of(lab: &Lab<Raft>) -> Model {
        Model { branches: vec![vec![lab.digest()]], branch: 0, position: 0 }
    }

    fn follow(&mut self, lab: &mut Lab<Raft>, call: &Call) {
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
    fn compare(&mut self, lab: &Lab<Raft>) {
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

    fn all_branches_are_as_they_were(&self, lab: &mut Lab<Raft>) {
        for (branch, digests) in self.branches.iter().enumerate() {
            lab.switch(branch);
            for (position, digest) in digests.iter().enumerate().rev() {
                lab.seek(position);
                assert_eq!(lab.digest(), *digest, "branch {branch}, position {position}");
            }
        }
    }
}

fn keeps_its_own_promises(lab: &Lab<Raft>) {
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
    (1..=9_u8).prop_map(|number| NodeId::new(number).unwrap())
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

fn start() -> impl Strategy<Value = Plain> {
    let snapshot = prop_oneof![
        4 => Just(Plain::Null),
        1 => (number(), number()).prop_map(|(index, term)| Plain::map([("index", index), ("term", term)])),
    ];
    (number(), option::of(1..=9_u8), entries(), snapshot, number()).prop_map(
        |(term, vote, log, snapshot, commit)| {
            Plain::map([
                ("term", term),
                ("voted_for", vote.into()),
                ("log", log),
                ("snapshot", snapshot),
                ("commit", commit),
            ])
        },
    )
}

fn forged() -> impl Strategy<Value = Action> {
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
    (node(), node(), prop_oneof![vote, vote_reply, append, append_reply]).prop_map(
        |(from, to, (kind, fields))| {
            Action::Inject(Box::new(Forged { from, to, kind: kind.to_string(), fields }))
        },
    )
}

fn action() -> impl Strategy<Value = Action> {
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
        4 => (owner, 0..3_u8).prop_map(|(owner, timer)| Action::Fire(owner, TimerId(timer))),
        2 => (node(), 0..3_u8, 0..400_u64).prop_map(|(node, timer, ms)| {
            Action::Wind(node.into(), TimerId(timer), Micros::from_ms(ms))
        }),
        1 => node().prop_map(Action::Crash),
        2 => node().prop_map(Action::Restart),
        1 => node().prop_map(Action::Pause),
        2 => node().prop_map(Action::Resume),
        1 => link().prop_map(Action::Cut),
        1 => link().prop_map(Action::Heal),
        4 => ask,
        1 => (0..7_usize).prop_map(|variant| Action::Set(Box::new(Knob::Variant(variant)))),
    ]
}
