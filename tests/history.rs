//! The past of a run: every instant can be gone back to and is as it was; acting there forks and keeps the other
//! future; every bound is announced.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::action::{Action, Ask, Rejected};
use conclave::engine::frame::{Frame, Lens};
use conclave::engine::history::{MAX_ACTIONS, MAX_BRANCHES};
use conclave::engine::ids::{ClientId, Link, Micros, NodeId, PacketId, TimerId};
use conclave::engine::options::Options;
use conclave::engine::session::Session;
use conclave::engine::spine::MAX_PACKETS;
use conclave::protocols::{self, Opening, PROTOCOLS};
use conclave::scenario::file::Scenario;
use conclave::scenario::{self, write};

fn open(nodes: u8) -> Box<dyn Session> {
    let raft = protocols::find("raft").unwrap();
    let options = Options::defaults(raft.options);
    (raft.open)(&Opening { nodes, seed: 3, options, variant: 0, start: vec![], down: vec![] }).unwrap()
}

fn node(number: u8) -> NodeId {
    NodeId::new(number).unwrap()
}

/// Everything that is shown of an instant.
type Shown = (u64, Frame, Vec<String>);

fn shown(session: &dyn Session) -> Shown {
    let lines = session.transcript().iter().map(|line| format!("{line:?}")).collect();
    (session.digest(), session.frame(Lens::ALL), lines)
}

/// A run with faults and requests, and what was shown after each number of actions.
fn recorded(actions: usize) -> (Box<dyn Session>, Vec<Shown>) {
    let mut session = open(5);
    let mut past = vec![shown(&*session)];
    while session.len() < actions {
        let now = session.time_at(session.position());
        let round = session.len();
        let by_hand = match round % 20 {
            5 => Some(request(round)),
            10 => Some(Action::Crash(node(round as u8 / 20 % 5 + 1))),
            17 => Some(Action::Restart(node(round as u8 / 20 % 5 + 1))),
            _ => None,
        };
        let acted = by_hand.is_some_and(|action| session.act(now, action).is_ok());
        if !acted {
            session.step().unwrap().unwrap();
        }
        past.push(shown(&*session));
    }
    (session, past)
}

fn request(number: usize) -> Action {
    let command = format!("x={number}");
    let ask = Ask { client: ClientId::FIRST, node: node(1), command: command.as_str().into(), seq: None };
    Action::Request(Box::new(ask))
}

#[test]
fn every_instant_can_be_gone_back_to_from_anywhere() {
    let (mut session, past) = recorded(400);
    let forward = 0..past.len();
    let backward = (0..past.len()).rev();
    // Every hundred and first, around and around, reaches every position from far away.
    let around = (0..past.len()).map(|step| step * 101 % past.len());
    for position in forward.chain(backward).chain(around) {
        session.seek(position);
        assert_eq!(session.position(), position);
        assert_eq!(shown(&*session), past[position], "position {position}");
    }
    session.seek(usize::MAX);
    assert_eq!(session.position(), 400, "beyond the end is the end");
}

#[test]
fn stepping_in_the_past_repeats_what_happened() {
    let (mut session, past) = recorded(200);
    session.seek(0);
    for (position, was) in past.iter().enumerate().skip(1) {
        assert_eq!(session.next_at(), Some(session.time_at(position)));
        session.step().unwrap().unwrap();
        assert_eq!(shown(&*session), *was, "position {position}");
    }
    assert_eq!(session.len(), 200);
    session.step().unwrap().unwrap();
    assert_eq!(session.len(), 201, "at the end it goes on");
}

#[test]
fn acting_in_the_past_keeps_the_other_future() {
    let (mut session, past) = recorded(200);
    session.seek(120);
    let now = session.time_at(120);
    session.act(now, Action::Cut(Link { from: node(1), to: node(2) })).unwrap();
    let (branches, branch) = session.branches();
    assert_eq!((branches.len(), branch), (2, 1));
    assert_eq!((branches[1].parent, branches[1].from, branches[1].len), (Some(0), 120, 121));
    for _ in 0..80 {
        session.step().unwrap();
    }
    let other = shown(&*session);
    assert_ne!(other.0, past[200].0);
    session.seek(60);
    assert_eq!(shown(&*session), past[60], "both share what came before");
    session.switch(0);
    assert_eq!((session.position(), session.len()), (200, 200));
    for position in (0..=200).rev() {
        session.seek(position);
        assert_eq!(shown(&*session), past[position]);
    }
    session.switch(1);
    assert_eq!(shown(&*session), other);
}

#[test]
fn a_fork_of_a_fork_stands_on_both() {
    let (mut session, past) = recorded(100);
    let pause = |number| Action::Pause(node(number));
    session.seek(80);
    session.act(Micros::ZERO, pause(1)).unwrap();
    let first = shown(&*session);
    session.act(Micros::ZERO, pause(2)).unwrap();
    session.seek(81);
    session.act(Micros::ZERO, pause(3)).unwrap();
    session.seek(40);
    session.act(Micros::ZERO, pause(4)).unwrap();
    assert_eq!(session.branches().0.len(), 4);
    session.switch(2);
    session.seek(81);
    assert_eq!(shown(&*session), first);
    session.switch(3);
    session.seek(40);
    assert_eq!(shown(&*session), past[40]);
}

