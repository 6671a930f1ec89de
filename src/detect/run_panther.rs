//! Runs a Panther rule: its Python body over the events of its log types.

use super::asked::Chosen;
use super::entities::of_panther;
use super::exceptions::Raised;
use super::panther_columns::{Columns, value};
use super::{Asked, Match, Rule, Run};
use crate::diagnostic::{Diagnostic, Severity};
use crate::logs::Dataset;
use crate::panther::guard::{self, Guard};
use crate::panther::{self, Engine, Exception, Limits, Matcher, Mode, Outcome};
use crate::python::Library;
use crate::task::CancelToken;
use crate::value::{EventId, Type};
use crate::yaml::Step;
use serde_json::Value as Json;
use std::sync::Arc;

/// An engine with the texts it was loaded from.
pub(super) struct Loaded {
    yaml: String,
    body: String,
    /// What the body can import.
    library: Arc<Library>,
    engine: Engine,
    guard: Guard,
}

/// Events are asked about in portions: few enough that the memory of one serves the next while it is still warm.
const PORTION: usize = 512;

/// Runs the rule over the events of its log types up to a clock, as the platform does in production.
pub(super) fn run(
    rule: &Rule,
    panther: &panther::Rule,
    data: &Dataset,
    now: i64,
    cancel: &CancelToken,
    kept: &mut Option<Loaded>,
) -> Run {
    let mut run = Run {
        now,
        ..Run::default()
    };
    let body = rule.companion_text.as_deref().unwrap_or("");
    let body_path = rule.companion.clone().unwrap_or_else(|| rule.path.clone());
    let mut loaded = match load(rule, panther, body, kept) {
        Ok(loaded) => loaded,
        Err(found) => {
            run.diagnostics = found.into_iter().map(|d| (body_path.clone(), d)).collect();
            return run;
        }
    };
    let chosen = Chosen::of(&panther.log_types, data, now, &loaded.guard);
    run.asked = Some(Asked {
        asked: chosen.len(),
        events: chosen.events,
    });
    let mut found: Vec<(EventId, Arc<Json>, Outcome)> = Vec::new();
    let mut raised = Raised::default();
    let mut from = 0;
    let mut portion = chosen.portion(from, PORTION);
    while from < chosen.len() {
        let events: Vec<Arc<Json>> = portion.iter().map(|(_, e)| Arc::clone(e)).collect();
        let engine = &mut loaded.engine;
        from += PORTION;
        // The next ones are parsed while the interpreter has these.
        let (outcomes, next) = rayon::join(
            || engine.evaluate(&events, Mode::Production, &[], cancel),
            || chosen.portion(from, PORTION),
        );
        match outcomes {
            Ok(outcomes) => {
                for ((id, event), outcome) in portion.iter().zip(outcomes) {
                    raised.note(&outcome, *id);
                    if outcome.is_match() {
                        found.push((*id, Arc::clone(event), outcome));
                    }
                }
            }
            Err(stopped) => {
                // The engine may be of no use after a limit: it is dropped, and loaded anew next time.
                run.diagnostics.push((body_path, stopped));
                return run;
            }
        }
        if cancel.is_cancelled() {
            run.diagnostics.push((body_path, cancelled()));
            return run;
        }
        portion = next;
    }
    *kept = Some(loaded);
    run.diagnostics = raised.diagnostics(body, &body_path, data);
    if chosen.events == 0 {
        run.diagnostics
            .push((rule.path.clone(), no_events(panther)));
    }
    (run.columns, run.matches) = matches(panther, found);
    run
}

/// The kept engine where the texts are the same, else a new one.
fn load(
    rule: &Rule,
    panther: &panther::Rule,
    body: &str,
    kept: &mut Option<Loaded>,
) -> Result<Loaded, Vec<Diagnostic>> {
    match kept.take() {
        Some(loaded)
            if loaded.yaml == rule.text
                && loaded.body == body
                && loaded.library.modules() == panther.repository.library().modules() =>
        {
            Ok(loaded)
        }
        _ => Ok(Loaded {
            yaml: rule.text.clone(),
            body: body.to_owned(),
            engine: Engine::load(panther, body, Limits::default())?,
            guard: match panther.matcher {
                // Inline filters come first, and may raise.
                Matcher::Python | Matcher::Derived(_)
                    if panther.kind.function() == "rule" && panther.filters.is_none() =>
                {
                    guard::read_with(body, panther.repository.library())
                }
                _ => Guard::default(),
            },
            library: Arc::clone(panther.repository.library()),
        }),
    }
}

