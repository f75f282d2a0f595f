//! The leader: what it proposes in which slot (rules 3 and 4), how it counts votes (rule 5), and its clients (rule 12).
//!
//! Must not know what acceptors hold: only what they have told it.

use super::config::{Commits, Config, Reads, Variant};
use super::election::Campaign;
use super::log::{Command, MAX_SLOT, Slot, Vote};
use super::message::Message;
use super::node::{Context, MultiPaxos, Note, Role, Timer};
use super::reads::{Read, Reading};
use crate::engine::client::{Outcome, Request};
use crate::engine::ids::{NodeId, NodeSet};
use crate::protocols::machine::Origin;
use crate::protocols::paxos::Ballot;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// The most commands that wait for a slot in the window.
const MAX_WAITING: usize = 256;

/// What a leader remembers; a crash may take it all.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Leader {
    /// Its ballot, who has promised it, and what binds it in slots that it has not come to yet.
    pub campaign: Campaign,
    /// What it has proposed and does not know to be chosen yet.
    pub proposals: BTreeMap<Slot, Proposal>,
    /// The first slot in which it has proposed nothing.
    pub next: Slot,
    /// The last slot in which something may have been chosen before it led.
    pub frontier: Slot,
    /// Commands that wait for a slot in the window.
    pub waiting: VecDeque<Command>,
    /// Whether it has still to propose a no-op of its own.
    pub noop_due: bool,
    /// Slots that it has passed by though something is proposed behind them: only where a rule is broken.
    pub gaps: Vec<Slot>,
    /// Reads that are not in the log.
    pub reading: Reading,
}

/// What is proposed in a slot.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Proposal {
    /// What.
    pub command: Command,
    /// Who has voted for it in the leader's ballot: a set, so that an answer that comes twice counts once.
    pub acks: NodeSet,
    /// Whether the timer for asking again has gone off since.
    pub overdue: bool,
}

impl Leader {
    /// A leader that has proposed nothing yet.
    pub(super) fn new(campaign: Campaign, next: Slot, frontier: Slot, config: &Config) -> Leader {
        Leader {
            campaign,
            proposals: BTreeMap::new(),
            next,
            frontier: frontier + Slot::from(config.noop),
            waiting: VecDeque::new(),
            noop_due: config.noop,
            gaps: Vec::new(),
            reading: Reading::new(config.nodes),
        }
    }

    /// The requests of which nothing has left this server.
    pub(super) fn never_proposed(&self) -> impl Iterator<Item = Origin> {
        let waiting = self.waiting.iter().filter_map(|command| command.origin);
        waiting.chain(self.reading.reads.iter().map(|read| (read.client, read.seq)))
    }
}

/// What comes next in a slot.
enum Next {
    /// This.
    Propose(Command, Note),
    /// Nothing: the slot is settled, or passed by.
    Skip(Option<Note>),
    /// Nothing until somebody asks for something.
    Rest,
}

impl MultiPaxos {
    /// Proposes as much as may be proposed: in the order of the slots, at most the window beyond what is known to be
    /// chosen without a gap, and with promises of everybody who may matter there.
    pub(super) fn fill(&mut self, ctx: &mut Context<'_>) {
        while let Role::Leader(leader) = &self.role {
            let (slot, config) = (leader.next, ctx.config());
            if self.commit.saturating_add(config.window) < slot || MAX_SLOT < slot {
                return;
            }
            if !self.is_prepared(leader.campaign.promised_by, config)
                && config.variant != Variant::SkipsPhaseOne
            {
                return self.ask_new_members(ctx);
            }
            match self.next_in(slot, config) {
                Next::Rest => return,
                Next::Skip(note) => {
                    note.into_iter().for_each(|note| ctx.note(note));
                    self.pass(slot);
                }
                Next::Propose(command, note) => {
                    ctx.note(note);
                    self.pass(slot);
                    self.propose(slot, command, ctx);
                }
            }
        }
    }

