//! A world: nodes, the letters between them, and [`World::apply`], the only way anything happens.
//!
//! Generic over the protocol, and knows none by name: `admit` says what may happen, `perform` makes it happen.
//! Reads no clock and no entropy: the same set-up and the
//! same actions give the same world on every platform.

mod admit;
mod perform;

use crate::engine::action::{Action, Filter, Happening, Loss, Rejected, Report};
use crate::engine::client::Client;
use crate::engine::digest::{digest_of, digest_of_bag};
use crate::engine::ids::{ClientId, MemberId, Micros, NodeId, NodeSet};
use crate::engine::invariant::{Rule, Violation};
use crate::engine::options::Options;
use crate::engine::protocol::{Ctx, Letter, Protocol};
use crate::engine::spine::{Bus, Due, Packet, Spine};
use rpds::Vector;
use std::hash::Hash;
use std::rc::Rc;

/// How many of the last losses are remembered, so that they can be shown.
const LOSSES_SHOWN: usize = 12;

/// A node and whether it runs. Crashed, it has nothing but what is durable.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Slot<P: Protocol> {
    /// It handles events.
    Up(P),
    /// It stands still with all that it knows.
    Paused(P),
    /// It is crashed.
    Down(P::Durable),
}

impl<P: Protocol> Slot<P> {
    /// The state machine, where the node has one: it is not crashed.
    pub fn node(&self) -> Option<&P> {
        match self {
            Slot::Up(node) | Slot::Paused(node) => Some(node),
            Slot::Down(_) => None,
        }
    }
}

/// What a run begins with.
#[derive(Clone, Debug)]
pub struct Setup<P: Protocol> {
    /// How many nodes.
    pub nodes: u8,
    /// The seed of all randomness.
    pub seed: u64,
    /// The options of the engine and the protocol.
    pub options: Options,
    /// The variant, by its place in the protocol's list; 0 is the correct one.
    pub variant: usize,
    /// States to start from, by node; the others start fresh.
    pub start: Vec<(NodeId, P::Start)>,
    /// Nodes that start crashed.
    pub down: Vec<NodeId>,
}

impl<P: Protocol> Setup<P> {
    /// A cluster at its defaults.
    pub fn new(nodes: u8, seed: u64) -> Setup<P> {
        let options = Options::defaults(P::OPTIONS);
        Setup { nodes, seed, options, variant: 0, start: Vec::new(), down: Vec::new() }
    }
}

/// Options and variant, and what follows from them.
#[derive(Clone, Debug)]
struct Settings<P: Protocol> {
    options: Options,
    variant: usize,
    config: P::Config,
}

/// An outcome that a node fixed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// Who.
    pub node: NodeId,
    /// Of which slot.
    pub slot: u32,
    /// A fingerprint, equal exactly where the outcome is.
    pub value: u64,
    /// The outcome in words.
    pub label: Rc<str>,
    /// When.
    pub at: Micros,
}

/// A packet that was lost lately, and where it was then.
#[derive(Clone, Debug)]
pub struct LostPacket<P: Protocol> {
    /// Its envelope.
    pub packet: Packet,
    /// What it carried.
    pub letter: Rc<Letter<P::Message>>,
    /// When it was lost.
    pub at: Micros,
    /// Why.
    pub why: Loss,
}

/// One step, as the observer sees it: the node that handled an event, before and after.
#[derive(Debug)]
pub struct Step<'a, P: Protocol> {
    /// The node that the step touched, if it touched one, as it was.
    pub before: Option<(NodeId, &'a Slot<P>)>,
    /// The world after the step.
    pub world: &'a World<P>,
    /// What came of it.
    pub happenings: &'a [Happening<P>],
}

impl<'a, P: Protocol> Step<'a, P> {
    /// The touched node before and after, where it ran both times.
    pub fn node(&self) -> Option<(NodeId, &'a P, &'a P)> {
        let (node, before) = self.before?;
        Some((node, before.node()?, self.world.slot(node).node()?))
    }
}

/// The whole of a simulated cluster at one instant. Cheap to clone: nodes and letters are shared.
#[derive(Clone, Debug)]
pub struct World<P: Protocol> {
    spine: Spine,
    settings: Rc<Settings<P>>,
    slots: Vec<Rc<Slot<P>>>,
    letters: Vec<Rc<Letter<P::Message>>>,
    clients: Vec<Rc<Client>>,
    filters: Vec<Rc<Filter>>,
    lost: Vec<Rc<LostPacket<P>>>,
    decisions: Vector<Rc<Decision>>,
    first_decisions: Vector<Option<Rc<Decision>>>,
    ghost: P::Ghost,
    broken: u32,
}

