//! The caption: what just happened and why, one sentence at a time; and the list of what was said before.
//!
//! It stays until the state changes, never until a time is over.

use super::player::{Player, Standing};
use super::preferences::Preferences;
use crate::engine::frame::{Frame, MemberFrame, Status, Tone};
use crate::engine::session::{Caption as Past, Side, Told};
use crate::scenario::file::{Scenario, Wording};
use crate::text::Text;
use crate::text::page as say;
use crate::ui::live::{act, flag, live, maybe, pieces, when};
use leptos::prelude::*;

/// The caption below the stage.
#[component]
pub fn Caption() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let open = RwSignal::new(false);
    let chances = player.follow(chances);
    let headline = move || {
        player.saying.with(|saying| match &saying.told {
            Some(told) => preferences.say(&told.telling.text),
            None => opening(player, preferences, |file| &file.title).unwrap_or_else(|| {
                let nodes = player.beginning.with(|beginning| beginning.nodes);
                let opening = player.beginning.with(|beginning| beginning.protocol.opening);
                preferences.say(&opening.text.with("nodes", nodes))
            }),
        })
    };
    let why = move || {
        player.saying.with(|saying| match &saying.told {
            Some(told) => told.telling.why.as_ref().map(|why| preferences.say(why)),
            None => opening(player, preferences, |file| &file.about).or_else(|| {
                Some(preferences.word(player.beginning.with(|it| it.protocol.opening.why)).to_string())
            }),
        })
    };
    let blocked =
        move || player.saying.with(|saying| saying.blocked.as_ref().map(|text| preferences.say(text)));
    let rejected =
        move || player.saying.with(|saying| saying.rejected.as_ref().map(|text| preferences.say(text)));
    let alone = move || player.saying.with(|saying| saying.alone.as_ref().map(|text| preferences.say(text)));
    // What was said earlier, and what to try, is told once, for the cluster that the reader steers.
    let steered = player.side == Side::Left;
    let aloud = move || {
        player.saying.with(|saying| {
            let said = saying.aloud.as_ref().map(|told| preferences.say(&told.telling.text));
            let blocked = saying.blocked.as_ref().map(|text| preferences.say(text));
            let rejected = saying.rejected.as_ref().map(|text| preferences.say(text));
            let alone = saying.alone.as_ref().map(|text| preferences.say(text));
            [said, blocked, rejected, alone].into_iter().flatten().collect::<Vec<_>>().join(". ")
        })
    };
    let ignored = move || player.saying.with(|saying| saying.told.as_ref().is_some_and(|told| told.ignored));
    let ended = player.follow(|_, standing| 0 < standing.len && standing.position == standing.len);
    // A scenario that is over says what may be tried in it.
    let hint = move || opening(player, preferences, |file| &file.hint).filter(|_| ended.get());
    let invite =
        move || hint().or_else(|| invitation(player, chances.get()).map(|text| preferences.say(&text)));
    let invite = move || invite().filter(|_| steered);
    view! {
        <div class="caption">
            <div class="sayrow">
                <div class="said">
                    <p class="say" class:ignored=flag(ignored)>{live(headline)}</p>
                    <p class="why">{maybe(why)}" "<span class="cite">{maybe(move || cite(player, why().is_some()))}</span></p>
                    <p class="why notice" class:hidden=flag(move || blocked().is_none())>{maybe(blocked)}</p>
                    <p class="why notice" class:hidden=flag(move || rejected().is_none())>{maybe(rejected)}</p>
                    <p class="why notice" class:hidden=flag(move || alone().is_none())>{maybe(alone)}</p>
                </div>
                {steered.then(|| view! {
                    <button
                        class="btn quiet"
                        aria-expanded=live(move || open.get().to_string())
                        on:click=act(move || open.update(|open| *open = !*open))
                    >
                        {live(move || preferences.word(&say::EARLIER))}
                        <Caret/>
                    </button>
                }.into_any())}
            </div>
            <p class="vh" role="status" aria-live="polite">{live(aloud)}</p>
            <p class="invite">{maybe(invite)}</p>
            {when(move || open.get(), move || view! {
                <Earlier/>
            }.into_any())}
        </div>
    }
}

/// What the scenario says of itself before its first step.
fn opening(player: Player, preferences: Preferences, part: fn(&Scenario) -> &Wording) -> Option<String> {
    player.beginning.with(|beginning| {
        let chosen = beginning.scenario.as_ref()?;
        part(&chosen.file).say(preferences.lang.get()).map(str::to_string)
    })
}

/// A small triangle that says that more unfolds.
#[component]
pub fn Caret() -> impl IntoView {
    view! {
        <svg class="caret" viewBox="0 0 8 8" aria-hidden="true"><path d="M1 2.5l3 3 3-3"></path></svg>
    }
}

/// The section of the paper, set off from a reason before it.
fn cite(player: Player, follows: bool) -> Option<String> {
    let paper = player.beginning.with(|beginning| beginning.protocol.paper);
    let section = |told: &Told| Some(told.telling.cite).filter(|cite| !cite.is_empty());
    player
        .saying
        .with(|saying| saying.told.as_ref().and_then(section))
        .map(|section| format!("{}{paper} {section}", if follows { "· " } else { "" }))
}

/// What of a frame decides what to try next.
#[derive(Clone, Copy, PartialEq)]
struct Chances {
    leads: bool,
    crashed: bool,
    cut: bool,
    begins: bool,
}

fn chances(frame: &Frame, standing: Standing) -> Chances {
    let leads = |member: &MemberFrame| {
        member.status == Status::Up && member.role.is_some_and(|role| role.tone == Tone::Primary)
    };
    Chances {
        leads: frame.members.iter().any(leads),
        crashed: frame.members.iter().any(|member| member.status == Status::Down),
        cut: !frame.cuts.is_empty(),
        begins: standing.position == 0,
    }
}

/// What to try, until it has been tried.
fn invitation(player: Player, chances: Chances) -> Option<Text> {
    // A challenge says itself what to do.
    if player.beginning.with(|beginning| beginning.puzzle.as_ref().is_some_and(|it| it.shortest.is_none())) {
        return None;
    }
    if player.beginning.with(|beginning| beginning.scenario.is_some()) {
        return (chances.begins && !player.playing.get()).then(|| Text::from(&say::INVITE_PLAY));
    }
    match (player.has_crashed.get(), chances) {
        (false, Chances { leads: true, .. }) => {
            Some(Text::from(player.beginning.with(|beginning| beginning.protocol.opening.invite)))
        }
        (true, Chances { crashed: true, .. }) => Some(Text::from(&say::INVITE_RESTART)),
        (true, Chances { leads: true, cut: false, .. }) => Some(Text::from(&say::INVITE_PARTITION)),
        _ => None,
    }
}

/// What was said before; each line goes back to its moment.
#[component]
fn Earlier() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let row = move |past: Past| {
        let position = past.position;
        view! {
            <li>
                <button class="btn row" on:click=act(move || player.seek_position(position))>
                    <span class="num dim">{preferences.ms(past.at)}</span>
                    <span>{preferences.say(&past.told.telling.text)}</span>
                </button>
            </li>
        }
    };
    view! {
        <ol class="earlier" aria-label=live(move || preferences.word(&say::EARLIER_LIST))>
            {pieces(move || player.captions().into_iter().map(|past| row(past).into_any()).collect())}
        </ol>
    }
}
