//! The hand of a timer's ring: dragged, it sets when the timer goes off, inside the range the world draws from.
//!
//! Time stands still while it is held. Must not know what the timer is for.

use super::knife::{element, place};
use crate::engine::frame::{Frame, TimerFrame};
use crate::engine::ids::{Micros, NodeId};
use crate::scene::{Place, Point, Scene};
use crate::ui::player::Player;
use leptos::prelude::*;
use std::f64::consts::TAU;
use web_sys::PointerEvent;

/// A shorter way was a press on the node.
const SHORTEST: f64 = 4.0;

/// A hand while somebody holds it.
#[derive(Clone, Copy)]
struct Held {
    from: Point,
    moved: bool,
    was_playing: bool,
    left: f64,
}

/// The hand of one node's ring; cheap to copy.
#[derive(Clone, Copy)]
pub struct Hand {
    node: NodeId,
    scene: Memo<Scene>,
    player: Player,
    held: StoredValue<Option<Held>, LocalStorage>,
}

impl Hand {
    /// Nobody holds it.
    pub fn new(node: NodeId, scene: Memo<Scene>) -> Hand {
        Hand { node, scene, player: Player::here(), held: StoredValue::new_local(None) }
    }

    /// How much of the ring is left: where the reader holds the hand, or as the time says.
    pub fn left(self, frame: &Frame, playhead: f64) -> Option<f64> {
        let timer = ring_timer(frame, self.node)?;
        let held = self.held.get_value().filter(|held| held.moved).map(|held| held.left);
        Some(held.unwrap_or_else(|| ring_left(timer, playhead)))
    }

    /// The pointer takes the hand.
    pub fn take(self, event: &PointerEvent) {
        let (Some(target), true) = (element(event.current_target()), event.is_primary()) else { return };
        let _ = target.set_pointer_capture(event.pointer_id());
        event.stop_propagation();
        let was_playing = self.player.playing.get_untracked();
        if was_playing {
            self.player.toggle();
        }
        let from = at(event);
        self.held.set_value(Some(Held { from, moved: false, was_playing, left: 0.0 }));
    }

    /// The pointer moves the hand round.
    pub fn turn(self, event: &PointerEvent) {
        let Some(mut held) = self.held.get_value() else { return };
        let to = at(event);
        held.moved |= SHORTEST < held.from.distance(to);
        if let (true, Some(left)) = (held.moved, self.left_under(event)) {
            held.left = left;
        }
        self.held.set_value(Some(held));
        self.player.wake();
    }

    /// The pointer lets go: the timer is set, or, where it did not move, the node is pressed.
    pub fn drop(self) {
        let Some(held) = self.held.get_value() else { return };
        self.held.set_value(None);
        match held.moved {
            true => self.player.wind(self.node, |timer, playhead| {
                let due = playhead + held.left * longest(timer);
                Micros((due - timer.armed_at.0 as f64).max(0.0) as u64)
            }),
            false => self.player.click_node(self.node),
        }
        if held.was_playing {
            self.player.toggle();
        }
    }

    /// The hand is let go without being set.
    pub fn give_up(self) {
        self.held.set_value(None);
        self.player.wake();
    }

    /// The part of the ring under the pointer, as near as the range of the timer lets it be.
    fn left_under(self, event: &PointerEvent) -> Option<f64> {
        let target = element(event.current_target())?;
        let ground = target.closest(".layers").ok().flatten()?;
        let (to, centre) = (
            place(event, &ground),
            self.scene.with_untracked(|scene| scene.centre(Place::Node(self.node.place()))),
        );
        let turned = ((to.x - centre.x).atan2(centre.y - to.y) / TAU).rem_euclid(1.0);
        let (least, most) = self.player.frame.with_untracked(|frame| {
            ring_timer(frame, self.node).map(|timer| reach(timer, self.player.playhead()))
        })?;
        let near = [turned - 1.0, turned, turned + 1.0].map(|turned| (turned, turned.clamp(least, most)));
        let off = |(turned, kept): &(f64, f64)| (turned - kept).abs();
        near.into_iter().min_by(|a, b| off(a).total_cmp(&off(b))).map(|(_, kept)| kept)
    }
}

fn at(event: &PointerEvent) -> Point {
    Point { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }
}

/// The timer that the ring of a node shows.
pub fn ring_timer(frame: &Frame, node: NodeId) -> Option<&TimerFrame> {
    frame.node(node)?.timers.iter().find(|timer| timer.ring)
}

fn longest(timer: &TimerFrame) -> f64 {
    timer.range.1.0.max(1) as f64
}

/// How much is left of the longest wait, from 0 to 1.
fn ring_left(timer: &TimerFrame, playhead: f64) -> f64 {
    ((timer.due.0 as f64 - playhead) / longest(timer)).clamp(0.0, 1.0)
}

/// From where to where the hand can be moved at this instant.
fn reach(timer: &TimerFrame, playhead: f64) -> (f64, f64) {
    let left = |span: Micros| ((timer.armed_at.after(span).0 as f64 - playhead) / longest(timer)).max(0.0);
    (left(timer.range.0), left(timer.range.1))
}
