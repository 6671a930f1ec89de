//! Facts that only loaded logs can show, as hints with the evidence. Each says what was counted, over which rows; where
//! a table has no rows nothing is said of it.
//!
//! `query` asks questions about the rows of a query's stages, `known` holds what sources are known to give beside what
//! is loaded, `events` looks into the events of a Panther log type; each other file is a check.

mod dropped_names;
mod events;
mod joins;
mod known;
mod log_types;
mod panther_paths;
mod panther_values;
mod paths;
mod predicates;
mod query;
mod terms;

use super::{Check, Context, Report};
use crate::detect::{self, Body};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::kql;
use crate::logs::{Beside, Dataset};
use crate::python::syntax::on_deep_stack;
pub use known::known;
use query::{Query, Stage};

/// A rule that is compared with loaded logs.
pub struct Subject<'a> {
    /// The rule with its texts, of either platform.
    pub rule: &'a detect::Rule,
    /// The logs.
    pub dataset: &'a Dataset,
    /// What is known beside them.
    pub context: &'a Context<'a>,
    /// Its query, where it has one that can be asked about.
    query: Option<&'a Query<'a>>,
    stages: &'a [Stage<'a>],
}

/// Such a check.
pub type DataCheck = Check<fn(&Subject<'_>, &mut Report)>;

/// All checks of rules against data.
pub const CHECKS: &[DataCheck] = &[
    terms::CHECK,
    predicates::CHECK,
    paths::CHECK,
    joins::CHECK,
    dropped_names::CHECK,
    log_types::CHECK,
    panther_values::CHECK,
    panther_paths::CHECK,
];

/// Tells what the logs show of a rule.
pub(super) fn check(
    rule: &detect::Rule,
    dataset: &Dataset,
    context: &Context<'_>,
    report: &mut Report,
) {
    // Queries and bodies nest as deep as their texts do.
    on_deep_stack(|| on_stack(rule, dataset, context, report));
}

fn on_stack(rule: &detect::Rule, dataset: &Dataset, context: &Context<'_>, report: &mut Report) {
    let none = |report: &mut Report| {
        let subject = Subject {
            rule,
            dataset,
            context,
            query: None,
            stages: &[],
        };
        all(&subject, report);
    };
    let Body::Sentinel(sentinel) = &rule.body else {
        return none(report);
    };
    let Some(now) = dataset.end() else {
        return;
    };
    // What is wrong with the query is told elsewhere.
    let beside = Beside::new(&rule.path, dataset);
    let parsed = kql::syntax::parse(&sentinel.query);
    if sentinel.query.trim().is_empty() || parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return;
    }
    let query = Query::new(&sentinel.query, &beside, now, context.cancel);
    let stages = query::stages(&sentinel.query, &parsed.query);
    let subject = Subject {
        rule,
        dataset,
        context,
        query: Some(&query),
        stages: &stages,
    };
    all(&subject, report);
}

fn all(subject: &Subject<'_>, report: &mut Report) {
    for check in CHECKS {
        if subject.context.cancel.is_cancelled() {
            return;
        }
        (check.run)(subject, report);
    }
}

impl Subject<'_> {
    fn stages(&self) -> &[Stage<'_>] {
        self.stages
    }

    /// Tells a hint at a place of the query; one at a place.
    fn tell(&self, report: &mut Report, in_query: Span, mut found: Diagnostic) {
        let Body::Sentinel(sentinel) = &self.rule.body else {
            return;
        };
        found.span = Some(in_query);
        let found = sentinel.query_diagnostic(found);
        let taken = report.findings().iter().any(|other| {
            other.diagnostic.span == found.span && other.diagnostic.code.starts_with("data-")
        });
        if !taken {
            report.tell(found);
        }
    }
}

/// A hint that is still without a place.
fn told(code: &str, message: String) -> Diagnostic {
    Diagnostic::new(Severity::Hint, code, None, message)
}
