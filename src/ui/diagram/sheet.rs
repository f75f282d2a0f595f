//! What the diagram shows: the run as far as it is known here, the zoom, and which stretch of it is in sight.
//!
//! Grows with the run while the panel is open. Must not know any protocol, nor elements.

use super::say;
use crate::engine::chronicle::{Chronicle, Flight, Spot};
use crate::engine::frame::Frame;
use crate::engine::ids::{Micros, PacketId};
use crate::scene::diagram::{
    Arrow, Axis, BELOW, Band, Columns, Drawing, Look, Target, View, bounded_scale, layout, paint,
    scale_to_fit,
};
use crate::text::{Lang, Text};
use crate::ui::diagram::pool::Named;
use crate::ui::player::Player;
use leptos::prelude::*;

/// What is laid out begins at a multiple of this, so that scrolling a little writes nothing.
const CHUNK: f64 = 160.0;
/// This much more than is in sight is laid out above and below.
const MARGIN: f64 = 80.0;
/// The sheet grows by this much at a time.
const GROWTH: f64 = 240.0;
/// The lines run ahead of the run by at most this much.
const AHEAD: f64 = 24.0;
/// Where the playhead stands while it is followed, as a part of what is in sight.
const FOLLOWED_AT: f64 = 0.72;
/// A way to scroll that is longer than this part of what is in sight cannot wait.
const FAR: f64 = 0.2;
/// The looks of so many packets are remembered.
const MOST_LOOKS: usize = 4_000;
/// What was sent in so many actions is looked up at once.
const MOST_LOOKED_UP: usize = 1_500;

/// How a packet looks, and what it says in a word.
#[derive(Clone)]
struct Said {
    packet: PacketId,
    look: Look,
    label: Text,
}

/// All that the drawing depends on: the view, how much of the run, the language, and whether time stands still.
type Drawn = (View, usize, Lang, bool);

/// What is shown, and how.
pub struct Sheet {
    chronicle: Chronicle,
    /// Up to how many actions the run is known.
    known: usize,
    /// Which branch of which run is known.
    source: Option<(usize, u32)>,
    /// Counts the runs.
    round: u32,
    /// In the order of their numbers.
    said: Vec<Said>,
    /// How packets of each kind look, as far as one has been seen.
    kinds: Vec<Option<Look>>,
    drawing: Drawing,
    drawn: Option<Drawn>,
    /// What is downwards.
    pub axis: Axis,
    scale: f64,
    /// How far down what is in sight begins.
    pub top: f64,
    /// How wide and how high what is in sight is.
    pub size: (f64, f64),
    members: (u8, u8),
    end: Spot,
    playhead: f64,
    /// Whether the playhead is kept in sight.
    pub follows: bool,
}

/// How the sheet stands at a moment.
pub struct Standing {
    /// How high the whole of it is.
    pub height: f64,
    /// How far down the playhead is.
    pub playhead: f64,
    /// Where what is in sight should begin, if not where it does.
    pub scroll_to: Option<f64>,
    /// Whether that is so far away that the playhead is about to be out of sight.
    pub is_far: bool,
}

impl Default for Sheet {
    fn default() -> Sheet {
        Sheet {
            chronicle: Chronicle::default(),
            known: 0,
            source: None,
            round: 0,
            said: Vec::new(),
            kinds: Vec::new(),
            drawing: Drawing::default(),
            drawn: None,
            axis: Axis::Time,
            scale: Axis::Time.first_scale(),
            top: 0.0,
            size: (0.0, 0.0),
            members: (0, 0),
            end: Spot::default(),
            playhead: 0.0,
            follows: true,
        }
    }
}

impl Sheet {
    /// Another run is shown: nothing of it is known, and it is seen as one first sees a run.
    pub fn begin(&mut self, axis: Axis) {
        self.round += 1;
        self.turn(axis);
        self.follows = true;
    }

    /// Changes what is downwards.
    pub fn turn(&mut self, axis: Axis) {
        (self.axis, self.scale) = (axis, axis.first_scale());
        self.drawn = None;
    }

