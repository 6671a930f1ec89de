//! Custom details: how many, how they are called, and whether their columns are there.
//!
//! Example: `customDetails: {ModelNameOfTheCompletion: ModelName}` has a key of more than 20 characters, which the
//! public repository's CI refuses. A column that the query does not return leaves the detail empty.

use super::subject::Mended;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::Diagnostic;

pub(super) const CHECK: SentinelCheck = Check {
    name: "custom-details",
    codes: &[
        Code {
            id: "sentinel-detail-column",
            about: "A custom detail names a column that the query does not return",
        },
        Code {
            id: "sentinel-detail-key",
            about: "The key of a custom detail is none that the target takes",
        },
        Code {
            id: "sentinel-detail-count",
            about: "There are more custom details than the target takes",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let details = &subject.rule.custom_details;
    let top = at!["customDetails"];
    if details.len() > 20 {
        let message = format!(
            "There are {} custom details; up to 20 are taken",
            details.len()
        );
        let found = subject.objection(Target::Service, "sentinel-detail-count", &top, message);
        if let Some(mut found) = found {
            found.span = subject.document().key_span(&top).or(found.span);
            let hint = "Keep what an analyst needs first";
            report.tell_for(Target::Service, found.with_hint(hint));
        }
    }
    for (key, column) in details {
        let at = at!["customDetails", key.as_str()];
        let letters = key.starts_with(|c: char| c.is_ascii_alphabetic());
        let word = key.chars().all(|c| c.is_alphanumeric() || c == '_');
        let length = key.chars().count();
        let wrong = match (letters && word, length) {
            (false, _) => {
                Some("it begins with a letter and has letters, digits and `_`".to_owned())
            }
            (true, 21..) => Some(format!("it has {length} characters; up to 20 are taken")),
            _ => None,
        };
        if let Some(wrong) = wrong {
            let message = format!("`{key}` is no key of a custom detail: {wrong}");
            let found =
                subject.objection(Target::AzureSentinel, "sentinel-detail-key", &at, message);
            if let Some(mut found) = found {
                found.span = subject.document().key_span(&at).or(found.span);
                report.tell_for(Target::AzureSentinel, found);
            }
        }
        if !subject.has_column(column) {
            let message =
                format!("The query returns no column `{column}`: the detail `{key}` stays empty");
            let near = subject.nearest_column(column);
            let fix = near.as_deref().and_then(|near| subject.set(&at, near));
            let span = subject.span(&at);
            let found = Diagnostic::warning("sentinel-detail-column", span, message).with_hint(
                match &near {
                    Some(near) => format!("Did you mean `{near}`?"),
                    None => subject.columns_in_words(),
                },
            );
            report.tell_for(Target::Service, found.mended(fix));
        }
    }
}
