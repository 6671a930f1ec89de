//! The timeline: the model as text for readable cases, and the widget driven by pointer, keyboard and
//! screen reader.
//!
//! A case is a file `tests/timeline/<name>.txt`: input lines, a line `---`, and the model as text.
//! Input lines: `clock TIME`, `band TIME TIME label`, `event ID TIME TABLE [series=N] label`,
//! `match INDEX events ID… [| TYPE label]…`, `entities N TYPE` (N matches, each of an event and an entity of
//! its own). Lines that begin with `#` are remarks.

#[path = "timeline/widget.rs"]
mod widget;

use rulewright::value::time::parse_datetime;
use rulewright::workbench::timeline::{Band, EventInfo, Input, MatchInfo, Timeline};

/// Reads the input part of a case.
pub fn read(text: &str) -> Input {
    let mut input = Input::default();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "clock" => input.now = Some(time(rest)),
            "band" => {
                let parts: Vec<&str> = rest.splitn(3, ' ').collect();
                input.bands.push(Band {
                    start: time(parts[0]),
                    end: time(parts[1]),
                    label: parts[2].to_owned(),
                });
            }
            "event" => input.events.push(event(rest)),
            "match" => input.matches.push(read_match(rest)),
            "entities" => {
                let (n, kind) = rest.split_once(' ').expect("a number and a type");
                many_entities(&mut input, n.parse().expect("a number"), kind);
            }
            _ => panic!("unknown line: {line}"),
        }
    }
    input
}

fn time(text: &str) -> i64 {
    parse_datetime(text).unwrap_or_else(|| panic!("not a time: {text}"))
}

fn event(text: &str) -> EventInfo {
    let parts: Vec<&str> = text.splitn(4, ' ').collect();
    let (series, label) = match parts[3].strip_prefix("series=") {
        Some(rest) => {
            let (n, label) = rest.split_once(' ').expect("a label after the series");
            (Some(n.parse().expect("a number")), label)
        }
        None => (None, parts[3]),
    };
    EventInfo {
        id: parts[0].parse().expect("a number"),
        time: time(parts[1]),
        table: parts[2].into(),
        label: label.into(),
        series,
    }
}

fn read_match(text: &str) -> MatchInfo {
    let mut parts = text.split(" | ");
    let head = parts.next().expect("an index");
    let (index, ids) = head.split_once(" events").expect("the events");
    MatchInfo {
        index: index.parse().expect("a number"),
        events: ids
            .split_whitespace()
            .map(|id| id.parse().expect("a number"))
            .collect(),
        entities: parts
            .map(|e| e.split_once(' ').unwrap_or((e, "")))
            .map(|(kind, label)| (kind.to_owned(), label.to_owned()))
            .collect(),
    }
}

fn many_entities(input: &mut Input, n: usize, kind: &str) {
    let start = time("2026-06-08");
    for i in 0..n {
        let id = u32::try_from(input.events.len()).expect("few events") + 1;
        input.events.push(EventInfo {
            id,
            time: start + i64::from(id) * 600_000_000,
            table: "T".into(),
            label: "e".into(),
            ..EventInfo::default()
        });
        input.matches.push(MatchInfo {
            index: input.matches.len(),
            events: vec![id],
            entities: vec![(kind.to_owned(), format!("{kind}-{i:02}"))],
        });
    }
}

#[test]
fn cases() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/timeline");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the cases")
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    assert!(files.len() >= 6, "cases are missing");
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a case");
        let (input, expected) = text.split_once("\n---\n").expect("a line ---");
        let model = Timeline::build(read(input)).to_text();
        assert_eq!(model, expected, "{}", file.display());
    }
}

#[test]
fn equal_inputs_are_the_same_and_others_are_not() {
    let text = "event 1 2026-06-08T03:00:00Z T a\nmatch 0 events 1 | Account x";
    let build = |text: &str| Timeline::build(read(text));
    assert_eq!(build(text), build(text));
    let moved = text.replace("03:00", "04:00");
    assert_ne!(build(text).fingerprint, build(&moved).fingerprint);
    let renamed = text.replace("Account x", "Account y");
    assert_ne!(build(text).fingerprint, build(&renamed).fingerprint);
}
