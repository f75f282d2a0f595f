//! Two-phase commit as a transition system: Gray and Lamport, *Consensus on Transaction Commit* (2006), and its
//! specification `TwoPhase.tla`. Resource managers prepare without being asked, and what was once sent may arrive at any
//! time after.

use super::System;
use std::collections::BTreeSet;

/// So many resource managers, and the distinct states that the specification has with them.
pub const PUBLISHED: [(u8, u32); 3] = [(3, 288), (5, 8_832), (6, 50_816)];

/// What a resource manager has come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Manager {
    /// It still works on the transaction.
    Working,
    /// It is ready for either end, and bound to what it will hear.
    Prepared,
    /// It has committed.
    Committed,
    /// It has aborted.
    Aborted,
}

/// What the transaction manager has come to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Coordinator {
    /// It has not decided.
    Init,
    /// It has decided to commit.
    Committed,
    /// It has decided to abort.
    Aborted,
}

/// What can be sent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Message {
    /// This resource manager is prepared.
    Prepared(u8),
    /// All are to commit.
    Commit,
    /// All are to abort.
    Abort,
}

/// One state: `rmState`, `tmState`, `tmPrepared` and `msgs` of the specification.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct State {
    /// Every resource manager.
    pub managers: Vec<Manager>,
    /// The transaction manager.
    pub coordinator: Coordinator,
    /// Of which resource managers it has heard that they are prepared.
    pub heard: Vec<bool>,
    /// Everything that was ever sent.
    pub sent: BTreeSet<Message>,
}

/// One step of the specification.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// `TMRcvPrepared`
    Hear(u8),
    /// `TMCommit`
    Commit,
    /// `TMAbort`
    Abort,
    /// `RMPrepare`
    Prepare(u8),
    /// `RMChooseToAbort`
    ChooseToAbort(u8),
    /// `RMRcvCommitMsg`
    HearCommit(u8),
    /// `RMRcvAbortMsg`
    HearAbort(u8),
}

/// The system, which promises that what one commits another does not abort.
#[derive(Clone, Debug)]
pub struct TwoPhase {
    managers: u8,
    /// Of how many the coordinator must have heard before it commits: of all, unless it is to go wrong.
    needed: u8,
}

impl TwoPhase {
    /// The specification with so many resource managers.
    pub fn new(managers: u8) -> TwoPhase {
        TwoPhase { managers, needed: managers }
    }

    /// The same with a coordinator that does not wait for the last one.
    pub fn hasty(managers: u8) -> TwoPhase {
        TwoPhase { managers, needed: managers - 1 }
    }
}

impl System for TwoPhase {
    type State = State;
    type Action = Action;

    fn start(&self) -> State {
        let managers = usize::from(self.managers);
        State {
            managers: vec![Manager::Working; managers],
            coordinator: Coordinator::Init,
            heard: vec![false; managers],
            sent: BTreeSet::new(),
        }
    }

    fn actions(&self, state: &State, mut each: impl FnMut(Action)) {
        let is_open = state.coordinator == Coordinator::Init;
        let heard = state.heard.iter().filter(|heard| **heard).count();
        if is_open && usize::from(self.needed) <= heard {
            each(Action::Commit);
        }
        if is_open {
            each(Action::Abort);
        }
        for (manager, number) in state.managers.iter().zip(0_u8..) {
            if is_open && state.sent.contains(&Message::Prepared(number)) {
                each(Action::Hear(number));
            }
            if *manager == Manager::Working {
                each(Action::Prepare(number));
                each(Action::ChooseToAbort(number));
            }
            if state.sent.contains(&Message::Commit) {
                each(Action::HearCommit(number));
            }
            if state.sent.contains(&Message::Abort) {
                each(Action::HearAbort(number));
            }
        }
    }

    fn after(&self, state: &State, action: Action) -> State {
        let mut next = state.clone();
        match action {
            Action::Hear(manager) => next.heard[usize::from(manager)] = true,
            Action::Commit => {
                next.coordinator = Coordinator::Committed;
                next.sent.insert(Message::Commit);
            }
            Action::Abort => {
                next.coordinator = Coordinator::Aborted;
                next.sent.insert(Message::Abort);
            }
            Action::Prepare(manager) => {
                next.managers[usize::from(manager)] = Manager::Prepared;
                next.sent.insert(Message::Prepared(manager));
            }
            Action::HearCommit(manager) => next.managers[usize::from(manager)] = Manager::Committed,
            Action::ChooseToAbort(manager) | Action::HearAbort(manager) => {
                next.managers[usize::from(manager)] = Manager::Aborted;
            }
        }
        next
    }

    /// `TCConsistent` of `TCommit.tla`.
    fn is_safe(&self, state: &State) -> bool {
        let holds = |what| state.managers.contains(&what);
        !(holds(Manager::Committed) && holds(Manager::Aborted))
    }

    fn weight(&self, state: &State) -> usize {
        // Elements of the set are kept by up to eleven together.
        size_of::<State>() + 2 * state.managers.len() + 64 * state.sent.len().div_ceil(6)
    }
}
