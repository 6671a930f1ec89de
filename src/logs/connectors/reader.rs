//! Reads the values of a connector file and says what is wrong with them, each with its place.

use crate::diagnostic::{Diagnostic, Span};
use crate::yaml::{Document, Step, untagged};
use serde_yaml::Value;

/// A document and what is wrong with it so far.
pub(super) struct Reader<'d> {
    pub document: &'d Document,
    pub diagnostics: Vec<Diagnostic>,
}

pub(super) type Path = Vec<Step>;

/// A path with one step more.
pub(super) fn join(path: &[Step], step: impl Into<Step>) -> Path {
    let mut path = path.to_vec();
    path.push(step.into());
    path
}

impl<'d> Reader<'d> {
    pub fn span(&self, path: &[Step]) -> Span {
        let own = self.document.span(path).filter(|s| s.end > s.start);
        own.or_else(|| self.document.nearest_span(path))
            .unwrap_or_default()
    }

    pub fn wrong(&mut self, code: &str, path: &[Step], message: impl Into<String>, hint: &str) {
        let span = self.span(path);
        let code = format!("connector-{code}");
        self.diagnostics
            .push(Diagnostic::error(code, span, message).with_hint(hint));
    }

    pub fn value(&self, path: &[Step]) -> Option<&'d Value> {
        let value = untagged(self.document.get(path)?);
        (!value.is_null()).then_some(value)
    }

    /// The entries of a mapping; keys that are no texts are told.
    pub fn entries(&mut self, path: &[Step], what: &str) -> Vec<(String, Path)> {
        let Some(Value::Mapping(map)) = self.value(path) else {
            if self.document.get(path).is_some() {
                self.wrong(
                    "type",
                    path,
                    format!("{what} is a mapping of keys to values"),
                    "write `key: value` lines",
                );
            }
            return Vec::new();
        };
        let mut found = Vec::new();
        for key in map.keys() {
            match key.as_str() {
                Some(key) => found.push((key.to_owned(), join(path, key))),
                None => self.wrong(
                    "type",
                    path,
                    format!("a key of {what} is no text"),
                    "put it in quotes",
                ),
            }
        }
        found
    }

    pub fn only(&mut self, path: &[Step], what: &str, known: &[&str]) {
        for (key, at) in self.entries(path, what) {
            if !known.contains(&key.as_str()) {
                let span = self.document.key_span(&at).unwrap_or_default();
                let message = format!("{what} has no key `{key}`");
                self.diagnostics.push(
                    Diagnostic::error("connector-unknown-key", span, message)
                        .with_hint(format!("its keys are {}", known.join(", "))),
                );
            }
        }
    }

    pub fn items(&mut self, path: &[Step], what: &str) -> Vec<Path> {
        match self.value(path) {
            Some(Value::Sequence(items)) => (0..items.len()).map(|i| join(path, i)).collect(),
            None => Vec::new(),
            Some(_) => {
                self.wrong(
                    "type",
                    path,
                    format!("{what} is a list"),
                    "begin each item with `- `",
                );
                Vec::new()
            }
        }
    }

    pub fn text(&mut self, path: &[Step]) -> Option<String> {
        match self.value(path)? {
            Value::String(text) => Some(text.clone()),
            _ => {
                self.wrong("type", path, "a text is expected here", "put it in quotes");
                None
            }
        }
    }

    /// A text that must be there.
    pub fn needed(&mut self, path: &[Step], key: &str, hint: &str) -> Option<String> {
        let at = join(path, key);
        let text = self.text(&at).filter(|text| !text.trim().is_empty());
        if text.is_none()
            && !self
                .diagnostics
                .iter()
                .any(|d| d.span == Some(self.span(&at)))
        {
            self.wrong("missing", &at, format!("`{key}` is missing"), hint);
        }
        text
    }
}
