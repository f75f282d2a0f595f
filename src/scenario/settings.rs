//! Options and variants as a file writes them, and as `list` shows them.
//!
//! Both directions in one place, so that what `list` shows can be written into a file. Must not know any protocol.

use super::cursor::At;
use super::fault::{Fault, below, choices, must_be, unknown_field, unknown_name};
use super::file::read_node_name;
use super::json::Json;
use crate::engine::ids::{MAX_NODES, Micros, NodeId};
use crate::engine::options::{ENGINE, OptionSpec, OptionValue, Options};
use crate::protocols::ProtocolInfo;
use serde_json::{Value, json};

/// The engine's options, then the protocol's: the place in this list is the option's number.
pub fn specs(protocol: &ProtocolInfo) -> impl Iterator<Item = &'static OptionSpec> + use<> {
    ENGINE.iter().chain(protocol.options)
}

/// The options of a file; what it leaves out stays at its default.
pub fn read_options(at: &At<'_>, protocol: &ProtocolInfo, nodes: u8) -> Result<Options, Fault> {
    let mut options = Options::defaults(protocol.options);
    for (place, value) in read_settings(at, protocol, nodes)? {
        if let Some(spec) = specs(protocol).nth(place) {
            // In range, as it was read.
            let _ = options.set(spec, place, value);
        }
    }
    Ok(options)
}

/// The options that a file sets, by place.
pub fn read_settings(
    at: &At<'_>,
    protocol: &ProtocolInfo,
    nodes: u8,
) -> Result<Vec<(usize, OptionValue)>, Fault> {
    let set = |(key, value): (&str, At<'_>)| {
        let (place, spec) = find_option(&at.pointer, key, protocol)?;
        let setting = read_option(&value, spec, nodes)?;
        match spec.allows(setting) {
            true => Ok((place, setting)),
            false => Err(value.fault(must_be(&range(spec), value.value))),
        }
    };
    at.any_object()?.all().map(set).collect()
}

/// The option with this name, and its place.
pub fn find_option(
    pointer: &str,
    key: &str,
    protocol: &ProtocolInfo,
) -> Result<(usize, &'static OptionSpec), Fault> {
    let found = specs(protocol).enumerate().find(|(_, spec)| spec.key == key);
    found.ok_or_else(|| {
        let known: Vec<&str> = specs(protocol).map(|spec| spec.key).collect();
        Fault::at(below(pointer, key), unknown_field(key, &known))
    })
}

/// The variant with this name, in capitals or not.
pub fn read_variant(at: &At<'_>, protocol: &ProtocolInfo) -> Result<usize, Fault> {
    let name = at.text()?;
    let place = protocol.variants.iter().position(|variant| variant.eq_ignore_ascii_case(name));
    place.ok_or_else(|| at.fault(unknown_name("variant", name, protocol.variants)))
}

/// The value of an option.
pub fn read_option(at: &At<'_>, spec: &OptionSpec, nodes: u8) -> Result<OptionValue, Fault> {
    let time = |at: &At<'_>| at.ms_within(ms(spec.least), ms(spec.most));
    match spec.default {
        OptionValue::Flag(_) => at.flag().map(OptionValue::Flag),
        OptionValue::Time(_) => time(at).map(OptionValue::Time),
        OptionValue::Chance(_) => {
            let (least, most) = (spec.least as f64 / 1.0e6, spec.most as f64 / 1.0e6);
            Ok(OptionValue::Chance((at.number(least, most)? * 1.0e6).round() as u32))
        }
        OptionValue::Span(..) => {
            let Json::List(_) = at.value else {
                let both = time(at)?;
                return Ok(OptionValue::Span(both, both));
            };
            match at.list()?.as_slice() {
                [low, high] => {
                    let (low, high) = (time(low)?, time(high)?);
                    match low <= high {
                        true => Ok(OptionValue::Span(low, high)),
                        false => Err(at.fault(must_be(&range(spec), at.value))),
                    }
                }
                _ => Err(at.fault(must_be(&range(spec), at.value))),
            }
        }
        OptionValue::Rates(default) => read_rates(at, spec, default, nodes).map(OptionValue::Rates),
        OptionValue::Count(_) => at.whole(spec.least, spec.most).map(|count| OptionValue::Count(count as u8)),
        OptionValue::Choice(_, names) => {
            let name = at.name("choice", names)?;
            let place = names.iter().position(|known| *known == name).unwrap_or_default();
            Ok(OptionValue::Choice(place as u8, names))
        }
    }
}

