//! How a run begins in the page: as the address or a scenario says, else as it is first seen.
//!
//! Must not know any protocol by name.

use super::player::Attempt;
use crate::engine::beside::Beside;
use crate::engine::check::bounds::Question;
use crate::engine::ids::Micros;
use crate::engine::options::{ENGINE, LATENCY, OptionValue, Options};
use crate::engine::session::Session;
use crate::link::address::{Address, FIRST_NODES, FIRST_SEED, built_in, known_slug};
use crate::link::run::{Recording, Replayed, replay};
use crate::protocols::{Opening, ProtocolInfo};
use crate::scenario::expect::Failure;
use crate::scenario::fault::Fault;
use crate::scenario::file::{Scenario, Wording};
use crate::scenario::puzzle;
use crate::scenario::run::run_from;
use crate::text::link as say;
use crate::text::menu as puzzle_say;
use crate::text::{Lang, Text};
use std::rc::Rc;

/// How many expectations that do not hold are told; those after them are mostly their consequences.
const FAILURES_TOLD: usize = 3;

/// What a run begins with.
#[derive(Clone, Debug)]
pub struct Beginning {
    /// The protocol that runs.
    pub protocol: &'static ProtocolInfo,
    /// How many nodes; as many as the scenario has, where there is one.
    pub nodes: u8,
    /// The seed of all randomness.
    pub seed: u64,
    /// The variant, by its place in the protocol's list; 0 is the correct one.
    pub variant: usize,
    /// All options, the engine's first.
    pub options: Options,
    /// The cluster beside it, if there is one.
    pub beside: Option<Beside>,
    /// What is recorded before the reader sees anything.
    pub scenario: Option<Rc<Chosen>>,
    /// What the reader is to bring about by hand, if something is.
    pub puzzle: Option<Puzzle>,
    /// The whole run of a link, which takes the place of what the scenario's steps would do.
    pub link: Option<Rc<Recording>>,
}

/// What a reader is to bring about by hand.
#[derive(Clone, Debug)]
pub struct Puzzle {
    /// The variant, by name.
    pub variant: &'static str,
    /// What it is.
    pub question: Question,
    /// The way that is shown instead, once the reader has asked for it.
    pub shortest: Option<Shortest>,
}

/// The shortest way to bring it about.
#[derive(Clone, Copy, Debug)]
pub struct Shortest {
    /// How many moves the checker needed.
    pub moves: u64,
    /// After how many actions of the run it begins.
    pub from: usize,
    /// What the reader had done, where that brought it about.
    pub yours: Option<Attempt>,
}

/// A scenario that somebody chose.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// Its name, if it is a built-in one.
    pub slug: Option<&'static str>,
    /// The file.
    pub file: Scenario,
}

/// A run that is ready to be shown, at the start of time; what its scenario recorded lies ahead.
pub struct Run {
    /// What it began with.
    pub beginning: Beginning,
    /// The run.
    pub session: Box<dyn Session>,
    /// The expectations of its scenario that did not hold.
    pub failed: Vec<Failure>,
    /// The step of its scenario that could not be performed, if one could not: the record ends before it.
    pub broken: Option<Fault>,
    /// Where it opens, if not at its start: a link leads into the middle of a run.
    pub opens_at: Option<Micros>,
    /// How many actions were recorded by the scenario and not by a reader.
    pub scripted: usize,
    /// What of its link could not be done again.
    pub amiss: Option<Text>,
}

impl Beginning {
    /// As the address says.
    pub fn of_address(address: &Address) -> Beginning {
        if let Some(puzzle) = address.puzzle.and_then(|name| Beginning::of_puzzle(address.protocol, name)) {
            return Beginning { seed: address.seed, ..puzzle };
        }
        if let Some(file) = address.scenario_file() {
            return Beginning::of_file(file, address.scenario);
        }
        let Address { nodes, seed, variant, .. } = *address;
        let beside = address.beside.clone();
        Beginning { nodes, seed, variant, beside, ..Beginning::of_protocol(address.protocol) }
    }

