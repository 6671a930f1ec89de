//! Reading fields of a document and saying what is wrong with them.

use super::json::key_text;
use crate::diagnostic::{Diagnostic, Fix, Severity, Span, nearest};
use crate::yaml::{Document, Step, untagged};
use serde_yaml::Value;

/// Reads fields by path and collects diagnostics whose codes begin with a prefix.
pub(super) struct Fields<'d> {
    document: &'d Document,
    diagnostics: Vec<Diagnostic>,
    prefix: &'static str,
}

impl<'d> Fields<'d> {
    pub(super) fn new(
        document: &'d Document,
        diagnostics: Vec<Diagnostic>,
        prefix: &'static str,
    ) -> Self {
        Self {
            document,
            diagnostics,
            prefix,
        }
    }

    /// The diagnostics in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|d| d.span.map(|s| s.start));
        self.diagnostics
    }

    pub(super) fn document(&self) -> &'d Document {
        self.document
    }

    pub(super) fn has_errors(&self) -> bool {
        self.error_count() > 0
    }

    pub(super) fn error_count(&self) -> usize {
        self.diagnostics.iter().filter(|d| d.is_error()).count()
    }

    /// The value's place, or the nearest there is.
    pub(super) fn span(&self, path: &[Step]) -> Span {
        self.document
            .span(path)
            .filter(|s| s.end > s.start)
            .or_else(|| self.document.nearest_span(path))
            .unwrap_or_default()
    }

    pub(super) fn error(
        &mut self,
        code: &str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.tell(Severity::Error, code, span, message, hint);
    }

    pub(super) fn tell(
        &mut self,
        severity: Severity,
        code: &str,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let code = format!("{}-{code}", self.prefix);
        let diagnostic = Diagnostic::new(severity, code, Some(span), message);
        self.diagnostics.push(diagnostic.with_hint(hint));
    }

    /// Says that a field is missing, at the first line of what it is missing from.
    pub(super) fn missing(&mut self, path: &[Step], hint: &str) {
        let Some((Step::Key(key), above)) = path.split_last() else {
            return;
        };
        let at = match self.document.key_span(path) {
            Some(span) => span,
            None => {
                let start = self.span(above).start;
                let rest = self.document.text().get(start..).unwrap_or("");
                let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
                Span::new(start, start + line)
            }
        };
        self.error("missing", at, format!("`{key}` is missing"), hint);
    }

    /// A value that is there and not null.
    pub(super) fn value(&self, path: &[Step]) -> Option<&'d Value> {
        let value = untagged(self.document.get(path)?);
        (!value.is_null()).then_some(value)
    }

    fn ill_typed(&mut self, path: &[Step], expected: &str) {
        let span = self.span(path);
        let name = match path.iter().rev().find_map(|s| match s {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        }) {
            Some(key) => format!("`{key}`"),
            None => "the document".to_owned(),
        };
        let found = match self.value(path) {
            Some(Value::Sequence(_)) => "a list",
            Some(Value::Mapping(_)) => "a mapping",
            Some(Value::Bool(_)) => "a truth value",
            Some(Value::Number(_)) => "a number",
            _ => "a text",
        };
        self.error(
            "type",
            span,
            format!("{name} takes {expected}, not {found}"),
            "see the field in a bundled rule",
        );
    }

    /// A text; a number is taken as written, because `version: 1.0` and a numeric name are meant as texts.
    pub(super) fn text(&mut self, path: &[Step]) -> Option<String> {
        match self.value(path)? {
            Value::String(s) => Some(s.clone()),
            Value::Number(_) => {
                let span = self.document.span(path)?;
                Some(self.document.text().get(span.start..span.end)?.to_owned())
            }
            _ => {
                self.ill_typed(path, "a text");
                None
            }
        }
    }

    /// A text that has to be there and not be blank.
    pub(super) fn required_text(&mut self, path: &[Step]) -> Option<String> {
        if self.value(path).is_none() {
            self.missing(path, "add it with a value");
            return None;
        }
        let text = self.text(path)?;
        if text.trim().is_empty() {
            self.missing(path, "give it a value");
            return None;
        }
        Some(text)
    }

    /// A truth value.
    pub(super) fn truth(&mut self, path: &[Step]) -> Option<bool> {
        match self.value(path)? {
            Value::Bool(b) => Some(*b),
            _ => {
                self.ill_typed(path, "`true` or `false`");
                None
            }
        }
    }

    /// A whole number.
    pub(super) fn whole(&mut self, path: &[Step]) -> Option<i64> {
        match self.value(path)?.as_i64() {
            Some(n) => Some(n),
            None => {
                self.ill_typed(path, "a whole number");
                None
            }
        }
    }

    /// The items of a list.
    pub(super) fn list(&mut self, path: &[Step]) -> Option<&'d [Value]> {
        match self.value(path)? {
            Value::Sequence(items) => Some(items),
            _ => {
                self.ill_typed(path, "a list");
                None
            }
        }
    }

    /// A list of texts.
    pub(super) fn texts(&mut self, path: &[Step]) -> Vec<String> {
        let count = self.list(path).map_or(0, <[_]>::len);
        let mut at = path.to_vec();
        let mut texts = Vec::with_capacity(count);
        for index in 0..count {
            at.push(index.into());
            texts.extend(self.text(&at));
            at.pop();
        }
        texts
    }

    /// The keys of a mapping with their places, in order.
    pub(super) fn entries(&mut self, path: &[Step]) -> Vec<(String, Span)> {
        let mapping = match self.value(path) {
            None => return Vec::new(),
            Some(Value::Mapping(mapping)) => mapping,
            Some(_) => {
                self.ill_typed(path, "a mapping");
                return Vec::new();
            }
        };
        let mut at = path.to_vec();
        mapping
            .keys()
            .map(|key| {
                let key = key_text(key);
                at.push(key.as_str().into());
                let span = self.document.nearest_span(&at).unwrap_or_default();
                at.pop();
                (key, span)
            })
            .collect()
    }

    /// Says which keys of a mapping are unknown (an error: nothing would read them).
    pub(super) fn only(&mut self, path: &[Step], known: &[&str]) {
        for (key, span) in self.entries(path) {
            if !known.contains(&key.as_str()) {
                self.error(
                    "key",
                    span,
                    format!("`{key}` is not a key here"),
                    format!("known are {}", known.join(", ")),
                );
            }
        }
    }

    /// A text out of a fixed choice.
    pub(super) fn choice(&mut self, path: &[Step], choices: &[&str]) -> Option<String> {
        let text = self.text(path)?;
        if choices.contains(&text.as_str()) {
            return Some(text);
        }
        self.not_a_choice(path, &text, choices);
        Some(text)
    }

    /// Says that a value is none of a fixed choice.
    pub(super) fn not_a_choice(&mut self, path: &[Step], text: &str, choices: &[&str]) {
        let name = path.iter().rev().find_map(|s| match s {
            Step::Key(key) => Some(key.clone()),
            Step::Index(_) => None,
        });
        let span = self.span(path);
        let near = nearest(text, choices.iter().copied());
        let same = near.as_deref().filter(|n| n.eq_ignore_ascii_case(text));
        let hint = match same {
            Some(near) => format!("write `{near}`"),
            None => format!("one of {}", choices.join(", ")),
        };
        self.error(
            "value",
            span,
            format!("`{text}` is no value of `{}`", name.unwrap_or_default()),
            hint,
        );
        if let (Some(near), Some(told)) = (near, self.diagnostics.last_mut())
            && let Ok(edits) = self.document.set(path, &near, &[])
        {
            told.fixes.push(Fix {
                title: format!("Replace \"{text}\" with \"{near}\""),
                edits,
            });
        }
    }
}
