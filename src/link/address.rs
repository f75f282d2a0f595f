//! The address of the page: its parameters as one table, how they are read, and how they are written.
//!
//! [`PARAMETERS`] is the whole schema; parsing, writing, notices and documentation go through it. Takes pairs that
//! are decoded already. Must not know the page, nor any protocol by name.

mod compare;
mod look;
mod puzzle;

pub use look::{Depth, Theme};

use crate::engine::beside::Beside;
use crate::engine::ids::Micros;
use crate::protocols::{PROTOCOLS, ProtocolInfo};
use crate::scenario::file::Scenario;
use crate::text::link as say;
use crate::text::{Lang, Text, Words};

/// The seed of the first view, chosen by looking: one node times out well before the others, and wins.
pub const FIRST_SEED: u64 = 41;
/// How many nodes the first view has.
pub const FIRST_NODES: u8 = 5;
/// The first election is seen within two seconds at it, and the eye can follow a message.
pub const FIRST_SPEED: f64 = 0.05;
/// The most nodes that an address may ask for; a scenario file may have more, with roles apart.
const MOST_NODES: u8 = 9;
/// The fewest nodes of which a majority can lose one.
pub const LEAST_NODES: u8 = 3;
/// The slowest and the fastest speed that can be asked for; the page takes the nearest that it has.
pub const SPEED_RANGE: (f64, f64) = (0.001, 100.0);
/// The latest virtual time that can be asked for: a day.
pub const LATEST_MS: f64 = 86_400_000.0;
/// How much of a wrong value is shown.
const SHOWN: usize = 40;

/// What an address asks for.
#[derive(Clone, Debug)]
pub struct Address {
    /// The protocol that runs.
    pub protocol: &'static ProtocolInfo,
    /// The slug of a built-in scenario.
    pub scenario: Option<&'static str>,
    /// The variant of which the reader is to find the fault, by name.
    pub puzzle: Option<&'static str>,
    /// The variant, by its place in the protocol's list.
    pub variant: usize,
    /// The cluster beside it, if there is one.
    pub beside: Option<Beside>,
    /// How many nodes.
    pub nodes: u8,
    /// The seed of all randomness.
    pub seed: u64,
    /// Virtual time to real time.
    pub speed: f64,
    /// The instant at which the page opens, if not at the opening of the run.
    pub t: Option<Micros>,
    /// Whether time passes as soon as the page is open.
    pub autoplay: bool,
    /// How much is shown.
    pub depth: Depth,
    /// Whether the page is a part of another one.
    pub embed: bool,
    /// Whether the gallery of scenarios is open.
    pub gallery: bool,
    /// The theme, if not the reader's own.
    pub theme: Option<Theme>,
    /// Whether less motion is asked for, whatever the reader's system says.
    pub calm: bool,
    /// The language, if not the reader's own.
    pub lang: Option<Lang>,
}

impl Default for Address {
    fn default() -> Address {
        Address {
            protocol: &PROTOCOLS[0],
            scenario: None,
            puzzle: None,
            variant: 0,
            beside: None,
            nodes: FIRST_NODES,
            seed: FIRST_SEED,
            speed: FIRST_SPEED,
            t: None,
            autoplay: true,
            depth: Depth::default(),
            embed: false,
            gallery: false,
            theme: None,
            calm: false,
            lang: None,
        }
    }
}

/// A parameter of the address.
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static Words,
    /// What it may be, beside the parameters before it.
    pub kind: fn(&Address) -> Kind,
    /// What applies without it, where that is no value of its own.
    pub otherwise: Option<&'static Words>,
    set: fn(&mut Address, Value),
    get: fn(&Address) -> Option<String>,
}

/// What a parameter may be.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// One of these names, in capitals or not.
    Names(Vec<&'static str>),
    /// A whole number in this range, both ends included.
    Whole(u64, u64),
    /// A number in this range, both ends included.
    Number(f64, f64),
}

/// A value that is as its kind demands: the place of the name, or the number.
#[derive(Clone, Copy)]
enum Value {
    Name(usize),
    Whole(u64),
    Number(f64),
}

