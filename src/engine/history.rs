//! The past of a run: every action, frames from which any instant is replayed, and the branches.
//!
//! An action is kept for ever, a whole world only every [`KEYFRAME_EVERY`] actions: because a world is
//! deterministic, every frame between follows from the one before it, and a run of an hour fits in memory. Knows
//! no protocol by name.

use crate::engine::action::{Action, Happening, Rejected, Report};
use crate::engine::describe::{Described, Mark, Weight};
use crate::engine::ids::{Micros, NodeId};
use crate::engine::invariant::Violation;
use crate::engine::session::{BranchFrame, Caption, Landmark, Recorded};
use crate::engine::tell;
use crate::engine::trace::{self, Row, Trace};
use crate::engine::world::{Setup, World};
use std::ops::Range;

/// After how many actions a whole world is kept.
const KEYFRAME_EVERY: usize = 64;
/// The most actions that all branches may have together.
pub const MAX_ACTIONS: usize = 1_000_000;
/// The most branches.
pub const MAX_BRANCHES: usize = 64;
/// The most letters that the name of a branch may have; what is longer is cut off.
pub const MAX_BRANCH_NAME: usize = 40;

/// An action and when it happened.
#[derive(Clone, Debug)]
struct Act {
    at: Micros,
    action: Action,
}

/// Where an action came from and whom it reached, in one byte: a history has a million of them.
#[derive(Clone, Copy, Debug)]
struct Origin(u8);

impl Origin {
    const BY_HAND: u8 = 0x80;

    fn new(by_hand: bool, handled_by: Option<NodeId>) -> Origin {
        let hand = if by_hand { Origin::BY_HAND } else { 0 };
        Origin(hand | handled_by.map_or(0, NodeId::number))
    }

    fn by_hand(self) -> bool {
        self.0 & Origin::BY_HAND != 0
    }

    fn is_handled_by(self, node: NodeId) -> bool {
        self.0 & !Origin::BY_HAND == node.number()
    }
}

/// The node that handled an action, if one did: a packet that is lost at a crashed node reaches nobody.
fn handled_by<P: Described>(report: &Report<P>) -> Option<NodeId> {
    match report.happenings.first()? {
        Happening::Delivered(packet, _) => packet.to.node(),
        Happening::Fired(owner, _) => owner.node(),
        Happening::Crashed(node) | Happening::Restarted(node) => Some(*node),
        _ => None,
    }
}

/// A branch: what happened after it left its parent.
#[derive(Debug)]
struct Branch<P: Described> {
    parent: Option<usize>,
    from: usize,
    acts: Vec<Act>,
    origins: Vec<Origin>,
    keyframes: Vec<(usize, World<P>)>,
    captions: Vec<Caption>,
    marks: Vec<Landmark>,
    violations: Vec<(usize, Violation)>,
    rows: Vec<Row>,
    name: Option<String>,
}

impl<P: Described> Branch<P> {
    fn new(parent: Option<usize>, from: usize, world: &World<P>) -> Branch<P> {
        Branch {
            parent,
            from,
            acts: Vec::new(),
            origins: Vec::new(),
            keyframes: vec![(from, world.clone())],
            captions: Vec::new(),
            marks: Vec::new(),
            violations: Vec::new(),
            rows: Vec::new(),
            name: None,
        }
    }

    fn len(&self) -> usize {
        self.from + self.acts.len()
    }
}

/// A run with its past.
#[derive(Debug)]
pub struct Lab<P: Described> {
    world: World<P>,
    branches: Vec<Branch<P>>,
    branch: usize,
    position: usize,
    actions: usize,
    report: Option<Report<P>>,
}

impl<P: Described> Lab<P> {
    /// A run at the start of time.
    pub fn new(setup: &Setup<P>) -> Lab<P> {
        let world = World::new(setup);
        let mut root = Branch::new(None, 0, &world);
        root.rows = trace::at_start(&world);
        Lab { world, branches: vec![root], branch: 0, position: 0, actions: 0, report: None }
    }

    /// The world at the instant that is shown.
    pub fn world(&self) -> &World<P> {
        &self.world
    }

