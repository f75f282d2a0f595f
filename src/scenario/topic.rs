//! What a scenario may be about: the fixed list of topics from which a file names some, and how they are read.
//!
//! A topic is one line here and its words in `text::topic`. Must not know any scenario, nor any protocol.

use super::cursor::At;
use super::fault::{Fault, must_be, unknown_name};
use crate::text::{Words, topic as say};

/// How many topics a scenario has at most: with more, none of them says much.
pub const MOST_TOPICS: usize = 3;

/// Something that scenarios are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Topic {
    /// Its name in a file, in the list and in a filter.
    pub key: &'static str,
    /// What a reader calls it.
    pub words: &'static Words,
}

const fn topic(key: &'static str, words: &'static Words) -> Topic {
    Topic { key, words }
}

/// Every topic, in the order in which they are offered: what a protocol does, what gets in its way, whence it comes.
pub static TOPICS: [Topic; 18] = [
    topic("election", &say::ELECTION),
    topic("replication", &say::REPLICATION),
    topic("commit", &say::COMMIT),
    topic("ballots", &say::BALLOTS),
    topic("safe-value", &say::SAFE_VALUE),
    topic("quorums", &say::QUORUMS),
    topic("learning", &say::LEARNING),
    topic("reads", &say::READS),
    topic("membership", &say::MEMBERSHIP),
    topic("snapshot", &say::SNAPSHOT),
    topic("crash", &say::CRASH),
    topic("recovery", &say::RECOVERY),
    topic("partition", &say::PARTITION),
    topic("messages", &say::MESSAGES),
    topic("liveness", &say::LIVENESS),
    topic("cost", &say::COST),
    topic("paper", &say::PAPER),
    topic("broken-rule", &say::BROKEN_RULE),
];

/// The topics that a file names, in its order.
pub fn read_topics(at: &At<'_>) -> Result<Vec<Topic>, Fault> {
    let items = at.list()?;
    if items.is_empty() || MOST_TOPICS < items.len() {
        return Err(at.fault(must_be(&format!("a list of 1 to {MOST_TOPICS} topics"), at.value)));
    }
    let mut topics = Vec::new();
    for item in items {
        let topic = read_topic(&item)?;
        if topics.contains(&topic) {
            return Err(item.fault(format!("the topic \"{}\" is there twice", topic.key)));
        }
        topics.push(topic);
    }
    Ok(topics)
}

fn read_topic(at: &At<'_>) -> Result<Topic, Fault> {
    let name = at.text()?;
    let known = TOPICS.iter().find(|topic| topic.key == name);
    known.copied().ok_or_else(|| at.fault(unknown_name("topic", name, TOPICS.map(|topic| topic.key))))
}
