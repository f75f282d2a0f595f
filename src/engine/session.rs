//! A session: one run with its past and its branches, as the page and the runner hold it.
//!
//! Object-safe, so that whoever holds one need not know its protocol. Speaks plain data only.

use crate::engine::action::{Action, Rejected};
use crate::engine::check::Check;
use crate::engine::check::bounds::{Bounds, Question};
use crate::engine::counts::Counts;
use crate::engine::describe::{Mark, Telling, Weight};
use crate::engine::frame::{Frame, Lens, PacketFrame, Part};
use crate::engine::ids::{MemberId, Micros, NodeId};
use crate::engine::invariant::Violation;
use crate::engine::menu::Menu;
use crate::engine::options::Options;
use crate::engine::trace::{Retold, Trace};
use crate::text::Text;
use std::ops::Range;

/// A run that can be watched, steered, and gone back in.
pub trait Session {
    /// The instant that is shown; of every log, the stretch under the lens.
    fn frame(&self, lens: Lens) -> Frame;
    /// Lets an action happen at an instant (never before the last action). In the past, a new branch begins
    /// and the other future is kept.
    fn act(&mut self, at: Micros, action: Action) -> Result<(), Rejected>;
    /// A check of everything that can come of the instant that is shown. The run stays as it is.
    fn check(&self, bounds: &Bounds, question: &Question) -> Box<dyn Check>;
    /// Everything that may happen now, at this instant of the clock, each with what it would lead to. The run stays as it
    /// is; what it costs is paid by whoever asks.
    fn menu(&self, at: Micros) -> Menu;
    /// Lets happen what is next: in the past what happened then, else what is due. Returns it.
    fn step(&mut self) -> Result<Option<Action>, Rejected>;
    /// When the next thing happens by itself: in the past, when it happened.
    fn next_at(&self) -> Option<Micros>;
    /// Begins a branch at the instant that is shown, in which nothing has happened; it stands at its end.
    fn fork(&mut self) -> Result<(), Rejected>;
    /// Goes to the instant after this many actions; beyond the end, to the end.
    fn seek(&mut self, position: usize);
    /// How many actions have happened at the instant that is shown.
    fn position(&self) -> usize;
    /// How many actions this branch has.
    fn len(&self) -> usize;
    /// Whether nothing has happened yet in this branch.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// When the action at this place happened; the start of time for 0, the last one beyond the end.
    fn time_at(&self, position: usize) -> Micros;
    /// The position of the last action at or before an instant.
    fn position_at(&self, at: Micros) -> usize;
    /// The promises broken so far on the way to the instant that is shown.
    fn violations(&self) -> Vec<Violation>;
    /// After how many actions what is asked for had come about, on the way to the instant that is shown: when a promise was
    /// first broken; a state only while it is so. Whether nothing will ever come of a state is not asked here.
    fn reached(&self, question: &Question) -> Option<usize>;
    /// How many actions of this stretch, on the way to the instant that is shown, somebody let happen, rather than the
    /// clock.
    fn hands(&self, actions: Range<usize>) -> usize;
    /// The most important thing to be said of the last action, if anything is.
    fn headline(&self) -> Option<Told>;
    /// What the last action led to, in words, the most important first; with who it is about.
    fn tellings(&self) -> Vec<Told>;
    /// What was worth telling up to the instant that is shown, the latest first, at most so many.
    fn captions(&self, most: usize) -> Vec<Caption>;
    /// The landmarks of this branch.
    fn marks(&self) -> Vec<Landmark>;
    /// How many landmarks this branch has.
    fn mark_count(&self) -> usize;
    /// Whether the last action broke a promise.
    fn broke(&self) -> bool;
    /// What the last action led to, line by line, for transcripts.
    fn transcript(&self) -> Vec<Text>;
    /// The options in force, the engine's first, and the variant.
    fn settings(&self) -> (&Options, usize);
    /// What a node handled last, and what came of it; nothing if it has handled nothing yet.
    fn last_event(&self, node: NodeId) -> Option<NodeEvent>;
    /// What is recorded next in this branch; nothing at its end.
    fn ahead(&self) -> Option<Recorded>;
    /// What happened on the way to the instant that is shown.
    fn recorded(&self) -> Vec<Recorded>;
    /// When the action at this place of a branch happened, whichever branch is shown.
    fn time_in(&self, branch: usize, position: usize) -> Micros;
    /// What was done by hand in a branch, after it left its parent.
    fn by_hand(&self, branch: usize) -> Vec<ByHand>;
    /// What the actions of this branch left behind, from one number of actions to before another; 0 is the start of
    /// time. Also of what lies ahead of the instant that is shown.
    fn traces(&self, positions: Range<usize>) -> Vec<Trace>;
    /// Performs a stretch of this branch again and tells of every action, without moving the instant that is shown.
    fn retell(&self, positions: Range<usize>, hear: &mut dyn FnMut(Retold));
    /// Identifies the state.
    fn digest(&self) -> u64;
    /// What was decided so far: by whom, about which slot, in words.
    fn decided(&self) -> Vec<(NodeId, u32, String)>;
    /// The branches, in the order in which they began; and which one is shown.
    fn branches(&self) -> (Vec<BranchFrame>, usize);
    /// An instant of any branch, after so many actions, without going there.
    fn glimpse(&self, branch: usize, position: usize) -> Frame;
    /// Gives a branch a name; none where nothing but spaces is left of it.
    fn name_branch(&mut self, branch: usize, name: &str);
    /// Takes back what happened after this many actions of this branch, for good. A scenario step that is made
    /// of several actions is taken back whole when one of them is refused.
    fn rewind(&mut self, position: usize);
    /// Goes to a branch, at its last action.
    fn switch(&mut self, branch: usize);
    /// Begins to count. Only a run in which nothing has happened yet can be counted.
    fn count(&mut self);
    /// What has been counted on the way to the instant that is shown, if it is counted.
    fn counts(&self) -> Option<&Counts>;
    /// The run that goes on beside this one, on the same clock, if one does.
    fn beside(&self) -> Option<&dyn Session> {
        None
    }
    /// Lets an action happen as it is meant in the run beside; alone, there is only this one.
    fn act_beside(&mut self, at: Micros, action: Action) -> Result<(), Rejected> {
        self.act(at, action)
    }
    /// Whether what was done last by hand happened on one side only.
    fn alone(&self) -> Option<&Alone> {
        None
    }
}

