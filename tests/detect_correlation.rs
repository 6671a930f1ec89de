//! A correlation rule over loaded logs: the rules it joins (a simple detection and a Python body, both with inline
//! filters) run first. The rules and the log stand in `detect/correlation`.

use rulewright::detect::{self, Disk, Rule, Run};
use rulewright::logs::Dataset;
use rulewright::task::{CancelToken, Progress};
use rulewright::value::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/detect/correlation")
        .join(name)
}

fn rule(name: &str) -> Rule {
    detect::open(&file(name), &Disk).unwrap()
}

fn data() -> Arc<Dataset> {
    let data = Dataset::load(
        &[file("audit.ndjson")],
        &CancelToken::new(),
        &Progress::new(),
    );
    assert_eq!(data.event_count(), 18);
    Arc::new(data)
}

fn run(name: &str, now: i64) -> (Arc<Dataset>, Run) {
    let data = data();
    let run = detect::run(&rule(name), &data, now, &CancelToken::new());
    (data, run)
}

/// The lines, from 1, of the events behind a match.
fn lines(data: &Dataset, one: &detect::Match) -> Vec<usize> {
    one.events
        .iter()
        .map(|id| data.event(*id).unwrap().line)
        .collect()
}

#[test]
fn a_correlation_joins_what_its_rules_match() {
    let (data, run) = run("guessed.yml", i64::MAX);
    assert_eq!(run.diagnostics, []);
    // Maya's first guess: lines 1, 2, 4 fail (3 is Ines's), 5 succeeds. Ines fails once only, Tom succeeds 18 minutes
    // later, one of Ada's three is filtered out. Maya again at the end.
    let found: Vec<Vec<usize>> = run.matches.iter().map(|m| lines(&data, m)).collect();
    assert_eq!(found, [vec![1, 2, 4, 5], vec![15, 16, 17, 18]]);
    let names: Vec<&str> = run.columns.iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(
        names,
        [
            "title",
            "severity",
            "p_alert_context.user",
            "begin",
            "end",
            "Failed",
            "Succeeded"
        ]
    );
    let one = &run.matches[0];
    assert_eq!(
        (&*one.title, &*one.severity),
        ("A password was guessed", "HIGH")
    );
    assert_eq!(one.row[2], Value::String("maya@x.example".into()));
    assert_eq!(one.row[5..], [Value::Long(3), Value::Long(1)]);
    assert!(one.entities.iter().any(|e| e.label() == "maya@x.example"));
    assert_eq!(one.row.len(), run.columns.len());
}

#[test]
fn the_clock_is_the_last_moment_that_is_seen() {
    let data = data();
    let at = |line: usize| {
        (0..18)
            .map(|id| data.event(id).unwrap())
            .find(|e| e.line == line)
            .and_then(|e| e.time)
            .unwrap()
    };
    assert_eq!(run("guessed.yml", at(17)).1.matches.len(), 1);
    assert_eq!(run("guessed.yml", at(18)).1.matches.len(), 2);
    let before = run("guessed.yml", at(4)).1;
    assert_eq!(before.matches.len(), 0);
    assert_eq!(before.diagnostics.len(), 1);
    assert_eq!(
        before.diagnostics[0].1.message,
        "No match: Succeeded (Test.Login.Succeeded) matched nothing"
    );
    let span = before.diagnostics[0].1.span.unwrap();
    assert_eq!(
        &rule("guessed.yml").text[span.start..span.end],
        "Test.Login.Succeeded"
    );
}

#[test]
fn a_rule_that_is_not_there_is_named() {
    let (_, run) = run("unknown.yml", i64::MAX);
    assert!(run.failed());
    let (path, found) = &run.diagnostics[0];
    assert_eq!(path, &file("unknown.yml"));
    assert_eq!(
        found.message,
        "there is no rule with the id `Test.Nowhere` to join"
    );
    let span = found.span.unwrap();
    assert_eq!(
        &rule("unknown.yml").text[span.start..span.end],
        "Test.Nowhere"
    );
}