    fn pass(&mut self, slot: Slot) {
        if let Role::Leader(leader) = &mut self.role {
            leader.next = slot + 1;
            leader.campaign.bound.remove(&slot);
        }
    }

    /// Rule 3, slot by slot: what binds the leader; a no-op where only something behind is bound; and only then what it
    /// is free to propose.
    fn next_in(&mut self, slot: Slot, config: &Config) -> Next {
        if self.knows(slot) {
            return Next::Skip(None);
        }
        let last_known = self.known.last();
        let may_change_members = self.may_change_members(config);
        let Role::Leader(leader) = &mut self.role else { return Next::Rest };
        if let Some(vote) = leader.campaign.bound.get(&slot) {
            let (command, from) = (vote.command.clone(), vote.ballot);
            return Next::Propose(command.clone(), Note::Reproposes { slot, command, from });
        }
        let last_bound = leader.campaign.bound.last_key_value().map_or(0, |(slot, _)| *slot);
        if slot < last_bound.max(last_known) {
            return leader.next_in_gap(slot, config);
        }
        if may_change_members {
            return Next::Rest;
        }
        if std::mem::take(&mut leader.noop_due) {
            return Next::Propose(Command::no_op(), Note::ProposesNoOp { slot });
        }
        match leader.waiting.pop_front() {
            Some(command) => {
                let text = Rc::clone(&command.text);
                Next::Propose(command, Note::Took { slot, command: text })
            }
            None => Next::Rest,
        }
    }

    /// Whether what it has taken over, and does not know to be chosen yet, may change who votes. Then others may
    /// already have chosen something further on, of which those who have promised know nothing: it must come before
    /// what the leader is free to propose.
    fn may_change_members(&self, config: &Config) -> bool {
        let Role::Leader(leader) = &self.role else { return false };
        let taken_over = leader.proposals.range(..=leader.frontier);
        let mut unsettled = taken_over
            .map(|(_, proposal)| &proposal.command)
            .chain(leader.campaign.bound.values().map(|vote| &vote.command))
            .chain(self.known.range(self.commit + 1..).map(|(_, command)| command));
        let waits = config.variant != Variant::ReconfiguresAtOnce && self.commit < leader.frontier;
        waits && unsettled.any(|command| command.members(config.nodes).is_some())
    }

    fn propose(&mut self, slot: Slot, command: Command, ctx: &mut Context<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        if leader.proposals.is_empty() {
            ctx.arm(Timer::Resend, (ctx.config().resend, ctx.config().resend));
        }
        let acks = NodeSet::EMPTY;
        leader.proposals.insert(slot, Proposal { command, acks, overdue: false });
        self.ask_for_votes(slot, ctx);
    }

    /// Asks whoever votes in a slot and has not answered.
    fn ask_for_votes(&mut self, slot: Slot, ctx: &mut Context<'_>) {
        let Role::Leader(leader) = &self.role else { return };
        let Some(proposal) = leader.proposals.get(&slot) else { return };
        let (ballot, command, acks) = (leader.campaign.ballot, proposal.command.clone(), proposal.acks);
        let members = ctx.config().members_at(&self.state, slot);
        for member in members.iter().filter(|member| !acks.contains(*member)) {
            let vote = Vote { ballot, command: command.clone() };
            self.send(member, Message::Accept { slot, vote, commit: self.commit }, ctx);
        }
    }

    /// The window has reached slots in which others vote: their promises are needed before anything is proposed there.
    fn ask_new_members(&mut self, ctx: &mut Context<'_>) {
        let Role::Leader(leader) = &self.role else { return };
        let Campaign { ballot, promised_by, .. } = leader.campaign;
        let from = self.commit + 1;
        ctx.note(Note::AsksNewMembers { ballot });
        ctx.arm(Timer::Resend, (ctx.config().resend, ctx.config().resend));
        let voters = self.voters(ctx.config());
        for voter in voters.iter().filter(|voter| !promised_by.contains(*voter)) {
            self.send(voter, Message::Prepare { ballot, from }, ctx);
        }
    }

