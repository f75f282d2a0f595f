//! Saving what is seen and what has happened, for slides, papers and other tools: one button a format.
//!
//! Must not know any protocol, nor what stands in the files.

mod picture;
mod stage;

use super::caption::Caret;
use super::diagram::Diagram;
use super::player::Player;
use super::preferences::Preferences;
use crate::export::{Run, history, mermaid, shiviz, svg};
use crate::scene::diagram::Axis;
use crate::text::page as say;
use crate::text::{Text, Words};
use crate::ui::live::{act, hear, live};
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, Url};

/// A format, and what is saved in it.
#[derive(Clone, Copy, PartialEq)]
enum Format {
    StageSvg,
    StagePng,
    DiagramSvg,
    DiagramPng,
    Mermaid,
    Json,
    ShiViz,
}

/// Each with its label and the name of its file.
const FORMATS: [(Format, &Words, &str); 7] = [
    (Format::StageSvg, &say::SAVE_STAGE_SVG, "conclave-stage.svg"),
    (Format::StagePng, &say::SAVE_STAGE_PNG, "conclave-stage.png"),
    (Format::DiagramSvg, &say::SAVE_DIAGRAM_SVG, "conclave-diagram.svg"),
    (Format::DiagramPng, &say::SAVE_DIAGRAM_PNG, "conclave-diagram.png"),
    (Format::Mermaid, &say::SAVE_MERMAID, "conclave-diagram.mmd"),
    (Format::Json, &say::SAVE_JSON, "conclave-history.json"),
    (Format::ShiViz, &say::SAVE_SHIVIZ, "conclave-shiviz.log"),
];

/// What is saved, and for whom.
#[derive(Clone, Copy)]
struct Saver {
    player: Player,
    preferences: Preferences,
    diagram: Diagram,
    /// Whether of the diagram the whole run is meant, and not only what is in sight.
    whole: RwSignal<bool>,
    /// What came of the last press.
    said: RwSignal<Option<Text>, LocalStorage>,
}

/// All formats, and of what stretch.
#[component]
pub fn Exports() -> impl IntoView {
    let saver = Saver {
        player: Player::here(),
        preferences: Preferences::here(),
        diagram: Diagram::here(),
        whole: RwSignal::new(false),
        said: RwSignal::new_local(None),
    };
    let word = move |words| live(move || saver.preferences.word(words));
    let pick = move |event: web_sys::Event| saver.whole.set(event_target_value(&event) == "whole");
    let button = move |(format, label, file): &'static (Format, &'static Words, &'static str)| {
        view! { <button class="btn" on:click=act(move || saver.save(*format, file))>{word(label)}</button> }
    };
    let said = move || saver.said.get().map_or(String::new(), |text| saver.preferences.say(&text));
    // Signals of this thread alone cannot be in a derived one of all threads.
    let notice = RwSignal::new(String::new());
    crate::ui::live::watch(move || notice.set(said()));
    view! {
        <div class="exports">
            <label class="pick">
                <span class="dim">{word(&say::SAVE_STRETCH)}</span>
                <select aria-label=word(&say::SAVE_STRETCH) on:change=hear(pick)>
                    <option value="sight">{word(&say::SAVE_IN_SIGHT)}</option>
                    <option value="whole">{word(&say::SAVE_ALL)}</option>
                </select>
                <Caret/>
            </label>
            {FORMATS.iter().map(button).collect_view()}
            <p role="status" class="dim">{live(move || notice.get())}</p>
        </div>
    }
}

impl Saver {
    fn save(self, format: Format, file: &'static str) {
        match format {
            Format::StagePng => self.draw(self.stage(), file),
            Format::DiagramPng => self.draw(Some(self.written(Format::DiagramSvg)), file),
            Format::StageSvg => match self.stage() {
                Some(picture) => self.hand_over(&picture, file),
                None => self.said.set(Some(Text::from(&say::SAVE_NOT_ALLOWED))),
            },
            format => self.hand_over(&self.written(format), file),
        }
    }

    /// What stands in a file.
    fn written(self, format: Format) -> String {
        let (axis, scale, positions) = self.stretch();
        self.player.written(self.preferences.lang.get_untracked(), |run: &Run<'_>| match format {
            Format::Mermaid => mermaid::sequence_diagram(run, positions),
            Format::ShiViz => shiviz::log(run, positions),
            Format::Json => history::history(run),
            _ => svg::diagram(run, axis, positions, scale),
        })
    }

    /// The stretch that is meant: what is in sight, else the whole run as one first sees it.
    fn stretch(self) -> (Axis, f64, Range<usize>) {
        let in_sight = self.diagram.in_sight(self.player).filter(|_| !self.whole.get_untracked());
        in_sight.unwrap_or_else(|| {
            let axis = self.diagram.axis(self.player);
            let len = self.player.standing.get_untracked().len;
            (axis, axis.first_scale(), 1..len.max(1) + 1)
        })
    }

    fn stage(self) -> Option<String> {
        let (player, lang) = (self.player, self.preferences.lang.get_untracked());
        let position = player.standing.get_untracked().position;
        let caption = player.written(lang, |run| run.caption(&(position..position + 1)));
        let told = player
            .saying
            .with_untracked(|saying| saying.told.as_ref().map(|told| told.telling.text.say(lang)));
        stage::picture(&told.unwrap_or_default(), &caption)
    }

    fn draw(self, picture: Option<String>, file: &'static str) {
        let refused = move || self.said.set(Some(Text::from(&say::SAVE_NOT_ALLOWED)));
        match picture {
            Some(picture) => picture::draw(&picture, move |drawn| match drawn {
                Some(blob) => self.hand_over_blob(&blob, file),
                None => refused(),
            }),
            None => refused(),
        }
    }

    fn hand_over(self, text: &str, file: &'static str) {
        let parts = js_sys::Array::of1(&text.into());
        let options = BlobPropertyBag::new();
        options.set_type(if file.ends_with("svg") { "image/svg+xml" } else { "text/plain;charset=utf-8" });
        if let Ok(blob) = Blob::new_with_str_sequence_and_options(&parts, &options) {
            self.hand_over_blob(&blob, file);
        }
    }

    /// Lets the browser save it. A page in a frame is not told whether it may.
    fn hand_over_blob(self, blob: &Blob, file: &'static str) {
        let Ok(url) = Url::create_object_url_with_blob(blob) else { return };
        let link =
            document().create_element("a").ok().and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(link) = link {
            let _ = link.set_attribute("href", &url);
            let _ = link.set_attribute("download", file);
            link.click();
        }
        set_timeout(move || drop(Url::revoke_object_url(&url)), std::time::Duration::from_secs(60));
        let framed = window().origin() == "null";
        let words = if framed { &say::SAVED_FRAMED } else { &say::SAVED };
        self.said.set(Some(words.with("file", file)));
    }
}
