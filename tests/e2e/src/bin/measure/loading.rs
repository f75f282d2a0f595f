//! What the page costs before it can be used: bytes over the wire, and the time until the first leader is seen.

use std::time::Duration;
use std::time::Instant;

use serde_json::{Value, json};

use crate::bench::{Bench, leave_alone, number};
use crate::report::{Row, ascending, percentile};

/// How long the first leader is waited for, in seconds.
const PATIENCE: u64 = 60;
/// A slow mobile connection, as page-speed tools mean it: 1.6 Mbit a second, 150 ms there and back.
const SLOW: (f64, f64) = (1.6e6 / 8.0, 150.0);

const FILES: &str = "JSON.stringify([...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .map((entry) => [new URL(entry.name).pathname, entry.encodedBodySize, entry.decodedBodySize]))";
const TIMES: &str = "JSON.stringify({ leader: probe.leader, ready: probe.ready,
    painted: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null })";

/// Bytes; then the first leader on this machine's own network, and on a slow one.
pub fn measure(runs: u32) -> Vec<Row> {
    let (files, here): (Vec<Value>, Vec<Value>) = (0..runs).map(|_| opened(None)).unzip();
    let slow: Vec<Value> = (0..runs).map(|_| opened(Some(SLOW)).1).collect();
    vec![
        bytes(&files[0]),
        times("first leader seen after navigation, default speed, cold", "< 2 s", here),
        times("the same over 1.6 Mbit/s with 150 ms there and back", "", slow),
    ]
}

/// Opens the page in a browser with no past; its files, and its times.
fn opened(network: Option<(f64, f64)>) -> (Value, Value) {
    let bench = Bench::new("");
    if let Some((bytes_per_second, latency)) = network {
        bench.page.browser.devtools("Network.enable", json!({}));
        let conditions = json!({
            "offline": false, "latency": latency,
            "downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second,
        });
        bench.page.browser.devtools("Network.emulateNetworkConditions", conditions);
    }
    bench.open("");
    let begun = Instant::now();
    while bench.promised("probe.leader") == Value::Null {
        assert!(begun.elapsed() < Duration::from_secs(PATIENCE), "no leader is seen");
        leave_alone(0.2);
    }
    (read(&bench, FILES), read(&bench, TIMES))
}

/// What an expression comes to that writes itself as JSON: so that no number is rounded on the way.
fn read(bench: &Bench, expression: &str) -> Value {
    let text = bench.promised(expression);
    serde_json::from_str(text.as_str().unwrap_or_default()).unwrap_or_default()
}

fn bytes(files: &Value) -> Row {
    let files = files.as_array().map(Vec::as_slice).unwrap_or_default();
    let total: f64 = files.iter().map(|file| number(&file[1])).sum();
    let largest = files.iter().max_by(|one, other| number(&one[1]).total_cmp(&number(&other[1])));
    let largest = largest.map_or(f64::NAN, |file| number(&file[1]));
    Row {
        what: "bytes over the wire until the first leader, brotli".into(),
        measured: format!(
            "{:.1} KB in {} files, {:.1} KB of it wasm",
            total / 1e3,
            files.len(),
            largest / 1e3
        ),
        goal: "≤ 180 KB with Raft and Paxos",
        numbers: json!({"total": total, "files": files}),
    }
}

fn times(what: &str, goal: &'static str, runs: Vec<Value>) -> Row {
    let of = |name: &str| ascending(runs.iter().map(|run| number(&run[name])).collect());
    let (leader, ready, painted) = (of("leader"), of("ready"), of("painted"));
    let seconds = |times: &[f64]| format!("{:.2} s", times.first().unwrap_or(&f64::NAN) / 1_000.0);
    let measured = format!(
        "{}, median {:.2} s (first paint {}, ready {})",
        seconds(&leader),
        percentile(&leader, 50) / 1_000.0,
        seconds(&painted),
        seconds(&ready)
    );
    Row { what: what.into(), measured, goal, numbers: json!({"runs": runs}) }
}
