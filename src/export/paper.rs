//! How things look on paper: the light palette, whatever the page shows, as attributes that every program understands.

/// The light colours of the style's tokens.
pub mod colour {
    /// The ground.
    pub const PAPER: &str = "#FBFAF7";
    /// Text and shapes.
    pub const INK: &str = "#1D232B";
    /// Secondary text.
    pub const INK_2: &str = "#5A616A";
    /// Lines.
    pub const LINE: &str = "#868B91";
    /// Rules.
    pub const HAIR: &str = "#DCD9D1";
    /// Who tries.
    pub const CANDIDATE: &str = "#B88700";
    /// Who is in charge.
    pub const LEADER: &str = "#005A8F";
    /// What is settled.
    pub const DECIDED: &str = "#00A388";
    /// What contradicts a promise.
    pub const CONFLICT: &str = "#AE0925";
    /// What is gone.
    pub const CRASHED: &str = "#818487";
}

/// The fonts of the page, those that are everywhere.
pub const SANS: &str =
    "Segoe UI, Noto Sans, Ubuntu, DejaVu Sans, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif";

/// How something is painted: its stroke and its width, its dashes, and what it is filled with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    /// The colour of the line.
    pub stroke: &'static str,
    /// How thick.
    pub width: f64,
    /// How it is dashed; empty for not at all.
    pub dashes: &'static str,
    /// The colour inside.
    pub fill: &'static str,
}

const fn line(stroke: &'static str, width: f64, dashes: &'static str) -> Paint {
    Paint { stroke, width, dashes, fill: "none" }
}

/// How an item of the diagram is painted, by its class: its line and its body. The page's style says the same.
pub fn of_class(class: &str) -> (Paint, Paint) {
    use colour::{CANDIDATE, CONFLICT, CRASHED, DECIDED, HAIR, INK, INK_2, LEADER, LINE, PAPER};
    let filled = |paint: Paint, fill: &'static str| Paint { fill, ..paint };
    let nothing = line("none", 0.0, "");
    let disc = filled(nothing, PAPER);
    let glyph = filled(line(INK, 2.0, ""), if class.ends_with("reply") { PAPER } else { INK });
    match class {
        "tick" => (line(HAIR, 1.0, ""), nothing),
        "life" => (line(INK, 1.25, ""), nothing),
        "life uncertain" => (line(CANDIDATE, 3.0, "5 3.5"), nothing),
        "life primary" => (line(LEADER, 4.0, ""), nothing),
        "life paused" => (line(INK, 2.0, "1 5"), nothing),
        "strip" => (line(INK, 1.5, ""), nothing),
        "band" => (filled(nothing, LINE), nothing),
        "turn" => (line(INK, 1.25, "3 3"), nothing),
        "turn healed" => (line(LINE, 1.25, "3 3"), nothing),
        "sign won" => (nothing, filled(line(LEADER, 1.75, ""), LEADER)),
        "sign campaign" => (disc, filled(line(CANDIDATE, 2.5, "3.1 2"), PAPER)),
        "sign commit" => (disc, line(DECIDED, 2.5, "")),
        "sign decided" => (disc, line(DECIDED, 2.0, "")),
        "sign crash" => (disc, line(INK, 2.25, "")),
        "sign violation" => (disc, line(CONFLICT, 2.25, "")),
        sign if sign.starts_with("sign") => (disc, line(INK, 1.75, "")),
        lost if lost.starts_with("arrow lost") => {
            (line(CRASHED, 1.5, ""), Paint { stroke: CRASHED, ..glyph })
        }
        flies if flies.starts_with("arrow flies") => (line(INK_2, 1.0, "2 3"), glyph),
        _ => (line(INK_2, 1.0, ""), glyph),
    }
}
