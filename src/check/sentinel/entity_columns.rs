//! Mapped columns that the query does not return: the commonest reason why a deployment fails.
//!
//! Example: `columnName: actorEmail` where the query returns `ActorEmail`; columns are case-sensitive. In the service's
//! own words. Only where the result's columns are known for sure.

use super::subject::Mended;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::yaml::Step;

pub(super) const CHECK: SentinelCheck = Check {
    name: "entity-columns",
    codes: &[
        Code {
            id: "sentinel-entity-column",
            about: "An entity is mapped to a column that the query does not return",
        },
        Code {
            id: "sentinel-column-name",
            about: "A mapped name is none that a column can have",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    for mapping in 0..subject.items(&at!["entityMappings"]).len() {
        let fields = at!["entityMappings", mapping, "fieldMappings"];
        for field in 0..subject.items(&fields).len() {
            let at = at![
                "entityMappings",
                mapping,
                "fieldMappings",
                field,
                "columnName"
            ];
            column(subject, &at, report);
        }
    }
    for index in 0..subject.items(&at!["sentinelEntitiesMappings"]).len() {
        let at = at!["sentinelEntitiesMappings", index, "columnName"];
        column(subject, &at, report);
    }
}

fn column(subject: &Subject<'_>, at: &[Step], report: &mut Report) {
    let Some(name) = subject.text(at).filter(|n| !n.trim().is_empty()) else {
        return;
    };
    if subject.has_column(&name) {
        name_of_column(subject, at, &name, report);
        return;
    }
    let message = format!("Error in EntityMappings: The given column '{name}' does not exist.");
    let near = subject.nearest_column(&name);
    let fix = near.as_deref().and_then(|near| subject.set(at, near));
    let hint = match &near {
        Some(near) if near.eq_ignore_ascii_case(&name) => {
            format!("Columns are case-sensitive: write `{near}`")
        }
        Some(near) => format!("Did you mean `{near}`? {}", subject.columns_in_words()),
        None => subject.columns_in_words(),
    };
    if let Some(found) = subject.objection(Target::Service, "sentinel-entity-column", at, message) {
        report.tell_for(Target::Service, found.with_hint(hint).mended(fix));
    }
}

/// What the public repository's CI takes for the name of a column.
fn name_of_column(subject: &Subject<'_>, at: &[Step], name: &str, report: &mut Report) {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if begins && word && name.chars().count() <= 500 {
        return;
    }
    let message = format!("`{name}` is no name of a column: letters, digits and `_`");
    if let Some(found) =
        subject.objection(Target::AzureSentinel, "sentinel-column-name", at, message)
    {
        report.tell_for(
            Target::AzureSentinel,
            found.with_hint("Rename it in the query"),
        );
    }
}
