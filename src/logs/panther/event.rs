//! One event as Panther sees it.

use super::Added;
use crate::event::{Common, EventJson, Shared};
use crate::logs::connectors::panther_key;
use crate::logs::{Dataset, shapes};
use crate::value::{EventId, time};
use serde_json::Value as Json;
use std::sync::Arc;

/// The event, its details also under the key with underscores, and where they were absent `p_log_type`,
/// `p_event_time` and the connector's indicator fields.
///
/// # Errors
/// Why it cannot be read, in one sentence.
pub(super) fn seen(data: &Dataset, id: EventId, added: &Added) -> Result<EventJson, String> {
    let events = &data.store.events;
    let unknown = "there is no such event";
    let stored = events.get(id).ok_or(unknown)?;
    let text = data.read_raw(id)?;
    // A record that was read strictly when it was loaded and is wrapped in nothing is not parsed again yet.
    let plain = match stored.plain() {
        true => EventJson::of_checked(text),
        false => Err(text),
    };
    let mut event = match plain {
        Ok(event) => event,
        Err(text) => {
            let opened = shapes::read(text.as_bytes(), events.reading(stored));
            match opened.map(|opened| opened.event.to_value()) {
                Ok(event @ Json::Object(_)) => event.into(),
                _ => return Err("the record is no longer the event that was loaded".to_owned()),
            }
        }
    };
    let kind = event
        .plain("type")
        .or_else(|| event.exact("type").and_then(Json::as_str));
    if let Some(name) = kind.filter(|name| name.contains('.')) {
        let (name, key) = (name.to_owned(), panther_key(name));
        event.add_same(&key, &name);
    }
    let common = added.common.get(usize::from(stored.connector));
    event.add_common(common.ok_or(unknown)?, events.time(id));
    Ok(event)
}

/// What the events that a connector took have in common.
pub(super) fn common(log_type: &str, indicators: &[(String, Arc<Vec<Vec<String>>>)]) -> Common {
    let own = [
        (Box::from("p_log_type"), Shared::Is(Json::from(log_type))),
        (Box::from(TIME), Shared::OfNumber(event_time)),
    ];
    let named = indicators
        .iter()
        .map(|(name, paths)| (Box::from(name.as_str()), Shared::Texts(Arc::clone(paths))));
    own.into_iter().chain(named).collect()
}

/// The field that has the time of every event.
pub(super) const TIME: &str = "p_event_time";

/// `2026-06-08 05:25:25.000000000`, as Panther writes it.
fn event_time(ticks: i64) -> Json {
    let text = time::format_datetime(ticks);
    let text = text.trim_end_matches('Z').replace('T', " ");
    format!("{text}00").into()
}
