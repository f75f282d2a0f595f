//! The space–time diagram: a panel in which the whole run stands as lines and arrows, and from which any instant is one
//! press away.
//!
//! Drawn only while it is open and on the screen, without signals, and only what is in sight. Must not know any
//! protocol.

mod gestures;
mod pool;
mod say;
mod sheet;

use super::caption::Caret;
use super::exports::Exports;
use super::folded::folded;
use super::lit::{Light, Lit};
use super::player::Player;
use super::preferences::Preferences;
use crate::engine::frame::Frame;
use crate::engine::ids::{MemberId, Micros};
use crate::scene::diagram::{Axis, Target};
use crate::text::page as say_page;
use crate::ui::live::{act, flag, hear, live, watch, when};
use leptos::html;
use leptos::prelude::*;
use leptos::svg;
use pool::Pool;
use sheet::Sheet;
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// How high the numbers above the lines are; `diagram.css` has the same number.
const HEADS: f64 = 26.0;
/// How much one press of a button zooms.
const ZOOM: f64 = 1.6;

/// What is known of the diagram outside it; a handle that is cheap to copy.
#[derive(Clone, Copy)]
pub struct Diagram {
    /// Whether the panel is open.
    pub open: RwSignal<bool>,
    sheet: StoredValue<Sheet, LocalStorage>,
}

impl Diagram {
    /// Closed.
    pub fn new() -> Diagram {
        Diagram { open: RwSignal::new(false), sheet: StoredValue::new_local(Sheet::default()) }
    }

    /// From the nearest component that provides it.
    pub fn here() -> Diagram {
        expect_context::<Diagram>()
    }

    /// What is in sight: what is downwards, with how many pixels for each unit, and from which action to before which.
    /// Nothing while the panel is closed.
    pub fn in_sight(self, player: Player) -> Option<(Axis, f64, Range<usize>)> {
        if !self.open.get_untracked() {
            return None;
        }
        let (axis, scale, (from, to)) =
            self.sheet.with_value(|sheet| (sheet.axis, sheet.scale(), sheet.in_sight()));
        let position = |unit: f64| match axis {
            Axis::Time => player.position_at(Micros(unit as u64)),
            Axis::Steps => unit as usize,
        };
        let len = player.standing.get_untracked().len;
        let (first, last) = (position(from).clamp(1, len.max(1)), position(to).min(len));
        Some((axis, scale, first..last.max(first) + 1))
    }

    /// What is downwards, or would be if the panel were open.
    pub fn axis(self, player: Player) -> Axis {
        match self.open.get_untracked() {
            true => self.sheet.with_value(|sheet| sheet.axis),
            false => untrack(|| fitting_axis(player)),
        }
    }
}

/// The axis that suits a run: steps that a scenario does by hand take no time.
fn fitting_axis(player: Player) -> Axis {
    let scripted = player.beginning.with(|beginning| beginning.scenario.is_some());
    if scripted { Axis::Steps } else { Axis::Time }
}

/// The panel.
#[component]
pub fn DiagramPanel() -> impl IntoView {
    folded(Diagram::here().open, "diagram-title", "diagram", &say_page::DIAGRAM, || {
        view! { <Opened/> }.into_any()
    })
}

/// All that the opened panel is made of.
#[derive(Clone, Copy)]
struct Panel {
    diagram: Diagram,
    player: Player,
    preferences: Preferences,
    light: Light,
    scroller: NodeRef<html::Div>,
    ground: NodeRef<html::Div>,
    canvas: NodeRef<svg::Svg>,
    head: NodeRef<html::Div>,
    heads: NodeRef<html::Div>,
    pool: StoredValue<Pool, LocalStorage>,
    /// What is said of the thing under the pointer or with the focus.
    detail: RwSignal<String>,
    follows: RwSignal<bool>,
    axis: RwSignal<Option<Axis>>,
    /// Where to scroll at the beginning of the next animation frame, and where the page itself has scrolled.
    scroll: StoredValue<(Option<f64>, f64), LocalStorage>,
    /// What stands still between frames: the height of the ground, and the columns of the heads.
    placed: StoredValue<(f64, String), LocalStorage>,
    seen: StoredValue<bool>,
}

