//! Every built-in scenario reaches its end and shows what it promises; every broken variant is caught, and only
//! where it is broken. What its file says to the reader is there, in both languages, and true.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::protocols::{PROTOCOLS, ProtocolInfo};
use conclave::scenario::expect::Failure;
use conclave::scenario::file::Scenario;
use conclave::scenario::run::{Finished, run};
use conclave::scenario::step::{PacketVerb, Step, Verb};
use conclave::scenario::topic::TOPICS;
use expect_test::expect_file;
use serde_json::Value;
use std::fs;

/// What to try is read at a glance, in as many characters of English.
const LONGEST_HINT: usize = 160;

type File = (&'static ProtocolInfo, &'static str, &'static str);

fn files() -> impl Iterator<Item = File> {
    let of = |protocol: &'static ProtocolInfo| {
        protocol.scenarios.iter().map(move |(slug, text)| (protocol, *slug, *text))
    };
    PROTOCOLS.iter().flat_map(of)
}

fn read(slug: &str, text: &str) -> Scenario {
    Scenario::parse(text.as_bytes()).unwrap_or_else(|fault| panic!("{slug}: {fault}"))
}

fn played(slug: &str, scenario: &Scenario) -> Finished {
    let finished = run(scenario).unwrap_or_else(|fault| panic!("{slug}: {fault}"));
    if let Some(fault) = &finished.broken {
        panic!("{slug}: {fault}\n{}", finished.transcript.join("\n"));
    }
    finished
}

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

#[test]
fn every_scenario_shows_what_it_promises() {
    for (_, slug, text) in files() {
        let finished = played(slug, &read(slug, text));
        let failed: Vec<&Failure> = finished.failed.iter().collect();
        assert!(failed.is_empty(), "{slug}: {failed:#?}\n{}", finished.transcript.join("\n"));
    }
}

#[test]
fn every_scenario_says_in_both_languages_what_it_is_and_what_to_try() {
    for (protocol, slug, text) in files() {
        let scenario = read(slug, text);
        for wording in [&scenario.title, &scenario.about, &scenario.hint] {
            let (Some(en), Some(zh)) = (&wording.en, &wording.zh) else {
                panic!("{slug}: a title, a sentence or what to try is missing in a language: {wording:?}");
            };
            assert!(!en.is_empty() && !en.chars().any(is_chinese), "{slug}: {en}");
            assert!(zh.chars().any(is_chinese) && !zh.contains("一致性"), "{slug}: {zh}");
        }
        let length = scenario.hint.en.map_or(0, |hint| hint.chars().count());
        assert!(length <= LONGEST_HINT, "{slug}: {length} characters, more than {LONGEST_HINT}");
        assert_eq!(scenario.protocol.key, protocol.key, "{slug}");
    }
}

/// Who looks for something finds it, and no filter leaves nothing over.
#[test]
fn every_scenario_has_topics_and_every_topic_has_scenarios() {
    let mut used = std::collections::BTreeSet::new();
    for (_, slug, text) in files() {
        let scenario = read(slug, text);
        let keys: Vec<&str> = scenario.topics.iter().map(|topic| topic.key).collect();
        assert!(!keys.is_empty(), "{slug} has no topic");
        let is_broken = scenario.opening.variant != 0;
        assert_eq!(keys.contains(&"broken-rule"), is_broken, "{slug}: {keys:?}");
        used.extend(keys);
    }
    let unused: Vec<&str> = TOPICS.iter().map(|topic| topic.key).filter(|key| !used.contains(key)).collect();
    assert!(unused.is_empty(), "no scenario is about {unused:?}");
}

#[test]
fn every_picture_is_taken_within_the_steps_and_differs_from_the_end() {
    for (_, slug, text) in files() {
        let mut scenario = read(slug, text);
        let Some(still) = scenario.still else { continue };
        assert!((1..scenario.steps.len()).contains(&still), "{slug}: {still} is the end anyway, or no step");
        // What the end shows as well need not be said.
        let at_end = played(slug, &scenario).runner.session().digest();
        scenario.steps.truncate(still);
        assert_ne!(played(slug, &scenario).runner.session().digest(), at_end, "{slug}: as at the end");
    }
}

