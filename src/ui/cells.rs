//! The cells of one log and what the leader supposes of it, drawn without signals: at full speed hundreds of entries
//! come and settle in a second, and only what differs is written.
//!
//! An element is kept for each place in the window and used again. Must not know any protocol.

use super::glyph::TICK;
use super::logs::{CELL, NAMES};
use crate::engine::frame::{Cell, Cursor, LogPart, Settled};
use crate::engine::ids::Stamp;
use crate::text::page as say;
use crate::text::{Lang, Words};
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The corner under the last entry that is known to match.
pub const MATCH_PATH: &str = "M1 8.5h7.5V1";
/// The caret under the entry that is sent next.
pub const NEXT_PATH: &str = "M1 8.5L5 2l4 6.5";

/// The cells of one row.
#[derive(Default)]
pub struct Cells {
    marks: Vec<CellMark>,
    cursor: Option<CursorMarks>,
}

impl Cells {
    /// Brings the elements in line with what is seen of a log; `lit` are the slots that contradict a promise.
    pub fn sync(&mut self, row: &Element, log: &LogPart, lit: &[u32], lang: Lang) {
        let missing = lit.iter().copied().filter(|index| log.cells.iter().all(|cell| cell.index != *index));
        let wanted = log.cells.iter().map(|cell| Shown::of(cell, lit)).chain(missing.map(Shown::missing));
        let wanted: Vec<Shown> = wanted.map(|shown| Shown { lang, ..shown }).collect();
        while self.marks.len() < wanted.len() {
            self.marks.push(CellMark::new(row));
        }
        // The same place for the same index, so that a window that moves by one changes one cell.
        let places = self.marks.len().max(1);
        let mut filled: Vec<Option<Shown>> = Vec::new();
        filled.resize_with(places, || None);
        for shown in wanted {
            let first = shown.index as usize % places;
            let free = (0..places).map(|step| (first + step) % places).find(|place| filled[*place].is_none());
            if let Some(place) = free {
                filled[place] = Some(shown);
            }
        }
        self.marks.iter_mut().zip(filled).for_each(|(mark, shown)| mark.show(shown));
        self.cursor.get_or_insert_with(|| CursorMarks::new(row)).show(log.cursor);
    }
}

/// What a cell shows.
#[derive(Clone, PartialEq)]
struct Shown {
    index: u32,
    stamp: Option<Stamp>,
    command: String,
    settled: Settled,
    lit: bool,
    lang: Lang,
}

impl Shown {
    fn of(cell: &Cell, lit: &[u32]) -> Shown {
        let (index, settled, command) = (cell.index, cell.settled, cell.command.clone());
        Shown { index, stamp: cell.stamp, command, settled, lit: lit.contains(&index), lang: Lang::En }
    }

    /// A slot of a broken promise at which this log has nothing: its place is lit.
    fn missing(index: u32) -> Shown {
        let (stamp, settled) = (None, Settled::Hole);
        Shown { index, stamp, command: String::new(), settled, lit: true, lang: Lang::En }
    }

    /// Dotted where there is nothing, dashed while it may be overwritten, with a square tick when only the observer
    /// knows that it cannot, tinted with a round tick when its node knows, on a thick base when applied.
    fn class(&self) -> &'static str {
        match (self.settled, self.lit) {
            (Settled::Hole, false) => "cell hole",
            (Settled::No, false) => "cell",
            (Settled::Chosen, false) => "cell chosen",
            (Settled::Committed, false) => "cell committed",
            (Settled::Applied, false) => "cell applied",
            (Settled::Hole, true) => "cell hole witness",
            (Settled::No, true) => "cell witness",
            (Settled::Chosen, true) => "cell chosen witness",
            (Settled::Committed, true) => "cell committed witness",
            (Settled::Applied, true) => "cell applied witness",
        }
    }

    /// What has a term is committed, what has a ballot is chosen.
    fn word(&self) -> &'static Words {
        let by_term = self.stamp.is_some_and(|stamp| stamp.by.is_none());
        match self.settled {
            Settled::Hole => &say::NOTHING,
            Settled::No if by_term => &say::UNCOMMITTED,
            Settled::No => &say::STANDS_ACCEPTED,
            Settled::Chosen => &say::STANDS_CHOSEN,
            Settled::Committed if by_term => &say::COMMITTED,
            Settled::Committed => &say::STANDS_KNOWN,
            Settled::Applied => &say::APPLIED,
        }
    }
}