#[component]
fn Opened() -> impl IntoView {
    let panel = Panel {
        diagram: Diagram::here(),
        player: Player::here(),
        preferences: Preferences::here(),
        light: Light::here(),
        scroller: NodeRef::new(),
        ground: NodeRef::new(),
        canvas: NodeRef::new(),
        head: NodeRef::new(),
        heads: NodeRef::new(),
        pool: StoredValue::new_local(Pool::default()),
        detail: RwSignal::new(String::new()),
        follows: RwSignal::new(true),
        axis: RwSignal::new(None),
        scroll: StoredValue::new_local((None, -1.0)),
        placed: StoredValue::new_local((0.0, String::new())),
        seen: StoredValue::new(true),
    };
    panel.live();
    let word = move |words| live(move || panel.preferences.word(words));
    view! {
        <Tools panel/>
        <div
            class="scroll"
            node_ref=panel.scroller
            tabindex="0"
            role="region"
            aria-label=word(&say_page::DIAGRAM_SCROLL)
            on:scroll=act(move || panel.scrolled())
            on:wheel=hear(move |event: web_sys::WheelEvent| panel.wheel(&event))
            on:keydown=hear(move |event: web_sys::KeyboardEvent| panel.key(&event))
        >
            <div class="heads" node_ref=panel.heads aria-hidden="true"></div>
            <div class="ground" node_ref=panel.ground on:click=hear(move |event: web_sys::MouseEvent| panel.press(&event))>
                <svg
                    node_ref=panel.canvas
                    role="group"
                    aria-label=word(&say_page::DIAGRAM)
                    on:pointerover=hear(move |event: web_sys::PointerEvent| panel.point(event.target()))
                    on:pointerleave=act(move || panel.point(None))
                    on:focusin=hear(move |event: web_sys::FocusEvent| panel.point(event.target()))
                    on:focusout=act(move || panel.point(None))
                ></svg>
                <div class="playhead" node_ref=panel.head></div>
            </div>
        </div>
        <p class="dim detail">{live(move || match panel.detail.get() {
            empty if empty.is_empty() => panel.preferences.word(&say_page::DIAGRAM_HINT).to_string(),
            detail => detail,
        })}</p>
        <Saving/>
    }
}

/// The formats in which all this can be saved, unfolded by a press.
#[component]
fn Saving() -> impl IntoView {
    let preferences = Preferences::here();
    let open = RwSignal::new(false);
    view! {
        <div class="saving">
            <button class="btn" aria-expanded=live(move || open.get().to_string()) on:click=act(move || open.update(|open| *open = !*open))>
                {live(move || preferences.word(&say_page::SAVE_AS))}
                <Caret/>
            </button>
            {when(move || open.get(), || view! { <Exports/> }.into_any())}
        </div>
    }
}

/// What is downwards, how near, and whether the playhead is followed.
#[component]
fn Tools(panel: Panel) -> impl IntoView {
    let word = move |words| live(move || panel.preferences.word(words));
    let pick = move |event: web_sys::Event| {
        panel.axis.set(Some(if event_target_value(&event) == "time" { Axis::Time } else { Axis::Steps }));
    };
    let by_steps = move || panel.axis_now() == Axis::Steps;
    view! {
        <div class="toolrow">
            <label class="pick">
                <select aria-label=word(&say_page::DIAGRAM_AXIS) on:change=hear(pick)>
                    <option value="time" selected=flag(move || !by_steps())>{word(&say_page::BY_TIME)}</option>
                    <option value="step" selected=flag(by_steps)>{word(&say_page::BY_STEP)}</option>
                </select>
                <Caret/>
            </label>
            <button class="btn" aria-pressed=live(move || panel.follows.get().to_string()) class:pressed=flag(move || panel.follows.get()) on:click=act(move || panel.follow(!panel.follows.get_untracked()))>
                {word(&say_page::FOLLOW)}
            </button>
            <span class="gap"></span>
            <button class="btn" on:click=act(move || panel.fit())>{word(&say_page::WHOLE_RUN)}</button>
            <button class="btn" aria-label=word(&say_page::ZOOM_OUT) on:click=act(move || panel.zoom_middle(1.0 / ZOOM))>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M4 9h10"></path></svg>
            </button>
            <button class="btn" aria-label=word(&say_page::ZOOM_IN) on:click=act(move || panel.zoom_middle(ZOOM))>
                <svg class="icon" viewBox="0 0 18 18" aria-hidden="true"><path d="M4 9h10M9 4v10"></path></svg>
            </button>
        </div>
    }
}

