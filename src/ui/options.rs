//! The options: closed at first. Each says what it does and what its default is; one that is changed while the
//! cluster runs is an action of the history like any other.
//!
//! Drawn from the specs of engine and protocol; must not know any protocol by name.

use super::dealt::Parts;
use super::header::Compare;
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::action::{Action, Knob};
use crate::engine::ids::{MAX_NODES, Micros, NodeId};
use crate::engine::options::{ENGINE, OptionSpec, OptionValue};
use crate::text::page as say;
use crate::ui::live::{act, flag, hear, list, live, memo, pieces, watch, when};
use leptos::html;
use leptos::prelude::*;

/// A page shows no smaller cluster: with two nodes nothing can be lost and nothing won.
const LEAST_NODES: u8 = 3;

/// The panel of options.
#[component]
pub fn Options(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    view! {
        {when(move || open.get(), move || view! {
            <Panel open/>
        }.into_any())}
    }
}

#[component]
fn Panel(open: RwSignal<bool>) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let title = NodeRef::<html::H2>::new();
    watch(move || {
        if let Some(title) = title.get() {
            let _ = title.focus();
        }
    });
    // What deals parts to nodes begins a new run, and stands above.
    let specs = move || {
        let protocol = player.beginning.get().protocol;
        let dealt = |spec: &OptionSpec| protocol.dealt.iter().any(|dealt| dealt.key == spec.key);
        let all = ENGINE.iter().chain(protocol.options).enumerate();
        all.filter(|(_, spec)| !dealt(spec)).collect::<Vec<_>>()
    };
    let close = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Escape" {
            open.set(false);
        }
    };
    view! {
        <section class="panel options" aria-labelledby="options-title" on:keydown=hear(close)>
            <h2 id="options-title" tabindex="-1" node_ref=title>
                {live(move || preferences.word(&say::OPTIONS))}
                <span class="gap"></span>
                <button class="btn quiet" on:click=act(move || open.set(false))>{live(move || preferences.word(&say::CLOSE))}</button>
            </h2>
            <p class="dim">{live(move || preferences.word(&say::OPTIONS_NEW_RUN))}</p>
            <button class="btn again" on:click=act(move || player.restart_fresh())>{live(move || preferences.word(&say::NEW_RUN_HINT))}</button>
            <label class="option">
                <b>{live(move || preferences.word(&say::COMPARE))}</b>
                <Compare/>
                <span class="dim">{live(move || preferences.word(&say::COMPARE_HELP))}</span>
            </label>
            <Parts/>
            <Nodes/>
            <Seed/>
            <p class="dim">{live(move || preferences.word(&say::OPTIONS_MID_RUN))}</p>
            <Variant/>
            {list(specs, |(_, spec)| spec.key, |option| view! {
                <OptionRow place=option.0 spec=option.1/>
            }.into_any())}
        </section>
    }
}

#[component]
fn Nodes() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let pick = move |event: web_sys::Event| {
        if let Ok(nodes) = event_target_value(&event).parse() {
            player.restart_as(|beginning| beginning.nodes = nodes);
        }
    };
    let choices = (LEAST_NODES..=MAX_NODES).map(|nodes| {
        let selected = flag(move || player.beginning.with(|beginning| beginning.nodes == nodes));
        view! { <option value=nodes.to_string() selected=selected>{nodes}</option> }
    });
    view! {
        <label class="option">
            <b>{live(move || preferences.word(&say::NODES))}</b>
            <select on:change=hear(pick)>{choices.collect_view()}</select>
            <span class="dim">{live(move || preferences.word(&say::NODES_HELP))}</span>
        </label>
    }
}

#[component]
fn Seed() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let seed = move || player.beginning.with(|beginning| beginning.seed);
    let pick = move |event: web_sys::Event| match event_target_value(&event).parse() {
        Ok(seed) => player.restart_as(|beginning| beginning.seed = seed),
        Err(_) => show_again(&event, &seed().to_string()),
    };
    view! {
        <label class="option">
            <b>{live(move || preferences.word(&say::SEED_NAME))}</b>
            <input type="text" inputmode="numeric" autocomplete="off" prop:value=live(seed) on:change=hear(pick)/>
            <span class="dim">{live(move || preferences.word(&say::SEED_HELP))}</span>
        </label>
    }
}

