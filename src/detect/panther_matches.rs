//! Makes matches of what a Panther detection said of events.

use super::Match;
use super::again::{Again, Made};
use super::ask::Found;
use super::entities::of_panther;
use super::panther_columns::Columns;
use crate::panther::{self, Exception, Outcome, TextOutput};
use crate::value::Type;
use rayon::prelude::*;
use serde_json::Value as Json;
use std::sync::Arc;

/// The columns and the matches of events that matched; what was made of the same before is taken over. With each match
/// the event is given back, to take it down.
pub(super) fn matches(
    panther: &panther::Rule,
    found: Vec<Found>,
    again: &Again,
) -> (Vec<(String, Type)>, Vec<Match>, Vec<Found>) {
    let made = found
        .into_par_iter()
        .with_min_len(64)
        .map(|found| (one(panther, &found, again), found));
    let (mut matches, found): (Vec<Match>, Vec<Found>) = made.unzip();
    let mut columns = Columns::new();
    for one in &matches {
        if let Some(context) = one.context.as_deref().and_then(Json::as_object) {
            columns.meet(context);
        }
    }
    // Only now are all columns known.
    let named = columns.named();
    let same = again.had_columns(&named);
    let rows = matches.par_iter_mut().zip(&found).with_min_len(64);
    rows.for_each(|(one, found)| {
        let own = [Some(&one.title), Some(&one.severity), one.dedup.as_ref()];
        one.row = match again.row(found).filter(|_| same) {
            Some(row) => columns.row_of(own, row),
            None => columns.row(own, one.context.as_deref().and_then(Json::as_object)),
        };
    });
    (named, matches, found)
}

fn one(panther: &panther::Rule, found: &Found, again: &Again) -> Match {
    let outcome = &found.outcome;
    let made = again.made(found).unwrap_or_else(|| {
        let context = ok(&outcome.alert_context).and_then(|text| serde_json::from_str(&text).ok());
        let entities = of_panther(context.as_ref(), &found.event).into();
        Made {
            context: context.map(Arc::new),
            entities,
        }
    });
    Match {
        row: Arc::default(),
        events: vec![found.id],
        entities: made.entities,
        title: ok(&outcome.title).unwrap_or_else(|| panther.id.as_str().into()),
        severity: ok(&outcome.severity).unwrap_or_else(|| panther.severity.as_str().into()),
        dedup: ok(&outcome.dedup),
        context: made.context,
        outputs: outputs(outcome),
    }
}

/// What the functions gave that have no column, in the platform's order.
fn outputs(outcome: &Outcome) -> Vec<(&'static str, Arc<str>)> {
    let text = |output: &TextOutput| match output {
        Some(Ok(text)) if !text.is_empty() => Some(Arc::clone(text)),
        _ => None,
    };
    let destinations = match &outcome.destinations {
        Some(Ok(names)) => Some(names.join(", ").into()),
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

fn ok<T: Clone>(output: &Option<Result<T, Exception>>) -> Option<T> {
    output.as_ref()?.as_ref().ok().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventJson;
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
        let found = |id, context| Found {
            id,
            event: Arc::clone(&event),
            outcome: outcome(context).into(),
            native: true,
        };
        let found = vec![
            found(1, r#"{"a": 1, "title": "x"}"#),
            found(2, r#"{"b": [1], "a": "s"}"#),
        ];
        let (columns, matches, _) = matches(&rule, found, &Again::default());
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
        assert_eq!(&*matches[1].severity, "HIGH");
    }
}
