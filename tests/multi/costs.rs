//! What a command costs: as many messages as in Raft, kind for kind, and one round trip.

use conclave::engine::action::{Action, Ask, Happening};
use conclave::engine::ids::{ClientId, MemberId, Micros, NodeId, TimerId};
use conclave::engine::options::{ENGINE, LATENCY, OptionValue};
use conclave::engine::protocol::{Letter, Protocol};
use conclave::engine::world::{Setup, World};
use conclave::protocols::multi_paxos::MultiPaxos;
use conclave::protocols::raft::Raft;
use std::collections::BTreeMap;

/// What was sent between nodes by kind, and when clients were answered.
#[derive(Default)]
struct Traffic {
    kinds: BTreeMap<&'static str, usize>,
    answered: Vec<Micros>,
}

impl Traffic {
    fn of(&self, kinds: &[&str]) -> usize {
        kinds.iter().filter_map(|kind| self.kinds.get(kind)).sum()
    }
}

/// Node 1 is elected at once and takes so many commands, one every 37 ms.
fn traffic<P: Protocol>(nodes: u8, commands: u64) -> Traffic {
    let mut setup = Setup::<P>::new(nodes, 7);
    let flight = Micros::from_ms(10);
    setup.options.set(&ENGINE[LATENCY], LATENCY, OptionValue::Span(flight, flight)).unwrap();
    let mut world = World::new(&setup);
    let mut traffic = Traffic::default();
    let node = NodeId::new(1).unwrap();
    act(&mut world, Micros::ZERO, &Action::Fire(node.into(), TimerId(0)), &mut traffic);
    for turn in 0..commands {
        let at = Micros::from_ms(100 + 37 * turn);
        run(&mut world, at, &mut traffic);
        let ask =
            Ask { client: ClientId::FIRST, node, command: format!("x={turn}").as_str().into(), seq: None };
        act(&mut world, at, &Action::Request(Box::new(ask)), &mut traffic);
    }
    run(&mut world, Micros::from_ms(2_000), &mut traffic);
    traffic
}

fn run<P: Protocol>(world: &mut World<P>, end: Micros, traffic: &mut Traffic) {
    while let Some((at, action)) = world.next_due().filter(|(at, _)| *at <= end) {
        act(world, at, &action, traffic);
    }
}

fn act<P: Protocol>(world: &mut World<P>, at: Micros, action: &Action, traffic: &mut Traffic) {
    for happening in world.apply(at, action).unwrap().happenings {
        let Happening::Sent(packet, letter) = happening else { continue };
        match (&*letter, packet.to) {
            (Letter::Peer(message), _) => *traffic.kinds.entry(P::kind(message)).or_default() += 1,
            (Letter::Reply { .. }, MemberId::Client(_)) => traffic.answered.push(packet.sent_at),
            _ => {}
        }
    }
}

#[test]
fn commands_cost_the_same_messages_and_the_same_time_as_in_raft() {
    for nodes in [3, 5, 7] {
        for commands in [0, 1, 20] {
            let (raft, multi) = (traffic::<Raft>(nodes, commands), traffic::<MultiPaxos>(nodes, commands));
            assert_eq!(multi.of(&["Prepare"]), raft.of(&["RequestVote"]));
            assert_eq!(multi.of(&["Promise"]), raft.of(&["RequestVoteReply"]));
            assert_eq!(multi.of(&["Accept", "Heartbeat"]), raft.of(&["AppendEntries"]));
            assert_eq!(multi.of(&["Accepted", "HeartbeatAck"]), raft.of(&["AppendEntriesReply"]));
            assert_eq!(multi.of(&["Accept"]), commands as usize * usize::from(nodes - 1));
            assert_eq!(multi.kinds.len(), 5 + usize::from(0 < commands) * 2 - 1, "{:?}", multi.kinds);
            assert_eq!((multi.answered.len(), &multi.answered), (commands as usize, &raft.answered));
        }
    }
}
