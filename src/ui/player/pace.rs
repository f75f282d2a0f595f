//! How fast the playhead moves, and when anything is drawn.
//!
//! Time passes while it is played and somebody can see it. Steps that a scenario does by hand take no virtual time,
//! so each waits a beat of real time, or nobody could follow. A reader who wants nothing to move sees the cluster go
//! from event to event. Must not know any protocol, nor what is drawn.

use super::{Core, Player, SPEEDS};
use crate::engine::action::{Action, Rejected};
use crate::engine::ids::{Micros, PacketId};
use crate::engine::session::Side;
use leptos::prelude::*;

/// How many actions one animation frame may perform; beyond it the clock waits for the machine.
const MOST_STEPS: usize = 4_000;
/// How long a step by hand waits at most and at least, in real milliseconds.
const BEAT_MS: (f64, f64) = (80.0, 1500.0);
/// The beat at virtual time = real time; slower speeds wait longer.
const BEAT_AT_REAL_TIME_MS: f64 = 40.0;
/// How long a picture stands at least for a reader who wants nothing to move.
const STILL_MS: f64 = 300.0;

/// What is drawn of time.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Moment {
    /// The playhead, in virtual microseconds.
    pub playhead: f64,
    /// The packet that is delivered by hand next, and how much of the beat before it is over.
    pub hurried: Option<(PacketId, f64)>,
    /// Whether things go from event to event instead of moving.
    pub still: bool,
}

/// What has been waited for so far.
#[derive(Clone, Copy, Default)]
pub struct Pace {
    beat_ms: f64,
    still_ms: f64,
    undrawn: bool,
    stroke: bool,
    hurried: Option<(PacketId, f64)>,
}

/// How an animation frame's worth of time went.
#[derive(Default)]
struct Passed {
    happened: bool,
    broke: bool,
    rejected: Option<Rejected>,
}

impl Player {
    pub(super) fn on_frame(self, elapsed_ms: f64) -> bool {
        let still = self.reduced.get_untracked();
        let mut draws = true;
        if self.playing.get_untracked() {
            let happened = self.pass(elapsed_ms);
            draws = !still || self.is_due(elapsed_ms, happened);
            let shows = if still { draws } else { happened };
            if shows {
                self.show();
            }
        }
        if draws {
            self.move_all();
        }
        self.playing.get_untracked() && !document().hidden() && self.seen.get_value()
    }

    /// Whether a new picture is due for a reader who wants nothing to move.
    fn is_due(self, elapsed_ms: f64, happened: bool) -> bool {
        let due = self.core.try_update_value(|Core { pace, .. }| {
            pace.undrawn |= happened;
            pace.still_ms += elapsed_ms;
            let due = pace.undrawn && STILL_MS <= pace.still_ms;
            if due {
                (pace.undrawn, pace.still_ms) = (false, 0.0);
            }
            due
        });
        due.unwrap_or(true) || !self.playing.get_untracked()
    }

    /// Lets time pass; whether anything happened.
    fn pass(self, elapsed_ms: f64) -> bool {
        let speed = SPEEDS.get(self.speed.get_untracked()).map_or(1.0, |(speed, _)| *speed);
        let passed = self.core.try_update_value(|core| pass(core, elapsed_ms, speed)).unwrap_or_default();
        if passed.broke || passed.rejected.is_some() {
            // A broken promise is the climax, and a full history the end: time stops at either.
            self.playing.set(false);
            self.show();
            self.say_rejected(passed.rejected);
        }
        passed.happened
    }

    pub(super) fn move_all(self) {
        let still = self.reduced.get_untracked();
        let (mut playhead, hurried) = self.core.with_value(|core| (core.playhead, core.pace.hurried));
        if still && self.playing.get_untracked() {
            playhead = self.frame.with_untracked(|frame| frame.now.0 as f64);
        }
        let clock = Micros((playhead / 100.0) as u64 * 100);
        if self.clock.get_untracked() != clock {
            self.clock.set(clock);
        }
        let moment = Moment { playhead, hurried: hurried.filter(|_| !still), still };
        for player in self.players() {
            // What is delivered by hand is known by its number, which means another packet beside.
            let moment = match player.side {
                Side::Left => moment,
                Side::Right => Moment { hurried: None, ..moment },
            };
            let movers = player.movers.get_value();
            player.frame.with_untracked(|frame| movers.iter().for_each(|mover| mover(frame, moment)));
        }
    }
}

fn pass(core: &mut Core, elapsed_ms: f64, speed: f64) -> Passed {
    let target = core.playhead + elapsed_ms * speed * 1000.0;
    let mut passed = Passed::default();
    core.pace.beat_ms += elapsed_ms;
    for _ in 0..MOST_STEPS {
        let Some(at) = core.session.next_at().filter(|at| at.0 as f64 <= target) else {
            core.playhead = target;
            core.pace.hurried = None;
            return passed;
        };
        if waits(core, speed) {
            core.playhead = at.0 as f64;
            return passed;
        }
        match core.session.step() {
            Ok(_) => passed.happened = true,
            Err(rejected) => passed.rejected = Some(rejected),
        }
        passed.broke = core.session.broke();
        if passed.broke || passed.rejected.is_some() {
            core.playhead = at.0 as f64;
            return passed;
        }
    }
    core.playhead = core.session.time_at(core.session.position()).0 as f64;
    passed
}

/// Whether what is next was done by hand at the instant of the action before it, and its beat is not over.
fn waits(core: &mut Core, speed: f64) -> bool {
    let next = core.session.ahead().filter(|next| next.by_hand);
    let Some(next) = next.filter(|next| next.at <= core.session.time_at(core.session.position())) else {
        (core.pace.beat_ms, core.pace.stroke) = (0.0, false);
        return false;
    };
    // The links of a partition are cut with one stroke.
    let is_stroke = matches!(next.action, Action::Cut(_) | Action::Heal(_));
    let beat = (BEAT_AT_REAL_TIME_MS / speed).clamp(BEAT_MS.0, BEAT_MS.1);
    let over = core.pace.beat_ms / beat;
    if 1.0 <= over || (is_stroke && core.pace.stroke) {
        core.pace.beat_ms = 0.0;
        core.pace.stroke = is_stroke;
        core.pace.hurried = None;
        return false;
    }
    core.pace.hurried = match next.action {
        Action::Deliver(packet) => Some((packet, over)),
        _ => None,
    };
    true
}
