//! Rows: what stands below one another on the screen. A folded line has none, a wrapped one several.

use super::lines::LineMap;
use super::measure::Scan;
use std::ops::Range;

/// One row. A line that is not wrapped is one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The line, from 0.
    pub line: usize,
    /// Its bytes, from the start of the line.
    pub from: usize,
    pub to: usize,
    /// The column of its first sign in its line.
    pub column: usize,
    /// Columns that a continued row is moved to the right.
    pub hang: usize,
}

impl Row {
    /// Whether the line begins in this row.
    pub fn is_first(&self) -> bool {
        self.from == 0
    }
}

/// All rows of a text.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// The first row of each line; of a hidden one the last row before it.
    first: Vec<usize>,
}

impl Rows {
    /// `hidden` are ranges of lines, ascending; `width` is where lines are wrapped, in columns.
    pub fn new(text: &str, lines: &LineMap, hidden: &[Range<usize>], width: Option<usize>) -> Self {
        let mut rows = Vec::with_capacity(lines.count());
        let mut first = Vec::with_capacity(lines.count());
        let mut hidden = hidden.iter().peekable();
        for line in 0..lines.count() {
            while hidden.next_if(|range| range.end <= line).is_some() {}
            if hidden.peek().is_some_and(|range| range.contains(&line)) {
                first.push(rows.len().saturating_sub(1));
                continue;
            }
            first.push(rows.len());
            let range = lines.range(text, line);
            let whole = Row {
                line,
                to: range.len(),
                ..Row::default()
            };
            match width {
                Some(width) if range.len() > width => {
                    let inner = text.get(range).unwrap_or_default();
                    wrap(inner, whole, width, &mut rows);
                }
                _ => rows.push(whole),
            }
        }
        Self { rows, first }
    }

    pub fn count(&self) -> usize {
        self.rows.len()
    }

    pub fn get(&self, row: usize) -> Row {
        let last = self.rows.len().saturating_sub(1);
        self.rows.get(row.min(last)).copied().unwrap_or_default()
    }

    /// The row of a byte of a line; of a hidden line the row before it.
    pub fn row_of(&self, line: usize, byte: usize) -> usize {
        let behind = self
            .rows
            .partition_point(|row| (row.line, row.from) <= (line, byte));
        behind.saturating_sub(1)
    }

    /// The first row of a line.
    pub fn first_of(&self, line: usize) -> usize {
        let last = self.rows.len().saturating_sub(1);
        self.first.get(line).copied().unwrap_or(last)
    }

    /// Whether a line has rows.
    pub fn shows(&self, line: usize) -> bool {
        self.get(self.first_of(line)).line == line
    }

    /// Whether a row is the last of its line.
    pub fn ends_line(&self, row: usize) -> bool {
        let next = self.rows.get(row + 1);
        next.is_none_or(|next| next.line != self.get(row).line)
    }
}

/// Breaks a line behind blanks where it can, else anywhere.
fn wrap(inner: &str, whole: Row, width: usize, rows: &mut Vec<Row>) {
    let plain = inner.is_ascii() && !inner.bytes().any(|b| b < b' ' || b == 0x7f);
    match plain {
        true => wrap_plain(inner, whole, width, rows),
        false => wrap_any(inner, whole, width, rows),
    }
}

/// The same for a line whose columns are its bytes.
fn wrap_plain(inner: &str, whole: Row, width: usize, rows: &mut Vec<Row>) {
    let bytes = inner.as_bytes();
    let blanks = inner.len() - inner.trim_start_matches(' ').len();
    let hang = blanks.min(width / 2);
    let mut row = Row { to: 0, ..whole };
    loop {
        let room = (width - row.hang).max(2);
        // Blanks at the end of a row may stand beyond its edge.
        let behind = bytes.get(row.from + room..).unwrap_or_default();
        let Some(more) = behind.iter().position(|b| *b != b' ') else {
            break;
        };
        let edge = row.from + room + more;
        let from = row.from.max(blanks).min(edge);
        let blank = bytes
            .get(from..edge)
            .and_then(|part| memchr::memrchr(b' ', part));
        let byte = blank.map_or(edge, |at| from + at + 1);
        row.to = byte;
        rows.push(row);
        row = Row {
            line: whole.line,
            from: byte,
            to: 0,
            column: byte,
            hang,
        };
    }
    row.to = inner.len();
    rows.push(row);
}

