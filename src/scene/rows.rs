//! Rows: where nodes stand that have different parts in a protocol, one part above the other.
//!
//! The first row has its labels above, the others below; a row that shows registers has them below its nodes, one line
//! each, and room for what their values come to below these. Must not know which parts there are.

use super::{Anchor, Detail, LANE, LINK_GAP, Label, NARROW, Place, Point, RING_GAP, Scene, client_radius};

/// A row to be laid out.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// The places of its nodes, from 0.
    pub nodes: Vec<usize>,
    /// How many registers each of them shows.
    pub registers: usize,
    /// Whether they speak with each other.
    pub talks: bool,
}

/// A box on the stage, by its upper left corner.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Cell {
    /// Its left.
    pub x: f64,
    /// Its top.
    pub y: f64,
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
}

/// What stands on the stage besides nodes, where they stand in rows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Rows {
    /// The name of each row: the base line of its text.
    pub headings: Vec<Point>,
    /// The name of a register: of which row, which of its registers, and the base line of the text.
    pub names: Vec<(usize, usize, Point)>,
    /// For each node, the boxes of its registers.
    pub cells: Vec<Vec<Cell>>,
    /// Whether the boxes are so narrow that a ballot and a value stand in two lines.
    pub folded: bool,
    /// For each node, in which row and in which line of all lines it stands.
    ranks: Vec<(usize, usize)>,
    talks: Vec<bool>,
    /// Where what comes of a line of registers is said: the top of the room below it.
    outcomes: Vec<(usize, f64)>,
}

/// A bracket below the registers of some nodes.
#[derive(Clone, PartialEq, Debug)]
pub struct Bracket {
    /// Its line, as corners: each stretch is drawn on its own.
    pub lines: Vec<(Point, Point)>,
    /// The middle of its mark.
    pub mark: Point,
}

/// What the two geometries differ in.
struct Measures {
    radius: f64,
    /// A node of a line takes at least so much of its width.
    least_pitch: f64,
    /// Between the upper edge of the stage and the labels of the first row.
    top: f64,
    /// How high the labels of the first row are.
    labels: f64,
    /// Between a row and the next, for packets.
    gap: f64,
    cell_height: f64,
    cell_width: f64,
    /// How much of a line of registers its name takes, above it.
    name_height: f64,
    /// What is left free at the left for the names of registers.
    margin: f64,
}

const WIDE: Measures = Measures {
    radius: 36.0,
    least_pitch: 56.0,
    top: 16.0,
    labels: 64.0,
    gap: 96.0,
    cell_height: 24.0,
    cell_width: 72.0,
    name_height: 6.0,
    margin: 76.0,
};
const SLIM: Measures = Measures {
    radius: 24.0,
    least_pitch: 44.0,
    top: 30.0,
    labels: 54.0,
    gap: 78.0,
    cell_height: 22.0,
    cell_width: 62.0,
    name_height: 18.0,
    margin: 0.0,
};
/// How high the text of a folded box is, beyond that of one line.
const FOLD: f64 = 15.0;
/// Boxes that are narrower than this are folded.
const FOLDED_BELOW: f64 = 58.0;
/// How wide what is said of a bracket may be.
pub const SAID: f64 = 180.0;
/// From the middle of the mark of a bracket to its edge.
const MARK: f64 = 11.0;
/// Ways leave registers so far below them.
const FOOT: f64 = 6.0;
/// The room below registers, for what their values come to.
const OUTCOME: f64 = 48.0;
/// A label of one line below a node, with what is between.
const BELOW: f64 = 26.0;
/// Between the lines of a row that has several.
const BETWEEN_LINES: f64 = 22.0;
/// More clients than this do not fit beside the first row.
const MOST_BESIDE: usize = 4;

impl Scene {
    /// The stage at a width in CSS pixels, with nodes in rows; of a narrower one than 280 the sides are cut off.
    pub fn in_rows(width: f64, rows: &[Row], clients: usize) -> Scene {
        let width = width.clamp(280.0, 760.0);
        let narrow = width < NARROW;
        let measures = if narrow { &SLIM } else { &WIDE };
        let beside = 2.0 * client_radius(narrow) + if narrow { 16.0 } else { 52.0 };
        let reach = |(place, row): (usize, &Row)| {
            let shared = 0 < clients && (place == 0 || MOST_BESIDE < clients);
            let right = if shared { beside } else { 0.0 };
            // The second client stands at the left; a wide stage is kept even.
            let left = if narrow && clients < 2 { 0.0 } else { right };
            let margin = if row.registers == 0 { 0.0 } else { measures.margin };
            (left.max(margin), width - right)
        };
        let reaches: Vec<(f64, f64)> = rows.iter().enumerate().map(reach).collect();
        let mut layout = Layout::new(measures, rows, &reaches);
        for (place, (row, reach)) in rows.iter().zip(&reaches).enumerate() {
            layout.lay(place, row, *reach);
        }
        layout.finish(width, narrow, clients)
    }