    /// What the last action led to; nothing at the start of time.
    pub fn report(&self) -> Option<&Report<P>> {
        self.report.as_ref()
    }

    /// How many actions have happened at the instant that is shown.
    pub fn position(&self) -> usize {
        self.position
    }

    /// How many actions the branch has.
    pub fn len(&self) -> usize {
        self.branches[self.branch].len()
    }

    /// Whether nothing has happened in this branch.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lets an action happen; in the past, in a new branch.
    pub fn act(&mut self, at: Micros, action: Action) -> Result<(), Rejected> {
        self.world.admit(&action)?;
        if MAX_ACTIONS <= self.actions {
            return Err(Rejected::HistoryFull);
        }
        if self.position < self.len() {
            if MAX_BRANCHES <= self.branches.len() {
                return Err(Rejected::TooManyBranches);
            }
            self.branches.push(Branch::new(Some(self.branch), self.position, &self.world));
            self.branch = self.branches.len() - 1;
        }
        self.record(at, action, true)
    }

    /// Lets happen what is next.
    pub fn step(&mut self) -> Result<Option<Action>, Rejected> {
        if self.position < self.len() {
            return self.redo().map(Some);
        }
        let Some((at, action)) = self.world.next_due() else { return Ok(None) };
        if MAX_ACTIONS <= self.actions {
            return Err(Rejected::HistoryFull);
        }
        self.record(at, action.clone(), false)?;
        Ok(Some(action))
    }

    /// When the next thing happens.
    pub fn next_at(&self) -> Option<Micros> {
        match self.position < self.len() {
            true => Some(self.act_at(self.position).at),
            false => self.world.next_due().map(|(at, _)| at),
        }
    }

    fn record(&mut self, at: Micros, action: Action, by_hand: bool) -> Result<(), Rejected> {
        let before = trace::tones(&self.world);
        let report = self.world.apply(at, &action)?;
        let tones = (before, trace::tones(&self.world));
        let origin = Origin::new(by_hand, handled_by(&report));
        self.position += 1;
        self.actions += 1;
        let at = self.world.now();
        let (position, branch) = (self.position, &mut self.branches[self.branch]);
        branch.acts.push(Act { at, action });
        branch.origins.push(origin);
        trace::record(&report, tones, position, &mut branch.rows);
        branch.violations.extend(report.violations.iter().map(|broken| (position, broken.clone())));
        let mark = |mark: Mark| Landmark { position, at, mark };
        if !report.violations.is_empty() {
            branch.marks.push(mark(Mark::Violation));
        }
        for happening in &report.happenings {
            if let Weight::Landmark(landmark) = tell::weight(happening) {
                branch.marks.push(mark(landmark));
            }
        }
        if let Some(told) = tell::headline(&report, Weight::News) {
            branch.captions.push(Caption { position, at, told });
        }
        if position.is_multiple_of(KEYFRAME_EVERY) {
            branch.keyframes.push((position, self.world.clone()));
        }
        self.report = Some(report);
        Ok(())
    }

    fn redo(&mut self) -> Result<Action, Rejected> {
        let Act { at, action } = self.act_at(self.position).clone();
        self.report = Some(self.world.apply(at, &action)?);
        self.position += 1;
        Ok(action)
    }

    fn act_at(&self, place: usize) -> &Act {
        self.act_of(self.branch, place)
    }

    fn act_of(&self, branch: usize, place: usize) -> &Act {
        let owner = &self.branches[self.owner(branch, place)];
        &owner.acts[place - owner.from]
    }

    /// The branch on the way to another in which the action at this place happened.
    fn owner(&self, mut branch: usize, place: usize) -> usize {
        while place < self.branches[branch].from {
            branch = self.branches[branch].parent.unwrap_or(0);
        }
        branch
    }

    /// The branches on the way to here, the present one first, each with how far it was followed.
    fn path(&self) -> impl Iterator<Item = (&Branch<P>, usize)> {
        self.path_to(self.branch)
    }

    fn path_to(&self, branch: usize) -> impl Iterator<Item = (&Branch<P>, usize)> {
        let mut next = Some((branch, usize::MAX));
        std::iter::from_fn(move || {
            let (branch, until) = next?;
            let branch = &self.branches[branch];
            next = branch.parent.map(|parent| (parent, until.min(branch.from)));
            Some((branch, until))
        })
    }

