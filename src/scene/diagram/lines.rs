//! The lines of the members, what stands beside them, where links are cut, and the values along the gutter.

use super::{Axis, Line, Mark, Strip, Stroke, Tick, TurnMark, View};
use crate::engine::chronicle::{Chronicle, Phase, Sign, Signed, Spot};
use crate::engine::describe;
use crate::engine::frame::{Status, Tone};
use crate::engine::ids::{MAX_NODES, MemberId};
use crate::scene::Point;

/// The room at the right, where it stands which links are cut.
pub const STRIP: f64 = 22.0;
/// A phase that is shorter cannot be seen: it is left out.
const SHORTEST: f64 = 1.5;
/// No two signs of one line stand nearer to each other.
const APART: f64 = 13.0;
/// No two changes of the links are drawn nearer to each other.
const TURNS_APART: f64 = 12.0;
/// No two values along the gutter stand nearer to each other.
const TICKS_APART: f64 = 48.0;

pub fn lines(chronicle: &Chronicle, view: &View) -> Vec<Line> {
    let mut lines = Vec::new();
    for member in view.columns.members() {
        let x = view.columns.x(member);
        let phases = member.node().map_or(&[][..], |node| chronicle.phases(node));
        for (stroke, from, to) in stretches(phases, view) {
            let same = |line: &&mut Line| line.member == member && line.stroke == stroke;
            match lines.iter_mut().find(same) {
                Some(line) => line.stretches.push((from, to)),
                None => lines.push(Line { member, stroke, x, stretches: vec![(from, to)] }),
            }
        }
    }
    lines
}

/// How a line looks from where to where; where it is crashed it is not there at all.
fn stretches(phases: &[Phase], view: &View) -> Vec<(Stroke, f64, f64)> {
    let bottom = view.y(view.end).min(view.to);
    let first = phases.partition_point(|phase| view.y(phase.since) <= view.from);
    let rest = Phase { since: Spot::default(), status: Status::Up, tone: Tone::Plain };
    let mut current = first.checked_sub(1).map_or(rest, |place| phases[place]);
    let (mut found, mut from) = (Vec::new(), view.from.max(view.y_of(0.0)));
    let mut close = |phase: Phase, from: f64, to: f64| {
        if let Some(stroke) = stroke(phase).filter(|_| from < to) {
            found.push((stroke, from, to));
        }
    };
    for phase in &phases[first..] {
        let y = view.y(phase.since);
        if bottom < y {
            break;
        }
        // Of phases that are too short to be seen the last one counts.
        if SHORTEST <= y - from {
            close(current, from, y);
            from = y;
        }
        current = *phase;
    }
    close(current, from, bottom);
    found
}

fn stroke(phase: Phase) -> Option<Stroke> {
    match (phase.status, phase.tone) {
        (Status::Down, _) => None,
        (Status::Paused, _) => Some(Stroke::Paused),
        (Status::Up, Tone::Plain) => Some(Stroke::Plain),
        (Status::Up, Tone::Uncertain) => Some(Stroke::Uncertain),
        (Status::Up, Tone::Primary) => Some(Stroke::Primary),
    }
}

pub fn marks(chronicle: &Chronicle, view: &View) -> Vec<Mark> {
    let signs = chronicle.signs();
    let first = signs.partition_point(|signed| view.y(signed.spot) < view.from - APART);
    let end = signs.partition_point(|signed| view.y(signed.spot) <= view.to + APART);
    let mut marks: Vec<Mark> = Vec::new();
    // The last mark of each line, and of what is nobody's; a pennant flies beside the line and is in nobody's way.
    let mut last: [[Option<usize>; 2]; MAX_NODES as usize + 1] = Default::default();
    for signed in &signs[first..end.max(first)] {
        let mark = mark(signed, view);
        let line = signed.node.map_or(0, |node| node.place() + 1);
        let last = &mut last[line][usize::from(is_pennant(signed.sign))];
        let near = last.filter(|place| mark.at.y - marks[*place].at.y < APART);
        match near {
            Some(place) if rank(marks[place].sign) < rank(mark.sign) => marks[place] = mark,
            Some(_) => {}
            None => {
                *last = Some(marks.len());
                marks.push(mark);
            }
        }
    }
    marks
}

fn mark(signed: &Signed, view: &View) -> Mark {
    let Signed { spot, node, sign } = *signed;
    let x = node.map_or(view.columns.gutter() - 8.0, |node| view.columns.x(MemberId::Node(node)));
    Mark { at: Point { x, y: view.y(spot) }, sign, node, spot }
}

