//! The checker in a worker: the same module as the page, without a page. It works in slices, so that it hears when it is
//! to stop.
//!
//! Speaks JSON texts with the page (`mod` has the other half). Must not know any protocol.

use crate::engine::check::search::Limits;
use crate::scenario::check::{self, Checking};
use crate::scenario::file::Scenario;
use crate::text::{Lang, Text};
use gloo_timers::callback::Timeout;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// How long it works without listening.
const SLICE_MS: f64 = 60.0;
/// How often it says how far it is.
const TOLD_EVERY_MS: f64 = 200.0;
/// How many states it expands before it looks at the clock.
const STRIDE: u32 = 64;

/// A check, and how long it has worked.
struct Service {
    scope: DedicatedWorkerGlobalScope,
    checking: Option<Checking>,
    runs: bool,
    worked_ms: f64,
    told_ms: f64,
}

type Shared = Rc<RefCell<Service>>;

/// Serves the page that has started this worker; whether this is a worker.
pub fn serve() -> bool {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return false };
    std::panic::set_hook(Box::new(report_panic));
    let service = Service { scope: scope.clone(), checking: None, runs: false, worked_ms: 0.0, told_ms: 0.0 };
    let service = Rc::new(RefCell::new(service));
    let hear = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |event: web_sys::MessageEvent| {
        if let Some(text) = event.data().as_string() {
            take(&service, &text);
        }
    });
    scope.set_onmessage(Some(hear.as_ref().unchecked_ref()));
    // It listens as long as the worker lives.
    hear.forget();
    send(&scope, &json!({"ready": true}));
    true
}

fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    console_error_panic_hook::hook(info);
    if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        send(&scope, &json!({"panic": info.to_string()}));
    }
}

fn send(scope: &DedicatedWorkerGlobalScope, message: &Value) {
    // Only what cannot be copied is refused, and a text can.
    let _ = scope.post_message(&JsValue::from_str(&message.to_string()));
}

/// `{"check": file}` begins, `{"stop": true}` waits, `{"go": {"states", "memory_mb", "depth"}}` goes on as far as that.
fn take(service: &Shared, text: &str) {
    let Ok(message) = serde_json::from_slice::<Value>(text.as_bytes()) else { return };
    if let Some(file) = message["check"].as_str() {
        begin(service, file);
    } else if message["stop"].as_bool() == Some(true) {
        service.borrow_mut().runs = false;
        tell(service);
    } else if let Some(limits) = read_limits(&message["go"]) {
        let mut borrowed = service.borrow_mut();
        if let Some(checking) = &mut borrowed.checking {
            checking.extend(limits);
            borrowed.runs = true;
        }
        drop(borrowed);
        later(Rc::clone(service));
    }
}

fn read_limits(go: &Value) -> Option<Limits> {
    let number = |name: &str| go[name].as_u64();
    let bytes = number("memory_mb")?.saturating_mul(1_000_000);
    Some(Limits {
        depth: u32::try_from(number("depth")?).ok()?,
        states: u32::try_from(number("states")?).ok()?,
        bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
    })
}

fn begin(service: &Shared, file: &str) {
    let begun = Scenario::parse(file.as_bytes()).and_then(Checking::begin);
    let mut borrowed = service.borrow_mut();
    match begun {
        Ok(checking) => {
            let bounds = in_both(&checking.bounds_text());
            send(&borrowed.scope, &json!({"bounds": bounds}));
            borrowed.checking = Some(checking);
            borrowed.runs = true;
            drop(borrowed);
            later(Rc::clone(service));
        }
        Err(fault) => send(&borrowed.scope, &json!({"wrong": fault.to_string()})),
    }
}

fn later(service: Shared) {
    Timeout::new(0, move || slice(&service)).forget();
}

fn slice(service: &Shared) {
    let mut borrowed = service.borrow_mut();
    let Service { scope, checking: Some(checking), runs: true, worked_ms, told_ms } = &mut *borrowed else {
        return;
    };
    let clock = scope.performance();
    let now = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
    let began = now();
    let mut over = false;
    while !over && now() - began < SLICE_MS {
        over = checking.work(STRIDE);
    }
    *worked_ms += now() - began;
    let tells = over || *told_ms + TOLD_EVERY_MS <= now();
    if tells {
        *told_ms = now();
    }
    borrowed.runs = !over;
    drop(borrowed);
    if tells {
        tell(service);
    }
    match over {
        true => answer(service),
        false => later(Rc::clone(service)),
    }
}

/// How far it has come.
fn tell(service: &Shared) {
    let borrowed = service.borrow();
    let Some(checking) = &borrowed.checking else { return };
    let progress = checking.progress();
    let count = json!({
        "states": progress.states, "transitions": progress.transitions, "depth": progress.depth,
        "waiting": progress.waiting, "bytes": progress.bytes, "worked_ms": borrowed.worked_ms,
    });
    send(&borrowed.scope, &json!({"count": count, "runs": borrowed.runs}));
}

fn answer(service: &Shared) {
    let mut borrowed = service.borrow_mut();
    let Service { scope, checking: Some(checking), .. } = &mut *borrowed else { return };
    let answer = check::answer(checking, Lang::En);
    let said = in_both(&check::sentence(checking));
    send(scope, &json!({"answer": answer, "said": said}));
}

fn in_both(text: &Text) -> Value {
    json!({"en": text.say(Lang::En), "zh": text.say(Lang::Zh)})
}
