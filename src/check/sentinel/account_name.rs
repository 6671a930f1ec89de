//! An account's name that is a whole e-mail address.
//!
//! From 1 July 2026 the service keeps only what stands before the `@` in `Name` of an account: `maya@larkspur.example`
//! becomes `maya`, and accounts of several domains become one. Example: `identifier: Name`, `columnName: ActorEmail`.
//! The fixes map `FullName` instead, or split the column into `Name` and `UPNSuffix`.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Edit, Fix, Severity};
use crate::yaml::Step;

pub(super) const CHECK: SentinelCheck = Check {
    name: "account-name",
    codes: &[Code {
        id: "sentinel-account-name",
        about: "An account's Name is a whole e-mail address, of which the service keeps the part before the @",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    for (index, mapping) in subject.rule.entity_mappings.iter().enumerate() {
        if mapping.entity_type != "Account" {
            continue;
        }
        // With its other half mapped the name has been split.
        let halves = ["UPNSuffix", "DnsDomain", "NTDomain", "FullName"];
        if mapping
            .fields
            .iter()
            .any(|(i, _)| halves.contains(&i.as_str()))
        {
            continue;
        }
        for (field, (identifier, column)) in mapping.fields.iter().enumerate() {
            if identifier == "Name" && is_email(column) && !is_split(&subject.rule.query, column) {
                let item = at!["entityMappings", index, "fieldMappings", field];
                tell(subject, &item, column, mapping.fields.len(), report);
            }
        }
    }
}

/// Whether a column is one of e-mail addresses, by its name.
fn is_email(column: &str) -> bool {
    let name = column.to_ascii_lowercase().replace('_', "");
    let ends = ["email", "userprincipalname", "emailaddress", "upn"];
    name == "mail" || ends.iter().any(|end| name.ends_with(end))
}

/// Whether the query itself makes the column of a part: then its name misleads.
fn is_split(query: &str, column: &str) -> bool {
    let words = super::windows::words(query);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if word.text(query) != column || words.get(at).is_none_or(|w| w.text(query) != "=") {
            continue;
        }
        let rest = words.get(at + 1..at + 6).unwrap_or(&[]);
        if rest.iter().any(|w| {
            matches!(
                w.text(query),
                "split" | "extract" | "substring" | "replace_string" | "trim_end"
            )
        }) {
            return true;
        }
    }
    false
}

fn tell(subject: &Subject<'_>, item: &[Step], column: &str, mapped: usize, report: &mut Report) {
    let at = |key: &str| -> Vec<Step> {
        let mut path = item.to_vec();
        path.push(Step::from(key));
        path
    };
    let message = format!(
        "`{column}` is a whole e-mail address; since 1 July 2026 `Name` of an account keeps only what stands before the `@`"
    );
    let mut found = subject.remark(
        Severity::Warning,
        "sentinel-account-name",
        &at("columnName"),
        message,
    );
    if let Ok(edits) = subject.document().set(&at("identifier"), "FullName", &[]) {
        found.fixes.push(Fix {
            title: format!("Map FullName to {column}"),
            edits,
        });
    }
    if mapped < 3 {
        found.fixes.extend(split(subject, item, column));
    }
    let hint = "Map `FullName`, or split it into `Name` and `UPNSuffix`";
    report.tell_for(Target::Service, found.with_hint(hint));
}

/// Splits the column at the end of the query and maps both parts.
fn split(subject: &Subject<'_>, item: &[Step], column: &str) -> Option<Fix> {
    let document = subject.document();
    let query = at!["query"];
    if document.style(&query)? != '|' || subject.analysis.columns.is_empty() {
        return None;
    }
    let (name, suffix) = (format!("{column}Name"), format!("{column}Suffix"));
    if subject.rule.query.contains(&name) || subject.rule.query.contains(&suffix) {
        return None;
    }
    let text = subject.rule.query.trim_end();
    if text.ends_with(';') || text.lines().next_back()?.contains("//") {
        return None;
    }
    let more = format!(
        "{text}\n| extend {name} = tostring(split({column}, \"@\")[0]), {suffix} = tostring(split({column}, \"@\")[1])"
    );
    let mut edits = document.set(&query, &more, &[]).ok()?;
    let mut at = item.to_vec();
    at.push(Step::from("columnName"));
    edits.extend(document.set(&at, &name, &[]).ok()?);
    let (_, list) = item.split_last()?;
    let last = subject.items(list).len();
    let mut new = list.to_vec();
    new.extend([Step::from(last), Step::from("identifier")]);
    let added = document.set(&new, "UPNSuffix", &[]).ok()?;
    edits.extend(with_column(document.text(), added, &suffix)?);
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let title = format!("Split {column} into Name and UPNSuffix");
    let fix = Fix { title, edits };
    // Both parts have to fit together.
    let (read, wrong) = crate::yaml::Document::parse(&fix.apply(document.text())?);
    let mapped = read.get(&{
        let mut path = list.to_vec();
        path.extend([Step::from(last), Step::from("columnName")]);
        path
    });
    let fits = wrong.is_empty() && mapped.and_then(|v| v.as_str()) == Some(suffix.as_str());
    fits.then_some(fix)
}

/// The new item with its column behind the identifier.
fn with_column(text: &str, mut edits: Vec<Edit>, column: &str) -> Option<Vec<Edit>> {
    let edit = edits.last_mut()?;
    let at = edit.text.find("- identifier: UPNSuffix")?;
    let line = edit.text.get(..at)?.rsplit('\n').next()?.to_owned();
    let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let end = at + "- identifier: UPNSuffix".len();
    edit.text
        .insert_str(end, &format!("{eol}{line}  columnName: {column}"));
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_addresses_are_told_by_their_names() {
        for name in [
            "ActorEmail",
            "UserPrincipalName",
            "TargetUPN",
            "user_email",
            "Upn",
        ] {
            assert!(is_email(name), "{name}");
        }
        for name in [
            "Account",
            "UserName",
            "EmailCount",
            "MailboxOwner",
            "AccountName",
            "Coupon",
        ] {
            assert!(!is_email(name), "{name}");
        }
        let query = "T | extend AccountUPN = tostring(split(Upn, \"@\")[0]) | project Upn = User";
        assert!(is_split(query, "AccountUPN") && !is_split(query, "Upn"));
    }
}