    /// Learns what has happened since it was last asked.
    pub fn learn(&mut self, player: Player, frame: &Frame, playhead: f64) -> Standing {
        let standing = player.standing.get_untracked();
        let source = Some((standing.branch, self.round));
        if self.source != source || standing.len + 1 < self.known {
            (self.chronicle, self.known, self.source) = (Chronicle::default(), 0, source);
            self.said.clear();
            self.drawn = None;
        }
        if self.known <= standing.len {
            self.chronicle.extend(player.traces(self.known..standing.len + 1));
            self.known = standing.len + 1;
        }
        let nodes = frame.members.iter().filter(|member| member.id.node().is_some()).count();
        let clients = (frame.members.len() - nodes) as u8;
        self.members = (nodes as u8, clients.max(self.chronicle.clients()));
        // Time that only passes is a part of the run too.
        let now = Micros(playhead.max(0.0) as u64);
        self.end = Spot { position: standing.len as u32, at: standing.end.max(now) };
        let here = Spot { position: standing.position as u32, at: now };
        self.note_flying(frame);
        let view = self.view();
        self.playhead = view.y(here);
        let needed = view.y(self.end) + BELOW;
        let scroll_to = self.scroll_to(needed);
        // A whole run that is in sight has nowhere to be scrolled to.
        let height = match needed <= self.size.1 + 1.0 {
            true => self.size.1,
            false => (needed / GROWTH).ceil() * GROWTH,
        };
        let is_far = scroll_to.is_some_and(|to| FAR * self.size.1 < (to - self.top).abs());
        Standing { height, playhead: self.playhead, scroll_to, is_far }
    }

    fn scroll_to(&self, height: f64) -> Option<f64> {
        let seen = self.size.1;
        if !self.follows || seen <= 0.0 {
            return None;
        }
        let wanted = (self.playhead - seen * FOLLOWED_AT).clamp(0.0, (height - seen).max(0.0));
        (1.0 <= (wanted - self.top).abs()).then_some(wanted)
    }

    /// What flies now tells how it looks and what it says.
    fn note_flying(&mut self, frame: &Frame) {
        for packet in &frame.packets {
            self.note(packet);
        }
    }

    fn note(&mut self, packet: &crate::engine::frame::PacketFrame) {
        let Err(place) = self.place_of(packet.id) else { return };
        if MOST_LOOKS <= self.said.len() {
            self.said.clear();
            return;
        }
        let look = Look { shape: packet.look.shape, reply: packet.look.reply, answer: packet.look.answer };
        self.said.insert(place, Said { packet: packet.id, look, label: packet.look.label.clone() });
    }

    /// Where what is known of a packet stands, or would stand.
    fn place_of(&self, packet: PacketId) -> Result<usize, usize> {
        self.said.binary_search_by_key(&packet, |said| said.packet)
    }

    fn said_of(&self, packet: PacketId) -> Option<&Said> {
        self.place_of(packet).ok().map(|place| &self.said[place])
    }

    /// Looks up what the packets in sight say.
    fn look_up(&mut self, player: Player, view: &View) {
        let left = self.chronicle.left_in(|spot| view.y(spot) < view.from, |spot| view.to < view.y(spot));
        let flights = &self.chronicle.flights()[left];
        let unknown = |flight: &&Flight| self.place_of(flight.packet).is_err();
        let missing: Vec<u32> = flights.iter().filter(unknown).map(|flight| flight.sent.position).collect();
        let (Some(first), Some(last)) = (missing.first(), missing.last()) else { return };
        if MOST_LOOKED_UP < (last - first) as usize {
            return;
        }
        for step in player.retold(*first as usize..*last as usize + 1) {
            step.sent.iter().for_each(|packet| self.note(packet));
        }
    }

    /// Everything in sight and a little around it.
    fn view(&self) -> View {
        let base = ((self.top / CHUNK).floor() * CHUNK - MARGIN).max(0.0);
        View {
            axis: self.axis,
            scale: self.scale,
            from: base,
            to: base + self.size.1 + CHUNK + 2.0 * MARGIN,
            end: self.end,
            columns: self.columns(),
        }
    }

    /// Where the members stand.
    pub fn columns(&self) -> Columns {
        Columns { width: self.size.0, nodes: self.members.0, clients: self.members.1 }
    }

    /// How far down what is laid out begins.
    pub fn base(&self) -> f64 {
        self.view().from
    }

    /// What is to be drawn, if that is something else than before.
    pub fn draw(&mut self, player: Player, lang: Lang) -> Option<Vec<Named>> {
        let mut view = self.view();
        let in_sight = view.y(view.end) < view.to;
        view.end = if in_sight { self.end_ahead(&view) } else { view.end };
        let still = !player.playing.get_untracked();
        // Where the end of the run is not in sight, it does not matter how far it has gone.
        let (end, known) = if in_sight { (view.end, self.known) } else { (Spot::NEVER, 0) };
        let drawn = (View { end, ..view }, known, lang, still);
        if self.size.0 <= 0.0 || self.drawn == Some(drawn) {
            return None;
        }
        self.drawn = Some(drawn);
        if still {
            self.look_up(player, &view);
        }
        let label = |flight: &Flight| Some(self.said_of(flight.packet)?.label.say(lang));
        self.drawing = layout(&self.chronicle, &view, &label);
        self.learn_kinds();
        let look = |arrow: &Arrow| {
            let said = self.said_of(arrow.packet).map(|said| said.look);
            said.or_else(|| self.kinds.get(usize::from(arrow.kind)).copied().flatten())
        };
        let count = |band: &Band| say::count(band).say(lang);
        let items = paint(&self.drawing, view.from, &look, &count);
        let named = |item: crate::scene::diagram::Item| {
            let name = self.text_of(item.target, player).map_or(String::new(), |text| text.say(lang));
            Named { item, name }
        };
        Some(items.into_iter().map(named).collect())
    }

