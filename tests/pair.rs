//! Two runs beside each other: one clock, the same hand, steps and branches that both share; and what each has cost.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::action::{Action, Ask, Knob, Rejected};
use conclave::engine::frame::{Frame, Lens, Status, Tone};
use conclave::engine::ids::{ClientId, Link, MemberId, Micros, NodeId, PacketId, TimerId};
use conclave::engine::options::{LATENCY, OptionValue, Options};
use conclave::engine::pair::{Pair, Run};
use conclave::engine::session::{Session, Side};
use conclave::protocols::{Opening, find};

fn node(number: u8) -> NodeId {
    NodeId::new(number).unwrap()
}

fn run(protocol: &str, variant: usize, seed: u64) -> Run {
    let protocol = find(protocol).unwrap();
    let options = Options::defaults(protocol.options);
    let opening = Opening { nodes: 5, seed, options, variant, start: Vec::new(), down: Vec::new() };
    Run { session: (protocol.open)(&opening).unwrap(), options: protocol.options }
}

fn pair(left: &str, right: &str, seed: u64) -> Pair {
    Pair::new(run(left, 0, seed), run(right, 0, seed))
}

fn frames(pair: &Pair) -> [Frame; 2] {
    [pair.frame(Lens::ALL), pair.beside().unwrap().frame(Lens::ALL)]
}

fn digests(pair: &Pair) -> (u64, u64) {
    (pair.digest(), pair.beside().unwrap().digest())
}

/// Lets the clock run to an instant.
fn run_to(pair: &mut Pair, at_ms: u64) {
    let at = Micros::from_ms(at_ms);
    while pair.next_at().is_some_and(|next| next <= at) {
        pair.step().unwrap();
    }
}

fn ask(number: u8, command: &str) -> Action {
    Action::Request(Box::new(Ask {
        client: ClientId::FIRST,
        node: node(number),
        command: command.into(),
        seq: None,
    }))
}

fn status(frame: &Frame, number: u8) -> Status {
    frame.node(node(number)).unwrap().status
}

#[test]
fn both_runs_go_on_one_clock_and_whatever_is_due_first_happens_first() {
    let mut pair = pair("raft", "paxos", 7);
    let mut last = Micros::ZERO;
    for _ in 0..2_000 {
        let Some(next) = pair.next_at() else { break };
        pair.step().unwrap();
        assert!(last <= next);
        assert_eq!(pair.time_at(pair.position()), next);
        last = next;
        for side in [pair.frame(Lens::ALL).now, pair.beside().unwrap().frame(Lens::ALL).now] {
            assert!(side <= last);
        }
    }
    assert!(!pair.beside().unwrap().is_empty(), "the right run went on too");
    assert!(pair.beside().unwrap().len() < pair.len());
}

#[test]
fn what_a_hand_does_happens_on_both_sides_as_one_step() {
    let (a, b) = (Link { from: node(1), to: node(4) }, Link { from: node(4), to: node(1) });
    let deeds = [
        Action::Crash(node(2)),
        Action::Restart(node(2)),
        Action::Pause(node(3)),
        Action::Resume(node(3)),
        Action::Cut(a),
        Action::Cut(b),
        Action::Heal(a),
        ask(1, "x=1"),
    ];
    for beside in [false, true] {
        let mut pair = pair("raft", "paxos", 3);
        run_to(&mut pair, 400);
        for (turn, deed) in deeds.iter().enumerate() {
            let (at, before, digests_before) =
                (Micros::from_ms(400 + turn as u64), pair.position(), digests(&pair));
            match beside {
                false => pair.act(at, deed.clone()).unwrap(),
                true => pair.act_beside(at, deed.clone()).unwrap(),
            }
            assert_eq!(pair.position(), before + 1, "{deed:?}");
            assert_eq!(pair.alone(), None, "{deed:?}");
            let [left, right] = frames(&pair);
            assert_eq!((left.now, right.now), (at, at));
            for number in 1..=5 {
                assert_eq!(status(&left, number), status(&right, number), "{deed:?}");
            }
            assert_eq!(left.cuts, right.cuts);
            let waits = |frame: &Frame| frame.members.iter().filter(|it| it.id.node().is_none()).count();
            assert_eq!(waits(&left), waits(&right));
            pair.seek(before);
            assert_eq!(digests(&pair), digests_before, "one step back takes both back: {deed:?}");
            pair.step().unwrap();
        }
    }
}

