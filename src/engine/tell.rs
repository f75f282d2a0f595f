//! What is said of a step: the headline for the caption, the tellings behind it, the lines of a transcript.
//!
//! The engine speaks of packets, crashes and links; a protocol of what its notes mean. Must not know any protocol.

use crate::engine::action::{Filter, Happening, Knob, Loss, Report};
use crate::engine::client::{ClientNote, Outcome, Request};
use crate::engine::describe::{Described, Mark, Telling, Weight};
use crate::engine::ids::{ClientId, MemberId, Micros, TimerId};
use crate::engine::plain::Plain;
use crate::engine::protocol::{Letter, TimerName, kind_of};
use crate::engine::session::Told;
use crate::engine::spine::Packet;
use crate::text::engine as say;
use crate::text::{Text, Words};

/// How much a happening matters.
pub fn weight<P: Described>(happening: &Happening<P>) -> Weight {
    match happening {
        Happening::Noted(_, note) | Happening::Ignored(_, note) => P::weight(note),
        Happening::Crashed(_) => Weight::Landmark(Mark::Crash),
        Happening::Lost(_, _, Loss::Chance | Loss::Dropped | Loss::Full) => Weight::News,
        Happening::Restarted(_)
        | Happening::Paused(_)
        | Happening::Resumed(_)
        | Happening::Cut(_)
        | Happening::Healed(_)
        | Happening::Filtered(_)
        | Happening::Unfiltered(_)
        | Happening::Turned(_)
        | Happening::Wound(..)
        | Happening::Delayed(..)
        | Happening::ClientNoted(..) => Weight::News,
        Happening::Sent(packet, letter) => match (&**letter, packet.copy_of) {
            (Letter::Request(_), _) | (_, Some(_)) => Weight::News,
            _ => Weight::Routine,
        },
        Happening::Fired(..) | Happening::Delivered(..) | Happening::Decided(..) | Happening::Lost(..) => {
            Weight::Routine
        }
    }
}

/// The most important telling of a step that matters at least so much; the first of equals.
pub fn headline<P: Described>(report: &Report<P>, least: Weight) -> Option<Told> {
    let heard = report.happenings.iter().filter(|happening| least <= weight(happening));
    let first = heard.rev().max_by_key(|happening| weight(happening));
    first.and_then(told)
}

/// Everything that is said of a step, the most important first.
pub fn tellings<P: Described>(report: &Report<P>) -> Vec<Told> {
    let mut told: Vec<Told> = report.happenings.iter().filter_map(told).collect();
    told.sort_by_key(|told| std::cmp::Reverse(told.weight));
    told
}

fn told<P: Described>(happening: &Happening<P>) -> Option<Told> {
    let (member, ignored, telling) = match happening {
        Happening::Noted(node, note) => (Some((*node).into()), false, P::tell(*node, note)),
        Happening::Ignored(node, note) => (Some((*node).into()), true, P::tell(*node, note)),
        other => {
            let (member, text, why) = told_by_engine(other)?;
            (member, false, Telling { text, why: why.map(Text::from), cite: "" })
        }
    };
    Some(Told { member, telling, weight: weight(happening), ignored })
}

type Said = (Option<MemberId>, Text, Option<&'static Words>);

fn told_by_engine<P: Described>(happening: &Happening<P>) -> Option<Said> {
    let of = |words: &'static Words, node: &crate::engine::ids::NodeId| words.with("node", *node);
    let said = match happening {
        Happening::Crashed(node) => (Some((*node).into()), of(&say::CRASHED, node), Some(&say::CRASHED_WHY)),
        Happening::Restarted(node) => {
            (Some((*node).into()), of(&say::RESTARTED, node), Some(&say::RESTARTED_WHY))
        }
        Happening::Paused(node) => (Some((*node).into()), of(&say::PAUSED, node), Some(&say::PAUSED_WHY)),
        Happening::Resumed(node) => (Some((*node).into()), of(&say::RESUMED, node), Some(&say::RESUMED_WHY)),
        Happening::Cut(link) => (None, say::CUT.with("from", link.from).with("to", link.to), None),
        Happening::Healed(link) => (None, say::HEALED.with("from", link.from).with("to", link.to), None),
        Happening::Lost(packet, letter, why) => {
            (Some(packet.from), packet_text::<P>(&say::LOST, packet, letter), Some(why_lost(*why)))
        }
        Happening::Delayed(packet, letter, by) => {
            (Some(packet.from), packet_text::<P>(&say::DELAYED, packet, letter).with("by", *by), None)
        }
        Happening::Sent(packet, letter) => match (&**letter, packet.copy_of) {
            (_, Some(_)) => (Some(packet.from), packet_text::<P>(&say::COPIED, packet, letter), None),
            (Letter::Request(request), _) => (Some(packet.from), asked(request, packet), None),
            _ => return None,
        },
        Happening::Wound(owner, timer, span) => (Some(*owner), wound::<P>(*owner, *timer, *span), None),
        Happening::Filtered(_) => (None, Text::from(&say::FILTERED), None),
        Happening::Unfiltered(_) => (None, Text::from(&say::UNFILTERED), None),
        Happening::Turned(knob) => (None, turned::<P>(knob), None),
        Happening::ClientNoted(client, note) => {
            let (text, why) = client_said(*client, note);
            (Some((*client).into()), text, why)
        }
        _ => return None,
    };
    Some(said)
}

fn wound<P: Described>(owner: MemberId, timer: TimerId, span: Micros) -> Text {
    let text = say::WOUND.with("timer", timer_key::<P>(owner, timer)).with("owner", owner_text(owner));
    text.with("ms", span)
}

/// A member in the middle of a sentence.
pub fn owner_text(owner: MemberId) -> Text {
    match owner {
        MemberId::Node(node) => say::OWNER_NODE.with("node", node),
        MemberId::Client(client) => say::OWNER_CLIENT.with("client", client),
    }
}

fn asked(request: &Request, packet: &Packet) -> Text {
    say::ASKED.with("client", request.client).with("command", &*request.command).with("node", packet.to)
}

fn client_said(client: ClientId, note: &ClientNote) -> (Text, Option<&'static Words>) {
    let by = |words: &'static Words| words.with("client", client);
    match note {
        ClientNote::Answered { command, value: None, .. } => {
            (by(&say::ANSWERED).with("command", &**command), None)
        }
        ClientNote::Answered { command, value: Some(value), .. } => {
            (by(&say::ANSWERED_VALUE).with("command", &**command).with("value", &**value), None)
        }
        ClientNote::Redirected { to } => (by(&say::REDIRECTED).with("node", *to), Some(&say::REDIRECTED_WHY)),
        ClientNote::Waits => (by(&say::WAITS), Some(&say::WAITS_WHY)),
        ClientNote::Retries { to } => (by(&say::RETRIES).with("node", *to), Some(&say::RETRIES_WHY)),
        ClientNote::Stale => (by(&say::STALE_REPLY), None),
    }
}

fn turned<P: Described>(knob: &Knob) -> Text {
    match knob {
        Knob::Option(place, _) => {
            let spec = crate::engine::options::ENGINE.iter().chain(P::OPTIONS).nth(*place);
            say::OPTION_CHANGED.with("option", spec.map_or("", |spec| spec.key))
        }
        Knob::Variant(variant) => {
            say::VARIANT_CHANGED.with("variant", P::VARIANTS.get(*variant).copied().unwrap_or(""))
        }
    }
}

fn packet_text<P: Described>(words: &'static Words, packet: &Packet, letter: &Letter<P::Message>) -> Text {
    words.with("kind", kind_of::<P>(letter)).with("from", packet.from).with("to", packet.to)
}

/// Why a packet was lost, for readers.
pub fn why_lost(loss: Loss) -> &'static Words {
    match loss {
        Loss::Chance => &say::LOST_CHANCE,
        Loss::Cut => &say::LOST_CUT,
        Loss::Filter => &say::LOST_FILTER,
        Loss::Down => &say::LOST_DOWN,
        Loss::Dropped => &say::LOST_DROPPED,
        Loss::Full => &say::LOST_FULL,
    }
}

