//! `panther_rule_test`: the logs of the tests in a Panther rule file, `Tests[].Log` (a mapping, or its JSON as text).

use super::{Found, Reading, Split};
use crate::logs::scan;
use crate::yaml::{Dialect, Document, Step, untagged};
use serde_json::{Map, Value as Json};
use serde_yaml::Value as Yaml;
use std::ops::Range;

/// Whether a text is a document of Panther's.
pub(super) fn recognise(text: &[u8], first: usize) -> bool {
    let head = text.get(first..).unwrap_or_default();
    !matches!(head.first(), Some(b'{' | b'[' | b'<'))
        && head
            .split(|byte| *byte == b'\n')
            .take(2000)
            .any(|line| line.starts_with(b"AnalysisType:"))
}

/// Finds the logs of the tests.
pub(super) fn split(text: &[u8], first: usize) -> Split {
    let mut split = Split {
        form: "panther_rule_test",
        ..Split::default()
    };
    let Ok(whole) = std::str::from_utf8(text.get(first..).unwrap_or_default()) else {
        split.reject(text, 1, first, "not UTF-8");
        return split;
    };
    let (document, diagnostics) = Document::parse_as(whole, Dialect::PyYaml);
    let mut lines = scan::Lines::new(text, 1);
    if let Some(wrong) = diagnostics.iter().find(|d| d.is_error()) {
        let at = first + wrong.span.map_or(0, |span| span.start);
        let line = scan::Lines::new(text, 1).at(at);
        split.reject(text, line, at, format!("not YAML: {}", wrong.message));
    }
    for path in logs(&document) {
        let (Some(span), Some(value)) = (document.span(&path), document.get(&path)) else {
            continue;
        };
        let range = piece(text, first + span.start..first + span.end);
        let line = lines.at(range.start);
        // Written with an alias to another part of the file it means nothing by itself.
        let alone = text.get(range.clone()).and_then(|bytes| read(bytes).ok());
        if alone.is_some() && alone == object(value) {
            split.found.push(Found {
                range,
                base: 0,
                line,
                reading: Reading::Yaml,
            });
        } else {
            let reason =
                "the log of this test is no mapping, or uses an alias to another part of the file";
            split.reject(text, line, range.start, reason);
        }
    }
    if split.found.is_empty() && split.rejects.is_empty() {
        split.reject(
            text,
            1,
            first,
            "a Panther document whose tests have no logs",
        );
    }
    split
}

/// The paths of the logs.
fn logs(document: &Document) -> Vec<Vec<Step>> {
    let tests: Vec<Step> = vec!["Tests".into()];
    let count = document.get(&tests).and_then(Yaml::as_sequence);
    let mut found = Vec::new();
    for test in 0..count.map_or(0, Vec::len) {
        let of_test = |key: &str| [tests.as_slice(), &[test.into(), key.into()]].concat();
        if document.get(&of_test("Log")).is_some() {
            found.push(of_test("Log"));
        }
        let events = document.get(&of_test("Events")).and_then(Yaml::as_sequence);
        for event in 0..events.map_or(0, Vec::len) {
            found.push([of_test("Events"), vec![event.into()]].concat());
        }
    }
    found
}

/// The bytes of a value that can be read by themselves: the first line of a block with its indentation.
fn piece(text: &[u8], span: Range<usize>) -> Range<usize> {
    let mut range = span.start.min(text.len())..span.end.min(text.len());
    while range.end > range.start && text.get(range.end - 1).is_some_and(u8::is_ascii_whitespace) {
        range.end -= 1;
    }
    let before = text.get(..range.start).unwrap_or_default();
    let line = memchr::memrchr(b'\n', before).map_or(0, |n| n + 1);
    let indent = before.get(line..).unwrap_or_default();
    if indent.iter().all(|byte| *byte == b' ') {
        range.start = line;
    }
    range
}

/// Reads the log of a test.
///
/// # Errors
/// Why it is no log, in one sentence.
pub(in crate::logs) fn read(bytes: &[u8]) -> Result<Map<String, Json>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
    let (document, diagnostics) = Document::parse_as(text, Dialect::PyYaml);
    if let Some(wrong) = diagnostics.iter().find(|d| d.is_error()) {
        return Err(format!("not YAML: {}", wrong.message));
    }
    object(document.value()).ok_or_else(|| "the log of a test is a mapping".to_owned())
}

fn object(value: &Yaml) -> Option<Map<String, Json>> {
    let json = match untagged(value) {
        Yaml::String(text) => crate::logs::json::parse(text).ok()?.node.to_value(),
        other => json(other),
    };
    match json {
        Json::Object(members) => Some(members),
        _ => None,
    }
}

/// A value as JSON; its depth is bounded by the reader's.
fn json(value: &Yaml) -> Json {
    match untagged(value) {
        Yaml::Null => Json::Null,
        Yaml::Bool(truth) => Json::from(*truth),
        Yaml::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Json::from(whole),
            (None, Some(whole)) => Json::from(whole),
            (None, None) => number.as_f64().map_or(Json::Null, Json::from),
        },
        Yaml::String(text) => Json::from(text.as_str()),
        Yaml::Sequence(items) => items.iter().map(json).collect(),
        Yaml::Mapping(members) => members
            .iter()
            .map(|(key, value)| {
                let key = match json(key) {
                    Json::String(text) => text,
                    other => other.to_string(),
                };
                (key, json(value))
            })
            .collect::<Map<_, _>>()
            .into(),
        Yaml::Tagged(_) => Json::Null,
    }
}
