//! The address of the page: every parameter, every way in which one can be wrong, and that what is written is what
//! was read.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::ids::Micros;
use conclave::engine::options::{ENGINE_OPTIONS, Options};
use conclave::link::address::{Address, Depth, Kind, PARAMETERS, Theme, Trouble, scenarios};
use conclave::protocols::Opening;
use conclave::text::Lang;
use proptest::prelude::*;

fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.to_string(), value.to_string())
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

fn parse(query: &str) -> (Address, Vec<Trouble>) {
    Address::parse(&pairs(query))
}

fn clean(query: &str) -> Address {
    let (address, troubles) = parse(query);
    assert_eq!(troubles, [], "{query}");
    address
}

/// The one complaint about a query, in English.
fn complaint(query: &str) -> String {
    match parse(query).1.as_slice() {
        [Trouble::Wrong(text)] => text.say(Lang::En),
        other => panic!("{query}: {other:?}"),
    }
}

#[test]
fn an_empty_address_is_the_first_view() {
    let address = clean("");
    assert_eq!((address.nodes, address.seed, address.speed), (5, 41, 0.05));
    assert!(address.autoplay && address.t.is_none() && address.scenario.is_none());
    assert_eq!(address.query(), "");
}

#[test]
fn every_parameter_is_understood() {
    let address = clean(
        "algo=raft&nodes=3&seed=7&variant=r-3&speed=2&t=1500.25&autoplay=1&ui=play&embed=1&theme=dark&motion=reduce&lang=zh",
    );
    assert_eq!(address.protocol.key, "raft");
    assert_eq!(address.protocol.variants[address.variant], "R-3");
    assert_eq!((address.nodes, address.seed, address.speed), (3, 7, 2.0));
    assert_eq!(address.t, Some(Micros(1_500_250)));
    assert!(address.autoplay && address.embed && address.calm);
    assert_eq!(address.depth, Depth::Play);
    assert_eq!((address.theme, address.lang), (Some(Theme::Dark), Some(Lang::Zh)));
}

#[test]
fn a_scenario_brings_its_cluster_and_waits() {
    let address = clean("scenario=r3-ignores-log");
    assert_eq!((address.nodes, address.seed), (3, 13));
    assert_eq!(address.protocol.variants[address.variant], "R-3");
    assert!(!address.autoplay);
    assert!(clean("scenario=r3-ignores-log&autoplay=1").autoplay);
    // Its rule may be switched on again, and its chances may fall differently; its nodes are named in its steps.
    let other = clean("scenario=r3-ignores-log&variant=standard&seed=5").scenario_file().unwrap();
    assert_eq!((other.opening.variant, other.opening.seed), (0, 5));
    assert!(complaint("scenario=r3-ignores-log&nodes=5").contains("a whole number from 3 to 3; instead: 3"));
}

#[test]
fn the_order_of_parameters_does_not_matter() {
    let (one, two) = (clean("seed=5&scenario=ra1-replication"), clean("scenario=ra1-replication&seed=5"));
    assert_eq!((one.seed, one.query()), (two.seed, two.query()));
}

#[test]
fn a_second_cluster_stands_beside_the_first() {
    let beside = |query: &str| {
        let beside = clean(query).beside.unwrap();
        (beside.protocol.key, beside.protocol.variants[beside.variant])
    };
    assert_eq!(beside("compare=paxos"), ("paxos", "standard"));
    assert_eq!(beside("compare=raft&compare_variant=r-5"), ("raft", "R-5"));
    assert_eq!(beside("algo=paxos&compare_variant=P-1&compare=PAXOS"), ("paxos", "P-1"));
    assert!(clean("compare=none").beside.is_none());
    assert_eq!(clean("compare=raft&compare_variant=standard").query(), "compare=raft");
    assert_eq!(clean("compare_variant=r-5&compare=raft").query(), "compare=raft&compare_variant=R-5");
    // Any scenario can be watched beside the same steps with the rule in force.
    let file = clean("scenario=r3-ignores-log&compare=raft").scenario_file().unwrap();
    assert_eq!((file.opening.variant, file.beside.unwrap().variant), (clean("variant=r-3").variant, 0));
}

#[test]
fn a_time_waits_unless_it_shall_not() {
    assert!(!clean("t=100").autoplay);
    assert!(clean("autoplay=1&t=100").autoplay);
    assert!(!clean("autoplay=0").autoplay);
}

