//! The chosen packet: what it is, and everything that can be done to it.

use super::live::live;
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::action::Action;
use crate::engine::frame::PacketFrame;
use crate::engine::ids::{Micros, PacketId};
use crate::text::page as say;
use crate::text::{Text, Words};
use leptos::prelude::*;

/// How much later a delayed packet arrives: long enough for everything else to overtake it.
const DELAY: Micros = Micros::from_ms(100);

/// The bar of the chosen packet; nothing while none is chosen.
#[component]
pub fn PacketBar() -> impl IntoView {
    let player = Player::here();
    view! {
        {move || player.packet.get().map(|packet| view! { <Bar packet/> })}
    }
}

#[component]
fn Bar(packet: PacketId) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let name = Memo::new(move |_| {
        let is_it = |flying: &&PacketFrame| flying.id == packet;
        player.frame.with(|frame| frame.packets.iter().find(is_it).map(name_of))
    });
    let title = live(move || match name.get() {
        Some(name) => preferences.say(&name),
        None => preferences.word(&say::PACKET_GONE).to_string(),
    });
    let verb = move |text: Text, action: Action| {
        let act = move |_| player.dispatch([action.clone()]);
        let gone = move || name.get().is_none();
        view! { <button class="btn" disabled=gone on:click=act>{live(move || preferences.say(&text))}</button> }
    };
    let plain = |words: &'static Words| Text::from(words);
    view! {
        <div class="verbs packet-bar" role="group" aria-label=title>
            <span class="strong">{title}</span>
            {verb(plain(&say::VERB_DELIVER), Action::Deliver(packet))}
            {verb(plain(&say::VERB_DROP), Action::Drop(packet))}
            {verb(plain(&say::VERB_DUPLICATE), Action::Duplicate(packet))}
            {verb(say::VERB_DELAY.with("ms", DELAY), Action::Delay(packet, DELAY))}
            <button class="btn quiet" on:click=move |_| player.packet.set(None)>
                {live(move || preferences.word(&say::CLOSE))}
            </button>
        </div>
    }
}

fn name_of(packet: &PacketFrame) -> Text {
    say::PACKET_NAME.with("kind", packet.kind).with("from", packet.from).with("to", packet.to)
}
