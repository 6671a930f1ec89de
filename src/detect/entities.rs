//! Entities of matches: from a Sentinel rule's mappings, from a Panther match's context and `p_any` fields.

use super::Entity;
use crate::diagnostic::{Diagnostic, Severity, Span};
use crate::event::EventJson;
use crate::sentinel;
use crate::value::Table;
use crate::yaml::Step;
use serde_json::Value as Json;

/// A Sentinel rule's entity mappings, bound to the columns of a result.
pub(super) struct Mapper {
    mappings: Vec<(String, Vec<(String, usize)>)>,
}

impl Mapper {
    /// Binds the mappings to the result's columns.
    ///
    /// # Errors
    /// One diagnostic for each mapped column that the result does not have, at its name in the rule.
    pub(super) fn bind(rule: &sentinel::Rule, columns: &[&str]) -> Result<Self, Vec<Diagnostic>> {
        let mut wrong = Vec::new();
        let mut mappings = Vec::new();
        for (m, mapping) in rule.entity_mappings.iter().enumerate() {
            let mut fields = Vec::new();
            for (f, (identifier, column)) in mapping.fields.iter().enumerate() {
                match columns.iter().position(|c| c == column) {
                    Some(at) => fields.push((identifier.clone(), at)),
                    None => {
                        let span = column_span(rule, m, f).or(mapping.span);
                        wrong.push(no_such_column(column, columns, span));
                    }
                }
            }
            mappings.push((mapping.entity_type.clone(), fields));
        }
        if wrong.is_empty() {
            Ok(Self { mappings })
        } else {
            Err(wrong)
        }
    }

    /// The entities of a row. Empty values are dropped, and entities without any value.
    pub(super) fn of_row(&self, table: &Table, row: usize) -> Vec<Entity> {
        let mut entities: Vec<Entity> = Vec::new();
        for (entity_type, fields) in &self.mappings {
            let identifiers: Vec<(String, String)> = fields
                .iter()
                .filter_map(|(identifier, column)| {
                    let value = table.columns.get(*column)?.value(row).display();
                    (!value.trim().is_empty()).then(|| (identifier.clone(), value))
                })
                .collect();
            let entity = Entity {
                entity_type: entity_type.clone(),
                identifiers,
            };
            if !entity.identifiers.is_empty() && !entities.contains(&entity) {
                entities.push(entity);
            }
        }
        entities
    }
}

fn column_span(rule: &sentinel::Rule, mapping: usize, field: usize) -> Option<Span> {
    rule.document.span(&[
        Step::Key("entityMappings".into()),
        Step::Index(mapping),
        Step::Key("fieldMappings".into()),
        Step::Index(field),
        Step::Key("columnName".into()),
    ])
}

/// The platform's own words for a mapping that names no column of the result.
pub(super) fn no_such_column(name: &str, columns: &[&str], span: Option<Span>) -> Diagnostic {
    let mut hint = match closest(name, columns) {
        Some(near) => format!("Did you mean '{near}'? "),
        None => String::new(),
    };
    hint.push_str(&format!("The query returns {}", columns.join(", ")));
    Diagnostic::new(
        Severity::Error,
        "sentinel-column-missing",
        span,
        format!("The given column '{name}' does not exist"),
    )
    .with_hint(hint)
}

/// The candidate that a person most likely meant: the same but for case, else a few letters away.
fn closest<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    candidates
        .iter()
        .map(|c| (distance(&name.to_lowercase(), &c.to_lowercase()), *c))
        .min_by_key(|(d, _)| *d)
        .filter(|(d, _)| *d <= (name.chars().count() / 3).max(1))
        .map(|(_, c)| c)
}

/// How many letters must be put in, taken out or changed to make `b` of `a`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let above = *cell;
            left = (diagonal + usize::from(x != *y))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// Fields of an alert context that name an identity: field, entity type, identifier.
