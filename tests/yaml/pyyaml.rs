//! Values as PyYAML with the changes of Panther's tool makes them. The tables under `pyyaml` are that tool's answers.

use rulewright::yaml::{Dialect, Document};
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;
use std::fmt::Write as _;

fn table(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/yaml/pyyaml");
    std::fs::read_to_string(format!("{folder}/{name}")).unwrap()
}

/// The value of a text; none where it is refused.
fn read(text: &str) -> Option<Yaml> {
    let (document, found) = Document::parse_as(text, Dialect::PyYaml);
    let refused = found.iter().any(|d| d.is_error());
    (!refused).then(|| document.value().clone())
}

fn same(ours: &Yaml, expected: &Json) -> bool {
    match (ours, expected) {
        (Yaml::Null, Json::Null) => true,
        (Yaml::Bool(a), Json::Bool(b)) => a == b,
        (Yaml::String(a), Json::String(b)) => a == b,
        (Yaml::Sequence(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Yaml::Number(a), Json::Object(b)) => match (&b.get("whole"), b.get("real")) {
            (Some(whole), _) => !a.is_f64() && a.to_string() == whole.as_str().unwrap(),
            (_, Some(real)) => {
                let real: f64 = real.as_str().unwrap().parse().unwrap();
                let ours = a.as_f64().unwrap();
                a.is_f64() && (ours.to_bits() == real.to_bits() || ours.is_nan() && real.is_nan())
            }
            _ => false,
        },
        (Yaml::Mapping(a), Json::Object(b)) => {
            let Some(entries) = b.get("entries").and_then(Json::as_array) else {
                return false;
            };
            a.len() == entries.len()
                && a.iter()
                    .zip(entries)
                    .all(|((key, value), entry)| same(key, &entry[0]) && same(value, &entry[1]))
        }
        _ => false,
    }
}

#[test]
fn scalars_are_resolved_as_by_the_platforms_tool() {
    let mut failures = String::new();
    let mut count = 0;
    for line in table("scalars.txt").lines().filter(|l| !l.starts_with('#')) {
        let (text, expected) = line.split_once('\t').unwrap();
        count += 1;
        let ours = read(&format!("k: {text}\n")).map(|v| v["k"].clone());
        let right = match (&ours, expected) {
            (ours, "refused") => ours.is_none(),
            (Some(ours), json) => same(ours, &serde_json::from_str(json).unwrap()),
            // Python's whole numbers have no end; ours have one, and it is said.
            (None, json) => {
                let json: Json = serde_json::from_str(json).unwrap();
                let whole = json["whole"].as_str().unwrap_or("0").parse::<i128>();
                whole.is_ok_and(|n| n > i128::from(u64::MAX) || n < i128::from(i64::MIN))
            }
        };
        if !right {
            let _ = writeln!(failures, "{text}: expected {expected}, got {ours:?}");
        }
    }
    assert!(count > 150, "the table is there");
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn documents_are_read_as_by_the_platforms_tool() {
    let text = table("documents.txt");
    let (_, cases) = text.split_once("\n\n").unwrap();
    let mut failures = String::new();
    let mut count = 0;
    let mut document = String::new();
    for line in cases.lines() {
        let Some(expected) = line.strip_prefix("=> ") else {
            // The empty line after the case before.
            if !(document.is_empty() && line.is_empty()) {
                document.push_str(line);
                document.push('\n');
            }
            continue;
        };
        count += 1;
        let ours = read(&document);
        let right = match (&ours, expected) {
            (ours, "refused") => ours.is_none(),
            (Some(ours), json) => same(ours, &serde_json::from_str(json).unwrap()),
            (None, _) => false,
        };
        if !right {
            let _ = writeln!(failures, "{document}expected {expected}, got {ours:?}\n");
        }
        document.clear();
    }
    assert!(count > 30, "the table is there");
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn equal_keys_are_a_warning() {
    let (document, found) = Document::parse_as("a: 1\nb: 2\na: 3\n", Dialect::PyYaml);
    let told: Vec<_> = found.iter().map(|d| (d.is_error(), &*d.code)).collect();
    assert_eq!(told, [(false, "yaml-duplicate-key")]);
    assert_eq!(document.value()["a"], Yaml::from(3));
}

#[test]
fn what_stands_before_a_broken_entry_is_read() {
    let (document, found) = Document::parse_as("a: 1\nb: [2\nc: 3\n", Dialect::PyYaml);
    assert!(found.iter().any(|d| d.is_error()));
    assert_eq!(document.value()["a"], Yaml::from(1));
    assert!(document.value().get("b").is_none());
}

#[test]
fn what_is_refused_has_a_place() {
    for (text, code, place) in [
        ("a: =\n", "yaml-value", "="),
        ("a: !x 1\n", "yaml-tag", "1"),
        ("a: 0x_\n", "yaml-number", "0x_"),
        (
            "a: 123456789012345678901\n",
            "yaml-number",
            "123456789012345678901",
        ),
        ("a: {<<: 5}\n", "yaml-merge", "5"),
        ("? [a]\n: 1\n", "yaml-key", "[a]"),
    ] {
        let (_, found) = Document::parse_as(text, Dialect::PyYaml);
        let codes: Vec<_> = found.iter().map(|d| &*d.code).collect();
        assert_eq!(codes, [code], "{text}");
        let span = found[0].span.unwrap();
        assert_eq!(&text[span.start..span.end], place, "{text}");
    }
}

#[test]
fn the_last_line_of_a_block_may_lack_its_break() {
    // By the platform's loader: a line break only where the text has one.
    for (text, value) in [
        ("a: |\n  x\n  y", "x\ny"),
        ("a: |\n  x\n  y\n", "x\ny\n"),
        ("a: |+\n  x", "x"),
        ("a: |-\n  x", "x"),
        ("a: >\n  x\n  y", "x y"),
        ("a: >\n  x\n\n", "x\n"),
        ("a: |\n  x\n  ", "x\n"),
        ("a:\n  b: |\n    x\n\n", "x\n"),
    ] {
        let read = read(text).unwrap();
        let own = read["a"].get("b").unwrap_or(&read["a"]);
        assert_eq!(own.as_str(), Some(value), "{text:?}");
    }
}
