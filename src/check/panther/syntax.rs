//! A body that is no Python.

use super::python::Python;
use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Span};
use crate::python;
use std::ops::Range;
use std::path::Path;

/// Every error of the grammar, at its place.
pub(super) const CHECK: PantherCheck = Check {
    name: "python-syntax",
    codes: &[Code {
        id: "python-syntax",
        about: "The Python body has an error of syntax: Panther cannot load it",
    }],
    run: check,
};

/// Most errors that are told of one body: what follows the first ones follows from them.
const MOST: usize = 20;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some((path, text)) = subject.own_body() else {
        return;
    };
    if let Err(errors) = python::check(text) {
        tell(path, text, errors, report);
    }
    if let Some(python) = subject.python {
        misplaced(python, report);
    }
}

/// Tells what parses and cannot be compiled.
pub(super) fn misplaced(python: &Python<'_>, report: &mut Report) {
    for (span, message) in python.misplaced().into_iter().take(MOST) {
        report.tell_in(
            python.path,
            None,
            Diagnostic::error("python-syntax", span, message),
        );
    }
}

/// Tells the errors of a text.
pub(super) fn tell(
    path: &Path,
    text: &str,
    errors: Vec<(Range<usize>, String)>,
    report: &mut Report,
) {
    for (range, message) in errors.into_iter().take(MOST) {
        let span = Span::new(range.start.min(text.len()), range.end.min(text.len()));
        report.tell_in(
            path,
            None,
            Diagnostic::error("python-syntax", span, message),
        );
    }
}
