//! How a protocol shows itself: its words, its parts, its messages, what a narrator says of its notes.
//!
//! Everything here is plain data for whoever draws or prints it. Must not know any protocol, nor the page.

use crate::engine::frame::{Fact, Lens, Look, Part, RoleFrame, RowFrame};
use crate::engine::ids::{Link, NodeId, NodeSet, Stamp};
use crate::engine::plain::Plain;
use crate::engine::protocol::Protocol;
use crate::engine::world::World;
use crate::text::engine as say;
use crate::text::{Text, Words};

/// A protocol that can be shown.
pub trait Described: Protocol {
    /// Its name for readers.
    const NAME: &'static Words;
    /// The name of its paper, of which a [`Telling`] cites sections.
    const PAPER: &'static str;
    /// What the page says before the first step.
    const OPENING: Introduction;
    /// What each variant does, in the order of [`Protocol::VARIANTS`].
    const VARIANT_WORDS: &'static [&'static Words];
    /// Every role that a node can have.
    const ROLES: &'static [RoleFrame];

    /// A node's role.
    fn role(&self) -> RoleFrame;
    /// What dates the node, with its name.
    fn stamp(durable: &Self::Durable) -> Option<(&'static Words, Stamp)>;
    /// One line about what the node is doing.
    fn line(world: &World<Self>, node: NodeId) -> Option<Text>;
    /// The node's state, part by part; of its log, the stretch under the lens.
    fn parts(world: &World<Self>, node: NodeId, lens: Lens) -> Vec<Part>;
    /// How a message is drawn and called.
    fn look(message: &Self::Message) -> Look;
    /// Whether the ring around a node shows this timer.
    fn in_ring(timer: Self::Timer) -> bool;
    /// The term or ballot of a message, by which a scenario file may choose it.
    fn stamp_of(message: &Self::Message) -> Option<Stamp>;
    /// How much a note matters, without the cost of putting it into words.
    fn weight(note: &Self::Note) -> Weight;
    /// What a narrator says of a note.
    fn tell(node: NodeId, note: &Self::Note) -> Telling;
    /// The state in which a scenario file lets a node begin, or what is wrong with it.
    fn read_start(fields: &Plain) -> Result<Self::Start, String>;
    /// Whether a node that hears and is heard by these nodes, all of them up and itself among them, can make
    /// progress.
    fn is_quorum(world: &World<Self>, _centre: NodeId, nodes: NodeSet) -> bool {
        world.nodes() / 2 < nodes.len()
    }
    /// Whether progress can come from a node at all, so that it matters whom it reaches.
    fn can_drive(_world: &World<Self>, _node: NodeId) -> bool {
        true
    }
    /// What is missing where only some nodes cannot make progress.
    fn stranded(_world: &World<Self>, nodes: &[NodeId]) -> Text {
        match nodes {
            [node] => say::STRANDED_ONE.with("node", *node),
            nodes => say::STRANDED.with("nodes", listed(nodes.iter().copied())),
        }
    }
    /// What is missing where no node can make progress.
    fn blocked(world: &World<Self>) -> Text {
        say::BLOCKED.with("needed", world.nodes() / 2 + 1).with("nodes", world.nodes())
    }
    /// What only the observer knows, who has seen everything that ever happened; of every slot under the lens.
    fn facts(_world: &World<Self>, _lens: Lens) -> Vec<Fact> {
        Vec::new()
    }
    /// The options that deal parts to nodes, if the protocol has parts that a node may have or not.
    const DEALT: &'static [Dealt] = &[];
    /// Which nodes have which part; none where all nodes are alike.
    fn rows(_world: &World<Self>) -> Vec<RowFrame> {
        Vec::new()
    }
}

/// An option that says how many nodes have a part; 0 gives it to all. Parts are dealt to nodes in order, each after
/// the one before.
#[derive(Clone, Copy, Debug)]
pub struct Dealt {
    /// The option.
    pub key: &'static str,
    /// What the part is called, of several nodes.
    pub name: &'static Words,
    /// How many nodes have it at first where the parts are apart.
    pub usual: u8,
    /// The fewest that a reader is offered.
    pub least: u8,
    /// The most that a reader is offered.
    pub most: u8,
}

/// What is said of a run before anything has happened, and what a reader may try in it.
#[derive(Clone, Copy, Debug)]
pub struct Introduction {
    /// How it stands, of so many `nodes`.
    pub text: &'static Words,
    /// What will happen next, and why.
    pub why: &'static Words,
    /// What to do to a node in charge.
    pub invite: &'static Words,
}

/// Nodes, for readers.
pub fn listed(nodes: impl IntoIterator<Item = NodeId>) -> String {
    nodes.into_iter().map(|node| node.to_string()).collect::<Vec<_>>().join(", ")
}

/// Links, for readers: both ways together where both are meant.
pub fn listed_links(ways: &[Link]) -> String {
    let both = |way: &Link| ways.contains(&way.reverse());
    let once = ways.iter().filter(|way| !both(way) || way.from < way.to);
    let sign = |way: &Link| format!("{}{}{}", way.from, if both(way) { "–" } else { "→" }, way.to);
    once.map(sign).collect::<Vec<_>>().join(", ")
}

/// How much something matters to a reader who watches it run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Weight {
    /// It happens all the time: told only to a reader who goes step by step.
    Routine,
    /// It is worth a caption.
    News,
    /// It is a landmark, marked on the time line.
    Landmark(Mark),
}

/// A landmark on the time line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Mark {
    /// An election has begun.
    Campaign,
    /// Somebody took the lead.
    Elected,
    /// A node crashed.
    Crash,
    /// Something was committed.
    Commit,
    /// A promise was broken.
    Violation,
}

/// What a narrator says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Telling {
    /// What happened, in one sentence.
    pub text: Text,
    /// Why, or what is missing or next.
    pub why: Option<Text>,
    /// The section of the paper.
    pub cite: &'static str,
}
