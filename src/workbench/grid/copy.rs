//! Rows as text for the clipboard.

use super::select::Selected;
use super::source::Source;
use crate::kql::run::frame::gather;
use crate::kql::write;
use crate::task::CancelToken;
use crate::value::{Column, Type, Value};
use arrow_array::UInt32Array;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Rows that are copied at most.
pub const MOST_ROWS: usize = 100_000;
/// Bytes of text that are copied at most.
const MOST_BYTES: usize = 256 << 20;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Tabs between cells: what spreadsheets take.
    Tsv,
    /// Commas between cells.
    Csv,
    /// An array of objects.
    Json,
    /// A query that gives the rows.
    Kql,
}

impl Format {
    /// All of them, in the order of the menu.
    pub const ALL: [Format; 4] = [Format::Tsv, Format::Csv, Format::Json, Format::Kql];

    /// What the menu calls it.
    pub fn text(self) -> &'static str {
        match self {
            Format::Tsv => "Copy rows as TSV",
            Format::Csv => "Copy rows as CSV",
            Format::Json => "Copy rows as JSON",
            Format::Kql => "Copy rows as KQL datatable",
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Format::Tsv => "TSV",
            Format::Csv => "CSV",
            Format::Json => "JSON",
            Format::Kql => "KQL datatable",
        }
    }
}

/// Rows to copy.
pub struct Question {
    /// The table.
    pub source: Source,
    /// The rows as they are shown.
    pub selected: Arc<Selected>,
    /// Places among them.
    pub places: Vec<usize>,
    /// Columns, in the order they are shown.
    pub columns: Vec<(String, usize)>,
    /// How they are written.
    pub format: Format,
}

/// The text, how many rows it has and how they are written; or why there is none.
pub type Answer = Result<(String, usize, Format), String>;

/// The work of the thread.
pub fn work(question: Question, cancel: &CancelToken) -> Answer {
    let rows = question
        .places
        .iter()
        .map(|place| question.selected.row(*place));
    let rows = rows.map(|row| row.and_then(|r| u32::try_from(r).ok()));
    let rows: Vec<u32> = rows.collect::<Option<_>>().ok_or("The rows are gone")?;
    let ascending: Vec<u32> = rows
        .iter()
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let place = |row: &u32| ascending.binary_search(row).ok().map(|p| p as u32);
    let back: UInt32Array = rows.iter().map(place).collect();
    let mut columns = Vec::new();
    for (name, at) in &question.columns {
        let read = question.source.some(*at, &ascending, cancel);
        let read = read.map_err(|reason| format!("The rows cannot be copied: {reason}"))?;
        columns.push((name.as_str(), gather(&read, &back)));
    }
    let columns: Vec<(&str, &Column)> = columns.iter().map(|(n, c)| (*n, c)).collect();
    let text = text(&columns, rows.len(), question.format);
    match text.len() > MOST_BYTES {
        true => Err("The rows are too much text for the clipboard: select fewer".to_owned()),
        false => Ok((text, rows.len(), question.format)),
    }
}

/// Rows as text. CSV and TSV begin with the names; a null is nothing between two separators, an empty text is `""`.
pub fn text(columns: &[(&str, &Column)], rows: usize, format: Format) -> String {
    match format {
        Format::Tsv => separated(columns, rows, '\t'),
        Format::Csv => separated(columns, rows, ','),
        Format::Kql => write::datatable(columns, rows),
        Format::Json => {
            let object = |row| {
                let members = columns.iter();
                let members = members.map(|(n, c)| ((*n).to_owned(), c.value(row).to_json()));
                serde_json::Value::Object(members.collect())
            };
            let rows: Vec<_> = (0..rows).map(object).collect();
            serde_json::to_string_pretty(&rows).unwrap_or_default()
        }
    }
}

fn separated(columns: &[(&str, &Column)], rows: usize, separator: char) -> String {
    let mut text = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.collect();
        text.push_str(&cells.join(&separator.to_string()));
        text.push('\n');
    };
    line(&mut columns.iter().map(|(name, _)| quoted(name, separator)));
    for row in 0..rows {
        line(
            &mut columns.iter().map(|(_, column)| match column.value(row) {
                Value::Null => String::new(),
                // Told apart from a null where there may be one.
                Value::String(t) if t.is_empty() && column.ty == Type::String => "\"\"".to_owned(),
                value => quoted(&value.display(), separator),
            }),
        );
    }
    text
}

fn quoted(text: &str, separator: char) -> String {
    let plain = !text.contains([separator, '"', '\n', '\r']);
    match plain {
        true => text.to_owned(),
        false => format!("\"{}\"", text.replace('"', "\"\"")),
    }
}
