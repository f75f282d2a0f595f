//! Quorums: how many acceptors, or which ones, a proposer needs in each phase.
//!
//! Paxos needs only that every quorum of phase 1 meets every quorum of phase 2 (Howard, Malkhi and Spiegelman,
//! *Flexible Paxos*, 2016); majorities of all acceptors do (§2.2). Must not know messages, nor who is up: a quorum is
//! one of the *configured* acceptors.

use crate::engine::ids::{NodeId, NodeSet};

/// Which sets of acceptors are quorums.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Quorums {
    /// All acceptors, up or not.
    pub acceptors: NodeSet,
    /// The rule.
    pub rule: Rule,
}

/// How quorums are made up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Rule {
    /// So many acceptors, whichever they are.
    Sizes {
        /// In phase 1.
        one: u8,
        /// In phase 2.
        two: u8,
    },
    /// Acceptors stand in a grid, row by row: a whole row in phase 1, a whole column in phase 2.
    Grid {
        /// How many stand in a row.
        columns: u8,
    },
}

/// How many are more than half.
pub fn majority(of: u8) -> u8 {
    of / 2 + 1
}

impl Quorums {
    /// Whether these make a quorum of phase 1. Whoever is named twice counts twice: tallies name nobody twice.
    pub fn one(&self, voters: impl IntoIterator<Item = NodeId>) -> bool {
        let voters = voters.into_iter().filter(|voter| self.acceptors.contains(*voter));
        match self.rule {
            Rule::Sizes { one, .. } => usize::from(one) <= voters.count(),
            Rule::Grid { columns } => self.covers(voters.collect(), |place| place / columns),
        }
    }

    /// Whether these make a quorum of phase 2.
    pub fn two(&self, voters: impl IntoIterator<Item = NodeId>) -> bool {
        let voters = voters.into_iter().filter(|voter| self.acceptors.contains(*voter));
        match self.rule {
            Rule::Sizes { two, .. } => usize::from(two) <= voters.count(),
            Rule::Grid { columns } => self.covers(voters.collect(), |place| place % columns),
        }
    }

    /// Whether some line of the grid is covered whole.
    fn covers(&self, voters: NodeSet, line: impl Fn(u8) -> u8) -> bool {
        let placed = || self.acceptors.iter().zip(0_u8..);
        let lines = 0..self.acceptors.len();
        lines.into_iter().any(|wanted| {
            let mut there = placed().filter(|(_, place)| line(*place) == wanted).peekable();
            there.peek().is_some() && there.all(|(acceptor, _)| voters.contains(acceptor))
        })
    }

    /// How many acceptors phase 1 needs at the least.
    pub fn needed_one(&self) -> u8 {
        match self.rule {
            Rule::Sizes { one, .. } => one,
            Rule::Grid { columns } => match self.acceptors.len() % columns {
                0 => columns.min(self.acceptors.len()),
                last_row => last_row,
            },
        }
    }

    /// How many acceptors phase 2 needs at the least.
    pub fn needed_two(&self) -> u8 {
        match self.rule {
            Rule::Sizes { two, .. } => two,
            Rule::Grid { columns } => (self.acceptors.len() / columns).max(1),
        }
    }

    /// A quorum of phase 1 that misses one of phase 2 of `other`, if there is one; such a pair may choose two values.
    pub fn missing(&self, other: &Quorums) -> Option<(NodeSet, NodeSet)> {
        let all: NodeSet = self.acceptors.iter().chain(other.acceptors.iter()).collect();
        let members: Vec<NodeId> = all.iter().collect();
        let part = |bits: u32, inside: bool| -> NodeSet {
            let chosen = members.iter().enumerate().filter(|(place, _)| (bits >> place & 1 == 1) == inside);
            chosen.map(|(_, node)| *node).collect()
        };
        (0..1_u32 << members.len())
            .map(|bits| (part(bits, true), part(bits, false)))
            .find(|(one, rest)| self.one(one.iter()) && other.two(rest.iter()))
    }

    /// The majorities of the acceptors that are left without these.
    pub fn without(&self, silent: NodeSet) -> Quorums {
        let live = self.acceptors.iter().filter(|acceptor| !silent.contains(*acceptor)).count() as u8;
        Quorums { rule: Rule::Sizes { one: majority(live), two: majority(live) }, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quorums(acceptors: u8, rule: Rule) -> Quorums {
        Quorums { acceptors: NodeId::all(acceptors).collect(), rule }
    }

    fn set(numbers: &[u8]) -> NodeSet {
        numbers.iter().filter_map(|number| NodeId::new(*number)).collect()
    }

    #[test]
    fn sizes_meet_where_they_are_together_more_than_all() {
        for acceptors in 1..=7 {
            for one in 1..=acceptors {
                for two in 1..=acceptors {
                    let quorums = quorums(acceptors, Rule::Sizes { one, two });
                    assert_eq!(quorums.missing(&quorums).is_none(), acceptors < one + two, "{quorums:?}");
                }
            }
        }
    }

    #[test]
    fn a_full_grid_meets_and_one_with_a_gap_does_not() {
        for (acceptors, columns, meets) in [
            (4, 2, true),
            (6, 2, true),
            (6, 3, true),
            (9, 3, true),
            (5, 2, false),
            (3, 1, true),
            (3, 9, true),
        ] {
            let quorums = quorums(acceptors, Rule::Grid { columns });
            assert_eq!(quorums.missing(&quorums).is_none(), meets, "{acceptors} in {columns} columns");
        }
    }

    #[test]
    fn a_grid_needs_a_row_and_then_a_column() {
        let grid = quorums(6, Rule::Grid { columns: 3 });
        assert!(grid.one(set(&[4, 5, 6]).iter()) && !grid.one(set(&[1, 2, 4, 5]).iter()));
        assert!(grid.two(set(&[2, 5]).iter()) && !grid.two(set(&[1, 2, 3]).iter()));
        assert_eq!((grid.needed_one(), grid.needed_two()), (3, 2));
    }

    #[test]
    fn nobody_but_an_acceptor_counts() {
        let majority = quorums(3, Rule::Sizes { one: 2, two: 2 });
        assert!(!majority.one(set(&[1, 4, 5]).iter()));
        assert!(majority.two(set(&[1, 3]).iter()));
    }
}