fn matches(
    panther: &panther::Rule,
    found: Vec<(EventId, Arc<Json>, Outcome)>,
) -> (Vec<(String, Type)>, Vec<Match>) {
    let mut columns = Columns::new();
    let mut rows: Vec<(Vec<Json>, Match)> = Vec::with_capacity(found.len());
    for (id, event, outcome) in found {
        let title = ok(outcome.title).unwrap_or_else(|| panther.id.clone());
        let severity = ok(outcome.severity).unwrap_or_else(|| panther.severity.clone());
        let dedup = ok(outcome.dedup);
        let context: Option<Json> =
            ok(outcome.alert_context).and_then(|text| serde_json::from_str(&text).ok());
        let mut cells = vec![
            Json::from(title.clone()),
            Json::from(severity.clone()),
            dedup.clone().map_or(Json::Null, Json::from),
        ];
        if let Some(Json::Object(context)) = &context {
            columns.fill(&mut cells, context);
        }
        let entities = of_panther(context.as_ref(), &event);
        rows.push((
            cells,
            Match {
                row: Vec::new(),
                events: vec![id],
                entities,
                title,
                severity,
                dedup,
                context,
            },
        ));
    }
    let types = columns.types(rows.iter().map(|(cells, _)| cells.as_slice()));
    let matches = rows
        .into_iter()
        .map(|(mut cells, mut one)| {
            cells.resize(types.len(), Json::Null);
            one.row = cells
                .into_iter()
                .zip(&types)
                .map(|(cell, ty)| value(cell, *ty))
                .collect();
            one
        })
        .collect();
    (columns.names.into_iter().zip(types).collect(), matches)
}

fn ok<T>(output: Option<Result<T, Exception>>) -> Option<T> {
    output.and_then(Result::ok)
}

/// Silence because of missing logs is not the silence of a rule that found nothing.
fn no_events(panther: &panther::Rule) -> Diagnostic {
    let log_types = panther.log_types.join(", ");
    Diagnostic::new(
        Severity::Information,
        "panther-no-events",
        panther.document.span(&[Step::Key("LogTypes".into())]),
        format!("No event of {log_types} is loaded up to the clock"),
    )
}

fn cancelled() -> Diagnostic {
    Diagnostic::new(
        Severity::Error,
        "panther-cancelled",
        None,
        "The run was cancelled",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;
    use serde_json::json;

    #[test]
    fn columns_come_from_the_contexts() {
        let outcome = |context: &str| Outcome {
            matched: Some(Ok(true)),
            title: Some(Ok("T".into())),
            severity: None,
            alert_context: Some(Ok(context.into())),
            ..Outcome::default()
        };
        let rule = panther::Rule {
            severity: "HIGH".into(),
            ..panther::Rule::default()
        };
        let event = Arc::new(json!({}));
        let (columns, matches) = matches(
            &rule,
            vec![
                (1, Arc::clone(&event), outcome(r#"{"a": 1, "title": "x"}"#)),
                (2, event, outcome(r#"{"b": [1], "a": "s"}"#)),
            ],
        );
        let names: Vec<String> = columns.iter().map(|(n, t)| format!("{n}:{t}")).collect();
        assert_eq!(
            names,
            [
                "title:string",
                "severity:string",
                "dedup:string",
                "a:dynamic",
                "context.title:string",
                "b:dynamic"
            ]
        );
        assert_eq!(matches[0].row.len(), 6);
        assert_eq!(matches[0].row[3], Value::Dynamic(Arc::new(json!(1))));
        assert_eq!(matches[1].severity, "HIGH");
    }
}
