//! A run in other formats: what is written can be read by whom it is for, and says what happened.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::action::{Action, Ask, Forged};
use conclave::engine::ids::{ClientId, Link, MemberId, NodeId, PacketId};
use conclave::engine::options::Options;
use conclave::engine::plain::Plain;
use conclave::engine::session::Session;
use conclave::export::paper::{colour, of_class};
use conclave::export::{Run, history, mermaid, shiviz, svg};
use conclave::protocols::{self, Opening, ProtocolInfo};
use conclave::scenario::write;
use conclave::scene::diagram::Axis;
use conclave::text::Lang;
use serde_json::Value;
use std::collections::BTreeMap;

fn node(number: u8) -> NodeId {
    NodeId::new(number).unwrap()
}

struct Case {
    info: &'static ProtocolInfo,
    opening: Opening,
    session: Box<dyn Session>,
}

impl Case {
    fn new(protocol: &str) -> Case {
        let info = protocols::find(protocol).unwrap();
        let options = Options::defaults(info.options);
        let opening = Opening { nodes: 5, seed: 3, options, variant: 0, start: vec![], down: vec![] };
        let session = (info.open)(&opening).unwrap();
        Case { info, opening, session }
    }

    fn run(&self, lang: Lang) -> Run<'_> {
        Run { session: &*self.session, protocol: self.info, opening: &self.opening, lang }
    }

    fn act(&mut self, action: Action) {
        let at = self.session.time_at(self.session.len());
        // Of these runs only the kinds of trouble matter, not that each finds its victim.
        let _ = self.session.act(at, action);
    }

    fn steps(&mut self, count: usize) {
        (0..count).for_each(|_| drop(self.session.step()));
    }
}

fn request(command: &str) -> Action {
    let ask = Ask { client: ClientId::FIRST, node: node(2), command: command.into(), seq: None };
    Action::Request(Box::new(ask))
}

/// A run with every kind of trouble, and commands that mean something to every format.
fn troubled(protocol: &str) -> Case {
    let mut case = Case::new(protocol);
    case.steps(60);
    for round in 0..12 {
        case.act(request(&format!("x=<b>;#\"%%{round}")));
        case.steps(5);
        let packets: Vec<PacketId> = case
            .session
            .frame(conclave::engine::frame::Lens::ALL)
            .packets
            .iter()
            .map(|packet| packet.id)
            .collect();
        if let Some(packet) = packets.first() {
            case.act(Action::Duplicate(*packet));
            case.act(Action::Drop(*packet));
        }
        case.steps(4);
        case.act(Action::Cut(Link { from: node(1), to: node(round % 4 + 2) }));
        case.act(Action::Cut(Link { from: node(round % 4 + 2), to: node(1) }));
        case.steps(6);
        case.act(Action::Crash(node(round % 5 + 1)));
        case.steps(25);
        case.act(Action::Restart(node(round % 5 + 1)));
        case.act(Action::Heal(Link { from: node(1), to: node(round % 4 + 2) }));
        case.steps(10);
    }
    case
}

fn all(case: &Case) -> std::ops::Range<usize> {
    1..case.session.len() + 1
}

// ShiViz.

type Clock = BTreeMap<MemberId, u32>;

/// The events of a log, read as its own first line says: when, what, whose, and the clock.
fn events(log: &str) -> Vec<(String, String, MemberId, Clock)> {
    let mut lines = log.lines();
    assert_eq!(lines.next(), Some(shiviz::EXPRESSION));
    assert_eq!(lines.next(), Some(""), "one execution");
    let lines: Vec<&str> = lines.collect();
    let pairs = lines.chunks(2).map(|pair| {
        let (ms, event) = pair[0].split_once(' ').unwrap();
        let (host, clock) = pair[1].split_once(' ').unwrap();
        let clock: BTreeMap<String, u32> = serde_json::from_str(clock).unwrap();
        let clock = clock.into_iter().map(|(host, count)| (shiviz::member(&host).unwrap(), count));
        (ms.to_string(), event.to_string(), shiviz::member(host).unwrap(), clock.collect())
    });
    pairs.collect()
}

