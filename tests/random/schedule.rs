//! Random schedules: a tape of numbers is read as things that happen to a cluster, faults included.
//!
//! What happened is kept as deeds, which `file` writes as a scenario. Knows no protocol by name.

use crate::ledger::Ledger;
use crate::subject::Subject;
use conclave::engine::action::{Action, Ask, Filter, Knob, Report};
use conclave::engine::ids::{ClientId, Link, MemberId, Micros, NodeId, PacketId};
use conclave::engine::options::{
    CLOCK_RATE, DUPLICATE, ENGINE, ENGINE_OPTIONS, LATENCY, LOSS, OptionSpec, OptionValue, Options, REORDER,
    RETRY,
};
use conclave::engine::protocol::Protocol;
use conclave::engine::spine::MAX_PACKETS;
use conclave::engine::world::{Setup, Slot, World};
use conclave::scenario::write::Deed;
use conclave::text::Lang;

/// What a run begins with, and how it is steered.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many nodes.
    pub nodes: u8,
    /// The seed of the world.
    pub seed: u64,
    /// Of 256 moves that would let the clock run, how many deliver a packet out of order instead.
    pub haste: u8,
    /// The switches of the protocol, one bit each.
    pub switches: u8,
    /// How rough the network is at the start: 0 is not at all.
    pub weather: u8,
    /// The variant; 0 is the correct protocol.
    pub variant: usize,
}

/// What a protocol's own test looks at after every action, beside the invariants.
pub type Audit<P> = fn(&World<P>, &Report<P>) -> Result<(), String>;

/// A world that is being steered, with what was done to it.
pub struct Cluster<P: Protocol> {
    /// The world.
    pub world: World<P>,
    /// What was done to it.
    pub deeds: Vec<Deed>,
    /// How many actions happened.
    pub actions: usize,
    /// The promises that broke, to the observer and to the clients.
    pub complaints: Vec<String>,
    /// What the clients were told.
    pub ledger: Ledger,
    audit: Audit<P>,
    clock: Micros,
    requests: u32,
}

/// The most actions in one stretch of the clock: beyond it the cluster talks to itself without end.
const MAX_STRETCH: usize = 20_000;

/// The set-up of a plan.
pub fn setup<P: Subject>(plan: &Plan) -> Setup<P> {
    let mut setup = Setup::new(plan.nodes, plan.seed);
    setup.variant = plan.variant;
    let (loss, duplicate) = weather(plan.weather);
    put::<P>(&mut setup.options, LOSS, OptionValue::Chance(loss));
    put::<P>(&mut setup.options, DUPLICATE, OptionValue::Chance(duplicate));
    put::<P>(&mut setup.options, REORDER, OptionValue::Flag(plan.switches & 1 != 0));
    let own = P::OPTIONS.iter().enumerate();
    let flags = own.filter(|(_, spec)| matches!(spec.default, OptionValue::Flag(_)));
    for (bit, (place, _)) in flags.enumerate() {
        let on = plan.switches & (2 << bit) != 0;
        put::<P>(&mut setup.options, ENGINE_OPTIONS + place, OptionValue::Flag(on));
    }
    P::shape(&mut setup, plan);
    setup
}

fn weather(weather: u8) -> (u32, u32) {
    match weather % 4 {
        0 => (0, 0),
        1 => (20_000, 20_000),
        2 => (100_000, 200_000),
        _ => (300_000, 50_000),
    }
}

/// Sets an option.
pub fn put<P: Protocol>(options: &mut Options, place: usize, value: OptionValue) {
    let (_, spec) = specs::<P>().nth(place).unwrap();
    options.set(spec, place, value).unwrap();
}

impl<P: Subject> Cluster<P> {
    /// A cluster at the start of time.
    pub fn new(setup: &Setup<P>, audit: Audit<P>) -> Cluster<P> {
        Cluster {
            world: World::new(setup),
            deeds: Vec::new(),
            actions: 0,
            complaints: Vec::new(),
            ledger: Ledger::default(),
            audit,
            clock: Micros::ZERO,
            requests: 0,
        }
    }

    /// Lets an action happen now by hand; nothing happens where it is refused.
    pub fn act(&mut self, action: Action) -> bool {
        let Ok(report) = self.world.apply(self.clock, &action) else { return false };
        self.deeds.push(Deed::Act(action));
        self.note(&report);
        true
    }

