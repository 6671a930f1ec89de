//! Panther's view of the events: details also under the key with underscores, and `p_log_type`.

use super::connectors::{self, panther_key};
use super::{Dataset, forms, shapes};
use crate::value::EventId;
use rayon::prelude::*;
use serde_json::Value as Json;
use std::sync::Arc;

/// All events of a log type in time order, those without a time first, else in the order they were loaded.
pub(super) fn view(data: &Dataset, log_type: &'static str) -> Vec<(EventId, Arc<Json>)> {
    let mut ids: Vec<EventId> = data
        .events
        .iter()
        .zip(0..)
        .filter(|(event, _)| {
            connectors::ALL
                .get(event.connector)
                .is_some_and(|c| c.log_type() == Some(log_type))
        })
        .map(|(_, id)| id)
        .collect();
    ids.sort_by_key(|id| data.stored(*id).and_then(|event| event.time));
    ids.into_par_iter()
        .filter_map(|id| Some((id, Arc::new(event(data, id, log_type)?))))
        .collect()
}

fn event(data: &Dataset, id: EventId, log_type: &str) -> Option<Json> {
    let stored = data.stored(id)?;
    let reading = stored.reading.as_ref().unwrap_or(&forms::Reading::Object);
    let opened = shapes::read(data.raw(id)?.as_bytes(), reading).ok()?;
    let Json::Object(mut event) = opened.event.to_value() else {
        return None;
    };
    let name = event.get("type").and_then(Json::as_str).unwrap_or("");
    let key = panther_key(name);
    if let Some(details) = event.get(name).filter(|_| !event.contains_key(&key)) {
        let details = details.clone();
        event.insert(key, details);
    }
    if !event.contains_key("p_log_type") {
        event.insert("p_log_type".to_owned(), Json::from(log_type));
    }
    Some(Json::Object(event))
}
