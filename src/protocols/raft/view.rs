//! How Raft shows itself: roles, parts, glyphs, and the narrator's sentences.
//!
//! Plain data and words only; must not know who draws them.

use super::log::{Entry, Index, Log};
use super::message::{self, Message};
use super::node::{Durable, Note, Raft, Role, Start, Timer, majority};
use super::text as say;
use crate::engine::describe::{Described, Introduction, Mark, Telling, Weight};
use crate::engine::frame::{
    Answer, Cell, Cursor, FieldPart, Lens, LogPart, Look, Part, RoleFrame, Settled, Shape, TallyPart, Tone,
};
use crate::engine::ids::{NodeId, Stamp};
use crate::engine::plain::Plain;
use crate::engine::world::{Slot, World};
use crate::text::{Text, Words};

const FOLLOWER: RoleFrame = RoleFrame { key: "follower", word: &say::FOLLOWER, tone: Tone::Plain };
const CANDIDATE: RoleFrame = RoleFrame { key: "candidate", word: &say::CANDIDATE, tone: Tone::Uncertain };
const LEADER: RoleFrame = RoleFrame { key: "leader", word: &say::LEADER, tone: Tone::Primary };

impl Described for Raft {
    const NAME: &'static Words = &say::NAME;
    const PAPER: &'static str = "Raft";
    const OPENING: Introduction =
        Introduction { text: &say::OPENING, why: &say::OPENING_WHY, invite: &say::INVITE };
    const VARIANT_WORDS: &'static [&'static Words] = &[
        &say::VARIANT_STANDARD,
        &say::VARIANT_FORGETS_VOTE,
        &say::VARIANT_IGNORES_LOG,
        &say::VARIANT_COMMITS_OLD,
        &say::VARIANT_TRUSTS_COMMIT,
    ];
    const ROLES: &'static [RoleFrame] = &[FOLLOWER, CANDIDATE, LEADER];

    fn role(&self) -> RoleFrame {
        match self.role {
            Role::Follower => FOLLOWER,
            Role::Candidate { .. } => CANDIDATE,
            Role::Leader { .. } => LEADER,
        }
    }

    fn stamp(durable: &Durable) -> Option<(&'static Words, Stamp)> {
        Some((&say::TERM, u64::from(durable.current_term).into()))
    }

    fn line(world: &World<Raft>, node: NodeId) -> Option<Text> {
        let state = world.slot(node).node()?;
        Some(match &state.role {
            Role::Candidate { votes } => {
                say::LINE_VOTES.with("votes", votes.len()).with("needed", majority(world.nodes()))
            }
            Role::Leader { .. } => say::LINE_COMMIT
                .with("commit", state.commit_index)
                .with("last", state.durable.log.last_index()),
            Role::Follower => match (state.leader_id, state.durable.voted_for) {
                (Some(leader), _) => say::LINE_FOLLOWS.with("node", leader),
                (None, Some(candidate)) => say::LINE_VOTED.with("node", candidate),
                (None, None) => Text::from(&say::LINE_WAITS),
            },
        })
    }

    fn parts(world: &World<Raft>, node: NodeId, lens: Lens) -> Vec<Part> {
        let cursor = cursor_of(world, node);
        match world.slot(node) {
            Slot::Up(state) | Slot::Paused(state) => running_parts(world, state, cursor, lens),
            Slot::Down(durable) => {
                let mut parts = durable_parts(durable);
                parts.push(Part::Log(log_part(&durable.log, 0, 0, cursor, lens)));
                parts
            }
        }
    }

    fn look(message: &Message) -> Look {
        let look = |shape, reply, answer, label| Look { shape, reply, answer, label };
        match message {
            Message::RequestVote(_) => look(Shape::Diamond, false, Answer::None, (&say::LOOK_VOTE).into()),
            Message::VoteReply(reply) if reply.vote_granted => {
                look(Shape::Diamond, true, Answer::Yes, (&say::LOOK_GRANTED).into())
            }
            Message::VoteReply(_) => look(Shape::Diamond, true, Answer::No, (&say::LOOK_REFUSED).into()),
            Message::AppendEntries(append) => {
                let label = match &append.entries[..] {
                    [] => Text::from(&say::LOOK_HEARTBEAT),
                    [entry] => say::LOOK_APPEND.with("entries", command_label(entry)),
                    many => say::LOOK_APPEND.with("entries", say::LOOK_COUNT.with("count", many.len())),
                };
                look(Shape::Bar, false, Answer::None, label)
            }
            Message::AppendReply(reply) if reply.success => {
                look(Shape::Bar, true, Answer::Yes, (&say::LOOK_SUCCESS).into())
            }
            Message::AppendReply(_) => look(Shape::Bar, true, Answer::No, (&say::LOOK_MISMATCH).into()),
        }
    }

    fn in_ring(timer: Timer) -> bool {
        timer == Timer::Election
    }

    fn stamp_of(message: &Message) -> Option<Stamp> {
        Some(u64::from(message.term()).into())
    }

    fn weight(note: &Note) -> Weight {
        match note {
            Note::Campaigns { .. } => Weight::Landmark(Mark::Campaign),
            Note::Won { .. } => Weight::Landmark(Mark::Elected),
            Note::Committed { .. } | Note::CommitsOlder { .. } => Weight::Landmark(Mark::Commit),
            Note::Voted { .. }
            | Note::VoteCounted { .. }
            | Note::SteppedDown { .. }
            | Note::Took { .. }
            | Note::Stored { .. }
            | Note::Truncated { .. }
            | Note::Lacks { .. }
            | Note::Differs { .. }
            | Note::BacksUp { .. }
            | Note::Redirects { .. }
            | Note::AlreadyApplied { .. }
            | Note::OldTerm { .. }
            | Note::AlreadyVoted { .. }
            | Note::LogBehind { .. }
            | Note::NotCounted { .. }
            | Note::TwoLeaders { .. }
            | Note::Compacted { .. }
            | Note::Impossible { .. }
            | Note::LogFull
            | Note::TermsExhausted => Weight::News,
            Note::NewTerm { .. }
            | Note::Follows { .. }
            | Note::Heartbeats { .. }
            | Note::HeardHeartbeat { .. }
            | Note::Matches { .. }
            | Note::LearnedCommit { .. }
            | Note::VoteRefused { .. }
            | Note::LateVote { .. }
            | Note::LateAppendReply { .. } => Weight::Routine,
        }
    }

    fn tell(node: NodeId, note: &Note) -> Telling {
        let (text, why, cite) = tell(note);
        let with_node = |text: Text| text.with("node", node);
        Telling { text: with_node(text), why: why.map(with_node), cite }
    }

    fn read_start(fields: &Plain) -> Result<Start, String> {
        read_start(fields)
    }
}

