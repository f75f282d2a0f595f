//! A [`Lab`] as a [`Session`]: a world turned into plain data.
//!
//! Must not know any protocol, nor how the data is drawn.

use crate::engine::action::{Action, Happening, Rejected, Report};
use crate::engine::check::bounds::{Bounds, Question};
use crate::engine::check::model::WorldCheck;
use crate::engine::check::{Check, Checked};
use crate::engine::client::Outcome;
use crate::engine::counts::Counts;
use crate::engine::describe::{Described, Weight};
use crate::engine::frame::{
    Answer, FieldPart, Frame, Lens, Look, LostFrame, MemberFrame, PacketFrame, Part, Shape, Status,
    TimerFrame,
};
use crate::engine::history::Lab;
use crate::engine::ids::{MemberId, Micros, NodeId};
use crate::engine::invariant::Violation;
use crate::engine::menu::{self, Menu};
use crate::engine::options::Options;
use crate::engine::plain::Plain;
use crate::engine::protocol::{Letter, TimerName, kind_of};
use crate::engine::session::{
    BranchFrame, ByHand, Caption, Input, Landmark, NodeEvent, Recorded, Session, Told,
};
use crate::engine::spine::{Armed, Packet};
use crate::engine::tell;
use crate::engine::trace::{Retold, Trace};
use crate::engine::world::{Slot, World};
use crate::text::Text;
use crate::text::engine as say;
use std::ops::Range;

impl<P: Checked> Session for Lab<P> {
    fn check(&self, bounds: &Bounds, question: &Question) -> Box<dyn Check> {
        Box::new(WorldCheck::new(self.world(), bounds, question))
    }

    fn menu(&self, at: Micros) -> Menu {
        menu::menu(self.world(), at)
    }

    fn frame(&self, lens: Lens) -> Frame {
        frame_of(self.world(), self.position(), lens)
    }

    fn act(&mut self, at: Micros, action: Action) -> Result<(), Rejected> {
        Lab::act(self, at, action)
    }

    fn step(&mut self) -> Result<Option<Action>, Rejected> {
        Lab::step(self)
    }

    fn next_at(&self) -> Option<Micros> {
        Lab::next_at(self)
    }

    fn fork(&mut self) -> Result<(), Rejected> {
        Lab::fork(self)
    }

    fn seek(&mut self, position: usize) {
        Lab::seek(self, position);
    }

    fn position(&self) -> usize {
        Lab::position(self)
    }

    fn len(&self) -> usize {
        Lab::len(self)
    }

    fn time_at(&self, position: usize) -> Micros {
        Lab::time_at(self, position)
    }

    fn position_at(&self, at: Micros) -> usize {
        Lab::position_at(self, at)
    }

    fn violations(&self) -> Vec<Violation> {
        Lab::violations(self)
    }

    fn reached(&self, question: &Question) -> Option<usize> {
        match question {
            Question::Any => self.broken_at(|_| true),
            Question::Breaks(id) => self.broken_at(|broken| broken.id == *id),
            Question::Reaches(key) => {
                let asked = P::QUESTIONS.iter().find(|asked| asked.key == *key)?;
                (asked.holds)(self.world()).then(|| Lab::position(self))
            }
            Question::Stuck => None,
        }
    }

    fn hands(&self, actions: Range<usize>) -> usize {
        Lab::hands(self, actions)
    }

    fn headline(&self) -> Option<Told> {
        self.report().and_then(|report| tell::headline(report, Weight::Routine))
    }

    fn tellings(&self) -> Vec<Told> {
        self.report().map(tell::tellings).unwrap_or_default()
    }

    fn captions(&self, most: usize) -> Vec<Caption> {
        Lab::captions(self, most)
    }

    fn marks(&self) -> Vec<Landmark> {
        Lab::marks(self)
    }

    fn mark_count(&self) -> usize {
        Lab::mark_count(self)
    }

    fn broke(&self) -> bool {
        self.report().is_some_and(|report| !report.violations.is_empty())
    }

    fn transcript(&self) -> Vec<Text> {
        self.report().map(tell::transcript).unwrap_or_default()
    }

    fn settings(&self) -> (&Options, usize) {
        (self.world().options(), self.world().variant())
    }

    fn last_event(&self, node: NodeId) -> Option<NodeEvent> {
        last_event(self, node)
    }

    fn ahead(&self) -> Option<Recorded> {
        Lab::ahead(self)
    }

    fn recorded(&self) -> Vec<Recorded> {
        Lab::recorded(self)
    }

    fn time_in(&self, branch: usize, position: usize) -> Micros {
        Lab::time_in(self, branch, position)
    }

