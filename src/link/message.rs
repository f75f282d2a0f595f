//! Messages between the page and the one that frames it: what may be asked, and how it is answered.
//!
//! Takes and gives JSON. Whatever arrives is read into a [`Call`] or refused in a sentence that names the field and
//! what is allowed there; English, like everything for those who write programs. Must not know the page.

use crate::engine::describe::Weight;
use crate::engine::ids::Micros;
use crate::engine::session::Caption;
use crate::link::address::{LATEST_MS, SPEED_RANGE, Theme, built_in, scenarios};
use crate::link::run::{self, Recording};
use crate::scenario::cursor::{At, Fields};
use crate::scenario::expect::Failure;
use crate::scenario::fault::{Fault, choices, must_be};
use crate::scenario::file::{Scenario, parse_json};
use crate::scenario::json::Json;
use crate::text::{Lang, Text};
use serde_json::Number;

/// What every message says it is.
pub const TYPE: &str = "conclave";
/// The version of what messages mean.
pub const VERSION: u64 = 1;
/// Everything that can be asked.
pub const METHODS: [&str; 13] = [
    "play", "pause", "step", "back", "seek", "reset", "speed", "load", "act", "getState", "getLink",
    "setTheme", "setLang",
];
/// The longest `id`, in characters.
const MAX_ID: usize = 100;
const FIELDS: [&str; 5] = ["type", "v", "id", "method", "params"];
const NO_PARAMS: Json = Json::Map(Vec::new());

/// Something that was asked.
#[derive(Debug)]
pub struct Message {
    /// What the answer is to be called: a text, a number, or nothing.
    pub id: Json,
    /// What is to be done, or why nothing is.
    pub call: Result<Call, Fault>,
}

/// What can be asked of the page.
#[derive(Debug)]
pub enum Call {
    /// Time passes.
    Play,
    /// Time stands still.
    Pause,
    /// One action onwards.
    Step,
    /// One action back.
    Back,
    /// To an instant, in the past or ahead.
    SeekTime(Micros),
    /// To just after so many actions.
    SeekPosition(usize),
    /// The same run from its start.
    Reset,
    /// How fast time passes.
    Speed(f64),
    /// Another run.
    Load(Loaded),
    /// A step of a scenario file: what its names mean depends on the run.
    Act(Json),
    /// What is shown, perhaps without all that happened before.
    GetState {
        /// Whether the transcript is wanted.
        transcript: bool,
    },
    /// The address of what is shown.
    GetLink,
    /// Another theme.
    SetTheme(Theme),
    /// Another language.
    SetLang(Lang),
}