fn field(key: &'static str, name: &'static Words, value: impl Into<Plain>, durable: bool) -> FieldPart {
    FieldPart { key, name, value: value.into(), durable }
}

fn durable_parts(durable: &Durable) -> Vec<Part> {
    let voted_for = durable.voted_for.map(|candidate| candidate.number());
    let mut parts = vec![
        Part::Field(field("term", &say::PART_TERM, durable.current_term, true)),
        Part::Field(field("voted_for", &say::PART_VOTED_FOR, voted_for, true)),
    ];
    if 0 < durable.log.base_index() {
        let (index, term) = (durable.log.base_index(), durable.log.base_term());
        let snapshot = Plain::map([("index", index.into()), ("term", term.into())]);
        parts.push(Part::Field(field("snapshot", &say::PART_SNAPSHOT, snapshot, true)));
    }
    parts
}

fn running_parts(world: &World<Raft>, state: &Raft, cursor: Option<Cursor>, lens: Lens) -> Vec<Part> {
    let mut parts = durable_parts(&state.durable);
    let leader = state.leader_id.map(|leader| leader.number());
    parts.extend([
        Part::Log(log_part(&state.durable.log, state.commit_index, state.last_applied, cursor, lens)),
        Part::Field(field("leader", &say::PART_LEADER, leader, false)),
        Part::Field(field("commit", &say::PART_COMMIT, state.commit_index, false)),
        Part::Field(field("applied", &say::PART_APPLIED, state.last_applied, false)),
    ]);
    match &state.role {
        Role::Follower => {}
        Role::Candidate { votes } => parts.push(Part::Tally(TallyPart {
            key: "votes",
            name: &say::PART_VOTES,
            from: votes.iter().collect(),
            needed: majority(world.nodes()),
            glyph: Shape::Diamond,
        })),
        Role::Leader { peers } => {
            let own = state.leader_id;
            let rows = |value: fn(&super::node::Peer) -> Index| {
                let others = NodeId::all(world.nodes()).zip(peers).filter(|(node, _)| Some(*node) != own);
                Plain::Map(others.map(|(node, peer)| (node.to_string(), value(peer).into())).collect())
            };
            let next = field("next_index", &say::PART_NEXT, rows(|peer| peer.next_index), false);
            let matched = field("match_index", &say::PART_MATCH, rows(|peer| peer.match_index), false);
            parts.extend([Part::Table(next), Part::Table(matched)]);
        }
    }
    let keys = state.machine.store().map(|(key, value)| (key.to_string(), Plain::from(&**value)));
    parts.push(Part::Table(field("value", &say::PART_VALUE, Plain::Map(keys.collect()), false)));
    parts
}

