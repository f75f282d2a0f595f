//! What the checker finds of Paxos: nothing of the correct protocol, and of every variant a shortest schedule that does
//! what it is known for.
//!
//! `CONCLAVE_DEEP=1` also explores the spaces that take long.

use conclave::engine::check::Verdict;
use conclave::engine::check::bounds::Question;
use conclave::engine::check::search::Limit;
use conclave::engine::protocol::Protocol;
use conclave::protocols::paxos::{CHECKS, Paxos};
use conclave::scenario::check::{Checking, question_name};
use conclave::scenario::file::Scenario;
use conclave::scenario::run::run;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the correct protocol does within the same bounds.
#[derive(Clone, Copy)]
enum Correct {
    /// It never happens: there are so many states, and every promise holds in them.
    Never(u64),
    /// It does not happen within as many moves; all states together would take long.
    NotSoSoon,
    /// The same, where even that takes long.
    NotSoSoonDeep,
}
use Correct::{Never, NotSoSoon, NotSoSoonDeep};

/// Two proposers with a ballot each, and three acceptors.
const TWO: Correct = Never(32_218);

/// The files of the variants: what is found after how many moves, among how many states.
#[rustfmt::skip]
const FOUND: [(&str, &str, u32, u64, Correct); 29] = [
    ("P-1",   "A1",              14,   2_760, TWO),
    ("P-2",   "A1",               7,      43, Never(425)),
    ("P-3",   "A1",               7,      60, Never(425)),
    ("P-4",   "A6",               6,      43, TWO),
    ("P-5",   "A1",              16,  50_728, NotSoSoonDeep),
    ("P-6",   "A1",              16,  40_177, NotSoSoonDeep),
    ("P-7",   "A8",               4,      66, NotSoSoon),
    ("P-8",   "A1",              14,   5_198, TWO),
    ("P-9",   "A1",              12,   3_459, TWO),
    ("P-10",  "known_otherwise", 15,   4_599, TWO),
    ("P-11",  "A1",              15,  99_931, NotSoSoonDeep),
    ("P-12",  "A3",              14,  26_365, NotSoSoonDeep),
    ("P-13",  "A3",              14,   4_439, NotSoSoon),
    ("P-14",  "known_otherwise", 14,   2_402, TWO),
    ("P-15",  "A1",              14,   9_082, NotSoSoon),
    ("P-16",  "A1",              13,  30_092, NotSoSoonDeep),
    ("P-17",  "A1",              10,   1_913, TWO),
    ("P-17b", "A1",              12,   1_008, TWO),
    ("P-18",  "A1",              11,     398, Never(480)),
    ("P-19",  "A1",              14,   8_935, TWO),
    ("P-20",  "A1",              14,   6_225, TWO),
    ("P-21",  "A12",              3,      26, NotSoSoon),
    ("P-22",  "A2",               7,      15, Never(98)),
    ("PL-1",  "ballots_wasted",   5,      40, NotSoSoon),
    ("PL-2",  "stuck",            2,       4, Never(33)),
    ("PL-3",  "stuck",           10,   7_476, NotSoSoon),
    ("PL-4",  "stuck",           16,  29_534, NotSoSoonDeep),
    ("PL-5",  "stuck",            5,     136, NotSoSoon),
    ("PL-6",  "stuck",            4,      30, Never(728)),
];

/// What each variant breaks first, and after how many moves, where its file looks for what comes of it.
const FIRST: [(&str, &str, u32); 14] = [
    ("P-1", "A9", 11),
    ("P-5", "A4", 3),
    ("P-6", "A12", 7),
    ("P-8", "A5", 8),
    ("P-9", "A9", 4),
    ("P-10", "A3", 8),
    ("P-11", "A9", 6),
    ("P-14", "A3", 7),
    ("P-15", "A13", 1),
    ("P-16", "A13", 1),
    ("P-17", "A13", 1),
    ("P-18", "A7", 7),
    ("P-19", "A8", 1),
    ("P-20", "A5", 8),
];

/// Agreement from the first state on, where the file asks for less or begins later: proposers, ballots, crashes and
/// moves. A hundred thousand states and more.
const DEEP: [(&str, u8, u8, u8, u32); 5] = [
    ("P-2", 3, 3, 0, 20),
    ("P-3", 3, 3, 0, 20),
    ("P-4", 3, 3, 0, 20),
    ("P-7", 2, 3, 1, 21),
    ("P-21", 2, 2, 1, 16),
];

fn file(variant: &str) -> Value {
    let (_, text) = CHECKS.iter().find(|(key, _)| *key == variant).unwrap_or_else(|| panic!("{variant}"));
    serde_json::from_str(text).unwrap()
}

fn checked(file: &Value) -> Checking {
    let scenario =
        Scenario::parse(file.to_string().as_bytes()).unwrap_or_else(|fault| panic!("{fault}: {file}"));
    let mut checking = Checking::begin(scenario).unwrap_or_else(|fault| panic!("{fault}: {file}"));
    while !checking.work(u32::MAX) {}
    checking
}

fn is_deep() -> bool {
    std::env::var_os("CONCLAVE_DEEP").is_some()
}

/// Plays what was found as a scenario file, and returns what it breaks.
fn played(checking: &mut Checking) -> Vec<&'static str> {
    let Some(Verdict::Found(found)) = checking.progress().verdict else { panic!("nothing was found") };
    let file = checking.play(&found);
    let finished = run(&Scenario::parse(file.to_string().as_bytes()).unwrap()).unwrap();
    assert!(finished.broken.is_none() && finished.failed.is_empty(), "{:?}: {file}", finished.failed);
    finished.runner.session().violations().iter().map(|broken| broken.id).collect()
}

