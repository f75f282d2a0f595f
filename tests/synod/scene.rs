//! A small cluster in which nothing happens by itself, and short words for what is done to it.

use conclave::engine::action::{Action, Ask, Forged, Happening, Knob, Report};
use conclave::engine::describe::Described;
use conclave::engine::frame::{Fact, Lens, Standing};
use conclave::engine::ids::{ClientId, Micros, NodeId, PacketId};
use conclave::engine::options::{ENGINE, ENGINE_OPTIONS, OptionValue};
use conclave::engine::protocol::{Letter, Protocol, TimerName};
use conclave::engine::world::{Setup, World};
use conclave::protocols::paxos::{Ballot, Durable, Message, Note, Paxos, Start, Timer, Vote};

/// A cluster on a stage.
pub struct Scene {
    /// The cluster.
    pub world: World<Paxos>,
    /// What the last action led to.
    pub report: Report<Paxos>,
}

/// The node with this number.
pub fn node(number: u8) -> NodeId {
    NodeId::new(number).unwrap()
}

/// The ballot of a round and a proposer.
pub fn ballot(round: u32, proposer: u8) -> Ballot {
    Ballot { round, proposer: node(proposer) }
}

/// A vote for a value.
pub fn vote(round: u32, proposer: u8, value: &str) -> Vote {
    Vote { ballot: ballot(round, proposer), value: value.into() }
}

/// The place of an option.
pub fn place(key: &str) -> usize {
    ENGINE_OPTIONS + Paxos::OPTIONS.iter().position(|spec| spec.key == key).unwrap()
}

/// A choice by its name.
pub fn choice(key: &str, name: &str) -> OptionValue {
    let OptionValue::Choice(_, names) = Paxos::OPTIONS[place(key) - ENGINE_OPTIONS].default else {
        panic!("{key} is no choice")
    };
    OptionValue::Choice(names.iter().position(|known| *known == name).unwrap() as u8, names)
}

/// How many.
pub fn count(count: u8) -> OptionValue {
    OptionValue::Count(count)
}

impl Scene {
    /// Two proposers (1, 2), three acceptors (3, 4, 5) and a learner (6), with more options.
    pub fn apart(more: &[(&str, OptionValue)]) -> Scene {
        let roles = [("proposers", count(2)), ("acceptors", count(3)), ("learners", count(1))];
        Scene::with(6, &[&roles[..], more].concat())
    }

    /// Nodes that have all roles, with some options.
    pub fn with(nodes: u8, options: &[(&str, OptionValue)]) -> Scene {
        Scene::starting(nodes, options, Vec::new())
    }

    /// Nodes some of which begin like this.
    pub fn starting(nodes: u8, options: &[(&str, OptionValue)], start: Vec<(NodeId, Start)>) -> Scene {
        let mut setup = Setup::new(nodes, 1);
        for (key, value) in options {
            let place = place(key);
            let spec = ENGINE.iter().chain(Paxos::OPTIONS).nth(place).unwrap();
            setup.options.set(spec, place, *value).unwrap();
        }
        setup.start = start;
        Scene { world: World::new(&setup), report: Report { happenings: Vec::new(), violations: Vec::new() } }
    }

    /// Lets something happen; it must be possible.
    pub fn act(&mut self, action: Action) {
        self.report = self.world.apply(self.world.now(), &action).unwrap();
    }

    /// A timer of a node goes off.
    pub fn fire(&mut self, number: u8, timer: Timer) {
        self.act(Action::Fire(node(number).into(), timer.id()));
    }

    /// Whether a node's timer runs.
    pub fn runs(&self, number: u8, timer: Timer) -> bool {
        self.world.spine().timer(node(number).into(), timer.id()).is_some()
    }

    /// An option is turned.
    pub fn turn(&mut self, key: &str, value: OptionValue) {
        self.act(Action::Set(Box::new(Knob::Option(place(key), value))));
    }

    /// A message arrives, as if a node had sent it.
    pub fn hear(&mut self, to: u8, from: u8, message: Message) {
        let (kind, fields) = (Paxos::kind(&message).to_string(), Paxos::fields(&message));
        self.act(Action::Inject(Box::new(Forged { from: node(from), to: node(to), kind, fields })));
        let packet = self.world.packets().last().map(|(packet, _)| packet.id).unwrap();
        self.act(Action::Deliver(packet));
    }

    /// A client asks a node, and its request arrives.
    pub fn ask(&mut self, number: u8, command: &str) {
        let ask = Ask { client: ClientId::FIRST, node: node(number), command: command.into(), seq: None };
        self.act(Action::Request(Box::new(ask)));
        let packet = self.world.packets().last().map(|(packet, _)| packet.id).unwrap();
        self.act(Action::Deliver(packet));
    }

