//! The regions of the page and what stands in them.

use super::beginning::Beginning;
use super::beside::Clusters;
use super::challenge::Challenge;
use super::checker::{CheckerPanel, Searches};
use super::diagram::{Diagram, DiagramPanel};
use super::facts::Facts;
use super::gallery::Gallery;
use super::header::Header;
use super::inspector::Inspector;
use super::invariants::Invariants;
use super::keys::{Help, Panels, on_key};
use super::lit::Light;
use super::logs::{Logs, has_logs};
use super::menu::MenuPanel;
use super::messages;
use super::notices::{NoticeList, Notices};
use super::options::Options;
use super::player::{Moment, Player, nearest};
use super::preferences::Preferences;
use super::registers::{Registers, has_registers};
use super::share::files::take_drops;
use super::share::{Share, SharePanel, recording_of_hash};
use super::transport::Transport;
use crate::engine::ids::ClientId;
use crate::engine::session::Side;
use crate::link::address::{Address, Depth, Trouble};
use crate::text::Text;
use crate::text::link as link_say;
use crate::text::page as say;
use crate::ui::live::{act, flag, live, watch, when};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IntersectionObserverEntry;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let (address, troubles) = Address::parse(&parameters());
    let gallery = address.gallery;
    let preferences = Preferences::new(&address);
    provide_context(preferences);
    let notices = Notices::new();
    provide_context(notices);
    let player = opened(&address, preferences, notices);
    provide_context(player);
    let here = Share::new(player, address);
    provide_context(here);
    here.keep();
    here.follow_hash(notices);
    let diagram = Diagram::new();
    provide_context(diagram);
    provide_context(Light::new());
    provide_context(Searches::new());
    let closed = || RwSignal::new(false);
    let panels = Panels {
        options: closed(),
        help: closed(),
        share: closed(),
        gallery: RwSignal::new(gallery),
        diagram: diagram.open,
        menu: closed(),
        checker: closed(),
    };
    take_drops(player, notices);
    // On the window, because the focus is often on nothing at all.
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        on_key(player, preferences, panels, &event);
    });
    on_cleanup(move || keys.remove());
    tell(troubles, preferences, notices);
    // An embedded cluster can be pinned to a depth: what is deeper is not there.
    let more = preferences.depth != Depth::Min;
    let logs = player.follow(|frame, _| has_logs(frame));
    let registers = player.follow(|frame, _| has_registers(frame));
    let root = NodeRef::<html::Div>::new();
    rest_while_unseen(player, root);
    messages::listen(player, preferences, notices, here);
    player.on_move(move |_, moment| {
        if let Some(root) = root.get_untracked() {
            tell_tests(player, &root, moment);
        }
    });
    view! {
        <div
            id="app"
            class="app"
            node_ref=root
        >
            {more.then(|| view! { <Header panels/> }.into_any())}
            <NoticeList/>
            <main class:compared=flag(move || player.is_pair())>
                <div class="left">
                    // Without a header the page is still called something.
                    {(!more).then(|| view! { <h1 class="vh">{preferences.word(&say::TITLE)}</h1> }.into_any())}
                    <Challenge/>
                    <StageTools/>
                    <Clusters/>
                </div>
                {more.then(|| view! {
                    <div class="side">
                        <Options open=panels.options/>
                        <DiagramPanel/>
                        {(preferences.depth == Depth::Full).then(|| view! { <MenuPanel open=panels.menu/><CheckerPanel open=panels.checker/> }.into_any())}
                        {when(move || logs.get(), || view! { <Logs/> }.into_any())}
                        {when(move || registers.get(), || view! { <Registers/> }.into_any())}
                        <Facts/>
                        <Inspector/>
                    </div>
                }.into_any())}
            </main>
            {(preferences.depth == Depth::Full).then(|| view! { <Invariants/> }.into_any())}
            <Transport/>
            <Help open=panels.help/>
            {more.then(|| view! {
                <SharePanel open=panels.share/>
                <Gallery open=panels.gallery/>
            }.into_any())}
        </div>
    }
}