impl Panel {
    /// Draws from now on whatever is to be drawn.
    fn live(self) {
        self.follow_run();
        self.measure_always();
        gestures::listen(self);
        self.player.before_move(move || self.scroll_now());
        self.player.on_move(move |frame, moment| self.draw(frame, moment.playhead));
        let preferences = self.preferences;
        watch(move || {
            preferences.lang.track();
            self.player.playing.track();
            self.player.wake();
        });
        on_cleanup(move || {
            self.light.show(None);
            // A long run takes up room: closed, nothing of it is kept.
            self.diagram.sheet.set_value(Sheet::default());
        });
    }

    /// The axis that the reader chose, else the one that suits the run.
    fn axis_now(self) -> Axis {
        let fitting = fitting_axis(self.player);
        self.axis.get().unwrap_or(fitting)
    }

    fn follow_run(self) {
        watch(move || {
            self.player.beginning.track();
            self.diagram.sheet.update_value(|sheet| sheet.begin(untrack(|| self.axis_now())));
            self.follow(true);
        });
        watch(move || {
            let axis = self.axis_now();
            let turned = self.diagram.sheet.try_update_value(|sheet| {
                let turns = sheet.axis != axis;
                if turns {
                    sheet.turn(axis);
                }
                turns
            });
            if turned == Some(true) {
                self.follow(true);
            }
        });
    }

    /// Follows the playhead, or stays where it is.
    fn follow(self, follows: bool) {
        self.follows.set(follows);
        if !follows {
            self.scroll.update_value(|scroll| scroll.0 = None);
        }
        self.diagram.sheet.update_value(|sheet| sheet.follows = follows);
        self.player.wake();
    }

    fn draw(self, frame: &Rc<Frame>, playhead: f64) {
        let (Some(canvas), true) = (self.canvas.get_untracked(), self.seen.get_value()) else { return };
        let (player, lang) = (self.player, self.preferences.lang.get_untracked());
        let standing = self.diagram.sheet.try_update_value(|sheet| sheet.learn(player, frame, playhead));
        let Some(standing) = standing else { return };
        self.place(&standing);
        match standing.scroll_to {
            // At such a speed there is no time to wait: the playhead would be out of sight.
            Some(to) if standing.is_far => self.scroll_to(to),
            Some(to) => {
                self.scroll.update_value(|scroll| scroll.0 = Some(to));
                player.wake();
            }
            None => {}
        }
        let drawn = self
            .diagram
            .sheet
            .try_update_value(|sheet| (sheet.draw(player, lang), sheet.base(), sheet.size, sheet.columns()));
        let Some((items, base, size, columns)) = drawn else { return };
        if let Some(items) = items {
            style(&canvas, "top", base);
            let _ = canvas.set_attribute("viewBox", &format!("0 0 {} 1200", size.0));
            style(&canvas, "width", size.0);
            style(&canvas, "height", 1200.0);
            self.pool.update_value(|pool| pool.sync(items));
            self.place_heads(columns);
        }
    }

    /// The playhead, and how high the ground is.
    fn place(self, standing: &sheet::Standing) {
        if let Some(head) = self.head.get_untracked() {
            declare(&head, "transform", &format!("translateY({:.1}px)", standing.playhead));
        }
        let height = standing.height;
        if self.placed.with_value(|placed| placed.0 != height) {
            self.placed.update_value(|placed| placed.0 = height);
            if let Some(ground) = self.ground.get_untracked() {
                style(&ground, "height", height);
            }
        }
    }

