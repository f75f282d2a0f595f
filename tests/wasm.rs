//! In a real browser: the golden runs come to the same numbers as natively.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]
#![cfg(target_arch = "wasm32")]

mod golden;

use golden::{GOLDEN, open, play};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn golden_runs_come_to_the_same_as_natively() {
    for (run, digest) in GOLDEN {
        let found = play(&mut *open(run), run.1);
        assert_eq!(found, digest, "{run:?} comes to {found:#018x}");
    }
}
