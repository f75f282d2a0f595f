//! The past of a run: every action, frames from which any instant is replayed, and the branches.
//!
//! An action is kept for ever, a whole world only every [`KEYFRAME_EVERY`] actions: because a world is
//! deterministic, every frame between follows from the one before it, and a run of an hour fits in memory. Knows
//! no protocol by name.

mod past;

use crate::engine::action::{Action, Happening, Rejected, Report};
use crate::engine::counts::{Counter, Counts};
use crate::engine::describe::{Described, Mark, Weight};
use crate::engine::ids::{Micros, NodeId};
use crate::engine::invariant::Violation;
use crate::engine::session::{Caption, Landmark};
use crate::engine::tell;
use crate::engine::trace::{self, Row};
use crate::engine::world::{Setup, World};

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

/// A whole world, with what was counted on the way to it, if anything was.
#[derive(Clone, Debug)]
struct Keyframe<P: Described> {
    at: usize,
    world: World<P>,
    counter: Option<Counter>,
}

/// A branch: what happened after it left its parent.
#[derive(Debug)]
struct Branch<P: Described> {
    parent: Option<usize>,
    from: usize,
    acts: Vec<Act>,
    origins: Vec<Origin>,
    keyframes: Vec<Keyframe<P>>,
    captions: Vec<Caption>,
    marks: Vec<Landmark>,
    violations: Vec<(usize, Violation)>,
    rows: Vec<Row>,
    name: Option<String>,
}

impl<P: Described> Branch<P> {
    fn new(parent: Option<usize>, start: Keyframe<P>) -> Branch<P> {
        Branch {
            parent,
            from: start.at,
            acts: Vec::new(),
            origins: Vec::new(),
            keyframes: vec![start],
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

    /// The first world that a branch keeps is the one in which it left.
    fn left_at(&self) -> Micros {
        self.keyframes.first().map_or(Micros::ZERO, |kept| kept.world.now())
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
    counter: Option<Counter>,
}

impl<P: Described> Lab<P> {
    /// A run at the start of time.
    pub fn new(setup: &Setup<P>) -> Lab<P> {
        let world = World::new(setup);
        let mut root = Branch::new(None, Keyframe { at: 0, world: world.clone(), counter: None });
        root.rows = trace::at_start(&world);
        Lab { world, branches: vec![root], branch: 0, position: 0, actions: 0, report: None, counter: None }
    }

    /// Begins to count; a run in which something has happened already is not counted.
    pub fn count(&mut self) {
        if self.actions == 0 {
            self.counter = Some(Counter::new(&self.world));
            let mut root = Branch::new(None, self.here());
            root.rows = trace::at_start(&self.world);
            self.branches = vec![root];
        }
    }

    /// What has been counted on the way to here.
    pub fn counts(&self) -> Option<&Counts> {
        self.counter.as_ref().map(Counter::counts)
    }

    fn here(&self) -> Keyframe<P> {
        Keyframe { at: self.position, world: self.world.clone(), counter: self.counter.clone() }
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
            self.fork()?;
        }
        self.record(at, action, true)
    }

    /// Begins a branch here in which nothing has happened.
    pub fn fork(&mut self) -> Result<(), Rejected> {
        if MAX_BRANCHES <= self.branches.len() {
            return Err(Rejected::TooManyBranches);
        }
        let branch = Branch::new(Some(self.branch), self.here());
        self.branches.push(branch);
        self.branch = self.branches.len() - 1;
        Ok(())
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
        self.tally(&report);
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
            let (world, counter) = (self.world.clone(), self.counter.clone());
            branch.keyframes.push(Keyframe { at: position, world, counter });
        }
        self.report = Some(report);
        Ok(())
    }

    fn redo(&mut self) -> Result<Action, Rejected> {
        let Act { at, action } = self.act_at(self.position).clone();
        let report = self.world.apply(at, &action)?;
        self.position += 1;
        self.tally(&report);
        self.report = Some(report);
        Ok(action)
    }

    fn tally(&mut self, report: &Report<P>) {
        if let Some(counter) = &mut self.counter {
            counter.take(&self.world, report, self.position);
        }
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
            if position < self.position || self.keyframe(from).is_none_or(|kept| self.position < kept.at) {
                self.restore(from);
            }
            self.replay_to(position);
        }
    }

    /// The last world kept on the way to there; there is always one, since the root keeps the start of time.
    fn keyframe(&self, position: usize) -> Option<&Keyframe<P>> {
        self.keyframe_of(self.branch, position)
    }

    fn keyframe_of(&self, branch: usize, position: usize) -> Option<&Keyframe<P>> {
        self.path_to(branch).find_map(|(branch, until)| {
            let kept = branch.keyframes.partition_point(|kept| kept.at <= position.min(until));
            branch.keyframes.get(kept.checked_sub(1)?)
        })
    }

    fn restore(&mut self, position: usize) {
        if let Some(Keyframe { at, world, counter }) = self.keyframe(position).cloned() {
            (self.world, self.position, self.counter) = (world, at, counter);
            self.report = None;
        }
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
        branch.keyframes.retain(|kept| kept.at <= position);
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
}
