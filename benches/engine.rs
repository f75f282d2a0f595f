//! What the engine costs, beside the goals of the design: `cargo bench --no-default-features`.
//!
//! Written by hand, because the figure wanted is actions a second in a history that grows; a library times one call
//! again and again. Figures are printed, never asserted: a machine may be busy.

mod run;

use conclave::engine::frame::Lens;
use conclave::engine::ids::Micros;
use conclave::engine::session::Session;
use conclave::engine::world::{Setup, World};
use conclave::protocols::raft::Raft;
use run::{ACTIONS, drive, open, print, request};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The least of this many times is printed: what else runs on the machine only ever adds.
const ROUNDS: usize = 5;

fn main() {
    for busy in [false, true] {
        steps_in_a_world(busy);
        steps_with_history(busy);
    }
    seeks();
    for entries in [100, 1_000] {
        frames(entries);
    }
}

/// The least time of some rounds of work, each on something fresh.
fn least<T>(fresh: impl Fn() -> T, work: impl Fn(&mut T)) -> Duration {
    let round = |_| {
        let mut thing = fresh();
        let begun = Instant::now();
        work(&mut thing);
        let taken = begun.elapsed();
        drop(black_box(thing));
        taken
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}

fn a_second(count: usize, taken: Duration) -> String {
    let rate = count as f64 / taken.as_secs_f64();
    format!("{:.0} thousand", rate / 1000.0)
}

fn load(busy: bool) -> &'static str {
    if busy { "a request every 40 actions" } else { "idle" }
}

fn steps_in_a_world(busy: bool) {
    let fresh = || World::<Raft>::new(&Setup::new(5, 1));
    let taken = least(fresh, |world| {
        for number in 0..ACTIONS {
            let Some((mut at, mut action)) = world.next_due() else { return };
            if busy && number % 40 == 39 {
                (at, action) = (world.now(), request(number));
            }
            black_box(world.apply(at, &action)).ok();
        }
    });
    let what = format!("actions a second without history, {}", load(busy));
    print(&what, a_second(ACTIONS, taken), "");
}

fn steps_with_history(busy: bool) {
    let taken = least(open, |session| drive(&mut **session, ACTIONS, busy));
    let what = format!("actions a second with history, {}", load(busy));
    print(&what, a_second(ACTIONS, taken), "1,000 thousand (300 thousand in wasm)");
}

fn seeks() {
    let mut session = open();
    drive(&mut *session, ACTIONS, true);
    let mut times: Vec<Duration> = Vec::new();
    for step in 0..500 {
        // A stride without a common factor reaches everywhere, near and far.
        let position = step * 7_919 % ACTIONS;
        let begun = Instant::now();
        session.seek(position);
        black_box(session.position());
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let ms = |taken: Duration| format!("{:.3} ms", taken.as_secs_f64() * 1000.0);
    print("seek in 20,000 actions, median", ms(times[times.len() / 2]), "");
    print("seek in 20,000 actions, slowest", ms(times[times.len() - 1]), "16 ms");
}

/// A leader with a log of so many entries, and what it costs to show an instant of it.
fn frames(entries: u32) {
    let mut session = open();
    let mut number = 0;
    while log_length(&*session) < entries {
        number += 1;
        if session.act(Micros::ZERO, request(number)).is_err() || number % 8 == 0 {
            let _ = session.step();
        }
        drive_a_little(&mut *session);
    }
    let lens = Lens { first: entries - 20, count: 20, fields: false };
    const FRAMES: u32 = 2_000;
    let taken = least(|| (), |()| (0..FRAMES).for_each(|_| drop(black_box(session.frame(lens)))));
    let each = taken / FRAMES;
    let what = format!("a frame of 20 cells, log of {entries}");
    print(&what, format!("{:.1} µs", each.as_secs_f64() * 1e6), "1,000 entries within 1.5 times 100");
}

fn drive_a_little(session: &mut dyn Session) {
    for _ in 0..40 {
        let _ = session.step();
    }
}

fn log_length(session: &dyn Session) -> u32 {
    let frame = session.frame(Lens { first: 1, count: 0, fields: false });
    let logs = frame.members.iter().filter_map(|member| member.log());
    logs.map(|log| log.last).max().unwrap_or_default()
}
