//! What the reader means: a click on a thing, a line across the stage, a verb of a menu, turned into actions.
//!
//! Everything ends in [`Player::dispatch`]. Must not know any protocol, nor how things are drawn.

use super::player::Player;
use super::verbs::{Thing, Verb};
use crate::engine::action::{Action, Ask};
use crate::engine::describe::listed_links;
use crate::engine::frame::{Frame, Status, TimerFrame, Tone};
use crate::engine::ids::{ClientId, Link, MemberId, Micros, NodeId};
use crate::text::Words;
use crate::text::page as say;
use leptos::prelude::*;

impl Player {
    /// Crashes a node, restarts it if it is crashed, lets it go on if it is paused; and chooses it.
    pub fn click_node(self, node: NodeId) {
        let status = self.frame.with_untracked(|frame| frame.node(node).map(|member| member.status));
        self.choose(Thing::Node(node));
        self.perform(
            Thing::Node(node),
            match status {
                Some(Status::Paused) => Verb::Pause,
                _ => Verb::Life,
            },
        );
    }

    /// Cuts a link both ways, or heals it if any way is cut; and chooses it.
    pub fn click_link(self, link: Link) {
        self.choose(Thing::Link(link));
        self.perform(Thing::Link(link), Verb::Both);
    }

    /// Sets the timer that the ring of a node shows, from what it is and from the playhead: it goes off so long
    /// after it was armed.
    pub fn wind(self, node: NodeId, span: impl Fn(&TimerFrame, f64) -> Micros) {
        let timer = self.frame.with_untracked(|frame| {
            let member = frame.node(node)?;
            member.timers.iter().find(|timer| timer.ring).copied()
        });
        if let Some(timer) = timer {
            let span = span(&timer, self.playhead()).clamp(timer.range.0, timer.range.1);
            self.dispatch([Action::Wind(node.into(), timer.timer, span)]);
        }
    }

    /// Cuts all links of a node, or heals those that are cut.
    pub fn isolate(self, node: NodeId) {
        let others = self.nodes().into_iter().filter(|other| *other != node);
        let ways = others.map(|other| Link { from: node, to: other }).flat_map(|link| [link, link.reverse()]);
        self.cut_or_heal(&ways.collect::<Vec<_>>());
    }

    /// Cuts directions, or heals those among them that are cut.
    pub fn cut_or_heal(self, ways: &[Link]) {
        let cut = self.cut_among(ways);
        match cut.is_empty() {
            true => {
                self.dispatch(ways.iter().copied().map(Action::Cut));
                self.tell_links(&say::TOLD_CUT, ways);
            }
            false => {
                self.dispatch(cut.iter().copied().map(Action::Heal));
                self.tell_links(&say::TOLD_HEALED, &cut);
            }
        }
    }

    fn cut_among(self, ways: &[Link]) -> Vec<Link> {
        let is_cut = |way: &&Link| self.frame.with_untracked(|frame| frame.cuts.contains(way));
        ways.iter().filter(is_cut).copied().collect()
    }

    /// Cuts these links both ways, as far as they are not.
    pub fn cut_all(self, links: impl IntoIterator<Item = Link>) {
        let ways: Vec<Link> = links.into_iter().flat_map(|link| [link, link.reverse()]).collect();
        let cut = self.cut_among(&ways);
        let ways: Vec<Link> = ways.into_iter().filter(|way| !cut.contains(way)).collect();
        self.dispatch(ways.iter().copied().map(Action::Cut));
        self.tell_links(&say::TOLD_CUT, &ways);
    }

    /// Several links in one sentence, where the caption of the last action would name one way alone.
    fn tell_links(self, words: &'static Words, ways: &[Link]) {
        if 1 < ways.len() {
            self.say_instead(words.with("links", listed_links(ways)));
        }
    }

    /// Heals all links.
    pub fn heal_all(self) {
        let cuts = self.frame.with_untracked(|frame| frame.cuts.clone());
        self.dispatch(cuts.iter().copied().map(Action::Heal));
        self.tell_links(&say::TOLD_HEALED, &cuts);
    }

    /// A client sends its next command to whoever leads, or to the first node that is up.
    pub fn send_request(self, client: ClientId) {
        if let Some(node) = self.frame.with_untracked(|frame| whom_to_ask(frame)) {
            self.request_at(client, node);
        }
    }

    /// A client sends its next command to a node.
    pub fn request_at(self, client: ClientId, node: NodeId) {
        let number = self.next_command();
        let key = ["x", "y", "z"][(number as usize - 1) % 3];
        let command = format!("{key}={}", (number - 1) % 9 + 1).into();
        self.dispatch([Action::Request(Box::new(Ask { client, node, command, seq: None }))]);
    }

    /// The nodes of the cluster.
    pub fn nodes(self) -> Vec<NodeId> {
        self.frame
            .with_untracked(|frame| frame.members.iter().filter_map(|member| member.id.node()).collect())
    }
}

fn whom_to_ask(frame: &Frame) -> Option<NodeId> {
    let up = || frame.members.iter().filter(|member| member.status == Status::Up);
    let leads = up()
        .filter(|member| member.role.is_some_and(|role| role.tone == Tone::Primary))
        .max_by_key(|member| member.stamp.map(|(_, number)| number));
    let node = leads.or_else(|| up().next())?;
    match node.id {
        MemberId::Node(node) => Some(node),
        MemberId::Client(_) => None,
    }
}