    fn by_hand(&self, branch: usize) -> Vec<ByHand> {
        Lab::by_hand(self, branch)
    }

    fn traces(&self, positions: Range<usize>) -> Vec<Trace> {
        Lab::traces(self, positions)
    }

    fn retell(&self, positions: Range<usize>, hear: &mut dyn FnMut(Retold)) {
        self.again(positions, |position, at, action, report| hear(retold(position, at, action, report)));
    }

    fn digest(&self) -> u64 {
        self.world().digest()
    }

    fn decided(&self) -> Vec<(NodeId, u32, String)> {
        let decisions = self.world().decisions().iter();
        decisions.map(|decision| (decision.node, decision.slot, decision.label.to_string())).collect()
    }

    fn branches(&self) -> (Vec<BranchFrame>, usize) {
        Lab::branches(self)
    }

    fn glimpse(&self, branch: usize, position: usize) -> Frame {
        frame_of(&Lab::glimpse(self, branch, position), position, Lens { first: 1, count: 0, fields: false })
    }

    fn name_branch(&mut self, branch: usize, name: &str) {
        Lab::name_branch(self, branch, name);
    }

    fn rewind(&mut self, position: usize) {
        Lab::rewind(self, position);
    }

    fn switch(&mut self, branch: usize) {
        Lab::switch(self, branch);
    }

    fn count(&mut self) {
        Lab::count(self);
    }

    fn counts(&self) -> Option<&Counts> {
        Lab::counts(self)
    }
}

/// An instant as plain data.
fn frame_of<P: Described>(world: &World<P>, position: usize, lens: Lens) -> Frame {
    let nodes = NodeId::all(world.nodes()).map(|node| node_frame(world, node, lens));
    let clients = world.clients().map(|client| client_frame(world, client));
    Frame {
        now: world.now(),
        position,
        members: nodes.chain(clients).collect(),
        packets: world.packets().map(|(packet, letter)| packet_frame::<P>(packet, letter, lens)).collect(),
        lost: world
            .lost()
            .map(|lost| LostFrame {
                packet: packet_frame::<P>(&lost.packet, &lost.letter, lens),
                at: lost.at,
                why: lost.why,
            })
            .collect(),
        cuts: world.spine().cuts().collect(),
        filters: world.filters().cloned().collect(),
        blocked: blocked(world),
        facts: P::facts(world, lens),
        rows: P::rows(world),
    }
}

fn last_event<P: Described>(lab: &Lab<P>, node: NodeId) -> Option<NodeEvent> {
    /// Logs are compared by their length and their ends, not by what they say.
    const BEFORE: Lens = Lens { first: 1, count: 0, fields: false };
    let (place, mut world, action) = lab.last_touch(node)?;
    let before = P::parts(&world, node, BEFORE);
    let input = match action {
        Action::Deliver(id) => {
            let (packet, letter) = world.packets().find(|(packet, _)| packet.id == *id)?;
            Input::Packet(Box::new(packet_frame::<P>(packet, letter, Lens::ALL)))
        }
        Action::Fire(owner, timer) => Input::Timer(tell::timer_key::<P>(*owner, *timer)),
        Action::Crash(_) => Input::Crash,
        _ => Input::Restart,
    };
    let at = lab.time_at(place + 1);
    // It was admitted when it happened.
    let report = world.apply(at, action).ok()?;
    let sent = report.happenings.iter().filter_map(|happening| match happening {
        Happening::Sent(packet, letter) if packet.from == node.into() => {
            Some(packet_frame::<P>(packet, letter, BEFORE))
        }
        _ => None,
    });
    let told = tell::tellings(&report).into_iter().filter(|told| told.member == Some(node.into()));
    Some(NodeEvent { position: place + 1, at, input, sent: sent.collect(), told: told.collect(), before })
}

fn retold<P: Described>(position: usize, at: Micros, action: &Action, report: &Report<P>) -> Retold {
    /// What packets say in full is not asked for.
    const BRIEFLY: Lens = Lens { first: 1, count: 0, fields: false };
    let told = tell::tellings(report);
    let (mut delivered, mut sent, mut lost) = (None, Vec::new(), Vec::new());
    for happening in &report.happenings {
        match happening {
            Happening::Delivered(packet, letter) => {
                delivered = Some(packet_frame::<P>(packet, letter, BRIEFLY));
            }
            Happening::Sent(packet, letter) => sent.push(packet_frame::<P>(packet, letter, BRIEFLY)),
            Happening::Lost(packet, letter, why) => {
                lost.push((packet_frame::<P>(packet, letter, BRIEFLY), *why));
            }
            _ => {}
        }
    }
    Retold { position, at, action: action.clone(), delivered, sent, lost, told }
}

