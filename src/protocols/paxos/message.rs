//! What Paxos nodes say to each other: the two phases of *Paxos Made Simple* §2.2 with their answers, and the words of
//! learners (§2.3).
//!
//! With the fields that files and transcripts show. Must not know roles.

use super::ballot::{Ballot, MAX_ROUND, Value, Vote};
use crate::engine::client::is_command;
use crate::engine::ids::{NodeId, Stamp};
use crate::engine::plain::Plain;

/// A message between nodes. Who sent it stands on its envelope.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// Phase 1a: a proposer asks for promises.
    Prepare {
        /// For this ballot.
        ballot: Ballot,
    },
    /// Phase 1b: an acceptor promises to take part in nothing below, and tells its latest vote.
    Promise {
        /// The ballot that it answers; without it a late answer would count for another ballot (P-11).
        ballot: Ballot,
        /// The vote of the highest ballot that the acceptor has cast, if it has voted.
        accepted: Option<Vote>,
    },
    /// An acceptor refuses, of either phase: only a hint, so that a proposer need not wait in vain (§2.4).
    Nack {
        /// The ballot that is refused.
        ballot: Ballot,
        /// The higher one that the acceptor has promised.
        promised: Ballot,
    },
    /// Phase 2a: a proposer asks for votes.
    Accept(Vote),
    /// Phase 2b: an acceptor tells its vote.
    Accepted(Vote),
    /// Somebody who knows tells what is chosen (§2.3).
    Learn(Vote),
    /// A learner asks what others know (§2.3).
    Query,
}

/// The names of the kinds.
pub const KINDS: [&str; 7] = ["Prepare", "Promise", "Nack", "Accept", "Accepted", "Learn", "Query"];

impl Message {
    /// The ballot that it is about.
    pub fn ballot(&self) -> Option<Ballot> {
        match self {
            Message::Prepare { ballot } | Message::Promise { ballot, .. } | Message::Nack { ballot, .. } => {
                Some(*ballot)
            }
            Message::Accept(vote) | Message::Accepted(vote) | Message::Learn(vote) => Some(vote.ballot),
            Message::Query => None,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Message::Prepare { .. } => KINDS[0],
            Message::Promise { .. } => KINDS[1],
            Message::Nack { .. } => KINDS[2],
            Message::Accept(_) => KINDS[3],
            Message::Accepted(_) => KINDS[4],
            Message::Learn(_) => KINDS[5],
            Message::Query => KINDS[6],
        }
    }

    /// Its fields.
    pub fn fields(&self) -> Plain {
        match self {
            Message::Prepare { ballot } => Plain::map([("ballot", spell(*ballot))]),
            Message::Promise { ballot, accepted } => {
                let accepted = accepted.as_ref().map_or(Plain::Null, vote_fields);
                Plain::map([("ballot", spell(*ballot)), ("accepted", accepted)])
            }
            Message::Nack { ballot, promised } => {
                Plain::map([("ballot", spell(*ballot)), ("promised", spell(*promised))])
            }
            Message::Accept(vote) | Message::Accepted(vote) | Message::Learn(vote) => vote_fields(vote),
            Message::Query => Plain::Map(Vec::new()),
        }
    }
}

fn spell(ballot: Ballot) -> Plain {
    Plain::Text(ballot.to_string())
}

fn vote_fields(vote: &Vote) -> Plain {
    Plain::map([("ballot", spell(vote.ballot)), ("value", (&*vote.value).into())])
}

/// The message of a kind with these fields, or what is wrong with them in a sentence.
pub fn read(kind: &str, fields: &Plain) -> Result<Message, String> {
    let only = |allowed: &[&str]| only(fields, allowed);
    match kind {
        "Prepare" => {
            only(&["ballot"]).and_then(|()| Ok(Message::Prepare { ballot: ballot(fields, "ballot")? }))
        }
        "Promise" => {
            only(&["ballot", "accepted"])?;
            Ok(Message::Promise {
                ballot: ballot(fields, "ballot")?,
                accepted: read_vote_in(fields, "accepted")?,
            })
        }
        "Nack" => {
            only(&["ballot", "promised"])?;
            Ok(Message::Nack { ballot: ballot(fields, "ballot")?, promised: ballot(fields, "promised")? })
        }
        "Accept" => read_vote(fields).map(Message::Accept),
        "Accepted" => read_vote(fields).map(Message::Accepted),
        "Learn" => read_vote(fields).map(Message::Learn),
        "Query" => only(&[]).map(|()| Message::Query),
        _ => Err(format!("there is no message kind \"{kind}\"; allowed: {}", KINDS.join(", "))),
    }
}

/// Complains about a field that is not allowed.
pub fn only(fields: &Plain, allowed: &[&str]) -> Result<(), String> {
    let Plain::Map(named) = fields else {
        return Err(format!("the fields must be an object; allowed: {}", allowed.join(", ")));
    };
    match named.iter().find(|(name, _)| !allowed.contains(&name.as_str())) {
        Some((name, _)) => Err(format!("unknown field \"{name}\"; allowed: {}", allowed.join(", "))),
        None => Ok(()),
    }
}

/// A ballot as it is shown, which has to be there.
pub fn ballot(fields: &Plain, name: &str) -> Result<Ballot, String> {
    let value = fields.get(name).ok_or_else(|| format!("the field \"{name}\" is missing"))?;
    let stamp = value.as_text().and_then(Stamp::parse);
    let round = stamp.and_then(|stamp| u32::try_from(stamp.number).ok()).filter(|round| *round <= MAX_ROUND);
    let proposer: Option<NodeId> = stamp.and_then(|stamp| stamp.by);
    round.zip(proposer).map(|(round, proposer)| Ballot { round, proposer }).ok_or_else(|| {
        format!("\"{name}\" must be a ballot: a round up to {MAX_ROUND} and a node, such as \"2·1\"")
    })
}

/// A vote that may be there, in a field of its own.
pub fn read_vote_in(fields: &Plain, name: &str) -> Result<Option<Vote>, String> {
    match fields.get(name) {
        None | Some(Plain::Null) => Ok(None),
        Some(vote) => read_vote(vote).map(Some).map_err(|why| format!("\"{name}\": {why}")),
    }
}

fn read_vote(fields: &Plain) -> Result<Vote, String> {
    only(fields, &["ballot", "value"])?;
    Ok(Vote { ballot: ballot(fields, "ballot")?, value: value(fields, "value")? })
}

/// A value, which has to be there: a client's command.
pub fn value(fields: &Plain, name: &str) -> Result<Value, String> {
    let text = fields.get(name).and_then(Plain::as_text).filter(|text| is_command(text));
    text.map(Value::from).ok_or_else(|| format!("\"{name}\" must be a line of 1 to 64 characters"))
}
