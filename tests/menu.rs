//! The menu: what it lists may happen, leads to what it says and leaves nothing out; the run stays as it is.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::action::{Action, Ask, Rejected};
use conclave::engine::check::bounds::Question;
use conclave::engine::frame::{Frame, Lens};
use conclave::engine::ids::{ClientId, Link, Micros, NodeId};
use conclave::engine::menu::{Choice, Kind, MOST_PACKETS};
use conclave::engine::options::Options;
use conclave::engine::session::Session;
use conclave::engine::spine::MAX_PACKETS;
use conclave::protocols::{Opening, PROTOCOLS, ProtocolInfo};
use conclave::scenario::file::Scenario;
use conclave::scenario::puzzle;
use conclave::scenario::run::run;
use conclave::text::Lang;
use std::collections::BTreeSet;

fn open(protocol: &ProtocolInfo, nodes: u8) -> Box<dyn Session> {
    let options = Options::defaults(protocol.options);
    (protocol.open)(&Opening { nodes, seed: 5, options, variant: 0, start: vec![], down: vec![] }).unwrap()
}

fn here(session: &dyn Session) -> Micros {
    session.time_at(session.position())
}

/// Lets time pass for so many events, with a fault or a request now and then.
fn go_on(session: &mut dyn Session, events: usize) {
    for _ in 0..events {
        let number = session.len();
        let node = NodeId::new((number / 23 % 3) as u8 + 1).unwrap();
        let other = NodeId::new(node.number() % 3 + 1).unwrap();
        let command = format!("x={number}").as_str().into();
        let by_hand = match number % 23 {
            3 => Action::Request(Box::new(Ask { client: ClientId::FIRST, node, command, seq: None })),
            7 => Action::Crash(node),
            12 => Action::Restart(node),
            15 => Action::Cut(Link { from: node, to: other }),
            18 => Action::Pause(other),
            21 => Action::Resume(other),
            22 => Action::Heal(Link { from: node, to: other }),
            _ => Action::Resume(node),
        };
        if session.act(here(session), by_hand).is_err() {
            session.step().unwrap();
        }
    }
}

/// Everything that could be on the menu, whether it may happen or not.
fn candidates(frame: &Frame) -> Vec<Action> {
    let packets = frame.packets.iter().map(|packet| packet.id);
    let by_packet = packets.flat_map(|id| [Action::Deliver(id), Action::Drop(id), Action::Duplicate(id)]);
    let owned =
        frame.members.iter().flat_map(|member| member.timers.iter().map(|timer| (member.id, timer.timer)));
    let by_timer = owned.map(|(owner, timer)| Action::Fire(owner, timer));
    let nodes: Vec<NodeId> = frame.members.iter().filter_map(|member| member.id.node()).collect();
    let to_node = [Action::Crash, Action::Restart, Action::Pause, Action::Resume];
    let by_node = nodes.iter().flat_map(|node| to_node.map(|action| action(*node)));
    let ways = nodes.iter().flat_map(|from| nodes.iter().map(|to| Link { from: *from, to: *to }));
    let by_link = ways.flat_map(|way| [Action::Cut(way), Action::Heal(way)]);
    by_packet.chain(by_timer).chain(by_node).chain(by_link).collect()
}

/// What performing an action comes to; the session is left as it was. Nothing where it is refused.
struct Came {
    digest: u64,
    timers: String,
    told: String,
    broken: usize,
}

fn performed(session: &mut dyn Session, at: Micros, action: &Action) -> Option<Came> {
    let (position, broken) = (session.position(), session.violations().len());
    session.act(at, action.clone()).ok()?;
    let frame = session.frame(Lens { first: 1, count: 0, fields: false });
    let timers: Vec<_> = frame.members.iter().map(|member| &member.timers).collect();
    let came = Came {
        digest: session.digest(),
        timers: format!("{timers:?}"),
        told: format!("{:?}", session.headline()),
        broken: session.violations().len() - broken,
    };
    session.rewind(position);
    Some(came)
}

