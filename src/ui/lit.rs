//! What one part of the page lights in another: an arrow of the diagram the way of its packet on the stage.
//!
//! Must not know any protocol, nor who lights what.

use super::stage::place_of;
use crate::engine::ids::{Link, MemberId, PacketId};
use crate::scene::{Place, Point, RING_GAP, Scene};
use crate::ui::live::live;
use crate::ui::player::Player;
use leptos::prelude::*;
use leptos::svg;
use std::cell::Cell;

/// Something on the stage that is lit.
#[derive(Clone, PartialEq, Debug)]
pub enum Lit {
    /// A packet, whether it is in flight now or not: its way, its sender and its receiver.
    Packet(PacketId, MemberId, MemberId),
    /// A member.
    Member(MemberId),
    /// Links.
    Links(Vec<Link>),
}

/// What is lit; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Light(pub RwSignal<Option<Lit>>);

impl Light {
    /// Nothing is lit.
    pub fn new() -> Light {
        Light(RwSignal::new(None))
    }

    /// From the nearest component that provides it.
    pub fn here() -> Light {
        expect_context::<Light>()
    }

    /// Lights this and nothing else.
    pub fn show(self, lit: Option<Lit>) {
        if self.0.with_untracked(|shown| *shown != lit) {
            self.0.set(lit);
        }
    }
}

/// What is lit, drawn over the stage.
#[component]
pub fn LitWay(
    /// Where everything stands.
    scene: Memo<Scene>,
) -> impl IntoView {
    let (light, player) = (Light::here(), Player::here());
    let ring = NodeRef::<svg::Circle>::new();
    let way = move || light.0.with(|lit| scene.with(|scene| lit.as_ref().map(|lit| path(lit, scene))));
    // Nothing is written in frames in which nothing is lit.
    let seen = Cell::new(false);
    player.on_move(move |frame, moment| {
        let Some(ring) = ring.get_untracked() else { return };
        let found = light.0.with_untracked(|lit| match lit {
            Some(Lit::Packet(id, ..)) => frame.packets.iter().find(|packet| packet.id == *id).map(|packet| {
                let (from, to) =
                    scene.with_untracked(|scene| scene.lane(place_of(packet.from), place_of(packet.to)));
                let flight = (packet.due.since(packet.sent_at).0 as f64).max(1.0);
                from.towards(to, ((moment.playhead - packet.sent_at.0 as f64) / flight).clamp(0.0, 1.0))
            }),
            _ => None,
        });
        if seen.replace(found.is_some()) != found.is_some() {
            let _ = ring.set_attribute("class", if found.is_some() { "way" } else { "way hidden" });
        }
        let Some(at) = found else { return };
        let _ = ring.set_attribute("transform", &format!("translate({:.1} {:.1})", at.x, at.y));
    });
    crate::ui::live::watch(move || {
        light.0.track();
        player.wake();
    });
    view! {
        <path class="way" d=live(move || way().unwrap_or_default())></path>
        <circle class="way hidden" node_ref=ring r="16"></circle>
    }
}

fn path(lit: &Lit, scene: &Scene) -> String {
    let line = |(a, b): (Point, Point)| format!("M{:.1} {:.1}L{:.1} {:.1}", a.x, a.y, b.x, b.y);
    match lit {
        Lit::Member(member) => around(place_of(*member), scene),
        Lit::Packet(_, from, to) => {
            let (from, to) = (place_of(*from), place_of(*to));
            line(scene.lane(from, to)) + &around(from, scene) + &around(to, scene)
        }
        Lit::Links(links) => {
            let ends = |link: &Link| (Place::Node(link.from.place()), Place::Node(link.to.place()));
            links.iter().map(ends).map(|(from, to)| line(scene.link(from, to))).collect()
        }
    }
}

/// A circle around a member.
fn around(place: Place, scene: &Scene) -> String {
    let at = scene.centre(place);
    let radius = match place {
        Place::Node(_) => scene.node_radius + RING_GAP + 5.0,
        Place::Client(_) => scene.client_radius + RING_GAP + 2.0,
    };
    let (left, wide) = (at.x - radius, 2.0 * radius);
    format!(
        "M{left:.1} {:.1}a{radius:.1} {radius:.1} 0 1 0 {wide:.1} 0a{radius:.1} {radius:.1} 0 1 0 {:.1} 0",
        at.y, -wide
    )
}