#[test]
fn a_wrong_value_is_named_with_what_is_allowed_and_what_applies() {
    for (query, parts) in [
        ("nodes=2", ["nodes=2", "a whole number from 3 to 9", "instead: 5"]),
        ("nodes=10", ["nodes=10", "from 3 to 9", "instead: 5"]),
        ("nodes=3.5", ["nodes=3.5", "a whole number", "instead: 5"]),
        ("nodes=", ["nodes=,", "a whole number", "instead: 5"]),
        ("seed=-1", ["seed=-1", "from 0 to 18446744073709551615", "instead: 41"]),
        ("seed=18446744073709551616", ["seed=", "a whole number", "instead: 41"]),
        ("speed=0", ["speed=0", "a number from 0.001 to 100", "instead: 0.05"]),
        ("speed=-1", ["speed=-1", "a number from", "instead: 0.05"]),
        ("speed=NaN", ["speed=NaN", "a number from", "instead: 0.05"]),
        ("speed=inf", ["speed=inf", "a number from", "instead: 0.05"]),
        ("t=-1", ["t=-1", "a number from 0 to 86400000", "instead: the start of the run"]),
        ("t=1e99", ["t=1e99", "a number from 0", "instead: the start of the run"]),
        ("autoplay=yes", ["autoplay=yes", "one of 0, 1", "instead: 1"]),
        ("embed=true", ["embed=true", "one of 0, 1", "instead: 0"]),
        ("ui=tiny", ["ui=tiny", "one of full, play, min", "instead: full"]),
        ("theme=sepia", ["theme=sepia", "one of auto, light, dark", "the reader's own theme"]),
        ("motion=none", ["motion=none", "one of auto, reduce", "instead: auto"]),
        ("lang=fr", ["lang=fr", "one of en, zh", "the reader's own language"]),
        ("algo=zab", ["algo=zab", "one of raft", "instead: raft"]),
        ("variant=R-9", ["variant=R-9", "one of standard, R-1", "instead: standard"]),
        ("compare=zab", ["compare=zab", "one of none, raft", "instead: none"]),
        (
            "compare=raft&compare_variant=R-99",
            ["compare_variant=R-99", "one of standard, R-1", "instead: standard"],
        ),
        ("compare_variant=R-1", ["compare_variant=R-1", "one of standard", "instead: no second cluster"]),
        ("scenario=nowhere", ["scenario=nowhere", "ra1-replication", "instead: no scenario"]),
    ] {
        let said = complaint(query);
        parts.iter().for_each(|part| assert!(said.contains(part), "{query}: {said} lacks {part}"));
    }
}

#[test]
fn a_wrong_value_leaves_the_others_as_they_are() {
    let (address, troubles) = parse("nodes=99&seed=7&speed=fast&lang=zh");
    assert_eq!(troubles.len(), 2);
    assert_eq!((address.nodes, address.seed, address.lang), (5, 7, Some(Lang::Zh)));
}

#[test]
fn a_long_wrong_value_is_cut_short() {
    let said = complaint(&format!("ui={}", "字".repeat(100_000)));
    assert!(said.chars().count() < 200, "{said}");
}

#[test]
fn what_is_unknown_or_there_twice_is_only_noted() {
    let (address, troubles) = parse("utm_source=mail&seed=7&seed=8&compare_to=raft");
    assert_eq!(address.seed, 7);
    let noted = |trouble: &Trouble| match trouble {
        Trouble::Ignored(text) => text.say(Lang::En),
        Trouble::Wrong(text) => panic!("{}", text.say(Lang::En)),
    };
    let noted: Vec<String> = troubles.iter().map(noted).collect();
    assert_eq!(noted.len(), 3);
    for (name, said) in ["utm_source", "seed", "compare_to"].iter().zip(&noted) {
        assert!(said.contains(name), "{said}");
    }
}

#[test]
fn only_what_differs_is_written() {
    for (query, written) in [
        ("nodes=5&seed=41&speed=0.05&autoplay=1&ui=full&embed=0&motion=auto&algo=raft&variant=standard", ""),
        ("seed=7&nodes=3", "nodes=3&seed=7"),
        ("t=20&autoplay=0", "t=20"),
        ("t=20&autoplay=1", "t=20&autoplay=1"),
        ("scenario=r3-ignores-log&seed=13&variant=R-3&autoplay=0", "scenario=r3-ignores-log"),
        ("scenario=r3-ignores-log&seed=41", "scenario=r3-ignores-log&seed=41"),
        ("theme=auto", "theme=auto"),
    ] {
        assert_eq!(clean(query).query(), written, "{query}");
    }
}

