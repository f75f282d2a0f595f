//! Values that follow signals, as one type each.
//!
//! Every closure in a view is a type of its own, for which the framework's code is compiled again; behind a signal
//! there is one type for all, and the page is a third smaller to load.

use leptos::prelude::{Effect, Signal};

/// What can be shown as words.
pub trait Shown {
    /// As words.
    fn shown(self) -> String;
}

macro_rules! shown {
    ($($kind:ty),*) => {$(
        impl Shown for $kind {
            fn shown(self) -> String {
                self.to_string()
            }
        }
    )*};
}
shown!(&str, f64, u64, u32, u8, usize, i32);

impl Shown for String {
    fn shown(self) -> String {
        self
    }
}

/// Words or an attribute that follow signals.
pub fn live<T: Shown>(value: impl Fn() -> T + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || value().shown())
}

/// Words or an attribute that may be missing.
pub fn maybe<T: Shown>(value: impl Fn() -> Option<T> + Send + Sync + 'static) -> Signal<Option<String>> {
    Signal::derive(move || value().map(Shown::shown))
}

/// Does something now, and again whenever a signal that it reads changes.
pub fn watch(act: impl FnMut() + 'static) {
    watch_boxed(Box::new(act));
}

fn watch_boxed(mut act: Box<dyn FnMut()>) {
    Effect::new(move |_: Option<()>| act());
}

/// A class that is there or not.
pub fn flag(value: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(value)
}
