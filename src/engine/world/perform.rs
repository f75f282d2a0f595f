//! How an admitted action happens: what it does to nodes, bus, timers and links.
//!
//! A handler runs to its end before any of its effects leaves the node, so that nothing is on the wire that
//! rests on a disk write still to come.

use super::admit::spec_of;
use super::{Decision, LOSSES_SHOWN, LostPacket, Settings, Slot, World};
use crate::engine::action::{Action, Ask, Forged, Happening, Knob, Loss};
use crate::engine::client::{Client, ClientNote, Sending};
use crate::engine::ids::{ClientId, MemberId, Micros, NodeId, PacketId, TimerId};
use crate::engine::options::{DUPLICATE, LATENCY, LOSS, REORDER, RETRY};
use crate::engine::protocol::{Ctx, Effect, Event, Letter, Protocol, TimerName, kind_of};
use crate::engine::rng::Purpose;
use crate::engine::spine::{Bus, MAX_PACKETS, Packet};
use std::rc::Rc;

/// A client has one timer: for asking again.
pub const RETRY_TIMER: TimerId = TimerId(0);

type Happenings<P> = Vec<Happening<P>>;

impl<P: Protocol> World<P> {
    pub(super) fn perform_action(&mut self, action: &Action, out: &mut Happenings<P>) {
        match action {
            Action::Deliver(packet) => self.deliver(*packet, out),
            Action::Drop(packet) => {
                let (packet, letter) = self.take(*packet);
                self.lose(packet, letter, Loss::Dropped, out);
            }
            Action::Duplicate(packet) => self.duplicate(*packet, out),
            Action::Delay(packet, by) => self.delay(*packet, *by, out),
            Action::Fire(owner, timer) => self.fire(*owner, *timer, out),
            Action::Wind(owner, timer, span) => {
                self.spine.wind(*owner, *timer, *span);
                out.push(Happening::Wound(*owner, *timer, *span));
            }
            Action::Crash(node) => self.crash(*node, out),
            Action::Restart(node) => self.restart(*node, out),
            Action::Pause(node) => self.pause(*node, out),
            Action::Resume(node) => self.resume(*node, out),
            Action::Cut(link) => {
                self.spine.set_cut(*link, true);
                out.push(Happening::Cut(*link));
            }
            Action::Heal(link) => {
                self.spine.set_cut(*link, false);
                out.push(Happening::Healed(*link));
            }
            Action::Request(ask) => self.ask(ask, out),
            Action::Inject(forged) => self.inject(forged, out),
            Action::Filter(filter) => {
                self.filters.push(Rc::new((**filter).clone()));
                out.push(Happening::Filtered((**filter).clone()));
            }
            Action::Unfilter(filter) => {
                self.filters.retain(|in_force| **in_force != **filter);
                out.push(Happening::Unfiltered((**filter).clone()));
            }
            Action::Set(knob) => self.turn(knob, out),
        }
    }

    // Nodes.

    fn handle(&mut self, node: NodeId, event: Event<'_, P>, out: &mut Happenings<P>) {
        let settings = Rc::clone(&self.settings);
        let mut effects = Vec::new();
        let mut ctx = Ctx::new(node, self.spine.nodes, &settings.config, &mut effects);
        if let Slot::Up(state) = Rc::make_mut(&mut self.slots[node.place()]) {
            state.on(event, &mut ctx);
        }
        self.perform(node, effects, out);
    }

    pub(super) fn perform(&mut self, node: NodeId, effects: Vec<Effect<P>>, out: &mut Happenings<P>) {
        for effect in effects {
            match effect {
                Effect::Send(to, letter) => self.send(node.into(), to.into(), letter, out),
                Effect::Reply(client, letter) => self.send(node.into(), client.into(), letter, out),
                Effect::Arm(timer, range) => self.arm(node, timer, range),
                Effect::Disarm(timer) => {
                    self.spine.disarm(node.into(), timer.id());
                }
                Effect::Decide { slot, value, label } => self.decide(node, slot, value, label, out),
                Effect::Note(note) => out.push(Happening::Noted(node, note)),
                Effect::Ignore(reason) => out.push(Happening::Ignored(node, reason)),
            }
        }
    }

