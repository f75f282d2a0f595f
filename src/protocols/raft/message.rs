//! What Raft servers say to each other: the two RPCs of Figure 2, each a request and a reply.
//!
//! With the fields that files and transcripts show, by the paper's names in snake case. Must not know roles.

use super::log::{Entry, Index, Term};
use crate::engine::client::is_command;
use crate::engine::ids::{ClientId, NodeId};
use crate::engine::plain::Plain;

/// The greatest term or index that a forged message may name.
pub const MAX_NUMBER: i64 = 1_000_000_000;

/// A message between servers.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// A candidate asks for a vote (§5.2).
    RequestVote(RequestVote),
    /// Granted or not.
    VoteReply(VoteReply),
    /// A leader replicates entries, or only shows that it lives (§5.3).
    AppendEntries(AppendEntries),
    /// Stored or not.
    AppendReply(AppendReply),
}

/// Invoked by candidates to gather votes (§5.2).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestVote {
    /// The candidate's term.
    pub term: Term,
    /// Who asks.
    pub candidate_id: NodeId,
    /// Index of the candidate's last log entry (§5.4).
    pub last_log_index: Index,
    /// Term of the candidate's last log entry (§5.4).
    pub last_log_term: Term,
}

/// The answer to [`RequestVote`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct VoteReply {
    /// The voter's term, for the candidate to update itself.
    pub term: Term,
    /// Whether the candidate received the vote.
    pub vote_granted: bool,
}

/// Invoked by the leader to replicate log entries (§5.3); empty, it is a heartbeat (§5.2).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AppendEntries {
    /// The leader's term.
    pub term: Term,
    /// Whom followers send clients to.
    pub leader_id: NodeId,
    /// Index of the entry just before the new ones.
    pub prev_log_index: Index,
    /// Term of that entry.
    pub prev_log_term: Term,
    /// Entries to store; none for a heartbeat.
    pub entries: Vec<Entry>,
    /// The leader's commit index.
    pub leader_commit: Index,
}

/// The answer to [`AppendEntries`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AppendReply {
    /// The follower's term, for the leader to update itself.
    pub term: Term,
    /// Whether the follower had the entry before the new ones.
    pub success: bool,
    /// On success, up to where the follower's log now is the leader's: the end of *that request*, because the
    /// reply may come late, when both logs have changed.
    pub match_index: Index,
    /// On failure, where the logs part, if hints are on.
    pub conflict: Option<Conflict>,
}

/// Where a follower's log parts from what the leader supposed (§5.3, the optimisation at its end).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Conflict {
    /// The term of the follower's entry at `prev_log_index`; none where its log is too short.
    pub term: Option<Term>,
    /// The first index that the follower stores for that term, or the one after its last entry.
    pub index: Index,
}

/// The names of the kinds, by the paper.
pub const KINDS: [&str; 4] = ["RequestVote", "RequestVoteReply", "AppendEntries", "AppendEntriesReply"];

impl Message {
    /// The sender's term, which every message carries (§5.1).
    pub fn term(&self) -> Term {
        match self {
            Message::RequestVote(RequestVote { term, .. })
            | Message::VoteReply(VoteReply { term, .. })
            | Message::AppendEntries(AppendEntries { term, .. })
            | Message::AppendReply(AppendReply { term, .. }) => *term,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Message::RequestVote(_) => KINDS[0],
            Message::VoteReply(_) => KINDS[1],
            Message::AppendEntries(_) => KINDS[2],
            Message::AppendReply(_) => KINDS[3],
        }
    }

