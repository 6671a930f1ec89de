//! Panther's view of the events: details also under the key with underscores, and `p_log_type`.

use super::connectors::panther_key;
use super::{Dataset, forms, shapes};
use crate::value::EventId;
use rayon::prelude::*;
use serde_json::{Map, Value as Json};
use std::sync::Arc;

/// All events of a log type in time order, those without a time first, else in the order they were loaded.
pub(super) fn view(data: &Dataset, log_type: &str) -> Vec<(EventId, Arc<Json>)> {
    let mut ids: Vec<EventId> = data
        .events
        .iter()
        .zip(0..)
        .filter(|(event, _)| {
            data.connectors
                .get(event.connector)
                .is_some_and(|c| c.log_type.as_deref() == Some(log_type))
        })
        .map(|(_, id)| id)
        .collect();
    ids.sort_by_key(|id| data.stored(*id).and_then(|event| event.time));
    ids.into_par_iter()
        .filter_map(|id| Some((id, Arc::new(event(data, id, log_type)?))))
        .collect()
}

impl Dataset {
    /// The time of an event in ticks; none where it has none or the id is unknown.
    /// As [`Dataset::event`] says it, without looking its texts up.
    pub fn event_time(&self, id: EventId) -> Option<i64> {
        self.stored(id)?.time
    }
}

fn event(data: &Dataset, id: EventId, log_type: &str) -> Option<Json> {
    let stored = data.stored(id)?;
    let text = data.raw(id)?;
    let plain = stored.reading.is_none().then(|| plain(text)).flatten();
    let mut event = plain.or_else(|| opened(text, stored.reading.as_ref()))?;
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

/// A record that was read strictly when it was loaded and is wrapped in nothing: nearly all of them.
/// None for any other.
fn plain(text: &str) -> Option<Map<String, Json>> {
    // What `shapes` tells wrapped records and rows by.
    const SUSPECT: [&str; 5] = ["event", "data_stream", "stream", "EventType", "Choices"];
    let Ok(Json::Object(event)) = serde_json::from_str(text) else {
        return None;
    };
    let suspect = SUSPECT.iter().any(|key| event.contains_key(*key));
    (!suspect).then_some(event)
}

/// A record of any shape, opened.
fn opened(text: &str, reading: Option<&forms::Reading>) -> Option<Map<String, Json>> {
    let reading = reading.unwrap_or(&forms::Reading::Object);
    match shapes::read(text.as_bytes(), reading)
        .ok()?
        .event
        .to_value()
    {
        Json::Object(event) => Some(event),
        _ => None,
    }
}