    fn arm(&mut self, node: NodeId, timer: P::Timer, (low, high): (Micros, Micros)) {
        // A fast clock shows the same span earlier.
        let rate = self.settings.options.clock_rate(node).max(1);
        let by_clock = |span: Micros| Micros(span.0.saturating_mul(1000) / rate);
        let range = (by_clock(low), by_clock(high.max(low)));
        let span = match self.spine.bus {
            Bus::Timed => self.spine.streams.span(Purpose::Timers, range.0, range.1),
            Bus::Each | Bus::Set => range.0,
        };
        self.spine.arm(node.into(), timer.id(), range, span);
    }

    fn decide(&mut self, node: NodeId, slot: u32, value: u64, label: Rc<str>, out: &mut Happenings<P>) {
        let at = self.spine.now;
        let decision = Rc::new(Decision { node, slot, value, label: Rc::clone(&label), at });
        while self.first_decisions.len() <= slot as usize {
            self.first_decisions.push_back_mut(None);
        }
        if self.first_decision(slot).is_none() {
            self.first_decisions.set_mut(slot as usize, Some(Rc::clone(&decision)));
        }
        self.decisions.push_back_mut(decision);
        out.push(Happening::Decided(node, slot, label));
    }

    fn fire(&mut self, owner: MemberId, timer: TimerId, out: &mut Happenings<P>) {
        self.spine.disarm(owner, timer);
        out.push(Happening::Fired(owner, timer));
        match owner {
            MemberId::Node(node) => {
                if let Some(timer) = P::Timer::from_id(timer) {
                    self.handle(node, Event::Timer(timer), out);
                }
            }
            MemberId::Client(client) => self.retry(client, out),
        }
    }

    fn crash(&mut self, node: NodeId, out: &mut Happenings<P>) {
        let durable = self.durable_of(self.slot(node));
        self.slots[node.place()] = Rc::new(Slot::Down(durable));
        self.spine.disarm_all(node.into());
        out.push(Happening::Crashed(node));
    }

    fn restart(&mut self, node: NodeId, out: &mut Happenings<P>) {
        let durable = self.durable_of(self.slot(node));
        let settings = Rc::clone(&self.settings);
        let mut effects = Vec::new();
        let mut ctx = Ctx::new(node, self.spine.nodes, &settings.config, &mut effects);
        let state = P::boot(Some(durable), &mut ctx);
        self.slots[node.place()] = Rc::new(Slot::Up(state));
        out.push(Happening::Restarted(node));
        self.perform(node, effects, out);
    }

    fn pause(&mut self, node: NodeId, out: &mut Happenings<P>) {
        if let Slot::Up(state) = &*self.slots[node.place()] {
            self.slots[node.place()] = Rc::new(Slot::Paused(state.clone()));
            out.push(Happening::Paused(node));
        }
    }

    fn resume(&mut self, node: NodeId, out: &mut Happenings<P>) {
        if let Slot::Paused(state) = &*self.slots[node.place()] {
            self.slots[node.place()] = Rc::new(Slot::Up(state.clone()));
            out.push(Happening::Resumed(node));
        }
    }

    // The bus.

    fn send(
        &mut self,
        from: MemberId,
        to: MemberId,
        letter: Rc<Letter<P::Message>>,
        out: &mut Happenings<P>,
    ) {
        if self.spine.bus != Bus::Timed {
            return self.send_abstracted(from, to, letter, out);
        }
        // Each purpose draws once for every packet, whatever the knobs say, so that a knob that is turned
        // leaves the fate of all other packets as it was.
        let lost = self.spine.streams.chance(Purpose::Loss, self.settings.options.chance(LOSS));
        let doubled =
            self.spine.streams.chance(Purpose::Duplication, self.settings.options.chance(DUPLICATE));
        let packet = self.envelope(from, to, None, Purpose::Latency);
        out.push(Happening::Sent(packet, Rc::clone(&letter)));
        let kind = kind_of::<P>(&letter);
        if self.spine.is_cut(from, to) {
            self.lose(packet, letter, Loss::Cut, out);
        } else if self.filters.iter().any(|filter| filter.matches(kind, from, to)) {
            self.lose(packet, letter, Loss::Filter, out);
        } else if lost {
            self.lose(packet, letter, Loss::Chance, out);
        } else if MAX_PACKETS <= self.spine.packets().len() {
            self.lose(packet, letter, Loss::Full, out);
        } else {
            self.fly(packet, Rc::clone(&letter));
            if doubled && self.spine.packets().len() < MAX_PACKETS {
                let copy = self.envelope(from, to, Some(packet.id), Purpose::Duplication);
                out.push(Happening::Sent(copy, Rc::clone(&letter)));
                self.fly(copy, letter);
            }
        }
    }

