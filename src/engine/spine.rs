//! The part of a world that is the same for every protocol: clock, packets, timers, links, random streams.
//!
//! Not generic, so that the page carries it once. Must not know any protocol, nor what a packet carries.

use crate::engine::ids::{Link, MAX_NODES, MemberId, Micros, NodeId, PacketId, TimerId};
use crate::engine::rng::Streams;

/// The most packets in flight at once; what is sent beyond it is lost, and said to be.
pub const MAX_PACKETS: usize = 1024;

/// The envelope of a packet in flight.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Packet {
    /// Its identity.
    pub id: PacketId,
    /// Who sent it.
    pub from: MemberId,
    /// Whom it goes to.
    pub to: MemberId,
    /// When it left.
    pub sent_at: Micros,
    /// When it arrives by itself.
    pub due: Micros,
    /// Breaks ties between things that are due at the same instant.
    pub order: u64,
    /// The packet that it is a copy of.
    pub copy_of: Option<PacketId>,
}

/// A timer that runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Armed {
    /// Whose timer it is.
    pub owner: MemberId,
    /// Which of its timers.
    pub timer: TimerId,
    /// When it was armed.
    pub at: Micros,
    /// When it goes off by itself.
    pub due: Micros,
    /// The least and the greatest span that the world could have drawn, by the owner's clock.
    pub range: (Micros, Micros),
    /// Breaks ties between things that are due at the same instant.
    pub order: u64,
}

/// How the bus keeps packets.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Bus {
    /// A packet flies for a while, may be lost or doubled by chance, and arrives once.
    #[default]
    Timed,
    /// For the checker: a packet arrives once, sooner or later or never; chance has no part in it.
    Each,
    /// For the checker: a packet stays after it has arrived, and an equal one adds nothing: whatever was once sent may
    /// arrive late, again or never.
    Set,
}

/// Something that happens by itself when the clock runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    /// A packet arrives.
    Packet(PacketId),
    /// A timer goes off.
    Timer(MemberId, TimerId),
}

/// Clock, bus, timers and links.
#[derive(Clone, Debug)]
pub struct Spine {
    /// The instant of the last action.
    pub now: Micros,
    /// How many nodes the cluster is configured to have.
    pub nodes: u8,
    /// Random streams.
    pub streams: Streams,
    /// How packets are kept.
    pub bus: Bus,
    packets: Vec<Packet>,
    timers: Vec<Armed>,
    cuts: [u16; MAX_NODES as usize],
    next_packet: u32,
    next_order: u64,
}

impl Spine {
    /// An empty bus at the start of time.
    pub fn new(nodes: u8, seed: u64) -> Spine {
        Spine {
            now: Micros::ZERO,
            nodes,
            streams: Streams::new(seed),
            bus: Bus::Timed,
            packets: Vec::new(),
            timers: Vec::new(),
            cuts: [0; MAX_NODES as usize],
            next_packet: 1,
            next_order: 0,
        }
    }

    fn order(&mut self) -> u64 {
        self.next_order += 1;
        self.next_order
    }

    /// Packets in flight, oldest first.
    pub fn packets(&self) -> &[Packet] {
        &self.packets
    }

    /// Where a packet stands in [`Spine::packets`].
    pub fn place_of(&self, id: PacketId) -> Option<usize> {
        self.packets.binary_search_by_key(&id, |packet| packet.id).ok()
    }

    /// The envelope of a packet that leaves now.
    pub fn envelope(
        &mut self,
        from: MemberId,
        to: MemberId,
        due: Micros,
        copy_of: Option<PacketId>,
    ) -> Packet {
        let id = PacketId(self.next_packet);
        self.next_packet += 1;
        let order = self.order();
        Packet { id, from, to, sent_at: self.now, due, order, copy_of }
    }

    /// When the last packet on this way arrives: where packets may not overtake, none arrives before.
    pub fn last_due(&self, from: MemberId, to: MemberId) -> Micros {
        let same_way = self.packets.iter().filter(|packet| packet.from == from && packet.to == to);
        same_way.map(|packet| packet.due).max().unwrap_or_default()
    }

