//! What every server knows of the set-up: its times, its quorums, how it reads and what it keeps; and the rule that is
//! broken on purpose, if one is.
//!
//! Must not know messages or states.

use super::log::{Slot, State};
use super::text as say;
use crate::engine::ids::{MAX_NODES, Micros, NodeId, NodeSet};
use crate::engine::options::{ENGINE_OPTIONS, OptionSpec, OptionValue, Options};
use crate::protocols::paxos::{Quorums, Rule};
use crate::text::Words;

/// What every server knows of the set-up.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Config {
    /// How many servers there are, whether they vote or not.
    pub nodes: u8,
    /// The range of the time without word from a leader after which a server campaigns.
    pub election: (Micros, Micros),
    /// How often a leader sends to everyone though it has nothing to say.
    pub heartbeat: Micros,
    /// How long a leader waits for votes before it asks again.
    pub resend: Micros,
    /// The window α: how far a leader proposes beyond what it knows to be chosen without a gap.
    pub window: Slot,
    /// Whether a new leader proposes a no-op of its own.
    pub noop: bool,
    /// Whether an acceptor says that it refuses.
    pub nacks: bool,
    /// How servers hear how far all is chosen.
    pub commits: Commits,
    /// Whether what is known to be chosen survives a crash.
    pub durable_commit: bool,
    /// How reads are served.
    pub reads: Reads,
    /// How long an acceptor that has heard from a leader promises to no other, where reads rest on a lease.
    pub lease: Micros,
    /// After how many slots a snapshot takes their place; 0 is never.
    pub snapshot_after: Slot,
    /// Who votes until the log says otherwise.
    pub members: NodeSet,
    /// How many promises are needed; 0 is more than half.
    q1: u8,
    /// How many votes are needed; 0 is more than half.
    q2: u8,
    /// Whose disk is lost in a crash, if anybody's.
    pub lost_disk: Option<NodeId>,
    /// The rule that is broken on purpose, if one is.
    pub variant: Variant,
}

/// How servers hear how far all is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Commits {
    /// With the next Accept or heartbeat.
    PiggyBacked,
    /// At once, with a message of its own.
    Separate,
}

const COMMITS: [Commits; 2] = [Commits::PiggyBacked, Commits::Separate];
const COMMITS_KEYS: [&str; 2] = ["piggy-backed", "separate"];

/// How reads are served.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reads {
    /// In a slot of their own, like any command.
    Log,
    /// By the leader, once a quorum has confirmed that it still leads.
    ReadIndex,
    /// By the leader at once, as long as a quorum has promised to elect nobody else.
    Lease,
}

const READS: [Reads; 3] = [Reads::Log, Reads::ReadIndex, Reads::Lease];
const READS_KEYS: [&str; 3] = ["log", "read_index", "lease"];

/// The correct protocol, or one that breaks a rule on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the words in `text` say what each one does")]
pub enum Variant {
    Standard,
    TrustsCommit,
    IgnoresReports,
    StartsAfterOwnLog,
    SkipsPhaseOne,
    AppliesOnArrival,
    ForgetsSessions,
    LeavesGaps,
    FillsGapsWithCommands,
    ReadsAtOnce,
    PreparesOneSlot,
    OmitsUnchosen,
    RejoinsWiped,
    ReconfiguresAtOnce,
    CountsStaleVotes,
    InstallsOldSnapshots,
}

const VARIANTS: [(&str, Variant); 16] = [
    ("standard", Variant::Standard),
    ("M-1", Variant::TrustsCommit),
    ("M-2", Variant::IgnoresReports),
    ("M-3", Variant::StartsAfterOwnLog),
    ("M-4", Variant::SkipsPhaseOne),
    ("M-5", Variant::AppliesOnArrival),
    ("M-6", Variant::ForgetsSessions),
    ("M-7", Variant::LeavesGaps),
    ("M-8", Variant::FillsGapsWithCommands),
    ("M-9", Variant::ReadsAtOnce),
    ("M-10", Variant::PreparesOneSlot),
    ("M-11", Variant::OmitsUnchosen),
    ("M-12", Variant::RejoinsWiped),
    ("M-13", Variant::ReconfiguresAtOnce),
    ("M-14", Variant::CountsStaleVotes),
    ("M-15", Variant::InstallsOldSnapshots),
];

/// The names of the variants.
pub static VARIANT_KEYS: [&str; VARIANTS.len()] = {
    let mut keys = [""; VARIANTS.len()];
    let mut place = 0;
    while place < keys.len() {
        keys[place] = VARIANTS[place].0;
        place += 1;
    }
    keys
};

const fn count(key: &'static str, default: u8, most: u64, help: &'static Words) -> OptionSpec {
    OptionSpec { key, default: OptionValue::Count(default), least: 0, most, help }
}

