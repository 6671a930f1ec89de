//! What a simple detection says of an event, as the outcome that a Python body gives.

use super::super::{Mode, Outcome, TextOutput};
use super::{Detection, Facts};
use crate::python::json_text;
use serde_json::Value as Json;
use std::sync::Arc;

/// Characters of a text output; a longer one is cut so that it ends in [`CUT`].
const TEXT: usize = 1000;
const CUT: &str = "... (truncated)";
/// Characters of an alert context.
const CONTEXT: usize = 204_800;

pub(super) fn outcome(detection: &Detection, event: &Json, facts: &Facts, mode: Mode) -> Outcome {
    let mut outcome = Outcome {
        matched: Some(detection.matches(event)),
        ..Outcome::default()
    };
    if mode == Mode::Production && !outcome.is_match() {
        return outcome;
    }
    let alert = &detection.alert;
    if facts.create_alert {
        outcome.title = alert.title(event).map(|title| Ok(cut(title).into()));
        outcome.severity = match (alert.severity(event), mode) {
            (Ok(severity), _) => severity.map(|severity| Ok(severity.into())),
            (Err(exception), Mode::Test) => Some(Err(exception)),
            (Err(exception), Mode::Production) => {
                outcome.replaced.push(("severity", exception));
                Some(Ok(facts.severity.as_str().into()))
            }
        };
        outcome.dedup = Some(Ok(dedup(alert.dedup(event), &outcome.title, facts)));
    }
    outcome.alert_context = alert
        .context(event)
        .map(|context| Ok(bounded(context).into()));
    outcome
}

/// The grouping, else the title, else what stands for neither.
fn dedup(grouped: Option<String>, title: &TextOutput, facts: &Facts) -> Arc<str> {
    let text = match (grouped, title) {
        (Some(grouped), _) => cut(grouped).into(),
        (None, Some(Ok(title))) => Arc::clone(title),
        (None, _) => Arc::default(),
    };
    match text.is_empty() {
        true => format!("defaultDedupString:{}", facts.id).into(),
        false => text,
    }
}

fn bounded(context: String) -> String {
    if context.len() <= CONTEXT {
        return context;
    }
    let message = format!(
        "alert_context size is [{}] characters, bigger than maximum of [{CONTEXT}] characters",
        context.len()
    );
    format!("{{\"_error\": {}}}", json_text(&message))
}

fn cut(text: String) -> String {
    if text.len() <= TEXT || text.chars().count() <= TEXT {
        return text;
    }
    let mut short: String = text.chars().take(TEXT - CUT.len()).collect();
    short.push_str(CUT);
    short
}
