//! Reads beside the log (rule 10): by the leader, once a quorum has confirmed that it still leads, or at once under a
//! lease, which rests on clocks that do not drift apart and on nobody standing still.
//!
//! Must not know how a command is chosen.

use super::config::{Reads, Variant};
use super::log::Slot;
use super::node::{Context, MultiPaxos, Note, Role, Timer};
use crate::engine::client::Outcome;
use crate::engine::ids::{ClientId, Micros, NodeId, NodeSet};
use crate::protocols::paxos::Ballot;
use std::rc::Rc;

/// The most reads that wait for a confirmation.
const MAX_READS: usize = 64;

/// A read that waits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Read {
    /// Who asks.
    pub client: ClientId,
    /// The client's own number for it.
    pub seq: u32,
    /// What is read: `key?`.
    pub command: Rc<str>,
    /// What must be applied before it is served.
    pub index: Slot,
    /// Which heartbeats confirm it: those with this number or a higher one.
    pub seq_wanted: u32,
}

/// What a leader remembers of reads.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Reading {
    /// The number of the latest read, or of the latest claim to a lease.
    pub seq: u32,
    /// Reads that wait.
    pub reads: Vec<Read>,
    /// What each server has confirmed last, in order of their numbers.
    pub confirmed: Vec<u32>,
    /// What each server has applied, as far as it has said.
    pub applied: Vec<Slot>,
    /// Whether it holds a lease.
    pub leased: bool,
}

impl Reading {
    /// Nothing read yet, of so many servers.
    pub(super) fn new(nodes: u8) -> Reading {
        let (confirmed, applied) = (vec![0; usize::from(nodes)], vec![0; usize::from(nodes)]);
        Reading { seq: 0, reads: Vec::new(), confirmed, applied, leased: false }
    }

    /// Who has confirmed a number; the leader itself always has.
    fn confirmed_by(&self, me: NodeId, seq: u32) -> NodeSet {
        let all = NodeId::all(self.confirmed.len() as u8).zip(&self.confirmed);
        all.filter(|(node, confirmed)| *node == me || seq <= **confirmed).map(|(node, _)| node).collect()
    }
}

impl MultiPaxos {
    /// What was chosen before this read began is at most what the leader knows to be chosen, or what it found when it
    /// took over. It must be applied first, and nobody else may have led since the read began.
    pub(super) fn on_read(&mut self, mut read: Read, ctx: &mut Context<'_>) {
        let (config, commit) = (ctx.config(), self.commit);
        if config.variant == Variant::ReadsAtOnce {
            return self.serve(&read, ctx);
        }
        let Role::Leader(leader) = &mut self.role else { return };
        let reading = &mut leader.reading;
        if MAX_READS <= reading.reads.len() {
            return ctx.ignore(Note::Full);
        }
        read.index = commit.max(leader.frontier);
        let by_lease = config.reads == Reads::Lease;
        if !by_lease {
            reading.seq += 1;
            read.seq_wanted = reading.seq;
        }
        ctx.note(Note::TakesRead { command: Rc::clone(&read.command), index: read.index });
        reading.reads.push(read);
        if !by_lease {
            self.send_heartbeats(ctx);
        }
        self.serve_reads(ctx);
    }

    /// Serves the reads that are confirmed and whose index is applied.
    pub(super) fn serve_reads(&mut self, ctx: &mut Context<'_>) {
        let (me, applied, config) = (self.me, self.applied, ctx.config());
        let Role::Leader(leader) = &mut self.role else { return };
        let quorums = config.quorums(config.members);
        let reading = &mut leader.reading;
        let reads = std::mem::take(&mut reading.reads);
        let (ready, waiting): (Vec<Read>, Vec<Read>) = reads.into_iter().partition(|read| {
            let confirmed = match config.reads {
                Reads::Lease => reading.leased,
                _ => quorums.two(reading.confirmed_by(me, read.seq_wanted).iter()),
            };
            confirmed && read.index <= applied
        });
        reading.reads = waiting;
        for read in ready {
            self.serve(&read, ctx);
        }
    }

    fn serve(&self, read: &Read, ctx: &mut Context<'_>) {
        let key = read.command.strip_suffix('?').unwrap_or_default();
        let value = self.state.machine.get(key).cloned();
        let Read { client, seq, .. } = *read;
        let command = Rc::clone(&read.command);
        ctx.note(Note::ServesRead { client, seq, command, index: self.applied });
        ctx.reply(client, seq, Outcome::Done { value });
    }

    /// An acceptor has heard a heartbeat and had promised nothing higher.
    pub(super) fn on_heartbeat_ack(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        applied: Slot,
        read_seq: u32,
        ctx: &mut Context<'_>,
    ) {
        if self.ballot() != Some(ballot) {
            return ctx.ignore(Note::StaleAck { from, ballot });
        }
        let Role::Leader(leader) = &mut self.role else {
            return ctx.ignore(Note::StaleAck { from, ballot });
        };
        let reading = &mut leader.reading;
        let place = from.place();
        if let (Some(confirmed), Some(heard)) =
            (reading.confirmed.get_mut(place), reading.applied.get_mut(place))
        {
            *confirmed = read_seq.max(*confirmed).min(reading.seq);
            *heard = applied.max(*heard);
        }
        ctx.note(Note::HeardAck { from });
        self.renew_lease(ctx);
        self.serve_reads(ctx);
    }

    // Leases.

    /// Every heartbeat claims the lease anew: what confirms an older one says nothing of how long it still lasts.
    pub(super) fn claim_lease(&mut self, ctx: &mut Context<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        if ctx.config().reads == Reads::Lease {
            leader.reading.seq = leader.reading.seq.saturating_add(1);
            self.grant(ctx);
            self.renew_lease(ctx);
        }
    }

    /// With a quorum that elects nobody else for a while, the leader reads alone for as long as that, counted from when
    /// it sent the heartbeat: at most one heartbeat ago, because only the latest counts.
    fn renew_lease(&mut self, ctx: &mut Context<'_>) {
        let (me, config) = (self.me, ctx.config());
        let Role::Leader(leader) = &mut self.role else { return };
        let reading = &mut leader.reading;
        if config.reads != Reads::Lease || reading.seq == 0 {
            return;
        }
        let confirmed = reading.confirmed_by(me, reading.seq);
        if config.quorums(config.members).two(confirmed.iter()) {
            let rest = config.lease.since(config.heartbeat);
            if !reading.leased {
                ctx.note(Note::HoldsLease);
            }
            reading.leased = rest != Micros::ZERO;
            ctx.arm(Timer::Lease, (rest, rest));
        }
    }

    pub(super) fn on_lease_end(&mut self, ctx: &mut Context<'_>) {
        match &mut self.role {
            Role::Leader(leader) => {
                leader.reading.leased = false;
                ctx.note(Note::LeaseEnds);
            }
            _ => ctx.ignore(Note::LeaseEnds),
        }
    }

    /// Where reads rest on a lease, an acceptor that hears from a leader promises to no other for a while.
    pub(super) fn grant(&mut self, ctx: &mut Context<'_>) {
        if ctx.config().reads == Reads::Lease {
            self.grants = true;
            ctx.arm(Timer::Grant, (ctx.config().lease, ctx.config().lease));
        }
    }

    /// It does not know whom it had granted what before it crashed.
    pub(super) fn grant_after_boot(&mut self, ctx: &mut Context<'_>) {
        self.grant(ctx);
    }

    pub(super) fn on_grant_end(&mut self, ctx: &mut Context<'_>) {
        self.grants = false;
        ctx.note(Note::GrantEnds);
    }
}
