//! Runs the `Tests:` of a Panther detection with `pat test`'s rule for passing.

use super::cases::{Filter, failed_load, not_run};
use super::{CaseResult, Rule};
use crate::diagnostic::{Diagnostic, LineIndex};
use crate::panther::{
    self, Analysis, CaseOutcome, Exception, Interpreter, Limits, Matcher, Outcome, TextOutput,
    Verdict,
};
use crate::task::CancelToken;
use serde_json::{Map, Value as Json, json};
use std::path::Path;
use std::sync::Arc;

/// The interpreter of the repository that was asked last: rules of one repository share it.
#[derive(Default)]
pub(super) struct Bodies(Option<Interpreter>);

impl Bodies {
    /// The interpreter for a rule.
    fn of(&mut self, rule: &panther::Rule) -> &mut Interpreter {
        let library = rule.repository.library();
        let fits = |known: &Interpreter| Arc::ptr_eq(known.library(), library);
        if !self.0.as_ref().is_some_and(fits) {
            self.0 = None;
        }
        self.0
            .get_or_insert_with(|| Interpreter::new(Arc::clone(library), Limits::default()))
    }
}

pub(super) fn run(
    bodies: &mut Bodies,
    rule: &Rule,
    panther: &panther::Rule,
    filter: &Filter,
    cancel: &CancelToken,
) -> Vec<CaseResult> {
    let mut wanted = panther.clone();
    wanted.cases.retain(|c| filter.takes(&c.name));
    if wanted.cases.is_empty() && !panther.cases.is_empty() {
        return Vec::new(); // the interpreter costs: nobody asked for it
    }
    let outcomes = match &panther.matcher {
        Matcher::Simple(Some(detection)) => panther::run_simple(&wanted, detection),
        // Told before: its document has an error.
        Matcher::Simple(None) | Matcher::Correlation(None) => {
            skipped(&wanted, "the rule has no Detection that can be read")
        }
        Matcher::Correlation(Some(correlation)) => {
            panther::run_correlation(bodies.of(&wanted), &wanted, correlation, cancel)
        }
        Matcher::Python | Matcher::Derived(_) => {
            let body = rule.companion_text.as_deref().unwrap_or("");
            let interpreter = bodies.of(&wanted);
            match interpreter.load(&wanted, body, cancel) {
                Ok(loaded) => panther::run_loaded(interpreter, &loaded, &wanted, cancel),
                Err(found) => {
                    let body_path = rule.companion.as_deref().unwrap_or(&rule.path);
                    return load_failure(rule, body_path, &found, wanted.cases.len());
                }
            }
        }
    };
    let place = Place::of(rule, panther);
    let done = outcomes.iter();
    done.map(|outcome| result(panther, outcome, &place))
        .collect()
}

fn skipped(rule: &panther::Rule, why: &str) -> Vec<CaseOutcome> {
    let cases = rule.cases.iter();
    cases.map(|case| CaseOutcome::skipped(case, why)).collect()
}

fn load_failure(rule: &Rule, path: &Path, found: &[Diagnostic], cases: usize) -> Vec<CaseResult> {
    let first = found.iter().find(|d| d.is_error()).or(found.first());
    first
        .map(|d| vec![not_run(failed_load(rule, path, d), cases)])
        .unwrap_or_default()
}

/// The file that the cases stand in: the rule's, or its base's.
struct Place<'a> {
    path: &'a Path,
    lines: LineIndex,
}

impl<'a> Place<'a> {
    fn of(rule: &'a Rule, panther: &'a panther::Rule) -> Self {
        let base = match &panther.matcher {
            Matcher::Derived(base) if panther.inherits_cases => panther.repository.member(base),
            _ => None,
        };
        match base {
            Some(base) => Self {
                path: &base.path,
                lines: LineIndex::new(base.rule.document.text()),
            },
            None => Self {
                path: &rule.path,
                lines: LineIndex::new(&rule.text),
            },
        }
    }
}

fn result(panther: &panther::Rule, done: &CaseOutcome, place: &Place<'_>) -> CaseResult {
    let policy = panther.kind == Analysis::Policy;
    CaseResult {
        case: done.case.name.clone(),
        passed: done.passed,
        skipped: done.verdict == Verdict::Skipped,
        invalid: false,
        expected: words(done.case.expected != policy).to_owned(),
        actual: match &done.outcome.matched {
            None if done.verdict == Verdict::Skipped => "not run".to_owned(),
            None if done.message.starts_with("not run") => "not run".to_owned(),
            None => format!("stopped: {}", done.message),
            Some(Err(_)) => "exception".to_owned(),
            // The same answer, and still failed: what differs is said with it.
            Some(Ok(matched)) if *matched == done.case.expected && !done.passed => {
                format!("{}, but {}", actual(&done.outcome), done.message)
            }
            Some(Ok(_)) => actual(&done.outcome),
        },
        outputs: outputs(panther, &done.outcome),
        message: done.message.clone(),
        path: place.path.to_owned(),
        line: done
            .case
            .span
            .map_or(1, |s| place.lines.position(s.start).line),
    }
}

fn words(alert: bool) -> &'static str {
    if alert { "alert" } else { "no alert" }
}

fn actual(outcome: &Outcome) -> String {
    if !outcome.is_match() {
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
fn texts(outcome: &Outcome) -> [(&'static str, &TextOutput); 7] {
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

/// Everything the detection said, by function; an exception as `{"exception": …, "line": …}`. Of a signal, which
/// creates no alert, only the context is kept.
fn outputs(panther: &panther::Rule, outcome: &Outcome) -> Json {
    let mut all = Map::new();
    if let Some(matched) = &outcome.matched {
        let name = panther.kind.function();
        all.insert(name.into(), answer(matched, |b| Json::from(*b)));
    }
    for (name, text) in texts(outcome) {
        if let (Some(text), true) = (text, panther.create_alert) {
            all.insert(name.into(), answer(text, |t| Json::from(&**t)));
        }
    }
    if let (Some(destinations), true) = (&outcome.destinations, panther.create_alert) {
        all.insert(
            "destinations".into(),
            answer(destinations, |d| Json::from(d.clone())),
        );
    }
    if let Some(context) = &outcome.alert_context {
        all.insert(
            "alert_context".into(),
            answer(context, |text| {
                serde_json::from_str(text).unwrap_or_else(|_| Json::from(&**text))
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
