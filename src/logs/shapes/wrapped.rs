//! Events that a product carries inside a document of its own.

use super::Event;
use crate::logs::json;
use serde_json::{Map, Value as Json};

/// Opens a wrapped event; none where the record is not of a known wrapper.
pub(super) fn open(record: &Map<String, Json>) -> Option<Result<Event, String>> {
    elastic(record).or_else(|| coralogix(record))
}

/// An Elastic document of the `openai.audit` data set. The raw event is the text of `event.original`.
fn elastic(record: &Map<String, Json>) -> Option<Result<Event, String>> {
    let dataset = |key: &str| Some(record.get(key)?.get("dataset")?.as_str()? == "openai.audit");
    if !(dataset("data_stream").unwrap_or(false) || dataset("event").unwrap_or(false)) {
        return None;
    }
    let original = record
        .get("event")
        .and_then(|e| e.get("original")?.as_str());
    let original = original.map(|text| json::parse(text).map(|parsed| parsed.node.to_value()));
    Some(match original {
        Some(Ok(Json::Object(event))) => Ok((event, Some("elastic_doc"))),
        Some(Ok(_)) => Err("the Elastic document's event.original is no JSON object".to_owned()),
        Some(Err(reason)) => Err(format!("the Elastic document's event.original is {reason}")),
        None => Err(
            "recognised as an Elastic document without event.original, not supported yet: \
             keep the original event in the integration's settings"
                .to_owned(),
        ),
    })
}

/// Coralogix: `{"stream":"openai.…","data":{…}}`.
fn coralogix(record: &Map<String, Json>) -> Option<Result<Event, String>> {
    let stream = record.get("stream")?.as_str()?;
    let data = record.get("data")?.as_object()?;
    stream
        .starts_with("openai.")
        .then(|| Ok((data.clone(), Some("coralogix"))))
}
