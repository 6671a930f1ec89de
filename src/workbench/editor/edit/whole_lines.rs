//! Deleting, adding and joining lines.

use super::super::cursors::{Selection, first_place};
use super::super::lines::{indentation, line_bounds, line_end_style, next_line};
use super::super::splice::{Splice, Splices};
use super::{Change, line_from, new_line, touched};
use crate::workbench::highlight::Language;

/// Deletes the touched lines.
pub(crate) fn delete_lines(text: &str, selections: &[Selection]) -> Option<Change> {
    let mut splices: Vec<Splice> = Vec::new();
    for start in touched(text, selections) {
        let mut range = start..next_line(text, start);
        let last = range.end == text.len() && !text.ends_with('\n');
        if last && start > first_place(text) {
            // The last line goes with the line end before it.
            range.start = line_bounds(text, start - 1).end;
        }
        if range.is_empty() && start > first_place(text) {
            range.start = line_bounds(text, start - 1).end;
        }
        match splices.last_mut() {
            Some(before) if before.range.end >= range.start => before.range.end = range.end,
            _ if range.is_empty() => {}
            _ => splices.push(Splice::delete(range)),
        }
    }
    Change::of(splices)
}

/// Begins a new line below or above that of each cursor.
pub(crate) fn line_beside(
    text: &str,
    selections: &[Selection],
    language: Language,
    above: bool,
) -> Option<Change> {
    if !above {
        let ends: Vec<Selection> = selections
            .iter()
            .map(|s| Selection::cursor(line_bounds(text, s.head).end))
            .collect();
        let mut ends = ends;
        ends.dedup();
        return new_line(text, &ends, language);
    }
    let style = line_end_style(text);
    let mut splices = Splices::default();
    let mut select = Vec::new();
    let mut last = None;
    for s in selections {
        let start = line_bounds(text, s.head).start.max(first_place(text));
        if last == Some(start) {
            continue;
        }
        last = Some(start);
        let blanks = indentation(line_from(text, start));
        let at = splices.replace(start..start, format!("{blanks}{style}"));
        select.push(Selection::cursor(at + blanks.len()));
    }
    Some(Change {
        splices: splices.list,
        select: Some(select),
    })
}

/// Joins each touched line, or each cursor's line with the next one.
pub(crate) fn join_lines(text: &str, selections: &[Selection]) -> Option<Change> {
    let starts = touched(text, selections);
    let alone = starts.len() == selections.len();
    let mut splices: Vec<Splice> = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let followed = starts.get(index + 1) == Some(&next_line(text, *start));
        if !(alone || followed) {
            continue;
        }
        let end = line_bounds(text, *start).end;
        let next = next_line(text, *start);
        if next == end {
            continue;
        }
        let line = line_from(text, *start);
        let blanks = line.len() - line.trim_end().len();
        let blanks = blanks.min(end - start);
        let behind = indentation(line_from(text, next)).len();
        let space = !line.trim().is_empty() && !line_from(text, next).trim().is_empty();
        splices.push(Splice {
            range: end - blanks..next + behind,
            with: if space { " ".to_owned() } else { String::new() },
        });
    }
    Change::of(splices)
}

/// Removes blanks at the ends of lines, except where a cursor is behind them.
pub(crate) fn trim_trailing(text: &str, selections: &[Selection]) -> Option<Change> {
    let mut splices = Vec::new();
    let mut start = 0;
    loop {
        let line = line_bounds(text, start);
        let inner = text.get(line.clone()).unwrap_or_default();
        let kept = line.start + inner.trim_end_matches([' ', '\t']).len();
        let cursor = selections
            .iter()
            .any(|s| s.head > kept && s.head <= line.end);
        if kept < line.end && !cursor {
            splices.push(Splice::delete(kept..line.end));
        }
        let next = next_line(text, start);
        if next <= start || next >= text.len() {
            break;
        }
        start = next;
    }
    Change::of(splices)
}

#[cfg(test)]
mod tests {
    use super::super::marked::after;
    use super::*;

    #[test]
    fn deleting() {
        assert_eq!(after("a\nb¦\nc", delete_lines), "a\n¦c");
        assert_eq!(after("a\nb¦", delete_lines), "a¦");
        assert_eq!(after("a\n¦", delete_lines), "a¦");
        assert_eq!(after("¦a", delete_lines), "¦");
        assert_eq!(after("¦", delete_lines), "nothing");
        assert_eq!(after("a¦\nb\nc¦\nd", delete_lines), "¦b\n¦d");
        assert_eq!(after("«a\nb»\nc", delete_lines), "¦c");
        assert_eq!(after("a\r\nb¦", delete_lines), "a¦");
        assert_eq!(after("\u{feff}a¦\nb", delete_lines), "\u{feff}¦b");
    }

    #[test]
    fn adding() {
        let beside =
            |before: &str, above| after(before, |t, s| line_beside(t, s, Language::Yaml, above));
        assert_eq!(beside("  a¦b\nc", false), "  ab\n  ¦\nc");
        assert_eq!(beside("  a¦b\nc", true), "  ¦\n  ab\nc");
        assert_eq!(beside("k¦:\nc", false), "k:\n  ¦\nc");
    }

    #[test]
    fn joining() {
        assert_eq!(after("a¦  \n   b", join_lines), "a ¦b");
        assert_eq!(after("«a\nb\nc»\nd", join_lines), "«a b c»\nd");
        assert_eq!(after("a¦", join_lines), "nothing");
        assert_eq!(after("a¦\n\nb", join_lines), "a¦\nb");
    }

    #[test]
    fn trimming() {
        let before = "a  \r\n  b \t\n¦c\n";
        assert_eq!(after(before, trim_trailing), "a\r\n  b\n¦c\n");
        assert_eq!(after("a ¦", trim_trailing), "nothing");
    }
}
