//! Exceptions that a Panther body raised during a run, told once for each function and line.

use crate::diagnostic::{Diagnostic, LineIndex, Severity, Span};
use crate::logs::Dataset;
use crate::panther::{Exception, Outcome};
use crate::value::EventId;
use std::path::{Path, PathBuf};

/// Exceptions of the body, told once for each kind and line.
#[derive(Default)]
pub(super) struct Raised {
    kinds: Vec<(&'static str, Exception, usize, EventId)>,
}

impl Raised {
    /// Takes what one event's functions raised.
    pub(super) fn note(&mut self, outcome: &Outcome, event: EventId) {
        self.one("rule", outcome.matched.as_ref().and_then(error), event);
        self.one("title", outcome.title.as_ref().and_then(error), event);
        self.one("severity", outcome.severity.as_ref().and_then(error), event);
        self.one("dedup", outcome.dedup.as_ref().and_then(error), event);
        let context = outcome.alert_context.as_ref().and_then(error);
        self.one("alert_context", context, event);
    }

    fn one(&mut self, function: &'static str, exception: Option<&Exception>, event: EventId) {
        const MOST_KINDS: usize = 20;
        let Some(exception) = exception else { return };
        let full = self.kinds.len() >= MOST_KINDS;
        let known = self
            .kinds
            .iter_mut()
            .find(|(f, e, ..)| *f == function && e.line == exception.line);
        match known {
            Some((_, _, count, _)) => *count += 1,
            None if !full => {
                self.kinds.push((function, exception.clone(), 1, event));
            }
            None => {}
        }
    }

    /// A warning each: the platform reports such events as rule errors and goes on with the others.
    pub(super) fn diagnostics(
        self,
        body: &str,
        body_path: &Path,
        data: &Dataset,
    ) -> Vec<(PathBuf, Diagnostic)> {
        let lines = LineIndex::new(body);
        self.kinds
            .into_iter()
            .map(|(function, exception, count, event)| {
                let span = exception.line.map(|line| line_span(&lines, body, line));
                let events = if count == 1 { "event" } else { "events" };
                let mut found = Diagnostic::new(
                    Severity::Warning,
                    "panther-exception",
                    span,
                    format!(
                        "{function}() raised {} for {count} {events}{}",
                        exception.text,
                        if function == "rule" {
                            ", which therefore did not match"
                        } else {
                            "; the platform's fall-back stands in its place"
                        }
                    ),
                );
                if let Some(first) = data.event(event)
                    && let Some(file) = data.files().get(first.file)
                {
                    found =
                        found.with_hint(format!("First at {}:{}", file.path.display(), first.line));
                }
                (body_path.to_owned(), found)
            })
            .collect()
    }
}

fn error<T>(output: &Result<T, Exception>) -> Option<&Exception> {
    output.as_ref().err()
}

/// A line of the body without its indentation.
pub(super) fn line_span(lines: &LineIndex, body: &str, line: usize) -> Span {
    let start = lines.line_start(line);
    let end = lines.line_start(line + 1);
    let text = body.get(start..end).unwrap_or("");
    let indent = text.len() - text.trim_start().len();
    Span::new(
        start + indent.min(text.len()),
        start + text.trim_end().len().max(indent),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_span_of_a_line_leaves_out_its_indentation() {
        let body = "def rule(event):\n    return x\n";
        let span = line_span(&LineIndex::new(body), body, 2);
        assert_eq!(&body[span.start..span.end], "return x");
    }
}