#[component]
fn Variant() -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let protocol = move || player.beginning.with(|beginning| beginning.protocol);
    let now = move || player.settings.with(|settings| settings.1);
    let pick = move |event: web_sys::Event| {
        if let Ok(variant) = event_target_value(&event).parse() {
            player.dispatch([Action::Set(Box::new(Knob::Variant(variant)))]);
        }
    };
    let choices = move || {
        let variants = protocol().variants.iter().enumerate().map(|(place, key)| {
            view! { <option value=place.to_string() selected=flag(move || now() == place)>{*key}</option> }.into_any()
        });
        variants.collect()
    };
    let help = move || protocol().variant_words.get(now()).map_or("", |words| preferences.word(words));
    view! {
        <label class="option">
            <b>{live(move || preferences.word(&say::VARIANT))}</b>
            <select on:change=hear(pick)>{pieces(choices)}</select>
            <span class="dim">{live(help)}</span>
        </label>
    }
}

/// What an option is called.
pub fn name_of_option(spec: &OptionSpec) -> String {
    spec.key.trim_end_matches("_ms").replace('_', " ")
}

/// The value of an option, in words and with its unit.
pub fn value_text(value: OptionValue, nodes: u8, preferences: Preferences) -> String {
    match value {
        OptionValue::Flag(on) => preferences.word(if on { &say::ON } else { &say::OFF }).to_string(),
        OptionValue::Choice(chosen, names) => name_of(chosen, names).to_string(),
        value => fields_of(value, nodes).join("–") + unit(value),
    }
}

/// One option: its name, its fields, what it does and its default.
#[component]
fn OptionRow(place: usize, spec: &'static OptionSpec) -> impl IntoView {
    let player = Player::here();
    let preferences = Preferences::here();
    let value = memo(move || player.settings.with(|settings| settings.0.get(place)));
    let fields = move || fields_of(value.get(), player.beginning.with(|beginning| beginning.nodes)).len();
    let count = memo(fields);
    let default = move || {
        let nodes = player.beginning.with(|beginning| beginning.nodes);
        let written = match spec.default {
            OptionValue::Rates(_) => "1".to_string(),
            value => value_text(value, nodes, preferences),
        };
        preferences.say(&say::OPTION_DEFAULT.with("value", written))
    };
    let inputs =
        pieces(move || (0..count.get()).map(|field| field_view(place, spec, value, field)).collect());
    view! {
        <fieldset class="option">
            <legend>{name_of_option(spec)}</legend>
            <span class="fields">{inputs}{unit(spec.default)}</span>
            <span class="dim">{live(move || preferences.word(spec.help))}". "{live(default)}</span>
        </fieldset>
    }
}

fn field_view(place: usize, spec: &'static OptionSpec, value: Memo<OptionValue>, field: usize) -> AnyView {
    let player = Player::here();
    let preferences = Preferences::here();
    let nodes = move || player.beginning.with(|beginning| beginning.nodes);
    let shown = move || fields_of(value.get(), nodes()).get(field).cloned().unwrap_or_default();
    let name = live(move || {
        let name = spec.key.replace('_', " ");
        match value.get() {
            OptionValue::Span(..) if field == 0 => preferences.say(&say::OPTION_FROM.with("option", name)),
            OptionValue::Span(..) => preferences.say(&say::OPTION_TO.with("option", name)),
            OptionValue::Rates(_) => {
                preferences.say(&say::OPTION_OF_NODE.with("option", name).with("node", field + 1))
            }
            _ => name,
        }
    });
    let turn =
        move |wanted: OptionValue| player.dispatch([Action::Set(Box::new(Knob::Option(place, wanted)))]);
    if let OptionValue::Flag(_) = spec.default {
        let on = flag(move || value.get() == OptionValue::Flag(true));
        let set = move |event: web_sys::Event| turn(OptionValue::Flag(event_target_checked(&event)));
        // The label around it is what a finger hits.
        return view! { <label class="tick"><input type="checkbox" aria-label=name prop:checked=on on:change=hear(set)/></label> }
            .into_any();
    }
    if let OptionValue::Choice(_, names) = spec.default {
        let pick = move |event: web_sys::Event| {
            let wanted = event_target_value(&event);
            if let Some(chosen) = names.iter().position(|name| *name == wanted) {
                turn(OptionValue::Choice(chosen as u8, names));
            }
        };
        let is = move |name: &str| matches!(value.get(), OptionValue::Choice(chosen, _) if name_of(chosen, names) == name);
        let choices = move || {
            let choices = names.iter().map(|name| {
                view! { <option value=*name selected=flag(move || is(name))>{*name}</option> }.into_any()
            });
            choices.collect()
        };
        return view! { <select aria-label=name on:change=hear(pick)>{pieces(choices)}</select> }.into_any();
    }
    let set = move |event: web_sys::Event| {
        match event_target_value(&event)
            .parse::<f64>()
            .ok()
            .and_then(|number| changed(value.get_untracked(), field, number))
        {
            Some(wanted) => turn(wanted),
            None => player.refuse(&say::OPTION_NOT_A_NUMBER),
        }
        show_again(&event, &shown());
    };
    view! { <input type="text" inputmode="decimal" autocomplete="off" aria-label=name prop:value=live(shown) on:change=hear(set)/> }
        .into_any()
}

