//! Lines of the text: where they begin and end.

use crate::diagnostic::Position;
use std::ops::Range;

/// Where lines begin, in bytes. A line ends with `\n` or `\r\n`; any other `\r` is a sign like others.
#[derive(Clone, Debug)]
pub(super) struct LineMap {
    starts: Vec<usize>,
    bytes: usize,
}

impl Default for LineMap {
    fn default() -> Self {
        Self::new("")
    }
}

impl LineMap {
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1));
        Self {
            starts,
            bytes: text.len(),
        }
    }

    /// How many lines there are; an empty text has one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line (from 0) of a byte offset.
    pub fn line_of_byte(&self, byte: usize) -> usize {
        self.starts
            .partition_point(|start| *start <= byte)
            .saturating_sub(1)
    }

    /// The byte at which a line (from 0) begins; the end of the text beyond the last.
    pub fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.bytes)
    }

    /// The bytes of a line (from 0) without its line end.
    pub fn range(&self, text: &str, line: usize) -> Range<usize> {
        let start = self.start(line);
        let mut end = self.start(line + 1);
        let bytes = text.as_bytes();
        let ends = |at: usize, sign: u8| at > start && bytes.get(at - 1) == Some(&sign);
        if ends(end, b'\n') {
            end -= 1;
            if ends(end, b'\r') {
                end -= 1;
            }
        }
        start..end
    }

    /// The text of a line (from 0) without its line end.
    pub fn text<'a>(&self, text: &'a str, line: usize) -> &'a str {
        text.get(self.range(text, line)).unwrap_or_default()
    }

    /// Line and column from 1, as people count; a byte-order mark is no column.
    pub fn position(&self, text: &str, byte: usize) -> Position {
        let byte = floor_boundary(text, byte);
        let line = self.line_of_byte(byte);
        let before = text.get(self.start(line)..byte).unwrap_or_default();
        let chars = if before.is_ascii() {
            before.len()
        } else {
            before.trim_start_matches('\u{feff}').chars().count()
        };
        Position {
            line: line + 1,
            column: chars + 1,
        }
    }
}

/// The nearest character boundary at or before a byte offset, within the text.
pub(super) fn floor_boundary(text: &str, byte: usize) -> usize {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    byte
}

/// The bytes of the line around an offset, without its line end.
pub(super) fn line_bounds(text: &str, at: usize) -> Range<usize> {
    let at = floor_boundary(text, at);
    let bytes = text.as_bytes();
    let (before, after) = bytes.split_at(at);
    let start = memchr::memrchr(b'\n', before).map_or(0, |i| i + 1);
    let mut end = memchr::memchr(b'\n', after).map_or(text.len(), |i| at + i);
    let ends = end < text.len();
    if ends && end > start && bytes.get(end - 1) == Some(&b'\r') {
        end -= 1;
    }
    start..end
}

/// Where the line after the one around an offset begins; the end of the text for the last.
pub(super) fn next_line(text: &str, at: usize) -> usize {
    let at = floor_boundary(text, at);
    let after = text.as_bytes().get(at..).unwrap_or_default();
    memchr::memchr(b'\n', after).map_or(text.len(), |i| at + i + 1)
}

/// The blanks at the start of a line.
pub(super) fn indentation(line: &str) -> &str {
    let rest = line.trim_start_matches([' ', '\t']);
    line.get(..line.len() - rest.len()).unwrap_or_default()
}

/// The line end that a text uses: that of its first line.
pub(super) fn line_end_style(text: &str) -> &'static str {
    match memchr::memchr(b'\n', text.as_bytes()) {
        Some(i) if i > 0 && text.as_bytes().get(i - 1) == Some(&b'\r') => "\r\n",
        _ => "\n",
    }
}

/// A text with the line ends of another one.
pub(super) fn with_line_ends(pasted: &str, style: &str) -> String {
    let plain = pasted.replace("\r\n", "\n");
    if style == "\r\n" {
        plain.replace('\n', "\r\n")
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_positions() {
        let text = "aé\nüb\r\n\nx\ry";
        let map = LineMap::new(text);
        assert_eq!(map.count(), 4);
        assert_eq!(map.position(text, 6), Position { line: 2, column: 2 });
        assert_eq!(map.range(text, 1), 4..7);
        assert_eq!(map.range(text, 2), 9..9);
        assert_eq!(map.range(text, 3), 10..13);
        assert_eq!(map.range(text, 9), 13..13);
        let marked = "\u{feff}ab";
        let place = LineMap::new(marked).position(marked, 4);
        assert_eq!(place, Position { line: 1, column: 2 });
    }

    #[test]
    fn bounds() {
        assert_eq!(line_bounds("ab\ncd", 2), 0..2);
        assert_eq!(line_bounds("ab\ncd", 3), 3..5);
        assert_eq!(line_bounds("", 5), 0..0);
        assert_eq!(line_bounds("a\r\nb", 1), 0..1);
        assert_eq!(line_bounds("a\r", 1), 0..2);
        assert_eq!(next_line("a\r\nb", 0), 3);
        assert_eq!(next_line("a\r\nb", 3), 4);
    }
}
