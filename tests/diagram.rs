//! The space–time diagram: everything stands where and when it was, what was lost ends in a cross, a crash is a gap,
//! and however long a run is, what is drawn of it stays few.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the message")]

use conclave::engine::action::{Action, Ask};
use conclave::engine::chronicle::{Chronicle, End, Flight, Sign, Spot};
use conclave::engine::describe::Mark;
use conclave::engine::frame::Lens;
use conclave::engine::ids::{ClientId, Link, MemberId, NodeId};
use conclave::engine::options::Options;
use conclave::engine::session::Session;
use conclave::protocols::{self, Opening};
use conclave::scenario::file::Scenario;
use conclave::scenario::run::run;
use conclave::scene::diagram::{
    Axis, BAND, BELOW, Columns, Drawing, HIGHEST, MOST_IN_BAND, Stroke, Tip, View, bounded_scale, layout,
    scale_to_fit,
};

const AXES: [Axis; 2] = [Axis::Time, Axis::Steps];
const WIDTHS: [f64; 3] = [328.0, 440.0, 900.0];

fn node(number: u8) -> NodeId {
    NodeId::new(number).unwrap()
}

fn cluster() -> Box<dyn Session> {
    let raft = protocols::find("raft").unwrap();
    let options = Options::defaults(raft.options);
    (raft.open)(&Opening { nodes: 5, seed: 3, options, variant: 0, start: vec![], down: vec![] }).unwrap()
}

fn drive(session: &mut dyn Session, actions: usize) {
    while session.len() < actions {
        let number = session.len();
        if number.is_multiple_of(40) {
            let command = format!("x={number}");
            let ask =
                Ask { client: ClientId::FIRST, node: node(2), command: command.as_str().into(), seq: None };
            let _ = session.act(session.time_at(number), Action::Request(Box::new(ask)));
        }
        session.step().unwrap();
    }
}

/// A run with a leader that crashes and comes back, and with a node that is cut off for a while.
fn troubled() -> Box<dyn Session> {
    let mut session = cluster();
    drive(&mut *session, 120);
    let leader = session
        .frame(Lens::ALL)
        .members
        .iter()
        .position(|member| member.role.is_some_and(|role| role.key == "leader"));
    let leader = node(leader.unwrap() as u8 + 1);
    let other = node(leader.number() % 5 + 1);
    let now = |session: &dyn Session| session.time_at(session.len());
    for (from, to) in [(leader, other), (other, leader)] {
        let at = now(&*session);
        session.act(at, Action::Cut(Link { from, to })).unwrap();
    }
    drive(&mut *session, 200);
    let at = now(&*session);
    session.act(at, Action::Heal(Link { from: leader, to: other })).unwrap();
    session.act(at, Action::Heal(Link { from: other, to: leader })).unwrap();
    session.act(at, Action::Crash(leader)).unwrap();
    drive(&mut *session, 320);
    let at = now(&*session);
    session.act(at, Action::Restart(leader)).unwrap();
    drive(&mut *session, 400);
    session
}

fn chronicle(session: &dyn Session) -> Chronicle {
    let mut chronicle = Chronicle::default();
    chronicle.extend(session.traces(0..session.len() + 1));
    chronicle
}

fn end(session: &dyn Session) -> Spot {
    Spot { position: session.len() as u32, at: session.time_at(session.len()) }
}

fn columns(width: f64) -> Columns {
    Columns { width, nodes: 5, clients: 1 }
}

/// The whole of a run, as it is first seen.
fn whole(session: &dyn Session, axis: Axis, width: f64) -> View {
    let mut view = View {
        axis,
        scale: axis.first_scale(),
        from: 0.0,
        to: 0.0,
        end: end(session),
        columns: columns(width),
    };
    view.to = view.y(view.end) + BELOW;
    view
}

fn unlabelled(_: &Flight) -> Option<String> {
    None
}

