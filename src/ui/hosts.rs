//! What pages around this one speak beside our own messages: three ways to be told how high a frame wants to be, and
//! the slides of reveal.js, which say when they are shown.
//!
//! Course sites hear one or another of the three, and none minds the other two. Must not know any protocol.

use super::messages::{parent, send};
use super::player::Player;
use crate::link::message::{number, object, text};
use crate::scenario::json::Json;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// What is remembered of the framing page; cheap to copy.
#[derive(Clone, Copy)]
pub struct Host {
    player: Player,
    /// How high the page is, in CSS pixels.
    height: StoredValue<f64>,
    /// Whether time passes when the slide is shown.
    plays: StoredValue<bool>,
}

impl Host {
    /// Of a page that lets time pass at once, or not.
    pub fn new(player: Player) -> Host {
        let plays = player.playing.get_untracked();
        Host { player, height: StoredValue::new(0.0), plays: StoredValue::new(plays) }
    }

    /// Says that the page is there, to those that have to be greeted first.
    pub fn greet(self) {
        say(h5p("hello", None));
    }

    /// Says how high the page is.
    pub fn tell_height(self, height: f64) {
        self.height.set_value(height);
        let src = window().location().href().unwrap_or_default();
        say(object([("context", text("iframe.resize")), ("height", number(height)), ("src", text(src))]));
        say(object([("subject", text("lti.frameResize")), ("height", number(height))]));
        say(h5p("prepareResize", Some(height)));
    }

    /// Does what the framing page says in one of its own languages.
    pub fn hear(self, data: &JsValue) {
        match data.as_string().as_deref() {
            Some("slide:start") => self.player.play(self.plays.get_value()),
            Some("slide:stop") => {
                self.plays.set_value(self.player.playing.get_untracked());
                self.player.play(false);
            }
            Some(_) => {}
            None => self.answer_h5p(data),
        }
    }

    fn answer_h5p(self, data: &JsValue) {
        let field = |name: &str| {
            let value = js_sys::Reflect::get(data, &JsValue::from_str(name));
            value.ok().and_then(|value| value.as_string()).unwrap_or_default()
        };
        if field("context") == "h5p" {
            let height = self.height.get_value();
            match field("action").as_str() {
                "hello" | "resize" => say(h5p("prepareResize", Some(height))),
                "resizePrepared" => say(h5p("resize", Some(height))),
                _ => {}
            }
        }
    }
}

fn h5p(action: &str, height: Option<f64>) -> Json {
    let said = [("context", text("h5p")), ("action", text(action))];
    let Some(height) = height.map(number) else { return object(said) };
    let [context, action] = said;
    object([context, action, ("scrollHeight", height.clone()), ("clientHeight", height)])
}

/// To the page around this one; where there is none, nobody has to know.
fn say(what: Json) {
    let alone = parent().is_none_or(|parent| js_sys::Object::is(&parent, &window()));
    if let (false, Some(parent)) = (alone, parent()) {
        send(&parent, &what, "*");
    }
}
