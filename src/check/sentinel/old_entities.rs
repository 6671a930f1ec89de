//! Columns in the old way of mapping entities, which nothing maps.
//!
//! Before there was `entityMappings`, a column called `AccountCustomEntity` was the mapping. The service no longer reads
//! such names by themselves, and the public repository's CI asks for a mapping of each.

use super::{SentinelCheck, Subject, at, windows};
use crate::check::{Check, Code, Report, Target};

pub(super) const CHECK: SentinelCheck = Check {
    name: "old-entities",
    codes: &[Code {
        id: "sentinel-old-entity",
        about: "A column is made in the old way of mapping an entity, and nothing maps it",
    }],
    run,
};

/// The old names, and what maps them now.
const OLD: [(&str, &str); 5] = [
    ("AccountCustomEntity", "Account"),
    ("HostCustomEntity", "Host"),
    ("IPCustomEntity", "IP"),
    ("URLCustomEntity", "URL"),
    ("FileHashCustomEntity", "FileHash"),
];

fn run(subject: &Subject<'_>, report: &mut Report) {
    let query = &subject.rule.query;
    if !query.contains("CustomEntity") {
        return;
    }
    let words = windows::words(query);
    for (name, kind) in OLD {
        let mapped = subject
            .rule
            .entity_mappings
            .iter()
            .any(|m| m.fields.iter().any(|(_, column)| column == name));
        let made = words.iter().enumerate().find(|(at, word)| {
            word.text(query) == name && words.get(at + 1).is_some_and(|w| w.text(query) == "=")
        });
        let Some((_, word)) = made.filter(|_| !mapped && subject.has_column(name)) else {
            continue;
        };
        let message = format!("`{name}` is not mapped; its name alone maps nothing any more");
        let target = Target::AzureSentinel;
        if let Some(mut found) =
            subject.objection(target, "sentinel-old-entity", &at!["query"], message)
        {
            found.span = Some(subject.rule.query_span(word.span));
            let hint = format!("Map it to an identifier of {kind}, or leave it out");
            report.tell_for(target, found.with_hint(hint));
        }
    }
}
