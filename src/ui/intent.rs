//! What the reader means: a click on a thing, a line across the stage, a verb of a menu, turned into actions.
//!
//! Everything ends in [`Player::dispatch`]. Must not know any protocol, nor how things are drawn.

use super::player::Player;
use crate::engine::action::{Action, Ask};
use crate::engine::frame::{Frame, Status, Tone};
use crate::engine::ids::{ClientId, Link, MemberId, NodeId};
use leptos::prelude::*;

impl Player {
    /// Crashes a node, restarts it if it is crashed, lets it go on if it is paused; and chooses it.
    pub fn click_node(self, node: NodeId) {
        let status = self.frame.with_untracked(|frame| frame.node(node).map(|member| member.status));
        self.chosen.set(Some(node));
        self.dispatch([match status {
            Some(Status::Down) => Action::Restart(node),
            Some(Status::Paused) => Action::Resume(node),
            _ => Action::Crash(node),
        }]);
    }

    /// Cuts a link both ways, or heals it if any way is cut.
    pub fn click_link(self, link: Link) {
        self.cut_or_heal(&[link, link.reverse()]);
    }

    /// Whether any link of a node is cut.
    pub fn is_cut_off(self, node: NodeId) -> bool {
        self.frame.with(|frame| frame.cuts.iter().any(|link| link.from == node || link.to == node))
    }

    /// Cuts all links of a node, or heals those that are cut.
    pub fn isolate(self, node: NodeId) {
        let others = self.nodes().into_iter().filter(|other| *other != node);
        let ways = others.map(|other| Link { from: node, to: other }).flat_map(|link| [link, link.reverse()]);
        self.cut_or_heal(&ways.collect::<Vec<_>>());
    }

    fn cut_or_heal(self, ways: &[Link]) {
        let cut = self.cut_among(ways);
        match cut.is_empty() {
            true => self.dispatch(ways.iter().copied().map(Action::Cut)),
            false => self.dispatch(cut.into_iter().map(Action::Heal)),
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
        self.dispatch(ways.into_iter().filter(|way| !cut.contains(way)).map(Action::Cut));
    }

    /// Heals all links.
    pub fn heal_all(self) {
        let cuts = self.frame.with_untracked(|frame| frame.cuts.clone());
        self.dispatch(cuts.into_iter().map(Action::Heal));
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

    fn nodes(self) -> Vec<NodeId> {
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
