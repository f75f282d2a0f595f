//! What clients asked and were told, kept outside the world: a request takes effect once, in real-time order.
//!
//! Knows no protocol by name.

use conclave::engine::action::{Happening, Report};
use conclave::engine::client::{ClientNote, Outcome};
use conclave::engine::ids::ClientId;
use conclave::engine::protocol::{Letter, Protocol};
use std::collections::BTreeMap;
use std::rc::Rc;

/// A request: who asked, under which number.
pub type Origin = (ClientId, u32);

/// When a request was first sent and first answered, in actions, and with what.
#[derive(Clone, Debug, Default)]
struct Story {
    asked: usize,
    answered: Option<usize>,
    replied: Option<Option<Rc<str>>>,
}

/// What clients asked and were told.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    actions: usize,
    stories: BTreeMap<Origin, Story>,
}

impl Ledger {
    /// Takes in a step; complains where a request is answered in two ways.
    pub fn note<P: Protocol>(&mut self, report: &Report<P>) -> Result<(), String> {
        self.actions += 1;
        let now = self.actions;
        for happening in &report.happenings {
            match happening {
                Happening::Sent(packet, letter) => self.note_sent(packet.to, letter)?,
                Happening::ClientNoted(client, ClientNote::Answered { seq, .. }) => {
                    let story = self.stories.entry((*client, *seq)).or_default();
                    story.answered = story.answered.or(Some(now));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn note_sent<M>(
        &mut self,
        to: conclave::engine::ids::MemberId,
        letter: &Letter<M>,
    ) -> Result<(), String> {
        match (letter, to) {
            (Letter::Request(request), _) => {
                let asked = self.actions;
                let story = || Story { asked, ..Story::default() };
                self.stories.entry((request.client, request.seq)).or_insert_with(story);
                Ok(())
            }
            (
                Letter::Reply { seq, outcome: Outcome::Done { value } },
                conclave::engine::ids::MemberId::Client(client),
            ) => {
                let story = self.stories.entry((client, *seq)).or_default();
                match story.replied.replace(value.clone()) {
                    Some(before) if before != *value => Err(format!(
                        "request {seq} of client {client} was answered {before:?} and then {value:?}"
                    )),
                    _ => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Everything that clients were told.
    pub fn answers(&self) -> impl Iterator<Item = Option<&Rc<str>>> {
        self.stories.values().filter_map(|story| Some(story.replied.as_ref()?.as_ref()))
    }

    /// Checks the order in which requests took effect: all that were answered did, and one that was asked
    /// after another was answered came after it. `order` is where each request first stands in the log.
    pub fn audit(&self, order: &BTreeMap<Origin, u32>) -> Result<(), String> {
        let place = |origin: &Origin| order.get(origin).copied();
        let mut answered: Vec<(usize, u32)> = Vec::new();
        for (origin, story) in self.stories.iter().filter(|(_, story)| story.answered.is_some()) {
            let place = place(origin).ok_or_else(|| format!("{origin:?} was answered and is lost"))?;
            answered.extend(story.answered.map(|at| (at, place)));
        }
        for (origin, story) in &self.stories {
            let Some(place) = place(origin) else { continue };
            let before = answered.iter().filter(|(at, _)| *at < story.asked);
            match before.map(|(_, earlier)| *earlier).max() {
                Some(earlier) if place < earlier => {
                    return Err(format!("{origin:?} at {place} was asked after {earlier} was answered"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