/// A rule over the rows of a query: only the platform has them. That is said as a notice, and where.
#[test]
fn a_correlation_over_scheduled_rules_is_not_run_over_logs() {
    let (_, run) = run("over_scheduled.yml", i64::MAX);
    assert!(!run.failed());
    assert_eq!(run.matches.len(), 0);
    assert_eq!(run.diagnostics.len(), 1);
    let (path, told) = &run.diagnostics[0];
    assert_eq!(path, &file("over_scheduled.yml"));
    assert_eq!(told.code, "panther-not-for-logs");
    assert_eq!(told.severity, rulewright::diagnostic::Severity::Information);
    assert_eq!(
        told.message,
        "`Test.Scheduled.Rows` looks at the rows of a query on the platform (Rows of a query): the correlation is not run over logs, its tests with RuleOutputs are run"
    );
    let span = told.span.unwrap();
    assert_eq!(
        &rule("over_scheduled.yml").text[span.start..span.end],
        "Test.Scheduled.Rows"
    );
}

/// Its cases run from what the rules gave. A case with events says why it cannot: it does not fail for want of a match.
#[test]
fn cases_of_a_correlation_over_scheduled_rules_run_from_rule_outputs() {
    let rule = rule("over_scheduled.yml");
    let outcomes = detect::run_cases(&rule, None, &CancelToken::new());
    let passed: Vec<bool> = outcomes.iter().map(|o| o.passed).collect();
    assert_eq!(passed, [true, false, true], "{outcomes:#?}");
    assert!(
        outcomes[1]
            .message
            .contains("write what it gives as RuleOutputs"),
        "{}",
        outcomes[1].message
    );
}

#[test]
fn a_simple_detection_runs_over_the_logs() {
    let (data, run) = run("login_failed.yml", i64::MAX);
    assert_eq!(run.diagnostics, []);
    let found: Vec<usize> = run.matches.iter().flat_map(|m| lines(&data, m)).collect();
    // Every failed login but the one at line 12, which comes from the address that the filter leaves out.
    assert_eq!(found, [1, 2, 3, 4, 7, 8, 9, 11, 13, 15, 16, 17]);
    let context = run.matches[2].context.as_ref().unwrap();
    assert_eq!(context["user"], "ines@x.example");
}

#[test]
fn inline_filters_come_before_a_body() {
    let (_, run) = run("login_succeeded.yml", i64::MAX);
    assert_eq!(run.diagnostics, []);
    assert_eq!(run.matches.len(), 5);
}

#[test]
fn why_a_rule_in_yaml_does_not_match_is_told() {
    let data = data();
    let event = |line: usize| {
        (0..18)
            .find(|id| data.event(*id).is_some_and(|e| e.line == line))
            .unwrap()
    };
    let rule = rule("login_failed.yml");
    // Line 5 is a login that succeeded: the filter lets it through, the detection says no.
    let why = detect::why(&rule, &data, event(5)).unwrap();
    assert_eq!(why.matches, Some(Ok(false)));
    assert!(why.filters.iter().all(|step| step.answer == Ok(true)));
    let step = &why.detection[0];
    assert_eq!(step.expression, r#"type Equals "login.failed""#);
    assert_eq!(step.found.as_deref(), Some(r#""login.succeeded""#));
    assert!(step.decided);
    let span = step.span.unwrap();
    assert_eq!(
        &rule.text[span.start..span.end],
        "{KeyPath: type, Condition: Equals, Value: login.failed}"
    );
    // Line 12 comes from the address that the filter leaves out: the detection is never asked.
    let why = detect::why(&rule, &data, event(12)).unwrap();
    assert_eq!(why.matches, Some(Ok(false)));
    assert!(why.detection.is_empty());
    assert_eq!(why.filters[0].answer, Ok(false));
    // A body has no expressions, but its filters have.
    let why = detect::why(&self::rule("login_succeeded.yml"), &data, event(5)).unwrap();
    assert_eq!((why.matches, why.filters.len()), (None, 1));
    assert!(detect::why(&self::rule("guessed.yml"), &data, event(5)).is_none());
}
