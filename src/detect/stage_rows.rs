//! The rows that are alive after one stage of a rule's query.

use super::runner::broken_document;
use super::{Body, Rule, run_sentinel};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::kql::Keep;
use crate::logs::Dataset;
use crate::task::CancelToken;
use crate::value::Table;

/// Runs the rule's query as [`super::run`] does, for the rows after a stage. `stage` is one of
/// [`super::Run::stages`]: bytes of the rule's YAML text. Of the body of a function, the rows of its first call.
///
/// # Errors
/// What kept the query from running, or that the rule has no such stage; places are those of the YAML text.
pub fn stage_rows(
    rule: &Rule,
    data: &Dataset,
    now: i64,
    stage: Span,
    cancel: &CancelToken,
) -> Result<Table, Vec<Diagnostic>> {
    let Body::Sentinel(sentinel) = &rule.body else {
        return Err(vec![wrong(
            stage,
            "Only the query of a Sentinel rule has stages",
        )]);
    };
    let broken = broken_document(rule);
    if !broken.is_empty() {
        return Err(broken.into_iter().map(|(_, d)| d).collect());
    }
    let Some(span) = sentinel.span_in_query(stage) else {
        return Err(vec![wrong(stage, "This place is not in the rule's query")]);
    };
    let keep = Some(Keep::after(span));
    match run_sentinel::query(&rule.path, sentinel, data, now, keep, cancel) {
        Ok(output) => output.kept.ok_or_else(|| {
            vec![wrong(
                stage,
                "The rows of this stage cannot be shown: the run has no step of its own for it",
            )]
        }),
        Err(found) => Err(found
            .into_iter()
            .map(|d| sentinel.query_diagnostic(d))
            .collect()),
    }
}

fn wrong(at: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Severity::Error, "no-stage", Some(at), message.to_owned())
}
