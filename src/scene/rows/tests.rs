//! Rows at every width and with every number of roles that a reader is offered.

use super::*;

const WIDTHS: [f64; 7] = [280.0, 328.0, 400.0, 520.0, 640.0, 700.0, 760.0];

fn rows(counts: [usize; 3]) -> Vec<Row> {
    let starts = [0, counts[0], counts[0] + counts[1]];
    let row = |place: usize| Row {
        nodes: (starts[place]..starts[place] + counts[place]).collect(),
        registers: if place == 1 { 2 } else { 0 },
        talks: false,
    };
    (0..3).map(row).collect()
}

/// Every way to give three roles to different nodes that a reader is offered, and one that needs more lines.
fn scenes() -> impl Iterator<Item = ([usize; 3], Scene)> {
    let offered = (1..=3).flat_map(|proposers| {
        (3..=7).flat_map(move |acceptors| (1..=3).map(move |learners| [proposers, acceptors, learners]))
    });
    let all = offered.chain([[5, 7, 1], [1, 11, 1]]);
    all.flat_map(|counts| WIDTHS.map(|width| (counts, Scene::in_rows(width, &rows(counts), 2))))
}

#[test]
fn nodes_stand_inside_and_apart_and_clear_of_clients() {
    for (counts, scene) in scenes() {
        assert_eq!(scene.nodes.len(), counts.iter().sum::<usize>());
        assert!(14.0 <= scene.node_radius, "{scene:?}");
        for (place, node) in scene.nodes.iter().enumerate() {
            assert!(scene.node_radius <= node.x && node.x + scene.node_radius <= scene.width, "{scene:?}");
            assert!(scene.node_radius <= node.y && node.y + scene.node_radius <= scene.height, "{scene:?}");
            for other in &scene.nodes[place + 1..] {
                assert!(2.0 * scene.node_radius < node.distance(*other), "{scene:?}");
            }
            for client in &scene.clients {
                let clear = scene.node_radius + RING_GAP + scene.client_radius;
                assert!(clear < node.distance(*client), "{counts:?} {place} {scene:?}");
            }
        }
    }
}

#[test]
fn a_row_stands_below_the_one_before_with_room_for_packets() {
    for ([proposers, acceptors, _], scene) in scenes() {
        let foot = |places: std::ops::Range<usize>| {
            let feet = places.map(|place| match scene.rows.cells[place].last() {
                Some(cell) => cell.y + cell.height,
                None => scene.nodes[place].y + scene.node_radius,
            });
            feet.fold(0.0, f64::max)
        };
        let head = |places: std::ops::Range<usize>| {
            let heads = places.map(|place| scene.nodes[place].y - scene.node_radius);
            heads.fold(f64::INFINITY, f64::min)
        };
        let second = proposers..proposers + acceptors;
        let third = proposers + acceptors..scene.nodes.len();
        assert!(foot(0..proposers) + 60.0 < head(second.clone()), "{scene:?}");
        assert!(foot(second) + 60.0 < head(third), "{scene:?}");
    }
}

#[test]
fn registers_stand_below_their_node_and_do_not_overlap() {
    for ([proposers, acceptors, _], scene) in scenes() {
        let mut cells: Vec<Cell> = Vec::new();
        for place in proposers..proposers + acceptors {
            assert_eq!(scene.rows.cells[place].len(), 2);
            for cell in &scene.rows.cells[place] {
                assert!(scene.nodes[place].y + scene.node_radius < cell.y, "{scene:?}");
                assert!((cell.x + cell.width / 2.0 - scene.nodes[place].x).abs() < 0.01);
                assert!(0.0 <= cell.x && cell.x + cell.width <= scene.width, "{scene:?}");
            }
            cells.extend(&scene.rows.cells[place]);
        }
        for (place, one) in cells.iter().enumerate() {
            for other in &cells[place + 1..] {
                let beside = one.x + one.width <= other.x || other.x + other.width <= one.x;
                let above = one.y + one.height <= other.y || other.y + other.height <= one.y;
                assert!(beside || above, "{scene:?}");
            }
        }
    }
}

#[test]
fn a_bracket_spans_exactly_those_who_voted_and_stays_in_its_room() {
    for ([proposers, acceptors, learners], scene) in scenes() {
        let voters = [proposers, proposers + 2];
        let bracket = scene.bracket(&voters, 0).expect("both show registers");
        let (left, right) = (scene.rows.cells[voters[0]][1], scene.rows.cells[voters[1]][1]);
        let xs = bracket.lines.iter().flat_map(|(a, b)| [a.x, b.x]);
        assert_eq!(xs.clone().fold(f64::INFINITY, f64::min), left.x);
        assert_eq!(xs.fold(0.0, f64::max), right.x + right.width);
        assert!(left.y + left.height < bracket.mark.y, "{scene:?}");
        let learner = scene.nodes[proposers + acceptors + learners - 1];
        assert!(bracket.mark.y + 20.0 < learner.y - scene.node_radius, "{scene:?}");
        assert_eq!(scene.bracket(&[0], 0), None, "a proposer has no register to stand below");
    }
}

#[test]
fn what_flies_to_a_row_below_does_not_pass_through_the_registers_of_its_sender() {
    for ([proposers, acceptors, _], scene) in scenes() {
        let (from, to) = (Place::Node(proposers), Place::Node(proposers + acceptors));
        let cell = scene.rows.cells[proposers][1];
        assert!(cell.y + cell.height < scene.lane(from, to).0.y, "{scene:?}");
        assert!(scene.lane(Place::Node(0), from).1.y < scene.nodes[proposers].y, "{scene:?}");
    }
}

#[test]
fn only_neighbouring_rows_and_rows_that_speak_with_themselves_are_seen_to_be_linked() {
    let mut rows = rows([2, 3, 2]);
    rows[2].talks = true;
    let scene = Scene::in_rows(700.0, &rows, 1);
    let linked = |a: usize| (0..7).filter(|b| a != *b && scene.are_linked(a, *b)).collect::<Vec<_>>();
    assert_eq!(linked(0), [2, 3, 4]);
    assert_eq!(linked(2), [0, 1, 5, 6]);
    assert_eq!(linked(5), [2, 3, 4, 6]);
}

#[test]
fn a_packet_along_a_row_passes_beside_the_nodes_between() {
    let scene = Scene::in_rows(700.0, &rows([3, 5, 3]), 1);
    for (from, to, between) in [(0, 2, 1), (2, 0, 1), (3, 7, 5), (8, 10, 9)] {
        let (start, end) = scene.lane(Place::Node(from), Place::Node(to));
        let middle = start.towards(end, 0.5);
        assert!(scene.node_radius < middle.distance(scene.nodes[between]), "{from} {to}");
    }
    assert_ne!(
        scene.lane(Place::Node(0), Place::Node(2)).0.y,
        scene.lane(Place::Node(2), Place::Node(0)).0.y
    );
}
