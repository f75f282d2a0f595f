//! Iterative deepening: a search that has nothing in common with the one that is tested. It remembers whole states and
//! with how many moves left each was tried, and looks ever further until it finds something or nothing was left out.

use conclave::engine::check::search::Model;
use std::collections::HashMap;
use std::hash::Hash;

/// After how many moves what is looked for can happen first; nothing if it cannot.
pub fn shortest<M: Model>(model: &M) -> Option<usize>
where
    M::State: Eq + Hash,
{
    (0..).map(|depth| look(model, depth)).find_map(|looked| match looked {
        Looked::Found(depth) => Some(Some(depth)),
        Looked::CutOff => None,
        Looked::Everywhere => Some(None),
    })?
}

/// What looking so far came to.
enum Looked {
    Found(usize),
    CutOff,
    Everywhere,
}

fn look<M: Model>(model: &M, depth: usize) -> Looked
where
    M::State: Eq + Hash,
{
    let mut look = Look { model, tried: HashMap::new(), is_cut_off: false };
    match model.starts().iter().any(|first| look.reaches(first, depth)) {
        true => Looked::Found(depth),
        false if look.is_cut_off => Looked::CutOff,
        false => Looked::Everywhere,
    }
}

struct Look<'a, M: Model> {
    model: &'a M,
    tried: HashMap<M::State, usize>,
    is_cut_off: bool,
}

impl<M: Model> Look<'_, M>
where
    M::State: Eq + Hash,
{
    /// Whether it happens within so many moves from a state.
    fn reaches(&mut self, state: &M::State, left: usize) -> bool {
        if self.model.wanted(state) {
            return true;
        }
        if self.tried.get(state).is_some_and(|tried| left <= *tried) {
            return false;
        }
        self.tried.insert(state.clone(), left);
        let mut next = Vec::new();
        self.model.expand(state, &mut |_, reached, happens| next.push((reached, happens)));
        if left == 0 {
            self.is_cut_off |= !next.is_empty();
            return false;
        }
        next.iter().any(|(reached, happens)| *happens || self.reaches(reached, left - 1))
    }
}
