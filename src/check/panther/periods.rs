//! How many matches make an alert, and how long alerts are kept together.

use super::{PantherCheck, Subject};
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::yaml::Step;
use serde_yaml::Value as Yaml;

/// `Threshold` and `DedupPeriodMinutes` that cannot be meant.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-periods",
    codes: &[
        Code {
            id: "panther-threshold",
            about: "A threshold is one match or more",
        },
        Code {
            id: "panther-dedup-period-long",
            about: "The deduplication period is longer than a day",
        },
    ],
    run: check,
};

/// Minutes of a day.
const DAY: i64 = 24 * 60;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let document = &subject.panther.document;
    let number = |name: &str| document.value().get(name).and_then(Yaml::as_i64);
    let span = |name: &str| document.span(&[Step::from(name)]);
    if let Some(threshold) = number("Threshold").filter(|n| *n < 1) {
        let at = span("Threshold");
        let message = format!("a threshold of {threshold} matches is none");
        let mut found = Diagnostic::new(Severity::Warning, "panther-threshold", at, message)
            .with_hint("1 makes an alert of every match");
        if let Some(at) = at {
            found = found.with_fix(Fix::replace("Write 1", at, "1"));
        }
        report.tell(found);
    }
    if let Some(minutes) = number("DedupPeriodMinutes").filter(|n| *n > DAY) {
        let at = span("DedupPeriodMinutes");
        let days = minutes as f64 / DAY as f64;
        let message = format!("a deduplication period of {minutes} minutes is {days:.1} days");
        let found = Diagnostic::new(Severity::Hint, "panther-dedup-period-long", at, message)
            .with_hint(
                "The period is in minutes, and matches of its whole length go into one alert",
            );
        report.tell(found);
    }
}
