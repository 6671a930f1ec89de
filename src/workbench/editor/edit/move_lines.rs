//! Lines move up and down, or get a copy.

use super::super::cursors::Selection;
use super::super::lines::{line_bounds, line_end_style, next_line};
use super::super::splice::Splices;
use super::{Change, first_place, touched};
use std::ops::Range;

/// The touched lines as blocks of neighbours, each without its last line end.
fn blocks(text: &str, selections: &[Selection]) -> Vec<Range<usize>> {
    let mut blocks: Vec<Range<usize>> = Vec::new();
    for start in touched(text, selections) {
        let line = start..line_bounds(text, start).end;
        match blocks.last_mut() {
            Some(last) if next_line(text, last.end) == line.start => last.end = line.end,
            _ => blocks.push(line),
        }
    }
    blocks
}

pub(crate) fn move_lines(text: &str, selections: &[Selection], up: bool) -> Option<Change> {
    let mut splices = Splices::default();
    // How far what was in a block has moved.
    let mut moved: Vec<(Range<usize>, usize, bool)> = Vec::new();
    for block in blocks(text, selections) {
        let (first, second) = if up {
            if block.start <= first_place(text) {
                continue;
            }
            let above = line_bounds(text, block.start - 1);
            (above.start.max(first_place(text))..above.end, block.clone())
        } else {
            let next = next_line(text, block.end);
            let ends = text.as_bytes().get(next.wrapping_sub(1)) == Some(&b'\n');
            if next <= block.end || !ends {
                continue;
            }
            (block.clone(), next..line_bounds(text, next).end)
        };
        let piece = |range: Range<usize>| text.get(range).unwrap_or_default();
        let swapped = [
            piece(second.clone()),
            piece(first.end..second.start),
            piece(first.clone()),
        ]
        .concat();
        splices.replace(first.start..second.end, swapped);
        let by = if up {
            second.start - first.start
        } else {
            second.end - first.end
        };
        moved.push((block, by, up));
    }
    if splices.list.is_empty() {
        return None;
    }
    let to = |at: usize| {
        let block = moved
            .iter()
            .find(|(block, ..)| block.start <= at && at <= block.end);
        match block {
            Some((_, by, true)) => at - by,
            Some((_, by, false)) => at + by,
            None => at,
        }
    };
    let select = selections
        .iter()
        .map(|s| {
            // A selection of whole lines ends at the start of the one behind them.
            let end = s.range().end;
            let within = moved
                .iter()
                .map(|(block, ..)| block)
                .find(|b| s.range().start >= b.start && s.range().start <= b.end);
            let clamp = |at: usize| match within {
                Some(block) if at == end && at > block.end => block.end,
                _ => at,
            };
            Selection::new(to(clamp(s.anchor)), to(clamp(s.head)))
        })
        .collect();
    Some(Change {
        splices: splices.list,
        select: Some(select),
    })
}

/// Copies the touched lines; the cursors stay in the copy that is above or below.
pub(crate) fn duplicate(text: &str, selections: &[Selection], up: bool) -> Option<Change> {
    let style = line_end_style(text);
    let mut splices = Splices::default();
    let blocks = blocks(text, selections);
    let mut select = Vec::with_capacity(selections.len());
    let mut rest = selections.iter().peekable();
    for block in blocks {
        let lines = text.get(block.clone()).unwrap_or_default();
        let copied = style.len() + lines.len();
        let before = splices.place(0) as isize;
        splices.replace(block.end..block.end, format!("{style}{lines}"));
        let by = before + if up { 0 } else { copied as isize };
        while let Some(s) = rest.next_if(|s| s.range().start <= block.end) {
            let to = |at: usize| at.saturating_add_signed(by);
            select.push(Selection::new(to(s.anchor), to(s.head)));
        }
    }
    Some(Change {
        splices: splices.list,
        select: Some(select),
    })
}

#[cfg(test)]
mod tests {
    use super::super::marked::after;
    use super::*;

    #[test]
    fn moving() {
        let up = |before: &str| after(before, |t, s| move_lines(t, s, true));
        let down = |before: &str| after(before, |t, s| move_lines(t, s, false));
        assert_eq!(up("a\nb¦\nc"), "b¦\na\nc");
        assert_eq!(up("a¦\nb"), "nothing");
        assert_eq!(down("«a\nb»\nc"), "c\n«a\nb»");
        assert_eq!(down("a¦"), "nothing");
        assert_eq!(down("a\nb¦"), "nothing");
        assert_eq!(down("a¦\r\nb\r\n"), "b\r\na¦\r\n");
        assert_eq!(down("a¦\n"), "\na¦");
        assert_eq!(down("a¦\nb\nc¦\nd"), "b\na¦\nd\nc¦");
        assert_eq!(up("\u{feff}a\nb¦"), "\u{feff}b¦\na");
    }

    #[test]
    fn duplicating() {
        let down = |before: &str| after(before, |t, s| duplicate(t, s, false));
        let up = |before: &str| after(before, |t, s| duplicate(t, s, true));
        assert_eq!(down("a¦\nb"), "a\na¦\nb");
        assert_eq!(up("a¦\nb"), "a¦\na\nb");
        assert_eq!(down("«a\nb»\r\nc"), "a\nb\n«a\nb»\r\nc");
        assert_eq!(down("a¦\nb\nc¦"), "a\na¦\nb\nc\nc¦");
        assert_eq!(up("a¦\nb\nc¦"), "a¦\na\nb\nc¦\nc");
    }
}
