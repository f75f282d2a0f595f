//! What the narrator says of each note, why, and where the paper says so. The paper is *Paxos Made Simple*; §3 is the
//! replicated log, and what it leaves out is cited from van Renesse and Altinbuken, *Paxos Made Moderately Complex*.
//!
//! Words only; must not know who shows them.

use super::ghost::{command_text, vote_text};
use super::node::Note;
use super::text as say;
use crate::engine::describe::{Mark, Weight, listed};
use crate::text::{Text, Words};

/// A sentence, its reason, and the section.
pub type Said = (Text, Option<Text>, &'static str);

const CHOOSING: &str = "§2.2";
const LOG: &str = "§3";
const LEADER: &str = "§2.4, §3 (Moderately Complex §3)";
const MODERATELY: &str = "§3 (Moderately Complex §2)";
const PRAGMATIC: &str = "§3 (Moderately Complex §4)";
const BESIDE: &str = "";

/// How much a note matters.
pub fn weight(note: &Note) -> Weight {
    match note {
        Note::Campaigns { .. } | Note::SkipsPhaseOne { .. } => Weight::Landmark(Mark::Campaign),
        Note::Won { .. } => Weight::Landmark(Mark::Elected),
        Note::Chosen { .. } => Weight::Landmark(Mark::Commit),
        Note::ToItself { .. }
        | Note::Follows { .. }
        | Note::Heartbeats { .. }
        | Note::HeardHeartbeat { .. }
        | Note::HeardAck { .. }
        | Note::Knows { .. }
        | Note::LearnedCommit { .. }
        | Note::Applied { .. }
        | Note::VotesAgain { .. }
        | Note::StalePromise { .. }
        | Note::LatePromise { .. }
        | Note::StaleAccepted { .. }
        | Note::StaleNack { .. }
        | Note::StaleAck { .. }
        | Note::Straggler { .. }
        | Note::KnownAlready { .. }
        | Note::NothingToTell
        | Note::DoesNotVote
        | Note::NotMember
        | Note::Leased
        | Note::HoldsLease
        | Note::LeaseEnds
        | Note::GrantEnds => Weight::Routine,
        _ => Weight::News,
    }
}

fn why(text: impl Into<Text>, words: &'static Words, cite: &'static str) -> Said {
    (text.into(), Some(words.into()), cite)
}

fn plain(text: impl Into<Text>, cite: &'static str) -> Said {
    (text.into(), None, cite)
}

/// What is said of a note; the node is still missing.
pub fn tell(note: &Note) -> Said {
    match note {
        Note::Campaigns { ballot, from } => {
            why(say::CAMPAIGNS.with("ballot", *ballot).with("from", *from), &say::CAMPAIGNS_WHY, LOG)
        }
        Note::SkipsPhaseOne { ballot } => {
            why(say::SKIPS_PHASE_ONE.with("ballot", *ballot), &say::SKIPS_PHASE_ONE_WHY, LOG)
        }
        Note::Promises { ballot, from, votes } => {
            let text = say::PROMISES.with("ballot", *ballot).with("from", *from).with("votes", *votes);
            why(text, &say::PROMISES_WHY, "§2.2, §3")
        }
        Note::PromisesAgain { ballot } => {
            why(say::PROMISES_AGAIN.with("ballot", *ballot), &say::PROMISES_AGAIN_WHY, CHOOSING)
        }
        Note::PromiseCounted { from, ballot, count, needed } => {
            let text = say::PROMISE_COUNTED.with("from", *from).with("ballot", *ballot);
            plain(text.with("count", *count).with("needed", *needed), CHOOSING)
        }
        Note::Won { ballot, promises } => {
            let reason = say::WON_WHY.with("promises", *promises);
            (say::WON.with("ballot", *ballot), Some(reason), LOG)
        }
        Note::AsksNewMembers { ballot } => {
            why(say::ASKS_NEW.with("ballot", *ballot), &say::ASKS_NEW_WHY, LOG)
        }
        Note::SteppedDown { ballot } => {
            why(say::STEPPED_DOWN.with("ballot", *ballot), &say::STEPPED_DOWN_WHY, LEADER)
        }
        Note::Follows { leader, ballot } => {
            plain(say::FOLLOWS.with("leader", *leader).with("ballot", *ballot), LEADER)
        }
        Note::Refused { from, promised } => {
            let text = say::REFUSED.with("from", *from).with("promised", *promised);
            why(text, &say::REFUSED_WHY, LEADER)
        }
        Note::Heartbeats { .. } => plain(&say::HEARTBEATS, LEADER),
        Note::HeardHeartbeat { leader } => plain(say::HEARD.with("leader", *leader), LEADER),
        Note::HeardAck { from } => plain(say::HEARD_ACK.with("from", *from), LEADER),
        Note::ToItself { message } => {
            let text = say::TO_ITSELF.with("kind", message.kind());
            plain(text.with("fields", message.fields().to_string()), BESIDE)
        }
        _ => tell_leader(note),
    }
}

fn tell_leader(note: &Note) -> Said {
    match note {
        Note::Reproposes { slot, command, from } => {
            let text = say::REPROPOSES.with("value", command_text(command)).with("slot", *slot);
            (text, Some(say::REPROPOSES_WHY.with("from", *from)), LOG)
        }
        Note::FillsGap { slot } => why(say::FILLS_GAP.with("slot", *slot), &say::FILLS_GAP_WHY, LOG),
        Note::LeavesGap { slot } => why(say::LEAVES_GAP.with("slot", *slot), &say::LEAVES_GAP_WHY, LOG),
        Note::FillsGapWith { slot, command } => {
            let text = say::FILLS_GAP_WITH.with("value", command_text(command)).with("slot", *slot);
            why(text, &say::FILLS_GAP_WITH_WHY, LOG)
        }
        Note::ProposesNoOp { slot } => {
            why(say::PROPOSES_NO_OP.with("slot", *slot), &say::PROPOSES_NO_OP_WHY, LOG)
        }
        Note::Took { slot, command } => {
            why(say::TOOK.with("command", &**command).with("slot", *slot), &say::TOOK_WHY, LOG)
        }
        Note::Queues { command, window } => {
            let reason = say::QUEUES_WHY.with("window", *window);
            (say::QUEUES.with("command", &**command), Some(reason), LOG)
        }
        Note::AckCounted { from, slot, count, needed } => {
            let text = say::ACK_COUNTED.with("from", *from).with("slot", *slot);
            plain(text.with("count", *count).with("needed", *needed), LOG)
        }
        Note::Knows { slot, command } => {
            plain(say::KNOWS.with("value", command_text(command)).with("slot", *slot), LOG)
        }
        Note::Resends { first, last } => {
            let words = if first == last { &say::RESENDS_ONE } else { &say::RESENDS };
            plain(words.with("first", *first).with("last", *last), MODERATELY)
        }
        _ => tell_log(note),
    }
}

fn tell_log(note: &Note) -> Said {
    match note {
        Note::Votes { slot, vote } => {
            plain(say::VOTES.with("slot", *slot).with("vote", vote_text(vote)), "§2.2, §3")
        }
        Note::VotesAgain { slot } => plain(say::VOTES_AGAIN.with("slot", *slot), CHOOSING),
        Note::Chosen { slot, vote, voters } => {
            let text = say::CHOSEN.with("value", command_text(&vote.command)).with("slot", *slot);
            let text = text.with("ballot", vote.ballot).with("voters", listed(voters.iter()));
            why(text, &say::CHOSEN_WHY, "§2.2, §3")
        }
        Note::LearnedCommit { upto } => plain(say::LEARNED_COMMIT.with("upto", *upto), LOG),
        Note::AsksToLearn { from, of } => {
            why(say::ASKS_TO_LEARN.with("from", *from).with("of", *of), &say::ASKS_TO_LEARN_WHY, LOG)
        }
        Note::Tells { to, slot, last } => {
            let words = if last < slot { &say::TELLS_NEXT } else { &say::TELLS };
            plain(words.with("to", *to).with("slot", *slot).with("last", *last), LOG)
        }
        Note::Learned { from, slot, last } => {
            plain(say::LEARNED.with("from", *from).with("slot", *slot).with("last", *last), LOG)
        }
        Note::Applied { slot, command } => {
            plain(say::APPLIED.with("slot", *slot).with("value", command_text(command)), LOG)
        }
        Note::Duplicate { slot, seq } => {
            why(say::DUPLICATE.with("slot", *slot).with("seq", *seq), &say::DUPLICATE_WHY, MODERATELY)
        }
        Note::ChangesMembers { slot, from, members } => {
            let text = say::CHANGES_MEMBERS.with("members", listed(members.iter())).with("from", *from);
            (text, Some(say::CHANGES_MEMBERS_WHY.with("slot", *slot)), LOG)
        }
        Note::TakesSnapshot { last } => plain(say::TAKES_SNAPSHOT.with("last", *last), PRAGMATIC),
        Note::SendsSnapshot { to, last } => {
            let text = say::SENDS_SNAPSHOT.with("to", *to).with("last", *last);
            why(text, &say::SENDS_SNAPSHOT_WHY, PRAGMATIC)
        }
        Note::Installs { from, last } => {
            plain(say::INSTALLS.with("from", *from).with("last", *last), PRAGMATIC)
        }
        _ => tell_reads(note),
    }
}

fn tell_reads(note: &Note) -> Said {
    match note {
        Note::Watches { slot } => why(say::WATCHES.with("slot", *slot), &say::WATCHES_WHY, BESIDE),
        Note::Rejoins { slot } => why(say::REJOINS.with("slot", *slot), &say::REJOINS_WHY, BESIDE),
        Note::TakesRead { command, index } => {
            let text = say::TAKES_READ.with("command", &**command).with("index", *index);
            why(text, &say::TAKES_READ_WHY, PRAGMATIC)
        }
        Note::ServesRead { command, index, .. } => {
            plain(say::SERVES_READ.with("command", &**command).with("index", *index), PRAGMATIC)
        }
        Note::HoldsLease => why(&say::HOLDS_LEASE, &say::HOLDS_LEASE_WHY, PRAGMATIC),
        Note::LeaseEnds => plain(&say::LEASE_ENDS, PRAGMATIC),
        Note::GrantEnds => plain(&say::GRANT_ENDS, PRAGMATIC),
        Note::Redirects { leader: Some(leader) } => {
            why(say::REDIRECTS.with("leader", *leader), &say::REDIRECTS_WHY, LOG)
        }
        Note::Redirects { leader: None } => why(&say::REDIRECTS_NOBODY, &say::REDIRECTS_WHY, LOG),
        Note::AlreadyApplied { seq } => {
            why(say::ALREADY_APPLIED.with("seq", *seq), &say::ALREADY_APPLIED_WHY, MODERATELY)
        }
        _ => tell_refusal(note),
    }
}

fn tell_refusal(note: &Note) -> Said {
    match note {
        Note::PromisedHigher { ballot, promised } => {
            let text = say::PROMISED_HIGHER.with("ballot", *ballot).with("promised", *promised);
            why(text, &say::PROMISED_HIGHER_WHY, CHOOSING)
        }
        Note::OtherBallot { slot, voted, ballot } => {
            let text = say::OTHER_BALLOT.with("slot", *slot).with("voted", *voted).with("ballot", *ballot);
            (text, Some(say::OTHER_BALLOT_WHY.with("ballot", *ballot)), LOG)
        }
        Note::StalePromise { from, ballot } => {
            why(say::STALE_PROMISE.with("from", *from).with("ballot", *ballot), &say::STALE_WHY, CHOOSING)
        }
        Note::LatePromise { from } => plain(say::LATE_PROMISE.with("from", *from), CHOOSING),
        Note::StaleAccepted { from, ballot, slot } => {
            let text = say::STALE_ACCEPTED.with("from", *from).with("ballot", *ballot).with("slot", *slot);
            why(text, &say::STALE_WHY, CHOOSING)
        }
        Note::StaleNack { from, ballot } => {
            plain(say::STALE_NACK.with("from", *from).with("ballot", *ballot), LEADER)
        }
        Note::StaleAck { from, ballot } => {
            plain(say::STALE_ACK.with("from", *from).with("ballot", *ballot), LEADER)
        }
        Note::Straggler { from, slot } => {
            why(say::STRAGGLER.with("from", *from).with("slot", *slot), &say::STRAGGLER_WHY, LOG)
        }
        Note::SettledAlready { slot } => plain(say::SETTLED_ALREADY.with("slot", *slot), PRAGMATIC),
        Note::OldSnapshot { from, last, applied } => {
            let text = say::OLD_SNAPSHOT.with("from", *from).with("last", *last).with("applied", *applied);
            why(text, &say::OLD_SNAPSHOT_WHY, PRAGMATIC)
        }
        Note::KnownAlready { from } => plain(say::KNOWN_ALREADY.with("from", *from), LOG),
        Note::NothingToTell => plain(&say::NOTHING_TO_TELL, LOG),
        Note::DoesNotVote => why(&say::DOES_NOT_VOTE, &say::DOES_NOT_VOTE_WHY, BESIDE),
        Note::NotMember => plain(&say::NOT_MEMBER, LOG),
        Note::Leased => why(&say::LEASED, &say::LEASED_WHY, PRAGMATIC),
        Note::Impossible { from } => plain(say::IMPOSSIBLE.with("from", *from), CHOOSING),
        Note::Full => plain(&say::FULL, BESIDE),
        Note::LogFull => plain(&say::LOG_FULL, BESIDE),
        Note::RoundsExhausted => plain(&say::ROUNDS_EXHAUSTED, BESIDE),
        // Everything else is told by the functions above; saying nothing would hide a mistake.
        other => plain(say::IMPOSSIBLE.with("from", format!("{other:?}")), CHOOSING),
    }
}