    /// Its fields.
    pub fn fields(&self) -> Plain {
        match self {
            Message::RequestVote(vote) => Plain::map([
                ("term", vote.term.into()),
                ("candidate_id", vote.candidate_id.number().into()),
                ("last_log_index", vote.last_log_index.into()),
                ("last_log_term", vote.last_log_term.into()),
            ]),
            Message::VoteReply(reply) => {
                Plain::map([("term", reply.term.into()), ("vote_granted", reply.vote_granted.into())])
            }
            Message::AppendEntries(append) => Plain::map([
                ("term", append.term.into()),
                ("leader_id", append.leader_id.number().into()),
                ("prev_log_index", append.prev_log_index.into()),
                ("prev_log_term", append.prev_log_term.into()),
                ("entries", append.entries.iter().map(entry_fields).collect()),
                ("leader_commit", append.leader_commit.into()),
            ]),
            Message::AppendReply(reply) => {
                let mut fields = vec![("term", reply.term.into()), ("success", reply.success.into())];
                match &reply.conflict {
                    Some(conflict) => fields.extend([
                        ("conflict_term", conflict.term.into()),
                        ("conflict_index", conflict.index.into()),
                    ]),
                    None if reply.success => fields.push(("match_index", reply.match_index.into())),
                    None => {}
                }
                Plain::map(fields)
            }
        }
    }
}

fn entry_fields(entry: &Entry) -> Plain {
    let mut fields = vec![("term", entry.term.into()), ("command", (&*entry.command).into())];
    if let Some((client, seq)) = entry.origin {
        fields.push(("client", client.number().into()));
        fields.push(("seq", seq.into()));
    }
    Plain::map(fields)
}

/// The message of a kind with these fields, or what is wrong with them in a sentence.
pub fn read(kind: &str, from: NodeId, fields: &Plain) -> Result<Message, String> {
    let fields = Fields(fields);
    match kind {
        "RequestVote" => {
            fields.only(&["term", "candidate_id", "last_log_index", "last_log_term"])?;
            Ok(Message::RequestVote(RequestVote {
                term: fields.number("term")?,
                candidate_id: fields.node("candidate_id", from)?,
                last_log_index: fields.number("last_log_index")?,
                last_log_term: fields.number("last_log_term")?,
            }))
        }
        "RequestVoteReply" => {
            fields.only(&["term", "vote_granted"])?;
            let vote_granted = fields.flag("vote_granted")?;
            Ok(Message::VoteReply(VoteReply { term: fields.number("term")?, vote_granted }))
        }
        "AppendEntries" => {
            fields.only(&[
                "term",
                "leader_id",
                "prev_log_index",
                "prev_log_term",
                "entries",
                "leader_commit",
            ])?;
            Ok(Message::AppendEntries(AppendEntries {
                term: fields.number("term")?,
                leader_id: fields.node("leader_id", from)?,
                prev_log_index: fields.number("prev_log_index")?,
                prev_log_term: fields.number("prev_log_term")?,
                entries: fields.entries()?,
                leader_commit: fields.number("leader_commit")?,
            }))
        }
        "AppendEntriesReply" => {
            fields.only(&["term", "success", "match_index", "conflict_term", "conflict_index"])?;
            let success = fields.flag("success")?;
            Ok(Message::AppendReply(AppendReply {
                term: fields.number("term")?,
                success,
                // A success that does not say up to where would be taken for one of nothing.
                match_index: match success {
                    true => fields.number("match_index")?,
                    false => fields.number_or("match_index", 0)?,
                },
                conflict: fields.conflict()?,
            }))
        }
        _ => Err(format!("there is no message kind \"{kind}\"; allowed: {}", KINDS.join(", "))),
    }
}

