//! Options: what a reader or a scenario file may set, with its range and default.
//!
//! The bus has some, every protocol adds its own; parsers, panels and `list` read them from the same table.
//! Must not know any protocol.

use crate::engine::ids::{MAX_NODES, Micros, NodeId};
use crate::engine::rng::CERTAIN_PPM;
use crate::text::Words;
use crate::text::engine as say;

/// The value of an option.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OptionValue {
    /// A range of time from which the world draws.
    Span(Micros, Micros),
    /// A length of time.
    Time(Micros),
    /// A probability in parts per million.
    Chance(u32),
    /// On or off.
    Flag(bool),
    /// One rate for each node, in parts per thousand: 1000 is a right clock, 1500 runs half as fast again.
    Rates([u16; MAX_NODES as usize]),
    /// How many of something.
    Count(u8),
    /// One of several names, by its place among them.
    Choice(u8, &'static [&'static str]),
}

/// An option: its name, its range and its default.
#[derive(Debug)]
pub struct OptionSpec {
    /// Its name in files, with the unit last.
    pub key: &'static str,
    /// What it is set to unless somebody says otherwise.
    pub default: OptionValue,
    /// The least value; of a span, the least start.
    pub least: u64,
    /// The greatest value; of a span, the greatest end.
    pub most: u64,
    /// What it does, for the reader.
    pub help: &'static Words,
}

const MINUTE: u64 = 60_000_000;

/// How long a packet flies.
pub const LATENCY: usize = 0;
/// The probability that a packet is lost when it is sent.
pub const LOSS: usize = 1;
/// The probability that a packet is sent twice.
pub const DUPLICATE: usize = 2;
/// Whether a packet may overtake another on the same link.
pub const REORDER: usize = 3;
/// How long a client waits for an answer before it asks the next node.
pub const RETRY: usize = 4;
/// How fast each node's clock runs.
pub const CLOCK_RATE: usize = 5;
/// How many options belong to the engine; a protocol's follow.
pub const ENGINE_OPTIONS: usize = 6;

/// The options of the bus, the clients and the clocks.
pub static ENGINE: [OptionSpec; ENGINE_OPTIONS] = [
    OptionSpec {
        key: "latency_ms",
        default: OptionValue::Span(Micros::from_ms(10), Micros::from_ms(20)),
        least: 0,
        most: MINUTE,
        help: &say::OPTION_LATENCY,
    },
    OptionSpec {
        key: "loss",
        default: OptionValue::Chance(0),
        least: 0,
        most: CERTAIN_PPM as u64,
        help: &say::OPTION_LOSS,
    },
    OptionSpec {
        key: "duplicate",
        default: OptionValue::Chance(0),
        least: 0,
        most: CERTAIN_PPM as u64,
        help: &say::OPTION_DUPLICATE,
    },
    OptionSpec {
        key: "reorder",
        default: OptionValue::Flag(true),
        least: 0,
        most: 1,
        help: &say::OPTION_REORDER,
    },
    OptionSpec {
        key: "retry_ms",
        default: OptionValue::Span(Micros::from_ms(2000), Micros::from_ms(3000)),
        least: 1_000,
        most: MINUTE,
        help: &say::OPTION_RETRY,
    },
    OptionSpec {
        key: "clock_rate",
        default: OptionValue::Rates([1000; MAX_NODES as usize]),
        least: 100,
        most: 10_000,
        help: &say::OPTION_CLOCK_RATE,
    },
];

/// The options of one run: the engine's, then the protocol's.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options(Vec<OptionValue>);

impl Options {
    /// Everything at its default.
    pub fn defaults(protocol: &[OptionSpec]) -> Options {
        Options(ENGINE.iter().chain(protocol).map(|spec| spec.default).collect())
    }

    /// The value in this place of the list.
    pub fn get(&self, place: usize) -> OptionValue {
        self.0[place]
    }

    /// Sets a value, if it is of the right kind and in range.
    pub fn set(&mut self, spec: &OptionSpec, place: usize, value: OptionValue) -> Result<(), OutOfRange> {
        if !spec.allows(value) {
            return Err(OutOfRange);
        }
        self.0[place] = value;
        Ok(())
    }

    /// A span of time; nothing where the option is of another kind.
    pub fn span(&self, place: usize) -> (Micros, Micros) {
        match self.0[place] {
            OptionValue::Span(low, high) => (low, high),
            _ => (Micros::ZERO, Micros::ZERO),
        }
    }

    /// A length of time; nothing where the option is of another kind.
    pub fn time(&self, place: usize) -> Micros {
        match self.0[place] {
            OptionValue::Time(time) => time,
            _ => Micros::ZERO,
        }
    }

    /// A probability in parts per million; none where the option is of another kind.
    pub fn chance(&self, place: usize) -> u32 {
        match self.0[place] {
            OptionValue::Chance(probability_ppm) => probability_ppm,
            _ => 0,
        }
    }

    /// Whether it is on; off where the option is of another kind.
    pub fn flag(&self, place: usize) -> bool {
        matches!(self.0[place], OptionValue::Flag(true))
    }

    /// How many; none where the option is of another kind.
    pub fn count(&self, place: usize) -> u8 {
        match self.0[place] {
            OptionValue::Count(count) => count,
            _ => 0,
        }
    }

    /// The place of the chosen name; the first where the option is of another kind.
    pub fn choice(&self, place: usize) -> u8 {
        match self.0[place] {
            OptionValue::Choice(chosen, _) => chosen,
            _ => 0,
        }
    }

    /// How fast a node's clock runs, in parts per thousand.
    pub fn clock_rate(&self, node: NodeId) -> u64 {
        match self.0[CLOCK_RATE] {
            OptionValue::Rates(rates) => u64::from(rates[node.place()]),
            _ => 1000,
        }
    }
}

/// A value that its option does not allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OutOfRange;

impl OptionSpec {
    /// Whether a value is of the option's kind and in its range.
    pub fn allows(&self, value: OptionValue) -> bool {
        let fits = |number: u64| self.least <= number && number <= self.most;
        match (self.default, value) {
            (OptionValue::Span(..), OptionValue::Span(low, high)) => {
                low <= high && fits(low.0) && fits(high.0)
            }
            (OptionValue::Time(_), OptionValue::Time(time)) => fits(time.0),
            (OptionValue::Chance(_), OptionValue::Chance(probability_ppm)) => {
                fits(u64::from(probability_ppm))
            }
            (OptionValue::Flag(_), OptionValue::Flag(_)) => true,
            (OptionValue::Rates(_), OptionValue::Rates(rates)) => {
                rates.iter().all(|rate| fits(u64::from(*rate)))
            }
            (OptionValue::Count(_), OptionValue::Count(count)) => fits(u64::from(count)),
            (OptionValue::Choice(_, names), OptionValue::Choice(chosen, of)) => {
                names == of && usize::from(chosen) < names.len()
            }
            _ => false,
        }
    }
}