    /// Goes to the instant after this many actions.
    pub fn seek(&mut self, position: usize) {
        let position = position.min(self.len());
        // One action before, so that the last one is performed again and its report is at hand.
        let from = position.saturating_sub(1);
        if position != self.position {
            if position < self.position || self.keyframe(from).0 > self.position {
                self.restore(from);
            }
            self.replay_to(position);
        }
    }

    fn keyframe(&self, position: usize) -> (usize, &World<P>) {
        self.keyframe_of(self.branch, position)
    }

    fn keyframe_of(&self, branch: usize, position: usize) -> (usize, &World<P>) {
        for (branch, until) in self.path_to(branch) {
            let kept = branch.keyframes.partition_point(|(at, _)| *at <= position.min(until));
            if let Some((at, world)) = kept.checked_sub(1).and_then(|place| branch.keyframes.get(place)) {
                return (*at, world);
            }
        }
        // Never reached: the root keeps the start of time.
        (self.position, &self.world)
    }

    fn restore(&mut self, position: usize) {
        let (at, world) = self.keyframe(position);
        self.world = world.clone();
        self.position = at;
        self.report = None;
    }

    fn replay_to(&mut self, position: usize) {
        // What was recorded was admitted then, and the world is deterministic.
        while self.position < position && self.redo().is_ok() {}
    }

    /// Goes to a branch, at its last action.
    pub fn switch(&mut self, branch: usize) {
        if branch < self.branches.len() {
            self.branch = branch;
            let position = self.len();
            self.restore(position.saturating_sub(1));
            self.replay_to(position);
        }
    }

    /// Takes back what happened in this branch after this many actions, but nothing that other branches stand
    /// on. A branch of which nothing is left is gone, and its parent is shown again where it left.
    pub fn rewind(&mut self, position: usize) {
        let current = self.branch;
        let children = self.branches.iter().filter(|branch| branch.parent == Some(current));
        let stood_on = children.map(|branch| branch.from).max().unwrap_or_default();
        let branch = &mut self.branches[current];
        let position = position.clamp(stood_on.max(branch.from), branch.len());
        self.actions -= branch.len() - position;
        branch.acts.truncate(position - branch.from);
        branch.origins.truncate(position - branch.from);
        branch.keyframes.retain(|(at, _)| *at <= position);
        branch.captions.retain(|caption| caption.position <= position);
        branch.marks.retain(|mark| mark.position <= position);
        branch.violations.retain(|(at, _)| *at <= position);
        branch.rows.retain(|row| row.position as usize <= position);
        if position < self.position {
            self.restore(position.saturating_sub(1));
            self.replay_to(position);
        }
        self.leave_empty_branch();
    }

    fn leave_empty_branch(&mut self) {
        let branch = &self.branches[self.branch];
        // Only the last one: the numbers of the others must stay what they are.
        let is_last = self.branch + 1 == self.branches.len();
        if let (true, true, Some(parent)) = (is_last, branch.acts.is_empty(), branch.parent) {
            self.branches.pop();
            self.branch = parent;
        }
    }

    /// What happened on the way to here.
    pub fn recorded(&self) -> Vec<Recorded> {
        (0..self.position).map(|place| self.recorded_at(place)).collect()
    }

    /// What is recorded next in this branch.
    pub fn ahead(&self) -> Option<Recorded> {
        (self.position < self.len()).then(|| self.recorded_at(self.position))
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
        let (at, world) = self.keyframe_of(branch, position);
        let mut world = world.clone();
        for earlier in at..position {
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
            // The first world that a branch keeps is the one in which it left.
            let left_at = branch.keyframes.first().map_or(Micros::ZERO, |(_, world)| world.now());
            let end = branch.acts.last().map_or(left_at, |act| act.at);
            let (parent, from, name) = (branch.parent, branch.from, branch.name.clone());
            BranchFrame { parent, from, len: branch.len(), left_at, end, name }
        };
        (self.branches.iter().map(frame).collect(), self.branch)
    }
}
