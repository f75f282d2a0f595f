//! A world as a model: its moves are the actions of the engine, within bounds.
//!
//! Must not know any protocol, nor how states are searched.

use super::bounds::{Bounds, Question};
use super::print::{Names, Printer};
use super::schedule;
use super::search::{Limits, Model, Outcome, Search};
use super::stuck;
use super::{Check, Checked, Found, Progress, Verdict, print_slot};
use crate::engine::action::{Action, Ask};
use crate::engine::ids::{ClientId, Link, MAX_NODES, MemberId, NodeId, NodeSet, PacketId, TimerId};
use crate::engine::protocol::Letter;
use crate::engine::spine::{Bus, Packet};
use crate::engine::world::{Slot, World};
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// The most timers that a protocol has.
const TIMERS: usize = 8;
/// Of how many packets it is remembered that their arrival would change nothing.
const REMEMBERED: usize = 128;

/// How much of the bounds is used up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
struct Spent {
    fires: [u8; TIMERS],
    crashes: u8,
    cuts: u8,
    heals: u8,
    duplicates: u8,
    /// Which requests were made.
    asked: u8,
}

/// A state: a world, and how it was treated so far.
#[derive(Clone, Debug)]
pub struct Sight<P: Checked> {
    /// The world.
    pub world: World<P>,
    spent: Spent,
    /// Packets whose arrival is known to change nothing, by place.
    idle: u128,
    parts: Parts,
    /// The fingerprint of the world under its own names.
    own: u64,
    /// The fingerprint of the state.
    print: u64,
}

/// One thing that may happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Move {
    /// A packet arrives.
    Deliver(PacketId),
    /// A timer goes off.
    Fire(NodeId, TimerId),
    /// A node crashes.
    Crash(NodeId),
    /// A node restarts.
    Restart(NodeId),
    /// A direction is cut.
    Cut(Link),
    /// A direction is healed.
    Heal(Link),
    /// A packet is doubled.
    Duplicate(PacketId),
    /// A client asks a node for the command in this place of the bounds.
    Request(u8, NodeId),
}

/// What is looked for, made ready.
enum Goal<P: Checked> {
    /// One of these promises is broken, by their places in the protocol's list.
    Broken(u32),
    /// A state.
    State(fn(&World<P>) -> bool),
    /// Nothing will ever come of a state.
    Stuck,
}

/// The worlds that can come of one, within bounds.
pub struct Worlds<P: Checked> {
    start: World<P>,
    bounds: Bounds,
    goal: Goal<P>,
    names: Vec<Names>,
}

impl<P: Checked> Worlds<P> {
    /// What can come of a world. A question that the protocol does not know is never answered with yes.
    pub fn new(from: &World<P>, bounds: &Bounds, question: &Question) -> Worlds<P> {
        let goal = match question {
            Question::Any => Goal::Broken(u32::MAX),
            Question::Breaks(id) => {
                let place = P::invariants().iter().position(|promise| promise.id == *id);
                Goal::Broken(place.map_or(0, |place| 1 << place))
            }
            Question::Reaches(key) => {
                let asked = P::QUESTIONS.iter().find(|predicate| predicate.key == *key);
                asked.map_or(Goal::Broken(0), |predicate| Goal::State(predicate.holds))
            }
            Question::Stuck => Goal::Stuck,
        };
        let commands = bounds.requests.iter().map(|(_, command)| Rc::clone(command)).collect();
        let own = Names::own(commands);
        let names = match bounds.symmetry {
            true => Names::all(&own, alike(from), clients_alike(bounds)),
            false => vec![own],
        };
        Worlds { start: from.abstracted(bounds.bus), bounds: bounds.clone(), goal, names }
    }