    /// Without time and chance: whether a packet is ever delivered is up to whoever explores.
    fn send_abstracted(
        &mut self,
        from: MemberId,
        to: MemberId,
        letter: Rc<Letter<P::Message>>,
        out: &mut Happenings<P>,
    ) {
        let packet = self.spine.envelope(from, to, self.spine.now, None);
        out.push(Happening::Sent(packet, Rc::clone(&letter)));
        let kind = kind_of::<P>(&letter);
        let filtered = self.filters.iter().any(|filter| filter.matches(kind, from, to));
        let there =
            || self.packets().any(|(other, same)| (other.from, other.to) == (from, to) && *same == *letter);
        let adds = self.spine.bus == Bus::Each || !there();
        if adds && !filtered && !self.spine.is_cut(from, to) && self.spine.packets().len() < MAX_PACKETS {
            self.fly(packet, letter);
        }
    }

    /// A copy or a forgery draws its latency from a stream of its own: it must not shift the flight of the
    /// packets that the protocol sends.
    fn envelope(&mut self, from: MemberId, to: MemberId, copy_of: Option<PacketId>, draw: Purpose) -> Packet {
        let (low, high) = self.settings.options.span(LATENCY);
        let latency = self.spine.streams.span(draw, low, high);
        let arrival = self.spine.now.after(latency);
        let due = match self.settings.options.flag(REORDER) {
            true => arrival,
            false => arrival.max(self.spine.last_due(from, to)),
        };
        self.spine.envelope(from, to, due, copy_of)
    }

    fn fly(&mut self, packet: Packet, letter: Rc<Letter<P::Message>>) {
        self.spine.push_packet(packet);
        self.letters.push(letter);
    }

    /// The packet that arrives. Where the bus is a set it stays on it, to arrive again.
    fn arriving(&mut self, packet: PacketId) -> (Packet, Rc<Letter<P::Message>>) {
        if self.spine.bus != Bus::Set {
            return self.take(packet);
        }
        let place = self.spine.place_of(packet).unwrap_or_default();
        (self.spine.packets()[place], Rc::clone(&self.letters[place]))
    }

    fn take(&mut self, packet: PacketId) -> (Packet, Rc<Letter<P::Message>>) {
        // Admitted before: an action about a packet that is not in flight is refused.
        let place = self.spine.place_of(packet).unwrap_or_default();
        (self.spine.take_packet(place), self.letters.remove(place))
    }

    fn lose(&mut self, packet: Packet, letter: Rc<Letter<P::Message>>, why: Loss, out: &mut Happenings<P>) {
        if self.spine.bus == Bus::Timed {
            if LOSSES_SHOWN <= self.lost.len() {
                self.lost.remove(0);
            }
            let at = self.spine.now;
            self.lost.push(Rc::new(LostPacket { packet, letter: Rc::clone(&letter), at, why }));
        }
        out.push(Happening::Lost(packet, letter, why));
    }

    fn deliver(&mut self, packet: PacketId, out: &mut Happenings<P>) {
        let (packet, letter) = self.arriving(packet);
        if self.spine.is_cut(packet.from, packet.to) {
            return self.lose(packet, letter, Loss::Cut, out);
        }
        match packet.to {
            MemberId::Node(node) if matches!(self.slot(node), Slot::Down(_)) => {
                self.lose(packet, letter, Loss::Down, out);
            }
            MemberId::Node(node) => {
                out.push(Happening::Delivered(packet, Rc::clone(&letter)));
                self.receive(node, packet.from, &letter, out);
            }
            MemberId::Client(client) => {
                out.push(Happening::Delivered(packet, Rc::clone(&letter)));
                if let Letter::Reply { seq, outcome } = &*letter {
                    let nodes = self.spine.nodes;
                    let (note, sending) = self.client(client).on_reply(*seq, outcome, nodes);
                    out.push(Happening::ClientNoted(client, note));
                    self.send_all(client, sending, out);
                }
            }
        }
    }

