//! Packets: one by one where they can be told apart, counted where they cannot.

use super::{Arrow, BAND, Band, Labels, MOST_IN_BAND, Mark, Tip, View};
use crate::engine::action::Loss;
use crate::engine::chronicle::{Chronicle, End, Flight, Spot};
use crate::engine::ids::MemberId;
use crate::scene::Point;

/// Up to so many packets in a band have their glyphs and labels.
const MOST_NAMED: usize = 8;
/// The most packets that left before the stretch and are still drawn in it.
const MOST_REACHING: usize = 64;
/// Arrows keep this far from the lines.
const CLEAR: f64 = 3.0;
/// An arrow that is shorter has no room for a glyph.
const SHORTEST_WITH_GLYPH: f64 = 40.0;
/// How far from its beginning the glyph of an arrow stands.
const GLYPH_AT: f64 = 17.0;
/// How far down a packet falls that is lost where it left, or that still flies.
const FALL: f64 = 9.0;
/// The widest bar, as a part of the room between two lines.
const WIDEST_BAR: f64 = 0.66;
/// The same is not written again so soon below.
const AGAIN: f64 = 40.0;
/// The height of a label, and how wide a letter is: of ours, and of Chinese.
const LETTER: (f64, f64, f64) = (14.0, 6.9, 13.0);

pub fn lay_out(
    chronicle: &Chronicle,
    view: &View,
    marks: &[Mark],
    labels: Labels<'_>,
) -> (Vec<Arrow>, Vec<Band>) {
    let (mut arrows, mut bands) = (Vec::new(), Vec::new());
    let mut pen = Pen::new(view, labels, marks);
    let first = (view.from.max(0.0) / BAND).floor() as u64;
    let last = (view.to.min(view.y(view.end)).max(0.0) / BAND).floor() as u64;
    let top = first as f64 * BAND;
    let start = chronicle.left_in(|spot| view.y(spot) < top, |_| false).start;
    let reaching = chronicle.reaching_into(start, |spot| view.y(spot) < view.from);
    for flight in reaching.take(MOST_REACHING) {
        arrows.push(arrow(flight, place_of(chronicle, flight), view));
    }
    arrows.reverse();
    for band in first..=last.max(first) {
        let (from, to) = (band as f64 * BAND, (band + 1) as f64 * BAND);
        let left = chronicle.left_in(|spot| view.y(spot) < from, |spot| to <= view.y(spot));
        let flights = &chronicle.flights()[left.clone()];
        if MOST_IN_BAND < flights.len() {
            bands.push(counted(flights, from, to));
            continue;
        }
        for (flight, place) in flights.iter().zip(left) {
            let mut arrow = arrow(flight, place, view);
            if flights.len() <= MOST_NAMED {
                pen.name(&mut arrow, flight);
            }
            arrows.push(arrow);
        }
    }
    draw_bars(chronicle, &mut bands, view);
    (arrows, bands)
}

fn place_of(chronicle: &Chronicle, flight: &Flight) -> usize {
    // Packets are numbered as they leave, so the flights stand in the order of their numbers.
    chronicle.flights().partition_point(|other| other.packet < flight.packet)
}

fn arrow(flight: &Flight, place: usize, view: &View) -> Arrow {
    let (start, goal) = (view.columns.x(flight.from), view.columns.x(flight.to));
    let side = if start < goal { 1.0 } else { -1.0 };
    let from = Point { x: start + side * CLEAR, y: view.y(flight.sent) };
    let end = Point { x: goal - side * CLEAR, y: from.y };
    let at = |spot: Spot, way: f64, fall: f64| {
        let y = view.y(spot).max(from.y + fall);
        Point { x: from.x + (end.x - from.x) * way, y }
    };
    // How many lines away the receiver is: a cross stands between two lines, or it would seem to be at a member.
    let lines = ((goal - start).abs() / view.columns.apart()).round().max(1.0);
    let (to, tip) = match flight.end {
        End::Arrived(spot) => (at(spot, 1.0, 0.0), Tip::Arrived),
        End::Lost(spot, Loss::Down) => (at(spot, 1.0 - 0.15 / lines, FALL), Tip::Lost),
        // Lost where it left: half its way, as the stage shows it.
        End::Lost(spot, _) if spot.position == flight.sent.position => {
            (at(spot, ((lines / 2.0).ceil() - 0.5) / lines, FALL), Tip::Lost)
        }
        End::Lost(spot, _) => (at(spot, 1.0 - 0.4 / lines, FALL), Tip::Lost),
        End::Flies => (at(flight.sent, 0.5 / lines, FALL), Tip::Flies),
    };
    Arrow { place, packet: flight.packet, kind: flight.kind, from, to, tip, glyph: None, label: None }
}

/// Gives arrows their glyphs and labels, and remembers where something is written.
struct Pen<'a> {
    view: &'a View,
    labels: Labels<'a>,
    taken: Vec<Taken>,
    /// What was written last, by kind of packet: what is said again at once is read once.
    said: Vec<(u8, String, f64)>,
    /// Who sent something last, where, and whether to the right: the packets of a broadcast share a glyph.
    last: Option<(MemberId, u32, bool)>,
}

