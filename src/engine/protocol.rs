//! What a protocol is to the engine: a value that handles one event at a time.
//!
//! A node reads no clock and draws no random number; it asks for effects through [`Ctx`] and the world carries
//! them out. Must not know any protocol.

use crate::engine::client::{Outcome, Request};
use crate::engine::ids::{ClientId, Micros, NodeId, TimerId};
use crate::engine::invariant::Invariant;
use crate::engine::options::{OptionSpec, Options};
use crate::engine::plain::Plain;
use crate::engine::world::Step;
use std::fmt::Debug;
use std::hash::Hash;
use std::rc::Rc;

/// The state machine of one node.
pub trait Protocol: Clone + Eq + Hash + Debug + 'static {
    /// Its name in files and URLs.
    const KEY: &'static str;
    /// What it adds to the engine's options.
    const OPTIONS: &'static [OptionSpec];
    /// Its variants, the correct one first.
    const VARIANTS: &'static [&'static str];

    /// What every node knows of the set-up, made from options and variant.
    type Config: Clone + Eq + Hash + Debug;
    /// What nodes say to each other.
    type Message: Clone + Eq + Ord + Hash + Debug;
    /// Its timers.
    type Timer: TimerName;
    /// What survives a crash: the only past that `boot` can see.
    type Durable: Clone + Eq + Hash + Debug;
    /// A state in which a scenario file may let a node begin.
    type Start: Clone + Debug;
    /// What a narrator would say of a step, or the reason why something was ignored.
    type Note: Clone + Eq + Debug;
    /// History variables: what only the observer remembers, for the invariants. Never seen by a node. Cloned
    /// for every action, so made of persistent data structures.
    type Ghost: Clone + Default + Debug;

    /// The configuration that follows from the number of nodes, the options (the engine's first) and the variant.
    fn configure(nodes: u8, options: &Options, variant: usize) -> Self::Config;
    /// A node that starts, fresh or from what survived its crash.
    fn boot(durable: Option<Self::Durable>, ctx: &mut Ctx<'_, Self>) -> Self;
    /// A node that begins in a state that a figure of a paper shows.
    fn boot_as(start: &Self::Start, ctx: &mut Ctx<'_, Self>) -> Self;
    /// What would survive if the node crashed now.
    fn durable(&self, config: &Self::Config) -> Self::Durable;
    /// Handles one event, completely: what it sends leaves after its disk writes are done.
    fn on(&mut self, event: Event<'_, Self>, ctx: &mut Ctx<'_, Self>);

    /// The kinds of messages, by the paper's names.
    const KINDS: &'static [&'static str];
    /// The kind of a message.
    fn kind(message: &Self::Message) -> &'static str;
    /// The fields of a message, by the paper's names.
    fn fields(message: &Self::Message) -> Plain;
    /// The message of a kind with these fields, as a forger writes it; or what is wrong with them.
    fn read(kind: &str, from: NodeId, fields: &Plain) -> Result<Self::Message, String>;

    /// Takes a step into the history variables, before the invariants are checked. Returns what only the observer
    /// can tell of the step, such as that a vote has completed a quorum of which no node knows yet.
    fn observe(ghost: &mut Self::Ghost, step: &Step<'_, Self>) -> Option<Self::Note>;
    /// Takes the states in which nodes start into the history variables.
    fn observe_start(ghost: &mut Self::Ghost, nodes: &[(NodeId, &Self::Durable, Option<&Self>)]);
    /// The promises that are checked after every action.
    fn invariants() -> &'static [Invariant<Self>];
}

/// The timers of a protocol.
pub trait TimerName: Copy + Eq + Ord + Hash + Debug + 'static {
    /// Every timer, with its name in files.
    const ALL: &'static [(Self, &'static str)];

    /// The engine's number for it.
    fn id(self) -> TimerId {
        let place = Self::ALL.iter().position(|(timer, _)| *timer == self);
        TimerId(place.unwrap_or(Self::ALL.len()) as u8)
    }

    /// The timer of a number.
    fn from_id(id: TimerId) -> Option<Self> {
        Self::ALL.get(usize::from(id.0)).map(|(timer, _)| *timer)
    }
}

/// What a node can receive.
#[derive(Debug)]
pub enum Event<'a, P: Protocol> {
    /// A message arrives.
    Message {
        /// Who sent it.
        from: NodeId,
        /// What it says.
        message: &'a P::Message,
    },
    /// A timer goes off; it is no longer armed.
    Timer(P::Timer),
    /// A client asks for something.
    Request(&'a Request),
}

