//! A place in a JSON document that knows its pointer, so that every complaint can name it.
//!
//! Must not know what a scenario is.

use super::fault::{Fault, below, missing, must_be, unknown_field, unknown_name};
use super::json::Json;
use crate::engine::ids::{ClientId, MAX_CLIENTS, MemberId, Micros, NodeId, Stamp};

/// The longest time that a file may name: a day.
const MAX_MS: f64 = 86_400_000.0;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct At<'a> {
    /// What stands there.
    pub value: &'a Json,
    /// Where.
    pub pointer: String,
}

/// An object all of whose fields are known.
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    /// The object.
    pub at: At<'a>,
    fields: &'a [(String, Json)],
}

impl<'a> At<'a> {
    /// The document as a whole.
    pub fn root(value: &'a Json) -> At<'a> {
        At { value, pointer: String::new() }
    }

    /// A complaint about this place.
    pub fn fault(&self, what: impl Into<String>) -> Fault {
        Fault::at(&self.pointer, what)
    }

    fn must_be(&self, what: &str) -> Fault {
        self.fault(must_be(what, self.value))
    }

    /// The object that it must be, with no field but the allowed ones.
    pub fn object(&self, allowed: &[&str]) -> Result<Fields<'a>, Fault> {
        let object = self.any_object()?;
        match object.fields.iter().find(|(name, _)| !allowed.contains(&name.as_str())) {
            Some((name, _)) => Err(Fault::at(below(&self.pointer, name), unknown_field(name, allowed))),
            None => Ok(object),
        }
    }

