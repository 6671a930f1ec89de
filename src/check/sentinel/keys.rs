//! Keys that nothing reads: misspelt ones, with the nearest known key, and those that stand in the wrong place.
//!
//! Example: `alertDisplaynameFormat` below `alertDetailsOverride`. Every tool passes such keys over in silence, so the
//! setting has no effect. Sentinel-as-Code's schema is closed and refuses all keys that it does not know.

use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Diagnostic, Edit, Fix, Severity, Span, nearest};
use crate::sentinel::KEYS;
use crate::yaml::Step;
use serde_yaml::Value;

pub(super) const CHECK: SentinelCheck = Check {
    name: "keys",
    codes: &[
        Code {
            id: "sentinel-misspelt",
            about: "A key is misspelt, so nothing reads it",
        },
        Code {
            id: "sentinel-unknown-key",
            about: "A key is no field of a rule, so nothing reads it",
        },
        Code {
            id: "sentinel-metadata",
            about: "What belongs below `metadata:` stands beside it",
        },
    ],
    run,
};

/// The keys below a key, and whether they stand in each item of a list.
const BELOW: [(&[&str], bool, &[&str]); 9] = [
    (
        &["requiredDataConnectors"],
        true,
        &["connectorId", "dataTypes"],
    ),
    (&["entityMappings"], true, &["entityType", "fieldMappings"]),
    (&["sentinelEntitiesMappings"], true, &["columnName"]),
    (
        &["alertDetailsOverride"],
        false,
        &[
            "alertDisplayNameFormat",
            "alertDescriptionFormat",
            "alertSeverityColumnName",
            "alertTacticsColumnName",
            "alertDynamicProperties",
        ],
    ),
    (
        &["alertDetailsOverride", "alertDynamicProperties"],
        true,
        &["alertProperty", "value"],
    ),
    (&["eventGroupingSettings"], false, &["aggregationKind"]),
    (
        &["incidentConfiguration"],
        false,
        &["createIncident", "groupingConfiguration"],
    ),
    (
        &["incidentConfiguration", "groupingConfiguration"],
        false,
        &[
            "enabled",
            "reopenClosedIncident",
            "lookbackDuration",
            "matchingMethod",
            "groupByEntities",
            "groupByAlertDetails",
            "groupByCustomDetails",
        ],
    ),
    (
        &["entityMappings", "fieldMappings"],
        true,
        &["identifier", "columnName"],
    ),
];

/// Keys at the top that Sentinel-as-Code's schema does not have.
const NOT_IN_CODE: [&str; 3] = ["status", "sentinelEntitiesMappings", "metadata"];

/// What stands below `metadata:`.
const METADATA: [&str; 4] = ["source", "author", "support", "categories"];

fn run(subject: &Subject<'_>, report: &mut Report) {
    let metadata_is_empty = subject.document().key_span(&at!["metadata"]).is_some()
        && subject.value(&at!["metadata"]).is_none();
    for key in keys(subject, &[]) {
        if METADATA.contains(&key.as_str()) && metadata_is_empty {
            report.tell(beside_metadata(subject, &key));
            continue;
        }
        if KEYS.contains(&key.as_str()) {
            not_in_code(subject, &key, report);
            continue;
        }
        unknown(subject, &[], &key, &KEYS, report);
    }
    for (above, is_list, known) in &BELOW {
        let mut places: Vec<Vec<Step>> = vec![Vec::new()];
        for (depth, key) in above.iter().enumerate() {
            let last = depth + 1 == above.len();
            places = places
                .into_iter()
                .flat_map(|mut place| {
                    place.push(Step::from(*key));
                    let listed = *is_list || !last && matches!(*key, "entityMappings");
                    match (listed, subject.items(&place).len()) {
                        (false, _) => vec![place],
                        (true, count) => (0..count)
                            .map(|at| {
                                let mut item = place.clone();
                                item.push(Step::from(at));
                                item
                            })
                            .collect(),
                    }
                })
                .collect();
            if *is_list && !last && matches!(*key, "alertDetailsOverride") {
                places = vec![at!["alertDetailsOverride"].to_vec()];
            }
        }
        for place in places {
            for key in keys(subject, &place) {
                if !known.contains(&key.as_str()) {
                    unknown(subject, &place, &key, known, report);
                }
            }
        }
    }
}

fn keys(subject: &Subject<'_>, place: &[Step]) -> Vec<String> {
    let value = match place.is_empty() {
        true => Some(subject.document().value()),
        false => subject.value(place),
    };
    let mapping = value.and_then(Value::as_mapping);
    let keys = mapping.into_iter().flat_map(|m| m.keys());
    keys.filter_map(|k| k.as_str().map(str::to_owned)).collect()
}