    /// Lets the clock run.
    pub fn run(&mut self, span: Micros) {
        self.clock = self.clock.after(span);
        match self.deeds.last_mut() {
            Some(Deed::Run(before)) => *before = before.after(span),
            _ => self.deeds.push(Deed::Run(span)),
        }
        for _ in 0..MAX_STRETCH {
            let Some((at, action)) = self.world.next_due().filter(|(at, _)| *at <= self.clock) else {
                return;
            };
            let report = self.world.apply(at, &action).expect("what is due is not refused");
            self.note(&report);
        }
        self.complaints.push(format!("the cluster does not come to rest within {span} ms"));
    }

    fn note(&mut self, report: &Report<P>) {
        self.actions += 1;
        let broken = report.violations.iter();
        let broken = broken.map(|broken| format!("{}: {}", broken.id, broken.witness.text.say(Lang::En)));
        self.complaints.extend(broken);
        self.complaints.extend(self.ledger.note(report).err());
        self.complaints.extend((self.audit)(&self.world, report).err());
    }

    /// One move of the tape. Where it is refused, the clock runs to what is due next; where nothing is, a
    /// node restarts: so every move lets at least one action happen.
    pub fn play(&mut self, code: u32, haste: u8) {
        let [kind, pick, other, size] = code.to_le_bytes();
        let chosen = match kind {
            0..=99 if pick < haste => self.packet(other, size).map(Action::Deliver),
            0..=99 => None,
            100..=115 => return self.run_at_least_one(Micros::from_ms(u64::from(pick))),
            _ => self.choose(kind, pick, other, size),
        };
        if !chosen.is_some_and(|action| self.act(action)) {
            self.run_at_least_one(Micros::ZERO);
        }
    }

    fn run_at_least_one(&mut self, span: Micros) {
        match self.world.next_due() {
            Some((due, _)) => self.run(span.max(due.since(self.clock))),
            None => {
                let stopped = self.world.slots().find(|(_, slot)| !matches!(slot, Slot::Up(_)));
                let wake = match stopped {
                    Some((node, Slot::Down(_))) => Action::Restart(node),
                    Some((node, _)) => Action::Resume(node),
                    // All are up and nothing is left to do, until somebody asks for something.
                    None => self.request(self.actions as u8, 0, u8::MAX),
                };
                self.act(wake);
            }
        }
    }

    fn choose(&mut self, kind: u8, pick: u8, other: u8, size: u8) -> Option<Action> {
        Some(match kind {
            ..=155 => Action::Deliver(self.packet(other, size)?),
            156..=167 => Action::Drop(self.packet(other, size)?),
            168..=175 => Action::Duplicate(self.packet(other, size)?),
            176..=181 => Action::Delay(self.packet(other, size)?, Micros::from_ms(u64::from(pick) * 2)),
            182..=197 => {
                let timers = self.world.spine().timers();
                let armed = timers.get(usize::from(pick) % timers.len().max(1))?;
                let (least, most) = armed.range;
                match kind {
                    ..=194 => Action::Fire(armed.owner, armed.timer),
                    _ => {
                        let share = most.since(least).0 * u64::from(other) / 255;
                        Action::Wind(armed.owner, armed.timer, least.after(Micros(share)))
                    }
                }
            }
            198..=204 => Action::Crash(self.node(pick)),
            205..=214 => Action::Restart(self.node(pick)),
            215..=218 => Action::Pause(self.node(pick)),
            219..=223 => Action::Resume(self.node(pick)),
            224..=228 => Action::Cut(Link { from: self.node(pick), to: self.node(other) }),
            229..=234 => {
                let cuts: Vec<Link> = self.world.spine().cuts().collect();
                Action::Heal(*cuts.get(usize::from(pick) % cuts.len().max(1))?)
            }
            235..=249 => self.request(pick, other, size),
            250..=253 => Action::Set(Box::new(self.knob(pick, other, size))),
            254 => Action::Filter(Box::new(self.filter(pick, other))),
            255 => Action::Unfilter(Box::new(self.world.filters().next()?.clone())),
        })
    }

    fn packet(&self, low: u8, high: u8) -> Option<PacketId> {
        let packets = self.world.spine().packets();
        let place = usize::from(u16::from_le_bytes([low, high]));
        packets.get(place % packets.len().max(1)).map(|packet| packet.id)
    }

    fn node(&self, pick: u8) -> NodeId {
        NodeId::new(pick % self.world.nodes() + 1).unwrap()
    }

