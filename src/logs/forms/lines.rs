//! `ndjson`: one JSON object a line. A damaged line costs only itself.

use super::documents::MARK;
use super::{Found, Reading, Split, lists};
use crate::logs::scan;

/// Whether lines are records: the first line is a whole JSON object or list, or the text as a whole
/// is not (or does not begin as) one document and some line is a whole object.
pub(in crate::logs) fn recognise(text: &[u8], start: usize) -> bool {
    let first = scan::skip_space(text, start);
    let line_end = memchr::memchr(b'\n', text.get(first..).unwrap_or_default())
        .map_or(text.len(), |n| first + n);
    let opens = matches!(text.get(first), Some(b'{' | b'['));
    if opens && text.get(first..line_end).is_some_and(scan::is_whole) {
        return true;
    }
    if opens && scan::skip_value(text, first).is_ok() {
        return false;
    }
    // A damaged first record: lines are records if any later line is one by itself.
    let mut at = line_end;
    while let Some(end) = memchr::memchr(b'\n', text.get(at..).unwrap_or_default())
        .map(|n| at + n)
        .or((at < text.len()).then_some(text.len()))
    {
        let line = text.get(at..end).unwrap_or_default();
        if line.len() > 2 && line.first() == Some(&b'{') && scan::is_whole(line) {
            return true;
        }
        at = end + 1;
    }
    false
}

/// Whether the text whose beginning this is has lines that are records, as far as the first line tells.
pub(in crate::logs) fn begins(head: &[u8]) -> bool {
    let first = scan::skip_space(head, 0);
    let rest = head.get(first..).unwrap_or_default();
    let end = memchr::memchr(b'\n', rest);
    matches!(rest.first(), Some(b'{' | b'['))
        && end.is_some_and(|end| rest.get(..end).is_some_and(scan::is_whole))
}

/// The record of a line that goes from one offset to another; none where it is blank.
pub(in crate::logs) fn record(
    text: &[u8],
    at: usize,
    end: usize,
) -> Option<std::ops::Range<usize>> {
    // Not beyond the line: the lines behind it may all be blank.
    let line = text.get(..end)?;
    let mut from = scan::skip_space(line, at);
    if line.get(from..).is_some_and(|line| line.starts_with(MARK)) {
        // Files that were put one behind another.
        from = scan::skip_space(line, from + MARK.len());
    }
    let mut to = end;
    while to > from && text.get(to - 1).is_some_and(u8::is_ascii_whitespace) {
        to -= 1;
    }
    // What is left of a list with one record a line whose document is damaged.
    match text.get(from..to) {
        Some(b"[") => to = from,
        Some([b'{', .., b',']) => to -= 1,
        Some(line) if lists::is_tail(line) || lists::is_head(line) => to = from,
        _ => {}
    }
    (from < to).then_some(from..to)
}

/// Cuts the text into its lines; blank lines are passed over.
pub(super) fn split(text: &[u8], start: usize) -> Split {
    let mut split = Split {
        form: "ndjson",
        ..Split::default()
    };
    let mut line = 1;
    let mut at = start;
    while at < text.len() {
        let end = memchr::memchr(b'\n', text.get(at..).unwrap_or_default())
            .map_or(text.len(), |n| at + n);
        if let Some(range) = record(text, at, end) {
            split.found.push(Found {
                range,
                base: 0,
                line,
                reading: Reading::Line,
            });
        }
        line += 1;
        at = end + 1;
    }
    split
}
