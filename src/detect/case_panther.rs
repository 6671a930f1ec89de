//! Runs the `Tests:` of a Panther rule with `pat test`'s rule for passing.

use super::cases::{Filter, failed_load};
use super::{CaseResult, Rule};
use crate::diagnostic::{Diagnostic, LineIndex};
use crate::panther::{self, Case, Engine, Exception, Limits, Mode, Outcome};
use crate::task::CancelToken;
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

pub(super) fn run(
    rule: &Rule,
    panther: &panther::Rule,
    filter: &Filter,
    cancel: &CancelToken,
) -> Vec<CaseResult> {
    let body = rule.companion_text.as_deref().unwrap_or("");
    let body_path = rule.companion.as_deref().unwrap_or(&rule.path);
    let lines = LineIndex::new(&rule.text);
    let mut engine: Option<Engine> = None;
    let mut results = Vec::new();
    let mut cases: Vec<&Case> = panther.cases.iter().collect();
    if !cases.is_empty() {
        cases.retain(|c| filter.takes(&c.name));
        if cases.is_empty() {
            return results; // the engine costs: nobody asked for it
        }
    }
    if cases.is_empty() {
        // No tests: still say whether the body loads.
        return match Engine::load(panther, body, Limits::default()) {
            Ok(_) => results,
            Err(found) => load_failures(rule, body_path, &found),
        };
    }
    for case in cases {
        if cancel.is_cancelled() {
            break;
        }
        let mut ready = match engine.take() {
            Some(engine) => engine,
            None => match Engine::load(panther, body, Limits::default()) {
                Ok(engine) => engine,
                Err(found) => return load_failures(rule, body_path, &found),
            },
        };
        let answer = ready.evaluate(&[Arc::clone(&case.log)], Mode::Test, &case.mocks, cancel);
        let mut result = match answer {
            Ok(mut outcomes) => {
                engine = Some(ready);
                match outcomes.pop() {
                    Some(outcome) => judge(case, &outcome),
                    None => continue, // cancelled
                }
            }
            Err(stopped) => stopped_case(rule, case, &stopped),
        };
        result.path.clone_from(&rule.path);
        result.line = case.span.map_or(1, |s| lines.position(s.start).line);
        results.push(result);
    }
    results
}

fn load_failures(rule: &Rule, path: &std::path::Path, found: &[Diagnostic]) -> Vec<CaseResult> {
    let first = found.iter().find(|d| d.is_error()).or(found.first());
    first
        .map(|d| vec![failed_load(rule, path, d)])
        .unwrap_or_default()
}

/// `pat test`: a case that expects an alert passes when `rule()` says True and no other function raises;
/// a case that expects none passes when `rule()` says False, whatever the other functions do.
fn judge(case: &Case, outcome: &Outcome) -> CaseResult {
    let mut result = CaseResult {
        case: case.name.clone(),
        expected: words(case.expected).to_owned(),
        outputs: outputs(outcome),
        ..CaseResult::default()
    };
    match &outcome.matched {
        None => {
            result.actual = "no answer".to_owned();
            result.message = "rule() gave no answer".to_owned();
        }
        Some(Err(exception)) => {
            result.actual = "exception".to_owned();
            result.message = raised("rule", exception);
        }
        Some(Ok(matched)) => {
            result.actual = actual(*matched, outcome);
            if *matched != case.expected {
                result.message = format!(
                    "Expected {}, rule() returned {}",
                    words(case.expected),
                    if *matched { "True" } else { "False" }
                );
            } else if case.expected
                && let Some((function, exception)) = first_raised(outcome)
            {
                result.message = raised(function, exception);
            }
        }
    }
    result.passed = result.message.is_empty();
    result
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

fn raised(function: &str, exception: &Exception) -> String {
    match exception.line {
        Some(line) => format!(
            "{function}() raised {} at line {line} of the body",
            exception.text
        ),
        None => format!("{function}() raised {}", exception.text),
    }
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

fn first_raised(outcome: &Outcome) -> Option<(&'static str, &Exception)> {
    let destinations = outcome.destinations.as_ref().and_then(|d| d.as_ref().err());
    let context = outcome
        .alert_context
        .as_ref()
        .and_then(|c| c.as_ref().err());
    texts(outcome)
        .into_iter()
        .find_map(|(name, text)| Some((name, text.as_ref()?.as_ref().err()?)))
        .or(destinations.map(|e| ("destinations", e)))
        .or(context.map(|e| ("alert_context", e)))
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

/// A case at which a limit ended the interpreter, or whose mocks do not fit the body.
fn stopped_case(rule: &Rule, case: &Case, stopped: &Diagnostic) -> CaseResult {
    let place = match (stopped.span, &rule.companion_text) {
        (Some(span), Some(body)) => {
            let at = LineIndex::new(body).position(span.start);
            format!(" at line {} of the body", at.line)
        }
        _ => String::new(),
    };
    CaseResult {
        case: case.name.clone(),
        expected: words(case.expected).to_owned(),
        actual: "stopped".to_owned(),
        outputs: Json::Object(Map::new()),
        message: format!("{}{place}", stopped.message),
        ..CaseResult::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(expected: bool) -> Case {
        Case {
            name: "c".into(),
            expected,
            ..Case::default()
        }
    }

    fn outcome(matched: bool, title: Result<String, Exception>) -> Outcome {
        Outcome {
            matched: Some(Ok(matched)),
            title: Some(title),
            ..Outcome::default()
        }
    }

    fn broken() -> Result<String, Exception> {
        Err(Exception {
            text: "KeyError('x')".into(),
            line: Some(3),
        })
    }

    #[test]
    fn pat_s_rule_for_passing() {
        // facts/panther.md 2.3, step 5
        assert!(judge(&case(true), &outcome(true, Ok("t".into()))).passed);
        assert!(!judge(&case(true), &outcome(true, broken())).passed);
        assert!(!judge(&case(true), &outcome(false, Ok("t".into()))).passed);
        assert!(judge(&case(false), &outcome(false, broken())).passed);
        assert!(!judge(&case(false), &outcome(true, Ok("t".into()))).passed);
        let raised = judge(&case(true), &outcome(true, broken()));
        assert_eq!(
            raised.message,
            "title() raised KeyError('x') at line 3 of the body"
        );
    }
}
