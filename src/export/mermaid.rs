//! A stretch of a run as a Mermaid `sequenceDiagram`: a line for each packet where it ended, notes for what else
//! happened.
//!
//! Mermaid draws a message at one height, so a packet stands where it arrived or was lost: then every cause stands
//! above its effect. What still flies at the end stands at the end.

use super::{Run, name};
use crate::engine::action::Action;
use crate::engine::describe::{Weight, listed_links};
use crate::engine::frame::PacketFrame;
use crate::engine::ids::{Link, MemberId, Micros, NodeId};
use crate::engine::trace::Retold;
use crate::text::Text;
use crate::text::export as say;
use std::fmt::Write as _;
use std::ops::Range;

/// More lines than this no reader could follow, and many a renderer would refuse.
pub const MOST_LINES: usize = 400;

/// The diagram of the actions from one number to before another.
pub fn sequence_diagram(run: &Run<'_>, positions: Range<usize>) -> String {
    let mut sketch = Sketch { run, lines: Vec::new(), flying: Vec::new(), clients: Vec::new(), cuts: None };
    // What was sent before the stretch and ends in it is drawn, too: its end is told with the packet.
    run.session.retell(positions.clone(), &mut |step| sketch.step(&step));
    sketch.finish(&positions)
}

/// Links that were cut or healed one after the other: when, which, and whether they were cut.
type Stroke = (Micros, Vec<Link>, bool);

struct Sketch<'a> {
    run: &'a Run<'a>,
    lines: Vec<String>,
    flying: Vec<PacketFrame>,
    clients: Vec<MemberId>,
    cuts: Option<Stroke>,
}

impl Sketch<'_> {
    fn step(&mut self, step: &Retold) {
        match step.action {
            Action::Cut(link) => return self.stroke(step.at, link, true),
            Action::Heal(link) => return self.stroke(step.at, link, false),
            _ => self.end_stroke(),
        }
        self.flying.extend(step.sent.iter().cloned());
        if let Some(packet) = &step.delivered {
            self.message(packet, ")", None);
        }
        for (packet, _) in &step.lost {
            self.message(packet, "x", None);
        }
        for told in &step.told {
            let noted = told.weight != Weight::Routine && !told.ignored;
            let Some(MemberId::Node(node)) = told.member.filter(|_| noted && step.lost.is_empty()) else {
                continue;
            };
            // A packet that is told of by itself is drawn already.
            let is_landmark = matches!(told.weight, Weight::Landmark(_));
            if is_landmark || !matches!(step.action, Action::Duplicate(_) | Action::Delay(..)) {
                self.note(&[node], &told.telling.text);
            }
        }
    }

    fn stroke(&mut self, at: Micros, link: Link, cut: bool) {
        match &mut self.cuts {
            Some((since, links, same)) if *since == at && *same == cut => links.push(link),
            _ => {
                self.end_stroke();
                self.cuts = Some((at, vec![link], cut));
            }
        }
    }

    fn end_stroke(&mut self) {
        let Some((_, links, cut)) = self.cuts.take() else { return };
        let mut nodes: Vec<NodeId> = links.iter().flat_map(|link| [link.from, link.to]).collect();
        nodes.sort_unstable();
        let words = if cut { &say::CUT } else { &say::HEALED };
        let ends = [nodes[0], nodes[nodes.len() - 1]];
        self.note(&ends, &words.with("links", listed_links(&links)));
    }

    fn message(&mut self, packet: &PacketFrame, head: &str, state: Option<&Text>) {
        self.flying.retain(|flying| flying.id != packet.id);
        for member in [packet.from, packet.to] {
            if member.node().is_none() && !self.clients.contains(&member) {
                self.clients.push(member);
            }
        }
        let line = if packet.look.reply { "--" } else { "-" };
        let label = self.run.say(&packet.look.label);
        let mut text = match label.as_str() {
            "" => packet.kind.to_string(),
            label if label.starts_with(packet.kind) => label.to_string(),
            label => format!("{}: {label}", packet.kind),
        };
        if let Some(state) = state {
            let _ = write!(text, " ({})", self.run.say(state));
        }
        self.lines.push(format!("{}{line}{head}{}: {}", id(packet.from), id(packet.to), escaped(&text)));
    }

    fn note(&mut self, nodes: &[NodeId], text: &Text) {
        let over: Vec<String> = nodes.iter().map(|node| id((*node).into())).collect();
        self.lines.push(format!("Note over {}: {}", over.join(","), escaped(&self.run.say(text))));
    }

    fn finish(mut self, positions: &Range<usize>) -> String {
        self.end_stroke();
        for packet in std::mem::take(&mut self.flying) {
            self.message(&packet, ")", Some(&Text::from(&say::IN_FLIGHT)));
        }
        self.clients.sort_unstable();
        let mut out = format!("%% {}\nsequenceDiagram\n", commented(&self.run.caption(positions)));
        let nodes = NodeId::all(self.run.opening.nodes).map(MemberId::from);
        for member in nodes.chain(self.clients.iter().copied()) {
            let _ =
                writeln!(out, "    participant {} as {}", id(member), escaped(&self.run.say(&name(member))));
        }
        let left_out = self.lines.len().saturating_sub(MOST_LINES);
        self.lines.truncate(MOST_LINES);
        if 0 < left_out {
            let first = NodeId::all(1).next().into_iter().collect::<Vec<_>>();
            self.note(&first, &say::LEFT_OUT.with("count", left_out));
        }
        for line in &self.lines {
            let _ = writeln!(out, "    {line}");
        }
        out
    }
}

/// A member as Mermaid knows it.
fn id(member: MemberId) -> String {
    match member {
        MemberId::Node(node) => format!("n{node}"),
        MemberId::Client(client) => format!("c{client}"),
    }
}

/// A text in which nothing means anything to Mermaid: what could is written by its number.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '#' | ';' | '<' | '>' | '%' | '&' | '"' | '{' | '}' => {
                let _ = write!(out, "#{};", u32::from(letter));
            }
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

fn commented(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}
