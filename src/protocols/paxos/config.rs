//! What every node knows of the set-up: who has which role, which quorums count, how learners hear, and the rule that
//! is broken on purpose, if one is.
//!
//! Must not know messages or states.

use super::quorum::{Quorums, Rule, majority};
use super::text as say;
use crate::engine::ids::{MAX_NODES, Micros, NodeId, NodeSet};
use crate::engine::options::{ENGINE_OPTIONS, OptionSpec, OptionValue, Options};

/// What every node knows of the set-up.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Config {
    /// Who proposes values.
    pub proposers: NodeSet,
    /// Who learns the outcome.
    pub learners: NodeSet,
    /// Which acceptors are quorums.
    pub quorums: Quorums,
    /// The only proposer that may begin ballots, if one is distinguished (§2.4).
    pub distinguished: Option<NodeId>,
    /// How learners hear of votes (§2.3).
    pub learning: Learning,
    /// How long a proposer waits before it proposes of its own accord.
    pub propose: (Micros, Micros),
    /// How long a proposer waits for a quorum before it begins a higher ballot.
    pub patience: Micros,
    /// How long a proposer that was refused pauses before its next ballot.
    pub pause: (Micros, Micros),
    /// Whether pauses are random and grow with every ballot that failed.
    pub back_off: bool,
    /// How long a learner waits before it asks.
    pub ask: (Micros, Micros),
    /// How long a write to the disk takes. What relies on it leaves when it is done (§2.5).
    pub disk: (Micros, Micros),
    /// Whether an acceptor says that it refuses (§2.4), or only ignores what it may not answer.
    pub nacks: bool,
    /// Whether every proposer wants a value of its own from the start.
    pub own_values: bool,
    /// The rule that is broken on purpose, if one is.
    pub variant: Variant,
}

/// How learners hear of votes (§2.3).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Learning {
    /// Every acceptor tells every learner: soonest, and the most messages.
    All,
    /// Acceptors tell the first learner, and that one the others.
    Distinguished,
    /// Acceptors tell the proposer alone; learners ask.
    Asking,
}

const LEARNING: [Learning; 3] = [Learning::All, Learning::Distinguished, Learning::Asking];
const LEARNING_KEYS: [&str; 3] = ["all", "distinguished", "asking"];

/// The correct protocol, or one that breaks a rule on purpose. P-… break a promise, PL-… get stuck.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[allow(missing_docs, reason = "the words in `text` say what each one does")]
pub enum Variant {
    Standard,
    IgnoresReports,
    AdoptsLowest,
    AdoptsLast,
    AcceptKeepsPromise,
    ForgetsPromise,
    ForgetsVote,
    ForgetsRound,
    AcceptsBelowPromise,
    CountsPromises,
    CountsAccepts,
    CountsStalePromises,
    CountsStaleAccepts,
    CountsByValue,
    LearnsFromOne,
    HalfIsEnough,
    CountsTheLiving,
    OnePromise,
    OneAccept,
    Rebinds,
    SharesBallots,
    SharesBallotsStrictly,
    PromisesWithoutStoring,
    AnswersBeforeWriting,
    Invents,
    RetriesAtOnce,
    AcceptsOnlyPromised,
    WaitsForRefusals,
    FirstVoteStays,
    ComparesText,
    AnswersOnce,
}

