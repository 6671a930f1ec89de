//! The `Expected` block of a case: what the outputs have to be besides the match. It is ours: Panther does not know
//! it, and an export leaves it out.

use super::super::value::{json, key_text, kind};
use super::check::{Checker, key};
use crate::yaml::Step;
use serde_json::Value as Json;
use serde_yaml::Value as Yaml;

/// The outputs that are texts.
const TEXTS: [&str; 8] = [
    "title",
    "description",
    "reference",
    "severity",
    "runbook",
    "dedup",
    "unique",
    "exception",
];

/// What a case expects of the outputs: `title`, `description`, `reference`, `severity`, `runbook`, `dedup`,
/// `unique` (texts, or null for none), `destinations` (a list in any order), `alert_context` (a mapping asserts the
/// keys it names, at every depth; a list is the whole list) and `exception` (a part of one that was raised, or null
/// for none).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected(Vec<(String, Json)>);

impl Expected {
    /// The outputs that are asserted, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether nothing is asserted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a value is what an output of that name can be.
fn fits(name: &str, value: &Yaml) -> Result<(), &'static str> {
    let texts = |value: &Yaml| {
        let items = value.as_sequence();
        items.is_some_and(|items| items.iter().all(Yaml::is_string))
    };
    let (fits, wanted) = match name {
        _ if TEXTS.contains(&name) => (value.is_string(), "text"),
        "destinations" => (texts(value), "a list of texts"),
        "alert_context" => (value.is_mapping(), "a mapping"),
        _ => return Err(""),
    };
    if fits || value.is_null() {
        Ok(())
    } else {
        Err(wanted)
    }
}

/// Checks the block of a case.
pub(super) fn check(checker: &mut Checker<'_>, case: &Yaml, path: &[Step]) {
    let Some(expected) = case.get("Expected") else {
        return;
    };
    let mut at = path.to_vec();
    at.push(key("Expected"));
    let Some(entries) = expected.as_mapping() else {
        let message = format!(
            "Expected has to be a mapping of outputs, not {}",
            kind(expected)
        );
        checker.error("panther-case-expected", &at, message);
        return;
    };
    for (name, value) in entries {
        let name = key_text(name);
        let mut at = at.clone();
        at.push(key(&name));
        match fits(&name, value) {
            Ok(()) => {}
            Err("") => {
                let close = TEXTS
                    .into_iter()
                    .chain(["destinations", "alert_context"])
                    .find(|known| known.eq_ignore_ascii_case(&name));
                let hint = match close {
                    Some(known) => format!("write {known}"),
                    None => format!("use {}, destinations or alert_context", TEXTS.join(", ")),
                };
                let message = format!("`{name}` is no output of a detection");
                let found = checker.error("panther-case-expected", &at, message);
                found.hint = Some(hint);
            }
            Err(wanted) => {
                let message = format!("{name} has to be {wanted} or null, not {}", kind(value));
                checker.error("panther-case-expected", &at, message);
            }
        }
    }
}

/// The block of a case.
///
/// # Errors
/// What is wrong with it, first: a case whose block cannot be read fails.
pub(super) fn read(case: &Yaml) -> Result<Expected, String> {
    let Some(expected) = case.get("Expected") else {
        return Ok(Expected::default());
    };
    let Some(entries) = expected.as_mapping() else {
        return Err(format!(
            "it has to be a mapping of outputs, not {}",
            kind(expected)
        ));
    };
    let read = entries.iter().map(|(name, value)| {
        let name = key_text(name);
        match fits(&name, value) {
            Ok(()) => Ok((name, json(value))),
            Err("") => Err(format!("`{name}` is no output of a detection")),
            Err(wanted) => Err(format!(
                "{name} has to be {wanted} or null, not {}",
                kind(value)
            )),
        }
    });
    read.collect::<Result<_, String>>().map(Expected)
}
