//! Packets in flight and packets lost: drawn without signals, because they move in every animation frame.
//!
//! Elements are kept and used again; where a packet stands is a pure function of the frame and the playhead.

use super::{place_of, presses};
use crate::engine::action::Loss;
use crate::engine::frame::{Frame, LostFrame, PacketFrame};
use crate::engine::ids::{MemberId, Micros, PacketId};
use crate::scene::{Point, Scene};
use crate::text::page as say;
use crate::text::{Lang, Text};
use crate::ui::glyph;
use crate::ui::live::watch;
use crate::ui::player::{Moment, Player};
use crate::ui::preferences::Preferences;
use crate::ui::verbs::{Thing, name_of};
use leptos::prelude::*;
use leptos::svg;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use web_sys::Element;

/// The layer of packets.
#[component]
pub fn Packets(
    /// Where everything stands.
    scene: Memo<Scene>,
) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let holder = NodeRef::<svg::G>::new();
    let layer = Rc::new(RefCell::new(Layer::default()));
    let moved = Rc::clone(&layer);
    player.on_move(move |frame, moment| {
        let Some(holder) = holder.get_untracked() else { return };
        let mut layer = moved.borrow_mut();
        if !layer.shows(frame) {
            let (lang, round) = (preferences.lang.get_untracked(), layer.round);
            let paused = !player.playing.get_untracked();
            scene.with_untracked(|scene| {
                layer.sync(&holder, frame, scene, Manner { lang, paused, round, player })
            });
        }
        layer.place(moment);
    });
    // In another branch, or another run, the same number is another packet.
    let branch = player.follow(|_, standing| standing.branch);
    watch(move || {
        branch.track();
        player.beginning.track();
        scene.track();
        preferences.lang.track();
        preferences.reduced.track();
        player.playing.track();
        player.thing.track();
        let mut layer = layer.borrow_mut();
        layer.shown = None;
        layer.round += 1;
        player.wake();
    });
    view! { <g node_ref=holder></g> }
}

/// How far packets that leave at the same instant stand from each other, in CSS pixels.
const ROW: f64 = 26.0;

/// Room for a label beside a packet, in CSS pixels.
const LABEL: f64 = 110.0;

/// More packets than this at once are not labelled: nobody could read it.
const MOST_LABELLED: usize = 32;

/// What of the surroundings the drawing depends on.
#[derive(Clone, Copy)]
struct Manner {
    lang: Lang,
    paused: bool,
    /// Counts the changes of language, size, motion and of standing still.
    round: u32,
    player: Player,
}

#[derive(Default)]
struct Layer {
    shown: Option<Rc<Frame>>,
    flying: BTreeMap<PacketId, Sprite>,
    lost: BTreeMap<PacketId, Sprite>,
    spare: Vec<Parts>,
    round: u32,
    order: Vec<(Micros, PacketId)>,
}

impl Layer {
    fn shows(&self, frame: &Rc<Frame>) -> bool {
        self.shown.as_ref().is_some_and(|shown| Rc::ptr_eq(shown, frame))
    }

    /// Brings the elements in line with a frame: those of packets that are gone are kept for the next ones.
    fn sync(&mut self, holder: &Element, frame: &Rc<Frame>, scene: &Scene, manner: Manner) {
        let (mut flying, mut lost) = (BTreeSet::new(), BTreeSet::new());
        flying.extend(frame.packets.iter().map(|packet| packet.id));
        lost.extend(frame.lost.iter().map(|lost| lost.packet.id));
        retire(&mut self.flying, &mut self.spare, |id| flying.contains(&id));
        retire(&mut self.lost, &mut self.spare, |id| lost.contains(&id));
        let mut said: Vec<&Text> = Vec::new();
        let crowded = MOST_LABELLED < frame.packets.len();
        for (packet, row) in frame.packets.iter().zip(rows(&frame.packets)) {
            // One label for all that say the same at once: a broadcast is read once.
            let labelled = !crowded && !said.contains(&&packet.look.label);
            said.push(&packet.look.label);
            let mut fresh = || Parts::taken(&mut self.spare, holder, manner.player);
            let sprite = self.flying.entry(packet.id).or_insert_with(|| Sprite::new(fresh()));
            sprite.dress(packet, None, labelled, row, scene, manner);
        }
        for lost in &frame.lost {
            let mut fresh = || Parts::taken(&mut self.spare, holder, manner.player);
            let sprite = self.lost.entry(lost.packet.id).or_insert_with(|| Sprite::new(fresh()));
            sprite.dress(&lost.packet, Some(lost), false, 0, scene, manner);
        }
        if manner.paused {
            self.arrange(holder, frame);
        }
        self.shown = Some(Rc::clone(frame));
    }

