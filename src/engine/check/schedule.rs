//! A way through the model as a run of the real world: the same actions, on packets that arrive once.
//!
//! Must not know any protocol, nor how the way was found.

use super::Checked;
use super::model::{Sight, Worlds};
use super::moves::Move;
use super::search::Model;
use crate::engine::action::{Action, Knob};
use crate::engine::ids::PacketId;
use crate::engine::options::{DUPLICATE, LOSS, OptionValue};
use crate::engine::world::World;
use std::collections::BTreeSet;

/// The actions by which a run does what these moves do. Where chance loses or doubles packets it is switched off first:
/// what arrives and what does not is up to the schedule.
pub fn actions<P: Checked>(model: &Worlds<P>, from: &World<P>, moves: &[u16]) -> Vec<Action> {
    let states = states(model, moves);
    let mut doubled = BTreeSet::new();
    loop {
        match attempt(model, from, &states, &doubled) {
            Ok(actions) => return actions,
            // A packet that was used up is doubled when it last arrived, unless that has been tried.
            Err(Missing { at, before: Some(before) }) if at != before && doubled.insert(before) => {}
            Err(Missing { .. }) => return Vec::new(),
        }
    }
}

/// A packet that should arrive and is not on the bus any more.
struct Missing {
    at: usize,
    /// The move before at which an equal one arrived.
    before: Option<usize>,
}

type Way<P> = Vec<(Sight<P>, Move)>;

/// Every state on the way, with the move that was made there.
fn states<P: Checked>(model: &Worlds<P>, moves: &[u16]) -> Way<P> {
    let Some(mut state) = model.starts().into_iter().next() else { return Vec::new() };
    let mut way = Vec::new();
    for by in moves {
        let possible = model.moves(&state);
        let (Some(made), Some(next)) = (possible.get(usize::from(*by)), model.follow(&state, *by)) else {
            break;
        };
        way.push((std::mem::replace(&mut state, next), made.clone()));
    }
    way
}

/// What a packet is, apart from its identity: whether two are equal.
fn same<P: Checked>(one: (&World<P>, PacketId), other: (&World<P>, PacketId)) -> bool {
    let find = |(world, id): (&World<P>, PacketId)| {
        world
            .packets()
            .find(|(packet, _)| packet.id == id)
            .map(|(packet, letter)| (packet.from, packet.to, letter.clone()))
    };
    find(one) == find(other)
}

fn attempt<P: Checked>(
    model: &Worlds<P>,
    from: &World<P>,
    way: &Way<P>,
    doubled: &BTreeSet<usize>,
) -> Result<Vec<Action>, Missing> {
    let mut world = from.clone();
    let mut actions = Vec::new();
    let mut perform = |world: &mut World<P>, action: Action| {
        let done = world.apply(world.now(), &action).is_ok();
        actions.push(action);
        done
    };
    for chance in [LOSS, DUPLICATE] {
        if world.options().chance(chance) != 0 {
            let never = OptionValue::Chance(0);
            perform(&mut world, Action::Set(Box::new(Knob::Option(chance, never))));
        }
    }
    for (place, (state, made)) in way.iter().enumerate() {
        let action = match made {
            Move::Deliver(packet) | Move::Duplicate(packet) => {
                let there = world.packets().map(|(there, _)| there.id);
                let equal = there.into_iter().find(|there| same((&world, *there), (&state.world, *packet)));
                let equal = equal
                    .ok_or_else(|| Missing { at: place, before: before(way, place, *packet, doubled) })?;
                if doubled.contains(&place) {
                    perform(&mut world, Action::Duplicate(equal));
                }
                match made {
                    Move::Duplicate(_) => Action::Duplicate(equal),
                    _ => Action::Deliver(equal),
                }
            }
            made => model.action(made),
        };
        let missing = Missing { at: place, before: None };
        if !perform(&mut world, action) {
            return Err(missing);
        }
    }
    Ok(actions)
}

/// The last move before one at which an equal packet arrived and was not doubled.
fn before<P: Checked>(
    way: &Way<P>,
    place: usize,
    packet: PacketId,
    doubled: &BTreeSet<usize>,
) -> Option<usize> {
    let (here, _) = &way[place];
    let arrived = |at: &usize| match &way[*at] {
        (state, Move::Deliver(other)) => same((&state.world, *other), (&here.world, packet)),
        _ => false,
    };
    (0..place).rev().filter(|at| !doubled.contains(at)).find(arrived)
}