/// What a file tells its reader to try, done step by step, and what the reader should then see. `after` is the step
/// of the scenario from which the reader goes another way.
#[test]
fn what_a_reader_is_told_to_try_happens_as_told() {
    let mut tried = 0;
    for path in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hints")).unwrap() {
        let trials: Value = serde_json::from_slice(&fs::read(path.unwrap().path()).unwrap()).unwrap();
        for (slug, trial) in trials.as_object().unwrap() {
            let (_, _, text) =
                files().find(|(_, known, _)| known == slug).unwrap_or_else(|| panic!("{slug}: no such file"));
            let scenario = going_another_way(text, trial);
            let finished = played(slug, &read(slug, &scenario.to_string()));
            assert!(
                finished.failed.is_empty(),
                "{slug}: {:#?}\n{}",
                finished.failed,
                finished.transcript.join("\n")
            );
            assert!(
                trial["steps"].as_array().unwrap().iter().any(|step| step.get("expect").is_some()),
                "{slug}"
            );
            tried += 1;
        }
    }
    assert_ne!(tried, 0);
}

/// The file as far as the trial follows it, and then the trial.
fn going_another_way(text: &str, trial: &Value) -> Value {
    let mut file: Value = serde_json::from_str(text).unwrap();
    let steps = file["steps"].as_array().unwrap();
    let (kept, _) = steps.split_at(trial["after"].as_u64().unwrap() as usize);
    let steps: Vec<Value> = kept.iter().chain(trial["steps"].as_array().unwrap()).cloned().collect();
    file["steps"] = steps.into();
    file.as_object_mut().unwrap().remove("still");
    file
}

