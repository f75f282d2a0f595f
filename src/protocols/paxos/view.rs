//! How Paxos shows itself: roles, registers, tallies, glyphs, and what only the observer knows.
//!
//! Plain data and words only; must not know who draws them.

use super::ballot::Vote;
use super::config::Config;
use super::learner::{Learner, SLOT};
use super::message::{self, Message};
use super::node::{Durable, Note, Paxos, Start, Timer};
use super::proposer::{Phase, Proposer};
use super::rows::rows;
use super::tell;
use super::text as say;
use crate::engine::describe::{self, Dealt, Described, Introduction, Telling, Weight};
use crate::engine::frame::{
    Answer, Fact, FieldPart, Lens, Look, Part, RegisterPart, RoleFrame, RowFrame, Shape, Standing, TallyPart,
    Tone,
};
use crate::engine::ids::{MemberId, NodeId, NodeSet, Stamp};
use crate::engine::plain::Plain;
use crate::engine::world::{Slot, World};
use crate::text::engine as engine_say;
use crate::text::{Text, Words};

const fn role(key: &'static str, word: &'static Words, tone: Tone) -> RoleFrame {
    RoleFrame { key, word, tone }
}

const SERVER: RoleFrame = role("server", &say::SERVER, Tone::Plain);
const PROPOSER: RoleFrame = role("proposer", &say::PROPOSER, Tone::Plain);
const ACCEPTOR: RoleFrame = role("acceptor", &say::ACCEPTOR, Tone::Plain);
const LEARNER: RoleFrame = role("learner", &say::LEARNER, Tone::Plain);
const SPARE: RoleFrame = role("spare", &say::SPARE, Tone::Plain);
const PREPARING: RoleFrame = role("preparing", &say::PREPARING, Tone::Uncertain);
const PROPOSING: RoleFrame = role("proposing", &say::PROPOSING, Tone::Primary);

/// How many ballots with votes the observer shows, the latest: a duel may have hundreds.
const VOTES_SHOWN: usize = 12;

impl Described for Paxos {
    const NAME: &'static Words = &say::NAME;
    const PAPER: &'static str = "Paxos Made Simple";
    const OPENING: Introduction =
        Introduction { text: &say::OPENING, why: &say::OPENING_WHY, invite: &say::INVITE };
    const VARIANT_WORDS: &'static [&'static Words] = &[
        &say::VARIANT_STANDARD,
        &say::VARIANT_P1,
        &say::VARIANT_P2,
        &say::VARIANT_P3,
        &say::VARIANT_P4,
        &say::VARIANT_P5,
        &say::VARIANT_P6,
        &say::VARIANT_P7,
        &say::VARIANT_P8,
        &say::VARIANT_P9,
        &say::VARIANT_P10,
        &say::VARIANT_P11,
        &say::VARIANT_P12,
        &say::VARIANT_P13,
        &say::VARIANT_P14,
        &say::VARIANT_P15,
        &say::VARIANT_P16,
        &say::VARIANT_P17,
        &say::VARIANT_P17B,
        &say::VARIANT_P18,
        &say::VARIANT_P19,
        &say::VARIANT_P19B,
        &say::VARIANT_P20,
        &say::VARIANT_P21,
        &say::VARIANT_P22,
        &say::VARIANT_PL1,
        &say::VARIANT_PL2,
        &say::VARIANT_PL3,
        &say::VARIANT_PL4,
        &say::VARIANT_PL5,
        &say::VARIANT_PL6,
    ];
    const ROLES: &'static [RoleFrame] = &[SERVER, PROPOSER, ACCEPTOR, LEARNER, SPARE, PREPARING, PROPOSING];

    const DEALT: &'static [Dealt] = &[
        Dealt { key: "proposers", name: &say::PROPOSERS, usual: 2, least: 2, most: 3 },
        Dealt { key: "acceptors", name: &say::ACCEPTORS, usual: 3, least: 3, most: 7 },
        Dealt { key: "learners", name: &say::LEARNERS, usual: 1, least: 1, most: 3 },
    ];

    fn role(&self) -> RoleFrame {
        let phase = self.proposer.as_ref().map(|proposer| &proposer.phase);
        match (phase, self.acceptor, self.learner.is_some()) {
            (Some(Phase::One { .. }), ..) => PREPARING,
            (Some(Phase::Two { .. }), ..) => PROPOSING,
            (Some(Phase::Idle), false, false) => PROPOSER,
            (None, true, false) => ACCEPTOR,
            (None, false, true) => LEARNER,
            (None, false, false) => SPARE,
            _ => SERVER,
        }
    }

    fn stamp(durable: &Durable) -> Option<(&'static Words, Stamp)> {
        match (durable.promised, durable.max_round) {
            (Some(promised), _) => Some((&say::PART_PROMISED, promised.into())),
            (None, round) => Some((&say::ROUND, u64::from(round).into())),
        }
    }

    fn line(world: &World<Paxos>, node: NodeId) -> Option<Text> {
        line(world.slot(node).node()?, world.config())
    }

    fn parts(world: &World<Paxos>, node: NodeId, _lens: Lens) -> Vec<Part> {
        match world.slot(node) {
            Slot::Up(state) | Slot::Paused(state) => running_parts(state, world.config()),
            Slot::Down(durable) => durable_parts(durable, world.config(), node),
        }
    }

    fn look(message: &Message) -> Look {
        look(message)
    }

    fn in_ring(timer: Timer) -> bool {
        matches!(timer, Timer::Propose | Timer::Retry)
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
        read_start(fields)
    }

    /// A proposer needs a quorum of each phase within its reach. Once every node that runs knows the outcome, nothing
    /// is left to be done.
    fn is_quorum(world: &World<Paxos>, centre: NodeId, nodes: NodeSet) -> bool {
        let config = world.config();
        let settled = world.running().all(|(_, node)| node.known.is_some());
        let reach = || nodes.iter();
        settled || config.may_propose(centre) && config.quorums.one(reach()) && config.quorums.two(reach())
    }

    fn can_drive(world: &World<Paxos>, node: NodeId) -> bool {
        world.config().may_propose(node)
    }

    fn stranded(_world: &World<Paxos>, nodes: &[NodeId]) -> Text {
        engine_say::STRANDED_QUORUM.with("nodes", describe::listed(nodes.iter().copied()))
    }

    fn blocked(world: &World<Paxos>) -> Text {
        let quorums = &world.config().quorums;
        engine_say::BLOCKED_QUORUM
            .with("one", quorums.needed_one())
            .with("two", quorums.needed_two())
            .with("nodes", quorums.acceptors.len())
    }

    fn facts(world: &World<Paxos>, _lens: Lens) -> Vec<Fact> {
        let mut facts = votes(world);
        facts.extend(known(world));
        facts.extend(acknowledged(world));
        facts
    }

    fn rows(world: &World<Paxos>) -> Vec<RowFrame> {
        rows(world.nodes(), world.config())
    }
}

