//! What a person is told of a body that could not be loaded or had to be stopped.

use super::Limits;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::python::{self, Hit, Limit, LoadFailure, Place, Raised, Stop};

/// Diagnostics of a body that could not be loaded, with spans in bytes of it.
pub(super) fn load_failure(failure: LoadFailure, body: &str, limits: Limits) -> Vec<Diagnostic> {
    match failure {
        LoadFailure::Syntax(errors) => errors
            .into_iter()
            .map(|(range, message)| {
                let span = Span::new(range.start.min(body.len()), range.end.min(body.len()));
                Diagnostic::error("python-syntax", span, message)
            })
            .collect(),
        LoadFailure::Raised(raised) => vec![import_failed(&raised, body)],
        LoadFailure::Stopped(stop) => vec![stopped(&stop, body, limits, None)],
    }
}

fn import_failed(raised: &Raised, body: &str) -> Diagnostic {
    let span = raised.line.and_then(|line| line_span(body, line));
    let error = |code: &str, message: String| Diagnostic::new(Severity::Error, code, span, message);
    match &raised.module {
        Some(module) if raised.class == "ModuleNotFoundError" => {
            if python::is_closed(module) {
                error(
                    "python-closed-module",
                    format!("the module `{module}` is closed to rule bodies"),
                )
                .with_hint("Rule bodies have no files, network, processes or threads here")
            } else {
                error(
                    "panther-missing-helper",
                    format!("the global helper `{module}` was not found beside the rule"),
                )
                .with_hint(
                    "Helpers are found by their `GlobalID` in the folder `global_helpers` of the repository",
                )
            }
        }
        _ => error(
            "python-exception",
            match &raised.helper {
                Some(Place { file, line }) => {
                    format!(
                        "{file} raised {} at line {line} while it was imported",
                        raised.text
                    )
                }
                None => format!("the body raised {} while it was loaded", raised.text),
            },
        ),
    }
}

/// What a person is told of a job that ended early. `events` is how many it was asked about, none while loading.
pub(super) fn stopped(
    stop: &Stop,
    body: &str,
    limits: Limits,
    events: Option<usize>,
) -> Diagnostic {
    match stop {
        Stop::Hit(hit) => limit_reached(hit, body, limits, events),
        Stop::Cancelled => Diagnostic::new(
            Severity::Error,
            "python-cancelled",
            None,
            "the work was cancelled while the body was loaded",
        ),
        Stop::Broken(text) => Diagnostic::new(
            Severity::Error,
            "python-broken",
            None,
            format!("the Python interpreter broke: {text}"),
        ),
    }
}

fn limit_reached(hit: &Hit, body: &str, limits: Limits, events: Option<usize>) -> Diagnostic {
    let during = match events {
        None => " while it was loaded".to_owned(),
        Some(1) => " for the event".to_owned(),
        Some(events) => format!(" for event {} of {events}", hit.step + 1),
    };
    let place = match (&hit.helper, hit.line) {
        (Some(Place { file, line }), _) => format!(", at line {line} of {file}"),
        (None, Some(line)) => format!(", at line {line}"),
        (None, None) => String::new(),
    };
    let (code, what) = match hit.limit {
        Limit::Time => (
            "python-time-limit",
            format!("the body ran longer than {} ms", limits.time.as_millis()),
        ),
        Limit::Memory => (
            "python-memory-limit",
            format!(
                "the body used more than {} MB of memory",
                limits.memory >> 20
            ),
        ),
    };
    let span = hit.line.and_then(|line| line_span(body, line));
    let hint = if hit.abandoned && hit.limit == Limit::Time {
        "It hung inside one built-in call, such as a regular expression that backtracks without end"
    } else if hit.abandoned {
        "One built-in call asked for the memory at once"
    } else if hit.limit == Limit::Time {
        "Look for a loop that does not end"
    } else {
        "Look for a value that grows without end"
    };
    Diagnostic::new(
        Severity::Error,
        code,
        span,
        format!("{what}{during} and was stopped{place}"),
    )
    .with_hint(hint)
}

/// The text of a line, from 1, without the space around it.
fn line_span(body: &str, line: usize) -> Option<Span> {
    let mut start = 0;
    let text = body
        .split_inclusive('\n')
        .enumerate()
        .find_map(|(i, text)| {
            if i + 1 == line {
                return Some(text);
            }
            start += text.len();
            None
        })?;
    let lead = text.len() - text.trim_start().len();
    let end = start + text.trim_end().len();
    Some(Span::new((start + lead).min(end), end))
}