impl Value {
    fn place(self) -> usize {
        match self {
            Value::Name(place) => place,
            _ => 0,
        }
    }

    fn whole(self) -> u64 {
        match self {
            Value::Whole(whole) => whole,
            _ => 0,
        }
    }

    fn number(self) -> f64 {
        match self {
            Value::Number(number) => number,
            _ => 0.0,
        }
    }
}

impl Kind {
    fn read(&self, text: &str) -> Option<Value> {
        match self {
            Kind::Names(names) => {
                let place = names.iter().position(|name| name.eq_ignore_ascii_case(text));
                place.map(Value::Name)
            }
            Kind::Whole(least, most) => {
                let whole = text.parse().ok().filter(|whole| least <= whole && whole <= most);
                whole.map(Value::Whole)
            }
            Kind::Number(least, most) => {
                let number = text.parse().ok().filter(|number| least <= number && number <= most);
                number.map(Value::Number)
            }
        }
    }

    /// What is allowed, in words.
    pub fn text(&self) -> Text {
        match self {
            Kind::Names(names) => say::ALLOWED_NAMES.with("names", names.join(", ")),
            Kind::Whole(least, most) => {
                say::ALLOWED_WHOLE.with("least", least.to_string()).with("most", most.to_string())
            }
            Kind::Number(least, most) => {
                say::ALLOWED_NUMBER.with("least", least.to_string()).with("most", most.to_string())
            }
        }
    }
}

const SWITCH: [&str; 2] = ["0", "1"];

fn switch(_: &Address) -> Kind {
    Kind::Names(SWITCH.to_vec())
}

fn switched(on: bool) -> Option<String> {
    Some(SWITCH[usize::from(on)].to_string())
}

