//! Lines of the text: bytes, characters, positions.

use crate::diagnostic::Position;
use std::ops::Range;

/// Where lines begin, in bytes and in characters (the toolkit counts characters).
#[derive(Clone, Debug, Default)]
pub(super) struct LineMap {
    starts: Vec<Start>,
    bytes: usize,
    chars: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Start {
    byte: usize,
    char: usize,
}

impl LineMap {
    pub fn new(text: &str) -> Self {
        let mut starts = vec![Start::default()];
        let mut at = Start::default();
        for line in text.split_inclusive('\n') {
            at.byte += line.len();
            // Most lines are ASCII.
            at.char += if line.is_ascii() {
                line.len()
            } else {
                line.chars().count()
            };
            if line.ends_with('\n') {
                starts.push(at);
            }
        }
        Self {
            starts,
            bytes: at.byte,
            chars: at.char,
        }
    }

    /// How many lines there are; an empty text has one.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line (from 0) of a byte offset.
    pub fn line_of_byte(&self, byte: usize) -> usize {
        self.starts
            .partition_point(|s| s.byte <= byte)
            .saturating_sub(1)
    }

    /// The byte at which a line (from 0) begins; the end of the text beyond the last.
    pub fn start(&self, line: usize) -> usize {
        self.starts.get(line).map_or(self.bytes, |s| s.byte)
    }

    /// The bytes of a line (from 0) without its line end.
    pub fn range(&self, text: &str, line: usize) -> Range<usize> {
        line_bounds(text, self.start(line))
    }

    /// Line and column (from 0, in characters) of a byte offset.
    pub fn line_and_column(&self, text: &str, byte: usize) -> (usize, usize) {
        let byte = floor_boundary(text, byte);
        let line = self.line_of_byte(byte);
        let column = text
            .get(self.start(line)..byte)
            .map_or(0, |part| part.chars().count());
        (line, column)
    }

    /// Line and column from 1, as people count.
    pub fn position(&self, text: &str, byte: usize) -> Position {
        let (line, column) = self.line_and_column(text, byte);
        Position {
            line: line + 1,
            column: column + 1,
        }
    }

    /// The byte offset of a character offset.
    pub fn byte_of_char(&self, text: &str, char: usize) -> usize {
        if char >= self.chars {
            return self.bytes;
        }
        let line = self
            .starts
            .partition_point(|s| s.char <= char)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        text.get(start.byte..)
            .and_then(|rest| rest.char_indices().nth(char - start.char))
            .map_or(self.bytes, |(i, _)| start.byte + i)
    }

    /// The character offset of a byte offset.
    pub fn char_of_byte(&self, text: &str, byte: usize) -> usize {
        let (line, column) = self.line_and_column(text, byte);
        self.starts.get(line).map_or(0, |s| s.char) + column
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
    let (before, after) = text.split_at(at);
    let start = before.rfind('\n').map_or(0, |i| i + 1);
    let end = after.find('\n').map_or(text.len(), |i| at + i);
    let end = match text.get(start..end) {
        Some(line) if line.ends_with('\r') => end - 1,
        _ => end,
    };
    start..end.max(start)
}

/// The blanks at the start of a line.
pub(super) fn indentation(line: &str) -> &str {
    let rest = line.trim_start_matches([' ', '\t']);
    line.get(..line.len() - rest.len()).unwrap_or_default()
}

/// The line end that a text uses: that of its first line.
pub(super) fn line_end_style(text: &str) -> &'static str {
    match text.find('\n') {
        Some(i) if text.get(..i).is_some_and(|line| line.ends_with('\r')) => "\r\n",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_characters() {
        let text = "aé\nüb\r\n\nx";
        let map = LineMap::new(text);
        assert_eq!(map.count(), 4);
        for (char, (byte, _)) in text.char_indices().enumerate() {
            assert_eq!(map.byte_of_char(text, char), byte);
            assert_eq!(map.char_of_byte(text, byte), char);
        }
        assert_eq!(map.byte_of_char(text, 99), text.len());
        assert_eq!(map.char_of_byte(text, 99), text.chars().count());
        assert_eq!(map.position(text, 6), Position { line: 2, column: 2 });
        assert_eq!(map.range(text, 1), 4..7);
        assert_eq!(map.range(text, 3), 10..11);
    }

    #[test]
    fn bounds() {
        assert_eq!(line_bounds("ab\ncd", 2), 0..2);
        assert_eq!(line_bounds("ab\ncd", 3), 3..5);
        assert_eq!(line_bounds("", 5), 0..0);
        assert_eq!(line_bounds("a\r\nb", 1), 0..1);
    }
}