    /// Whether the nodes stand in rows.
    pub fn has_rows(&self) -> bool {
        !self.rows.headings.is_empty()
    }

    /// Whether two nodes are seen to be linked: those of neighbouring rows, and of a row that speaks with itself.
    pub fn are_linked(&self, a: usize, b: usize) -> bool {
        match (self.rows.ranks.get(a), self.rows.ranks.get(b)) {
            (Some((one, _)), Some((other, _))) if one == other => {
                self.rows.talks.get(*one).copied().unwrap_or(true)
            }
            (Some((one, _)), Some((other, _))) => one.abs_diff(*other) == 1,
            _ => true,
        }
    }

    /// The bracket below the registers of these nodes, the `turn`-th of several; none where nobody shows registers.
    pub fn bracket(&self, nodes: &[usize], turn: usize) -> Option<Bracket> {
        let cell = |node: &usize| self.rows.cells.get(*node)?.last().copied();
        let mut lines = Vec::new();
        let mut mark = None;
        for (number, top) in &self.rows.outcomes {
            let there =
                nodes.iter().filter(|node| self.rows.ranks.get(**node).is_some_and(|rank| rank.1 == *number));
            let cells: Vec<Cell> = there.filter_map(cell).collect();
            let (Some(left), Some(right)) = (
                cells.iter().map(|cell| cell.x).min_by(f64::total_cmp),
                cells.iter().map(|cell| cell.x + cell.width).max_by(f64::total_cmp),
            ) else {
                continue;
            };
            let level = top + 9.0 + 4.0 * turn as f64;
            let at = |x: f64, y: f64| Point { x, y };
            lines.push((at(left, level), at(right, level)));
            for cell in &cells {
                let tops = if cells.len() == 1 {
                    vec![cell.x, cell.x + cell.width]
                } else {
                    vec![cell.x + cell.width / 2.0]
                };
                lines.extend(tops.into_iter().map(|x| (at(x, top + 3.0), at(x, level))));
            }
            // What is said stands at the right of the mark, so the mark is moved to where it has room.
            let room = self.width - SAID - MARK;
            let x = ((left + right) / 2.0).min(room).max(left + MARK);
            lines.push((at(x, level), at(x, level + 6.0)));
            mark = Some(at(x, level + 17.0));
        }
        mark.map(|mark| Bracket { lines, mark })
    }

    /// Where a way to something below leaves a node whose registers stand there.
    pub(super) fn foot(&self, place: Place, other: Point) -> Option<Point> {
        let Place::Node(place) = place else { return None };
        let cell = self.rows.cells.get(place)?.last()?;
        let foot = Point { x: self.nodes[place].x, y: cell.y + cell.height + FOOT };
        (foot.y < other.y).then_some(foot)
    }

    /// The line between two nodes of one row that are not neighbours: beside the row, or it would lead through others.
    pub(super) fn around(&self, from: usize, to: usize) -> Option<(Point, Point)> {
        let (one, other) = (self.rows.ranks.get(from)?, self.rows.ranks.get(to)?);
        if one != other {
            return None;
        }
        let between = |node: &usize| {
            let (low, high) =
                (self.nodes[from].x.min(self.nodes[to].x), self.nodes[from].x.max(self.nodes[to].x));
            self.rows.ranks[*node] == *one && low < self.nodes[*node].x && self.nodes[*node].x < high
        };
        (0..self.nodes.len()).find(between)?;
        // The first row has its labels above, so its packets pass below.
        let side = if one.0 == 0 { 1.0 } else { -1.0 };
        let off = |place: usize| Point {
            x: self.nodes[place].x,
            y: self.nodes[place].y + side * (self.node_radius + LINK_GAP + LANE),
        };
        Some((off(from), off(to)))
    }
}

/// A stage while it is laid out, from above.
struct Layout {
    measures: &'static Measures,
    node_radius: f64,
    cell_width: f64,
    cell_height: f64,
    y: f64,
    nodes: Vec<Point>,
    labels: Vec<Label>,
    lines: usize,
    rows: Rows,
}

impl Layout {
    fn new(measures: &'static Measures, rows: &[Row], reaches: &[(f64, f64)]) -> Layout {
        let count = rows.iter().flat_map(|row| &row.nodes).map(|place| place + 1).max().unwrap_or_default();
        let pitch = |(row, reach): (&Row, &(f64, f64))| {
            let longest = lines_of(row, *reach, measures.least_pitch).map(<[usize]>::len).max();
            (reach.1 - reach.0) / longest.unwrap_or(1).max(1) as f64
        };
        let tightest = rows.iter().zip(reaches).map(pitch).fold(f64::INFINITY, f64::min);
        let cell_width = measures.cell_width.min(tightest - 4.0);
        let folded = cell_width < FOLDED_BELOW;
        let nowhere = Point { x: 0.0, y: 0.0 };
        Layout {
            measures,
            node_radius: measures.radius.min(tightest / 2.0 - 3.0),
            cell_width,
            cell_height: measures.cell_height + if folded { FOLD } else { 0.0 },
            y: measures.top,
            nodes: vec![nowhere; count],
            labels: vec![Label { at: nowhere, anchor: Anchor::Middle, detail: Detail::Full }; count],
            lines: 0,
            rows: Rows {
                folded,
                cells: vec![Vec::new(); count],
                ranks: vec![(0, 0); count],
                talks: rows.iter().map(|row| row.talks).collect(),
                ..Rows::default()
            },
        }
    }

