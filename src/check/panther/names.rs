//! Names that nothing defines, and imports of what is not there.

use super::python::{Import, Python, Status, Uses, builtin_names};
use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Fix, Severity, Span, nearest};

/// A helper that is misspelt, a module that no global of the repository offers.
pub(super) const CHECK: PantherCheck = Check {
    name: "python-names",
    codes: &[
        Code {
            id: "python-name",
            about: "A name is used that nothing defines",
        },
        Code {
            id: "python-import",
            about: "A module is imported that is not there, or a name that it does not have",
        },
    ],
    run: check,
};

fn check(subject: &Subject<'_>, report: &mut Report) {
    if let Some(python) = subject.python {
        body(python, report);
    }
}

/// The same for a body of any document.
pub(super) fn body(python: &Python<'_>, report: &mut Report) {
    let uses = Uses::of(python);
    let stars = python.bound.stars().iter();
    let starred: Vec<String> = stars
        .filter_map(|star| match python.modules.status(star) {
            Status::There(names) => names,
            _ => None,
        })
        .flatten()
        .collect();
    for load in &uses.undefined {
        let message = format!("`{}` is not defined", load.name);
        let mut known: Vec<&str> = python.bound.names().collect();
        known.extend(starred.iter().map(String::as_str));
        for name in builtin_names() {
            known.push(name);
        }
        let near = nearest(&load.name, known.into_iter());
        let found = told("python-name", load.surely, load.span, message);
        report.tell_in(python.path, None, with_near(found, near, load.span));
    }
    // One import that takes several names of a module that is not there is one problem.
    let mut told_modules: Vec<Span> = Vec::new();
    for import in &uses.imports {
        let status = python.modules.status(&import.module);
        let Some(why) = import.fails(&status) else {
            continue;
        };
        // A module within the module: there once somebody imports it.
        if let Some((name, _)) = &import.name {
            let inner = format!("{}.{name}", import.module);
            if matches!(python.modules.status(&inner), Status::There(_)) {
                continue;
            }
        }
        let (span, near) = place(import, &status);
        if told_modules.contains(&span) {
            continue;
        }
        told_modules.push(span);
        let mut found = told("python-import", import.surely, span, why);
        if matches!(status, Status::Missing(_)) && !import.module.contains('.') {
            found = found.with_hint(
                "A helper is found by the GlobalID of its document, in the same repository",
            );
        }
        report.tell_in(python.path, None, with_near(found, near, span));
    }
}

/// Where a failing import is told, and what was meant.
fn place(import: &Import, status: &Status) -> (Span, Option<String>) {
    match (status, &import.name) {
        (Status::There(Some(names)), Some((name, span))) => {
            (*span, nearest(name, names.iter().map(String::as_str)))
        }
        (Status::Missing(near), _) => (import.span, near.clone()),
        _ => (import.span, None),
    }
}

/// Panther refuses a body that fails when it is imported; a function fails when it is called.
fn told(code: &str, surely: bool, span: Span, message: String) -> Diagnostic {
    let severity = if surely {
        Severity::Error
    } else {
        Severity::Warning
    };
    Diagnostic::new(severity, code, Some(span), message)
}

fn with_near(mut found: Diagnostic, near: Option<String>, span: Span) -> Diagnostic {
    let Some(near) = near else { return found };
    if found.hint.is_none() {
        found.hint = Some(format!("Did you mean `{near}`?"));
    }
    found.with_fix(Fix::replace(format!("Write {near}"), span, near))
}
