//! What readers of nested documents share: errors with places, shapes, closed mappings.

use super::value::{key_text, kind};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::yaml::{Document, Step, untagged};
use serde_yaml::{Mapping, Value as Yaml};

/// Collects what is wrong with a document while it is read.
pub(super) struct Reading<'a> {
    pub document: &'a Document,
    pub found: Vec<Diagnostic>,
}

impl<'a> Reading<'a> {
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            found: Vec::new(),
        }
    }

    /// Whether an error was found.
    pub fn failed(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }

    /// An error at the value of a path, or as near to it as there is a place.
    pub fn error(
        &mut self,
        code: &str,
        path: &[Step],
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let span = self
            .document
            .span(path)
            .or_else(|| self.document.nearest_span(path));
        self.error_at(code, span, message, hint);
    }

    pub fn error_at(
        &mut self,
        code: &str,
        span: Option<Span>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.push(Severity::Error, code, span, message.into(), hint.into());
    }

    pub fn warning(
        &mut self,
        code: &str,
        path: &[Step],
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let span = self
            .document
            .span(path)
            .or_else(|| self.document.nearest_span(path));
        self.push(Severity::Warning, code, span, message.into(), hint.into());
    }

    pub fn push(
        &mut self,
        severity: Severity,
        code: &str,
        span: Option<Span>,
        message: String,
        hint: String,
    ) {
        let mut diagnostic = Diagnostic::new(severity, code, span, message);
        diagnostic.hint = (!hint.is_empty()).then_some(hint);
        self.found.push(diagnostic);
    }

    /// The items of a list, or an error.
    pub fn list<'v>(&mut self, value: &'v Yaml, path: &[Step], what: &str) -> Option<&'v [Yaml]> {
        match untagged(value) {
            Yaml::Sequence(items) => Some(items),
            other => {
                let name = name(path);
                self.error(
                    "panther-type",
                    path,
                    format!("{name} has to be a list of {what}, not {}", kind(other)),
                    format!("Begin each entry with `- ` on a line of its own below `{name}:`"),
                );
                None
            }
        }
    }

    /// A mapping, or an error.
    pub fn mapping<'v>(
        &mut self,
        value: &'v Yaml,
        path: &[Step],
        what: &str,
    ) -> Option<&'v Mapping> {
        match untagged(value) {
            Yaml::Mapping(mapping) => Some(mapping),
            other => {
                self.error(
                    "panther-type",
                    path,
                    format!("{what} is a mapping, not {}", kind(other)),
                    "",
                );
                None
            }
        }
    }

    /// A text that is not empty, or an error.
    pub fn text<'v>(&mut self, value: &'v Yaml, path: &[Step]) -> Option<&'v str> {
        match untagged(value) {
            Yaml::String(text) if !text.is_empty() => Some(text),
            Yaml::String(_) => {
                self.error("panther-type", path, format!("{} is empty", name(path)), "");
                None
            }
            other => {
                self.error(
                    "panther-type",
                    path,
                    format!("{} has to be text, not {}", name(path), kind(other)),
                    "",
                );
                None
            }
        }
    }

    /// Errors for every key that is not among those that may stand here.
    pub fn only(&mut self, mapping: &Mapping, may: &[&str], path: &[Step], here: &str) {
        for key in mapping.keys() {
            let key = key_text(key);
            if may.contains(&key.as_str()) {
                continue;
            }
            let hint = may
                .iter()
                .find(|known| known.eq_ignore_ascii_case(&key))
                .map_or_else(
                    || format!("Here may stand {}", may.join(", ")),
                    |known| format!("Write {known}"),
                );
            let at = below(path, key.as_str());
            let span = self
                .document
                .key_span(&at)
                .or_else(|| self.document.nearest_span(&at));
            self.error_at(
                "panther-unknown-key",
                span,
                format!("`{key}` may not stand in {here}"),
                hint,
            );
        }
    }
}

/// The path of an entry below another.
pub(super) fn below(path: &[Step], step: impl Into<Step>) -> Vec<Step> {
    let mut path = path.to_vec();
    path.push(step.into());
    path
}

/// What the last key of a path is called.
pub(super) fn name(path: &[Step]) -> String {
    path.iter()
        .rev()
        .find_map(|step| match step {
            Step::Key(key) => Some(key.clone()),
            Step::Index(_) => None,
        })
        .unwrap_or_default()
}
