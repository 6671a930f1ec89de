//! One record's JSON, strictly: the grammar of RFC 8259, no key twice in an object, integers of 64 bits exact.

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::Cell;
use std::fmt;

/// A record's value.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The value, keys in the order of the text.
    pub value: Value,
    /// Whether a number beyond 64 bits was rounded (the raw text still has it).
    pub rounded: bool,
}

/// Reads one JSON value.
///
/// # Errors
/// What is wrong, in one sentence, with the column (and the line within the record where it has several).
pub(super) fn parse(text: &str) -> Result<Parsed, String> {
    let rounded = Cell::new(false);
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { rounded: &rounded }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| explain(text, &error))?;
    Ok(Parsed {
        value,
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
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::Number(v.into()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        // Whole numbers beyond u64 arrive here already rounded.
        if v.abs() >= 9_223_372_036_854_775_808.0 {
            self.rounded.set(true);
        }
        Ok(Number::from_f64(v).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::String(v.to_owned()))
    }

    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if object.contains_key(&key) {
                let key: String = key.chars().take(60).collect();
                return Err(A::Error::custom(format!(
                    "the key \"{key}\" occurs twice in one object"
                )));
            }
            let value = map.next_value_seed(self)?;
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_exact_and_rounding_is_said() {
        // facts/openai.md: the example seed exceeds 2^53
        let parsed = parse(r#"{"seed":4944116822809979520,"top":18446744073709551615}"#).unwrap();
        assert_eq!(
            parsed.value["seed"].as_i64(),
            Some(4_944_116_822_809_979_520)
        );
        assert_eq!(parsed.value["top"].as_u64(), Some(u64::MAX));
        assert!(!parsed.rounded);
        assert!(parse("[123456789012345678901234567890]").unwrap().rounded);
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