fn line(state: &Paxos, config: &Config) -> Option<Text> {
    if let Some(known) = &state.known {
        return Some(say::LINE_KNOWS.with("value", &*known.value));
    }
    let (one, two) = (config.quorums.needed_one(), config.quorums.needed_two());
    let counted =
        |words: &'static Words, count: usize, needed: u8| words.with("count", count).with("needed", needed);
    match state.proposer.as_ref().map(|proposer| &proposer.phase) {
        Some(Phase::One { promises, .. }) => return Some(counted(&say::LINE_PROMISES, promises.len(), one)),
        Some(Phase::Two { value, accepts, .. }) => {
            return Some(counted(&say::LINE_ACCEPTS, accepts.len(), two).with("value", &**value));
        }
        Some(Phase::Idle) | None => {}
    }
    let want = state.proposer.as_ref().and_then(|proposer| proposer.want.as_ref());
    let heard = state.learner.as_ref().and_then(|learner| learner.seen.last());
    Some(match (&state.durable.accepted, want, heard) {
        (Some(vote), ..) => say::LINE_VOTED.with("value", &*vote.value),
        (None, Some(want), _) => say::LINE_WANTS.with("value", &**want),
        (None, None, Some(seen)) => counted(&say::LINE_HEARD, seen.from.len(), two),
        (None, None, None) => Text::from(&say::LINE_WAITS),
    })
}

fn field(key: &'static str, name: &'static Words, value: impl Into<Plain>, durable: bool) -> Part {
    Part::Field(FieldPart { key, name, value: value.into(), durable })
}

fn table(key: &'static str, name: &'static Words, rows: Vec<(String, Plain)>) -> Part {
    Part::Table(FieldPart { key, name, value: Plain::Map(rows), durable: false })
}

fn register(
    key: &'static str,
    name: &'static Words,
    vote: Option<&Vote>,
    standing: Option<Standing>,
    durable: bool,
) -> Part {
    Part::Register(RegisterPart {
        key,
        name,
        durable,
        stamp: vote.map(|vote| vote.ballot.into()),
        value: vote.map(|vote| vote.value.to_string()),
        standing: standing.filter(|_| vote.is_some()),
    })
}

/// What a node keeps in a crash, by its roles.
fn durable_parts(durable: &Durable, config: &Config, node: NodeId) -> Vec<Part> {
    let mut parts = Vec::new();
    if config.proposers.contains(node) {
        parts.push(round_part(durable));
    }
    if config.quorums.acceptors.contains(node) {
        parts.extend(acceptor_parts(durable));
    }
    parts
}