    /// Puts the elements into the order in which the packets arrive, in which `Tab` goes through them.
    fn arrange(&mut self, holder: &Element, frame: &Frame) {
        let mut order = Vec::new();
        order.extend(frame.packets.iter().map(|packet| (packet.due, packet.id)));
        order.sort_unstable();
        if self.order != order {
            let sprites = order.iter().filter_map(|(_, id)| self.flying.get(id));
            sprites.for_each(|sprite| drop(holder.append_child(&sprite.parts.group)));
            self.order = order;
        }
    }

    fn place(&mut self, moment: Moment) {
        for (id, sprite) in &mut self.flying {
            let hurried = moment.hurried.filter(|(hurried, _)| hurried == id);
            sprite.place(moment, hurried.map_or(0.0, |(_, over)| over));
        }
        self.lost.values_mut().for_each(|sprite| sprite.place(moment, 0.0));
    }
}

/// What left at the same instant on the same way stands in a row, the first in front: how many stand behind each.
fn rows(packets: &[PacketFrame]) -> Vec<usize> {
    let mut lanes: BTreeMap<(MemberId, MemberId, Micros), usize> = BTreeMap::new();
    let mut rows = Vec::new();
    for packet in packets.iter().rev() {
        let behind = lanes.entry((packet.from, packet.to, packet.sent_at)).or_default();
        rows.push(*behind);
        *behind += 1;
    }
    rows.reverse();
    rows
}

fn retire(
    sprites: &mut BTreeMap<PacketId, Sprite>,
    spare: &mut Vec<Parts>,
    stays: impl Fn(PacketId) -> bool,
) {
    let gone: Vec<PacketId> = sprites.keys().copied().filter(|id| !stays(*id)).collect();
    for sprite in gone.iter().filter_map(|id| sprites.remove(id)) {
        let _ = sprite.parts.group.set_attribute("class", "packet hidden");
        spare.push(sprite.parts);
    }
}

/// The elements of one packet.
struct Parts {
    group: Element,
    button: Element,
    tail: Element,
    body: Element,
    answer: Element,
    label: Element,
    id: Rc<RefCell<Option<PacketId>>>,
}

impl Parts {
    fn taken(spare: &mut Vec<Parts>, holder: &Element, player: Player) -> Parts {
        spare.pop().unwrap_or_else(|| Parts::new(holder, player))
    }

    fn new(holder: &Element, player: Player) -> Parts {
        // The button is the glyph alone, around the origin, so that its middle is the packet.
        let (group, button) = (element("g"), element("g"));
        let part = |whole: &Element, name: &str, class: &str| {
            let part = element(name);
            let _ = part.set_attribute("class", class);
            let _ = whole.append_child(&part);
            part
        };
        let (tail, label) = (part(&group, "path", "tail"), part(&group, "text", "label halo"));
        let _ = group.append_child(&button);
        let hit = part(&button, "circle", "hit");
        let _ = hit.set_attribute("r", "22");
        let focus = part(&button, "circle", "focus");
        let _ = focus.set_attribute("r", "15");
        let (body, answer) = (part(&button, "path", "body"), part(&button, "path", "answer"));
        let cross = part(&group, "path", "cross");
        let _ = cross.set_attribute("d", glyph::CROSS);
        let _ = holder.append_child(&group);
        let id = Rc::new(RefCell::new(None));
        listen(&button, player, &id);
        Parts { group, button, tail, body, answer, label, id }
    }
}

fn element(name: &str) -> Element {
    let made = document().create_element_ns(Some("http://www.w3.org/2000/svg"), name);
    // The names above are all good ones, so a document always makes them.
    made.unwrap_or_else(|_| unreachable!("an SVG element can be made"))
}

