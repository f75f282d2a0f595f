//! Counts what passed and what failed. Knows the line in which test programs of Rust sum themselves up, natively and in
//! a browser alike, and nothing of what was tested.

use std::fmt;

/// Tests and checks, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many held.
    pub passed: u64,
    /// How many did not.
    pub failed: u64,
}

impl Tally {
    /// One check that held or not.
    pub fn of_check(held: bool) -> Self {
        Self { passed: u64::from(held), failed: u64::from(!held) }
    }

    /// Adds what `other` counted.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Adds what a test program says in `line`, if it is the line that sums it up.
    pub fn heed(&mut self, line: &str) {
        if let Some(sum) = Self::summed_up(line) {
            self.add(sum);
        }
    }

    /// A test program that fails without a failed test did not get as far as its tests: that is a failure too.
    pub fn with_end(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    /// Reads "test result: ok. 12 passed; 0 failed; …", with or without colours around the verdict.
    fn summed_up(line: &str) -> Option<Self> {
        let (_, counts) = line.split_once("test result: ")?;
        Some(Self { passed: count(counts, " passed")?, failed: count(counts, " failed")? })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number just before `word`.
fn count(text: &str, word: &str) -> Option<u64> {
    let before = &text[..text.find(word)?];
    before.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.heed(line));
        tally
    }

    #[test]
    fn only_the_summing_line_counts() {
        let lines = [
            "test engine::elects ... ok",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: \u{1b}[31mFAILED\u{1b}[0m. 3 passed; 2 failed; 0 ignored; 0 filtered out",
        ];
        assert_eq!(counted(&lines), Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn a_program_that_breaks_off_has_failed() {
        assert_eq!(counted(&[]).with_end(false), Tally { passed: 0, failed: 1 });
        assert_eq!(counted(&[]).with_end(true), Tally::default());
    }
}
