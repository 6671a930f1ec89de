//! The checks of Panther's documents: what `pat` would refuse, and what its author would want to know.

use super::{Check, Context, Report, Source};
use crate::detect::{self, Texts};
use crate::panther;

/// A detection that is checked.
pub struct Subject<'a> {
    /// The rule with its texts; what its reader found is in its `diagnostics` and is told already.
    pub rule: &'a detect::Rule,
    /// What its document says; its repository is in it.
    pub panther: &'a panther::Rule,
    /// The Python body.
    pub body: Option<&'a str>,
    /// The texts of the files around it.
    pub texts: &'a dyn Texts,
    /// What is known beside it.
    pub context: &'a Context<'a>,
}

/// Such a check.
pub type PantherCheck = Check<fn(&Subject<'_>, &mut Report)>;

/// All checks of Panther's detections.
pub const CHECKS: &[PantherCheck] = &[];

/// Tells what is wrong with a detection.
pub(super) fn check(subject: &Subject<'_>, report: &mut Report) {
    for (path, found) in &subject.rule.diagnostics {
        report.tell_in(path, None, found.clone());
    }
    for check in CHECKS {
        if subject.context.cancel.is_cancelled() {
            return;
        }
        (check.run)(subject, report);
    }
}

/// Tells what is wrong with a document that is no detection: a global, a data model, a pack …
pub(super) fn check_document(source: &Source<'_>, _: &Context<'_>, report: &mut Report) {
    for found in panther::documents::read(source.text).1 {
        report.tell(found);
    }
}
