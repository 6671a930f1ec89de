//! What a record means: a raw event as it is, or one that a product wrapped or turned into a row of its table.
//! Wrapped records are opened, rows are turned back into the raw event, so that every form gives the same events.
//!
//! | shape | file | told by |
//! |---|---|---|
//! | raw event | | none of the others |
//! | `panther_enriched` | | `p_log_type` |
//! | `elastic_doc` | `elastic` | `event.dataset`, `data_stream.dataset` |
//! | `coralogix` | `coralogix` | `stream` and `data` |
//! | `wrapped` | `inside` | no connector takes the record, and one takes what is in a member of it |
//! | `data_export_blob`, `az_cli`, rows of query results | `audit_row`, `chat_row` | the columns of the table |

mod audit_row;
mod chat_row;
mod coralogix;
mod elastic;
mod inside;

use super::connectors::Loose;
use super::forms::{Reading, read_yaml};
use super::json::{self, Node};
use super::memory::size;
use crate::value::Type;
use serde_json::{Map, Value as Json};

pub(super) use inside::inside;

/// The shape of an event that Panther has added its own fields to. It is the event itself.
pub(super) const ENRICHED: &str = "panther_enriched";

/// Members that only wrapped records and rows of tables have, as a rule: others are the event itself.
pub(super) const SUSPECTS: [&str; 6] = [
    "event",
    "data_stream",
    "stream",
    "EventType",
    "Choices",
    "TableName",
];

/// A record, opened.
#[derive(Debug)]
pub(super) struct Opened<'a> {
    /// The raw event, an object.
    pub event: Node<'a>,
    /// The shape, where it is told apart from the form of its file.
    pub shape: Option<&'static str>,
    /// Whether a number beyond 64 bits was rounded.
    pub rounded: bool,
    /// Whether it was a row of a table, or put together from a document's fields.
    pub row: bool,
    /// How its texts are to be read.
    pub loose: Loose,
}

/// Most bytes of a record.
pub(super) const LONGEST: usize = 256 << 20;

/// Reads the text of a record.
///
/// # Errors
/// Why it is no event, in one sentence.
pub(super) fn read<'a>(text: &'a [u8], reading: &Reading) -> Result<Opened<'a>, String> {
    if text.len() > LONGEST {
        return Err(format!(
            "the record has {}; at most {} are read",
            size(text.len() as u64),
            size(LONGEST as u64)
        ));
    }
    let text = std::str::from_utf8(text).map_err(|error| {
        format!(
            "not UTF-8: byte {} of the record is no text",
            error.valid_up_to() + 1
        )
    })?;
    let mut loose = Loose::No;
    let (node, rounded) = match reading {
        Reading::Csv(columns) => {
            loose = match columns.has_decimal_commas() {
                true => Loose::Commas,
                false => Loose::Points,
            };
            (Node::from(Json::Object(columns.object(text)?)), false)
        }
        Reading::Yaml => (Node::from(Json::Object(read_yaml(text.as_bytes())?)), false),
        Reading::Line | Reading::Object => {
            let parsed = json::parse(text)?;
            (parsed.node, parsed.rounded)
        }
        Reading::Row(columns) => {
            let parsed = json::parse(text)?;
            let Json::Array(cells) = parsed.node.to_value() else {
                return Err("a row that is no list of cells".to_owned());
            };
            (Node::from(row(columns, cells.into_iter())?), parsed.rounded)
        }
        Reading::Inside(inner) => {
            let (reading, path) = inner.as_ref();
            let outer = read(text.as_bytes(), reading)?;
            let mut opened = inside::at(&outer.event, path)?;
            opened.rounded = outer.rounded;
            return Ok(opened);
        }
    };
    if !matches!(node, Node::Object(_)) {
        return Err("not an event: an event is a JSON object".to_owned());
    }
    let mut opened = open(node)?;
    opened.rounded = rounded;
    if opened.shape == Some("az_cli") || loose != Loose::No {
        opened.loose = loose.max(Loose::Points);
    }
    Ok(opened)
}

