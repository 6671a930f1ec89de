//! `portal_csv`: the CSV download of a portal's result. RFC 4180; a header cell such as
//! `TimeGenerated [UTC]` names the display zone of a date.

use super::{Found, Reading, Split};
use crate::logs::scan;
use crate::value::Type;
use std::ops::Range;
use std::sync::Arc;

/// Whether the first line is a header with a `TimeGenerated` column.
pub(super) fn recognise(text: &[u8], start: usize) -> bool {
    let end = memchr::memchr(b'\n', text.get(start..).unwrap_or_default())
        .map_or(text.len(), |n| start + n);
    text.get(start..end)
        .and_then(|line| std::str::from_utf8(line).ok())
        .is_some_and(|line| {
            line.len() < 64 << 10
                && fields(line)
                    .iter()
                    .any(|cell| cell.trim().starts_with("TimeGenerated"))
        })
}

/// The cells of one CSV record.
pub(in crate::logs) fn fields(record: &str) -> Vec<String> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut chars = record.trim_end_matches(['\r', '\n']).chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                cell.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells
}

/// The next record's bytes (quotes may hold line ends), or why there is none.
fn record(text: &[u8], at: usize) -> (Range<usize>, bool) {
    let mut quoted = false;
    let mut i = at;
    loop {
        match memchr::memchr2(b'"', b'\n', text.get(i..).unwrap_or_default()) {
            None => return (at..text.len(), quoted),
            Some(n) => {
                i += n;
                if text.get(i) == Some(&b'"') {
                    quoted = !quoted;
                } else if !quoted {
                    return (at..i, false);
                }
                i += 1;
            }
        }
    }
}

/// Cuts the text into its records.
pub(super) fn split(text: &[u8], start: usize) -> Split {
    let mut split = Split {
        form: "portal_csv",
        ..Split::default()
    };
    let mut lines = scan::Lines::new(text, 1);
    let (header, _) = record(text, start);
    let columns: Vec<(String, Type)> = text
        .get(header.clone())
        .and_then(|h| std::str::from_utf8(h).ok())
        .map(fields)
        .unwrap_or_default()
        .into_iter()
        .map(|name| match name.split_once(" [") {
            Some((plain, _)) => (plain.trim().to_owned(), Type::DateTime),
            None => (name.trim().to_owned(), Type::String),
        })
        .collect();
    let columns = Arc::new(columns);
    let mut at = header.end + 1;
    while at < text.len() {
        let (range, open) = record(text, at);
        let line = lines.at(at);
        at = range.end + 1;
        if open {
            split.reject(
                text,
                line,
                range.start,
                "cut off: a quoted cell is not closed",
            );
        } else if text
            .get(range.clone())
            .is_some_and(|r| r.iter().any(|b| !b.is_ascii_whitespace()))
        {
            split.found.push(Found {
                base: 0,
                range,
                line,
                reading: Reading::Csv(Arc::clone(&columns)),
            });
        }
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_follow_rfc_4180() {
        assert_eq!(
            fields("a,\"b,\"\"c\"\"\",,\"x\ny\"\r"),
            ["a", "b,\"c\"", "", "x\ny"]
        );
    }
}
