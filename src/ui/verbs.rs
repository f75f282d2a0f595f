//! What can be done to the thing that the reader has chosen: the same verbs for the bar, the keys and the menu.
//!
//! Must not know any protocol, nor how a thing is drawn.

use super::player::Player;
use crate::engine::action::Action;
use crate::engine::frame::{Frame, MemberFrame, PacketFrame, Status, TimerFrame};
use crate::engine::ids::{ClientId, Link, Micros, NodeId, PacketId, TimerId};
use crate::engine::session::Side;
use crate::text::page as say;
use crate::text::{Text, Words};
use leptos::prelude::*;

/// How much later a delayed packet arrives: long enough for everything else to overtake it.
pub const DELAY: Micros = Micros::from_ms(100);

/// Something on the stage that the reader can choose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Thing {
    /// A node.
    Node(NodeId),
    /// A packet in flight.
    Packet(PacketId),
    /// A link, both its directions; it goes from the lower number to the higher.
    Link(Link),
    /// The whole cluster, to be split in two.
    Cluster,
}

/// Something that can be done to a thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// Crashes a node, or restarts it.
    Life,
    /// Pauses a node, or lets it go on.
    Pause,
    /// Lets a timer go off now.
    Fire(TimerId),
    /// Cuts all links of a node, or heals those that are cut.
    Isolate,
    /// Lets a client ask a node.
    Ask,
    /// Lets a packet arrive now.
    Deliver,
    /// Loses a packet.
    Drop,
    /// Copies a packet.
    Duplicate,
    /// Lets a packet arrive later.
    Delay,
    /// Cuts a link both ways, or heals it.
    Both,
    /// Cuts or heals its direction to the higher number.
    There,
    /// Cuts or heals its direction to the lower number.
    Back,
}

/// A verb as it is offered: what it is called now, and its key.
#[derive(Clone, PartialEq, Debug)]
pub struct Offer {
    /// What it does.
    pub verb: Verb,
    /// What it is called, in full.
    pub name: Text,
    /// What stands on its button.
    pub short: Text,
    /// Its key, if it has one.
    pub key: Option<&'static str>,
}

fn offer(verb: Verb, name: impl Into<Text>, key: &'static str) -> Offer {
    let name = name.into();
    Offer { verb, short: name.clone(), name, key: Some(key) }
}

fn shortened(offer: Offer, short: &'static Words) -> Offer {
    Offer { short: Text::from(short), ..offer }
}

/// Everything that can be done to a thing now; nothing where it is no longer there.
pub fn offers(frame: &Frame, thing: Thing) -> Vec<Offer> {
    match thing {
        Thing::Node(node) => frame.node(node).map_or(Vec::new(), |member| node_offers(frame, node, member)),
        Thing::Packet(packet) if packet_of(frame, packet).is_some() => packet_offers(),
        Thing::Link(link) => link_offers(frame, link),
        Thing::Packet(_) | Thing::Cluster => Vec::new(),
    }
}

fn node_offers(frame: &Frame, node: NodeId, member: &MemberFrame) -> Vec<Offer> {
    let life = if member.status == Status::Down { &say::VERB_RESTART } else { &say::VERB_CRASH };
    let links = if is_cut_off(frame, node) { &say::VERB_REJOIN } else { &say::VERB_ISOLATE };
    let mut offers = vec![offer(Verb::Life, life, "c")];
    match member.status {
        Status::Up => offers.push(shortened(offer(Verb::Pause, &say::VERB_PAUSE, "p"), &say::PAUSE)),
        Status::Paused => offers.push(shortened(offer(Verb::Pause, &say::VERB_RESUME, "p"), &say::RESUME)),
        Status::Down => {}
    }
    if member.status == Status::Up {
        offers.extend(member.timers.iter().enumerate().map(timer_offer));
    }
    offers.push(offer(Verb::Isolate, links, "i"));
    offers.push(offer(Verb::Ask, &say::VERB_ASK, "r"));
    offers
}

/// The timer that matters most has the key and the short name.
fn timer_offer((place, timer): (usize, &TimerFrame)) -> Offer {
    let offer = offer(Verb::Fire(timer.timer), say::VERB_FIRE.with("timer", timer.key), "t");
    match place {
        0 => shortened(offer, &say::TIME_OUT),
        _ => Offer { key: None, ..offer },
    }
}

fn packet_offers() -> Vec<Offer> {
    vec![
        offer(Verb::Deliver, &say::VERB_DELIVER, "a"),
        offer(Verb::Drop, &say::VERB_DROP, "d"),
        offer(Verb::Duplicate, &say::VERB_DUPLICATE, "u"),
        offer(Verb::Delay, say::VERB_DELAY.with("ms", DELAY), "l"),
    ]
}

