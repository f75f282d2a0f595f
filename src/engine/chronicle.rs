//! A run by packets and nodes instead of by actions: who sent what when and what became of it, when each node ran and
//! led, which links were cut, and the landmarks. Grows with the run, and is quick to ask about any stretch of it.
//!
//! Made of [`Trace`]s alone. Must not know any protocol, nor how a run is drawn.

use crate::engine::action::Loss;
use crate::engine::describe::Mark;
use crate::engine::frame::{Status, Tone};
use crate::engine::ids::{Link, MemberId, Micros, NodeId, PacketId};
use crate::engine::trace::{Trace, Traced};

/// How many flights share one bound, by which a stretch finds those that began before it.
const BLOCK: usize = 64;

/// A place in the history: after how many actions, and when.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Spot {
    /// After how many actions.
    pub position: u32,
    /// When.
    pub at: Micros,
}

impl Spot {
    /// Later than everything.
    pub const NEVER: Spot = Spot { position: u32::MAX, at: Micros(u64::MAX) };
}

/// What became of a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// It still flies at the end of what is recorded.
    Flies,
    /// It arrived.
    Arrived(Spot),
    /// It was lost.
    Lost(Spot, Loss),
}

impl End {
    /// Where it ended.
    pub fn spot(self) -> Option<Spot> {
        match self {
            End::Flies => None,
            End::Arrived(spot) | End::Lost(spot, _) => Some(spot),
        }
    }
}

/// The way of a packet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flight {
    /// Which packet.
    pub packet: PacketId,
    /// Its kind, by its place in [`crate::engine::trace::kinds`].
    pub kind: u8,
    /// Who sent it.
    pub from: MemberId,
    /// Whom it goes to.
    pub to: MemberId,
    /// Where it left.
    pub sent: Spot,
    /// What became of it.
    pub end: End,
}

/// How a node is from a place on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Phase {
    /// From where on.
    pub since: Spot,
    /// Whether it runs.
    pub status: Status,
    /// How sure it is of its part.
    pub tone: Tone,
}

/// A sign beside a node's line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Sign {
    /// It fixed an outcome.
    Decided,
    /// A landmark.
    Landmark(Mark),
    /// It was restarted.
    Restarted,
    /// It was paused.
    Paused,
    /// It was resumed.
    Resumed,
}

/// A sign, whose it is, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signed {
    /// Where.
    pub spot: Spot,
    /// Whose, if it is anybody's.
    pub node: Option<NodeId>,
    /// What.
    pub sign: Sign,
}

/// A change of the links.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turn {
    /// Where; of links that were turned one after the other at one instant, the last.
    pub spot: Spot,
    /// Which directions, in the order in which they were turned.
    pub links: Vec<Link>,
    /// Whether they were cut, or healed.
    pub cut: bool,
    /// How many directions are cut from here on.
    pub still_cut: usize,
}

/// A run by packets and nodes.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    /// In the order in which they left, which is that of the packets' numbers.
    flights: Vec<Flight>,
    /// The places of those that have not ended.
    flying: Vec<usize>,
    /// For every block of flights, where the last of them ended.
    bounds: Vec<Spot>,
    phases: Vec<Vec<Phase>>,
    signs: Vec<Signed>,
    turns: Vec<Turn>,
    cut: Vec<Link>,
    clients: u8,
}

impl Chronicle {
    /// With what was left behind, in order; more may follow later.
    pub fn extend(&mut self, traces: impl IntoIterator<Item = Trace>) {
        traces.into_iter().for_each(|trace| self.add(trace));
    }

    fn add(&mut self, Trace { position, at, what }: Trace) {
        let spot = Spot { position: position as u32, at };
        match what {
            Traced::Sent { packet, from, to, kind } => {
                if let MemberId::Client(client) = from {
                    self.clients = self.clients.max(client.number());
                }
                self.flying.push(self.flights.len());
                if self.flights.len().is_multiple_of(BLOCK) {
                    self.bounds.push(Spot::default());
                }
                self.flights.push(Flight { packet, kind, from, to, sent: spot, end: End::Flies });
            }
            Traced::Delivered(packet) => self.end(packet, End::Arrived(spot)),
            Traced::Lost(packet, why) => self.end(packet, End::Lost(spot, why)),
            Traced::Lives(node, status) => self.live(node, spot, status),
            Traced::Became(node, tone) => self.phase(node, spot, |phase| phase.tone = tone),
            Traced::Cut(link) => self.turn(link, true, spot),
            Traced::Healed(link) => self.turn(link, false, spot),
            Traced::Marked(node, mark) => self.sign(node, Sign::Landmark(mark), spot),
            Traced::Decided(node, _) => self.sign(Some(node), Sign::Decided, spot),
        }
    }

