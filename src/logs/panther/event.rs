//! One event as Panther sees it.

use crate::event::EventJson;
use crate::logs::connectors::panther_key;
use crate::logs::{Dataset, shapes};
use crate::value::EventId;
use serde_json::Value as Json;

/// The event, its details also under the key with underscores, and `p_log_type` where it was absent.
pub(super) fn seen(data: &Dataset, id: EventId, log_type: &str) -> Option<EventJson> {
    let events = &data.store.events;
    let stored = events.get(id)?;
    let text = data.raw(id)?;
    // A record that was read strictly when it was loaded and is wrapped in nothing is not parsed again yet.
    let plain = match stored.plain() {
        true => EventJson::of_checked(text),
        false => Err(text),
    };
    let mut event = match plain {
        Ok(event) => event,
        Err(text) => {
            let opened = shapes::read(text.as_bytes(), events.reading(stored)).ok()?;
            let event @ Json::Object(_) = opened.event.to_value() else {
                return None;
            };
            event.into()
        }
    };
    if let Some(name) = event.exact("type").and_then(Json::as_str)
        && name.contains('.')
    {
        let (name, key) = (name.to_owned(), panther_key(name));
        event.add_same(&key, &name);
    }
    event.add("p_log_type", || Json::from(log_type));
    Some(event)
}
