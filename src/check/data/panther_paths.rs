//! Paths of events that a body reads and that no loaded event has.

use super::query::number;
use super::{DataCheck, Subject, events, told};
use crate::check::panther::{Modules, PathUse, Python, paths, with_tree};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Span, nearest};
use crate::logs::{PantherView, PathValue};
use crate::panther::Matcher;
use crate::python::Library;
use crate::yaml::{Document, Step};
use serde_yaml::Value as Yaml;
use std::collections::HashSet;
use std::path::Path;

/// A key that is never there, though what should hold it is.
pub(super) const CHECK: DataCheck = Check {
    name: "data-event-paths",
    codes: &[Code {
        id: "data-event-path-unseen",
        about: "The body reads a path that no loaded event has, though what should hold it is there",
    }],
    run: check,
};

/// Paths of one body that are asked about.
const PATHS: usize = 100;
/// A detection nests no deeper.
const DEEPEST: usize = 40;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some((rule, body)) = events::rule(subject) else {
        return;
    };
    let views = events::views(subject, rule);
    if views.is_empty() {
        return;
    }
    // What comes behind a value that never occurs is not there either.
    let absent = |code: &str| code == "data-value-absent";
    if report.findings().iter().any(|f| absent(&f.diagnostic.code)) {
        return;
    }
    let (path, reads) = match (&rule.matcher, &subject.rule.companion, body) {
        (Matcher::Python, Some(path), Some(body)) => {
            (path, of_body(rule.repository.library(), path, body))
        }
        (Matcher::Simple(_), ..) => (&subject.rule.path, of_document(&rule.document)),
        _ => return,
    };
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    let mut sample = None;
    for read in reads.into_iter().take(PATHS) {
        if subject.context.cancel.is_cancelled() {
            return;
        }
        // The first key that no event has, where what should hold it is there.
        let keys = read.names();
        let Some(at) = (0..keys.len()).find(|at| count(&views, keys.get(..=*at)) == Some(0)) else {
            continue;
        };
        let held = match at {
            0 => views.iter().map(PantherView::len).sum(),
            _ => count(&views, keys.get(..at)).unwrap_or(0),
        };
        let (Some(missing), Some((key, span))) = (keys.get(..=at), read.keys.get(at)) else {
            continue;
        };
        // Panther adds these where there is something to put in.
        // One that is just being typed says nothing yet.
        if held == 0 || key.is_empty() || key.starts_with("p_") || !seen.insert(missing.to_vec()) {
            continue;
        }
        let sample = sample.get_or_insert_with(|| events::some(&views));
        let there = events::keys(sample, keys.get(..at).unwrap_or_default());
        if there.is_empty() {
            continue;
        }
        let above = keys.get(..at).unwrap_or_default().join(".");
        let message = match above.is_empty() {
            true => format!("no loaded event has `{key}`, of {}", number(held)),
            false => format!(
                "no loaded event has `{above}.{key}`, of {} with `{above}`",
                number(held)
            ),
        };
        let hint = match nearest(key, there.keys().map(String::as_str)) {
            Some(near) => format!("The nearest key that is there is `{near}`"),
            None => {
                let mut most: Vec<(&String, &usize)> = there.iter().collect();
                most.sort_by_key(|(key, count)| (std::cmp::Reverse(**count), *key));
                let some: Vec<String> =
                    most.iter().take(8).map(|(k, _)| format!("`{k}`")).collect();
                format!("There is {}", some.join(", "))
            }
        };
        let mut found = told("data-event-path-unseen", message).with_hint(hint);
        found.span = Some(Span::new(span.start, span.end));
        events::tell(report, path, found);
    }
}

fn of_body(library: &Library, path: &Path, body: &str) -> Vec<PathUse> {
    let uses = with_tree(body, |tree| {
        let modules = Modules::new(library);
        paths(&Python::new(path, body, tree, &modules))
    });
    uses.unwrap_or_default()
}

/// The `KeyPath`s of a simple detection. One with brackets goes through lists, and is left alone.
fn of_document(document: &Document) -> Vec<PathUse> {
    fn collect(at: &Yaml, path: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
        match at {
            Yaml::Mapping(entries) if path.len() < DEEPEST => {
                for (key, value) in entries {
                    let Some(key) = key.as_str() else { continue };
                    path.push(Step::from(key));
                    match value {
                        Yaml::String(_) if key == "KeyPath" => found.push(path.clone()),
                        _ => collect(value, path, found),
                    }
                    path.pop();
                }
            }
            Yaml::Sequence(items) if path.len() < DEEPEST => {
                for (index, item) in items.iter().enumerate() {
                    path.push(Step::from(index));
                    collect(item, path, found);
                    path.pop();
                }
            }
            _ => {}
        }
    }
    let Some(detection) = document.value().get("Detection") else {
        return Vec::new();
    };
    let (mut path, mut found) = (vec![Step::from("Detection")], Vec::new());
    collect(detection, &mut path, &mut found);
    let read = |path: &Vec<Step>| {
        let text = document.get(path)?.as_str()?;
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if text.is_empty() || !text.chars().all(plain) {
            return None;
        }
        let mut keys = Vec::new();
        let mut start = 0;
        for key in text.split('.') {
            let span = match (
                document.offset_in_text(path, start),
                document.offset_in_text(path, start + key.len()),
            ) {
                (Some(start), Some(end)) if start <= end => Span::new(start, end),
                _ => document.span(path)?,
            };
            keys.push((key.to_owned(), span));
            start += key.len() + 1;
        }
        Some(PathUse { keys })
    };
    found.iter().filter_map(read).collect()
}

/// How many events have something at a path; none where nobody can tell.
fn count(views: &[PantherView<'_>], keys: Option<&[String]>) -> Option<usize> {
    let keys = keys?;
    let mut all = 0;
    for view in views {
        // None where there are so many different values: it is there.
        let codes = view.path_codes(keys)?;
        let answers: Vec<usize> = codes
            .values()
            .iter()
            .map(|value| match value {
                PathValue::Missing(_) | PathValue::Blocked(..) => 0,
                _ => 1,
            })
            .collect();
        if answers.iter().all(|answer| *answer == 0) {
            continue;
        }
        all += codes.spread(0..view.len(), &answers)?.iter().sum::<usize>();
    }
    Some(all)
}