/// Whether all that one clock knows the other knows, too.
fn knows(one: &Clock, other: &Clock) -> bool {
    other.iter().all(|(member, count)| count <= one.get(member).unwrap_or(&0))
}

#[test]
fn vector_clocks_say_exactly_what_happened_before_what() {
    for protocol in ["raft", "paxos"] {
        let case = troubled(protocol);
        let events = events(&shiviz::log(&case.run(Lang::En), all(&case)));
        assert!(100 < events.len());
        // Found another way: the direct causes of every event, from the packets, and then all their causes.
        let (mut causes, mut last) = (Vec::<Vec<bool>>::new(), BTreeMap::<MemberId, usize>::new());
        let mut sent_in: BTreeMap<PacketId, usize> = BTreeMap::new();
        case.session.retell(all(&case), &mut |step| {
            let host = match (&step.action, &step.delivered) {
                (Action::Deliver(_), Some(packet)) => Some(packet.to),
                (Action::Fire(owner, _), _) => Some(*owner),
                (Action::Crash(node) | Action::Restart(node), _) => Some((*node).into()),
                (Action::Request(ask), _) => Some(ask.client.into()),
                _ => None,
            };
            let Some(host) = host else {
                for packet in &step.sent {
                    let original = packet.copy_of.and_then(|original| sent_in.get(&original).copied());
                    if let Some(event) = original {
                        sent_in.insert(packet.id, event);
                    }
                }
                return;
            };
            let number = causes.len();
            let came = step.delivered.as_ref().and_then(|packet| sent_in.get(&packet.id).copied());
            let mut before = vec![false; number + 1];
            for cause in last.get(&host).copied().into_iter().chain(came) {
                before[cause] = true;
                let earlier: Vec<usize> = (0..cause).filter(|event| causes[cause][*event]).collect();
                earlier.into_iter().for_each(|event| before[event] = true);
            }
            causes.push(before);
            last.insert(host, number);
            sent_in.extend(step.sent.iter().map(|packet| (packet.id, number)));
        });
        assert_eq!(causes.len(), events.len(), "{protocol}");
        for (later, (.., clock)) in events.iter().enumerate() {
            for (earlier, (.., other)) in events.iter().enumerate().take(later) {
                assert_eq!(
                    knows(clock, other),
                    causes[later][earlier],
                    "{protocol}: {earlier} before {later}"
                );
            }
        }
        // As ShiViz wants it: every member counts its own events from one, one by one.
        let mut counted: BTreeMap<MemberId, u32> = BTreeMap::new();
        for (.., host, clock) in &events {
            let count = counted.entry(*host).or_default();
            *count += 1;
            assert_eq!(clock[host], *count);
        }
        assert!(counted.keys().any(|member| member.node().is_none()), "clients are members");
    }
}

#[test]
fn a_forged_message_depends_on_nothing() {
    let mut case = Case::new("raft");
    let fields = Plain::map([
        ("term", 9_u32.into()),
        ("candidate_id", 2_u32.into()),
        ("last_log_index", 0_u32.into()),
        ("last_log_term", 0_u32.into()),
    ]);
    let forged = Forged { from: node(2), to: node(1), kind: "RequestVote".to_string(), fields };
    let at = case.session.time_at(0);
    case.session.act(at, Action::Inject(Box::new(forged))).unwrap();
    case.session
        .act(at, Action::Deliver(PacketId(1)))
        .or_else(|_| case.session.act(at, Action::Deliver(PacketId(0))))
        .unwrap();
    let events = events(&shiviz::log(&case.run(Lang::En), all(&case)));
    let (.., host, clock) = &events[0];
    assert_eq!((*host, clock.len()), (node(1).into(), 1), "{events:?}");
}

// Mermaid.

