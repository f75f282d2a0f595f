//! A picture of pixels from one of lines, drawn by the browser.
//!
//! A site's policy may forbid it, or the browser may refuse to hand out what it has drawn: then there is none.

use leptos::prelude::{document, window};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

/// Pixels for each CSS pixel: sharp on paper and on every screen.
const SHARPNESS: f64 = 2.0;

/// Draws an SVG and hands on what came of it.
pub fn draw(svg: &str, done: impl FnOnce(Option<Blob>) + 'static) {
    type Done = Rc<RefCell<Option<Box<dyn FnOnce(Option<Blob>)>>>>;
    let done: Done = Rc::new(RefCell::new(Some(Box::new(done))));
    let finish = move |blob: Option<Blob>| {
        // Whatever happens first counts.
        if let Some(done) = done.borrow_mut().take() {
            done(blob);
        }
    };
    let Ok(image) = HtmlImageElement::new() else { return finish(None) };
    let (shown, failed) = (image.clone(), finish.clone());
    let loaded = Closure::once(move || {
        let then = finish.clone();
        let drawn = Closure::once(move |blob: JsValue| then(blob.dyn_into().ok()));
        let asked = on_canvas(&shown).and_then(|canvas| canvas.to_blob(drawn.as_ref().unchecked_ref()).ok());
        // The browser calls it once, later.
        drawn.forget();
        if asked.is_none() {
            finish(None);
        }
    });
    let refused = Closure::once(move || failed(None));
    image.set_onload(Some(loaded.as_ref().unchecked_ref()));
    image.set_onerror(Some(refused.as_ref().unchecked_ref()));
    loaded.forget();
    refused.forget();
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{}", js_sys::encode_uri_component(svg)));
}

fn on_canvas(image: &HtmlImageElement) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    let sharp = SHARPNESS.max(window().device_pixel_ratio().min(3.0));
    let (width, height) = (f64::from(image.width()) * sharp, f64::from(image.height()) * sharp);
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(image, 0.0, 0.0, width, height).ok()?;
    Some(canvas)
}
