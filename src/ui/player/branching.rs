//! The branches of the history, as the page holds them: going to one, looking into one, naming one.

use super::Player;
use crate::engine::frame::Frame;
use crate::engine::session::BranchFrame;
use leptos::prelude::*;

impl Player {
    /// All branches, and which is shown.
    pub fn branches(self) -> (Vec<BranchFrame>, usize) {
        self.standing.track();
        self.core.with_value(|core| core.session.branches())
    }

    /// Goes to a branch, at its last action.
    pub fn switch_branch(self, branch: usize) {
        self.playing.set(false);
        self.core.update_value(|core| {
            core.session.switch(branch);
            core.playhead = core.session.time_at(usize::MAX).0 as f64;
        });
        self.show();
        self.wake();
    }

    /// Goes to a branch, to just after so many actions.
    pub fn go_to(self, branch: usize, position: usize) {
        self.core.update_value(|core| core.session.switch(branch));
        self.seek_position(position);
    }

    /// An instant of any branch, without going there.
    pub fn glimpse(self, branch: usize, position: usize) -> Frame {
        self.core.with_value(|core| core.session.glimpse(branch, position))
    }

    /// Gives a branch a name, or takes it away.
    pub fn name_branch(self, branch: usize, name: &str) {
        self.core.update_value(|core| core.session.name_branch(branch, name));
        self.named.set(());
    }
}