fn round_part(durable: &Durable) -> Part {
    field("round", &say::PART_ROUND, durable.max_round, true)
}

fn acceptor_parts(durable: &Durable) -> [Part; 2] {
    let promised = Part::Register(RegisterPart {
        key: "promised",
        name: &say::PART_PROMISED,
        durable: true,
        stamp: durable.promised.map(Stamp::from),
        value: None,
        standing: None,
    });
    let accepted = durable.accepted.as_ref();
    [promised, register("accepted", &say::PART_ACCEPTED, accepted, Some(Standing::Accepted), true)]
}

fn running_parts(state: &Paxos, config: &Config) -> Vec<Part> {
    let mut parts = Vec::new();
    if state.proposer.is_some() {
        parts.push(round_part(&state.durable));
    }
    if state.acceptor {
        parts.extend(acceptor_parts(&state.durable));
    }
    if let Some(proposer) = &state.proposer {
        parts.extend(proposer_parts(proposer, config, state.known.is_some()));
    }
    if let Some(learner) = &state.learner {
        parts.push(seen_part(learner));
    }
    parts.push(register("known", &say::PART_KNOWN, state.known.as_ref(), Some(Standing::Known), false));
    if let Some(on_disk) = &state.on_disk {
        let stamp = |ballot: Option<super::Ballot>| Plain::from(ballot.map(|it| it.to_string()).as_deref());
        let rows = vec![
            ("promised".to_string(), stamp(on_disk.promised)),
            ("accepted".to_string(), stamp(on_disk.accepted.as_ref().map(|vote| vote.ballot))),
        ];
        parts.push(table("on_disk", &say::PART_WRITING, rows));
    }
    parts
}

fn proposer_parts(proposer: &Proposer, config: &Config, done: bool) -> Vec<Part> {
    let phase = match &proposer.phase {
        Phase::Idle if done => "done",
        Phase::Idle => "idle",
        Phase::One { .. } => "p1",
        Phase::Two { .. } => "p2",
    };
    let (reports, value, accepts): (&[_], _, &[_]) = match &proposer.phase {
        Phase::Idle => (&[], None, &[]),
        Phase::One { promises, .. } => (promises, None, &[]),
        Phase::Two { ballot, value, accepts, .. } => {
            (&[], Some(Vote { ballot: *ballot, value: value.clone() }), accepts)
        }
    };
    let ballot = Part::Register(RegisterPart {
        key: "ballot",
        name: &say::BALLOT,
        durable: false,
        stamp: proposer.phase.ballot().map(Stamp::from),
        value: None,
        standing: None,
    });
    let tally = |key, name, from: Vec<NodeId>, needed, glyph| {
        Part::Tally(TallyPart { key, name, from, needed, glyph })
    };
    let promises: Vec<NodeId> = reports.iter().map(|(from, _)| *from).collect();
    let told = |(from, vote): &(NodeId, Option<Vote>)| (from.to_string(), vote_plain(vote.as_ref()));
    let waiting = proposer.waiting.iter().map(|(client, _)| Plain::Text(client.to_string()));
    let counted = match &proposer.phase {
        Phase::Two { .. } => {
            tally("accepts", &say::PART_ACCEPTS, accepts.to_vec(), config.quorums.needed_two(), Shape::Square)
        }
        _ => tally("promises", &say::PART_PROMISES, promises, config.quorums.needed_one(), Shape::Triangle),
    };
    vec![
        ballot,
        field("phase", &say::PART_PHASE, phase, false),
        field("want", &say::PART_WANT, proposer.want.as_deref(), false),
        register("value", &say::PART_VALUE, value.as_ref(), None, false),
        counted,
        table("reports", &say::PART_REPORTS, reports.iter().map(told).collect()),
        field("waiting", &say::PART_WAITING, waiting.collect::<Plain>(), false),
    ]
}

fn vote_plain(vote: Option<&Vote>) -> Plain {
    vote.map_or(Plain::Null, |vote| Plain::Text(format!("{} {}", vote.ballot, vote.value)))
}

fn seen_part(learner: &Learner) -> Part {
    let row = |seen: &super::Seen| {
        let from: Plain = seen.from.iter().map(|node| Plain::from(node.number())).collect();
        (format!("{} {}", seen.vote.ballot, seen.vote.value), from)
    };
    table("seen", &say::PART_SEEN, learner.seen.iter().map(row).collect())
}

