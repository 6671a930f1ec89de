//! Reads a rule's YAML.

use super::schema::{Checker, key};
use super::value::json;
use super::{Case, Rule};
use crate::diagnostic::{Diagnostic, Span};
use crate::yaml::{Document, Step};
use serde_yaml::Value as Yaml;
use std::sync::Arc;

/// Analysis types that exist and are not run here yet.
const LATER: [(&str, &str); 9] = [
    ("policy", "policies"),
    ("scheduled_rule", "scheduled rules"),
    ("correlation_rule", "correlation rules"),
    ("datamodel", "data models"),
    ("global", "global helpers"),
    ("saved_query", "saved queries"),
    ("scheduled_query", "scheduled queries"),
    ("lookup_table", "lookup tables"),
    ("pack", "packs"),
];

/// Reads a rule's YAML. Never fails: what is wrong is in the diagnostics (spans in bytes of the YAML text).
pub fn read(text: &str) -> (Rule, Vec<Diagnostic>) {
    let (document, mut found) = Document::parse(text);
    let value = match value(text, &document, &found) {
        Ok(value) => value,
        Err(diagnostic) => {
            found.push(diagnostic);
            Yaml::Null
        }
    };
    let mut checker = Checker {
        document: &document,
        found,
    };
    if value.is_mapping() {
        check(&mut checker, &value);
    } else if !checker.found.iter().any(Diagnostic::is_error) {
        checker.error(
            "panther-rule",
            &[],
            "a rule is a mapping of keys and values",
        );
    }
    let found = checker.found;
    let rule = rule(&value, document);
    (rule, found)
}

/// The document's value. The YAML room gives it; what it leaves empty is read here.
fn value(text: &str, document: &Document, found: &[Diagnostic]) -> Result<Yaml, Diagnostic> {
    let mut value = if document.value().is_null() {
        let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        match serde_yaml::from_str::<Yaml>(body) {
            Ok(value) => value,
            Err(_) if found.iter().any(Diagnostic::is_error) => Yaml::Null,
            Err(error) => {
                let at = error.location().map_or(0, |place| place.index());
                let at = (at + text.len() - body.len()).min(text.len());
                return Err(Diagnostic::error(
                    "yaml-syntax",
                    Span::new(at, at),
                    error.to_string(),
                ));
            }
        }
    } else {
        document.value().clone()
    };
    // `<<` takes the keys of another mapping in.
    let _ = value.apply_merge();
    Ok(value)
}

fn check(checker: &mut Checker<'_>, value: &Yaml) {
    let kind = value.get("AnalysisType").and_then(Yaml::as_str);
    let later = |checker: &mut Checker<'_>, path: &[Step], what: &str| {
        checker
            .error(
                "panther-unsupported",
                path,
                format!("{what} are not supported yet"),
            )
            .hint =
            Some("rules with a Python body (`AnalysisType: rule` and `Filename`) are".to_owned());
    };
    match kind {
        Some("rule") | None => {}
        Some(other) => {
            let at = [key("AnalysisType")];
            match LATER.iter().find(|(name, _)| *name == other) {
                Some((_, what)) => later(checker, &at, what),
                None => {
                    checker.error(
                        "panther-analysis-type",
                        &at,
                        format!("`{other}` is no analysis type"),
                    );
                }
            }
            return;
        }
    }
    for (name, what) in [
        ("BaseDetection", "derived rules"),
        ("Detection", "simple detections"),
        ("ScheduledQueries", "scheduled rules"),
    ] {
        if value.get(name).is_some() {
            later(checker, &[key(name)], what);
            return;
        }
    }
    if value.get("InlineFilters").is_some_and(|filters| {
        !filters.is_null() && filters.as_sequence().is_none_or(|list| !list.is_empty())
    }) {
        // Without its filters the rule would match more than on the platform.
        later(checker, &[key("InlineFilters")], "inline filters");
    }
    checker.rule(value);
}