fn check(session: &mut dyn Session, seen: &mut BTreeSet<(Kind, bool)>) {
    // A reader may act between two events of the clock.
    let at = here(session).after(Micros::from_ms(1));
    let (digest, position, len) = (session.digest(), session.position(), session.len());
    let menu = session.menu(at);
    assert_eq!((session.digest(), session.position(), session.len()), (digest, position, len));
    assert_eq!(menu.more, 0);

    let candidates = candidates(&session.frame(Lens::ALL));
    for action in &candidates {
        let listed: Vec<&Choice> = menu.choices.iter().filter(|choice| choice.action == *action).collect();
        let Some(came) = performed(session, at, action) else {
            assert!(listed.is_empty(), "{action:?} is refused, and listed");
            continue;
        };
        let [choice] = listed[..] else { panic!("{action:?} is listed {} times", listed.len()) };
        assert_eq!(format!("{:?}", choice.told), came.told, "{action:?}");
        assert_eq!(choice.breaks.len(), came.broken, "{action:?}");
        let idle = match action {
            Action::Deliver(packet) => {
                let lost = performed(session, at, &Action::Drop(*packet)).unwrap();
                (came.digest, &came.timers) == (lost.digest, &lost.timers)
            }
            Action::Fire(..) => came.digest == digest,
            _ => false,
        };
        assert_eq!(choice.idle, idle && choice.breaks.is_empty(), "{action:?}");
        seen.insert((choice.kind, choice.idle));
    }
    assert!(menu.choices.iter().all(|choice| candidates.contains(&choice.action)), "nothing is made up");

    assert!(menu.choices.is_sorted_by_key(|choice| choice.kind), "kind by kind");
    for kind in [Kind::Arrival, Kind::Timer] {
        let due = menu.choices.iter().filter(|choice| choice.kind == kind).map(|choice| choice.due.unwrap());
        assert!(due.is_sorted(), "what is due first stands first");
    }
    let next: Vec<Action> =
        menu.choices.iter().filter(|choice| choice.is_next).map(|choice| choice.action.clone()).collect();
    let stepped = session.step().unwrap();
    session.rewind(position);
    assert_eq!(next, stepped.into_iter().collect::<Vec<_>>(), "what happens by itself");
}

#[test]
fn it_lists_what_may_happen_and_what_that_leads_to() {
    for protocol in PROTOCOLS {
        let (mut session, mut seen) = (open(protocol, 3), BTreeSet::new());
        for _ in 0..60 {
            check(&mut *session, &mut seen);
            go_on(&mut *session, 5);
        }
        for kind in Kind::ALL {
            assert!(seen.contains(&(kind, false)), "{} never offered {kind:?}", protocol.key);
        }
        assert!(seen.contains(&(Kind::Arrival, true)), "{} never had a packet in vain", protocol.key);
    }
}

#[test]
fn a_step_taken_from_it_in_the_past_forks_the_history() {
    for protocol in PROTOCOLS {
        let mut session = open(protocol, 3);
        go_on(&mut *session, 40);
        session.seek(25);
        let (at, end) = (here(&*session), session.digest());
        let chosen = session.menu(at).choices.into_iter().find(|choice| choice.kind == Kind::Node).unwrap();
        session.act(at, chosen.action).unwrap();
        assert_eq!((session.branches().0.len(), session.branches().1, session.position()), (2, 1, 26));
        session.switch(0);
        session.seek(25);
        assert_eq!(session.digest(), end);
    }
}

#[test]
fn it_says_which_promise_a_step_would_break() {
    for (slug, text) in PROTOCOLS.iter().flat_map(|protocol| protocol.scenarios) {
        let file = Scenario::parse(text.as_bytes()).unwrap();
        if file.opening.variant == 0 || file.beside.is_some() {
            continue;
        }
        let mut session = run(&file).unwrap().runner.into_session();
        let end = session.len();
        for position in 0..end {
            session.seek(position);
            let Some(ahead) = session.ahead() else { break };
            let listed =
                session.menu(ahead.at).choices.into_iter().find(|choice| choice.action == ahead.action);
            let before = session.violations().len();
            session.step().unwrap();
            let broken = session.violations().split_off(before);
            assert!(
                listed.map_or(broken.is_empty(), |choice| choice.breaks == broken),
                "{slug} after {position} actions"
            );
        }
    }
}

