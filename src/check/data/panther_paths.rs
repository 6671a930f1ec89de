//! Paths of events that a body reads and that no loaded event has.

use super::query::number;
use super::{DataCheck, Subject, events, told};
use crate::check::panther::{Modules, Python, paths, with_tree};
use crate::check::{Check, Code, Report};
use crate::diagnostic::Span;
use crate::kql::bind::suggest::nearest;
use crate::logs::{PantherView, PathValue};
use crate::panther::Matcher;
use std::collections::HashSet;

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

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some((rule, Some(body))) = events::rule(subject) else {
        return;
    };
    let Some(path) = subject.rule.companion.as_deref() else {
        return;
    };
    if !matches!(rule.matcher, Matcher::Python) {
        return;
    }
    let views = events::views(subject, rule);
    if views.is_empty() {
        return;
    }
    // What comes behind a value that never occurs is not there either.
    let absent = |code: &str| code == "data-value-absent";
    if report.findings().iter().any(|f| absent(&f.diagnostic.code)) {
        return;
    }
    let library = rule.repository.library();
    let uses = with_tree(body, |tree| {
        let modules = Modules::new(library);
        paths(&Python::new(path, body, tree, &modules))
    });
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    let mut sample = None;
    for read in uses.into_iter().flatten().take(PATHS) {
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
        if held == 0 || key.starts_with("p_") || !seen.insert(missing.to_vec()) {
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

/// How many events have something at a path; none where nobody can tell.
fn count(views: &[PantherView<'_>], keys: Option<&[String]>) -> Option<usize> {
    let keys = keys?;
    let mut all = 0;
    for view in views {
        // So many different values: it is there.
        let Some(codes) = view.path_codes(keys) else {
            return None;
        };
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
