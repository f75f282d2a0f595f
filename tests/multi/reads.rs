//! Reads: in the log, after a round of heartbeats, or under a lease, and what each of them trusts (rule 10).

use crate::scene::{Scene, ballot, choice, count};
use conclave::engine::action::{Action, Knob};
use conclave::engine::client::Outcome;
use conclave::engine::ids::{ClientId, MAX_NODES, Micros};
use conclave::engine::options::{CLOCK_RATE, OptionValue};
use conclave::protocols::multi_paxos::{Message, Note, Timer};

fn led(reads: &str) -> Scene {
    let mut scene = Scene::with(3, &[("reads", choice("reads", reads)), ("window", count(4))]);
    if reads == "lease" {
        (1..=3).for_each(|number| scene.fire(number, Timer::Grant));
    }
    scene.elect(1, &[2]);
    scene.lose_all();
    scene.ask(1, "x=1");
    scene.vote(1, &[2]);
    scene.lose_all();
    scene
}

fn done(value: &str) -> Outcome {
    Outcome::Done { value: Some(value.into()) }
}

#[test]
fn a_read_in_the_log_takes_a_slot() {
    let mut scene = led("log");
    scene.ask(1, "x?");
    assert_eq!(scene.proposed(1), [(2, "x?".to_string())]);
}

#[test]
fn a_read_beside_the_log_waits_for_a_quorum_to_confirm_a_later_heartbeat() {
    let mut scene = led("read_index");
    let early = Message::HeartbeatAck { ballot: ballot(1, 1), applied: 0, read_seq: 0 };
    scene.ask(1, "x?");
    assert!(scene.proposed(1).is_empty() && scene.answers().is_empty());
    scene.hear(1, 2, &early);
    assert!(scene.answers().is_empty(), "that heartbeat was sent before the read began");
    scene.pass("Heartbeat", 1, 3);
    scene.pass("HeartbeatAck", 3, 1);
    assert_eq!(scene.answers(), [done("1")]);
}

/// What may have been chosen before the leader led must be applied first; phase 1 has told how far that goes.
#[test]
fn a_read_waits_for_what_the_leader_found_when_it_took_over() {
    let mut scene = led("read_index");
    scene.ask(1, "x=2");
    scene.pass("Accept", 1, 2);
    scene.lose_all();
    scene.elect(3, &[2]);
    scene.ask(3, "x?");
    scene.pass("Heartbeat", 3, 2);
    scene.pass("HeartbeatAck", 2, 3);
    assert!(scene.answers().is_empty(), "it leads, but slot 2 is not known yet");
    scene.vote(3, &[2]);
    assert!(scene.answers().contains(&done("2")));
}

/// A quorum of the members that a leader knows need not meet one of members that it does not know yet.
#[test]
fn where_members_change_reads_go_through_the_log() {
    let mut scene = led("read_index");
    scene.ask(1, "members=1,2");
    scene.ask(1, "x?");
    assert_eq!(scene.proposed(1).len(), 2);
}

#[test]
fn under_a_lease_a_read_is_answered_at_once_and_asks_nobody() {
    let mut scene = led("lease");
    scene.ask(1, "x?");
    assert!(scene.answers().is_empty(), "no quorum has granted anything yet");
    scene.fire(1, Timer::Heartbeat);
    scene.pass("Heartbeat", 1, 2);
    scene.pass("HeartbeatAck", 2, 1);
    assert_eq!(scene.answers(), [done("1")]);
    scene.ask(1, "x?");
    assert_eq!((scene.answers(), scene.sent(2).len()), (vec![done("1")], 0));
    // Whoever has granted a lease promises to nobody else, until it ends.
    scene.hear(2, 3, &Message::Prepare { ballot: ballot(5, 3), from: 1 });
    assert!(scene.told(&Note::Leased));
    scene.fire(2, Timer::Grant);
    scene.hear(2, 3, &Message::Prepare { ballot: ballot(5, 3), from: 1 });
    assert!(matches!(scene.sent(3)[..], [Message::Promise(_)]));
    scene.fire(1, Timer::Lease);
    scene.ask(1, "x?");
    assert!(scene.answers().is_empty());
}

/// A lease rests on clocks. Where those of the others run five times as fast, they elect somebody else while it
/// lasts, and a stale read breaks L9: no rule was broken, only what was assumed.
#[test]
fn a_lease_is_only_as_good_as_the_clocks() {
    let mut stale = 0;
    for fast in [1000, 5000] {
        let options =
            [("reads", choice("reads", "lease")), ("lease_ms", OptionValue::Time(Micros::from_ms(1000)))];
        let election = ("election_ms", OptionValue::Span(Micros::from_ms(1100), Micros::from_ms(1300)));
        let mut scene = Scene::with(3, &[options[0], options[1], election]);
        (1..=3).for_each(|number| scene.fire(number, Timer::Grant));
        scene.elect(1, &[2]);
        scene.run(100);
        let mut rates = [1000; MAX_NODES as usize];
        (rates[1], rates[2]) = (fast, fast);
        scene.act(Action::Set(Box::new(Knob::Option(CLOCK_RATE, OptionValue::Rates(rates)))));
        scene.run(60);
        scene.isolate(1);
        scene.run(500);
        for asked in [2, 3] {
            let client = ClientId::new(asked).unwrap();
            scene.ask_as(client, asked, "x=2", None);
            scene.run(100);
        }
        scene.ask_as(ClientId::new(4).unwrap(), 1, "x?", None);
        let broken = scene.report.violations.iter().any(|broken| broken.id == "L9");
        assert_eq!(broken, 1000 < fast, "clocks that run at {fast}");
        stale += u8::from(broken);
    }
    assert_eq!(stale, 1);
}
