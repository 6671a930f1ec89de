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
        (one.title.as_str(), one.severity.as_str()),
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
