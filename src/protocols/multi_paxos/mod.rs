//! Multi-Paxos: a replicated log by one instance of Paxos for each slot, after Lamport, *Paxos Made Simple* (2001),
//! §3, and van Renesse and Altinbuken, *Paxos Made Moderately Complex* (2015). Section numbers are those of the
//! former unless the latter is named.
//!
//! # The protocol in a page
//!
//! Servers keep one log of commands that all apply in the same order. Each *slot* of the log is an instance of Paxos
//! of its own, but *one ballot serves all slots*: whoever hears nothing from a leader for a random time takes a
//! higher ballot and asks for promises for every slot from the first that it does not know to be settled. An acceptor
//! promises once for all slots, and tells its vote in each. With promises from a quorum, phase 1 is done for every
//! slot there will ever be, and from then on a command costs one round trip: `Accept` to all, `Accepted` from a
//! quorum.
//!
//! Before it takes commands, a new leader proposes in every slot what was reported there in the highest ballot,
//! because that may have been chosen; where nothing was reported but something behind it was, a no-op, because
//! nothing can have been chosen there and the log cannot be applied over a hole. (Lamport's example: it knows 1–134,
//! 138 and 139, phase 1 reports 135 and 140, so it proposes those, no-ops in 136 and 137, and its own commands from
//! 141 on.)
//!
//! Slots are chosen in any order and applied in order only. How far all is chosen rides on the next `Accept` or
//! heartbeat, and settles only what a server has voted for *in the same ballot*; everything else it asks for.
//!
//! # What a leader may do, and when
//!
//! It proposes at most a window of α slots beyond what it knows to be chosen without a gap. That makes it possible to
//! change who votes with a command in the log: chosen in slot s, `members=1,2,3` is in force from s + α on, so
//! whoever may propose in a slot knows who votes there. Before it proposes under new voters a leader asks them for
//! promises too. And whoever takes over a change that is not settled settles it before anything new: others may have
//! gone on under it already, of which those who have promised know nothing, and a new command would come before theirs
//! (L6).
//!
//! Reads go through the log like any command; or the leader answers them itself, once a round of heartbeats has
//! confirmed that it still leads (*read index*), or under a *lease*, which trusts clocks. Unlike in Raft no entry of
//! its own is needed for that: phase 1 has told the leader how far anything can have been chosen before it
//! (*frontier*). Once a change of members is under way, or has ever been made, reads go through the log again.
//!
//! A read beside the log is in no session: asked for twice it may be answered twice, and its client keeps the first
//! answer.
//!
//! A server whose disk is lost does not vote until it has seen a slot settled that began after its return. That is the
//! rule of *Paxos Made Live*, and it trusts that nobody still counts on a promise from before the loss: a candidate of a
//! higher ballot that does may choose something else than what the returned server helps to choose.
//!
//! # Where steps are finer or coarser than elsewhere
//!
//! A leader votes for what it proposes, and a candidate promises its own ballot, in the same event: so a command that a
//! leader has proposed always has one vote. One timer asks again for all slots, and only for those that have waited for
//! a whole turn of it. An `Accept` carries one slot; only `Learn` carries many.
//!
//! # In a scenario file
//!
//! `start` gives a server `round`, `promised`, `accepted` (a list of `{slot, ballot, command}`), `chosen` (a list of
//! `{slot, command}` that it knows) and `snapshot` (`{last, value}`), which stands for all slots before. Whoever has
//! voted has promised as much, unless the file says otherwise.
//!
//! # Where to read on
//!
//! `log` is what is stored; `message` what servers say, `fields` how files spell it; `node` the state of a server and
//! how it applies; `acceptor`, `election`, `leader`, `catch_up` and `reads` the rules; `config` what can be set and
//! the rules that can be broken; `ghost`, `history`, `monitors` and `clients` what only the observer knows,
//! `invariants` what must hold of it; `view` and `start` how it is shown and begun; `tell` and `text` the narrator's
//! words; `scenarios` the files. This folder must not know the page.

mod acceptor;
mod catch_up;
mod checked;
mod checks;
mod clients;
mod config;
mod election;
mod facts;
mod fields;
mod ghost;
mod history;
mod invariants;
mod leader;
mod log;
mod message;
mod monitors;
mod node;
mod reads;
mod scenarios;
mod start;
mod tell;
mod text;
mod view;

pub use checks::CHECKS;
pub use config::{Commits, Config, Reads, Variant};
pub use election::Campaign;
pub use ghost::Ghost;
pub use history::History;
pub use leader::{Leader, Proposal};
pub use log::{Command, Slot, Slots, Snapshot, State, Vote};
pub use message::{Message, Promise};
pub use node::{Durable, MultiPaxos, Note, Role, Start, Timer};
pub use scenarios::SCENARIOS;
pub use text::ALL as WORDS;

use crate::engine::ids::NodeId;
use crate::engine::invariant::Invariant;
use crate::engine::options::{OptionSpec, Options};
use crate::engine::plain::Plain;
use crate::engine::protocol::{Ctx, Event, Protocol};
use crate::engine::world::Step;

impl Protocol for MultiPaxos {
    const KEY: &'static str = "multi_paxos";
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

    fn boot(durable: Option<Durable>, ctx: &mut Ctx<'_, MultiPaxos>) -> MultiPaxos {
        MultiPaxos::booted(durable.unwrap_or_default(), ctx)
    }

    fn boot_as(start: &Start, ctx: &mut Ctx<'_, MultiPaxos>) -> MultiPaxos {
        MultiPaxos::begun(start, ctx)
    }

    fn durable(&self, config: &Config) -> Durable {
        self.survives(config)
    }

    fn on(&mut self, event: Event<'_, MultiPaxos>, ctx: &mut Ctx<'_, MultiPaxos>) {
        self.handle(event, ctx);
    }

    fn kind(message: &Message) -> &'static str {
        message.kind()
    }

    fn fields(message: &Message) -> Plain {
        message.fields()
    }

    fn read(kind: &str, _from: NodeId, fields: &Plain) -> Result<Message, String> {
        fields::read(kind, fields)
    }

    fn observe(ghost: &mut Ghost, step: &Step<'_, MultiPaxos>) -> Option<Note> {
        ghost::observe(ghost, step)
    }

    fn observe_start(ghost: &mut Ghost, nodes: &[(NodeId, &Durable, Option<&MultiPaxos>)]) {
        ghost::observe_start(ghost, nodes);
    }

    fn invariants() -> &'static [Invariant<MultiPaxos>] {
        &invariants::INVARIANTS
    }
}