    fn receive(
        &mut self,
        node: NodeId,
        from: MemberId,
        letter: &Letter<P::Message>,
        out: &mut Happenings<P>,
    ) {
        match (letter, from) {
            (Letter::Peer(message), MemberId::Node(from)) => {
                self.handle(node, Event::Message { from, message }, out);
            }
            (Letter::Request(request), _) => self.handle(node, Event::Request(request), out),
            // Nobody sends a reply to a node, nor a message from a client: neither can be put on the bus.
            (Letter::Reply { .. }, _) | (Letter::Peer(_), MemberId::Client(_)) => {}
        }
    }

    fn duplicate(&mut self, packet: PacketId, out: &mut Happenings<P>) {
        let Some(place) = self.spine.place_of(packet) else { return };
        let original = self.spine.packets()[place];
        let letter = Rc::clone(&self.letters[place]);
        let copy = self.envelope(original.from, original.to, Some(packet), Purpose::Duplication);
        out.push(Happening::Sent(copy, Rc::clone(&letter)));
        self.fly(copy, letter);
    }

    fn delay(&mut self, packet: PacketId, by: Micros, out: &mut Happenings<P>) {
        let Some(place) = self.spine.place_of(packet) else { return };
        self.spine.delay_packet(place, by);
        let delayed = self.spine.packets()[place];
        out.push(Happening::Delayed(delayed, Rc::clone(&self.letters[place]), by));
    }

    fn inject(&mut self, forged: &Forged, out: &mut Happenings<P>) {
        let Ok(message) = P::read(&forged.kind, forged.from, &forged.fields) else { return };
        let packet = self.envelope(forged.from.into(), forged.to.into(), None, Purpose::Duplication);
        let letter = Rc::new(Letter::Peer(message));
        out.push(Happening::Sent(packet, Rc::clone(&letter)));
        self.fly(packet, letter);
    }

    // Clients.

    fn client(&mut self, client: ClientId) -> &mut Client {
        while self.clients.len() <= client.place() {
            let number = self.clients.len() as u8 + 1;
            self.clients.push(Rc::new(Client::new(ClientId::new(number).unwrap_or(ClientId::FIRST))));
        }
        Rc::make_mut(&mut self.clients[client.place()])
    }

    fn ask(&mut self, ask: &Ask, out: &mut Happenings<P>) {
        let sending = self.client(ask.client).submit(ask.node, Rc::clone(&ask.command), ask.seq);
        self.send_all(ask.client, [sending], out);
    }

    fn retry(&mut self, client: ClientId, out: &mut Happenings<P>) {
        let nodes = self.spine.nodes;
        let sendings = self.client(client).on_retry(nodes);
        if let Some((to, _)) = sendings.first() {
            out.push(Happening::ClientNoted(client, ClientNote::Retries { to: *to }));
        }
        self.send_all(client, sendings, out);
    }

    fn send_all(
        &mut self,
        client: ClientId,
        sendings: impl IntoIterator<Item = Sending>,
        out: &mut Happenings<P>,
    ) {
        for (to, request) in sendings {
            self.send(client.into(), to.into(), Rc::new(Letter::Request(request)), out);
        }
    }

    /// A client's timer runs exactly while it waits for an answer.
    pub(super) fn tend_clients(&mut self) {
        if self.spine.bus != Bus::Timed {
            return;
        }
        for place in 0..self.clients.len() {
            let owner = MemberId::Client(self.clients[place].id);
            let waits = !self.clients[place].pending().is_empty();
            let armed = self.spine.timer(owner, RETRY_TIMER).is_some();
            if waits && !armed {
                let range = self.settings.options.span(RETRY);
                let span = self.spine.streams.span(Purpose::Workload, range.0, range.1);
                self.spine.arm(owner, RETRY_TIMER, range, span);
            } else if !waits && armed {
                self.spine.disarm(owner, RETRY_TIMER);
            }
        }
    }

    // Knobs.

    fn turn(&mut self, knob: &Knob, out: &mut Happenings<P>) {
        let (mut options, mut variant) = (self.settings.options.clone(), self.settings.variant);
        match knob {
            Knob::Option(place, value) => {
                // In range, because it was admitted.
                let _ = spec_of::<P>(*place).map(|spec| options.set(spec, *place, *value));
            }
            Knob::Variant(chosen) => variant = *chosen,
        }
        let config = P::configure(self.spine.nodes, &options, variant);
        self.settings = Rc::new(Settings { options, variant, config });
        out.push(Happening::Turned(knob.clone()));
    }
}
