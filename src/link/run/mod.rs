//! A whole run in a link: what it began with, what was done by hand in every branch, and where the reader stands.
//!
//! The clock's own actions are not written down but counted: a world is deterministic, so they happen again. A link
//! is `v1:` and the run in base64url; what an old version wrote is read for ever. Must not know the page, nor any
//! protocol by name.

mod bytes;
mod v1;

use crate::engine::action::Action;
use crate::engine::beside::Beside;
use crate::engine::history::MAX_ACTIONS;
use crate::engine::ids::Micros;
use crate::engine::session::{ByHand, Session, Side};
use crate::protocols::{Opening, ProtocolInfo};
use crate::text::link as say;
use crate::text::{Text, Words};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

/// What stands before the run, in the version that is written.
const PREFIX: &str = "v1:";
/// The longest run that is put into a link, in characters; browsers and mail programs cut what is longer.
pub const MAX_LINK: usize = 30_000;
/// The longest name that a branch may have, in characters.
pub const MAX_NAME: usize = 40;

/// A run that can be done again.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Whose state machines run.
    pub protocol: &'static ProtocolInfo,
    /// What the run begins with.
    pub opening: Opening,
    /// The cluster beside it, if there is one.
    pub beside: Option<Beside>,
    /// The built-in scenario that it began as, if it did.
    pub scenario: Option<String>,
    /// How many actions that scenario recorded.
    pub scripted: usize,
    /// Every branch; each after the one that it left.
    pub branches: Vec<Branch>,
    /// Where the reader stands.
    pub place: Place,
    /// The lower half of the digest there, to find out whether the run came out the same.
    pub digest: u32,
}

/// The protocols of the left run and of the right one; where there is only one, it is both.
pub type Protocols = [&'static ProtocolInfo; 2];

impl Recording {
    /// Whose state machines run on either side.
    pub fn protocols(&self) -> Protocols {
        [self.protocol, self.beside.as_ref().map_or(self.protocol, |beside| beside.protocol)]
    }
}

/// Where in a run a reader stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// In which branch.
    pub branch: usize,
    /// After how many actions.
    pub position: usize,
    /// How long after the last of them.
    pub after: Micros,
}

/// A branch of a recorded run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Branch {
    /// The branch that it left, and after how many actions.
    pub left: Option<(usize, usize)>,
    /// What its reader calls it; empty where nobody named it.
    pub name: String,
    /// What was done by hand.
    pub deeds: Vec<Deed>,
    /// How many actions it has, with those before it left.
    pub len: usize,
}

/// Something done by hand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deed {
    /// After how many actions.
    pub position: usize,
    /// How long after the last of them.
    pub after: Micros,
    /// In which of two runs.
    pub side: Side,
    /// What.
    pub action: Action,
}

impl Branch {
    /// After how many actions it begins.
    pub fn from(&self) -> usize {
        self.left.map_or(0, |(_, from)| from)
    }
}

/// A run done again, as far as that was possible.
pub struct Replayed {
    /// The run, at the place that the link names, or at the nearest.
    pub session: Box<dyn Session>,
    /// The playhead.
    pub playhead: Micros,
    /// What is not as the link says, if something is not.
    pub trouble: Option<Text>,
}

/// Writes down a run. The session is left where it was.
pub fn record(
    session: &dyn Session,
    protocol: &'static ProtocolInfo,
    opening: Opening,
    playhead: Micros,
) -> Recording {
    let (frames, branch) = session.branches();
    let branches = frames.into_iter().enumerate().map(|(place, frame)| Branch {
        left: frame.parent.map(|parent| (parent, frame.from)),
        name: frame.name.unwrap_or_default(),
        deeds: session.by_hand(place).into_iter().map(|deed| written(session, place, deed)).collect(),
        len: frame.len,
    });
    let position = session.position();
    Recording {
        protocol,
        opening,
        beside: None,
        scenario: None,
        scripted: 0,
        branches: branches.collect(),
        place: Place { branch, position, after: playhead.since(session.time_at(position)) },
        digest: session.digest() as u32,
    }
}

