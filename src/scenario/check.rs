//! The `check` of a scenario file: what to look for and within which bounds; and what came of it, as JSON and in words.
//!
//! The command line and the page's worker use the same. Must not know any protocol, files or processes.

use super::bounds::bounds_text;
use super::cursor::At;
use super::fault::{Fault, unknown_name};
use super::file::Scenario;
use super::json::Json;
use super::run::Runner;
use super::scope::Scope;
use super::write;
use crate::engine::check::bounds::{
    Bounds, MAX_DEPTH, MAX_MEMORY_MB, MAX_REQUESTS, MAX_STATES, Question, Wish,
};
use crate::engine::check::search::{Limit, Limits};
use crate::engine::check::{Check, Found, Progress, Verdict};
use crate::engine::client::is_command;
use crate::engine::session::Session;
use crate::engine::spine::Bus;
use crate::protocols::ProtocolInfo;
use crate::text::check as say;
use crate::text::{Lang, Text};
use serde_json::{Value, json};
use std::rc::Rc;

const FIELDS: [&str; 14] = [
    "find",
    "packets",
    "fires",
    "crashes",
    "cuts",
    "heals",
    "duplicates",
    "requests",
    "replies",
    "symmetry",
    "patience",
    "depth",
    "states",
    "memory_mb",
];
/// The name of the question whether any promise can be broken.
pub const ANY: &str = "any";
/// The name of the question whether a state can be reached of which nothing will come.
pub const STUCK: &str = "stuck";
/// The most times that anything may be allowed to happen.
const MOST_TIMES: u64 = 20;

/// What a file asks of the checker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asked {
    /// What is looked for.
    pub question: Question,
    /// Within which bounds.
    pub bounds: Bounds,
}

impl Asked {
    /// Whether any promise can be broken by messages alone.
    pub fn of(protocol: &ProtocolInfo) -> Asked {
        Asked { question: Question::Any, bounds: Bounds::with_timers((protocol.timers)().len()) }
    }
}

/// Reads the `check` of a file.
pub fn read(at: &At<'_>, scope: &Scope) -> Result<Asked, Fault> {
    let fields = at.object(&FIELDS)?;
    let protocol = scope.protocol;
    let usual = Asked::of(protocol).bounds;
    let times = |name: &str| Ok(fields.read(name, |at| at.whole(0, MOST_TIMES))?.unwrap_or_default() as u8);
    let limits = usual.limits;
    let bounds = Bounds {
        bus: fields.read("packets", |at| read_bus(&at))?.unwrap_or(usual.bus),
        fires: fields.read("fires", |at| read_fires(&at, protocol))?.unwrap_or(usual.fires),
        crashes: times("crashes")?,
        cuts: times("cuts")?,
        heals: times("heals")?,
        duplicates: times("duplicates")?,
        requests: fields.read("requests", |at| read_requests(&at, scope.nodes))?.unwrap_or_default(),
        replies: fields.read("replies", |at| at.flag())?.unwrap_or_default(),
        symmetry: fields.read("symmetry", |at| at.flag())?.unwrap_or_default(),
        patience: fields
            .read("patience", |at| at.whole(0, MOST_TIMES))?
            .map_or(usual.patience, |most| most as u8),
        limits: Limits {
            depth: fields
                .read("depth", |at| at.whole(1, u64::from(MAX_DEPTH)))?
                .map_or(limits.depth, |most| most as u32),
            states: fields
                .read("states", |at| at.whole(1, u64::from(MAX_STATES)))?
                .map_or(limits.states, |most| most as u32),
            bytes: fields
                .read("memory_mb", |at| at.whole(1, u64::from(MAX_MEMORY_MB)))?
                .map_or(limits.bytes, |most| most as usize * 1_000_000),
        },
    };
    let question = fields.read("find", |at| read_question(&at, protocol))?.unwrap_or(Question::Any);
    Ok(Asked { question, bounds })
}

fn read_bus(at: &At<'_>) -> Result<Bus, Fault> {
    Ok(match at.name("way to keep packets", &["set", "each"])? {
        "each" => Bus::Each,
        _ => Bus::Set,
    })
}

/// How often each timer may go off in all; `null` is as often as it likes.
fn read_fires(at: &At<'_>, protocol: &ProtocolInfo) -> Result<Vec<Option<u8>>, Fault> {
    let timers = (protocol.timers)();
    let mut fires = vec![Some(0); timers.len()];
    for (name, most) in at.any_object()?.all() {
        let Some(place) = timers.iter().position(|timer| *timer == name) else {
            return Err(most.fault(unknown_name("timer", name, timers.iter().copied())));
        };
        fires[place] = match most.value {
            Json::Null => None,
            _ => Some(most.whole(0, MOST_TIMES)? as u8),
        };
    }
    Ok(fires)
}