/// What scripts and tests read off the page, without a message: written by hand, because it changes in every frame.
fn tell_tests(player: Player, root: &web_sys::HtmlElement, moment: Moment) {
    let (standing, playing) = (player.standing.get_untracked(), player.playing.get_untracked());
    let tenths = (moment.playhead / 100.0) as u64;
    let write = |name: &str, value: &str| drop(root.set_attribute(name, value));
    write("data-position", &standing.position.to_string());
    write("data-length", &standing.len.to_string());
    write("data-now-ms", &format!("{}.{}", tenths / 10, tenths % 10));
    write("data-playing", if playing { "true" } else { "false" });
    let twin = player.of_side(Side::Right);
    match playing || !player.is_pair() {
        true => drop(root.remove_attribute("data-digest-beside")),
        false => write("data-digest-beside", &format!("{:016x}", twin.digest())),
    }
    match playing {
        // Too dear for every frame of a run.
        true => drop(root.remove_attribute("data-digest")),
        false => write("data-digest", &format!("{:016x}", player.digest())),
    }
}

/// The parameters of the address, decoded.
fn parameters() -> Vec<(String, String)> {
    let search = window().location().search().unwrap_or_default();
    let Ok(parameters) = web_sys::UrlSearchParams::new_with_str(&search) else { return Vec::new() };
    let text = |pair: &js_sys::Array, place| pair.get(place).as_string().unwrap_or_default();
    let pair = |pair: JsValue| {
        let pair = js_sys::Array::from(&pair);
        (text(&pair, 0), text(&pair, 1))
    };
    js_sys::Array::from(&parameters).iter().map(pair).collect()
}

/// The run for which the address asks, where it asks for it.
fn opened(address: &Address, preferences: Preferences, notices: Notices) -> Player {
    let link = recording_of_hash(notices);
    let waits = link.is_some();
    let run = link.map_or_else(
        || Beginning::of_address(address),
        |link| Beginning::of_link(link).in_puzzle(address.puzzle),
    );
    let run = run.run();
    run.troubles().into_iter().for_each(|trouble| notices.say(trouble));
    let player = Player::new(run, address.autoplay && !waits, nearest(address.speed), preferences.reduced);
    if let (Some(t), false) = (address.t, waits) {
        if !player.run_to(t) {
            notices.say(Text::from(&link_say::TOO_FAR));
        }
        player.play(address.autoplay);
    }
    player
}

/// Tells the reader what is wrong with the address, and whoever looks at the console what was ignored.
fn tell(troubles: Vec<Trouble>, preferences: Preferences, notices: Notices) {
    for trouble in troubles {
        match trouble {
            Trouble::Wrong(text) => notices.say(text),
            Trouble::Ignored(text) => {
                let said = text.say(preferences.lang.get_untracked());
                web_sys::console::info_1(&JsValue::from_str(&said));
            }
        }
    }
}

/// Nothing is drawn while nobody can see it; the run goes on from where it was.
fn rest_while_unseen(player: Player, root: NodeRef<html::Div>) {
    let wake = Closure::<dyn Fn()>::new(move || player.wake());
    let _ = document().add_event_listener_with_callback("visibilitychange", wake.as_ref().unchecked_ref());
    watch(move || {
        let Some(root) = root.get() else { return };
        let look = Closure::<dyn Fn(Vec<IntersectionObserverEntry>)>::new(
            move |entries: Vec<IntersectionObserverEntry>| {
                if let Some(last) = entries.last() {
                    player.set_seen(last.is_intersecting());
                }
            },
        );
        if let Ok(observer) = web_sys::IntersectionObserver::new(look.as_ref().unchecked_ref()) {
            observer.observe(&root);
            std::mem::forget(observer);
        }
        look.forget();
    });
    // The page lives as long as its listeners.
    wake.forget();
}

/// Whether time passes, and what can be done to the whole cluster.
#[component]
fn StageTools() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let past = player.follow(|_, standing| standing.position < standing.len);
    // What a scenario has recorded ahead is not the past.
    let recorded = move || player.beginning.with(|beginning| beginning.scenario.is_some());
    let state = move || match (player.playing.get(), past.get() && !recorded()) {
        (true, _) => preferences.word(&say::PLAYING),
        (false, true) => preferences.word(&say::IN_THE_PAST),
        (false, false) => preferences.word(&say::PAUSED),
    };
    view! {
        <div class="toolrow above">
            <span class="dim" class:strong=flag(move || past.get())>{live(state)}</span>
            <span class="gap"></span>
            <button class="btn" on:click=act(move || player.send_request(ClientId::FIRST))>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><circle class="f" cx="9" cy="9" r="5"></circle></svg>
                {live(move || preferences.word(&say::SEND_REQUEST))}
            </button>
        </div>
    }
}
