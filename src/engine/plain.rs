//! Plain values: what a protocol shows of its state and messages, and what a scenario file says of them.
//!
//! The one currency between protocols, frames and files. Must not know JSON or any protocol.

use std::fmt;

/// A value without behaviour.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Plain {
    /// Nothing there.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number: a term, an index, a node.
    Int(i64),
    /// Words.
    Text(String),
    /// Values in order.
    List(Vec<Plain>),
    /// Named values, in the order in which they are shown.
    Map(Vec<(String, Plain)>),
}

impl Plain {
    /// A map from names that the program knows.
    pub fn map(fields: impl IntoIterator<Item = (&'static str, Plain)>) -> Plain {
        Plain::Map(fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    }

    /// The value of a field of a map.
    pub fn get(&self, name: &str) -> Option<&Plain> {
        match self {
            Plain::Map(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Plain::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The words, if it is words.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Plain::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl From<bool> for Plain {
    fn from(value: bool) -> Plain {
        Plain::Bool(value)
    }
}

impl From<u32> for Plain {
    fn from(value: u32) -> Plain {
        Plain::Int(i64::from(value))
    }
}

impl From<u8> for Plain {
    fn from(value: u8) -> Plain {
        Plain::Int(i64::from(value))
    }
}

impl From<&str> for Plain {
    fn from(value: &str) -> Plain {
        Plain::Text(value.to_string())
    }
}

impl<T: Into<Plain>> From<Option<T>> for Plain {
    fn from(value: Option<T>) -> Plain {
        value.map_or(Plain::Null, Into::into)
    }
}

impl FromIterator<Plain> for Plain {
    fn from_iter<I: IntoIterator<Item = Plain>>(values: I) -> Plain {
        Plain::List(values.into_iter().collect())
    }
}

/// As it is read aloud in a transcript: `term 4, granted yes`.
impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Plain::Null => write!(f, "none"),
            Plain::Bool(value) => write!(f, "{value}"),
            Plain::Int(value) => write!(f, "{value}"),
            Plain::Text(value) => write!(f, "{value}"),
            Plain::List(values) => {
                write!(f, "[")?;
                for (place, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if place == 0 { "" } else { ", " })?;
                }
                write!(f, "]")
            }
            Plain::Map(fields) => {
                for (place, (name, value)) in fields.iter().enumerate() {
                    write!(f, "{}{name} {value}", if place == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}
