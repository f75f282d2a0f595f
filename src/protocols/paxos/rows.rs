//! Who stands where: a row for each set of roles, where not every node has all of them.
//!
//! Must not know how rows are drawn.

use super::config::{Config, Learning};
use super::text as say;
use crate::engine::frame::RowFrame;
use crate::engine::ids::NodeId;
use crate::text::Text;

/// A row for each set of roles that some node has, proposers above acceptors above learners; none where all nodes
/// have the same roles.
pub(super) fn rows(nodes: u8, config: &Config) -> Vec<RowFrame> {
    let roles = |node: NodeId| {
        [config.proposers, config.quorums.acceptors, config.learners].map(|having| having.contains(node))
    };
    let mut rows: Vec<([bool; 3], Vec<NodeId>)> = Vec::new();
    for node in NodeId::all(nodes) {
        match rows.iter_mut().find(|(having, _)| *having == roles(node)) {
            Some((_, members)) => members.push(node),
            None => rows.push((roles(node), vec![node])),
        }
    }
    if rows.len() < 2 {
        return Vec::new();
    }
    rows.sort_by_key(|(having, _)| std::cmp::Reverse(*having));
    let row = |(having, nodes): ([bool; 3], Vec<NodeId>)| RowFrame {
        name: row_name(having),
        nodes,
        talks: having[0] && having[1] || having[2] && config.learning == Learning::Distinguished,
    };
    rows.into_iter().map(row).collect()
}

fn row_name(having: [bool; 3]) -> Text {
    let words = [&say::PROPOSERS, &say::ACCEPTORS, &say::LEARNERS];
    let named = words.into_iter().zip(having).filter(|(_, has)| *has).map(|(words, _)| Text::from(words));
    let and = |most: Text, last: Text| say::ROW_AND.with("most", most).with("last", last);
    named.reduce(and).unwrap_or(Text::from(&say::SPARE))
}
