//! Values that follow signals, as one type each.
//!
//! Every closure in a view is a type of its own, for which the framework's code is compiled again; behind a signal
//! there is one type for all, and the page is a third smaller to load.

use leptos::prelude::*;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

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
shown!(&str, f64, i64, u64, u32, u8, usize, i32);

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

/// A value that follows signals, and tells others only when it has changed.
pub fn memo<T: Send + Sync + PartialEq + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    memo_boxed(Box::new(value))
}

fn memo_boxed<T: Send + Sync + PartialEq + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| value())
}

/// What handles an event.
pub type Handler<E> = Box<dyn FnMut(E)>;

/// Does something at an event, whatever the event says.
pub fn act<E: 'static>(act: impl Fn() + 'static) -> Handler<E> {
    Box::new(move |_| act())
}

/// Does something with an event.
pub fn hear<E: 'static>(hear: impl Fn(E) + 'static) -> Handler<E> {
    Box::new(hear)
}

/// A part of the page that is there or not, as signals say.
pub fn piece(
    view: impl Fn() -> Option<AnyView> + Send + 'static,
) -> Box<dyn FnMut() -> Option<AnyView> + Send> {
    Box::new(view)
}

/// Parts of the page that are all made anew when a signal changes.
pub fn pieces(view: impl Fn() -> Vec<AnyView> + Send + 'static) -> Box<dyn FnMut() -> Vec<AnyView> + Send> {
    Box::new(view)
}

/// A part of the page that is there while something holds.
pub fn when(
    holds: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + 'static,
) -> Box<dyn FnMut() -> Option<AnyView> + Send> {
    let holds = memo(holds);
    piece(move || holds.get().then(&view))
}

/// One thing of a list: what tells it from the others, and how it is drawn.
struct Listed {
    key: u64,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// Parts of the page by key: what keeps its key stays as it is.
pub fn list<T: Send + 'static, K: Hash>(
    items: impl Fn() -> Vec<T> + Send + 'static,
    key: impl Fn(&T) -> K + Send + 'static,
    view: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let view = Arc::new(view);
    let listed = move |item: T| {
        let (view, key) = (Arc::clone(&view), digest(&key(&item)));
        Listed { key, draw: Box::new(move || view(item)) }
    };
    list_boxed(Box::new(move || items().into_iter().map(&listed).collect()))
}

/// Keys stand for their digests: of the few hundred things of a list no two will ever share one.
fn digest(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn list_boxed(each: Box<dyn Fn() -> Vec<Listed> + Send>) -> AnyView {
    view! { <For each key=|listed| listed.key let:listed>{(listed.draw)()}</For> }.into_any()
}
