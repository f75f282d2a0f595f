//! What only the observer knows of each slot: who has ever voted for what, what is chosen, which nodes know, and which
//! clients were told.
//!
//! From the history, never from what nodes hold now. Must not know who draws it.

use super::ghost::{ballot_of, command_text};
use super::log::{Command, Slot};
use super::node::MultiPaxos;
use crate::engine::frame::{Fact, Lens, Standing};
use crate::engine::ids::{MemberId, NodeSet, Stamp};
use crate::engine::world::World;
use crate::text::Lang;

/// How many ballots with votes are shown of a slot, the latest.
const VOTES_SHOWN: usize = 6;

/// Everything that is known of the slots under the lens.
pub fn facts(world: &World<MultiPaxos>, lens: Lens) -> Vec<Fact> {
    let end = lens.first.saturating_add(lens.count);
    if end <= lens.first {
        return Vec::new();
    }
    let slots = world.ghost().slots.range(lens.first..end);
    slots.flat_map(|(slot, _)| facts_of(world, *slot)).collect()
}

fn fact(
    slot: Slot,
    standing: Standing,
    stamp: Option<Stamp>,
    command: &Command,
    by: impl IntoIterator<Item = MemberId>,
) -> Fact {
    // A no-op is called so in every language.
    let value = command_text(command).say(Lang::En);
    Fact { slot, standing, stamp, value, by: by.into_iter().collect() }
}

fn members(nodes: NodeSet) -> impl Iterator<Item = MemberId> {
    nodes.iter().collect::<Vec<_>>().into_iter().map(MemberId::Node)
}

fn facts_of(world: &World<MultiPaxos>, slot: Slot) -> Vec<Fact> {
    let ghost = world.ghost();
    let Some(history) = ghost.slot(slot) else { return Vec::new() };
    let skipped = history.votes.len().saturating_sub(VOTES_SHOWN);
    let cast = history.votes.iter().skip(skipped);
    let cast = cast.map(|(vote, by)| {
        fact(slot, Standing::Accepted, Some(vote.ballot.into()), &vote.command, members(*by))
    });
    let mut facts: Vec<Fact> = cast.collect();
    let mut commands: Vec<&Command> = Vec::new();
    for vote in &history.chosen {
        if !commands.contains(&&vote.command) {
            commands.push(&vote.command);
            let stamp = ballot_of(vote).map(Stamp::from);
            facts.push(fact(slot, Standing::Chosen, stamp, &vote.command, members(ghost.voters(slot, vote))));
        }
    }
    facts.extend(known(world, slot));
    if let Some(command) = commands.first() {
        let told: Vec<MemberId> = ghost.clients.told(slot).map(MemberId::from).collect();
        if !told.is_empty() {
            facts.push(fact(slot, Standing::Acknowledged, None, command, told));
        }
    }
    facts
}

/// Which running nodes know what. What a snapshot covers is known, but no longer by itself.
fn known(world: &World<MultiPaxos>, slot: Slot) -> Vec<Fact> {
    let mut facts: Vec<(&Command, Vec<MemberId>)> = Vec::new();
    for (node, state) in world.running() {
        let Some(command) = state.known.get(slot) else { continue };
        match facts.iter_mut().find(|(there, _)| *there == command) {
            Some((_, by)) => by.push(node.into()),
            None => facts.push((command, vec![node.into()])),
        }
    }
    facts.into_iter().map(|(command, by)| fact(slot, Standing::Known, None, command, by)).collect()
}