#[test]
fn every_packet_is_drawn_or_counted_once_from_its_sender_to_its_receiver() {
    let session = troubled();
    let chronicle = chronicle(&*session);
    for axis in AXES {
        for width in WIDTHS {
            let view = whole(&*session, axis, width);
            let drawing = layout(&chronicle, &view, &unlabelled);
            let counted: u32 = drawing.bands.iter().map(|band| band.sent).sum();
            assert_eq!(drawing.arrows.len() + counted as usize, chronicle.flights().len());
            let mut places: Vec<usize> = drawing.arrows.iter().map(|arrow| arrow.place).collect();
            places.dedup();
            assert!(
                places.is_sorted() && places.len() == drawing.arrows.len(),
                "in the order in which they left"
            );
            for arrow in &drawing.arrows {
                let flight = chronicle.flights()[arrow.place];
                assert_eq!(arrow.packet, flight.packet);
                assert!((arrow.from.x - view.columns.x(flight.from)).abs() < 4.0);
                assert_eq!(arrow.from.y, view.y(flight.sent));
                assert!(arrow.from.y <= arrow.to.y, "never upwards");
                match flight.end {
                    End::Arrived(spot) => {
                        assert_eq!(arrow.tip, Tip::Arrived);
                        assert!((arrow.to.x - view.columns.x(flight.to)).abs() < 4.0);
                        assert_eq!(arrow.to.y, view.y(spot));
                    }
                    End::Lost(..) => assert_eq!(arrow.tip, Tip::Lost),
                    End::Flies => assert_eq!(arrow.tip, Tip::Flies),
                }
            }
            assert!(drawing.arrows.iter().any(|arrow| arrow.tip == Tip::Lost), "the cut link loses some");
        }
    }
}

#[test]
fn a_crashed_node_has_no_line_and_a_leader_another_one() {
    let session = troubled();
    let chronicle = chronicle(&*session);
    for axis in AXES {
        let view = whole(&*session, axis, 440.0);
        let drawing = layout(&chronicle, &view, &unlabelled);
        let down = |sign: Sign| chronicle.signs().iter().find(|signed| signed.sign == sign).copied().unwrap();
        let (crash, back) = (down(Sign::Landmark(Mark::Crash)), down(Sign::Restarted));
        let own = drawing.lines.iter().filter(|line| line.member.node() == crash.node);
        let stretches: Vec<(f64, f64)> = own.clone().flat_map(|line| line.stretches.clone()).collect();
        let gap = (view.y(crash.spot), view.y(back.spot));
        assert!(stretches.iter().all(|(from, to)| *to <= gap.0 || gap.1 <= *from), "{stretches:?} {gap:?}");
        assert!(
            stretches.iter().any(|(_, to)| *to == gap.0) && stretches.iter().any(|(from, _)| *from == gap.1)
        );
        assert!(own.clone().any(|line| line.stroke == Stroke::Primary), "it led before");
        // Everybody else's line has no hole.
        for member in view.columns.members().filter(|member| member.node() != crash.node) {
            let own = drawing.lines.iter().filter(|line| line.member == member);
            let mut stretches: Vec<(f64, f64)> = own.flat_map(|line| line.stretches.clone()).collect();
            stretches.sort_by(|one, two| one.0.total_cmp(&two.0));
            assert!(stretches.windows(2).all(|pair| pair[0].1 == pair[1].0), "{member} {stretches:?}");
            assert_eq!(stretches.first().unwrap().0, view.y_of(0.0));
            assert_eq!(stretches.last().unwrap().1, view.y(view.end));
        }
    }
}

