//! Packets: one by one where they can be told apart, counted where they cannot.

use super::{Arrow, BAND, Band, Labels, MOST_IN_BAND, Tip, View};
use crate::engine::chronicle::{Chronicle, End, Flight, Spot};
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
/// The height of a label, and how wide a letter is: of ours, and of Chinese.
const LETTER: (f64, f64, f64) = (14.0, 6.9, 13.0);

pub fn lay_out(chronicle: &Chronicle, view: &View, labels: Labels<'_>) -> (Vec<Arrow>, Vec<Band>) {
    let (mut arrows, mut bands) = (Vec::new(), Vec::new());
    let first = (view.from.max(0.0) / BAND).floor() as u64;
    let last = (view.to.min(view.y(view.end)).max(0.0) / BAND).floor() as u64;
    let mut taken = Vec::new();
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
                name(&mut arrow, flight, view, labels, &mut taken);
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
    let (to, tip) = match flight.end {
        End::Arrived(spot) => (at(spot, 1.0, 0.0), Tip::Arrived),
        // Lost where it left: the cross stands on the middle of its way, where the stage shows it.
        End::Lost(spot, _) if spot.position == flight.sent.position => (at(spot, 0.5, FALL), Tip::Lost),
        End::Lost(spot, _) => (at(spot, 0.86, FALL), Tip::Lost),
        End::Flies => (at(flight.sent, 0.3, FALL), Tip::Flies),
    };
    Arrow { place, packet: flight.packet, kind: flight.kind, from, to, tip, glyph: None, label: None }
}

/// Gives an arrow its glyph, and its label where nothing else is written: one label for all that say the same at once.
fn name(arrow: &mut Arrow, flight: &Flight, view: &View, labels: Labels<'_>, taken: &mut Vec<Taken>) {
    if SHORTEST_WITH_GLYPH <= arrow.from.distance(arrow.to) {
        arrow.glyph = Some(arrow.from.towards(arrow.to, GLYPH_AT / arrow.from.distance(arrow.to)));
    }
    let Some(text) = labels(flight).filter(|text| !text.is_empty()) else { return };
    let wide: f64 = text.chars().map(|letter| if letter.len_utf8() < 3 { LETTER.1 } else { LETTER.2 }).sum();
    let rightwards = arrow.from.x < arrow.to.x;
    // Beyond its line it would leave the picture.
    let ends_here = !rightwards || view.columns.width < arrow.from.x + 5.0 + wide;
    let x = if rightwards { arrow.from.x + 4.0 } else { arrow.from.x - 4.0 };
    let at = Point { x, y: arrow.from.y - 5.0 };
    let left = if ends_here { x - wide } else { x };
    let place = Taken { left, right: left + wide, top: at.y - LETTER.0 + 3.0, bottom: at.y + 3.0 };
    if left < view.columns.gutter() - 4.0 || taken.iter().any(|other| other.meets(&place)) {
        return;
    }
    taken.push(place);
    arrow.label = Some((text, at, ends_here));
}

/// Where a label stands.
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
