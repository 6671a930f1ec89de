//! Cells between separators: CSV and its kin, read here and nowhere else. As RFC 4180 has it, and as spreadsheets do:
//! a cell that begins with a quote goes on to the closing one, a quote within it is doubled, what stands behind the
//! closing one belongs to the cell, and a quote that does not begin a cell is one of its letters. A record ends with
//! `\n`, `\r\n` or `\r` outside of quotes. An empty line is no record.
//!
//! Places are byte offsets, so that a record can be found again in its file. `tests/cells.rs` holds this against the
//! `csv` crate, which does not say where a quote was left open, and cannot go on behind it.

use std::ops::Range;

/// The bytes of the record at an offset, without its line end, and whether a quoted cell is left open; then the range
/// goes to the end of the text. Each of the separators separates.
pub fn record(text: &[u8], at: usize, separators: &[u8]) -> (Range<usize>, bool) {
    let mut quoted = false;
    let mut i = at;
    loop {
        let rest = text.get(i..).unwrap_or_default();
        let next = match quoted {
            true => memchr::memchr(b'"', rest),
            false => memchr::memchr3(b'"', b'\n', b'\r', rest),
        };
        let Some(n) = next else {
            return (at.min(text.len())..text.len(), quoted);
        };
        i += n;
        match (text.get(i), quoted) {
            (Some(b'"'), true) if text.get(i + 1) == Some(&b'"') => i += 1,
            (Some(b'"'), true) => quoted = false,
            (Some(b'"'), false) => {
                let before = i.checked_sub(1).filter(|n| *n >= at);
                let before = before.and_then(|n| text.get(n));
                quoted = before.is_none_or(|byte| separators.contains(byte));
            }
            _ => return (at..i, false),
        }
        i += 1;
    }
}

/// Where the line behind a line end begins.
pub fn behind(text: &[u8], end: usize) -> usize {
    match text.get(end..) {
        Some([b'\r', b'\n', ..]) => end + 2,
        _ => end + 1,
    }
}

/// The cells of one record.
pub fn cells(record: &str, separator: u8) -> Vec<String> {
    first_cells(record, separator, usize::MAX)
}

/// The first cells of one record, so many at most.
pub fn first_cells(record: &str, separator: u8, most: usize) -> Vec<String> {
    let mut cells = Vec::new();
    let mut rest = record.trim_end_matches(['\r', '\n']);
    loop {
        if cells.len() == most {
            return cells;
        }
        let mut cell = String::new();
        if let Some(mut inner) = rest.strip_prefix('"') {
            loop {
                let (text, behind) = inner.split_once('"').unwrap_or((inner, ""));
                cell.push_str(text);
                let Some(more) = behind.strip_prefix('"') else {
                    rest = behind;
                    break;
                };
                cell.push('"');
                inner = more;
            }
        }
        let Some((text, behind)) = rest.split_once(char::from(separator)) else {
            cell.push_str(rest);
            cells.push(cell);
            return cells;
        };
        cell.push_str(text);
        cells.push(cell);
        rest = behind;
    }
}

/// A record of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The line at which it begins, from 1.
    pub line: usize,
    /// Its cells.
    pub cells: Vec<String>,
}

/// The records of a text, without empty lines. The last one may be the line of a quote that is never closed.
pub fn records(text: &str, separator: u8) -> impl Iterator<Item = Result<Record, usize>> {
    let (mut at, mut line, mut counted) = (0, 1, 0);
    let bytes = text.as_bytes();
    let mut lines_to = move |to: usize| {
        let passed = bytes.get(counted..to).unwrap_or_default();
        let ends = memchr::memchr2_iter(b'\n', b'\r', passed);
        // `\r\n` is one end.
        line += ends
            .filter(|n| passed.get(*n) == Some(&b'\n') || passed.get(n + 1) != Some(&b'\n'))
            .count();
        counted = to;
        line
    };
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let (range, open) = record(bytes, at, &[separator]);
            let begin = at;
            at = behind(bytes, range.end);
            if open {
                at = bytes.len();
                return Some(Err(lines_to(opened(bytes, begin, separator))));
            }
            if !range.is_empty() {
                let line = lines_to(begin);
                let cells = cells(text.get(range)?, separator);
                return Some(Ok(Record { line, cells }));
            }
        }
        None
    })
}

/// Where the quote stands that a record leaves open: the last one that begins a cell.
fn opened(text: &[u8], at: usize, separator: u8) -> usize {
    let (mut i, mut begun) = (at, at);
    let mut quoted = false;
    while let Some(n) = memchr::memchr(b'"', text.get(i..).unwrap_or_default()) {
        i += n;
        if quoted && text.get(i + 1) == Some(&b'"') {
            i += 1;
        } else if quoted {
            quoted = false;
        } else if i == at || i.checked_sub(1).and_then(|n| text.get(n)) == Some(&separator) {
            (quoted, begun) = (true, i);
        }
        i += 1;
    }
    begun
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_follow_rfc_4180() {
        for (record, expected) in [
            (
                "a,\"b,\"\"c\"\"\",,\"x\ny\"\r",
                &["a", "b,\"c\"", "", "x\ny"][..],
            ),
            ("", &[""]),
            (",", &["", ""]),
            ("\"\",\"\"", &["", ""]),
            ("\"a\"b,c", &["ab", "c"]),
            ("a\"b\",c", &["a\"b\"", "c"]),
            ("\"a\" \"b\"", &["a \"b\""]),
            ("\"open", &["open"]),
        ] {
            assert_eq!(cells(record, b','), expected, "{record}");
        }
        assert_eq!(cells("a,b;\"c;d\"", b';'), ["a,b", "c;d"]);
    }

    #[test]
    fn records_end_where_no_cell_is_open() {
        for (text, first) in [
            ("a,\"b\nc\",d\ne", "a,\"b\nc\",d"),
            ("1,5\" pipe,x\n2,3\" pipe,y", "1,5\" pipe,x"),
            ("\"a\"\"\nb\"\nc", "\"a\"\"\nb\""),
            ("x", "x"),
            ("x\r\ny", "x"),
            ("x\ry", "x"),
        ] {
            let found = record(text.as_bytes(), 0, b",");
            assert_eq!(found, (0..first.len(), false), "{text}");
        }
        assert!(record(b"a,\"b\nc", 0, b",").1);
        assert_eq!(behind(b"a\r\nb", 1), 3);
        assert_eq!(behind(b"a\rb", 1), 2);
    }

    #[test]
    fn lines_are_counted_and_an_open_quote_is_told() {
        let lines = |text: &str| {
            records(text, b',')
                .map(|r| r.map(|r| r.line))
                .collect::<Vec<_>>()
        };
        assert_eq!(lines("a\n\n\"b\nc\"\r\nd\re"), [Ok(1), Ok(3), Ok(5), Ok(6)]);
        assert_eq!(lines("a\n\"b"), [Ok(1), Err(2)]);
        assert_eq!(lines("a\n\"x\ny\",z,\"b\nc"), [Ok(1), Err(3)]);
        assert_eq!(lines("\n\r\n"), []);
    }
}