impl<P: Protocol> World<P> {
    /// The world at the start of time.
    pub fn new(setup: &Setup<P>) -> World<P> {
        let config = P::configure(setup.nodes, &setup.options, setup.variant);
        let settings = Settings { options: setup.options.clone(), variant: setup.variant, config };
        let mut world = World {
            spine: Spine::new(setup.nodes, setup.seed),
            settings: Rc::new(settings),
            slots: Vec::new(),
            letters: Vec::new(),
            clients: vec![Rc::new(Client::new(ClientId::FIRST))],
            filters: Vec::new(),
            lost: Vec::new(),
            decisions: Vector::new(),
            first_decisions: Vector::new(),
            ghost: P::Ghost::default(),
            broken: 0,
        };
        for node in NodeId::all(setup.nodes) {
            world.place_node(setup, node);
        }
        world.observe_start();
        world
    }

    /// The same world for a checker: time and chance have no part in it. Any armed timer may be fired and any packet be
    /// delivered, in whatever order; clients ask nothing again, and what is lost is not remembered.
    pub fn abstracted(&self, bus: Bus) -> World<P> {
        let mut world = self.clone();
        world.spine.bus = bus;
        world.lost.clear();
        world
    }

    fn place_node(&mut self, setup: &Setup<P>, node: NodeId) {
        let start = setup.start.iter().find(|(started, _)| *started == node);
        let mut effects = Vec::new();
        let settings = Rc::clone(&self.settings);
        let mut ctx = Ctx::new(node, setup.nodes, &settings.config, &mut effects);
        let state = match start {
            Some((_, start)) => P::boot_as(start, &mut ctx),
            None => P::boot(None, &mut ctx),
        };
        if setup.down.contains(&node) {
            self.slots.push(Rc::new(Slot::Down(state.durable(&settings.config))));
            return;
        }
        self.slots.push(Rc::new(Slot::Up(state)));
        // What a node says of its own start is not news: nothing has happened yet.
        self.perform(node, effects, &mut Vec::new());
    }

    fn observe_start(&mut self) {
        let durables: Vec<P::Durable> = self.slots.iter().map(|slot| self.durable_of(slot)).collect();
        let nodes: Vec<(NodeId, &P::Durable, Option<&P>)> = NodeId::all(self.nodes())
            .zip(&durables)
            .map(|(node, durable)| (node, durable, self.slot(node).node()))
            .collect();
        let mut ghost = P::Ghost::default();
        P::observe_start(&mut ghost, &nodes);
        self.ghost = ghost;
    }

    fn durable_of(&self, slot: &Slot<P>) -> P::Durable {
        match slot {
            Slot::Up(node) | Slot::Paused(node) => node.durable(&self.settings.config),
            Slot::Down(durable) => durable.clone(),
        }
    }

    /// The instant of the last action.
    pub fn now(&self) -> Micros {
        self.spine.now
    }

    /// How many nodes the cluster is configured to have.
    pub fn nodes(&self) -> u8 {
        self.spine.nodes
    }

    /// Clock, bus, timers and links.
    pub fn spine(&self) -> &Spine {
        &self.spine
    }

    /// A node and whether it runs. The node must be one of the cluster's.
    pub fn slot(&self, node: NodeId) -> &Slot<P> {
        &self.slots[node.place()]
    }

    /// All nodes, in order.
    pub fn slots(&self) -> impl Iterator<Item = (NodeId, &Slot<P>)> {
        NodeId::all(self.nodes()).map(|node| (node, self.slot(node)))
    }

    /// The nodes that are not crashed, with their state.
    pub fn running(&self) -> impl Iterator<Item = (NodeId, &P)> {
        self.slots().filter_map(|(node, slot)| Some((node, slot.node()?)))
    }

    /// The nodes that run and that hear a node and are heard by it: with itself, if it runs.
    pub fn reach(&self, from: NodeId) -> NodeSet {
        let cut = |a: NodeId, b: NodeId| self.spine.is_cut(a.into(), b.into());
        let up = self.slots().filter(|(_, slot)| matches!(slot, Slot::Up(_))).map(|(node, _)| node);
        up.filter(|to| !cut(from, *to) && !cut(*to, from)).collect()
    }

    /// The packets in flight with their letters, oldest first.
    pub fn packets(&self) -> impl Iterator<Item = (&Packet, &Letter<P::Message>)> {
        self.spine.packets().iter().zip(self.letters.iter().map(|letter| &**letter))
    }

    /// The clients at the rim.
    pub fn clients(&self) -> impl Iterator<Item = &Client> {
        self.clients.iter().map(|client| &**client)
    }

    /// The filters in force.
    pub fn filters(&self) -> impl Iterator<Item = &Filter> {
        self.filters.iter().map(|filter| &**filter)
    }

