//! The identity of a rule: a GUID that never changes, and a version of three numbers.
//!
//! Example: `version: 1.0`, which YAML reads as a number; templates are compared by `1.0.0`.

use super::subject::Mended;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};

pub(super) const CHECK: SentinelCheck = Check {
    name: "identity",
    codes: &[
        Code {
            id: "sentinel-id",
            about: "The id of a rule is a GUID",
        },
        Code {
            id: "sentinel-version",
            about: "The version of a rule is three numbers with dots between",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let id = &subject.rule.id;
    if subject.named && !id.is_empty() && !is_guid(id) {
        let at = at!["id"];
        for target in [Target::AzureSentinel, Target::SentinelAsCode] {
            let message = format!("`{id}` is no GUID");
            if let Some(found) = subject.objection(target, "sentinel-id", &at, message) {
                let hint = "Write 8-4-4-4-12 hexadecimal digits";
                report.tell_for(target, found.with_hint(hint));
            }
        }
    }
    let at = at!["version"];
    let Some(version) = subject.text(&at) else {
        return;
    };
    if is_version(&version) {
        return;
    }
    for target in [Target::AzureSentinel, Target::SentinelAsCode] {
        let message = format!("`{version}` is no version: it has three numbers, such as 1.0.0");
        if let Some(found) = subject.objection(target, "sentinel-version", &at, message) {
            let fix = completed(&version).and_then(|v| subject.set(&at, &v));
            report.tell_for(target, found.mended(fix));
        }
    }
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths = parts.iter().map(|p| p.len());
    let hex = |p: &&str| p.bytes().all(|b| b.is_ascii_hexdigit());
    lengths.eq([8, 4, 4, 4, 12]) && parts.iter().all(hex)
}

fn is_version(text: &str) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let number = |p: &&str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(number)
}

/// `1` and `1.2` with zeros behind, `v1.0.0` without its letter.
fn completed(version: &str) -> Option<String> {
    let mut text = version.trim().trim_start_matches(['v', 'V']).to_owned();
    for _ in 0..3 {
        if is_version(&text) {
            return Some(text);
        }
        text.push_str(".0");
    }
    None
}
