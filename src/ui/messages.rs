//! The page and the one that frames it: listens to what is asked, answers, and tells what happens.
//!
//! Only the framing page is heard, or the page itself where nothing frames it. Must not know any protocol, nor what
//! messages look like: `link::message` does.

use super::beginning::Beginning;
use super::hosts::Host;
use super::notices::Notices;
use super::player::{Player, SPEEDS, nearest};
use super::preferences::Preferences;
use super::share::Share;
use crate::link::message::{self, Call, Loaded, Message};
use crate::scenario::cursor::At;
use crate::scenario::fault::Fault;
use crate::scenario::file::MAX_BYTES;
use crate::scenario::json::Json;
use crate::text::Lang;
use crate::ui::live::watch;
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Whom the page hears: whoever steers it from outside.
#[derive(Clone, Copy)]
struct Outside {
    player: Player,
    preferences: Preferences,
    notices: Notices,
    here: Share,
    host: Host,
}

/// Listens from now on, and says when the page is up.
pub fn listen(player: Player, preferences: Preferences, notices: Notices, here: Share) {
    let host = Host::new(player);
    let outside = Outside { player, preferences, notices, here, host };
    let heard = Closure::<dyn Fn(web_sys::MessageEvent)>::new(move |event| outside.hear(&event));
    let _ = window().add_event_listener_with_callback("message", heard.as_ref().unchecked_ref());
    // The page lives as long as its listener.
    heard.forget();
    watch(move || outside.be_ready());
    outside.tell_notes();
    outside.tell_violations();
    outside.tell_state();
}

/// The page that frames this one; this one, where nothing does.
pub fn parent() -> Option<web_sys::Window> {
    window().parent().ok().flatten()
}

/// Sends something; it is for nobody else, but nothing in it is secret.
pub fn send(to: &web_sys::Window, what: &Json, origin: &str) {
    let written = serde_json::to_string(what).unwrap_or_default();
    if let Ok(written) = js_sys::JSON::parse(&written) {
        let _ = to.post_message(&written, origin);
    }
}

