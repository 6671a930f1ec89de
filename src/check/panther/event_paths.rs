//! Paths that the body reads and that no test's event has, though nearly the same one is there.

use super::python::{PathUse, paths};
use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Fix, Severity, nearest};
use crate::event::find;
use serde_json::Value as Json;

/// A key that is misspelt. Many keys are rightly absent from all tests: those are no word worth.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-event-paths",
    codes: &[Code {
        id: "panther-event-path",
        about: "The body reads a path that no test's event has, and nearly the same path is there",
    }],
    run: check,
};

/// Shorter keys are near to too many others.
const SHORTEST: usize = 4;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some(python) = subject.python else {
        return;
    };
    let events: Vec<&Json> = subject
        .panther
        .cases
        .iter()
        .map(|case| case.log.json())
        .collect();
    if events.is_empty() {
        return;
    }
    let uses = paths(python);
    for path in &uses {
        let Some((at, near)) = misspelt(path, &events) else {
            continue;
        };
        let Some((key, span)) = path.keys.get(at) else {
            continue;
        };
        // Who reads both knows both.
        let known = uses.iter().any(|other| {
            other.keys.get(at).is_some_and(|(key, _)| *key == near)
                && other
                    .keys
                    .iter()
                    .zip(&path.keys)
                    .take(at)
                    .all(|(a, b)| a.0 == b.0)
        });
        if known {
            continue;
        }
        let above: Vec<&str> = path
            .keys
            .iter()
            .take(at)
            .map(|(key, _)| key.as_str())
            .collect();
        let above = match above.is_empty() {
            true => String::new(),
            false => format!("{}.", above.join(".")),
        };
        let message = format!("no test's event has `{above}{key}`; `{above}{near}` is there");
        let mut found = Diagnostic::new(Severity::Hint, "panther-event-path", Some(*span), message)
            .with_hint("If the key is right, an event of a test should have it");
        if let Some(quote @ ("\"" | "'")) = python.text.get(span.start..span.start + 1) {
            let text = format!("{quote}{near}{quote}");
            found = found.with_fix(Fix::replace(format!("Write {near}"), *span, text));
        }
        report.tell_in(python.path, None, found);
    }
}

/// Whether two keys are likely the same one: but for how words are joined, or for a letter.
pub(in crate::check) fn same(a: &str, b: &str) -> bool {
    let bare = |text: &str| -> Vec<char> {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let (a, b) = (bare(a), bare(b));
    if a == b {
        return true;
    }
    let most = if a.len() >= 10 { 2 } else { 1 };
    let (short, long) = if a.len() <= b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    if long.len() - short.len() > most {
        return false;
    }
    let before = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let rest = |text: &[char]| text.len() - before;
    let after = short
        .iter()
        .rev()
        .zip(long.iter().rev())
        .take(rest(short))
        .take_while(|(x, y)| x == y)
        .count();
    // What is between the same beginning and the same end: a letter, or two that are exchanged.
    let between = long.len() - before - after;
    let exchanged = || {
        let pair = |text: &[char]| Some((*text.get(before)?, *text.get(before + 1)?));
        between == 2
            && short.len() == long.len()
            && pair(short) == pair(long).map(|(first, second)| (second, first))
    };
    between <= most || exchanged()
}

/// The first key that no event has where they have others, and the one that was meant.
fn misspelt(path: &PathUse, events: &[&Json]) -> Option<(usize, String)> {
    let mut here: Vec<&Json> = events.to_vec();
    for (at, (key, _)) in path.keys.iter().enumerate() {
        let objects: Vec<_> = here.iter().filter_map(|json| json.as_object()).collect();
        let next: Vec<&Json> = objects.iter().filter_map(|o| find(o, key)).collect();
        if !next.is_empty() {
            here = next;
            continue;
        }
        // Fields that Panther adds are seldom in tests.
        if key.len() < SHORTEST || key.starts_with("p_") {
            return None;
        }
        let known = objects.iter().flat_map(|o| o.keys()).map(String::as_str);
        return nearest(key, known)
            .filter(|near| same(key, near))
            .map(|near| (at, near));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn keys_are_the_same_but_for_a_letter() {
        assert!(same("threat_suspected", "threatSuspected"));
        assert!(same("emial", "email"));
        assert!(same("principal_idd", "principal_id"));
        assert!(same("userAgnet", "userAgent"));
        assert!(!same("eventRegion", "eventVersion"));
        assert!(!same("authenticationInfo", "authorizationInfo"));
        assert!(!same("type", "time_"));
    }
}
