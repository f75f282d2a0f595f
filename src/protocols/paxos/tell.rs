//! What the narrator says of each note, why, and where the paper says so. The paper is
//! *Paxos Made Simple*.
//!
//! Words only; must not know who shows them.

use super::ghost::vote_text;
use super::node::Note;
use super::text as say;
use crate::engine::describe::{Mark, Weight, listed};
use crate::text::{Text, Words};

/// A sentence, its reason, and the section.
pub type Said = (Text, Option<Text>, &'static str);

const CHOOSING: &str = "§2.2";
const LEARNING: &str = "§2.3";
const PROGRESS: &str = "§2.4";
const IMPLEMENTATION: &str = "§2.5";

/// How much a note matters.
pub fn weight(note: &Note) -> Weight {
    match note {
        Note::Starts { .. } | Note::StartsAnew { .. } => Weight::Landmark(Mark::Campaign),
        Note::Chosen { .. } => Weight::Landmark(Mark::Commit),
        Note::ToItself { .. }
        | Note::PromiseCounted { .. }
        | Note::AcceptCounted { .. }
        | Note::VoteSeen { .. }
        | Note::StragglerKnows { .. }
        | Note::StalePromise { .. }
        | Note::StaleAccept { .. }
        | Note::StaleNack { .. }
        | Note::NothingToTell
        | Note::LeavesItTo { .. }
        | Note::Written => Weight::Routine,
        _ => Weight::News,
    }
}

fn why(text: Text, words: &'static Words, cite: &'static str) -> Said {
    (text, Some(words.into()), cite)
}

/// What is said of a note; the node is still missing.
pub fn tell(note: &Note) -> Said {
    match note {
        Note::Starts { ballot } => why(say::STARTS.with("ballot", *ballot), &say::STARTS_WHY, "§2.2, §2.5"),
        Note::StartsAnew { ballot, silent } => {
            let reason = match silent.is_empty() {
                true => Text::from(&say::STARTS_ANEW_REFUSED),
                false => say::STARTS_ANEW_WHY.with("silent", listed(silent.iter())),
            };
            (say::STARTS_ANEW.with("ballot", *ballot), Some(reason), PROGRESS)
        }
        Note::ProposesOwn { ballot, value } => {
            let text = say::PROPOSES_OWN.with("ballot", *ballot).with("value", &**value);
            why(text, &say::PROPOSES_OWN_WHY, CHOOSING)
        }
        Note::ProposesBound { ballot, value, from } => {
            let text = say::PROPOSES_BOUND.with("ballot", *ballot).with("value", &**value);
            (text, Some(say::PROPOSES_BOUND_WHY.with("from", *from)), CHOOSING)
        }
        Note::Rebinds { ballot, value } => {
            let text = say::REBINDS.with("ballot", *ballot).with("value", &**value);
            why(text, &say::REBINDS_WHY, CHOOSING)
        }
        Note::PromiseCounted { from, ballot, count, needed } => {
            let text = say::PROMISE_COUNTED.with("from", *from).with("ballot", *ballot);
            (text.with("count", *count).with("needed", *needed), None, CHOOSING)
        }
        Note::AcceptCounted { from, ballot, count, needed } => {
            let text = say::ACCEPT_COUNTED.with("from", *from).with("ballot", *ballot);
            (text.with("count", *count).with("needed", *needed), None, CHOOSING)
        }
        Note::Refused { from, promised } => {
            let text = say::REFUSED.with("from", *from).with("promised", *promised);
            why(text, &say::REFUSED_WHY, PROGRESS)
        }
        Note::Wants { value } => (say::WANTS.with("value", &**value), None, CHOOSING),
        Note::QuorumsMiss { one, two } => {
            let text = say::QUORUMS_MISS.with("one", listed(one.iter())).with("two", listed(two.iter()));
            why(text, &say::QUORUMS_MISS_WHY, CHOOSING)
        }
        Note::ToItself { message } => {
            let text = say::TO_ITSELF.with("kind", message.kind());
            (text.with("fields", message.fields().to_string()), None, "")
        }
        _ => tell_acceptor(note),
    }
}

fn tell_acceptor(note: &Note) -> Said {
    match note {
        Note::Promises { ballot, accepted: None } => {
            why(say::PROMISES.with("ballot", *ballot), &say::PROMISES_WHY, CHOOSING)
        }
        Note::Promises { ballot, accepted: Some(vote) } => {
            let text = say::PROMISES_VOTE.with("ballot", *ballot).with("vote", vote_text(vote));
            why(text, &say::PROMISES_WHY, CHOOSING)
        }
        Note::PromisesAgain { ballot } => {
            why(say::PROMISES_AGAIN.with("ballot", *ballot), &say::PROMISES_AGAIN_WHY, CHOOSING)
        }
        Note::Votes { vote } => why(say::VOTES.with("vote", vote_text(vote)), &say::VOTES_WHY, CHOOSING),
        Note::VotesAgain { vote } => {
            why(say::VOTES_AGAIN.with("vote", vote_text(vote)), &say::PROMISES_AGAIN_WHY, CHOOSING)
        }
        Note::Chosen { vote, voters } => {
            let text = say::CHOSEN.with("value", &*vote.value).with("ballot", vote.ballot);
            why(text.with("voters", listed(voters.iter())), &say::CHOSEN_WHY, CHOOSING)
        }
        Note::PromisedHigher { ballot, promised } => {
            let text = say::PROMISED_HIGHER.with("ballot", *ballot).with("promised", *promised);
            why(text, &say::PROMISED_HIGHER_WHY, CHOOSING)
        }
        Note::NotPromised { ballot } => {
            why(say::NOT_PROMISED.with("ballot", *ballot), &say::NOT_PROMISED_WHY, CHOOSING)
        }
        Note::FirstVoteStays { vote } => {
            why(say::FIRST_VOTE_STAYS.with("vote", vote_text(vote)), &say::FIRST_VOTE_STAYS_WHY, CHOOSING)
        }
        Note::NotAgain { ballot } => {
            why(say::NOT_AGAIN.with("ballot", *ballot), &say::NOT_AGAIN_WHY, CHOOSING)
        }
        Note::Written => why((&say::WRITTEN).into(), &say::WRITTEN_WHY, IMPLEMENTATION),
        _ => tell_learner(note),
    }
}

fn tell_learner(note: &Note) -> Said {
    match note {
        Note::VoteSeen { from, vote, count, needed } => {
            let text = say::VOTE_SEEN.with("from", *from).with("vote", vote_text(vote));
            (text.with("count", *count).with("needed", *needed), None, LEARNING)
        }
        Note::Knows { value } => (say::KNOWS.with("value", &**value), None, LEARNING),
        Note::Told { from, value } => (say::TOLD.with("from", *from).with("value", &**value), None, LEARNING),
        Note::Tells { value } => (say::TELLS.with("value", &**value), None, LEARNING),
        Note::Asks => why((&say::ASKS).into(), &say::ASKS_WHY, LEARNING),
        Note::Answers { to } => (say::ANSWERS.with("to", *to), None, LEARNING),
        Note::AlreadyKnown { value } => {
            why(say::ALREADY_KNOWN.with("value", &**value), &say::ALREADY_KNOWN_WHY, LEARNING)
        }
        Note::StragglerKnows { from } => {
            why(say::STRAGGLER.with("from", *from), &say::ALREADY_KNOWN_WHY, LEARNING)
        }
        Note::NothingToTell => why((&say::NOTHING_TO_TELL).into(), &say::NOTHING_TO_TELL_WHY, LEARNING),
        _ => tell_client(note),
    }
}

fn tell_client(note: &Note) -> Said {
    match note {
        Note::AnswersKnown { value } => {
            why(say::ANSWERS_KNOWN.with("value", &**value), &say::ANSWERS_KNOWN_WHY, LEARNING)
        }
        Note::StaysWith { want } => {
            why(say::STAYS_WITH.with("value", &**want), &say::STAYS_WITH_WHY, CHOOSING)
        }
        Note::Redirects { to: Some(to) } => {
            why(say::REDIRECTS.with("to", *to), &say::REDIRECTS_WHY, "§2.4, §2.5")
        }
        Note::Redirects { to: None } => {
            why((&say::REDIRECTS_NOBODY).into(), &say::REDIRECTS_WHY, "§2.4, §2.5")
        }
        _ => tell_refusal(note),
    }
}

fn tell_refusal(note: &Note) -> Said {
    match note {
        Note::StalePromise { from, ballot } => {
            let text = say::STALE_PROMISE.with("from", *from).with("ballot", *ballot);
            why(text, &say::STALE_PROMISE_WHY, CHOOSING)
        }
        Note::StaleAccept { from, ballot } => {
            let text = say::STALE_ACCEPT.with("from", *from).with("ballot", *ballot);
            why(text, &say::STALE_ACCEPT_WHY, CHOOSING)
        }
        Note::StaleNack { from, ballot } => {
            let text = say::STALE_NACK.with("from", *from).with("ballot", *ballot);
            why(text, &say::STALE_NACK_WHY, PROGRESS)
        }
        Note::LeavesItTo { only } => {
            why(say::LEAVES_IT_TO.with("only", *only), &say::LEAVES_IT_TO_WHY, PROGRESS)
        }
        Note::WantsNothing => why((&say::WANTS_NOTHING).into(), &say::WANTS_NOTHING_WHY, CHOOSING),
        Note::WaitsForRefusals { count, needed } => {
            let text = say::WAITS_FOR_REFUSALS.with("count", *count).with("needed", *needed);
            why(text, &say::WAITS_FOR_REFUSALS_WHY, PROGRESS)
        }
        Note::NotItsRole { from } => {
            why(say::NOT_ITS_ROLE.with("from", *from), &say::NOT_ITS_ROLE_WHY, IMPLEMENTATION)
        }
        Note::Impossible { from } => (say::IMPOSSIBLE.with("from", *from), None, CHOOSING),
        Note::DiskBusy => ((&say::DISK_BUSY).into(), None, IMPLEMENTATION),
        Note::Full => ((&say::FULL).into(), None, ""),
        Note::RoundsExhausted => ((&say::ROUNDS_EXHAUSTED).into(), None, ""),
        // Everything else is told by the functions above; saying nothing would hide a mistake.
        other => (say::IMPOSSIBLE.with("from", format!("{other:?}")), None, CHOOSING),
    }
}
