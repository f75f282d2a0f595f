//! Challenges: to find by hand what the checker finds in a small cluster with a variant.
//!
//! A challenge is the check file of a variant. Must not know any protocol by name, nor the page.

use super::check::Asked;
use super::file::Scenario;
use crate::engine::check::bounds::Question;
use crate::protocols::ProtocolInfo;
use crate::text::Text;
use crate::text::menu as say;

/// The variants of a protocol in which there is something to be found, by name. The correct one is not among them.
pub fn names(protocol: &'static ProtocolInfo) -> impl Iterator<Item = &'static str> {
    let has_file = |variant: &&str| protocol.checks.iter().any(|(name, _)| name == variant);
    protocol.variants.iter().copied().skip(1).filter(has_file)
}

/// The file of a challenge, as the checker reads it.
pub fn text(protocol: &ProtocolInfo, variant: &str) -> Option<&'static str> {
    protocol.checks.iter().find(|(name, _)| *name == variant).map(|(_, text)| *text)
}

/// The cluster of a challenge and what is asked in it. That each can be read is tested.
pub fn file(protocol: &'static ProtocolInfo, variant: &str) -> Option<(Scenario, Question)> {
    let file = Scenario::parse(text(protocol, variant)?.as_bytes()).ok()?;
    let Asked { question, .. } = file.check.clone()?;
    Some((file, question))
}

/// What the reader is to bring about.
pub fn goal(protocol: &ProtocolInfo, question: &Question) -> Text {
    match question {
        Question::Any => Text::from(&say::BREAK_ANY),
        Question::Stuck => Text::from(&say::GET_STUCK),
        Question::Breaks(wanted) => {
            let promise = (protocol.invariants)().into_iter().find(|(id, ..)| id == wanted);
            promise.map_or(Text::from(&say::BREAK_ANY), |(id, _, name, promise)| {
                say::BREAK_PROMISE.with("id", id).with("name", name).with("promise", promise)
            })
        }
        Question::Reaches(wanted) => {
            let state = (protocol.questions)().into_iter().find(|(key, _)| key == wanted);
            state.map_or(Text::from(&say::BREAK_ANY), |(_, name)| say::REACH_STATE.with("name", name))
        }
    }
}
