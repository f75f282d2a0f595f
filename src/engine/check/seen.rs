//! The states that a search has met: their fingerprints, and how each was reached first.
//!
//! Fourteen bytes a state and four for the table: a state itself is never kept. Hand-made, because the hash tables of
//! the standard library keep key and value beside each other and cannot say how much memory they take. Must not know
//! what a state is.

/// No place in the table is taken by a state of this number.
const FREE: u32 = u32::MAX;
/// The first size of the table.
const FIRST: usize = 1 << 10;
/// What the first states are reached from.
const NOTHING: u32 = u32::MAX;

/// States by number, in the order in which they were met.
#[derive(Clone, Debug)]
pub struct Seen {
    prints: Vec<u64>,
    parents: Vec<u32>,
    moves: Vec<u16>,
    /// Numbers, at the places to which the lower bits of the fingerprints lead or behind. A number is less than the size
    /// of the table; the bits above it hold as many of the fingerprint, so that memory elsewhere is mostly looked at only
    /// where it is the same state.
    table: Vec<u32>,
}

impl Default for Seen {
    fn default() -> Seen {
        let table = vec![FREE; FIRST];
        Seen { prints: Vec::new(), parents: Vec::new(), moves: Vec::new(), table }
    }
}

impl Seen {
    /// How many states there are.
    pub fn len(&self) -> u32 {
        self.prints.len() as u32
    }

    /// Whether none has been met.
    pub fn is_empty(&self) -> bool {
        self.prints.is_empty()
    }

    /// How many bytes it takes.
    pub fn bytes(&self) -> usize {
        self.prints.capacity() * 8
            + self.parents.capacity() * 4
            + self.moves.capacity() * 2
            + self.table.len() * 4
    }

    /// Takes a state in that was reached from another one by a move; nothing if it has been met before.
    pub fn meet(&mut self, print: u64, from: Option<(u32, u16)>) -> Option<u32> {
        let mask = self.table.len() - 1;
        let tag = tag(print, mask);
        let mut place = print as usize & mask;
        while self.table[place] != FREE {
            let there = self.table[place] as usize;
            if there & !mask == tag && self.prints[there & mask] == print {
                return None;
            }
            place = (place + 1) & mask;
        }
        let number = self.len();
        self.table[place] = (tag | number as usize) as u32;
        let (parent, by) = from.unwrap_or((NOTHING, 0));
        self.prints.push(print);
        self.parents.push(parent);
        self.moves.push(by);
        if self.table.len() / 2 < self.prints.len() {
            self.grow();
        }
        Some(number)
    }

    fn grow(&mut self) {
        let size = self.table.len() * 2;
        let mask = size - 1;
        self.table = Vec::new();
        self.table.resize(size, FREE);
        for (number, print) in self.prints.iter().enumerate() {
            let mut place = *print as usize & mask;
            while self.table[place] != FREE {
                place = (place + 1) & mask;
            }
            self.table[place] = (tag(*print, mask) | number) as u32;
        }
    }

    /// What a state was reached from, and by which of its moves; a first state was reached from nothing.
    pub fn origin(&self, state: u32) -> Option<(u32, u16)> {
        let parent = self.parents[state as usize];
        (parent != NOTHING).then(|| (parent, self.moves[state as usize]))
    }

    /// The states on the way to one, itself the last.
    pub fn way(&self, state: u32) -> Vec<u32> {
        let mut way = vec![state];
        while let Some((parent, _)) = self.origin(way[way.len() - 1]) {
            way.push(parent);
        }
        way.reverse();
        way
    }
}

/// The upper half of a fingerprint, without the bits that are needed for a number.
fn tag(print: u64, mask: usize) -> usize {
    (print >> 32) as usize & !mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_met_is_not_met_again_however_many_there_are() {
        let mut seen = Seen::default();
        let print = |number: u32| u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        for number in 0..10_000 {
            assert_eq!(seen.meet(print(number), None), Some(number));
        }
        assert!((0..10_000).all(|number| seen.meet(print(number), None).is_none()));
        assert_eq!(seen.len(), 10_000);
    }

    #[test]
    fn states_that_lead_to_the_same_place_are_told_apart() {
        let mut seen = Seen::default();
        // The first share the lower bits, the others share the bits beside the number too.
        let prints = (1..600_u64).map(|upper| upper << 42 | 5).chain((1..600).map(|middle| middle << 11 | 5));
        for (print, number) in prints.clone().zip(0..) {
            assert_eq!(seen.meet(print, None), Some(number));
        }
        assert!(prints.clone().all(|print| seen.meet(print, None).is_none()));
        // A fingerprint of ones looks most like a free place.
        assert_eq!(seen.meet(u64::MAX, None), Some(prints.count() as u32));
        assert_eq!(seen.meet(u64::MAX, None), None);
    }

    #[test]
    fn a_way_leads_from_the_first_state() {
        let mut seen = Seen::default();
        assert_eq!(seen.meet(7, None), Some(0));
        assert_eq!(seen.meet(8, Some((0, 3))), Some(1));
        assert_eq!(seen.meet(9, Some((1, 5))), Some(2));
        assert_eq!(seen.way(2), [0, 1, 2]);
        assert_eq!((seen.origin(2), seen.origin(0)), (Some((1, 5)), None));
    }
}
