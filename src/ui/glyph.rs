//! The shapes of the page: those of [`crate::scene::shapes`], and roles small enough to stand in a line of text.

use crate::engine::frame::{MemberFrame, PacketFrame, Status, Tone};
use crate::text::Words;
use crate::text::page as say;
use leptos::prelude::*;

pub use crate::scene::shapes::{CROSS, TICK, answer, landmark, outline, small_outline};

/// A role, small enough to stand in a line of text.
#[component]
pub fn RoleGlyph(
    /// Whether the member runs.
    status: Status,
    /// How sure it is of its part.
    tone: Tone,
) -> impl IntoView {
    let class = role_class(status, tone);
    let inner = matches!((status, tone), (Status::Up | Status::Paused, Tone::Primary));
    view! {
        <svg class=format!("role-glyph {class}") viewBox="0 0 14 14" aria-hidden="true">
            <circle class="body" cx="7" cy="7" r=if inner { "5.9" } else { "5.4" }></circle>
            {inner.then(|| view! { <circle class="inner" cx="7" cy="7" r="3.2"></circle> })}
        </svg>
    }
}

/// A packet, small enough to stand in a line of text.
pub fn packet_icon(packet: &PacketFrame) -> impl IntoView + use<> {
    let kind = if packet.look.reply { "packet reply" } else { "packet request" };
    view! {
        <svg class="packet-icon" viewBox="-12 -12 24 24" aria-hidden="true">
            <g class=kind>
                <path class="body" d=outline(packet.look.shape)></path>
                <path class="answer" d=answer(packet.look.answer)></path>
            </g>
        </svg>
    }
}

/// The class that gives a member its shape and colour.
pub fn role_class(status: Status, tone: Tone) -> &'static str {
    match (status, tone) {
        (Status::Down, _) => "crashed",
        (_, Tone::Plain) => "plain",
        (_, Tone::Uncertain) => "uncertain",
        (_, Tone::Primary) => "primary",
    }
}

/// What a member is, in a word: its role, or that it does not run.
pub fn role_word(member: &MemberFrame) -> &'static Words {
    match (member.status, member.role) {
        (Status::Up, Some(role)) => role.word,
        (Status::Paused, _) => &say::NODE_STANDS_STILL,
        (Status::Down, _) | (_, None) => &say::CRASHED,
    }
}

/// How sure a member is of its part; one without a role is at rest.
pub fn tone(member: &MemberFrame) -> Tone {
    member.role.map_or(Tone::Plain, |role| role.tone)
}
