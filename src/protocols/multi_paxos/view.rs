//! How Multi-Paxos shows itself: roles, the log with its holes, promises and votes as they land, glyphs.
//!
//! What only the observer knows is in `facts`. Plain data and words only; must not know who draws them.

use super::config::Config;
use super::election::Campaign;
use super::fields::snapshot_fields;
use super::leader::Leader;
use super::log::{Command, Slot, Slots, Vote};
use super::message::Message;
use super::node::{Durable, MultiPaxos, Note, Role, Start, Timer};
use super::text as say;
use super::{facts, start, tell};
use crate::engine::describe::{Described, Introduction, Telling, Weight};
use crate::engine::frame::{
    Answer, Cell, Fact, FieldPart, Lens, LogPart, Look, Part, RegisterPart, RoleFrame, Settled, Shape,
    TallyPart, Tone,
};
use crate::engine::ids::{NodeId, NodeSet, Stamp};
use crate::engine::plain::Plain;
use crate::engine::world::{self, World};
use crate::protocols::paxos::Ballot;
use crate::text::engine as engine_say;
use crate::text::{Text, Words};

const fn role(key: &'static str, word: &'static Words, tone: Tone) -> RoleFrame {
    RoleFrame { key, word, tone }
}

const FOLLOWER: RoleFrame = role("follower", &say::FOLLOWER, Tone::Plain);
const CANDIDATE: RoleFrame = role("candidate", &say::CANDIDATE, Tone::Uncertain);
const LEADER: RoleFrame = role("leader", &say::LEADER, Tone::Primary);
const WATCHER: RoleFrame = role("watching", &say::WATCHER, Tone::Plain);

impl Described for MultiPaxos {
    const NAME: &'static Words = &say::NAME;
    const PAPER: &'static str = "Paxos Made Simple";
    const OPENING: Introduction =
        Introduction { text: &say::OPENING, why: &say::OPENING_WHY, invite: &say::INVITE };
    const VARIANT_WORDS: &'static [&'static Words] = &[
        &say::VARIANT_STANDARD,
        &say::VARIANT_M1,
        &say::VARIANT_M2,
        &say::VARIANT_M3,
        &say::VARIANT_M4,
        &say::VARIANT_M5,
        &say::VARIANT_M6,
        &say::VARIANT_M7,
        &say::VARIANT_M8,
        &say::VARIANT_M9,
        &say::VARIANT_M10,
        &say::VARIANT_M11,
        &say::VARIANT_M12,
        &say::VARIANT_M13,
        &say::VARIANT_M14,
        &say::VARIANT_M15,
    ];
    const ROLES: &'static [RoleFrame] = &[FOLLOWER, CANDIDATE, LEADER, WATCHER];

    fn role(&self) -> RoleFrame {
        match self.role {
            Role::Follower if self.durable.lost => WATCHER,
            Role::Follower => FOLLOWER,
            Role::Candidate(_) => CANDIDATE,
            Role::Leader(_) => LEADER,
        }
    }

    fn stamp(durable: &Durable) -> Option<(&'static Words, Stamp)> {
        Some((&say::PART_PROMISED, durable.promised?.into()))
    }

    fn line(world: &World<MultiPaxos>, node: NodeId) -> Option<Text> {
        Some(line(world.slot(node).node()?, world.config()))
    }

    fn parts(world: &World<MultiPaxos>, node: NodeId, lens: Lens) -> Vec<Part> {
        match world.slot(node) {
            world::Slot::Up(state) | world::Slot::Paused(state) => running_parts(world, state, lens),
            world::Slot::Down(durable) => {
                let mut parts = durable_parts(durable);
                let (last, known) = (durable.snapshot.last, &durable.known);
                parts.push(Part::Log(log_part(world, durable, known, last, lens)));
                parts
            }
        }
    }

    fn look(message: &Message) -> Look {
        look(message)
    }

    fn in_ring(timer: Timer) -> bool {
        timer == Timer::Election
    }

    fn stamp_of(message: &Message) -> Option<Stamp> {
        message.ballot().map(Stamp::from)
    }

    fn weight(note: &Note) -> Weight {
        tell::weight(note)
    }

    fn tell(node: NodeId, note: &Note) -> Telling {
        let (text, why, cite) = tell::tell(note);
        let with_node = |text: Text| text.with("node", node);
        Telling { text: with_node(text), why: why.map(with_node), cite }
    }

    fn read_start(fields: &Plain) -> Result<Start, String> {
        start::read_start(fields)
    }

    /// Quorums of both phases for the slots to come, as far as the server at the centre knows who votes there.
    fn is_quorum(world: &World<MultiPaxos>, centre: NodeId, nodes: NodeSet) -> bool {
        let (Some(state), config) = (world.slot(centre).node(), world.config()) else { return false };
        let votes = |node: &NodeId| world.slot(*node).node().is_none_or(|state| !state.durable.lost);
        let reach: NodeSet = nodes.iter().filter(votes).collect();
        state.electorates(config).iter().all(|members| {
            let quorums = config.quorums(*members);
            quorums.one(reach.iter()) && quorums.two(reach.iter())
        })
    }

    fn can_drive(world: &World<MultiPaxos>, node: NodeId) -> bool {
        let state = world.slot(node).node();
        state.is_some_and(|state| !state.durable.lost && state.voters(world.config()).contains(node))
    }

    fn blocked(world: &World<MultiPaxos>) -> Text {
        let furthest = world.running().map(|(_, state)| state).max_by_key(|state| state.commit);
        let config = world.config();
        let members = furthest.and_then(|state| state.electorates(config).last().copied());
        let quorums = config.quorums(members.unwrap_or(config.members));
        engine_say::BLOCKED_QUORUM
            .with("one", quorums.needed_one())
            .with("two", quorums.needed_two())
            .with("nodes", quorums.acceptors.len())
    }

    fn facts(world: &World<MultiPaxos>, lens: Lens) -> Vec<Fact> {
        facts::facts(world, lens)
    }
}

