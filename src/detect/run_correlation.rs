//! Runs a correlation rule over the loaded events: its rules are run first, and their matches are joined.

use super::again::Again;
use super::ask::Question;
use super::engine::Kept;
use super::entities::of_panther;
use super::{Asked, Entity, Match, Rule, Run};
use crate::diagnostic::{Diagnostic, Severity};
use crate::event::EventJson;
use crate::logs::Dataset;
use crate::panther::correlation::{self, Correlation, Found, Joined};
use crate::panther::{self, Matcher};
use crate::task::CancelToken;
use crate::value::{EventId, Type, Value};
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// Events of one match whose identities are looked for.
const MOST_PARTS: usize = 500;

/// A match of one of the rules.
struct One {
    id: EventId,
    event: Arc<EventJson>,
    context: Option<Json>,
}

/// Runs the rules of the nodes and joins their matches. The events behind a match are those of all its parts.
pub(super) fn run(
    rule: &Rule,
    panther: &panther::Rule,
    correlation: &Correlation,
    data: &Dataset,
    now: i64,
    cancel: &CancelToken,
    kept: &mut Option<Kept>,
) -> Run {
    let mut run = Run {
        now,
        ..Run::default()
    };
    let mut gathered = Gathered {
        matched: HashMap::new(),
        asked: Asked::default(),
        diagnostics: Vec::new(),
    };
    if let Some(told) = not_for_logs(panther, correlation) {
        run.diagnostics = told.into_iter().map(|d| (rule.path.clone(), d)).collect();
        return run;
    }
    for node in correlation.nodes() {
        if gathered.matched.contains_key(&node.rule_id) {
            continue;
        }
        let found = gathered.ask(rule, panther, &node.rule_id, data, now, cancel, kept);
        if let Err(mut found) = found {
            found.span = node.span;
            gathered.diagnostics.push((rule.path.clone(), found));
            run.diagnostics = gathered.diagnostics;
            return run;
        }
    }
    let found: Vec<Vec<Found>> = correlation
        .nodes()
        .iter()
        .map(|node| {
            let matched = gathered.matched.get(&node.rule_id);
            let timed = matched.into_iter().flatten().filter_map(|one| {
                let time = data.event_time(one.id)?;
                let context = one.context.as_ref();
                Some(correlation::found(
                    node,
                    one.event.json(),
                    context,
                    time,
                    one.id.into(),
                ))
            });
            timed.collect()
        })
        .collect();
    run.asked = Some(gathered.asked);
    run.diagnostics = gathered.diagnostics;
    match correlation.run(&found, now) {
        Ok(joined) => {
            let events = by_event(&gathered.matched);
            (run.columns, run.matches) = matches(panther, correlation, &joined, &found, &events);
            if run.matches.is_empty() {
                let lacks = correlation.explain(&found, now);
                run.diagnostics
                    .extend(lacks.into_iter().take(5).map(|lack| {
                        let node = lack.node.and_then(|n| correlation.nodes().get(n));
                        let why = Diagnostic::new(
                            Severity::Information,
                            "panther-correlation-lacks",
                            node.and_then(|node| node.span),
                            format!("No match: {}", lack.reason),
                        );
                        (rule.path.clone(), why)
                    }));
            }
        }
        Err(found) => run.diagnostics.push((rule.path.clone(), found)),
    }
    run
}

/// What keeps a correlation from being run over logs: rules of it that are asked about the rows of queries, which only
/// the platform runs. Without their matches nothing can be said: an absence would be found everywhere. None where
/// there are no such rules.
fn not_for_logs(panther: &panther::Rule, correlation: &Correlation) -> Option<Vec<Diagnostic>> {
    let mut seen: Vec<&str> = Vec::new();
    let mut told = Vec::new();
    for node in correlation.nodes() {
        let id = node.rule_id.as_str();
        let Some((own, _)) = panther.repository.detection(id) else {
            continue;
        };
        if own.scheduled_queries.is_empty() || seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let queries = own.scheduled_queries.join(", ");
        told.push(Diagnostic::new(
            Severity::Information,
            "panther-not-for-logs",
            node.span,
            format!(
                "`{id}` looks at the rows of a query on the platform ({queries}): the correlation is not run over logs, its tests with RuleOutputs are run"
            ),
        ));
    }
    (!told.is_empty()).then_some(told)
}

/// What the rules of the nodes matched.
struct Gathered {
    matched: HashMap<String, Vec<One>>,
    asked: Asked,
    diagnostics: Vec<(std::path::PathBuf, Diagnostic)>,
}

