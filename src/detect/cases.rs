//! Runs the cases of a rule.

use super::case_panther::Bodies;
use super::open::refused;
use super::runner::broken_document;
use super::{Body, CaseResult, Rule, case_panther, case_sentinel};
use crate::diagnostic::{Diagnostic, LineIndex};
use crate::task::CancelToken;
use std::path::Path;

/// Runs the cases of a rule: Panther's `Tests:`, Sentinel's case file. With a filter, only cases whose
/// name, or whose rule's name or id, contains the text in any case of letters.
/// A rule that cannot be loaded, or that its platform would refuse, gives one failed result named `load`.
pub fn run_cases(rule: &Rule, filter: Option<&str>, cancel: &CancelToken) -> Vec<CaseResult> {
    run_with(&mut Bodies::default(), rule, filter, cancel)
}

/// The same with the interpreters of rules before.
pub(super) fn run_with(
    bodies: &mut Bodies,
    rule: &Rule,
    filter: Option<&str>,
    cancel: &CancelToken,
) -> Vec<CaseResult> {
    let filter = Filter::of(rule, filter);
    let broken = broken_document(rule);
    if let Some((path, diagnostic)) = broken.first().or(refused(rule)) {
        let failure = || failed_load(rule, path, diagnostic);
        return filter.takes_rule(rule).then(failure).into_iter().collect();
    }
    match &rule.body {
        Body::Sentinel(sentinel) => case_sentinel::run(rule, sentinel, &filter, cancel),
        Body::Panther(panther, _) => case_panther::run(bodies, rule, panther, &filter, cancel),
    }
}

/// Which cases are wanted.
pub(super) struct Filter(Option<String>);

impl Filter {
    fn of(rule: &Rule, text: Option<&str>) -> Self {
        let text = text.map(str::to_lowercase);
        Self(text.filter(|t| {
            !rule.name().to_lowercase().contains(t) && !rule.id().to_lowercase().contains(t)
        }))
    }

    /// Whether any case of a rule that cannot be loaded is wanted, as far as its cases can be read.
    fn takes_rule(&self, rule: &Rule) -> bool {
        let named = match &rule.body {
            Body::Panther(panther, _) => panther.cases.iter().any(|case| self.takes(&case.name)),
            Body::Sentinel(_) => true,
        };
        self.0.is_none() || named
    }

    /// Whether a case of this name is wanted.
    pub(super) fn takes(&self, case: &str) -> bool {
        match &self.0 {
            Some(text) => case.to_lowercase().contains(text),
            None => true,
        }
    }
}

/// The one failed result of a rule that cannot be loaded.
pub(super) fn failed_load(rule: &Rule, path: &Path, diagnostic: &Diagnostic) -> CaseResult {
    let text = if rule.companion.as_deref() == Some(path) {
        rule.companion_text.as_deref().unwrap_or("")
    } else {
        &rule.text
    };
    let at = LineIndex::new(text).position(diagnostic.span.map_or(0, |s| s.start));
    let mut message = diagnostic.message.clone();
    if let Some(hint) = &diagnostic.hint {
        message.push_str(&format!(" ({hint})"));
    }
    // The platform's tool passes a rule over whose base it does not have.
    let skipped = diagnostic.code == "panther-base-missing";
    CaseResult {
        case: "load".to_owned(),
        passed: false,
        skipped,
        invalid: !skipped,
        expected: "the rule loads".to_owned(),
        actual: format!("{} at {}:{}", diagnostic.code, at.line, at.column),
        outputs: serde_json::Value::Object(serde_json::Map::new()),
        message,
        path: path.to_owned(),
        line: at.line,
    }
}

/// Says how many cases a failure to load kept from running.
pub(super) fn not_run(mut failure: CaseResult, cases: usize) -> CaseResult {
    match cases {
        0 => {}
        1 => failure.message.push_str("; its case did not run"),
        many => failure
            .message
            .push_str(&format!("; its {many} cases did not run")),
    }
    failure
}