/// Every parameter. What one may be depends on those before it, so a scenario comes first: it brings the others' values.
pub static PARAMETERS: [Parameter; 18] = [
    Parameter {
        name: "scenario",
        about: &say::ABOUT_SCENARIO,
        kind: |_| Kind::Names(scenarios().map(|(slug, _)| slug).collect()),
        otherwise: Some(&say::OTHERWISE_SCENARIO),
        set: |address, value| address.choose_scenario(value.place()),
        get: |address| address.scenario.map(str::to_string),
    },
    Parameter {
        name: "algo",
        about: &say::ABOUT_ALGO,
        kind: |address| {
            Kind::Names(match address.scenario {
                // A scenario is written for one protocol.
                Some(_) => vec![address.protocol.key],
                None => PROTOCOLS.iter().map(|protocol| protocol.key).collect(),
            })
        },
        otherwise: None,
        set: |address, value| {
            if address.scenario.is_none() {
                address.protocol = PROTOCOLS.get(value.place()).unwrap_or(address.protocol);
            }
        },
        get: |address| Some(address.protocol.key.to_string()),
    },
    puzzle::PUZZLE,
    Parameter {
        name: "variant",
        about: &say::ABOUT_VARIANT,
        kind: |address| {
            Kind::Names(match address.puzzle {
                Some(variant) => vec![variant],
                None => address.protocol.variants.to_vec(),
            })
        },
        otherwise: None,
        set: |address, value| {
            if address.puzzle.is_none() {
                address.variant = value.place();
            }
        },
        get: |address| address.protocol.variants.get(address.variant).map(|name| name.to_string()),
    },
    compare::COMPARE,
    compare::VARIANT,
    compare::OPTION,
    Parameter {
        name: "nodes",
        about: &say::ABOUT_NODES,
        kind: |address| match (address.scenario, address.puzzle) {
            // Its steps name nodes, and what is to be found is found in a cluster of that size.
            (Some(_), _) | (_, Some(_)) => Kind::Whole(address.nodes.into(), address.nodes.into()),
            (None, None) => Kind::Whole(LEAST_NODES.into(), MOST_NODES.into()),
        },
        otherwise: None,
        set: |address, value| address.nodes = value.whole() as u8,
        get: |address| Some(address.nodes.to_string()),
    },
    Parameter {
        name: "seed",
        about: &say::ABOUT_SEED,
        kind: |_| Kind::Whole(0, u64::MAX),
        otherwise: None,
        set: |address, value| address.seed = value.whole(),
        get: |address| Some(address.seed.to_string()),
    },
    Parameter {
        name: "speed",
        about: &say::ABOUT_SPEED,
        kind: |_| Kind::Number(SPEED_RANGE.0, SPEED_RANGE.1),
        otherwise: None,
        set: |address, value| address.speed = value.number(),
        get: |address| Some(address.speed.to_string()),
    },
    Parameter {
        name: "t",
        about: &say::ABOUT_T,
        kind: |_| Kind::Number(0.0, LATEST_MS),
        otherwise: Some(&say::OTHERWISE_T),
        set: |address, value| {
            address.t = Some(Micros::from_ms_f64(value.number()));
            address.autoplay = false;
        },
        get: |address| address.t.map(|t| t.to_string()),
    },
    Parameter {
        name: "autoplay",
        about: &say::ABOUT_AUTOPLAY,
        kind: switch,
        otherwise: None,
        set: |address, value| address.autoplay = value.place() == 1,
        get: |address| switched(address.autoplay),
    },
    Parameter {
        name: "ui",
        about: &say::ABOUT_UI,
        kind: |_| Kind::Names(Depth::TAGS.to_vec()),
        otherwise: None,
        set: |address, value| address.depth = Depth::ALL[value.place()],
        get: |address| Some(address.depth.tag().to_string()),
    },
    Parameter {
        name: "embed",
        about: &say::ABOUT_EMBED,
        kind: switch,
        otherwise: None,
        set: |address, value| address.embed = value.place() == 1,
        get: |address| switched(address.embed),
    },
    Parameter {
        name: "gallery",
        about: &say::ABOUT_GALLERY,
        kind: switch,
        otherwise: None,
        set: |address, value| address.gallery = value.place() == 1,
        get: |address| switched(address.gallery),
    },
    Parameter {
        name: "theme",
        about: &say::ABOUT_THEME,
        kind: |_| Kind::Names(Theme::TAGS.to_vec()),
        otherwise: Some(&say::OTHERWISE_THEME),
        set: |address, value| address.theme = Some(Theme::ALL[value.place()]),
        get: |address| address.theme.map(|theme| theme.tag().to_string()),
    },
    Parameter {
        name: "motion",
        about: &say::ABOUT_MOTION,
        kind: |_| Kind::Names(MOTIONS.to_vec()),
        otherwise: None,
        set: |address, value| address.calm = value.place() == 1,
        get: |address| Some(MOTIONS[usize::from(address.calm)].to_string()),
    },
    Parameter {
        name: "lang",
        about: &say::ABOUT_LANG,
        kind: |_| Kind::Names(Lang::ALL.map(Lang::tag).to_vec()),
        otherwise: Some(&say::OTHERWISE_LANG),
        set: |address, value| address.lang = Some(Lang::ALL[value.place()]),
        get: |address| address.lang.map(|lang| lang.tag().to_string()),
    },
];

const MOTIONS: [&str; 2] = ["auto", "reduce"];

impl Parameter {
    /// Its value in an address; nothing where it has none.
    pub fn value(&self, address: &Address) -> Option<String> {
        (self.get)(address)
    }

    /// What applies without it, in an address that says nothing else.
    pub fn default(&self) -> Text {
        self.in_force(&Address::default())
    }

    fn in_force(&self, address: &Address) -> Text {
        match (self.get)(address) {
            Some(value) => say::VALUE.with("value", value),
            None => self.otherwise.map_or(say::VALUE.with("value", ""), Text::from),
        }
    }
}

/// What an address says that it cannot.
#[derive(Clone, PartialEq, Debug)]
pub enum Trouble {
    /// A parameter that nobody knows, or that is there already: for whoever wrote the address.
    Ignored(Text),
    /// A value that its parameter cannot have: for the reader, who does not see what was meant.
    Wrong(Text),
}

