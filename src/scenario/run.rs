//! Performs the steps of a scenario in a session, and keeps the clock that steps by hand share.
//!
//! A step happens whole or not at all. Must not know any protocol, files or processes.

use super::expect::{Failure, matches};
use super::fault::{self, Fault};
use super::file::Scenario;
use super::json::Json;
use super::possible;
use super::scope::{LOOK, Scope};
use super::state::{Spelled, State};
use super::step::{NodeVerb, PacketVerb, Selector, Step, Verb};
use crate::engine::action::{Action, Rejected};
use crate::engine::frame::{Frame, Lens, PacketFrame, Status};
use crate::engine::ids::{Link, MemberId, Micros};
use crate::engine::plain::Plain;
use crate::engine::session::Session;
use crate::protocols::Opening;
use crate::text::Lang;

/// How many packets `settle` delivers before it gives up.
pub const SETTLE_BOUND: usize = 10_000;

/// A run on its way.
pub struct Runner {
    session: Box<dyn Session>,
    scope: Scope,
    now: Micros,
    lines: Vec<String>,
}

/// Performs steps in a session that somebody else holds: the page does so with the one that it shows.
pub struct Hand<'a> {
    /// The session.
    pub session: &'a mut dyn Session,
    /// What the names of a step were checked against.
    pub scope: &'a Scope,
    /// The instant at which steps by hand happen; `run` moves it.
    pub now: Micros,
    /// What happened, a line each.
    pub lines: Vec<String>,
    /// How many actions the clock may let happen in one step.
    pub most: usize,
}

/// Everything that came of a scenario.
pub struct Finished {
    /// The run at its end.
    pub runner: Runner,
    /// The expectations that did not hold.
    pub failed: Vec<Failure>,
    /// Every event, a line each.
    pub transcript: Vec<String>,
    /// The step that could not be performed, if one could not: the run ended before it.
    pub broken: Option<Fault>,
}

/// Runs a scenario to its end, or to the step that cannot be performed.
pub fn run(scenario: &Scenario) -> Result<Finished, Fault> {
    run_from(scenario, &scenario.opening)
}

/// Runs a scenario from another beginning than its own: with another seed, other options, another variant.
pub fn run_from(scenario: &Scenario, opening: &Opening) -> Result<Finished, Fault> {
    let mut runner = Runner::begin_from(scenario, opening)?;
    let (mut failed, mut transcript) = (Vec::new(), Vec::new());
    for step in &scenario.steps {
        match runner.perform(step) {
            Ok(failures) => failed.extend(failures),
            Err(fault) => {
                return Ok(Finished { runner, failed, transcript, broken: Some(fault) });
            }
        }
        transcript.append(&mut runner.take_lines());
    }
    Ok(Finished { runner, failed, transcript, broken: None })
}

/// Finds out before anything runs what only the protocol can tell: whether nodes can begin as the file says, and
/// whether its forged messages can be read.
pub fn rehearse(scenario: &Scenario) -> Result<(), Fault> {
    let mut session = open(scenario, &scenario.opening)?;
    for step in &scenario.steps {
        if let Verb::Inject(forged) = &step.verb {
            let tried = session.act(Micros::ZERO, Action::Inject(Box::new(forged.clone())));
            if let Err(Rejected::Unreadable(why)) = tried {
                return Err(Fault::at(format!("{}/inject/fields", step.pointer), why));
            }
            session.rewind(0);
        }
    }
    Ok(())
}

fn open(scenario: &Scenario, opening: &Opening) -> Result<Box<dyn Session>, Fault> {
    let opened = match &scenario.beside {
        Some(beside) => beside.open(scenario.protocol, opening),
        None => (scenario.protocol.open)(opening),
    };
    opened.map_err(|error| Fault::at(format!("/start/{}", error.node), error.why))
}

impl Runner {
    /// A run before its first step.
    pub fn begin(scenario: &Scenario) -> Result<Runner, Fault> {
        Runner::begin_from(scenario, &scenario.opening)
    }