fn wrap_any(inner: &str, whole: Row, width: usize, rows: &mut Vec<Row>) {
    let blanks = inner.len() - inner.trim_start_matches(' ').len();
    let hang = blanks.min(width / 2);
    let mut row = Row { to: 0, ..whole };
    let mut scan = Scan::default();
    // The last place to break: its byte and column.
    let mut chance: Option<(usize, usize)> = None;
    for (at, sign) in inner.char_indices() {
        let column = scan.column;
        let taken = scan.step(sign);
        let room = width - row.hang;
        if taken > 0 && scan.column - row.column > room.max(2) && at > row.from && sign != ' ' {
            let (byte, column) = chance.take().unwrap_or((at, column));
            row.to = byte;
            rows.push(row);
            row = Row {
                line: whole.line,
                from: byte,
                to: 0,
                column,
                hang,
            };
        }
        if matches!(sign, ' ' | '\t') && at >= blanks {
            chance = Some((at + 1, scan.column));
        }
    }
    row.to = inner.len();
    rows.push(row);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, hidden: &[Range<usize>], width: Option<usize>) -> Vec<String> {
        let lines = LineMap::new(text);
        let rows = Rows::new(text, &lines, hidden, width);
        (0..rows.count())
            .map(|i| {
                let row = rows.get(i);
                let start = lines.start(row.line);
                let part = &text[start + row.from..start + row.to];
                format!("{}{part}", ".".repeat(row.hang))
            })
            .collect()
    }

    #[test]
    fn folded_lines_have_none() {
        assert_eq!(
            rows("a\nb\nc\nd", std::slice::from_ref(&(1..3)), None),
            ["a", "d"]
        );
        let text = "a\nb\nc\nd";
        let rows = Rows::new(
            text,
            &LineMap::new(text),
            std::slice::from_ref(&(1..3)),
            None,
        );
        assert_eq!([0, 1, 2, 3].map(|line| rows.first_of(line)), [0, 0, 0, 1]);
        assert!(rows.shows(0) && !rows.shows(2) && rows.shows(3));
    }

    #[test]
    fn both_ways_to_wrap_are_the_same() {
        let words = [
            "a",
            "bb ",
            "ccc   ",
            " dddddddddddddd",
            "e,f ",
            "          ",
        ];
        let mut seed = 7_usize;
        for _ in 0..300 {
            let mut line = String::new();
            for _ in 0..seed % 17 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                line.push_str(words[(seed >> 33) % words.len()]);
            }
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let width = 4 + (seed >> 40) % 20;
            let whole = Row {
                to: line.len(),
                ..Row::default()
            };
            let (mut plain, mut any) = (Vec::new(), Vec::new());
            wrap_plain(&line, whole, width, &mut plain);
            wrap_any(&line, whole, width, &mut any);
            assert_eq!(plain, any, "{line:?} at {width}");
        }
    }

    #[test]
    fn long_lines_are_broken() {
        assert_eq!(rows("aaa bbb ccc", &[], Some(8)), ["aaa bbb ", "ccc"]);
        assert_eq!(
            rows("  aa bbbbbbb", &[], Some(8)),
            ["  aa ", "..bbbbbb", "..b"]
        );
        assert_eq!(rows("文文文文", &[], Some(5)), ["文文", "文文"]);
        assert_eq!(rows("", &[], Some(5)), [""]);
        let text = "aaa bbb ccc";
        let rows = Rows::new(text, &LineMap::new(text), &[], Some(8));
        assert_eq!([0, 7, 8, 11].map(|at| rows.row_of(0, at)), [0, 0, 1, 1]);
        assert!(!rows.ends_line(0) && rows.ends_line(1));
    }
}
