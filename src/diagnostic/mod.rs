//! One type for everything a person is told about a document: code, severity, place, message, hint.

mod fix;
mod lines;
mod nearest;

pub use fix::{Edit, Fix, apply};
pub use lines::{LineIndex, Position};
pub use nearest::nearest;
use std::fmt;

/// A half-open range of byte offsets into one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span from `start` up to but not including `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The span moved towards the end by `by` bytes.
    pub fn shifted(self, by: usize) -> Span {
        Span::new(self.start + by, self.end + by)
    }
}

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The document cannot be run or would be refused.
    Error,
    /// It runs, and probably not as meant.
    Warning,
    /// Worth knowing.
    Information,
    /// A suggestion.
    Hint,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "information",
            Severity::Hint => "hint",
        })
    }
}

/// One thing a person is told about a document. Rendered in one place, said once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable identifier, such as `KQL142` or `yaml-syntax`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// Where in the document's text; none for the document as a whole.
    pub span: Option<Span>,
    /// What is wrong, in one sentence without a final full stop.
    pub message: String,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
    /// Changes of the text that would mend it, the likeliest first.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: impl Into<String>, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, Some(span), message)
    }

    /// A warning at a place.
    pub fn warning(code: impl Into<String>, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, Some(span), message)
    }

    /// Any diagnostic.
    pub fn new(
        severity: Severity,
        code: impl Into<String>,
        span: Option<Span>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            severity,
            span,
            message: message.into(),
            hint: None,
            fixes: Vec::new(),
        }
    }

    /// The same with a hint.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with one more change that would mend it.
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fixes.push(fix);
        self
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same with its places moved towards the end by `by` bytes (an inner language in an outer file).
    pub fn shifted(mut self, by: usize) -> Self {
        self.span = self.span.map(|s| s.shifted(by));
        for edit in self.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = edit.span.shifted(by);
        }
        self
    }

    /// `path:line:column: severity code: message` with the hint on a line of its own.
    pub fn render(&self, path: &str, lines: &LineIndex) -> String {
        let mut text = String::from(path);
        if let Some(span) = self.span {
            let at = lines.position(span.start);
            text.push_str(&format!(":{}:{}", at.line, at.column));
        }
        text.push_str(&format!(
            ": {} {}: {}",
            self.severity, self.code, self.message
        ));
        if let Some(hint) = &self.hint {
            text.push_str(&format!("\n    hint: {hint}"));
        }
        text
    }
}
