//! The elements of the diagram: kept, used again, and written only where an item differs from what is drawn.
//!
//! Knows items, not what they stand for.

use crate::scene::diagram::{Item, LAYERS, Target};
use leptos::prelude::document;
use web_sys::Element;

/// An item with its name for those who do not see it.
#[derive(Clone, PartialEq)]
pub struct Named {
    /// What is drawn.
    pub item: Item,
    /// Its name; empty for what cannot be pressed.
    pub name: String,
}

/// The elements of one item.
struct Parts {
    group: Element,
    hit: Element,
    line: Element,
    body: Element,
    text: Element,
    shown: Option<Named>,
}

/// All elements.
#[derive(Default)]
pub struct Pool {
    layers: Vec<Element>,
    /// In the order of their keys.
    drawn: Vec<(u64, Parts)>,
    spare: Vec<Vec<Parts>>,
    /// Which one `Tab` reaches; the others are reached from it by arrow keys.
    stop: Option<u64>,
}

impl Pool {
    /// Elements below a holder in which there are none yet.
    pub fn new(holder: &Element) -> Pool {
        let layers: Vec<Element> = (0..LAYERS).map(|_| child(holder, "g")).collect();
        let spare = layers.iter().map(|_| Vec::new()).collect();
        Pool { layers, spare, ..Pool::default() }
    }

    /// Brings the elements in line with items.
    pub fn sync(&mut self, items: Vec<Named>) {
        let (mut late, mut kept) = (Vec::new(), vec![false; self.drawn.len()]);
        for named in items {
            match self.drawn.binary_search_by_key(&named.item.key, |(key, _)| *key) {
                Ok(place) => {
                    kept[place] = true;
                    self.drawn[place].1.show(named);
                }
                Err(_) => late.push(named),
            }
        }
        for (drawn, kept) in std::mem::take(&mut self.drawn).into_iter().zip(kept) {
            match kept {
                true => self.drawn.push(drawn),
                false => self.retire(drawn.1),
            }
        }
        late.into_iter().for_each(|named| self.add(named));
        self.drawn.sort_by_key(|(key, _)| *key);
        self.mind_stop();
    }

    /// Takes elements out of the page: what is only not seen would still be found by assistive technology.
    fn retire(&mut self, mut parts: Parts) {
        parts.group.remove();
        let layer = parts.shown.take().map_or(0, |named| named.item.layer);
        self.spare[layer].push(parts);
    }

    fn add(&mut self, named: Named) {
        let (key, layer) = (named.item.key, named.item.layer);
        let mut parts = self.spare[layer].pop().unwrap_or_else(|| Parts::new(&self.layers[layer]));
        let _ = self.layers[layer].append_child(&parts.group);
        parts.show(named);
        self.drawn.push((key, parts));
    }

    fn parts(&self, key: u64) -> Option<&Parts> {
        let place = self.drawn.binary_search_by_key(&key, |(key, _)| *key).ok()?;
        Some(&self.drawn[place].1)
    }

    /// Of all that can be pressed one is a stop for `Tab`.
    fn mind_stop(&mut self) {
        let there = |key: u64| self.parts(key).is_some_and(Parts::is_button);
        if self.stop.is_none_or(|key| !there(key)) {
            self.stop = self.in_order().first().map(|(_, key)| *key);
            self.set_stop(self.stop);
        }
    }

    /// Makes this the stop for `Tab`.
    pub fn set_stop(&mut self, key: Option<u64>) {
        if let Some(old) = self.stop.and_then(|key| self.parts(key)) {
            set(&old.group, "tabindex", "-1");
        }
        self.stop = key;
        if let Some(new) = self.stop.and_then(|key| self.parts(key)) {
            set(&new.group, "tabindex", "0");
        }
    }

    /// All that can be pressed, from top to bottom: how far down it is, and its key.
    pub fn in_order(&self) -> Vec<(f64, u64)> {
        let place = |(key, parts): &(u64, Parts)| {
            let item = &parts.shown.as_ref().filter(|_| parts.is_button())?.item;
            Some((item.top, *key))
        };
        let mut order: Vec<(f64, u64)> = self.drawn.iter().filter_map(place).collect();
        order.sort_by(|one, two| one.0.total_cmp(&two.0).then(one.1.cmp(&two.1)));
        order
    }

    /// The item with this key, as it is drawn.
    pub fn item(&self, key: u64) -> Option<&Named> {
        self.parts(key)?.shown.as_ref()
    }

    /// The element of the item with this key.
    pub fn element(&self, key: u64) -> Option<&Element> {
        Some(&self.parts(key)?.group)
    }
}

impl Parts {
    fn new(layer: &Element) -> Parts {
        let group = child(layer, "g");
        let (hit, line) = (child(&group, "path"), child(&group, "path"));
        let (body, text) = (child(&group, "path"), child(&group, "text"));
        set(&hit, "class", "hit");
        set(&line, "class", "line");
        set(&body, "class", "body");
        set(&text, "class", "halo");
        Parts { group, hit, line, body, text, shown: None }
    }

    fn is_button(&self) -> bool {
        self.shown.as_ref().is_some_and(|named| named.item.target != Target::Ground)
    }

    fn show(&mut self, named: Named) {
        let before = self.shown.as_ref();
        if before == Some(&named) {
            return;
        }
        let item = &named.item;
        if before.is_none_or(|before| before.item.class != item.class) {
            set(&self.group, "class", &item.class);
        }
        if before.is_none_or(|before| before.item.line != item.line) {
            set(&self.line, "d", &item.line);
        }
        if before.is_none_or(|before| (&before.item.hit, &before.item.line) != (&item.hit, &item.line)) {
            set(&self.hit, "d", if item.hit.is_empty() { &item.line } else { &item.hit });
        }
        if before.is_none_or(|before| before.item.body != item.body) {
            let (path, place) = item.body.map_or(("", String::new()), |(path, at, size)| {
                (path, format!("translate({:.1} {:.1}) scale({size})", at.x, at.y))
            });
            set(&self.body, "d", path);
            set(&self.body, "transform", &place);
        }
        if before.is_none_or(|before| (&before.item.text, before.item.text_at) != (&item.text, item.text_at))
        {
            self.text.set_text_content(Some(&item.text));
            set(&self.text, "x", &format!("{:.1}", item.text_at.x));
            set(&self.text, "y", &format!("{:.1}", item.text_at.y));
            set(&self.text, "text-anchor", item.anchor.name());
        }
        if before.is_none_or(|before| before.item.key != item.key) {
            self.call(&named);
        } else if before.is_some_and(|before| before.name != named.name) {
            set(&self.group, "aria-label", &named.name);
        }
        self.shown = Some(named);
    }

    /// A button where there is something to press, else nothing that anybody needs to hear of.
    fn call(&self, named: &Named) {
        if named.item.target == Target::Ground {
            return set(&self.group, "aria-hidden", "true");
        }
        set(&self.group, "role", "button");
        set(&self.group, "tabindex", "-1");
        set(&self.group, "aria-label", &named.name);
        set(&self.group, "data-key", &named.item.key.to_string());
    }
}

fn child(whole: &Element, name: &str) -> Element {
    let made = document().create_element_ns(Some("http://www.w3.org/2000/svg"), name);
    // The names above are all good ones, so a document always makes them.
    let made = made.unwrap_or_else(|_| unreachable!("an SVG element can be made"));
    let _ = whole.append_child(&made);
    made
}

fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}
