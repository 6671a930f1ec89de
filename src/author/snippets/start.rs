//! The files of a new rule: complete, without an error as far as they can be, and with tests that pass.

use super::super::layout::Style;
use super::super::scalar::quoted;
use super::templates::{BODY, CORRELATION, PANTHER, SENTINEL, SIMPLE, fill, inert, plain};
use super::{Context, Example, new_id};
use crate::diagnostic::Span;
use crate::value::Type;

/// What is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StartKind {
    /// A scheduled rule of Sentinel.
    Sentinel,
    /// A rule of Panther with a Python body.
    Panther,
    /// One without Python.
    PantherSimple,
    /// One over the matches of other rules.
    PantherCorrelation,
}

/// What is to be begun.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// What.
    pub kind: StartKind,
    /// What the rule is called; the files are named after it.
    pub title: &'a str,
    /// The table or log type it looks at; may be empty.
    pub on: &'a str,
}

/// A file to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Places in it to fill in, the first one first.
    pub stops: Vec<Span>,
}

/// The files of a new rule; the first is the one to open.
pub fn start(start: &Start<'_>, context: &Context<'_>) -> Vec<NewFile> {
    let title = match start.title.trim() {
        "" => "New rule",
        title => title,
    };
    let title: String = title.chars().filter(|c| !c.is_control()).collect();
    let stem = stem(&title);
    let name = inert(&quoted(&title, Style::Plain, false));
    let file = |end: &str, template: &str, values: &[(&str, &str)]| {
        let (text, stops) = fill(template, values, "\n");
        NewFile {
            name: format!("{stem}{end}"),
            text,
            stops,
        }
    };
    let on = |otherwise| match start.on {
        "" => otherwise,
        on => on,
    };
    match start.kind {
        StartKind::Sentinel => {
            let table = on("Table");
            let values = [
                ("id", new_id(context)),
                ("hour", "1h"),
                ("table", &*plain(table)),
                ("entities", entities(table, context)),
                ("name", &*name),
            ];
            vec![file(".yaml", SENTINEL, &values)]
        }
        StartKind::PantherCorrelation => {
            let id = rule_id("Correlation", &title);
            let values = [("rule", &*id), ("name", &*name)];
            vec![file(".yml", CORRELATION, &values)]
        }
        StartKind::Panther | StartKind::PantherSimple => {
            let log_type = on("Product.Type");
            let example = Example::of(log_type, context);
            let product = log_type.split('.').next().unwrap_or("");
            let scalar = quoted(&example.value, Style::Plain, false);
            // What Panther takes in no name.
            let title = title.replace(['<', '>', '&', '"', '%'], "");
            let name = inert(&quoted(&title, Style::Plain, false));
            let python = |text: &str| inert(&python_text(text));
            let values = [
                ("stem", &*plain(&stem)),
                ("type", &*plain(log_type)),
                ("key", &*plain(&quoted(&example.key, Style::Plain, false))),
                ("scalar", &*plain(&scalar)),
                ("rule", &*rule_id(product, &title)),
                ("name", &*name),
                ("event", &*example.lines),
            ];
            if start.kind == StartKind::PantherSimple {
                return vec![file(".yml", SIMPLE, &values)];
            }
            // In an f-string a brace is written twice.
            let shown = python(&title).replace('{', "{{").replace('}', "}}");
            let steps = example.actor.iter();
            let steps: Vec<String> = steps.map(|step| format!("'{}'", python(step))).collect();
            let body = [
                ("actor", &*plain(&steps.join(", "))),
                ("key", &*plain(&python(&example.key))),
                ("value", &*plain(&python(&example.value))),
                ("name", &*shown),
            ];
            vec![file(".yml", PANTHER, &values), file(".py", BODY, &body)]
        }
    }
}

/// A text as it stands between double quotes in Python.
fn python_text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            c => out.push(c),
        }
    }
    out
}

/// The entities of a rule over a table: a column that is one for certain; none where there is none.
fn entities(table: &str, context: &Context<'_>) -> &'static str {
    let columns = context.catalog.schema(table).unwrap_or_default();
    let has = |name: &str| {
        let mut all = columns.iter();
        all.any(|(column, kind)| column == name && *kind == Type::String)
    };
    ENTITY_COLUMNS
        .iter()
        .find(|(column, _)| has(column))
        .map_or("", |(_, entity)| entity)
}

/// Columns of Microsoft's tables that hold a strong identifier, and the mapping of each.
const ENTITY_COLUMNS: [(&str, &str); 4] = [
    (
        "UserPrincipalName",
        "entityMappings:\n  - entityType: Account\n    fieldMappings:\n      - identifier: FullName\n        columnName: UserPrincipalName\n",
    ),
    (
        "IPAddress",
        "entityMappings:\n  - entityType: IP\n    fieldMappings:\n      - identifier: Address\n        columnName: IPAddress\n",
    ),
    (
        "SrcIpAddr",
        "entityMappings:\n  - entityType: IP\n    fieldMappings:\n      - identifier: Address\n        columnName: SrcIpAddr\n",
    ),
    (
        "DeviceName",
        "entityMappings:\n  - entityType: Host\n    fieldMappings:\n      - identifier: FullName\n        columnName: DeviceName\n",
    ),
];

/// A file name after a title: `Owner made, by key` becomes `owner_made_by_key`.
fn stem(title: &str) -> String {
    let words: Vec<String> = words(title).map(str::to_lowercase).collect();
    match words.is_empty() {
        true => "new_rule".to_owned(),
        false => words.join("_").chars().take(80).collect(),
    }
}

/// An id after a title: `Product.Owner.Made.By.Key`.
fn rule_id(product: &str, title: &str) -> String {
    let mut parts = vec![product.to_owned()];
    for word in words(title) {
        let mut letters = word.chars();
        if let Some(first) = letters.next() {
            parts.push(first.to_uppercase().chain(letters).collect());
        }
    }
    // A title that begins with the product says it once.
    let same = parts
        .get(1)
        .is_some_and(|first| first.eq_ignore_ascii_case(product));
    if same || product.is_empty() {
        parts.remove(0);
    }
    if parts.len() < 2 {
        parts.push("New".to_owned());
    }
    plain(&parts.join("."))
}

fn words(title: &str) -> impl Iterator<Item = &str> {
    title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_title() {
        assert_eq!(stem("Owner made, by key!"), "owner_made_by_key");
        assert_eq!(stem("所有者"), "new_rule");
        assert_eq!(
            rule_id("OpenAI", "Owner made by key"),
            "OpenAI.Owner.Made.By.Key"
        );
        assert_eq!(rule_id("OpenAI", "OpenAI owner"), "OpenAI.Owner");
        assert_eq!(rule_id("", "所有者"), "New");
    }

    #[test]
    fn a_text_stands_between_quotes() {
        assert_eq!(python_text("a \"b\" \\"), "a \\\"b\\\" \\\\");
    }
}
