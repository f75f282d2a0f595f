//! Two-phase commit with a state in one number: making a state costs next to nothing, so that what is left is the search.

use crate::plain::System;
use crate::plain::two_phase::{Action, Coordinator, Manager};

const MANAGERS: [Manager; 4] = [Manager::Working, Manager::Prepared, Manager::Committed, Manager::Aborted];
const COORDINATOR: [Coordinator; 3] = [Coordinator::Init, Coordinator::Committed, Coordinator::Aborted];

/// Where what begins: two bits for each resource manager, then one for each that was heard, one for each that has sent
/// that it is prepared, and the coordinator. What the coordinator has sent follows from what it has decided.
const HEARD: u32 = 32;
const SENT: u32 = 44;
const DECIDED: u32 = 60;

/// The system.
#[derive(Clone, Debug)]
pub struct Packed {
    managers: u8,
}

impl Packed {
    /// With so many resource managers.
    pub fn new(managers: u8) -> Packed {
        Packed { managers }
    }
}

fn manager(state: u64, number: u8) -> Manager {
    MANAGERS[(state >> (2 * number) & 3) as usize]
}

fn with_manager(state: u64, number: u8, manager: Manager) -> u64 {
    state & !(3 << (2 * number)) | (manager as u64) << (2 * number)
}

fn coordinator(state: u64) -> Coordinator {
    COORDINATOR[(state >> DECIDED) as usize]
}

impl System for Packed {
    type State = u64;
    type Action = Action;

    fn start(&self) -> u64 {
        0
    }

    fn actions(&self, state: &u64, mut each: impl FnMut(Action)) {
        let coordinator = coordinator(*state);
        let is_open = coordinator == Coordinator::Init;
        if is_open && (0..self.managers).all(|number| state >> (HEARD + u32::from(number)) & 1 == 1) {
            each(Action::Commit);
        }
        if is_open {
            each(Action::Abort);
        }
        for number in 0..self.managers {
            if is_open && state >> (SENT + u32::from(number)) & 1 == 1 {
                each(Action::Hear(number));
            }
            if manager(*state, number) == Manager::Working {
                each(Action::Prepare(number));
                each(Action::ChooseToAbort(number));
            }
            match coordinator {
                Coordinator::Init => {}
                Coordinator::Committed => each(Action::HearCommit(number)),
                Coordinator::Aborted => each(Action::HearAbort(number)),
            }
        }
    }

    fn after(&self, state: &u64, action: Action) -> u64 {
        match action {
            Action::Hear(number) => state | 1 << (HEARD + u32::from(number)),
            Action::Commit => state | (Coordinator::Committed as u64) << DECIDED,
            Action::Abort => state | (Coordinator::Aborted as u64) << DECIDED,
            Action::Prepare(number) => {
                with_manager(*state, number, Manager::Prepared) | 1 << (SENT + u32::from(number))
            }
            Action::HearCommit(number) => with_manager(*state, number, Manager::Committed),
            Action::ChooseToAbort(number) | Action::HearAbort(number) => {
                with_manager(*state, number, Manager::Aborted)
            }
        }
    }

    fn is_safe(&self, state: &u64) -> bool {
        let holds = |what| (0..self.managers).any(|number| manager(*state, number) == what);
        !(holds(Manager::Committed) && holds(Manager::Aborted))
    }

    fn weight(&self, _: &u64) -> usize {
        size_of::<u64>()
    }
}
