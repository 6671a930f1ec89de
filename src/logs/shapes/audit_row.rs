//! A row of `OpenAIAuditLogs` back to the raw event of the audit log.

use super::{Event, dynamic, filled, row_shape, seconds};
use crate::logs::connectors::panther_key;
use serde_json::{Map, Value as Json};

/// Turns a row back; none where the record is no such row.
pub(super) fn open(row: &Map<String, Json>) -> Option<Event> {
    let event_type = filled(row, "EventType")?;
    // Exports leave cells out that are null.
    let mut actors = ["ActorSession", "ActorApiKey", "ActorType"].iter();
    if !(row.contains_key("EffectiveAt") && actors.any(|column| row.contains_key(*column))) {
        return None;
    }
    let mut event = Map::new();
    let mut put = |key: &str, value: Json| event.insert(key.to_owned(), value);
    put("object", Json::from("organization.audit_log"));
    put("id", Json::from(filled(row, "Id").unwrap_or("")));
    put("type", Json::from(event_type));
    put(
        "effective_at",
        seconds(row, &["EffectiveAt", "TimeGenerated"]),
    );
    if let Some(project) = dynamic(row, "Project") {
        put("project", project);
    }
    let mut actor = Map::new();
    if let Some(kind) = filled(row, "ActorType") {
        actor.insert("type".to_owned(), Json::from(kind));
    }
    for (column, key) in [("ActorSession", "session"), ("ActorApiKey", "api_key")] {
        if let Some(value) = dynamic(row, column) {
            actor.insert(key.to_owned(), value);
        }
    }
    put("actor", Json::Object(actor));
    if let Some(details) = dynamic(row, "EventDetails") {
        // The column's inner shape is not published: some exports keep the key around the details.
        let inner = details
            .as_object()
            .filter(|object| object.len() == 1)
            .and_then(|object| {
                object
                    .get(event_type)
                    .or_else(|| object.get(&panther_key(event_type)))
            })
            .cloned();
        put(event_type, inner.unwrap_or(details));
    }
    if let Some(name) = filled(row, "ConnectorName") {
        put("friendlyName", Json::from(name));
    }
    Some((event, row_shape(row)))
}