fn line(state: &MultiPaxos, config: &Config) -> Text {
    match &state.role {
        Role::Candidate(campaign) => {
            let quorums = config.quorums(config.members_at(&state.state, state.commit + 1));
            let count = campaign.promised_by.len();
            say::LINE_PROMISES.with("count", count).with("needed", quorums.needed_one())
        }
        _ if state.commit < state.known.last() => {
            say::LINE_GAP.with("commit", state.commit).with("slot", state.commit + 1)
        }
        Role::Leader(leader) => say::LINE_COMMIT.with("commit", state.applied).with("last", leader.next - 1),
        Role::Follower if state.durable.lost => (&say::LINE_DISK_LOST).into(),
        Role::Follower if !state.voters(config).contains(state.me) => (&say::LINE_SPARE).into(),
        Role::Follower => match (state.leader, state.durable.promised) {
            (Some(leader), _) => say::LINE_FOLLOWS.with("node", leader),
            (None, Some(promised)) => say::LINE_PROMISED.with("ballot", promised),
            (None, None) => (&say::LINE_WAITS).into(),
        },
    }
}

fn field(key: &'static str, name: &'static Words, value: impl Into<Plain>, durable: bool) -> Part {
    Part::Field(FieldPart { key, name, value: value.into(), durable })
}

fn table(key: &'static str, name: &'static Words, rows: Vec<(String, Plain)>) -> Part {
    Part::Table(FieldPart { key, name, value: Plain::Map(rows), durable: false })
}

fn ballot_part(key: &'static str, name: &'static Words, ballot: Option<Ballot>, durable: bool) -> Part {
    let stamp = ballot.map(Stamp::from);
    Part::Register(RegisterPart { key, name, durable, stamp, value: None, standing: None })
}

