//! The checker in the page: a worker that is started when something is first looked for, and what it says.
//!
//! The worker is the same module again, compiled once; nothing of it is there before. Must not know any protocol.

mod form;
mod panel;
pub mod worker;

pub use panel::{CheckerPanel, toggle};

use super::beginning::Beginning;
use super::player::Player;
use crate::scenario::file::Scenario;
use crate::text::check as say;
use crate::text::{Lang, Text};
use leptos::prelude::*;
use serde_json::{Value, json};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

/// The page's own module, as the page names it.
const MODULE: &str = "link[rel=modulepreload]";
/// What a worker runs first, as the page names it.
const SCRIPT: &str = "#check-worker";

/// How a search stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Phase {
    /// Nothing has been looked for.
    #[default]
    Idle,
    /// It works.
    Runs,
    /// The reader has stopped it.
    Waits,
    /// It is over.
    Over,
}

/// How far a search has come.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Count {
    /// Distinct states met.
    pub states: f64,
    /// How many moves away the furthest of them is.
    pub depth: f64,
    /// How many of them wait to be expanded.
    pub waiting: f64,
    /// About how much memory they take.
    pub bytes: f64,
    /// How long it has worked.
    pub worked_ms: f64,
}

/// What is known of a search; plain data.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct State {
    /// How it stands.
    pub phase: Phase,
    /// How far it has come.
    pub count: Count,
    /// Within which bounds it searches, in both languages.
    pub bounds: Value,
    /// What came of it, once it is over: as `check --json` prints it.
    pub answer: Option<Value>,
    /// The same in a sentence, in both languages.
    pub said: Value,
    /// Why it could not be begun, or go on.
    pub trouble: Option<Text>,
}

/// What is done with an answer.
type Then = Rc<dyn Fn(&Value)>;

/// The one search of the page; cheap to copy.
#[derive(Clone, Copy)]
pub struct Searches {
    /// What is known of it.
    pub state: RwSignal<State>,
    worker: StoredValue<Option<Worker>, LocalStorage>,
}

impl Searches {
    /// Nothing is looked for yet.
    pub fn new() -> Searches {
        Searches { state: RwSignal::new(State::default()), worker: StoredValue::new_local(None) }
    }

    /// From the nearest component that provides it.
    pub fn here() -> Searches {
        expect_context::<Searches>()
    }

    /// Looks for what the `check` of a scenario file asks, and then does something with the answer. A search that still
    /// runs is given up: a worker gives memory back only at its end.
    pub fn find(self, file: String, then: impl Fn(&Value) + 'static) {
        self.give_up();
        self.state.set(State { phase: Phase::Runs, ..State::default() });
        match started() {
            Ok(worker) => {
                self.listen(&worker, file, Rc::new(then));
                self.worker.set_value(Some(worker));
            }
            Err(_) => self.fail(Text::from(&say::NO_WORKER)),
        }
    }

    /// Lets it wait.
    pub fn stop(self) {
        self.send(&json!({"stop": true}));
    }

    /// Lets it go on, this far.
    pub fn go_on(self, depth: u32, states: u32, memory_mb: u32) {
        self.state.update(|state| (state.phase, state.answer, state.said) = (Phase::Runs, None, Value::Null));
        self.send(&json!({"go": {"depth": depth, "states": states, "memory_mb": memory_mb}}));
    }

    fn send(self, message: &Value) {
        self.worker.with_value(|worker| {
            if let Some(worker) = worker {
                // Only what cannot be copied is refused, and a text can.
                let _ = worker.post_message(&JsValue::from_str(&message.to_string()));
            }
        });
    }

    fn give_up(self) {
        self.worker.update_value(|worker| {
            if let Some(worker) = worker.take() {
                worker.terminate();
            }
        });
    }

    fn fail(self, trouble: Text) {
        self.give_up();
        self.state.update(|state| (state.phase, state.trouble) = (Phase::Over, Some(trouble)));
    }

