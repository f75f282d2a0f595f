//! The built-in scenario files of Paxos: the classics, then its rules broken one at a time, then those that get stuck.
//!
//! Each file is run by the tests to its end; those of a variant also without it. An event of our protocol notes is one
//! step here: a timer that fires, or a message that is delivered and handled.

macro_rules! files {
    ($($slug:literal),* $(,)?) => { &[$(($slug, include_str!(concat!("scenarios/", $slug, ".json")))),*] };
}

/// Slug and text of each file.
pub const SCENARIOS: &[(&str, &str)] = files![
    "sp1-happy-path",
    "sp2-minority-down",
    "sp3-majority-down-and-back",
    "sp4-later-proposer-bound",
    "sp5-partial-accept-seen",
    "sp6-partial-accept-unseen",
    "sp7-two-reports",
    "sp8-late-accept-fenced",
    "sp9-duel",
    "sp9-distinguished-proposer",
    "sp10-crash-after-promise",
    "sp11-crash-after-vote",
    "sp12-all-learns-lost",
    "sp13-distinguished-learner-dies",
    "sp14-minority-partition",
    "sp15-stale-and-duplicate-replies",
    "sp16-voter-outside-the-quorum",
    "sp17-equal-rounds",
    "sp18-proposer-restart",
    "sp19-cost-undisturbed",
    "sp19-cost-of-a-failed-guess",
    "p1-ignores-reports",
    "p2-adopts-lowest",
    "p3-adopts-last",
    "p4-accept-keeps-promise",
    "p5-forgets-promise",
    "p6-forgets-vote",
    "p7-forgets-round",
    "p8-accepts-below-promise",
    "p9-counts-promises",
    "p10-counts-votes",
    "p11-counts-stale-promises",
    "p12-counts-stale-votes",
    "p13-counts-by-value",
    "p14-learns-from-one",
    "p15-half-is-enough",
    "p16-counts-the-living",
    "p17-one-promise",
    "p17b-one-vote",
    "p18-rebinds",
    "p19-shares-ballots",
    "p19b-shares-ballots-strictly",
    "p20-promises-without-storing",
    "p21-answers-before-writing",
    "p22-invents",
    "pl1-retries-at-once",
    "pl2-accepts-only-promised",
    "pl3-waits-for-refusals",
    "pl4-first-vote-stays",
    "pl5-compares-text",
    "pl6-answers-once",
];