    /// The lines run a little ahead of the run, so that they need not be drawn anew while time only passes.
    fn end_ahead(&self, view: &View) -> Spot {
        let ahead = view.unit_at(((view.y(view.end) / AHEAD).floor() + 1.0) * AHEAD);
        match self.axis {
            Axis::Time => Spot { at: Micros(ahead as u64), ..view.end },
            Axis::Steps => view.end,
        }
    }

    /// Draws anew, whatever was drawn.
    pub fn forget_drawn(&mut self) {
        self.drawn = None;
    }

    fn learn_kinds(&mut self) {
        for arrow in &self.drawing.arrows {
            let kind = usize::from(arrow.kind);
            if self.kinds.len() <= kind {
                self.kinds.resize(kind + 1, None);
            }
            if self.kinds[kind].is_none() {
                self.kinds[kind] = self.said_of(arrow.packet).map(|said| said.look);
            }
        }
    }

    /// What a part of the drawing is called.
    pub fn text_of(&self, target: Target, player: Player) -> Option<Text> {
        let words = say::Sayer { axis: self.axis, player };
        match target {
            Target::Ground => None,
            Target::Arrow(place) => Some(words.flight(self.flight(place)?)),
            Target::Band(place) => Some(words.band(self.drawing.bands.get(place)?)),
            Target::Mark(place) => Some(words.mark(self.drawing.marks.get(place)?)),
            Target::Turn(place) => Some(words.turn(self.turn_of(place)?)),
        }
    }

    /// What is said of it beside the drawing: with what a packet says.
    pub fn detail(&self, target: Target, player: Player) -> Option<Text> {
        let text = self.text_of(target, player)?;
        match target {
            Target::Arrow(place) => {
                let said = self.flight(place).and_then(|flight| self.said_of(flight.packet));
                Some(said.map_or(text.clone(), |said| say::with_label(text, said.label.clone())))
            }
            _ => Some(text),
        }
    }

    /// The flight of an arrow.
    pub fn flight(&self, place: usize) -> Option<&Flight> {
        self.chronicle.flights().get(self.drawing.arrows.get(place)?.place)
    }

    /// The arrow in the drawing.
    pub fn arrow(&self, place: usize) -> Option<&Arrow> {
        self.drawing.arrows.get(place)
    }

    /// The change of the links in the drawing.
    pub fn turn_of(&self, place: usize) -> Option<&crate::engine::chronicle::Turn> {
        self.chronicle.turns().get(self.drawing.turns.get(place)?.place)
    }

    /// The drawing.
    pub fn drawing(&self) -> &Drawing {
        &self.drawing
    }

    /// Pixels for each unit of the axis.
    pub fn scale(&self) -> f64 {
        self.scale
    }

    // Zoom.

    /// Zooms by a factor around a place so far down what is in sight; where what is in sight begins then.
    pub fn zoom(&mut self, factor: f64, around: f64) -> f64 {
        let view = self.view();
        let unit = view.unit_at(self.top + around);
        self.scale = bounded_scale(self.axis, self.scale * factor, self.end, self.size.1);
        self.top = (self.view().y_of(unit) - around).max(0.0);
        self.top
    }

    /// Zooms until the whole run is in sight.
    pub fn fit(&mut self) -> f64 {
        self.scale = scale_to_fit(self.axis, self.end, self.size.1);
        self.top = 0.0;
        self.top
    }

    /// Zooms until what was counted in a band fills what is in sight.
    pub fn open(&mut self, band: &Band) -> f64 {
        let (from, to) = (self.axis.unit(band.spots.0), self.axis.unit(band.spots.1));
        let wanted = 0.8 * self.size.1 / (to - from).max(1.0);
        self.scale = bounded_scale(self.axis, wanted, self.end, self.size.1);
        self.top = (self.view().y_of(from) - 0.1 * self.size.1).max(0.0);
        self.top
    }

    /// How far down what is in sight the playhead is, if it is in sight.
    pub fn playhead_in_sight(&self) -> Option<f64> {
        let down = self.playhead - self.top;
        (0.0 <= down && down <= self.size.1).then_some(down)
    }

    /// Where the axis is so far down what is in sight.
    pub fn unit_at(&self, down: f64) -> f64 {
        let view = self.view();
        view.unit_at(self.top + down).min(self.axis.unit(self.end))
    }

    /// The stretch in sight, on the axis.
    pub fn in_sight(&self) -> (f64, f64) {
        (self.unit_at(0.0), self.unit_at(self.size.1))
    }
}