type Rates = [u16; MAX_NODES as usize];

fn read_rates(at: &At<'_>, spec: &OptionSpec, default: Rates, nodes: u8) -> Result<Rates, Fault> {
    let (least, most) = (spec.least as f64 / 1000.0, spec.most as f64 / 1000.0);
    let rate = |at: &At<'_>| at.number(least, most).map(|rate| (rate * 1000.0).round() as u16);
    let mut rates = default;
    match at.value {
        Json::List(items) if items.len() == usize::from(nodes) => {
            for (slot, item) in rates.iter_mut().zip(at.list()?) {
                *slot = rate(&item)?;
            }
        }
        Json::Map(_) => {
            for (name, value) in at.any_object()?.all() {
                let known = || NodeId::all(nodes).map(|node| node.to_string());
                let node = read_node_name(name, nodes)
                    .ok_or_else(|| value.fault(unknown_name("node", name, known())))?;
                rates[node.place()] = rate(&value)?;
            }
        }
        Json::Number(_) => rates = [rate(at)?; MAX_NODES as usize],
        _ => return Err(at.fault(must_be(&range(spec), at.value))),
    }
    Ok(rates)
}

fn ms(micros: u64) -> f64 {
    Micros(micros).as_ms()
}

/// What an option may be, in words.
fn range(spec: &OptionSpec) -> String {
    let (least, most) = (Micros(spec.least), Micros(spec.most));
    match spec.default {
        OptionValue::Flag(_) => "true or false".to_string(),
        OptionValue::Time(_) => format!("a time in milliseconds from {least} to {most}"),
        OptionValue::Span(..) => {
            format!("a time or [from, to] in milliseconds, from {least} to {most}")
        }
        OptionValue::Chance(_) => "a probability from 0 to 1".to_string(),
        OptionValue::Rates(_) => format!(
            "a rate from {least} to {most}, a list with one for each node, or an object of them by node"
        ),
        OptionValue::Count(_) => format!("a whole number from {} to {}", spec.least, spec.most),
        OptionValue::Choice(_, names) => choices(names),
    }
}

/// The kind of an option, its unit, and the numbers in that unit.
pub fn describe(spec: &OptionSpec) -> (&'static str, &'static str, Value, Value) {
    let time = |micros: u64| number(micros, 1000);
    match spec.default {
        OptionValue::Span(..) => ("range", "ms", time(spec.least), time(spec.most)),
        OptionValue::Time(_) => ("time", "ms", time(spec.least), time(spec.most)),
        OptionValue::Chance(_) => {
            ("probability", "1", number(spec.least, 1_000_000), number(spec.most, 1_000_000))
        }
        OptionValue::Flag(_) => ("flag", "", json!(false), json!(true)),
        OptionValue::Rates(_) => ("rate", "1", number(spec.least, 1000), number(spec.most, 1000)),
        OptionValue::Count(_) => ("count", "1", json!(spec.least), json!(spec.most)),
        OptionValue::Choice(_, names) => ("choice", "", json!(names.first()), json!(names.last())),
    }
}

/// A value as a file for a cluster of so many nodes writes it.
pub fn write_option(value: OptionValue, nodes: u8) -> Value {
    let time = |at: Micros| number(at.0, 1000);
    match value {
        OptionValue::Span(low, high) => json!([time(low), time(high)]),
        OptionValue::Time(at) => time(at),
        OptionValue::Chance(probability_ppm) => number(u64::from(probability_ppm), 1_000_000),
        OptionValue::Flag(on) => json!(on),
        OptionValue::Count(count) => json!(count),
        OptionValue::Choice(chosen, names) => json!(names.get(usize::from(chosen))),
        OptionValue::Rates(rates) if rates.iter().all(|rate| *rate == rates[0]) => {
            number(u64::from(rates[0]), 1000)
        }
        OptionValue::Rates(rates) => {
            let by_node = NodeId::all(nodes).zip(rates);
            by_node.map(|(node, rate)| (node.to_string(), number(u64::from(rate), 1000))).collect()
        }
    }
}

/// A number of parts, written without a decimal point where it is whole.
pub fn number(parts: u64, of: u64) -> Value {
    match parts % of {
        0 => json!(parts / of),
        _ => json!(parts as f64 / of as f64),
    }
}
