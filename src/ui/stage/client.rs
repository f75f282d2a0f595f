//! A client at the rim: pressed, it sends a request; its line says what it waits for.

use super::{Place, presses};
use crate::engine::ids::{ClientId, MemberId};
use crate::scene::Scene;
use crate::text::page as say;
use crate::ui::live::{act, hear, live, maybe, memo};
use crate::ui::player::Player;
use crate::ui::preferences::Preferences;
use leptos::prelude::*;

/// One client.
#[component]
pub fn ClientMark(
    /// Which, from 1.
    number: u8,
    /// Where everything stands.
    scene: Memo<Scene>,
) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let client = ClientId::new(number).unwrap_or(ClientId::FIRST);
    let line = player.follow(move |frame, _| {
        let member = frame.members.iter().find(|member| member.id == MemberId::Client(client));
        member.and_then(|member| member.line.clone())
    });
    let at = move || {
        scene.with(|scene| {
            let point = scene.centre(Place::Client(client.place()));
            format!("translate({:.1} {:.1})", point.x, point.y)
        })
    };
    let half = memo(move || scene.with(|scene| scene.client_radius));
    let narrow = memo(move || scene.with(|scene| scene.narrow));
    let beside = move || if narrow.get() { half.get() } else { 0.0 };
    let anchor = move || if narrow.get() { "end" } else { "middle" };
    view! {
        <g class="client" transform=live(at)>
            <g
                role="button"
                tabindex="0"
                aria-label=live(move || preferences.say(&say::CLIENT_NAME.with("client", client)))
                on:click=act(move || player.send_request(client))
                on:keydown=hear(move |event: web_sys::KeyboardEvent| if presses(&event) { player.send_request(client) })
            >
                <path class="hit" d=live(move || square(half.get().max(22.0)))></path>
                <path class="focus" d=live(move || square(half.get() + 5.0))></path>
                <path class="body" d=live(move || square(half.get()))></path>
                <text class="letter" y="6">{client.to_string()}</text>
            </g>
            <g aria-hidden="true" text-anchor=live(anchor) transform=live(move || format!("translate({} 0)", beside()))>
                <text class="role halo" y=live(move || -half.get() - 12.0)>{live(move || preferences.word(&say::CLIENT))}</text>
                <text class="line halo" y=live(move || half.get() + if narrow.get() { 16.0 } else { 20.0 })>
                    {maybe(move || line.get().map(|line| preferences.say(&line)))}
                </text>
            </g>
        </g>
    }
}

/// A square with rounded corners around the origin.
fn square(half: f64) -> String {
    let side = 2.0 * (half - 5.0);
    format!(
        "M{} {}h{side}a5 5 0 0 1 5 5v{side}a5 5 0 0 1-5 5h-{side}a5 5 0 0 1-5-5v-{side}a5 5 0 0 1 5-5Z",
        5.0 - half,
        -half
    )
}
