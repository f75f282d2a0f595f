//! What faults do: crash and restart, pause and resume, cut and heal, drop and duplicate.

use crate::scene::{Scene, append, node, server};
use conclave::engine::action::{Action, Filter, Happening, Loss, MAX_FILTERS, Rejected};
use conclave::engine::ids::{Link, Micros, PacketId};
use conclave::engine::world::Slot;
use conclave::protocols::raft::{Machine, Role, Timer};

/// §5.2, Figure 2: a crash loses exactly what is volatile; term, vote and log are kept.
#[test]
fn a_restart_keeps_exactly_term_vote_and_log() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask(1, "x=1");
    scene.settle();
    let before = scene.durable(1).clone();
    assert_eq!((before.current_term, before.voted_for, before.log.last_index()), (1, Some(node(1)), 1));
    scene.act(Action::Crash(node(1)));
    assert_eq!(*scene.durable(1), before);
    assert!(matches!(scene.world.slot(node(1)), Slot::Down(_)), "nothing else is left");
    scene.act(Action::Restart(node(1)));
    let state = scene.state(1);
    assert_eq!(state.durable, before);
    assert_eq!((&state.role, state.leader_id), (&Role::Follower, None));
    assert_eq!((state.commit_index, state.last_applied), (0, 0));
    assert_eq!(state.machine, Machine::default());
    assert!(scene.due(1, Timer::Election).is_some() && scene.due(1, Timer::Heartbeat).is_none());
}

/// A crashed server is deaf, and its timers are gone.
#[test]
fn a_crashed_server_hears_nothing() {
    let mut scene = Scene::of(3);
    scene.time_out(1);
    scene.act(Action::Crash(node(2)));
    scene.pass(1, 2);
    let lost = |happening: &Happening<_>| matches!(happening, Happening::Lost(_, _, Loss::Down));
    assert!(scene.report.happenings.iter().any(lost));
    assert_eq!(scene.durable(2).current_term, 0);
    assert_eq!(scene.due(2, Timer::Election), None);
    assert_eq!(scene.refusal(Action::Crash(node(2))), Rejected::IsDown(node(2)));
    assert_eq!(scene.refusal(Action::Pause(node(2))), Rejected::IsDown(node(2)));
    assert_eq!(scene.refusal(Action::Restart(node(1))), Rejected::IsUp(node(1)));
}

/// A message that was sent arrives though its sender has crashed since.
#[test]
fn a_message_survives_its_sender() {
    let mut scene = Scene::of(3);
    scene.time_out(1);
    scene.act(Action::Crash(node(1)));
    scene.pass(1, 2);
    assert_eq!(scene.durable(2).voted_for, Some(node(1)));
}

/// A paused server forgets nothing; what comes meanwhile waits, and its timers go overdue.
#[test]
fn a_pause_keeps_everything_waiting() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask(1, "x=1");
    scene.settle();
    let before = scene.state(1).clone();
    scene.act(Action::Pause(node(1)));
    assert_eq!(*scene.state(1), before);
    scene.time_out(2);
    let waiting = scene.on_the_way(2, 1)[0];
    assert_eq!(scene.refusal(Action::Deliver(waiting)), Rejected::IsPaused(node(1)));
    let heartbeat = Action::Fire(node(1).into(), conclave::engine::ids::TimerId(1));
    assert_eq!(scene.refusal(heartbeat.clone()), Rejected::IsPaused(node(1)));
    let overdue = scene.due(1, Timer::Heartbeat).unwrap();
    let next = scene.world.next_due().map(|(_, action)| action);
    assert!(next.is_some_and(|action| action != heartbeat), "the clock passes it by");
    let later = Micros::from_ms(10_000);
    scene.world.apply(later, &Action::Resume(node(1))).unwrap();
    assert!(scene.leads(1), "it does not know how long it stood still");
    assert_eq!(scene.due(1, Timer::Heartbeat), Some(overdue));
    assert_eq!(scene.world.next_due().map(|(at, _)| at), Some(later), "what is overdue comes at once");
    assert_eq!(scene.on_the_way(2, 1), [waiting]);
}