fn written(session: &dyn Session, branch: usize, deed: ByHand) -> Deed {
    let ByHand { position, at, side, action } = deed;
    Deed { position, after: at.since(session.time_in(branch, position)), side, action }
}

/// Writes a run as the text behind the `#` of an address.
pub fn write(recording: &Recording) -> String {
    format!("{PREFIX}{}", BASE64.encode(v1::write(recording)))
}

/// Reads the text behind the `#`: the run, and what is missing of it. Nothing where it is no run at all, such as the
/// anchor of a heading.
pub fn read(hash: &str) -> Option<Result<(Recording, Option<Text>), Text>> {
    let hash = hash.strip_prefix('#').unwrap_or(hash);
    let (version, text) = hash.split_once(':')?;
    let number =
        version.strip_prefix('v').filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()))?;
    if number != "1" {
        return Some(Err(say::LINK_VERSION.with("version", short(version))));
    }
    Some(v1::read(&bytes_of(text)).map_err(Text::from))
}

/// As much of a text as is base64: what was cut off in a mail is not all lost.
fn bytes_of(text: &str) -> Vec<u8> {
    // Some programs write a percent sign where a dash was, or add a full stop.
    let end =
        text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    let text = &text[..end];
    BASE64.decode(text).or_else(|_| BASE64.decode(&text[..end - end % 4])).unwrap_or_default()
}

fn short(text: &str) -> String {
    text.chars().take(12).collect()
}

/// Does a recorded run again, beside another cluster if it was so, and goes to its place.
pub fn replay(recording: &Recording) -> Result<Replayed, Text> {
    let opened = match &recording.beside {
        Some(beside) => beside.open(recording.protocol, &recording.opening),
        None => (recording.protocol.open)(&recording.opening),
    };
    let mut session =
        opened.map_err(|error| say::LINK_START.with("node", error.node).with("why", error.why))?;
    let mut trouble = None;
    for (number, branch) in recording.branches.iter().enumerate() {
        if let Err(text) = grow(&mut *session, number, branch) {
            trouble = Some(text);
            break;
        }
    }
    let Place { branch, position, after } = recording.place;
    session.switch(branch.min(session.branches().0.len() - 1));
    session.seek(position);
    let reached = session.position();
    let playhead = match reached == position {
        true => session.time_at(reached).after(after),
        false => session.time_at(reached),
    };
    if trouble.is_none() && session.digest() as u32 != recording.digest {
        trouble = Some(Text::from(&say::LINK_DIFFERS));
    }
    Ok(Replayed { session, playhead, trouble })
}

/// Lets a branch happen again.
fn grow(session: &mut dyn Session, number: usize, branch: &Branch) -> Result<(), Text> {
    if let Some((parent, from)) = branch.left {
        session.switch(parent);
        session.seek(from);
    }
    let stuck = |position: usize, why: Text| say::LINK_STUCK.with("action", position + 1).with("why", why);
    for deed in &branch.deeds {
        run_to(session, deed.position)?;
        let at = session.time_at(deed.position).after(deed.after);
        let done = match deed.side {
            Side::Left => session.act(at, deed.action.clone()),
            Side::Right => session.act_beside(at, deed.action.clone()),
        };
        done.map_err(|why| stuck(deed.position, why.text()))?;
    }
    run_to(session, branch.len)?;
    match session.branches().1 == number {
        true => Ok(()),
        false => Err(stuck(branch.len, Text::from(&say::LINK_NO_FORK))),
    }?;
    session.name_branch(number, &branch.name);
    Ok(())
}

/// Lets the clock go on until so many actions have happened.
fn run_to(session: &mut dyn Session, position: usize) -> Result<(), Text> {
    let stuck =
        |words: &'static Words| say::LINK_STUCK.with("action", position + 1).with("why", Text::from(words));
    while session.position() < position.min(MAX_ACTIONS) {
        match session.step() {
            Ok(Some(_)) => {}
            Ok(None) => return Err(stuck(&say::LINK_IDLE)),
            Err(why) => return Err(say::LINK_STUCK.with("action", position + 1).with("why", why.text())),
        }
    }
    Ok(())
}