fn log_part(log: &Log, commit: Index, applied: Index, cursor: Option<Cursor>, lens: Lens) -> LogPart {
    let first = lens.first.max(log.base_index() + 1);
    let end = lens.first.saturating_add(lens.count).min(log.last_index() + 1);
    let cell = |index: Index| {
        let entry = log.get(index)?;
        let settled = match index {
            _ if index <= applied => Settled::Applied,
            _ if index <= commit => Settled::Committed,
            _ => Settled::No,
        };
        let stamp = Some(u64::from(entry.term).into());
        Some(Cell { index, stamp, command: entry.command.to_string(), settled })
    };
    LogPart {
        key: "log",
        durable: true,
        base: log.base_index(),
        last: log.last_index(),
        cells: (first..end).filter_map(cell).collect(),
        by_ballots: false,
        cursor,
    }
}

/// What the leader of the latest term supposes of a node's log.
fn cursor_of(world: &World<Raft>, node: NodeId) -> Option<Cursor> {
    let leaders = world.running().filter_map(|(leader, state)| match &state.role {
        Role::Leader { peers } => Some((state.durable.current_term, leader, peers)),
        _ => None,
    });
    let (_, leader, peers) = leaders.max_by_key(|(term, leader, _)| (*term, *leader))?;
    let peer = peers.get(node.place()).filter(|_| leader != node)?;
    Some(Cursor { matched: peer.match_index, next: peer.next_index })
}

fn command_label(entry: &Entry) -> String {
    match entry.command.is_empty() {
        true => format!("({})", entry.term),
        false => entry.command.to_string(),
    }
}

