//! What a detection says of time, against the times it has.
//!
//! Example: "followed by a login within 30 minutes" in a correlation rule that looks back 1,800 minutes.
//! `check::prose` finds the claims; they are hints, and told only where no time of the detection is as long.

use super::{PantherCheck, Subject};
use crate::check::prose::claims;
use crate::check::{Check, Code, Report};
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::panther::Analysis;
use crate::value::time::MINUTE;
use crate::yaml::Step;
use serde_yaml::Value as Yaml;

/// Times of a correlation, and of a rule that counts.
pub(super) const CHECK: PantherCheck = Check {
    name: "panther-prose",
    codes: &[Code {
        id: "panther-prose-time",
        about: "What a detection says of time is not what it does",
    }],
    run: check,
};

/// The times of a correlation's `Detection`.
const TIMES: [&str; 3] = [
    "LookbackWindowMinutes",
    "WithinTimeFrameMinutes",
    "RateMinutes",
];
/// A `Detection` is not deeper.
const DEEPEST: usize = 8;

fn check(subject: &Subject<'_>, report: &mut Report) {
    let rule = subject.panther;
    let document = &rule.document;
    let value = document.value();
    let mut times: Vec<(&str, i64)> = Vec::new();
    match rule.kind {
        Analysis::CorrelationRule => {
            if let Some(detection) = value.get("Detection") {
                collect(detection, &mut times, DEEPEST);
            }
        }
        // What one event does has no time of its own: only a rule that counts has a period.
        Analysis::Rule | Analysis::ScheduledRule if rule.threshold > 1 => {
            times.push(("DedupPeriodMinutes", i64::from(rule.dedup_period_minutes)));
        }
        _ => return,
    }
    if times.is_empty() {
        return;
    }
    for key in ["DisplayName", "Description"] {
        let path = [Step::from(key)];
        let Some(text) = value.get(key).and_then(Yaml::as_str) else {
            continue;
        };
        for claim in claims(text) {
            let minutes = claim.ticks / MINUTE;
            if times.iter().any(|(_, time)| *time == minutes) {
                continue;
            }
            let start = document.offset_in_text(&path, claim.span.start);
            let end = document.offset_in_text(&path, claim.span.end);
            let span = match (start, end) {
                (Some(start), Some(end)) if end >= start => Some(Span::new(start, end)),
                _ => document.span(&path),
            };
            let mut said: Vec<String> = Vec::new();
            for (name, time) in &times {
                let one = format!("{name} is {time}{}", longer(*time));
                if !said.contains(&one) {
                    said.push(one);
                }
            }
            let message = format!(
                "\"{}\", and no time of the detection is as long: {}",
                claim.text,
                said.join(", ")
            );
            report.tell(Diagnostic::new(
                Severity::Hint,
                "panther-prose-time",
                span,
                message,
            ));
        }
    }
}

fn collect<'v>(value: &'v Yaml, times: &mut Vec<(&'v str, i64)>, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match value {
        Yaml::Mapping(entries) => {
            for (key, value) in entries {
                match (key.as_str(), value.as_i64()) {
                    (Some(key), Some(minutes)) if TIMES.contains(&key) => {
                        times.push((key, minutes));
                    }
                    _ => collect(value, times, depth),
                }
            }
        }
        Yaml::Sequence(items) => items.iter().for_each(|item| collect(item, times, depth)),
        _ => {}
    }
}

/// The same in hours or days, where that is easier to read.
fn longer(minutes: i64) -> String {
    match minutes {
        m if m >= 2 * 24 * 60 && m % (24 * 60) == 0 => format!(" ({} days)", m / (24 * 60)),
        m if m >= 120 && m % 60 == 0 => format!(" ({} hours)", m / 60),
        _ => String::new(),
    }
}
