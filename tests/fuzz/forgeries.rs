//! What anybody could forge, protocol by protocol: with numbers from the middle and from both ends, and states to
//! begin in that could never arise.

use crate::Fuzzed;
use conclave::engine::ids::{ClientId, MAX_CLIENTS, MAX_NODES, NodeId};
use conclave::engine::plain::Plain;
use conclave::protocols::multi_paxos::MultiPaxos;
use conclave::protocols::paxos::Paxos;
use conclave::protocols::raft::Raft;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn number() -> impl Strategy<Value = Plain> {
    let interesting = prop_oneof![Just(0), Just(63), Just(64), Just(65), Just(19_999), Just(20_000)];
    let extreme = prop_oneof![Just(999_999_999), Just(1_000_000_000), Just(1_000_000_001), Just(-1)];
    prop_oneof![30 => 0..8_i64, 5 => interesting, 1 => extreme, 1 => any::<i64>()].prop_map(Plain::Int)
}

pub fn node() -> impl Strategy<Value = NodeId> {
    (1..=MAX_NODES).prop_map(|number| NodeId::new(number).unwrap())
}

pub fn client() -> impl Strategy<Value = ClientId> {
    (1..=MAX_CLIENTS).prop_map(|number| ClientId::new(number).unwrap())
}

pub fn command() -> impl Strategy<Value = String> {
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

/// A slot, with something in it.
fn placed(what: impl Strategy<Value = Plain>) -> impl Strategy<Value = Plain> {
    (number(), what).prop_map(|(slot, what)| match what {
        Plain::Map(mut fields) => {
            fields.insert(0, ("slot".to_string(), slot));
            Plain::Map(fields)
        }
        what => what,
    })
}

fn ordered(origin: Option<(u8, Plain)>, mut fields: Vec<(&'static str, Plain)>) -> Plain {
    if let Some((client, seq)) = origin {
        fields.extend([("client", client.into()), ("seq", seq)]);
    }
    Plain::map(fields)
}

/// A command, sometimes one that changes who votes.
fn log_command() -> impl Strategy<Value = Plain> {
    let text = prop_oneof![8 => command(), 1 => "members=[1-9](,[1-9]){0,3}", 1 => Just(String::new())];
    (text, option::of((1..=8_u8, number())))
        .prop_map(|(text, origin)| ordered(origin, vec![("command", text.as_str().into())]))
}

fn log_vote() -> impl Strategy<Value = Plain> {
    (ballot(), log_command()).prop_map(|(ballot, command)| match command {
        Plain::Map(mut fields) => {
            fields.insert(0, ("ballot".to_string(), ballot));
            Plain::Map(fields)
        }
        command => command,
    })
}

fn members() -> impl Strategy<Value = Plain> {
    (number(), vec(1..=14_u8, 0..4)).prop_map(|(from, members)| {
        Plain::map([("from", from), ("members", members.into_iter().map(Plain::from).collect())])
    })
}

fn snapshot() -> impl Strategy<Value = Plain> {
    let key = command().prop_map(|value| Plain::Map(vec![("x".to_string(), value.as_str().into())]));
    let session = (1..=8_u8, number()).prop_map(|origin| ordered(Some(origin), Vec::new()));
    (number(), key, vec(session, 0..3), vec(members(), 0..3)).prop_map(|(last, value, sessions, members)| {
        let (sessions, members) = (Plain::List(sessions), Plain::List(members));
        Plain::map([("last", last), ("value", value), ("sessions", sessions), ("members", members)])
    })
}

fn items(of: impl Strategy<Value = Plain>) -> impl Strategy<Value = Plain> {
    vec(of, 0..4).prop_map(Plain::List)
}

impl Fuzzed for MultiPaxos {
    fn start() -> BoxedStrategy<Plain> {
        let promised = option::of(ballot()).prop_map(Option::unwrap_or_default);
        let snapshot = option::weighted(0.2, snapshot()).prop_map(Option::unwrap_or_default);
        (number(), promised, items(placed(log_vote())), items(placed(log_command())), snapshot)
            .prop_map(|(round, promised, accepted, chosen, snapshot)| {
                let durable = [("round", round), ("promised", promised), ("accepted", accepted)];
                Plain::map(durable.into_iter().chain([("chosen", chosen), ("snapshot", snapshot)]))
            })
            .boxed()
    }

    fn forgery() -> BoxedStrategy<(&'static str, Plain)> {
        let named = |kind: &'static str, one: &'static str, other: &'static str| {
            (ballot(), number(), number()).prop_map(move |(ballot, first, second)| {
                let fields = [("ballot", ballot), (one, first), (other, second)];
                (kind, Plain::map(fields.into_iter().filter(|(name, _)| !name.is_empty())))
            })
        };
        let promise =
            (ballot(), number(), items(placed(log_vote())), items(placed(log_command())), snapshot());
        let promise = promise.prop_map(|(ballot, from, accepted, chosen, snapshot)| {
            let fields = [("ballot", ballot), ("from", from), ("accepted", accepted), ("chosen", chosen)];
            ("Promise", Plain::map(fields.into_iter().chain([("snapshot", snapshot)])))
        });
        let nack = (ballot(), ballot()).prop_map(|(ballot, promised)| {
            ("Nack", Plain::map([("ballot", ballot), ("promised", promised)]))
        });
        let learn = (number(), items(log_command()), number()).prop_map(|(slot, commands, next)| {
            ("Learn", Plain::map([("slot", slot), ("commands", commands), ("next", next)]))
        });
        let request = number().prop_map(|from| ("LearnRequest", Plain::map([("from", from)])));
        prop_oneof![
            2 => named("Prepare", "from", ""),
            3 => promise,
            1 => nack,
            4 => placed(log_vote()).prop_map(|vote| ("Accept", vote)),
            4 => named("Accepted", "slot", ""),
            1 => named("Commit", "upto", ""),
            1 => named("Heartbeat", "commit", "read_seq"),
            1 => named("HeartbeatAck", "applied", "read_seq"),
            1 => request,
            1 => learn,
            1 => snapshot().prop_map(|snapshot| ("Snapshot", snapshot)),
        ]
        .boxed()
    }
}
