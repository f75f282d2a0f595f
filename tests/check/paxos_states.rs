//! Which states of Paxos the checker takes for one: those with the same future, and those in which acceptors have exchanged
//! their names.
//!
//! Both are counted here in another way, move by move, among few states.

use conclave::engine::check::bounds::{Bounds, Question};
use conclave::engine::check::model::{Sight, Worlds};
use conclave::engine::check::moves::Move;
use conclave::engine::check::search::{Model, Outcome, Search};
use conclave::engine::ids::{MemberId, NodeId};
use conclave::engine::options::{OptionValue, Options};
use conclave::engine::protocol::Protocol;
use conclave::engine::world::{Setup, World};
use conclave::protocols::paxos::Paxos;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A small cluster, and how far it is explored.
#[derive(Clone, Copy, Debug)]
struct Space {
    proposers: u8,
    ballots: u8,
    retries: u8,
    crashes: u8,
    nacks: bool,
    depth: u32,
}

const SPACES: [Space; 4] = [
    Space { proposers: 1, ballots: 1, retries: 0, crashes: 1, nacks: false, depth: 200 },
    Space { proposers: 1, ballots: 1, retries: 1, crashes: 1, nacks: true, depth: 7 },
    Space { proposers: 2, ballots: 2, retries: 0, crashes: 1, nacks: false, depth: 5 },
    Space { proposers: 2, ballots: 2, retries: 1, crashes: 0, nacks: true, depth: 6 },
];

impl Space {
    fn world(self) -> World<Paxos> {
        let mut setup = Setup::new(self.proposers + 3, 1);
        set(&mut setup.options, "proposers", OptionValue::Count(self.proposers));
        set(&mut setup.options, "acceptors", OptionValue::Count(3));
        set(&mut setup.options, "learners", OptionValue::Count(1));
        set(&mut setup.options, "nacks", OptionValue::Flag(self.nacks));
        World::new(&setup)
    }

    fn model(self, symmetry: bool) -> Worlds<Paxos> {
        let fires = vec![Some(self.ballots), Some(self.retries), Some(0), Some(0)];
        let none = Bounds::with_timers(fires.len());
        let bounds = Bounds { fires, crashes: self.crashes, symmetry, ..none };
        Worlds::new(&self.world(), &bounds, &Question::Any)
    }

    fn states(self, symmetry: bool) -> u32 {
        let model = self.model(symmetry);
        let limits = model.bounds().limits;
        let mut search =
            Search::new(model, conclave::engine::check::search::Limits { depth: self.depth, ..limits });
        assert!(!matches!(search.run(), Outcome::Found(..)), "{self:?}");
        search.states()
    }

    fn acceptors(self) -> [NodeId; 3] {
        [1, 2, 3].map(|place| NodeId::new(self.proposers + place).unwrap())
    }
}

fn set(options: &mut Options, key: &str, value: OptionValue) {
    let specs = conclave::engine::options::ENGINE.iter().chain(Paxos::OPTIONS);
    let (place, spec) = specs.enumerate().find(|(_, spec)| spec.key == key).unwrap();
    options.set(spec, place, value).unwrap();
}

/// The six ways in which three acceptors can be called, the first as they are.
fn renamings(space: Space) -> Vec<BTreeMap<NodeId, NodeId>> {
    let own = space.acceptors();
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    orders.map(|order| own.into_iter().zip(order.map(|place| own[place])).collect()).to_vec()
}

type State = Sight<Paxos>;

