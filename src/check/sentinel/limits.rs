//! How long texts and lists may be, by target.
//!
//! Example: an eleventh entity mapping, which the service refuses; a name of 300 characters, which the public
//! repository's CI refuses at 256 and Sentinel-as-Code at 260.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::yaml::Step;

pub(super) const CHECK: SentinelCheck = Check {
    name: "limits",
    codes: &[Code {
        id: "sentinel-limit",
        about: "A text or list is longer, or a number larger, than the target takes",
    }],
    run,
};

const CODE: &str = "sentinel-limit";

fn run(subject: &Subject<'_>, report: &mut Report) {
    use Target::{AzureSentinel, SentinelAsCode, Service};
    let mut tell = |target: Target, at: &[Step], message: String, hint: &str| {
        if let Some(found) = subject.objection(target, CODE, at, message) {
            report.tell_for(target, found.with_hint(hint));
        }
    };
    for (key, target, most) in [
        ("name", AzureSentinel, 256),
        ("name", SentinelAsCode, 260),
        ("description", AzureSentinel, 5_000),
        ("description", SentinelAsCode, 5_000),
        ("version", AzureSentinel, 20),
        ("query", Service, 10_000),
    ] {
        let at = at![key];
        let length = subject.text(&at).map_or(0, |t| t.chars().count());
        if length > most {
            let message = format!(
                "`{key}` has {} characters; up to {} are taken",
                grouped(length),
                grouped(most)
            );
            let hint = match key {
                "query" => "Move lists into a watchlist and shared parts into a function",
                _ => "Shorten it",
            };
            tell(target, &at, message, hint);
        }
    }
    let mappings = at!["entityMappings"];
    let count = subject.items(&mappings).len();
    let both = count + subject.items(&at!["sentinelEntitiesMappings"]).len();
    if both > 10 {
        let message = format!("{both} entities are mapped; up to 10 are taken");
        tell(
            Service,
            &mappings,
            message,
            "Map those that an analyst follows up",
        );
    }
    if count == 0 && subject.value(&mappings).is_some() {
        for target in [AzureSentinel, SentinelAsCode] {
            let message = "`entityMappings` is empty".to_owned();
            tell(
                target,
                &mappings,
                message,
                "Map an entity or remove the key",
            );
        }
    }
    for index in 0..count {
        let fields = at!["entityMappings", index, "fieldMappings"];
        let count = subject.items(&fields).len();
        if count > 3 {
            let message = format!("{count} identifiers are mapped; an entity takes up to 3");
            tell(
                Service,
                &fields,
                message,
                "Keep those that identify it best",
            );
        }
    }
    let at = at!["triggerThreshold"];
    if let Some(threshold) = subject.rule.trigger_threshold {
        if threshold < 0 {
            let message = format!("`triggerThreshold` is {threshold}; it is 0 or more");
            tell(Service, &at, message, "Write 0 to alert on any result");
        } else if threshold > 10_000 {
            let message = format!(
                "`triggerThreshold` is {}; up to 10,000 are taken",
                grouped_i(threshold)
            );
            tell(AzureSentinel, &at, message, "Count in the query instead");
        }
    }
}

/// `10,000`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn grouped_i(number: i64) -> String {
    usize::try_from(number).map_or_else(|_| number.to_string(), grouped)
}
