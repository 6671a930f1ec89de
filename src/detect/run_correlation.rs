//! Runs a Panther correlation rule over loaded events: the rules it joins run first, and what they matched is joined.
//!
//! Every distinct match is given once, whatever the rule's schedule (see `panther::correlation`); the clock is the
//! last moment that is seen. The lineage of a match is every event behind it.

use super::entities::of_panther;
use super::members::{member, panther as panther_of};
use super::run_panther::{self, Found as Matched};
use super::{Entity, Match, Rule, Run};
use crate::diagnostic::{Diagnostic, Severity};
use crate::logs::Dataset;
use crate::panther::correlation::{self, Correlation, Found, Joined};
use crate::panther::{self, Matcher};
use crate::task::CancelToken;
use crate::value::{EventId, Type, Value};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Matches of one correlation whose entities are looked for.
const MOST_ENTITIES: usize = 200;

/// Who runs the rules that are joined.
pub(super) trait Rules {
    /// The events that a rule matched, with the alert context it made for each.
    ///
    /// # Errors
    /// The file and what kept the rule from being asked; the run has no matches then.
    fn matched(&mut self, rule_id: &str) -> Result<Vec<Submatch>, (PathBuf, Diagnostic)>;
}

/// An event that one of the joined rules matched.
#[derive(Clone)]
pub(super) struct Submatch {
    pub id: EventId,
    pub event: Arc<Json>,
    pub context: Option<Json>,
}

/// Runs the rule over the loaded events up to a clock.
pub(super) fn run(
    rule: &Rule,
    panther: &panther::Rule,
    correlation: &Correlation,
    data: &Dataset,
    now: i64,
    cancel: &CancelToken,
) -> Run {
    let mut rules = Members {
        rule,
        panther,
        correlation,
        data,
        now,
        cancel,
        said: Vec::new(),
    };
    let mut run = join(rule, panther, correlation, data, now, &mut rules);
    run.diagnostics.extend(rules.said);
    run
}

/// Joins what the rules matched.
fn join(
    rule: &Rule,
    panther: &panther::Rule,
    correlation: &Correlation,
    data: &Dataset,
    now: i64,
    rules: &mut dyn Rules,
) -> Run {
    let mut run = Run {
        now,
        ..Run::default()
    };
    let mut by_rule: HashMap<&str, Vec<Submatch>> = HashMap::new();
    for node in correlation.nodes() {
        if by_rule.contains_key(node.rule_id.as_str()) {
            continue;
        }
        match rules.matched(&node.rule_id) {
            Ok(matched) => {
                by_rule.insert(&node.rule_id, matched);
            }
            Err((path, found)) => {
                run.diagnostics.push((path, found));
                return run;
            }
        }
    }
    // For every node its matches that have a time, and what they are of.
    let mut found: Vec<Vec<Found>> = Vec::new();
    let mut behind: Vec<Vec<&Submatch>> = Vec::new();
    for node in correlation.nodes() {
        let timed: Vec<(i64, &Submatch)> = by_rule
            .get(node.rule_id.as_str())
            .into_iter()
            .flatten()
            .filter_map(|sub| Some((data.event_time(sub.id)?, sub)))
            .collect();
        found.push(
            timed
                .iter()
                .map(|(time, sub)| {
                    let context = sub.context.as_ref();
                    correlation::found(node, &sub.event, context, *time, u64::from(sub.id))
                })
                .collect(),
        );
        behind.push(timed.into_iter().map(|(_, sub)| sub).collect());
    }
    let joined = match correlation.run(&found, now) {
        Ok(joined) => joined,
        Err(diagnostic) => {
            run.diagnostics.push((rule.path.clone(), diagnostic));
            return run;
        }
    };
    if joined.is_empty() {
        run.diagnostics = why_not(rule, correlation, &found, now);
    }
    let criteria = criteria(&joined);
    run.columns = columns(&criteria);
    run.matches = joined
        .iter()
        .map(|one| to_match(panther, correlation, data, one, &behind, &criteria))
        .collect();
    run
}

/// The names of what joins, in the order in which they first come.
fn criteria(joined: &[Joined]) -> Vec<String> {
    let first = joined.first();
    let values = first.map_or(&[][..], |j| j.values.as_slice());
    values.iter().map(|(name, _)| name.clone()).collect()
}

fn columns(criteria: &[String]) -> Vec<(String, Type)> {
    let mut columns = vec![
        ("title".to_owned(), Type::String),
        ("severity".to_owned(), Type::String),
    ];
    columns.extend(criteria.iter().map(|name| (name.clone(), Type::String)));
    columns.push(("first".to_owned(), Type::DateTime));
    columns.push(("last".to_owned(), Type::DateTime));
    columns.push(("matches".to_owned(), Type::Dynamic));
    columns
}

