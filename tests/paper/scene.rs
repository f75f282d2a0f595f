//! A small cluster in which nothing happens by itself, and short words for what is done to it.

use conclave::engine::action::{Action, Ask, Forged, Happening, Rejected, Report};
use conclave::engine::ids::{ClientId, MemberId, Micros, NodeId, PacketId};
use conclave::engine::options::{ENGINE_OPTIONS, OptionValue};
use conclave::engine::protocol::{Letter, Protocol, TimerName};
use conclave::engine::world::{Setup, Slot, World};
use conclave::protocols::raft::{
    AppendEntries, AppendReply, Durable, Entry, Log, Message, Note, Raft, RequestVote, Role, Start, Timer,
    VoteReply,
};

/// Where the switch "noop" stands among the options.
const NOOP: usize = ENGINE_OPTIONS + 2;

/// How many messages may follow from one thing.
const MOST_DELIVERIES: usize = 10_000;

/// A cluster on a stage.
pub struct Scene {
    /// The cluster.
    pub world: World<Raft>,
    /// What the last action led to.
    pub report: Report<Raft>,
}

/// The node with this number.
pub fn node(number: u8) -> NodeId {
    NodeId::new(number).unwrap()
}

/// A server that begins in a term with a log of entries with these terms.
pub fn server(term: u32, log_terms: &[u32]) -> Start {
    let mut log = Log::default();
    for (place, term) in log_terms.iter().enumerate() {
        log.append(Entry { term: *term, command: format!("k={place}").as_str().into(), origin: None });
    }
    Start { durable: Durable { current_term: term, voted_for: None, log }, commit_index: 0 }
}

impl Scene {
    /// A cluster of fresh servers.
    pub fn of(nodes: u8) -> Scene {
        Scene::with(nodes, |_| {})
    }

    /// A cluster whose set-up is changed before it begins.
    pub fn with(nodes: u8, change: impl FnOnce(&mut Setup<Raft>)) -> Scene {
        let mut setup = Setup::new(nodes, 1);
        change(&mut setup);
        Scene { world: World::new(&setup), report: Report { happenings: Vec::new(), violations: Vec::new() } }
    }

    /// A cluster whose first servers begin like this.
    pub fn starting(nodes: u8, starts: &[Start]) -> Scene {
        Scene::with(nodes, |setup| {
            setup.start = NodeId::all(nodes).zip(starts.iter().cloned()).collect();
        })
    }

    /// A cluster whose leaders begin their term with an entry of their own.
    pub fn with_noop(nodes: u8, starts: &[Start]) -> Scene {
        Scene::with(nodes, |setup| {
            setup.start = NodeId::all(nodes).zip(starts.iter().cloned()).collect();
            let spec = &Raft::OPTIONS[NOOP - ENGINE_OPTIONS];
            setup.options.set(spec, NOOP, OptionValue::Flag(true)).unwrap();
        })
    }

    /// Lets something happen; it must be possible, and break no promise.
    pub fn act(&mut self, action: Action) {
        self.report = self.world.apply(self.world.now(), &action).unwrap();
        assert_eq!(self.report.violations, []);
    }

    /// Why an action is refused.
    pub fn refusal(&mut self, action: Action) -> Rejected {
        self.world.apply(self.world.now(), &action).unwrap_err()
    }

    /// The election timer of a node goes off.
    pub fn time_out(&mut self, number: u8) {
        self.act(Action::Fire(node(number).into(), Timer::Election.id()));
    }

    /// The heartbeat timer of a node goes off.
    pub fn heartbeat(&mut self, number: u8) {
        self.act(Action::Fire(node(number).into(), Timer::Heartbeat.id()));
    }

    /// A node is elected by everyone who hears it.
    pub fn elect(&mut self, number: u8) {
        self.time_out(number);
        self.settle();
        assert!(self.leads(number), "node {number} was to be elected");
    }

    /// A node is elected by the vote of one other; its first messages as a leader are in flight.
    pub fn elect_by(&mut self, number: u8, voter: u8) {
        self.time_out(number);
        self.pass(number, voter);
        self.pass(voter, number);
        assert!(self.leads(number), "node {number} was to be elected");
    }

    /// A client sends a command to a node, and it arrives.
    pub fn ask(&mut self, number: u8, command: &str) {
        self.ask_as(ClientId::FIRST, number, command, None);
    }

    /// A client sends a command under its own number, and it arrives.
    pub fn ask_as(&mut self, client: ClientId, number: u8, command: &str, seq: Option<u32>) {
        let ask = Ask { client, node: node(number), command: command.into(), seq };
        self.act(Action::Request(Box::new(ask)));
        let request = self.in_flight().last().copied().unwrap();
        self.act(Action::Deliver(request));
    }

    /// A message arrives, as if a node had sent it.
    pub fn hear(&mut self, to: u8, from: u8, message: Message) {
        let (kind, fields) = (Raft::kind(&message).to_string(), Raft::fields(&message));
        let forged = Forged { from: node(from), to: node(to), kind, fields };
        self.act(Action::Inject(Box::new(forged)));
        let packet = self.in_flight().last().copied().unwrap();
        self.act(Action::Deliver(packet));
    }

