//! The loop of animation frames. Runs only while somebody needs it.
//!
//! Written by hand, thirty lines: the ready-made ones make a new closure for every frame, and after a pause hand
//! on the whole time of the pause as one step. Must not know what it drives.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// The longest step that is handed on, in milliseconds: a page that was hidden goes on where it was.
const LONGEST_MS: f64 = 100.0;

type Callback = Closure<dyn FnMut(f64)>;

/// A loop that can be started and that stops itself.
#[derive(Clone)]
pub struct Beat {
    callback: Rc<RefCell<Option<Callback>>>,
    running: Rc<Cell<bool>>,
    last: Rc<Cell<Option<f64>>>,
}

impl Beat {
    /// A loop that hands each frame the real milliseconds since the one before, until told `false`.
    pub fn new(mut on_frame: impl FnMut(f64) -> bool + 'static) -> Beat {
        let beat = Beat {
            callback: Rc::new(RefCell::new(None)),
            running: Rc::new(Cell::new(false)),
            last: Rc::new(Cell::new(None)),
        };
        let own = beat.clone();
        let closure = Closure::new(move |now: f64| {
            let elapsed = own.last.replace(Some(now)).map_or(0.0, |last| (now - last).clamp(0.0, LONGEST_MS));
            own.running.set(false);
            if on_frame(elapsed) {
                own.request();
            } else {
                own.last.set(None);
            }
        });
        *beat.callback.borrow_mut() = Some(closure);
        beat
    }

    /// Sees to it that there is a next frame.
    pub fn request(&self) {
        if self.running.replace(true) {
            return;
        }
        if let Some(callback) = &*self.callback.borrow() {
            let _ = leptos::prelude::window().request_animation_frame(callback.as_ref().unchecked_ref());
        }
    }
}