fn key_span(subject: &Subject<'_>, place: &[Step], key: &str) -> Option<Span> {
    let mut at = place.to_vec();
    at.push(Step::from(key));
    subject.document().key_span(&at)
}

fn unknown(subject: &Subject<'_>, place: &[Step], key: &str, known: &[&str], report: &mut Report) {
    let Some(span) = key_span(subject, place, key) else {
        return;
    };
    let there = keys(subject, place);
    let free = known
        .iter()
        .copied()
        .filter(|k| !there.iter().any(|t| t == k));
    let free: Vec<&str> = free.collect();
    let near = nearest(key, free.iter().copied()).or_else(|| shortened(key, &free));
    let closed = subject.target == Target::SentinelAsCode && subject.named;
    let mut found = match &near {
        Some(near) => {
            let same = near.eq_ignore_ascii_case(key);
            let why = if same {
                ": keys are case-sensitive"
            } else {
                ""
            };
            let message = format!("`{key}` is not read{why}");
            Diagnostic::warning("sentinel-misspelt", span, message)
                .with_hint(format!("Write `{near}`"))
                .with_fix(Fix::replace(format!("Rename to `{near}`"), span, near))
        }
        None => {
            let message = format!("`{key}` is no field of a rule: nothing reads it");
            let severity = Severity::Information;
            let found = Diagnostic::new(severity, "sentinel-unknown-key", Some(span), message);
            found.with_hint(match home_of(key).filter(|_| place.is_empty()) {
                Some(home) => format!("It belongs below `{home}:`; indent it"),
                None => "Check its spelling and its indentation".to_owned(),
            })
        }
    };
    if closed {
        found.severity = Severity::Error;
        report.tell_for(Target::SentinelAsCode, found);
    } else {
        report.tell(found);
    }
}

/// The one key that this one is most of, with some of its words left out: `alertnameFormat` of `alertDisplayNameFormat`.
fn shortened(key: &str, known: &[&str]) -> Option<String> {
    let within = |whole: &str| {
        let whole = whole.to_ascii_lowercase();
        let mut signs = whole.chars();
        let all = key
            .to_ascii_lowercase()
            .chars()
            .all(|c| signs.any(|s| s == c));
        all && key.len() * 5 >= whole.len() * 3
    };
    let mut fitting = known.iter().filter(|whole| within(whole));
    match (fitting.next(), fitting.next()) {
        (Some(only), None) if key.len() >= 8 => Some((*only).to_owned()),
        _ => None,
    }
}

/// The key below which a key belongs.
fn home_of(key: &str) -> Option<&'static str> {
    let (above, ..) = BELOW.iter().find(|(_, _, known)| known.contains(&key))?;
    above.last().copied()
}

fn not_in_code(subject: &Subject<'_>, key: &str, report: &mut Report) {
    if !NOT_IN_CODE.contains(&key) {
        return;
    }
    let Some(span) = key_span(subject, &[], key) else {
        return;
    };
    let message =
        format!("`{key}` is not in the schema of Sentinel-as-Code, which takes no other keys");
    if let Some(mut found) = subject.objection(
        Target::SentinelAsCode,
        "sentinel-unknown-key",
        &at![key],
        message,
    ) {
        found.span = Some(span);
        report.tell_for(
            Target::SentinelAsCode,
            found.with_hint("Leave it out there"),
        );
    }
}

/// An entry that was meant to stand below `metadata:`, with the fix that indents its lines.
fn beside_metadata(subject: &Subject<'_>, key: &str) -> Diagnostic {
    let at = at![key];
    let document = subject.document();
    let span = document.key_span(&at).unwrap_or_default();
    let message = format!("`{key}` stands beside `metadata:`, which is empty; it belongs below it");
    let found =
        Diagnostic::warning("sentinel-metadata", span, message).with_hint("Indent it by 2 spaces");
    let end = document.span(&at).map_or(span.end, |s| s.end.max(span.end));
    let text = document.text();
    let block = text.get(span.start..end).unwrap_or("");
    let starts = std::iter::once(0).chain(block.match_indices('\n').map(|(at, _)| at + 1));
    let edits: Vec<Edit> = starts
        .filter(|start| {
            let line = block.get(*start..).and_then(|rest| rest.lines().next());
            line.is_some_and(|line| !line.trim().is_empty())
        })
        .map(|start| Edit {
            span: Span::new(span.start + start, span.start + start),
            text: "  ".to_owned(),
        })
        .collect();
    found.with_fix(Fix {
        title: format!("Indent `{key}` below `metadata`"),
        edits,
    })
}
