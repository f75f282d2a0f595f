//! How long the page's script takes in an animation frame: with logs short and long, at real time and ten times as
//! fast, and with as many packets in flight as a crowded stage has.
//!
//! The time is taken in the page, from before the frame's callback to after the microtasks that it left behind, so that
//! effects are within it; style, layout and paint are not. Requests are sent in the same frames by clicks on the page's
//! own button, and what a click costs is part of the frame; or they are steps of a scenario that the page replays.

use serde_json::{Value, json};

use crate::bench::{Bench, count, leave_alone, number};
use crate::report::{Row, ascending, percentile};

/// How often somebody asks, in virtual milliseconds.
const EVERY_MS: u32 = 50;
/// How long is not measured, until the browser has compiled what runs often, and how long is, in seconds.
const WARM: f64 = 2.0;
const LONG: f64 = 5.0;
/// When every scene has had its leader for a while, in virtual milliseconds.
const FROM_MS: u32 = 3_000;

/// A run that is watched.
struct Scene {
    what: String,
    file: Value,
    speed: f64,
    asks: Asks,
    goal: &'static str,
}

/// Where the requests come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// From a hand that presses the button.
    Live,
    /// From the file.
    Replayed,
    /// There are none.
    Nobody,
}

/// What one run came to.
struct Outcome {
    /// The script of each frame in all, in ascending order.
    all: Vec<f64>,
    /// The same without the clicks.
    own: Vec<f64>,
    seconds: f64,
    resolution: f64,
    before: Value,
    after: Value,
}

/// Every scene, the best of `runs` runs each.
pub fn measure(runs: u32) -> Vec<Row> {
    scenes().iter().map(|scene| row(scene, runs)).collect()
}

fn scenes() -> Vec<Scene> {
    let five = |entries: u32, speed: f64, asks, goal| Scene {
        what: format!("script in a frame, 5 nodes, logs of {entries}, {}×, {}", speed, said(asks)),
        file: with_logs(entries, if asks == Asks::Replayed { steps(speed) } else { Vec::new() }),
        speed,
        asks,
        goal,
    };
    const GOAL: &str = "p50 < 0.7 ms, p99 < 3 ms";
    const TIMES: &str = "within 1.5 times logs of 100";
    vec![
        five(100, 1.0, Asks::Live, GOAL),
        five(1_000, 1.0, Asks::Live, TIMES),
        five(100, 10.0, Asks::Live, ""),
        five(1_000, 10.0, Asks::Live, ""),
        five(100, 1.0, Asks::Replayed, GOAL),
        five(1_000, 1.0, Asks::Replayed, TIMES),
        Scene {
            what: "script in a frame, 9 nodes, about 256 packets in flight, 1×".into(),
            file: json!({
                "format": 1, "protocol": "raft", "nodes": 9, "seed": 1, "steps": [],
                "options": {"latency_ms": [200, 345], "duplicate": 1, "election_ms": [3000, 6000]},
            }),
            speed: 1.0,
            asks: Asks::Nobody,
            goal: "",
        },
    ]
}

fn said(asks: Asks) -> String {
    match asks {
        Asks::Live => format!("a request every {EVERY_MS} virtual ms"),
        Asks::Replayed => format!("the same {EVERY_MS} ms in a scenario that is replayed"),
        Asks::Nobody => "no requests".into(),
    }
}

/// A cluster whose nodes all have a log of this length, committed.
fn with_logs(entries: u32, steps: Vec<Value>) -> Value {
    let log: Vec<Value> = (1..=entries)
        .map(|index| json!({"term": 1, "command": format!("k{}={index}", index % 10)}))
        .collect();
    let node = json!({"term": 1, "log": log, "commit": entries});
    let start: serde_json::Map<String, Value> = (1..=5).map(|id| (id.to_string(), node.clone())).collect();
    json!({"format": 1, "protocol": "raft", "nodes": 5, "seed": 1, "start": start, "steps": steps})
}

