//! The loaded events of a rule's log types.

use super::Subject;
use crate::detect::Body;
use crate::diagnostic::Diagnostic;
use crate::event::{EventJson, find};
use crate::logs::PantherView;
use crate::panther::Rule;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Events that are read for their keys, spread over all.
const READ: usize = 2_000;

/// The rule of a subject, where it is Panther's and asks about the events of log types.
pub(super) fn rule<'s>(subject: &'s Subject<'_>) -> Option<(&'s Rule, Option<&'s str>)> {
    match &subject.rule.body {
        Body::Panther(rule, body) if !rule.log_types.is_empty() => Some((rule, body.as_deref())),
        _ => None,
    }
}

/// The events of the rule's log types that are loaded.
pub(super) fn views<'s>(subject: &'s Subject<'_>, rule: &Rule) -> Vec<PantherView<'s>> {
    let views = rule
        .log_types
        .iter()
        .map(|t| subject.dataset.panther_events(t));
    views.filter(|view| !view.is_empty()).collect()
}

/// Some of the events, spread over all of them.
pub(super) fn some(views: &[PantherView<'_>]) -> Vec<Arc<EventJson>> {
    let all: usize = views.iter().map(PantherView::len).sum();
    let step = all.div_ceil(READ).max(1);
    let events = views.iter().flat_map(|view| {
        (0..view.len())
            .step_by(step)
            .filter_map(|at| view.event(at).ok())
    });
    events.collect()
}

/// The keys that events have at a path, with how many of them.
pub(super) fn keys(events: &[Arc<EventJson>], path: &[String]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for event in events {
        let mut at = event.json();
        let mut there = true;
        for key in path {
            match at.as_object().and_then(|object| find(object, key)) {
                Some(next) => at = next,
                None => {
                    there = false;
                    break;
                }
            }
        }
        if let Some(object) = at.as_object().filter(|_| there) {
            for key in object.keys() {
                *found.entry(key.clone()).or_default() += 1;
            }
        }
    }
    found
}

/// Tells a hint in a file; one at a place.
pub(super) fn tell(report: &mut crate::check::Report, path: &Path, found: Diagnostic) {
    let taken = report.findings().iter().any(|other| {
        other.path == path
            && other.diagnostic.span == found.span
            && other.diagnostic.code.starts_with("data-")
    });
    if !taken {
        report.tell_in(path, None, found);
    }
}
