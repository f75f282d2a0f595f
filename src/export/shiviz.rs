//! The causal order of a run as a ShiViz log: events with vector clocks.
//!
//! The log can be opened as a file in ShiViz: its first line is the regular expression that reads it,
//!
//! ```text
//! (?<ms>\S*) (?<event>.*)\n(?<host>\S*) (?<clock>{.*})
//! ```
//!
//! its second line, which could tell several runs apart, is empty. Every event then has two lines: when it was and
//! what happened, then whose it was and its clock. What one member does in one action is one event: it handles what
//! came, and all that it sends in answer carries the clock of that event. What happens to the network alone (a cut, a
//! packet lost) is nobody's event, and a forged message, which nobody sent, depends on nothing.

use super::{Run, ms};
use crate::engine::action::Action;
use crate::engine::ids::{ClientId, MAX_CLIENTS, MAX_NODES, MemberId, NodeId, PacketId};
use crate::engine::trace::Retold;
use crate::text::Text;
use crate::text::export as say;
use std::fmt::Write as _;
use std::ops::Range;

/// How ShiViz reads an event.
pub const EXPRESSION: &str = r"(?<ms>\S*) (?<event>.*)\n(?<host>\S*) (?<clock>{.*})";

/// How many members there can be.
const MEMBERS: usize = MAX_NODES as usize + MAX_CLIENTS as usize;

/// How many events of each member an event depends on, itself among its own: nodes in order, then clients.
type Clock = [u32; MEMBERS];

/// The log of the actions from one number to before another.
pub fn log(run: &Run<'_>, positions: Range<usize>) -> String {
    let mut recorder =
        Recorder { run, clocks: [[0; MEMBERS]; MEMBERS], sent: Vec::new(), out: String::new() };
    recorder.out.push_str(EXPRESSION);
    recorder.out.push_str("\n\n");
    run.session.retell(positions, &mut |step| recorder.step(&step));
    recorder.out
}

struct Recorder<'a> {
    run: &'a Run<'a>,
    clocks: [Clock; MEMBERS],
    /// With what clock each packet in flight was sent.
    sent: Vec<(PacketId, Clock)>,
    out: String,
}

impl Recorder<'_> {
    fn step(&mut self, step: &Retold) {
        let clock = host(step).map(|host| self.event(host, step));
        for packet in &step.sent {
            let original = packet.copy_of.and_then(|original| self.sent_with(original));
            if let Some(clock) = original.or(clock) {
                self.sent.push((packet.id, clock));
            }
        }
        let ended = step.delivered.iter().chain(step.lost.iter().map(|(packet, _)| packet));
        for packet in ended {
            self.sent.retain(|(sent, _)| *sent != packet.id);
        }
    }

    fn sent_with(&self, packet: PacketId) -> Option<Clock> {
        self.sent.iter().find(|(sent, _)| *sent == packet).map(|(_, clock)| *clock)
    }

    /// Something that a member did: one more of its events, after all that what came depends on.
    fn event(&mut self, host: MemberId, step: &Retold) -> Clock {
        let came = step.delivered.as_ref().and_then(|packet| self.sent_with(packet.id));
        let clock = &mut self.clocks[place(host)];
        clock[place(host)] += 1;
        for (own, count) in clock.iter_mut().zip(came.unwrap_or_default()) {
            *own = count.max(*own);
        }
        let clock = *clock;
        let what = self.run.say(&what(step)).replace(char::is_control, " ");
        let counted = members().zip(clock).filter(|(_, count)| 0 < *count);
        let counts: Vec<String> =
            counted.map(|(member, count)| format!("\"{}\": {count}", id(member))).collect();
        let _ = writeln!(self.out, "{} {what}\n{} {{{}}}", ms(step.at), id(host), counts.join(", "));
        clock
    }
}

/// Where a member stands in a clock.
fn place(member: MemberId) -> usize {
    match member {
        MemberId::Node(node) => node.place(),
        MemberId::Client(client) => usize::from(MAX_NODES) + client.place(),
    }
}

/// Everybody, in the order of a clock.
fn members() -> impl Iterator<Item = MemberId> {
    let clients = (1..=MAX_CLIENTS).filter_map(ClientId::new).map(MemberId::from);
    NodeId::all(MAX_NODES).map(MemberId::from).chain(clients)
}

/// Whose event an action is, if it is anybody's.
fn host(step: &Retold) -> Option<MemberId> {
    match &step.action {
        Action::Deliver(_) => step.delivered.as_ref().map(|packet| packet.to),
        Action::Fire(owner, _) => Some(*owner),
        Action::Crash(node) | Action::Restart(node) | Action::Pause(node) | Action::Resume(node) => {
            Some((*node).into())
        }
        Action::Request(ask) => Some(ask.client.into()),
        _ => None,
    }
}

/// What happened, in one line.
fn what(step: &Retold) -> Text {
    let came = step.delivered.as_ref().map(|packet| {
        say::RECEIVES
            .with("kind", packet.kind)
            .with("from", id(packet.from))
            .with("label", packet.look.label.clone())
    });
    let told = step.told.first().map(|told| told.telling.text.clone());
    match (came, told) {
        (Some(came), Some(told)) => say::THEN.with("first", came).with("then", told),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Text::from(&say::TIMER),
    }
}

/// A member as a word without a space.
fn id(member: MemberId) -> String {
    match member {
        MemberId::Node(node) => format!("node{node}"),
        MemberId::Client(client) => format!("client{client}"),
    }
}

/// The member of such a word.
pub fn member(word: &str) -> Option<MemberId> {
    members().find(|member| id(*member) == word)
}
