//! States with the same fingerprint go on alike: what a fingerprint leaves out, nothing depends on.
//!
//! By sampling: random ways through a model, and whenever a state is met again that was reached in another way, what
//! follows from the one is compared with what follows from the other.

use conclave::engine::check::Checked;
use conclave::engine::check::bounds::{Bounds, Question};
use conclave::engine::check::model::{Sight, Worlds};
use conclave::engine::check::search::{Limits, Model, Outcome, Search};
use conclave::engine::protocol::TimerName;
use conclave::engine::world::{Setup, World};
use conclave::protocols::multi_paxos::MultiPaxos;
use conclave::protocols::paxos::Paxos;
use conclave::protocols::raft::Raft;
use std::collections::{BTreeMap, BTreeSet};

const WALKS: u64 = 100;
const STEPS: usize = 30;

/// Everything may happen a few times.
fn bounds<P: Checked>(symmetry: bool) -> Bounds {
    let mut bounds = Bounds::none::<P::Timer>();
    bounds.fires = vec![Some(2); P::Timer::ALL.len()];
    bounds.fires[0] = Some(3);
    (bounds.crashes, bounds.replies, bounds.symmetry) = (1, true, symmetry);
    bounds.requests = vec![(None, "x=1".into()), (None, "x=2".into())];
    bounds
}

fn model<P: Checked>(nodes: u8, variant: usize, bounds: &Bounds) -> Worlds<P> {
    let setup = Setup { variant, ..Setup::new(nodes, 1) };
    Worlds::new(&World::<P>::new(&setup), bounds, &Question::Any)
}

/// The fingerprints of what follows, and whether a promise is broken on the way there.
fn follows<P: Checked>(model: &Worlds<P>, state: &Sight<P>) -> BTreeSet<(u64, bool)> {
    let mut follows = BTreeSet::new();
    model.expand(state, &mut |_, next, broken| _ = follows.insert((model.print(&next), broken)));
    follows
}

/// How many pairs of different states with the same fingerprint were compared.
fn compare<P: Checked>(model: &Worlds<P>) -> usize {
    let mut met: BTreeMap<u64, (String, BTreeSet<(u64, bool)>)> = BTreeMap::new();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut pairs = 0;
    for _ in 0..WALKS {
        let mut state = model.starts().swap_remove(0);
        for _ in 0..STEPS {
            let whole = format!("{:?}{:?}", state.world.slots().collect::<Vec<_>>(), state.world.ghost());
            let follows = follows(model, &state);
            let first = met.entry(model.print(&state)).or_insert_with(|| (whole.clone(), follows.clone()));
            assert_eq!(first.1, follows, "{} and {whole} have the same fingerprint", first.0);
            pairs += usize::from(first.0 != whole);
            let mut nexts = Vec::new();
            model.expand(&state, &mut |_, next, broken| nexts.extend((!broken).then_some(next)));
            random = random.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            if nexts.is_empty() {
                break;
            }
            state = nexts.swap_remove((random >> 33) as usize % nexts.len());
        }
    }
    pairs
}

fn compare_variants<P: Checked>(nodes: u8, symmetry: bool) {
    let compared = (0..P::VARIANTS.len())
        .step_by(4)
        .map(|variant| compare(&model::<P>(nodes, variant, &bounds::<P>(symmetry))));
    assert!(0 < compared.sum::<usize>(), "there were different states with the same fingerprint");
}

/// Under its own names nothing is left out of a state of Raft that would soon make two of one.
#[test]
fn states_of_raft_that_differ_in_names_go_on_alike() {
    compare_variants::<Raft>(3, true);
}

#[test]
fn states_of_multi_paxos_with_the_same_fingerprint_go_on_alike() {
    compare_variants::<MultiPaxos>(3, false);
}

#[test]
fn states_of_paxos_with_the_same_fingerprint_go_on_alike() {
    compare_variants::<Paxos>(3, false);
}

/// Every state that the search meets when names count, under the names that the other search goes by: as many as that
/// one meets.
#[test]
fn with_names_exchanged_there_are_as_many_states_of_raft_as_ways_to_be_alike() {
    for (fires, crashes, requests) in [(2, 0, 0), (1, 1, 0), (1, 0, 1)] {
        let bounds = |symmetry| {
            let mut bounds = Bounds::none::<<Raft as conclave::engine::protocol::Protocol>::Timer>();
            (bounds.fires[0], bounds.crashes, bounds.symmetry) = (Some(fires), crashes, symmetry);
            bounds.requests = [(None, "x=1".into()), (None, "y=2".into())][..requests].to_vec();
            bounds.limits = Limits { depth: 9, ..bounds.limits };
            bounds
        };
        let (plain, alike) = (model::<Raft>(3, 0, &bounds(false)), model::<Raft>(3, 0, &bounds(true)));
        let (all, classes) = met(&plain, &alike, 9);
        let mut search = Search::new(alike, bounds(true).limits);
        assert!(!matches!(search.run(), Outcome::Found(..)));
        assert_eq!(search.states() as usize, classes);
        assert!(classes < all && all <= 6 * classes, "{all} states in {classes} classes");
    }
}

/// How many states there are up to so many moves, and how many if those that differ in names are one.
fn met(plain: &Worlds<Raft>, alike: &Worlds<Raft>, depth: usize) -> (usize, usize) {
    let (mut prints, mut classes) = (BTreeSet::new(), BTreeSet::new());
    let mut level = vec![(plain.starts().swap_remove(0), alike.starts().swap_remove(0))];
    for _ in 0..=depth {
        level.retain(|(one, other)| {
            classes.insert(alike.print(other));
            prints.insert(plain.print(one))
        });
        let mut next = Vec::new();
        for (one, other) in &level {
            plain.expand(one, &mut |by, reached, _| {
                next.extend(alike.follow(other, by).map(|other| (reached, other)));
            });
        }
        level = next;
    }
    (prints.len(), classes.len())
}