impl Address {
    /// Reads the decoded pairs of an address. Of two values for one parameter the first counts, as for a browser.
    pub fn parse(pairs: &[(String, String)]) -> (Address, Vec<Trouble>) {
        let (mut address, mut troubles) = (Address::default(), Vec::new());
        for parameter in &PARAMETERS {
            let Some((_, value)) = pairs.iter().find(|(name, _)| name == parameter.name) else { continue };
            if let Err(wrong) = address.read(parameter, value) {
                troubles.push(Trouble::Wrong(wrong));
            }
        }
        for (place, (name, _)) in pairs.iter().enumerate() {
            let known = PARAMETERS.iter().any(|parameter| parameter.name == name);
            if !known || pairs.iter().take(place).any(|(before, _)| before == name) {
                troubles.push(Trouble::Ignored(say::IGNORED.with("name", shortened(name))));
            }
        }
        (address, troubles)
    }

    /// Sets a parameter, if it can have the value.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), Text> {
        match PARAMETERS.iter().find(|parameter| parameter.name == name) {
            Some(parameter) => self.read(parameter, text),
            None => Err(say::IGNORED.with("name", shortened(name))),
        }
    }

    fn read(&mut self, parameter: &Parameter, text: &str) -> Result<(), Text> {
        let kind = (parameter.kind)(self);
        match kind.read(text) {
            Some(value) => {
                (parameter.set)(self, value);
                Ok(())
            }
            None => Err(say::WRONG
                .with("name", parameter.name)
                .with("value", shortened(text))
                .with("allowed", kind.text())
                .with("otherwise", parameter.in_force(self))),
        }
    }

    /// What differs from what a shorter address would say: names and values.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let (mut said, mut pairs) = (Address::default(), Vec::new());
        for parameter in &PARAMETERS {
            let Some(value) = (parameter.get)(self) else { continue };
            if (parameter.get)(&said).as_ref() != Some(&value) && said.read(parameter, &value).is_ok() {
                pairs.push((parameter.name, value));
            }
        }
        pairs
    }

    /// The address without one of its parameters.
    pub fn without(&self, name: &str) -> Address {
        let kept = self.pairs().into_iter().filter(|(known, _)| *known != name);
        let pairs: Vec<_> = kept.map(|(name, value)| (name.to_string(), value)).collect();
        Address::parse(&pairs).0
    }

    /// The address as a query without its question mark.
    pub fn query(&self) -> String {
        let pairs = self.pairs();
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// The file of its scenario, begun as the address says.
    pub fn scenario_file(&self) -> Option<Scenario> {
        let mut file = built_in(self.scenario?)?;
        file.opening.seed = self.seed;
        file.opening.variant = self.variant;
        file.beside.clone_from(&self.beside);
        Some(file)
    }

    fn choose_scenario(&mut self, place: usize) {
        let Some((slug, _)) = scenarios().nth(place) else { return };
        let Some(file) = built_in(slug) else { return };
        self.scenario = Some(slug);
        self.protocol = file.protocol;
        self.beside = file.beside;
        (self.variant, self.nodes, self.seed) = (file.opening.variant, file.opening.nodes, file.opening.seed);
        self.autoplay = false;
    }
}

/// Every built-in scenario: slug and text.
pub fn scenarios() -> impl Iterator<Item = (&'static str, &'static str)> {
    PROTOCOLS.iter().flat_map(|protocol| protocol.scenarios).copied()
}

/// The name of a built-in scenario, if it is one.
pub fn known_slug(slug: &str) -> Option<&'static str> {
    scenarios().map(|(known, _)| known).find(|known| *known == slug)
}

/// The built-in scenario of this name. That each can be read is tested.
pub fn built_in(slug: &str) -> Option<Scenario> {
    let (_, text) = scenarios().find(|(known, _)| *known == slug)?;
    Scenario::parse(text.as_bytes()).ok()
}

fn shortened(text: &str) -> String {
    let mut letters = text.chars();
    let start: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() { start + "…" } else { start }
}
