//! What clients asked and were told, for the promises that are made to them: L7, L9 and A2.
//!
//! Only looks. Must not know how a violation is shown.

use super::ghost::Ghost;
use super::log::{Command, Slot};
use super::node::{MultiPaxos, Note};
use super::text as say;
use crate::engine::action::Happening;
use crate::engine::check::print::Printer;
use crate::engine::client::{ClientNote, Outcome};
use crate::engine::ids::{ClientId, MemberId};
use crate::engine::protocol::Letter;
use crate::engine::world::Step;
use crate::protocols::machine::Origin;
use rpds::{RedBlackTreeMap, RedBlackTreeSet};
use std::hash::Hash;
use std::rc::Rc;

/// What clients asked and were told.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    /// What somebody has asked for.
    wanted: RedBlackTreeSet<Command>,
    /// Where each request was first chosen.
    places: RedBlackTreeMap<Origin, Slot>,
    /// Up to where requests were completed when each was first sent.
    floors: RedBlackTreeMap<Origin, Slot>,
    /// Reads beside the log, and how much was applied when they were served.
    reads: RedBlackTreeMap<Origin, Slot>,
    /// What each request was answered.
    answers: RedBlackTreeMap<Origin, Option<Rc<str>>>,
    /// The last slot of which a client was told, or to which a client has read.
    completed: Slot,
    /// Of which slots clients were told.
    told: RedBlackTreeMap<Slot, Vec<ClientId>>,
}

impl Clients {
    /// What tells it from others, for the checker. Who was told of which slot is only shown.
    pub(super) fn print(&self, out: &mut Printer<'_>) {
        (&self.wanted, &self.places, &self.floors, &self.reads, &self.answers, self.completed).hash(out);
    }

    /// Somebody has asked for a command.
    pub(super) fn want(&mut self, command: &Command) {
        self.wanted.insert_mut(command.clone());
    }

    /// Whether somebody has asked for a command.
    pub(super) fn wanted(&self, command: &Command) -> bool {
        self.wanted.contains(command)
    }

    /// A command is chosen in a slot, as are all before it.
    pub(super) fn place(&mut self, command: &Command, slot: Slot) {
        if let Some(origin) = command.origin.filter(|origin| !self.places.contains_key(origin)) {
            self.places.insert_mut(origin, slot);
        }
    }

    /// Where a request was first chosen.
    pub(super) fn place_of(&self, origin: Origin) -> Option<Slot> {
        self.places.get(&origin).copied()
    }

    /// Which clients were told of a slot.
    pub fn told(&self, slot: Slot) -> impl Iterator<Item = ClientId> {
        self.told.get(&slot).into_iter().flatten().copied()
    }

    fn complete(&mut self, origin: Origin) {
        let place = self.place_of(origin);
        let index = self.reads.get(&origin).copied().max(place).unwrap_or_default();
        self.completed = self.completed.max(index);
        if let Some(place) = place {
            let mut told = self.told.get(&place).cloned().unwrap_or_default();
            if !told.contains(&origin.0) {
                told.push(origin.0);
            }
            self.told.insert_mut(place, told);
        }
    }
}

impl Ghost {
    /// What clients have sent, and what has reached them.
    pub(super) fn hear_clients(&mut self, step: &Step<'_, MultiPaxos>) {
        for happening in step.happenings {
            match happening {
                Happening::Sent(_, letter) => {
                    if let Letter::Request(request) = &**letter {
                        let origin = (request.client, request.seq);
                        let text = Rc::clone(&request.command);
                        self.clients.want(&Command { text, origin: Some(origin) });
                        if !self.clients.floors.contains_key(&origin) {
                            self.clients.floors.insert_mut(origin, self.clients.completed);
                        }
                    }
                }
                Happening::ClientNoted(client, ClientNote::Answered { seq, .. }) => {
                    self.clients.complete((*client, *seq));
                }
                _ => {}
            }
        }
    }

    /// What a server answers: after its commands have been taken in, because it answers what it has just applied.
    pub(super) fn see_answers(&mut self, step: &Step<'_, MultiPaxos>) {
        for happening in step.happenings {
            match happening {
                Happening::Noted(_, Note::ServesRead { client, seq, index, .. }) => {
                    self.see_read((*client, *seq), *index, step);
                }
                Happening::Sent(packet, letter) => {
                    if let (
                        MemberId::Client(client),
                        Letter::Reply { seq, outcome: Outcome::Done { value } },
                    ) = (packet.to, &**letter)
                    {
                        self.see_answer((client, *seq), value.as_ref(), step);
                    }
                }
                _ => {}
            }
        }
    }

    /// L9: a read sees everything that was completed before it was asked for.
    fn see_read(&mut self, origin: Origin, index: Slot, step: &Step<'_, MultiPaxos>) {
        let floor = self.clients.floors.get(&origin).copied().unwrap_or_default();
        if index < floor {
            let text = say::READ_BROKEN.with("client", origin.0).with("index", index);
            let nodes = step.before.map(|(node, _)| node);
            self.complain("L9", text.with("floor", floor), nodes, Some(floor));
        }
        self.clients.reads.insert_mut(origin, index);
    }

    /// L7: a request has one answer. L9: and takes effect after what was completed before it was asked for.
    fn see_answer(&mut self, origin: Origin, value: Option<&Rc<str>>, step: &Step<'_, MultiPaxos>) {
        if self.clients.reads.contains_key(&origin) {
            return;
        }
        let node = step.before.map(|(node, _)| node);
        let place = self.clients.place_of(origin);
        if self.clients.answers.get(&origin).is_some_and(|first| first.as_ref() != value) {
            let text = say::ANSWERS_BROKEN.with("client", origin.0).with("seq", origin.1);
            self.complain("L7", text, node, place);
        }
        self.clients.answers.insert_mut(origin, value.cloned());
        let floor = self.clients.floors.get(&origin).copied().unwrap_or_default();
        if let Some(place) = place.filter(|place| *place < floor) {
            let text = say::ORDER_BROKEN.with("client", origin.0).with("slot", place);
            self.complain("L9", text.with("floor", floor), node, Some(place));
        }
    }
}