    /// Everything in flight arrives, oldest first, and what follows from it; no timer goes off.
    pub fn settle(&mut self) {
        for _ in 0..MOST_DELIVERIES {
            let Some(packet) = self.in_flight().first().copied() else { return };
            self.act(Action::Deliver(packet));
        }
        panic!("the servers talk without end");
    }

    /// The oldest packet on a way arrives.
    pub fn pass(&mut self, from: u8, to: u8) {
        let packet = self.on_the_way(from, to)[0];
        self.act(Action::Deliver(packet));
    }

    /// Everything in flight is lost.
    pub fn lose_all(&mut self) {
        for packet in self.in_flight() {
            self.act(Action::Drop(packet));
        }
    }

    /// The packets in flight, oldest first.
    pub fn in_flight(&self) -> Vec<PacketId> {
        self.world.packets().map(|(packet, _)| packet.id).collect()
    }

    /// The packets in flight from one node to another.
    pub fn on_the_way(&self, from: u8, to: u8) -> Vec<PacketId> {
        let (from, to) = (MemberId::Node(node(from)), MemberId::Node(node(to)));
        let found = self.world.packets().filter(|(packet, _)| packet.from == from && packet.to == to);
        found.map(|(packet, _)| packet.id).collect()
    }

    /// What the last step sent to a node.
    pub fn sent(&self, to: u8) -> Vec<Message> {
        let sent = self.report.happenings.iter().filter_map(|happening| match happening {
            Happening::Sent(packet, letter) if packet.to == node(to).into() => Some(&**letter),
            _ => None,
        });
        sent.filter_map(
            |letter| if let Letter::Peer(message) = letter { Some(message.clone()) } else { None },
        )
        .collect()
    }

    /// The answer that the last step sent to a vote request.
    pub fn vote(&self, to: u8) -> Option<VoteReply> {
        self.sent(to).into_iter().find_map(|message| match message {
            Message::VoteReply(reply) => Some(reply),
            _ => None,
        })
    }

    /// The answer that the last step sent to AppendEntries.
    pub fn answer(&self, to: u8) -> Option<AppendReply> {
        self.sent(to).into_iter().find_map(|message| match message {
            Message::AppendReply(reply) => Some(reply),
            _ => None,
        })
    }

    /// Whether the last step told this, as news or as a reason why nothing happened.
    pub fn told(&self, wanted: &Note) -> bool {
        self.report.happenings.iter().any(|happening| match happening {
            Happening::Noted(_, note) | Happening::Ignored(_, note) => note == wanted,
            _ => false,
        })
    }

    /// The state of a node that is not crashed.
    pub fn state(&self, number: u8) -> &Raft {
        self.world.slot(node(number)).node().unwrap()
    }

    /// What a node has stored, whether it is up or not.
    pub fn durable(&self, number: u8) -> &Durable {
        match self.world.slot(node(number)) {
            Slot::Up(state) | Slot::Paused(state) => &state.durable,
            Slot::Down(durable) => durable,
        }
    }

    /// The terms of a node's entries.
    pub fn log(&self, number: u8) -> Vec<u32> {
        let log = &self.durable(number).log;
        (1..=log.last_index()).filter_map(|index| log.term_at(index)).collect()
    }

    /// Whether a node leads.
    pub fn leads(&self, number: u8) -> bool {
        matches!(self.state(number).role, Role::Leader { .. })
    }

    /// What a key holds on a node.
    pub fn value(&self, number: u8, key: &str) -> Option<String> {
        let mut store = self.state(number).machine.store();
        store.find(|(name, _)| &***name == key).map(|(_, value)| value.to_string())
    }

    /// When a node's timer goes off by itself.
    pub fn due(&self, number: u8, timer: Timer) -> Option<Micros> {
        self.world.spine().timer(node(number).into(), timer.id()).map(|armed| armed.due)
    }
}

/// A request for a vote.
pub fn request_vote(term: u32, candidate: u8, last_log: (u32, u32)) -> Message {
    let (last_log_index, last_log_term) = last_log;
    Message::RequestVote(RequestVote { term, candidate_id: node(candidate), last_log_index, last_log_term })
}

/// The answer to a request for a vote.
pub fn vote_reply(term: u32, vote_granted: bool) -> Message {
    Message::VoteReply(VoteReply { term, vote_granted })
}

/// Entries of these terms after an entry, or a heartbeat.
pub fn append(term: u32, leader: u8, prev: (u32, u32), entry_terms: &[u32], leader_commit: u32) -> Message {
    let (prev_log_index, prev_log_term) = prev;
    let entry = |(place, term): (usize, &u32)| Entry {
        term: *term,
        command: format!("k={}", prev_log_index as usize + place).as_str().into(),
        origin: None,
    };
    Message::AppendEntries(AppendEntries {
        term,
        leader_id: node(leader),
        prev_log_index,
        prev_log_term,
        entries: entry_terms.iter().enumerate().map(entry).collect(),
        leader_commit,
    })
}

/// The answer of a follower that has stored everything up to an index.
pub fn stored(term: u32, match_index: u32) -> Message {
    Message::AppendReply(AppendReply { term, success: true, match_index, conflict: None })
}