fn link_offers(frame: &Frame, link: Link) -> Vec<Offer> {
    let is_cut = |way: Link| frame.cuts.contains(&way);
    let one_way = |way: Link| {
        let words: &'static Words = if is_cut(way) { &say::VERB_HEAL_WAY } else { &say::VERB_CUT_WAY };
        words.with("from", way.from).with("to", way.to)
    };
    let any = is_cut(link) || is_cut(link.reverse());
    vec![
        offer(Verb::Both, if any { &say::VERB_HEAL_LINK } else { &say::VERB_CUT_LINK }, "x"),
        offer(Verb::There, one_way(link), "f"),
        offer(Verb::Back, one_way(link.reverse()), "b"),
    ]
}

/// What a thing is called.
pub fn title(frame: &Frame, thing: Thing) -> Text {
    match thing {
        Thing::Node(node) => say::NODE_TITLE.with("node", node),
        Thing::Link(link) => say::LINK_NAME.with("from", link.from).with("to", link.to),
        Thing::Packet(packet) => match packet_of(frame, packet) {
            Some(packet) => name_of(packet),
            None => Text::from(&say::PACKET_GONE),
        },
        Thing::Cluster => Text::from(&say::PARTITION_SIDE),
    }
}

/// What a packet is called.
pub fn name_of(packet: &PacketFrame) -> Text {
    say::PACKET_NAME.with("kind", packet.kind).with("from", packet.from).with("to", packet.to)
}

fn packet_of(frame: &Frame, packet: PacketId) -> Option<&PacketFrame> {
    frame.packets.iter().find(|flying| flying.id == packet)
}

/// Whether any link of a node is cut.
fn is_cut_off(frame: &Frame, node: NodeId) -> bool {
    frame.cuts.iter().any(|link| link.from == node || link.to == node)
}

impl Player {
    /// Does to a thing what a verb says.
    pub fn perform(self, thing: Thing, verb: Verb) {
        match (thing, verb) {
            (Thing::Node(node), verb) => self.do_to_node(node, verb),
            (Thing::Packet(packet), Verb::Deliver) => self.dispatch([Action::Deliver(packet)]),
            (Thing::Packet(packet), Verb::Drop) => self.dispatch([Action::Drop(packet)]),
            (Thing::Packet(packet), Verb::Duplicate) => self.dispatch([Action::Duplicate(packet)]),
            (Thing::Packet(packet), Verb::Delay) => self.dispatch([Action::Delay(packet, DELAY)]),
            (Thing::Link(link), Verb::Both) => self.cut_or_heal(&[link, link.reverse()]),
            (Thing::Link(link), Verb::There) => self.cut_or_heal(&[link]),
            (Thing::Link(link), Verb::Back) => self.cut_or_heal(&[link.reverse()]),
            // A verb is only offered for the things that it fits.
            (Thing::Packet(_) | Thing::Link(_) | Thing::Cluster, _) => {}
        }
    }

    fn do_to_node(self, node: NodeId, verb: Verb) {
        let status = self.frame.with_untracked(|frame| frame.node(node).map(|member| member.status));
        match (verb, status) {
            (Verb::Life, Some(Status::Down)) => self.dispatch([Action::Restart(node)]),
            (Verb::Life, _) => self.dispatch([Action::Crash(node)]),
            (Verb::Pause, Some(Status::Paused)) => self.dispatch([Action::Resume(node)]),
            (Verb::Pause, _) => self.dispatch([Action::Pause(node)]),
            (Verb::Fire(timer), _) => self.dispatch([Action::Fire(node.into(), timer)]),
            (Verb::Isolate, _) => self.isolate(node),
            (Verb::Ask, _) => self.request_at(ClientId::FIRST, node),
            _ => {}
        }
    }

    /// On which side the chosen thing stands; on this one where nothing is chosen.
    pub fn hand_side(self) -> Side {
        let other = self.of_side(self.side.other());
        let is_there = self.thing.get_untracked().is_none() && other.thing.get_untracked().is_some();
        if is_there { other.side } else { self.side }
    }

    /// Does to the chosen thing what this key says; whether it says anything.
    pub fn press(self, key: &str) -> bool {
        if self.hand_side() != self.side {
            return self.of_side(self.side.other()).press(key);
        }
        let Some(thing) = self.thing.get_untracked() else { return false };
        let offers = self.frame.with_untracked(|frame| offers(frame, thing));
        let pressed = offers.into_iter().find(|offer| offer.key == Some(key));
        if let Some(offer) = &pressed {
            self.perform(thing, offer.verb);
        }
        pressed.is_some()
    }
}