    /// What was lost lately.
    pub fn lost(&self) -> impl Iterator<Item = &LostPacket<P>> {
        self.lost.iter().map(|lost| &**lost)
    }

    /// All decisions ever made, in order.
    pub fn decisions(&self) -> &Vector<Rc<Decision>> {
        &self.decisions
    }

    /// The first decision about a slot.
    pub fn first_decision(&self, slot: u32) -> Option<&Decision> {
        self.first_decisions.get(slot as usize)?.as_deref()
    }

    /// The first decision about every slot.
    pub fn first_decisions(&self) -> impl Iterator<Item = &Decision> {
        self.first_decisions.iter().filter_map(|decision| decision.as_deref())
    }

    /// The options in force.
    pub fn options(&self) -> &Options {
        &self.settings.options
    }

    /// The variant in force.
    pub fn variant(&self) -> usize {
        self.settings.variant
    }

    /// What every node knows of the set-up.
    pub fn config(&self) -> &P::Config {
        &self.settings.config
    }

    /// What the observer remembers.
    pub fn ghost(&self) -> &P::Ghost {
        &self.ghost
    }

    /// Whether an invariant, by its place in the protocol's list, has been broken in this run.
    pub fn is_broken(&self, invariant: usize) -> bool {
        self.broken & (1 << invariant) != 0
    }

    /// What happens next by itself when the clock runs, and when.
    pub fn next_due(&self) -> Option<(Micros, Action)> {
        let waits = |member: MemberId| {
            let slot = member.node().map(|node| self.slot(node));
            matches!(slot, Some(Slot::Paused(_)))
        };
        let (at, due) = self.spine.next_due(waits)?;
        let action = match due {
            Due::Packet(packet) => Action::Deliver(packet),
            Due::Timer(owner, timer) => Action::Fire(owner, timer),
        };
        Some((at, action))
    }

    /// Identifies the state: nodes, packets in flight, links, running timers, clients and options. Leaves out
    /// the clock, the random streams and the packets' identities, which tell how a state was reached.
    pub fn digest(&self) -> u64 {
        let packets = self.packets().map(|(packet, letter)| digest_of(&(packet.from, packet.to, letter)));
        let timers = self.spine.timers().iter().map(|armed| digest_of(&(armed.owner, armed.timer)));
        let settings = &self.settings;
        digest_of(&(
            (&self.slots, &self.clients, &self.filters),
            (digest_of_bag(packets), digest_of_bag(timers)),
            (self.spine.cut_bits(), &settings.options, settings.variant),
        ))
    }

    /// Lets an action happen at an instant; the clock never runs backwards. A refused action changes nothing.
    pub fn apply(&mut self, at: Micros, action: &Action) -> Result<Report<P>, Rejected> {
        self.admit(action)?;
        self.spine.now = self.spine.now.max(at);
        let touched = self.touched(action).map(|node| (node, Rc::clone(&self.slots[node.place()])));
        let decided = self.decisions.len();
        let mut happenings = Vec::new();
        self.perform_action(action, &mut happenings);
        self.tend_clients();

        let mut ghost = self.ghost.clone();
        let before = touched.as_ref().map(|(node, slot)| (*node, &**slot));
        let step = Step { before, world: self, happenings: &happenings };
        let told = P::observe(&mut ghost, &step);
        let told = before.zip(told).map(|((node, _), note)| Happening::Noted(node, note));
        self.ghost = ghost;
        happenings.extend(told);
        let violations = self.check(before, &happenings, decided);
        Ok(Report { happenings, violations })
    }

    fn touched(&self, action: &Action) -> Option<NodeId> {
        match action {
            Action::Deliver(packet) => {
                let place = self.spine.place_of(*packet)?;
                self.spine.packets()[place].to.node()
            }
            Action::Fire(owner, _) => owner.node(),
            Action::Crash(node) | Action::Restart(node) => Some(*node),
            _ => None,
        }
    }

    fn check(
        &mut self,
        before: Option<(NodeId, &Slot<P>)>,
        happenings: &[Happening<P>],
        decided: usize,
    ) -> Vec<Violation> {
        let mut violations = Vec::new();
        let mut broken = self.broken;
        for (place, invariant) in P::invariants().iter().enumerate() {
            if self.is_broken(place) {
                continue;
            }
            let step = Step { before, world: self, happenings };
            let checked = match invariant.rule {
                Rule::State(check) => check(self),
                Rule::Step(check) => check(&step),
                Rule::History(check) => check(self, decided),
            };
            if let Err(witness) = checked {
                broken |= 1 << place;
                let (id, key, name) = (invariant.id, invariant.key, invariant.name);
                violations.push(Violation { id, key, name, promise: invariant.promise, witness });
            }
        }
        self.broken = broken;
        violations
    }
}
