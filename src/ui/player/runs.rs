//! Whole runs: beginning another one, beginning this one again, running on to an instant, and steps from outside.
//!
//! The part of the player that the address and messages use. Must not know who asks.

use super::{Core, Player, SPEEDS};
use crate::engine::ids::Micros;
use crate::engine::session::{ByHand, Side};
use crate::engine::trace::{Retold, Trace};
use crate::export;
use crate::link::run::{Recording, record};
use crate::scenario::cursor::At;
use crate::scenario::expect::Failure;
use crate::scenario::fault::Fault;
use crate::scenario::json::Json;
use crate::scenario::run::{Hand, lines};
use crate::scenario::scope::Scope;
use crate::scenario::state::State;
use crate::scenario::step::{self, NodeVerb, Verb};
use crate::scenario::write;
use crate::text::Lang;
use crate::ui::beginning::{Beginning, Run};
use leptos::prelude::*;
use std::ops::Range;
use std::rc::Rc;

/// How many actions may happen before the page is drawn again: a second's work for a slow machine.
pub const MOST_AT_ONCE: usize = 100_000;
/// How many actions back a transcript reaches.
pub const MOST_TOLD: usize = 20_000;

/// What the player remembers of how its run began.
#[derive(Default)]
pub struct Record {
    /// The expectations of the scenario that did not hold.
    failed: Vec<Failure>,
    /// How many actions the scenario recorded.
    pub(super) script: usize,
    /// The names that steps may use, once somebody has asked for them.
    scope: Option<Rc<Scope>>,
}

impl Record {
    /// Of a run that is not shown yet.
    pub fn of(run: &Run) -> Record {
        Record { failed: run.failed.clone(), script: run.scripted, scope: None }
    }
}

/// What came of a step from outside.
#[derive(Default)]
pub struct Done {
    /// The expectations that did not hold.
    pub failed: Vec<Failure>,
    /// What happened, a line each.
    pub transcript: Vec<String>,
    /// Which parts of the state were asked for.
    pub show: Option<Vec<&'static str>>,
}

/// The nearest of [`SPEEDS`], by its place. They are ratios, so it is the one that is fewest times as fast or slow.
pub fn nearest(speed: f64) -> usize {
    let off = |place: &usize| (SPEEDS[*place].0.ln() - speed.ln()).abs();
    (0..SPEEDS.len()).min_by(|one, other| off(one).total_cmp(&off(other))).unwrap_or_default()
}

impl Player {
    /// Shows another run from its start. A scenario waits there; anything else goes on playing, or does not, as before.
    pub fn begin(self, run: Run) {
        let record = Record::of(&run);
        let Run { beginning, session, opens_at, .. } = run;
        let waits = beginning.scenario.is_some() || opens_at.is_some();
        self.core.update_value(|core| {
            core.session = session;
            core.commands = 0;
            core.record = record;
        });
        self.of_side(Side::Right).beginning.set(beginning.of_twin());
        self.beginning.set(beginning);
        self.chosen.set(None);
        self.let_go();
        if waits {
            self.playing.set(false);
        }
        self.go_to_opening(opens_at);
        self.wake();
    }

    /// Begins a new run with a seed that nobody chose.
    pub fn restart_fresh(self) {
        let seed = (js_sys::Math::random() * 1_000_000.0) as u64;
        self.restart_as(|beginning| beginning.seed = seed);
    }

    /// Begins a new run that differs in something from this one: what a scenario did happens in it no more.
    pub fn restart_as(self, change: impl FnOnce(&mut Beginning)) {
        let mut beginning =
            Beginning { scenario: None, link: None, puzzle: None, ..self.beginning.get_untracked() };
        change(&mut beginning);
        self.playing.set(true);
        self.begin(beginning.run());
    }

    /// Begins the same run again.
    pub fn reset(self) {
        self.begin(self.beginning.get_untracked().run());
    }

    /// The run up to the instant that is shown, as a scenario file.
    pub fn file(self) -> String {
        format!("{:#}\n", self.file_value())
    }

    /// The same as a test: with its transcript, and with everything expected that is so at the end.
    pub fn file_as_test(self) -> String {
        format!("{:#}\n", write::test(self.file_value(), &self.state(None), &self.transcript()))
    }

    /// The set-up of this run as a scenario file in which nothing is done.
    pub fn file_of_start(self) -> serde_json::Value {
        let beginning = self.of_side(Side::Left).beginning.get_untracked();
        write::scenario(beginning.protocol, &beginning.opening(), &[])
    }

    /// The run up to the instant that is shown, as a scenario file.
    pub fn file_value(self) -> serde_json::Value {
        let beginning = self.of_side(Side::Left).beginning.get_untracked();
        let recorded = self.core.with_value(|core| core.session.recorded());
        let deeds = write::deeds(&recorded, self.now());
        let mut file = write::scenario(beginning.protocol, &beginning.opening(), &deeds);
        if let Some(beside) = &beginning.beside {
            file["compare"] = write::compare(beside, beginning.nodes);
        }
        file
    }

    /// The whole run with all its branches, and the place at which the reader stands.
    pub fn recording(self) -> Recording {
        let beginning = self.beginning.get_untracked();
        let now = self.now();
        let slug = beginning.scenario.as_ref().and_then(|chosen| chosen.slug);
        self.core.with_value(|core| Recording {
            beside: beginning.beside.clone(),
            scenario: slug.map(str::to_string),
            scripted: core.record.script,
            ..record(&*core.session, beginning.protocol, beginning.opening(), now)
        })
    }

