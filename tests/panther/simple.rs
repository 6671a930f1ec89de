//! Runs the cases of `simple/*.yaml`.

use rulewright::diagnostic::Diagnostic;
use rulewright::panther::simple::{self, Detection, Explained, Facts, Filters};
use rulewright::panther::{Exception, Mode};
use rulewright::yaml::Document;
use serde_json::{Value as Json, json};
use serde_yaml::Value as Yaml;
use std::path::PathBuf;
use std::sync::Arc;

fn cases(file: &str) -> (String, Vec<Yaml>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/panther/simple")
        .join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let cases = serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{file}: {e}"));
    (text, cases)
}

fn text<'a>(case: &'a Yaml, key: &str) -> &'a str {
    case.get(key).and_then(Yaml::as_str).unwrap_or("")
}

fn events(case: &Yaml, key: &str) -> Vec<Json> {
    case.get(key).map_or(Vec::new(), |list| {
        serde_yaml::from_value(list.clone()).unwrap_or_else(|e| panic!("{key}: {e}"))
    })
}

/// A document with the case's expressions in one line, as the cases write them.
fn document(case: &Yaml) -> Document {
    let mut whole = serde_json::Map::new();
    for (from, to) in [("detection", "Detection"), ("filters", "InlineFilters")] {
        if let Some(list) = case.get(from) {
            whole.insert(to.to_owned(), serde_json::to_value(list).unwrap());
        }
    }
    if let Some(Json::Object(keys)) = case.get("keys").map(|k| serde_json::to_value(k).unwrap()) {
        whole.extend(keys);
    }
    Document::parse(&serde_yaml::to_string(&whole).unwrap()).0
}

enum Read {
    Detection(Detection),
    Filters(Filters),
}

impl Read {
    fn ask(&self, event: &Json) -> Result<bool, Exception> {
        match self {
            Read::Detection(detection) => detection.matches(event),
            Read::Filters(filters) => filters.keeps(event),
        }
    }

    fn explain(&self, event: &Json) -> Vec<Explained> {
        match self {
            Read::Detection(detection) => detection.explain(event),
            Read::Filters(filters) => filters.explain(event),
        }
    }
}

fn read(case: &Yaml) -> (Option<Read>, Vec<Diagnostic>) {
    let document = document(case);
    if case.get("filters").is_some() {
        let (filters, found) = Filters::read(document.value(), &document);
        return (filters.map(Read::Filters), found);
    }
    let (detection, found) = simple::read(document.value(), &document);
    (detection.map(Read::Detection), found)
}

/// The verdict of a trace is the verdict itself, and something in it decided.
fn check_trace(name: &str, read: &Read, event: &Json, verdict: &Result<bool, Exception>) {
    let trace = read.explain(event);
    let top: Vec<&Explained> = trace.iter().filter(|s| s.depth == 0 && s.asked).collect();
    let said = top
        .iter()
        .find_map(|s| match &s.answer {
            Ok(true) => None,
            other => Some(other.clone()),
        })
        .unwrap_or(Ok(true));
    assert_eq!(&said, verdict, "{name}: the trace of {event}");
    assert!(
        trace.is_empty() || trace.iter().any(|s| s.decided),
        "{name}: nothing decided {event}"
    );
    if *verdict == Ok(false) {
        let decided = top.iter().filter(|s| s.decided).count();
        assert_eq!(decided, 1, "{name}: one entry decided against {event}");
    }
}

fn verdicts(file: &str) {
    let mut asked = 0;
    for case in &cases(file).1 {
        let name = text(case, "name");
        let (read, found) = read(case);
        assert!(found.is_empty(), "{name}: {found:?}");
        let read = read.unwrap_or_else(|| panic!("{name}: not read"));
        for (key, want) in [("matches", true), ("misses", false)] {
            for event in events(case, key) {
                let got = read.ask(&event);
                assert_eq!(got, Ok(want), "{name}: {event}");
                check_trace(name, &read, &event, &got);
                asked += 1;
            }
        }
        for raising in events(case, "raises") {
            let event = &raising["event"];
            let got = read.ask(event);
            let said = got.clone().map_err(|e| e.text);
            let want = raising["text"].as_str().unwrap().to_owned();
            assert_eq!(said, Err(want), "{name}: {event}");
            check_trace(name, &read, event, &got);
            asked += 1;
        }
    }
    assert!(asked > 30, "{file}: only {asked} events were asked about");
}

#[test]
fn conditions() {
    verdicts("conditions.yaml");
}

#[test]
fn shapes() {
    verdicts("shapes.yaml");
}

#[test]
fn mistakes_are_said_with_their_place() {
    let (whole, list) = cases("mistakes.yaml");
    for case in &list {
        let name = text(case, "name");
        // The case's own lines are the document, so that the marked text is as it is written there.
        let start = whole.find(&format!("- name: {name}\n")).unwrap();
        let rest = &whole[start..];
        let own = &rest[..rest.find("\n\n- name: ").unwrap_or(rest.len())];
        let own = &own[..own.find("\n  says:").unwrap()];
        let mut lines: Vec<String> = Vec::new();
        for line in own.lines().skip(1) {
            match line.strip_prefix("  keys: {") {
                Some(keys) => lines.push(keys[..keys.len() - 1].to_owned()),
                None => lines.push(
                    line[2..]
                        .replace("detection:", "Detection:")
                        .replace("filters:", "InlineFilters:"),
                ),
            }
        }
        let source = lines.join("\n");
        let (document, broken) = Document::parse(&source);
        assert!(broken.is_empty(), "{name}: {broken:?}");
        let found = if case.get("filters").is_some() {
            Filters::read(document.value(), &document).1
        } else {
            let (detection, found) = simple::read(document.value(), &document);
            let errors = found.iter().any(Diagnostic::is_error);
            assert_eq!(detection.is_none(), errors, "{name}");
            found
        };
        let wanted = case.get("says").and_then(Yaml::as_sequence).unwrap();
        let said: Vec<&str> = found.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(said.len(), wanted.len(), "{name}: {said:?}");
        for (diagnostic, want) in found.iter().zip(wanted) {
            let span = diagnostic
                .span
                .unwrap_or_else(|| panic!("{name}: no place"));
            assert_eq!(diagnostic.message, text(want, "message"), "{name}");
            assert_eq!(diagnostic.code, text(want, "code"), "{name}");
            assert_eq!(&source[span.start..span.end], text(want, "at"), "{name}");
            let warning = want.get("warning").is_some();
            assert_eq!(diagnostic.is_error(), !warning, "{name}");
            if let Some(hint) = want.get("hint").and_then(Yaml::as_str) {
                assert_eq!(diagnostic.hint.as_deref(), Some(hint), "{name}");
            }
        }
    }
}

