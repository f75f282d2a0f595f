//! The player: holds the session, moves the playhead, and alone writes the frame.
//!
//! Time passes here and nowhere else: what is due at the playhead is let happen, what the reader does is let
//! happen at the playhead. Must not know any protocol, nor how a frame is drawn.

mod attempt;
mod branching;
mod pace;
mod runs;
mod show;

pub use attempt::Attempt;
pub use pace::Moment;
pub use runs::nearest;
pub use show::Costs;

use super::beat::Beat;
use super::beginning::{Beginning, Run};
use super::verbs::Thing;
use crate::engine::action::{Action, Rejected};
use crate::engine::describe::{Mark, Telling, Weight};
use crate::engine::frame::{Frame, Lens};
use crate::engine::ids::{Micros, NodeId};
use crate::engine::invariant::Violation;
use crate::engine::options::Options;
use crate::engine::session::{Landmark, Session, Side, Told};
use crate::text::{Text, Words};
use leptos::prelude::*;
use std::rc::Rc;

/// Real time to virtual time: `1 / 20` shows a twentieth of a virtual second in a real one.
pub const SPEEDS: [(f64, &str); 11] = [
    (0.005, "1/200"),
    (0.01, "1/100"),
    (0.02, "1/50"),
    (0.05, "1/20"),
    (0.1, "1/10"),
    (0.2, "1/5"),
    (0.5, "1/2"),
    (1.0, "1"),
    (2.0, "2"),
    (5.0, "5"),
    (10.0, "10"),
];
/// How long before the first election the page opens, in virtual microseconds.
const OPENING: Micros = Micros(6_000);
/// How many captions are listed.
const CAPTIONS: usize = 60;
/// How far back the last landmark is looked for.
const CAPTIONS_HEARD: usize = 20;

/// How long the landmarks stand as they are while time passes, in real milliseconds.
const MARKS_EVERY_MS: f64 = 250.0;

/// What is said below the stage.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Saying {
    /// What happened last, or what the last step did.
    pub told: Option<Told>,
    /// What is said aloud: while time passes only landmarks, or a listener would hear nothing else.
    pub aloud: Option<Told>,
    /// Why nothing can go on, if nothing can.
    pub blocked: Option<Text>,
    /// Why the reader's last action was refused.
    pub rejected: Option<Text>,
    /// That it happened in one of two clusters only, if it did.
    pub alone: Option<Text>,
}

/// Where the playhead is, and on what.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Standing {
    /// How many actions have happened.
    pub position: usize,
    /// How many actions the branch has.
    pub len: usize,
    /// When the last action of the branch was.
    pub end: Micros,
    /// Which branch, from 0.
    pub branch: usize,
    /// How many branches.
    pub branches: usize,
}

/// Writes what moves, for a frame and a moment.
type Mover = Rc<dyn Fn(&Rc<Frame>, Moment)>;
/// Hands on a value of a frame where it has changed.
type Follower = Rc<dyn Fn(&Frame, Standing)>;

struct Core {
    session: Box<dyn Session>,
    playhead: f64,
    lens: Lens,
    commands: u32,
    pace: pace::Pace,
    record: runs::Record,
}