/// What a letter says, field by field.
pub fn fields_of<P: Described>(letter: &Letter<P::Message>) -> Plain {
    match letter {
        Letter::Peer(message) => P::fields(message),
        Letter::Request(request) => {
            Plain::map([("seq", request.seq.into()), ("command", (&*request.command).into())])
        }
        Letter::Reply { seq, outcome } => {
            let mut fields = vec![("seq", (*seq).into())];
            match outcome {
                Outcome::Done { value } => {
                    fields.push(("ok", true.into()));
                    fields.push(("value", value.as_deref().into()));
                }
                Outcome::Redirect { leader } => {
                    fields.push(("ok", false.into()));
                    fields.push(("leader", leader.map(|leader| leader.number()).into()));
                }
            }
            Plain::map(fields)
        }
    }
}

/// The name of a timer, in files.
pub fn timer_key<P: Described>(owner: MemberId, timer: TimerId) -> &'static str {
    match owner {
        MemberId::Client(_) => "retry",
        MemberId::Node(_) => P::Timer::ALL.get(usize::from(timer.0)).map_or("", |(_, key)| key),
    }
}

/// One line of a transcript for each thing that came of a step.
pub fn transcript<P: Described>(report: &Report<P>) -> Vec<Text> {
    let lines = report.happenings.iter().filter_map(line);
    let broken = report.violations.iter().map(|violation| {
        say::LINE_VIOLATION.with("invariant", violation.name).with("text", violation.witness.text.clone())
    });
    lines.chain(broken).collect()
}

fn line<P: Described>(happening: &Happening<P>) -> Option<Text> {
    let spelled = |words: &'static Words, packet: &Packet, letter: &Letter<P::Message>| {
        packet_text::<P>(words, packet, letter).with("fields", fields_of::<P>(letter).to_string())
    };
    let line = match happening {
        Happening::Sent(packet, letter) if packet.copy_of.is_some() => {
            spelled(&say::LINE_COPIED, packet, letter)
        }
        Happening::Sent(packet, letter) => spelled(&say::LINE_SENT, packet, letter),
        Happening::Delivered(packet, letter) => spelled(&say::LINE_DELIVERED, packet, letter),
        Happening::Lost(packet, letter, why) => {
            packet_text::<P>(&say::LINE_LOST, packet, letter).with("why", why_lost(*why))
        }
        Happening::Fired(owner, timer) => {
            say::LINE_FIRED.with("timer", timer_key::<P>(*owner, *timer)).with("owner", *owner)
        }
        Happening::Decided(node, slot, label) => {
            say::LINE_DECIDED.with("node", *node).with("slot", *slot).with("label", &**label)
        }
        Happening::Filtered(filter) => filter_text(&say::LINE_FILTERED, filter),
        Happening::Unfiltered(filter) => filter_text(&say::LINE_UNFILTERED, filter),
        other => return told(other).map(|told| told.telling.text),
    };
    Some(line)
}

fn filter_text(words: &'static Words, filter: &Filter) -> Text {
    let any = |value: Option<String>| value.unwrap_or_else(|| "*".to_string());
    words
        .with("kind", any(filter.kind.clone()))
        .with("from", any(filter.from.map(|from| from.to_string())))
        .with("to", any(filter.to.map(|to| to.to_string())))
}