    /// A protocol as it is first seen.
    pub fn of_protocol(protocol: &'static ProtocolInfo) -> Beginning {
        let mut options = Options::defaults(protocol.options);
        // Slow enough, beside the timers, for the eye to follow a message.
        let latency = OptionValue::Span(Micros::from_ms(15), Micros::from_ms(30));
        let _ = options.set(&ENGINE[LATENCY], LATENCY, latency);
        let (nodes, seed) = (FIRST_NODES, FIRST_SEED);
        Beginning {
            protocol,
            nodes,
            seed,
            variant: 0,
            options,
            beside: None,
            scenario: None,
            puzzle: None,
            link: None,
        }
    }

    /// What the cluster beside begins with; where there is none, the same.
    pub fn of_twin(&self) -> Beginning {
        let alone = Beginning { scenario: None, puzzle: None, link: None, ..self.clone() };
        let Some(beside) = &self.beside else { return alone };
        let Opening { variant, options, .. } = beside.opening(self.protocol, &self.opening());
        Beginning { protocol: beside.protocol, variant, options, ..alone }
    }

    /// As a scenario says; with its name, if it is a built-in one.
    pub fn of_file(file: Scenario, slug: Option<&'static str>) -> Beginning {
        let Opening { nodes, seed, variant, ref options, .. } = file.opening;
        let (protocol, options, beside) = (file.protocol, options.clone(), file.beside.clone());
        let scenario = Some(Rc::new(Chosen { slug, file }));
        Beginning { protocol, nodes, seed, variant, options, beside, scenario, puzzle: None, link: None }
    }

    /// The cluster of a challenge, with nothing done in it.
    pub fn of_puzzle(protocol: &'static ProtocolInfo, variant: &str) -> Option<Beginning> {
        let variant = puzzle::names(protocol).find(|known| *known == variant)?;
        let (file, question) = puzzle::file(protocol, variant)?;
        let goal = puzzle::goal(protocol, &question);
        let about = wording(&|lang| goal.say(lang));
        let title = wording(&|lang| puzzle_say::PUZZLE_TITLE.with("variant", variant).say(lang));
        let puzzle = Some(Puzzle { variant, question, shortest: None });
        Some(Beginning { puzzle, ..Beginning::of_file(Scenario { title, about, ..file }, None) })
    }

    /// The shortest way through a challenge, as the checker wrote it down.
    pub fn of_shortest(self, mut file: Scenario, shortest: Shortest) -> Beginning {
        let Some(puzzle) = self.puzzle else { return self };
        let variant = puzzle.variant;
        file.title = wording(&|lang| puzzle_say::SHORTEST_TITLE.with("variant", variant).say(lang));
        file.about = self.scenario.map(|chosen| chosen.file.about.clone()).unwrap_or_default();
        let puzzle = Some(Puzzle { shortest: Some(shortest), ..puzzle });
        Beginning { puzzle, ..Beginning::of_file(file, None) }
    }

    /// The run of a link to a challenge goes on being one.
    pub fn in_puzzle(self, variant: Option<&str>) -> Beginning {
        let challenge = variant.and_then(|variant| Beginning::of_puzzle(self.protocol, variant));
        let Some(challenge) = challenge.filter(|challenge| challenge.variant == self.variant) else {
            return self;
        };
        let opening = self.opening();
        let of_link = |chosen: &Rc<Chosen>| {
            Rc::new(Chosen { slug: None, file: Scenario { opening: opening.clone(), ..chosen.file.clone() } })
        };
        Beginning { scenario: challenge.scenario.as_ref().map(of_link), puzzle: challenge.puzzle, ..self }
    }

    /// As a link says. What its nodes began with stands where a scenario's would.
    pub fn of_link(recording: Recording) -> Beginning {
        let opening = recording.opening.clone();
        let slug = recording.scenario.as_deref().and_then(known_slug);
        let is_fresh = opening.start.is_empty() && opening.down.is_empty();
        let file = slug.and_then(built_in).or_else(|| {
            let (protocol, opening) = (recording.protocol, opening.clone());
            (!is_fresh).then(|| Scenario::of_opening(protocol, opening))
        });
        let of_opening =
            |file: Scenario| Rc::new(Chosen { slug, file: Scenario { opening: opening.clone(), ..file } });
        Beginning {
            protocol: recording.protocol,
            nodes: opening.nodes,
            seed: opening.seed,
            variant: opening.variant,
            options: opening.options.clone(),
            beside: recording.beside.clone(),
            scenario: file.map(of_opening),
            puzzle: None,
            link: Some(Rc::new(recording)),
        }
    }

