//! The parameters that put a second cluster beside the first. Must not know any protocol by name.

use super::{Address, Kind, Parameter};
use crate::engine::beside::{Beside, switched};
use crate::engine::options::OptionValue;
use crate::protocols::PROTOCOLS;
use crate::text::link as say;

/// What is said where there is no cluster beside.
const ALONE: &str = "none";
/// What the correct protocol is called among its variants.
const STANDARD: &str = "standard";

/// The protocol of the cluster beside.
pub const COMPARE: Parameter = Parameter {
    name: "compare",
    about: &say::ABOUT_COMPARE,
    kind: |_| Kind::Names([ALONE].into_iter().chain(PROTOCOLS.iter().map(|it| it.key)).collect()),
    otherwise: None,
    set: |address, value| compare_with(address, value.place().checked_sub(1)),
    get: |address| Some(address.beside.as_ref().map_or(ALONE, |beside| beside.protocol.key).to_string()),
};

/// Its variant.
pub const VARIANT: Parameter = Parameter {
    name: "compare_variant",
    about: &say::ABOUT_COMPARE_VARIANT,
    kind: |address| {
        let beside = address.beside.as_ref();
        Kind::Names(beside.map_or(vec![STANDARD], |beside| beside.protocol.variants.to_vec()))
    },
    otherwise: Some(&say::OTHERWISE_COMPARE_VARIANT),
    set: |address, value| {
        if let Some(beside) = &mut address.beside {
            beside.variant = value.place();
        }
    },
    get: |address| {
        let beside = address.beside.as_ref()?;
        beside.protocol.variants.get(beside.variant).map(|name| name.to_string())
    },
};

/// An option that is switched the other way there: what the same protocol does with it and without it.
pub const OPTION: Parameter = Parameter {
    name: "compare_option",
    about: &say::ABOUT_COMPARE_OPTION,
    kind: |address| {
        let switches = address.beside.iter().flat_map(|beside| beside.switches());
        Kind::Names([ALONE].into_iter().chain(switches.map(|(_, spec)| spec.key)).collect())
    },
    otherwise: Some(&say::OTHERWISE_COMPARE_VARIANT),
    set: |address, value| {
        if let Some(beside) = &mut address.beside {
            let wanted = value.place().checked_sub(1);
            let switch = wanted.and_then(|wanted| beside.switches().nth(wanted));
            beside.options =
                switch.map(|(place, spec)| (place, switched(spec.default))).into_iter().collect();
        }
    },
    get: |address| {
        let beside = address.beside.as_ref()?;
        let [(place, OptionValue::Flag(_))] = beside.options.as_slice() else {
            return Some(ALONE.to_string());
        };
        let (_, spec) = beside.switches().find(|(own, _)| own == place)?;
        Some(spec.key.to_string())
    },
};

/// Puts a cluster beside, by the place of its protocol. What a scenario says of that protocol's cluster stays.
fn compare_with(address: &mut Address, place: Option<usize>) {
    let chosen = place.and_then(|place| PROTOCOLS.get(place));
    let there = address.beside.take();
    address.beside = chosen.map(|protocol| match there {
        Some(beside) if beside.protocol.key == protocol.key => beside,
        _ => Beside { protocol, variant: 0, options: Vec::new() },
    });
}
