//! The values at a path, read from the raw text of the events, are those of the parsed events.

use super::*;
use rulewright::logs::PathValue;
use serde_json::{Map, Value as Json, json};

/// Keys that are alike in several ways: case, escapes, letters whose lower case is ASCII, the keys that are added.
const KEYS: [&str; 16] = [
    "a",
    "A",
    "b",
    "B",
    "aB",
    "größe",
    "GRÖSSE",
    "Größe",
    "K",
    "k",
    "\u{212A}",
    "role_assignment_created",
    "role.assignment.created",
    "Role_Assignment_Created",
    "p_log_type",
    "P_LOG_TYPE",
];

fn value(rng: &mut fastrand::Rng, depth: usize) -> Json {
    match rng.u8(..if depth < 3 { 14 } else { 10 }) {
        0 => Json::Null,
        1 => json!(true),
        2 => json!(rng.i64(-3..3)),
        3 => json!(1.5),
        4 => json!(18_446_744_073_709_551_615_u64),
        5 => json!(""),
        6 => json!("a \"quoted\" \\ {text} [with] brackets,"),
        7 => json!("é\n\u{1F600}"),
        8 => json!(["a", 1, {"a": "}"}]),
        9 => json!({}),
        _ => object(rng, depth + 1),
    }
}

fn object(rng: &mut fastrand::Rng, depth: usize) -> Json {
    let mut members = Map::new();
    for _ in 0..rng.usize(..5) {
        let key = KEYS[rng.usize(..KEYS.len())];
        members.insert(key.to_owned(), value(rng, depth));
    }
    Json::Object(members)
}

/// The text of a record in one of several spellings.
fn spelled(rng: &mut fastrand::Rng, event: &Json) -> String {
    let text = event.to_string();
    match rng.u8(..3) {
        0 => text,
        // Keys and texts with an escape where none is needed.
        1 => text
            .replace("\"a\"", "\"\\u0061\"")
            .replace("\"K\"", "\"\\u004B\""),
        _ => text.replace("\":", "\" :\t ").replace(",\"", " , \""),
    }
}

/// What a path leads to, by the words of the event API: the key itself, else the first that is the same in lower case.
fn expected(event: &Json, path: &[String]) -> PathValue {
    let mut at = event;
    for (depth, key) in path.iter().enumerate() {
        let Some(members) = at.as_object() else {
            return PathValue::Blocked(depth, at.is_null());
        };
        let alike = || {
            let mut members = members.iter();
            members.find(|(name, _)| name.to_lowercase() == key.to_lowercase())
        };
        match members.get(key).or_else(|| alike().map(|(_, value)| value)) {
            Some(value) => at = value,
            None => return PathValue::Missing(depth),
        }
    }
    match at {
        Json::Object(members) if members.is_empty() => PathValue::EmptyObject,
        Json::Object(_) => PathValue::Object,
        other => PathValue::Value(other.clone()),
    }
}

#[test]
fn codes_say_what_the_events_hold() {
    let mut rng = fastrand::Rng::with_seed(4);
    let mut text = String::new();
    for n in 0..3000 {
        let Json::Object(mut event) = object(&mut rng, 0) else {
            continue;
        };
        let mut whole = Map::new();
        if rng.u8(..4) == 0 {
            whole = std::mem::take(&mut event);
        }
        whole.insert("id".to_owned(), json!(format!("e{n}")));
        let types = ["role.assignment.created", "a", "größe", "x.y"];
        whole.insert("type".to_owned(), json!(types[rng.usize(..types.len())]));
        whole.insert("effective_at".to_owned(), json!(1_780_894_800 + n));
        for (key, value) in event {
            whole.entry(key).or_insert(value);
        }
        text.push_str(&spelled(&mut rng, &Json::Object(whole)));
        text.push('\n');
    }
    // Wrapped, and a row of a table: opened before they are looked into.
    text.push_str(
        r#"{"data_stream":{"dataset":"openai.audit"},"event":{"original":"{\"id\":\"w\",\"type\":\"a\",\"effective_at\":1780894800,\"A\":7,\"a\":[1]}"}}"#,
    );
    let data = load("audit.ndjson", text);
    let view = data.panther_events("OpenAI.Audit");
    assert!(view.len() > 2900, "{:?}", data.files()[0]);
    let mut paths: Vec<Vec<String>> = KEYS.iter().map(|key| vec![(*key).to_owned()]).collect();
    for first in KEYS {
        for second in ["a", "B", "größe", "none"] {
            paths.push(vec![first.to_owned(), second.to_owned()]);
            paths.push(vec![first.to_owned(), second.to_owned(), "K".to_owned()]);
        }
    }
    paths.push(vec!["type".to_owned()]);
    paths.push(vec!["tYpE".to_owned()]);
    let mut found = 0;
    for path in &paths {
        let column = view.path_codes(path).expect("few values");
        let codes: Vec<usize> = (0..column.values().len()).collect();
        let codes = column.spread(0..view.len(), &codes).expect("all events");
        for (at, code) in codes.iter().enumerate() {
            let event = view.event(at).expect("parsed");
            let is = &column.values()[*code];
            assert_eq!(*is, expected(event.json(), path), "{path:?} of {event:?}");
            found += usize::from(!matches!(is, PathValue::Missing(_)));
        }
    }
    assert!(found > 10_000, "{found}");
}

#[test]
fn a_path_with_a_value_for_every_event_has_no_codes() {
    let line = |n: usize| {
        format!(
            "{{\"id\":\"e{n}\",\"type\":\"t{}\",\"effective_at\":1780894800}}\n",
            n % 7
        )
    };
    let data = load("audit.ndjson", (0..5000).map(line).collect::<String>());
    let view = data.panther_events("OpenAI.Audit");
    let column = |path: &str| view.path_codes(&[path.to_owned()]);
    assert!(column("id").is_none());
    assert_eq!(column("type").map(|c| c.values().len()), Some(7));
}
