//! Exceptions that a Panther body raised during a run, told once for each function and line.

use crate::diagnostic::{Diagnostic, LineIndex, Severity, Span};
use crate::logs::Dataset;
use crate::panther::{Exception, Outcome};
use crate::value::EventId;
use std::path::{Path, PathBuf};

/// Exceptions of the body, told once for each function and line.
#[derive(Default)]
pub(super) struct Raised {
    kinds: Vec<(&'static str, Exception, usize, EventId)>,
    /// Events that were asked about, and those for which `rule` raised.
    asked: usize,
    unanswered: usize,
}

impl Raised {
    /// Takes events into account that cannot match and were not asked about.
    pub(super) fn cannot_match(&mut self, events: usize) {
        self.asked += events;
    }

    /// Takes what one event's functions raised.
    pub(super) fn note(&mut self, outcome: &Outcome, event: EventId) {
        self.asked += 1;
        if let Some(Err(exception)) = &outcome.matched {
            self.unanswered += 1;
            self.one("rule", exception, event);
        }
        for (function, exception) in &outcome.replaced {
            self.one(function, exception, event);
        }
    }

    fn one(&mut self, function: &'static str, exception: &Exception, event: EventId) {
        const MOST_KINDS: usize = 20;
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
    /// An error where `rule` raised for every event: it has answered nothing, which is not the same as no match.
    pub(super) fn diagnostics(
        self,
        body: &str,
        body_path: &Path,
        data: &Dataset,
    ) -> Vec<(PathBuf, Diagnostic)> {
        let lines = LineIndex::new(body);
        let never_answered = self.asked > 0 && self.unanswered == self.asked;
        let asked = self.asked;
        self.kinds
            .into_iter()
            .map(|(function, exception, count, event)| {
                let line = exception.line.or_else(|| line_of_def(body, function));
                let severity = if never_answered {
                    Severity::Error
                } else {
                    Severity::Warning
                };
                let events = match (count, never_answered) {
                    (1, false) => "1 event".to_owned(),
                    (_, false) => format!("{count} events"),
                    (1, true) if asked == 1 => "the only event".to_owned(),
                    (_, true) if count == asked => format!("all {asked} events"),
                    (_, true) => format!("{count} of {asked} events"),
                };
                let follows = match (function, never_answered) {
                    ("rule", false) => ", which therefore did not match",
                    ("rule", true) => "; no event was answered",
                    _ => "; the platform's fall-back stands in its place",
                };
                // A detection in YAML has no functions.
                let who = match (function, body.is_empty()) {
                    ("rule", true) => "the detection".to_owned(),
                    _ => format!("{function}()"),
                };
                let mut found = Diagnostic::new(
                    severity,
                    "panther-exception",
                    line.map(|line| line_span(&lines, body, line)),
                    format!("{who} raised {} for {events}{follows}", exception.text),
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

/// The line, from 1, that defines a function: the place of what the platform itself raises about its result.
fn line_of_def(body: &str, function: &str) -> Option<usize> {
    let begins = |line: &str| {
        let rest = line.strip_prefix("def ")?.trim_start();
        rest.strip_prefix(function)?
            .trim_start()
            .strip_prefix('(')
            .map(|_| ())
    };
    let at = body.lines().position(|line| begins(line).is_some())?;
    Some(at + 1)
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