#[test]
fn a_refused_action_in_the_past_forks_nothing() {
    let (mut session, past) = recorded(50);
    session.seek(20);
    assert!(session.act(Micros::ZERO, Action::Deliver(PacketId(9_999))).is_err());
    assert_eq!(session.branches().0.len(), 1);
    assert_eq!(session.len(), 50);
    assert_eq!(shown(&*session), past[20]);
}

#[test]
fn rewinding_takes_back_for_good() {
    let (mut session, past) = recorded(150);
    session.rewind(90);
    assert_eq!((session.position(), session.len()), (90, 90));
    assert_eq!(shown(&*session), past[90]);
    assert!(session.marks().iter().all(|mark| mark.position <= 90));
    session.seek(30);
    session.rewind(60);
    assert_eq!((session.position(), session.len()), (30, 60), "the past that is looked at stays");
}

#[test]
fn rewinding_a_fork_to_its_start_shows_the_other_future_again() {
    let (mut session, past) = recorded(50);
    session.seek(20);
    session.act(Micros::ZERO, request(1)).unwrap();
    session.rewind(20);
    assert_eq!(session.branches().0.len(), 1);
    assert_eq!((session.position(), session.len()), (20, 50));
    assert_eq!(shown(&*session), past[20]);
}

#[test]
fn rewinding_keeps_what_another_branch_stands_on() {
    let (mut session, past) = recorded(50);
    session.seek(30);
    session.act(Micros::ZERO, request(1)).unwrap();
    session.switch(0);
    session.rewind(10);
    assert_eq!(session.len(), 30);
    session.switch(1);
    session.seek(30);
    assert_eq!(shown(&*session), past[30]);
}

#[test]
fn the_clock_never_runs_backwards() {
    let (mut session, _) = recorded(300);
    let now = session.time_at(300);
    session.act(Micros::ZERO, request(1)).unwrap();
    assert_eq!(session.time_at(301), now);
    for position in 1..=session.len() {
        assert!(session.time_at(position - 1) <= session.time_at(position));
        let last_at = session.position_at(session.time_at(position));
        assert!(position <= last_at);
        assert_eq!(session.time_at(last_at), session.time_at(position));
    }
    assert_eq!(session.position_at(Micros(u64::MAX)), 301);
    assert_eq!(session.position_at(Micros::ZERO), 0);
}

#[test]
fn too_many_branches_are_announced() {
    let (mut session, past) = recorded(10);
    for branch in 1..MAX_BRANCHES {
        session.seek(5);
        session.act(Micros::ZERO, request(branch)).unwrap();
    }
    session.seek(5);
    assert_eq!(session.act(Micros::ZERO, request(0)), Err(Rejected::TooManyBranches));
    assert_eq!(shown(&*session), past[5]);
    session.switch(3);
    session.act(Micros::ZERO, request(0)).unwrap();
    assert_eq!(session.len(), 7, "a branch can still grow");
}

#[test]
fn a_full_bus_is_announced() {
    let mut session = open(3);
    session.step().unwrap();
    while session.frame(Lens { first: 1, count: 0, fields: false }).packets.len() < MAX_PACKETS {
        session.act(Micros::ZERO, Action::Duplicate(PacketId(1))).unwrap();
    }
    assert_eq!(session.act(Micros::ZERO, Action::Duplicate(PacketId(1))), Err(Rejected::BusFull));
    assert_eq!(session.act(Micros::ZERO, request(1)), Err(Rejected::BusFull));
    session.step().unwrap().unwrap();
}

/// Cutting and healing one link of a cluster of one or two nodes is the cheapest thing that can happen.
#[test]
fn a_full_history_is_announced() {
    let mut session = open(2);
    let link = Link { from: node(1), to: node(2) };
    for _ in 0..MAX_ACTIONS / 2 {
        session.act(Micros::ZERO, Action::Cut(link)).unwrap();
        session.act(Micros::ZERO, Action::Heal(link)).unwrap();
    }
    let before = session.digest();
    assert_eq!(session.act(Micros::ZERO, Action::Cut(link)), Err(Rejected::HistoryFull));
    assert_eq!(session.step(), Err(Rejected::HistoryFull));
    assert_eq!((session.len(), session.digest()), (MAX_ACTIONS, before));
    session.seek(MAX_ACTIONS - 1);
    assert_eq!(session.act(Micros::ZERO, request(1)), Err(Rejected::HistoryFull), "nor in the past");
    session.rewind(MAX_ACTIONS - 1);
    session.act(Micros::ZERO, Action::Heal(link)).unwrap();
}

/// Everything that is due up to an instant happens.
fn run_clock(session: &mut dyn Session, until: Micros) {
    while session.next_at().is_some_and(|at| at <= until) {
        session.step().unwrap();
    }
}

