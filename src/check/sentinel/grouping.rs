//! What incidents are grouped by.
//!
//! Examples: `groupByCustomDetails: [Model]` without a custom detail of that key, which the service refuses;
//! `groupByEntities: [Account]` without a mapped account, so that there is nothing to group by.

use super::subject::Mended;
use super::{SentinelCheck, Subject, at};
use crate::check::{Check, Code, Report, Target};
use crate::diagnostic::{Severity, nearest};
use crate::sentinel::entities::ENTITY_TYPES;
use crate::yaml::Step;

pub(super) const CHECK: SentinelCheck = Check {
    name: "grouping",
    codes: &[
        Code {
            id: "sentinel-group-detail",
            about: "Incidents are grouped by a custom detail that the rule does not define",
        },
        Code {
            id: "sentinel-group-entity",
            about: "Incidents are grouped by an entity that the rule does not map",
        },
        Code {
            id: "sentinel-group-value",
            about: "Incidents are grouped by something that is none of the choices",
        },
    ],
    run,
};

fn run(subject: &Subject<'_>, report: &mut Report) {
    let mapped: Vec<&str> = subject
        .rule
        .entity_mappings
        .iter()
        .map(|m| m.entity_type.as_str())
        .collect();
    let types: Vec<&str> = ENTITY_TYPES.iter().map(|t| t.name).collect();
    for (at, name) in listed(subject, "groupByEntities") {
        if !types.contains(&name.as_str()) {
            choice(subject, &at, &name, &types, report);
        } else if !mapped.contains(&name.as_str()) {
            let message =
                format!("No entity of type {name} is mapped, so there is nothing to group by");
            let found = subject.remark(Severity::Warning, "sentinel-group-entity", &at, message);
            report.tell_for(
                Target::Service,
                found.with_hint("Map it, or leave it out here"),
            );
        }
    }
    for (at, name) in listed(subject, "groupByAlertDetails") {
        let choices = ["DisplayName", "Severity"];
        if !choices.contains(&name.as_str()) {
            choice(subject, &at, &name, &choices, report);
        }
    }
    let keys = subject.rule.custom_details.iter().map(|(k, _)| k.as_str());
    let keys: Vec<&str> = keys.collect();
    for (at, name) in listed(subject, "groupByCustomDetails") {
        if keys.contains(&name.as_str()) {
            continue;
        }
        let message = format!("There is no custom detail `{name}` in this rule");
        let near = nearest(&name, keys.iter().copied());
        let fix = near.and_then(|near| subject.set(&at, &near));
        if let Some(found) =
            subject.objection(Target::Service, "sentinel-group-detail", &at, message)
        {
            let hint = match keys.is_empty() {
                true => "Define it below `customDetails:`".to_owned(),
                false => format!("It defines {}", keys.join(", ")),
            };
            report.tell_for(Target::Service, found.with_hint(hint).mended(fix));
        }
    }
}

/// The items of a list of the grouping, with their paths.
fn listed(subject: &Subject<'_>, key: &str) -> Vec<(Vec<Step>, String)> {
    let list = at!["incidentConfiguration", "groupingConfiguration", key];
    let count = subject.items(&list).len();
    let items = (0..count).filter_map(|index| {
        let mut at = list.to_vec();
        at.push(Step::from(index));
        let text = subject.text(&at)?;
        Some((at, text))
    });
    items.collect()
}

fn choice(subject: &Subject<'_>, at: &[Step], name: &str, choices: &[&str], report: &mut Report) {
    let message = format!("`{name}` is none of the choices: {}", choices.join(", "));
    let near = nearest(name, choices.iter().copied());
    let fix = near.and_then(|near| subject.set(at, &near));
    if let Some(found) = subject.objection(Target::Service, "sentinel-group-value", at, message) {
        report.tell_for(Target::Service, found.mended(fix));
    }
}
