//! A body that is no Python.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Span};
use crate::python;

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
        for (range, message) in errors.into_iter().take(MOST) {
            let span = Span::new(range.start.min(text.len()), range.end.min(text.len()));
            report.tell_in(path, None, Diagnostic::error("python-syntax", span, message));
        }
    }
}
