//! Makes matches of what a Panther detection said of events.

use super::Match;
use super::entities::of_panther;
use super::panther_columns::Columns;
use crate::event::EventJson;
use crate::panther::{self, Exception, Outcome};
use crate::value::{EventId, Type};
use rayon::prelude::*;
use serde_json::Value as Json;
use std::sync::Arc;

/// The columns and the matches of events that matched.
pub(super) fn matches(
    panther: &panther::Rule,
    found: Vec<(EventId, Arc<EventJson>, Outcome)>,
) -> (Vec<(String, Type)>, Vec<Match>) {
    let made = found
        .into_par_iter()
        .with_min_len(64)
        .map(|found| one(panther, found));
    let mut matches: Vec<Match> = made.collect();
    let mut columns = Columns::new();
    for one in &matches {
        if let Some(Json::Object(context)) = &one.context {
            columns.meet(context);
        }
    }
    // Only now are all columns known.
    matches.par_iter_mut().with_min_len(64).for_each(|one| {
        let own = [
            Some(&*one.title),
            Some(&*one.severity),
            one.dedup.as_deref(),
        ];
        one.row = columns.row(own, one.context.as_ref().and_then(Json::as_object));
    });
    (columns.named(), matches)
}

fn one(panther: &panther::Rule, (id, event, outcome): (EventId, Arc<EventJson>, Outcome)) -> Match {
    let outputs = outputs(&outcome);
    let context: Option<Json> =
        ok(outcome.alert_context).and_then(|text| serde_json::from_str(&text).ok());
    Match {
        row: Vec::new(),
        events: vec![id],
        entities: of_panther(context.as_ref(), &event),
        title: ok(outcome.title).unwrap_or_else(|| panther.id.clone()),
        severity: ok(outcome.severity).unwrap_or_else(|| panther.severity.clone()),
        dedup: ok(outcome.dedup),
        context,
        outputs,
    }
}

/// What the functions gave that have no column, in the platform's order.
fn outputs(outcome: &Outcome) -> Vec<(&'static str, String)> {
    let text = |output: &Option<Result<String, Exception>>| match output {
        Some(Ok(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let destinations = match &outcome.destinations {
        Some(Ok(names)) => Some(names.join(", ")),
        _ => None,
    };
    [
        ("description", text(&outcome.description)),
        ("reference", text(&outcome.reference)),
        ("runbook", text(&outcome.runbook)),
        ("destinations", destinations),
        ("unique", text(&outcome.unique)),
    ]
    .into_iter()
    .filter_map(|(name, given)| Some((name, given?)))
    .collect()
}

fn ok<T>(output: Option<Result<T, Exception>>) -> Option<T> {
    output.and_then(Result::ok)
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
        let event = Arc::new(EventJson::from(json!({})));
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
