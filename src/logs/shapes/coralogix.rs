//! Coralogix' records around an event of an OpenAI stream.

use super::Event;
use serde_json::{Map, Value as Json};

/// `{"stream":"openai.…","data":{…}}`.
pub(super) fn open(record: &Map<String, Json>) -> Option<Event> {
    let stream = record.get("stream")?.as_str()?;
    let data = record.get("data")?.as_object()?;
    stream
        .starts_with("openai.")
        .then(|| (data.clone(), Some("coralogix")))
}