    /// One row: its name, and its nodes in as many lines as they need.
    fn lay(&mut self, place: usize, row: &Row, reach: (f64, f64)) {
        self.y += match self.rows.outcomes.last() {
            _ if place == 0 => 0.0,
            // The room below registers is a part of the gap.
            Some((line, _)) if line + 1 == self.lines => self.measures.gap - OUTCOME,
            _ => self.measures.gap,
        };
        let name_y = match (place, self.measures.margin) {
            (0, 0.0) => 14.0,
            // The corners of a wide stage are taken.
            (0, _) => self.y + self.measures.labels,
            _ => self.y - 14.0,
        };
        self.rows.headings.push(Point { x: 0.0, y: name_y });
        for (turn, line) in lines_of(row, reach, self.measures.least_pitch).enumerate() {
            self.y += match (place, turn) {
                (0, _) => self.measures.labels + RING_GAP,
                (_, 0) => 0.0,
                _ => BETWEEN_LINES,
            };
            self.stand(place, row, line, reach);
            match row.registers {
                0 if place == 0 => self.y += RING_GAP,
                0 => self.y += BELOW,
                registers => self.add_registers(place, registers, line),
            }
            self.lines += 1;
        }
    }

    /// The nodes of a line, with their labels.
    fn stand(&mut self, place: usize, row: &Row, line: &[usize], (left, right): (f64, f64)) {
        self.y += self.node_radius;
        let up = self.node_radius + RING_GAP;
        let (dy, detail) = match (place, row.registers) {
            (0, _) => (16.0 - up - self.measures.labels, Detail::Full),
            (_, 0) => (self.node_radius + BELOW - 6.0, Detail::Line),
            _ => (-up, Detail::Unusual),
        };
        let pitch = (right - left) / line.len().max(1) as f64;
        for (turn, node) in line.iter().enumerate() {
            let at = Point { x: left + pitch * (turn as f64 + 0.5), y: self.y };
            self.nodes[*node] = at;
            self.labels[*node] = Label { at: Point { y: at.y + dy, ..at }, anchor: Anchor::Middle, detail };
            self.rows.ranks[*node] = (place, self.lines);
        }
        self.y += self.node_radius;
    }

    /// The registers of a line of nodes, each in a line of its own, and room for what comes of them.
    fn add_registers(&mut self, place: usize, registers: usize, line: &[usize]) {
        for register in 0..registers {
            // Beside its line where there is a margin, else above it.
            let name_y = match self.measures.margin {
                0.0 => self.y + self.measures.name_height - 4.0,
                _ => self.y + self.measures.name_height + self.cell_height / 2.0 + 4.5,
            };
            self.rows.names.push((place, register, Point { x: 0.0, y: name_y }));
            self.y += self.measures.name_height;
            for node in line {
                let x = self.nodes[*node].x - self.cell_width / 2.0;
                let cell = Cell { x, y: self.y, width: self.cell_width, height: self.cell_height };
                self.rows.cells[*node].push(cell);
            }
            self.y += self.cell_height;
        }
        self.rows.outcomes.push((self.lines, self.y));
        self.y += OUTCOME;
    }

    fn finish(self, width: f64, narrow: bool, clients: usize) -> Scene {
        let first = self.nodes.iter().map(|node| node.y).fold(self.y, f64::min);
        Scene {
            width,
            height: (self.y + 4.0).round(),
            narrow,
            node_radius: self.node_radius,
            nodes: self.nodes,
            labels: self.labels,
            clients: beside_first((width, first), narrow, clients),
            client_radius: client_radius(narrow),
            rows: self.rows,
        }
    }
}

/// The nodes of a row in as many lines as they need, the first ones the longest.
fn lines_of(row: &Row, (left, right): (f64, f64), least_pitch: f64) -> impl Iterator<Item = &[usize]> {
    let most = (((right - left) / least_pitch).floor() as usize).max(1);
    let lines = row.nodes.len().div_ceil(most).max(1);
    row.nodes.chunks(row.nodes.len().div_ceil(lines).max(1))
}

fn beside_first((width, first): (f64, f64), narrow: bool, clients: usize) -> Vec<Point> {
    let (edge, apart) = if narrow { (22.0, 66.0) } else { (44.0, 84.0) };
    let place = |place: usize| Point {
        x: if place.is_multiple_of(2) { width - edge } else { edge },
        y: first + apart * (place / 2) as f64,
    };
    (0..clients).map(place).collect()
}

#[cfg(test)]
mod tests;
