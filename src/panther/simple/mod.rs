//! Simple detections: a rule's `Detection:` in YAML, and the `InlineFilters:` of any rule, run without Python.
//!
//! `read` compiles the expressions and says what is wrong with them, `evaluate` asks them about an event,
//! `explain` says which of them decided, `outputs` makes title, severity, dedup and context.
//!
//! The platform runs these on its servers and publishes the shape (a JSON schema), the names of the conditions, and
//! test cases. What those leave open is settled so:
//!
//! * A condition answers as the operator of the same meaning of the platform's inline filters does, whose runtime
//!   can be asked: values compare as in Python (`1`, `1.0` and `true` are equal, `5` and `"5"` are not); null and
//!   a missing field fail every positive condition and pass every `DoesNot…`; `Contains` on a list also looks into its
//!   texts; `IsIn` with a list wants one common item; letters fold as `str.lower` folds them; an ordering of a
//!   number and a text, or an address condition on what is no address, is an exception and no match.
//! * Keys of a detection are found without regard to case, as an event's own look-up finds them; those of an
//!   inline filter only as they are written.
//! * `Exists` asks for the key, whatever its value; `IsNull` holds for null and for a missing key;
//!   `IsNullOrEmpty` in a detection also for `false` and `0` (published cases need it), in a filter not.
//! * `None` holds where no expression in it does, `OnlyOne` where exactly one does. A list that is missing has no
//!   elements; `AllElements` of none is refused with an exception, because nothing says what it means.
//! * Of several dynamic severities the first whose conditions hold stands.
//! * A field that is missing is written `None` in a title. Several `GroupBy` values make one dedup text, a JSON list.

mod address;
mod alert;
mod compare;
mod condition;
mod evaluate;
mod explain;
mod outputs;
mod path;
mod read;
mod text;

pub use condition::condition_names;
pub use explain::Explained;

use super::{Exception, Mode, Outcome};
use crate::diagnostic::Diagnostic;
use crate::yaml::Document;
use evaluate::{Dialect, Expression};
use serde_json::Value as Json;

/// What the outputs need to know of the rule.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// `RuleID`.
    pub id: String,
    /// The rule's own severity, upper case.
    pub severity: String,
    /// `CreateAlert`: a rule that creates no alert keeps nothing but its context.
    pub create_alert: bool,
}

/// A rule's `Detection:` with `AlertTitle`, `AlertContext`, `GroupBy` and `DynamicSeverities`, compiled.
#[derive(Clone, Debug)]
pub struct Detection {
    expressions: Vec<Expression>,
    alert: alert::Alert,
}

/// What is wrong with `AlertTitle`, `AlertContext`, `GroupBy` and `DynamicSeverities` of a rule that is no simple
/// detection; `value` is the rule's document as a whole.
pub fn alert_keys(value: &serde_yaml::Value, document: &Document) -> Vec<Diagnostic> {
    read::alert_keys(value, document)
}

/// Reads a rule's `Detection:` and the keys that belong to it; `value` is the rule's document as a whole. There is
/// no detection where an error was found, or where the document has none.
pub fn read(
    value: &serde_yaml::Value,
    document: &Document,
) -> (Option<Detection>, Vec<Diagnostic>) {
    read::detection(value, document)
}

impl Detection {
    /// Whether the event matches.
    ///
    /// # Errors
    /// The exception that the platform's runtime raises where a comparison has no answer.
    pub fn matches(&self, event: &Json) -> Result<bool, Exception> {
        evaluate::all(&self.expressions, event, Dialect::Detection)
    }

    /// Everything the rule says of one event. Inline filters are not part of it: ask them first.
    pub fn outcome(&self, event: &Json, facts: &Facts, mode: Mode) -> Outcome {
        outputs::outcome(self, event, facts, mode)
    }

    /// Every expression with what it found in the event and what it answered, in the order of the text.
    pub fn explain(&self, event: &Json) -> Vec<Explained> {
        explain::all(&self.expressions, event, Dialect::Detection)
    }
}

/// A rule's `InlineFilters:`, compiled: an event that they do not keep is never shown to the rule.
#[derive(Clone, Debug)]
pub struct Filters {
    expressions: Vec<Expression>,
}

impl Filters {
    /// Reads a rule's `InlineFilters:`; `value` is the rule's document as a whole. None where an error was found, or
    /// where the document has none.
    pub fn read(
        value: &serde_yaml::Value,
        document: &Document,
    ) -> (Option<Filters>, Vec<Diagnostic>) {
        read::filters(value, document)
    }

    /// Whether the rule gets to see the event.
    ///
    /// # Errors
    /// The exception that the platform's runtime raises; the event is then no match.
    pub fn keeps(&self, event: &Json) -> Result<bool, Exception> {
        evaluate::all(&self.expressions, event, Dialect::Filter)
    }

    /// Every filter with what it found in the event and what it answered.
    pub fn explain(&self, event: &Json) -> Vec<Explained> {
        explain::all(&self.expressions, event, Dialect::Filter)
    }
}