/// Reads one entry: a term, or an object with `term` and perhaps `command`, `client`, `seq`.
pub fn read_entry(plain: &Plain) -> Result<Entry, String> {
    if let Plain::Int(_) = plain {
        let term = to_number("an entry's term", plain)?;
        return Ok(Entry { term, command: "".into(), origin: None });
    }
    let Plain::Map(_) = plain else {
        return Err("an entry must be a term, or an object with \"term\"".to_string());
    };
    let fields = Fields(plain);
    fields.only(&["term", "command", "client", "seq", "index"])?;
    let command = match plain.get("command") {
        None | Some(Plain::Null) => "",
        Some(Plain::Text(command)) if command.is_empty() || is_command(command) => command,
        Some(_) => return Err("\"command\" must be a line of at most 64 characters".to_string()),
    };
    let client = fields.number_or("client", 0)?;
    let origin = match plain.get("client") {
        None | Some(Plain::Null) => None,
        Some(_) => {
            let client = u8::try_from(client).ok().and_then(ClientId::new);
            let client = client.ok_or_else(|| "\"client\" must be a number from 1 to 8".to_string())?;
            Some((client, fields.number("seq")?))
        }
    };
    Ok(Entry { term: fields.number("term")?, command: command.into(), origin })
}

/// Reads the last index and term that a snapshot stands for.
pub fn read_snapshot(plain: &Plain) -> Result<(Index, Term), String> {
    let Plain::Map(_) = plain else {
        return Err("\"snapshot\" must be an object with \"index\" and \"term\"".to_string());
    };
    let fields = Fields(plain);
    fields.only(&["index", "term"])?;
    Ok((fields.number("index")?, fields.number("term")?))
}

/// Fields as somebody else wrote them.
struct Fields<'a>(&'a Plain);

impl Fields<'_> {
    fn only(&self, allowed: &[&str]) -> Result<(), String> {
        let Plain::Map(fields) = self.0 else {
            return Err(format!("the fields must be an object; allowed: {}", allowed.join(", ")));
        };
        match fields.iter().find(|(name, _)| !allowed.contains(&name.as_str())) {
            Some((name, _)) => Err(format!("unknown field \"{name}\"; allowed: {}", allowed.join(", "))),
            None => Ok(()),
        }
    }

    fn number(&self, name: &str) -> Result<u32, String> {
        let value = self.0.get(name).ok_or_else(|| format!("the field \"{name}\" is missing"))?;
        to_number(&format!("\"{name}\""), value)
    }

    fn number_or(&self, name: &str, default: u32) -> Result<u32, String> {
        match self.0.get(name) {
            None | Some(Plain::Null) => Ok(default),
            Some(value) => to_number(&format!("\"{name}\""), value),
        }
    }

    fn flag(&self, name: &str) -> Result<bool, String> {
        match self.0.get(name) {
            Some(Plain::Bool(value)) => Ok(*value),
            Some(_) => Err(format!("\"{name}\" must be true or false")),
            None => Err(format!("the field \"{name}\" is missing")),
        }
    }

    /// A node; left out, it is the one that seems to have sent the message.
    fn node(&self, name: &str, from: NodeId) -> Result<NodeId, String> {
        let number = self.number_or(name, u32::from(from.number()))?;
        let node = u8::try_from(number).ok().and_then(NodeId::new);
        node.ok_or_else(|| format!("\"{name}\" must be a node's number"))
    }

    fn entries(&self) -> Result<Vec<Entry>, String> {
        match self.0.get("entries") {
            None | Some(Plain::Null) => Ok(Vec::new()),
            Some(Plain::List(entries)) => entries.iter().map(read_entry).collect(),
            Some(_) => Err("\"entries\" must be a list".to_string()),
        }
    }

    fn conflict(&self) -> Result<Option<Conflict>, String> {
        match self.0.get("conflict_index") {
            None | Some(Plain::Null) => Ok(None),
            Some(_) => {
                let term = match self.0.get("conflict_term") {
                    None | Some(Plain::Null) => None,
                    Some(_) => Some(self.number("conflict_term")?),
                };
                Ok(Some(Conflict { term, index: self.number("conflict_index")? }))
            }
        }
    }
}

fn to_number(what: &str, plain: &Plain) -> Result<u32, String> {
    match plain.as_int() {
        Some(number) if (0..=MAX_NUMBER).contains(&number) => Ok(number as u32),
        _ => Err(format!("{what} must be a whole number from 0 to {MAX_NUMBER}")),
    }
}
