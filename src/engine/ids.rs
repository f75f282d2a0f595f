//! Names of things: members, packets, timers, instants and links.
//!
//! Newtypes, so that a node cannot be passed where a packet is meant. Must not know any protocol.

use std::fmt;

/// The most nodes that a cluster may have: enough for three proposers, seven acceptors and three learners apart.
pub const MAX_NODES: u8 = 13;
/// The most clients at the rim.
pub const MAX_CLIENTS: u8 = 8;

/// A participant of the protocol, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u8);

impl NodeId {
    /// The first node.
    pub const FIRST: NodeId = NodeId(1);

    /// The node with this number, which counts from 1 to [`MAX_NODES`].
    pub const fn new(number: u8) -> Option<NodeId> {
        if 1 <= number && number <= MAX_NODES { Some(NodeId(number)) } else { None }
    }

    /// The nodes `1..=count`, in order.
    pub fn all(count: u8) -> impl DoubleEndedIterator<Item = NodeId> + Clone {
        (1..=count.min(MAX_NODES)).map(NodeId)
    }

    /// Its number, from 1.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its place in a list of all nodes, from 0.
    pub const fn place(self) -> usize {
        self.0 as usize - 1
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}", self.0)
    }
}

/// A client at the rim: the first is A, the second B, and so on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(u8);

impl ClientId {
    /// The first client, A.
    pub const FIRST: ClientId = ClientId(1);

    /// The client with this number, which counts from 1 to [`MAX_CLIENTS`].
    pub const fn new(number: u8) -> Option<ClientId> {
        if 1 <= number && number <= MAX_CLIENTS { Some(ClientId(number)) } else { None }
    }

    /// The client with this letter, `A` to `H`.
    pub fn from_letter(letter: &str) -> Option<ClientId> {
        match letter.as_bytes() {
            [byte @ b'A'..=b'Z'] => ClientId::new(byte - b'A' + 1),
            _ => None,
        }
    }

    /// Its number, from 1.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its place in a list of all clients, from 0.
    pub const fn place(self) -> usize {
        self.0 as usize - 1
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (b'A' + self.0 - 1) as char)
    }
}

impl fmt::Debug for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "client {self}")
    }
}

/// Whoever can send or receive a packet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MemberId {
    /// A participant of the protocol.
    Node(NodeId),
    /// Someone who asks the protocol for something.
    Client(ClientId),
}

impl MemberId {
    /// The node that it is, if it is one.
    pub const fn node(self) -> Option<NodeId> {
        match self {
            MemberId::Node(node) => Some(node),
            MemberId::Client(_) => None,
        }
    }
}

impl From<NodeId> for MemberId {
    fn from(node: NodeId) -> MemberId {
        MemberId::Node(node)
    }
}

impl From<ClientId> for MemberId {
    fn from(client: ClientId) -> MemberId {
        MemberId::Client(client)
    }
}

impl fmt::Display for MemberId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MemberId::Node(node) => node.fmt(f),
            MemberId::Client(client) => client.fmt(f),
        }
    }
}

/// A packet in a run; never used twice, a duplicate gets a fresh one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PacketId(pub u32);

impl fmt::Display for PacketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which of a member's timers; a protocol numbers its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TimerId(pub u8);

/// What dates a state or a message: a term, or a ballot, which is a round and the node that leads it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Stamp {
    /// The term or the round.
    pub number: u64,
    /// Whose round it is, where several nodes may have one of the same number.
    pub by: Option<NodeId>,
}

impl Stamp {
    /// A stamp as it is shown: `4`, or `2·1` for round 2 of node 1. `2.1` is understood too.
    pub fn parse(text: &str) -> Option<Stamp> {
        let (number, by) = match text.split_once(['·', '.']) {
            Some((number, by)) => (number, Some(NodeId::new(by.parse().ok()?)?)),
            None => (text, None),
        };
        Some(Stamp { number: number.parse().ok()?, by })
    }
}

impl From<u64> for Stamp {
    fn from(number: u64) -> Stamp {
        Stamp { number, by: None }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.by {
            Some(node) => write!(f, "{}·{node}", self.number),
            None => write!(f, "{}", self.number),
        }
    }
}

/// Virtual time since the start of the run, or a span of it, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(pub u64);

impl Micros {
    /// The start of every run.
    pub const ZERO: Micros = Micros(0);

    /// Whole milliseconds as microseconds.
    pub const fn from_ms(ms: u64) -> Micros {
        Micros(ms.saturating_mul(1000))
    }

    /// Milliseconds with a fraction, rounded to the nearest microsecond; less than nothing is nothing.
    pub fn from_ms_f64(ms: f64) -> Micros {
        Micros((ms * 1000.0).round().max(0.0) as u64)
    }

    /// In milliseconds, for people and for JSON.
    pub fn as_ms(self) -> f64 {
        self.0 as f64 / 1000.0
    }

    /// This much later, or the end of time.
    pub const fn after(self, span: Micros) -> Micros {
        Micros(self.0.saturating_add(span.0))
    }

    /// How long after `earlier` this is; nothing if it is before.
    pub const fn since(self, earlier: Micros) -> Micros {
        Micros(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Debug for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} ms")
    }
}

/// In milliseconds with as many decimals as there are, and no more.
impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let decimals = format!("{rest:03}");
        write!(f, "{whole}.{}", decimals.trim_end_matches('0'))
    }
}

/// One direction between two nodes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Link {
    /// Where packets come from.
    pub from: NodeId,
    /// Where they go.
    pub to: NodeId,
}

impl Link {
    /// The same two nodes, the other way.
    pub const fn reverse(self) -> Link {
        Link { from: self.to, to: self.from }
    }
}

/// A set of nodes, small enough to copy.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NodeSet(u16);

impl NodeSet {
    /// No node.
    pub const EMPTY: NodeSet = NodeSet(0);

    /// Adds a node; adding it again changes nothing, which is why votes are kept in sets.
    pub fn insert(&mut self, node: NodeId) {
        self.0 |= 1 << node.0;
    }

    /// Takes a node out.
    pub fn remove(&mut self, node: NodeId) {
        self.0 &= !(1 << node.0);
    }

    /// Whether the node is in it.
    pub const fn contains(self, node: NodeId) -> bool {
        self.0 & (1 << node.0) != 0
    }

    /// How many nodes are in it.
    pub const fn len(self) -> u8 {
        self.0.count_ones() as u8
    }

    /// Whether no node is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its nodes, in order.
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        NodeId::all(MAX_NODES).filter(move |node| self.contains(*node))
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> NodeSet {
        let mut set = NodeSet::EMPTY;
        nodes.into_iter().for_each(|node| set.insert(node));
        set
    }
}

impl fmt::Debug for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