#[test]
fn the_table_is_complete_and_its_defaults_are_allowed() {
    let names: Vec<&str> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
    let promised = [
        "algo",
        "scenario",
        "nodes",
        "seed",
        "speed",
        "t",
        "autoplay",
        "ui",
        "embed",
        "theme",
        "motion",
        "lang",
        "variant",
        "compare",
        "compare_variant",
        "compare_option",
        "gallery",
        "puzzle",
    ];
    promised.iter().for_each(|name| assert!(names.contains(name), "{name}"));
    assert_eq!(names.len(), promised.len());
    for parameter in &PARAMETERS {
        assert!(!parameter.default().say(Lang::En).is_empty(), "{}", parameter.name);
        if parameter.otherwise.is_none() {
            clean(&format!("{}={}", parameter.name, parameter.default().say(Lang::En)));
        }
    }
}

#[test]
fn every_built_in_scenario_can_be_asked_for() {
    for (slug, _) in scenarios() {
        let address = clean(&format!("scenario={slug}"));
        assert_eq!(address.scenario, Some(slug));
        assert_eq!(address.scenario_file().unwrap().protocol.key, address.protocol.key, "{slug}");
    }
}

#[test]
fn a_challenge_brings_its_cluster_with_it() {
    let address = clean("puzzle=r-1");
    assert_eq!(address.puzzle, Some("R-1"));
    assert_eq!(address.protocol.variants[address.variant], "R-1");
    assert_eq!(address.nodes, 3);
    assert!(!address.autoplay);
    assert_eq!(address.query(), "puzzle=R-1");
    assert_eq!(clean("algo=paxos&puzzle=P-18&ui=min").query(), "algo=paxos&puzzle=P-18&ui=min");
    // It is of one variant in one cluster, and a scenario is something else.
    assert!(complaint("puzzle=R-1&nodes=5").contains("nodes"));
    assert!(complaint("puzzle=R-1&variant=R-3").contains("variant"));
    assert!(complaint("puzzle=P-18").contains("puzzle"));
    assert!(complaint("puzzle=standard").contains("puzzle"));
    assert!(complaint("scenario=ra3-failover&puzzle=R-1").contains("puzzle"));
}

/// A value for a parameter, right as often as wrong.
fn value_of(name: &'static str) -> BoxedStrategy<String> {
    let parameter = PARAMETERS.iter().find(|parameter| parameter.name == name).unwrap();
    let right = match (parameter.kind)(&Address::default()) {
        Kind::Names(names) => proptest::sample::select(names).prop_map(str::to_string).boxed(),
        Kind::Whole(least, most) => (least..=most).prop_map(|whole| whole.to_string()).boxed(),
        Kind::Number(least, most) => (least..=most).prop_map(|number| number.to_string()).boxed(),
    };
    prop_oneof![right, ".{0,12}"].boxed()
}

fn any_pair() -> impl Strategy<Value = (String, String)> {
    let names: Vec<&'static str> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
    let known = proptest::sample::select(names)
        .prop_flat_map(|name| value_of(name).prop_map(move |value| (name.to_string(), value)));
    prop_oneof![9 => known, 1 => (".{0,8}", ".{0,8}")]
}

proptest! {
    /// Whatever an address says, it is read without a panic, and the address that is written for it says the same.
    #[test]
    fn what_is_written_is_what_was_read(asked in proptest::collection::vec(any_pair(), 0..10)) {
        let (address, _) = Address::parse(&asked);
        let query = address.query();
        prop_assert!(query.is_ascii() && !query.contains([' ', '%', '#', '+']), "{query}");
        let (again, troubles) = parse(&query);
        prop_assert_eq!(troubles, vec![], "{}", query);
        prop_assert_eq!(format!("{again:?}"), format!("{address:?}"));
    }
}

#[test]
fn the_same_protocol_can_stand_beside_itself_with_an_option_switched() {
    let address = clean("algo=raft&compare=raft&compare_option=noop");
    let beside = address.beside.as_ref().unwrap();
    let opening = Opening {
        nodes: 3,
        seed: 1,
        options: Options::defaults(address.protocol.options),
        variant: 0,
        start: vec![],
        down: vec![],
    };
    let noop = ENGINE_OPTIONS + address.protocol.options.iter().position(|spec| spec.key == "noop").unwrap();
    let right = beside.opening(address.protocol, &opening);
    assert_eq!((opening.options.flag(noop), right.options.flag(noop)), (false, true));
    assert_eq!(address.query(), "compare=raft&compare_option=noop");
    assert!(complaint("compare=raft&compare_option=election_ms").contains("compare_option"));
}