fn look(message: &Message) -> Look {
    let look = |shape, reply, answer, label| Look { shape, reply, answer, label };
    match message {
        Message::Prepare { ballot } => {
            look(Shape::Triangle, false, Answer::None, say::LOOK_PREPARE.with("ballot", *ballot))
        }
        Message::Promise { accepted: None, .. } => {
            look(Shape::Triangle, true, Answer::Yes, (&say::LOOK_PROMISE).into())
        }
        Message::Promise { accepted: Some(vote), .. } => {
            look(Shape::Triangle, true, Answer::Yes, say::LOOK_PROMISE_VOTE.with("value", &*vote.value))
        }
        Message::Nack { promised, .. } => {
            look(Shape::Triangle, true, Answer::No, say::LOOK_NACK.with("promised", *promised))
        }
        Message::Accept(vote) => {
            look(Shape::Square, false, Answer::None, say::LOOK_ACCEPT.with("value", &*vote.value))
        }
        Message::Accepted(vote) => {
            look(Shape::Square, true, Answer::Yes, say::LOOK_ACCEPTED.with("value", &*vote.value))
        }
        // The answer to a query, asked or not.
        Message::Learn(vote) => {
            look(Shape::Hexagon, true, Answer::Yes, say::LOOK_LEARN.with("value", &*vote.value))
        }
        Message::Query => look(Shape::Hexagon, false, Answer::None, (&say::LOOK_QUERY).into()),
    }
}

// What only the observer knows.

fn fact(
    standing: Standing,
    stamp: Option<Stamp>,
    value: &str,
    by: impl IntoIterator<Item = MemberId>,
) -> Fact {
    Fact { slot: SLOT, standing, stamp, value: value.to_string(), by: by.into_iter().collect() }
}

/// Who has ever voted for what, in the latest ballots; and what has been chosen, in the first ballot that chose it.
fn votes(world: &World<Paxos>) -> Vec<Fact> {
    let ghost = world.ghost();
    let members = |voters: &NodeSet| voters.iter().map(MemberId::Node).collect::<Vec<_>>();
    let latest = ghost.votes.iter().rev().take(VOTES_SHOWN);
    let cast = latest.map(|(vote, voters)| {
        fact(Standing::Accepted, Some(vote.ballot.into()), &vote.value, members(voters))
    });
    let mut facts: Vec<Fact> = cast.collect();
    facts.reverse();
    let mut chosen: Vec<&Vote> = Vec::new();
    for vote in ghost.chosen.iter() {
        if chosen.iter().all(|there| there.value != vote.value) {
            chosen.push(vote);
        }
    }
    facts.extend(chosen.into_iter().map(|vote| {
        let voters = ghost.votes.get(vote).copied().unwrap_or_default();
        fact(Standing::Chosen, Some(vote.ballot.into()), &vote.value, members(&voters))
    }));
    facts
}

/// Which running nodes know what.
fn known(world: &World<Paxos>) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for (node, state) in world.running() {
        let Some(vote) = &state.known else { continue };
        match facts.iter_mut().find(|fact| *fact.value == *vote.value) {
            Some(fact) => fact.by.push(node.into()),
            None => facts.push(fact(Standing::Known, Some(vote.ballot.into()), &vote.value, [node.into()])),
        }
    }
    facts
}

/// Which clients were told what.
fn acknowledged(world: &World<Paxos>) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for (client, value) in world.ghost().told.iter() {
        match facts.iter_mut().find(|fact| *fact.value == **value) {
            Some(fact) if fact.by.contains(&(*client).into()) => {}
            Some(fact) => fact.by.push((*client).into()),
            None => facts.push(fact(Standing::Acknowledged, None, value, [(*client).into()])),
        }
    }
    facts
}

fn read_start(fields: &Plain) -> Result<Start, String> {
    message::only(fields, &["round", "promised", "accepted", "want"])?;
    let max_round = match fields.get("round") {
        None | Some(Plain::Null) => 0,
        Some(round) => {
            let round = round.as_int().and_then(|round| u32::try_from(round).ok());
            let most = super::ballot::MAX_ROUND;
            round
                .filter(|round| *round <= most)
                .ok_or_else(|| format!("\"round\" must be a whole number from 0 to {most}"))?
        }
    };
    let accepted = message::read_vote_in(fields, "accepted")?;
    // Whoever has voted has promised as much, unless the file says otherwise: it may show what could never arise.
    let promised = match fields.get("promised") {
        None | Some(Plain::Null) => accepted.as_ref().map(|vote| vote.ballot),
        Some(_) => Some(message::ballot(fields, "promised")?),
    };
    let want = match fields.get("want") {
        None | Some(Plain::Null) => None,
        Some(_) => Some(message::value(fields, "want")?),
    };
    Ok(Start { durable: Durable { max_round, promised, accepted }, want })
}
