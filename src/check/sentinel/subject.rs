//! A rule that is checked, and what checks ask of it.

use super::dialect::dialect_of;
use crate::check::{Context, Target};
use crate::detect;
use crate::diagnostic::{Diagnostic, Fix, Severity, Span, nearest};
use crate::kql;
use crate::sentinel::{self, Rule};
use crate::yaml::{Document, Step, untagged};
use serde_yaml::Value;

/// A rule that is checked.
pub struct Subject<'a> {
    /// What its document says.
    pub rule: &'a Rule,
    /// The rule with its texts.
    pub opened: &'a detect::Rule,
    /// The analysis of its query; spans are bytes of the query.
    pub analysis: &'a kql::Analysis,
    /// Whose rules it is held against, beside the service's.
    pub target: Target,
    /// Whether somebody named the target; else it is that of the dialect the file is written in.
    pub named: bool,
    /// What is known beside it.
    pub context: &'a Context<'a>,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        rule: &'a Rule,
        opened: &'a detect::Rule,
        analysis: &'a kql::Analysis,
        context: &'a Context<'a>,
    ) -> Self {
        let named = context.target.filter(|t| *t != Target::Panther);
        Self {
            rule,
            opened,
            analysis,
            target: named.unwrap_or_else(|| dialect_of(&rule.document)),
            named: named.is_some(),
            context,
        }
    }

    pub(super) fn document(&self) -> &'a Document {
        &self.rule.document
    }

    /// A value that is there and not null.
    pub(super) fn value(&self, path: &[Step]) -> Option<&'a Value> {
        let value = untagged(self.document().get(path)?);
        (!value.is_null()).then_some(value)
    }

    /// The text of a scalar, a number as it is written.
    pub(super) fn text(&self, path: &[Step]) -> Option<String> {
        match self.value(path)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) => {
                let span = self.document().span(path)?;
                Some(self.document().text().get(span.start..span.end)?.to_owned())
            }
            _ => None,
        }
    }

    /// The items of a list; none where there is no list.
    pub(super) fn items(&self, path: &[Step]) -> &'a [Value] {
        match self.value(path) {
            Some(Value::Sequence(items)) => items,
            _ => &[],
        }
    }

    /// Where a value stands: itself, or else its key, or what is nearest. Of what has lines of its own, its key.
    pub(super) fn span(&self, path: &[Step]) -> Span {
        let document = self.document();
        let own = document.span(path).filter(|s| s.end > s.start);
        let span = own
            .or_else(|| document.nearest_span(path))
            .unwrap_or_default();
        let source = document.text().get(span.start..span.end).unwrap_or("");
        let line = source.find(['\n', '\r']).unwrap_or(source.len());
        let lines = matches!(
            self.value(path),
            Some(Value::Sequence(_) | Value::Mapping(_))
        ) && !source.starts_with(['[', '{']);
        match lines || source.starts_with(['|', '>']) {
            true => document.key_span(path).unwrap_or(span),
            false => Span::new(span.start, span.start + line),
        }
    }

    /// Whether a target's word counts for this rule.
    pub(super) fn is_for(&self, target: Target) -> bool {
        target == Target::Service || target == self.target
    }

    /// What a target objects to: an error of the service or of a target that was named, else a warning.
    /// None where its word does not count.
    pub(super) fn objection(
        &self,
        target: Target,
        code: &str,
        path: &[Step],
        message: impl Into<String>,
    ) -> Option<Diagnostic> {
        let severity = match target == Target::Service || self.named {
            true => Severity::Error,
            false => Severity::Warning,
        };
        let span = Some(self.span(path));
        self.is_for(target)
            .then(|| Diagnostic::new(severity, code, span, message))
    }

    /// A remark of less weight.
    pub(super) fn remark(
        &self,
        severity: Severity,
        code: &str,
        path: &[Step],
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic::new(severity, code, Some(self.span(path)), message)
    }

    /// The change that sets a value.
    pub(super) fn set(&self, path: &[Step], text: &str) -> Option<Fix> {
        let title = match self.text(path) {
            Some(old) => format!("Replace \"{old}\" with \"{text}\""),
            None => format!("Add {}: {text}", crate::yaml::show_path(path)),
        };
        let edits = self.document().set(path, text, &sentinel::KEYS).ok()?;
        (!edits.is_empty()).then_some(Fix { title, edits })
    }

    /// Whether the columns of the result are known for sure.
    pub(super) fn columns_are_known(&self) -> bool {
        let analysis = self.analysis;
        !analysis.open
            && !analysis.columns.is_empty()
            && !analysis.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Whether a name is a column of the result; true where the columns are not known.
    pub(super) fn has_column(&self, name: &str) -> bool {
        !self.columns_are_known() || self.analysis.columns.iter().any(|(c, _)| c == name)
    }

    /// The column that a wrong name most likely means.
    pub(super) fn nearest_column(&self, name: &str) -> Option<String> {
        nearest(name, self.analysis.columns.iter().map(|(c, _)| c.as_str()))
    }

    /// What the query returns, in words.
    pub(super) fn columns_in_words(&self) -> String {
        const SHOWN: usize = 20;
        let names = self.analysis.columns.iter().map(|(n, _)| n.as_str());
        let mut list: Vec<&str> = names.take(SHOWN).collect();
        if self.analysis.columns.len() > SHOWN {
            list.push("…");
        }
        format!("The query returns {}", list.join(", "))
    }
}

/// A diagnostic with some fix.
pub(super) trait Mended {
    /// The same with a fix, where there is one.
    fn mended(self, fix: Option<Fix>) -> Self;
}

impl Mended for Diagnostic {
    fn mended(mut self, fix: Option<Fix>) -> Self {
        self.fixes.extend(fix);
        self
    }
}