/// A command, or a command for a node.
fn read_requests(at: &At<'_>, nodes: u8) -> Result<Vec<Wish>, Fault> {
    let items = at.list()?;
    if MAX_REQUESTS < items.len() {
        return Err(at.fault(format!("must be at most {MAX_REQUESTS} requests")));
    }
    let command = |at: At<'_>| match at.text()? {
        text if is_command(text) => Ok(Rc::from(text)),
        _ => Err(at.fault("must be a line of 1 to 64 characters")),
    };
    let request = |at: &At<'_>| match at.value {
        Json::Text(_) => Ok((None, command(at.clone())?)),
        _ => {
            let fields = at.object(&["node", "command"])?;
            Ok((fields.read("node", |at| at.node(nodes))?, command(fields.need("command")?)?))
        }
    };
    items.iter().map(request).collect()
}

/// A promise by its number or its name in files, a question of the protocol, `any` or `stuck`.
fn read_question(at: &At<'_>, protocol: &ProtocolInfo) -> Result<Question, Fault> {
    let name = at.text()?;
    let promises = (protocol.invariants)();
    let questions = (protocol.questions)();
    if let Some((id, ..)) = promises.iter().find(|(id, key, ..)| *id == name || *key == name) {
        return Ok(Question::Breaks(id));
    }
    if let Some((key, _)) = questions.iter().find(|(key, _)| *key == name) {
        return Ok(Question::Reaches(key));
    }
    match name {
        ANY => Ok(Question::Any),
        STUCK => Ok(Question::Stuck),
        _ => {
            let known = promises.iter().map(|(id, ..)| *id).chain(questions.iter().map(|(key, _)| *key));
            Err(at.fault(unknown_name("thing to look for", name, known.chain([ANY, STUCK]))))
        }
    }
}

/// A check of what a scenario leads to: its steps are done first.
pub struct Checking {
    scenario: Scenario,
    runner: Runner,
    check: Box<dyn Check>,
    asked: Asked,
    /// Where the check begins: after so many actions.
    from: usize,
}

impl Checking {
    /// A check that has only seen where it begins.
    pub fn begin(scenario: Scenario) -> Result<Checking, Fault> {
        let mut runner = Runner::begin(&scenario)?;
        for step in &scenario.steps {
            runner.perform(step)?;
        }
        let asked = scenario.check.clone().unwrap_or_else(|| Asked::of(scenario.protocol));
        let check = runner.session().check(&asked.bounds, &asked.question);
        let from = runner.session().position();
        Ok(Checking { scenario, runner, check, asked, from })
    }

    /// Expands so many states at most; returns whether it is over.
    pub fn work(&mut self, most: u32) -> bool {
        self.check.work(most)
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        self.check.progress()
    }

    /// What is asked.
    pub fn asked(&self) -> &Asked {
        &self.asked
    }

    /// Within which bounds it searches, in words.
    pub fn bounds_text(&self) -> Text {
        bounds_text(&self.scenario, &self.asked, self.from)
    }

    /// Goes on, this far.
    pub fn extend(&mut self, limits: Limits) {
        self.asked.bounds.limits = limits;
        self.check.extend(limits);
    }

    /// After how many actions of the file's run the schedule begins.
    pub fn from(&self) -> usize {
        self.from
    }

    /// The whole run as a scenario file: the steps of the file and then the schedule. The run stands at its end.
    pub fn play(&mut self, found: &Found) -> Value {
        for action in &found.actions {
            self.runner.act(action.clone());
        }
        let session = self.runner.session();
        let deeds = write::deeds(&session.recorded(), self.runner.now());
        let mut file = write::scenario(self.scenario.protocol, &self.scenario.opening, &deeds);
        let said = sentence(self);
        file["title"] = json!({"en": said.say(Lang::En), "zh": said.say(Lang::Zh)});
        let broken: Vec<&str> = session.violations().iter().map(|broken| broken.id).collect();
        if let (Some(steps), false) = (file["steps"].as_array_mut(), broken.is_empty()) {
            steps.push(json!({"expect": {"violations": broken}}));
        }
        file
    }

    /// The run, to look at.
    pub fn session(&self) -> &dyn Session {
        self.runner.session()
    }

    /// What happened in the run so far and was not taken yet, a line each.
    pub fn take_lines(&mut self) -> Vec<String> {
        self.runner.take_lines()
    }
}

/// The name of a limit in answers.
pub fn limit_name(limit: Limit) -> &'static str {
    match limit {
        Limit::Depth => "depth",
        Limit::States => "states",
        Limit::Memory => "memory",
    }
}