const CONTEXT_FIELDS: &[(&str, &str, &str)] = &[
    ("actor_email", "Account", "Name"),
    ("actor", "Account", "Name"),
    ("user_email", "Account", "Name"),
    ("email", "Account", "Name"),
    ("user", "Account", "Name"),
    ("username", "Account", "Name"),
    ("principal", "Account", "Name"),
    ("principal_id", "Account", "AadUserId"),
    ("source_ip", "IP", "Address"),
    ("sourceIPAddress", "IP", "Address"),
    ("src_ip", "IP", "Address"),
    ("ip_address", "IP", "Address"),
    ("ip", "IP", "Address"),
    ("hostname", "Host", "HostName"),
    ("model", "CloudApplication", "Name"),
];

/// The platform's own indicator fields of an event.
const INDICATOR_FIELDS: &[(&str, &str, &str)] = &[
    ("p_any_emails", "Account", "Name"),
    ("p_any_usernames", "Account", "Name"),
    ("p_any_actor_ids", "Account", "Name"),
    ("p_any_ip_addresses", "IP", "Address"),
    ("p_any_domain_names", "DNS", "DomainName"),
];

/// Where the actor stands in events of logs whose rule says nothing of it.
const ACTOR_PATHS: &[(&[&str], &str, &str)] = &[
    (&["actor", "session", "user", "email"], "Account", "Name"),
    (&["actor", "api_key", "user", "email"], "Account", "Name"),
    (
        &["actor", "api_key", "service_account", "id"],
        "Account",
        "Name",
    ),
    (&["actor", "session", "ip_address"], "IP", "Address"),
];

/// The entities of a Panther match, which has no mappings: the alert context's well-known fields first,
/// then the event's indicator fields, then the actor as the event names it. Each identity once.
pub(super) fn of_panther(context: Option<&Json>, event: &EventJson) -> Vec<Entity> {
    let mut entities = Vec::new();
    for (field, entity_type, identifier) in CONTEXT_FIELDS {
        if let Some(value) = context.and_then(|c| c.get(field)) {
            add(&mut entities, entity_type, identifier, value);
        }
    }
    for (field, entity_type, identifier) in INDICATOR_FIELDS {
        match event.exact(field) {
            Some(Json::Array(values)) => {
                for value in values {
                    add(&mut entities, entity_type, identifier, value);
                }
            }
            Some(value) => add(&mut entities, entity_type, identifier, value),
            None => {}
        }
    }
    for (path, entity_type, identifier) in ACTOR_PATHS {
        let at = path.split_first().and_then(|(first, rest)| {
            let from = event.exact(first)?;
            rest.iter().try_fold(from, |value, key| value.get(key))
        });
        if let Some(value) = at {
            add(&mut entities, entity_type, identifier, value);
        }
    }
    entities
}

fn add(entities: &mut Vec<Entity>, entity_type: &str, identifier: &str, value: &Json) {
    let Some(value) = value.as_str().map(str::trim).filter(|v| !v.is_empty()) else {
        return;
    };
    let known = entities
        .iter()
        .any(|e| e.entity_type == entity_type && e.label().eq_ignore_ascii_case(value));
    if !known {
        entities.push(Entity {
            entity_type: entity_type.to_owned(),
            identifiers: vec![(identifier.to_owned(), value.to_owned())],
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_misspelt_column_is_named_with_the_one_meant() {
        let columns = ["ConfigTime", "ActorEmail"];
        let hint = |name| no_such_column(name, &columns, None).hint.unwrap();
        assert!(hint("actoremail").starts_with("Did you mean 'ActorEmail'?"));
        assert!(hint("ActorMail").starts_with("Did you mean 'ActorEmail'?"));
        assert_eq!(hint("Zebra"), "The query returns ConfigTime, ActorEmail");
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn context_first_then_indicators_each_identity_once() {
        let context = json!({"actor_email": "Maya@larkspur.example", "source_ip": "", "principal_id": "user-1"});
        let event = json!({
            "p_any_emails": ["maya@larkspur.example", "leo@larkspur.example"],
            "actor": {"session": {"ip_address": "192.0.2.7"}},
        });
        let found: Vec<String> = of_panther(Some(&context), &event.into())
            .iter()
            .map(|e| format!("{} {}", e.entity_type, e.label()))
            .collect();
        assert_eq!(
            found,
            [
                "Account Maya@larkspur.example",
                "Account user-1",
                "Account leo@larkspur.example",
                "IP 192.0.2.7"
            ]
        );
    }
}
