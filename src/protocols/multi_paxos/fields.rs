//! Messages and logs as files and transcripts show them, and back: what a forger writes is checked here.
//!
//! Must not know roles.

use super::log::{Command, MAX_SLOT, Slot, Snapshot, State, Vote};
use super::message::{KINDS, Message, Promise};
use crate::engine::ids::{ClientId, NodeId, NodeSet};
use crate::engine::plain::Plain;
use crate::protocols::machine::Origin;
use crate::protocols::paxos::{Ballot, only_fields as only, read_ballot as ballot};

/// The greatest number of a request, or of a read.
const MAX_NUMBER: i64 = 1_000_000_000;

impl Message {
    /// Its fields.
    pub fn fields(&self) -> Plain {
        match self {
            Message::Prepare { ballot, from } => {
                Plain::map([("ballot", spell(*ballot)), ("from", (*from).into())])
            }
            Message::Promise(promise) => promise.fields(),
            Message::Nack { ballot, promised } => {
                Plain::map([("ballot", spell(*ballot)), ("promised", spell(*promised))])
            }
            Message::Accept { slot, vote, commit } => {
                let mut fields = vote_fields(*slot, vote);
                fields.push(("commit", (*commit).into()));
                Plain::map(fields)
            }
            Message::Accepted { ballot, slot } => {
                Plain::map([("slot", (*slot).into()), ("ballot", spell(*ballot))])
            }
            Message::Commit { ballot, upto } => {
                Plain::map([("ballot", spell(*ballot)), ("upto", (*upto).into())])
            }
            Message::Heartbeat { ballot, commit, read_seq } => Plain::map([
                ("ballot", spell(*ballot)),
                ("commit", (*commit).into()),
                ("read_seq", (*read_seq).into()),
            ]),
            Message::HeartbeatAck { ballot, applied, read_seq } => Plain::map([
                ("ballot", spell(*ballot)),
                ("applied", (*applied).into()),
                ("read_seq", (*read_seq).into()),
            ]),
            Message::LearnRequest { from } => Plain::map([("from", (*from).into())]),
            Message::Learn { slot, commands, next } => {
                let commands = commands.iter().map(|command| Plain::map(command_fields(command)));
                let commands = commands.collect();
                Plain::map([("slot", (*slot).into()), ("commands", commands), ("next", (*next).into())])
            }
            Message::Snapshot(snapshot) => snapshot_fields(snapshot),
        }
    }
}

impl Promise {
    fn fields(&self) -> Plain {
        let votes = self.accepted.iter().map(|(slot, vote)| Plain::map(vote_fields(*slot, vote)));
        let chosen = self.chosen.iter().map(|(slot, command)| {
            Plain::map([("slot", (*slot).into())].into_iter().chain(command_fields(command)))
        });
        let mut fields = vec![
            ("ballot", spell(self.ballot)),
            ("from", self.from.into()),
            ("accepted", votes.collect()),
            ("chosen", chosen.collect()),
        ];
        fields.extend(self.snapshot.as_ref().map(|snapshot| ("snapshot", snapshot_fields(snapshot))));
        Plain::map(fields)
    }
}