    /// A vote for what it has proposed: counted by acceptor, and only in its own ballot (M-14). With a quorum it is
    /// chosen.
    pub(super) fn on_accepted(&mut self, from: NodeId, ballot: Ballot, slot: Slot, ctx: &mut Context<'_>) {
        let config = ctx.config();
        let stale = Note::StaleAccepted { from, ballot, slot };
        let Role::Leader(leader) = &mut self.role else { return ctx.ignore(stale) };
        if leader.campaign.ballot != ballot && config.variant != Variant::CountsStaleVotes {
            return ctx.ignore(stale);
        }
        let Some(proposal) = leader.proposals.get_mut(&slot) else {
            return ctx.ignore(Note::Straggler { from, slot });
        };
        proposal.acks.insert(from);
        let acks = proposal.acks;
        let quorums = config.quorums(config.members_at(&self.state, slot));
        let count = acks.iter().filter(|voter| quorums.acceptors.contains(*voter)).count() as u8;
        ctx.note(Note::AckCounted { from, slot, count, needed: quorums.needed_two() });
        if quorums.two(acks.iter()) {
            self.settle(slot, ctx);
        }
    }

    fn settle(&mut self, slot: Slot, ctx: &mut Context<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        let Some(proposal) = leader.proposals.remove(&slot) else { return };
        let before = self.commit;
        ctx.note(Note::Knows { slot, command: proposal.command.clone() });
        self.learn(slot, &proposal.command, ctx);
        self.stop_asking(ctx);
        if before < self.commit {
            self.tell_commit(ctx);
            self.serve_reads(ctx);
            self.fill(ctx);
        }
        self.leave_if_removed(ctx);
    }

    fn stop_asking(&self, ctx: &mut Context<'_>) {
        if let Role::Leader(leader) = &self.role
            && leader.proposals.is_empty()
        {
            ctx.disarm(Timer::Resend);
        }
    }

    fn tell_commit(&mut self, ctx: &mut Context<'_>) {
        if let (Some(ballot), Commits::Separate) = (self.ballot(), ctx.config().commits) {
            ctx.broadcast(Message::Commit { ballot, upto: self.commit });
        }
    }

    /// A leader that votes in no slot to come has nothing left to lead.
    fn leave_if_removed(&mut self, ctx: &mut Context<'_>) {
        if let (Role::Leader(leader), Some(ballot)) = (&self.role, self.ballot())
            && leader.proposals.is_empty()
            && !self.voters(ctx.config()).contains(self.me)
        {
            self.send_heartbeats(ctx);
            self.step_down(ballot, ctx);
        }
    }

    /// Asks again in every slot that has waited for a whole turn of the timer.
    pub(super) fn on_resend(&mut self, ctx: &mut Context<'_>) {
        let Role::Leader(leader) = &mut self.role else {
            return ctx.ignore(Note::Impossible { from: self.me });
        };
        let overdue: Vec<Slot> =
            leader.proposals.iter().filter(|(_, it)| it.overdue).map(|(slot, _)| *slot).collect();
        leader.proposals.values_mut().for_each(|proposal| proposal.overdue = true);
        if !leader.proposals.is_empty() {
            ctx.arm(Timer::Resend, (ctx.config().resend, ctx.config().resend));
        }
        if let (Some(first), Some(last)) = (overdue.first(), overdue.last()) {
            ctx.note(Note::Resends { first: *first, last: *last });
        }
        for slot in overdue {
            self.ask_for_votes(slot, ctx);
        }
        self.fill(ctx);
    }

    // Heartbeats.

