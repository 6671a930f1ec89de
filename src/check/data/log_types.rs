//! Log types of which no event is loaded.

use super::{DataCheck, Subject, events, told};
use crate::check::{Check, Code, Report};
use crate::yaml::Step;

/// A rule that the loaded logs cannot try.
pub(super) const CHECK: DataCheck = Check {
    name: "data-log-types",
    codes: &[Code {
        id: "data-log-type-absent",
        about: "No event of a log type of the rule is loaded",
    }],
    run: check,
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some((rule, _)) = events::rule(subject) else {
        return;
    };
    let loaded = subject.dataset.log_types();
    if loaded.is_empty() {
        return;
    }
    // One of several is enough to try it.
    if rule
        .log_types
        .iter()
        .any(|log_type| loaded.contains(log_type))
    {
        return;
    }
    let span = rule.document.span(&[Step::from("LogTypes"), Step::from(0)]);
    let [first, ..] = rule.log_types.as_slice() else {
        return;
    };
    let message = match rule.log_types.as_slice() {
        [_] => format!("no loaded event has the log type `{first}`"),
        more => format!("no loaded event has one of the {} log types", more.len()),
    };
    let mut names: Vec<String> = loaded
        .iter()
        .take(8)
        .map(|name| format!("`{name}`"))
        .collect();
    if loaded.len() > names.len() {
        names.push(format!("{} more", loaded.len() - names.len()));
    }
    let mut found = told("data-log-type-absent", message)
        .with_hint(format!("There are events of {}", names.join(", ")));
    found.span = span;
    events::tell(report, &subject.rule.path, found);
}
