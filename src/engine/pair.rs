//! Two runs beside each other: one clock, one playhead, the same hand.
//!
//! A pair is a session like any other. What is shown, said and asked of it is of its *left* run, the one that the reader
//! steers; the right one is [`Session::beside`] it. What happens by itself happens in whichever run it is due first, at
//! one instant in the left one first. What a hand does in one run it does at the same instant in the other, as one step
//! that is taken back as one. Both branch together. Must not know any protocol.

use crate::engine::action::{Action, Knob, Rejected};
use crate::engine::check::Check;
use crate::engine::check::bounds::{Bounds, Question};
use crate::engine::counts::Counts;
use crate::engine::frame::{Frame, Lens, PacketFrame};
use crate::engine::ids::{MemberId, Micros, NodeId, PacketId, TimerId};
use crate::engine::invariant::Violation;
use crate::engine::menu::Menu;
use crate::engine::options::{ENGINE_OPTIONS, OptionSpec, Options};
use crate::engine::session::{
    Alone, BranchFrame, ByHand, Caption, Landmark, NodeEvent, Recorded, Session, Side, Told,
};
use crate::engine::trace::{Retold, Trace};
use crate::text::Text;
use std::ops::Range;

/// A run, and the options of its protocol.
pub struct Run {
    /// The run, at the start of time.
    pub session: Box<dyn Session>,
    /// The options of its protocol, without the engine's.
    pub options: &'static [OptionSpec],
}

/// How many actions have happened in the left run and in the right one.
type Reach = (usize, usize);

/// A branch: what happened after it left its parent.
struct Branch {
    parent: Option<usize>,
    from: usize,
    /// How far both runs are after each step.
    steps: Vec<Reach>,
}

/// Two runs beside each other. Their branches have the same numbers as its own.
pub struct Pair {
    left: Run,
    right: Run,
    branches: Vec<Branch>,
    branch: usize,
    position: usize,
    alone: Option<Alone>,
}

/// Nothing of logs and fields: what is asked of a frame here is who is there.
const GLANCE: Lens = Lens { first: 1, count: 0, fields: false };

impl Pair {
    /// Both runs at the start of time; from now on they are counted.
    pub fn new(mut left: Run, mut right: Run) -> Pair {
        left.session.count();
        right.session.count();
        let root = Branch { parent: None, from: 0, steps: Vec::new() };
        Pair { left, right, branches: vec![root], branch: 0, position: 0, alone: None }
    }

    fn run(&mut self, side: Side) -> &mut dyn Session {
        match side {
            Side::Left => &mut *self.left.session,
            Side::Right => &mut *self.right.session,
        }
    }

    fn sides(&self, side: Side) -> (&Run, &Run) {
        match side {
            Side::Left => (&self.left, &self.right),
            Side::Right => (&self.right, &self.left),
        }
    }

    // Steps.

    /// How far both runs are after so many steps of this branch.
    fn reach(&self, position: usize) -> Reach {
        self.reach_in(self.branch, position)
    }

    fn reach_in(&self, branch: usize, position: usize) -> Reach {
        let Some(place) = position.checked_sub(1) else { return (0, 0) };
        let mut branch = &self.branches[branch];
        while place < branch.from {
            branch = &self.branches[branch.parent.unwrap_or(0)];
        }
        branch.steps.get(place - branch.from).copied().unwrap_or((0, 0))
    }

    /// Which actions of the left run are those of a stretch of steps.
    fn on_the_left(&self, steps: Range<usize>) -> Range<usize> {
        let first =
            |step: usize| step.checked_sub(1).map_or(0, |before| self.reach(before.min(self.len())).0 + 1);
        first(steps.start)..first(steps.end)
    }

    /// Which runs a step moved.
    fn moved(&self, position: usize) -> (bool, bool) {
        let (before, after) = (self.reach(position.saturating_sub(1)), self.reach(position));
        (before.0 < after.0, before.1 < after.1)
    }

    /// After how many steps the left run had so many actions.
    fn step_of(&self, action: usize) -> usize {
        first_step(self.len(), |position| action <= self.reach(position).0)
    }

    fn record(&mut self) {
        let reach = (self.left.session.position(), self.right.session.position());
        self.branches[self.branch].steps.push(reach);
        self.position += 1;
    }