#[test]
fn cut_links_are_seen_as_long_as_they_are_cut() {
    let session = troubled();
    let chronicle = chronicle(&*session);
    let view = whole(&*session, Axis::Steps, 440.0);
    let drawing = layout(&chronicle, &view, &unlabelled);
    let turns = chronicle.turns();
    assert_eq!((turns.len(), drawing.turns.len()), (2, 2));
    let strips: Vec<(f64, f64)> = drawing.strips.iter().map(|strip| (strip.from, strip.to)).collect();
    assert_eq!(strips, [(view.y(turns[0].spot), view.y(turns[1].spot))]);
    let ends = turns[0].links.iter().map(|link| view.columns.x(link.from.into()));
    assert!(ends.into_iter().all(|x| drawing.turns[0].from <= x && x <= drawing.turns[0].to));
}

#[test]
fn everything_stands_inside_and_signs_and_labels_apart() {
    let session = troubled();
    let chronicle = chronicle(&*session);
    let label = |_: &Flight| Some("append 1".to_string());
    for axis in AXES {
        for width in WIDTHS {
            let view = whole(&*session, axis, width);
            let drawing = layout(&chronicle, &view, &label);
            let inside = |x: f64| (0.0..=width).contains(&x);
            assert!(drawing.arrows.iter().all(|arrow| inside(arrow.from.x) && inside(arrow.to.x)));
            assert!(drawing.lines.iter().all(|line| inside(line.x)));
            for (place, mark) in drawing.marks.iter().enumerate() {
                assert!(inside(mark.at.x));
                // A pennant flies beside its line.
                let flies = |sign: Sign| sign == Sign::Landmark(Mark::Elected);
                for other in &drawing.marks[place + 1..] {
                    let meet = mark.at.x == other.at.x && flies(mark.sign) == flies(other.sign);
                    assert!(!meet || 12.0 < (mark.at.y - other.at.y).abs(), "{mark:?} {other:?}");
                }
            }
            let labels: Vec<_> = drawing.arrows.iter().filter_map(|arrow| arrow.label.clone()).collect();
            assert!(!labels.is_empty());
            for (place, (text, at, ends)) in labels.iter().enumerate() {
                let wide = text.len() as f64 * 6.0;
                let left = if *ends { at.x - wide } else { at.x };
                assert!(inside(left) && inside(left + wide), "{text} at {at:?}");
                for (_, other, other_ends) in &labels[place + 1..] {
                    let other_left = if *other_ends { other.x - wide } else { other.x };
                    let apart = wide <= (left - other_left).abs() || 13.0 <= (at.y - other.y).abs();
                    assert!(apart, "{at:?} {other:?}");
                }
            }
            assert!(drawing.ticks.windows(2).all(|pair| 47.9 < pair[1].y - pair[0].y));
        }
    }
}

#[test]
fn members_stand_in_order_with_room_between_them() {
    for width in WIDTHS {
        let columns = Columns { width, nodes: 13, clients: 2 };
        let places: Vec<f64> = columns.members().map(|member| columns.x(member)).collect();
        assert_eq!(places.len(), 15);
        assert!(places.windows(2).all(|pair| 16.0 < pair[1] - pair[0]), "{places:?}");
        assert!(columns.gutter() < places[0] && places[14] < width);
    }
    let columns = columns(440.0);
    assert!(columns.x(MemberId::Node(node(5))) < columns.x(MemberId::Client(ClientId::FIRST)));
}

#[test]
fn of_twenty_thousand_actions_few_things_are_drawn_at_every_zoom() {
    let mut session = cluster();
    drive(&mut *session, 20_000);
    let (chronicle, end) = (chronicle(&*session), end(&*session));
    // Three screens of 420 pixels, which is more than the page lays out.
    let height = 1_260.0;
    for axis in AXES {
        let mut scale = scale_to_fit(axis, end, 420.0);
        let mut seen_bands = 0;
        while scale <= axis.greatest_scale() {
            let mut view = View { axis, scale, from: 0.0, to: 0.0, end, columns: columns(440.0) };
            let bottom = view.y(end);
            for part in [0.0, 0.3, 0.7, 1.0] {
                view.from = (bottom * part - height / 2.0).max(0.0);
                view.to = view.from + height;
                let drawing = layout(&chronicle, &view, &unlabelled);
                assert!(drawing.len() < 700, "{} things at {scale} px for each unit", drawing.len());
                let stretches: usize = drawing.lines.iter().map(|line| line.stretches.len()).sum();
                assert!(stretches < 2_000, "{stretches}");
                assert!(!drawing.is_empty());
                seen_bands += drawing.bands.len();
            }
            scale *= 3.0;
        }
        assert!(0 < seen_bands, "from afar packets are counted");
    }
}