/// The chosen one of several names.
fn name_of(chosen: u8, names: &'static [&'static str]) -> &'static str {
    names.get(usize::from(chosen)).copied().unwrap_or_default()
}

/// What was refused is not left standing in its field.
fn show_again(event: &web_sys::Event, value: &str) {
    event_target::<web_sys::HtmlInputElement>(event).set_value(value);
}

fn unit(value: OptionValue) -> &'static str {
    match value {
        OptionValue::Span(..) | OptionValue::Time(_) => " ms",
        OptionValue::Chance(_) => " %",
        OptionValue::Flag(_) | OptionValue::Rates(_) | OptionValue::Count(_) | OptionValue::Choice(..) => "",
    }
}

/// A value as the numbers that stand in its fields.
fn fields_of(value: OptionValue, nodes: u8) -> Vec<String> {
    let parts = |number: u64, of: u64| decimal(number, of);
    match value {
        OptionValue::Span(low, high) => vec![parts(low.0, 1000), parts(high.0, 1000)],
        OptionValue::Time(time) => vec![parts(time.0, 1000)],
        OptionValue::Chance(probability_ppm) => vec![parts(u64::from(probability_ppm), 10_000)],
        OptionValue::Flag(_) | OptionValue::Choice(..) => vec![String::new()],
        OptionValue::Count(count) => vec![count.to_string()],
        OptionValue::Rates(rates) => {
            NodeId::all(nodes).zip(rates).map(|(_, rate)| parts(u64::from(rate), 1000)).collect()
        }
    }
}

/// A number of parts as a decimal, without trailing zeros.
fn decimal(number: u64, of: u64) -> String {
    let digits = of.ilog10() as usize;
    let written = format!("{}.{:0digits$}", number / of, number % of);
    written.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// The value with one of its numbers changed; nothing where that is no number that could be meant.
fn changed(value: OptionValue, field: usize, number: f64) -> Option<OptionValue> {
    let whole = |of: f64| (number.is_finite() && 0.0 <= number).then(|| (number * of).round() as u64);
    Some(match value {
        OptionValue::Span(_, high) if field == 0 => OptionValue::Span(Micros(whole(1e3)?), high),
        OptionValue::Span(low, _) => OptionValue::Span(low, Micros(whole(1e3)?)),
        OptionValue::Time(_) => OptionValue::Time(Micros(whole(1e3)?)),
        OptionValue::Chance(_) => OptionValue::Chance(u32::try_from(whole(1e4)?).ok()?),
        same @ (OptionValue::Flag(_) | OptionValue::Choice(..)) => same,
        OptionValue::Count(_) => OptionValue::Count(u8::try_from(whole(1.0)?).ok()?),
        OptionValue::Rates(mut rates) => {
            *rates.get_mut(field)? = u16::try_from(whole(1e3)?).ok()?;
            OptionValue::Rates(rates)
        }
    })
}