    /// Plays or stands still.
    pub fn play(self, playing: bool) {
        if self.playing.get_untracked() != playing {
            self.toggle();
        }
    }

    /// Goes to an instant, and stands still; what has not happened yet happens on the way. Where that would be more
    /// than [`MOST_AT_ONCE`] actions, it stops on the way and says `false`.
    pub fn run_to(self, at: Micros) -> bool {
        self.playing.set(false);
        let arrived = self.core.try_update_value(|core| {
            let position = core.session.position_at(at);
            core.session.seek(position);
            let arrived = run_on(core, at);
            let last = core.session.time_at(core.session.position());
            core.playhead = if arrived { at } else { last }.0 as f64;
            arrived
        });
        self.show();
        self.wake();
        arrived.unwrap_or(false)
    }

    /// Performs a step of a scenario file at the playhead. An error changes nothing.
    pub fn perform_step(self, document: &At<'_>) -> Result<Done, Fault> {
        let scope = self.scope();
        let step = step::read(document, 0, &scope)?;
        let performed = self.core.try_update_value(|core| {
            let (session, now) = (&mut *core.session, Micros(core.playhead.max(0.0) as u64));
            let mut hand = Hand { session, scope: &scope, now, lines: Vec::new(), most: MOST_AT_ONCE };
            let failed = hand.perform(&step)?;
            let (now, transcript) = (hand.now, hand.lines);
            core.playhead = core.playhead.max(now.0 as f64);
            Ok(Done { failed, transcript, show: None })
        });
        let done = performed.transpose()?.unwrap_or_default();
        if matches!(step.verb, Verb::Nodes(NodeVerb::Crash, _)) {
            self.has_crashed.set(true);
        }
        self.show();
        self.wake();
        Ok(Done { show: step.show, ..done })
    }

    fn scope(self) -> Rc<Scope> {
        if let Some(scope) = self.core.with_value(|core| core.record.scope.clone()) {
            return scope;
        }
        let beginning = self.beginning.get_untracked();
        let scope = Rc::new(Scope::new(beginning.protocol, beginning.nodes));
        self.core.update_value(|core| core.record.scope = Some(Rc::clone(&scope)));
        scope
    }

    /// The instant that is shown, which may be later than the last action.
    pub fn now(self) -> Micros {
        self.core.with_value(|core| Micros(core.playhead.max(0.0) as u64))
    }

    /// Whether nothing more happened at the instant that is shown, so that naming the instant names the place.
    pub fn is_last_of_its_instant(self) -> bool {
        let now = self.now();
        self.core.with_value(|core| core.session.position_at(now) == core.session.position())
    }

    /// The state that is shown; of what can be shown, these, or everything.
    pub fn state(self, show: Option<&[&'static str]>) -> Json {
        let (scope, now) = (self.scope(), self.now());
        self.core.with_value(|core| {
            let (session, volatile) = (&*core.session, scope.volatile.as_slice());
            State { session, show, logs: true, protocol: scope.protocol.key, now, volatile }.to_json()
        })
    }

    /// What happened up to the instant that is shown, a line each, but not further back than [`MOST_TOLD`] actions.
    pub fn transcript(self) -> Vec<String> {
        let told = self.core.try_update_value(|core| {
            let (position, mut told) = (core.session.position(), Vec::new());
            let session = &mut core.session;
            session.seek(position.saturating_sub(MOST_TOLD));
            while session.position() < position && session.step().is_ok() {
                told.extend(lines(&**session));
            }
            told
        });
        told.unwrap_or_default()
    }

    /// What the actions of the branch that is shown left behind, from one number of actions to before another.
    pub fn traces(self, positions: Range<usize>) -> Vec<Trace> {
        self.core.with_value(|core| core.session.traces(positions))
    }

    /// Tells again of a stretch of the branch that is shown.
    pub fn retold(self, positions: Range<usize>) -> Vec<Retold> {
        let mut told = Vec::new();
        self.core.with_value(|core| core.session.retell(positions, &mut |step| told.push(step)));
        told
    }

    /// The run as it is written down in other formats.
    pub fn written<T>(self, lang: Lang, write: impl FnOnce(&export::Run<'_>) -> T) -> T {
        let beginning = self.beginning.get_untracked();
        let opening = beginning.opening();
        self.core.with_value(|core| {
            let session = &*core.session;
            write(&export::Run { session, protocol: beginning.protocol, opening: &opening, lang })
        })
    }

    /// The position of the last action at or before an instant.
    pub fn position_at(self, at: Micros) -> usize {
        self.core.with_value(|core| core.session.position_at(at))
    }

    /// The expectations of the scenario that did not hold.
    pub fn failed(self) -> Vec<Failure> {
        self.core.with_value(|core| core.record.failed.clone())
    }

    /// Whether anybody but the clock and the scenario has done anything, in any branch.
    pub fn is_steered(self) -> bool {
        self.core.with_value(|core| {
            let branches = core.session.branches().0.len();
            let by_reader = |deed: &ByHand| core.record.script <= deed.position;
            1 < branches || core.session.by_hand(0).iter().any(by_reader)
        })
    }
}

/// Lets happen what is due until an instant; whether it was little enough.
fn run_on(core: &mut Core, until: Micros) -> bool {
    let last = core.session.position() + MOST_AT_ONCE;
    while core.session.next_at().is_some_and(|at| at <= until) {
        if last <= core.session.position() || core.session.step().is_err() {
            return false;
        }
    }
    true
}
