//! The first line of a CSV file: whether it is a header, what separates its cells, and how its columns are read.

use super::dates::{self, Order, Zone};
use super::{Column, Columns, How, is_blank, record, with_point};
use crate::value::cells::{self as csv, behind};

/// A header longer than this is none.
const LONGEST: usize = 64 << 10;
/// Records that tell whether a text is CSV.
const SAMPLE: usize = 20;

/// The header of a file.
pub(super) struct Header {
    separator: u8,
    cells: Vec<String>,
    /// Where the first record begins.
    pub end: usize,
    /// Remarks.
    pub notes: Vec<String>,
}

/// Whether a text is CSV with a header: of a portal, or with records of as many cells.
pub(in crate::logs::forms) fn recognise(text: &[u8], start: usize) -> bool {
    let Some(header) = read(text, start) else {
        return false;
    };
    if header.is_portal() {
        return true;
    }
    if header.cells.len() < 2 && !header.is_raw() {
        return false;
    }
    let mut counts = first_records(text, &header);
    let width = header.cells.len();
    header.cells.iter().all(|cell| is_name(cell))
        && counts.next().is_some_and(|first| first == width)
        && counts.filter(|count| *count == width).count() * 4 + 4
            >= first_records(text, &header).count() * 3
}

/// Whether a text looks like CSV whose first line is no header.
pub(in crate::logs::forms) fn without_header(text: &[u8], start: usize) -> bool {
    read(text, start).is_some_and(|header| {
        let mut counts = first_records(text, &header);
        let width = header.cells.len();
        width > 2 && counts.all(|count| count == width) && !header.cells.iter().all(|c| is_name(c))
    })
}

/// The numbers of cells of the first records, without empty ones at the end that the header does not have.
fn first_records<'t>(text: &'t [u8], header: &'t Header) -> impl Iterator<Item = usize> + 't {
    let mut at = header.end;
    let records = std::iter::from_fn(move || {
        let (range, open) = (at < text.len()).then(|| record(text, at))?;
        at = behind(text, range.end);
        (!open && range.len() <= LONGEST).then_some(range)
    });
    records
        .take(SAMPLE)
        .filter_map(move |range| text.get(range).filter(|record| !is_blank(record)))
        .map(move |record| {
            let cells = csv::cells(&String::from_utf8_lossy(record), header.separator);
            let beyond = cells.get(header.cells.len()..).unwrap_or_default();
            match beyond.iter().all(String::is_empty) {
                true => cells.len().min(header.cells.len()),
                false => cells.len(),
            }
        })
}

/// Whether a header cell can be the name of a column: what is a number, a date or a sentence is not.
fn is_name(cell: &str) -> bool {
    let cell = cell.trim();
    cell.len() <= 128
        && !cell.contains(['{', '}', '\n', '=', '\0'])
        && cell.parse::<f64>().is_err()
        && dates::Parts::read(cell).is_none()
        && cell.split_whitespace().count() <= 8
}

/// Reads the header; none where the first line cannot be one.
pub(super) fn read(text: &[u8], start: usize) -> Option<Header> {
    let mut at = start;
    while matches!(text.get(at), Some(b'\r' | b'\n' | b' ')) {
        at += 1;
    }
    let mut line = header_line(text, at)?;
    let mut said = None;
    // What a spreadsheet understands: the separator in a line of its own.
    if let Some(separator) = line.trim().strip_prefix("sep=")
        && let [separator] = separator.as_bytes()
    {
        said = Some(*separator);
        at = behind(text, record(text, at).0.end);
        line = header_line(text, at)?;
    }
    let separator = said.or_else(|| {
        let count = |separator: &u8| csv::cells(line, *separator).len();
        let best = [b',', b';', b'\t', b'|']
            .into_iter()
            .rev()
            .max_by_key(count)?;
        Some(best)
    })?;
    let mut notes = Vec::new();
    let mut cells: Vec<String> = Vec::new();
    for (at, cell) in csv::cells(line, separator).into_iter().enumerate() {
        let mut name = cell.trim().to_owned();
        if name.is_empty() {
            name = format!("column{}", at + 1);
        }
        if cells.contains(&name) {
            let other = (2..).map(|n| format!("{name}_{n}"));
            let other = other.take(1000).find(|other| !cells.contains(other))?;
            notes.push(format!(
                "Two columns are named {name}: the later one is read as {other}"
            ));
            name = other;
        }
        cells.push(name);
    }
    // Empty names at the end are what a spreadsheet leaves there.
    while cells.len() > 1 && cells.last() == Some(&format!("column{}", cells.len())) {
        cells.pop();
    }
    Some(Header {
        separator,
        cells,
        end: behind(text, record(text, at).0.end),
        notes,
    })
}

fn header_line(text: &[u8], at: usize) -> Option<&str> {
    let (range, open) = record(text, at);
    if open || range.len() > LONGEST || range.is_empty() {
        return None;
    }
    std::str::from_utf8(text.get(range)?).ok()
}

