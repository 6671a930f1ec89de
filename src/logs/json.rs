//! One record's JSON, strictly: the grammar of RFC 8259, no key twice in an object, integers of 64 bits exact.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashSet;
use std::fmt;

/// A JSON value that borrows its texts from the record where they hold no escapes: a record is read, its cells
/// are taken, and it is gone again, so that nothing but the cells is copied.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number; integers of 64 bits are exact.
    Number(Number),
    /// A text.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Node<'a>>),
    /// An object, keys in the order of the text, none twice.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl<'a> Node<'a> {
    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Node<'a>> {
        match self {
            Node::Object(members) => members
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text, where it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of an object's member, where it is one.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    /// Compact JSON.
    pub fn to_json_text(&self) -> String {
        // Keys are texts and writing to memory does not fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The same value, owning everything.
    pub fn to_value(&self) -> Value {
        match self {
            Node::Null => Value::Null,
            Node::Bool(truth) => Value::Bool(*truth),
            Node::Number(number) => Value::Number(number.clone()),
            Node::Text(text) => Value::from(text.as_ref()),
            Node::List(items) => items.iter().map(Node::to_value).collect(),
            Node::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.clone().into_owned(), value.to_value()))
                    .collect::<Map<_, _>>(),
            ),
        }
    }
}

impl From<Value> for Node<'static> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Node::Null,
            Value::Bool(truth) => Node::Bool(truth),
            Value::Number(number) => Node::Number(number),
            Value::String(text) => Node::Text(Cow::Owned(text)),
            Value::Array(items) => Node::List(items.into_iter().map(Node::from).collect()),
            Value::Object(members) => Node::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (Cow::Owned(key), Node::from(value)))
                    .collect(),
            ),
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Null => serializer.serialize_unit(),
            Node::Bool(truth) => serializer.serialize_bool(*truth),
            Node::Number(number) => number.serialize(serializer),
            Node::Text(text) => serializer.serialize_str(text),
            Node::List(items) => serializer.collect_seq(items),
            Node::Object(members) => {
                serializer.collect_map(members.iter().map(|(key, value)| (key, value)))
            }
        }
    }
}

/// A record's value.
#[derive(Debug)]
pub(super) struct Parsed<'a> {
    /// The value.
    pub node: Node<'a>,
    /// Whether a number beyond 64 bits was rounded (the raw text still has it).
    pub rounded: bool,
}

/// Most values in one record: each takes many times the memory of its text.
const MOST_VALUES: usize = 2_000_000;

const TOO_MANY: &str = "more than 2 million values in one record";

/// Reads one JSON value.
///
/// # Errors
/// What is wrong, in one sentence, with the column (and the line within the record where it has several).
pub(super) fn parse(text: &str) -> Result<Parsed<'_>, String> {
    parse_within(text, MOST_VALUES)
}

fn parse_within(text: &str, most: usize) -> Result<Parsed<'_>, String> {
    let rounded = Cell::new(false);
    let left = Cell::new(most);
    let mut reader = serde_json::Deserializer::from_str(text);
    let node = Strict {
        rounded: &rounded,
        left: &left,
    };
    let node = node
        .deserialize(&mut reader)
        .and_then(|node| reader.end().map(|()| node))
        .map_err(|error| explain(text, &error))?;
    Ok(Parsed {
        node,
        rounded: rounded.get(),
    })
}

/// serde_json's error in our words: its own text names a place inside the record, which is said once.
fn explain(text: &str, error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let reason = match whole.rfind(" at line ") {
        Some(cut) => whole.get(..cut).unwrap_or(&whole),
        None => &whole,
    };
    if reason == TOO_MANY {
        return format!("{TOO_MANY}: too many to be read");
    }
    if reason == "recursion limit exceeded" {
        return "nested deeper than 128".to_owned();
    }
    let place = if text.contains('\n') {
        format!(
            "line {} of the record, column {}",
            error.line(),
            error.column()
        )
    } else {
        format!("column {}", error.column())
    };
    if error.is_eof() {
        return format!("cut off: the record ends too early ({place})");
    }
    if text.contains('\0') {
        return format!("not JSON: it holds a NUL byte ({place})");
    }
    format!("not JSON: {reason} ({place})")
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    rounded: &'a Cell<bool>,
    /// How many values there may be still.
    left: &'a Cell<usize>,
}