const fn flag(key: &'static str, on: bool, help: &'static Words) -> OptionSpec {
    OptionSpec { key, default: OptionValue::Flag(on), least: 0, most: 1, help }
}

const fn time(key: &'static str, ms: u64, help: &'static Words) -> OptionSpec {
    let default = OptionValue::Time(Micros::from_ms(ms));
    OptionSpec { key, default, least: 1_000, most: 60_000_000, help }
}

const fn choice(key: &'static str, names: &'static [&'static str], help: &'static Words) -> OptionSpec {
    OptionSpec { key, default: OptionValue::Choice(0, names), least: 0, most: names.len() as u64 - 1, help }
}

/// What the protocol adds to the engine's options, in the order in which [`Config::new`] reads them.
pub static OPTIONS: [OptionSpec; 15] = [
    OptionSpec {
        default: OptionValue::Span(Micros::from_ms(150), Micros::from_ms(300)),
        ..time("election_ms", 0, &say::OPTION_ELECTION)
    },
    time("heartbeat_ms", 50, &say::OPTION_HEARTBEAT),
    time("resend_ms", 100, &say::OPTION_RESEND),
    OptionSpec { least: 1, ..count("window", 16, 64, &say::OPTION_WINDOW) },
    flag("noop", false, &say::OPTION_NOOP),
    flag("nacks", true, &say::OPTION_NACKS),
    choice("commits", &COMMITS_KEYS, &say::OPTION_COMMITS),
    flag("durable_commit", false, &say::OPTION_DURABLE_COMMIT),
    choice("reads", &READS_KEYS, &say::OPTION_READS),
    time("lease_ms", 150, &say::OPTION_LEASE),
    count("snapshot_after", 0, 255, &say::OPTION_SNAPSHOT_AFTER),
    count("members", 0, MAX_NODES as u64, &say::OPTION_MEMBERS),
    count("q1", 0, MAX_NODES as u64, &say::OPTION_Q1),
    count("q2", 0, MAX_NODES as u64, &say::OPTION_Q2),
    count("lost_disk", 0, MAX_NODES as u64, &say::OPTION_LOST_DISK),
];

impl Config {
    /// What follows from the options and the variant.
    pub fn new(nodes: u8, options: &Options, variant: usize) -> Config {
        let own = |place: usize| ENGINE_OPTIONS + place;
        let members = match options.count(own(11)) {
            0 => nodes,
            count => count.min(nodes),
        };
        Config {
            nodes,
            election: options.span(own(0)),
            heartbeat: options.time(own(1)),
            resend: options.time(own(2)),
            window: Slot::from(options.count(own(3)).max(1)),
            noop: options.flag(own(4)),
            nacks: options.flag(own(5)),
            commits: COMMITS[usize::from(options.choice(own(6))) % COMMITS.len()],
            durable_commit: options.flag(own(7)),
            reads: READS[usize::from(options.choice(own(8))) % READS.len()],
            lease: options.time(own(9)),
            snapshot_after: Slot::from(options.count(own(10))),
            members: NodeId::all(members).collect(),
            q1: options.count(own(12)),
            q2: options.count(own(13)),
            lost_disk: NodeId::new(options.count(own(14))),
            variant: VARIANTS.get(variant).map_or(Variant::Standard, |(_, variant)| *variant),
        }
    }

    /// Who votes in a slot, for whoever has applied enough to know.
    pub fn members_at(&self, state: &State, slot: Slot) -> NodeSet {
        let in_force = state.members.iter().rev().find(|(from, _)| *from <= slot);
        let members = in_force.map_or(self.members, |(_, members)| *members);
        // A forged snapshot may name others.
        members.iter().filter(|member| member.number() <= self.nodes).collect()
    }

    /// From which slot on a change of members in `slot` is in force: never before a leader that does not know it yet
    /// could have proposed there.
    pub fn takes_effect(&self, slot: Slot) -> Slot {
        match self.variant {
            Variant::ReconfiguresAtOnce => slot.saturating_add(1),
            _ => slot.saturating_add(self.window),
        }
    }

    /// Which of these voters are quorums.
    pub fn quorums(&self, members: NodeSet) -> Quorums {
        let size = |wanted: u8| match wanted {
            0 => members.len() / 2 + 1,
            wanted => wanted.clamp(1, members.len().max(1)),
        };
        Quorums { acceptors: members, rule: Rule::Sizes { one: size(self.q1), two: size(self.q2) } }
    }

    /// Whether a promise from a slot on covers another slot: all that follow, because one ballot is for all slots.
    pub fn covers(&self, from: Slot, slot: Slot) -> bool {
        match self.variant {
            Variant::PreparesOneSlot => from == slot,
            _ => from <= slot,
        }
    }
}