fn finds(variant: &str, file: &Value, moves: u32) -> u64 {
    let mut checking = checked(file);
    let progress = checking.progress();
    let Some(Verdict::Found(found)) = &progress.verdict else { panic!("{variant}: {:?}", progress.verdict) };
    assert_eq!(found.moves, moves, "{variant}: {file}");
    let question = checking.asked().question.clone();
    let broken = played(&mut checking);
    match question {
        Question::Breaks(id) => assert!(broken.contains(&id), "{variant}: {broken:?}"),
        // Who gets stuck breaks no promise.
        Question::Stuck => assert_eq!(broken, [""; 0], "{variant}"),
        Question::Reaches(_) | Question::Any => {}
    }
    progress.states
}

#[test]
fn every_variant_is_found_out_after_as_many_moves() {
    for (variant, find, moves, states, _) in FOUND {
        let file = file(variant);
        assert_eq!(file["check"]["find"], find, "{variant}");
        assert_eq!(finds(variant, &file, moves), states, "{variant}");
    }
}

#[test]
fn every_variant_breaks_first_what_it_should() {
    for (variant, first, moves) in FIRST {
        let mut file = file(variant);
        file["check"]["find"] = first.into();
        finds(variant, &file, moves);
    }
}

#[test]
fn what_takes_long_breaks_agreement_as_well() {
    for (variant, proposers, ballots, crashes, moves) in DEEP.iter().filter(|_| is_deep()) {
        let mut file = file(variant);
        file.as_object_mut().unwrap().remove("start");
        file["nodes"] = (proposers + 3).into();
        file["options"]["proposers"] = (*proposers).into();
        file["check"] = json!({
            "find": "A1", "fires": {"propose": ballots, "disk": null}, "crashes": crashes, "symmetry": true,
            "states": 2_000_000, "memory_mb": 4_000,
        });
        finds(variant, &file, *moves);
    }
}

#[test]
fn the_correct_protocol_does_nothing_of_it() {
    let mut spaces = BTreeMap::new();
    for (variant, find, moves, _, correct) in FOUND {
        let mut file = file(variant);
        file.as_object_mut().unwrap().remove("variant");
        match correct {
            Never(states) => {
                // Within the same bounds are the same states: all promises are looked at together.
                if find.starts_with('A') {
                    file["check"]["find"] = "any".into();
                }
                spaces.insert(file.to_string(), Some(states));
            }
            NotSoSoonDeep if !is_deep() => {}
            NotSoSoon | NotSoSoonDeep => {
                file["check"]["depth"] = moves.into();
                spaces.insert(file.to_string(), None);
            }
        }
    }
    for (file, states) in spaces {
        let progress = checked(&serde_json::from_str(&file).unwrap()).progress();
        match states {
            Some(states) => {
                assert_eq!((&progress.verdict, progress.states), (&Some(Verdict::Holds), states), "{file}")
            }
            None => assert_eq!(progress.verdict, Some(Verdict::Stopped(Limit::Depth)), "{file}"),
        }
    }
}

/// Sharing ballots alone is safe where the same ballot is not promised twice.
#[test]
fn proposers_may_share_ballots_if_a_ballot_is_promised_once() {
    let progress = checked(&file("P-19b")).progress();
    assert_eq!((progress.verdict, progress.states), (Some(Verdict::Holds), 204));
}

#[test]
fn every_variant_has_a_check_and_a_row() {
    let further = |key: &&str| key.starts_with("standard-");
    let keys = CHECKS.iter().map(|(key, _)| *key).filter(|key| !further(key));
    assert!(keys.eq(Paxos::VARIANTS.iter().copied()));
    let rows = FOUND.iter().map(|(variant, ..)| *variant);
    assert!(rows.eq(Paxos::VARIANTS.iter().copied().filter(|key| !["standard", "P-19b"].contains(key))));
    for (key, _) in CHECKS.iter().filter(|(key, _)| !further(key)) {
        let variant = file(key)["variant"].clone();
        assert_eq!(variant.as_str().unwrap_or("standard"), *key);
    }
}

/// Two proposers, three acceptors, and one crash of any of them at any time, after which it may restart at any time: the
/// correct protocol keeps every promise.
#[test]
fn the_correct_protocol_survives_a_crash() {
    let progress = checked(&file("standard")).progress();
    assert_eq!(
        (progress.verdict, progress.states, progress.transitions),
        (Some(Verdict::Holds), 294_545, 1_558_782)
    );
}

/// With a ballot for each proposer and no crash, and with a crash of anybody where there is one proposer.
#[test]
fn the_correct_protocol_never_gets_stuck() {
    let asks = |nodes: u8, proposers: u8, crashes: u8| {
        let mut file = file("standard");
        file["nodes"] = nodes.into();
        file["options"]["proposers"] = proposers.into();
        file["check"] =
            json!({"find": "stuck", "fires": {"propose": proposers}, "crashes": crashes, "symmetry": true});
        let progress = checked(&file).progress();
        (progress.verdict, progress.states)
    };
    assert_eq!(asks(5, 2, 0), (Some(Verdict::Holds), 32_218));
    assert_eq!(asks(4, 1, 1), (Some(Verdict::Holds), 616));
}

/// What a teacher asks of the correct protocol, and after how many moves it is so.
#[test]
fn what_may_happen_happens() {
    for (find, moves) in
        [("chosen_unknown", 7), ("value_overwritten", 12), ("equal_unchosen", 12), ("all_know", 9)]
    {
        let mut file = file("P-1");
        file.as_object_mut().unwrap().remove("variant");
        file["check"]["find"] = find.into();
        assert_eq!(question_name(&checked(&file).asked().question), find);
        finds("standard", &file, moves);
    }
}
