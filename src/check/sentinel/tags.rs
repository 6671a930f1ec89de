//! Tags that are no texts.
//!
//! The public repository also has mappings among its tags (`Schema`, `SchemaVersion`); Sentinel-as-Code takes texts only.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use serde_yaml::Value;

pub(super) const CHECK: SentinelCheck = Check {
    name: "tags",
    codes: &[Code {
        id: "sentinel-tag",
        about: "A tag is no text",
    }],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    for (index, tag) in subject.items(&at!["tags"]).iter().enumerate() {
        if matches!(tag, Value::String(_)) {
            continue;
        }
        let place = at!["tags", index];
        let message = "A tag is a text; Sentinel-as-Code takes nothing else";
        let target = Target::SentinelAsCode;
        if let Some(mut found) = subject.objection(target, "sentinel-tag", &place, message) {
            found.span = subject.document().span(&place).or(found.span);
            report.tell_for(
                target,
                found.with_hint("Put it into quotes, or write its parts as texts"),
            );
        }
    }
}
