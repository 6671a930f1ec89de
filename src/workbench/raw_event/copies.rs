//! What a value of an event is called elsewhere: its path, and how a Panther rule reads it.

use super::document::{Document, Kind};
use std::fmt::Write;

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A member.
    Key(String),
    /// An item, from 0.
    Item(usize),
}

/// The way from the whole to a value.
pub fn path(document: &Document, node: u32) -> Vec<Step> {
    let mut steps: Vec<Step> = std::iter::once(node)
        .chain(document.parents(node))
        .filter_map(|number| {
            let node = document.node(number)?;
            node.parent?;
            Some(match &node.key {
                Some(key) => Step::Key(decoded(document.slice(key))),
                None => Step::Item(node.index as usize),
            })
        })
        .collect();
    steps.reverse();
    steps
}

/// The text that a JSON text stands for; as it is where it cannot be read.
pub fn decoded(text: &str) -> String {
    serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned())
}

/// A value as it is pasted elsewhere: a text without quotes and escapes, everything else as written.
pub fn value(document: &Document, node: u32) -> String {
    match document.node(node) {
        Some(node) if node.kind == Kind::Text => decoded(document.slice(&node.value)),
        Some(node) => document.slice(&node.value).to_owned(),
        None => String::new(),
    }
}

/// `actor.session.ip`, `choices[0].message`, `["role.created"].id`.
pub fn spelled(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if is_name(key) => {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(key);
            }
            Step::Key(key) => text.push_str(&format!("[{}]", quoted(key))),
            Step::Item(at) => {
                let _ = write!(text, "[{at}]");
            }
        }
    }
    text
}

/// How a Panther rule reads it: `event.get("type")`, `event.deep_get("actor", "session", "ip")`; through a list
/// `event.deep_walk("choices", "message")`, which gives what all items hold. Panther spells the member that is named
/// like the event's type with underscores. None for the whole event.
pub fn panther(path: &[Step], event_type: Option<&str>) -> Option<String> {
    let mut keys = Vec::new();
    for (depth, step) in path.iter().enumerate() {
        let Step::Key(key) = step else {
            continue;
        };
        keys.push(match depth == 0 && event_type == Some(key) {
            true => quoted(&key.replace('.', "_")),
            false => quoted(key),
        });
    }
    let through_list = path.iter().any(|step| matches!(step, Step::Item(_)));
    let function = match (keys.len(), through_list) {
        (0, _) => return None,
        (_, true) => "deep_walk",
        (1, false) => "get",
        _ => "deep_get",
    };
    Some(format!("event.{function}({})", keys.join(", ")))
}

/// Whether a key can stand after a dot.
pub fn is_name(key: &str) -> bool {
    let starts = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A text in quotes, as JSON, KQL and Python all read it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for sign in text.chars() {
        match sign {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            sign if (sign as u32) < 32 || sign as u32 == 127 => {
                let _ = write!(quoted, "\\u{:04x}", sign as u32);
            }
            sign => quoted.push(sign),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_value_has_a_path_and_a_way_to_read_it() {
        let text = r#"{"type":"role.created","role.created":{"id":"r-1","say \"hi\"":2},"l":[{"m":"a\nb"}]}"#;
        let document = Document::parse(&Arc::from(text)).unwrap();
        let all: Vec<(String, Option<String>)> = (0..document.nodes().len() as u32)
            .map(|n| {
                let path = path(&document, n);
                (spelled(&path), panther(&path, Some("role.created")))
            })
            .collect();
        let of = |path: &str, read: &str| (path.to_owned(), Some(read.to_owned()));
        assert_eq!(all[0], (String::new(), None));
        assert_eq!(all[1], of("type", r#"event.get("type")"#));
        assert_eq!(
            all[2],
            of(r#"["role.created"]"#, r#"event.get("role_created")"#)
        );
        assert!(all.contains(&of(
            r#"["role.created"].id"#,
            r#"event.deep_get("role_created", "id")"#
        )));
        assert!(all.contains(&of(
            r#"["role.created"]["say \"hi\""]"#,
            r#"event.deep_get("role_created", "say \"hi\"")"#
        )));
        let last = document.nodes().len() as u32 - 1;
        assert_eq!(
            all[last as usize],
            of("l[0].m", r#"event.deep_walk("l", "m")"#)
        );
        assert_eq!(value(&document, last), "a\nb");
    }
}
