//! The parameter that opens a challenge: to break by hand what a variant leaves unguarded. Must not know any protocol by
//! name.

use super::{Address, Kind, Parameter};
use crate::scenario::puzzle;
use crate::text::link as say;

/// What is said where there is no challenge.
const NONE: &str = "none";

/// The variant that is to be broken.
pub const PUZZLE: Parameter = Parameter {
    name: "puzzle",
    about: &say::ABOUT_PUZZLE,
    kind: |address| Kind::Names([NONE].into_iter().chain(offered(address)).collect()),
    otherwise: None,
    set: |address, value| choose(address, value.place().checked_sub(1)),
    get: |address| Some(address.puzzle.unwrap_or(NONE).to_string()),
};

/// A scenario is a run of its own.
fn offered(address: &Address) -> Vec<&'static str> {
    match address.scenario {
        Some(_) => Vec::new(),
        None => puzzle::names(address.protocol).collect(),
    }
}

fn choose(address: &mut Address, place: Option<usize>) {
    let chosen = place.and_then(|place| offered(address).into_iter().nth(place));
    let Some((file, _)) = chosen.and_then(|variant| puzzle::file(address.protocol, variant)) else { return };
    address.puzzle = chosen;
    (address.variant, address.nodes, address.seed) =
        (file.opening.variant, file.opening.nodes, file.opening.seed);
    address.autoplay = false;
}