/// Cells as an object of their columns' names.
fn row(
    columns: &[(String, Type)],
    cells: impl ExactSizeIterator<Item = Json>,
) -> Result<Json, String> {
    if cells.len() != columns.len() {
        return Err(format!(
            "a row of {} cells where there are {} columns",
            cells.len(),
            columns.len()
        ));
    }
    let cells = columns.iter().zip(cells).map(|((name, ty), cell)| {
        let cell = match cell {
            // A dynamic cell may stand there as its JSON text.
            Json::String(text) if *ty == Type::Dynamic && text.starts_with(['{', '[']) => {
                let parsed = json::parse(&text).map(|parsed| parsed.node.to_value());
                parsed.unwrap_or(Json::String(text))
            }
            other => other,
        };
        (name.clone(), cell)
    });
    Ok(Json::Object(cells.collect()))
}

type Event = (Map<String, Json>, Option<&'static str>);

fn open(record: Node<'_>) -> Result<Opened<'_>, String> {
    let opened = |event, shape, row| Opened {
        event,
        shape,
        rounded: false,
        row,
        loose: Loose::No,
    };
    if record.get("p_log_type").is_some() {
        return Ok(opened(record, Some(ENRICHED), false));
    }
    // What the wrappers and rows are told by: nearly all records have none of these and stay as they are.
    let suspect = SUSPECTS.iter().any(|key| record.get(key).is_some());
    if !suspect {
        return Ok(opened(record, None, false));
    }
    let Json::Object(object) = record.to_value() else {
        return Ok(opened(record, None, false));
    };
    let owned = |event| Node::from(Json::Object(event));
    if let Some(document) = elastic::open(&object) {
        let ((event, shape), together) = document?;
        return Ok(opened(owned(event), shape, together));
    }
    if let Some((event, shape)) = coralogix::open(&object) {
        return Ok(opened(owned(event), shape, false));
    }
    if let Some((event, shape)) = audit_row::open(&object).or_else(|| chat_row::open(&object)) {
        return Ok(opened(owned(event), shape, true));
    }
    // A row of any other table.
    let shape = row_shape(&object).filter(|shape| *shape == "az_cli");
    Ok(opened(record, shape, false))
}

/// The form of a row of a table, by the columns that exports add.
fn row_shape(row: &Map<String, Json>) -> Option<&'static str> {
    if row.contains_key("TableName") && row.values().all(|v| v.is_string() || v.is_null()) {
        Some("az_cli")
    } else if row.contains_key("Type") {
        Some("data_export_blob")
    } else {
        None
    }
}

/// A cell's text; none where it is empty or no text.
fn filled<'a>(row: &'a Map<String, Json>, column: &str) -> Option<&'a str> {
    row.get(column)?.as_str().filter(|text| !text.is_empty())
}

/// A dynamic cell: JSON as it is, or read from its text.
fn dynamic(row: &Map<String, Json>, column: &str) -> Option<Json> {
    match row.get(column)? {
        Json::Null => None,
        Json::String(text) if text.trim().is_empty() => None,
        Json::String(text) => json::parse(text)
            .map(|parsed| parsed.node.to_value())
            .ok()
            .or_else(|| Some(Json::from(text.as_str())))
            .filter(|value| !value.is_null()),
        other => Some(other.clone()),
    }
}

/// A number cell: a number as it is, or read from its text.
fn number(row: &Map<String, Json>, column: &str) -> Json {
    match row.get(column) {
        Some(Json::String(text)) => match json::parse(text.trim()) {
            Ok(json::Parsed {
                node: Node::Number(number),
                ..
            }) => Json::Number(number),
            _ => Json::Null,
        },
        Some(number @ Json::Number(_)) => number.clone(),
        _ => Json::Null,
    }
}

/// A datetime cell as unix seconds; text that is no date is kept as it is, so that it is reported.
fn seconds(row: &Map<String, Json>, columns: &[&str]) -> Json {
    columns
        .iter()
        .find_map(|column| filled(row, column))
        .map_or(Json::Null, |text| {
            super::connectors::iso_seconds(text).unwrap_or_else(|| Json::from(text))
        })
}