#[test]
fn a_sequence_diagram_names_every_packet_that_ended_once_and_says_how() {
    for protocol in ["raft", "paxos"] {
        let case = troubled(protocol);
        let stretch = 40..160;
        let text = mermaid::sequence_diagram(&case.run(Lang::En), stretch.clone());
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        assert!(lines[0].starts_with("%% ") && lines[1] == "sequenceDiagram");
        let (mut arrived, mut lost, mut sent, mut ended_of_those) = (0, 0, Vec::new(), 0);
        case.session.retell(stretch, &mut |step| {
            sent.extend(step.sent.iter().map(|packet| packet.id));
            arrived += step.delivered.iter().count();
            lost += step.lost.len();
            let ended = step.delivered.iter().chain(step.lost.iter().map(|(packet, _)| packet));
            ended_of_those += ended.filter(|packet| sent.contains(&packet.id)).count();
        });
        let messages = lines.iter().filter(|line| line.starts_with('n') || line.starts_with('c'));
        let messages: Vec<&&str> = messages.collect();
        for line in &messages {
            let (way, said) = line.split_once(": ").unwrap();
            let (from, to) =
                ["--)", "--x", "-)", "-x"].iter().find_map(|arrow| way.split_once(arrow)).unwrap();
            for end in [from, to] {
                assert!(
                    lines.iter().any(|line| line.starts_with(&format!("participant {end} as "))),
                    "{line}"
                );
            }
            assert!(!said.is_empty());
        }
        let count = |arrow: &str, in_flight: bool| {
            let way = |line: &str| line.split(": ").next().unwrap_or_default().to_string();
            messages
                .iter()
                .filter(|line| way(line).contains(arrow) && line.ends_with("(in flight)") == in_flight)
                .count()
        };
        assert_eq!((count("-)", false), count("-x", false)), (arrived, lost), "{protocol}");
        assert_eq!(count("-)", true), sent.len() - ended_of_those, "{protocol}");
        assert!(
            lines.iter().any(|line| line.starts_with("Note over n") && line.contains("crashed")),
            "{text}"
        );
        assert!(lines.iter().any(|line| line.starts_with("Note over n") && line.contains("Cut: ")), "{text}");
    }
}

#[test]
fn nothing_that_somebody_wrote_means_anything_to_mermaid() {
    let case = troubled("raft");
    for lang in Lang::ALL {
        let text = mermaid::sequence_diagram(&case.run(lang), all(&case));
        for line in text.lines().skip(2) {
            let said = line.split_once(": ").map_or("", |(_, said)| said);
            let mut rest = said.to_string();
            // What is left besides escapes has no letter that could end a line or begin a comment.
            for code in ["#35;", "#59;", "#60;", "#62;", "#37;", "#38;", "#34;", "#123;", "#125;"] {
                rest = rest.replace(code, "");
            }
            assert!(!rest.contains(['#', ';', '<', '>', '%', '"', '{', '}']), "{line}");
        }
        let said = text.lines().count();
        assert!(said <= mermaid::MOST_LINES + 12, "{said}");
        let more = if lang == Lang::En { "more lines are left out" } else { "未列出" };
        assert!(text.contains(more), "a long run is cut off, and says so");
    }
}

// The history.

#[test]
fn the_history_agrees_with_the_scenario_file_of_the_same_run() {
    for protocol in ["raft", "paxos"] {
        let mut case = troubled(protocol);
        case.session.seek(300);
        let history: Value = serde_json::from_str(&history::history(&case.run(Lang::En))).unwrap();
        let recorded = case.session.recorded();
        let deeds = write::deeds(&recorded, case.session.time_at(300));
        let file = write::scenario(case.info, &case.opening, &deeds);
        for field in ["format", "protocol", "nodes", "seed", "variant", "options"] {
            assert_eq!(history[field], file[field], "{field}");
        }
        let acts = history["history"].as_array().unwrap();
        assert_eq!(acts.len(), 300);
        let by_hand: Vec<&Value> =
            acts.iter().filter(|act| act["by_hand"] == true).map(|act| &act["action"]).collect();
        let steps = file["steps"].as_array().unwrap();
        let steps: Vec<&Value> = steps.iter().filter(|step| step.get("run").is_none()).collect();
        assert_eq!(by_hand, steps);
        for (place, act) in acts.iter().enumerate() {
            assert_eq!(act["position"], place + 1);
            assert_eq!(act["at_ms"].as_f64().unwrap(), case.session.time_at(place + 1).as_ms());
            assert_eq!(act["action"].as_object().unwrap().len(), 1);
        }
    }
}