/// The name of what came of a check, in answers.
pub fn verdict_name(question: &Question, verdict: &Verdict) -> &'static str {
    match (verdict, question) {
        (Verdict::Holds, _) => "holds",
        (Verdict::Stopped(_), _) => "stopped",
        (Verdict::Found(_), Question::Any | Question::Breaks(_)) => "violation",
        (Verdict::Found(_), Question::Reaches(_)) => "reached",
        (Verdict::Found(_), Question::Stuck) => "stuck",
    }
}

/// What is looked for, by its name in files.
pub fn question_name(question: &Question) -> &'static str {
    match question {
        Question::Any => ANY,
        Question::Breaks(id) => id,
        Question::Reaches(key) => key,
        Question::Stuck => STUCK,
    }
}

/// How far a check has come, as JSON; with the run, where what is looked for was found.
pub fn answer(checking: &mut Checking, lang: Lang) -> Value {
    let progress = checking.progress();
    let question = checking.asked().question.clone();
    let mut answer = json!({
        "find": question_name(&question),
        "states": progress.states,
        "transitions": progress.transitions,
        "depth": progress.depth,
        "waiting": progress.waiting,
        "bytes": progress.bytes,
    });
    let Some(verdict) = &progress.verdict else { return answer };
    answer["verdict"] = verdict_name(&question, verdict).into();
    match verdict {
        Verdict::Holds => {}
        Verdict::Stopped(limit) => answer["limit"] = limit_name(*limit).into(),
        Verdict::Found(found) => {
            answer["moves"] = found.moves.into();
            answer["from"] = checking.from().into();
            answer["scenario"] = checking.play(found);
            let broken = checking.session().violations();
            let broken = broken.iter().map(|broken| {
                json!({"invariant": broken.id, "name": broken.name.template(lang), "text": broken.witness.text.say(lang)})
            });
            answer["violations"] = broken.collect();
        }
    }
    answer
}

/// What came of a check so far, in a sentence.
pub fn sentence(checking: &Checking) -> Text {
    let Progress { states, transitions, depth, verdict, .. } = checking.progress();
    let Asked { question, bounds } = checking.asked();
    let promise = match checking.session().violations().last() {
        Some(broken) => Text::from(broken.name),
        None => promise_of(question, checking.scenario.protocol),
    };
    let words = match (&verdict, question) {
        (Some(Verdict::Found(_)), Question::Any | Question::Breaks(_)) => &say::FOUND_VIOLATION,
        (Some(Verdict::Found(_)), Question::Reaches(_)) => &say::FOUND_STATE,
        (Some(Verdict::Found(_)), Question::Stuck) => &say::FOUND_STUCK,
        (Some(Verdict::Holds), Question::Any) => &say::HOLDS_ANY,
        (Some(Verdict::Holds), Question::Breaks(_)) => &say::HOLDS_PROMISE,
        (Some(Verdict::Holds), Question::Reaches(_)) => &say::HOLDS_STATE,
        (Some(Verdict::Holds), Question::Stuck) => &say::HOLDS_STUCK,
        (Some(Verdict::Stopped(Limit::Depth)), _) => &say::STOPPED_DEPTH,
        (Some(Verdict::Stopped(Limit::Memory)), _) => &say::STOPPED_MEMORY,
        (Some(Verdict::Stopped(Limit::States)) | None, _) => &say::STOPPED_STATES,
    };
    let bound = match &verdict {
        Some(Verdict::Stopped(Limit::Depth)) => u64::from(bounds.limits.depth),
        Some(Verdict::Stopped(Limit::Memory)) => bounds.limits.bytes as u64 / 1_000_000,
        _ => u64::from(bounds.limits.states),
    };
    let moves = match verdict {
        Some(Verdict::Found(found)) => found.moves,
        _ => depth,
    };
    let text = words.with("promise", promise).with("states", grouped(states));
    let text = text.with("transitions", grouped(transitions)).with("depth", depth);
    text.with("moves", moves).with("bound", grouped(bound))
}

/// A number with its thousands apart.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let places = digits.len();
    let apart = |place: usize| (place != 0 && (places - place).is_multiple_of(3)).then_some(',');
    digits.chars().enumerate().flat_map(|(place, digit)| apart(place).into_iter().chain([digit])).collect()
}

fn promise_of(question: &Question, protocol: &ProtocolInfo) -> Text {
    let promises = (protocol.invariants)();
    let asked = match question {
        Question::Breaks(id) => promises.into_iter().find(|(own, ..)| own == id),
        _ => None,
    };
    asked.map_or_else(|| Text::from(&say::ANY_PROMISE), |(_, _, name, _)| Text::from(name))
}
#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_stand_apart() {
        let numbers = [0, 999, 1_000, 62_654, 1_234_567];
        assert_eq!(numbers.map(grouped), ["0", "999", "1,000", "62,654", "1,234,567"]);
    }
}
