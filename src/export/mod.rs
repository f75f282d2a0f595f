//! A run in other formats, for slides, papers and other tools: the space–time diagram as SVG, a stretch as a Mermaid
//! sequence diagram, the causal order as a ShiViz log, the history as JSON.
//!
//! Pure: texts from a session, the same in the page and without it. Must not know the page, nor any protocol by name.

pub mod history;
pub mod mermaid;
pub mod paper;
pub mod shiviz;
pub mod svg;

use crate::engine::catalog::{Opening, ProtocolInfo};
use crate::engine::ids::{MemberId, Micros};
use crate::engine::session::Session;
use crate::scene::diagram::Axis;
use crate::text::export as say;
use crate::text::{Lang, Text};
use std::ops::Range;

/// A run that is to be written down.
pub struct Run<'a> {
    /// The run.
    pub session: &'a dyn Session,
    /// Its protocol.
    pub protocol: &'static ProtocolInfo,
    /// What it began with.
    pub opening: &'a Opening,
    /// In which language.
    pub lang: Lang,
}

impl Run<'_> {
    /// What it shows, in one line: protocol, nodes, seed, and the stretch.
    pub fn caption(&self, positions: &Range<usize>) -> String {
        let at = |position: usize| self.session.time_at(position);
        let last = positions.end.saturating_sub(1);
        let words = if positions.start == last { &say::CAPTION_AT } else { &say::CAPTION };
        let text = words
            .with("protocol", self.protocol.name)
            .with("nodes", self.opening.nodes)
            .with("seed", self.opening.seed)
            .with("from", ms(at(positions.start)))
            .with("to", ms(at(last)));
        let variant = self.protocol.variants.get(self.opening.variant).filter(|_| 0 < self.opening.variant);
        match variant {
            Some(variant) => {
                say::CAPTION_VARIANT.with("caption", text).with("variant", *variant).say(self.lang)
            }
            None => text.say(self.lang),
        }
    }

    /// Every action of the branch.
    pub fn all(&self) -> Range<usize> {
        1..self.session.len().max(1) + 1
    }

    fn say(&self, text: &Text) -> String {
        text.say(self.lang)
    }
}

/// A format's name for the runner, and how a whole run is written in it.
type Format = (&'static str, fn(&Run<'_>) -> String);

/// The formats in which a whole run can be written.
pub const FORMATS: [Format; 4] = [
    ("svg", |run| svg::diagram(run, Axis::Steps, run.all(), Axis::Steps.first_scale())),
    ("mermaid", |run| mermaid::sequence_diagram(run, run.all())),
    ("shiviz", |run| shiviz::log(run, run.all())),
    ("history", history::history),
];

/// Milliseconds, cut to a tenth as everywhere.
fn ms(time: Micros) -> String {
    format!("{}.{}", time.0 / 1000, time.0 % 1000 / 100)
}

/// A member as a word of its own: `Node 1`, `Client A`.
fn name(member: MemberId) -> Text {
    match member {
        MemberId::Node(node) => say::NODE.with("node", node),
        MemberId::Client(client) => say::CLIENT.with("client", client),
    }
}