#[test]
fn what_has_no_twin_happens_on_one_side_and_is_said_so() {
    let mut pair = pair("raft", "paxos", 3);
    run_to(&mut pair, 250);
    let packet = pair.frame(Lens::ALL).packets.last().map(|packet| packet.id);
    let packet = packet.unwrap_or(PacketId(0));
    let (now, right) = (pair.time_at(usize::MAX), pair.beside().unwrap().digest());
    assert!(pair.frame(Lens::ALL).packets.iter().any(|flying| flying.id == packet), "something flies");
    pair.act(now, Action::Drop(packet)).unwrap();
    assert_eq!(pair.alone().unwrap().side, Side::Left);
    assert_eq!(pair.alone().unwrap().why, None, "there is no such packet");
    assert_eq!(pair.beside().unwrap().digest(), right);
    pair.seek(pair.position() - 1);
    assert_eq!(pair.alone(), None);
    assert!(pair.frame(Lens::ALL).packets.iter().any(|flying| flying.id == packet));
    // The rule that a variant breaks is what sets two runs apart.
    pair.seek(usize::MAX);
    pair.act_beside(now, Action::Set(Box::new(Knob::Variant(1)))).unwrap();
    assert_eq!(pair.alone(), None);
    assert_eq!((pair.settings().1, pair.beside().unwrap().settings().1), (0, 1));
    // What the other side refuses is told with its reason.
    pair.act_beside(
        now,
        Action::Set(Box::new(Knob::Option(LATENCY, OptionValue::Span(Micros(9), Micros(9))))),
    )
    .unwrap();
    assert_eq!(pair.alone(), None, "the bus is the same for both");
}

#[test]
fn what_either_side_refuses_by_itself_changes_nothing() {
    let mut pair = pair("raft", "paxos", 3);
    run_to(&mut pair, 500);
    pair.seek(pair.len() / 2);
    let before = (pair.position(), pair.len(), digests(&pair), pair.branches());
    let refused = [
        Action::Restart(node(1)),
        Action::Crash(node(9)),
        Action::Deliver(PacketId(u32::MAX)),
        Action::Fire(MemberId::Node(node(1)), TimerId(200)),
    ];
    for action in refused {
        let at = pair.time_at(pair.position());
        assert!(pair.act(at, action.clone()).is_err());
        assert!(pair.act_beside(at, action).is_err());
        assert_eq!((pair.position(), pair.len(), digests(&pair), pair.branches()), before);
    }
}

#[test]
fn a_packet_and_a_timer_have_twins_in_a_run_of_the_same_protocol() {
    let mut pair = Pair::new(run("raft", 0, 5), run("raft", 1, 5));
    run_to(&mut pair, 100);
    let election = pair.frame(Lens::ALL).node(node(4)).unwrap().timers[0];
    pair.act(Micros::from_ms(100), Action::Fire(node(4).into(), election.timer)).unwrap();
    assert_eq!(pair.alone(), None);
    let [left, right] = frames(&pair);
    assert_eq!(left.packets.len(), 4);
    assert_eq!(left.packets, right.packets, "the same seed, the same streams");
    let last = left.packets[3].id;
    pair.act_beside(Micros::from_ms(101), Action::Drop(last)).unwrap();
    let [left, right] = frames(&pair);
    assert_eq!((pair.alone(), left.packets.len(), right.packets.len()), (None, 3, 3));
    assert_eq!(left.lost, right.lost);
}

#[test]
fn without_a_difference_two_runs_never_differ() {
    let mut pair = pair("raft", "raft", 11);
    for turn in 0..60 {
        run_to(&mut pair, 50 * turn);
        let at = Micros::from_ms(50 * turn);
        let _ = match turn % 6 {
            0 => pair.act(at, ask(1 + (turn % 5) as u8, "x=1")),
            2 => pair.act(at, Action::Crash(node(1 + (turn / 6 % 5) as u8))),
            4 => pair.act_beside(at, Action::Restart(node(1 + (turn / 6 % 5) as u8))),
            _ => Ok(()),
        };
        let [left, right] = frames(&pair);
        let same = Frame { position: right.position, ..left };
        assert_eq!(same, right, "turn {turn}");
    }
    assert_eq!(pair.counts(), pair.beside().unwrap().counts());
}