    /// What its scenario is called, in a language.
    pub fn title(&self, lang: Lang) -> Option<String> {
        let chosen = self.scenario.as_ref()?;
        chosen.file.title.say(lang).map(str::to_string)
    }

    /// As the engine and files know it.
    pub fn opening(&self) -> Opening {
        let file = self.scenario.as_ref().map(|scenario| &scenario.file.opening);
        Opening {
            nodes: self.nodes,
            seed: self.seed,
            options: self.options.clone(),
            variant: self.variant,
            start: file.map(|opening| opening.start.clone()).unwrap_or_default(),
            down: file.map(|opening| opening.down.clone()).unwrap_or_default(),
        }
    }

    /// Opens the run, and records its scenario or does again what its link says.
    pub fn run(self) -> Run {
        if let Some(link) = self.link.clone() {
            return self.repeated(&link);
        }
        let Some(scenario) = &self.scenario else {
            let session = fresh(&self);
            return Run::new(self, session);
        };
        let file = Scenario { beside: self.beside.clone(), ..scenario.file.clone() };
        match run_from(&file, &self.opening()) {
            Ok(finished) => {
                let mut session = finished.runner.into_session();
                // What leads to the place of a challenge is done.
                let place = self.puzzle.as_ref().map(|puzzle| match &puzzle.shortest {
                    Some(shortest) => shortest.from,
                    None => session.len(),
                });
                session.seek(place.unwrap_or(0));
                let opens_at = place.map(|place| session.time_at(place));
                Run { failed: finished.failed, broken: finished.broken, opens_at, ..Run::new(self, session) }
            }
            // Whoever read the file has tried its start already, so this is not seen.
            Err(fault) => {
                let session = fresh(&self);
                Run { broken: Some(fault), ..Run::new(self, session) }
            }
        }
    }

    fn repeated(self, link: &Recording) -> Run {
        match replay(link) {
            Ok(Replayed { session, playhead, trouble }) => Run {
                opens_at: Some(playhead),
                scripted: link.scripted,
                amiss: trouble,
                ..Run::new(self, session)
            },
            Err(amiss) => {
                let plain = Beginning { link: None, scenario: None, puzzle: None, ..self };
                let session = fresh(&plain);
                Run { amiss: Some(amiss), ..Run::new(plain, session) }
            }
        }
    }
}

/// A sentence in every language, as a file has it.
fn wording(say: &dyn Fn(Lang) -> String) -> Wording {
    Wording { en: Some(say(Lang::En)), zh: Some(say(Lang::Zh)) }
}

/// A cluster in which no node has a past.
fn fresh(beginning: &Beginning) -> Box<dyn Session> {
    let opening = Opening { start: Vec::new(), down: Vec::new(), ..beginning.opening() };
    let opened = match &beginning.beside {
        Some(beside) => beside.open(beginning.protocol, &opening),
        None => (beginning.protocol.open)(&opening),
    };
    match opened {
        Ok(session) => session,
        // Only a given start can be wrong, and none is given.
        Err(_) => unreachable!("a fresh cluster opens"),
    }
}

impl Run {
    fn new(beginning: Beginning, session: Box<dyn Session>) -> Run {
        let scripted = session.len();
        Run { beginning, session, failed: Vec::new(), broken: None, opens_at: None, scripted, amiss: None }
    }

    /// What the reader should know of the scenario or the link before watching it.
    pub fn troubles(&self) -> Vec<Text> {
        let failed = self.failed.iter().take(FAILURES_TOLD).map(|failure| {
            let (wanted, got) = (failure.wanted.to_string(), failure.got.to_string());
            say::UNEXPECTED.with("step", failure.step + 1).with("wanted", wanted).with("got", got)
        });
        let broken = self.broken.iter().map(|fault| say::STUCK.with("fault", fault.to_string()));
        failed.chain(broken).chain(self.amiss.clone()).collect()
    }
}
