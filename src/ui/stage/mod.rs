//! The stage: the cluster as the reader sees and touches it.
//!
//! Three layers over each other, in the order in which `Tab` goes round: nodes and clients, packets, links. Each is
//! drawn above the next, whatever their order in the document. Must not know any protocol.

mod client;
mod hand;
mod knife;
mod link;
mod node;
mod packets;
mod rows;

pub use link::line_of;
pub use node::pennant;
pub use rows::shape;

use super::lit::LitWay;
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::ids::{MemberId, NodeId};
use crate::engine::session::Side;
use crate::scene::{Place, Scene};
use crate::text::page as say;
use crate::ui::live::{act, flag, hear, list, live, memo, watch, when};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;

/// Where a member stands in its list.
pub fn place_of(member: MemberId) -> Place {
    match member {
        MemberId::Node(node) => Place::Node(node.place()),
        MemberId::Client(client) => Place::Client(client.place()),
    }
}

/// The cluster.
#[component]
pub fn Stage() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let holder = NodeRef::<html::Div>::new();
    let width = RwSignal::new(700.0);
    watch_width(holder, width);
    let members = player.follow(|frame, _| counts(frame));
    let shape = player.follow(|frame, _| rows::shape(frame));
    let scene = memo(move || {
        let (nodes, clients) = members.get();
        shape.with(|rows| match rows.is_empty() {
            true => Scene::new(width.get(), usize::from(nodes), usize::from(clients)),
            false => Scene::in_rows(width.get(), rows, usize::from(clients)),
        })
    });
    let view_box = move || scene.with(|scene| format!("0 0 {} {}", scene.width, scene.height));
    let width_px = move || scene.with(|scene| format!("{}px", scene.width));
    let height_px = move || scene.with(|scene| format!("{}px", scene.height));
    let nodes = move || NodeId::all(members.get().0).collect::<Vec<_>>();
    let clients = move || (1..=members.get().1).collect::<Vec<_>>();
    // A stage alone is the cluster; of two, the one beside says whose it is.
    let name = move || match player.side {
        Side::Left => preferences.word(&say::CLUSTER).to_string(),
        Side::Right => preferences.say(&say::CLUSTER_BESIDE.with("name", player.cluster_name())),
    };
    let knife = knife::Knife::new(scene);
    view! {
        <div class="stage" node_ref=holder>
            <div class="layers" class:narrow=flag(move || scene.with(|scene| scene.narrow)) role="group" aria-label=live(name) style:width=live(width_px) style:height=live(height_px)
                on:pointerdown=hear(move |event: web_sys::PointerEvent| knife.begin(&event))
                on:pointermove=hear(move |event: web_sys::PointerEvent| knife.draw(&event))
                on:pointerup=act(move || knife.cut())
                on:pointercancel=act(move || knife.give_up())
            >
                <svg class="layer" viewBox=live(view_box)>
                    {when(move || scene.with(Scene::has_rows), move || view! { <rows::RowNames scene/> }.into_any())}
                    <path class="knife" d=live(move || knife.path())></path>
                </svg>
                <svg class="layer members" viewBox=live(view_box)>
                    {when(move || scene.with(Scene::has_rows), move || view! { <rows::RowMarks scene/> }.into_any())}
                    {list(nodes, |node| *node, move |node| view! {
                        <node::Node node scene/>
                    }.into_any())}
                    {list(clients, |client| *client, move |client| view! {
                        <client::ClientMark number=client scene/>
                    }.into_any())}
                </svg>
                <svg class="layer packets" viewBox=live(view_box)>
                    <packets::Packets scene/>
                </svg>
                <svg class="layer links" viewBox=live(view_box)>
                    <link::Links scene/>
                </svg>
                // What a panel lights is of the run that it shows, the left one.
                {(player.side == Side::Left).then(|| view! {
                    <svg class="layer lit" viewBox=live(view_box) aria-hidden="true">
                        <LitWay scene/>
                    </svg>
                }.into_any())}
            </div>
        </div>
    }
}

fn counts(frame: &crate::engine::frame::Frame) -> (u8, u8) {
    let nodes = frame.members.iter().filter(|member| member.id.node().is_some()).count();
    (nodes as u8, (frame.members.len() - nodes) as u8)
}

/// Keeps the width of the stage as its holder's changes.
fn watch_width(holder: NodeRef<html::Div>, width: RwSignal<f64>) {
    watch(move || {
        let Some(element) = holder.get() else { return };
        let measured = element.clone();
        let measure = move || {
            let found = f64::from(measured.client_width());
            if 0.0 < found && (found - width.get_untracked()).abs() > 0.5 {
                width.set(found);
            }
        };
        measure();
        let callback = Closure::<dyn Fn()>::new(measure);
        if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&element);
            // The stage lives as long as the page.
            std::mem::forget(observer);
        }
        callback.forget();
    });
}

/// `Enter` and the space bar press what is focused.
pub fn presses(event: &web_sys::KeyboardEvent) -> bool {
    let pressed = matches!(event.key().as_str(), "Enter" | " ");
    if pressed {
        event.prevent_default();
        event.stop_propagation();
    }
    pressed
}
