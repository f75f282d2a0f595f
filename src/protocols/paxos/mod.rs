//! Single-decree Paxos, after Lamport, *Paxos Made Simple* (2001). Section numbers are those of that paper.
//!
//! # The protocol in a page
//!
//! Nodes agree on one value and never on two, though messages are lost, doubled and late, and nodes crash and come back
//! (§2.1). Three roles, which one node may have at once: *proposers* propose values, *acceptors* vote for proposals,
//! *learners* find out what is chosen. A value is *chosen* when a quorum of acceptors, such as a majority, has voted
//! for it in one *ballot*. Ballots are ordered, and each belongs to one proposer, who uses it once (§2.5).
//!
//! A proposer first asks for promises (phase 1, §2.2): an acceptor that promises a ballot takes part in none below it,
//! and tells its vote of the highest ballot. With promises from a quorum, the proposer asks for votes (phase 2): for
//! the value of the highest vote that it was told of, and only if it was told of none for the value that it wants. That
//! is the whole secret: if a value was chosen below, then any quorum of promises contains one of its voters, so the
//! highest report carries that value; and the promises see to it that nothing more is chosen below.
//!
//! Four things are easily taken for one another. A value is *accepted* by an acceptor that has voted for it: that
//! may come to nothing. It is *chosen* from the moment of the vote that completes a quorum, and no node may know it. It
//! is *known* to a node that has heard of such a quorum; and *acknowledged* once a client was told.
//!
//! Two proposers may outbid each other for ever (§2.4). What helps is chance, a pause that grows, or a distinguished
//! proposer; safety never depends on it.
//!
//! # What happens by itself
//!
//! Every proposer wants a value of its own (v1 for node 1) and proposes it after a random while. An acceptor that
//! promises somebody else's ballot lets its own proposer wait anew (§2.4): mostly one is first and the others learn of
//! it, sometimes two meet. A client's command
//! replaces what the proposer wanted itself, and starts a ballot at once. When all know, nothing happens any more.
//! The timer `propose` is the first ballot, `retry` every further one; both can be fired by hand.
//!
//! # In a scenario file
//!
//! `start` gives a node `round` (the highest that it has used), `promised` (a ballot, `"2·1"`), `accepted` (`{ballot,
//! value}`; it has promised as much unless the file says otherwise) and `want`, which is volatile but part of many
//! stories. The options `proposers`, `acceptors` and `learners` deal roles to nodes in order; 0 gives a role to all.
//!
//! # Where to read on
//!
//! `ballot` and `quorum` are what it counts with; `message` what nodes say; `node` the state of one node and its disk;
//! `acceptor`, `proposer` and `learner` the rules; `config` what can be set and the rules that can be broken; `ghost`
//! what only the observer knows, `invariants` what must hold of it; `view` how it is shown; `tell` and `text` the
//! narrator's words; `rows` who stands where; `scenarios` the files. This folder must not know the page.

mod acceptor;
mod ballot;
mod checked;
mod checks;
mod config;
mod ghost;
mod invariants;
mod learner;
mod message;
mod node;
mod proposer;
mod quorum;
mod rows;
mod scenarios;
mod tell;
mod text;
mod view;

pub use ballot::{Ballot, Value, Vote};
pub use checks::CHECKS;
pub use config::{Config, Learning, Variant};
pub use ghost::Ghost;
pub use learner::{Learner, SLOT, Seen};
pub use message::Message;
pub(super) use message::{ballot as read_ballot, only as only_fields};
pub use node::{Durable, Note, Paxos, Start, Timer};
pub use proposer::{Phase, Proposer};
pub use quorum::{Quorums, Rule};
pub use scenarios::SCENARIOS;
pub use text::ALL as WORDS;

use crate::engine::ids::NodeId;
use crate::engine::invariant::Invariant;
use crate::engine::options::{OptionSpec, Options};
use crate::engine::plain::Plain;
use crate::engine::protocol::{Ctx, Event, Protocol};
use crate::engine::world::Step;

impl Protocol for Paxos {
    const KEY: &'static str = "paxos";
    const OPTIONS: &'static [OptionSpec] = &config::OPTIONS;
    const VARIANTS: &'static [&'static str] = &config::VARIANT_KEYS;
    const KINDS: &'static [&'static str] = &message::KINDS;

    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Durable = Durable;
    type Start = Start;
    type Note = Note;
    type Ghost = Ghost;

    fn configure(nodes: u8, options: &Options, variant: usize) -> Config {
        Config::new(nodes, options, variant)
    }

    fn boot(durable: Option<Durable>, ctx: &mut Ctx<'_, Paxos>) -> Paxos {
        Paxos::booted(durable.unwrap_or_default(), ctx)
    }

    fn boot_as(start: &Start, ctx: &mut Ctx<'_, Paxos>) -> Paxos {
        Paxos::begun(start, ctx)
    }

    fn durable(&self, config: &Config) -> Durable {
        self.survives(config)
    }

    fn on(&mut self, event: Event<'_, Paxos>, ctx: &mut Ctx<'_, Paxos>) {
        self.handle(event, ctx);
    }

    fn kind(message: &Message) -> &'static str {
        message.kind()
    }

    fn fields(message: &Message) -> Plain {
        message.fields()
    }

    fn read(kind: &str, _from: NodeId, fields: &Plain) -> Result<Message, String> {
        message::read(kind, fields)
    }

    fn observe(ghost: &mut Ghost, step: &Step<'_, Paxos>) -> Option<Note> {
        ghost::observe(ghost, step)
    }

    fn observe_start(ghost: &mut Ghost, nodes: &[(NodeId, &Durable, Option<&Paxos>)]) {
        ghost::observe_start(ghost, nodes);
    }

    fn invariants() -> &'static [Invariant<Paxos>] {
        &invariants::INVARIANTS
    }
}
