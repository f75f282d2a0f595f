//! Random schedules with every fault, every invariant on: the correct protocol breaks no promise and recovers when
//! the faults end; a run that fails prints the scenario file that repeats it.
//!
//! `CONCLAVE_DEEP=1` runs ten times as many.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

mod ledger;
mod multi_paxos;
mod multi_paxos_variants;
mod paxos;
mod paxos_variants;
mod raft;
mod schedule;
mod subject;
mod variants;

use conclave::engine::action::{Action, Ask};
use conclave::engine::catalog::Opening;
use conclave::engine::ids::{ClientId, Micros, NodeId};
use conclave::engine::world::World;
use conclave::protocols::multi_paxos::MultiPaxos;
use conclave::protocols::paxos::Paxos;
use conclave::protocols::raft::Raft;
use conclave::protocols::{PROTOCOLS, find};
use conclave::scenario::file::Scenario;
use conclave::scenario::run;
use conclave::scenario::write::{self, Deed};
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use schedule::{Cluster, Plan, setup};
use subject::Subject;

/// How many moves a run has; each lets at least one action happen.
const MOVES: usize = 500;
/// How many actions may be spent on trying a schedule that failed with fewer special moves.
const MOST_ACTIONS: usize = 2_000_000;
/// How long a cluster may take to recover. Without conflict hints a leader goes back one entry a round trip.
const RECOVERY: Micros = Micros::from_ms(20_000);

/// Every protocol has its tests below; a new one is put beside them.
#[test]
fn every_protocol_is_put_through_random_schedules() {
    let tested = [key::<Raft>(), key::<Paxos>(), key::<MultiPaxos>()];
    let known: Vec<&str> = PROTOCOLS.iter().map(|protocol| protocol.key).collect();
    assert_eq!(known, tested);
}

fn key<P: Subject>() -> &'static str {
    P::KEY
}

mod of_raft {
    use super::*;

    #[test]
    fn no_schedule_driven_by_the_clock_breaks_a_promise() {
        check::<Raft>(0..=60, 1_000);
    }

    #[test]
    fn no_schedule_driven_by_hand_breaks_a_promise() {
        check::<Raft>(61..=255, 1_000);
    }

    #[test]
    fn the_file_that_a_failure_prints_repeats_the_run() {
        repeats::<Raft>();
    }
}

mod of_paxos {
    use super::*;

    #[test]
    fn no_schedule_driven_by_the_clock_breaks_a_promise() {
        check::<Paxos>(0..=60, 1_000);
    }

    #[test]
    fn no_schedule_driven_by_hand_breaks_a_promise() {
        check::<Paxos>(61..=255, 1_000);
    }

    #[test]
    fn the_file_that_a_failure_prints_repeats_the_run() {
        repeats::<Paxos>();
    }
}

mod of_multi_paxos {
    use super::*;

    #[test]
    fn no_schedule_driven_by_the_clock_breaks_a_promise() {
        check::<MultiPaxos>(0..=60, 1_000);
    }

    #[test]
    fn no_schedule_driven_by_hand_breaks_a_promise() {
        check::<MultiPaxos>(61..=255, 1_000);
    }

    #[test]
    fn the_file_that_a_failure_prints_repeats_the_run() {
        repeats::<MultiPaxos>();
    }
}