/// The elements of one cell.
struct CellMark {
    cell: Element,
    stamp: Element,
    command: Element,
    word: Element,
    shown: Option<Shown>,
}

impl CellMark {
    fn new(row: &Element) -> CellMark {
        let cell = element(row, "div", "cell hidden");
        let _ = cell.set_attribute("role", "cell");
        let (stamp, command) = (element(&cell, "b", ""), element(&cell, "span", ""));
        let tick = element(&cell, "span", "tkw");
        // Fixed text of our own: nothing that a reader or a file says goes through here.
        tick.set_inner_html(&format!(
            "<svg class=\"tk\" viewBox=\"0 0 12 12\" aria-hidden=\"true\"><rect width=\"12\" height=\"12\"/><circle cx=\"6\" cy=\"6\" r=\"6\"/><path d=\"{TICK}\"/></svg>"
        ));
        let word = element(&cell, "span", "vh");
        CellMark { cell, stamp, command, word, shown: None }
    }

    fn show(&mut self, shown: Option<Shown>) {
        if self.shown == shown {
            return;
        }
        let class = shown.as_ref().map_or("cell hidden", Shown::class);
        let _ = self.cell.set_attribute("class", class);
        if let Some(shown) = &shown {
            let before = self.shown.as_ref();
            if before.is_none_or(|before| before.index != shown.index) {
                place(&self.cell, f64::from(shown.index) - 1.0, 0.0);
            }
            if before.is_none_or(|before| before.stamp != shown.stamp) {
                let stamp = shown.stamp.map(|stamp| stamp.to_string());
                self.stamp.set_text_content(stamp.as_deref());
            }
            if before.is_none_or(|before| before.command != shown.command) {
                self.command.set_text_content(Some(&shown.command));
            }
            self.word.set_text_content(Some(shown.word().template(shown.lang)));
        }
        self.shown = shown;
    }
}

/// What the leader supposes of a log: a corner where it matches, a caret where it sends next.
struct CursorMarks {
    matched: Element,
    next: Element,
    shown: Option<Cursor>,
}

impl CursorMarks {
    fn new(row: &Element) -> CursorMarks {
        let mark = |path: &str| {
            let holder = element(row, "span", "mkw hidden");
            holder.set_inner_html(&format!(
                "<svg class=\"mk live\" viewBox=\"0 0 10 10\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
            ));
            holder
        };
        CursorMarks { matched: mark(MATCH_PATH), next: mark(NEXT_PATH), shown: None }
    }

    fn show(&mut self, cursor: Option<Cursor>) {
        if self.shown == cursor {
            return;
        }
        let class = |shown: bool| if shown { "mkw" } else { "mkw hidden" };
        let _ = self.matched.set_attribute("class", class(cursor.is_some_and(|cursor| 0 < cursor.matched)));
        let _ = self.next.set_attribute("class", class(cursor.is_some()));
        if let Some(cursor) = cursor {
            place(&self.matched, f64::from(cursor.matched), -24.0);
            place(&self.next, f64::from(cursor.next) - 1.0, 3.0);
        }
        self.shown = cursor;
    }
}

fn element(whole: &Element, name: &str, class: &str) -> Element {
    let made = document().create_element(name);
    // The names above are all good ones, so a document always makes them.
    let made = made.unwrap_or_else(|_| unreachable!("an element can be made"));
    if !class.is_empty() {
        let _ = made.set_attribute("class", class);
    }
    let _ = whole.append_child(&made);
    made
}

/// So many cells from the column of names, and so many CSS pixels further.
fn place(element: &Element, cells: f64, further: f64) {
    let left = (NAMES + CELL * cells + further) as i32;
    // Not by the attribute, which a host's security policy may forbid.
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.style().set_property("left", &format!("{left}px"));
    }
}