/// Whether a sign flies beside its line, and does not stand on it.
pub fn is_pennant(sign: Sign) -> bool {
    sign == Sign::Landmark(describe::Mark::Elected)
}

/// Of signs that fall together, the one that matters most is drawn.
fn rank(sign: Sign) -> u8 {
    match sign {
        Sign::Decided => 0,
        Sign::Landmark(describe::Mark::Commit) => 1,
        Sign::Landmark(describe::Mark::Campaign) => 2,
        Sign::Paused | Sign::Resumed | Sign::Restarted => 3,
        Sign::Landmark(describe::Mark::Crash) => 4,
        Sign::Landmark(describe::Mark::Elected) => 5,
        Sign::Landmark(describe::Mark::Violation) => 6,
    }
}

pub fn turns(chronicle: &Chronicle, view: &View) -> Vec<TurnMark> {
    let all = chronicle.turns();
    let first = all.partition_point(|turn| view.y(turn.spot) < view.from - TURNS_APART);
    let mut marks: Vec<TurnMark> = Vec::new();
    for (place, turn) in all.iter().enumerate().skip(first) {
        let y = view.y(turn.spot);
        if view.to + TURNS_APART < y {
            break;
        }
        if marks.last().is_some_and(|last| y - last.y < TURNS_APART && last.cut == turn.cut) {
            continue;
        }
        let ends = turn.links.iter().flat_map(|link| [link.from, link.to]);
        let places: Vec<f64> = ends.map(|node| view.columns.x(node.into())).collect();
        let from = places.iter().copied().fold(f64::INFINITY, f64::min);
        let to = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        marks.push(TurnMark { y, from, to, place, cut: turn.cut });
    }
    marks
}

/// Where any link is cut.
pub fn strips(chronicle: &Chronicle, view: &View) -> Vec<Strip> {
    let all = chronicle.turns();
    let first = all.partition_point(|turn| view.y(turn.spot) <= view.from);
    let mut since = first.checked_sub(1).filter(|place| 0 < all[*place].still_cut).map(|_| view.from);
    let bottom = view.y(view.end).min(view.to);
    let mut strips: Vec<Strip> = Vec::new();
    let x = view.columns.width - STRIP / 2.0;
    for turn in &all[first..] {
        let y = view.y(turn.spot).min(bottom);
        match (since, turn.still_cut) {
            (None, 1..) => since = Some(y),
            (Some(from), 0) => {
                join(&mut strips, Strip { x, from, to: y });
                since = None;
            }
            _ => {}
        }
        if bottom <= y {
            break;
        }
    }
    if let Some(from) = since.filter(|from| *from < bottom) {
        join(&mut strips, Strip { x, from, to: bottom });
    }
    strips
}

/// Stretches that cannot be told apart are one.
fn join(strips: &mut Vec<Strip>, strip: Strip) {
    match strips.last_mut() {
        Some(last) if strip.from - last.to < SHORTEST => last.to = strip.to,
        _ => strips.push(strip),
    }
}

pub fn ticks(view: &View) -> Vec<Tick> {
    let step = step(view);
    let first = (view.unit_at(view.from) / step).ceil() as u64;
    let last = view.unit_at(view.to.min(view.y(view.end))) / step;
    let tick = |count: u64| {
        let unit = count as f64 * step;
        let ends = (view.columns.gutter(), view.columns.width - STRIP);
        Tick { y: view.y_of(unit), ends, label: label(view.axis, unit) }
    };
    (first..).take_while(|count| *count as f64 <= last).map(tick).collect()
}

/// One, two or five of a power of ten, so that the values stand apart.
fn step(view: &View) -> f64 {
    let least = TICKS_APART / view.scale;
    let mut power = if view.axis == Axis::Time { 100.0 } else { 1.0 };
    loop {
        let found = [1.0, 2.0, 5.0].into_iter().map(|times| times * power).find(|step| least <= *step);
        match found {
            Some(step) => return step,
            None => power *= 10.0,
        }
    }
}

fn label(axis: Axis, unit: f64) -> String {
    let whole = unit.round() as u64;
    match axis {
        Axis::Steps => whole.to_string(),
        Axis::Time if whole.is_multiple_of(1_000) => (whole / 1_000).to_string(),
        Axis::Time => format!("{}.{}", whole / 1_000, whole % 1_000 / 100),
    }
}
