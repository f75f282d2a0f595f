//! The cluster beside another one: what sets it apart, and how both begin together.
//!
//! It has as many nodes, the same seed and the same bus; where its protocol has an option of the same name, the same
//! value. Must not know any protocol.

use crate::engine::catalog::{Opening, ProtocolInfo, StartError};
use crate::engine::options::{ENGINE, ENGINE_OPTIONS, OptionSpec, OptionValue, Options};
use crate::engine::pair::{Pair, Run};
use crate::engine::session::Session;

/// A switch the other way round; anything else as it is.
pub fn switched(value: OptionValue) -> OptionValue {
    match value {
        OptionValue::Flag(on) => OptionValue::Flag(!on),
        value => value,
    }
}

/// What sets a cluster apart from the one beside which it runs.
#[derive(Clone, Debug)]
pub struct Beside {
    /// Its protocol.
    pub protocol: &'static ProtocolInfo,
    /// Its variant, by place; 0 is the correct protocol.
    pub variant: usize,
    /// The options that are set there otherwise, by place.
    pub options: Vec<(usize, OptionValue)>,
}

impl Beside {
    /// How it begins, beside a cluster of a protocol that begins like this. States to start from belong to a protocol,
    /// so that only the same one can share them.
    pub fn opening(&self, protocol: &ProtocolInfo, left: &Opening) -> Opening {
        let start = if self.protocol.key == protocol.key { left.start.clone() } else { Vec::new() };
        Opening {
            options: self.options(protocol, &left.options),
            variant: self.variant,
            start,
            ..left.clone()
        }
    }

    /// The options of its protocol that are on or off, with their places.
    pub fn switches(&self) -> impl Iterator<Item = (usize, &'static OptionSpec)> + use<> {
        let specs = ENGINE.iter().chain(self.protocol.options).enumerate();
        specs.filter(|(_, spec)| matches!(spec.default, OptionValue::Flag(_)))
    }

    fn options(&self, protocol: &ProtocolInfo, left: &Options) -> Options {
        let mut options = Options::defaults(self.protocol.options);
        let specs = ENGINE.iter().chain(self.protocol.options).enumerate();
        for (place, spec) in specs {
            let shared = match place.checked_sub(ENGINE_OPTIONS) {
                None => Some(place),
                Some(_) => {
                    let own = protocol.options.iter().position(|other| other.key == spec.key);
                    own.map(|own| ENGINE_OPTIONS + own)
                }
            };
            let own = self.options.iter().find(|(set, _)| *set == place).map(|(_, value)| *value);
            if let Some(value) = own.or(shared.map(|place| left.get(place))) {
                // What the other protocol allows and this one does not stays at its default.
                let _ = options.set(spec, place, value);
            }
        }
        options
    }

    /// Begins both clusters.
    pub fn open(&self, protocol: &ProtocolInfo, left: &Opening) -> Result<Box<dyn Session>, StartError> {
        let run = |protocol: &ProtocolInfo, opening: &Opening| {
            Ok(Run { session: (protocol.open)(opening)?, options: protocol.options })
        };
        let right = self.opening(protocol, left);
        Ok(Box::new(Pair::new(run(protocol, left)?, run(self.protocol, &right)?)))
    }
}
