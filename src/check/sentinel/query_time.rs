//! The time of a result row.
//!
//! The service uses `TimeGenerated` of the result as the time of the events behind an alert, and its documentation asks
//! for the column. Example: a query that ends in `summarize count() by User` returns no time.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::Severity;
use crate::value::Type;

pub(super) const CHECK: SentinelCheck = Check {
    name: "query-time",
    codes: &[Code {
        id: "sentinel-query-time",
        about: "The query returns no TimeGenerated",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    if !subject.columns_are_known() || subject.has_column("TimeGenerated") {
        return;
    }
    let columns = &subject.analysis.columns;
    let time = columns.iter().find(|(_, ty)| *ty == Type::DateTime);
    let hint = match time {
        Some((name, _)) => format!("Add `| extend TimeGenerated = {name}` at its end"),
        None => {
            "Keep it, for example with `summarize TimeGenerated = max(TimeGenerated)`".to_owned()
        }
    };
    let message = "The query does not return `TimeGenerated`, which the service takes as the time of the events";
    let found = subject.remark(
        Severity::Information,
        "sentinel-query-time",
        &at!["query"],
        message,
    );
    report.tell_for(Target::Service, found.with_hint(hint));
}