    fn act_on(&mut self, side: Side, at: Micros, action: Action) -> Result<(), Rejected> {
        // Looked for before anything changes: afterwards the packet may be gone.
        let twin = self.twin_of(side, &action);
        let is_variant = matches!(&action, Action::Set(knob) if matches!(**knob, Knob::Variant(_)));
        let forks = self.position < self.len();
        if forks {
            self.fork()?;
        }
        if let Err(rejected) = self.run(side).act(at, action) {
            if forks {
                self.rewind(self.position);
            }
            return Err(rejected);
        }
        let followed = twin.map(|action| self.run(side.other()).act(at, action));
        self.alone = match followed {
            // A variant is what may set both apart.
            None if is_variant => None,
            None => Some(Alone { side, why: None }),
            // It is as it should be already.
            Some(Ok(()) | Err(Rejected::AlreadyCut(_) | Rejected::NotCut(_))) => None,
            Some(Err(rejected)) => Some(Alone { side, why: Some(rejected) }),
        };
        self.record();
        Ok(())
    }

    // What stands for a thing of one run in the other.

    fn twin_of(&self, side: Side, action: &Action) -> Option<Action> {
        let packet = |packet: &PacketId| self.twin_packet(side, *packet);
        let timer = |owner: &MemberId, timer: &TimerId| self.twin_timer(side, *owner, *timer);
        match action {
            Action::Deliver(id) => packet(id).map(Action::Deliver),
            Action::Drop(id) => packet(id).map(Action::Drop),
            Action::Duplicate(id) => packet(id).map(Action::Duplicate),
            Action::Delay(id, by) => packet(id).map(|id| Action::Delay(id, *by)),
            Action::Fire(owner, id) => timer(owner, id).map(|id| Action::Fire(*owner, id)),
            Action::Wind(owner, id, span) => timer(owner, id).map(|id| Action::Wind(*owner, id, *span)),
            Action::Set(knob) => self.twin_knob(side, knob).map(|knob| Action::Set(Box::new(knob))),
            other => Some(other.clone()),
        }
    }

    /// The packet of the same kind between the same two, as many of its like before it in flight.
    fn twin_packet(&self, side: Side, packet: PacketId) -> Option<PacketId> {
        let (here, there) = self.sides(side);
        let (here, there) = (here.session.frame(GLANCE), there.session.frame(GLANCE));
        let found = here.packets.iter().find(|flying| flying.id == packet)?;
        let alike =
            |other: &&PacketFrame| (other.kind, other.from, other.to) == (found.kind, found.from, found.to);
        let rank = here.packets.iter().filter(alike).position(|flying| flying.id == packet)?;
        there.packets.iter().filter(alike).nth(rank).map(|twin| twin.id)
    }

    /// The timer of the same name.
    fn twin_timer(&self, side: Side, owner: MemberId, timer: TimerId) -> Option<TimerId> {
        let (here, there) = self.sides(side);
        let timers = |run: &Run| {
            let members = run.session.frame(GLANCE).members;
            members.into_iter().find(|member| member.id == owner).map(|member| member.timers)
        };
        let key = timers(here)?.into_iter().find(|running| running.timer == timer)?.key;
        timers(there)?.into_iter().find(|running| running.key == key).map(|twin| twin.timer)
    }

    /// The option of the same name. A variant is what may set two runs apart, so it is of one alone.
    fn twin_knob(&self, side: Side, knob: &Knob) -> Option<Knob> {
        let Knob::Option(place, value) = knob else { return None };
        let (here, there) = self.sides(side);
        let Some(own) = place.checked_sub(ENGINE_OPTIONS) else { return Some(knob.clone()) };
        let key = here.options.get(own)?.key;
        let twin = there.options.iter().position(|spec| spec.key == key && spec.allows(*value))?;
        Some(Knob::Option(ENGINE_OPTIONS + twin, *value))
    }
}

/// The first of the steps up to a last one for which something holds that holds from then on.
fn first_step(last: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low + (high - low) / 2;
        match holds(middle) {
            true => high = middle,
            false => low = middle + 1,
        }
    }
    low
}

/// Takes a run back, but keeps it in a branch of this number: an empty one is left when it is taken back to its start.
fn rewind_run(run: &mut dyn Session, position: usize, branch: usize) {
    if position < run.len() {
        run.rewind(position);
        if run.branches().1 != branch {
            // There was room for it a moment ago.
            let _ = run.fork();
        }
    }
}

impl Session for Pair {
    fn check(&self, bounds: &Bounds, question: &Question) -> Box<dyn Check> {
        self.left.session.check(bounds, question)
    }

    fn act(&mut self, at: Micros, action: Action) -> Result<(), Rejected> {
        self.act_on(Side::Left, at, action)
    }

    fn act_beside(&mut self, at: Micros, action: Action) -> Result<(), Rejected> {
        self.act_on(Side::Right, at, action)
    }