/// One of two runs beside each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The one that the reader steers.
    Left,
    /// The one beside it.
    Right,
}

impl Side {
    /// The other one.
    pub const fn other(self) -> Side {
        match self {
            Side::Left => Side::Right,
            Side::Right => Side::Left,
        }
    }
}

/// Something that could be done in one of two runs only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alone {
    /// In which it was done.
    pub side: Side,
    /// Why the other one refused it; where it has no such thing, nothing could be asked of it.
    pub why: Option<Rejected>,
}

/// Something told of a step.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// Who did it, or did nothing.
    pub member: Option<MemberId>,
    /// What is said.
    pub telling: Telling,
    /// How much it matters.
    pub weight: Weight,
    /// Whether it is the reason why nothing happened.
    pub ignored: bool,
}

/// A caption and when it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caption {
    /// After which action.
    pub position: usize,
    /// When.
    pub at: Micros,
    /// What is said.
    pub told: Told,
}

/// An action of the past.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recorded {
    /// When it happened.
    pub at: Micros,
    /// What happened.
    pub action: Action,
    /// Whether somebody let it happen, rather than the clock.
    pub by_hand: bool,
}

/// Something that somebody let happen, rather than the clock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ByHand {
    /// After how many actions.
    pub position: usize,
    /// When.
    pub at: Micros,
    /// In which of two runs; the other one follows where it can.
    pub side: Side,
    /// What.
    pub action: Action,
}

/// What a node handled, and what came of it.
#[derive(Clone, PartialEq, Debug)]
pub struct NodeEvent {
    /// After how many actions it was handled.
    pub position: usize,
    /// When.
    pub at: Micros,
    /// What the node handled.
    pub input: Input,
    /// What it sent.
    pub sent: Vec<PacketFrame>,
    /// What is told of it.
    pub told: Vec<Told>,
    /// The node's state before, part by part.
    pub before: Vec<Part>,
}

/// What a node can handle.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// A packet arrived.
    Packet(Box<PacketFrame>),
    /// A timer, by its name in files, went off.
    Timer(&'static str),
    /// It crashed.
    Crash,
    /// It booted.
    Restart,
}

/// A landmark and when it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Landmark {
    /// After which action.
    pub position: usize,
    /// When.
    pub at: Micros,
    /// What.
    pub mark: Mark,
}

/// A branch of the history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BranchFrame {
    /// The branch that it left.
    pub parent: Option<usize>,
    /// After how many actions it left.
    pub from: usize,
    /// How many actions it has, with those before it left.
    pub len: usize,
    /// When it left.
    pub left_at: Micros,
    /// When its last action was.
    pub end: Micros,
    /// What somebody called it.
    pub name: Option<String>,
}
