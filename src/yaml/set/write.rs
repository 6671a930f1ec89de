//! How scalars are written: plain where that is safe, quoted, or as a block.

use crate::yaml::scalar::{Scalar, resolve};
use serde_yaml::Value;

/// Whether a text can stand without quotes and is a text to every reader: to YAML 1.1 as well, where `no` is false and
/// `2026-01-01` a date.
pub fn may_be_plain(text: &str, in_flow: bool) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let second = text.chars().nth(1);
    let indicator = matches!(
        first,
        ',' | '['
            | ']'
            | '{'
            | '}'
            | '#'
            | '&'
            | '*'
            | '!'
            | '|'
            | '>'
            | '\''
            | '"'
            | '%'
            | '@'
            | '`'
            | '='
    ) || matches!(first, '-' | '?' | ':' | '<')
        && second.is_none_or(|c| c.is_whitespace() || matches!(c, '<' | '-' | '.'));
    let odd = text.trim() != text
        || text.contains(char::is_control)
        || text.contains(": ")
        || text.contains(" #")
        || text.ends_with(':')
        || text.starts_with("---")
        || text.starts_with("...")
        || in_flow && text.contains([',', '[', ']', '{', '}', '#']);
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "~"
    );
    !indicator && !odd && !word && resolve(text) == Scalar::Text && !is_number_or_date(text)
}

/// What some reader takes for a number, a time or a date.
fn is_number_or_date(text: &str) -> bool {
    let digits = text.trim_start_matches(['-', '+', '.']);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return matches!(
            digits.to_ascii_lowercase().as_str(),
            "inf" | "nan" | "infinity"
        );
    }
    let numeric = |c: char| c.is_ascii_hexdigit() || "._+-:xoXO".contains(c);
    let three_dots = text.split('.').count() > 2 && !text.contains(':');
    let date = text.len() >= 8
        && text.get(4..5) == Some("-")
        && text.bytes().take(4).all(|b| b.is_ascii_digit());
    // `1.0.0` is a text to all of them, and so is `5m`.
    date || (!three_dots
        && digits.chars().all(numeric)
        && text.parse::<f64>().is_ok()
            | text.contains(':')
            | digits.starts_with("0x")
            | digits.starts_with("0o"))
}

/// In single quotes; none for what those cannot hold on one line.
pub(super) fn single(text: &str) -> Option<String> {
    let plain = !text.contains(|c: char| c.is_control());
    plain.then(|| format!("'{}'", text.replace('\'', "''")))
}

/// In double quotes.
pub(super) fn double(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The lines of a literal block, each with its indentation; none for a text that a block cannot hold.
pub(super) fn block_lines(text: &str, indent: usize) -> Option<Vec<String>> {
    let text = text.trim_end_matches('\n');
    // The first line with text gives the indentation.
    let first = text.split('\n').find(|line| !line.is_empty());
    let held = first.is_some_and(|line| !line.starts_with(' '))
        && !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t');
    held.then(|| {
        let pad = " ".repeat(indent);
        text.split('\n')
            .map(|line| match line.is_empty() {
                true => String::new(),
                false => format!("{pad}{line}"),
            })
            .collect()
    })
}

/// A value on one line, in brackets where it is a collection.
pub(super) fn on_one_line(value: &Value, in_flow: bool) -> String {
    match value {
        Value::String(text) if may_be_plain(text, in_flow) => text.clone(),
        Value::String(text) => single(text)
            .filter(|_| !text.contains('\''))
            .unwrap_or_else(|| double(text)),
        Value::Sequence(items) => {
            let items: Vec<String> = items.iter().map(|i| on_one_line(i, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Mapping(mapping) => {
            let entries: Vec<String> = mapping
                .iter()
                .map(|(k, v)| format!("{}: {}", on_one_line(k, true), on_one_line(v, true)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Tagged(tagged) => on_one_line(&tagged.value, in_flow),
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_quotes_gets_them() {
        for text in [
            "High",
            "1h",
            "PT1H",
            "1.0.0",
            "a b",
            "it's",
            "T1098.003",
            "a:b",
            "c3d4e5f6-3333",
            "-x",
            "éa",
        ] {
            assert!(may_be_plain(text, false), "{text}");
        }
        for text in [
            "",
            " a",
            "a ",
            "no",
            "Yes",
            "true",
            "null",
            "~",
            "1",
            "1.5",
            "1e5",
            "0x1F",
            "12:30:00",
            "2026-01-01",
            "a: b",
            "a #b",
            "a:",
            "#a",
            "- a",
            "[a",
            "{a",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "'a",
            "\"a",
            "%a",
            "@a",
            "`a",
            "a\nb",
            "---",
            "?",
            ": a",
            "=",
            "<<",
            ".inf",
        ] {
            assert!(!may_be_plain(text, false), "{text}");
        }
        assert!(may_be_plain("a, b", false) && !may_be_plain("a, b", true));
        assert_eq!(double("a\"\\\n\u{1}"), r#""a\"\\\n\u0001""#);
        assert_eq!(single("it's").as_deref(), Some("'it''s'"));
    }
}