    fn begin_from(scenario: &Scenario, opening: &Opening) -> Result<Runner, Fault> {
        let scope = Scope::new(scenario.protocol, opening.nodes);
        Ok(Runner { session: open(scenario, opening)?, scope, now: Micros::ZERO, lines: Vec::new() })
    }

    /// What the names of a step are checked against.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// The session, to look at.
    pub fn session(&self) -> &dyn Session {
        &*self.session
    }

    /// The transcript since it was last taken.
    pub fn take_lines(&mut self) -> Vec<String> {
        std::mem::take(&mut self.lines)
    }

    /// The state as it is now; of what can be shown, these, or everything.
    pub fn state<'a>(&'a self, show: Option<&'a [&'static str]>) -> State<'a> {
        let (protocol, volatile) = (self.scope.protocol.key, self.scope.volatile.as_slice());
        State { session: &*self.session, show, logs: true, protocol, now: self.now, volatile }
    }

    /// Lets an action happen by hand, at the instant of the last step; whether it could.
    pub fn act(&mut self, action: Action) -> bool {
        let done = self.session.act(self.now, action).is_ok();
        if done {
            self.lines.extend(lines(&*self.session));
        }
        done
    }

    /// The instant at which steps by hand happen.
    pub fn now(&self) -> Micros {
        self.now
    }

    /// The run, without who performed it.
    pub fn into_session(self) -> Box<dyn Session> {
        self.session
    }

    /// Performs a step. Returns the expectations that did not hold; a step that cannot be performed changes
    /// nothing.
    pub fn perform(&mut self, step: &Step) -> Result<Vec<Failure>, Fault> {
        let lines = std::mem::take(&mut self.lines);
        let (session, scope, now) = (&mut *self.session, &self.scope, self.now);
        // The history has a bound of its own.
        let mut hand = Hand { session, scope, now, lines, most: usize::MAX };
        let performed = hand.perform(step);
        (self.now, self.lines) = (hand.now, hand.lines);
        performed
    }
}

