//! A JSON document as it was written: fields in their order, no field twice.
//!
//! `serde_json`'s own value would silently keep the last of two fields with one name; in a file that somebody
//! wrote by hand that is a mistake to point at. Must not know what a document means.

use crate::engine::plain::Plain;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Number;
use std::fmt;

/// How much of a value a complaint shows.
const SHOWN: usize = 60;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Map(Vec<(String, Json)>),
}

impl Json {
    /// Reads a document.
    pub fn parse(bytes: &[u8]) -> Result<Json, serde_json::Error> {
        // Always from bytes: the reader of texts would be compiled once more, for the page too.
        serde_json::from_slice(bytes)
    }

    /// What would be written, read back; nothing where it cannot be written.
    pub fn of(value: &impl Serialize) -> Json {
        let written = serde_json::to_vec(value).unwrap_or_default();
        Json::parse(&written).unwrap_or(Json::Null)
    }

    /// The value of a field of an object.
    pub fn get(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Map(fields) => fields.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The items of an array; none where it is something else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// The whole number, if it is one. `2.0` is one too.
    pub fn whole(&self) -> Option<i64> {
        let Json::Number(number) = self else { return None };
        if let Some(whole) = number.as_i64() {
            return Some(whole);
        }
        // Beyond 2^53 a float no longer says which whole number was meant.
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9.0e15)?;
        Some(float as i64)
    }

    /// Whether two numbers are the same number, however they are written.
    pub fn same_number(&self, other: &Json) -> bool {
        match (self, other) {
            (Json::Number(one), Json::Number(two)) => one == two || one.as_f64() == two.as_f64(),
            _ => false,
        }
    }

    /// As a plain value with every field's name in snake case, so that a file may write `prevLogIndex` as the
    /// paper does; or what cannot be said plainly.
    pub fn to_plain(&self) -> Result<Plain, String> {
        Ok(match self {
            Json::Null => Plain::Null,
            Json::Bool(value) => Plain::Bool(*value),
            Json::Number(_) => match self.whole() {
                Some(whole) => Plain::Int(whole),
                None => return Err(format!("{self} must be a whole number")),
            },
            Json::Text(text) => Plain::Text(text.clone()),
            Json::List(items) => Plain::List(items.iter().map(Json::to_plain).collect::<Result<_, _>>()?),
            Json::Map(fields) => {
                let mut plain: Vec<(String, Plain)> = Vec::new();
                for (name, value) in fields {
                    let name = snake_case(name);
                    if plain.iter().any(|(there, _)| *there == name) {
                        return Err(format!("the field \"{name}\" is there twice"));
                    }
                    plain.push((name, value.to_plain()?));
                }
                Plain::Map(plain)
            }
        })
    }
}

/// `prevLogIndex` as `prev_log_index`; what is in snake case stays as it is.
fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// As JSON, cut short where it is long: for complaints.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = serde_json::to_string(self).unwrap_or_default();
        let mut letters = whole.chars();
        let start: String = letters.by_ref().take(SHOWN).collect();
        let rest = if letters.next().is_some() { "…" } else { "" };
        write!(f, "{start}{rest}")
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => to.serialize_unit(),
            Json::Bool(value) => to.serialize_bool(*value),
            Json::Number(number) => number.serialize(to),
            Json::Text(text) => to.serialize_str(text),
            Json::List(items) => to.collect_seq(items),
            Json::Map(fields) => {
                let mut map = to.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Json, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_string()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Json, A::Error> {
        let mut map: Vec<(String, Json)> = Vec::new();
        let mut names = std::collections::BTreeSet::new();
        while let Some((name, value)) = fields.next_entry::<String, Json>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format!("the field \"{name}\" is there twice")));
            }
            map.push((name, value));
        }
        Ok(Json::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Json, serde_json::Error> {
        serde_json::from_str(text)
    }

    #[test]
    fn what_is_read_is_written_in_the_same_order() {
        let text = r#"{"b":[1,-2,2.5,null,true],"a":{"text":"x=\"1\""}}"#;
        assert_eq!(serde_json::to_string(&read(text).unwrap()).unwrap(), text);
    }

    #[test]
    fn a_field_that_is_there_twice_is_refused_with_its_place() {
        let error = read("{\"a\": 1,\n \"a\": 2}").unwrap_err();
        assert_eq!(error.line(), 2);
        assert!(error.to_string().contains("the field \"a\" is there twice"));
    }

    #[test]
    fn nothing_makes_it_panic() {
        for text in ["", "[", "{\"a\"", "1e999", "\u{0}", "nul", "\"\\ud800\"", "[1,]", "-"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read("123456789012345678901234567890").is_ok());
        assert!(serde_json::from_slice::<Json>(b"\"\xff\xfe\"").is_err());
    }

    #[test]
    fn camel_case_is_understood() {
        let plain = read(r#"{"prevLogIndex": 2, "entries": [{"voteGranted": true}]}"#).unwrap().to_plain();
        let plain = plain.unwrap();
        assert_eq!(plain.get("prev_log_index"), Some(&Plain::Int(2)));
        assert_eq!(plain.to_string(), "prev_log_index 2, entries [vote_granted true]");
        assert!(read(r#"{"aB": 1, "a_b": 2}"#).unwrap().to_plain().is_err());
        assert!(read("0.5").unwrap().to_plain().is_err());
    }
}
