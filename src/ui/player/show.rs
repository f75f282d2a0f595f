//! What of the session is shown: the frame of either run, what is said of it, the landmarks, the counts.
//!
//! Must not know any protocol, nor how a frame is drawn.

use super::{CAPTIONS, CAPTIONS_HEARD, MARKS_EVERY_MS, Player, Saying, Standing};
use crate::engine::counts::Counts;
use crate::engine::describe::Weight;
use crate::engine::ids::{Micros, NodeId};
use crate::engine::menu::Menu;
use crate::engine::session::{Alone, Caption, NodeEvent, Session, Side, Told};
use crate::text::Text;
use crate::text::page as say;
use leptos::prelude::*;
use std::rc::Rc;

/// What both of two runs have cost up to an instant: the left one, then the right one.
#[derive(Clone, PartialEq)]
pub struct Costs {
    /// The instant.
    pub now: Micros,
    /// What was counted.
    pub of: [Counts; 2],
}

impl Player {
    /// Looks at the run of this side.
    fn look<T>(self, look: impl FnOnce(&dyn Session) -> T) -> T {
        self.core.with_value(|core| match (self.side, core.session.beside()) {
            (Side::Right, Some(beside)) => look(beside),
            _ => look(&*core.session),
        })
    }

    /// Shows both runs as they are now; the right one only where there is one.
    pub(super) fn show(self) {
        let standing = self.core.with_value(|core| {
            let (branches, branch) = core.session.branches();
            Standing {
                position: core.session.position(),
                len: core.session.len(),
                end: core.session.time_at(usize::MAX),
                branch,
                branches: branches.len(),
            }
        });
        let has_twin = self.core.with_value(|core| core.session.beside().is_some());
        for player in self.players() {
            if player.side == Side::Left || has_twin {
                player.look(|session| player.show_run(session, standing));
            }
        }
        self.show_marks(has_twin);
    }

    fn show_run(self, session: &dyn Session, standing: Standing) {
        let playing = self.playing.get_untracked();
        let frame = session.frame(self.core.with_value(|core| core.lens));
        let latest = || session.captions(1).into_iter().next().map(|caption| caption.told);
        let told = match playing {
            true => latest(),
            false => session.headline().or_else(latest),
        };
        let aloud = match playing {
            // Looked for only when there is a new one: it is the one before for most frames.
            true if self.heard.get_value() == session.mark_count() => {
                self.saying.with_untracked(|saying| saying.aloud.clone())
            }
            true => latest_landmark(session),
            false => told.clone(),
        };
        self.heard.set_value(if playing { session.mark_count() } else { usize::MAX });
        let saying = Saying { told, aloud, blocked: frame.blocked.clone(), rejected: None, alone: None };
        set_if_new(self.saying, saying);
        if self.standing.get_untracked() != standing {
            self.standing.set(standing);
        }
        let violations = session.violations();
        if self.violations.with_untracked(|shown| **shown != violations) {
            self.violations.set(Rc::new(violations));
        }
        let frame = Rc::new(frame);
        self.set_frame.set(Rc::clone(&frame));
        self.followers.get_value().iter().for_each(|follower| follower(&frame, standing));
        let (options, variant) = session.settings();
        if self.settings.with_untracked(|shown| (&shown.0, shown.1) != (options, variant)) {
            self.settings.set(Rc::new((options.clone(), variant)));
        }
    }

    /// A long run has thousands of landmarks: while it plays they are drawn a few times a second, and so is what it cost.
    fn show_marks(self, has_twin: bool) {
        let now_ms = window().performance().map_or(0.0, |clock| clock.now());
        if self.playing.get_untracked() && now_ms - self.marked_ms.get_value() < MARKS_EVERY_MS {
            return;
        }
        self.marked_ms.set_value(now_ms);
        self.core.with_value(|core| {
            let (count, (_, branch)) = (core.session.mark_count(), core.session.branches());
            if self.marks.with_untracked(|shown| shown.0 != branch || shown.1.len() != count) {
                self.marks.set(Rc::new((branch, core.session.marks())));
            }
            if has_twin {
                let beside = core.session.beside().and_then(Session::counts);
                let of = core.session.counts().zip(beside).map(|(one, other)| [one.clone(), other.clone()]);
                let now = Micros(core.playhead.max(0.0) as u64);
                set_if_new(self.costs, of.map(|of| Rc::new(Costs { now, of })));
            }
        });
    }

    /// Says that what was just done happened on one side only, if it did.
    pub(super) fn say_alone(self) {
        let alone = self.core.with_value(|core| core.session.alone().cloned());
        let Some(Alone { side, why }) = alone else { return };
        let name = self.of_side(side).cluster_name();
        let text = match why {
            None => say::ALONE.with("name", name),
            Some(rejected) => say::ALONE_BECAUSE.with("name", name).with("why", rejected.text()),
        };
        self.saying.update(|saying| saying.alone = Some(text));
    }

    /// What the cluster of this side is called: its protocol, and its variant where that is not the correct one.
    pub fn cluster_name(self) -> Text {
        let variant = self.settings.with(|settings| settings.1);
        let protocol = self.beginning.with(|beginning| beginning.protocol);
        match protocol.variants.get(variant).filter(|_| 0 < variant) {
            Some(key) => say::CLUSTER_NAME.with("protocol", protocol.name).with("variant", *key),
            None => Text::from(protocol.name),
        }
    }

    /// When the action at a place of the branch that is shown happened.
    pub fn time_at(self, position: usize) -> Micros {
        self.core.with_value(|core| core.session.time_at(position))
    }

    /// What a node handled last.
    pub fn last_event(self, node: NodeId) -> Option<NodeEvent> {
        self.look(|session| session.last_event(node))
    }

    /// Everything that may happen at the instant that is shown, and what each would lead to.
    pub fn menu(self) -> Menu {
        self.look(|session| session.menu(self.now()))
    }

    /// What was worth telling, the latest first.
    pub fn captions(self) -> Vec<Caption> {
        self.standing.track();
        self.core.with_value(|core| core.session.captions(CAPTIONS))
    }

    /// Identifies the state that is shown.
    pub fn digest(self) -> u64 {
        self.look(|session| session.digest())
    }
}

fn latest_landmark(session: &dyn Session) -> Option<Told> {
    let recent = session.captions(CAPTIONS_HEARD).into_iter().map(|caption| caption.told);
    recent.into_iter().find(|told| matches!(told.weight, Weight::Landmark(_)))
}

fn set_if_new<T: PartialEq + 'static>(signal: RwSignal<T, LocalStorage>, value: T) {
    if signal.with_untracked(|shown| *shown != value) {
        signal.set(value);
    }
}
