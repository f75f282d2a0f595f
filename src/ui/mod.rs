//! The page. Draws plain data, turns what the reader does into actions, and knows no protocol by name.
//!
//! `app` puts the regions together; `player` alone drives the session and writes the frame; `intent` turns what the
//! reader does into actions; `beat` is the loop of
//! animation frames; `stage` draws the cluster, `logs` the logs, `registers` and `facts` what is voted for and
//! what has become of it, `caption` what is said, `transport` the time.

mod app;
mod beat;
mod beginning;
mod beside;
mod branch_tree;
mod branches;
mod broken;
mod caption;
mod cells;
mod challenge;
mod checker;
mod dealt;
mod diagram;
mod dialog;
mod exports;
mod facts;
mod folded;
mod gallery;
mod glyph;
mod header;
mod hosts;
mod inspector;
mod intent;
mod invariants;
mod keys;
mod lit;
mod live;
mod logs;
mod menu;
mod messages;
mod notices;
mod options;
mod player;
mod preferences;
mod registers;
mod share;
mod stage;
mod transport;
mod verb_bar;
mod verbs;

use wasm_bindgen::{JsCast, JsValue};

/// Begins the page: called once, when the module is loaded.
///
/// The same module is also the checker's worker, which has no page.
pub fn start() {
    if checker::worker::serve() {
        return;
    }
    std::panic::set_hook(Box::new(report_panic));
    leptos::mount::mount_to_body(app::App);
    let document = leptos::prelude::document();
    if let Some(loading) = document.get_element_by_id("loading") {
        loading.remove();
    }
    if let Some(root) = document.document_element() {
        let _ = root.set_attribute("data-ready", "1");
    }
}

/// After a panic nothing in here runs any more; the overlay is the host page's plain script.
fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    console_error_panic_hook::hook(info);
    let window = js_sys::global();
    let overlay = js_sys::Reflect::get(&window, &JsValue::from_str("conclavePanic"));
    if let Some(overlay) = overlay.ok().and_then(|overlay| overlay.dyn_into::<js_sys::Function>().ok()) {
        let report = format!("Conclave {}\n{info}", env!("CARGO_PKG_VERSION"));
        let _ = overlay.call1(&JsValue::NULL, &JsValue::from_str(&report));
    }
}