#[test]
fn slugs_are_unique_and_fit_into_a_url() {
    let mut seen = std::collections::BTreeSet::new();
    for (_, slug, _) in files() {
        assert!(seen.insert(slug), "{slug} is there twice");
        assert!(slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{slug}");
    }
}

#[test]
fn the_same_file_gives_the_same_run() {
    for (_, slug, text) in files() {
        let scenario = read(slug, text);
        let (one, two) = (played(slug, &scenario), played(slug, &scenario));
        assert_eq!(one.runner.session().digest(), two.runner.session().digest(), "{slug}");
        assert_eq!(one.transcript, two.transcript, "{slug}");
    }
}

/// Decisions and broken promises of a run.
fn outcome(slug: &str, scenario: &Scenario) -> (usize, Vec<&'static str>) {
    let finished = played(slug, scenario);
    let session = finished.runner.session();
    (session.decided().len(), session.violations().iter().map(|broken| broken.id).collect())
}

/// A variant breaks a promise, or it gets stuck: then nothing is decided. Without it the same steps do neither.
#[test]
fn a_broken_variant_is_caught_and_the_correct_protocol_is_not() {
    let mut variants = 0;
    for (_, slug, text) in files() {
        let broken = read(slug, text);
        let (decided, violations) = outcome(slug, &broken);
        if broken.opening.variant == 0 {
            assert!(violations.is_empty(), "{slug}");
            continue;
        }
        variants += 1;
        let mut correct = read(slug, text);
        correct.opening.variant = 0;
        let (decided_then, violations_then) = outcome(slug, &correct);
        assert_eq!(violations_then, [""; 0], "{slug}");
        let stuck = decided == 0 && 0 < decided_then;
        assert!(!violations.is_empty() || stuck, "{slug}: neither broken nor stuck");
    }
    assert_eq!(variants, PROTOCOLS.iter().map(|protocol| protocol.variants.len() - 1).sum::<usize>());
}

#[test]
fn every_variant_has_a_scenario() {
    for protocol in PROTOCOLS {
        for variant in 1..protocol.variants.len() {
            let shows = |(slug, text): &(&str, &str)| read(slug, text).opening.variant == variant;
            assert!(protocol.scenarios.iter().any(shows), "{}", protocol.variants[variant]);
        }
    }
}

/// The schedules are as short as our protocol notes say, or as much longer as the file's own comment tells.
#[test]
fn broken_rules_have_their_shortest_schedules() {
    let lengths = [
        ("p1-ignores-reports", 14),
        ("p2-adopts-lowest", 20),
        ("p3-adopts-last", 20),
        ("p4-accept-keeps-promise", 20),
        ("p5-forgets-promise", 15 + 1),
        ("p6-forgets-vote", 15 + 1),
        ("p7-forgets-round", 17),
        ("p8-accepts-below-promise", 14),
        ("p9-counts-promises", 12 + 2),
        ("p10-counts-votes", 15 + 3),
        ("p11-counts-stale-promises", 15),
        ("p12-counts-stale-votes", 14),
        ("p13-counts-by-value", 28),
        ("p14-learns-from-one", 12 + 2),
        ("p15-half-is-enough", 14),
        ("p16-counts-the-living", 14 + 3),
        ("p17-one-promise", 10),
        ("p17b-one-vote", 12),
        ("p18-rebinds", 10 + 1),
        ("p19-shares-ballots", 14),
        ("p20-promises-without-storing", 14),
        ("p21-answers-before-writing", 15 + 1 + 9),
        // In our notes an event of these is a message with its answer, here each is one.
        ("m1-trusts-commit", 19),
        ("m2-ignores-reports", 15),
        ("m3-starts-after-own-log", 15),
        ("m4-skips-phase-one", 10),
        ("m5-applies-on-arrival", 15),
        ("m6-forgets-sessions", 19),
        ("m8-fills-gaps-with-commands", 19),
        ("m9-reads-at-once", 30),
        ("m10-prepares-one-slot", 18),
        ("m11-omits-unchosen", 18),
        ("m12-rejoins-wiped", 19),
        ("m13-reconfigures-at-once", 30),
        ("m14-counts-stale-votes", 27),
        ("m15-installs-old-snapshots", 29),
    ];
    // What is dropped only clears the stage.
    let is_drop = |step: &&Step| matches!(step.verb, Verb::Packets(PacketVerb::Drop, _));
    for (slug, length) in lengths {
        let (_, _, text) = files().find(|(_, known, _)| *known == slug).unwrap_or_else(|| panic!("{slug}"));
        let scenario = read(slug, text);
        let dropped = scenario.steps.iter().filter(is_drop).count();
        assert_eq!(played(slug, &scenario).runner.session().len(), length + dropped, "{slug}");
    }
}

/// What no variant can break would be no promise, or one that nobody looks at.
#[test]
fn every_promise_of_paxos_is_broken_by_some_variant() {
    let mut broken = std::collections::BTreeSet::new();
    for (protocol, slug, text) in files().filter(|(protocol, ..)| protocol.key == "paxos") {
        broken.extend(outcome(slug, &read(slug, text)).1);
        let all: Vec<&str> = (protocol.invariants)().iter().map(|(id, ..)| *id).collect();
        assert!(broken.iter().all(|id| all.contains(id)), "{slug}");
    }
    let paxos = PROTOCOLS.iter().find(|protocol| protocol.key == "paxos").map(|paxos| (paxos.invariants)());
    for (id, ..) in paxos.unwrap_or_default() {
        assert!(broken.contains(id), "{id} is never broken");
    }
}

/// Read them: they are the stories. After a change that is meant, `UPDATE_EXPECT=1 cargo test` writes them anew.
#[test]
fn transcripts_tell_what_they_told() {
    let told = [
        "ra1-replication",
        "ra3-failover",
        "ra5-figure-8-three-servers",
        "r1-forgets-vote",
        "r3-ignores-log",
        "r5-commits-old-terms",
        "r8-trusts-leader-commit",
        "sp1-happy-path",
        "sp4-later-proposer-bound",
        "p1-ignores-reports",
        "p4-accept-keeps-promise",
        "p21-answers-before-writing",
        "mp1-phase-one-once",
        "mp3-gap-after-a-crash",
        "mp4-lamports-example",
        "m1-trusts-commit",
        "m11-omits-unchosen",
    ];
    for (_, slug, text) in files().filter(|(_, slug, _)| told.contains(slug)) {
        let transcript = played(slug, &read(slug, text)).transcript.join("\n") + "\n";
        expect_file![format!("transcripts/{slug}.txt")].assert_eq(&transcript);
    }
}