/// The same move where nodes are called otherwise: what acceptors say does not name them.
fn renamed(names: &BTreeMap<NodeId, NodeId>, by: &Move, here: &State, there: &State) -> Move {
    let node = |node: &NodeId| names.get(node).copied().unwrap_or(*node);
    let member = |member: MemberId| member.node().map_or(member, |own| node(&own).into());
    match by {
        Move::Deliver(id) => {
            let (packet, letter) = here.world.packets().find(|(packet, _)| packet.id == *id).unwrap();
            let way = (member(packet.from), member(packet.to));
            let same =
                there.world.packets().find(|(other, said)| (other.from, other.to) == way && *said == letter);
            Move::Deliver(same.unwrap().0.id)
        }
        Move::Fire(whose, timer) => Move::Fire(node(whose), *timer),
        Move::Crash(whose) => Move::Crash(node(whose)),
        Move::Restart(whose) => Move::Restart(node(whose)),
        other => panic!("{other:?} is not within these bounds"),
    }
}

fn follow(model: &Worlds<Paxos>, state: &State, by: &Move) -> Option<State> {
    let number = model.moves(state).iter().position(|own| own == by)?;
    model.follow(state, number as u16)
}

/// How many states there are, and how many if those that differ in the names of acceptors are one: every state is
/// reached six times, once for each renaming, by the moves that are renamed as well.
fn states_and_orbits(space: Space) -> (usize, usize) {
    let (model, renamings) = (space.model(false), renamings(space));
    let start: Vec<State> = renamings.iter().flat_map(|_| model.starts()).collect();
    let mut seen = BTreeSet::from([model.print(&start[0])]);
    let mut orbits = BTreeSet::from([model.print(&start[0])]);
    let mut level = vec![start];
    for _ in 0..space.depth {
        let mut next = Vec::new();
        for states in &level {
            model.expand(&states[0], &mut |number, reached, broken| {
                assert!(!broken, "{space:?}");
                if !seen.insert(model.print(&reached)) {
                    return;
                }
                let by = &model.moves(&states[0])[usize::from(number)];
                let there = renamings.iter().zip(states).map(|(names, there)| {
                    follow(&model, there, &renamed(names, by, &states[0], there)).unwrap()
                });
                let there: Vec<State> = there.collect();
                orbits.extend(there.iter().map(|state| model.print(state)).min());
                next.push(there);
            });
        }
        level = next;
    }
    (seen.len(), orbits.len())
}

#[test]
fn acceptors_that_are_alike_exchange_their_names() {
    for space in SPACES {
        let (states, orbits) = states_and_orbits(space);
        assert_eq!(space.states(false) as usize, states, "{space:?}");
        assert_eq!(space.states(true) as usize, orbits, "{space:?}");
        assert!(orbits < states, "{space:?}");
    }
}

/// Everything that is there, whether the checker looks at it or not.
fn whole(model: &Worlds<Paxos>, state: &State) -> (u64, u64, u64) {
    let mut ghost = DefaultHasher::new();
    format!("{:?}", state.world.ghost()).hash(&mut ghost);
    (state.world.digest(), ghost.finish(), model.print(state))
}

/// Every state as a whole is explored, and what the checker takes for one leads to the same.
#[test]
fn what_is_left_out_makes_no_difference_to_what_comes() {
    let mut merged = 0;
    for space in SPACES {
        let model = space.model(false);
        let start = model.starts().pop().unwrap();
        let mut seen = BTreeSet::from([whole(&model, &start)]);
        let mut futures: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        let mut level = vec![start];
        for _ in 0..space.depth {
            let mut next = Vec::new();
            for state in &level {
                let mut future = BTreeSet::new();
                model.expand(state, &mut |_, reached, broken| {
                    assert!(!broken, "{space:?}");
                    future.insert(model.print(&reached));
                    if seen.insert(whole(&model, &reached)) {
                        next.push(reached);
                    }
                });
                let other = futures.insert(model.print(state), future.clone());
                assert!(other.is_none_or(|other| other == future), "{space:?}");
            }
            level = next;
        }
        let prints: BTreeSet<u64> = seen.iter().map(|(.., print)| *print).collect();
        assert_eq!(prints.len(), space.states(false) as usize, "{space:?}");
        merged += seen.len() - prints.len();
    }
    assert!(0 < merged, "nothing is left out here");
}