    fn listen(self, worker: &Worker, file: String, then: Then) {
        let own = worker.clone();
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // A worker that was given up may have said something still.
            let current = self.worker.with_value(|worker| worker.as_ref() == Some(&own));
            let message = event
                .data()
                .as_string()
                .and_then(|text| serde_json::from_slice::<Value>(text.as_bytes()).ok());
            if let (true, Some(message)) = (current, message) {
                self.take(&message, &file, &then);
            }
        });
        worker.set_onmessage(Some(hear.as_ref().unchecked_ref()));
        hear.forget();
        let broken = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| {
            if self.state.with_untracked(|state| state.phase == Phase::Runs) {
                self.fail(Text::from(&say::NO_WORKER));
            }
        });
        worker.set_onerror(Some(broken.as_ref().unchecked_ref()));
        broken.forget();
    }

    fn take(self, message: &Value, file: &str, then: &Then) {
        if message["ready"].as_bool() == Some(true) {
            return self.send(&json!({"check": file}));
        }
        if let Some(why) = message["wrong"].as_str() {
            return self.fail(say::WRONG.with("why", why));
        }
        if message["missing"].is_string() {
            return self.fail(Text::from(&say::NO_WORKER));
        }
        if let Some(why) = message["panic"].as_str() {
            return self.fail(say::WORKER_BROKE.with("why", why));
        }
        if let Some(bounds) = message.get("bounds") {
            return self.state.update(|state| state.bounds = bounds.clone());
        }
        if let Some(count) = message.get("count") {
            let runs = message["runs"].as_bool() == Some(true);
            return self.state.update(|state| {
                state.count = Count::read(count);
                if !runs && state.phase == Phase::Runs {
                    state.phase = Phase::Waits;
                }
            });
        }
        if let Some(answer) = message.get("answer") {
            self.state.update(|state| {
                (state.phase, state.answer, state.said) =
                    (Phase::Over, Some(answer.clone()), message["said"].clone());
            });
            if answer["verdict"] != "stopped" {
                // Nothing will go on: its memory can be given back.
                self.give_up();
            }
            then(answer);
        }
    }
}

impl Count {
    fn read(count: &Value) -> Count {
        let number = |name: &str| count[name].as_f64().unwrap_or_default();
        Count {
            states: number("states"),
            depth: number("depth"),
            waiting: number("waiting"),
            bytes: number("bytes"),
            worked_ms: number("worked_ms"),
        }
    }

    /// How many states it meets in a second of work.
    pub fn states_per_s(&self) -> f64 {
        if 0.0 < self.worked_ms { self.states / self.worked_ms * 1000.0 } else { 0.0 }
    }
}

/// A worker that loads the page's own module, which is compiled already.
fn started() -> Result<Worker, JsValue> {
    let (script, module) = (address_of(SCRIPT, "src")?, address_of(MODULE, "href")?);
    let as_module = WorkerOptions::new();
    as_module.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&script, &as_module)
        .or_else(|_| Worker::new_with_options(&asking_for(&script), &as_module))?;
    let begin = js_sys::Object::new();
    js_sys::Reflect::set(&begin, &"module".into(), &module.into())?;
    js_sys::Reflect::set(&begin, &"compiled".into(), &wasm_bindgen::module())?;
    worker.post_message(&begin)?;
    Ok(worker)
}

/// The whole address to which an element of the page refers.
fn address_of(selector: &str, property: &str) -> Result<String, JsValue> {
    let element = document().query_selector(selector)?.ok_or(JsValue::NULL)?;
    js_sys::Reflect::get(&element, &property.into())?.as_string().ok_or(JsValue::NULL)
}

/// An address that is itself a text that asks for a script. A page without an origin of its own, such as one in a sandboxed
/// frame, may start no script of its host as a worker; and one from an address made for a blob does not begin there.
fn asking_for(script: &str) -> String {
    let text = format!("import {};", json!(script));
    format!("data:text/javascript,{}", js_sys::encode_uri_component(&text))
}

/// What a text in both languages says in one.
pub fn in_lang(both: &Value, lang: Lang) -> String {
    let name = match lang {
        Lang::En => "en",
        Lang::Zh => "zh",
    };
    both[name].as_str().unwrap_or_default().to_string()
}

/// Shows what was found as a run, paused where the schedule begins.
pub fn show(player: Player, answer: &Value) {
    let from = answer["from"].as_u64().unwrap_or_default() as usize;
    // The worker has written it and read it again.
    if let Ok(file) = Scenario::parse(answer["scenario"].to_string().as_bytes()) {
        player.begin(Beginning::of_file(file, None).run());
        player.seek_position(from);
    }
}