/// A packet that is pressed is chosen, and time stands still: what becomes of it is said in its bar.
fn listen(button: &Element, player: Player, id: &Rc<RefCell<Option<PacketId>>>) {
    let choose = {
        let id = Rc::clone(id);
        move || {
            if let Some(packet) = *id.borrow() {
                player.choose(Thing::Packet(packet));
            }
        }
    };
    let on_click = Closure::<dyn Fn()>::new(choose.clone());
    let on_key = Closure::<dyn Fn(web_sys::KeyboardEvent)>::new(move |event: web_sys::KeyboardEvent| {
        if presses(&event) {
            choose();
        }
    });
    let _ = button.add_event_listener_with_callback("click", on_click.as_ref().unchecked_ref());
    let _ = button.add_event_listener_with_callback("focus", on_click.as_ref().unchecked_ref());
    let _ = button.add_event_listener_with_callback("keydown", on_key.as_ref().unchecked_ref());
    // The elements are used again as long as the page lives, and so are their listeners.
    on_click.forget();
    on_key.forget();
}

/// All that a packet's looks depend on, besides where it is; the round stands for the surroundings.
#[derive(Clone, Copy, PartialEq)]
struct Dress {
    id: PacketId,
    labelled: bool,
    row: usize,
    chosen: bool,
    is_lost: bool,
    round: u32,
}

/// A packet on the stage: its elements, and where it is when.
struct Sprite {
    parts: Parts,
    from: Point,
    to: Point,
    sent_at: f64,
    flight: f64,
    lost: Option<(f64, Loss)>,
    dress: Option<Dress>,
    placed: (i32, i32, i32),
}

impl Sprite {
    fn new(parts: Parts) -> Sprite {
        let nowhere = Point { x: 0.0, y: 0.0 };
        Sprite {
            parts,
            from: nowhere,
            to: nowhere,
            sent_at: 0.0,
            flight: 1.0,
            lost: None,
            dress: None,
            placed: (i32::MIN, 0, 0),
        }
    }

    fn dress(
        &mut self,
        packet: &PacketFrame,
        lost: Option<&LostFrame>,
        labelled: bool,
        row: usize,
        scene: &Scene,
        manner: Manner,
    ) {
        // Only this can change while a packet flies; all else is in its dress.
        self.flight = (packet.due.since(packet.sent_at).0 as f64).max(1.0);
        let is_lost = lost.is_some();
        let chosen = manner.player.thing.get_untracked() == Some(Thing::Packet(packet.id)) && !is_lost;
        let dress = Dress { id: packet.id, labelled, row, chosen, is_lost, round: manner.round };
        if self.dress == Some(dress) {
            return;
        }
        self.dress = Some(dress);
        (self.from, self.to) = scene.lane(place_of(packet.from), place_of(packet.to));
        let forward = ROW * row as f64 / self.from.distance(self.to).max(1.0);
        self.from = self.from.towards(self.to, forward.min(0.6));
        self.sent_at = packet.sent_at.0 as f64;
        self.lost = lost.map(|lost| (lost.at.0 as f64, lost.why));
        *self.parts.id.borrow_mut() = Some(packet.id).filter(|_| !is_lost);
        self.placed.0 = i32::MIN;
        let set = |element: &Element, name: &str, value: &str| {
            let _ = element.set_attribute(name, value);
        };
        let name = name_of(packet).say(manner.lang);
        let kind = if packet.look.reply { "reply" } else { "request" };
        let copy = if packet.copy_of.is_some() { " copy" } else { "" };
        let gone = if lost.is_some() { " lost" } else { "" };
        let mark = if chosen { " chosen" } else { "" };
        set(&self.parts.group, "class", &format!("packet {kind}{copy}{gone}{mark}"));
        set(&self.parts.tail, "d", &self.tail());
        set(&self.parts.body, "d", glyph::outline(packet.look.shape));
        set(&self.parts.answer, "d", glyph::answer(packet.look.answer));
        self.set_label(packet, lost, labelled, scene, manner.lang);
        let button = manner.paused && lost.is_none();
        for (attribute, value) in [("role", "button"), ("tabindex", "0"), ("aria-label", &name)] {
            match button {
                true => set(&self.parts.button, attribute, value),
                false => {
                    let _ = self.parts.button.remove_attribute(attribute);
                }
            }
        }
    }