impl Gathered {
    /// Runs one of the rules. Without it, nothing can be said: an absence would be found everywhere.
    #[expect(clippy::too_many_arguments, reason = "what a run is given")]
    fn ask(
        &mut self,
        rule: &Rule,
        panther: &panther::Rule,
        id: &str,
        data: &Dataset,
        now: i64,
        cancel: &CancelToken,
        kept: &mut Option<Kept>,
    ) -> Result<(), Diagnostic> {
        let error = |code: &str, message: String| {
            Err(Diagnostic::new(Severity::Error, code, None, message))
        };
        let Some((own, body)) = panther.repository.detection(id) else {
            return error(
                "panther-unknown-rule",
                format!("there is no rule with the id `{id}` to join"),
            );
        };
        let runnable = match own.matcher {
            Matcher::Python | Matcher::Derived(_) => body.is_some(),
            Matcher::Simple(Some(_)) => true,
            Matcher::Simple(None) | Matcher::Correlation(_) => false,
        };
        if !runnable {
            return error(
                "panther-correlation-rule",
                format!("the rule `{id}` cannot be run over logs"),
            );
        }
        let member = panther.repository.member(id);
        let path = member.and_then(|m| m.body.as_ref().map(|(path, _)| path.clone()));
        let path = path.unwrap_or_else(|| rule.path.clone());
        let question = Question {
            rule: &own,
            body: body.as_deref().unwrap_or(""),
            body_path: &path,
            data,
            now,
            cancel,
            again: &Again::default(),
        };
        let answers = match question.ask(kept, None) {
            Ok(answers) => answers,
            Err(found) => {
                let first = found.into_iter().next();
                let message = first.map_or(String::new(), |d| d.message);
                return error("panther-correlation-rule", format!("{id}: {message}"));
            }
        };
        if let Some((_, wrong)) = answers.diagnostics.iter().find(|(_, d)| d.is_error()) {
            let message = format!("{id}: {}", wrong.message);
            return error("panther-correlation-rule", message);
        }
        for (_, told) in answers.diagnostics {
            let mut told = Diagnostic::new(told.severity, told.code, None, told.message);
            told.message = format!("{id}: {}", told.message);
            self.diagnostics.push((rule.path.clone(), told));
        }
        self.asked.asked += answers.asked.asked;
        self.asked.events += answers.asked.events;
        let matched = answers.found.into_iter().map(|found| One {
            id: found.id,
            event: found.event,
            context: found
                .outcome
                .alert_context
                .as_ref()
                .and_then(|context| context.as_ref().ok())
                .and_then(|text| serde_json::from_str(text).ok()),
        });
        self.matched.insert(id.to_owned(), matched.collect());
        Ok(())
    }
}

fn by_event(matched: &HashMap<String, Vec<One>>) -> HashMap<EventId, &One> {
    let all = matched.values().flatten();
    all.map(|one| (one.id, one)).collect()
}

/// A row for everything joined: title, severity, what joins, begin, end, and how many matches each node has in it.
fn matches(
    panther: &panther::Rule,
    correlation: &Correlation,
    joined: &[Joined],
    found: &[Vec<Found>],
    events: &HashMap<EventId, &One>,
) -> (Vec<(String, Type)>, Vec<Match>) {
    let mut names: Vec<String> = Vec::new();
    for (name, _) in joined.iter().flat_map(|one| &one.values) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let text = |text: &str| Value::String(Arc::from(text));
    let mut columns = vec![
        ("title".to_owned(), Type::String),
        ("severity".to_owned(), Type::String),
    ];
    columns.extend(names.iter().map(|name| (name.clone(), Type::String)));
    columns.push(("begin".to_owned(), Type::DateTime));
    columns.push(("end".to_owned(), Type::DateTime));
    let nodes = correlation.nodes();
    columns.extend(nodes.iter().map(|node| (node.id.clone(), Type::Long)));
    let rows = joined.iter().map(|one| {
        let mut row = vec![text(&panther.name), text(&panther.severity)];
        for name in &names {
            let value = one.values.iter().find(|(known, _)| known == name);
            row.push(text(value.map_or("", |(_, value)| value)));
        }
        row.push(Value::DateTime(one.start));
        row.push(Value::DateTime(one.end));
        let mut parts: Vec<(i64, EventId)> = Vec::new();
        for (node, places) in one.members.iter().enumerate() {
            row.push(Value::Long(i64::try_from(places.len()).unwrap_or(i64::MAX)));
            let of_node = found.get(node);
            let own = places.iter().filter_map(|at| of_node?.get(*at));
            parts.extend(own.filter_map(|f| Some((f.time, EventId::try_from(f.event).ok()?))));
        }
        row.resize(columns.len(), Value::Null);
        parts.sort_unstable();
        let mut lineage: Vec<EventId> = parts.into_iter().map(|(_, id)| id).collect();
        let mut seen = std::collections::HashSet::new();
        lineage.retain(|id| seen.insert(*id));
        Match {
            row: row.into(),
            entities: entities(&lineage, events).into(),
            events: lineage,
            title: panther.name.as_str().into(),
            severity: panther.severity.as_str().into(),
            ..Match::default()
        }
    });
    let rows = rows.collect();
    (columns, rows)
}

/// The identities of all parts, each once.
fn entities(lineage: &[EventId], events: &HashMap<EventId, &One>) -> Vec<Entity> {
    let mut entities: Vec<Entity> = Vec::new();
    let parts = lineage.iter().take(MOST_PARTS);
    for one in parts.filter_map(|id| events.get(id)) {
        for entity in of_panther(one.context.as_ref(), &one.event) {
            if !entities.contains(&entity) {
                entities.push(entity);
            }
        }
    }
    entities
}