    /// A write or a read, new or under a number that this client may have used before.
    fn request(&mut self, pick: u8, other: u8, size: u8) -> Action {
        self.requests += 1;
        let key = ["x", "y", "z"][usize::from(other) % 3];
        let command = match size % 4 {
            0 => format!("{key}?"),
            _ => format!("{key}={}", self.requests),
        };
        let seq = (size < 64).then_some(u32::from(size) % 8 + 1);
        let client = ClientId::new(other % 3 + 1).unwrap();
        Action::Request(Box::new(Ask {
            client,
            node: self.node(pick),
            command: command.as_str().into(),
            seq,
        }))
    }

    fn knob(&self, pick: u8, other: u8, size: u8) -> Knob {
        let (low, high) = (u64::from(other), u64::from(other) + u64::from(size));
        let place = usize::from(pick) % (ENGINE_OPTIONS + P::OPTIONS.len());
        let (_, spec) = specs::<P>().nth(place).unwrap();
        let value = match (place, spec.default) {
            (LOSS, _) => OptionValue::Chance(weather(size).0),
            (DUPLICATE, _) => OptionValue::Chance(weather(size).1),
            (LATENCY, _) => OptionValue::Span(Micros::from_ms(low / 8), Micros::from_ms(high / 4)),
            (RETRY, _) => OptionValue::Span(Micros::from_ms(100 + low), Micros::from_ms(100 + high * 4)),
            (CLOCK_RATE, _) => OptionValue::Rates(std::array::from_fn(|node| {
                500 + (u16::from(other) * (node as u16 + 1) + u16::from(size)) % 1500
            })),
            (_, OptionValue::Span(..)) => {
                OptionValue::Span(Micros::from_ms(100 + low), Micros::from_ms(100 + high))
            }
            (_, OptionValue::Time(_)) => OptionValue::Time(Micros::from_ms(20 + low / 4)),
            (_, _) => OptionValue::Flag(size.is_multiple_of(2)),
        };
        Knob::Option(place, value)
    }

    fn filter(&self, pick: u8, other: u8) -> Filter {
        let kind = P::KINDS.get(usize::from(pick) % (P::KINDS.len() + 1)).map(|kind| kind.to_string());
        let from = other.is_multiple_of(2).then(|| MemberId::Node(self.node(other / 2)));
        Filter { kind, from, to: None }
    }

    /// Ends all faults: from here on the cluster must recover by itself.
    pub fn calm(&mut self) {
        let stopped = self.world.slots().filter_map(|(node, slot)| match slot {
            Slot::Up(_) => None,
            Slot::Paused(_) => Some(Action::Resume(node)),
            Slot::Down(_) => Some(Action::Restart(node)),
        });
        let heal = self.world.spine().cuts().map(Action::Heal);
        let lift = self.world.filters().map(|filter| Action::Unfilter(Box::new(filter.clone())));
        let numbers = specs::<P>().filter(|(_, spec)| !is_shape(spec));
        let still = numbers.map(|(place, spec)| Action::Set(Box::new(Knob::Option(place, spec.default))));
        let cures = specs::<P>().filter(|(_, spec)| P::CURES.contains(&spec.key));
        let cures = cures.map(|(place, _)| Knob::Option(place, OptionValue::Flag(true)));
        let cures = cures.map(|knob| Action::Set(Box::new(knob)));
        let all: Vec<Action> = stopped.chain(heal).chain(lift).chain(still).chain(cures).collect();
        for action in all {
            self.act(action);
        }
    }

    /// Lets the clock run until something holds; says whether it came to hold within this span.
    pub fn run_until(&mut self, most: Micros, holds: impl Fn(&World<P>) -> bool) -> bool {
        let end = self.clock.after(most);
        while self.clock < end && self.complaints.is_empty() && !holds(&self.world) {
            self.run(Micros::from_ms(50));
            if MAX_PACKETS <= self.world.spine().packets().len() {
                self.complaints.push("the bus is full though all faults ended".to_string());
            }
        }
        holds(&self.world)
    }
}

/// Whether an option gives the cluster its shape: a switch, how many there are of something, or a choice. The shape is
/// drawn with the plan and stays; a cluster that is given another while it runs is promised nothing.
fn is_shape(spec: &OptionSpec) -> bool {
    matches!(spec.default, OptionValue::Flag(_) | OptionValue::Count(_) | OptionValue::Choice(..))
}

/// The options of the engine and the protocol, with their places.
pub fn specs<P: Protocol>() -> impl Iterator<Item = (usize, &'static OptionSpec)> {
    ENGINE.iter().chain(P::OPTIONS).enumerate()
}
