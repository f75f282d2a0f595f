//! What may happen to a world now, and what is refused with a reason.
//!
//! Looks, and changes nothing: a refused action leaves the world as it was.

use super::{Slot, World};
use crate::engine::action::{Action, Ask, Forged, Knob, MAX_FILTERS, Rejected};
use crate::engine::client::{Client, MAX_PENDING, is_command};
use crate::engine::ids::{Link, MemberId, Micros, NodeId, PacketId, TimerId};
use crate::engine::options::{self, OptionSpec};
use crate::engine::protocol::Protocol;
use crate::engine::spine::MAX_PACKETS;
use std::rc::Rc;

impl<P: Protocol> World<P> {
    /// Whether an action may happen now.
    pub fn admit(&self, action: &Action) -> Result<(), Rejected> {
        match action {
            Action::Deliver(packet) => self.admit_delivery(*packet),
            Action::Drop(packet) | Action::Delay(packet, _) => self.admit_packet(*packet),
            Action::Duplicate(packet) => self.admit_packet(*packet).and(self.admit_load()),
            Action::Fire(owner, timer) => self.admit_fire(*owner, *timer),
            Action::Wind(owner, timer, span) => self.admit_wind(*owner, *timer, *span),
            Action::Crash(node) => match self.admit_node(*node)? {
                Slot::Down(_) => Err(Rejected::IsDown(*node)),
                _ => Ok(()),
            },
            Action::Restart(node) => match self.admit_node(*node)? {
                Slot::Down(_) => Ok(()),
                _ => Err(Rejected::IsUp(*node)),
            },
            Action::Pause(node) => match self.admit_node(*node)? {
                Slot::Up(_) => Ok(()),
                Slot::Paused(_) => Err(Rejected::IsPaused(*node)),
                Slot::Down(_) => Err(Rejected::IsDown(*node)),
            },
            Action::Resume(node) => match self.admit_node(*node)? {
                Slot::Paused(_) => Ok(()),
                _ => Err(Rejected::IsNotPaused(*node)),
            },
            Action::Cut(link) => match self.admit_link(*link)? {
                true => Err(Rejected::AlreadyCut(*link)),
                false => Ok(()),
            },
            Action::Heal(link) => match self.admit_link(*link)? {
                true => Ok(()),
                false => Err(Rejected::NotCut(*link)),
            },
            Action::Request(ask) => self.admit_request(ask),
            Action::Inject(forged) => self.admit_forged(forged),
            Action::Filter(_) => match self.filters.len() < MAX_FILTERS {
                true => Ok(()),
                false => Err(Rejected::TooManyFilters),
            },
            Action::Unfilter(filter) => match self.filters().any(|in_force| in_force == &**filter) {
                true => Ok(()),
                false => Err(Rejected::NoSuchFilter),
            },
            Action::Set(knob) => self.admit_knob(knob),
        }
    }

    fn admit_node(&self, node: NodeId) -> Result<&Slot<P>, Rejected> {
        match node.number() <= self.nodes() {
            true => Ok(self.slot(node)),
            false => Err(Rejected::NoSuchNode(node)),
        }
    }

    fn admit_packet(&self, packet: PacketId) -> Result<(), Rejected> {
        self.spine.place_of(packet).map(|_| ()).ok_or(Rejected::NoSuchPacket(packet))
    }

    fn admit_delivery(&self, packet: PacketId) -> Result<(), Rejected> {
        let place = self.spine.place_of(packet).ok_or(Rejected::NoSuchPacket(packet))?;
        match self.spine.packets()[place].to {
            MemberId::Node(node) => match self.slot(node) {
                Slot::Paused(_) => Err(Rejected::IsPaused(node)),
                // Delivery to a crashed node is how its packets are lost.
                Slot::Up(_) | Slot::Down(_) => Ok(()),
            },
            MemberId::Client(_) => Ok(()),
        }
    }

    fn admit_load(&self) -> Result<(), Rejected> {
        match self.spine.packets().len() < MAX_PACKETS {
            true => Ok(()),
            false => Err(Rejected::BusFull),
        }
    }

    fn admit_fire(&self, owner: MemberId, timer: TimerId) -> Result<(), Rejected> {
        if let MemberId::Node(node) = owner {
            match self.admit_node(node)? {
                Slot::Up(_) => {}
                Slot::Paused(_) => return Err(Rejected::IsPaused(node)),
                Slot::Down(_) => return Err(Rejected::IsDown(node)),
            }
        }
        self.spine.timer(owner, timer).map(|_| ()).ok_or(Rejected::NotArmed(owner))
    }

    /// Only what the world could have drawn itself: a timer that is set by hand must not do what none can.
    fn admit_wind(&self, owner: MemberId, timer: TimerId, span: Micros) -> Result<(), Rejected> {
        if let MemberId::Node(node) = owner
            && let Slot::Down(_) = self.admit_node(node)?
        {
            return Err(Rejected::IsDown(node));
        }
        let armed = self.spine.timer(owner, timer).ok_or(Rejected::NotArmed(owner))?;
        let (least, most) = armed.range;
        match least <= span && span <= most {
            true => Ok(()),
            false => Err(Rejected::OutsideRange(owner, least, most)),
        }
    }

    fn admit_link(&self, link: Link) -> Result<bool, Rejected> {
        self.admit_node(link.from)?;
        self.admit_node(link.to)?;
        match link.from == link.to {
            true => Err(Rejected::NoSuchNode(link.to)),
            false => Ok(self.spine.is_cut(link.from.into(), link.to.into())),
        }
    }

    fn admit_request(&self, ask: &Ask) -> Result<(), Rejected> {
        self.admit_node(ask.node)?;
        self.admit_load()?;
        if !is_command(&ask.command) {
            return Err(Rejected::BadCommand);
        }
        // Asking again under a number that still waits for its answer opens nothing new.
        let opens = |client: &Rc<Client>| !ask.seq.is_some_and(|seq| client.pending().contains_key(&seq));
        let client = self.clients.get(ask.client.place()).filter(|client| opens(client));
        match client.map_or(0, |client| client.pending().len()) < MAX_PENDING {
            true => Ok(()),
            false => Err(Rejected::TooManyPending(ask.client)),
        }
    }

    fn admit_forged(&self, forged: &Forged) -> Result<(), Rejected> {
        self.admit_node(forged.from)?;
        self.admit_node(forged.to)?;
        self.admit_load()?;
        P::read(&forged.kind, forged.from, &forged.fields).map(|_| ()).map_err(Rejected::Unreadable)
    }

    fn admit_knob(&self, knob: &Knob) -> Result<(), Rejected> {
        let allowed = match knob {
            Knob::Option(place, value) => spec_of::<P>(*place).is_some_and(|spec| spec.allows(*value)),
            Knob::Variant(variant) => *variant < P::VARIANTS.len(),
        };
        if allowed { Ok(()) } else { Err(Rejected::OutOfRange) }
    }
}

/// The option in this place of the engine's and then the protocol's list.
pub fn spec_of<P: Protocol>(place: usize) -> Option<&'static OptionSpec> {
    options::ENGINE.iter().chain(P::OPTIONS).nth(place)
}