fn rule(value: &Yaml, document: Document) -> Rule {
    let text = |name: &str| {
        value
            .get(name)
            .and_then(Yaml::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let whole = |name: &str, otherwise: u32| {
        value
            .get(name)
            .and_then(Yaml::as_u64)
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(otherwise)
    };
    let id = text("RuleID");
    let display = text("DisplayName");
    Rule {
        name: if display.is_empty() {
            id.clone()
        } else {
            display
        },
        id,
        severity: text("Severity").to_uppercase(),
        log_types: texts(value.get("LogTypes")),
        dedup_period_minutes: whole("DedupPeriodMinutes", 60),
        threshold: whole("Threshold", 1),
        filename: text("Filename"),
        enabled: value
            .get("Enabled")
            .and_then(Yaml::as_bool)
            .unwrap_or(false),
        create_alert: value
            .get("CreateAlert")
            .and_then(Yaml::as_bool)
            .unwrap_or(true),
        cases: value
            .get("Tests")
            .and_then(Yaml::as_sequence)
            .map(|cases| {
                cases
                    .iter()
                    .enumerate()
                    .filter(|(_, case)| case.is_mapping())
                    .map(|(i, case)| read_case(case, i, &document))
                    .collect()
            })
            .unwrap_or_default(),
        document,
    }
}

fn read_case(case: &Yaml, index: usize, document: &Document) -> Case {
    let mocks = case
        .get("Mocks")
        .and_then(Yaml::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(|mock| {
            let name = mock.get("objectName")?.as_str()?;
            Some((name.to_owned(), json(mock.get("returnValue")?)))
        })
        .collect();
    Case {
        name: case
            .get("Name")
            .and_then(Yaml::as_str)
            .unwrap_or_default()
            .to_owned(),
        expected: case
            .get("ExpectedResult")
            .and_then(Yaml::as_bool)
            .unwrap_or(false),
        log: Arc::new(case.get("Log").map(json).unwrap_or_default()),
        mocks,
        expected_destinations: case
            .get("ExpectedDestinations")
            .filter(|list| list.is_sequence())
            .map(|list| texts(Some(list))),
        span: document.span(&[key("Tests"), Step::Index(index)]),
    }
}

fn texts(list: Option<&Yaml>) -> Vec<String> {
    list.and_then(Yaml::as_sequence)
        .into_iter()
        .flatten()
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<String> {
        read(text)
            .1
            .into_iter()
            .filter(Diagnostic::is_error)
            .map(|d| d.code)
            .collect()
    }

    const GOOD: &str = "AnalysisType: rule\nEnabled: true\nFilename: a.py\nRuleID: A.B\nLogTypes: [X]\nSeverity: High\n";

    #[test]
    fn a_rule_is_read() {
        let (rule, found) = read(&format!(
            "\u{FEFF}{GOOD}DisplayName: A b\nTests:\n  - Name: t\n    ExpectedResult: true\n    Log: {{a: {{b: [1, 2.5, null]}}}}\n    Mocks:\n      - objectName: x\n        returnValue: 'y'\n"
        ));
        assert_eq!(found, []);
        assert_eq!((rule.id.as_str(), rule.name.as_str()), ("A.B", "A b"));
        assert_eq!((rule.severity.as_str(), rule.enabled), ("HIGH", true));
        assert_eq!((rule.dedup_period_minutes, rule.threshold), (60, 1));
        let case = &rule.cases[0];
        assert_eq!(*case.log, serde_json::json!({"a": {"b": [1, 2.5, null]}}));
        assert_eq!(case.mocks, [("x".to_owned(), serde_json::json!("y"))]);
        assert!(case.expected);
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(errors(&GOOD.replace("High", "Hgh")), ["panther-severity"]);
        assert_eq!(
            errors(&GOOD.replace("RuleID: A.B\n", "")),
            ["panther-missing-key"]
        );
        assert_eq!(errors(&format!("{GOOD}Foo: 1\n")), ["panther-unknown-key"]);
        assert_eq!(errors(&format!("{GOOD}Threshold: x\n")), ["panther-type"]);
        assert_eq!(
            errors(&GOOD.replace("[X]", "[X, X]")),
            ["panther-duplicate"]
        );
        assert_eq!(errors(&GOOD.replace("A.B", "A<B")), ["panther-name"]);
        assert_eq!(
            errors(&GOOD.replace(": rule", ": policy")),
            ["panther-unsupported"]
        );
        assert_eq!(
            errors(&GOOD.replace(": rule", ": rules")),
            ["panther-analysis-type"]
        );
        assert_eq!(
            errors(&GOOD.replace("Filename: a.py", "Detection: []")),
            ["panther-unsupported"]
        );
        assert_eq!(errors("- a\n"), ["panther-rule"]);
        assert!(!errors("a: [b\n").is_empty());
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        let place = |text: &str| {
            let (_, found) = read(text);
            let span = found[0].span.expect("a place");
            text[span.start..span.end].to_owned()
        };
        assert_eq!(place(&GOOD.replace("High", "Hgh")), "Hgh");
        assert_eq!(place(&GOOD.replace("[X]", "[X, X]")), "X");
        assert_eq!(place(&format!("{GOOD}Foo: 1\n")), "Foo");
        assert_eq!(place(&GOOD.replace("RuleID: A.B\n", "")), "AnalysisType");
        assert_eq!(place(&GOOD.replace(": rule", ": policy")), "policy");
        assert_eq!(
            place(&format!("{GOOD}Tests:\n  - Name: t\n    Log: {{}}\n")),
            "Name"
        );
    }

    #[test]
    fn a_text_that_breaks_off_is_not_said_to_miss_keys() {
        assert!(
            errors("AnalysisType: rule\nRuleID: [a\n")
                .iter()
                .all(|code| code.starts_with("yaml-"))
        );
    }
}
