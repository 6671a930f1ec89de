//! Documents of Elastic's `openai.audit` data set. The raw event is the text of `event.original`; where a pipeline did
//! not keep it, the event is put together again from the fields that the pipeline moved it to.

use super::Event;
use crate::logs::json;
use serde_json::{Map, Value as Json};

const SHAPE: &str = "elastic_doc";

/// Opens a document, and says whether it was put together; none where the record is no such document.
pub(super) fn open(record: &Map<String, Json>) -> Option<Result<(Event, bool), String>> {
    let dataset = |key: &str| Some(record.get(key)?.get("dataset")?.as_str()? == "openai.audit");
    if !(dataset("data_stream").unwrap_or(false) || dataset("event").unwrap_or(false)) {
        return None;
    }
    let original = record
        .get("event")
        .and_then(|e| e.get("original")?.as_str());
    let original = original.map(|text| json::parse(text).map(|parsed| parsed.node.to_value()));
    Some(match original {
        Some(Ok(Json::Object(event))) => Ok(((event, Some(SHAPE)), false)),
        Some(Ok(_)) => Err("the Elastic document's event.original is no JSON object".to_owned()),
        Some(Err(reason)) => Err(format!("the Elastic document's event.original is {reason}")),
        None => match together(record) {
            Some(event) => Ok(((event, Some(SHAPE)), true)),
            None => Err(
                "an Elastic document with neither event.original nor event.action and @timestamp"
                    .to_owned(),
            ),
        },
    })
}

/// The value at a path, where it is not null.
fn at<'j>(record: &'j Map<String, Json>, path: &[&str]) -> Option<&'j Json> {
    let (first, rest) = path.split_first()?;
    let mut value = record.get(*first)?;
    for name in rest {
        value = value.get(name)?;
    }
    (!value.is_null()).then_some(value)
}

fn together(record: &Map<String, Json>) -> Option<Map<String, Json>> {
    let audit = at(record, &["openai", "audit"]).and_then(Json::as_object);
    let own = |name: &str| audit.and_then(|audit| audit.get(name)).cloned();
    // Dots were turned into dashes, which no type of the API has.
    let action = at(record, &["event", "action"]).and_then(Json::as_str);
    let kind = own("type").or_else(|| Some(Json::from(action?.replace('-', "."))))?;
    let time = at(record, &["@timestamp"]).and_then(Json::as_str);
    let time = own("effective_at").or_else(|| crate::logs::connectors::iso_seconds(time?))?;
    let mut event = Map::new();
    event.insert("object".to_owned(), Json::from("organization.audit_log"));
    let id = own("id").or_else(|| at(record, &["event", "id"]).cloned());
    event.insert("id".to_owned(), id.unwrap_or(Json::Null));
    event.insert("type".to_owned(), kind);
    event.insert("effective_at".to_owned(), time);
    // The rest is what the pipeline left where it was.
    for (name, value) in audit.into_iter().flatten() {
        if !event.contains_key(name) {
            event.insert(name.clone(), value.clone());
        }
    }
    if let Some(Json::Object(actor)) = event.get_mut("actor") {
        let by_key = actor.get("type").and_then(Json::as_str) == Some("api_key");
        let holder = if by_key { "api_key" } else { "session" };
        let mut members = taken(actor, holder);
        let mut user = taken(&mut members, "user");
        moved(
            record,
            &mut user,
            &[("id", &["user", "id"]), ("email", &["user", "email"])],
        );
        if !user.is_empty() {
            members.insert("user".to_owned(), Json::Object(user));
        }
        if !by_key {
            let session: [(&str, &[&str]); 3] = [
                ("ip_address", &["source", "ip"]),
                ("user_agent", &["user_agent", "original"]),
                ("ja3", &["tls", "client", "ja3"]),
            ];
            moved(record, &mut members, &session);
        }
        actor.insert(holder.to_owned(), Json::Object(members));
    }
    Some(event)
}

/// An object's member that is an object, taken out of it; an empty one where it is none.
fn taken(object: &mut Map<String, Json>, name: &str) -> Map<String, Json> {
    match object.remove(name) {
        Some(Json::Object(members)) => members,
        _ => Map::new(),
    }
}

/// Puts values of a document where the pipeline took them from, unless they are still there.
fn moved(record: &Map<String, Json>, to: &mut Map<String, Json>, from: &[(&str, &[&str])]) {
    for (name, path) in from {
        if let Some(value) = at(record, path) {
            to.entry(*name).or_insert_with(|| value.clone());
        }
    }
}
