//! A small cluster in which nothing happens by itself, and short words for what is done to it.

use conclave::engine::action::{Action, Ask, Forged, Happening, Report};
use conclave::engine::client::Outcome;
use conclave::engine::describe::Described;
use conclave::engine::frame::{Lens, LogPart, Part, Standing};
use conclave::engine::ids::{ClientId, Link, MemberId, Micros, NodeId, PacketId};
use conclave::engine::options::{ENGINE, ENGINE_OPTIONS, OptionValue};
use conclave::engine::protocol::{Letter, Protocol, TimerName};
use conclave::engine::world::{Setup, World};
use conclave::protocols::multi_paxos::{Command, Leader, Message, MultiPaxos, Note, Role, Timer, Vote};
use conclave::protocols::paxos::Ballot;

/// A cluster on a stage.
pub struct Scene {
    /// The cluster.
    pub world: World<MultiPaxos>,
    /// What the last action led to.
    pub report: Report<MultiPaxos>,
}

/// The node with this number.
pub fn node(number: u8) -> NodeId {
    NodeId::new(number).unwrap()
}

/// The ballot of a round and a node.
pub fn ballot(round: u32, owner: u8) -> Ballot {
    Ballot { round, proposer: node(owner) }
}

/// A command that nobody has asked for by name.
pub fn command(text: &str) -> Command {
    Command { text: text.into(), origin: None }
}

/// A vote for a command.
pub fn vote(round: u32, owner: u8, text: &str) -> Vote {
    Vote { ballot: ballot(round, owner), command: command(text) }
}

/// How many.
pub fn count(count: u8) -> OptionValue {
    OptionValue::Count(count)
}

/// The place of an option among all.
pub fn place(key: &str) -> usize {
    let all = ENGINE.iter().chain(MultiPaxos::OPTIONS);
    all.into_iter().position(|spec| spec.key == key).unwrap()
}

/// A choice by its name.
pub fn choice(key: &str, name: &str) -> OptionValue {
    let OptionValue::Choice(_, names) = MultiPaxos::OPTIONS[place(key) - ENGINE_OPTIONS].default else {
        panic!("{key} is no choice")
    };
    OptionValue::Choice(names.iter().position(|known| *known == name).unwrap() as u8, names)
}

impl Scene {
    /// Servers that all vote.
    pub fn of(nodes: u8) -> Scene {
        Scene::with(nodes, &[])
    }