impl Header {
    /// Whether it is that of a portal's result.
    pub fn is_portal(&self) -> bool {
        let is_time = |cell: &String| plain_name(cell).0 == "TimeGenerated";
        self.cells.iter().any(is_time)
    }

    /// Whether its only column holds the records as they were.
    fn is_raw(&self) -> bool {
        matches!(self.cells.as_slice(), [one] if one == "_raw" || one == "RawData")
    }

    /// The columns, with what is decided over all records of the file, and remarks.
    pub fn columns<'r>(
        &self,
        records: impl Iterator<Item = &'r str> + Clone,
    ) -> (Columns, Vec<String>) {
        let mut said: Vec<(String, String)> = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        let mut zones = Vec::new();
        for cell in &self.cells {
            let (name, zone) = plain_name(cell);
            columns.push(Column {
                name: name.to_owned(),
                how: How::Text,
            });
            zones.push(zone);
        }
        // Cells beyond the columns are looked at with the row.
        let cells = |record| csv::first_cells(record, self.separator, self.cells.len());
        let sample: Vec<Vec<String>> = records.clone().take(SAMPLE * 5).map(cells).collect();
        // Columns whose first cells look like dates or like numbers with commas.
        let filled = |at: usize| {
            let cells = sample.iter().filter_map(move |cells| cells.get(at));
            cells
                .map(|cell| cell.trim())
                .filter(|cell| !cell.is_empty())
        };
        let all = |at: usize, is: &dyn Fn(&str) -> bool| {
            filled(at).next().is_some() && filled(at).all(is)
        };
        let mut surveys: Vec<Option<dates::Survey>> = Vec::new();
        let mut commas: Vec<Option<bool>> = Vec::new();
        for (at, zone) in zones.iter().enumerate() {
            let named = zone.is_some() && filled(at).next().is_some();
            let looks = all(at, &|cell| {
                dates::Parts::read(cell).is_some_and(|p| p.is_local())
            });
            surveys.push((named || looks).then(dates::Survey::default));
            let number = |cell: &str| with_point(cell).is_some() || cell.parse::<f64>().is_ok();
            commas.push((self.is_portal() && all(at, &number)).then_some(false));
        }
        let worth_it = surveys.iter().any(Option::is_some) || commas.iter().any(Option::is_some);
        for record in records.filter(|_| worth_it) {
            for (at, cell) in cells(record).iter().enumerate() {
                if let Some(Some(survey)) = surveys.get_mut(at) {
                    survey.see(cell);
                }
                if let Some(slot) = commas.get_mut(at)
                    && let Some(seen) = slot
                    && !cell.trim().is_empty()
                {
                    match (with_point(cell), cell.trim().parse::<f64>()) {
                        (Some(_), _) => *seen = true,
                        (None, Ok(_)) => {}
                        (None, Err(_)) => *slot = None,
                    }
                }
            }
        }
        let decided: Vec<Option<Order>> = surveys
            .iter()
            .flatten()
            .map(dates::Survey::certain)
            .collect();
        // One program wrote all of the file: a column that tells speaks for the others.
        let others = decided.into_iter().flatten().next();
        for (at, survey) in surveys.iter().enumerate() {
            let Some(column) = columns.get_mut(at) else {
                continue;
            };
            let zone = zones.get(at).copied().flatten();
            if let Some(survey) = survey {
                let (order, told) = survey.order(others);
                let (zone, unknown) = Zone::named(zone);
                said.extend(told.map(|told| (told, column.name.clone())));
                if let (true, Some(order)) = (survey.is_date(), order) {
                    said.extend(unknown.map(|unknown| (unknown, column.name.clone())));
                    column.how = How::Dates(order, zone);
                }
            }
            if commas.get(at) == Some(&Some(true)) {
                column.how = How::DecimalComma;
            }
        }
        // What is said of several columns is said once.
        let mut notes: Vec<(String, String)> = Vec::new();
        for (what, column) in said {
            match notes.iter_mut().find(|(known, _)| *known == what) {
                Some((_, columns)) => columns.push_str(&format!(", {column}")),
                None => notes.push((what, column)),
            }
        }
        let notes = notes
            .into_iter()
            .map(|(what, columns)| format!("{columns}: {what}"));
        let notes = notes.collect();
        let columns = Columns {
            separator: self.separator,
            columns,
        };
        (columns, notes)
    }
}

/// The name of a column without the zone that a portal writes behind it, and the zone.
fn plain_name(cell: &str) -> (&str, Option<&str>) {
    let named = || {
        let (name, zone) = cell.strip_suffix(']')?.rsplit_once(" [")?;
        (!name.trim().is_empty()).then_some((name.trim(), zone.trim()))
    };
    match named() {
        Some((name, zone)) => (name, Some(zone)),
        None => (cell, None),
    }
}
