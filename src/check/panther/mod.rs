//! The checks of Panther's documents: what `pat` would refuse, and what its author would want to know.
//!
//! An error is what Panther's tool refuses; what it takes and what goes wrong later is a warning, the rest are hints.
//! `document` tells what the document's reader found, `python` reads bodies, each other file is a check.

mod document;
mod event_paths;
mod functions;
mod log_types;
mod mitre;
mod mocks;
mod names;
mod periods;
mod prose;
mod python;
mod returns;
mod scheduled;
mod syntax;
mod tests;
mod texts;

use super::{Check, Context, Report, Source};
use crate::detect::{self, Texts};
use crate::panther::{self, Matcher, Repository};
pub(super) use event_paths::same;
pub(super) use python::{Modules, PathUse, Python, paths, with_tree};
use std::path::Path;

/// A detection that is checked.
pub struct Subject<'a> {
    /// The rule with its texts; what its reader found is in its `diagnostics` and is told already.
    pub rule: &'a detect::Rule,
    /// What its document says; its repository is in it.
    pub panther: &'a panther::Rule,
    /// The Python body.
    pub body: Option<&'a str>,
    /// The same, read; none where it is no Python, and where it is the body of another rule.
    pub python: Option<&'a Python<'a>>,
    /// The texts of the files around it.
    pub texts: &'a dyn Texts,
    /// What is known beside it.
    pub context: &'a Context<'a>,
}

impl Subject<'_> {
    /// The body that is the rule's own, and where it lies.
    fn own_body(&self) -> Option<(&Path, &str)> {
        let own = matches!(self.panther.matcher, Matcher::Python);
        let path = self.rule.companion.as_deref().filter(|_| own)?;
        Some((path, self.body?))
    }
}

/// Such a check.
pub type PantherCheck = Check<fn(&Subject<'_>, &mut Report)>;

/// All checks of Panther's detections.
pub const CHECKS: &[PantherCheck] = &[
    document::CHECK,
    syntax::CHECK,
    functions::CHECK,
    names::CHECK,
    returns::CHECK,
    periods::CHECK,
    prose::CHECK,
    scheduled::CHECK,
    tests::CHECK,
    mocks::CHECK,
    event_paths::CHECK,
    log_types::CHECK,
    mitre::CHECK,
    texts::CHECK,
];

/// Tells what is wrong with a detection.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    let Some((path, text)) = subject.own_body() else {
        return all(subject, report);
    };
    let library = subject.panther.repository.library();
    let found = python::with_tree(text, |tree| {
        let modules = Modules::new(library);
        let python = Python::new(path, text, tree, &modules);
        let subject = Subject {
            python: Some(&python),
            ..*subject
        };
        all(&subject, report);
    });
    if found.is_none() {
        all(subject, report);
    }
}

fn all(subject: &Subject<'_>, report: &mut Report) {
    for check in CHECKS {
        if subject.context.cancel.is_cancelled() {
            return;
        }
        (check.run)(subject, report);
    }
}

/// Tells what is wrong with a document that is no detection: a global, a data model, a pack …
pub(super) fn check_document(source: &Source<'_>, _: &Context<'_>, report: &mut Report) {
    let texts = super::With(source);
    match detect::open_other(source.path, &texts) {
        Some((other, repository)) => check_other(&other, &repository, report),
        None => {
            for found in panther::documents::read(source.text).1 {
                report.tell(found);
            }
        }
    }
}

/// The same for one that was opened.
pub(super) fn check_other(other: &detect::Other, repository: &Repository, report: &mut Report) {
    for found in &other.diagnostics {
        report.tell(found.clone());
    }
    let Some((path, text)) = &other.body else {
        return;
    };
    if let Err(errors) = crate::python::check(text) {
        syntax::tell(path, text, errors, report);
        return;
    }
    let library = repository.library();
    python::with_tree(text, |tree| {
        let modules = Modules::new(library);
        let python = Python::new(path, text, tree, &modules);
        syntax::misplaced(&python, report);
        names::body(&python, report);
    });
}