    /// Puts a packet on the bus.
    pub fn push_packet(&mut self, packet: Packet) {
        self.packets.push(packet);
    }

    /// Takes the packet at this place off the bus.
    pub fn take_packet(&mut self, place: usize) -> Packet {
        self.packets.remove(place)
    }

    /// Puts a packet off.
    pub fn delay_packet(&mut self, place: usize, by: Micros) {
        let order = self.order();
        let packet = &mut self.packets[place];
        packet.due = packet.due.max(self.now).after(by);
        packet.order = order;
    }

    /// Timers that run.
    pub fn timers(&self) -> &[Armed] {
        &self.timers
    }

    /// A member's running timer.
    pub fn timer(&self, owner: MemberId, timer: TimerId) -> Option<&Armed> {
        self.timers.iter().find(|armed| armed.owner == owner && armed.timer == timer)
    }

    /// Arms a timer, anew if it runs already.
    pub fn arm(&mut self, owner: MemberId, timer: TimerId, range: (Micros, Micros), span: Micros) {
        self.disarm(owner, timer);
        let order = self.order();
        let (at, due) = (self.now, self.now.after(span));
        self.timers.push(Armed { owner, timer, at, due, range, order });
    }

    /// Moves the hand of a running timer: it goes off this long after it was armed, or now if that is over.
    pub fn wind(&mut self, owner: MemberId, timer: TimerId, span: Micros) {
        let (now, order) = (self.now, self.order());
        let running = |armed: &&mut Armed| armed.owner == owner && armed.timer == timer;
        if let Some(armed) = self.timers.iter_mut().find(running) {
            armed.due = armed.at.after(span).max(now);
            armed.order = order;
        }
    }

    /// Disarms a timer; returns whether it ran.
    pub fn disarm(&mut self, owner: MemberId, timer: TimerId) -> bool {
        let place = self.timers.iter().position(|armed| armed.owner == owner && armed.timer == timer);
        place.map(|place| self.timers.swap_remove(place)).is_some()
    }

    /// Disarms all timers of a member.
    pub fn disarm_all(&mut self, owner: MemberId) {
        self.timers.retain(|armed| armed.owner != owner);
    }

    /// Whether a direction is cut. Clients stand outside the cluster's links and always get through.
    pub fn is_cut(&self, from: MemberId, to: MemberId) -> bool {
        match (from.node(), to.node()) {
            (Some(from), Some(to)) => self.cuts[from.place()] & (1 << to.place()) != 0,
            _ => false,
        }
    }

    /// Cuts or heals a direction.
    pub fn set_cut(&mut self, link: Link, cut: bool) {
        let bit = 1 << link.to.place();
        match cut {
            true => self.cuts[link.from.place()] |= bit,
            false => self.cuts[link.from.place()] &= !bit,
        }
    }

    /// The directions that are cut.
    pub fn cuts(&self) -> impl Iterator<Item = Link> + '_ {
        let pairs = NodeId::all(self.nodes)
            .flat_map(move |from| NodeId::all(self.nodes).map(move |to| Link { from, to }));
        pairs.filter(|link| self.is_cut(link.from.into(), link.to.into()))
    }

    /// A number that tells states of the links apart.
    pub fn cut_bits(&self) -> &[u16] {
        &self.cuts
    }

    /// What happens next by itself, and when: the earliest by (time, order), leaving out the members that
    /// cannot take it.
    pub fn next_due(&self, waits: impl Fn(MemberId) -> bool) -> Option<(Micros, Due)> {
        let packets = self.packets.iter().filter(|packet| !waits(packet.to));
        let packets = packets.map(|packet| (packet.due, packet.order, Due::Packet(packet.id)));
        let timers = self.timers.iter().filter(|armed| !waits(armed.owner));
        let timers = timers.map(|armed| (armed.due, armed.order, Due::Timer(armed.owner, armed.timer)));
        let first = packets.chain(timers).min_by_key(|(due, order, _)| (*due, *order))?;
        Some((first.0.max(self.now), first.2))
    }
}
