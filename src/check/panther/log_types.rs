//! Log types that nobody knows.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Fix, Severity, nearest};
use crate::yaml::Step;
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A log type is one of Panther's, or begins with `Custom.`.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-log-types",
    codes: &[Code {
        id: "panther-log-type",
        about: "A log type is not known, and one with nearly the same name is",
    }],
    run: check,
};

/// The log types that Panther's public rules, data models and lookup tables name.
const KNOWN: &str = include_str!("../../../assets/reference/panther-log-types.txt");

fn check(subject: &Subject<'_>, report: &mut Report) {
    let document = &subject.panther.document;
    let repository = &subject.panther.repository;
    for (index, log_type) in subject.panther.log_types.iter().enumerate() {
        if log_type.starts_with("Custom.")
            || known().contains(log_type.as_str())
            || repository.model(log_type).is_some()
        {
            continue;
        }
        // Panther has more than are known here: only one that is nearly the same is worth a word.
        let Some(near) = nearest(log_type, known().iter().copied()).filter(|near| near != log_type)
        else {
            continue;
        };
        let Some(span) = document.span(&[Step::from("LogTypes"), Step::from(index)]) else {
            continue;
        };
        let message = format!("the log type `{log_type}` is not known here");
        report.tell(
            Diagnostic::new(Severity::Hint, "panther-log-type", Some(span), message)
                .with_hint(format!("Did you mean `{near}`?"))
                .with_fix(Fix::replace(format!("Write {near}"), span, near)),
        );
    }
}

fn known() -> &'static BTreeSet<&'static str> {
    static NAMES: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let lines = KNOWN.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .collect()
    })
}
