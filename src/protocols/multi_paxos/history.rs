//! What has happened in one slot, as only the observer remembers it: who has ever voted for what, and what was chosen.
//!
//! Must not know what a server holds now.

use super::log::{Command, Slot, Vote};
use crate::engine::check::print::Printer;
use crate::engine::ids::{NodeId, NodeSet};
use crate::protocols::paxos::Ballot;
use std::hash::Hash;

/// What has happened in one slot.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Every vote that was ever cast, and by whom, by ballot.
    pub votes: Vec<(Vote, NodeSet)>,
    /// What a quorum has voted for in one ballot, in the order in which that happened.
    pub chosen: Vec<Vote>,
    /// What was proposed, and how many things had been chosen then.
    pub(super) proposed: Vec<(Vote, u32)>,
    /// When the first thing was chosen here.
    pub(super) chosen_at: u32,
    /// Who was taken to vote here.
    pub(super) electorates: Vec<NodeSet>,
}

impl History {
    /// What tells it from others, for the checker, with what happened in the slots behind it. How many things were chosen
    /// when is of use only to L6, and there only what came before what: which of the slots behind were chosen before a
    /// command was first proposed here. Of several choices only the first one, in its ballot, is ever asked for; that
    /// the others were made follows from the votes.
    pub(super) fn print<'a>(&self, behind: impl Iterator<Item = (Slot, &'a History)>, out: &mut Printer<'_>) {
        (&self.votes, self.chosen.first(), &self.electorates).hash(out);
        let behind: Vec<(Slot, &History)> = behind.filter(|(_, it)| !it.chosen.is_empty()).collect();
        let places: Vec<usize> = (0..self.proposed.len()).collect();
        out.bag(&places, |place, out| {
            let (vote, choices) = &self.proposed[*place];
            let earlier = &self.proposed[..*place];
            vote.hash(out);
            out.word(u64::from(earlier.iter().any(|(there, _)| there.ballot == vote.ballot)));
            let again = earlier.iter().any(|(there, _)| there.command == vote.command);
            out.word(u64::from(again));
            if !again && !vote.command.is_no_op() {
                let before = behind.iter().filter(|(_, it)| it.chosen_at <= *choices);
                out.list(before, |(slot, _), out| out.word(u64::from(*slot)));
            }
        });
    }

    /// Whether a command has been chosen.
    pub fn is_chosen(&self, command: &Command) -> bool {
        self.chosen.iter().any(|chosen| chosen.command == *command)
    }

    /// An acceptor's vote of the highest ballot below one.
    pub(super) fn highest_below(&self, node: NodeId, below: Ballot) -> Option<&Vote> {
        let own = self.votes.iter().filter(|(vote, by)| vote.ballot < below && by.contains(node));
        own.map(|(vote, _)| vote).max()
    }

    /// An acceptor's vote of the highest ballot.
    pub(super) fn highest(&self, node: NodeId) -> Option<&Vote> {
        let own = self.votes.iter().filter(|(_, by)| by.contains(node));
        own.map(|(vote, _)| vote).max()
    }

    /// Somebody votes.
    pub(super) fn cast(&mut self, node: NodeId, vote: &Vote) {
        match self.votes.iter_mut().find(|(there, _)| there == vote) {
            Some((_, by)) => by.insert(node),
            None => {
                let place = self.votes.partition_point(|(there, _)| there < vote);
                self.votes.insert(place, (vote.clone(), [node].into_iter().collect()));
            }
        }
    }
}
