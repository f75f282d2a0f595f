//! Seeded randomness: one stream for each purpose, so that turning one knob does not reshuffle the others.
//!
//! Only the world draws; a node never does. Must not know any protocol, nor the machine's entropy.

use crate::engine::ids::Micros;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// What a random number is for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// How long a packet flies.
    Latency,
    /// When a timer goes off inside its range.
    Timers,
    /// Whether a packet is lost.
    Loss,
    /// Whether a packet is duplicated.
    Duplication,
    /// What clients do of their own accord.
    Workload,
}

const PURPOSES: usize = 5;
/// A probability of one, in parts per million.
pub const CERTAIN_PPM: u32 = 1_000_000;

/// The random streams of one run.
#[derive(Clone, Debug)]
pub struct Streams([Xoshiro256PlusPlus; PURPOSES]);

impl Streams {
    /// The streams of a seed. A named generator, whose numbers are the same on every platform and in every
    /// release of its library, because shared links must replay for ever.
    pub fn new(seed: u64) -> Streams {
        let stream = |purpose: u64| {
            let spread = purpose.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_add(spread))
        };
        Streams([stream(1), stream(2), stream(3), stream(4), stream(5)])
    }

    /// A span drawn evenly from `low..=high`.
    pub fn span(&mut self, purpose: Purpose, low: Micros, high: Micros) -> Micros {
        let width = high.since(low).0.saturating_add(1);
        Micros(low.0.saturating_add(self.below(purpose, width)))
    }

    /// Whether something of this probability happens. Draws once whatever the probability is, so that the
    /// rest of the stream stays where it was when the probability changes.
    pub fn chance(&mut self, purpose: Purpose, probability_ppm: u32) -> bool {
        self.below(purpose, u64::from(CERTAIN_PPM)) < u64::from(probability_ppm)
    }

    /// A number below `bound`, by multiplication. Written by hand, because a library may change how it
    /// samples a range and every shared link would then tell another story.
    fn below(&mut self, purpose: Purpose, bound: u64) -> u64 {
        let draw = u128::from(self.0[purpose as usize].next_u64());
        ((draw * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_do_not_disturb_each_other() {
        let mut one = Streams::new(7);
        let mut other = Streams::new(7);
        other.chance(Purpose::Loss, 10);
        let span = |streams: &mut Streams| streams.span(Purpose::Latency, Micros(0), Micros(1000));
        assert_eq!(span(&mut one), span(&mut other));
    }

    #[test]
    fn a_span_stays_inside_its_range_and_reaches_both_ends() {
        let mut streams = Streams::new(1);
        let drawn: Vec<u64> =
            (0..200).map(|_| streams.span(Purpose::Timers, Micros(5), Micros(8)).0).collect();
        assert_eq!(drawn.iter().min(), Some(&5));
        assert_eq!(drawn.iter().max(), Some(&8));
    }
}
