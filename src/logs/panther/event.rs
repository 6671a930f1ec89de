//! One event as Panther sees it.

use crate::logs::connectors::panther_key;
use crate::logs::{Dataset, forms, shapes};
use crate::value::EventId;
use serde_json::{Map, Value as Json};

/// The event: parsed, its details also under the key with underscores, and `p_log_type` where it was absent.
pub(super) fn parsed(data: &Dataset, id: EventId, log_type: &str) -> Option<Json> {
    let events = &data.store.events;
    let stored = events.get(id)?;
    let text = data.raw(id)?;
    let plain = stored.plain().then(|| plain(&text)).flatten();
    let mut event = plain.or_else(|| opened(&text, events.reading(stored)))?;
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
fn plain(text: &str) -> Option<Map<String, Json>> {
    match serde_json::from_str(text) {
        Ok(Json::Object(event)) => Some(event),
        _ => None,
    }
}

/// A record of any shape, opened.
fn opened(text: &str, reading: &forms::Reading) -> Option<Map<String, Json>> {
    match shapes::read(text.as_bytes(), reading)
        .ok()?
        .event
        .to_value()
    {
        Json::Object(event) => Some(event),
        _ => None,
    }
}
