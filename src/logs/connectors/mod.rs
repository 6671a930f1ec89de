//! From raw events to the columns of a table, one file a connector.
//!
//! A connector holds, in one place, which events it takes, its columns, and what fills them: the platform's own
//! ingest transform.

mod openai_audit;
mod openai_completions;
mod time;

use super::columns::{Cell, ColumnDef};
use super::json::Node;

pub(super) use openai_audit::panther_key;
pub(super) use time::{instant, iso_seconds};

/// One event as cells of its table, in the order of [`Connector::columns`] without the fixed and empty ones.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// The cells.
    pub cells: Vec<Cell>,
    /// Its time, ticks.
    pub time: Option<i64>,
    /// What a person should know of it.
    pub remarks: Remarks,
}

/// What a person should know of an event, counted per file.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Remarks {
    /// It has no time.
    pub timeless: bool,
    /// Its time could not be read.
    pub bad_time: bool,
    /// Its time lies before 2015 or after 2099.
    pub implausible: bool,
    /// Its time is finer than seconds or is text.
    pub other_unit: bool,
    /// Its details stand under the API's dotted key, not under Panther's.
    pub aliased: bool,
    /// A number beyond 64 bits was rounded.
    pub rounded: bool,
    /// It was a row of a table and was turned back into the raw event.
    pub turned_back: bool,
}

/// A kind of raw event and its table.
pub(super) trait Connector: Sync {
    /// Its name, such as `openai-audit`.
    fn id(&self) -> &'static str;
    /// Its table as rules name it, then the other names of that table.
    fn tables(&self) -> &'static [&'static str];
    /// Panther's log type of the same events.
    fn log_type(&self) -> Option<&'static str>;
    /// The table's columns.
    fn columns(&self) -> &'static [ColumnDef];
    /// The column that holds the record's own identifier.
    fn id_column(&self) -> &'static str;
    /// Whether it takes an event.
    fn takes(&self, event: &Node<'_>) -> bool;
    /// What a record that looks like its events lacks, as a sentence; none for records of other kinds.
    fn missing(&self, event: &Node<'_>) -> Option<String>;
    /// The event's row.
    fn read(&self, event: &Node<'_>) -> Row;
}

/// All connectors. An event goes to the first that takes it.
pub(super) static ALL: &[&dyn Connector] = &[
    &openai_audit::OpenAiAudit,
    &openai_completions::OpenAiCompletions,
];

/// The index in [`ALL`] of the connector that takes an event.
///
/// # Errors
/// Why none takes it.
pub(super) fn find(event: &Node<'_>) -> Result<usize, String> {
    if let Some(index) = ALL.iter().position(|connector| connector.takes(event)) {
        return Ok(index);
    }
    if let Some(log_type) = event.text("p_log_type") {
        return Err(format!("no connector for the log type {log_type}"));
    }
    let members = match event {
        Node::Object(members) => members.as_slice(),
        _ => &[],
    };
    let mut keys: Vec<String> = members
        .iter()
        .take(5)
        .map(|(key, _)| key.chars().take(40).collect())
        .collect();
    if members.len() > keys.len() {
        keys.push("…".to_owned());
    }
    if keys.is_empty() {
        return Err("an empty object".to_owned());
    }
    if let Some(missing) = ALL.iter().find_map(|connector| connector.missing(event)) {
        return Err(missing);
    }
    Err(format!(
        "no connector takes this record (its keys: {})",
        keys.join(", ")
    ))
}

/// KQL's `tostring` of a JSON value: text as it is, null as nothing, else compact JSON.
fn text(value: Option<&Node<'_>>) -> Cell {
    match value {
        None | Some(Node::Null) => Cell::Null,
        Some(Node::Text(text)) => Cell::Text(text.clone().into_owned()),
        Some(other) => Cell::Text(other.to_json_text()),
    }
}

/// A dynamic cell.
fn dynamic(value: Option<&Node<'_>>) -> Cell {
    match value {
        None | Some(Node::Null) => Cell::Null,
        Some(json) => Cell::Text(json.to_json_text()),
    }
}

/// KQL's `tolong`: whole numbers exact, others cut, text read.
fn long(value: Option<&Node<'_>>) -> Cell {
    let read = match value {
        Some(Node::Number(number)) => number.as_i64().or_else(|| {
            number
                .as_f64()
                .filter(|real| real.abs() < 9.2e18 && !number.is_u64())
                .map(|real| real as i64)
        }),
        Some(Node::Text(text)) => text.trim().parse().ok(),
        _ => None,
    };
    read.map_or(Cell::Null, Cell::Long)
}

/// A real cell of a number.
fn real(value: Option<&Node<'_>>) -> Cell {
    match value {
        Some(Node::Number(number)) => number.as_f64().map_or(Cell::Null, Cell::Real),
        Some(Node::Text(text)) => text.trim().parse().map_or(Cell::Null, Cell::Real),
        _ => Cell::Null,
    }
}