/// A crash takes a paused server too, and what waited for it is lost on arrival.
#[test]
fn a_paused_server_can_crash() {
    let mut scene = Scene::of(3);
    scene.act(Action::Pause(node(1)));
    scene.act(Action::Crash(node(1)));
    assert_eq!(scene.refusal(Action::Resume(node(1))), Rejected::IsNotPaused(node(1)));
    scene.act(Action::Restart(node(1)));
    assert!(matches!(scene.world.slot(node(1)), Slot::Up(_)));
}

/// A duplicate has an identity of its own and says whose copy it is; each arrives by itself.
#[test]
fn a_duplicate_says_whose_copy_it_is() {
    let mut scene = Scene::of(3);
    scene.time_out(1);
    let original = scene.on_the_way(1, 2)[0];
    scene.act(Action::Duplicate(original));
    let both = scene.on_the_way(1, 2);
    assert_eq!(both[0], original);
    let (copy, _) = scene.world.packets().find(|(packet, _)| packet.id == both[1]).unwrap();
    assert_eq!(copy.copy_of, Some(original));
    assert!(!scene.world.packets().any(|(packet, _)| packet.id != both[1] && packet.copy_of.is_some()));
    scene.act(Action::Deliver(original));
    scene.act(Action::Deliver(both[1]));
    assert!(scene.vote(1).unwrap().vote_granted, "the same candidate again: granted again");
    assert_eq!(scene.refusal(Action::Deliver(original)), Rejected::NoSuchPacket(original));
}

/// Each direction of a link is cut by itself; what is in flight then is lost on arrival.
#[test]
fn a_cut_takes_one_direction() {
    let mut scene = Scene::of(2);
    let there = Link { from: node(1), to: node(2) };
    scene.time_out(1);
    scene.act(Action::Cut(there));
    scene.pass(1, 2);
    assert_eq!(scene.durable(2).current_term, 0);
    scene.time_out(2);
    scene.pass(2, 1);
    assert_eq!(scene.durable(1).voted_for, Some(node(1)), "the other way carries");
    assert!(scene.on_the_way(1, 2).is_empty(), "its answer was lost when it was sent");
    assert_eq!(scene.refusal(Action::Cut(there)), Rejected::AlreadyCut(there));
    scene.act(Action::Heal(there));
    assert_eq!(scene.refusal(Action::Heal(there)), Rejected::NotCut(there));
}

/// A packet in flight arrives if the link is healed in time.
#[test]
fn a_heal_in_time_lets_it_arrive() {
    let mut scene = Scene::of(2);
    let there = Link { from: node(1), to: node(2) };
    scene.time_out(1);
    scene.act(Action::Cut(there));
    scene.act(Action::Heal(there));
    scene.pass(1, 2);
    assert_eq!(scene.durable(2).voted_for, Some(node(1)));
}

/// A filter takes what is sent after it, not what is in flight, and until it is lifted.
#[test]
fn a_filter_takes_what_is_sent() {
    let mut scene = Scene::of(3);
    scene.time_out(1);
    let filter = Filter { kind: Some("RequestVoteReply".to_string()), ..Filter::default() };
    scene.act(Action::Filter(Box::new(filter.clone())));
    scene.pass(1, 2);
    assert!(scene.on_the_way(2, 1).is_empty());
    scene.act(Action::Unfilter(Box::new(filter.clone())));
    scene.pass(1, 3);
    assert_eq!(scene.on_the_way(3, 1).len(), 1);
    assert_eq!(scene.refusal(Action::Unfilter(Box::new(filter.clone()))), Rejected::NoSuchFilter);
    for _ in 0..MAX_FILTERS {
        scene.act(Action::Filter(Box::new(filter.clone())));
    }
    assert_eq!(scene.refusal(Action::Filter(Box::new(filter))), Rejected::TooManyFilters);
}

/// A refused action changes nothing, not even the clock.
#[test]
fn a_refused_action_changes_nothing() {
    let mut scene = Scene::starting(3, &[server(1, &[1])]);
    scene.hear(2, 1, append(1, 1, (0, 0), &[1], 0));
    let (digest, now) = (scene.world.digest(), scene.world.now());
    let late = scene.world.apply(Micros::from_ms(99), &Action::Drop(PacketId(77)));
    assert_eq!(late.unwrap_err(), Rejected::NoSuchPacket(PacketId(77)));
    assert_eq!((scene.world.digest(), scene.world.now()), (digest, now));
}