/// What a packet carries.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Letter<M> {
    /// From node to node.
    Peer(M),
    /// From a client to a node.
    Request(Request),
    /// From a node to a client.
    Reply {
        /// Which of the client's requests it answers.
        seq: u32,
        /// What came of it.
        outcome: Outcome,
    },
}

/// What a handler asked for, in order.
#[derive(Debug)]
pub enum Effect<P: Protocol> {
    /// Send a letter to a node.
    Send(NodeId, Rc<Letter<P::Message>>),
    /// Answer a client.
    Reply(ClientId, Rc<Letter<P::Message>>),
    /// Arm a timer, or arm it anew.
    Arm(P::Timer, (Micros, Micros)),
    /// Disarm a timer.
    Disarm(P::Timer),
    /// A node fixed an outcome.
    Decide {
        /// Of which slot.
        slot: u32,
        /// A fingerprint of what was decided, equal exactly where the outcome is.
        value: u64,
        /// The outcome in words.
        label: Rc<str>,
    },
    /// Something worth telling happened.
    Note(P::Note),
    /// Nothing happened, for this reason.
    Ignore(P::Note),
}

/// A node's hands: everything that it can do to the world.
#[derive(Debug)]
pub struct Ctx<'a, P: Protocol> {
    me: NodeId,
    nodes: u8,
    config: &'a P::Config,
    effects: &'a mut Vec<Effect<P>>,
}

/// The kind of a request, in files.
pub const REQUEST: &str = "Request";
/// The kind of a reply, in files.
pub const REPLY: &str = "Reply";

/// The kind of a letter, in files.
pub fn kind_of<P: Protocol>(letter: &Letter<P::Message>) -> &'static str {
    match letter {
        Letter::Peer(message) => P::kind(message),
        Letter::Request(_) => REQUEST,
        Letter::Reply { .. } => REPLY,
    }
}

impl<'a, P: Protocol> Ctx<'a, P> {
    /// For the world alone.
    pub(crate) fn new(me: NodeId, nodes: u8, config: &'a P::Config, effects: &'a mut Vec<Effect<P>>) -> Self {
        Ctx { me, nodes, config, effects }
    }

    /// The node that handles the event.
    pub fn me(&self) -> NodeId {
        self.me
    }

    /// What every node knows of the set-up.
    pub fn config(&self) -> &'a P::Config {
        self.config
    }

    /// How many nodes the cluster is configured to have, whether they are up or not.
    pub fn nodes(&self) -> u8 {
        self.nodes
    }

    /// All other nodes.
    pub fn peers(&self) -> impl Iterator<Item = NodeId> + use<P> {
        let me = self.me;
        NodeId::all(self.nodes).filter(move |node| *node != me)
    }

    /// Sends a message to one node.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.effects.push(Effect::Send(to, Rc::new(Letter::Peer(message))));
    }

    /// Sends the same message to all other nodes.
    pub fn broadcast(&mut self, message: P::Message) {
        let letter = Rc::new(Letter::Peer(message));
        for peer in self.peers() {
            self.effects.push(Effect::Send(peer, Rc::clone(&letter)));
        }
    }

    /// Answers a client's request.
    pub fn reply(&mut self, client: ClientId, seq: u32, outcome: Outcome) {
        self.effects.push(Effect::Reply(client, Rc::new(Letter::Reply { seq, outcome })));
    }

    /// Arms a timer with a range; the world picks the instant. An armed timer is armed anew.
    pub fn arm(&mut self, timer: P::Timer, range: (Micros, Micros)) {
        self.effects.push(Effect::Arm(timer, range));
    }

    /// Disarms a timer; harmless where it is not armed.
    pub fn disarm(&mut self, timer: P::Timer) {
        self.effects.push(Effect::Disarm(timer));
    }

    /// Fixes an outcome: from now on nobody may decide otherwise for this slot.
    pub fn decide(&mut self, slot: u32, value: u64, label: Rc<str>) {
        self.effects.push(Effect::Decide { slot, value, label });
    }

    /// Tells the reader what happened.
    pub fn note(&mut self, note: P::Note) {
        self.effects.push(Effect::Note(note));
    }

    /// Tells the reader why nothing happened.
    pub fn ignore(&mut self, reason: P::Note) {
        self.effects.push(Effect::Ignore(reason));
    }
}
