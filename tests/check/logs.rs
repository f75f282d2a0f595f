//! Raft and Multi-Paxos before the checker: what it proves of them, and the shortest schedule that it finds of every rule
//! that is left out.

use crate::proofs::{PROOFS, Proof, checked, prove, text};
use conclave::engine::check::Verdict;
use conclave::engine::check::search::Limit;
use conclave::scenario::check::Checking;
use conclave::scenario::file::Scenario;
use conclave::scenario::run::run;
use serde_json::{Value, from_str};

/// Protocol, check file, what is looked for, how many moves it takes, after how many states it is found; and how many
/// states there are of the correct protocol up to as many moves, or in all.
type Row = (&'static str, &'static str, &'static str, u32, u64, Correct);

/// How far the correct protocol was searched for the same.
#[derive(Clone, Copy)]
enum Correct {
    /// Within all the bounds of the file.
    Whole(u64),
    /// As many moves as the variant needs: there are too many states beyond.
    AsFar(u64),
}
use Correct::{AsFar, Whole};

const FOUND: [Row; 21] = [
    ("raft", "R-1", "R1", 8, 6_988, Whole(125_387)),
    ("raft", "R-3", "R4", 10, 36_497, AsFar(71_491)),
    ("raft", "R-5", "R4", 11, 110_583, AsFar(246_202)),
    ("raft", "R-5-figure-8", "R4", 10, 194_504, AsFar(350_105)),
    ("raft", "R-8", "R5", 9, 12_340, AsFar(24_068)),
    ("multi_paxos", "M-1", "L3", 9, 36_025, AsFar(37_501)),
    ("multi_paxos", "M-2", "L1", 7, 1_475, AsFar(2_599)),
    ("multi_paxos", "M-3", "L1", 7, 1_777, AsFar(2_599)),
    ("multi_paxos", "M-4", "L1", 5, 314, AsFar(498)),
    ("multi_paxos", "M-5", "L3", 5, 57, AsFar(104)),
    ("multi_paxos", "M-6", "L7", 11, 75_404, AsFar(113_242)),
    ("multi_paxos", "M-7", "passed_by", 4, 237, AsFar(297)),
    ("multi_paxos", "M-7-stuck", "stuck", 0, 1, Whole(11_699)),
    ("multi_paxos", "M-8", "L6", 7, 7_594, AsFar(9_989)),
    ("multi_paxos", "M-9", "L9", 10, 5_024, AsFar(36_440)),
    ("multi_paxos", "M-10", "L1", 7, 6_141, AsFar(9_989)),
    ("multi_paxos", "M-11", "L1", 7, 1_475, AsFar(2_599)),
    ("multi_paxos", "M-12", "L1", 9, 25_362, AsFar(38_701)),
    ("multi_paxos", "M-13", "A13", 8, 1_760, AsFar(3_365)),
    ("multi_paxos", "M-14", "A3", 9, 37_499, AsFar(66_443)),
    ("multi_paxos", "M-15", "L3", 8, 769, AsFar(1_348)),
];

fn rows(protocol: &str) -> impl Iterator<Item = Row> {
    FOUND.into_iter().filter(move |row| row.0 == protocol)
}

#[test]
fn the_correct_protocols_hold_within_the_bounds_of_their_files() {
    PROOFS.into_iter().for_each(prove);
}

/// A proof that takes longer.
const DEEP: [Proof; 1] = [("multi_paxos", "standard-two-slots-nacks", 277_168, 1_287_645, 21)];

/// `CONCLAVE_DEEP=1` asks for those that take longer.
#[test]
fn the_correct_protocols_hold_within_wider_bounds() {
    if std::env::var_os("CONCLAVE_DEEP").is_some() {
        DEEP.into_iter().for_each(prove);
    }
}

#[test]
fn every_check_of_a_protocol_with_a_log_is_in_a_table() {
    for protocol in ["raft", "multi_paxos"] {
        let proved = PROOFS.iter().chain(&DEEP).filter(|proof| proof.0 == protocol).map(|proof| proof.1);
        let mut known: Vec<&str> = proved.chain(rows(protocol).map(|row| row.1)).collect();
        let info = conclave::protocols::find(protocol).unwrap();
        let mut checks: Vec<&str> = info.checks.iter().map(|(key, _)| *key).collect();
        let missing = info.variants.iter().find(|variant| !checks.contains(variant));
        assert_eq!(missing, None, "{protocol}: every variant has a check");
        known.sort_unstable();
        checks.sort_unstable();
        assert_eq!(known, checks, "{protocol}");
    }
}

#[test]
fn of_every_variant_of_raft_the_shortest_schedule_is_found() {
    rows("raft").for_each(|row| found(&row));
}

#[test]
fn of_every_variant_of_multi_paxos_the_shortest_schedule_is_found() {
    rows("multi_paxos").for_each(|row| found(&row));
}

#[test]
fn raft_itself_does_nothing_of_the_kind() {
    rows("raft").for_each(|row| not_found(&row));
}

#[test]
fn multi_paxos_itself_does_nothing_of_the_kind() {
    rows("multi_paxos").for_each(|row| not_found(&row));
}

fn found((protocol, key, find, moves, states, _): &Row) {
    let mut checking = checked(text(protocol, key).as_bytes());
    let progress = checking.progress();
    let Some(Verdict::Found(found)) = progress.verdict else { panic!("{key}: {progress:?}") };
    assert_eq!((found.moves, progress.states), (*moves, *states), "{key}");
    let file = checking.play(&found);
    let finished = run(&Scenario::parse(file.to_string().as_bytes()).unwrap()).unwrap();
    assert!(finished.broken.is_none() && finished.failed.is_empty(), "{key}: {file}");
    let broken: Vec<&str> = finished.runner.session().violations().iter().map(|broken| broken.id).collect();
    let is_promise = find.starts_with(|first: char| first.is_ascii_uppercase());
    assert_eq!(is_promise, broken.contains(find), "{key}: {broken:?}");
}

/// The same search with the rule in force.
fn not_found((protocol, key, _, moves, _, correct): &Row) {
    let mut file: Value = from_str(text(protocol, key)).unwrap();
    file["variant"] = "standard".into();
    if let AsFar(_) = correct {
        file["check"]["depth"] = (*moves).into();
    }
    let checking: Checking = checked(file.to_string().as_bytes());
    let progress = checking.progress();
    let (verdict, states) = match correct {
        Whole(states) => (Verdict::Holds, states),
        AsFar(states) => (Verdict::Stopped(Limit::Depth), states),
    };
    assert_eq!((progress.verdict, progress.states), (Some(verdict), *states), "{key}");
}
