//! Setting one value of a document by edits of its text that leave every other byte as it is.
//!
//! Several ways to write the value are tried, the file's own first; one is taken when the changed text, read again, has
//! the wanted value there and is the same everywhere else. So an edit is right or refused, never a guess.

mod insert;
mod path;
mod replace;
mod write;

pub use path::{parse_path, show_path};
pub use write::may_be_plain;

use super::{Document, Step, untagged};
use crate::diagnostic::{Diagnostic, Edit, Fix, LineIndex};
use serde_yaml::Value;

/// The edits that set the value at a path; see [`Document::set`].
pub(super) fn set(
    document: &Document,
    path: &[Step],
    text: &str,
    order: &[&str],
) -> Result<Vec<Edit>, String> {
    let shown = show_path(path);
    if path.is_empty() {
        return Err("name the field to set, such as `severity`".to_owned());
    }
    readable(document)?;
    let old = document.get(path);
    let wanted = wanted(document, path, old, text)?;
    if old.is_some_and(|old| same(untagged(old), &wanted)) {
        return Ok(Vec::new());
    }
    let ways = match document.0.tree.find(path) {
        Some(node) => replace::ways(document, path, node, &wanted, text),
        None => insert::ways(document, path, &wanted, order)?,
    };
    let mut expected = document.value().clone();
    put(&mut expected, path, &wanted);
    for edits in ways {
        let fix = Fix {
            title: String::new(),
            edits,
        };
        let Some(changed) = fix.apply(document.text()) else {
            continue;
        };
        let (read, found) = Document::parse(&changed);
        if !found.iter().any(Diagnostic::is_error) && *read.value() == expected {
            return Ok(fix.edits);
        }
    }
    Err(format!(
        "`{shown}` cannot be set to this without changing something else in the file; edit it by hand"
    ))
}

/// A text with errors is not edited: what stands where is a guess then.
fn readable(document: &Document) -> Result<(), String> {
    let (_, found) = Document::parse(document.text());
    let Some(first) = found.iter().find(|d| d.is_error()) else {
        return Ok(());
    };
    let at = first.span.map_or(0, |s| s.start);
    let line = LineIndex::new(document.text()).position(at).line;
    Err(format!(
        "the file has an error on line {line}, to be mended first: {}",
        first.message
    ))
}

/// The value that a text is meant as, by what stands there now: a text stays a text, a list a list.
fn wanted(
    document: &Document,
    path: &[Step],
    old: Option<&Value>,
    text: &str,
) -> Result<Value, String> {
    let read = || serde_yaml::from_str::<Value>(text).ok();
    let shown = show_path(path);
    Ok(match old.map(untagged) {
        Some(Value::String(old)) => Value::String(match document.is_block(path) {
            // How a block ends is said by its header, not by the text that is given.
            true => {
                let end = old.trim_end_matches('\n').len();
                let breaks = old.get(end..).unwrap_or("");
                format!("{}{breaks}", text.trim_end_matches('\n'))
            }
            false => text.to_owned(),
        }),
        Some(Value::Sequence(_)) => match read() {
            Some(list @ Value::Sequence(_)) => list,
            _ => {
                return Err(format!(
                    "`{shown}` is a list: write `[A, B]`, or set one item such as `{shown}[0]`"
                ));
            }
        },
        Some(Value::Mapping(mapping)) => match read() {
            Some(new @ Value::Mapping(_)) => new,
            _ => {
                let key = mapping.keys().find_map(Value::as_str).unwrap_or("key");
                return Err(format!(
                    "`{shown}` is a mapping: set one of its values, such as `{shown}.{key}`"
                ));
            }
        },
        Some(Value::Bool(_) | Value::Number(_)) => match read() {
            Some(value @ (Value::Bool(_) | Value::Number(_))) => value,
            _ => Value::String(text.to_owned()),
        },
        _ => match read() {
            Some(value) if !value.is_null() && !text.contains('\n') => value,
            _ => Value::String(text.to_owned()),
        },
    })
}

/// Equal values; a number is the same number however it is written.
fn same(old: &Value, new: &Value) -> bool {
    old == new
}

/// The document's value with another one at a path, which is made where it is not there.
fn put(value: &mut Value, path: &[Step], wanted: &Value) {
    let Some((step, rest)) = path.split_first() else {
        *value = wanted.clone();
        return;
    };
    if let Value::Tagged(tagged) = value {
        return put(&mut tagged.value, path, wanted);
    }
    match step {
        Step::Key(key) => {
            if !value.is_mapping() {
                *value = Value::Mapping(serde_yaml::Mapping::new());
            }
            let Some(mapping) = value.as_mapping_mut() else {
                return;
            };
            let name = mapping
                .iter()
                .find(|(k, _)| super::read::key_is(k, key))
                .map_or_else(|| Value::String(key.clone()), |(k, _)| k.clone());
            put(mapping.entry(name).or_insert(Value::Null), rest, wanted);
        }
        Step::Index(index) => {
            if !value.is_sequence() {
                *value = Value::Sequence(Vec::new());
            }
            let Some(items) = value.as_sequence_mut() else {
                return;
            };
            if *index == items.len() {
                items.push(Value::Null);
            }
            if let Some(item) = items.get_mut(*index) {
                put(item, rest, wanted);
            }
        }
    }
}
