//! Raw events of a case: the nodes' rules run over them, and their matches are what is joined.

use super::super::Outcome;
use super::values::{found, time_of};
use super::{Correlation, Found};
use serde_json::Value as Json;
use std::collections::HashMap;

/// An event of a case that a rule matched, but that has no time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeless {
    /// Its place among the events, from 0.
    pub event: usize,
}

/// Runs the rule of every node over the events. `evaluate` is asked for each rule and event once, and says
/// nothing where the rule does not look at events of this kind. The names of the matches' events are their places.
///
/// # Errors
/// The first event that matched and has no `p_event_time`.
pub fn raw_events(
    correlation: &Correlation,
    events: &[Json],
    evaluate: &mut dyn FnMut(&str, &Json) -> Option<Outcome>,
) -> Result<Vec<Vec<Found>>, Timeless> {
    // Per rule: for every event that matched, its alert context.
    let mut asked: HashMap<&str, Vec<(usize, Option<Json>)>> = HashMap::new();
    let mut all = Vec::with_capacity(correlation.nodes.len());
    for node in &correlation.nodes {
        let matched = asked.entry(node.rule_id.as_str()).or_insert_with(|| {
            events
                .iter()
                .enumerate()
                .filter_map(|(i, event)| {
                    let outcome = evaluate(&node.rule_id, event)?;
                    outcome.is_match().then(|| (i, context(&outcome)))
                })
                .collect()
        });
        let mut list = Vec::with_capacity(matched.len());
        for (i, context) in matched.iter() {
            let Some(event) = events.get(*i) else {
                continue;
            };
            let time = time_of(event).ok_or(Timeless { event: *i })?;
            list.push(found(node, event, context.as_ref(), time, *i as u64));
        }
        all.push(list);
    }
    Ok(all)
}

/// The alert context of an outcome.
fn context(outcome: &Outcome) -> Option<Json> {
    match &outcome.alert_context {
        Some(Ok(text)) => serde_json::from_str(text).ok(),
        _ => None,
    }
}