impl Hand<'_> {
    /// Performs a step. Returns the expectations that did not hold; a step that cannot be performed changes
    /// nothing.
    pub fn perform(&mut self, step: &Step) -> Result<Vec<Failure>, Fault> {
        let (position, len) = (self.session.position(), self.session.len());
        let branch = (position < len).then(|| self.session.branches().1);
        let (now, lines) = (self.now, self.lines.len());
        let performed = self.attempt(step);
        if performed.is_err() {
            match branch {
                // The clock went on in what was recorded, perhaps beyond its end.
                Some(branch) if branch == self.session.branches().1 => {
                    self.session.rewind(len);
                    self.session.seek(position);
                }
                _ if self.session.position() != position => self.session.rewind(position),
                _ => {}
            }
            self.now = now;
            self.lines.truncate(lines);
        }
        match performed {
            Ok(failures) => Ok(failures),
            Err(_) if step.optional => Ok(Vec::new()),
            Err(what) => Err(Fault::at(&step.pointer, what)),
        }
    }

    /// The state as it is now; of what can be shown, these, or everything.
    pub fn state<'a>(&'a self, show: Option<&'a [&'static str]>) -> State<'a> {
        let (protocol, volatile) = (self.scope.protocol.key, self.scope.volatile.as_slice());
        State { session: &*self.session, show, logs: true, protocol, now: self.now, volatile }
    }

    fn attempt(&mut self, step: &Step) -> Result<Vec<Failure>, String> {
        match &step.verb {
            Verb::Fire(member, timer) => self.act(Action::Fire(*member, *timer))?,
            Verb::Wind(member, timer, span) => self.act(Action::Wind(*member, *timer, *span))?,
            Verb::Run(span, events) => self.run_clock(self.now.after(*span), *events)?,
            Verb::Settle => self.settle()?,
            Verb::Inject(forged) => self.act(Action::Inject(Box::new(forged.clone())))?,
            Verb::Packets(verb, which) => self.handle_packets(*verb, which)?,
            Verb::Filter(filter) => self.act(Action::Filter(Box::new(filter.clone())))?,
            Verb::Unfilter(Some(filter)) => self.act(Action::Unfilter(Box::new(filter.clone())))?,
            Verb::Unfilter(None) => self.lift_filters()?,
            Verb::Nodes(verb, nodes) => {
                for node in nodes {
                    self.act(match verb {
                        NodeVerb::Crash => Action::Crash(*node),
                        NodeVerb::Restart => Action::Restart(*node),
                        NodeVerb::Pause => Action::Pause(*node),
                        NodeVerb::Resume => Action::Resume(*node),
                    })?;
                }
            }
            Verb::Cut(links) => self.turn_links(links, true)?,
            Verb::Heal(links) => self.turn_links(links, false)?,
            Verb::HealAll => self.set_links(&self.cuts(), false)?,
            Verb::Separate(links) => self.set_links(links, true)?,
            Verb::Request(ask) => self.act(Action::Request(Box::new(ask.clone())))?,
            Verb::Set(knobs) => {
                for knob in knobs {
                    self.act(Action::Set(Box::new(knob.clone())))?;
                }
            }
            Verb::Expect(expect) => {
                let (show, logs) = expect.looks_at();
                let mut failed = expect.compare(&self.written(&show, logs));
                // What was found instead is told in full.
                if !failed.is_empty() && !logs {
                    failed = expect.compare(&self.written(&show, true));
                }
                let failure = |(wanted, got)| Failure { step: step.place, wanted, got };
                return Ok(failed.into_iter().map(failure).collect());
            }
            Verb::Look => {}
        }
        Ok(Vec::new())
    }

    fn act(&mut self, action: Action) -> Result<(), String> {
        match self.session.act(self.now, action.clone()) {
            Ok(()) => {
                self.tell();
                Ok(())
            }
            Err(rejected) => Err(self.refusal(&rejected, &action)),
        }
    }

    fn tell(&mut self) {
        self.lines.extend(lines(self.session));
    }

    fn refusal(&self, rejected: &Rejected, action: &Action) -> String {
        let frame = self.session.frame(LOOK);
        let possible = match (rejected, action) {
            (Rejected::NoSuchPacket(_), _) => Some(possible::in_flight(&frame)),
            (Rejected::NotArmed(_), _) => Some(possible::armed(&frame)),
            _ => None,
        };
        fault::refused(&rejected.text().say(Lang::En), possible)
    }

    /// Lets happen what is due until an instant, and goes there.
    /// Lets the clock run to an instant, or until so many events have happened of those that are due by then.
    fn run_clock(&mut self, end: Micros, events: Option<usize>) -> Result<(), String> {
        let begun = self.session.position();
        let last = begun.saturating_add(self.most);
        let wanted = events.map_or(usize::MAX, |events| begun.saturating_add(events));
        while self.session.position() < wanted && self.session.next_at().is_some_and(|at| at <= end) {
            if last <= self.session.position() {
                return Err(fault::runs_too_long(self.most));
            }
            match self.session.step() {
                Ok(Some(_)) => self.tell(),
                Ok(None) => break,
                Err(rejected) => return Err(fault::refused(&rejected.text().say(Lang::En), None)),
            }
        }
        self.now = end;
        Ok(())
    }

    /// Delivers until nothing is in flight but what waits for paused nodes.
    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..SETTLE_BOUND {
            let frame = self.session.frame(LOOK);
            let Some(packet) = frame.packets.iter().find(|packet| !waits(&frame, packet)) else {
                return Ok(());
            };
            self.act(Action::Deliver(packet.id))?;
        }
        let frame = self.session.frame(LOOK);
        match frame.packets.iter().all(|packet| waits(&frame, packet)) {
            true => Ok(()),
            false => Err(fault::does_not_settle(SETTLE_BOUND)),
        }
    }

    fn handle_packets(&mut self, verb: PacketVerb, which: &Selector) -> Result<(), String> {
        let lens = if which.fields.is_empty() { LOOK } else { Lens { fields: true, ..LOOK } };
        let frame = self.session.frame(lens);
        let selected = |packet: &&PacketFrame| is_selected(which, packet);
        // Of several, those that cannot be delivered to a paused node are left where they are.
        let able =
            |packet: &&PacketFrame| !(which.all && verb == PacketVerb::Deliver && waits(&frame, packet));
        let found = frame.packets.iter().filter(selected).filter(able);
        let chosen: Vec<_> =
            found.map(|packet| packet.id).take(if which.all { usize::MAX } else { 1 }).collect();
        if chosen.is_empty() {
            return Err(fault::no_match(&possible::packets(&frame)));
        }
        for id in chosen {
            self.act(match verb {
                PacketVerb::Deliver => Action::Deliver(id),
                PacketVerb::Drop => Action::Drop(id),
                PacketVerb::Duplicate => Action::Duplicate(id),
                PacketVerb::Delay(by) => Action::Delay(id, by),
            })?;
        }
        Ok(())
    }

    fn lift_filters(&mut self) -> Result<(), String> {
        for filter in self.session.frame(LOOK).filters {
            match self.act(Action::Unfilter(Box::new(filter))) {
                Ok(()) => {}
                // The same filter twice is lifted at once.
                Err(_) if self.session.frame(LOOK).filters.is_empty() => return Ok(()),
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }

    fn cuts(&self) -> Vec<Link> {
        self.session.frame(LOOK).cuts
    }

    /// Cuts or heals where that changes something; where it would change nothing at all, it is refused.
    fn turn_links(&mut self, links: &[Link], cut: bool) -> Result<(), String> {
        let cuts = self.cuts();
        match links.iter().all(|link| cuts.contains(link) == cut) {
            true => links.first().map_or(Ok(()), |link| self.act(turn(*link, cut))),
            false => self.set_links(links, cut),
        }
    }

    fn set_links(&mut self, links: &[Link], cut: bool) -> Result<(), String> {
        let cuts = self.cuts();
        for link in links.iter().filter(|link| cuts.contains(link) != cut) {
            self.act(turn(*link, cut))?;
        }
        Ok(())
    }

    /// The state as it would be written, read back: as much of it as is looked at.
    fn written(&self, show: &[&'static str], logs: bool) -> Json {
        State { logs, ..self.state(Some(show)) }.to_json()
    }
}

/// The lines of a transcript about the last action.
pub fn lines(session: &dyn Session) -> impl Iterator<Item = String> {
    let at = session.time_at(session.position()).to_string();
    let told = session.transcript();
    told.into_iter().map(move |text| format!("{at:>10} ms  {}", text.say(Lang::En)))
}

fn turn(link: Link, cut: bool) -> Action {
    if cut { Action::Cut(link) } else { Action::Heal(link) }
}

/// Whether a packet waits for its receiver to be resumed.
fn waits(frame: &Frame, packet: &PacketFrame) -> bool {
    let MemberId::Node(node) = packet.to else { return false };
    frame.node(node).is_some_and(|member| member.status == Status::Paused)
}

fn is_selected(which: &Selector, packet: &PacketFrame) -> bool {
    which.id.is_none_or(|id| id == packet.id)
        && which.filter.matches(packet.kind, packet.from, packet.to)
        && which.stamp.is_none_or(|stamp| packet.stamp == Some(stamp))
        && which.fields.iter().all(|(name, wanted)| says(packet, name, wanted))
}

fn says(packet: &PacketFrame, name: &str, wanted: &Json) -> bool {
    matches(wanted, &Json::of(&Spelled(packet.fields.get(name).unwrap_or(&Plain::Null))))
}