/// Writes random runs as files, and runs the files.
fn repeats<P: Subject>() {
    let tape = proptest::collection::vec(any::<u32>(), MOVES);
    let config = Config { cases: 30, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let repeats = |(plan, tape): (Plan, Vec<u32>)| {
        let cluster = recovered::<P>(&plan, &tape);
        let file = file_of::<P>(&plan, &cluster.deeds).to_string();
        let scenario =
            Scenario::parse(file.as_bytes()).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        let finished = run::run(&scenario).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        assert_eq!(finished.broken, None);
        assert_eq!(finished.runner.session().len(), cluster.actions);
        assert_eq!(finished.runner.session().digest(), cluster.world.digest());
        Ok(())
    };
    TestRunner::new(config).run(&(plans(0..=255), tape), repeats).unwrap();
}

/// Plays so many random runs. The library picks them; what fails is made quiet here, because a schedule grows
/// simpler by moves that do nothing special, not by fewer or smaller numbers.
fn check<P: Subject>(haste: std::ops::RangeInclusive<u8>, runs: u32) {
    let deep = std::env::var_os("CONCLAVE_DEEP").is_some();
    let cases = if deep { runs * 10 } else { runs };
    let config = Config { cases, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let tape = proptest::collection::vec(any::<u32>(), MOVES);
    let failed = TestRunner::new(config).run(&(plans(haste), tape), |(plan, tape)| {
        let cluster = recovered::<P>(&plan, &tape);
        assert!(MOVES <= cluster.actions, "every move lets something happen");
        match cluster.complaints.first() {
            Some(complaint) => Err(TestCaseError::fail(complaint.clone())),
            None => Ok(()),
        }
    });
    match failed {
        Err(TestError::Fail(_, (plan, tape))) => explain::<P>(&plan, tape),
        failed => failed.unwrap(),
    }
}

fn plans(haste: std::ops::RangeInclusive<u8>) -> impl Strategy<Value = Plan> {
    let plan =
        |(nodes, seed, haste, switches, weather)| Plan { nodes, seed, haste, switches, weather, variant: 0 };
    (1..=9_u8, any::<u64>(), haste, any::<u8>(), any::<u8>()).prop_map(plan)
}

/// The file of a run. Nodes start fresh: random runs begin that way.
fn file_of<P: Subject>(plan: &Plan, deeds: &[Deed]) -> serde_json::Value {
    let setup = setup::<P>(plan);
    let (options, variant) = (setup.options, setup.variant);
    let (start, down) = (Vec::new(), Vec::new());
    let opening = Opening { nodes: setup.nodes, seed: setup.seed, options, variant, start, down };
    write::scenario(find(P::KEY).unwrap(), &opening, deeds)
}

fn explain<P: Subject>(plan: &Plan, mut tape: Vec<u32>) {
    quieten::<P>(plan, &mut tape);
    let cluster = recovered::<P>(plan, &tape);
    let file = file_of::<P>(plan, &cluster.deeds);
    panic!("{}\nthis file repeats it:\n{file}", cluster.complaints.join("\n"));
}

/// Lets as many moves as possible do nothing but let the clock run, as long as it still fails: first many at once,
/// then fewer, until enough has been tried.
fn quieten<P: Subject>(plan: &Plan, tape: &mut [u32]) {
    let (mut size, mut actions) = (tape.len(), 0);
    while 0 < size {
        for start in (0..tape.len()).step_by(size) {
            let end = (start + size).min(tape.len());
            let kept = tape[start..end].to_vec();
            // The greatest second byte is never hasty.
            tape[start..end].fill(0xff00);
            let tried = recovered::<P>(plan, tape);
            if tried.complaints.is_empty() {
                tape[start..end].copy_from_slice(&kept);
            }
            actions += tried.actions;
            if MOST_ACTIONS < actions {
                return;
            }
        }
        size /= 2;
    }
}

fn played<P: Subject>(plan: &Plan, tape: &[u32]) -> Cluster<P> {
    let mut cluster = Cluster::new(&setup::<P>(plan), P::audit);
    for code in tape {
        cluster.play(*code, plan.haste);
        if !cluster.complaints.is_empty() {
            break;
        }
    }
    cluster
}

/// A run, and then the end of all faults: the cluster must recover by itself.
fn recovered<P: Subject>(plan: &Plan, tape: &[u32]) -> Cluster<P> {
    let mut cluster = played::<P>(plan, tape);
    if !cluster.complaints.is_empty() {
        return cluster;
    }
    cluster.calm();
    if !cluster.run_until(RECOVERY, P::is_ready) {
        cluster.complaints.push("nobody takes requests after all faults ended".to_string());
        return cluster;
    }
    let client = ClientId::new(4).unwrap();
    let node = NodeId::new(1).unwrap();
    cluster.act(Action::Request(Box::new(Ask { client, node, command: "after=all".into(), seq: None })));
    if !cluster.run_until(RECOVERY, |world| answered(world) && P::is_settled(world)) {
        cluster.complaints.push("no answer, or nodes that differ, long after all faults ended".to_string());
    }
    cluster.complaints.extend(P::audit_clients(&cluster.ledger, &cluster.world).err());
    cluster
}

fn answered<P: Subject>(world: &World<P>) -> bool {
    world.clients().all(|client| client.pending().is_empty())
}
