//! Notices: what is wrong with the address or a file, said until the reader has read it. Must not know who says it.

use super::preferences::Preferences;
use crate::text::Text;
use crate::text::link as say;
use crate::ui::live::{act, list, live};
use leptos::prelude::*;

/// How many notices stand at once; then the oldest goes.
const MOST: usize = 6;

/// What is said until it is dismissed; cheap to copy.
#[derive(Clone, Copy)]
pub struct Notices {
    standing: RwSignal<Vec<(u32, Text)>>,
    said: StoredValue<u32>,
}

impl Notices {
    /// None yet.
    pub fn new() -> Notices {
        Notices { standing: RwSignal::new(Vec::new()), said: StoredValue::new(0) }
    }

    /// Says something.
    pub fn say(self, text: Text) {
        self.said.update_value(|said| *said += 1);
        let number = self.said.get_value();
        self.standing.update(|standing| {
            standing.push((number, text));
            if MOST < standing.len() {
                standing.remove(0);
            }
        });
    }

    fn dismiss(self, number: u32) {
        self.standing.update(|standing| standing.retain(|(own, _)| *own != number));
    }
}

/// All notices, the oldest first.
#[component]
pub fn NoticeList() -> impl IntoView {
    let notices = expect_context::<Notices>();
    let preferences = Preferences::here();
    let row = move |(number, text): (u32, Text)| {
        let dismiss = move || notices.dismiss(number);
        view! {
            <div class="standing-notice" role="alert">
                <p>{live(move || preferences.say(&text))}</p>
                <button class="btn" on:click=act(dismiss)>{live(move || preferences.word(&say::DISMISS))}</button>
            </div>
        }
    };
    view! {
        {list(move || notices.standing.get(), |(number, _)| *number, move |notice| row(notice).into_any())}
    }
}