type Named = Vec<(&'static str, Plain)>;

fn spell(ballot: Ballot) -> Plain {
    Plain::Text(ballot.to_string())
}

fn command_fields(command: &Command) -> Named {
    let mut fields = vec![("command", (&*command.text).into())];
    if let Some((client, seq)) = command.origin {
        fields.extend([("client", client.number().into()), ("seq", seq.into())]);
    }
    fields
}

fn vote_fields(slot: Slot, vote: &Vote) -> Named {
    let mut fields = vec![("slot", slot.into()), ("ballot", spell(vote.ballot))];
    fields.extend(command_fields(&vote.command));
    fields
}

/// A snapshot: its last slot, what the keys hold, what requests were answered, and who votes.
pub fn snapshot_fields(snapshot: &Snapshot) -> Plain {
    let machine = &snapshot.state.machine;
    let value = machine.store().map(|(key, value)| (key.to_string(), Plain::from(&**value)));
    let session = |((client, seq), answer): (&Origin, &Option<std::rc::Rc<str>>)| {
        Plain::map([
            ("client", client.number().into()),
            ("seq", (*seq).into()),
            ("answer", answer.as_deref().into()),
        ])
    };
    let mut fields = vec![
        ("last", snapshot.last.into()),
        ("value", Plain::Map(value.collect())),
        ("sessions", machine.sessions().map(session).collect()),
    ];
    if !snapshot.state.members.is_empty() {
        let row = |(from, members): &(Slot, NodeSet)| {
            let members = members.iter().map(|node| Plain::from(node.number())).collect();
            Plain::map([("from", (*from).into()), ("members", members)])
        };
        fields.push(("members", snapshot.state.members.iter().map(row).collect()));
    }
    Plain::map(fields)
}

/// The message of a kind with these fields, or what is wrong with them in a sentence.
pub fn read(kind: &str, fields: &Plain) -> Result<Message, String> {
    let only = |allowed: &[&str]| only(fields, allowed);
    let own = || ballot(fields, "ballot");
    match kind {
        "Prepare" => {
            only(&["ballot", "from"])?;
            Ok(Message::Prepare { ballot: own()?, from: slot(fields, "from")? })
        }
        "Promise" => {
            only(&["ballot", "from", "accepted", "chosen", "snapshot"])?;
            let snapshot = present(fields, "snapshot").map(read_snapshot).transpose()?;
            Ok(Message::Promise(Promise {
                ballot: own()?,
                from: slot(fields, "from")?,
                accepted: list(fields, "accepted", read_vote)?,
                chosen: list(fields, "chosen", read_chosen)?,
                snapshot,
            }))
        }
        "Nack" => {
            only(&["ballot", "promised"])?;
            Ok(Message::Nack { ballot: own()?, promised: ballot(fields, "promised")? })
        }
        "Accept" => {
            only(&["slot", "ballot", "command", "client", "seq", "commit"])?;
            let (slot, vote) = vote_of(fields)?;
            Ok(Message::Accept { slot, vote, commit: number_or(fields, "commit", 0)? })
        }
        "Accepted" => {
            only(&["slot", "ballot"])?;
            Ok(Message::Accepted { ballot: own()?, slot: slot(fields, "slot")? })
        }
        "Commit" => {
            only(&["ballot", "upto"])?;
            Ok(Message::Commit { ballot: own()?, upto: slot(fields, "upto")? })
        }
        "Heartbeat" => {
            only(&["ballot", "commit", "read_seq"])?;
            let (commit, read_seq) = (number_or(fields, "commit", 0)?, number_or(fields, "read_seq", 0)?);
            Ok(Message::Heartbeat { ballot: own()?, commit, read_seq })
        }
        "HeartbeatAck" => {
            only(&["ballot", "applied", "read_seq"])?;
            let (applied, read_seq) = (number_or(fields, "applied", 0)?, number_or(fields, "read_seq", 0)?);
            Ok(Message::HeartbeatAck { ballot: own()?, applied, read_seq })
        }
        "LearnRequest" => {
            only(&["from"])?;
            Ok(Message::LearnRequest { from: slot(fields, "from")? })
        }
        "Learn" => {
            only(&["slot", "commands", "next"])?;
            let next = present(fields, "next").map(|_| slot(fields, "next")).transpose()?;
            let commands = list(fields, "commands", |plain| read_command(plain, &[]))?;
            Ok(Message::Learn { slot: slot(fields, "slot")?, commands, next })
        }
        "Snapshot" => read_snapshot(fields).map(Message::Snapshot),
        _ => Err(format!("there is no message kind \"{kind}\"; allowed: {}", KINDS.join(", "))),
    }
}

/// A field that is there and not null.
pub fn present<'a>(fields: &'a Plain, name: &str) -> Option<&'a Plain> {
    fields.get(name).filter(|value| **value != Plain::Null)
}

/// A list, read item by item; nothing where it is left out.
pub fn list<T>(
    fields: &Plain,
    name: &str,
    read: impl Fn(&Plain) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    match present(fields, name) {
        None => Ok(Vec::new()),
        Some(Plain::List(items)) => {
            let placed = items.iter().enumerate();
            let read = |(place, item)| read(item).map_err(|why| format!("\"{name}\", item {place}: {why}"));
            placed.map(read).collect()
        }
        Some(_) => Err(format!("\"{name}\" must be a list")),
    }
}

/// A slot, which has to be there.
pub fn slot(fields: &Plain, name: &str) -> Result<Slot, String> {
    let value = present(fields, name).ok_or_else(|| format!("the field \"{name}\" is missing"))?;
    match value.as_int() {
        Some(slot) if (1..=i64::from(MAX_SLOT)).contains(&slot) => Ok(slot as Slot),
        _ => Err(format!("\"{name}\" must be a slot: a whole number from 1 to {MAX_SLOT}")),
    }
}

