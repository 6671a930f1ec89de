//! Runs the `Tests:` of a Panther rule with `pat test`'s rule for passing.

use super::cases::{Filter, failed_load, not_run};
use super::{CaseResult, Rule};
use crate::diagnostic::{Diagnostic, LineIndex};
use crate::panther::{self, CaseOutcome, Exception, Limits, Outcome};
use crate::task::CancelToken;
use serde_json::{Map, Value as Json, json};
use std::path::Path;

pub(super) fn run(
    rule: &Rule,
    panther: &panther::Rule,
    filter: &Filter,
    cancel: &CancelToken,
) -> Vec<CaseResult> {
    let body = rule.companion_text.as_deref().unwrap_or("");
    let mut wanted = panther.clone();
    wanted.cases.retain(|c| filter.takes(&c.name));
    if wanted.cases.is_empty() && !panther.cases.is_empty() {
        return Vec::new(); // the interpreter costs: nobody asked for it
    }
    match panther::run_cases(&wanted, body, Limits::default(), cancel) {
        Ok(outcomes) => {
            let lines = LineIndex::new(&rule.text);
            let done = outcomes.iter();
            done.map(|outcome| result(rule, outcome, &lines)).collect()
        }
        Err(found) => {
            let body_path = rule.companion.as_deref().unwrap_or(&rule.path);
            load_failure(rule, body_path, &found, wanted.cases.len())
        }
    }
}

fn load_failure(rule: &Rule, path: &Path, found: &[Diagnostic], cases: usize) -> Vec<CaseResult> {
    let first = found.iter().find(|d| d.is_error()).or(found.first());
    first
        .map(|d| vec![not_run(failed_load(rule, path, d), cases)])
        .unwrap_or_default()
}

fn result(rule: &Rule, done: &CaseOutcome, lines: &LineIndex) -> CaseResult {
    CaseResult {
        case: done.case.name.clone(),
        passed: done.passed,
        expected: words(done.case.expected).to_owned(),
        actual: match &done.outcome.matched {
            None if done.message.starts_with("not run") => "not run".to_owned(),
            None => format!("stopped: {}", done.message),
            Some(Err(_)) => "exception".to_owned(),
            // The same answer, and still failed: what differs is said with it.
            Some(Ok(matched)) if *matched == done.case.expected && !done.passed => {
                format!("{}, but {}", actual(*matched, &done.outcome), done.message)
            }
            Some(Ok(matched)) => actual(*matched, &done.outcome),
        },
        outputs: outputs(&done.outcome),
        message: done.message.clone(),
        path: rule.path.clone(),
        line: done.case.span.map_or(1, |s| lines.position(s.start).line),
    }
}

fn words(alert: bool) -> &'static str {
    if alert { "alert" } else { "no alert" }
}

fn actual(matched: bool, outcome: &Outcome) -> String {
    if !matched {
        return words(false).to_owned();
    }
    let mut text = words(true).to_owned();
    if let Some(Ok(severity)) = &outcome.severity {
        text.push_str(&format!(", {severity}"));
    }
    if let Some(Ok(title)) = &outcome.title {
        text.push_str(&format!(", '{title}'"));
    }
    text
}

/// The texts that functions gave, in the order in which `pat test` runs them.
fn texts(outcome: &Outcome) -> [(&'static str, &Option<Result<String, Exception>>); 7] {
    [
        ("title", &outcome.title),
        ("description", &outcome.description),
        ("reference", &outcome.reference),
        ("severity", &outcome.severity),
        ("runbook", &outcome.runbook),
        ("dedup", &outcome.dedup),
        ("unique", &outcome.unique),
    ]
}

/// Everything the body said, by function; an exception as `{"exception": …, "line": …}`.
fn outputs(outcome: &Outcome) -> Json {
    let mut all = Map::new();
    if let Some(matched) = &outcome.matched {
        all.insert("rule".into(), answer(matched, |b| Json::from(*b)));
    }
    for (name, text) in texts(outcome) {
        if let Some(text) = text {
            all.insert(name.into(), answer(text, |t| Json::from(t.as_str())));
        }
    }
    if let Some(destinations) = &outcome.destinations {
        all.insert(
            "destinations".into(),
            answer(destinations, |d| Json::from(d.clone())),
        );
    }
    if let Some(context) = &outcome.alert_context {
        all.insert(
            "alert_context".into(),
            answer(context, |text| {
                serde_json::from_str(text).unwrap_or_else(|_| Json::from(text.as_str()))
            }),
        );
    }
    Json::Object(all)
}

fn answer<T>(output: &Result<T, Exception>, json: impl Fn(&T) -> Json) -> Json {
    match output {
        Ok(value) => json(value),
        Err(e) => json!({"exception": e.text, "line": e.line}),
    }
}
