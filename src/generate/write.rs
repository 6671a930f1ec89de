//! Events in the forms that people have on disk.

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use std::io::Write;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Form {
    /// The API's pages, indented, back to back.
    EnvelopePretty,
    /// The API's pages, one a line.
    EnvelopeLines,
    /// The API's pages of twenty, indented, back to back.
    EnvelopePages,
    /// The API's pages without `object`.
    EnvelopeBare,
    /// A JSON array.
    Array,
    /// One event a line.
    Ndjson,
    /// One event a line, gzip.
    NdjsonGz,
}

impl Form {
    /// Whether it is one of the API's pages.
    pub fn is_envelope(self) -> bool {
        matches!(
            self,
            Form::EnvelopePretty | Form::EnvelopeLines | Form::EnvelopePages | Form::EnvelopeBare
        )
    }

    fn extension(self) -> &'static str {
        match self {
            Form::Ndjson => "ndjson",
            Form::NdjsonGz => "ndjson.gz",
            _ => "json",
        }
    }
}

/// The largest page of the API.
const PAGE: usize = 100;

/// A file of events: name and bytes.
pub(super) fn file(stem: &str, form: Form, events: &[Json]) -> (String, Vec<u8>) {
    let name = format!("{stem}.{}", form.extension());
    let text = match form {
        Form::EnvelopePretty => pages(events, PAGE, true, true),
        Form::EnvelopeLines => pages(events, PAGE, true, false),
        Form::EnvelopePages => pages(events, 20, true, true),
        Form::EnvelopeBare => pages(events, PAGE, false, true),
        Form::Array => pretty(&Json::from(events)),
        Form::Ndjson => lines(events),
        Form::NdjsonGz => return (name, gzip(lines(events).as_bytes())),
    };
    (name, text.into_bytes())
}

fn pretty(value: &Json) -> String {
    format!("{value:#}\n")
}

fn lines(events: &[Json]) -> String {
    let mut text = String::new();
    for event in events {
        text.push_str(&event.to_string());
        text.push('\n');
    }
    text
}

fn pages(events: &[Json], size: usize, object: bool, indented: bool) -> String {
    let mut text = String::new();
    let count = events.chunks(size).len();
    for (number, page) in events.chunks(size).enumerate() {
        let id = |event: Option<&Json>| event.and_then(|e| e.get("id")).cloned();
        let mut envelope = json!({
            "object": "list",
            "data": page,
            "first_id": id(page.first()),
            "last_id": id(page.last()),
            "has_more": number + 1 < count,
        });
        if let (false, Some(members)) = (object, envelope.as_object_mut()) {
            members.shift_remove("object");
        }
        if indented {
            text.push_str(&pretty(&envelope));
        } else {
            text.push_str(&envelope.to_string());
            text.push('\n');
        }
    }
    text
}

/// Packs bytes; the header carries no time, so that the same bytes are packed to the same bytes.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail; if it did, the file would be unpacked and still a log.
    match packer.write_all(bytes).and_then(|()| packer.finish()) {
        Ok(packed) => packed,
        Err(_) => bytes.to_vec(),
    }
}