/// A handle to the player; cheap to copy. Where two runs are beside each other there is one for each: what is shown is
/// each one's own, time and the hand belong to both.
#[derive(Clone, Copy)]
pub struct Player {
    /// Which of the two runs it shows.
    pub side: Side,
    core: StoredValue<Core, LocalStorage>,
    players: StoredValue<Vec<Player>, LocalStorage>,
    beat: StoredValue<Option<Beat>, LocalStorage>,
    seen: StoredValue<bool>,
    /// When the landmarks were last drawn.
    marked_ms: StoredValue<f64>,
    /// How many landmarks there were when one was last said aloud.
    heard: StoredValue<usize>,
    reduced: RwSignal<bool>,
    movers: StoredValue<Vec<Mover>, LocalStorage>,
    followers: StoredValue<Vec<Follower>, LocalStorage>,
    /// The instant that is shown; only the player writes it.
    pub frame: ReadSignal<Rc<Frame>, LocalStorage>,
    set_frame: WriteSignal<Rc<Frame>, LocalStorage>,
    /// Where the playhead is.
    pub standing: RwSignal<Standing>,
    /// What is said of it.
    pub saying: RwSignal<Saying, LocalStorage>,
    /// The branch and its landmarks.
    pub marks: RwSignal<Rc<(usize, Vec<Landmark>)>, LocalStorage>,
    /// What is broken.
    pub violations: RwSignal<Rc<Vec<Violation>>, LocalStorage>,
    /// Whether time passes.
    pub playing: RwSignal<bool>,
    /// Which of [`SPEEDS`].
    pub speed: RwSignal<usize>,
    /// The playhead in whole virtual milliseconds, as often as the reader can read it.
    pub clock: RwSignal<Micros>,
    /// The node that the reader has chosen.
    pub chosen: RwSignal<Option<NodeId>>,
    /// The thing on the stage that the reader has chosen, for verbs and keys.
    pub thing: RwSignal<Option<Thing>>,
    /// The options in force, the engine's first, and the variant.
    pub settings: RwSignal<Rc<(Options, usize)>, LocalStorage>,
    /// Whether the reader has crashed anything yet.
    pub has_crashed: RwSignal<bool>,
    /// What the run began with.
    pub beginning: RwSignal<Beginning, LocalStorage>,
    /// What both runs have cost, where there are two.
    pub costs: RwSignal<Option<Rc<Costs>>, LocalStorage>,
    /// Told when a branch gets another name.
    pub named: RwSignal<()>,
}

impl Player {
    /// Shows a run from its start: a cluster just before its first election, or a scenario before its first step.
    pub fn new(run: Run, playing: bool, speed: usize, reduced: RwSignal<bool>) -> Player {
        let record = runs::Record::of(&run);
        let Run { beginning, session, opens_at, .. } = run;
        let lens = Lens { first: 1, count: 0, fields: false };
        let (frame, set_frame) = signal_local(Rc::new(session.frame(lens)));
        let (options, variant) = session.settings();
        let settings = RwSignal::new_local(Rc::new((options.clone(), variant)));
        let core = Core { session, playhead: 0.0, lens, commands: 0, pace: pace::Pace::default(), record };
        let nowhere = Standing { position: 0, len: 0, end: Micros::ZERO, branch: 0, branches: 1 };
        let player = Player {
            side: Side::Left,
            core: StoredValue::new_local(core),
            players: StoredValue::new_local(Vec::new()),
            beat: StoredValue::new_local(None),
            seen: StoredValue::new(true),
            marked_ms: StoredValue::new(f64::NEG_INFINITY),
            heard: StoredValue::new(usize::MAX),
            reduced,
            movers: StoredValue::new_local(Vec::new()),
            followers: StoredValue::new_local(Vec::new()),
            frame,
            set_frame,
            standing: RwSignal::new(nowhere),
            saying: RwSignal::new_local(Saying::default()),
            marks: RwSignal::new_local(Rc::default()),
            violations: RwSignal::new_local(Rc::default()),
            playing: RwSignal::new(playing),
            speed: RwSignal::new(speed),
            clock: RwSignal::new(Micros::ZERO),
            chosen: RwSignal::new(None),
            thing: RwSignal::new(None),
            settings,
            has_crashed: RwSignal::new(false),
            beginning: RwSignal::new_local(beginning),
            costs: RwSignal::new_local(None),
            named: RwSignal::new(()),
        };
        player.players.set_value(vec![player, player.twin()]);
        player.beat.set_value(Some(Beat::new(move |elapsed_ms| player.on_frame(elapsed_ms))));
        player.go_to_opening(opens_at);
        player.wake();
        player
    }