fn node_frame<P: Described>(world: &World<P>, node: NodeId, lens: Lens) -> MemberFrame {
    let slot = world.slot(node);
    let (status, stamp) = match slot {
        Slot::Up(state) => (Status::Up, P::stamp(&state.durable(world.config()))),
        Slot::Paused(state) => (Status::Paused, P::stamp(&state.durable(world.config()))),
        Slot::Down(durable) => (Status::Down, P::stamp(durable)),
    };
    MemberFrame {
        id: node.into(),
        status,
        role: slot.node().map(P::role),
        stamp,
        line: P::line(world, node),
        timers: timers::<P>(world, node.into()),
        parts: P::parts(world, node, lens),
    }
}

fn timers<P: Described>(world: &World<P>, owner: MemberId) -> Vec<TimerFrame> {
    let in_ring = |armed: &Armed| match owner {
        MemberId::Node(_) => P::Timer::from_id(armed.timer).is_some_and(P::in_ring),
        MemberId::Client(_) => false,
    };
    let own = world.spine().timers().iter().filter(|armed| armed.owner == owner);
    let mut timers: Vec<TimerFrame> = own
        .map(|armed| TimerFrame {
            timer: armed.timer,
            key: tell::timer_key::<P>(owner, armed.timer),
            armed_at: armed.at,
            due: armed.due,
            range: armed.range,
            ring: in_ring(armed),
        })
        .collect();
    timers.sort_by_key(|timer| (!timer.ring, timer.timer));
    timers
}

fn client_frame<P: Described>(world: &World<P>, client: &crate::engine::client::Client) -> MemberFrame {
    let oldest = client.pending().values().next();
    let pending = client.pending().iter().map(|(seq, pending)| {
        Plain::map([
            ("seq", (*seq).into()),
            ("command", (&*pending.command).into()),
            ("node", pending.target.number().into()),
        ])
    });
    let waiting =
        FieldPart { key: "pending", name: &say::PART_PENDING, value: pending.collect(), durable: false };
    MemberFrame {
        id: client.id.into(),
        status: Status::Up,
        role: None,
        stamp: None,
        line: oldest.map(|pending| say::CLIENT_WAITS.with("command", &*pending.command)),
        timers: timers::<P>(world, client.id.into()),
        parts: vec![Part::Table(waiting)],
    }
}

/// A packet as plain data.
pub fn packet_frame<P: Described>(packet: &Packet, letter: &Letter<P::Message>, lens: Lens) -> PacketFrame {
    let (look, stamp) = match letter {
        Letter::Peer(message) => (P::look(message), P::stamp_of(message)),
        Letter::Request(request) => (
            Look {
                shape: Shape::Disc,
                reply: false,
                answer: Answer::None,
                label: say::LOOK_REQUEST.with("command", &*request.command),
            },
            None,
        ),
        Letter::Reply { outcome, .. } => {
            let (answer, label) = match outcome {
                Outcome::Done { .. } => (Answer::Yes, Text::from(&say::LOOK_DONE)),
                Outcome::Redirect { leader: Some(leader) } => {
                    (Answer::No, say::LOOK_REDIRECT.with("node", *leader))
                }
                Outcome::Redirect { leader: None } => (Answer::No, Text::from(&say::LOOK_NO_LEADER)),
            };
            (Look { shape: Shape::Disc, reply: true, answer, label }, None)
        }
    };
    PacketFrame {
        id: packet.id,
        kind: kind_of::<P>(letter),
        from: packet.from,
        to: packet.to,
        sent_at: packet.sent_at,
        due: packet.due,
        copy_of: packet.copy_of,
        stamp,
        fields: if lens.fields { tell::fields_of::<P>(letter) } else { Plain::Null },
        look,
    }
}

/// Why nothing can go on, or why some nodes stand still while the others go on: a node that runs can do something
/// only together with enough others that hear it and that it hears.
fn blocked<P: Described>(world: &World<P>) -> Option<Text> {
    let up = |node: &NodeId| matches!(world.slot(*node), Slot::Up(_));
    let drivers: Vec<NodeId> =
        NodeId::all(world.nodes()).filter(up).filter(|node| P::can_drive(world, *node)).collect();
    let stranded: Vec<NodeId> =
        drivers.iter().copied().filter(|node| !P::is_quorum(world, *node, world.reach(*node))).collect();
    match stranded.len() {
        all if all == drivers.len() => Some(P::blocked(world)),
        0 => None,
        _ => Some(P::stranded(world, &stranded)),
    }
}