impl Strict<'_> {
    /// Counts a value inside another one.
    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        match self.left.get().checked_sub(1) {
            Some(left) => {
                self.left.set(left);
                Ok(())
            }
            None => Err(E::custom(TOO_MANY)),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Node<'de>, E> {
        Ok(Node::Number(v.into()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Node<'de>, E> {
        // Whole numbers beyond u64 arrive here already rounded.
        if v.abs() >= 9_223_372_036_854_775_808.0 {
            self.rounded.set(true);
        }
        Ok(Number::from_f64(v).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(v)))
    }

    fn visit_str<E>(self, v: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(v.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            self.count()?;
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        /// Objects with more members than this look repeated keys up in a set.
        const FEW: usize = 32;
        let mut members: Vec<(Cow<'de, str>, Node<'de>)> = Vec::new();
        let mut names: HashSet<Cow<'de, str>> = HashSet::new();
        while let Some(key) = map.next_key_seed(Key)? {
            if members.len() == FEW {
                names.extend(members.iter().map(|(name, _)| name.clone()));
            }
            let repeated = if members.len() < FEW {
                members.iter().any(|(name, _)| *name == key)
            } else {
                !names.insert(key.clone())
            };
            if repeated {
                let key: String = key.chars().take(60).collect();
                return Err(A::Error::custom(format!(
                    "the key \"{key}\" occurs twice in one object"
                )));
            }
            self.count()?;
            members.push((key, map.next_value_seed(self)?));
        }
        Ok(Node::Object(members))
    }
}

/// A key, borrowed where it holds no escapes.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, v: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(v))
    }

    fn visit_str<E>(self, v: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(v.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_exact_and_rounding_is_said() {
        // facts/openai.md: the example seed exceeds 2^53
        let parsed = parse(r#"{"seed":4944116822809979520,"top":18446744073709551615}"#).unwrap();
        let value = parsed.node.to_value();
        assert_eq!(value["seed"].as_i64(), Some(4_944_116_822_809_979_520));
        assert_eq!(value["top"].as_u64(), Some(u64::MAX));
        assert!(!parsed.rounded);
        assert!(parse("[123456789012345678901234567890]").unwrap().rounded);
    }

    #[test]
    fn values_come_back_as_they_were() {
        let text = r#"{"é":"a\nb\u0001","x":[1.0,-0.5,null,true,{}],"empty":""}"#;
        let parsed = parse(text).unwrap();
        assert_eq!(parsed.node.to_json_text(), text);
        assert_eq!(parsed.node.to_value().to_string(), text);
        assert_eq!(Node::from(parsed.node.to_value()), parsed.node);
        let many: Vec<String> = (0..50).map(|n| format!("\"k{n}\":{n}")).collect();
        let many = many.join(",");
        assert!(parse(&format!("{{{many}}}")).is_ok());
        assert!(parse(&format!("{{{many},\"k3\":1}}")).is_err());
        assert!(parse(&format!("{{{many},\"k49\":1}}")).is_err());
    }

    #[test]
    fn values_are_counted() {
        let within = |text: &str, most: usize| parse_within(text, most).map(|_| ());
        assert_eq!(within("[1,[2,3],{\"a\":4}]", 6), Ok(()));
        let many = Err("more than 2 million values in one record: too many to be read".to_owned());
        assert_eq!(within("[1,[2,3],{\"a\":4}]", 5), many);
        assert_eq!(within(&format!("[{}]", "0,".repeat(9)), 5), many);
        assert_eq!(MOST_VALUES, 2_000_000);
    }

    #[test]
    fn faults_are_explained() {
        let reason = |text: &str| parse(text).unwrap_err();
        assert_eq!(
            reason(r#"{"a":1,"a":2}"#),
            "not JSON: the key \"a\" occurs twice in one object (column 10)"
        );
        assert_eq!(
            reason(r#"{"a":{"b":1,"b":1}}"#),
            "not JSON: the key \"b\" occurs twice in one object (column 15)"
        );
        assert_eq!(reason(&"[".repeat(10_000)), "nested deeper than 128");
        assert!(reason("{\"a\":").starts_with("cut off"));
        assert!(reason("{\"a\":\"\0\"}").contains("NUL byte"));
        assert_eq!(reason("{\"a\":1,}"), "not JSON: trailing comma (column 8)");
        assert!(reason("{} {}").contains("trailing characters"));
    }
}
