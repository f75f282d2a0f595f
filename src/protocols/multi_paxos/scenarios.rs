//! The built-in scenario files of Multi-Paxos: the classics, then its rules broken one at a time.
//!
//! Each file is run by the tests to its end; those of a variant also without it. An event of our protocol notes is a
//! request with its reply; here each message is a step of its own, and a file says where that makes it longer.

macro_rules! files {
    ($($slug:literal),* $(,)?) => { &[$(($slug, include_str!(concat!("scenarios/", $slug, ".json")))),*] };
}

/// Slug and text of each file.
pub const SCENARIOS: &[(&str, &str)] = files![
    "mp1-phase-one-once",
    "mp2-chosen-out-of-order",
    "mp3-gap-after-a-crash",
    "mp4-lamports-example",
    "mp5-unseen-vote-is-lost",
    "mp5-seen-vote-is-kept",
    "mp6-stale-leader",
    "mp7-retry-across-leaders",
    "mp8-duelling-leaders",
    "mp8-lease-ends-the-duel",
    "mp9-ballots-grow-in-isolation",
    "mp10-catching-up",
    "mp10-snapshot",
    "mp11-read-index",
    "mp11-lease",
    "mp12-lost-disk",
    "mp13-new-members",
    "mp14-commit-rides-along",
    "mp14-commit-by-itself",
    "m1-trusts-commit",
    "m2-ignores-reports",
    "m3-starts-after-own-log",
    "m4-skips-phase-one",
    "m5-applies-on-arrival",
    "m6-forgets-sessions",
    "m7-leaves-gaps",
    "m8-fills-gaps-with-commands",
    "m9-reads-at-once",
    "m10-prepares-one-slot",
    "m11-omits-unchosen",
    "m12-rejoins-wiped",
    "m13-reconfigures-at-once",
    "m14-counts-stale-votes",
    "m15-installs-old-snapshots",
];
