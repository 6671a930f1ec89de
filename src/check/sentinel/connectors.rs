//! The data types of the connectors, and the tables that the query reads.
//!
//! Example: `dataTypes: [SigninLogs]` in a rule over `AuditLogs`. The gallery shows a rule as ready when the connector of
//! its data types is connected, so a table that is missing there is a rule that finds nothing. Hints.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::kql::bind::elsewhere;

pub(super) const CHECK: SentinelCheck = Check {
    name: "connectors",
    codes: &[
        Code {
            id: "sentinel-data-type",
            about: "The query reads a table that is none of the connectors' data types",
        },
        Code {
            id: "sentinel-data-type-unused",
            about: "A data type is no table that the query reads",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let types: Vec<&String> = subject
        .rule
        .connectors
        .iter()
        .flat_map(|c| &c.data_types)
        .collect();
    let tables = &subject.analysis.tables;
    let wrong = subject
        .analysis
        .diagnostics
        .iter()
        .any(Diagnostic::is_error);
    if types.is_empty() || tables.is_empty() || wrong {
        return;
    }
    // A function may read any table, and so may a name with a star.
    let function = subject.analysis.diagnostics.iter().any(|d| {
        d.code == elsewhere::CODE && (d.message.contains("function") || d.message.contains('*'))
    });
    let query = &subject.rule.query;
    for connector in 0..subject.items(&at!["requiredDataConnectors"]).len() {
        let list = at!["requiredDataConnectors", connector, "dataTypes"];
        for index in 0..subject.items(&list).len() {
            let at = at!["requiredDataConnectors", connector, "dataTypes", index];
            let Some(name) = subject.text(&at) else {
                continue;
            };
            let table = table_of(&name);
            let named = tables
                .iter()
                .any(|t| is_same(t, table) || is_over(subject, t, table))
                || query.contains(table);
            if !named && !function && looks_like_table(table) {
                let message = format!("The query does not read `{table}`");
                let found =
                    subject.remark(Severity::Hint, "sentinel-data-type-unused", &at, message);
                report.tell(found.with_hint(format!("It reads {}", tables.join(", "))));
            }
        }
    }
    // With several connectors each may bring some of the tables under another name.
    let all_plain = types.iter().all(|t| looks_like_table(table_of(t)));
    for table in tables {
        let covered = types
            .iter()
            .map(|t| table_of(t))
            .any(|t| is_same(table, t) || is_over(subject, table, t));
        if covered || !all_plain || function || table.contains('*') {
            continue;
        }
        let message =
            format!("The query reads `{table}`, which is none of the connectors' data types");
        let list = at!["requiredDataConnectors"];
        let mut found = subject.remark(Severity::Hint, "sentinel-data-type", &list, message);
        found.span = subject.document().key_span(&list).or(found.span);
        report.tell(found.with_hint("Name it, so that whoever deploys the rule connects it"));
    }
}

/// `CommonSecurityLog (PaloAlto)` is the table before the bracket.
fn table_of(data_type: &str) -> &str {
    data_type
        .split(['(', ' '])
        .next()
        .unwrap_or(data_type)
        .trim()
}

fn looks_like_table(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Whether one table is the other under another name, or a view over it: nearly all columns of one are in the other.
fn is_over(subject: &Subject<'_>, table: &str, data_type: &str) -> bool {
    let columns = |name: &str| subject.context.tables.schema(name).unwrap_or_default();
    let (a, b) = (columns(table), columns(data_type));
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let shared = few.iter().filter(|c| many.contains(c)).count();
    few.len() > 5 && shared * 10 >= few.len() * 9
}

/// The same table under one of its names: with and without the mark of a custom one, or of a parser over it.
fn is_same(table: &str, data_type: &str) -> bool {
    let plain = |name: &str| {
        let name = name.strip_suffix("_CL").unwrap_or(name);
        name.trim_start_matches("Microsoft-").to_ascii_lowercase()
    };
    plain(table) == plain(data_type)
}