    /// The player of the right run: what is shown is its own.
    fn twin(self) -> Player {
        let (frame, set_frame) = signal_local(self.frame.get_untracked());
        Player {
            side: Side::Right,
            heard: StoredValue::new(usize::MAX),
            movers: StoredValue::new_local(Vec::new()),
            followers: StoredValue::new_local(Vec::new()),
            frame,
            set_frame,
            saying: RwSignal::new_local(Saying::default()),
            violations: RwSignal::new_local(Rc::default()),
            thing: RwSignal::new(None),
            settings: RwSignal::new_local(self.settings.get_untracked()),
            beginning: RwSignal::new_local(self.beginning.get_untracked().of_twin()),
            ..self
        }
    }

    fn players(self) -> Vec<Player> {
        self.players.get_value()
    }

    /// The player of one of the two runs.
    pub fn of_side(self, side: Side) -> Player {
        self.players().into_iter().find(|player| player.side == side).unwrap_or(self)
    }

    /// Whether there are two runs beside each other.
    pub fn is_pair(self) -> bool {
        self.of_side(Side::Left).beginning.with(|beginning| beginning.beside.is_some())
    }

    /// From the nearest component that provides it.
    pub fn here() -> Player {
        expect_context::<Player>()
    }

    /// Calls this with every frame and moment, to write what moves, until whoever asks for it is gone: a smaller
    /// cluster has fewer nodes to draw.
    pub fn on_move(self, mover: impl Fn(&Rc<Frame>, Moment) + 'static) {
        let mover: Mover = Rc::new(mover);
        let own = Rc::as_ptr(&mover).addr();
        self.movers.update_value(|movers| movers.push(mover));
        on_cleanup(move || {
            self.movers.update_value(|movers| movers.retain(|mover| Rc::as_ptr(mover).addr() != own));
        });
        self.wake();
    }

    /// Calls this at the beginning of every animation frame, before anything is written.
    pub fn before_move(self, mover: impl Fn() + 'static) {
        self.on_move(move |_, _| mover());
        self.movers.update_value(|movers| movers.rotate_right(1));
    }

