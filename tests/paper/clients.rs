//! Clients (§8): they find the leader, ask again when no answer comes, and a command takes effect once.

use crate::scene::{Scene, node};
use conclave::engine::action::{Action, Ask, Rejected};
use conclave::engine::client::{MAX_COMMAND, MAX_PENDING};
use conclave::engine::ids::{ClientId, MemberId, TimerId};
use conclave::protocols::raft::Note;

const RETRY: TimerId = TimerId(0);

fn second() -> ClientId {
    ClientId::new(2).unwrap()
}

/// §8: a server that does not lead names the leader, and the client turns there.
#[test]
fn a_client_follows_a_redirect_to_the_leader() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask(2, "x=1");
    assert!(scene.told(&Note::Redirects { leader: Some(node(1)) }));
    scene.settle();
    assert_eq!(scene.value(1, "x").as_deref(), Some("1"));
    assert!(scene.world.clients().all(|client| client.pending().is_empty()));
}

/// §8: where nobody is known to lead, the client waits for its timer and asks the next server.
#[test]
fn a_client_without_a_leader_asks_the_next_server_later() {
    let mut scene = Scene::of(3);
    scene.ask(2, "x=1");
    assert!(scene.told(&Note::Redirects { leader: None }));
    scene.settle();
    assert_eq!(scene.world.clients().map(|client| client.pending().len()).sum::<usize>(), 1);
    scene.act(Action::Fire(MemberId::Client(ClientId::FIRST), RETRY));
    let asked: Vec<MemberId> = scene.world.packets().map(|(packet, _)| packet.to).collect();
    assert_eq!(asked, [MemberId::Node(node(3))]);
}

/// Two servers that name each other do not keep a request flying for ever.
#[test]
fn redirects_come_to_an_end() {
    let mut scene = Scene::of(2);
    scene.elect(1);
    scene.time_out(2);
    scene.lose_all();
    scene.ask(2, "x=1");
    scene.settle();
    assert!(scene.in_flight().is_empty());
}

/// §8: a retry of what has been applied is answered and not executed again.
#[test]
fn a_retry_takes_effect_once() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask_as(ClientId::FIRST, 1, "x=1", Some(1));
    scene.settle();
    scene.ask_as(second(), 1, "x=2", Some(1));
    scene.settle();
    scene.ask_as(ClientId::FIRST, 1, "x=1", Some(1));
    assert!(scene.told(&Note::AlreadyApplied { seq: 1 }));
    scene.settle();
    assert_eq!(scene.value(1, "x").as_deref(), Some("2"), "the older write is not done again");
    assert_eq!(scene.log(1).len(), 2);
}

/// §8: a retry that comes before the first is committed is in the log twice, and takes effect once.
#[test]
fn a_retry_across_leaders_takes_effect_once() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask_as(ClientId::FIRST, 1, "x=1", Some(1));
    scene.pass(1, 2);
    scene.pass(2, 1);
    scene.act(Action::Crash(node(1)));
    scene.lose_all();
    scene.elect(2);
    scene.ask_as(second(), 2, "x=2", Some(1));
    scene.settle();
    scene.ask_as(ClientId::FIRST, 2, "x=1", Some(1));
    scene.settle();
    assert_eq!(scene.value(2, "x").as_deref(), Some("2"));
}

/// §8: a read goes through the log, and is answered with what was there when it was applied.
#[test]
fn a_read_is_answered_with_the_value() {
    let mut scene = Scene::of(3);
    scene.elect(1);
    scene.ask(1, "x=1");
    scene.settle();
    scene.ask(1, "x?");
    scene.settle();
    let answered = scene.state(1).machine.answered((ClientId::FIRST, 2)).cloned().flatten();
    assert_eq!(answered.as_deref(), Some("1"));
}

/// A client's bounds are announced: how much it asks at once, and how much it says.
#[test]
fn a_client_asks_for_so_much_and_no_more() {
    let mut scene = Scene::of(3);
    let ask_as = |command: String, seq| {
        let command = command.as_str().into();
        Action::Request(Box::new(Ask { client: ClientId::FIRST, node: node(1), command, seq }))
    };
    let ask = |command| ask_as(command, None);
    assert_eq!(scene.refusal(ask(String::new())), Rejected::BadCommand);
    assert_eq!(scene.refusal(ask("字".repeat(MAX_COMMAND + 1))), Rejected::BadCommand);
    for _ in 0..MAX_PENDING {
        scene.act(ask("字".repeat(MAX_COMMAND)));
    }
    assert_eq!(scene.refusal(ask("x=1".to_string())), Rejected::TooManyPending(ClientId::FIRST));
    scene.act(ask_as("x=1".to_string(), Some(7)));
}
