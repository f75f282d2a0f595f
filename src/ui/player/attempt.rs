//! How far a challenge has come: worked out from the run at the instant that is shown, and kept nowhere.

use super::Player;
use leptos::prelude::*;

/// What was done to bring something about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// How many actions were done by hand.
    pub deeds: usize,
    /// How much happened in all, what the clock did among it.
    pub events: usize,
    /// Whether what was to be brought about has come about; then both counts end there.
    pub reached: bool,
}

impl Player {
    /// How far the challenge of this run has come; nothing where it is none, or no longer the same variant.
    pub fn attempt(self) -> Option<Attempt> {
        let (puzzle, variant) =
            self.beginning.with(|beginning| (beginning.puzzle.clone(), beginning.variant));
        let question = puzzle?.question;
        self.standing.track();
        self.core.with_value(|core| {
            let (session, from) = (&*core.session, core.record.script);
            let reached = session.reached(&question);
            let end = reached.unwrap_or(session.position());
            let attempt = Attempt {
                deeds: session.hands(from..end),
                events: end.saturating_sub(from),
                reached: reached.is_some(),
            };
            (session.settings().1 == variant).then_some(attempt)
        })
    }
}
