//! Suppression: how long a rule rests after an alert.
//!
//! Example: `suppressionEnabled: true` with a duration shorter than `queryFrequency`, which would suppress nothing and
//! which the service refuses; or without a duration.

use super::durations::spelt;
use super::subject::Mended;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::value::time::{DAY, HOUR, MINUTE};

pub(super) const CHECK: SentinelCheck = Check {
    name: "suppression",
    codes: &[Code {
        id: "sentinel-suppression",
        about: "The suppression of a rule does not fit its schedule",
    }],
    run,
};

const CODE: &str = "sentinel-suppression";

fn run(subject: &Subject<'_>, report: &mut Report) {
    let rule = subject.rule;
    if rule.suppression_enabled != Some(true) {
        return;
    }
    let at = at!["suppressionDuration"];
    let frequency = rule.query_frequency.unwrap_or(0);
    let (message, value) = match rule.suppression_duration {
        None if subject.value(&at).is_some() => return,
        None => (
            "`suppressionDuration` is missing; the service requires it where suppression is on"
                .to_owned(),
            frequency.clamp(5 * HOUR, DAY),
        ),
        Some(ticks) if !(5 * MINUTE..=DAY).contains(&ticks) => (
            "`suppressionDuration` is outside of what the service takes: 5m to 24h".to_owned(),
            ticks.clamp(5 * MINUTE, DAY),
        ),
        Some(ticks) if ticks < frequency => (
            "`suppressionDuration` is shorter than `queryFrequency`, so it would suppress nothing"
                .to_owned(),
            frequency,
        ),
        Some(_) => return,
    };
    let fix = subject.set(&at, &spelt(value, subject.target));
    if let Some(found) = subject.objection(Target::Service, CODE, &at, message) {
        report.tell_for(Target::Service, found.mended(fix));
    }
}