#[test]
fn a_recorded_run_written_as_a_file_runs_again_to_the_same_state() {
    let mut run = open(5);
    let by_hand = [
        (200, Action::Crash(node(2))),
        (420, Action::Restart(node(2))),
        (430, Action::Wind(node(2).into(), TimerId(0), Micros::from_ms(290))),
        (500, Action::Cut(Link { from: node(1), to: node(3) })),
        (501, request(1)),
    ];
    for (at, action) in by_hand {
        run_clock(&mut *run, Micros::from_ms(at));
        run.act(Micros::from_ms(at), action).unwrap();
    }
    run_clock(&mut *run, Micros::from_ms(900));
    let deeds = write::deeds(&run.recorded(), run.time_at(run.position()));
    let options = Options::defaults(PROTOCOLS[0].options);
    let opening = Opening { nodes: 5, seed: 3, options, variant: 0, start: vec![], down: vec![] };
    let file = write::scenario(&PROTOCOLS[0], &opening, &deeds).to_string();
    let finished = scenario::run::run(&Scenario::parse(file.as_bytes()).unwrap()).unwrap();
    assert_eq!(finished.broken, None);
    assert_eq!(finished.runner.session().digest(), run.digest(), "{file}");
}

#[test]
fn the_last_event_of_a_node_tells_what_it_changed() {
    let mut run = open(3);
    assert!(run.last_event(node(1)).is_none(), "nothing has happened yet");
    run_clock(&mut *run, Micros::from_ms(1_000));
    for node in NodeId::all(3) {
        let event = run.last_event(node).unwrap();
        let (position, after) = (run.position(), shown(&*run));
        assert!(!event.told.is_empty() || !event.sent.is_empty(), "{event:?}");
        run.seek(event.position - 1);
        let before = run.frame(Lens { first: 1, count: 0, fields: false });
        assert_eq!(before.node(node).unwrap().parts, event.before);
        run.seek(position);
        assert_eq!(shown(&*run), after);
    }
}

#[test]
fn a_timer_is_set_only_to_what_the_world_could_have_drawn() {
    let mut run = open(3);
    let timer = |run: &dyn Session| run.frame(Lens::ALL).node(node(1)).unwrap().timers[0];
    let armed = timer(&*run);
    let (least, most) = armed.range;
    let wind = |span| Action::Wind(node(1).into(), armed.timer, span);
    run.act(Micros::ZERO, wind(least)).unwrap();
    assert_eq!(timer(&*run).due, armed.armed_at.after(least));
    for outside in [Micros(least.0 - 1), Micros(most.0 + 1)] {
        let refused = Rejected::OutsideRange(node(1).into(), least, most);
        assert_eq!(run.act(Micros::ZERO, wind(outside)), Err(refused));
    }
    run.act(Micros::ZERO, wind(most)).unwrap();
    let late = Micros(armed.armed_at.after(least).0 + 1);
    run.act(late, wind(least)).unwrap();
    assert_eq!(timer(&*run).due, late, "what is over goes off now, not in the past");
}

#[test]
fn any_instant_of_any_branch_can_be_glimpsed_without_going_there() {
    let (mut session, past) = recorded(200);
    session.seek(120);
    session.act(session.time_at(120), Action::Cut(Link { from: node(1), to: node(2) })).unwrap();
    (0..30).for_each(|_| drop(session.step()));
    let other = session.frame(Lens { first: 1, count: 0, fields: false });
    session.seek(140);
    let before = shown(&*session);
    for position in [0, 1, 64, 119, 120, 121, 150, 200] {
        let mut expected = past[position].1.clone();
        let glimpsed = session.glimpse(0, position);
        // Logs and fields are not looked at, so what is compared is who was what, and what was in flight.
        assert_eq!((glimpsed.now, glimpsed.position), (expected.now, position));
        let roles =
            |frame: &Frame| frame.members.iter().map(|it| (it.status, it.role, it.stamp)).collect::<Vec<_>>();
        assert_eq!(roles(&glimpsed), roles(&expected));
        expected.packets.retain(|packet| !glimpsed.packets.iter().any(|other| other.id == packet.id));
        assert_eq!(expected.packets, []);
    }
    assert_eq!(session.glimpse(1, 151), other);
    assert_eq!(shown(&*session), before, "nothing has moved");
}

#[test]
fn branches_can_be_named() {
    let (mut session, _) = recorded(50);
    session.seek(20);
    session.act(session.time_at(20), request(1)).unwrap();
    let name = |session: &dyn Session, branch: usize| session.branches().0[branch].name.clone();
    assert_eq!(name(&*session, 1), None);
    session.name_branch(1, "  what if\n1 had asked ");
    assert_eq!(name(&*session, 1).as_deref(), Some("what if1 had asked"));
    session.switch(0);
    assert_eq!(name(&*session, 1).as_deref(), Some("what if1 had asked"), "it stays");
    session.name_branch(1, &"x".repeat(100));
    assert_eq!(name(&*session, 1).map(|name| name.len()), Some(40));
    session.name_branch(1, " ");
    session.name_branch(7, "nobody");
    assert_eq!(name(&*session, 1), None);
}
