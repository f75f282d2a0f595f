//! What a reader does in the diagram: presses, points, scrolls, zooms, and goes from one thing to the next by keys.

use super::{Panel, ZOOM};
use crate::engine::chronicle::Flight;
use crate::scene::diagram::{Axis, Target};
use crate::ui::stage::presses;
use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, EventTarget, KeyboardEvent, MouseEvent, TouchEvent, WheelEvent};

/// How much a turn of the wheel by one pixel zooms.
const WHEEL: f64 = 0.004;

/// Hears two fingers on the ground, which zoom: the page itself must not.
pub fn listen(panel: Panel) {
    crate::ui::live::watch(move || {
        let Some(scroller) = panel.scroller.get() else { return };
        let apart = Rc::new(Cell::new(0.0_f64));
        let touch = Closure::<dyn Fn(TouchEvent)>::new(move |event: TouchEvent| {
            let touches = event.touches();
            let (Some(one), Some(other)) = (touches.get(0), touches.get(1)) else {
                apart.set(0.0);
                return;
            };
            event.prevent_default();
            let (dx, dy) = (one.client_x() - other.client_x(), one.client_y() - other.client_y());
            let now = f64::from(dx).hypot(f64::from(dy)).max(1.0);
            let before = apart.replace(now);
            if 0.0 < before {
                let middle = f64::from(one.client_y() + other.client_y()) / 2.0;
                panel.zoom(now / before, panel.down(middle));
            }
        });
        for kind in ["touchstart", "touchmove", "touchend"] {
            let options = web_sys::AddEventListenerOptions::new();
            options.set_passive(false);
            let heard = touch.as_ref().unchecked_ref();
            let _ = scroller
                .add_event_listener_with_callback_and_add_event_listener_options(kind, heard, &options);
        }
        // The element goes with the panel, and its listeners with it.
        touch.forget();
    });
}

impl Panel {
    /// How far down what is in sight a point of the window is.
    pub fn down(self, client_y: f64) -> f64 {
        let top = self.ground.get_untracked().map_or(0.0, |ground| ground.get_bounding_client_rect().top());
        client_y - top - self.diagram.sheet.with_value(|sheet| sheet.top)
    }

    /// The reader, or the page itself, has scrolled.
    pub fn scrolled(self) {
        let Some(scroller) = self.scroller.get_untracked() else { return };
        let top = f64::from(scroller.scroll_top());
        self.diagram.sheet.update_value(|sheet| sheet.top = top);
        // What the page did itself is not a wish of the reader.
        let own = self.scroll.with_value(|scroll| (scroll.1 - top).abs() < 1.5);
        if !own && self.follows.get_untracked() {
            self.follow(false);
        }
        self.player.wake();
    }

    /// Scrolls where it was decided in the frame before, while the page is still laid out.
    pub fn scroll_now(self) {
        let Some(to) = self.scroll.try_update_value(|scroll| scroll.0.take()).flatten() else { return };
        self.scroll_to(to);
    }

    /// Scrolls now.
    pub fn scroll_to(self, to: f64) {
        if let Some(scroller) = self.scroller.get_untracked() {
            scroller.set_scroll_top(to.round() as i32);
            let top = f64::from(scroller.scroll_top());
            self.scroll.update_value(|scroll| scroll.1 = top);
            self.diagram.sheet.update_value(|sheet| sheet.top = top);
        }
    }

    /// Draws now, and not in the next animation frame.
    fn draw_now(self) {
        let (frame, playhead) = (self.player.frame.get_untracked(), self.player.playhead());
        self.draw(&frame, playhead);
    }

    /// With Ctrl the wheel zooms, as two fingers on a touchpad do.
    pub fn wheel(self, event: &WheelEvent) {
        if event.ctrl_key() || event.meta_key() {
            event.prevent_default();
            let around = self.down(f64::from(event.client_y()));
            self.zoom((-event.delta_y() * WHEEL).exp(), around);
        }
    }

    /// Zooms around a place so far down what is in sight.
    pub fn zoom(self, factor: f64, around: f64) {
        let top = self.diagram.sheet.try_update_value(|sheet| sheet.zoom(factor, around));
        self.settle(top);
    }

    /// Zooms around the playhead where it is in sight, else around the middle.
    pub fn zoom_middle(self, factor: f64) {
        let around = self.diagram.sheet.with_value(sheet_middle);
        self.zoom(factor, around);
    }

    /// Shows the whole run.
    pub fn fit(self) {
        let top = self.diagram.sheet.try_update_value(|sheet| sheet.fit());
        self.settle(top);
    }

    /// After a change of the zoom: the ground is as high as it must be before anybody can scroll on it.
    fn settle(self, top: Option<f64>) {
        self.draw_now();
        if let Some(top) = top {
            self.scroll_to(top);
        }
        self.draw_now();
        self.player.wake();
    }

