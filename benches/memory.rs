//! What a kept action costs in memory, beside the goal of the design: `cargo bench --no-default-features`.
//!
//! By itself, because counting every allocation slows down what it counts.

mod run;

use run::{ACTIONS, drive, open, print};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::hint::black_box;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    for busy in [false, true] {
        let region = Region::new(ALLOCATOR);
        let mut session = open();
        drive(&mut *session, ACTIONS, busy);
        let change = region.change();
        // What grew in place is counted as allocated, what shrank as deallocated.
        let kept = change.bytes_allocated - change.bytes_deallocated;
        let calls = change.allocations + change.reallocations;
        let what = if busy { "a request every 40 actions" } else { "idle" };
        print(&format!("memory per kept action, {what}"), format!("{} bytes", kept / ACTIONS), "1,024 bytes");
        print(
            &format!("allocations per action, {what}"),
            format!("{:.1}", calls as f64 / ACTIONS as f64),
            "",
        );
        drop(black_box(session));
    }
}
