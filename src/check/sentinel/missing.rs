//! Fields that a target requires.
//!
//! Example: a rule of the public repository without `requiredDataConnectors`. Sentinel-as-Code also requires a version
//! and at least one tactic. The fix adds the field with a usual value, where there is one.

use super::subject::Mended;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Diagnostic, Severity};
use crate::sentinel::Kind;
use crate::yaml::Step;

pub(super) const CHECK: SentinelCheck = Check {
    name: "missing",
    codes: &[Code {
        id: "sentinel-missing-for-target",
        about: "A field that the target requires is missing",
    }],
    run,
};

const CODE: &str = "sentinel-missing-for-target";

fn run(subject: &Subject<'_>, report: &mut Report) {
    if !subject.document().value().is_mapping() || super::reader::has_no_schedule(subject) {
        return;
    }
    let scheduled = subject.rule.kind == Kind::Scheduled;
    let needs: [(Target, &str, bool); 7] = [
        (Target::AzureSentinel, "kind", true),
        (Target::AzureSentinel, "requiredDataConnectors", scheduled),
        (Target::AzureSentinel, "description", true),
        (Target::SentinelAsCode, "kind", true),
        (Target::SentinelAsCode, "requiredDataConnectors", true),
        (Target::SentinelAsCode, "version", true),
        (Target::SentinelAsCode, "description", true),
    ];
    let mut tell = |target: Target, key: &str| {
        let at = at![key];
        let message = format!("`{key}` is missing; {} requires it", who(target));
        let found = subject.objection(target, CODE, &at, message);
        let fix = default(subject, key).and_then(|value| subject.set(&at, value));
        if let Some(found) = found {
            report.tell_for(target, found.mended(fix));
        }
    };
    for (target, key, needed) in needs {
        if needed && subject.value(&at![key]).is_none() {
            tell(target, key);
        }
    }
    for (target, key) in [(Target::SentinelAsCode, "tactics")] {
        if subject.value(&at![key]).is_none() {
            tell(target, key);
        }
    }
    if subject.named && subject.target == Target::AzureSentinel {
        for key in ["version", "status"] {
            if subject.value(&at![key]).is_none() {
                let message = format!("`{key}` is missing; reviewers of Azure-Sentinel ask for it");
                let found = subject.remark(Severity::Hint, CODE, &at![key], message);
                let fix = default(subject, key).and_then(|value| subject.set(&at![key], value));
                report.tell_for(Target::AzureSentinel, found.mended(fix));
            }
        }
    }
}

fn who(target: Target) -> &'static str {
    match target {
        Target::AzureSentinel => "the Azure-Sentinel repository",
        Target::SentinelAsCode => "Sentinel-as-Code",
        _ => "the service",
    }
}

/// The value that most rules have.
fn default(subject: &Subject<'_>, key: &str) -> Option<&'static str> {
    let iso = subject.target != Target::AzureSentinel;
    Some(match key {
        "kind" => "Scheduled",
        "severity" => "Medium",
        "version" => "1.0.0",
        "status" => "Available",
        "triggerOperator" => "gt",
        "triggerThreshold" => "0",
        "queryFrequency" | "queryPeriod" if iso => "PT1H",
        "queryFrequency" | "queryPeriod" => "1h",
        "createIncident" => "true",
        "enabled" | "reopenClosedIncident" => "false",
        "lookbackDuration" if iso => "PT5H",
        "lookbackDuration" => "5h",
        "matchingMethod" => "AllEntities",
        _ => return None,
    })
}

/// Adds a fix to what the reader said is missing.
pub(super) fn mend(subject: &Subject<'_>, found: &mut Diagnostic) {
    if found.code != "sentinel-missing" {
        return;
    }
    let key = found
        .message
        .strip_prefix('`')
        .and_then(|m| m.split_once('`'));
    let Some((key, _)) = key else {
        return;
    };
    let above: &[Step] = match key {
        "createIncident" => &at!["incidentConfiguration"],
        "enabled" | "reopenClosedIncident" | "lookbackDuration" | "matchingMethod" => {
            &at!["incidentConfiguration", "groupingConfiguration"]
        }
        _ => &[],
    };
    let mut at = above.to_vec();
    at.push(Step::from(key));
    // A key that is there with nothing behind it, or none at all.
    if subject.value(&at).is_none()
        && let Some(value) = default(subject, key)
    {
        found.fixes.extend(subject.set(&at, value));
    }
}