    /// The bounds.
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// Everything that may happen in a state, in an order that is the same whenever it is asked.
    pub fn moves(&self, state: &Sight<P>) -> Vec<Move> {
        let (bounds, spent, world) = (&self.bounds, &state.spent, &state.world);
        let spine = world.spine();
        let mut moves = Vec::with_capacity(spine.packets().len() + spine.timers().len() + 8);
        moves.extend(spine.packets().iter().map(|packet| Move::Deliver(packet.id)));
        for armed in spine.timers() {
            let allowed = self.may_fire(armed.timer);
            let left = allowed.is_none_or(|most| spent.fires[usize::from(armed.timer.0) % TIMERS] < most);
            if let (MemberId::Node(node), true) = (armed.owner, left) {
                moves.push(Move::Fire(node, armed.timer));
            }
        }
        for (node, slot) in world.slots() {
            match slot {
                Slot::Up(_) if spent.crashes < bounds.crashes => moves.push(Move::Crash(node)),
                Slot::Down(_) => moves.push(Move::Restart(node)),
                Slot::Up(_) | Slot::Paused(_) => {}
            }
        }
        self.requests(state, &mut moves);
        self.links(state, &mut moves);
        if bounds.bus == Bus::Each && spent.duplicates < bounds.duplicates {
            moves.extend(spine.packets().iter().map(|packet| Move::Duplicate(packet.id)));
        }
        moves
    }

    fn may_fire(&self, timer: TimerId) -> Option<u8> {
        self.bounds.fires.get(usize::from(timer.0)).copied().unwrap_or(Some(0))
    }

    fn requests(&self, state: &Sight<P>, moves: &mut Vec<Move>) {
        for ((whom, _), place) in self.bounds.requests.iter().zip(0_u8..) {
            if state.spent.asked & (1 << place) == 0 {
                let nodes = NodeId::all(state.world.nodes());
                let asked = nodes.filter(|node| whom.is_none_or(|whom| whom == *node));
                moves.extend(asked.map(|node| Move::Request(place, node)));
            }
        }
    }

    fn links(&self, state: &Sight<P>, moves: &mut Vec<Move>) {
        let (bounds, spent) = (&self.bounds, &state.spent);
        if spent.cuts >= bounds.cuts && spent.heals >= bounds.heals {
            return;
        }
        let nodes = state.world.nodes();
        for from in NodeId::all(nodes) {
            for to in NodeId::all(nodes).filter(|to| *to != from) {
                let link = Link { from, to };
                match state.world.spine().is_cut(from.into(), to.into()) {
                    false if spent.cuts < bounds.cuts => moves.push(Move::Cut(link)),
                    true if spent.heals < bounds.heals => moves.push(Move::Heal(link)),
                    _ => {}
                }
            }
        }
    }

    /// The action that a move is.
    pub fn action(&self, by: &Move) -> Action {
        match by {
            Move::Deliver(packet) => Action::Deliver(*packet),
            Move::Fire(node, timer) => Action::Fire((*node).into(), *timer),
            Move::Crash(node) => Action::Crash(*node),
            Move::Restart(node) => Action::Restart(*node),
            Move::Cut(link) => Action::Cut(*link),
            Move::Heal(link) => Action::Heal(*link),
            Move::Duplicate(packet) => Action::Duplicate(*packet),
            Move::Request(place, node) => {
                let (_, command) = &self.bounds.requests[usize::from(*place)];
                let client = ClientId::new(place + 1).unwrap_or(ClientId::FIRST);
                Action::Request(Box::new(Ask { client, node: *node, command: Rc::clone(command), seq: None }))
            }
        }
    }

    fn sight(&self, world: World<P>, spent: Spent, parts: Parts) -> Sight<P> {
        let own = self.print_world(&world, &parts, &self.names[0]);
        let mut state = Sight { world, spent, idle: 0, parts, own, print: 0 };
        state.print = self.print_all(&state);
        state
    }