fn to_match(
    panther: &panther::Rule,
    correlation: &Correlation,
    data: &Dataset,
    joined: &Joined,
    behind: &[Vec<&Submatch>],
    criteria: &[String],
) -> Match {
    let mut counts = serde_json::Map::new();
    let mut events: Vec<EventId> = Vec::new();
    let mut entities: Vec<Entity> = Vec::new();
    let mut looked = 0;
    for ((node, subs), members) in correlation.nodes().iter().zip(behind).zip(&joined.members) {
        if !node.absent {
            counts.insert(node.id.clone(), Json::from(members.len()));
        }
        for sub in members.iter().filter_map(|m| subs.get(*m)) {
            events.push(sub.id);
            looked += 1;
            if looked > MOST_ENTITIES {
                continue;
            }
            for entity in of_panther(sub.context.as_ref(), &sub.event) {
                if !entities.contains(&entity) {
                    entities.push(entity);
                }
            }
        }
    }
    // One event may be behind several rules.
    events.sort_by_key(|id| (data.event_time(*id), *id));
    events.dedup();
    let counts = Json::Object(counts);
    let mut row = vec![
        Value::String(panther.name.as_str().into()),
        Value::String(panther.severity.as_str().into()),
    ];
    for name in criteria {
        let value = joined.values.iter().find(|(n, _)| n == name);
        row.push(Value::String(value.map_or("", |(_, v)| v).into()));
    }
    row.push(Value::DateTime(joined.start));
    row.push(Value::DateTime(joined.end));
    row.push(Value::Dynamic(Arc::new(counts.clone())));
    let mut context: serde_json::Map<String, Json> = joined
        .values
        .iter()
        .map(|(name, value)| (name.clone(), Json::from(value.as_str())))
        .collect();
    context.insert("matches".to_owned(), counts);
    Match {
        row,
        events,
        entities,
        title: panther.name.clone(),
        severity: panther.severity.clone(),
        dedup: None,
        context: Some(json!(context)),
    }
}

/// What was missing, each at the rule of the correlation that lacked it.
fn why_not(
    rule: &Rule,
    correlation: &Correlation,
    found: &[Vec<Found>],
    now: i64,
) -> Vec<(PathBuf, Diagnostic)> {
    correlation
        .explain(found, now)
        .into_iter()
        .map(|lack| {
            let span = lack
                .node
                .and_then(|n| correlation.nodes().get(n))
                .and_then(|node| node.span);
            let message = format!("No match: {}", lack.reason);
            let code = "panther-correlation-lacks";
            let found = Diagnostic::new(Severity::Information, code, span, message);
            (rule.path.clone(), found)
        })
        .collect()
}

/// The rules that lie around the correlation.
struct Members<'a> {
    rule: &'a Rule,
    panther: &'a panther::Rule,
    correlation: &'a Correlation,
    data: &'a Dataset,
    now: i64,
    cancel: &'a CancelToken,
    /// What the rules' own runs said that is no error.
    said: Vec<(PathBuf, Diagnostic)>,
}

impl Members<'_> {
    /// An error at the place of a rule's id in the correlation.
    fn refused(&self, id: &str, code: &str, message: String, hint: &str) -> (PathBuf, Diagnostic) {
        let span = self
            .correlation
            .nodes()
            .iter()
            .find(|node| node.rule_id == id)
            .and_then(|node| node.span);
        let found = Diagnostic::new(Severity::Error, code, span, message).with_hint(hint);
        (self.rule.path.clone(), found)
    }
}

impl Rules for Members<'_> {
    fn matched(&mut self, rule_id: &str) -> Result<Vec<Submatch>, (PathBuf, Diagnostic)> {
        let Some(rule) = member(self.panther, rule_id) else {
            return Err(self.refused(
                rule_id,
                "panther-unknown-rule",
                format!("no rule has the id `{rule_id}`"),
                "Put the rule into the same repository: a correlation opened alone finds what lies below the folder that holds global_helpers or data_models",
            ));
        };
        let Some(panther) = panther_of(&rule) else {
            return Ok(Vec::new());
        };
        if matches!(panther.matcher, Matcher::Correlation(_)) {
            return Err(self.refused(
                rule_id,
                "panther-unsupported",
                format!(
                    "`{rule_id}` is itself a correlation rule, which is not run from logs here"
                ),
                "Join the rules that it joins",
            ));
        }
        let mut run = Run {
            now: self.now,
            ..Run::default()
        };
        let found = run_panther::found(&rule, panther, self.data, self.cancel, &mut None, &mut run);
        let (errors, said): (Vec<_>, Vec<_>) =
            run.diagnostics.into_iter().partition(|(_, d)| d.is_error());
        self.said.extend(said);
        if let Some(error) = errors.into_iter().next() {
            return Err(error);
        }
        let found: Vec<Matched> = found.unwrap_or_default();
        Ok(found
            .into_iter()
            .map(|(id, event, outcome)| Submatch {
                id,
                event,
                context: match outcome.alert_context {
                    Some(Ok(text)) => serde_json::from_str(&text).ok(),
                    _ => None,
                },
            })
            .collect())
    }
}
