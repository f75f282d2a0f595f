//! The bounds of a check in a sentence that leaves nothing out: what was proved holds there and nowhere else.
//!
//! Must not know any protocol.

use super::check::Asked;
use super::file::Scenario;
use super::settings::{specs, write_option};
use crate::engine::check::bounds::{Bounds, Wish};
use crate::engine::options::ENGINE;
use crate::engine::spine::Bus;
use crate::text::check as say;
use crate::text::{Text, Words};
use serde_json::Value;

/// Within which bounds the state is searched that a file leads to after so many actions: who there is, what may happen how
/// often, and what becomes of messages.
pub fn bounds_text(file: &Scenario, asked: &Asked, from: usize) -> Text {
    let bounds = &asked.bounds;
    let mut parts = cluster(file);
    if from != 0 {
        parts.push(say::BOUND_FROM.with("actions", from));
    } else if !file.opening.start.is_empty() {
        parts.push(Text::from(&say::BOUND_STATES));
    }
    parts.extend(timers(bounds, &(file.protocol.timers)()));
    parts.push(times(bounds.crashes, [&say::BOUND_NO_CRASH, &say::BOUND_CRASH, &say::BOUND_CRASHES]));
    parts.push(times(bounds.cuts, [&say::BOUND_NO_CUT, &say::BOUND_CUT, &say::BOUND_CUTS]));
    if 0 < bounds.heals {
        parts.push(say::BOUND_HEALS.with("most", bounds.heals));
    }
    parts.extend(requests(bounds));
    parts.push(packets(bounds));
    parts.extend(bounds.symmetry.then(|| Text::from(&say::BOUND_SYMMETRY)));
    let first = parts.remove(0);
    parts.into_iter().fold(first, |one, other| say::BOUND_AND.with("one", one).with("other", other))
}

/// The nodes, the parts that are dealt to them, and what else of the protocol is not as it usually is.
fn cluster(file: &Scenario) -> Vec<Text> {
    let (protocol, opening) = (file.protocol, &file.opening);
    let mut parts = vec![say::BOUND_NODES.with("nodes", opening.nodes)];
    for (place, spec) in specs(protocol).enumerate().skip(ENGINE.len()) {
        let value = opening.options.get(place);
        let dealt = protocol.dealt.iter().find(|dealt| dealt.key == spec.key);
        let count = opening.options.count(place);
        match dealt {
            Some(dealt) if 0 < count => {
                parts.push(say::BOUND_DEALT.with("count", count).with("name", Text::from(dealt.name)));
            }
            None if value != spec.default => {
                let written = match write_option(value, opening.nodes) {
                    Value::String(text) => text,
                    other => other.to_string(),
                };
                parts.push(say::BOUND_OPTION.with("option", spec.key).with("value", written));
            }
            _ => {}
        }
    }
    if opening.variant != 0 {
        let variant = protocol.variants.get(opening.variant).copied().unwrap_or_default();
        parts.push(say::BOUND_VARIANT.with("variant", variant));
    }
    parts
}

fn times(most: u8, words: [&'static Words; 3]) -> Text {
    let [never, once, often] = words;
    match most {
        0 => Text::from(never),
        1 => Text::from(once),
        most => often.with("most", most),
    }
}

/// How often each timer goes off; those that never do are one part.
fn timers(bounds: &Bounds, names: &[&'static str]) -> Vec<Text> {
    let (mut parts, mut never) = (Vec::new(), 0);
    for (most, timer) in bounds.fires.iter().zip(names) {
        match most {
            Some(0) => never += 1,
            Some(1) => parts.push(say::BOUND_FIRE.with("timer", *timer)),
            Some(most) => parts.push(say::BOUND_FIRES.with("timer", *timer).with("most", *most)),
            None => parts.push(say::BOUND_FIRES_EVER.with("timer", *timer)),
        }
    }
    match (parts.is_empty(), never) {
        (_, 0) => {}
        (true, _) => parts.push(Text::from(&say::BOUND_NO_TIMER)),
        (false, _) => parts.push(Text::from(&say::BOUND_NO_OTHER)),
    }
    parts
}

fn requests(bounds: &Bounds) -> Vec<Text> {
    if bounds.requests.is_empty() {
        return vec![Text::from(&say::BOUND_NO_REQUEST)];
    }
    let command = |(node, command): &Wish| match node {
        Some(node) => format!("{command} → {node}"),
        None => command.to_string(),
    };
    let commands: Vec<String> = bounds.requests.iter().map(command).collect();
    let answers = if bounds.replies { &say::BOUND_REPLIES } else { &say::BOUND_NO_REPLIES };
    vec![say::BOUND_REQUESTS.with("commands", commands.join(", ")), Text::from(answers)]
}

fn packets(bounds: &Bounds) -> Text {
    match (bounds.bus, bounds.duplicates) {
        (Bus::Set, _) => Text::from(&say::BOUND_SET),
        (Bus::Each | Bus::Timed, 0) => Text::from(&say::BOUND_EACH),
        (Bus::Each | Bus::Timed, most) => say::BOUND_DOUBLED.with("most", most),
    }
}