    /// What a move leads to, and whether a promise that is looked for is broken by it; nothing if it cannot happen.
    fn perform(&self, state: &Sight<P>, by: &Move) -> Option<(Sight<P>, bool)> {
        let mut world = state.world.clone();
        let report = world.apply(state.world.now(), &self.action(by)).ok()?;
        let mut spent = state.spent;
        spent.take(by, &self.bounds);
        let parts = state.parts.after(self, &state.world, &world);
        let next = self.sight(world, spent, parts);
        let broken = match self.goal {
            Goal::Broken(wanted) => report.violations.iter().any(|broken| {
                let place = P::invariants().iter().position(|promise| promise.id == broken.id);
                place.is_some_and(|place| wanted & (1 << place) != 0)
            }),
            Goal::State(_) | Goal::Stuck => false,
        };
        Some((next, broken))
    }

    /// Whether a packet's arrival need not be tried: it cannot arrive, or is known to change nothing.
    fn is_vain(&self, state: &Sight<P>, place: usize) -> bool {
        if place < REMEMBERED && state.idle & (1 << place) != 0 {
            return true;
        }
        let packet = &state.world.spine().packets()[place];
        match packet.to {
            MemberId::Node(node) => {
                let down = !matches!(state.world.slot(node), Slot::Up(_));
                down || state.world.spine().is_cut(packet.from, packet.to)
            }
            MemberId::Client(_) => !self.bounds.replies,
        }
    }

    /// The fingerprint of a world with what is used up, under the names under which it is least.
    fn print_all(&self, state: &Sight<P>) -> u64 {
        let named = |names: &Names| {
            let world = match self.names.len() {
                1 => state.own,
                _ => self.print_world(&state.world, &Parts::new(self, &state.world, names), names),
            };
            let mut out = Printer::new(names);
            out.word(world);
            state.spent.print(self.bounds.requests.len(), &mut out);
            out.finish()
        };
        self.names.iter().map(named).min().unwrap_or_default()
    }

    fn print_world(&self, world: &World<P>, parts: &Parts, names: &Names) -> u64 {
        let mut out = Printer::new(names);
        names.in_order(world.nodes()).for_each(|node| out.word(parts.slots[node.place()]));
        out.word(parts.bus);
        if self.bounds.cuts != 0 || world.spine().cut_bits().iter().any(|bits| *bits != 0) {
            out.bag(world.spine().cuts(), |link, out| {
                out.node(link.from);
                out.node(link.to);
            });
        }
        if self.bounds.replies {
            out.bag(world.clients(), |client, out| {
                out.client(client.id);
                out.list(client.pending(), |(seq, pending), out| {
                    out.word(u64::from(*seq));
                    out.node(pending.target);
                    out.word(u64::from(pending.hops));
                });
            });
        }
        P::print_ghost(world.ghost(), &mut out);
        out.list(world.first_decisions(), |decision, out| {
            out.word(u64::from(decision.slot));
            out.word(decision.value);
        });
        out.finish()
    }

    fn print_slot(&self, world: &World<P>, node: NodeId, names: &Names) -> u64 {
        let mut out = Printer::new(names);
        print_slot(world.slot(node), world.config(), &mut out);
        // Which of the timers run that may go off at all.
        let own = world.spine().timers().iter().filter(|armed| armed.owner == MemberId::Node(node));
        let bits =
            own.filter(|armed| self.may_fire(armed.timer) != Some(0)).map(|armed| 1_u64 << armed.timer.0);
        out.word(bits.sum());
        out.finish()
    }
}

/// The fingerprints of the parts of a world of which a move changes few.
#[derive(Clone, Copy, Debug)]
struct Parts {
    /// Of every node.
    slots: [u64; MAX_NODES as usize],
    /// Of the packets together.
    bus: u64,
}

impl Parts {
    fn new<P: Checked>(model: &Worlds<P>, world: &World<P>, names: &Names) -> Parts {
        let mut parts = Parts { slots: [0; MAX_NODES as usize], bus: 0 };
        NodeId::all(world.nodes())
            .for_each(|node| parts.slots[node.place()] = model.print_slot(world, node, names));
        parts.bus = print_packets::<P>(world.packets(), names);
        parts
    }