    /// The numbers of the nodes above their lines.
    fn place_heads(self, columns: crate::scene::diagram::Columns) {
        let steps = self.diagram.sheet.with_value(|sheet| sheet.axis == Axis::Steps);
        let key = format!("{columns:?}{steps}{:?}", self.preferences.lang.get_untracked());
        let Some(heads) =
            self.heads.get_untracked().filter(|_| self.placed.with_value(|placed| placed.1 != key))
        else {
            return;
        };
        self.placed.update_value(|placed| placed.1 = key);
        heads.set_text_content(None);
        let add = |text: &str, left: f64, class: &str| {
            let Ok(span) = document().create_element("span") else { return };
            span.set_text_content(Some(text));
            let _ = span.set_attribute("class", class);
            let _ = heads.append_child(&span);
            if let Some(span) = span.dyn_ref::<web_sys::HtmlElement>() {
                style(span, "left", left);
            }
        };
        let steps = self.diagram.sheet.with_value(|sheet| sheet.axis == Axis::Steps);
        add(
            self.preferences.word(if steps { &say_page::UNIT_STEPS } else { &say_page::UNIT_MS }),
            0.0,
            "dim",
        );
        for member in columns.members() {
            let class = if matches!(member, MemberId::Client(_)) { "of client" } else { "of" };
            add(&member.to_string(), columns.x(member), class);
        }
    }

    /// Measures the panel now and whenever its size changes, and notices whether it is on the screen.
    fn measure_always(self) {
        watch(move || {
            let (Some(scroller), Some(canvas)) = (self.scroller.get(), self.canvas.get()) else { return };
            self.pool.set_value(Pool::new(&canvas));
            self.diagram.sheet.update_value(Sheet::forget_drawn);
            let measured = scroller.clone();
            let measure = move || {
                let height = f64::from(measured.client_height()) - HEADS;
                let size = (f64::from(measured.client_width()), height.max(0.0));
                self.diagram.sheet.update_value(|sheet| sheet.size = size);
                self.player.wake();
            };
            measure();
            let callback = Closure::<dyn Fn()>::new(measure);
            let resized = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()).ok();
            resized.iter().for_each(|observer| observer.observe(&scroller));
            let look = Closure::<dyn Fn(Vec<web_sys::IntersectionObserverEntry>)>::new(
                move |entries: Vec<web_sys::IntersectionObserverEntry>| {
                    if let Some(last) = entries.last() {
                        self.seen.try_set_value(last.is_intersecting());
                        self.player.wake();
                    }
                },
            );
            let seen = web_sys::IntersectionObserver::new(look.as_ref().unchecked_ref()).ok();
            seen.iter().for_each(|observer| observer.observe(&scroller));
            // They live as long as the panel is open.
            let kept = Rc::new(RefCell::new(Some((callback, look, resized, seen))));
            let kept = StoredValue::new_local(kept);
            on_cleanup(move || {
                let Some((.., resized, seen)) =
                    kept.try_with_value(|kept| kept.borrow_mut().take()).flatten()
                else {
                    return;
                };
                resized.iter().for_each(web_sys::ResizeObserver::disconnect);
                seen.iter().for_each(web_sys::IntersectionObserver::disconnect);
            });
        });
    }

    /// Lights what an arrow, a sign or a change of links stands for, and says what it is.
    fn show(self, target: Target) {
        let (player, lang) = (self.player, self.preferences.lang.get_untracked());
        let (detail, lit) = self.diagram.sheet.with_value(|sheet| {
            let lit = match target {
                Target::Arrow(place) => {
                    sheet.flight(place).map(|flight| Lit::Packet(flight.packet, flight.from, flight.to))
                }
                Target::Mark(place) => {
                    let node = sheet.drawing().marks.get(place).and_then(|mark| mark.node);
                    node.map(|node| Lit::Member(node.into()))
                }
                Target::Turn(place) => sheet.turn_of(place).map(|turn| Lit::Links(turn.links.clone())),
                Target::Band(_) | Target::Ground => None,
            };
            (sheet.detail(target, player), lit)
        });
        self.detail.set(detail.map_or(String::new(), |text| text.say(lang)));
        self.light.show(lit);
    }
}

fn style(element: &impl JsCast, name: &str, px: f64) {
    declare(element, name, &format!("{px:.1}px"));
}

/// Not by the attribute, which a host's security policy may forbid.
fn declare(element: &impl JsCast, name: &str, value: &str) {
    let declaration = match element.dyn_ref::<web_sys::HtmlElement>() {
        Some(element) => Some(web_sys::HtmlElement::style(element)),
        None => element.dyn_ref::<web_sys::SvgElement>().map(web_sys::SvgElement::style),
    };
    if let Some(declaration) = declaration {
        let _ = declaration.set_property(name, value);
    }
}
