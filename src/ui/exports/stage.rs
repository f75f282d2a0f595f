//! The stage as it is seen now, as an SVG file that needs nothing else: every shape with the paint that the page's style
//! gives it in light colours, and the caption below.

use crate::export::paper::colour;
use crate::export::svg::{escaped, opening, wrapped, write_text};
use leptos::prelude::{document, window};
use std::fmt::Write as _;
use web_sys::{CssStyleDeclaration, Element};

/// The layers from the lowest to the uppermost.
const LAYERS: [&str; 3] = [".layer.links", ".layer.packets", ".layer.members"];
/// What says where a shape is.
const GEOMETRY: [&str; 9] = ["d", "cx", "cy", "r", "x", "y", "width", "height", "transform"];
/// What says how a shape is painted.
const PAINT: [&str; 6] =
    ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "stroke-linecap"];
/// What says how a text is written.
const TEXT: [&str; 5] = ["font-family", "font-size", "font-weight", "text-anchor", "paint-order"];
/// The room around the stage, and the heights of the lines below it.
const EDGE: f64 = 16.0;
const LINES: (f64, f64) = (24.0, 20.0);

/// The stage with two texts below; nothing where there is no stage.
pub fn picture(told: &str, caption: &str) -> Option<String> {
    let root = document().document_element()?;
    let theme = root.get_attribute("data-theme");
    // Styles are computed at once; the page is not painted in between.
    let _ = root.set_attribute("data-theme", "light");
    let picture = in_light(told, caption);
    let _ = match theme {
        Some(theme) => root.set_attribute("data-theme", &theme),
        None => root.remove_attribute("data-theme"),
    };
    picture
}

fn in_light(told: &str, caption: &str) -> Option<String> {
    let stage = document().query_selector(".layers").ok()??;
    let view_box = stage.query_selector(".layer.members").ok()??.get_attribute("viewBox")?;
    let size: Vec<f64> = view_box.split(' ').filter_map(|number| number.parse().ok()).collect();
    let [.., width, height] = size[..] else { return None };
    let told = wrapped(told, width, 16.0);
    let caption = wrapped(caption, width, 13.0);
    let below = LINES.0 * told.len() as f64 + LINES.1 * caption.len() as f64 + EDGE;
    let mut out = opening(width + 2.0 * EDGE, height + below + 2.0 * EDGE);
    let _ = write!(out, "<g transform=\"translate({EDGE} {EDGE})\">");
    for layer in LAYERS {
        write_children(&stage.query_selector(layer).ok()??, &mut out);
    }
    out.push_str("</g>");
    let mut y = EDGE + height + LINES.0;
    for line in &told {
        write_text(&mut out, (EDGE, y), "start", "16", colour::INK, line);
        y += LINES.0;
    }
    for line in &caption {
        write_text(&mut out, (EDGE, y), "start", "13", colour::INK_2, line);
        y += LINES.1;
    }
    out.push_str("</svg>\n");
    Some(out)
}

fn write_children(whole: &Element, out: &mut String) {
    let children = whole.children();
    (0..children.length()).filter_map(|place| children.item(place)).for_each(|child| write(&child, out));
}

fn write(element: &Element, out: &mut String) {
    let Ok(Some(style)) = window().get_computed_style(element) else { return };
    let is = |name: &str| style.get_property_value(name).unwrap_or_default();
    let (name, leaf) = (element.local_name(), element.child_element_count() == 0);
    // What is only there to be hit, or to be seen when it has the focus, is not seen.
    let unseen = leaf && is_clear(&is("stroke")) && is_clear(&is("fill"));
    if is("display") == "none" || is("opacity") == "0" || unseen {
        return;
    }
    let _ = write!(out, "<{name}");
    write_attributes(element, &style, leaf, name == "text", out);
    out.push('>');
    match leaf {
        true => out.push_str(&escaped(&element.text_content().unwrap_or_default())),
        false => write_children(element, out),
    }
    let _ = write!(out, "</{name}>");
}

fn is_clear(colour: &str) -> bool {
    colour == "none" || colour == "transparent" || colour == "rgba(0, 0, 0, 0)"
}

fn write_attributes(
    element: &Element,
    style: &CssStyleDeclaration,
    leaf: bool,
    is_text: bool,
    out: &mut String,
) {
    let mut put = |name: &str, value: &str| {
        let _ = write!(out, " {name}=\"{}\"", escaped(value));
    };
    for name in GEOMETRY {
        if let Some(value) = element.get_attribute(name).filter(|value| !value.is_empty()) {
            put(name, &value);
        }
    }
    let computed = |name: &str| style.get_property_value(name).unwrap_or_default();
    // The style moves the cross of a lost packet.
    let moved = computed("transform");
    if !element.has_attribute("transform") && moved != "none" && !moved.is_empty() {
        put("transform", &moved);
    }
    if computed("opacity") != "1" {
        put("opacity", &computed("opacity"));
    }
    let names = PAINT.iter().filter(|_| leaf).chain(TEXT.iter().filter(|_| leaf && is_text));
    for name in names {
        let value = computed(name);
        if !value.is_empty() && value != "normal" && !(*name != "fill" && value == "none") {
            put(name, value.trim_end_matches("px"));
        }
    }
}