    /// The oldest message of a kind arrives at a node.
    pub fn pass(&mut self, kind: &str, from: u8, to: u8) {
        let wanted =
            |letter: &Letter<Message>| matches!(letter, Letter::Peer(said) if Paxos::kind(said) == kind);
        let mut found = self.world.packets().filter(|(packet, letter)| {
            packet.from == node(from).into() && packet.to == node(to).into() && wanted(letter)
        });
        let packet = found.next().map(|(packet, _)| packet.id);
        let packet = packet.unwrap_or_else(|| panic!("no {kind} from {from} to {to}"));
        drop(found);
        self.act(Action::Deliver(packet));
    }

    /// A proposer begins a ballot and passes phase 1 with these acceptors.
    pub fn prepare(&mut self, proposer: u8, acceptors: &[u8]) {
        let timer = if self.runs(proposer, Timer::Propose) { Timer::Propose } else { Timer::Retry };
        self.fire(proposer, timer);
        for acceptor in acceptors {
            self.pass("Prepare", proposer, *acceptor);
            self.pass("Promise", *acceptor, proposer);
        }
    }

    /// These acceptors get the Accept of a proposer.
    pub fn accept(&mut self, proposer: u8, acceptors: &[u8]) {
        acceptors.iter().for_each(|acceptor| self.pass("Accept", proposer, *acceptor));
    }

    /// The oldest packet in flight.
    pub fn first(&self) -> Option<PacketId> {
        self.world.packets().next().map(|(packet, _)| packet.id)
    }

    /// Everything in flight arrives, oldest first, and what follows from it.
    pub fn settle(&mut self) {
        while let Some(packet) = self.first() {
            self.act(Action::Deliver(packet));
        }
    }

    /// Everything in flight is lost.
    pub fn lose_all(&mut self) {
        while let Some(packet) = self.first() {
            self.act(Action::Drop(packet));
        }
    }

    /// Lets the clock run.
    pub fn run(&mut self, ms: u64) {
        let end = self.world.now().after(Micros::from_ms(ms));
        while let Some((at, action)) = self.world.next_due().filter(|(at, _)| *at <= end) {
            self.report = self.world.apply(at, &action).unwrap();
        }
    }

    /// What the last step sent to a node.
    pub fn sent(&self, to: u8) -> Vec<Message> {
        let sent = self.report.happenings.iter().filter_map(|happening| match happening {
            Happening::Sent(packet, letter) if packet.to == node(to).into() => Some(&**letter),
            _ => None,
        });
        let peer = |letter: &Letter<Message>| match letter {
            Letter::Peer(message) => Some(message.clone()),
            _ => None,
        };
        sent.filter_map(peer).collect()
    }

    /// Whether the last step told this, as news or as a reason why nothing happened.
    pub fn told(&self, wanted: &Note) -> bool {
        self.report.happenings.iter().any(|happening| match happening {
            Happening::Noted(_, note) | Happening::Ignored(_, note) => note == wanted,
            _ => false,
        })
    }

    /// What the last step broke, by number.
    pub fn broke(&self) -> Vec<&'static str> {
        self.report.violations.iter().map(|broken| broken.id).collect()
    }

    /// The state of a node that is not crashed.
    pub fn state(&self, number: u8) -> &Paxos {
        self.world.slot(node(number)).node().unwrap()
    }

    /// What a node keeps in a crash.
    pub fn durable(&self, number: u8) -> &Durable {
        &self.state(number).durable
    }

    /// What a node takes for chosen.
    pub fn knows(&self, number: u8) -> Option<String> {
        self.state(number).known.as_ref().map(|vote| vote.value.to_string())
    }

    /// The values that stand like this, as the observer knows.
    pub fn facts(&self, standing: Standing) -> Vec<String> {
        let facts: Vec<Fact> = Paxos::facts(&self.world, Lens::ALL);
        facts.into_iter().filter(|fact| fact.standing == standing).map(|fact| fact.value).collect()
    }

    /// Whether the page would say that no progress is possible.
    pub fn is_blocked(&self) -> bool {
        let lab = |node: NodeId| {
            let up = |other: &NodeId| self.world.slot(*other).node().is_some();
            let reaches = |other: &NodeId| {
                let spine = self.world.spine();
                !spine.is_cut(node.into(), (*other).into()) && !spine.is_cut((*other).into(), node.into())
            };
            let reached = NodeId::all(self.world.nodes()).filter(up).filter(reaches).collect();
            up(&node) && Paxos::is_quorum(&self.world, node, reached)
        };
        !NodeId::all(self.world.nodes()).any(lab)
    }
}