    fn alone(&self) -> Option<&Alone> {
        self.alone.as_ref()
    }

    fn beside(&self) -> Option<&dyn Session> {
        Some(&*self.right.session)
    }

    fn step(&mut self) -> Result<Option<Action>, Rejected> {
        self.alone = None;
        if self.position < self.len() {
            let (left, right) = self.moved(self.position + 1);
            let one = if left { self.left.session.step()? } else { None };
            let other = if right { self.right.session.step()? } else { None };
            self.position += 1;
            return Ok(one.or(other));
        }
        let (left, right) = (self.left.session.next_at(), self.right.session.next_at());
        let side = match (left, right) {
            (None, None) => return Ok(None),
            (Some(left), Some(right)) if right < left => Side::Right,
            (None, Some(_)) => Side::Right,
            _ => Side::Left,
        };
        let action = self.run(side).step()?;
        self.record();
        Ok(action)
    }

    fn next_at(&self) -> Option<Micros> {
        match self.position < self.len() {
            true => Some(self.time_at(self.position + 1)),
            false => self.left.session.next_at().into_iter().chain(self.right.session.next_at()).min(),
        }
    }

    fn fork(&mut self) -> Result<(), Rejected> {
        self.left.session.fork()?;
        if let Err(rejected) = self.right.session.fork() {
            self.left.session.rewind(usize::MAX);
            return Err(rejected);
        }
        self.branches.push(Branch { parent: Some(self.branch), from: self.position, steps: Vec::new() });
        self.branch = self.branches.len() - 1;
        Ok(())
    }

    fn seek(&mut self, position: usize) {
        self.alone = None;
        self.position = position.min(self.len());
        let (left, right) = self.reach(self.position);
        self.left.session.seek(left);
        self.right.session.seek(right);
    }

    fn switch(&mut self, branch: usize) {
        if branch < self.branches.len() {
            self.alone = None;
            self.branch = branch;
            self.position = self.len();
            self.left.session.switch(branch);
            self.right.session.switch(branch);
        }
    }

    fn rewind(&mut self, position: usize) {
        let current = self.branch;
        let children = self.branches.iter().filter(|branch| branch.parent == Some(current));
        let stood_on = children.map(|branch| branch.from).max().unwrap_or_default();
        let from = self.branches[current].from;
        let position = position.clamp(stood_on.max(from), self.len());
        let reach = if position == from { self.reach(from) } else { self.reach(position) };
        self.branches[current].steps.truncate(position - from);
        let shown = self.position.min(position);
        let is_empty = self.branches[current].steps.is_empty();
        match self.branches[current].parent.filter(|_| is_empty && current + 1 == self.branches.len()) {
            Some(parent) => {
                self.left.session.rewind(reach.0);
                self.right.session.rewind(reach.1);
                self.branches.pop();
                self.branch = parent;
            }
            None => {
                rewind_run(&mut *self.left.session, reach.0, current);
                rewind_run(&mut *self.right.session, reach.1, current);
            }
        }
        self.seek(shown);
    }

    fn position(&self) -> usize {
        self.position
    }

    fn len(&self) -> usize {
        let branch = &self.branches[self.branch];
        branch.from + branch.steps.len()
    }

    fn time_at(&self, position: usize) -> Micros {
        let (left, right) = self.reach(position.min(self.len()));
        self.left.session.time_at(left).max(self.right.session.time_at(right))
    }

    fn position_at(&self, at: Micros) -> usize {
        first_step(self.len() + 1, |position| self.len() < position || at < self.time_at(position))
            .saturating_sub(1)
    }

    fn branches(&self) -> (Vec<BranchFrame>, usize) {
        let (left, right) = (self.left.session.branches().0, self.right.session.branches().0);
        let frame = |(branch, (left, right)): (&Branch, (BranchFrame, BranchFrame))| BranchFrame {
            parent: branch.parent,
            from: branch.from,
            len: branch.from + branch.steps.len(),
            left_at: left.left_at.max(right.left_at),
            end: left.end.max(right.end),
            name: left.name,
        };
        (self.branches.iter().zip(left.into_iter().zip(right)).map(frame).collect(), self.branch)
    }

    fn broke(&self) -> bool {
        let (left, right) = self.moved(self.position);
        left && self.left.session.broke() || right && self.right.session.broke()
    }

    fn ahead(&self) -> Option<Recorded> {
        let (left, right) =
            if self.position < self.len() { self.moved(self.position + 1) } else { (false, false) };
        match (left, right) {
            (true, _) => self.left.session.ahead(),
            // Nobody waits for a hand that is not seen on this side.
            (false, true) => self.right.session.ahead().map(|next| Recorded { by_hand: false, ..next }),
            (false, false) => None,
        }
    }

