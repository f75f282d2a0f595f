//! Raft, after Ongaro and Ousterhout, *In Search of an Understandable Consensus Algorithm* (extended version,
//! 2014). Section numbers are those of that paper; "thesis" is Ongaro, *Consensus: Bridging Theory and
//! Practice* (2014).
//!
//! # The protocol in a page
//!
//! A cluster keeps one log of commands that every server applies in the same order. Time is cut into *terms*
//! (§5.1). In each term at most one server leads, because a server needs the votes of a majority and each
//! server votes once in a term (§5.2). Whoever hears nothing from a leader for an election timeout raises the
//! term and asks for votes; timeouts are random, so that one server is usually first.
//!
//! The leader alone takes commands. It appends each to its log and sends it with `AppendEntries`, which also says
//! what comes before; a follower that does not have that refuses, and the leader goes back until they agree
//! (§5.3). An entry of the leader's own term that is stored by a majority is *committed*: it will be in the
//! log of every later leader, because a majority of voters has it and votes only for logs that are at least
//! as up to date (§5.4.1). An entry of an *older* term is not committed by being stored on a majority
//! (§5.4.2, Figure 8): a server with a newer last term may still win without it and overwrite it. It becomes
//! committed with the first entry of the leader's own term that follows it.
//!
//! # Where to read on
//!
//! `node` is the state machine of one server, rule by rule, with its elections; `replication` has the rules about
//! the log; `message` what servers say to each other; `log` what they store; `invariants` what must always hold
//! (Figure 3); `view` how it is shown; `text` the narrator's words; `scenarios` the files. This folder must not
//! know the page.

mod checked;
mod checks;
mod invariants;
mod log;
mod message;
mod node;
mod replication;
mod scenarios;
mod text;
mod view;

pub use crate::protocols::machine::Machine;
pub use checks::CHECKS;
pub use log::{Entry, Index, Log, Term};
pub use message::{AppendEntries, AppendReply, Conflict, Message, RequestVote, VoteReply};
pub use node::{Durable, Note, Peer, Raft, Role, Start, Timer};
pub use scenarios::SCENARIOS;
pub use text::ALL as WORDS;

use crate::engine::ids::{Micros, NodeId};
use crate::engine::invariant::Invariant;
use crate::engine::options::{ENGINE_OPTIONS, OptionSpec, OptionValue, Options};
use crate::engine::plain::Plain;
use crate::engine::protocol::{Ctx, Event, Protocol};
use crate::engine::world::Step;

/// What every server knows of the set-up.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Config {
    /// The range of the election timeout (§5.2); the paper suggests 150–300 ms.
    pub election: (Micros, Micros),
    /// How often a leader sends to everyone though it has nothing to say (§5.2).
    pub heartbeat: Micros,
    /// Whether a new leader begins its term with an entry of its own (§8).
    pub noop: bool,
    /// Whether a refusal of AppendEntries says where the logs part (§5.3, the optimisation at its end).
    pub conflict_hints: bool,
    /// The rule that is broken on purpose, if one is.
    pub variant: Variant,
}

/// The correct protocol, or one that breaks a rule on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Variant {
    /// As in the paper.
    Standard,
    /// `votedFor` does not survive a crash.
    ForgetsVote,
    /// a vote is granted without looking at the candidate's log (§5.4.1 left out).
    IgnoresLog,
    /// an entry of an older term is committed by counting (§5.4.2 left out).
    CommitsOldTerms,
    /// a follower takes `leaderCommit` for entries that it has not checked against the leader.
    TrustsLeaderCommit,
}

const VARIANTS: [(&str, Variant); 5] = [
    ("standard", Variant::Standard),
    ("R-1", Variant::ForgetsVote),
    ("R-3", Variant::IgnoresLog),
    ("R-5", Variant::CommitsOldTerms),
    ("R-8", Variant::TrustsLeaderCommit),
];
const VARIANT_KEYS: [&str; 5] = [VARIANTS[0].0, VARIANTS[1].0, VARIANTS[2].0, VARIANTS[3].0, VARIANTS[4].0];

const ELECTION: usize = ENGINE_OPTIONS;
const HEARTBEAT: usize = ENGINE_OPTIONS + 1;
const NOOP: usize = ENGINE_OPTIONS + 2;
const CONFLICT_HINTS: usize = ENGINE_OPTIONS + 3;
const MINUTE: u64 = 60_000_000;

static OPTIONS: [OptionSpec; 4] = [
    OptionSpec {
        key: "election_ms",
        default: OptionValue::Span(Micros::from_ms(150), Micros::from_ms(300)),
        least: 1_000,
        most: MINUTE,
        help: &text::OPTION_ELECTION,
    },
    OptionSpec {
        key: "heartbeat_ms",
        default: OptionValue::Time(Micros::from_ms(50)),
        least: 1_000,
        most: MINUTE,
        help: &text::OPTION_HEARTBEAT,
    },
    OptionSpec {
        key: "noop",
        default: OptionValue::Flag(false),
        least: 0,
        most: 1,
        help: &text::OPTION_NOOP,
    },
    OptionSpec {
        key: "conflict_hints",
        default: OptionValue::Flag(true),
        least: 0,
        most: 1,
        help: &text::OPTION_CONFLICT_HINTS,
    },
];

fn configure(options: &Options, variant: usize) -> Config {
    Config {
        election: options.span(ELECTION),
        heartbeat: options.time(HEARTBEAT),
        noop: options.flag(NOOP),
        conflict_hints: options.flag(CONFLICT_HINTS),
        variant: VARIANTS.get(variant).map_or(Variant::Standard, |(_, variant)| *variant),
    }
}

impl Protocol for Raft {
    const KEY: &'static str = "raft";
    const OPTIONS: &'static [OptionSpec] = &OPTIONS;
    const VARIANTS: &'static [&'static str] = &VARIANT_KEYS;
    const KINDS: &'static [&'static str] = &message::KINDS;

    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = Durable;
    type Start = Start;
    type Note = Note;
    type Ghost = invariants::Ghost;

    fn configure(_nodes: u8, options: &Options, variant: usize) -> Config {
        configure(options, variant)
    }

    fn boot(durable: Option<Durable>, ctx: &mut Ctx<'_, Raft>) -> Raft {
        Raft::booted(durable.unwrap_or_default(), ctx)
    }

    fn boot_as(start: &Start, ctx: &mut Ctx<'_, Raft>) -> Raft {
        Raft::begun(start, ctx)
    }

    fn durable(&self, config: &Config) -> Durable {
        let mut durable = self.durable.clone();
        if config.variant == Variant::ForgetsVote {
            durable.voted_for = None;
        }
        durable
    }

    fn on(&mut self, event: Event<'_, Raft>, ctx: &mut Ctx<'_, Raft>) {
        self.handle(event, ctx);
    }

    fn kind(message: &Message) -> &'static str {
        message.kind()
    }

    fn fields(message: &Message) -> Plain {
        message.fields()
    }

    fn read(kind: &str, from: NodeId, fields: &Plain) -> Result<Message, String> {
        message::read(kind, from, fields)
    }

    fn observe(ghost: &mut invariants::Ghost, step: &Step<'_, Raft>) -> Option<Note> {
        invariants::observe(ghost, step);
        None
    }

    fn observe_start(ghost: &mut invariants::Ghost, nodes: &[(NodeId, &Durable, Option<&Raft>)]) {
        invariants::observe_start(ghost, nodes);
    }

    fn invariants() -> &'static [Invariant<Raft>] {
        &invariants::INVARIANTS
    }
}
