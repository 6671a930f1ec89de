//! Panther's detections: fields, evaluation of the Python body, alert outputs, tests.

use crate::diagnostic::{Diagnostic, Span};
use crate::task::CancelToken;
use serde_json::Value as Json;
use std::sync::Arc;
use std::time::Duration;

/// One entry of `Tests:`.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// `Name`.
    pub name: String,
    /// `ExpectedResult`.
    pub expected: bool,
    /// `Log`.
    pub log: Arc<Json>,
    /// `Mocks`: object name and return value.
    pub mocks: Vec<(String, Json)>,
    /// Where it stands in the rule's text.
    pub span: Option<Span>,
}

/// A Panther rule, as far as its document could be read.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// `RuleID`.
    pub id: String,
    /// `DisplayName`, or the id.
    pub name: String,
    /// Upper case, such as `HIGH`.
    pub severity: String,
    /// `LogTypes`.
    pub log_types: Vec<String>,
    /// `DedupPeriodMinutes`, 60 where absent.
    pub dedup_period_minutes: u32,
    /// `Threshold`, 1 where absent.
    pub threshold: u32,
    /// `Filename`.
    pub filename: String,
    /// `Enabled`.
    pub enabled: bool,
    /// `Tests`.
    pub cases: Vec<Case>,
    /// The document itself.
    pub document: crate::yaml::Document,
}

/// Reads a rule's YAML. Never fails: what is wrong is in the diagnostics (spans in bytes of the YAML text).
pub fn read(_text: &str) -> (Rule, Vec<Diagnostic>) {
    (Rule::default(), Vec::new())
}

/// Whether the aux functions run for every event (tests) or only for matching ones, with fall-backs (production).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As `pat test`: every function runs, exceptions are recorded.
    Test,
    /// As the platform: only matching events, exceptions fall back.
    Production,
}

/// Bounds of one evaluation.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Wall time for one event.
    pub time: Duration,
    /// Bytes the interpreter may allocate beyond what it had at the start.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(2),
            memory: 512 << 20,
        }
    }
}

/// An exception of the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Such as `KeyError('x')`, as Python's `repr` gives it.
    pub text: String,
    /// Line in the body at which it was raised, from 1.
    pub line: Option<usize>,
}

/// What the body said of one event. A function that is not defined or did not run is `None`.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// `rule(event)`.
    pub matched: Option<Result<bool, Exception>>,
    /// `title(event)`, cut as the platform cuts it.
    pub title: Option<Result<String, Exception>>,
    /// `description(event)`.
    pub description: Option<Result<String, Exception>>,
    /// `reference(event)`.
    pub reference: Option<Result<String, Exception>>,
    /// `severity(event)`, upper case, `DEFAULT` resolved to the rule's own.
    pub severity: Option<Result<String, Exception>>,
    /// `runbook(event)`.
    pub runbook: Option<Result<String, Exception>>,
    /// `destinations(event)`.
    pub destinations: Option<Result<Vec<String>, Exception>>,
    /// `dedup(event)` or what stands for it.
    pub dedup: Option<Result<String, Exception>>,
    /// `alert_context(event)`: the JSON text as Python's `json.dumps` writes it.
    pub alert_context: Option<Result<String, Exception>>,
    /// `unique(event)`.
    pub unique: Option<Result<String, Exception>>,
}

impl Outcome {
    /// Whether the rule matched the event.
    pub fn is_match(&self) -> bool {
        matches!(self.matched, Some(Ok(true)))
    }
}

/// A rule body ready to be asked. Owns its interpreter thread; dropping it ends the thread.
pub struct Engine {}

impl Engine {
    /// Compiles and loads a body. `body_name` is shown in errors.
    ///
    /// # Errors
    /// Diagnostics with spans in bytes of `body`: syntax errors, an exception at import, no `rule` function.
    pub fn load(_rule: &Rule, _body: &str, _limits: Limits) -> Result<Self, Vec<Diagnostic>> {
        Ok(Self {})
    }

    /// Asks the body about events, in order. Stops early when cancelled or when a limit ended the interpreter.
    ///
    /// # Errors
    /// A diagnostic when a limit was reached (which one, at which event, at which line of the body).
    pub fn evaluate(
        &mut self,
        _events: &[Arc<Json>],
        _mode: Mode,
        _mocks: &[(String, Json)],
        _cancel: &CancelToken,
    ) -> Result<Vec<Outcome>, Diagnostic> {
        Ok(Vec::new())
    }
}
