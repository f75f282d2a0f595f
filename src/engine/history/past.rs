//! Looking into the past of a run without going there: what happened, when, what it left behind, and its branches.
//!
//! Must not know any protocol, nor change anything but the names of branches.

use super::{Act, Branch, Lab, MAX_BRANCH_NAME, Origin};
use crate::engine::action::{Action, Report};
use crate::engine::describe::Described;
use crate::engine::ids::{Micros, NodeId};
use crate::engine::invariant::Violation;
use crate::engine::session::{BranchFrame, ByHand, Caption, Landmark, Recorded, Side};
use crate::engine::trace::{Row, Trace};
use crate::engine::world::World;
use std::ops::Range;

impl<P: Described> Lab<P> {
    /// What happened on the way to here.
    pub fn recorded(&self) -> Vec<Recorded> {
        (0..self.position).map(|place| self.recorded_at(place)).collect()
    }

    /// What is recorded next in this branch.
    pub fn ahead(&self) -> Option<Recorded> {
        (self.position < self.len()).then(|| self.recorded_at(self.position))
    }

    /// What was done by hand in a branch, after it left its parent.
    pub fn by_hand(&self, branch: usize) -> Vec<ByHand> {
        let Some(branch) = self.branches.get(branch) else { return Vec::new() };
        let acts = branch.acts.iter().zip(&branch.origins).enumerate();
        let by_hand = acts.filter(|(_, (_, origin))| origin.by_hand());
        let deed = |(place, (act, _)): (usize, (&Act, &Origin))| {
            let Act { at, action } = act.clone();
            ByHand { position: branch.from + place, at, side: Side::Left, action }
        };
        by_hand.map(deed).collect()
    }

    /// When the action at this place of a branch happened; the start of time for 0, the last one beyond the end.
    pub fn time_in(&self, branch: usize, position: usize) -> Micros {
        let Some(mut owner) = self.branches.get(branch) else { return Micros::ZERO };
        let Some(place) = position.min(owner.len()).checked_sub(1) else { return Micros::ZERO };
        while let (true, Some(parent)) = (place < owner.from, owner.parent) {
            owner = &self.branches[parent];
        }
        owner.acts.get(place - owner.from).map_or(Micros::ZERO, |act| act.at)
    }

    fn recorded_at(&self, place: usize) -> Recorded {
        let Act { at, action } = self.act_at(place).clone();
        Recorded { at, action, by_hand: self.origin_at(place).by_hand() }
    }

    fn origin_at(&self, place: usize) -> Origin {
        let owner = &self.branches[self.owner(self.branch, place)];
        owner.origins[place - owner.from]
    }

    /// The last action on the way to here that a node handled: its place, and the world just before it.
    pub fn last_touch(&self, node: NodeId) -> Option<(usize, World<P>, &Action)> {
        let place = (0..self.position).rev().find(|place| self.origin_at(*place).is_handled_by(node))?;
        Some((place, self.glimpse(self.branch, place), &self.act_at(place).action))
    }

    /// The world after so many actions of a branch, without going there.
    pub fn glimpse(&self, branch: usize, position: usize) -> World<P> {
        let branch = branch.min(self.branches.len() - 1);
        let position = position.min(self.branches[branch].len());
        let Some(kept) = self.keyframe_of(branch, position) else { return self.world.clone() };
        let mut world = kept.world.clone();
        for earlier in kept.at..position {
            let Act { at, action } = self.act_of(branch, earlier);
            // What was recorded was admitted then, and the world is deterministic.
            let _ = world.apply(*at, action);
        }
        world
    }

    /// Performs a stretch of this branch again, up to these numbers of actions, for somebody who wants to hear of it.
    /// What is shown stays as it is.
    pub fn again(&self, positions: Range<usize>, mut hear: impl FnMut(usize, Micros, &Action, &Report<P>)) {
        let (first, end) = (positions.start.max(1), positions.end.min(self.len() + 1));
        if end <= first {
            return;
        }
        let mut world = self.glimpse(self.branch, first - 1);
        for position in first..end {
            let Act { at, action } = self.act_at(position - 1);
            if let Ok(report) = world.apply(*at, action) {
                hear(position, *at, action, &report);
            }
        }
    }

