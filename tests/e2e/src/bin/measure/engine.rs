//! How fast the engine is inside the page, with its history kept, and how much memory the history takes.

use serde_json::{Value, json};

use crate::bench::{Bench, number};
use crate::report::Row;

const HOUR_MS: u32 = 3_600_000;
/// How far one message lets the cluster run on, in virtual milliseconds: the page refuses to work for long at a time.
const SLICE_MS: u32 = 240_000;
/// How many requests the busy run has, one every 50 ms.
const REQUESTS: u32 = 2_000;

/// How much memory the page holds.
struct Memory {
    wasm: f64,
    heap: f64,
}

/// The speed, idle and busy, the best of `runs` runs; then what an hour leaves behind.
pub fn measure(runs: u32) -> Vec<Row> {
    let mut hours: Vec<(Value, Memory, Memory)> = (0..runs).map(|_| hour()).collect();
    hours.sort_by(|one, other| rate(&other.0).total_cmp(&rate(&one.0)));
    let mut busy: Vec<(Value, Memory, Memory)> = (0..runs).map(|_| busy_run()).collect();
    busy.sort_by(|one, other| rate(&other.0).total_cmp(&rate(&one.0)));
    vec![
        speed("actions a second in wasm, history kept, idle, over an hour of virtual time", &hours),
        speed(
            "the same with a request every 50 virtual ms, while a file is loaded and its transcript written",
            &busy,
        ),
        memory("memory after that hour", &hours[0]),
        memory(&format!("memory after {REQUESTS} requests"), &busy[0]),
    ]
}

/// An idle cluster for an hour of virtual time.
fn hour() -> (Value, Memory, Memory) {
    let bench = Bench::ready("autoplay=0&seed=1");
    let before = memory_of(&bench);
    let instants: Vec<u32> = (1..=HOUR_MS / SLICE_MS).map(|slice| slice * SLICE_MS).collect();
    let ran = bench.promised(&format!("probe.run({})", json!(instants)));
    (ran, before, memory_of(&bench))
}

/// A cluster that somebody always asks something.
fn busy_run() -> (Value, Memory, Memory) {
    let bench = Bench::ready("autoplay=0");
    let before = memory_of(&bench);
    let mut steps = vec![json!({"fire": {"node": 1, "timer": "election"}}), json!({"settle": true})];
    for number in 0..REQUESTS {
        steps.push(json!({"request": {"node": 1, "command": format!("k{}={number}", number % 10)}}));
        steps.push(json!({"run": 50}));
    }
    let file = json!({"format": 1, "protocol": "raft", "nodes": 5, "seed": 1, "steps": steps});
    bench.promised(&format!("probe.file = {file}, null"));
    let ran = bench.promised(
        "(async () => {
            const begun = performance.now();
            const { length } = await probe.call('load', { file: probe.file });
            probe.file = null;
            return { ms: performance.now() - begun, actions: length, length };
        })()",
    );
    (ran, before, memory_of(&bench))
}

fn memory_of(bench: &Bench) -> Memory {
    bench.page.browser.devtools("HeapProfiler.collectGarbage", json!({}));
    let heap = bench.page.browser.devtools("Runtime.getHeapUsage", json!({}));
    let wasm = bench.promised("probe.memory.buffer.byteLength");
    Memory { wasm: number(&wasm), heap: number(&heap["usedSize"]) }
}

fn rate(ran: &Value) -> f64 {
    number(&ran["actions"]) / number(&ran["ms"]) * 1_000.0
}

fn speed(what: &str, runs: &[(Value, Memory, Memory)]) -> Row {
    let rates: Vec<f64> = runs.iter().map(|(ran, ..)| rate(ran)).collect();
    let (best, worst) = (rates[0], rates[rates.len() - 1]);
    Row {
        what: what.into(),
        measured: format!(
            "{:.0} thousand ({} actions; slowest run {:.0} thousand)",
            best / 1e3,
            runs[0].0["actions"],
            worst / 1e3
        ),
        goal: "≥ 300 thousand",
        numbers: json!({"runs": runs.iter().map(|(ran, ..)| ran).collect::<Vec<_>>(), "actions_per_second": rates}),
    }
}

fn memory(what: &str, (ran, before, after): &(Value, Memory, Memory)) -> Row {
    let grown = (after.wasm - before.wasm) + (after.heap - before.heap);
    let each = grown / number(&ran["actions"]);
    Row {
        what: what.into(),
        measured: format!(
            "wasm {:.1} MB (at first {:.1}), JavaScript {:.1} MB (at first {:.1}); {each:.0} bytes for each kept action",
            after.wasm / 1e6,
            before.wasm / 1e6,
            after.heap / 1e6,
            before.heap / 1e6
        ),
        goal: "≤ 1 KB for each kept action",
        numbers: json!({
            "actions": ran["actions"], "bytes_per_action": each,
            "wasm_before": before.wasm, "wasm_after": after.wasm,
            "heap_before": before.heap, "heap_after": after.heap,
        }),
    }
}