    /// Servers with some options.
    pub fn with(nodes: u8, options: &[(&str, OptionValue)]) -> Scene {
        let mut setup = Setup::new(nodes, 1);
        for (key, value) in options {
            let spec = ENGINE.iter().chain(MultiPaxos::OPTIONS).nth(place(key)).unwrap();
            setup.options.set(spec, place(key), *value).unwrap();
        }
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

    /// A message arrives, as if a node had sent it.
    pub fn hear(&mut self, to: u8, from: u8, message: &Message) {
        let (kind, fields) = (MultiPaxos::kind(message).to_string(), MultiPaxos::fields(message));
        self.act(Action::Inject(Box::new(Forged { from: node(from), to: node(to), kind, fields })));
        self.deliver_last();
    }

    fn deliver_last(&mut self) {
        let packet = self.world.packets().last().map(|(packet, _)| packet.id).unwrap();
        self.act(Action::Deliver(packet));
    }

    /// A client asks a node, and its request arrives.
    pub fn ask(&mut self, number: u8, command: &str) {
        self.ask_as(ClientId::FIRST, number, command, None);
    }

    /// A client asks a node under a number, and its request arrives.
    pub fn ask_as(&mut self, client: ClientId, number: u8, command: &str, seq: Option<u32>) {
        let ask = Ask { client, node: node(number), command: command.into(), seq };
        self.act(Action::Request(Box::new(ask)));
        self.deliver_last();
    }

    /// The oldest message of a kind arrives at a node.
    pub fn pass(&mut self, kind: &str, from: u8, to: u8) {
        let wanted = |letter: &Letter<Message>| matches!(letter, Letter::Peer(said) if said.kind() == kind);
        let mut found = self.world.packets().filter(|(packet, letter)| {
            packet.from == node(from).into() && packet.to == node(to).into() && wanted(letter)
        });
        let packet = found.next().map(|(packet, _)| packet.id);
        let packet = packet.unwrap_or_else(|| panic!("no {kind} from {from} to {to}"));
        drop(found);
        self.act(Action::Deliver(packet));
    }

    /// A node begins a ballot, is promised by these, and what it says then is lost.
    pub fn elect(&mut self, candidate: u8, voters: &[u8]) {
        self.fire(candidate, Timer::Election);
        for voter in voters {
            self.pass("Prepare", candidate, *voter);
            self.pass("Promise", *voter, candidate);
        }
        assert!(self.leader(candidate).is_some(), "{candidate} leads");
    }

    /// These vote for the oldest proposal that a leader has sent them, and their votes arrive.
    pub fn vote(&mut self, leader: u8, voters: &[u8]) {
        for voter in voters {
            self.pass("Accept", leader, *voter);
            self.pass("Accepted", *voter, leader);
        }
    }

    /// Everything in flight is lost.
    pub fn lose_all(&mut self) {
        let all: Vec<PacketId> = self.world.packets().map(|(packet, _)| packet.id).collect();
        all.into_iter().for_each(|packet| self.act(Action::Drop(packet)));
    }

    /// A node no longer hears others, nor they it.
    pub fn isolate(&mut self, number: u8) {
        for other in NodeId::all(self.world.nodes()).filter(|other| *other != node(number)) {
            let link = Link { from: node(number), to: other };
            self.act(Action::Cut(link));
            self.act(Action::Cut(link.reverse()));
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

    /// What the last step answered clients.
    pub fn answers(&self) -> Vec<Outcome> {
        let answer = |happening: &Happening<MultiPaxos>| match happening {
            Happening::Sent(packet, letter) => match (packet.to, &**letter) {
                (MemberId::Client(_), Letter::Reply { outcome, .. }) => Some(outcome.clone()),
                _ => None,
            },
            _ => None,
        };
        self.report.happenings.iter().filter_map(answer).collect()
    }

    /// Whether the last step told this, as news or as a reason why nothing happened.
    pub fn told(&self, wanted: &Note) -> bool {
        self.report.happenings.iter().any(|happening| match happening {
            Happening::Noted(_, note) | Happening::Ignored(_, note) => note == wanted,
            _ => false,
        })
    }

    /// The state of a node that is not crashed.
    pub fn state(&self, number: u8) -> &MultiPaxos {
        self.world.slot(node(number)).node().unwrap()
    }

    /// What a node knows as a leader, if it leads.
    pub fn leader(&self, number: u8) -> Option<&Leader> {
        match &self.state(number).role {
            Role::Leader(leader) => Some(leader),
            _ => None,
        }
    }

    /// What a key holds at a node.
    pub fn value(&self, number: u8, key: &str) -> Option<String> {
        self.state(number).state.machine.get(key).map(ToString::to_string)
    }

    /// What a leader has proposed and does not know to be chosen, slot by slot; a no-op says nothing.
    pub fn proposed(&self, number: u8) -> Vec<(u32, String)> {
        let leader = self.leader(number).unwrap();
        leader.proposals.iter().map(|(slot, it)| (*slot, it.command.text.to_string())).collect()
    }

    /// A node's log as it is shown.
    pub fn log(&self, number: u8) -> LogPart {
        let parts = MultiPaxos::parts(&self.world, node(number), Lens::ALL);
        let log = parts.into_iter().find_map(|part| match part {
            Part::Log(log) => Some(log),
            _ => None,
        });
        log.unwrap()
    }

    /// What stands like this, as the observer knows: slots and commands.
    pub fn facts(&self, standing: Standing) -> Vec<(u32, String)> {
        let facts = MultiPaxos::facts(&self.world, Lens::ALL);
        let facts = facts.into_iter().filter(|fact| fact.standing == standing);
        facts.map(|fact| (fact.slot, fact.value)).collect()
    }
}
