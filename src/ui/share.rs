//! The address of what is on the screen, as far as parameters can say it. Must not know any protocol.

use super::beginning::Beginning;
use super::player::{Player, SPEEDS};
use crate::link::address::Address;
use leptos::prelude::*;

/// The address that leads here from the one that the page was opened with; and whether it leads exactly here. It does
/// not where somebody has acted, where a file that is not built in was loaded, and between actions of one instant.
pub fn address(player: Player, asked: &Address) -> (Address, bool) {
    let (beginning, standing) = (player.beginning.get_untracked(), player.standing.get_untracked());
    let scenario = beginning.scenario.as_ref();
    let begun = 0 < standing.position;
    let address = Address {
        protocol: beginning.protocol,
        scenario: scenario.and_then(|scenario| scenario.slug),
        variant: beginning.variant,
        beside: beginning.beside.clone(),
        nodes: beginning.nodes,
        seed: beginning.seed,
        speed: SPEEDS.get(player.speed.get_untracked()).map_or(asked.speed, |(speed, _)| *speed),
        t: begun.then(|| player.now()),
        autoplay: !begun && scenario.is_none() && player.playing.get_untracked(),
        ..asked.clone()
    };
    let said = Beginning::of_address(&address);
    let exact = said.options == beginning.options
        && scenario.is_some() == address.scenario.is_some()
        && (!begun || player.is_last_of_its_instant())
        && !player.is_steered();
    (address, exact)
}

/// The whole address of the page with other parameters.
pub fn url(address: &Address) -> String {
    let here = window().location().href().unwrap_or_default();
    let page = here.split(['?', '#']).next().unwrap_or_default();
    match address.query() {
        query if query.is_empty() => page.to_string(),
        query => format!("{page}?{query}"),
    }
}