/// Requests for as long as a scene is watched, and a little longer.
fn steps(speed: f64) -> Vec<Value> {
    let requests = f64::from(FROM_MS) + (WARM + LONG + 2.0) * 1_000.0 * speed;
    // Not in step with the leader's heartbeats: where a request falls together with something else, the page waits a
    // beat for the reader, and time would go slower than it is said to.
    let mut steps =
        vec![json!({"fire": {"node": 1, "timer": "election"}}), json!({"settle": true}), json!({"run": 17})];
    for number in 0..(requests / f64::from(EVERY_MS)) as u32 {
        steps.push(json!({"request": {"node": 1, "command": format!("k{}={number}", number % 10)}}));
        steps.push(json!({"run": EVERY_MS}));
    }
    steps
}

fn row(scene: &Scene, runs: u32) -> Row {
    let mut outcomes: Vec<Outcome> = (0..runs).map(|_| watch(scene)).collect();
    outcomes.sort_by(|one, other| percentile(&one.all, 50).total_cmp(&percentile(&other.all, 50)));
    let worst = outcomes.last().map_or(f64::NAN, |outcome| percentile(&outcome.all, 50));
    let best = &outcomes[0];
    let (p50, p99) = (percentile(&best.all, 50), percentile(&best.all, 99));
    let mut measured = format!("p50 {p50:.2} ms, p99 {p99:.2} ms ({} frames", best.all.len());
    if scene.asks == Asks::Live {
        let (own50, own99) = (percentile(&best.own, 50), percentile(&best.own, 99));
        measured += &format!("; without the clicks p50 {own50:.2} ms, p99 {own99:.2} ms");
    }
    measured += &format!("; p50 of the slowest run {worst:.2} ms)");
    let numbers = json!({"runs": outcomes.iter().map(numbers).collect::<Vec<_>>()});
    Row { what: scene.what.clone(), measured, goal: scene.goal, numbers }
}

fn numbers(outcome: &Outcome) -> Value {
    let of = |times: &[f64]| json!({"p50": percentile(times, 50), "p90": percentile(times, 90), "p99": percentile(times, 99), "most": times.last()});
    json!({
        "frames": outcome.all.len(), "seconds": outcome.seconds, "clock_step_ms": outcome.resolution,
        "script_ms": of(&outcome.all), "script_without_clicks_ms": of(&outcome.own),
        "before": outcome.before, "after": outcome.after,
    })
}

fn watch(scene: &Scene) -> Outcome {
    let bench = Bench::ready("autoplay=0");
    bench.call("load", &json!({"file": scene.file}));
    bench.call("seek", &json!({"ms": FROM_MS}));
    bench.call("speed", &json!({"value": scene.speed}));
    let resolution = number(&bench.promised("probe.resolution()"));
    let every = if scene.asks == Asks::Live { f64::from(EVERY_MS) / scene.speed } else { 0.0 };
    bench.promised(&format!("probe.watch({every})"));
    bench.call("play", &json!({}));
    leave_alone(WARM);
    bench.promised("probe.again(), null");
    let before = standing(&bench);
    leave_alone(LONG);
    let frames = bench.promised("probe.taken()");
    let after = standing(&bench);
    let column = |place: usize| {
        let frames = frames.as_array().map(Vec::as_slice).unwrap_or_default();
        frames.iter().map(|frame| number(&frame[place])).collect::<Vec<_>>()
    };
    let at = column(0);
    let seconds = at.last().zip(at.first()).map_or(0.0, |(last, first)| (last - first) / 1_000.0);
    Outcome { all: ascending(column(1)), own: ascending(column(2)), seconds, resolution, before, after }
}

/// How much there is in the page: what its script works on.
fn standing(bench: &Bench) -> Value {
    let state = bench.state();
    let nodes = state["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let longest = nodes.iter().map(|node| count(&node["log"])).max();
    json!({
        "now_ms": state["now_ms"], "packets": count(&state["packets"]), "longest_log": longest,
        "actions": state["length"], "playing": state["playing"], "leaders": state["leaders"],
    })
}
