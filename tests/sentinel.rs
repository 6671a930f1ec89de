//! Reading Sentinel rules and their case files. `sentinel/rules/*.txt` and `sentinel/cases/*.txt` are texts with the
//! diagnostics they give, one `line:column code: message` a line.

use rulewright::diagnostic::{Diagnostic, LineIndex, Span};
use rulewright::sentinel::cases::{self, Expectation, Found, Input, value_matches};
use rulewright::sentinel::{self, Aggregation, Kind, Matching, Operator};
use rulewright::value::{Value, time};
use serde_json::json;
use std::fmt::Write as _;
use std::sync::Arc;

const SEED: &str = include_str!("sentinel/seed.yaml");
const OURS: &str = include_str!("../rules/sentinel/openai_config_to_abuse_chain.yaml");
const CASES: &str = include_str!("../rules/sentinel/openai_config_to_abuse_chain.cases.yaml");

fn shown(text: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let lines = LineIndex::new(text);
    diagnostics
        .iter()
        .map(|d| {
            let at = lines.position(d.span.map_or(0, |s| s.start));
            format!("{}:{} {}: {}", at.line, at.column, d.code, d.message)
        })
        .collect()
}

fn check_folder(name: &str, least: usize, read: impl Fn(&str) -> Vec<Diagnostic>) {
    let folder = format!("{}/tests/sentinel/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut failures = String::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let content = std::fs::read_to_string(&file).unwrap();
        let (text, expected) = content.split_once("=== expect\n").unwrap();
        let expected: Vec<&str> = expected.lines().collect();
        let actual = shown(text, &read(text));
        if actual != expected {
            let _ = writeln!(
                failures,
                "{}:\n  expected {expected:#?}\n  actual {actual:#?}",
                file.display()
            );
        }
        count += 1;
    }
    assert!(count >= least, "the texts are there");
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn rules_say_what_is_wrong_and_where() {
    check_folder("rules", 9, |text| sentinel::read(text).1);
}

#[test]
fn case_files_say_what_is_wrong_and_where() {
    check_folder("cases", 4, |text| cases::read(text).1);
}

#[test]
fn the_seed_is_read_whole() {
    for text in [
        SEED.to_owned(),
        SEED.replace('\n', "\r\n"),
        format!("\u{feff}{SEED}"),
    ] {
        let (rule, diagnostics) = sentinel::read(&text);
        assert_eq!(diagnostics, []);
        assert_eq!(rule.id, "c3d4e5f6-3333-4ccc-9003-0123456789ad");
        assert_eq!(
            rule.name,
            "OpenAI - Privileged config change followed by abuse signal"
        );
        assert_eq!(
            (rule.severity.as_str(), rule.kind),
            ("High", Kind::Scheduled)
        );
        assert_eq!(rule.version, "1.0.0");
        assert_eq!(rule.query_frequency, Some(time::HOUR));
        assert_eq!(rule.query_period, Some(time::DAY));
        assert_eq!(rule.trigger_operator, Some(Operator::GreaterThan));
        assert_eq!(rule.trigger_threshold, Some(0));
        assert!(rule.triggers(1) && !rule.triggers(0));
        assert_eq!(rule.enabled, Some(true));
        assert_eq!(rule.tactics, ["Persistence", "DefenseEvasion", "Execution"]);
        assert_eq!(rule.techniques, ["T1098", "T1556", "T1059"]);
        assert_eq!(rule.connectors[0].id, "OpenAI");
        assert_eq!(
            rule.connectors[0].data_types,
            ["OpenAIAuditLogs_CL", "ASimAgentEventLogs"]
        );
        let mapped: Vec<(&str, &str, &str)> = rule
            .entity_mappings
            .iter()
            .flat_map(|m| {
                m.fields
                    .iter()
                    .map(|(i, c)| (m.entity_type.as_str(), i.as_str(), c.as_str()))
            })
            .collect();
        assert_eq!(
            mapped,
            [
                ("Account", "Name", "ActorEmail"),
                ("IP", "Address", "ConfigIp"),
                ("CloudApplication", "Name", "ModelName")
            ]
        );
        let span = rule.entity_mappings[1].span.unwrap();
        assert!(text[span.start..span.end].starts_with("entityType: IP"));
        assert!(text[span.start..span.end].ends_with("columnName: ConfigIp"));
        assert_eq!(rule.aggregation, Aggregation::SingleAlert);
        let incident = rule.incident.as_ref().unwrap();
        let grouping = incident.grouping.as_ref().unwrap();
        assert!(incident.create && grouping.enabled && !grouping.reopen_closed);
        assert_eq!(grouping.lookback, time::DAY);
        assert_eq!(grouping.matching, Matching::Selected);
        assert_eq!(grouping.by_entities, ["Account"]);
        assert_eq!(rule.tags, ["Sentinel-As-Code", "Custom", "OpenAI", "AI"]);
        assert!(
            rule.query
                .starts_with("let window = 1d;\nlet configChanges =\n    OpenAIAuditLogs\n")
        );
        assert!(rule.query.ends_with("| order by ConfigTime desc\n"));
        assert!(rule.description.contains("\n\nPorted from"));
    }
}

#[test]
fn a_diagnostic_of_the_query_stands_in_the_file() {
    let text = format!("\u{feff}{}", SEED.replace('\n', "\r\n"));
    let (rule, _) = sentinel::read(&text);
    let start = rule.query.find("array_length").unwrap();
    let inner = Diagnostic::error("KQL1", Span::new(start, start + 12), "x");
    let outer = rule.query_diagnostic(inner).span.unwrap();
    assert_eq!(&text[outer.start..outer.end], "array_length");
    let position = LineIndex::new(&text).position(outer.start);
    // Two spaces of the block, eight of the query, `or `: column 14.
    let line = SEED
        .lines()
        .position(|l| l.contains("array_length"))
        .unwrap()
        + 1;
    assert_eq!((position.line, position.column), (line, 14));
    // A span that ends at a line's end stays on that line.
    let end = rule.query.find('\n').unwrap();
    let outer = rule.query_span(Span::new(0, end));
    assert_eq!(&text[outer.start..outer.end], "let window = 1d;");
    let whole = rule.query_span(Span::new(99_999, 99_999));
    assert_eq!(&text[whole.start..whole.end], "query");
}

#[test]
fn our_rule_is_the_seeds_but_for_its_wording() {
    let (seed, _) = sentinel::read(SEED);
    let (ours, diagnostics) = sentinel::read(OURS);
    assert_eq!(diagnostics, []);
    assert_ne!(ours.description, seed.description);
    assert_eq!(
        (&ours.id, &ours.name, &ours.severity),
        (&seed.id, &seed.name, &seed.severity)
    );
    assert_eq!(ours.query_frequency, seed.query_frequency);
    assert_eq!(ours.query_period, seed.query_period);
    assert_eq!(
        (&ours.tactics, &ours.techniques),
        (&seed.tactics, &seed.techniques)
    );
    assert_eq!(
        (&ours.connectors, &ours.incident),
        (&seed.connectors, &seed.incident)
    );
    for (a, b) in ours.entity_mappings.iter().zip(&seed.entity_mappings) {
        assert_eq!((&a.entity_type, &a.fields), (&b.entity_type, &b.fields));
    }
    assert!(sentinel::looks_like(SEED) && sentinel::looks_like(OURS));
    assert!(!sentinel::looks_like(CASES));
    assert!(!sentinel::looks_like(
        "AnalysisType: rule\nquery: x\nid: y\n"
    ));
    assert!(!sentinel::looks_like("{\"query\": 1}"));
    // A hunting query, and a query inside another text.
    assert!(!sentinel::looks_like(
        "id: x\nname: y\nquery: |\n  T\ntactics: [Impact]\n"
    ));
    assert!(!sentinel::looks_like(
        "severity: High\ntext: |\n  query: T\n"
    ));
}

#[test]
fn the_bundled_cases_are_read() {
    let (file, diagnostics) = cases::read(CASES);
    assert_eq!(diagnostics, []);
    assert!(file.cases.len() >= 15);
    let first = &file.cases[0];
    assert_eq!(
        first.now,
        time::parse_datetime("2026-06-08T13:05:00Z").unwrap()
    );
    let line = CASES
        .lines()
        .position(|l| l.starts_with("- name: A role change"))
        .unwrap()
        + 1;
    assert_eq!(first.line, line);
    assert_eq!(
        (first.logs[0].name.as_str(), first.logs[1].name.as_str()),
        ("audit", "completions")
    );
    assert_eq!(first.expect.count, Some(1));
    assert_eq!(first.expect.rows[0].len(), 8);
    assert_eq!(
        first.expect.entities[1],
        (
            "IP".to_owned(),
            vec![("Address".to_owned(), "203.0.113.20".to_owned())]
        )
    );
    // `with` merges mappings and leaves the rest of the event alone.
    let Input::Event(event, _) = &file.cases[1].logs[0].inputs[0] else {
        panic!("an event");
    };
    assert_eq!(
        event["actor"]["session"]["user"]["email"],
        "Maya.Okafor@Larkspur.example"
    );
    assert_eq!(event["actor"]["session"]["ip_address"], "203.0.113.20");
    assert_eq!(event["effective_at"], 1_780_920_000);
    // A seed beyond 2^53 keeps all its digits; one object a line.
    let lines = String::from_utf8(file.cases[12].logs[1].ndjson()).unwrap();
    assert_eq!(lines.lines().count(), 2);
    assert!(lines.lines().all(|l| l.contains("4944116822809979520")));
    assert_eq!(
        file.cases[4].expect.words(),
        "1 row with ConfigTime = \"2026-06-08T12:00:00Z\", AbuseTime = \"2026-06-08T12:00:00Z\""
    );
    assert_eq!(file.cases[2].expect.words(), "no match");
}

#[test]
fn values_are_compared_as_people_write_them() {
    let noon = time::parse_datetime("2026-06-08T12:00:00Z").unwrap();
    let text = |s: &str| Value::String(s.into());
    for (expected, actual, same) in [
        (json!("2026-06-08T12:00:00Z"), Value::DateTime(noon), true),
        (
            json!("2026-06-08T14:00:00+02:00"),
            Value::DateTime(noon),
            true,
        ),
        (json!("2026-06-08T12:00:01Z"), Value::DateTime(noon), false),
        (json!("1h"), Value::TimeSpan(time::HOUR), true),
        (json!("01:00:00"), Value::TimeSpan(time::HOUR), true),
        (json!("-01:00:00"), Value::TimeSpan(-time::HOUR), true),
        (json!(null), Value::Null, true),
        (json!(null), text(""), true),
        (json!(null), text("x"), false),
        (json!(1), Value::Long(1), true),
        (json!(1.0), Value::Int(1), true),
        (
            json!(9_007_199_254_740_993_i64),
            Value::Long(9_007_199_254_740_992),
            false,
        ),
        (json!(1), Value::Real(1.0), true),
        (json!("1"), Value::Long(1), false),
        (json!("a"), text("a"), true),
        (json!("A"), text("a"), false),
        (json!(["a"]), Value::Dynamic(Arc::new(json!(["a"]))), true),
        (
            json!({"a": 1, "b": 2.0}),
            Value::Dynamic(Arc::new(json!({"b": 2, "a": 1}))),
            true,
        ),
        (
            json!(["a"]),
            Value::Dynamic(Arc::new(json!(["a", "b"]))),
            false,
        ),
        (json!(true), Value::Bool(true), true),
        (json!("NaN"), Value::Real(f64::NAN), true),
    ] {
        assert_eq!(
            value_matches(&expected, &actual),
            same,
            "{expected} {actual:?}"
        );
    }
}

#[test]
fn expectations_are_checked_and_say_what_is_missing() {
    let text = |s: &str| Value::String(s.into());
    let rows = [
        vec![text("a"), Value::Long(1)],
        vec![text("a"), Value::Long(2)],
    ];
    let account = vec![
        ("Name".to_owned(), "maya".to_owned()),
        ("Sid".to_owned(), "S-1".to_owned()),
    ];
    let found = Found {
        columns: vec!["Text", "Number"],
        rows: rows.iter().map(Vec::as_slice).collect(),
        entities: vec![("Account", &account)],
    };
    let row = |pairs: serde_json::Value| -> Vec<(String, serde_json::Value)> {
        pairs
            .as_object()
            .unwrap()
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect()
    };
    let expect =
        |rows: Vec<serde_json::Value>, count, entities: Vec<(&str, &str, &str)>| Expectation {
            rows: rows.into_iter().map(row).collect(),
            count,
            entities: entities
                .into_iter()
                .map(|(t, i, v)| (t.to_owned(), vec![(i.to_owned(), v.to_owned())]))
                .collect(),
        };
    let check = |e: Expectation| e.check(&found).err().unwrap_or_default();
    // The broad row must not take the result row that only the narrow one can have.
    assert_eq!(
        check(expect(
            vec![json!({"Text": "a"}), json!({"Number": 1})],
            Some(2),
            vec![]
        )),
        ""
    );
    assert_eq!(
        check(expect(
            vec![json!({"Number": 1}), json!({"Text": "a"})],
            Some(2),
            vec![]
        )),
        ""
    );
    assert_eq!(
        check(expect(
            vec![json!({"Number": 1}), json!({"Text": "a", "Number": 1})],
            Some(2),
            vec![]
        )),
        "no result row has Text = \"a\", Number = 1"
    );
    assert_eq!(
        check(expect(vec![], Some(0), vec![])),
        "expected no row, found 2 rows"
    );
    assert_eq!(check(expect(vec![], None, vec![])), "");
    assert_eq!(
        check(expect(vec![json!({"Nope": 1})], None, vec![])),
        "the result has no column `Nope`; it has Text, Number"
    );
    assert_eq!(
        check(expect(vec![], None, vec![("Account", "Name", "maya")])),
        ""
    );
    assert_eq!(
        check(expect(vec![], None, vec![("IP", "Address", "::1")])),
        "no row names IP (Address = ::1)"
    );
    let nothing = Found::default();
    assert_eq!(
        expect(vec![], None, vec![]).check(&nothing).unwrap_err(),
        "expected at least 1 row, found no row"
    );
}
