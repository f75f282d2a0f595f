//! A line drawn across the stage cuts every link that it crosses.
//!
//! What begins on empty ground or on a link is a line once it is long enough; a press means the thing under it.

use crate::engine::ids::{Link, NodeId};
use crate::scene::{Point, Scene};
use crate::ui::player::Player;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

/// A shorter line was a slip.
const SHORTEST: f64 = 30.0;

/// The line that is being drawn.
#[derive(Clone, Copy)]
pub struct Knife {
    scene: Memo<Scene>,
    player: Player,
    line: RwSignal<Option<(Point, Point)>>,
}

impl Knife {
    /// No line yet.
    pub fn new(scene: Memo<Scene>) -> Knife {
        Knife { scene, player: Player::here(), line: RwSignal::new(None) }
    }

    /// The line, as a path.
    pub fn path(self) -> String {
        let long = |(a, b): &(Point, Point)| SHORTEST <= a.distance(*b);
        let drawn = |(a, b): (Point, Point)| format!("M{:.0} {:.0}L{:.0} {:.0}", a.x, a.y, b.x, b.y);
        self.line.get().filter(long).map_or(String::new(), drawn)
    }

    /// The pointer goes down on the stage: on empty ground or on a link, which a finger can hardly miss.
    pub fn begin(self, event: &PointerEvent) {
        let (Some(target), Some(ground)) = (element(event.target()), element(event.current_target())) else {
            return;
        };
        let on_link = || target.closest(".link").ok().flatten().is_some();
        if event.is_primary() && (target == ground || on_link()) {
            let at = place(event, &ground);
            self.line.set(Some((at, at)));
        }
    }

    /// The pointer moves. Only a line that is long enough holds the pointer: a press must still reach its link.
    pub fn draw(self, event: &PointerEvent) {
        if let (Some((from, _)), Some(ground)) = (self.line.get_untracked(), element(event.current_target()))
        {
            let to = place(event, &ground);
            if SHORTEST <= from.distance(to) {
                let _ = ground.set_pointer_capture(event.pointer_id());
            }
            self.line.set(Some((from, to)));
        }
    }

    /// The pointer goes up: what the line crosses is cut.
    pub fn cut(self) {
        let Some((from, to)) = self.line.get_untracked() else { return };
        self.line.set(None);
        if from.distance(to) < SHORTEST {
            return;
        }
        let crossed = self.scene.with_untracked(|scene| scene.crossed(from, to));
        let nodes: Vec<NodeId> = NodeId::all(crate::engine::ids::MAX_NODES).collect();
        let link = |(a, b): (usize, usize)| Some(Link { from: *nodes.get(a)?, to: *nodes.get(b)? });
        self.player.cut_all(crossed.into_iter().filter_map(link));
    }

    /// The line is given up.
    pub fn give_up(self) {
        self.line.set(None);
    }
}

/// The element of an event.
pub fn element(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into().ok()
}

/// Where on an element the pointer is.
pub fn place(event: &PointerEvent, ground: &Element) -> Point {
    let edge = ground.get_bounding_client_rect();
    Point { x: f64::from(event.client_x()) - edge.left(), y: f64::from(event.client_y()) - edge.top() }
}