/// A run that somebody wants to see.
#[derive(Debug)]
pub enum Loaded {
    /// A scenario; with its name, if it is a built-in one.
    File(Box<Scenario>, Option<&'static str>),
    /// The run of a link, and what is missing of it.
    Link(Box<Recording>, Option<Text>),
}

/// Reads a message. Nothing, if it is none of ours, or one that the page itself has sent.
pub fn read(text: &str) -> Option<Message> {
    let document = match parse_json(text.as_bytes()) {
        Ok(document) => document,
        Err(fault) => return Some(Message { id: Json::Null, call: Err(fault) }),
    };
    if !concerns_us(&document) {
        return None;
    }
    let at = At::root(&document);
    let id = document.get("id").filter(|id| is_id(id)).cloned().unwrap_or(Json::Null);
    Some(Message { id, call: read_call(&at) })
}

/// A page that is not framed hears its own answers and events: answering those would never end.
fn concerns_us(document: &Json) -> bool {
    let is_ours = document.get("type") == Some(&Json::Text(TYPE.to_string()));
    let told = ["result", "error", "event"].iter().any(|field| document.get(field).is_some());
    is_ours && (document.get("method").is_some() || !told)
}

fn is_id(id: &Json) -> bool {
    match id {
        Json::Text(text) => text.chars().count() <= MAX_ID,
        Json::Number(_) | Json::Null => true,
        _ => false,
    }
}

fn read_call(at: &At<'_>) -> Result<Call, Fault> {
    let fields = at.object(&FIELDS)?;
    let version = fields.need("v")?;
    version.whole(VERSION, VERSION).map_err(|_| version.fault(must_be("1", version.value)))?;
    if let Some(id) = fields.get("id").filter(|id| !is_id(id.value)) {
        let what = format!("a number, or a text of at most {MAX_ID} characters");
        return Err(id.fault(must_be(&what, id.value)));
    }
    let method = fields.need("method")?.name("method", &METHODS)?;
    let none = At { value: &NO_PARAMS, pointer: "/params".to_string() };
    let params = fields.get("params").filter(|params| *params.value != Json::Null).unwrap_or(none);
    read_method(method, &params)
}

fn read_method(method: &str, params: &At<'_>) -> Result<Call, Fault> {
    let plain = |call: Call| params.object(&[]).map(|_| call);
    match method {
        "play" => plain(Call::Play),
        "pause" => plain(Call::Pause),
        "step" => plain(Call::Step),
        "back" => plain(Call::Back),
        "reset" => plain(Call::Reset),
        "getLink" => plain(Call::GetLink),
        "seek" => read_seek(params),
        "load" => read_load(params),
        "act" => params.any_object().map(|_| Call::Act(params.value.clone())),
        "speed" => {
            let speed = params.object(&["value"])?.need("value")?.number(SPEED_RANGE.0, SPEED_RANGE.1);
            speed.map(Call::Speed)
        }
        "getState" => {
            let transcript = params.object(&["transcript"])?.read("transcript", |at| at.flag())?;
            Ok(Call::GetState { transcript: transcript.unwrap_or(true) })
        }
        "setTheme" => {
            let tag = params.object(&["theme"])?.need("theme")?.name("theme", &Theme::TAGS)?;
            Ok(Call::SetTheme(Theme::from_tag(tag).unwrap_or(Theme::Auto)))
        }
        _ => {
            let tag = params.object(&["lang"])?.need("lang")?.name("language", &Lang::ALL.map(Lang::tag))?;
            Ok(Call::SetLang(Lang::from_tag(tag).unwrap_or_default()))
        }
    }
}

/// The one field that is there, of those that exclude each other.
fn only<'a>(fields: &Fields<'a>, names: &[&'static str]) -> Result<(&'static str, At<'a>), Fault> {
    let mut there = names.iter().filter_map(|name| Some((*name, fields.get(name)?)));
    match (there.next(), there.next()) {
        (Some(found), None) => Ok(found),
        _ => Err(fields.at.fault(format!("needs one of: {}", choices(names)))),
    }
}

fn read_seek(params: &At<'_>) -> Result<Call, Fault> {
    let names = ["ms", "index"];
    match only(&params.object(&names)?, &names)? {
        ("ms", at) => at.number(0.0, LATEST_MS).map(|ms| Call::SeekTime(Micros::from_ms_f64(ms))),
        (_, at) => at.whole(0, u64::from(u32::MAX)).map(|index| Call::SeekPosition(index as usize)),
    }
}

fn read_load(params: &At<'_>) -> Result<Call, Fault> {
    let names = ["scenario", "file", "hash"];
    match only(&params.object(&names)?, &names)? {
        ("scenario", at) => {
            let slugs: Vec<&'static str> = scenarios().map(|(slug, _)| slug).collect();
            let slug = at.name("built-in scenario", &slugs)?;
            let file = built_in(slug).ok_or_else(|| at.fault(must_be("a built-in scenario", at.value)))?;
            Ok(Call::Load(Loaded::File(Box::new(file), Some(slug))))
        }
        ("file", at) => Ok(Call::Load(Loaded::File(Box::new(Scenario::read(&at)?), None))),
        (_, at) => match run::read(at.text()?) {
            Some(Ok((recording, trouble))) => Ok(Call::Load(Loaded::Link(Box::new(recording), trouble))),
            Some(Err(trouble)) => Err(at.fault(trouble.say(Lang::En))),
            None => Err(at.fault(must_be("the part of a link behind its \"#\", from \"v1:\" on", at.value))),
        },
    }
}

// What the page says.

/// An object with these fields.
pub fn object<const N: usize>(fields: [(&str, Json); N]) -> Json {
    map(Vec::from(fields))
}

fn map(fields: Vec<(&str, Json)>) -> Json {
    Json::Map(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

/// A text.
pub fn text(text: impl Into<String>) -> Json {
    Json::Text(text.into())
}

/// A count.
pub fn whole(count: usize) -> Json {
    Json::Number(count.into())
}

/// A number; nothing where it is none.
pub fn number(number: f64) -> Json {
    Number::from_f64(number).map_or(Json::Null, Json::Number)
}

fn texts(texts: Vec<String>) -> Json {
    Json::List(texts.into_iter().map(Json::Text).collect())
}

/// What was done came to this.
pub fn answer(id: Json, result: Json) -> Json {
    object([("type", text(TYPE)), ("v", Json::Number(VERSION.into())), ("id", id), ("result", result)])
}

/// Nothing was done, and why. Without an id to answer to it is an event, so that somebody hears it.
pub fn refusal(id: Json, fault: &Fault) -> Json {
    let error = ("error", text(fault.to_string()));
    match id {
        Json::Null => event("error", object([error])),
        id => object([("type", text(TYPE)), ("v", Json::Number(VERSION.into())), ("id", id), error]),
    }
}

/// Something happened, with what is to be known of it.
pub fn event(name: &str, more: Json) -> Json {
    join(object([("type", text(TYPE)), ("v", Json::Number(VERSION.into())), ("event", text(name))]), more)
}

/// The fields of both.
pub fn join(one: Json, other: Json) -> Json {
    match (one, other) {
        (Json::Map(mut fields), Json::Map(more)) => {
            fields.extend(more);
            Json::Map(fields)
        }
        (one, _) => one,
    }
}

/// What came of a scenario or a step, as `--json` shows it.
pub fn outcome(failed: &[Failure], transcript: Option<Vec<String>>) -> Json {
    let failure = |failure: &Failure| {
        let Failure { step, wanted, got } = failure;
        object([("step", whole(*step)), ("wanted", wanted.clone()), ("got", got.clone())])
    };
    let failed = object([("failed", Json::List(failed.iter().map(failure).collect()))]);
    match transcript {
        Some(lines) => join(failed, object([("transcript", texts(lines))])),
        None => failed,
    }
}

/// A caption, in a language.
pub fn note(caption: &Caption, lang: Lang) -> Json {
    let told = &caption.told;
    let node = told.member.and_then(|member| member.node());
    object([
        ("key", text(told.telling.text.words.key)),
        ("text", text(told.telling.text.say(lang))),
        ("why", told.telling.why.as_ref().map_or(Json::Null, |why| text(why.say(lang)))),
        ("cite", text(told.telling.cite)),
        ("nodes", Json::List(node.iter().map(|node| whole(node.number().into())).collect())),
        ("landmark", Json::Bool(matches!(told.weight, Weight::Landmark(_)))),
        ("position", whole(caption.position)),
        ("at_ms", number(caption.at.as_ms())),
    ])
}
