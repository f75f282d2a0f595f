//! A client at the rim: sends requests, follows redirects, asks again when no answer comes.
//!
//! The same for every protocol; its requests and replies are packets like any other. Must not know what a
//! command means.

use crate::engine::ids::{ClientId, NodeId};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The most requests that a client keeps open at once.
pub const MAX_PENDING: usize = 64;
/// The most characters that a command may have.
pub const MAX_COMMAND: usize = 64;

/// Whether a text can be a command. It stands in transcripts, which have a line for each event.
pub fn is_command(text: &str) -> bool {
    (1..=MAX_COMMAND).contains(&text.chars().count()) && !text.contains(char::is_control)
}

/// What a client asks of the cluster.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Request {
    /// Who asks.
    pub client: ClientId,
    /// The client's own number for it; a retry has the same, so that it can be told from a new request.
    pub seq: u32,
    /// What is asked, in the protocol's own language.
    pub command: Rc<str>,
}

/// How a request ended, as its client hears it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Outcome {
    /// It took effect; a read also has a value.
    Done {
        /// What was read, if something was.
        value: Option<Rc<str>>,
    },
    /// The node that was asked cannot serve it.
    Redirect {
        /// Who could, as far as that node knows.
        leader: Option<NodeId>,
    },
}

/// A request without an answer yet.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Pending {
    /// What is asked.
    pub command: Rc<str>,
    /// Whom it was sent to last.
    pub target: NodeId,
    /// How many redirects it has followed since it was last sent by the clock or by hand: at most one a
    /// node, or two nodes that name each other would keep it flying for ever.
    pub hops: u8,
}

/// What a client has just done, for the narrator.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ClientNote {
    /// The answer came.
    Answered {
        /// To which request.
        seq: u32,
        /// What was asked.
        command: Rc<str>,
        /// What was read, if something was.
        value: Option<Rc<str>>,
    },
    /// It follows a redirect.
    Redirected {
        /// To this node.
        to: NodeId,
    },
    /// It was sent away without being told where to, or too often; it waits for its timer.
    Waits,
    /// No answer came in time; it asks the next node.
    Retries {
        /// This one.
        to: NodeId,
    },
    /// An answer to a request that is already answered.
    Stale,
}

/// A client.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Client {
    /// Which one.
    pub id: ClientId,
    next_seq: u32,
    pending: BTreeMap<u32, Pending>,
}

/// A packet that the client wants sent.
pub type Sending = (NodeId, Request);

impl Client {
    /// A client that has asked nothing yet.
    pub fn new(id: ClientId) -> Client {
        Client { id, next_seq: 1, pending: BTreeMap::new() }
    }

    /// Its requests without an answer, oldest first.
    pub fn pending(&self) -> &BTreeMap<u32, Pending> {
        &self.pending
    }

    /// Sends a command to a node, under a given sequence number or the next.
    pub fn submit(&mut self, node: NodeId, command: Rc<str>, seq: Option<u32>) -> Sending {
        let seq = seq.unwrap_or(self.next_seq);
        self.next_seq = self.next_seq.max(seq.saturating_add(1));
        self.pending.insert(seq, Pending { command: Rc::clone(&command), target: node, hops: 0 });
        (node, Request { client: self.id, seq, command })
    }

    /// Handles an answer.
    pub fn on_reply(&mut self, seq: u32, outcome: &Outcome, nodes: u8) -> (ClientNote, Option<Sending>) {
        let Some(pending) = self.pending.get_mut(&seq) else { return (ClientNote::Stale, None) };
        match outcome {
            Outcome::Done { value } => {
                let command = Rc::clone(&pending.command);
                self.pending.remove(&seq);
                (ClientNote::Answered { seq, command, value: value.clone() }, None)
            }
            Outcome::Redirect { leader: Some(leader) }
                if *leader != pending.target && pending.hops < nodes =>
            {
                pending.target = *leader;
                pending.hops += 1;
                let request = Request { client: self.id, seq, command: Rc::clone(&pending.command) };
                (ClientNote::Redirected { to: *leader }, Some((*leader, request)))
            }
            Outcome::Redirect { .. } => (ClientNote::Waits, None),
        }
    }

    /// Asks the next node for everything that has no answer.
    pub fn on_retry(&mut self, nodes: u8) -> Vec<Sending> {
        let id = self.id;
        let again = |(seq, pending): (&u32, &mut Pending)| {
            pending.target = next_node(pending.target, nodes);
            pending.hops = 0;
            (pending.target, Request { client: id, seq: *seq, command: Rc::clone(&pending.command) })
        };
        self.pending.iter_mut().map(again).collect()
    }
}

fn next_node(node: NodeId, nodes: u8) -> NodeId {
    NodeId::all(nodes).find(|other| node < *other).unwrap_or(NodeId::all(1).next().unwrap_or(node))
}