    /// What the actions of this branch left behind after these numbers of actions; 0 is the start of time.
    pub fn traces(&self, positions: Range<usize>) -> Vec<Trace> {
        let mut stretches: Vec<&[Row]> = Vec::new();
        for (branch, until) in self.path() {
            let end = positions.end.min(until.saturating_add(1));
            let place = |bound: usize| branch.rows.partition_point(|row| (row.position as usize) < bound);
            stretches.push(&branch.rows[place(positions.start)..place(end.max(positions.start))]);
        }
        let rows = stretches.into_iter().rev().flatten();
        let trace = |row: &Row| {
            let position = row.position as usize;
            Trace { position, at: self.time_at(position), what: row.what }
        };
        rows.map(trace).collect()
    }

    /// When the action at this place happened.
    pub fn time_at(&self, position: usize) -> Micros {
        match position.min(self.len()).checked_sub(1) {
            None => Micros::ZERO,
            Some(place) => self.act_at(place).at,
        }
    }

    /// The position of the last action at or before an instant.
    pub fn position_at(&self, at: Micros) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            match self.time_at(middle) <= at {
                true => low = middle,
                false => high = middle - 1,
            }
        }
        low
    }

    /// The promises broken on the way to here.
    pub fn violations(&self) -> Vec<Violation> {
        let broken = |(branch, until): (&Branch<P>, usize)| {
            let limit = until.min(self.position);
            let here = branch.violations.iter().filter(move |(at, _)| *at <= limit);
            here.map(|(_, violation)| violation.clone()).collect::<Vec<_>>()
        };
        let mut by_branch: Vec<Vec<Violation>> = self.path().map(broken).collect();
        by_branch.reverse();
        by_branch.concat()
    }

    /// After how many actions on the way to here a promise of this kind was first broken.
    pub fn broken_at(&self, wanted: impl Fn(&Violation) -> bool) -> Option<usize> {
        let broken = |(branch, until): (&Branch<P>, usize)| {
            let limit = until.min(self.position);
            let here = branch.violations.iter().find(|(at, broken)| *at <= limit && wanted(broken));
            here.map(|(at, _)| *at)
        };
        self.path().filter_map(broken).min()
    }

    /// How many of these actions on the way to here somebody let happen.
    pub fn hands(&self, actions: Range<usize>) -> usize {
        let places = actions.start..actions.end.min(self.position);
        places.filter(|place| self.origin_at(*place).by_hand()).count()
    }

    /// What was worth telling on the way to here, the latest first.
    pub fn captions(&self, most: usize) -> Vec<Caption> {
        let told = self.path().flat_map(|(branch, until)| {
            let limit = until.min(self.position);
            let kept = branch.captions.partition_point(|caption| caption.position <= limit);
            branch.captions[..kept].iter().rev()
        });
        told.take(most).cloned().collect()
    }

    /// The landmarks on the way to here and beyond, to the end of the branch.
    pub fn marks(&self) -> Vec<Landmark> {
        let mut marks: Vec<Landmark> = self
            .path()
            .flat_map(|(branch, until)| branch.marks.iter().filter(move |mark| mark.position <= until))
            .cloned()
            .collect();
        marks.sort_by_key(|mark| mark.position);
        marks
    }

    /// How many landmarks [`Lab::marks`] would give.
    pub fn mark_count(&self) -> usize {
        let count = |(branch, until): (&Branch<P>, usize)| {
            branch.marks.partition_point(|mark| mark.position <= until)
        };
        self.path().map(count).sum()
    }

    /// Gives a branch a name, or takes it away where nothing is left of it.
    pub fn name_branch(&mut self, branch: usize, name: &str) {
        let visible = name.chars().filter(|letter| !letter.is_control());
        let name: String = visible.take(MAX_BRANCH_NAME).collect();
        if let Some(branch) = self.branches.get_mut(branch) {
            branch.name = Some(name.trim().to_string()).filter(|name| !name.is_empty());
        }
    }

    /// All branches, and which is shown.
    pub fn branches(&self) -> (Vec<BranchFrame>, usize) {
        let frame = |branch: &Branch<P>| {
            let left_at = branch.left_at();
            let end = branch.acts.last().map_or(left_at, |act| act.at);
            let (parent, from, name) = (branch.parent, branch.from, branch.name.clone());
            BranchFrame { parent, from, len: branch.len(), left_at, end, name }
        };
        (self.branches.iter().map(frame).collect(), self.branch)
    }
}
