//! Panther's detections: fields, evaluation of the Python body, alert outputs, tests.
//!
//! `documents` checks the YAML of every kind and `detection` reads one with cases, `repository` holds what documents are
//! to each other, `engine` loads bodies into the sandbox and asks them about events, `outputs` holds what the platform does
//! with each function's result, `cases` runs `Tests:`. `simple` runs detections and filters that are written in YAML.

mod cases;
mod correlated;
pub mod correlation;
mod detection;
pub mod documents;
mod engine;
mod expectations;
mod failure;
pub mod guard;
mod outputs;
mod reading;
mod repository;
pub mod simple;
mod value;

pub use cases::{CaseOutcome, Verdict, run_cases, run_loaded, run_simple};
pub use correlated::run_correlation;
pub use detection::{derive, read};
pub use documents::{Analysis, Expected};
pub use engine::{Engine, Interpreter, Loaded, Understood};
pub use outputs::Earlier;
pub use repository::{File, Member, Repository};

use crate::diagnostic::Span;
use crate::event::EventJson;
use serde_json::Value as Json;
use std::sync::Arc;
use std::time::Duration;

/// The functions that the platform calls with an event, `policy` with a resource.
pub const FUNCTIONS: [&str; 11] = [
    "rule",
    "policy",
    "title",
    "description",
    "reference",
    "severity",
    "runbook",
    "destinations",
    "dedup",
    "alert_context",
    "unique",
];
/// One entry of `Tests:`.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// `Name`.
    pub name: String,
    /// `ExpectedResult`.
    pub expected: bool,
    /// `Log`, or a policy's `Resource`.
    pub log: Arc<EventJson>,
    /// What is asked about.
    pub input: Input,
    /// `Mocks`: object name and return value.
    pub mocks: Vec<(String, Json)>,
    /// `ExpectedDestinations`: compared with what `destinations` gives, in any order.
    pub expected_destinations: Option<Vec<String>>,
    /// `Expected`: what the outputs have to be besides.
    pub outputs: Expected,
    /// Where it stands in the rule's text.
    pub span: Option<Span>,
}

/// What a case asks about.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Input {
    /// [`Case::log`].
    #[default]
    Event,
    /// Something that is no mapping: what it is, in words. The case fails.
    NoMapping(&'static str),
    /// `RuleOutputs` of a correlation rule: the matches of each node.
    RuleOutputs(Vec<Vec<correlation::Found>>),
    /// `Events` of a correlation rule: its rules are asked about them.
    Events(Vec<Arc<EventJson>>),
    /// Something in the case cannot be read: why. The case fails.
    Unreadable(String),
}

/// A Panther detection, as far as its document could be read.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// What it is.
    pub kind: Analysis,
    /// How it decides.
    pub matcher: Matcher,
    /// `InlineFilters`: events that they do not keep are never shown to it.
    pub filters: Option<Arc<simple::Filters>>,
    /// `RuleID` or `PolicyID`.
    pub id: String,
    /// `DisplayName`, or the id.
    pub name: String,
    /// Upper case, such as `HIGH`.
    pub severity: String,
    /// `LogTypes`.
    pub log_types: Vec<String>,
    /// `ScheduledQueries`.
    pub scheduled_queries: Vec<String>,
    /// `ResourceTypes`.
    pub resource_types: Vec<String>,
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
    /// Whether the cases are those of the base, and stand in its text.
    pub inherits_cases: bool,
    /// The document itself.
    pub document: crate::yaml::Document,
    /// What it can import and what it refers to.
    pub repository: Arc<Repository>,
}

/// How a detection decides.
#[derive(Clone, Debug, Default)]
pub enum Matcher {
    /// By its Python body.
    #[default]
    Python,
    /// By the Python body of another rule, of this id. The rule has the base's `Filename` once it is found.
    Derived(String),
    /// By the conditions of its `Detection`; none where there is an error in it.
    Simple(Option<Arc<simple::Detection>>),
    /// By the matches of other rules; none where there is an error in its `Detection`.
    Correlation(Option<Arc<correlation::Correlation>>),
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

/// What a function that gives a text said, or the exception it raised; none where it is not defined or did not run.
pub type TextOutput = Option<Result<Arc<str>, Exception>>;

/// What the body said of one event. A function that is not defined or did not run is `None`.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// `rule(event)` or `policy(resource)`.
    pub matched: Option<Result<bool, Exception>>,
    /// Whether false is what alerts: a policy.
    pub inverted: bool,
    /// Whether an inline filter kept the event from the rule.
    pub filtered: bool,
    /// `title(event)`, cut as the platform cuts it.
    pub title: TextOutput,
    /// `description(event)`.
    pub description: TextOutput,
    /// `reference(event)`.
    pub reference: TextOutput,
    /// `severity(event)`, upper case, `DEFAULT` resolved to the rule's own.
    pub severity: TextOutput,
    /// `runbook(event)`.
    pub runbook: TextOutput,
    /// `destinations(event)`; `SKIP` where it gave an empty list.
    pub destinations: Option<Result<Vec<String>, Exception>>,
    /// Whether it gave an empty list.
    pub skips: bool,
    /// `dedup(event)` or what stands for it.
    pub dedup: TextOutput,
    /// `alert_context(event)`: the JSON text as Python's `json.dumps` writes it.
    pub alert_context: TextOutput,
    /// `unique(event)`.
    pub unique: TextOutput,
    /// What functions other than `rule` raised and a fall-back stands for: function and exception, in the
    /// order of the calls. Only in [`Mode::Production`]; elsewhere the outputs themselves hold it.
    pub replaced: Vec<(&'static str, Exception)>,
}

impl Rule {
    /// What the inline filters say of an event that they do not let through; none where they do.
    pub fn filtered(&self, event: &Json) -> Option<Outcome> {
        let matched = match self.filters.as_ref()?.keeps(event) {
            Ok(true) => return None,
            Ok(false) => Ok(false),
            Err(exception) => Err(exception),
        };
        Some(Outcome {
            matched: Some(matched),
            filtered: true,
            ..Outcome::default()
        })
    }
}

impl Outcome {
    /// Whether the rule said no to the event, and nothing else was said.
    pub fn refuses(&self) -> bool {
        matches!(self.matched, Some(Ok(false))) && !self.is_match() && !self.filtered
    }

    /// Whether the event or resource is one to alert on.
    pub fn is_match(&self) -> bool {
        matches!(&self.matched, Some(Ok(matched)) if *matched != self.inverted)
    }
}
