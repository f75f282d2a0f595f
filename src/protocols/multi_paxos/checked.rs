//! What tells states of Multi-Paxos apart, for the checker, and what can be asked of them.
//!
//! Must not know how states are searched.

use super::config::Config;
use super::ghost::Ghost;
use super::message::Message;
use super::node::{Durable, MultiPaxos, Role};
use super::text as say;
use crate::engine::check::print::Printer;
use crate::engine::check::{Checked, Predicate};
use crate::engine::world::World;
use std::hash::Hash;

impl Checked for MultiPaxos {
    const QUESTIONS: &'static [Predicate<MultiPaxos>] = &[
        Predicate { key: "two_leaders", name: &say::ASK_TWO_LEADERS, holds: |world| 1 < leaders(world) },
        Predicate {
            key: "chosen_unknown",
            name: &say::ASK_CHOSEN_UNKNOWN,
            holds: |world| {
                let chosen = world.ghost().settled;
                0 < chosen && world.running().all(|(_, node)| node.commit < chosen)
            },
        },
        Predicate {
            key: "gap",
            name: &say::ASK_GAP,
            holds: |world| world.ghost().settled < world.ghost().last_chosen,
        },
    ];

    fn print_node(&self, _config: &Config, out: &mut Printer<'_>) {
        self.hash(out);
    }

    fn print_durable(durable: &Durable, out: &mut Printer<'_>) {
        durable.hash(out);
    }

    fn print_message(message: &Message, out: &mut Printer<'_>) {
        message.hash(out);
    }

    fn print_ghost(ghost: &Ghost, out: &mut Printer<'_>) {
        ghost.print(out);
    }

    fn is_open(world: &World<MultiPaxos>) -> bool {
        leaders(world) == 0 || world.clients().any(|client| !client.pending().is_empty())
    }
}

fn leaders(world: &World<MultiPaxos>) -> usize {
    world.running().filter(|(_, node)| matches!(node.role, Role::Leader(_))).count()
}
