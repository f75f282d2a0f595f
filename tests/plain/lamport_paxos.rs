//! Paxos as a transition system: Lamport's specification `Paxos.tla`, with three acceptors, two values, the ballots 0 and
//! 1, and majorities as quorums. It has no proposers and no learners: whoever may send a message does.

use super::System;
use std::collections::BTreeSet;

/// The distinct states that the specification has.
pub const PUBLISHED: u32 = 3_921;

const ACCEPTORS: u8 = 3;
const VALUES: u8 = 2;
const BALLOTS: u8 = 2;
const QUORUM: usize = 2;

/// A vote: its ballot and its value. The higher is the later one.
pub type Vote = (u8, u8);

/// One acceptor: `maxBal`, and `maxVBal` with `maxVal`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Acceptor {
    /// The highest ballot that it has taken part in.
    pub promised: Option<u8>,
    /// Its last vote.
    pub voted: Option<Vote>,
}

/// What can be sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// `1a`: a ballot begins.
    Prepare(u8),
    /// `1b`: an acceptor takes part in a ballot, and has voted before.
    Promise(u8, u8, Option<Vote>),
    /// `2a`: the value of a ballot.
    Accept(Vote),
    /// `2b`: an acceptor votes.
    Accepted(u8, Vote),
}

/// One state: the acceptors and everything that was ever sent.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct State {
    /// Every acceptor.
    pub acceptors: [Acceptor; ACCEPTORS as usize],
    /// `msgs`
    pub sent: BTreeSet<Message>,
}

/// The system, which promises that at most one value is chosen.
#[derive(Clone, Debug)]
pub struct LamportPaxos {
    /// Whether a ballot may have any value, whatever was voted for before.
    is_heedless: bool,
}

impl LamportPaxos {
    /// The specification.
    pub fn new() -> LamportPaxos {
        LamportPaxos { is_heedless: false }
    }

    /// The same without the condition on the value of a ballot.
    pub fn heedless() -> LamportPaxos {
        LamportPaxos { is_heedless: true }
    }

    /// `Phase2a`: the ballot has no value yet, a quorum takes part in it, and what voted last in that quorum, if anything
    /// did, has voted for this.
    fn may_have(&self, state: &State, ballot: u8, value: u8) -> bool {
        let has_value = |sent: &Message| matches!(sent, Message::Accept((there, _)) if *there == ballot);
        if state.sent.iter().any(has_value) {
            return false;
        }
        let promises: Vec<(u8, Option<Vote>)> = state
            .sent
            .iter()
            .filter_map(|sent| match *sent {
                Message::Promise(acceptor, there, voted) if there == ballot => Some((acceptor, voted)),
                _ => None,
            })
            .collect();
        quorums().any(|quorum| {
            let own = promises.iter().filter(|(acceptor, _)| quorum.contains(acceptor));
            let last = own.clone().filter_map(|(_, voted)| *voted).max();
            let is_safe = self.is_heedless || last.is_none_or(|(_, voted)| voted == value);
            quorum.iter().all(|member| own.clone().any(|(acceptor, _)| acceptor == member)) && is_safe
        })
    }

    /// Whether a quorum has voted for this in one ballot.
    pub fn is_chosen(&self, state: &State, value: u8) -> bool {
        (0..BALLOTS).any(|ballot| {
            let voted = |acceptor: &u8| state.sent.contains(&Message::Accepted(*acceptor, (ballot, value)));
            QUORUM <= (0..ACCEPTORS).filter(voted).count()
        })
    }
}

/// Any two of three.
fn quorums() -> impl Iterator<Item = Vec<u8>> {
    (0..ACCEPTORS).map(|left_out| (0..ACCEPTORS).filter(|member| *member != left_out).collect())
}

impl System for LamportPaxos {
    type State = State;
    /// Every step sends a message.
    type Action = Message;

    fn start(&self) -> State {
        State::default()
    }

    fn actions(&self, state: &State, mut each: impl FnMut(Message)) {
        (0..BALLOTS).for_each(|ballot| each(Message::Prepare(ballot)));
        for ballot in 0..BALLOTS {
            let values = (0..VALUES).filter(|value| self.may_have(state, ballot, *value));
            values.for_each(|value| each(Message::Accept((ballot, value))));
        }
        for (acceptor, number) in state.acceptors.iter().zip(0..) {
            for sent in &state.sent {
                match *sent {
                    Message::Prepare(ballot) if acceptor.promised < Some(ballot) => {
                        each(Message::Promise(number, ballot, acceptor.voted));
                    }
                    Message::Accept(vote) if acceptor.promised <= Some(vote.0) => {
                        each(Message::Accepted(number, vote));
                    }
                    _ => {}
                }
            }
        }
    }

    fn after(&self, state: &State, message: Message) -> State {
        let mut next = state.clone();
        match message {
            Message::Promise(acceptor, ballot, _) => {
                next.acceptors[usize::from(acceptor)].promised = Some(ballot);
            }
            Message::Accepted(acceptor, vote) => {
                let there = Acceptor { promised: Some(vote.0), voted: Some(vote) };
                next.acceptors[usize::from(acceptor)] = there;
            }
            Message::Prepare(_) | Message::Accept(_) => {}
        }
        next.sent.insert(message);
        next
    }

    fn is_safe(&self, state: &State) -> bool {
        (0..VALUES).filter(|value| self.is_chosen(state, *value)).count() <= 1
    }

    fn weight(&self, state: &State) -> usize {
        size_of::<State>() + 96 * state.sent.len().div_ceil(6)
    }
}
