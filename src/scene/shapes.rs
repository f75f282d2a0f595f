//! The shapes: packets, landmarks. Paths only; style says how they are painted. Must not know the page.

use crate::engine::describe::Mark;
use crate::engine::frame::{Answer, Shape};

/// The outline of a packet, around the origin.
pub fn outline(shape: Shape) -> &'static str {
    match shape {
        Shape::Diamond => "M0-9 9 0 0 9-9 0Z",
        Shape::Bar => "M-11-6H11V6H-11Z",
        Shape::Triangle => "M0-10.5 10.5 7.5H-10.5Z",
        Shape::Square => "M-8-8H8V8H-8Z",
        Shape::Hexagon => "M-9.5 0-4.75-8.2H4.75L9.5 0 4.75 8.2H-4.75Z",
        Shape::Disc => "M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0Z",
    }
}

/// The same outline, smaller, somewhere else.
pub fn small_outline(shape: Shape, x: f64, y: f64) -> String {
    match shape {
        Shape::Diamond => format!("M{x} {}l6 6-6 6-6-6Z", y - 6.0),
        Shape::Bar => format!("M{} {}h14v8h-14Z", x - 7.0, y - 4.0),
        Shape::Triangle => format!("M{x} {}l6.5 11h-13Z", y - 6.0),
        Shape::Square => format!("M{} {}h10v10h-10Z", x - 5.0, y - 5.0),
        Shape::Hexagon => format!("M{} {y}l3-5.2h6l3 5.2-3 5.2h-6Z", x - 6.0),
        Shape::Disc => format!("M{} {y}a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z", x - 5.0),
    }
}

/// What a reply says, inside its outline.
pub fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::None => "",
        Answer::Yes => "M-3 .3-.9 2.6 3.2-2.5",
        Answer::No => "M-3.2 0H3.2",
    }
}

/// A tick.
pub const TICK: &str = "M2.8 6.3l2.2 2.3 4.2-5.2";
/// A cross around the origin.
pub const CROSS: &str = "M-5-5 5 5M5-5-5 5";

/// The class and the path of a landmark, in a box of twelve.
pub fn landmark(mark: Mark) -> (&'static str, &'static str) {
    match mark {
        Mark::Elected => ("won", "M2.5 0V12M2.5.5l8.5 3-8.5 3z"),
        Mark::Campaign => ("campaign", "M1 6a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z"),
        Mark::Crash => ("crash", "M2 2l8 8M10 2l-8 8"),
        Mark::Commit => ("commit", "M2 6.5l2.8 3 5-6.5"),
        Mark::Violation => ("violation", "M2 4.5h8M2 8h8M9 1.5 3 11"),
    }
}