    // What is shown, said and asked is of the left run.

    fn frame(&self, lens: Lens) -> Frame {
        Frame { position: self.position, ..self.left.session.frame(lens) }
    }

    fn menu(&self, at: Micros) -> Menu {
        self.left.session.menu(at)
    }

    fn violations(&self) -> Vec<Violation> {
        self.left.session.violations()
    }

    fn reached(&self, question: &Question) -> Option<usize> {
        self.left.session.reached(question).map(|action| self.step_of(action))
    }

    fn hands(&self, actions: Range<usize>) -> usize {
        let reach = |position: usize| self.reach(position.min(self.len())).0;
        self.left.session.hands(reach(actions.start)..reach(actions.end))
    }

    fn headline(&self) -> Option<Told> {
        self.left.session.headline().filter(|_| self.moved(self.position).0)
    }

    fn tellings(&self) -> Vec<Told> {
        if self.moved(self.position).0 { self.left.session.tellings() } else { Vec::new() }
    }

    fn transcript(&self) -> Vec<Text> {
        if self.moved(self.position).0 { self.left.session.transcript() } else { Vec::new() }
    }

    fn captions(&self, most: usize) -> Vec<Caption> {
        let captions = self.left.session.captions(most).into_iter();
        captions.map(|caption| Caption { position: self.step_of(caption.position), ..caption }).collect()
    }

    fn marks(&self) -> Vec<Landmark> {
        let marks = self.left.session.marks().into_iter();
        marks.map(|mark| Landmark { position: self.step_of(mark.position), ..mark }).collect()
    }

    fn mark_count(&self) -> usize {
        self.left.session.mark_count()
    }

    fn settings(&self) -> (&Options, usize) {
        self.left.session.settings()
    }

    fn last_event(&self, node: NodeId) -> Option<NodeEvent> {
        let event = self.left.session.last_event(node)?;
        Some(NodeEvent { position: self.step_of(event.position), ..event })
    }

    fn recorded(&self) -> Vec<Recorded> {
        self.left.session.recorded()
    }

    fn digest(&self) -> u64 {
        self.left.session.digest()
    }

    fn decided(&self) -> Vec<(NodeId, u32, String)> {
        self.left.session.decided()
    }

    // Both together, as a link writes them.

    fn time_in(&self, branch: usize, position: usize) -> Micros {
        let (left, right) = self.reach_in(branch, position);
        self.left.session.time_in(branch, left).max(self.right.session.time_in(branch, right))
    }

    fn by_hand(&self, branch: usize) -> Vec<ByHand> {
        let Some(Branch { from, steps, .. }) = self.branches.get(branch) else { return Vec::new() };
        let mut left = self.left.session.by_hand(branch).into_iter().peekable();
        let mut right = self.right.session.by_hand(branch).into_iter().peekable();
        let (mut before, mut deeds) = (self.reach_in(branch, *from), Vec::new());
        for (place, after) in steps.iter().enumerate() {
            let position = from + place;
            let one = left.next_if(|deed| before.0 == deed.position && before.0 < after.0);
            let other = right.next_if(|deed| before.1 == deed.position && before.1 < after.1);
            // What both did, the right one did because the left one did it.
            let deed = one.or(other.map(|deed| ByHand { side: Side::Right, ..deed }));
            deeds.extend(deed.map(|deed| ByHand { position, ..deed }));
            before = *after;
        }
        deeds
    }

    // The past in traces: that of the left run, at the places of both.

    fn traces(&self, positions: Range<usize>) -> Vec<Trace> {
        let traces = self.left.session.traces(self.on_the_left(positions)).into_iter();
        traces.map(|trace| Trace { position: self.step_of(trace.position), ..trace }).collect()
    }

    fn retell(&self, positions: Range<usize>, hear: &mut dyn FnMut(Retold)) {
        let mut moved = |told: Retold| hear(Retold { position: self.step_of(told.position), ..told });
        self.left.session.retell(self.on_the_left(positions), &mut moved);
    }

    fn glimpse(&self, branch: usize, position: usize) -> Frame {
        let frame = self.left.session.glimpse(branch, self.reach_in(branch, position).0);
        Frame { position, ..frame }
    }

    fn name_branch(&mut self, branch: usize, name: &str) {
        self.left.session.name_branch(branch, name);
    }

    fn count(&mut self) {}

    fn counts(&self) -> Option<&Counts> {
        self.left.session.counts()
    }
}
