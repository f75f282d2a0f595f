//! The catalogue entry of a protocol: how those who do not know it find out about it and begin a run.
//!
//! Must not know any protocol.

use crate::engine::check::Checked;
use crate::engine::describe::{Dealt, Described, Introduction};
use crate::engine::history::Lab;
use crate::engine::ids::NodeId;
use crate::engine::options::{OptionSpec, Options};
use crate::engine::plain::Plain;
use crate::engine::protocol::TimerName;
use crate::engine::session::Session;
use crate::engine::world::Setup;
use crate::text::Words;

/// All that others know of a protocol: what it is called, what can be set, and how to begin a run.
#[derive(Debug)]
pub struct ProtocolInfo {
    /// Its name in files and URLs.
    pub key: &'static str,
    /// Its name for readers.
    pub name: &'static Words,
    /// The name of its paper.
    pub paper: &'static str,
    /// What the page says before the first step.
    pub opening: Introduction,
    /// What it adds to the engine's options.
    pub options: &'static [OptionSpec],
    /// Those of its options that deal parts to nodes.
    pub dealt: &'static [Dealt],
    /// Its variants, the correct one first, with what each does.
    pub variants: &'static [&'static str],
    /// What each variant does.
    pub variant_words: &'static [&'static Words],
    /// The names of its timers, in the order of their numbers.
    pub timers: fn() -> Vec<&'static str>,
    /// The kinds of its messages.
    pub kinds: &'static [&'static str],
    /// Its roles: the names in files.
    pub roles: fn() -> Vec<&'static str>,
    /// Its invariants: number, name in files, name for readers, promise.
    pub invariants: fn() -> Vec<PromiseInfo>,
    /// What else can be asked of the checker than whether a promise can be broken: name in files, name for readers.
    pub questions: fn() -> Vec<(&'static str, &'static Words)>,
    /// Its built-in scenario files: slug and text.
    pub scenarios: &'static [(&'static str, &'static str)],
    /// What is asked of the checker in a small cluster: variant and scenario file.
    pub checks: &'static [(&'static str, &'static str)],
    /// Its sentences.
    pub words: &'static [&'static Words],
    /// Begins a run, or says in a sentence what is wrong with the start of a node.
    pub open: fn(&Opening) -> Result<Box<dyn Session>, StartError>,
}

/// An invariant: its number, its name in files, its name for readers, and the promise in a sentence.
pub type PromiseInfo = (&'static str, &'static str, &'static Words, &'static Words);

/// What a run begins with, without knowing the protocol.
#[derive(Clone, Debug)]
pub struct Opening {
    /// How many nodes.
    pub nodes: u8,
    /// The seed of all randomness.
    pub seed: u64,
    /// The options of the engine and the protocol, by place.
    pub options: Options,
    /// The variant, by place.
    pub variant: usize,
    /// States to start from, as a file shows them.
    pub start: Vec<(NodeId, Plain)>,
    /// Nodes that start crashed.
    pub down: Vec<NodeId>,
}

/// A node cannot start as a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartError {
    /// Which node.
    pub node: NodeId,
    /// What is wrong, in a sentence.
    pub why: String,
}

impl<P: Checked> Lab<P> {
    /// The catalogue entry of a protocol with these scenario files and sentences.
    pub const fn info(
        scenarios: &'static [(&'static str, &'static str)],
        checks: &'static [(&'static str, &'static str)],
        words: &'static [&'static Words],
    ) -> ProtocolInfo {
        ProtocolInfo {
            key: P::KEY,
            name: P::NAME,
            paper: P::PAPER,
            opening: P::OPENING,
            options: P::OPTIONS,
            dealt: P::DEALT,
            variants: P::VARIANTS,
            variant_words: P::VARIANT_WORDS,
            timers: || P::Timer::ALL.iter().map(|(_, key)| *key).collect(),
            kinds: P::KINDS,
            roles: || P::ROLES.iter().map(|role| role.key).collect(),
            invariants: || {
                let told = P::invariants().iter();
                told.map(|promise| (promise.id, promise.key, promise.name, promise.promise)).collect()
            },
            questions: || P::QUESTIONS.iter().map(|asked| (asked.key, asked.name)).collect(),
            scenarios,
            checks,
            words,
            open: open::<P>,
        }
    }
}

fn open<P: Checked>(opening: &Opening) -> Result<Box<dyn Session>, StartError> {
    Ok(Box::new(Lab::new(&setup::<P>(opening)?)))
}

/// The set-up of a run of a known protocol.
pub fn setup<P: Described>(opening: &Opening) -> Result<Setup<P>, StartError> {
    let read = |(node, fields): &(NodeId, Plain)| match P::read_start(fields) {
        Ok(start) => Ok((*node, start)),
        Err(why) => Err(StartError { node: *node, why }),
    };
    Ok(Setup {
        nodes: opening.nodes,
        seed: opening.seed,
        options: opening.options.clone(),
        variant: opening.variant,
        start: opening.start.iter().map(read).collect::<Result<_, _>>()?,
        down: opening.down.clone(),
    })
}
