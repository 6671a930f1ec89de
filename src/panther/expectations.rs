//! Whether the outputs of a case are those that its `Expected` block names.

use super::{Exception, Expected, Outcome};
use serde_json::Value as Json;
use std::sync::Arc;

/// What differs, one sentence each, in the order of the block.
pub(super) fn differences(expected: &Expected, outcome: &Outcome) -> Vec<String> {
    expected
        .iter()
        .filter_map(|(name, wanted)| difference(name, wanted, outcome))
        .collect()
}

fn difference(name: &str, wanted: &Json, outcome: &Outcome) -> Option<String> {
    match name {
        "destinations" => destinations(wanted, outcome),
        "alert_context" => context(wanted, outcome),
        "exception" => exception(wanted, outcome),
        _ => {
            let given = text_of(name, outcome)?;
            let same = match (wanted, given) {
                (Json::Null, None) => true,
                (Json::String(wanted), Some(Ok(given))) if name == "severity" => {
                    wanted.eq_ignore_ascii_case(given)
                }
                (Json::String(wanted), Some(Ok(given))) => **wanted == **given,
                _ => false,
            };
            let got = match given {
                None => "nothing".to_owned(),
                Some(Ok(given)) => Json::from(&**given).to_string(),
                Some(Err(exception)) => exception.text.clone(),
            };
            (!same).then(|| differs(name, wanted, &got))
        }
    }
}

fn differs(name: &str, wanted: &Json, got: &str) -> String {
    let wanted = match wanted {
        Json::Null => "nothing".to_owned(),
        other => other.to_string(),
    };
    format!("{name}: expected {wanted}, got {got}")
}

type Output<'a> = Option<&'a Result<Arc<str>, Exception>>;

/// The text output of a name; none where there is no such output.
fn text_of<'a>(name: &str, outcome: &'a Outcome) -> Option<Output<'a>> {
    let output = match name {
        "title" => &outcome.title,
        "description" => &outcome.description,
        "reference" => &outcome.reference,
        "severity" => &outcome.severity,
        "runbook" => &outcome.runbook,
        "dedup" => &outcome.dedup,
        "unique" => &outcome.unique,
        _ => return None,
    };
    Some(output.as_ref())
}

fn destinations(wanted: &Json, outcome: &Outcome) -> Option<String> {
    let got = match &outcome.destinations {
        None => Json::Null,
        Some(Ok(names)) => Json::from(names.clone()),
        Some(Err(exception)) => return Some(differs("destinations", wanted, &exception.text)),
    };
    let sorted = |list: &Json| {
        let names = list.as_array().into_iter().flatten();
        let mut names: Vec<String> = names.map(Json::to_string).collect();
        if names.is_empty() {
            names.push("\"SKIP\"".to_owned());
        }
        names.sort_unstable();
        names
    };
    let same = match (wanted, &got) {
        (Json::Null, Json::Null) => true,
        (Json::Array(_), Json::Array(_)) => sorted(wanted) == sorted(&got),
        _ => false,
    };
    (!same).then(|| differs("destinations", wanted, &got.to_string()))
}

fn context(wanted: &Json, outcome: &Outcome) -> Option<String> {
    let text = match &outcome.alert_context {
        None if wanted.is_null() => return None,
        None => return Some(differs("alert_context", wanted, "nothing")),
        Some(Err(exception)) => return Some(differs("alert_context", wanted, &exception.text)),
        Some(Ok(text)) => text,
    };
    let Ok(given) = serde_json::from_str::<Json>(text) else {
        return Some(differs("alert_context", wanted, text));
    };
    if wanted.is_null() {
        return Some(differs("alert_context", wanted, text));
    }
    first_difference("alert_context", wanted, &given, 0)
}

/// How deep two values are compared. A deeper value counts as different.
const DEEPEST: usize = 100;

/// The first place where a value is not as wanted: a mapping names the keys it asserts, a list is the whole list.
fn first_difference(path: &str, wanted: &Json, given: &Json, depth: usize) -> Option<String> {
    let here = || Some(differs(path, wanted, &given.to_string()));
    match (wanted, given) {
        _ if depth > DEEPEST => here(),
        (Json::Object(wanted), Json::Object(given)) => wanted.iter().find_map(|(name, wanted)| {
            let path = format!("{path}.{name}");
            match given.get(name) {
                Some(given) => first_difference(&path, wanted, given, depth + 1),
                None => Some(format!(
                    "{path}: expected {wanted}, and there is no such key"
                )),
            }
        }),
        (Json::Array(wanted), Json::Array(given)) if wanted.len() == given.len() => wanted
            .iter()
            .zip(given)
            .enumerate()
            .find_map(|(i, (w, g))| first_difference(&format!("{path}[{i}]"), w, g, depth + 1)),
        (Json::Number(a), Json::Number(b)) => {
            // 1 and 1.0 are equal in Python.
            let same = a == b || a.as_f64().is_some_and(|a| Some(a) == b.as_f64());
            if same { None } else { here() }
        }
        (wanted, given) if wanted == given => None,
        _ => here(),
    }
}

/// Every exception that any function raised.
fn raised(outcome: &Outcome) -> Vec<&str> {
    let texts = [
        &outcome.title,
        &outcome.description,
        &outcome.reference,
        &outcome.severity,
        &outcome.runbook,
        &outcome.dedup,
        &outcome.alert_context,
        &outcome.unique,
    ];
    let decision = outcome.matched.as_ref().and_then(|r| r.as_ref().err());
    let destinations = outcome.destinations.as_ref().and_then(|r| r.as_ref().err());
    decision
        .into_iter()
        .chain(destinations)
        .chain(texts.into_iter().flatten().filter_map(|r| r.as_ref().err()))
        .map(|exception| exception.text.as_str())
        .collect()
}

fn exception(wanted: &Json, outcome: &Outcome) -> Option<String> {
    let raised = raised(outcome);
    let same = match wanted {
        Json::String(part) => raised.iter().any(|text| text.contains(part.as_str())),
        _ => raised.is_empty(),
    };
    let got = match raised.is_empty() {
        true => "none".to_owned(),
        false => raised.join(", "),
    };
    (!same).then(|| differs("exception", wanted, &got))
}
