//! Where the cursor goes: by signs as people see them, by words, to the ends of lines.

use super::cursors::first_place;
use super::lines::{indentation, line_bounds};
use std::ops::Range;
use unicode_segmentation::GraphemeCursor;
use unicode_width::UnicodeWidthChar;

/// One sign to the left; over a whole line end.
pub(super) fn left(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    let to = cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0);
    to.max(first_place(text).min(at))
}

/// One sign to the right; over a whole line end.
pub(super) fn right(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    let to = cursor.next_boundary(text, 0).ok().flatten();
    to.unwrap_or(text.len())
}

/// The start of the sign that a place lies in.
pub(super) fn snap(text: &str, at: usize) -> usize {
    let at = super::cursors::place(text, at);
    let mut cursor = GraphemeCursor::new(at, text.len(), true);
    match cursor.is_boundary(text, 0) {
        Ok(false) => left(text, at),
        _ => at,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    Sign,
}

fn class(sign: char) -> Class {
    if sign.is_whitespace() {
        Class::Blank
    } else if sign.is_alphanumeric() || sign == '_' || sign.width() == Some(0) {
        Class::Word
    } else {
        Class::Sign
    }
}

/// To the end of the next word, or to the start of the next line from the end of one.
pub(super) fn word_right(text: &str, at: usize) -> usize {
    let line = line_bounds(text, at);
    if at >= line.end {
        let next = right(text, at);
        return next + indentation(text.get(line_bounds(text, next)).unwrap_or_default()).len();
    }
    let rest = text.get(at..line.end).unwrap_or_default();
    let mut signs = rest.char_indices().peekable();
    while signs.next_if(|(_, c)| class(*c) == Class::Blank).is_some() {}
    if let Some(kind) = signs.peek().map(|(_, c)| class(*c)) {
        while signs.next_if(|(_, c)| class(*c) == kind).is_some() {}
    }
    let to = signs.peek().map_or(line.end, |(i, _)| at + i);
    snap(text, to).max(right(text, at))
}

/// To the start of the word before, or to the end of the line before from the start of one.
pub(super) fn word_left(text: &str, at: usize) -> usize {
    let line = line_bounds(text, at);
    let start = line.start.max(first_place(text));
    if at <= start {
        return left(text, at);
    }
    let before = text.get(start..at).unwrap_or_default();
    let kept = before.trim_end();
    let Some(kind) = kept.chars().next_back().map(class) else {
        return start;
    };
    let word = kept.trim_end_matches(|c| class(c) == kind);
    snap(text, start + word.len())
}

/// Where Home goes: to the first sign of the line, or from there to its very start.
pub(super) fn home(text: &str, at: usize) -> usize {
    let line = line_bounds(text, at);
    let start = line.start.max(first_place(text));
    let first = start + indentation(text.get(start..line.end).unwrap_or_default()).len();
    if at == first { start } else { first }
}

/// What a double-click selects: the word at a place, or the signs or blanks there.
pub(super) fn word_at(text: &str, at: usize) -> Range<usize> {
    let line = line_bounds(text, at);
    let start = line.start.max(first_place(text));
    let before = text.get(start..at).unwrap_or_default();
    let behind = text.get(at..line.end).unwrap_or_default();
    let next = behind.chars().next().map(class);
    let last = before.chars().next_back().map(class);
    // Between two: the word, if one of them is.
    let kind = match (last, next) {
        (_, Some(Class::Word)) | (Some(Class::Word), _) => Class::Word,
        (_, Some(kind)) | (Some(kind), None) => kind,
        (None, None) => return at..at,
    };
    let from = start + before.trim_end_matches(|c| class(c) == kind).len();
    let to = line.end - behind.trim_start_matches(|c| class(c) == kind).len();
    from..to
}

/// The word at a place; none where there is only space or signs.
pub(super) fn name_at(text: &str, at: usize) -> Option<Range<usize>> {
    let range = word_at(text, at);
    let first = text.get(range.clone())?.chars().next()?;
    (class(first) == Class::Word).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let text = "ab  cd.ef\n  gh";
        let mut stops = vec![0];
        while let Some(last) = stops.last().copied().filter(|at| *at < text.len()) {
            stops.push(word_right(text, last));
        }
        assert_eq!(stops, [0, 2, 6, 7, 9, 12, 14]);
        let mut stops = vec![text.len()];
        while let Some(last) = stops.last().copied().filter(|at| *at > 0) {
            stops.push(word_left(text, last));
        }
        assert_eq!(stops, [14, 12, 10, 9, 7, 6, 4, 0]);
        assert_eq!(word_at(text, 1), 0..2);
        assert_eq!(word_at(text, 2), 0..2);
        assert_eq!(word_at(text, 3), 2..4);
        assert_eq!(word_at(text, 6), 4..6);
        assert_eq!(name_at(text, 3), None);
    }

    #[test]
    fn homes() {
        assert_eq!(home("a\n  bc", 6), 4);
        assert_eq!(home("a\n  bc", 4), 2);
        assert_eq!(home("a\n  bc", 2), 4);
        assert_eq!(home("\u{feff}bc", 5), 3);
    }

    #[test]
    fn signs() {
        let text = "é👩‍👩‍👧\r\nx";
        assert_eq!(right(text, 2), text.find('\r').unwrap());
        assert_eq!(left(text, text.len() - 1), text.find('\r').unwrap());
        assert_eq!(left("\u{feff}a", 3), 3);
        assert_eq!(snap(text, 6), 2);
        assert_eq!(left("", 0), 0);
        assert_eq!(right("", 0), 0);
    }
}
