//! §2.2: the roles, and how the picture shows who has which.

use crate::scene::{Scene, count};
use conclave::engine::describe::Described;
use conclave::engine::options::OptionValue;
use conclave::protocols::paxos::Paxos;
use conclave::text::Lang;

/// The rows of a set-up, as a reader finds them: what each is called, and its nodes.
fn rows(nodes: u8, counts: [u8; 3]) -> Vec<(String, Vec<u8>)> {
    let dealt = Paxos::DEALT.iter().map(|dealt| dealt.key).zip(counts.map(count));
    let scene = Scene::with(nodes, &dealt.collect::<Vec<(&str, OptionValue)>>());
    let rows = Paxos::rows(&scene.world).into_iter();
    rows.map(|row| (row.name.say(Lang::En), row.nodes.iter().map(|node| node.number()).collect())).collect()
}

fn row(name: &str, nodes: impl IntoIterator<Item = u8>) -> (String, Vec<u8>) {
    (name.to_string(), nodes.into_iter().collect())
}

#[test]
fn nodes_that_have_all_roles_stand_in_no_rows() {
    assert_eq!(rows(5, [0, 0, 0]), []);
    assert_eq!(rows(5, [5, 5, 5]), [], "dealt to all, they are alike again");
}

#[test]
fn roles_apart_are_rows_from_proposers_to_learners() {
    for (proposers, acceptors, learners) in [(2, 3, 1), (2, 5, 2), (3, 7, 3)] {
        let nodes = proposers + acceptors + learners;
        let expected = [
            row("proposers", 1..=proposers),
            row("acceptors", proposers + 1..=proposers + acceptors),
            row("learners", proposers + acceptors + 1..=nodes),
        ];
        assert_eq!(rows(nodes, [proposers, acceptors, learners]), expected);
    }
}

#[test]
fn a_row_is_called_by_all_the_roles_of_its_nodes() {
    assert_eq!(
        rows(5, [2, 3, 0]),
        [row("proposers and learners", [1, 2]), row("acceptors and learners", [3, 4, 5])]
    );
    // Five nodes for six roles: the last one goes to the first node.
    assert_eq!(
        rows(5, [2, 3, 1]),
        [row("proposers and learners", [1]), row("proposers", [2]), row("acceptors", [3, 4, 5])]
    );
    assert_eq!(rows(7, [2, 3, 1])[3], row("no role", [7]));
}

#[test]
fn what_is_offered_to_the_reader_fits_the_options_and_a_cluster() {
    let most: u8 = Paxos::DEALT.iter().map(|dealt| dealt.most).sum();
    assert!(most <= conclave::engine::ids::MAX_NODES);
    for dealt in Paxos::DEALT {
        assert!(dealt.least <= dealt.usual && dealt.usual <= dealt.most);
        let spec =
            conclave::protocols::find("paxos").unwrap().options.iter().find(|spec| spec.key == dealt.key);
        assert!((0..=dealt.most).all(|given| spec.unwrap().allows(count(given))), "{}", dealt.key);
    }
}