thread_local! {
    /// Whether anybody has asked anything yet.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

/// Whether somebody may be listening: the page around this one, or a script of this one that has spoken. A page that
/// nobody frames would otherwise say everything to itself, and hear it.
fn is_heard() -> bool {
    ASKED.get() || parent().is_some_and(|parent| !js_sys::Object::is(&parent, &window()))
}

fn tell(event: &str, more: Json) {
    if let Some(parent) = parent() {
        send(&parent, &message::event(event, more), "*");
    }
}

/// The message as JSON. What refers to itself or is too long is refused before it is copied.
fn written(data: &JsValue) -> Result<String, Fault> {
    let mut left = MAX_BYTES;
    let length =
        |value: &JsValue| value.dyn_ref::<js_sys::JsString>().map_or(0, |text| text.length() as usize);
    let count = move |name: JsValue, value: JsValue| {
        left = left.saturating_sub(1 + length(&name) + length(&value));
        if left == 0 { Err(JsValue::NULL) } else { Ok(value) }
    };
    let count = Closure::<dyn FnMut(JsValue, JsValue) -> Result<JsValue, JsValue>>::new(count);
    let written = js_sys::JSON::stringify_with_replacer(data, count.as_ref());
    let text = written.ok().and_then(|text| text.as_string());
    text.ok_or_else(|| {
        let what =
            format!("must be plain data of at most {MAX_BYTES} characters, without cycles and big integers");
        Fault::at("", what)
    })
}

impl Outside {
    fn hear(self, event: &web_sys::MessageEvent) {
        let Some(source) = event.source() else { return };
        let is_parent = parent().is_some_and(|parent| js_sys::Object::is(&parent, &source));
        let data = event.data();
        let kind = js_sys::Reflect::get(&data, &JsValue::from_str("type"));
        let is_ours = kind.is_ok_and(|kind| kind.as_string().as_deref() == Some(message::TYPE));
        if !is_parent || !is_ours {
            if is_parent {
                self.host.hear(&data);
            }
            return;
        }
        let Some(answer) = self.answer(&data) else { return };
        ASKED.set(true);
        // A frame without an origin of its own can only be named by naming nobody.
        let origin = Some(event.origin()).filter(|origin| origin != "null");
        send(source.unchecked_ref(), &answer, origin.as_deref().unwrap_or("*"));
    }

    fn answer(self, data: &JsValue) -> Option<Json> {
        let Message { id, call } = match written(data) {
            Ok(text) => message::read(&text)?,
            Err(fault) => Message { id: Json::Null, call: Err(fault) },
        };
        Some(match call.and_then(|call| self.perform(call)) {
            Ok(result) => message::answer(id, result),
            Err(fault) => message::refusal(id, &fault),
        })
    }

    fn perform(self, call: Call) -> Result<Json, Fault> {
        let player = self.player;
        match call {
            Call::Play => player.play(true),
            Call::Pause => player.play(false),
            Call::Step => {
                player.step_forward();
                let rejected = player.saying.with_untracked(|saying| saying.rejected.clone());
                if let Some(why) = rejected {
                    return Err(Fault::at("", why.say(Lang::En)));
                }
            }
            Call::Back => player.step_back(),
            Call::SeekTime(at) => {
                player.run_to(at);
            }
            Call::SeekPosition(position) => {
                let most = player.standing.with_untracked(|standing| standing.len);
                if most < position {
                    return Err(Fault::at(
                        "/params/index",
                        format!("must be at most {most}, the length of the history"),
                    ));
                }
                player.seek_position(position);
            }
            Call::Reset => player.reset(),
            Call::Speed(speed) => player.speed.set(nearest(speed)),
            Call::Load(Loaded::File(file, slug)) => return self.load(Beginning::of_file(*file, slug)),
            Call::Load(Loaded::Link(recording, trouble)) => {
                trouble.into_iter().for_each(|trouble| self.notices.say(trouble));
                return self.load(Beginning::of_link(*recording));
            }
            Call::Act(step) => return self.act(&step),
            Call::GetState { transcript } => {
                let told = transcript.then(|| player.transcript());
                let state = message::join(player.state(None), message::outcome(&player.failed(), told));
                return Ok(message::join(state, self.standing()));
            }
            Call::GetLink => {
                let (url, exact) = self.here.url();
                return Ok(message::object([("url", message::text(url)), ("exact", Json::Bool(exact))]));
            }
            Call::SetTheme(theme) => {
                self.here.ask(|asked| asked.theme = Some(theme));
                self.preferences.theme.set(theme);
            }
            Call::SetLang(lang) => {
                self.here.ask(|asked| asked.lang = Some(lang));
                self.preferences.lang.set(lang);
            }
        }
        Ok(self.moment())
    }

    fn load(self, beginning: Beginning) -> Result<Json, Fault> {
        let run = beginning.run();
        if let Some(fault) = run.broken {
            return Err(fault);
        }
        run.troubles().into_iter().for_each(|trouble| self.notices.say(trouble));
        self.player.begin(run);
        Ok(message::join(self.moment(), message::outcome(&self.player.failed(), None)))
    }

    fn act(self, step: &Json) -> Result<Json, Fault> {
        let done = self.player.perform_step(&At { value: step, pointer: "/params".to_string() })?;
        let came = message::outcome(&done.failed, Some(done.transcript));
        let shown = match done.show {
            Some(show) => message::join(self.player.state(Some(&show)), self.standing()),
            None => self.moment(),
        };
        Ok(message::join(shown, came))
    }

    /// Where the page stands, and when that is.
    fn moment(self) -> Json {
        message::join(
            message::object([("now_ms", message::number(self.player.now().as_ms()))]),
            self.standing(),
        )
    }

    fn standing(self) -> Json {
        let standing = self.player.standing.get_untracked();
        let speed = SPEEDS.get(self.player.speed.get_untracked()).map_or(1.0, |(speed, _)| *speed);
        message::object([
            ("position", message::whole(standing.position)),
            ("length", message::whole(standing.len)),
            ("playing", Json::Bool(self.player.playing.get_untracked())),
            ("speed", message::number(speed)),
        ])
    }

    // What is told without being asked.

    fn be_ready(self) {
        let Some(app) = document().get_element_by_id("app") else { return };
        let height = {
            let app = app.clone();
            move || app.get_bounding_client_rect().height().ceil()
        };
        let protocol = self.player.beginning.with_untracked(|beginning| beginning.protocol.key);
        tell(
            "ready",
            message::object([
                ("protocol", message::text(protocol)),
                ("version", message::text(env!("CARGO_PKG_VERSION"))),
                ("height", message::number(height())),
            ]),
        );
        let host = self.host;
        host.greet();
        host.tell_height(height());
        let told = Cell::new(height());
        let resized = Closure::<dyn Fn()>::new(move || {
            let height = height();
            // Less than a pixel comes of rounding, and would go back and forth for ever.
            if 1.0 < (told.replace(height) - height).abs() {
                tell("resize", message::object([("height", message::number(height))]));
                host.tell_height(height);
            }
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&app);
            // The application lives as long as the page.
            std::mem::forget(observer);
        }
        resized.forget();
    }

    /// Every caption between where the page stood and where it stands now.
    fn tell_notes(self) {
        let mut heard = 0;
        watch(move || {
            let position = self.player.standing.with(|standing| standing.position);
            let captions =
                if heard < position && is_heard() { untrack(|| self.player.captions()) } else { Vec::new() };
            let lang = self.preferences.lang.get_untracked();
            let new = captions.iter().take_while(|caption| heard < caption.position).count();
            for caption in captions[..new].iter().rev() {
                tell("note", message::note(caption, lang));
            }
            heard = position;
        });
    }

    fn tell_violations(self) {
        let mut told = 0;
        watch(move || {
            let broken = self.player.violations.with(|violations| violations.len());
            if told < broken && is_heard() {
                let state = untrack(|| self.player.state(Some(&["violations"])));
                let violations = state.get("violations").map(Json::items).unwrap_or_default();
                violations.iter().skip(told).for_each(|violation| tell("violation", violation.clone()));
            }
            told = broken;
        });
    }

    /// While time passes only that it does; else every place to which somebody goes.
    fn tell_state(self) {
        let mut told = None;
        watch(move || {
            self.player.speed.track();
            if !self.player.playing.get() {
                self.player.standing.track();
                self.player.clock.track();
            }
            let now = untrack(|| self.moment());
            // How the page begins is what `ready` says.
            if told.is_some() && told.as_ref() != Some(&now) && is_heard() {
                tell("state", now.clone());
            }
            told = Some(now);
        });
    }
}
