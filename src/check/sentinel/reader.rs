//! What reading the rule and analysing its query finds, with fixes.
//!
//! Types, missing fields, values that are none of a choice: every target objects. An error of the query stands at its
//! place in the file. What only this engine cannot do, and tables nobody here knows, are remarks: the platform may
//! well run the query.

use super::missing;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::kql::bind::ABOUT_TYPES;

pub(super) const CHECK: SentinelCheck = Check {
    name: "reader",
    codes: &[
        code("yaml-syntax", "The file is not YAML"),
        code(
            "yaml-left-block",
            "A line stands further left than the block it belongs to",
        ),
        code("yaml-tab", "A tab indents a line"),
        code("yaml-duplicate-key", "A key stands twice in one mapping"),
        code(
            "sentinel-missing",
            "A field that every rule needs is missing",
        ),
        code(
            "sentinel-type",
            "A field holds another kind of value than it takes",
        ),
        code(
            "sentinel-value",
            "A field holds a value that is none of its choices",
        ),
        code("sentinel-duration", "A duration cannot be read"),
        code("sentinel-entity", "An entity mapping makes no entity"),
        code(
            "sentinel-column",
            "More columns are named than the service takes",
        ),
        code("sentinel-grouping", "Incidents are grouped by nothing"),
        code(
            "sentinel-no-rule",
            "The document is a hunting query or a function",
        ),
        code(
            "KQL142",
            "The query names a column, variable or table that is not there",
        ),
        code(
            "KQL204",
            "The query names a table or variable that is not there",
        ),
        code("KQL211", "The query calls a function that is not there"),
        code(
            "KQL-elsewhere",
            "A table or function is not known here, so its columns are not checked",
        ),
        code(
            "KQL-unsupported",
            "The query cannot be run here; the platform may run it",
        ),
    ],
    run,
};

const fn code(id: &'static str, about: &'static str) -> Code {
    Code { id, about }
}

/// Codes that the platform may see otherwise: it takes some literals and expressions that are refused here.
const DOUBTFUL: [&str; 2] = ["KQL-literal", "KQL-regex"];

/// Codes of the query that say what cannot be done here, not that the query is wrong.
const ONLY_HERE: [&str; 7] = [
    "KQL-unsupported",
    "KQL-cloud",
    "KQL-watchlist",
    "KQL-offline",
    "KQL-scope",
    "KQL-external",
    "KQL-limit",
];

fn run(subject: &Subject<'_>, report: &mut Report) {
    let hunting = has_no_schedule(subject);
    if hunting {
        let span = subject.document().key_span(&at!["query"]);
        let message = "This is a hunting query or a function, not a rule: it has no schedule";
        let found = Diagnostic::new(Severity::Information, "sentinel-no-rule", span, message);
        report.tell(
            found.with_hint("A rule has `kind`, `queryFrequency`, `queryPeriod` and a trigger"),
        );
    }
    for (path, found) in &subject.opened.diagnostics {
        // Keys are looked at more closely by a check of their own.
        if matches!(
            found.code.as_str(),
            "sentinel-misspelt" | "sentinel-unknown-key"
        ) {
            continue;
        }
        if hunting && SCHEDULE.iter().any(|key| is_about(found, key)) {
            continue;
        }
        let mut found = found.clone();
        if *path == subject.opened.path {
            missing::mend(subject, &mut found);
        }
        report.tell_in(path, None, found);
    }
    // Behind a name that is not there types are guesses.
    let all = &subject.analysis.diagnostics;
    let unknown = |d: &&Diagnostic| matches!(d.code.as_str(), "KQL142" | "KQL204" | "KQL211");
    let guessed = all.iter().filter(unknown).filter_map(|d| d.span).min();
    for found in all {
        let behind = found.span.zip(guessed).is_some_and(|(at, from)| at > from);
        if behind && ABOUT_TYPES.contains(&found.code.as_str()) && found.is_error() {
            continue;
        }
        let fix = rename(subject, found);
        let mut found = subject.rule.query_diagnostic(found.clone());
        found.fixes.extend(fix);
        if ONLY_HERE.contains(&found.code.as_str()) && found.severity < Severity::Information {
            found.severity = Severity::Information;
        }
        let arithmetic = found.code == "KQL106" && found.message.contains("dynamic");
        if (DOUBTFUL.contains(&found.code.as_str()) || arithmetic) && found.is_error() {
            found.severity = Severity::Warning;
        }
        if found.code == "KQL-elsewhere" && found.severity == Severity::Information {
            found.hint = found
                .hint
                .filter(|hint| !hint.starts_with("Give its columns"))
                .or_else(|| {
                    Some(
                        "Give its columns with `--schema FILE.csv` to have them checked".to_owned(),
                    )
                });
        }
        report.tell(found);
    }
}

/// What makes a query a rule.
const SCHEDULE: [&str; 5] = [
    "kind",
    "queryFrequency",
    "queryPeriod",
    "triggerOperator",
    "triggerThreshold",
];

/// Whether the document has nothing that makes a query a rule.
pub(super) fn has_no_schedule(subject: &Subject<'_>) -> bool {
    subject.value(&at!["query"]).is_some()
        && SCHEDULE
            .iter()
            .all(|key| subject.document().get(&at![*key]).is_none())
}

/// Whether the reader says that a key is missing.
fn is_about(found: &Diagnostic, key: &str) -> bool {
    found.code == "sentinel-missing" && found.message == format!("`{key}` is missing")
}

/// The name that the hint proposes, in the place of the wrong one.
fn rename(subject: &Subject<'_>, found: &Diagnostic) -> Option<Fix> {
    let hint = found.hint.as_deref()?;
    let (_, after) = hint.split_once("id you mean `")?;
    let (near, _) = after.split_once('`')?;
    let span = found.span?;
    let old = subject.rule.query.get(span.start..span.end)?;
    let word = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
    };
    if !word(old) || !word(near) {
        return None;
    }
    let place = subject.rule.query_span(span);
    // A place that cannot be mapped is the whole query.
    if subject.document().text().get(place.start..place.end)? != old {
        return None;
    }
    let title = format!("Replace \"{old}\" with \"{near}\"");
    Some(Fix::replace(title, place, near))
}