    fn end(&mut self, packet: PacketId, end: End) {
        let of = |place: &usize| self.flights[*place].packet == packet;
        let Some(place) = self.flying.iter().position(of) else { return };
        let place = self.flying.remove(place);
        self.flights[place].end = end;
        if let (Some(bound), Some(spot)) = (self.bounds.get_mut(place / BLOCK), end.spot()) {
            *bound = spot.max(*bound);
        }
    }

    fn sign(&mut self, node: Option<NodeId>, sign: Sign, spot: Spot) {
        self.signs.push(Signed { spot, node, sign });
    }

    fn live(&mut self, node: NodeId, spot: Spot, status: Status) {
        let before = self.phases(node).last().map_or(Status::Up, |phase| phase.status);
        let sign = match (status, before) {
            (Status::Down, _) => Sign::Landmark(Mark::Crash),
            (Status::Paused, _) => Sign::Paused,
            (Status::Up, Status::Paused) => Sign::Resumed,
            (Status::Up, _) => Sign::Restarted,
        };
        // What a run begins with has not happened in it.
        if 0 < spot.position {
            self.sign(Some(node), sign, spot);
        }
        self.phase(node, spot, |phase| phase.status = status);
    }

    fn phase(&mut self, node: NodeId, since: Spot, change: impl FnOnce(&mut Phase)) {
        if self.phases.len() <= node.place() {
            self.phases.resize_with(node.place() + 1, Vec::new);
        }
        let phases = &mut self.phases[node.place()];
        let before = phases.last().copied();
        let rest = Phase { since, status: Status::Up, tone: Tone::Plain };
        let mut phase = Phase { since, ..before.unwrap_or(rest) };
        change(&mut phase);
        match phases.last_mut() {
            Some(last) if last.since == since => *last = phase,
            _ => phases.push(phase),
        }
    }

    fn turn(&mut self, link: Link, cut: bool, spot: Spot) {
        self.cut.retain(|cut| *cut != link);
        if cut {
            self.cut.push(link);
        }
        let still_cut = self.cut.len();
        // The links of a partition are cut with one stroke.
        if let Some(last) = self.turns.last_mut()
            && last.cut == cut
            && last.spot.at == spot.at
            && spot.position <= last.spot.position + 1
        {
            (last.spot, last.still_cut) = (spot, still_cut);
            return last.links.push(link);
        }
        self.turns.push(Turn { spot, links: vec![link], cut, still_cut });
    }

    /// All flights, in the order in which they left.
    pub fn flights(&self) -> &[Flight] {
        &self.flights
    }

    /// How many clients have ever asked, at least: those with lower letters are counted with the highest.
    pub fn clients(&self) -> u8 {
        self.clients
    }

    /// How a node was: from each place on, what changed. Before the first it ran and was at rest.
    pub fn phases(&self, node: NodeId) -> &[Phase] {
        self.phases.get(node.place()).map_or(&[], Vec::as_slice)
    }

    /// All signs, in order.
    pub fn signs(&self) -> &[Signed] {
        &self.signs
    }

    /// All changes of the links, in order.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// The flights that left in a stretch, whose bounds `is_before` and `is_after` tell; by their places.
    pub fn left_in(
        &self,
        is_before: impl Fn(Spot) -> bool,
        is_after: impl Fn(Spot) -> bool,
    ) -> std::ops::Range<usize> {
        let first = self.flights.partition_point(|flight| is_before(flight.sent));
        let end = self.flights.partition_point(|flight| !is_after(flight.sent));
        first..end.max(first)
    }

    /// The flights before this place that had not ended when a stretch began, the latest first.
    pub fn reaching_into(
        &self,
        before: usize,
        is_before: impl Fn(Spot) -> bool + Copy,
    ) -> impl Iterator<Item = &Flight> {
        let open = |block: usize| self.flying.iter().any(|place| place / BLOCK == block);
        let reached = move |block: &usize| !is_before(self.bounds[*block]) || open(*block);
        let blocks = (0..before.div_ceil(BLOCK)).rev().filter(reached);
        let flights = blocks.flat_map(move |block| {
            let end = before.min((block + 1) * BLOCK);
            self.flights[block * BLOCK..end].iter().rev()
        });
        flights.filter(move |flight| flight.end.spot().is_none_or(|spot| !is_before(spot)))
    }
}
