//! Paths into dynamic values. The JSON text is walked up to the wanted value and never built into a tree.

use super::datum::{Datum, small_dictionary};
use super::eval::map_rows;
use super::{Stop, chunks};
use crate::kql::plan::Step;
use crate::task::CancelToken;
use crate::value::{Column, Type, Value};
use arrow_array::builder::StringBuilder;
use arrow_array::types::Int32Type;
use arrow_array::{Array, DictionaryArray, Int32Array};
use serde_json::Value as Json;
use std::sync::Arc;

/// The values at a path; what is not there is null.
///
/// # Errors
/// When cancelled.
pub fn extract(
    base: &Datum,
    steps: &[Step],
    rows: usize,
    cancel: &CancelToken,
) -> Result<Datum, Stop> {
    let column = match base {
        Datum::Const(value, _) => {
            return Ok(Datum::Const(follow_value(value, steps), Type::Dynamic));
        }
        Datum::Column(column) if column.ty == Type::Dynamic => column,
        other => {
            return Ok(map_rows(&[other], rows, Type::Dynamic, |args| {
                args.first().map_or(Value::Null, |v| follow_value(v, steps))
            }));
        }
    };
    Ok(Datum::Column(extract_column(column, steps, cancel)?))
}

/// The values at a path of all rows of a dynamic column.
///
/// # Errors
/// When cancelled.
pub fn extract_column(
    column: &Column,
    steps: &[Step],
    cancel: &CancelToken,
) -> Result<Column, Stop> {
    if let Some((dictionary, values)) = small_dictionary(column) {
        let found = walk(values.len(), cancel, |at| {
            (!values.is_null(at))
                .then(|| values.value(at))
                .and_then(|v| follow(v, steps))
        })?;
        // Different values may have the same at a path: only those are kept apart.
        let each = coded(&found);
        let each_keys = each.keys();
        let keys: Int32Array = dictionary
            .keys()
            .iter()
            .map(|k| {
                let at = usize::try_from(k?).ok().filter(|k| *k < each_keys.len())?;
                (!each_keys.is_null(at)).then(|| each_keys.value(at))
            })
            .collect();
        if let Ok(array) = DictionaryArray::try_new(keys, each.values().clone()) {
            return Ok(Column {
                ty: Type::Dynamic,
                array: Arc::new(array),
            });
        }
    }
    let found = walk(column.len(), cancel, |row| {
        (!column.array.is_null(row))
            .then(|| column.text(row))
            .and_then(|text| follow(text, steps))
    })?;
    Ok(Column {
        ty: Type::Dynamic,
        array: Arc::new(coded(&found)),
    })
}

fn walk<'a>(
    rows: usize,
    cancel: &CancelToken,
    at: impl Fn(usize) -> Option<&'a str> + Sync,
) -> Result<Vec<Option<&'a str>>, Stop> {
    let blocks = chunks::map(rows, cancel, |block| block.map(&at).collect::<Vec<_>>())?;
    Ok(blocks.concat())
}

/// Values at a path repeat (names, addresses): later tests run once per distinct one.
fn coded(texts: &[Option<&str>]) -> DictionaryArray<Int32Type> {
    let mut seen: super::hash::Map<&str, i32> = super::hash::map();
    let mut values = StringBuilder::new();
    let keys: Int32Array = texts
        .iter()
        .map(|text| {
            let text = (*text)?;
            let next = i32::try_from(seen.len()).unwrap_or(i32::MAX);
            Some(*seen.entry(text).or_insert_with(|| {
                values.append_value(text);
                next
            }))
        })
        .collect();
    DictionaryArray::new(keys, Arc::new(values.finish()))
}

/// One step with a computed key or index.
pub fn index(base: &Value, index: &Value) -> Value {
    let step = match index {
        Value::Int(n) => Step::Index(i64::from(*n)),
        Value::Long(n) => Step::Index(*n),
        Value::String(s) => Step::Key(s.clone()),
        Value::Dynamic(json) => match json.as_ref() {
            Json::String(s) => Step::Key(Arc::from(s.as_str())),
            Json::Number(n) if n.is_i64() => Step::Index(n.as_i64().unwrap_or(0)),
            _ => return Value::Null,
        },
        _ => return Value::Null,
    };
    follow_value(base, &[step])
}