/// A run in which much is done by hand on both sides.
fn busy(left: &str, right: &str, seed: u64) -> Pair {
    let mut pair = pair(left, right, seed);
    for turn in 0..24_u64 {
        let at_ms = 60 * (turn + 1);
        run_to(&mut pair, at_ms);
        let at = Micros::from_ms(at_ms);
        let target = node(1 + (turn % 5) as u8);
        let packet = pair.frame(Lens::ALL).packets.first().map(|packet| packet.id);
        let _ = match turn % 5 {
            0 => pair.act(at, ask(target.number(), "y=2")),
            1 => pair.act(at, Action::Crash(target)),
            2 => pair.act_beside(at, Action::Restart(node(1 + ((turn + 4) % 5) as u8))),
            3 => pair.act(at, Action::Drop(packet.unwrap_or(PacketId(0)))),
            _ => pair.act_beside(at, Action::Pause(target)),
        };
    }
    pair
}

#[test]
fn any_instant_can_be_gone_back_to_and_is_what_it_was() {
    for (left, right) in [("raft", "paxos"), ("paxos", "raft"), ("raft", "raft")] {
        let mut pair = busy(left, right, 9);
        let seen = |pair: &Pair| {
            let beside = pair.beside().unwrap();
            (digests(pair), pair.counts().cloned(), beside.counts().cloned(), pair.time_at(pair.position()))
        };
        pair.seek(0);
        let mut all = vec![seen(&pair)];
        while pair.position() < pair.len() {
            pair.step().unwrap();
            all.push(seen(&pair));
        }
        let len = pair.len();
        assert!(100 < len);
        for turn in 0..150 {
            let position = turn * 7919 % (len + 1);
            pair.seek(position);
            assert_eq!(seen(&pair), all[position], "{left} and {right} after {position}");
            let at = pair.time_at(position);
            let last = pair.position_at(at);
            assert!(position <= last && pair.time_at(last) == at);
            assert!(last == len || at < pair.time_at(last + 1));
        }
    }
}

#[test]
fn both_branch_together_and_keep_their_other_futures() {
    let mut pair = busy("raft", "paxos", 4);
    let (end, digests_at_end) = (pair.len(), digests(&pair));
    let mut ends = vec![(end, digests_at_end)];
    // A branch that only the left run could follow, one by both, one that leaves a branch, one that only the right could.
    for (turn, from) in [(0_u8, end / 2), (1, end / 3), (2, end / 3 + 1), (3, end / 4)] {
        pair.seek(from);
        let at = pair.time_at(from);
        let packet = |frame: &Frame| frame.packets.last().map(|packet| Action::Drop(packet.id));
        let [left, right] = frames(&pair);
        let acted = match turn {
            0 => packet(&left).map(|action| pair.act(at, action)),
            3 => packet(&right).map(|action| pair.act_beside(at, action)),
            _ => Some(pair.act(at, ask(3, "z=3"))),
        };
        if acted.is_none() {
            continue;
        }
        acted.unwrap().unwrap();
        run_to(&mut pair, 2_000);
        let (branches, branch) = pair.branches();
        assert_eq!(branch, branches.len() - 1);
        assert_eq!(branches[branch].from, from);
        assert_eq!(pair.beside().unwrap().branches().1, branch, "the right run is in the same branch");
        ends.push((pair.len(), digests(&pair)));
    }
    assert!(3 <= ends.len());
    for (branch, (len, digests_at_end)) in ends.iter().enumerate().rev() {
        pair.switch(branch);
        assert_eq!(
            (pair.len(), pair.position(), digests(&pair)),
            (*len, *len, *digests_at_end),
            "branch {branch}"
        );
    }
}