    pub(super) fn on_heartbeat_due(&mut self, ctx: &mut Context<'_>) {
        let Role::Leader(leader) = &self.role else {
            return ctx.ignore(Note::Impossible { from: self.me });
        };
        ctx.note(Note::Heartbeats { ballot: leader.campaign.ballot });
        ctx.arm(Timer::Heartbeat, (ctx.config().heartbeat, ctx.config().heartbeat));
        self.send_heartbeats(ctx);
    }

    pub(super) fn send_heartbeats(&mut self, ctx: &mut Context<'_>) {
        self.claim_lease(ctx);
        let Role::Leader(leader) = &self.role else { return };
        let (ballot, read_seq) = (leader.campaign.ballot, leader.reading.seq);
        ctx.broadcast(Message::Heartbeat { ballot, commit: self.commit, read_seq });
    }

    // Clients.

    pub(super) fn on_request(&mut self, request: &Request, ctx: &mut Context<'_>) {
        let (client, seq, config) = (request.client, request.seq, ctx.config());
        let reads_beside = self.may_read_beside_the_log(config);
        let Role::Leader(leader) = &mut self.role else {
            ctx.ignore(Note::Redirects { leader: self.leader });
            return ctx.reply(client, seq, Outcome::Redirect { leader: self.leader });
        };
        // A retry of what has been applied is answered without doing it again.
        if let Some(value) = self.state.machine.answered((client, seq)).cloned() {
            ctx.ignore(Note::AlreadyApplied { seq });
            return ctx.reply(client, seq, Outcome::Done { value });
        }
        let command = Rc::clone(&request.command);
        if command.ends_with('?') && reads_beside {
            return self.on_read(Read { client, seq, command, index: 0, seq_wanted: 0 }, ctx);
        }
        if MAX_WAITING <= leader.waiting.len() {
            return ctx.ignore(Note::Full);
        }
        if MAX_SLOT as usize <= leader.next as usize + leader.waiting.len() {
            return ctx.ignore(Note::LogFull);
        }
        let wanted = Command { text: Rc::clone(&command), origin: Some((client, seq)) };
        if let Some(gap) = leader.gaps.pop() {
            ctx.note(Note::FillsGapWith { slot: gap, command: wanted.clone() });
            return self.propose(gap, wanted, ctx);
        }
        leader.waiting.push_back(wanted);
        self.fill(ctx);
        if let Role::Leader(leader) = &self.role
            && !leader.waiting.is_empty()
        {
            ctx.note(Note::Queues { command, window: config.window });
        }
    }

    /// Whether reads can be answered by the leader: not where others may come to vote, because then a quorum of those
    /// that it knows need not meet a quorum of those that it does not know yet.
    fn may_read_beside_the_log(&self, config: &Config) -> bool {
        let reconfigures = |command: &Command| command.members(config.nodes).is_some();
        let Role::Leader(leader) = &self.role else { return false };
        config.reads != Reads::Log
            && self.state.members.is_empty()
            && !leader.proposals.values().any(|proposal| reconfigures(&proposal.command))
            && !leader.campaign.bound.values().any(|vote| reconfigures(&vote.command))
            && !self.known.range(self.commit + 1..).any(|(_, command)| reconfigures(command))
    }
}

impl Leader {
    /// A slot of which nobody has reported anything, before one that is taken: nothing was chosen there, and a no-op is
    /// the only thing that cannot come too late. A client's command would take effect before others that were asked for
    /// earlier (M-8).
    fn next_in_gap(&mut self, slot: Slot, config: &Config) -> Next {
        match config.variant {
            Variant::LeavesGaps => Next::Skip(Some(Note::LeavesGap { slot })),
            Variant::FillsGapsWithCommands => match self.waiting.pop_front() {
                Some(command) => Next::Propose(command.clone(), Note::FillsGapWith { slot, command }),
                None => {
                    self.gaps.push(slot);
                    Next::Skip(Some(Note::LeavesGap { slot }))
                }
            },
            _ => Next::Propose(Command::no_op(), Note::FillsGap { slot }),
        }
    }
}