/// The most important promise of a file's run is broken by its last action, and no deed of the clock counts as a hand's.
#[test]
fn what_was_done_by_hand_is_counted_up_to_what_it_broke() {
    let (_, text) = PROTOCOLS[0].scenarios.iter().find(|(slug, _)| *slug == "r1-forgets-vote").unwrap();
    let mut session = run(&Scenario::parse(text.as_bytes()).unwrap()).unwrap().runner.into_session();
    let end = session.len();
    let reached = session.reached(&Question::Breaks("R1")).unwrap();
    assert_eq!(session.reached(&Question::Any), Some(reached));
    assert_eq!(session.reached(&Question::Breaks("R4")), None);
    assert_eq!(session.reached(&Question::Stuck), None);
    let by_hand = |session: &dyn Session, until: usize| {
        session.recorded()[..until].iter().filter(|recorded| recorded.by_hand).count()
    };
    assert_eq!(session.hands(0..reached), by_hand(&*session, reached));
    assert_eq!(session.hands(2..usize::MAX), by_hand(&*session, end) - by_hand(&*session, 2));
    // What comes later does not move it; before it nothing is broken; another branch has its own count.
    session.step().unwrap();
    assert_eq!(session.reached(&Question::Any), Some(reached));
    session.seek(reached - 1);
    assert_eq!(session.reached(&Question::Any), None);
    let hands = session.hands(0..usize::MAX);
    session.act(here(&*session), Action::Pause(NodeId::new(2).unwrap())).unwrap();
    assert_eq!((session.hands(0..usize::MAX), session.reached(&Question::Any)), (hands + 1, None));
}

#[test]
fn every_challenge_can_be_read_and_says_what_to_do() {
    let mut challenges = 0;
    for protocol in PROTOCOLS {
        for variant in puzzle::names(protocol) {
            let (file, question) = puzzle::file(protocol, variant).unwrap();
            assert_eq!(protocol.variants[file.opening.variant], variant);
            assert!(file.beside.is_none());
            for lang in Lang::ALL {
                assert!(!puzzle::goal(protocol, &question).say(lang).contains('{'));
            }
            // There is a card on which it can be offered.
            let is_told = |(_, text): &(&str, &str)| {
                Scenario::parse(text.as_bytes()).unwrap().opening.variant == file.opening.variant
            };
            assert!(protocol.scenarios.iter().any(is_told), "{} {variant} has no scenario", protocol.key);
            challenges += 1;
        }
    }
    assert!(0 < challenges);
}

#[test]
fn a_full_bus_does_not_make_it_long() {
    let mut session = open(&PROTOCOLS[0], 3);
    let at = loop {
        session.step().unwrap();
        if !session.frame(Lens::ALL).packets.is_empty() {
            break here(&*session);
        }
    };
    let packet = session.frame(Lens::ALL).packets[0].id;
    while session.act(at, Action::Duplicate(packet)) != Err(Rejected::BusFull) {}
    let menu = session.menu(at);
    assert_eq!(menu.more, MAX_PACKETS - MOST_PACKETS);
    let arrivals = menu.choices.iter().filter(|choice| choice.kind == Kind::Arrival).count();
    assert_eq!(arrivals, MOST_PACKETS);
    let due = |choice: &Choice| choice.due.filter(|_| choice.kind == Kind::Arrival);
    let last = menu.choices.iter().filter_map(due).max().unwrap();
    let sooner = session.frame(Lens::ALL).packets.iter().filter(|packet| packet.due < last).count();
    assert!(sooner <= MOST_PACKETS, "the first that are due are listed");
    assert!(menu.choices.iter().all(|choice| choice.kind != Kind::Copy), "nothing can be doubled any more");
}

#[test]
fn in_two_runs_beside_each_other_it_is_that_of_the_steered_one_and_acts_on_both() {
    let slug = "compare-raft-and-multi-paxos";
    let (_, text) =
        PROTOCOLS.iter().flat_map(|protocol| protocol.scenarios).find(|(own, _)| *own == slug).unwrap();
    let mut session = run(&Scenario::parse(text.as_bytes()).unwrap()).unwrap().runner.into_session();
    let at = here(&*session);
    let chosen = session.menu(at).choices.into_iter().find(|choice| choice.kind == Kind::Node).unwrap();
    let (left, right) = (session.digest(), session.beside().unwrap().digest());
    session.act(at, chosen.action).unwrap();
    assert_ne!(session.digest(), left);
    assert_ne!(session.beside().unwrap().digest(), right);
}
