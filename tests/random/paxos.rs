//! Paxos under random schedules, with roles together or apart and all kinds of quorums that meet: every learner comes to
//! know the one value, and every client is told it.

use crate::ledger::Ledger;
use crate::schedule::{Plan, put, specs};
use crate::subject::Subject;
use conclave::engine::action::Report;
use conclave::engine::options::OptionValue;
use conclave::engine::protocol::Protocol;
use conclave::engine::world::{Setup, World};
use conclave::protocols::paxos::{Paxos, Value};

impl Subject for Paxos {
    /// Without chance two proposers may be in each other's way for ever (§2.4).
    const CURES: &'static [&'static str] = &["back_off"];

    fn shape(setup: &mut Setup<Paxos>, plan: &Plan) {
        let mut dice = plan.seed;
        let mut roll = |sides: u64| {
            let rolled = dice % sides;
            dice /= sides;
            rolled as u8
        };
        let nodes = setup.nodes;
        let acceptors = match roll(2) {
            // A third proposes, a third learns, the rest votes; where nodes are few, roles fall together.
            1 if 3 <= nodes => {
                let (proposers, learners) = (nodes.div_ceil(4), nodes.div_ceil(6));
                set(setup, "proposers", OptionValue::Count(proposers));
                set(setup, "learners", OptionValue::Count(learners));
                let acceptors = nodes - proposers - learners;
                set(setup, "acceptors", OptionValue::Count(acceptors));
                acceptors
            }
            _ => nodes,
        };
        match roll(4) {
            0 | 1 => {}
            2 => {
                let one = roll(u64::from(acceptors)) + 1;
                choose(setup, "quorums", 1);
                set(setup, "q1", OptionValue::Count(one));
                set(setup, "q2", OptionValue::Count(acceptors + 1 - one));
            }
            _ => {
                let whole: Vec<u8> = (1..=acceptors).filter(|columns| acceptors % columns == 0).collect();
                let columns = whole[usize::from(roll(whole.len() as u64))];
                choose(setup, "quorums", 2);
                set(setup, "columns", OptionValue::Count(columns));
            }
        }
        let learning = roll(3);
        choose(setup, "learning", learning);
        if roll(4) == 0 {
            // Not a proposer, it would be nobody's distinguished one.
            set(setup, "distinguished", OptionValue::Count(1));
        }
    }

    fn audit(_world: &World<Paxos>, _report: &Report<Paxos>) -> Result<(), String> {
        Ok(())
    }

    fn is_ready(_world: &World<Paxos>) -> bool {
        true
    }

    fn is_settled(world: &World<Paxos>) -> bool {
        let mut learners = world.running().filter(|(node, _)| world.config().learners.contains(*node));
        let known = |state: &Paxos| state.known.as_ref().map(|vote| vote.value.clone());
        let first: Option<Value> = learners.next().and_then(|(_, state)| known(state));
        first.is_some() && learners.all(|(_, state)| known(state) == first)
    }

    fn audit_clients(ledger: &Ledger, world: &World<Paxos>) -> Result<(), String> {
        let chosen = world.ghost().chosen.first().map(|vote| vote.value.clone());
        match ledger.answers().find(|answer| *answer != chosen.as_ref()) {
            Some(answer) => Err(format!("a client was told {answer:?}, and {chosen:?} is chosen")),
            None => Ok(()),
        }
    }
}

/// Sets an option by its name.
pub fn set(setup: &mut Setup<Paxos>, key: &str, value: OptionValue) {
    let (place, _) = specs::<Paxos>().find(|(_, spec)| spec.key == key).unwrap();
    put::<Paxos>(&mut setup.options, place, value);
}

fn choose(setup: &mut Setup<Paxos>, key: &str, chosen: u8) {
    let spec = Paxos::OPTIONS.iter().find(|spec| spec.key == key).unwrap();
    let OptionValue::Choice(_, names) = spec.default else { panic!("{key} is no choice") };
    set(setup, key, OptionValue::Choice(chosen, names));
}
