//! The space–time diagram as an SVG file that needs nothing else: light colours, the members above, a caption below.

use super::paper::{Paint, SANS, colour, of_class};
use super::{Run, name};
use crate::engine::chronicle::{Chronicle, Flight, Spot};
use crate::engine::frame::PacketFrame;
use crate::engine::ids::PacketId;
use crate::scene::Anchor;
use crate::scene::diagram::{Arrow, Axis, Band, Columns, Item, LAYERS, Look, View, layout, paint};
use crate::text::export as say;
use std::fmt::Write as _;
use std::ops::Range;

/// How wide the picture is.
pub const WIDTH: f64 = 760.0;
/// No picture is higher.
pub const HIGHEST: f64 = 4_000.0;
/// The room for the members above and the caption below.
const HEAD: f64 = 34.0;
const FOOT: f64 = 34.0;
/// The edge around all.
const EDGE: f64 = 12.0;
/// What was sent in more actions than this is not labelled.
const MOST_LABELLED: usize = 4_000;

/// The diagram of the actions from one number to before another, with so many pixels for each unit of its axis, or
/// fewer where the picture would grow too high.
pub fn diagram(run: &Run<'_>, axis: Axis, positions: Range<usize>, scale: f64) -> String {
    let mut chronicle = Chronicle::default();
    chronicle.extend(run.session.traces(0..positions.end));
    let view = view(run, &chronicle, axis, &positions, scale);
    let said = said(run, &positions);
    let of = |packet: PacketId| {
        let place = said.binary_search_by_key(&packet, |said| said.id).ok()?;
        said.get(place)
    };
    let label = |flight: &Flight| Some(run.say(&of(flight.packet)?.look.label));
    let drawing = layout(&chronicle, &view, &label);
    let look = |arrow: &Arrow| {
        let look = &of(arrow.packet)?.look;
        Some(Look { shape: look.shape, reply: look.reply, answer: look.answer })
    };
    let count = |band: &Band| run.say(&say::MESSAGES.with("count", band.sent));
    let items = paint(&drawing, view.from, &look, &count);
    let height = view.to - view.from;
    let mut out = opening(WIDTH + 2.0 * EDGE, height + HEAD + FOOT);
    heads(run, &view.columns, axis, &mut out);
    let _ = write!(out, "<g transform=\"translate({EDGE} {HEAD})\">");
    for layer in 0..LAYERS {
        items.iter().filter(|item| item.layer == layer).for_each(|item| write_item(item, &mut out));
    }
    out.push_str("</g>");
    let caption = run.caption(&positions);
    write_text(&mut out, (EDGE, HEAD + height + 22.0), "start", "13", colour::INK_2, &caption);
    out.push_str("</svg>\n");
    out
}

fn view(run: &Run<'_>, chronicle: &Chronicle, axis: Axis, positions: &Range<usize>, scale: f64) -> View {
    let spot = |position: usize| Spot { position: position as u32, at: run.session.time_at(position) };
    let (first, end) = (spot(positions.start), spot(positions.end.saturating_sub(1)));
    let clients = chronicle.clients().max(1);
    let columns = Columns { width: WIDTH, nodes: run.opening.nodes, clients };
    let span = (axis.unit(end) - axis.unit(first)).max(1.0);
    let scale = scale.min((HIGHEST - 60.0) / span).min(axis.greatest_scale());
    let mut view = View { axis, scale, from: 0.0, to: 0.0, end, columns };
    // A little room for what stands on the first and the last of it.
    (view.from, view.to) = ((view.y(first) - 18.0).max(0.0), view.y(end) + 14.0);
    view
}

/// What the packets of a stretch look like and say, in the order of their numbers.
fn said(run: &Run<'_>, positions: &Range<usize>) -> Vec<PacketFrame> {
    let mut said = Vec::new();
    if positions.len() <= MOST_LABELLED {
        run.session.retell(positions.clone(), &mut |step| {
            said.extend(step.sent);
        });
    }
    said
}

/// The beginning of a picture of this size, on paper.
pub fn opening(width: f64, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"{SANS}\">\
         <rect width=\"100%\" height=\"100%\" fill=\"{}\"/>",
        colour::PAPER
    )
}

fn heads(run: &Run<'_>, columns: &Columns, axis: Axis, out: &mut String) {
    let unit = if axis == Axis::Time { &say::UNIT_MS } else { &say::UNIT_STEPS };
    write_text(out, (EDGE, 22.0), "start", "13", colour::INK_2, unit.template(run.lang));
    let crowded = columns.apart() < 70.0;
    for member in columns.members() {
        let text = if crowded { member.to_string() } else { run.say(&name(member)) };
        write_text(out, (EDGE + columns.x(member), 22.0), "middle", "14", colour::INK, &text);
    }
}

/// A text of one line.
pub fn write_text(out: &mut String, at: (f64, f64), anchor: &str, size: &str, fill: &str, text: &str) {
    let _ = write!(
        out,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"{fill}\">{}</text>",
        at.0,
        at.1,
        escaped(text)
    );
}

/// A text in lines that are not wider than this, as far as its letters can be guessed: broken at spaces, and where there
/// are none, as in Chinese, anywhere.
pub fn wrapped(text: &str, width: f64, size: f64) -> Vec<String> {
    let (mut lines, mut line, mut wide) = (vec![], String::new(), 0.0);
    for word in text.split_inclusive(|letter: char| letter == ' ' || !letter.is_ascii()) {
        let own: f64 = word.chars().map(|letter| if letter.is_ascii() { 0.56 } else { 1.0 } * size).sum();
        if width < wide + own && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_string());
            wide = 0.0;
        }
        line.push_str(word);
        wide += own;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

fn write_item(item: &Item, out: &mut String) {
    let (line, body) = of_class(&item.class);
    write_path(out, &item.line, "", &line);
    if let Some((path, at, size)) = item.body {
        let place = format!(" transform=\"translate({:.1} {:.1}) scale({size})\"", at.x, at.y);
        write_path(out, path, &place, &body);
    }
    if !item.text.is_empty() {
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"{}\" font-size=\"12\" fill=\"{}\" stroke=\"{}\" \
             stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>",
            item.text_at.x,
            item.text_at.y,
            if item.anchor == Anchor::End { "end" } else { "start" },
            colour::INK_2,
            colour::PAPER,
            escaped(&item.text)
        );
    }
}

fn write_path(out: &mut String, path: &str, place: &str, paint: &Paint) {
    if path.is_empty() {
        return;
    }
    let Paint { stroke, width, dashes, fill } = paint;
    let _ =
        write!(out, "<path d=\"{path}\"{place} fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{width}\"");
    if !dashes.is_empty() {
        let _ = write!(out, " stroke-dasharray=\"{dashes}\"");
    }
    out.push_str(" stroke-linejoin=\"round\"/>");
}

/// A text in which nothing means anything to XML, and that has no letter that XML forbids.
pub fn escaped(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