    /// What is under the pointer or has the focus is lit.
    pub fn point(self, target: Option<EventTarget>) {
        let key = key_of(target);
        let found = self.target(key);
        self.show(found.unwrap_or(Target::Ground));
    }

    fn target(self, key: Option<u64>) -> Option<Target> {
        self.pool.with_value(|pool| Some(pool.item(key?)?.item.target))
    }

    /// A press on a thing goes there; one on the ground goes to that time.
    pub fn press(self, event: &MouseEvent) {
        let key = key_of(event.target());
        let down = self.down(f64::from(event.client_y()));
        match self.target(key) {
            Some(target) => {
                self.pool.update_value(|pool| pool.set_stop(key));
                self.go(target, Some(down));
            }
            None => self.go_down(down),
        }
    }

    fn go_down(self, down: f64) {
        let (axis, unit) = self.diagram.sheet.with_value(|sheet| (sheet.axis, sheet.unit_at(down)));
        match axis {
            Axis::Time => self.player.seek(unit),
            Axis::Steps => self.player.seek_position(unit.round() as usize),
        }
    }

    /// Goes to where a thing happened. Of a packet these are two: by a pointer the nearer one, by keys first where it
    /// left and then where it ended.
    fn go(self, target: Target, down: Option<f64>) {
        let (player, sheet) = (self.player, self.diagram.sheet);
        match target {
            Target::Ground => {}
            Target::Arrow(place) => {
                let position = sheet.with_value(|sheet| {
                    let (flight, arrow) = (sheet.flight(place)?, sheet.arrow(place)?);
                    let middle = (arrow.from.y + arrow.to.y) / 2.0 - sheet.top;
                    let here = player.standing.get_untracked().position == flight.sent.position as usize;
                    Some(end_of(flight, down.map_or(here, |down| middle < down)))
                });
                position.into_iter().for_each(|position| player.seek_position(position));
            }
            Target::Mark(place) => {
                let spot = sheet.with_value(|sheet| sheet.drawing().marks.get(place).map(|mark| mark.spot));
                spot.into_iter().for_each(|spot| player.seek_position(spot.position as usize));
            }
            Target::Turn(place) => {
                let spot = sheet.with_value(|sheet| sheet.turn_of(place).map(|turn| turn.spot));
                spot.into_iter().for_each(|spot| player.seek_position(spot.position as usize));
            }
            Target::Band(place) => {
                self.follow(false);
                let top = sheet.try_update_value(|sheet| {
                    let band = sheet.drawing().bands.get(place)?.clone();
                    Some(sheet.open(&band))
                });
                self.settle(top.flatten());
                self.focus_from(None, true);
            }
        }
    }

    /// Enter goes there, up and down go from thing to thing, plus and minus zoom.
    pub fn key(self, event: &KeyboardEvent) {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let key = key_of(event.target());
        if let Some(target) = self.target(key).filter(|_| presses(event)) {
            return self.go(target, None);
        }
        match event.key().as_str() {
            "ArrowDown" if key.is_some() => self.focus_from(key, true),
            "ArrowUp" if key.is_some() => self.focus_from(key, false),
            "+" | "=" => self.zoom_middle(ZOOM),
            "-" | "_" => self.zoom_middle(1.0 / ZOOM),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    /// Focuses the next thing after this one, or the one before it; what is not in sight is scrolled to.
    fn focus_from(self, key: Option<u64>, next: bool) {
        let order = self.pool.with_value(|pool| pool.in_order());
        let here = key.and_then(|key| order.iter().position(|(_, other)| *other == key));
        let there = match (here, next) {
            (Some(here), true) => order.get(here + 1),
            (Some(here), false) => here.checked_sub(1).and_then(|place| order.get(place)),
            (None, _) => order.first(),
        };
        let Some((_, there)) = there.copied() else { return };
        let element = self.pool.try_update_value(|pool| {
            pool.set_stop(Some(there));
            pool.element(there).cloned()
        });
        if let Some(element) =
            element.flatten().and_then(|element| element.dyn_into::<web_sys::SvgElement>().ok())
        {
            // The page follows no longer: the reader looks at something.
            self.follow(false);
            let _ = element.focus();
        }
        // What has had the focus before is not told again that it has it.
        self.show(self.target(Some(there)).unwrap_or(Target::Ground));
    }
}

fn sheet_middle(sheet: &super::Sheet) -> f64 {
    let playhead = sheet.playhead_in_sight();
    playhead.unwrap_or(sheet.size.1 / 2.0)
}

/// Where a packet left, or where it ended if that is asked for and it did.
fn end_of(flight: &Flight, ended: bool) -> usize {
    let end = flight.end.spot().filter(|_| ended);
    end.unwrap_or(flight.sent).position as usize
}

/// The key of the thing that something belongs to.
fn key_of(target: Option<EventTarget>) -> Option<u64> {
    let element = target?.dyn_into::<Element>().ok()?;
    let thing = element.closest("[data-key]").ok()??;
    thing.get_attribute("data-key")?.parse().ok()
}
