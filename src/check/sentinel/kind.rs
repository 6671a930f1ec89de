//! What an NRT rule does not read.
//!
//! Example: `queryFrequency` in a rule of `kind: NRT`, which runs every minute whatever the field says.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::Severity;
use crate::sentinel::Kind;

pub(super) const CHECK: SentinelCheck = Check {
    name: "kind",
    codes: &[Code {
        id: "sentinel-kind",
        about: "A field that rules of this kind do not read",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    if subject.rule.kind != Kind::Nrt {
        return;
    }
    for key in [
        "queryFrequency",
        "queryPeriod",
        "triggerOperator",
        "triggerThreshold",
    ] {
        let at = at![key];
        if subject.value(&at).is_some() {
            let message = format!(
                "`{key}` is not read in an NRT rule: it runs every minute over the last one"
            );
            let found = subject.remark(Severity::Information, "sentinel-kind", &at, message);
            report.tell_for(
                Target::Service,
                found.with_hint("Remove it, or make the rule Scheduled"),
            );
        }
    }
}