fn follow_value(value: &Value, steps: &[Step]) -> Value {
    let Value::Dynamic(json) = value else {
        return Value::Null;
    };
    let mut at = json.as_ref();
    for step in steps {
        let next = match (step, at) {
            (Step::Key(key), Json::Object(bag)) => bag.get(key.as_ref()),
            (Step::Index(index), Json::Array(items)) => {
                position(*index, items.len()).and_then(|i| items.get(i))
            }
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => return Value::Null,
        }
    }
    match at {
        Json::Null => Value::Null,
        found => Value::Dynamic(Arc::new(found.clone())),
    }
}

fn position(index: i64, length: usize) -> Option<usize> {
    if index >= 0 {
        usize::try_from(index).ok().filter(|i| *i < length)
    } else {
        length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
    }
}

/// The text of the value at a path in a JSON text; none for null and for what is not there.
pub fn follow<'a>(json: &'a str, steps: &[Step]) -> Option<&'a str> {
    let mut text = json.trim_start();
    for step in steps {
        text = match step {
            Step::Key(key) => member(text, key)?,
            Step::Index(index) if *index >= 0 => {
                elements(text)?.nth(usize::try_from(*index).ok()?)?
            }
            Step::Index(index) => {
                let all: Vec<&str> = elements(text)?.collect();
                let at = position(*index, all.len())?;
                all.get(at).copied()?
            }
        };
    }
    let value = text.get(..skip(text)?)?;
    (value != "null").then_some(value)
}

/// The text that begins with the value of a key of the object at the start of a text.
/// Of repeated keys the last counts, as in a tree.
fn member<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = text.strip_prefix('{')?.trim_start();
    let mut found = None;
    while rest.starts_with('"') {
        let end = skip(rest)?;
        let name = rest.get(1..end - 1)?;
        rest = rest
            .get(end..)?
            .trim_start()
            .strip_prefix(':')?
            .trim_start();
        let same = if name.contains('\\') {
            serde_json::from_str::<String>(&format!("\"{name}\"")).is_ok_and(|n| n == key)
        } else {
            name == key
        };
        if same {
            found = Some(rest);
        }
        rest = rest.get(skip(rest)?..)?.trim_start();
        rest = match rest.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None => break,
        };
    }
    found
}

/// The elements of the array at the start of a text, each as the text that begins with it.
fn elements(text: &str) -> Option<impl Iterator<Item = &str>> {
    let mut rest = text.strip_prefix('[')?.trim_start();
    Some(std::iter::from_fn(move || {
        if rest.is_empty() || rest.starts_with(']') {
            return None;
        }
        let element = rest;
        let after = rest.get(skip(rest)?..)?.trim_start();
        rest = after.strip_prefix(',').map_or("", str::trim_start);
        Some(element)
    }))
}

/// Length of the JSON value at the start of a text.
fn skip(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    match bytes.first()? {
        b'"' => string_end(bytes, 0),
        b'{' | b'[' => {
            let mut depth = 0usize;
            let mut at = 0;
            while let Some(byte) = bytes.get(at) {
                match byte {
                    b'"' => {
                        at = string_end(bytes, at)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
            None
        }
        _ => {
            let end = bytes
                .iter()
                .position(|b| matches!(b, b',' | b'}' | b']') || b.is_ascii_whitespace());
            Some(end.unwrap_or(bytes.len())).filter(|n| *n > 0)
        }
    }
}

/// One past the closing quote of the string that opens at a place.
fn string_end(bytes: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    loop {
        let rest = bytes.get(at..)?;
        let found = memchr::memchr2(b'"', b'\\', rest)?;
        if rest.get(found) == Some(&b'"') {
            return Some(at + found + 1);
        }
        at += found + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_json_text() {
        let key = |k: &str| Step::Key(Arc::from(k));
        let text = r#"{"a":{"b":[1,{"c":"x\"}"},null]},"a b" : "y", "n":null}"#;
        let at = |steps: &[Step]| follow(text, steps);
        assert_eq!(at(&[key("a"), key("b"), Step::Index(0)]), Some("1"));
        assert_eq!(
            at(&[key("a"), key("b"), Step::Index(1), key("c")]),
            Some(r#""x\"}""#)
        );
        assert_eq!(at(&[key("a"), key("b"), Step::Index(-3)]), Some("1"));
        assert_eq!(at(&[key("a"), key("b"), Step::Index(-1)]), None);
        assert_eq!(at(&[key("a"), key("b"), Step::Index(9)]), None);
        assert_eq!(at(&[key("a b")]), Some("\"y\""));
        assert_eq!(at(&[key("n")]), None);
        assert_eq!(at(&[key("x"), key("y")]), None);
        assert_eq!(follow("\"text\"", &[key("x")]), None);
        assert_eq!(follow("{\"a\":", &[key("a")]), None);
    }
}