type Said = (Text, Option<Text>, &'static str);

fn tell(note: &Note) -> Said {
    match note {
        Note::Campaigns { term } => {
            (say::CAMPAIGNS.with("term", *term), Some((&say::CAMPAIGNS_WHY).into()), "§5.2")
        }
        Note::Voted { candidate, term } => (
            say::VOTED.with("candidate", *candidate).with("term", *term),
            Some((&say::VOTED_WHY).into()),
            "§5.2, §5.4.1",
        ),
        Note::VoteCounted { from, votes, needed } => {
            let text = say::VOTE_COUNTED.with("from", *from).with("votes", *votes).with("needed", *needed);
            (text, None, "§5.2")
        }
        Note::Won { term, votes } => {
            (say::WON.with("term", *term), Some(say::WON_WHY.with("votes", *votes)), "§5.2")
        }
        Note::SteppedDown { term, from } => {
            (say::STEPPED_DOWN.with("term", *term), Some(say::STEPPED_DOWN_WHY.with("from", *from)), "§5.1")
        }
        Note::NewTerm { term, .. } => (say::NEW_TERM.with("term", *term), None, "§5.1"),
        Note::Follows { leader, term } => {
            (say::FOLLOWS.with("leader", *leader).with("term", *term), None, "§5.2")
        }
        Note::Heartbeats { .. } => ((&say::HEARTBEATS).into(), None, "§5.2"),
        Note::Took { index, command } => (
            say::TOOK.with("index", *index).with("command", &**command),
            Some((&say::TOOK_WHY).into()),
            "§5.3",
        ),
        Note::Stored { .. }
        | Note::HeardHeartbeat { .. }
        | Note::Truncated { .. }
        | Note::Lacks { .. }
        | Note::Differs { .. }
        | Note::Matches { .. }
        | Note::BacksUp { .. } => tell_replication(note),
        Note::Committed { .. }
        | Note::CommitsOlder { .. }
        | Note::LearnedCommit { .. }
        | Note::NotCounted { .. } => tell_commit(note),
        _ => tell_refusal(note),
    }
}

fn tell_replication(note: &Note) -> Said {
    match note {
        Note::Stored { from, to, leader } => {
            let words = if from == to { &say::STORED_ONE } else { &say::STORED };
            (words.with("from", *from).with("to", *to).with("leader", *leader), None, "§5.3")
        }
        Note::Truncated { from, to, leader } => {
            let words = if from == to { &say::TRUNCATED_ONE } else { &say::TRUNCATED };
            let why = say::TRUNCATED_WHY.with("leader", *leader);
            (words.with("from", *from).with("to", *to), Some(why), "§5.3")
        }
        Note::Lacks { index, leader } => {
            (say::LACKS.with("index", *index), Some(say::LACKS_WHY.with("leader", *leader)), "§5.3")
        }
        Note::Differs { index, term, leader } => {
            let text = say::DIFFERS.with("index", *index).with("term", *term);
            (text, Some(say::LACKS_WHY.with("leader", *leader)), "§5.3")
        }
        Note::Matches { peer, index } => {
            (say::MATCHES.with("peer", *peer).with("index", *index), None, "§5.3")
        }
        Note::BacksUp { peer, next } => {
            (say::BACKS_UP.with("peer", *peer).with("next", *next), Some((&say::BACKS_UP_WHY).into()), "§5.3")
        }
        Note::HeardHeartbeat { leader } => (say::HEARD.with("leader", *leader), None, "§5.2"),
        _ => tell_refusal(note),
    }
}

fn tell_commit(note: &Note) -> Said {
    match note {
        Note::Committed { index, stored_on, needed } => {
            let why = say::COMMITTED_WHY.with("stored", *stored_on).with("needed", *needed);
            (say::COMMITTED.with("index", *index), Some(why), "§5.3")
        }
        Note::CommitsOlder { index, entry_term } => (
            say::COMMITS_OLDER.with("index", *index).with("term", *entry_term),
            Some((&say::COMMITS_OLDER_WHY).into()),
            "§5.4.2",
        ),
        Note::LearnedCommit { index } => (say::LEARNED_COMMIT.with("index", *index), None, "§5.3"),
        Note::NotCounted { index, entry_term, current } => {
            let why = say::NOT_COUNTED_WHY.with("term", *entry_term).with("current", *current);
            (say::NOT_COUNTED.with("index", *index), Some(why), "§5.4.2")
        }
        _ => tell_refusal(note),
    }
}

fn tell_refusal(note: &Note) -> Said {
    match note {
        Note::Redirects { leader: Some(leader) } => {
            (say::REDIRECTS.with("leader", *leader), Some((&say::REDIRECTS_WHY).into()), "§8")
        }
        Note::Redirects { leader: None } => {
            ((&say::REDIRECTS_NOBODY).into(), Some((&say::REDIRECTS_WHY).into()), "§8")
        }
        Note::AlreadyApplied { seq } => {
            (say::ALREADY_APPLIED.with("seq", *seq), Some((&say::ALREADY_APPLIED_WHY).into()), "§8")
        }
        Note::OldTerm { from, term, current } => (
            say::OLD_TERM.with("from", *from).with("term", *term),
            Some(say::OLD_TERM_WHY.with("current", *current)),
            "§5.1",
        ),
        Note::AlreadyVoted { candidate, voted_for, term } => {
            let text = say::ALREADY_VOTED.with("candidate", *candidate).with("voted", *voted_for);
            (text.with("term", *term), Some((&say::ALREADY_VOTED_WHY).into()), "§5.2")
        }
        Note::LogBehind { candidate } => {
            (say::LOG_BEHIND.with("candidate", *candidate), Some((&say::LOG_BEHIND_WHY).into()), "§5.4.1")
        }
        Note::VoteRefused { from } => (say::VOTE_REFUSED.with("from", *from), None, "§5.2"),
        Note::LateVote { from, .. } => {
            (say::LATE_VOTE.with("from", *from), Some((&say::LATE_VOTE_WHY).into()), "§5.2")
        }
        Note::LateAppendReply { from, .. } => (say::LATE_APPEND_REPLY.with("from", *from), None, "§5.1"),
        Note::TwoLeaders { from, term } => (
            say::TWO_LEADERS.with("from", *from).with("term", *term),
            Some((&say::TWO_LEADERS_WHY).into()),
            "§5.2",
        ),
        Note::Compacted { peer, index } => {
            (say::COMPACTED.with("peer", *peer).with("index", *index), None, "§7")
        }
        Note::LogFull => ((&say::LOG_FULL).into(), None, ""),
        Note::TermsExhausted => ((&say::TERMS_EXHAUSTED).into(), None, ""),
        Note::Impossible { from } => (say::IMPOSSIBLE.with("from", *from), None, "§5"),
        // Everything else is told by the functions above; saying nothing would hide a mistake.
        other => (say::IMPOSSIBLE.with("from", format!("{other:?}")), None, "§5"),
    }
}

const START_FIELDS: [&str; 5] = ["term", "voted_for", "log", "snapshot", "commit"];

fn read_start(fields: &Plain) -> Result<Start, String> {
    let Plain::Map(named) = fields else { return Err("a start must be an object".to_string()) };
    if let Some((name, _)) = named.iter().find(|(name, _)| !START_FIELDS.contains(&name.as_str())) {
        return Err(format!("unknown field \"{name}\"; allowed: {}", START_FIELDS.join(", ")));
    }
    let mut log = match fields.get("snapshot") {
        None | Some(Plain::Null) => Log::default(),
        Some(snapshot) => {
            let (index, term) = message::read_snapshot(snapshot)?;
            Log::after_snapshot(index, term)
        }
    };
    match fields.get("log") {
        None | Some(Plain::Null) => {}
        Some(Plain::List(entries)) => {
            for (place, entry) in entries.iter().enumerate() {
                let entry =
                    message::read_entry(entry).map_err(|why| format!("\"log\", item {place}: {why}"))?;
                if !log.append(entry) {
                    return Err(format!("a log has at most {} entries", super::log::MAX_LOG));
                }
            }
        }
        Some(_) => return Err("\"log\" must be a list".to_string()),
    }
    // A term that is given stands, also where the log is ahead of it: `start` may show what could never arise.
    let current_term = match fields.get("term") {
        None | Some(Plain::Null) => log.last_term(),
        Some(_) => number(fields, "term")?,
    };
    let commit_index = number(fields, "commit")?;
    if log.last_index() < commit_index {
        return Err(format!("\"commit\" must be at most {}, the last index", log.last_index()));
    }
    let voted_for = match fields.get("voted_for") {
        None | Some(Plain::Null) => None,
        Some(vote) => Some(node(vote)?),
    };
    Ok(Start { durable: Durable { current_term, voted_for, log }, commit_index })
}

fn number(fields: &Plain, name: &str) -> Result<u32, String> {
    match fields.get(name) {
        None | Some(Plain::Null) => Ok(0),
        Some(Plain::Int(number)) if (0..=message::MAX_NUMBER).contains(number) => Ok(*number as u32),
        Some(_) => Err(format!("\"{name}\" must be a whole number from 0 to {}", message::MAX_NUMBER)),
    }
}

fn node(plain: &Plain) -> Result<NodeId, String> {
    let number = plain.as_int().and_then(|number| u8::try_from(number).ok());
    number.and_then(NodeId::new).ok_or_else(|| "\"voted_for\" must be a node's number or null".to_string())
}