#[test]
fn what_is_taken_back_for_good_is_gone_on_both_sides() {
    let mut pair = busy("raft", "paxos", 6);
    let end = pair.len();
    pair.seek(end / 2);
    let (at, middle) = (pair.time_at(end / 2), digests(&pair));
    pair.act(at, Action::Cut(Link { from: node(1), to: node(2) })).unwrap();
    run_to(&mut pair, 3_000);
    for keep in [40, 3, 2, 1] {
        pair.rewind(end / 2 + keep);
        assert_eq!((pair.len(), pair.position()), (end / 2 + keep, end / 2 + keep));
        let (branch, beside) = (pair.branches().1, pair.beside().unwrap().branches().1);
        assert_eq!((branch, beside), (1, 1));
    }
    run_to(&mut pair, 3_000);
    pair.rewind(0);
    assert_eq!(
        (pair.branches().1, pair.beside().unwrap().branches().1),
        (0, 0),
        "nothing of the branch is left"
    );
    assert_eq!((pair.position(), digests(&pair)), (end / 2, middle));
    assert_eq!(pair.len(), end, "its parent has all that it had");
}

#[test]
fn the_nth_message_of_either_run_flies_as_long() {
    let mut pair = pair("raft", "paxos", 21);
    let flights = |session: &dyn Session, seen: &mut Vec<(PacketId, u64)>| {
        for packet in session.frame(Lens::ALL).packets {
            if seen.iter().all(|(id, _)| *id != packet.id) {
                seen.push((packet.id, packet.due.since(packet.sent_at).0));
            }
        }
    };
    let (mut left, mut right) = (Vec::new(), Vec::new());
    while left.len() < 30 || right.len() < 15 {
        pair.step().unwrap();
        flights(&pair, &mut left);
        flights(pair.beside().unwrap(), &mut right);
    }
    assert_eq!(
        left[..15].iter().map(|it| it.1).collect::<Vec<_>>(),
        right[..15].iter().map(|it| it.1).collect::<Vec<_>>()
    );
}

#[test]
fn a_command_costs_a_round_trip_and_twice_as_many_messages_as_there_are_others() {
    let mut pair = pair("raft", "raft", 2);
    run_to(&mut pair, 600);
    let leader = pair
        .frame(Lens::ALL)
        .members
        .into_iter()
        .find(|member| member.role.is_some_and(|role| role.tone == Tone::Primary));
    let leader = leader.unwrap().id.node().unwrap();
    let before = pair.counts().unwrap().clone();
    for turn in 0..5 {
        pair.act(Micros::from_ms(600 + 100 * turn), ask(leader.number(), "x=1")).unwrap();
        run_to(&mut pair, 700 + 100 * turn);
    }
    let after = pair.counts().unwrap();
    assert_eq!(after.answered - before.answered, 5);
    assert_eq!(after.measured, 5);
    assert_eq!(after.hops, 10, "a message there and one back for each");
    assert_eq!(after.for_commands - before.for_commands, 5 * 8, "four others, there and back");
    assert_eq!(after.chosen - before.chosen, 5);
    assert_eq!(after.leaderless, before.leaderless, "somebody leads all the while");
    assert!(Micros::from_ms(150) <= after.leaderless, "nobody led before the first election");
    assert!(after.messages() > before.messages() + 40, "heartbeats follow from no command");
}

#[test]
fn time_without_a_leader_goes_on_until_there_is_one() {
    let mut pair = pair("raft", "paxos", 2);
    run_to(&mut pair, 600);
    let counts = pair.counts().unwrap().clone();
    let leader = pair
        .frame(Lens::ALL)
        .members
        .into_iter()
        .find(|member| member.role.is_some_and(|role| role.tone == Tone::Primary));
    pair.act(Micros::from_ms(600), Action::Crash(leader.unwrap().id.node().unwrap())).unwrap();
    let later = pair.counts().unwrap();
    assert_eq!(later.leaderless, counts.leaderless);
    let after = |ms: u64| later.leaderless_until(Micros::from_ms(600 + ms)).since(later.leaderless);
    assert_eq!((after(0), after(70)), (Micros::ZERO, Micros::from_ms(70)));
}

#[test]
fn a_history_with_too_many_branches_refuses_and_stays_as_it_is() {
    let mut pair = pair("raft", "paxos", 8);
    run_to(&mut pair, 300);
    let mut refused = None;
    for _ in 0..200 {
        pair.seek(5);
        let before = (pair.position(), pair.len(), digests(&pair));
        let at = pair.time_at(5);
        if let Err(rejected) = pair.act(at, ask(1, "x=1")) {
            assert_eq!((pair.position(), pair.len(), digests(&pair)), before);
            refused = Some(rejected);
        }
    }
    assert_eq!(refused, Some(Rejected::TooManyBranches));
}
