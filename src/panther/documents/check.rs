//! Holds a document against a table of keys, and collects what is wrong with its place.

use super::super::value::{key_text, kind};
use super::fixes;
use super::table::{Choice, Holds, Key, Table};
use crate::diagnostic::{Diagnostic, Fix, Severity, Span, nearest};
use crate::yaml::{Document, Step};
use serde_yaml::Value as Yaml;

/// The severities as a document spells them.
const SEVERITIES: [&str; 5] = ["Info", "Low", "Medium", "High", "Critical"];

/// Lists that may hold nothing twice.
const SETS: [&str; 6] = [
    "LogTypes",
    "PackIDs",
    "OutputIds",
    "SummaryAttributes",
    "Suppressions",
    "Tags",
];

/// Collects what is wrong, each with its place.
pub(super) struct Checker<'a> {
    pub document: &'a Document,
    pub found: Vec<Diagnostic>,
}

impl Checker<'_> {
    /// An error at the value of a path.
    pub fn error(
        &mut self,
        code: &str,
        path: &[Step],
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let span = self.document.span(path);
        self.push(Severity::Error, code, span, message.into())
    }

    /// A warning at the value of a path.
    pub fn warning(
        &mut self,
        code: &str,
        path: &[Step],
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        let span = self.document.span(path);
        self.push(Severity::Warning, code, span, message.into())
    }

    fn push(
        &mut self,
        severity: Severity,
        code: &str,
        span: Option<Span>,
        message: String,
    ) -> &mut Diagnostic {
        let at = self.found.len();
        self.found
            .push(Diagnostic::new(severity, code, span, message));
        &mut self.found[at]
    }

    /// Checks a whole document: its keys, and the lists that may hold nothing twice.
    pub fn document(&mut self, value: &Yaml, table: &Table) {
        self.table(value, table, &[]);
        for name in SETS {
            self.duplicates(value, name);
        }
        if let Some(minutes) = value.get("DedupPeriodMinutes").and_then(Yaml::as_i64)
            && minutes < 5
        {
            self.warning(
                "panther-dedup-period",
                &[key("DedupPeriodMinutes")],
                format!("a deduplication period of {minutes} minutes is shorter than the 5 that Panther keeps"),
            );
        }
    }

    /// Required, unknown and wrongly typed keys of one mapping, and of the mappings in it.
    pub fn table(&mut self, mapping: &Yaml, table: &Table, path: &[Step]) {
        for Key(name, _, required) in table.keys {
            if *required && mapping.get(*name).is_none() {
                self.missing(&format!("{name} is missing"), table, path);
                if let Some(Key(_, holds, _)) = table.keys.iter().find(|Key(k, ..)| k == name) {
                    self.fix(|document, at| fixes::insert(document.text(), at?, name, *holds));
                }
            }
        }
        for choice in table.choices {
            self.choice(mapping, choice, table, path);
        }
        let Some(mapping) = mapping.as_mapping() else {
            return;
        };
        for (name, value) in mapping {
            let name = key_text(name);
            let mut at = path.to_vec();
            at.push(key(&name));
            match table.keys.iter().find(|Key(known, ..)| *known == name) {
                Some(Key(_, holds, _)) => self.holds(&name, value, *holds, &at),
                None if table.open => {}
                None => {
                    let there = |key: &str| mapping.contains_key(key);
                    self.unknown(&name, table, &at, &there);
                }
            }
        }
    }

    fn unknown(&mut self, name: &str, table: &Table, at: &[Step], there: &dyn Fn(&str) -> bool) {
        let span = self.document.key_span(at).or(self.document.span(at));
        let free = table.keys.iter().map(|Key(known, ..)| *known);
        let near = nearest(name, free.filter(|known| !there(known)));
        self.push(
            Severity::Error,
            "panther-unknown-key",
            span,
            format!("`{name}` is no key that {} has", table.what),
        )
        .hint = near.as_ref().map(|near| format!("write {near}"));
        if let Some(near) = near {
            self.fix(|_, at| Some(Fix::replace(format!("Write {near}"), at?, near)));
        }
    }

    /// A change that would mend what was told last, made of the document and the place it was told at.
    fn fix(&mut self, make: impl FnOnce(&Document, Option<Span>) -> Option<Fix>) {
        if let Some(last) = self.found.last_mut()
            && let Some(fix) = make(self.document, last.span)
        {
            last.fixes.push(fix);
        }
    }

    fn choice(&mut self, mapping: &Yaml, choice: &Choice, table: &Table, path: &[Step]) {
        let there: Vec<&str> = choice
            .keys
            .iter()
            .copied()
            .filter(|name| mapping.get(*name).is_some())
            .collect();
        if there.is_empty() {
            let names = choice.keys.join(" or ");
            self.missing(&format!("{names} is missing"), table, path);
        } else if let (true, [first, second, ..]) = (choice.only_one, &*there) {
            let mut at = path.to_vec();
            at.push(key(second));
            let span = self.document.key_span(&at);
            self.push(
                Severity::Error,
                "panther-exclusive-keys",
                span,
                format!("{first} and {second} exclude each other"),
            )
            .hint = Some("keep one of them".to_owned());
        }
    }

    fn missing(&mut self, message: &str, table: &Table, path: &[Step]) {
        // A text that broke off says nothing of what is missing.
        if !self.broken() {
            let span = self.first_key(table, path);
            self.push(
                Severity::Error,
                "panther-missing-key",
                span,
                message.to_owned(),
            );
        }
    }

    /// Where something missing from a mapping is told: at the first of its keys.
    fn first_key(&self, table: &Table, path: &[Step]) -> Option<Span> {
        table
            .keys
            .iter()
            .filter_map(|Key(name, ..)| {
                let mut at = path.to_vec();
                at.push(key(name));
                self.document.key_span(&at)
            })
            .min()
            .or_else(|| self.document.span(path))
    }

    /// Whether the text could not be read to its end.
    pub fn broken(&self) -> bool {
        self.found
            .iter()
            .any(|d| d.is_error() && d.code.starts_with("yaml-"))
    }

    fn holds(&mut self, name: &str, value: &Yaml, holds: Holds, at: &[Step]) {
        let (fits, wanted) = holds.accepts(value);
        if !fits {
            let code = match holds {
                Holds::Name => "panther-name",
                Holds::Formed(_) | Holds::OneOf(_) if value.is_string() => "panther-value",
                _ => "panther-type",
            };
            let message = match value.as_str() {
                Some(text) if code == "panther-value" => {
                    format!("{name} has to be {wanted}, not `{text}`")
                }
                _ if code == "panther-name" => format!("{name} has to be {wanted}"),
                _ => format!("{name} has to be {wanted}, not {}", kind(value)),
            };
            self.error(code, at, message);
            self.fix(|document, at| fixes::retype(document.text(), at?, value, holds));
            return;
        }
        match holds {
            Holds::Name if !value.is_string() => {
                self.error(
                    "panther-type",
                    at,
                    format!("{name} has to be text, not {}", kind(value)),
                );
            }
            Holds::Severity => self.severity(value, at),
            Holds::Mapping(table) => self.table(value, table, at),
            Holds::List(table) => {
                for (i, item) in value.as_sequence().into_iter().flatten().enumerate() {
                    let mut at = at.to_vec();
                    at.push(Step::Index(i));
                    if item.is_mapping() {
                        self.table(item, table, &at);
                    } else {
                        let message = format!("{} is a mapping, not {}", table.what, kind(item));
                        self.error("panther-type", &at, message);
                    }
                }
            }
            Holds::FormedTexts(form) => {
                for (i, item) in value.as_sequence().into_iter().flatten().enumerate() {
                    if let Some(text) = item.as_str()
                        && !(form.fits)(text)
                    {
                        let mut at = at.to_vec();
                        at.push(Step::Index(i));
                        let message = format!("`{text}` is not {}", form.wanted);
                        self.error("panther-value", &at, message);
                    }
                }
            }
            _ => {}
        }
    }

    fn severity(&mut self, value: &Yaml, at: &[Step]) {
        let Some(severity) = value.as_str().filter(|s| !SEVERITIES.contains(s)) else {
            return;
        };
        let hint = SEVERITIES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(severity.trim()))
            .map_or_else(
                || format!("use one of {}", SEVERITIES.join(", ")),
                |known| format!("write {known}"),
            );
        let message = format!("`{severity}` is no severity");
        self.error("panther-severity", at, message).hint = Some(hint);
        let near = match severity.trim().to_lowercase().as_str() {
            "informational" | "information" => Some("Info".to_owned()),
            other => nearest(other, SEVERITIES.into_iter()),
        };
        if let Some(near) = near {
            self.fix(|_, at| Some(Fix::replace(format!("Write {near}"), at?, near)));
        }
    }

    fn duplicates(&mut self, document: &Yaml, name: &str) {
        let Some(items) = document.get(name).and_then(Yaml::as_sequence) else {
            return;
        };
        let fold = |text: &str| match name {
            "Tags" => text.to_lowercase(),
            _ => text.to_owned(),
        };
        let mut seen = std::collections::HashSet::new();
        for (i, item) in items.iter().enumerate() {
            if let Some(text) = item.as_str()
                && !seen.insert(fold(text))
            {
                self.error(
                    "panther-duplicate",
                    &[key(name), Step::Index(i)],
                    format!("`{text}` stands in {name} twice"),
                );
                self.fix(|document, at| fixes::remove_item(document.text(), at?));
            }
        }
    }
}

/// A step by key.
pub(in super::super) fn key(name: &str) -> Step {
    Step::Key(name.to_owned())
}
