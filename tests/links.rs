//! Links: a run that was written into one is the same run when it is read, and a damaged one says so.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

#[path = "links/by_chance.rs"]
mod by_chance;
#[path = "links/golden.rs"]
mod golden;

use conclave::engine::action::{Action, Ask};
use conclave::engine::beside::Beside;
use conclave::engine::frame::Lens;
use conclave::engine::ids::{ClientId, Link, Micros, NodeId};
use conclave::engine::options::{LATENCY, OptionValue};
use conclave::engine::session::Session;
use conclave::link::address::{built_in, scenarios};
use conclave::link::run::{Recording, read, record, replay, write};
use conclave::protocols::{Opening, PROTOCOLS};
use conclave::scenario::run::run_from;
use conclave::text::Lang;

/// The run of a link, which must be whole.
fn opened(link: &str) -> (Box<dyn Session>, Recording) {
    let (recording, trouble) = read(link).expect("it is a link").expect("it can be read");
    assert_eq!(trouble, None);
    let replayed = replay(&recording).unwrap();
    assert_eq!(replayed.trouble, None);
    (replayed.session, recording)
}

#[track_caller]
fn assert_same(one: &dyn Session, other: &dyn Session) {
    assert_eq!(one.branches(), other.branches());
    assert_eq!((one.position(), one.len()), (other.position(), other.len()));
    assert_eq!(one.digest(), other.digest());
    assert_eq!(one.recorded(), other.recorded());
    assert_eq!(one.violations(), other.violations());
    let digest = |session: &dyn Session| session.beside().map(Session::digest);
    assert_eq!(digest(one), digest(other), "the run beside");
}

fn raft(nodes: u8, seed: u64) -> (Box<dyn Session>, Opening) {
    let options = conclave::engine::options::Options::defaults(PROTOCOLS[0].options);
    let opening = Opening { nodes, seed, options, variant: 0, start: vec![], down: vec![] };
    ((PROTOCOLS[0].open)(&opening).unwrap(), opening)
}

#[test]
fn every_built_in_scenario_fits_into_a_link() {
    for (slug, _) in scenarios() {
        let file = built_in(slug).unwrap();
        let mut session = run_from(&file, &file.opening).unwrap().runner.into_session();
        for part in [0, 1, 2] {
            session.seek(session.len() * part / 2);
            let now = session.time_at(session.position()).after(Micros(17));
            let recording = record(&*session, file.protocol, file.opening.clone(), now);
            let written = write(&Recording { beside: file.beside.clone(), ..recording });
            let (again, recording) = opened(&written);
            assert_same(&*session, &*again);
            assert_eq!(recording.place.after, Micros(17), "{slug}");
            assert!(written.len() < 2_000, "{slug} takes {} characters", written.len());
        }
    }
}

#[test]
fn a_lecture_of_two_hundred_actions_takes_less_than_two_thousand_characters() {
    let (mut session, opening) = raft(5, 41);
    let node = |number: usize| NodeId::new(number as u8).unwrap();
    let mut at = Micros::ZERO;
    for number in 0..200 {
        // As somebody does it by hand: at any microsecond, with the clock going on in between.
        at = at.after(Micros(11_117 + number as u64 * 331));
        while session.next_at().is_some_and(|due| due <= at) {
            session.step().unwrap();
        }
        let (one, other) = (node(number / 4 % 5 + 1), node((number / 4 + 2) % 5 + 1));
        let (client, command) = (ClientId::FIRST, format!("x={number}").as_str().into());
        let action = match number % 4 {
            0 => Action::Request(Box::new(Ask { client, node: one, command, seq: None })),
            1 => Action::Cut(Link { from: one, to: other }),
            2 => Action::Heal(Link { from: one, to: other }),
            _ if number % 8 == 3 => Action::Crash(node(1)),
            _ => Action::Restart(node(1)),
        };
        session.act(at, action).unwrap();
    }
    let link = write(&record(&*session, &PROTOCOLS[0], opening, at));
    assert_same(&*session, &*opened(&link).0);
    assert!(link.len() < 2_000, "{} characters", link.len());
}

#[test]
fn names_of_branches_travel_with_the_link() {
    let (mut session, opening) = raft(3, 7);
    (0..40).for_each(|_| drop(session.step().unwrap()));
    session.seek(10);
    session.act(session.time_at(10), Action::Crash(NodeId::new(2).unwrap())).unwrap();
    session.name_branch(1, "2 节点 falls");
    session.name_branch(0, "undisturbed");
    let link = write(&record(&*session, &PROTOCOLS[0], opening, Micros::from_ms(900)));
    let (again, _) = opened(&link);
    let names: Vec<_> = again.branches().0.into_iter().filter_map(|branch| branch.name).collect();
    assert_eq!(names, ["undisturbed", "2 节点 falls"]);
    assert_same(&*session, &*again);
}

/// A link with something of everything in it.
fn rich() -> String {
    let (session, opening) = by_chance::run(&PROTOCOLS[0], 3);
    write(&record(&*session, &PROTOCOLS[0], opening, session.time_at(session.position())))
}

