//! `csv`: a header line and records, RFC 4180; separated by commas, semicolons, tabs or bars. `portal_csv`: the download
//! of a portal's result, told by its `TimeGenerated` column; a header cell such as `TimeGenerated [UTC]` names the zone
//! in which the dates of its column are written.
//!
//! Cells are texts. Only dates as a browser or a spreadsheet writes them ([`dates`]) are turned into ISO 8601, all of a
//! column in the same way, and the decimal commas of a portal's numbers into points.

mod dates;
mod header;

use super::{Found, Reading, Split};
use crate::logs::scan;
use crate::value::cells;
use dates::{Order, Zone};
use serde_json::{Map, Value as Json};
use std::ops::Range;
use std::sync::Arc;

pub(super) use header::{recognise, without_header};

/// The columns of a CSV file, and how its cells are read.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::logs) struct Columns {
    separator: u8,
    columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq)]
struct Column {
    name: String,
    how: How,
}

/// How the cells of a column are read.
#[derive(Clone, Debug, PartialEq)]
enum How {
    /// As they are.
    Text,
    /// Dates in an order of day, month and year, in a zone.
    Dates(Order, Zone),
    /// Numbers with a comma before the decimals.
    DecimalComma,
}

impl Columns {
    /// Whether numbers are written with a comma before their decimals, as far as the separator tells.
    pub fn has_decimal_commas(&self) -> bool {
        self.separator != b','
    }

    /// The record of a line as an object.
    ///
    /// # Errors
    /// That it has another number of cells or is damaged, in one sentence.
    pub fn object(&self, record: &str) -> Result<Map<String, Json>, String> {
        if record.contains('\0') {
            return Err("a NUL byte stands in the row".to_owned());
        }
        let most = self.columns.len() + MOST_BEYOND;
        let cells = cells::first_cells(record, self.separator, most + 1);
        if cells.len() > most {
            return Err(format!(
                "a row of more than {most} cells where there are {} columns",
                self.columns.len()
            ));
        }
        // What a spreadsheet adds: empty cells at the end.
        let beyond = cells.get(self.columns.len()..).unwrap_or_default();
        if cells.len() < self.columns.len() || beyond.iter().any(|cell| !cell.is_empty()) {
            return Err(format!(
                "a row of {} cells where there are {} columns",
                cells.len(),
                self.columns.len()
            ));
        }
        let cells = self.columns.iter().zip(cells).map(|(column, cell)| {
            let read = match &column.how {
                How::Text => None,
                How::Dates(order, zone) => dates::iso(&cell, *order, zone),
                How::DecimalComma => with_point(&cell),
            };
            (column.name.clone(), Json::from(read.unwrap_or(cell)))
        });
        Ok(cells.collect())
    }
}

/// Most cells that a row may have beyond the columns, all of them empty: a spreadsheet has no more columns than this.
const MOST_BEYOND: usize = 16_384;

/// What separates cells: until the header is read any of them may.
const SEPARATORS: &[u8] = b",;\t|";

/// The next record's bytes (quoted cells may hold line ends), and whether a quoted cell is left open.
pub(in crate::logs) fn record(text: &[u8], at: usize) -> (Range<usize>, bool) {
    cells::record(text, at, SEPARATORS)
}

/// Whether a record has nothing in it.
fn is_blank(record: &[u8]) -> bool {
    record.iter().all(u8::is_ascii_whitespace)
}

/// Cuts the text into its records. A quote that is never closed costs the record it is in: the next line goes on.
pub(super) fn split(text: &[u8], start: usize) -> Split {
    let Some(head) = header::read(text, start) else {
        let mut split = Split::default();
        split.reject(text, 1, start, "the first line is no header of a CSV file");
        return split;
    };
    let mut split = Split {
        form: if head.is_portal() {
            "portal_csv"
        } else {
            "csv"
        },
        notes: head.notes.clone(),
        ..Split::default()
    };
    let mut lines = scan::Lines::with_returns(text, 1);
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    // An open quote is looked for up to the end of the text, once for all.
    let mut gives_up = false;
    let mut at = head.end;
    while at < text.len() {
        let (mut range, mut open) = if gives_up {
            (line_at(text, at), false)
        } else {
            record(text, at)
        };
        if open {
            gives_up = true;
            range = line_at(text, at);
        }
        let bytes = text.get(range.clone()).unwrap_or_default();
        open = gives_up && record(bytes, 0).1;
        let line = lines.at(at);
        at = cells::behind(text, range.end);
        if open {
            let reason = "cut off: a quoted cell is not closed";
            split.reject(text, line, range.start, reason);
        } else if !is_blank(bytes) {
            found.push((range, line));
        }
    }
    let texts = found.iter().filter_map(|(range, _)| {
        let bytes = text.get(range.clone())?;
        std::str::from_utf8(bytes).ok()
    });
    let (columns, notes) = head.columns(texts);
    split.notes.extend(notes);
    let columns = Arc::new(columns);
    split.found = found
        .into_iter()
        .map(|(range, line)| Found {
            range,
            base: 0,
            line,
            reading: Reading::Csv(Arc::clone(&columns)),
        })
        .collect();
    split
}

fn line_at(text: &[u8], at: usize) -> Range<usize> {
    let end = memchr::memchr(b'\n', text.get(at..).unwrap_or_default());
    at..end.map_or(text.len(), |n| at + n)
}

/// A number with a comma before its decimals, and perhaps points between its thousands, as JSON writes it.
fn with_point(cell: &str) -> Option<String> {
    let (whole, decimals) = cell.trim().split_once(',')?;
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let mut groups = digits.split('.');
    let first = groups.next().filter(|first| is_number(first))?;
    let mut rest = groups.clone();
    let grouped = rest.all(|group| group.len() == 3 && is_number(group));
    let has_groups = groups.next().is_some();
    if !is_number(decimals) || !grouped || (has_groups && first.len() > 3) {
        return None;
    }
    Some(format!("{}.{decimals}", whole.replace('.', "")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_commas_become_points() {
        for (cell, read) in [
            ("1,5", Some("1.5")),
            ("-0,25", Some("-0.25")),
            ("1.234.567,8", Some("1234567.8")),
            ("1234,5", Some("1234.5")),
            ("1.5", None),
            ("12", None),
            ("1,2,3", None),
            ("1.23,4", None),
            ("a,5", None),
            (",5", None),
        ] {
            assert_eq!(with_point(cell).as_deref(), read, "{cell}");
        }
    }
}