    /// Those after a move: a node that did not handle anything is the same node, and on a bus that is a set packets only
    /// come.
    fn after<P: Checked>(self, model: &Worlds<P>, before: &World<P>, after: &World<P>) -> Parts {
        let names = &model.names[0];
        let mut parts = self;
        for node in NodeId::all(after.nodes()) {
            if !std::ptr::eq(before.slot(node), after.slot(node)) {
                parts.slots[node.place()] = model.print_slot(after, node, names);
            }
        }
        match model.bounds.bus {
            Bus::Set => {
                let new = after.packets().skip(before.spine().packets().len());
                parts.bus = parts.bus.wrapping_add(print_packets::<P>(new, names));
            }
            Bus::Each | Bus::Timed => parts.bus = print_packets::<P>(after.packets(), names),
        }
        parts
    }
}

/// A sum, because the order of packets does not matter.
fn print_packets<'a, P: Checked>(
    packets: impl Iterator<Item = (&'a Packet, &'a Letter<P::Message>)>,
    names: &Names,
) -> u64 {
    packets.fold(0, |sum, (packet, letter)| {
        let mut out = Printer::new(names);
        out.member(packet.from);
        out.member(packet.to);
        print_letter::<P>(letter, &mut out);
        sum.wrapping_add(out.finish())
    })
}

impl Spent {
    fn take(&mut self, by: &Move, bounds: &Bounds) {
        match by {
            Move::Fire(_, timer) => {
                let place = usize::from(timer.0) % TIMERS;
                let is_bounded = bounds.fires.get(place).is_some_and(Option::is_some);
                self.fires[place] += u8::from(is_bounded);
            }
            Move::Crash(_) => self.crashes += 1,
            Move::Cut(_) => self.cuts += 1,
            Move::Heal(_) => self.heals += 1,
            Move::Duplicate(_) => self.duplicates += 1,
            Move::Request(place, _) => self.asked |= 1 << place,
            Move::Deliver(_) | Move::Restart(_) => {}
        }
    }

    fn print(&self, requests: usize, out: &mut Printer<'_>) {
        (self.fires, self.crashes, self.cuts, self.heals, self.duplicates).hash(out);
        let asked = (0..requests).filter(|place| self.asked & (1 << place) != 0);
        let clients = asked.filter_map(|place| ClientId::new(place as u8 + 1));
        let names = out.names();
        out.word(clients.map(|client| 1_u64 << names.client(client)).sum());
    }
}

/// The nodes that can be exchanged: alike by the protocol, and none of them marked by the set-up.
fn alike<P: Checked>(world: &World<P>) -> NodeSet {
    P::alike(world.config(), world.nodes())
}

/// How many clients, from the first, can be exchanged: all, if they ask any node.
fn clients_alike(bounds: &Bounds) -> u8 {
    let alike = bounds.requests.iter().all(|(whom, _)| whom.is_none());
    if alike { bounds.requests.len() as u8 } else { 0 }
}

fn print_letter<P: Checked>(letter: &Letter<P::Message>, out: &mut Printer<'_>) {
    match letter {
        Letter::Peer(message) => {
            out.word(1);
            P::print_message(message, out);
        }
        Letter::Request(request) => {
            out.word(2);
            out.client(request.client);
            out.word(u64::from(request.seq));
            out.command(&request.command);
        }
        Letter::Reply { seq, outcome } => {
            out.word(3);
            out.word(u64::from(*seq));
            outcome.hash(out);
        }
    }
}

impl<P: Checked> Model for Worlds<P> {
    type State = Sight<P>;

    fn starts(&self) -> Vec<Sight<P>> {
        let parts = Parts::new(self, &self.start, &self.names[0]);
        vec![self.sight(self.start.clone(), Spent::default(), parts)]
    }

    fn print(&self, state: &Sight<P>) -> u64 {
        state.print
    }

