//! Accounts that the service drops from an alert for their name.
//!
//! Example: `identifier: Name` of a column that holds `SYSTEM` in some rows of the result: those alerts name no account.
//! The names are those of Microsoft's entities reference.

use super::{DataCheck, Subject, told};
use crate::check::{Check, Code, Report};
use crate::detect::Body;
use crate::kql;
use crate::yaml::Step;

/// A mapped name that the service takes for none.
pub(super) const CHECK: DataCheck = Check {
    name: "data-dropped-names",
    codes: &[Code {
        id: "data-account-dropped",
        about: "An account's Name holds, in some rows, a name that the service drops from the alert",
    }],
    run: check,
};

const DROPPED: [&str; 11] = [
    "ADMIN",
    "ADMINISTRATOR",
    "SYSTEM",
    "ROOT",
    "ANONYMOUS",
    "AUTHENTICATED USER",
    "NETWORK",
    "NULL",
    "LOCAL SYSTEM",
    "LOCALSYSTEM",
    "NETWORK SERVICE",
];

fn check(subject: &Subject<'_>, report: &mut Report) {
    let (Some(query), Body::Sentinel(rule)) = (subject.query, &subject.rule.body) else {
        return;
    };
    for (index, mapping) in rule.entity_mappings.iter().enumerate() {
        if mapping.entity_type != "Account" || subject.context.cancel.is_cancelled() {
            continue;
        }
        for (field, (identifier, column)) in mapping.fields.iter().enumerate() {
            if identifier != "Name" {
                continue;
            }
            let name = format!(
                "toupper(trim(@\"\\s\", tostring({})))",
                kql::write::name(column)
            );
            let names = DROPPED.map(|name| format!("\"{name}\"")).join(", ");
            let rows = format!("{}\n| where {name} in ({names})", query.text);
            let Some((found, _)) = query.values(&rows, &name, DROPPED.len()) else {
                continue;
            };
            let rows: usize = found.iter().map(|(_, count)| count).sum();
            let Some((first, _)) = found.first().filter(|_| rows > 0) else {
                continue;
            };
            let mut told = told(
                "data-account-dropped",
                format!(
                    "{rows} {} of the result {} an account called `{first}`, which the service drops from the alert",
                    if rows == 1 { "row" } else { "rows" },
                    if rows == 1 { "has" } else { "have" },
                ),
            )
            .with_hint("Map a further identifier, or leave these rows out");
            let path = [
                "entityMappings".into(),
                Step::from(index),
                "fieldMappings".into(),
                Step::from(field),
                "columnName".into(),
            ];
            told.span = rule.document.span(&path);
            report.tell(told);
        }
    }
}