    fn set_label(
        &self,
        packet: &PacketFrame,
        lost: Option<&LostFrame>,
        labelled: bool,
        scene: &Scene,
        lang: Lang,
    ) {
        let text = match (lost, labelled, packet.copy_of) {
            (Some(lost), ..) if says_lost(lost.why) => say::LOST.template(lang).to_string(),
            (Some(_), ..) => String::new(),
            (None, _, Some(_)) => say::PACKET_COPY.template(lang).to_string(),
            (None, true, None) => packet.look.label.say(lang),
            (None, false, None) => String::new(),
        };
        let (x, y, anchor) = self.beside(scene);
        let _ = self.parts.label.set_attribute("x", x);
        let _ = self.parts.label.set_attribute("y", y);
        let _ = self.parts.label.set_attribute("text-anchor", anchor);
        self.parts.label.set_text_content(Some(&text));
    }

    /// Where its label stands: outwards, but above a packet that flies level, or its sender would hide it.
    fn beside(&self, scene: &Scene) -> (&'static str, &'static str, &'static str) {
        let (dx, dy) = ((self.to.x - self.from.x).abs(), (self.to.y - self.from.y).abs());
        let x = self.from.towards(self.to, 0.5).x;
        // Rows reach to the edges of the stage.
        let at_edge =
            scene.has_rows() && scene.width - LABEL < scene.width / 2.0 + (x - scene.width / 2.0).abs();
        match (scene.width / 2.0 < x) != at_edge {
            _ if dy * 2.0 < dx => ("0", "-14", "middle"),
            true => ("17", "4.5", "start"),
            false => ("-17", "4.5", "end"),
        }
    }

    /// A short line behind the packet, which tells where it comes from.
    fn tail(&self) -> String {
        let length = self.from.distance(self.to).max(1.0);
        let (dx, dy) = ((self.from.x - self.to.x) / length, (self.from.y - self.to.y) / length);
        format!("M{:.1} {:.1}L{:.1} {:.1}", dx * 11.0, dy * 11.0, dx * 27.0, dy * 27.0)
    }

    /// Puts it where it is at a moment; delivered by hand, it goes the rest of its way in the beat before.
    fn place(&mut self, moment: Moment, hurried: f64) {
        let way = (moment.playhead - self.sent_at) / self.flight;
        let way = way + (1.0 - way).max(0.0) * hurried;
        let (way, opacity) = match self.lost {
            None => (way, 1.0),
            Some((at, why)) => lost_way(way, (at - self.sent_at) / self.flight, why),
        };
        let at = self.from.towards(self.to, way.clamp(0.0, 1.0));
        let placed = ((at.x * 10.0) as i32, (at.y * 10.0) as i32, (opacity * 100.0) as i32);
        if placed == self.placed {
            return;
        }
        if placed.2 != self.placed.2 || self.placed.0 == i32::MIN {
            let _ = self.parts.group.set_attribute("opacity", &opacity_of(placed.2));
        }
        if moment.still {
            // Where nothing moves, a trail shows the way that it came.
            let trail = format!("M0 0L{:.0} {:.0}", self.from.x - at.x, self.from.y - at.y);
            let _ = self.parts.tail.set_attribute("d", &trail);
        }
        self.placed = placed;
        let _ = self.parts.group.set_attribute("transform", &translate(placed.0, placed.1));
    }
}

/// Where a lost packet is, and how much of it is still seen: it flies to where it was lost, rests there as long
/// as a flight takes, and fades.
fn lost_way(way: f64, lost_after: f64, why: Loss) -> (f64, f64) {
    let end = match why {
        // Lost when it was sent: shown on the middle of its way, where the cut is drawn.
        Loss::Chance | Loss::Cut | Loss::Filter | Loss::Full if lost_after < 0.01 => 0.5,
        _ => lost_after.clamp(0.0, 1.0),
    };
    let rested = way - end.max(lost_after);
    (way.min(end), (2.0 - rested).clamp(0.0, 1.0))
}

fn says_lost(why: Loss) -> bool {
    matches!(why, Loss::Chance | Loss::Dropped | Loss::Full)
}

/// By hand, from tenths: formatting a float costs more than all the rest of a frame.
fn translate(x_tenths: i32, y_tenths: i32) -> String {
    format!("translate({}.{} {}.{})", x_tenths / 10, x_tenths.abs() % 10, y_tenths / 10, y_tenths.abs() % 10)
}

fn opacity_of(hundredths: i32) -> String {
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
