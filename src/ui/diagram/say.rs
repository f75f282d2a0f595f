//! What the parts of the diagram are called.

use crate::engine::chronicle::{End, Flight, Sign, Spot, Turn};
use crate::engine::describe::{Mark as Landmark, listed_links};
use crate::engine::trace::kinds;
use crate::scene::diagram::{Axis, Band, Mark};
use crate::text::page as say;
use crate::text::{Text, Words};
use crate::ui::player::Player;
use leptos::prelude::*;

/// Names parts of the diagram.
pub struct Sayer {
    /// What is downwards: that is how a place is told.
    pub axis: Axis,
    /// Who knows the run.
    pub player: Player,
}

impl Sayer {
    /// When: in milliseconds, or as the number of an action where steps take no time.
    fn when(&self, spot: Spot) -> Text {
        match self.axis {
            Axis::Steps => say::STEP.with("step", spot.position),
            Axis::Time => say::MS.with("ms", format!("{}.{}", spot.at.0 / 1000, spot.at.0 % 1000 / 100)),
        }
    }

    /// What a packet is called: its kind, sender and receiver, when it left and what became of it.
    pub fn flight(&self, flight: &Flight) -> Text {
        let own = self.player.beginning.with_untracked(|beginning| beginning.protocol.kinds);
        let kind = kinds(own).nth(usize::from(flight.kind)).unwrap_or_default();
        let packet = say::PACKET_NAME.with("kind", kind).with("from", flight.from).with("to", flight.to);
        let told = |words: &'static Words| words.with("packet", packet).with("sent", self.when(flight.sent));
        match flight.end {
            End::Arrived(spot) => told(&say::ARROW_ARRIVED).with("end", self.when(spot)),
            End::Lost(spot, _) => told(&say::ARROW_LOST).with("end", self.when(spot)),
            End::Flies => told(&say::ARROW_FLIES),
        }
    }

    /// How many packets a band stands for.
    pub fn band(&self, band: &Band) -> Text {
        let text = say::BAND.with("sent", band.sent).with("lost", band.lost);
        text.with("from", self.when(band.spots.0)).with("to", self.when(band.spots.1))
    }

    /// What a node did.
    pub fn mark(&self, mark: &Mark) -> Text {
        let text = match mark.node {
            Some(node) => say::SIGN_OF_NODE.with("node", node),
            None => Text::from(&say::SIGN_OF_NOBODY),
        };
        text.with("sign", word(mark.sign)).with("at", self.when(mark.spot))
    }

    /// Which links were cut or healed.
    pub fn turn(&self, turn: &Turn) -> Text {
        let words = if turn.cut { &say::TURN_CUT } else { &say::TURN_HEALED };
        words.with("at", self.when(turn.spot)).with("links", listed_links(&turn.links))
    }
}

/// What is written in a band.
pub fn count(band: &Band) -> Text {
    let words = if band.lost == 0 { &say::BAND_COUNT } else { &say::BAND_COUNT_LOST };
    words.with("sent", band.sent).with("lost", band.lost)
}

/// The name of an arrow with what its packet says.
pub fn with_label(arrow: Text, label: Text) -> Text {
    say::ARROW_DETAIL.with("arrow", arrow).with("label", label)
}

fn word(sign: Sign) -> &'static Words {
    match sign {
        Sign::Decided => &say::SIGN_DECIDED,
        Sign::Landmark(Landmark::Campaign) => &say::SIGN_CAMPAIGN,
        Sign::Landmark(Landmark::Elected) => &say::SIGN_ELECTED,
        Sign::Landmark(Landmark::Crash) => &say::SIGN_CRASH,
        Sign::Landmark(Landmark::Commit) => &say::SIGN_COMMIT,
        Sign::Landmark(Landmark::Violation) => &say::SIGN_VIOLATION,
        Sign::Restarted => &say::SIGN_RESTARTED,
        Sign::Paused => &say::SIGN_PAUSED,
        Sign::Resumed => &say::SIGN_RESUMED,
    }
}