#[test]
fn a_link_that_was_cut_off_shows_what_is_left_and_says_so() {
    let link = rich();
    let mut reached = 0;
    for length in (0..link.len()).rev().step_by(7) {
        match read(&link[..length]) {
            None => assert!(length < 3, "only the prefix tells that it is a link"),
            Some(Err(text)) => assert!(text.say(Lang::En).contains("damaged"), "{text:?}"),
            Some(Ok((recording, trouble))) => {
                let said = trouble.unwrap().say(Lang::En);
                assert!(said.contains("cut off"), "{said}");
                reached = reached.max(replay(&recording).unwrap().session.len());
            }
        }
    }
    assert!(0 < reached, "something of the run was shown");
}

#[test]
fn a_link_with_a_wrong_character_is_noticed_and_never_panics() {
    let link = rich();
    for place in 3..link.len() {
        for letter in ["A", "_", "7", "%", " "] {
            if &link[place..=place] == letter {
                continue;
            }
            let mut changed = link.clone();
            changed.replace_range(place..=place, letter);
            let Some(Ok((recording, trouble))) = read(&changed) else { continue };
            // The last letter may carry bits that mean nothing.
            let replayed = replay(&recording);
            let noticed = trouble.is_some() || replayed.as_ref().is_ok_and(|again| again.trouble.is_some());
            assert!(noticed || replayed.is_err() || place == link.len() - 1, "letter {place} as {letter}");
        }
    }
}

#[test]
fn a_version_that_nobody_knows_yet_is_named() {
    let text = read("#v2:AAAA").unwrap().unwrap_err();
    assert!(text.say(Lang::En).contains("v2"), "{text:?}");
    assert!(read("#contents").is_none() && read("").is_none() && read("#a:b").is_none());
}

#[test]
fn an_action_that_cannot_be_done_again_ends_the_run_there() {
    let (mut session, opening) = raft(3, 7);
    (0..9).for_each(|_| drop(session.step().unwrap()));
    session.act(session.time_at(9), Action::Crash(NodeId::new(2).unwrap())).unwrap();
    let mut recording = record(&*session, &PROTOCOLS[0], opening, Micros::ZERO);
    recording.branches[0].deeds[0].action = Action::Restart(NodeId::new(2).unwrap());
    let replayed = replay(&recording).unwrap();
    assert_eq!(replayed.session.position(), 9);
    let said = replayed.trouble.unwrap().say(Lang::En);
    assert!(said.contains("Action 10") && said.contains("not crashed"), "{said}");
}

#[test]
fn a_run_that_comes_out_differently_is_noticed() {
    let (session, opening) = raft(3, 7);
    let mut recording = record(&*session, &PROTOCOLS[0], opening, Micros::ZERO);
    recording.digest ^= 1;
    let trouble = replay(&recording).unwrap().trouble.unwrap();
    assert!(trouble.say(Lang::En).contains("came out differently"), "{trouble:?}");
}

/// What was done on either side of two runs, on one alone and on both, in branches too, is in the link.
#[test]
fn a_link_repeats_both_of_two_runs() {
    let protocol = &PROTOCOLS[0];
    let slow = OptionValue::Span(Micros::from_ms(50), Micros::from_ms(60));
    let beside = Beside { protocol: &PROTOCOLS[1], variant: 0, options: vec![(LATENCY, slow)] };
    let (_, opening) = raft(5, 12);
    let mut session = beside.open(protocol, &opening).unwrap();
    let node = |number: u8| NodeId::new(number).unwrap();
    let clock = |session: &mut dyn Session, until: u64| {
        while session.next_at().is_some_and(|at| at <= Micros::from_ms(until)) {
            session.step().unwrap();
        }
    };
    clock(&mut *session, 60);
    session.act(Micros::from_ms(60), Action::Crash(node(2))).unwrap();
    clock(&mut *session, 80);
    session.act_beside(Micros::from_ms(80), Action::Pause(node(4))).unwrap();
    let right = session.beside().unwrap().frame(Lens::ALL);
    let only_right =
        right.members.iter().flat_map(|member| member.timers.iter().map(move |timer| (member.id, timer)));
    let (owner, timer) =
        only_right.into_iter().find(|(_, timer)| timer.key == "propose" || timer.key == "ask").unwrap();
    session.act_beside(Micros::from_ms(81), Action::Fire(owner, timer.timer)).unwrap();
    assert!(session.alone().is_some());
    clock(&mut *session, 900);
    session.seek(session.len() / 2);
    let at = session.time_at(session.position());
    session.act(at, Action::Restart(node(2))).or_else(|_| session.act(at, Action::Crash(node(1)))).unwrap();
    clock(&mut *session, 700);
    let recording = record(&*session, protocol, opening, session.time_at(usize::MAX));
    let written = write(&Recording { beside: Some(beside), ..recording });
    let (again, _) = opened(&written);
    assert_same(&*session, &*again);
}