    /// A value of every frame, told only when it changes. For what is asked of a frame many times a second this costs
    /// a comparison, where a memo would wake all that hangs on it to find out that nothing is new.
    pub fn follow<T: PartialEq + Send + Sync + 'static>(
        self,
        value: impl Fn(&Frame, Standing) -> T + 'static,
    ) -> ReadSignal<T> {
        let now = |frame: &Rc<Frame>| value(frame, self.standing.get_untracked());
        let (read, write) = signal(self.frame.with_untracked(now));
        let follower: Follower = Rc::new(move |frame, standing| {
            let new = value(frame, standing);
            if read.with_untracked(|old| *old != new) {
                write.set(new);
            }
        });
        let own = Rc::as_ptr(&follower).addr();
        self.followers.update_value(|followers| followers.push(follower));
        on_cleanup(move || {
            self.followers.update_value(|followers| {
                followers.retain(|follower| Rc::as_ptr(follower).addr() != own);
            });
        });
        read
    }

    fn go_to_opening(self, opens_at: Option<Micros>) {
        self.core.update_value(|core| {
            let first = core.session.next_at().unwrap_or_default();
            core.playhead = opens_at.unwrap_or(first.since(OPENING)).0 as f64;
        });
        self.show();
    }

    // Time.

    /// Plays or pauses.
    pub fn toggle(self) {
        self.playing.update(|playing| *playing = !*playing);
        self.show();
        self.wake();
    }

    /// Whether the page is on the screen: while it is not, nothing is drawn and no time passes.
    pub fn set_seen(self, seen: bool) {
        self.seen.set_value(seen);
        if seen {
            self.wake();
        }
    }

    /// Sees to it that there is a next animation frame.
    pub fn wake(self) {
        self.beat.with_value(|beat| beat.iter().for_each(Beat::request));
    }

    /// Chooses a thing. At a packet time stands still, so that it stays where it is.
    pub fn choose(self, thing: Thing) {
        if let Thing::Node(node) = thing {
            self.chosen.set(Some(node));
        }
        if self.thing.get_untracked() != Some(thing) {
            self.thing.set(Some(thing));
            self.of_side(self.side.other()).thing.set(None);
        }
        if matches!(thing, Thing::Packet(_)) && self.playing.get_untracked() {
            self.toggle();
        }
    }

    /// Chooses nothing, on either side.
    pub fn let_go(self) {
        self.players().into_iter().for_each(|player| player.thing.set(None));
    }

    /// Where the playhead is, in virtual microseconds.
    pub fn playhead(self) -> f64 {
        self.core.with_value(|core| core.playhead)
    }

    /// One action onwards, and stands still.
    pub fn step_forward(self) {
        self.playing.set(false);
        let rejected = self.core.try_update_value(|core| {
            let stepped = core.session.step();
            core.playhead = core.session.time_at(core.session.position()).0 as f64;
            stepped.err()
        });
        self.show();
        self.say_rejected(rejected.flatten());
        self.wake();
    }

    /// One action back, and stands still.
    pub fn step_back(self) {
        self.playing.set(false);
        self.core.update_value(|core| {
            let before = core.session.position().saturating_sub(1);
            core.session.seek(before);
            core.playhead = core.session.time_at(before).0 as f64;
        });
        self.show();
        self.wake();
    }

    /// Goes to an instant, and stands still.
    pub fn seek(self, at: f64) {
        self.playing.set(false);
        self.core.update_value(|core| {
            let position = core.session.position_at(Micros(at.max(0.0) as u64));
            core.session.seek(position);
            core.playhead = at;
        });
        self.show();
        self.wake();
    }

    /// Goes to just after an action, and stands still.
    pub fn seek_position(self, position: usize) {
        self.playing.set(false);
        self.core.update_value(|core| {
            core.session.seek(position);
            core.playhead = core.session.time_at(position).0 as f64;
        });
        self.show();
        self.wake();
    }

    /// Goes to the last action of the branch.
    pub fn back_to_now(self) {
        self.seek_position(usize::MAX);
    }

    // What happens at the playhead.

    /// Lets actions happen at the playhead; a refusal is said.
    pub fn dispatch(self, actions: impl IntoIterator<Item = Action>) {
        let actions: Vec<Action> = actions.into_iter().collect();
        if actions.iter().any(|action| matches!(action, Action::Crash(_))) {
            self.has_crashed.set(true);
        }
        let rejected = self.core.try_update_value(|core| {
            let at = Micros(core.playhead.max(0.0) as u64);
            actions.into_iter().find_map(|action| match self.side {
                Side::Left => core.session.act(at, action).err(),
                Side::Right => core.session.act_beside(at, action).err(),
            })
        });
        self.show();
        self.say_alone();
        self.say_rejected(rejected.flatten());
        self.wake();
    }

    /// The number of the reader's next request, from 1.
    pub fn next_command(self) -> u32 {
        let number = self.core.try_update_value(|core| {
            core.commands += 1;
            core.commands
        });
        number.unwrap_or(1)
    }

    /// Says something of all that the reader just did, in place of what is told of its last action.
    pub fn say_instead(self, text: Text) {
        let telling = Telling { text, why: None, cite: "" };
        let told = Told { member: None, telling, weight: Weight::News, ignored: false };
        self.saying.update(|saying| {
            saying.aloud = Some(told.clone());
            saying.told = Some(told);
        });
    }

    /// Says why something that the reader wanted cannot be.
    pub fn refuse(self, why: &'static Words) {
        self.saying.update(|saying| saying.rejected = Some(Text::from(why)));
    }

    fn say_rejected(self, rejected: Option<Rejected>) {
        if let Some(rejected) = rejected {
            self.saying.update(|saying| saying.rejected = Some(rejected.text()));
        }
    }

    /// Which stretch of the logs is drawn.
    pub fn look_at(self, first: u32, count: u32) {
        let lens = Lens { first, count, fields: false };
        if self.core.with_value(|core| core.lens != lens) {
            self.core.update_value(|core| core.lens = lens);
            self.show();
        }
    }
}

/// Whether a landmark stands above the axis of the history, rather than below.
pub fn stands_above(mark: Mark) -> bool {
    mark != Mark::Commit
}
