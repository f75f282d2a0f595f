//! A transition system as Stateright wants it.

use crate::plain::System;
use stateright::{Model, Property};

/// A system that promises what it promises.
pub struct Theirs<S>(pub S);

impl<S: System> Model for Theirs<S> {
    type State = S::State;
    type Action = S::Action;

    fn init_states(&self) -> Vec<S::State> {
        vec![self.0.start()]
    }

    fn actions(&self, state: &S::State, actions: &mut Vec<S::Action>) {
        self.0.actions(state, |action| actions.push(action));
    }

    fn next_state(&self, state: &S::State, action: S::Action) -> Option<S::State> {
        Some(self.0.after(state, action))
    }

    fn properties(&self) -> Vec<Property<Theirs<S>>> {
        vec![Property::always("safe", |model: &Theirs<S>, state| model.0.is_safe(state))]
    }
}