    /// The object that it must be, with whatever fields.
    pub fn any_object(&self) -> Result<Fields<'a>, Fault> {
        match self.value {
            Json::Map(fields) => Ok(Fields { at: self.clone(), fields }),
            _ => Err(self.must_be("an object")),
        }
    }

    /// The items of the array that it must be.
    pub fn list(&self) -> Result<Vec<At<'a>>, Fault> {
        let Json::List(items) = self.value else { return Err(self.must_be("a list")) };
        let item = |(place, value)| At { value, pointer: format!("{}/{place}", self.pointer) };
        Ok(items.iter().enumerate().map(item).collect())
    }

    /// The string that it must be.
    pub fn text(&self) -> Result<&'a str, Fault> {
        match self.value {
            Json::Text(text) => Ok(text),
            _ => Err(self.must_be("a text")),
        }
    }

    /// One of these names.
    pub fn name(&self, what: &str, allowed: &[&'static str]) -> Result<&'static str, Fault> {
        let name = self.text()?;
        let found = allowed.iter().find(|known| **known == name);
        found.copied().ok_or_else(|| self.fault(unknown_name(what, name, allowed)))
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Result<bool, Fault> {
        match self.value {
            Json::Bool(value) => Ok(*value),
            _ => Err(self.must_be("true or false")),
        }
    }

    /// `true`, the only thing that makes sense here.
    pub fn yes(&self) -> Result<(), Fault> {
        match self.value {
            Json::Bool(true) => Ok(()),
            _ => Err(self.must_be("true")),
        }
    }

    /// A whole number in a range, both ends included.
    pub fn whole(&self, least: u64, most: u64) -> Result<u64, Fault> {
        let unsigned = match self.value {
            Json::Number(number) => number.as_u64(),
            _ => None,
        };
        let number = unsigned.or_else(|| u64::try_from(self.value.whole()?).ok());
        let fits = |number: &u64| least <= *number && *number <= most;
        number.filter(fits).ok_or_else(|| self.must_be(&format!("a whole number from {least} to {most}")))
    }

    /// A number in a range, both ends included.
    pub fn number(&self, least: f64, most: f64) -> Result<f64, Fault> {
        let number = match self.value {
            Json::Number(number) => number.as_f64(),
            _ => None,
        };
        let fits = |number: &f64| least <= *number && *number <= most;
        number.filter(fits).ok_or_else(|| self.must_be(&format!("a number from {least} to {most}")))
    }

    /// A time in milliseconds, down to a microsecond.
    pub fn ms(&self) -> Result<Micros, Fault> {
        self.ms_within(0.0, MAX_MS)
    }

    /// A time in milliseconds within a range, down to a microsecond.
    pub fn ms_within(&self, least: f64, most: f64) -> Result<Micros, Fault> {
        let ms = match self.value {
            Json::Number(_) => self.number(least, most)?,
            _ => return Err(self.must_be(&format!("a time in milliseconds from {least} to {most}"))),
        };
        let micros = ms * 1000.0;
        // A thousandth of a microsecond is left for what decimals lose in binary.
        match (micros - micros.round()).abs() < 1.0e-3 {
            true => Ok(Micros::from_ms_f64(ms)),
            false => Err(self.must_be("a time in milliseconds with at most three decimals")),
        }
    }

    /// A term, which is a number, or a ballot as it is shown.
    pub fn stamp(&self) -> Result<Stamp, Fault> {
        let Json::Text(text) = self.value else { return self.whole(0, u64::MAX).map(Stamp::from) };
        Stamp::parse(text).ok_or_else(|| self.must_be("a number, or a round and a node, such as \"2·1\""))
    }

    /// A node of a cluster with so many.
    pub fn node(&self, nodes: u8) -> Result<NodeId, Fault> {
        let number = self.value.whole().and_then(|number| u8::try_from(number).ok());
        let node = number.filter(|number| *number <= nodes).and_then(NodeId::new);
        node.ok_or_else(|| self.must_be(&format!("a node, from 1 to {nodes}")))
    }

    /// Nodes of a cluster with so many, none twice.
    pub fn nodes(&self, nodes: u8) -> Result<Vec<NodeId>, Fault> {
        let mut found = Vec::new();
        for item in self.list()? {
            let node = item.node(nodes)?;
            if found.contains(&node) {
                return Err(item.fault(format!("node {node} is there twice")));
            }
            found.push(node);
        }
        Ok(found)
    }

    /// A client: its number or its letter.
    pub fn client(&self) -> Result<ClientId, Fault> {
        let by_number = || ClientId::new(u8::try_from(self.value.whole()?).ok()?);
        let client = match self.value {
            Json::Text(letter) => ClientId::from_letter(letter),
            _ => by_number(),
        };
        let last = ClientId::new(MAX_CLIENTS).unwrap_or(ClientId::FIRST);
        client.ok_or_else(|| {
            self.must_be(&format!("a client, from 1 to {MAX_CLIENTS} or from \"A\" to \"{last}\""))
        })
    }

    /// A node's number or a client's letter.
    pub fn member(&self, nodes: u8) -> Result<MemberId, Fault> {
        match self.value {
            Json::Text(_) => self.client().map(MemberId::Client),
            _ => self.node(nodes).map(MemberId::Node),
        }
    }
}

impl<'a> Fields<'a> {
    /// A field, if it is there.
    pub fn get(&self, name: &str) -> Option<At<'a>> {
        let (_, value) = self.fields.iter().find(|(key, _)| key == name)?;
        Some(At { value, pointer: below(&self.at.pointer, name) })
    }

    /// A field that has to be there.
    pub fn need(&self, name: &str) -> Result<At<'a>, Fault> {
        self.get(name).ok_or_else(|| self.at.fault(missing(name)))
    }

    /// A field, read if it is there.
    pub fn read<T>(
        &self,
        name: &str,
        read: impl FnOnce(At<'a>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        self.get(name).map(read).transpose()
    }

    /// A switch, off where it is not there.
    pub fn flag(&self, name: &str) -> Result<bool, Fault> {
        Ok(self.read(name, |at| at.flag())?.unwrap_or(false))
    }

    /// All fields, in the order of the document.
    pub fn all(&self) -> impl Iterator<Item = (&'a str, At<'a>)> + '_ {
        let at = |(name, value): &'a (String, Json)| {
            (name.as_str(), At { value, pointer: below(&self.at.pointer, name) })
        };
        self.fields.iter().map(at)
    }
}