/// A number that may be left out.
pub fn number_or(fields: &Plain, name: &str, default: u32) -> Result<u32, String> {
    match present(fields, name).map(Plain::as_int) {
        None => Ok(default),
        Some(Some(number)) if (0..=MAX_NUMBER).contains(&number) => Ok(number as u32),
        Some(_) => Err(format!("\"{name}\" must be a whole number from 0 to {MAX_NUMBER}")),
    }
}

/// A command: a text alone, or an object with `command` and perhaps `client` and `seq`, beside other fields.
pub fn read_command(plain: &Plain, beside: &[&str]) -> Result<Command, String> {
    let fields = match plain {
        Plain::Text(text) => &Plain::map([("command", text.as_str().into())]),
        fields => fields,
    };
    let allowed: Vec<&str> = ["command", "client", "seq"].into_iter().chain(beside.iter().copied()).collect();
    only(fields, &allowed)?;
    let text = match present(fields, "command") {
        None => "",
        Some(Plain::Text(text)) => text,
        Some(_) => return Err("\"command\" must be a line of at most 64 characters".to_string()),
    };
    let command = Command { text: text.into(), origin: read_origin(fields)? };
    match command.is_possible() {
        true => Ok(command),
        false => Err("\"command\" must be a line of at most 64 characters".to_string()),
    }
}

fn read_origin(fields: &Plain) -> Result<Option<Origin>, String> {
    let Some(client) = present(fields, "client") else { return Ok(None) };
    let number = client.as_int().and_then(|number| u8::try_from(number).ok());
    let client = number.and_then(ClientId::new).ok_or("\"client\" must be a number from 1 to 8")?;
    Ok(Some((client, number_or(fields, "seq", 0)?)))
}

fn vote_of(fields: &Plain) -> Result<(Slot, Vote), String> {
    let command = read_command(fields, &["slot", "ballot", "commit"])?;
    Ok((slot(fields, "slot")?, Vote { ballot: ballot(fields, "ballot")?, command }))
}

/// A vote in a slot.
pub fn read_vote(fields: &Plain) -> Result<(Slot, Vote), String> {
    only(fields, &["slot", "ballot", "command", "client", "seq"])?;
    vote_of(fields)
}

/// What is chosen in a slot.
pub fn read_chosen(fields: &Plain) -> Result<(Slot, Command), String> {
    let command = read_command(fields, &["slot"])?;
    Ok((slot(fields, "slot")?, command))
}

/// A snapshot.
pub fn read_snapshot(fields: &Plain) -> Result<Snapshot, String> {
    only(fields, &["last", "value", "sessions", "members"])?;
    let mut snapshot = Snapshot { last: slot(fields, "last")?, state: State::default() };
    match present(fields, "value") {
        None => {}
        Some(Plain::Map(keys)) => {
            for (key, value) in keys {
                let value = value.as_text().ok_or_else(|| format!("\"value\": \"{key}\" must be a text"))?;
                snapshot.state.machine.set(key, value);
            }
        }
        Some(_) => return Err("\"value\" must be an object of keys".to_string()),
    }
    for (origin, answer) in list(fields, "sessions", read_session)? {
        snapshot.state.machine.remember(origin, answer);
    }
    snapshot.state.members = list(fields, "members", read_members)?;
    Ok(snapshot)
}

fn read_session(fields: &Plain) -> Result<(Origin, Option<std::rc::Rc<str>>), String> {
    only(fields, &["client", "seq", "answer"])?;
    let origin = read_origin(fields)?.ok_or("the field \"client\" is missing")?;
    Ok((origin, present(fields, "answer").and_then(Plain::as_text).map(Into::into)))
}

fn read_members(fields: &Plain) -> Result<(Slot, NodeSet), String> {
    only(fields, &["from", "members"])?;
    let node = |plain: &Plain| {
        let number = plain.as_int().and_then(|number| u8::try_from(number).ok());
        number.and_then(NodeId::new).ok_or_else(|| "a member must be a node's number".to_string())
    };
    let members: Vec<NodeId> = list(fields, "members", node)?;
    match members.is_empty() {
        true => Err("\"members\" must name a node".to_string()),
        false => Ok((slot(fields, "from")?, members.into_iter().collect())),
    }
}