#[test]
fn bands_count_what_left_in_them_and_stay_where_they_are() {
    let mut session = cluster();
    drive(&mut *session, 5_000);
    let (chronicle, end) = (chronicle(&*session), end(&*session));
    let scale = scale_to_fit(Axis::Time, end, 2_000.0);
    let mut view = View { axis: Axis::Time, scale, from: 0.0, to: 2_100.0, end, columns: columns(440.0) };
    let all = layout(&chronicle, &view, &unlabelled);
    let drawn = all.arrows.len() + all.bands.iter().map(|band| band.sent as usize).sum::<usize>();
    assert_eq!(drawn, chronicle.flights().len());
    for band in &all.bands {
        let left = |flight: &&Flight| band.from <= view.y(flight.sent) && view.y(flight.sent) < band.to;
        let flights: Vec<_> = chronicle.flights().iter().filter(left).collect();
        assert_eq!(flights.len(), band.sent as usize);
        assert!(MOST_IN_BAND < flights.len() && band.from % BAND == 0.0);
        let lost = flights.iter().filter(|flight| matches!(flight.end, End::Lost(..))).count();
        assert_eq!(lost, band.lost as usize);
    }
    // Scrolled, the same is seen of the same.
    (view.from, view.to) = (333.0, 801.0);
    let part = layout(&chronicle, &view, &unlabelled);
    let of_both: Vec<_> = all.bands.iter().filter(|band| band.from < 801.0 && 333.0 < band.to).collect();
    assert_eq!(part.bands.len(), of_both.len());
    assert!(
        part.bands.iter().zip(of_both).all(|(one, other)| (one.from, one.sent) == (other.from, other.sent))
    );
}

#[test]
fn a_zoom_stays_between_the_whole_run_and_one_exchange() {
    let end = Spot { position: 1_000_000, at: conclave::engine::ids::Micros::from_ms(36_000_000) };
    for axis in AXES {
        let least = bounded_scale(axis, 0.0, end, 420.0);
        let view = View { axis, scale: least, from: 0.0, to: 0.0, end, columns: columns(440.0) };
        assert!((view.y(end) + BELOW - 420.0).abs() < 1.0, "the whole run fits");
        let most = bounded_scale(axis, f64::MAX, end, 420.0);
        assert!(axis.unit(end) * most <= HIGHEST + 1.0);
        assert!(least < most);
    }
    // A run of which there is hardly anything is not blown up beyond measure.
    let start = Spot { position: 1, at: conclave::engine::ids::Micros(10) };
    assert!(bounded_scale(Axis::Time, 0.0, start, 420.0) <= Axis::Time.greatest_scale());
}

#[test]
fn steps_by_hand_that_take_no_time_stand_apart_by_steps() {
    let raft = protocols::find("raft").unwrap();
    let (_, text) = raft.scenarios.iter().find(|(slug, _)| *slug == "ra4-figure-7-one-by-one").unwrap();
    let finished = run(&Scenario::parse(text.as_bytes()).unwrap()).unwrap();
    let mut session = finished.runner.into_session();
    session.seek(0);
    let chronicle = chronicle(&*session);
    let heights = |axis: Axis| {
        let view = whole(&*session, axis, 440.0);
        let drawing: Drawing = layout(&chronicle, &view, &unlabelled);
        drawing.arrows.iter().map(|arrow| arrow.to.y - arrow.from.y).fold(0.0, f64::max)
    };
    assert!(20.0 < heights(Axis::Steps));
}
