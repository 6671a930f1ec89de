//! A rule body in the sandbox.

use super::outputs::{Facts, outcome};
use super::{Limits, Mode, Outcome, Rule};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::python::{
    self, Body, BodyId, Bounds, Hit, Library, Limit, LoadFailure, Place, Raised, Sandbox, Stop,
};
use crate::task::CancelToken;
use serde_json::Value as Json;
use std::sync::{Arc, Mutex, PoisonError};

/// A rule body ready to be asked. Owns its interpreter thread; dropping it ends the thread.
pub struct Engine {
    sandbox: Sandbox,
    id: BodyId,
    facts: Arc<Facts>,
    body: String,
    limits: Limits,
}

impl Engine {
    /// Compiles and loads a body. Its name in errors is the rule's `Filename`.
    ///
    /// # Errors
    /// Diagnostics with spans in bytes of `body`: syntax errors, an exception at import, no `rule` function.
    pub fn load(rule: &Rule, body: &str, limits: Limits) -> Result<Self, Vec<Diagnostic>> {
        let cancel = CancelToken::new();
        let name = if rule.filename.is_empty() {
            "rule.py".to_owned()
        } else {
            rule.filename.clone()
        };
        let source = Body {
            name,
            module: rule.id.clone(),
            source: body.to_owned(),
        };
        let bounds = Bounds {
            time: limits.time,
            memory: limits.memory,
        };
        let failed = |failure| load_failure(failure, body, limits);
        // What is being typed is broken most of the time: nothing is started for it.
        python::check(body).map_err(|errors| failed(LoadFailure::Syntax(errors)))?;
        let library = Arc::new(Library::default());
        let mut sandbox = Sandbox::open(library, bounds, &cancel)
            .map_err(|stop| failed(LoadFailure::Stopped(stop)))?;
        let id = sandbox.load(source, &cancel).map_err(failed)?;
        let mut engine = Self {
            sandbox,
            id,
            facts: Arc::new(Facts {
                id: rule.id.clone(),
                severity: rule.severity.clone(),
                create_alert: rule.create_alert,
            }),
            body: body.to_owned(),
            limits,
        };
        if engine.has_rule(&cancel) {
            Ok(engine)
        } else {
            Err(vec![
                Diagnostic::error(
                    "panther-no-rule",
                    Span::new(0, 0),
                    "the body has no `rule` function",
                )
                .with_hint("Write `def rule(event):` and return True where the event shall match"),
            ])
        }
    }

    fn has_rule(&mut self, cancel: &CancelToken) -> bool {
        let found = Arc::new(Mutex::new(false));
        let slot = Arc::clone(&found);
        let asked = self.sandbox.ask(self.id, cancel, move |session| {
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = session.has_function("rule");
        });
        asked.is_ok() && *found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the body about events, in order. Stops early when cancelled or when a limit ended the interpreter;
    /// when cancelled, the outcomes so far are given.
    ///
    /// # Errors
    /// A diagnostic when a limit was reached (which one, at which event, at which line of the body).
    /// Its span is in bytes of the body.
    pub fn evaluate(
        &mut self,
        events: &[Arc<Json>],
        mode: Mode,
        mocks: &[(String, Json)],
        cancel: &CancelToken,
    ) -> Result<Vec<Outcome>, Diagnostic> {
        let outcomes = Arc::new(Mutex::new(Vec::with_capacity(events.len())));
        let slot = Arc::clone(&outcomes);
        let facts = Arc::clone(&self.facts);
        let asked: Vec<Arc<Json>> = events.to_vec();
        let mocked = mocks.to_vec();
        let cancelled = cancel.clone();
        let result = self.sandbox.ask(self.id, cancel, move |session| {
            let unmock = match session.mock(&mocked) {
                Ok(unmock) => unmock,
                Err(raised) => {
                    // The platform's tester fails such a test: as if `rule` had raised it.
                    let failed = Outcome {
                        matched: Some(Err(super::Exception {
                            text: raised.text,
                            line: None,
                        })),
                        ..Outcome::default()
                    };
                    *slot.lock().unwrap_or_else(PoisonError::into_inner) =
                        vec![failed; asked.len()];
                    return;
                }
            };
            for event in &asked {
                session.next_step();
                let outcome = outcome(session, &facts, event, mode);
                if session.is_stopped() || cancelled.is_cancelled() {
                    break;
                }
                slot.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(outcome);
            }
            session.unmock(unmock);
        });
        match result {
            Ok(()) | Err(Stop::Cancelled) => {
                let mut outcomes = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(std::mem::take(&mut *outcomes))
            }
            Err(stop) => Err(stopped(&stop, &self.body, self.limits, Some(events.len()))),
        }
    }
}

fn load_failure(failure: LoadFailure, body: &str, limits: Limits) -> Vec<Diagnostic> {
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
fn stopped(stop: &Stop, body: &str, limits: Limits, events: Option<usize>) -> Diagnostic {
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