// SVG.

/// Whether all tags of a picture are closed in the right order and no entity is unknown; returns its texts.
fn texts(picture: &str) -> Vec<String> {
    let (mut open, mut texts, mut rest) = (Vec::new(), Vec::new(), picture.trim_end());
    while let Some((text, after)) = rest.split_once('<') {
        assert!(!text.contains('>'), "{text}");
        if open.last() == Some(&"text") && !text.is_empty() {
            texts.push(text.to_string());
        }
        let (tag, behind) = after.split_once('>').unwrap();
        match (tag.strip_prefix('/'), tag.ends_with('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name)),
            (None, false) => open.push(tag.split(' ').next().unwrap()),
            (None, true) => {}
        }
        rest = behind;
    }
    assert!(open.is_empty() && rest.is_empty());
    let entities = picture.split('&').skip(1).map(|entity| entity.split(';').next().unwrap_or_default());
    entities.for_each(|entity| assert!(["amp", "lt", "gt", "quot"].contains(&entity), "&{entity};"));
    texts
}

#[test]
fn the_picture_of_a_diagram_is_whole_and_needs_nothing_else() {
    for axis in [Axis::Time, Axis::Steps] {
        for lang in Lang::ALL {
            let case = troubled("raft");
            let picture = svg::diagram(&case.run(lang), axis, all(&case), axis.first_scale());
            let texts = texts(&picture);
            assert!(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
            assert!(!picture.contains("href") && !picture.contains("style=") && !picture.contains("var("));
            assert!(!picture.contains("NaN") && !picture.contains("inf"));
            let caption = texts.last().unwrap();
            assert!(caption.contains("Raft") && caption.contains('3'), "{caption}");
            let node = if lang == Lang::En { "Node 5" } else { "节点 5" };
            assert!(texts.iter().any(|text| text == node), "{texts:?}");
            assert!(picture.contains(colour::LEADER) && picture.contains(colour::CRASHED));
        }
    }
}

#[test]
fn a_text_is_wrapped_within_its_width() {
    let english =
        "Nothing gets from node 1 to node 2 any more, and that is how it stays until somebody heals the link";
    for text in [english, "节点 1 到节点 2 的链路断开了，在有人把它恢复之前一直如此", ""]
    {
        let lines = svg::wrapped(text, 200.0, 16.0);
        assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        assert!(lines.iter().all(|line| line.chars().count() < 30), "{lines:?}");
    }
}

#[test]
fn a_stretch_is_as_high_as_it_is_long_up_to_a_bound() {
    let case = troubled("raft");
    let height = |stretch: std::ops::Range<usize>, scale: f64| -> f64 {
        let picture = svg::diagram(&case.run(Lang::En), Axis::Steps, stretch, scale);
        picture.split("height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    assert!((height(101..151, 10.0) - height(101..126, 10.0) - 250.0).abs() < 2.0);
    assert!(height(all(&case), 48.0) <= svg::HIGHEST + 100.0);
}

#[test]
fn paper_has_the_light_colours_of_the_page() {
    let tokens = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/style/tokens.css")).unwrap();
    let light = |name: &str| {
        let value = tokens.split(&format!("--{name}:")).nth(1).unwrap().split("light-dark(").nth(1).unwrap();
        value.split(',').next().unwrap().trim().to_string()
    };
    let pairs = [
        ("paper", colour::PAPER),
        ("ink", colour::INK),
        ("ink-2", colour::INK_2),
        ("line", colour::LINE),
        ("hair", colour::HAIR),
        ("candidate", colour::CANDIDATE),
        ("leader", colour::LEADER),
        ("decided", colour::DECIDED),
        ("conflict", colour::CONFLICT),
        ("crashed", colour::CRASHED),
    ];
    for (name, colour) in pairs {
        assert_eq!(light(name), colour, "--{name}");
    }
    assert_ne!(of_class("life primary"), of_class("life"));
    assert_ne!(of_class("arrow reply").1.fill, of_class("arrow").1.fill);
}
