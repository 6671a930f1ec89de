//! Mocks of names that the body does not have: the test fails before it begins.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Fix, nearest};
use crate::yaml::Step;
use serde_yaml::Value as Yaml;

/// A mock takes the place of a name of the body's own top level.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-mocks",
    codes: &[Code {
        id: "panther-mock-name",
        about: "A test mocks a name that the body does not have",
    }],
    run: check,
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some(python) = subject.python else {
        return;
    };
    let bound = &python.bound;
    if bound.is_tricky() || !bound.stars().is_empty() {
        return;
    }
    let document = &subject.panther.document;
    let cases = document.value().get("Tests").and_then(Yaml::as_sequence);
    for (index, case) in cases.into_iter().flatten().enumerate() {
        let mocks = case.get("Mocks").and_then(Yaml::as_sequence);
        for (at, mock) in mocks.into_iter().flatten().enumerate() {
            let Some(name) = mock.get("objectName").and_then(Yaml::as_str) else {
                continue;
            };
            // Every module has these.
            if bound.has(name) || mock.get("returnValue").is_none() || name.starts_with("__") {
                continue;
            }
            let path = [
                Step::from("Tests"),
                Step::from(index),
                Step::from("Mocks"),
                Step::from(at),
                Step::from("objectName"),
            ];
            let Some(span) = document.span(&path) else {
                continue;
            };
            let message = format!("the body has no `{name}` to mock");
            let mut found = Diagnostic::warning("panther-mock-name", span, message).with_hint(
                "A mock stands for a name of the body's top level: a function of its own, or one it imports",
            );
            if let Some(near) = nearest(name, bound.names()) {
                found = found.with_fix(Fix::replace(format!("Write {near}"), span, near));
            }
            report.tell(found);
        }
    }
}