#[test]
fn alerts() {
    let shown = |output: Option<Result<Arc<str>, Exception>>| match output {
        None => "-".to_owned(),
        Some(Ok(text)) => text.to_string(),
        Some(Err(exception)) => format!("! {}", exception.text),
    };
    for case in &cases("alerts.yaml").1 {
        let name = text(case, "name");
        let mut keys = case.get("keys").cloned().unwrap();
        keys["Detection"] = serde_yaml::from_str("[{Condition: AlwaysTrue}]").unwrap();
        let (document, _) = Document::parse(&serde_yaml::to_string(&keys).unwrap());
        let (detection, found) = simple::read(document.value(), &document);
        assert!(found.is_empty(), "{name}: {found:?}");
        let facts = Facts {
            id: "Test.Rule".into(),
            severity: "MEDIUM".into(),
            create_alert: case.get("signal").is_none(),
        };
        for want in case.get("events").and_then(Yaml::as_sequence).unwrap() {
            let event: Json = serde_json::to_value(want.get("event").unwrap()).unwrap();
            let outcome = detection
                .as_ref()
                .unwrap()
                .outcome(&event, &facts, Mode::Production);
            assert!(outcome.is_match());
            let got = [
                ("title", shown(outcome.title)),
                ("severity", shown(outcome.severity)),
                ("dedup", shown(outcome.dedup)),
                ("alert_context", shown(outcome.alert_context)),
            ];
            for (key, got) in got {
                assert_eq!(got, text(want, key), "{name}: {key} of {event}");
            }
            let replaced: Vec<&str> = outcome.replaced.iter().map(|(name, _)| *name).collect();
            let wanted: Vec<&str> = want
                .get("replaced")
                .and_then(Yaml::as_str)
                .into_iter()
                .collect();
            assert_eq!(replaced, wanted, "{name}");
        }
    }
}

#[test]
fn only_matching_events_have_outputs_in_production() {
    let (document, _) =
        Document::parse("Detection: [{Key: a, Condition: Equals, Value: 1}]\nAlertTitle: T\n");
    let (detection, _) = simple::read(document.value(), &document);
    let detection = detection.unwrap();
    let facts = Facts {
        create_alert: true,
        ..Facts::default()
    };
    let outcome = |mode| detection.outcome(&json!({"a": 2}), &facts, mode);
    assert_eq!(outcome(Mode::Production).title, None);
    assert_eq!(outcome(Mode::Test).title, Some(Ok("T".into())));
    assert!(!outcome(Mode::Test).is_match());
}

#[test]
fn a_trace_names_what_decided() {
    let source = "Detection:\n  - {Key: name, Condition: Equals, Value: Login}\n  - Any:\n      - {Key: ip, Condition: IsIPAddressPublic}\n      - {KeyPath: user.type, Condition: Equals, Value: Root}\n  - {Key: code, Condition: IsNull}\n";
    let (document, _) = Document::parse(source);
    let detection = simple::read(document.value(), &document).0.unwrap();
    let event = json!({"name": "Login", "ip": "10.0.0.1", "user": {"type": "IAMUser"}, "code": 1});
    let shown: Vec<String> = detection
        .explain(&event)
        .into_iter()
        .map(|s| {
            let span = s.span.unwrap();
            assert!(source[span.start..span.end].len() > 10);
            format!(
                "{}{} | {} | {} | {}{}",
                "  ".repeat(s.depth),
                s.expression,
                s.found.unwrap_or_default(),
                s.answer.unwrap(),
                if s.asked { "asked" } else { "-" },
                if s.decided { " decided" } else { "" },
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            r#"name Equals "Login" | "Login" | true | asked"#,
            "Any |  | false | asked decided",
            r#"  ip IsIPAddressPublic | "10.0.0.1" | false | asked decided"#,
            r#"  user.type Equals "Root" | "IAMUser" | false | asked decided"#,
            "code IsNull | 1 | false | -",
        ]
    );
}

#[test]
fn hostile_documents_and_events_end() {
    // A list of lists, and expressions in expressions, up to what the reader of YAML takes.
    let depth = 30;
    let mut source = "{Condition: AlwaysTrue}".to_owned();
    for _ in 0..depth {
        source = format!(
            "{{Key: a, Condition: AnyElement, Expressions: [{source}, {{Condition: AlwaysTrue}}]}}"
        );
    }
    let (document, found) = Document::parse(&format!("Detection: [{source}]"));
    assert!(found.is_empty(), "{found:?}");
    let detection = simple::read(document.value(), &document).0.unwrap();
    let mut event = json!({"a": []});
    for _ in 0..depth {
        event = json!({"a": [event, {}, {}]});
    }
    assert_eq!(detection.matches(&event), Ok(true));
    assert!(detection.explain(&event).len() <= 4000);
}
