//! Runs the folders of cases.

use super::load;
use rulewright::kql::Catalog;
use rulewright::logs::Dataset;
use rulewright::value::time::format_datetime;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logs")
}

fn folders() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(root())
        .expect("the folder of cases")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
}

fn input(folder: &Path) -> (String, Vec<u8>) {
    let file = std::fs::read_dir(folder)
        .expect("a case")
        .map(|entry| entry.expect("entry").path())
        .find(|path| path.file_stem().is_some_and(|stem| stem == "input"))
        .unwrap_or_else(|| panic!("no input in {}", folder.display()));
    let name = file
        .file_name()
        .expect("name")
        .to_string_lossy()
        .into_owned();
    (name, std::fs::read(&file).expect("input"))
}

fn open(folder: &Path) -> Dataset {
    let (name, bytes) = input(folder);
    load(&name, bytes)
}

/// All rows of the tables a dataset fills, as text, sorted. What a row does not tell from its raw event
/// (the connector's name, the sum of tokens inside a text) is left out.
pub(super) fn rows(data: &Dataset) -> Vec<String> {
    let mut rows = Vec::new();
    for name in ["OpenAIAuditLogs", "ASimAgentEventLogs"] {
        let table = data.table(name).expect("a bundled table");
        for row in 0..table.rows {
            let cells: Vec<String> = table
                .names
                .iter()
                .zip(&table.columns)
                .filter(|(column, _)| *column != "ConnectorName")
                .map(|(column, cells)| format!("{column}={}", cells.value(row).display()))
                .collect();
            rows.push(cells.join("\n"));
        }
    }
    rows.sort();
    rows
}

#[test]
fn every_folder_is_read_as_expected() {
    let folders = folders();
    assert!(folders.len() > 10, "the cases are there");
    for folder in folders {
        check(&folder);
    }
}

fn check(folder: &Path) {
    let case = folder.file_name().expect("name").to_string_lossy();
    let text = std::fs::read_to_string(folder.join("expected.json"))
        .unwrap_or_else(|error| panic!("{case}: {error}"));
    let expected: Json =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{case}: {error}"));
    let data = open(folder);
    let file = &data.files()[0];
    for (member, actual) in [
        ("form", json!(file.form)),
        ("connector", json!(file.connector)),
        ("table", json!(file.table)),
        ("events", json!(file.events)),
        ("first", json!(file.first.map(format_datetime))),
        ("last", json!(file.last.map(format_datetime))),
    ] {
        assert_eq!(actual, expected[member], "{case}: {member}\n{file:#?}");
    }
    assert_eq!(data.event_count(), file.events, "{case}");
    assert_eq!(data.end(), file.last, "{case}");

    let rejected = expected["rejected"].as_array().expect("rejected");
    assert_eq!(file.rejected.len(), rejected.len(), "{case}\n{file:#?}");
    for (actual, wanted) in file.rejected.iter().zip(rejected) {
        assert_eq!(json!(actual.line), wanted[0], "{case}: {actual:?}");
        let part = wanted[1].as_str().expect("a reason");
        assert!(
            actual.reason.contains(part),
            "{case}: {actual:?}, not {part}"
        );
    }
    let notes = expected["notes"].as_array().expect("notes");
    assert_eq!(file.notes.len(), notes.len(), "{case}\n{file:#?}");
    for (actual, wanted) in file.notes.iter().zip(notes) {
        let part = wanted.as_str().expect("a note");
        assert!(actual.contains(part), "{case}: {actual}, not {part}");
    }
    let events: Vec<_> = (0..data.event_count() as u32)
        .map(|id| data.event(id).expect("an event"))
        .collect();
    if let Some(ids) = expected["ids"].as_array() {
        let actual: Vec<_> = events.iter().map(|e| json!(e.record_id)).collect();
        assert_eq!(&actual, ids, "{case}");
    }
    if let Some(lines) = expected["lines"].as_array() {
        let actual: Vec<_> = events.iter().map(|e| json!(e.line)).collect();
        assert_eq!(&actual, lines, "{case}");
    }
    raw_texts_lie_where_they_are_said_to(folder, &data);
    if let Some(other) = expected["same_as"].as_str() {
        assert_eq!(rows(&data), rows(&open(&root().join(other))), "{case}");
    }
}

/// The raw text of an event is the very text of the file, begins on its line, and no two overlap.
fn raw_texts_lie_where_they_are_said_to(folder: &Path, data: &Dataset) {
    let (_, bytes) = input(folder);
    let mut end = 0;
    for id in 0..data.event_count() as u32 {
        let range = data.byte_range(id).expect("a range");
        let raw = data.raw(id).expect("raw text");
        assert_eq!(raw.as_bytes(), &bytes[range.clone()]);
        assert!(range.start >= end);
        end = range.end;
        let line = bytes[..range.start].iter().filter(|b| **b == b'\n').count() + 1;
        assert_eq!(data.event(id).expect("an event").line, line);
    }
}