const VARIANTS: [(&str, Variant); 31] = [
    ("standard", Variant::Standard),
    ("P-1", Variant::IgnoresReports),
    ("P-2", Variant::AdoptsLowest),
    ("P-3", Variant::AdoptsLast),
    ("P-4", Variant::AcceptKeepsPromise),
    ("P-5", Variant::ForgetsPromise),
    ("P-6", Variant::ForgetsVote),
    ("P-7", Variant::ForgetsRound),
    ("P-8", Variant::AcceptsBelowPromise),
    ("P-9", Variant::CountsPromises),
    ("P-10", Variant::CountsAccepts),
    ("P-11", Variant::CountsStalePromises),
    ("P-12", Variant::CountsStaleAccepts),
    ("P-13", Variant::CountsByValue),
    ("P-14", Variant::LearnsFromOne),
    ("P-15", Variant::HalfIsEnough),
    ("P-16", Variant::CountsTheLiving),
    ("P-17", Variant::OnePromise),
    ("P-17b", Variant::OneAccept),
    ("P-18", Variant::Rebinds),
    ("P-19", Variant::SharesBallots),
    ("P-19b", Variant::SharesBallotsStrictly),
    ("P-20", Variant::PromisesWithoutStoring),
    ("P-21", Variant::AnswersBeforeWriting),
    ("P-22", Variant::Invents),
    ("PL-1", Variant::RetriesAtOnce),
    ("PL-2", Variant::AcceptsOnlyPromised),
    ("PL-3", Variant::WaitsForRefusals),
    ("PL-4", Variant::FirstVoteStays),
    ("PL-5", Variant::ComparesText),
    ("PL-6", Variant::AnswersOnce),
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

const QUORUM_KEYS: [&str; 3] = ["majority", "sizes", "grid"];

const fn count(key: &'static str, help: &'static crate::text::Words) -> OptionSpec {
    OptionSpec { key, default: OptionValue::Count(0), least: 0, most: MAX_NODES as u64, help }
}

const fn flag(key: &'static str, on: bool, help: &'static crate::text::Words) -> OptionSpec {
    OptionSpec { key, default: OptionValue::Flag(on), least: 0, most: 1, help }
}

const fn span(key: &'static str, low_ms: u64, high_ms: u64, help: &'static crate::text::Words) -> OptionSpec {
    let default = OptionValue::Span(Micros::from_ms(low_ms), Micros::from_ms(high_ms));
    OptionSpec { key, default, least: 1_000, most: 60_000_000, help }
}

/// What the protocol adds to the engine's options, in the order in which [`Config::new`] reads them.
pub static OPTIONS: [OptionSpec; 17] = [
    count("proposers", &say::OPTION_PROPOSERS),
    count("acceptors", &say::OPTION_ACCEPTORS),
    count("learners", &say::OPTION_LEARNERS),
    OptionSpec {
        key: "quorums",
        default: OptionValue::Choice(0, &QUORUM_KEYS),
        least: 0,
        most: 2,
        help: &say::OPTION_QUORUMS,
    },
    OptionSpec { default: OptionValue::Count(2), least: 1, ..count("q1", &say::OPTION_Q1) },
    OptionSpec { default: OptionValue::Count(2), least: 1, ..count("q2", &say::OPTION_Q2) },
    OptionSpec { default: OptionValue::Count(2), least: 1, ..count("columns", &say::OPTION_COLUMNS) },
    count("distinguished", &say::OPTION_DISTINGUISHED),
    OptionSpec {
        key: "learning",
        default: OptionValue::Choice(0, &LEARNING_KEYS),
        least: 0,
        most: 2,
        help: &say::OPTION_LEARNING,
    },
    flag("nacks", true, &say::OPTION_NACKS),
    flag("own_values", true, &say::OPTION_OWN_VALUES),
    flag("back_off", true, &say::OPTION_BACK_OFF),
    span("propose_ms", 100, 500, &say::OPTION_PROPOSE),
    OptionSpec {
        default: OptionValue::Time(Micros::from_ms(200)),
        ..span("ballot_ms", 0, 0, &say::OPTION_BALLOT)
    },
    span("pause_ms", 20, 80, &say::OPTION_PAUSE),
    span("ask_ms", 1_000, 1_500, &say::OPTION_ASK),
    OptionSpec { least: 0, ..span("disk_ms", 0, 0, &say::OPTION_DISK) },
];

impl Config {
    /// What follows from the options and the variant.
    pub fn new(nodes: u8, options: &Options, variant: usize) -> Config {
        let own = |place: usize| ENGINE_OPTIONS + place;
        let variant = VARIANTS.get(variant).map_or(Variant::Standard, |(_, variant)| *variant);
        let [proposers, acceptors, learners] =
            deal(nodes, [options.count(own(0)), options.count(own(1)), options.count(own(2))]);
        let rule = match options.choice(own(3)) {
            0 => majorities(acceptors.len(), variant),
            1 => sizes(acceptors.len(), options.count(own(4)), options.count(own(5))),
            _ => Rule::Grid { columns: options.count(own(6)).max(1) },
        };
        let distinguished = NodeId::new(options.count(own(7)));
        Config {
            proposers,
            learners,
            quorums: Quorums { acceptors, rule },
            distinguished: distinguished.filter(|node| proposers.contains(*node)),
            learning: LEARNING[usize::from(options.choice(own(8))) % LEARNING.len()],
            nacks: options.flag(own(9)),
            own_values: options.flag(own(10)),
            back_off: options.flag(own(11)),
            propose: options.span(own(12)),
            patience: options.time(own(13)),
            pause: options.span(own(14)),
            ask: options.span(own(15)),
            disk: options.span(own(16)),
            variant,
        }
    }

    /// Who decides for all where one learner tells the others, and whom a client is sent to.
    pub fn first(of: NodeSet) -> Option<NodeId> {
        of.iter().next()
    }

    /// The smallest quorums that a proposer may come to wait for.
    pub fn weakest_quorums(&self) -> Quorums {
        match self.variant {
            Variant::CountsTheLiving => self.quorums.without(self.quorums.acceptors.iter().skip(1).collect()),
            _ => self.quorums,
        }
    }

    /// Whether a node may begin ballots.
    pub fn may_propose(&self, node: NodeId) -> bool {
        self.proposers.contains(node) && self.distinguished.is_none_or(|only| only == node)
    }
}

/// Deals roles to nodes in order: first the proposers, then the acceptors, then the learners, and from the first node
/// again where there are too few. A count of 0 gives the role to every node.
fn deal(nodes: u8, counts: [u8; 3]) -> [NodeSet; 3] {
    let mut next = 0;
    counts.map(|count| match count {
        0 => NodeId::all(nodes).collect(),
        count => {
            let places: Vec<u8> = (next..next + count.min(nodes)).map(|place| place % nodes.max(1)).collect();
            next += count.min(nodes);
            NodeId::all(nodes)
                .zip(0_u8..)
                .filter(|(_, at)| places.contains(at))
                .map(|(node, _)| node)
                .collect()
        }
    })
}

fn majorities(acceptors: u8, variant: Variant) -> Rule {
    let more_than_half = majority(acceptors);
    match variant {
        Variant::HalfIsEnough => Rule::Sizes { one: acceptors / 2, two: acceptors / 2 },
        Variant::OnePromise => Rule::Sizes { one: 1, two: more_than_half },
        Variant::OneAccept => Rule::Sizes { one: more_than_half, two: 1 },
        _ => Rule::Sizes { one: more_than_half, two: more_than_half },
    }
}

/// More than all are never there.
fn sizes(acceptors: u8, one: u8, two: u8) -> Rule {
    Rule::Sizes { one: one.clamp(1, acceptors), two: two.clamp(1, acceptors) }
}
