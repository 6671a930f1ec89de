//! Panther's detections: fields, evaluation of the Python body, alert outputs, tests.
//!
//! `read` and `schema` read the YAML, `engine` loads a body into the sandbox and asks it about events,
//! `outputs` holds what the platform does with each function's result, `cases` runs `Tests:`.

mod cases;
pub mod correlation;
mod engine;
mod outputs;
mod read;
mod reading;
mod schema;
pub mod simple;
mod value;

pub use cases::{CaseOutcome, run_cases};
pub use engine::Engine;
pub use read::read;

use crate::diagnostic::Span;
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
    /// `ExpectedDestinations`: compared with what `destinations` gives, in any order.
    pub expected_destinations: Option<Vec<String>>,
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
    /// `CreateAlert`, true where absent: a rule that creates no alert is a signal, of whose outputs
    /// only the context is kept.
    pub create_alert: bool,
    /// `Tests`.
    pub cases: Vec<Case>,
    /// The document itself.
    pub document: crate::yaml::Document,
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
    /// What functions other than `rule` raised and a fall-back stands for: function and exception, in the
    /// order of the calls. Only in [`Mode::Production`]; elsewhere the outputs themselves hold it.
    pub replaced: Vec<(&'static str, Exception)>,
}

impl Outcome {
    /// Whether the rule matched the event.
    pub fn is_match(&self) -> bool {
        matches!(self.matched, Some(Ok(true)))
    }
}