fn durable_parts(durable: &Durable) -> Vec<Part> {
    let mut parts = vec![
        ballot_part("promised", &say::PART_PROMISED, durable.promised, true),
        field("round", &say::PART_ROUND, durable.max_round, true),
    ];
    if durable.lost {
        parts.push(field("lost", &say::PART_LOST, true, true));
    }
    if 0 < durable.snapshot.last {
        parts.push(field("snapshot", &say::PART_SNAPSHOT, snapshot_fields(&durable.snapshot), true));
    }
    parts
}

fn running_parts(world: &World<MultiPaxos>, state: &MultiPaxos, lens: Lens) -> Vec<Part> {
    let config = world.config();
    let mut parts = durable_parts(&state.durable);
    let leader = state.leader.map(|leader| leader.number());
    parts.extend([
        Part::Log(log_part(world, &state.durable, &state.known, state.applied, lens)),
        field("leader", &say::PART_LEADER, leader, false),
        field("commit", &say::PART_COMMIT, state.commit, false),
        field("applied", &say::PART_APPLIED, state.applied, false),
    ]);
    match &state.role {
        Role::Follower => {}
        Role::Candidate(campaign) => parts.extend(candidate_parts(state, campaign, config)),
        Role::Leader(leader) => parts.extend(leader_parts(state, leader, config)),
    }
    let members = config.members_at(&state.state, state.commit + 1).iter();
    let members: Plain = members.map(|node| Plain::from(node.number())).collect();
    parts.push(field("members", &say::PART_MEMBERS, members, false));
    let keys = state.state.machine.store().map(|(key, value)| (key.to_string(), Plain::from(&**value)));
    parts.push(table("value", &say::PART_VALUE, keys.collect()));
    parts
}

fn candidate_parts(state: &MultiPaxos, campaign: &Campaign, config: &Config) -> [Part; 3] {
    let quorums = config.quorums(config.members_at(&state.state, state.commit + 1));
    let report = |(slot, vote): (&Slot, &Vote)| (slot.to_string(), Plain::Text(vote_label(vote)));
    [
        ballot_part("ballot", &say::PART_BALLOT, Some(campaign.ballot), false),
        Part::Tally(TallyPart {
            key: "promises",
            name: &say::PART_PROMISES,
            from: campaign.promised_by.iter().collect(),
            needed: quorums.needed_one(),
            glyph: Shape::Triangle,
        }),
        table("reports", &say::PART_REPORTS, campaign.bound.iter().map(report).collect()),
    ]
}

/// The votes of the first slot that is not settled are shown as they land; those of the others in a table.
fn leader_parts(state: &MultiPaxos, leader: &Leader, config: &Config) -> Vec<Part> {
    let first = leader.proposals.first_key_value();
    let slot = first.map_or(leader.next, |(slot, _)| *slot);
    let acks = first.map(|(_, proposal)| proposal.acks.iter().collect()).unwrap_or_default();
    let row = |(slot, proposal): (&Slot, &super::Proposal)| {
        let acks = proposal.acks.iter().map(|node| Plain::from(node.number()));
        (slot.to_string(), acks.collect())
    };
    let waiting = leader.waiting.iter().map(|command| Plain::from(&*command.text));
    let reads = leader.reading.reads.iter().map(|read| Plain::from(&*read.command));
    let others = NodeId::all(config.nodes).zip(&leader.reading.applied);
    let others = others.filter(|(node, _)| *node != state.me);
    vec![
        ballot_part("ballot", &say::PART_BALLOT, Some(leader.campaign.ballot), false),
        Part::Tally(TallyPart {
            key: "accepts",
            name: &say::PART_ACCEPTS,
            from: acks,
            needed: config.quorums(config.members_at(&state.state, slot)).needed_two(),
            glyph: Shape::Square,
        }),
        table("acks", &say::PART_ACKS, leader.proposals.iter().map(row).collect()),
        field("next", &say::PART_NEXT, leader.next, false),
        field("waiting", &say::PART_WAITING, waiting.collect::<Plain>(), false),
        field("reads", &say::PART_READS, reads.collect::<Plain>(), false),
        field("leased", &say::PART_LEASE, leader.reading.leased, false),
        table("peers", &say::PART_PEERS, others.map(|(node, at)| (node.to_string(), (*at).into())).collect()),
    ]
}

