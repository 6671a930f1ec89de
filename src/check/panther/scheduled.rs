//! Scheduled rules and the queries whose rows they are asked about.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Fix, Severity, nearest};
use crate::panther::Analysis;
use crate::yaml::Step;

/// A scheduled rule has queries, and a rule has log types.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-scheduled",
    codes: &[
        Code {
            id: "panther-scheduled-query",
            about: "A scheduled rule names a query that is not in the repository",
        },
        Code {
            id: "panther-scheduled-kind",
            about: "A scheduled rule has log types, or a rule has scheduled queries",
        },
    ],
    run: check,
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let rule = subject.panther;
    let document = &rule.document;
    let (key, wanted) = match rule.kind {
        Analysis::ScheduledRule => ("LogTypes", "ScheduledQueries"),
        Analysis::Rule => ("ScheduledQueries", "LogTypes"),
        _ => return,
    };
    let there = |key: &str| document.value().get(key).is_some();
    if there(key) && !there(wanted) {
        let message = match rule.kind {
            Analysis::ScheduledRule => {
                "a scheduled rule is asked about the rows of queries, and this one has log types"
            }
            _ => {
                "a rule is asked about the events of log types, and this one has scheduled queries"
            }
        };
        let other = match rule.kind {
            Analysis::ScheduledRule => "rule",
            _ => "scheduled_rule",
        };
        let span = document.key_span(&[Step::from(key)]);
        let mut found = Diagnostic::new(Severity::Warning, "panther-scheduled-kind", span, message)
            .with_hint(format!("Give it {wanted}, or the AnalysisType {other}"));
        if let Some(kind) = document.span(&[Step::from("AnalysisType")]) {
            let title = format!("Make it a {other}");
            found = found.with_fix(Fix::replace(title, kind, other));
        }
        report.tell(found);
    }
    // Opened alone, a rule does not see the queries.
    let queries = rule.repository.queries();
    if queries.is_empty() || rule.kind != Analysis::ScheduledRule {
        return;
    }
    for (index, name) in rule.scheduled_queries.iter().enumerate() {
        if queries.contains(name) {
            continue;
        }
        let Some(span) = document.span(&[Step::from("ScheduledQueries"), Step::from(index)]) else {
            continue;
        };
        let message = format!("there is no query `{name}` among those that were read");
        let mut found = Diagnostic::new(
            Severity::Hint,
            "panther-scheduled-query",
            Some(span),
            message,
        );
        if let Some(near) = nearest(name, queries.iter().map(String::as_str)) {
            found = found.with_hint(format!("Did you mean `{near}`?"));
            found = found.with_fix(Fix::replace(format!("Write {near}"), span, near));
        }
        report.tell(found);
    }
}