    fn expand(&self, state: &Sight<P>, each: &mut dyn FnMut(u16, Sight<P>, bool)) {
        let mut idle = state.idle;
        let mut reached = Vec::new();
        for (by, number) in self.moves(state).iter().zip(0_u16..) {
            let place = match by {
                Move::Deliver(packet) => state.world.spine().place_of(*packet),
                _ => None,
            };
            if place.is_some_and(|place| self.is_vain(state, place)) {
                continue;
            }
            let Some((next, broken)) = self.perform(state, by) else { continue };
            // What spends a bound and changes nothing else leads nowhere.
            if !broken && next.own == state.own {
                idle |= place.filter(|place| *place < REMEMBERED).map_or(0, |place| 1 << place);
                continue;
            }
            reached.push((number, next, broken));
        }
        for (number, mut next, broken) in reached {
            next.idle = self.still_idle(idle, state, &next);
            each(number, next, broken);
        }
    }

    fn follow(&self, state: &Sight<P>, by: u16) -> Option<Sight<P>> {
        let moves = self.moves(state);
        let (next, _) = self.perform(state, moves.get(usize::from(by))?)?;
        Some(next)
    }

    fn wanted(&self, state: &Sight<P>) -> bool {
        match self.goal {
            Goal::Broken(_) => false,
            Goal::State(holds) => holds(&state.world),
            Goal::Stuck => stuck::is_stuck(self, state),
        }
    }

    fn weight(&self, state: &Sight<P>) -> usize {
        let spine = state.world.spine();
        900 + spine.packets().len() * 88 + spine.timers().len() * 64
    }
}

impl<P: Checked> Worlds<P> {
    /// What would change nothing before changes nothing now, if it is for a node that is as it was: whatever it would
    /// send was sent then. Only where the bus is a set do packets keep their places.
    fn still_idle(&self, idle: u128, before: &Sight<P>, after: &Sight<P>) -> u128 {
        if self.bounds.bus != Bus::Set || before.world.spine().cut_bits() != after.world.spine().cut_bits() {
            return 0;
        }
        let packets = before.world.spine().packets().iter().take(REMEMBERED).enumerate();
        let same = packets.filter(|(_, packet)| match packet.to {
            MemberId::Node(node) => std::ptr::eq(before.world.slot(node), after.world.slot(node)),
            MemberId::Client(_) => false,
        });
        idle & same.map(|(place, _)| 1_u128 << place).sum::<u128>()
    }
}

/// A check of the worlds that can come of one.
pub struct WorldCheck<P: Checked> {
    search: Search<Worlds<P>>,
    /// Where it began, in the real world.
    from: World<P>,
}

impl<P: Checked> WorldCheck<P> {
    /// A check that has only seen where it begins.
    pub fn new(from: &World<P>, bounds: &Bounds, question: &Question) -> WorldCheck<P> {
        let search = Search::new(Worlds::new(from, bounds, question), bounds.limits);
        WorldCheck { search, from: from.clone() }
    }
}

impl<P: Checked> Check for WorldCheck<P> {
    fn work(&mut self, most: u32) -> bool {
        self.search.work(most)
    }

    fn progress(&self) -> Progress {
        let search = &self.search;
        let verdict = search.outcome().map(|outcome| match outcome {
            Outcome::Exhausted => Verdict::Holds,
            Outcome::Stopped(limit) => Verdict::Stopped(*limit),
            Outcome::Found(_, moves) => Verdict::Found(Found {
                moves: moves.len() as u32,
                actions: schedule::actions(search.model(), &self.from, moves),
            }),
        });
        Progress {
            states: u64::from(search.states()),
            transitions: search.transitions(),
            depth: search.depth(),
            waiting: u64::from(search.waiting()),
            bytes: search.bytes() as u64,
            verdict,
        }
    }

    fn extend(&mut self, limits: Limits) {
        self.search.extend(limits);
    }
}