fn vote_label(vote: &Vote) -> String {
    format!("{} {}", vote.ballot, command_label(&vote.command))
}

fn command_label(command: &Command) -> &str {
    if command.is_no_op() { "no-op" } else { &command.text }
}

/// Slot by slot: what the node has voted for, and what it knows. That something is chosen which it does not know, only
/// the observer can tell.
fn log_part(
    world: &World<MultiPaxos>,
    durable: &Durable,
    known: &Slots<Command>,
    applied: Slot,
    lens: Lens,
) -> LogPart {
    let (base, last) = (durable.snapshot.last, durable.accepted.last().max(known.last()));
    let last = last.max(base);
    let first = lens.first.max(base + 1);
    let end = lens.first.saturating_add(lens.count).min(last + 1);
    let cell = |index: Slot| {
        let (vote, known) = (durable.accepted.get(index), known.get(index));
        let command = known.or(vote.map(|vote| &vote.command));
        let settled = match (command, known) {
            (None, _) => Settled::Hole,
            (_, Some(_)) if index <= applied => Settled::Applied,
            (_, Some(_)) => Settled::Committed,
            (Some(command), None) if world.ghost().is_chosen(index, command) => Settled::Chosen,
            _ => Settled::No,
        };
        let command = command.map(|command| command.text.to_string()).unwrap_or_default();
        Cell { index, stamp: vote.map(|vote| vote.ballot.into()), command, settled }
    };
    let cells = (first..end).map(cell).collect();
    LogPart { key: "log", durable: true, base, last, cells, by_ballots: true, cursor: None }
}

fn look(message: &Message) -> Look {
    let look = |shape, reply, answer, label| Look { shape, reply, answer, label };
    let request = |shape, label| look(shape, false, Answer::None, label);
    let yes = |shape, label| look(shape, true, Answer::Yes, label);
    match message {
        Message::Prepare { ballot, from } => {
            request(Shape::Triangle, say::LOOK_PREPARE.with("ballot", *ballot).with("slot", *from))
        }
        Message::Promise(promise) => {
            let label = match promise.accepted.len() {
                0 => (&say::LOOK_PROMISE).into(),
                count => say::LOOK_PROMISE_VOTES.with("count", count),
            };
            yes(Shape::Triangle, label)
        }
        Message::Nack { promised, .. } => {
            look(Shape::Triangle, true, Answer::No, say::LOOK_NACK.with("promised", *promised))
        }
        Message::Accept { slot, vote, .. } => {
            let label = say::LOOK_ACCEPT.with("slot", *slot);
            request(Shape::Square, label.with("value", command_label(&vote.command)))
        }
        Message::Accepted { slot, .. } => yes(Shape::Square, say::LOOK_ACCEPTED.with("slot", *slot)),
        Message::Commit { upto, .. } => request(Shape::Hexagon, say::LOOK_COMMIT.with("slot", *upto)),
        Message::Heartbeat { .. } => request(Shape::Bar, (&say::LOOK_HEARTBEAT).into()),
        Message::HeartbeatAck { .. } => yes(Shape::Bar, (&say::LOOK_HEARTBEAT_ACK).into()),
        Message::LearnRequest { from } => {
            request(Shape::Hexagon, say::LOOK_LEARN_REQUEST.with("slot", *from))
        }
        Message::Learn { slot, .. } => yes(Shape::Hexagon, say::LOOK_LEARN.with("slot", *slot)),
        Message::Snapshot(snapshot) => yes(Shape::Hexagon, say::LOOK_SNAPSHOT.with("slot", snapshot.last)),
    }
}