impl<'a> Pen<'a> {
    fn new(view: &'a View, labels: Labels<'a>, marks: &[Mark]) -> Pen<'a> {
        let around = |mark: &Mark| {
            let (x, y) = (mark.at.x, mark.at.y);
            Taken { left: x - 8.0, right: x + 10.0, top: y - 11.0, bottom: y + 8.0 }
        };
        Pen { view, labels, taken: marks.iter().map(around).collect(), said: Vec::new(), last: None }
    }

    fn name(&mut self, arrow: &mut Arrow, flight: &Flight) {
        let rightwards = arrow.from.x < arrow.to.x;
        let group = Some((flight.from, flight.sent.position, rightwards));
        if std::mem::replace(&mut self.last, group) == group {
            return;
        }
        if SHORTEST_WITH_GLYPH <= arrow.from.distance(arrow.to) {
            let at = arrow.from.towards(arrow.to, GLYPH_AT / arrow.from.distance(arrow.to));
            self.taken.push(Taken {
                left: at.x - 7.0,
                right: at.x + 7.0,
                top: at.y - 4.0,
                bottom: at.y + 4.0,
            });
            arrow.glyph = Some(at);
        }
        let Some(text) = (self.labels)(flight).filter(|text| !text.is_empty()) else { return };
        let again = |(kind, said, y): &(u8, String, f64)| {
            *kind == flight.kind && *said == text && arrow.from.y - y < AGAIN
        };
        if self.said.iter().any(again) {
            return;
        }
        // Close to where it begins, or beyond a sign that stands there.
        let found = [4.0, 15.0].into_iter().find_map(|clear| self.room(arrow.from, rightwards, clear, &text));
        if let Some((at, ends)) = found {
            self.said.retain(|(kind, _, y)| *kind != flight.kind && arrow.from.y - y < AGAIN);
            self.said.push((flight.kind, text.clone(), arrow.from.y));
            arrow.label = Some((text, at, ends));
        }
    }

    /// Where a text can stand above the beginning of an arrow, and whether it ends there; takes the room.
    fn room(&mut self, from: Point, rightwards: bool, clear: f64, text: &str) -> Option<(Point, bool)> {
        let letter = |letter: char| if letter.len_utf8() < 3 { LETTER.1 } else { LETTER.2 };
        let wide: f64 = text.chars().map(letter).sum();
        let at = |ends: bool| {
            let at = Point { x: from.x + if rightwards { clear } else { -clear }, y: from.y - 6.0 };
            let left = if ends { at.x - wide } else { at.x };
            (at, Taken { left, right: left + wide, top: at.y - LETTER.0 + 3.0, bottom: at.y + 1.0 })
        };
        // Beyond its line it would leave the picture.
        let ends = !rightwards || self.view.columns.width < at(false).1.right;
        let (at, place) = at(ends);
        let outside = place.left < self.view.columns.gutter() - 4.0;
        if outside || self.taken.iter().any(|other| other.meets(&place)) {
            return None;
        }
        self.taken.push(place);
        Some((at, ends))
    }
}

/// Where something is written.
struct Taken {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Taken {
    fn meets(&self, other: &Taken) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

fn counted(flights: &[Flight], from: f64, to: f64) -> Band {
    let lost = flights.iter().filter(|flight| matches!(flight.end, End::Lost(..))).count();
    let spot = |flight: Option<&Flight>| flight.map_or(Spot::default(), |flight| flight.sent);
    Band {
        from,
        to,
        sent: flights.len() as u32,
        lost: lost as u32,
        spots: (spot(flights.first()), spot(flights.last())),
        bars: Vec::new(),
    }
}

/// A bar for each member in each band: how much of the most that anybody sent in one.
fn draw_bars(chronicle: &Chronicle, bands: &mut [Band], view: &View) {
    let members: Vec<_> = view.columns.members().collect();
    let counts = |band: &Band| {
        let left = chronicle.left_in(|spot| spot < band.spots.0, |spot| band.spots.1 < spot);
        let mut sent = vec![0_u32; members.len()];
        for flight in &chronicle.flights()[left] {
            let sender = members.iter().position(|member| *member == flight.from);
            sender.into_iter().for_each(|place| sent[place] += 1);
        }
        sent
    };
    let all: Vec<Vec<u32>> = bands.iter().map(counts).collect();
    let most = f64::from(all.iter().flatten().copied().max().unwrap_or(1).max(1));
    for (band, sent) in bands.iter_mut().zip(all) {
        let bar = |(member, sent): (&_, u32)| {
            let wide = view.columns.apart() * WIDEST_BAR * f64::from(sent) / most;
            (view.columns.x(*member) - wide / 2.0, wide)
        };
        band.bars = members.iter().zip(sent).map(bar).collect();
    }
}
