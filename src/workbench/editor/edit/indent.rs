//! Tab and Shift+Tab.

use super::super::cursors::Selection;
use super::super::lines::line_bounds;
use super::super::measure::column_of;
use super::super::splice::{Splice, Splices};
use super::{Change, languages, line_from, touched};
use crate::workbench::highlight::{Language, language_at};

/// Tab: to the next step of indentation; where several lines are selected they go one level in.
pub(crate) fn tab(text: &str, selections: &[Selection], language: Language) -> Option<Change> {
    let several = |s: &Selection| text.get(s.range()).unwrap_or_default().contains('\n');
    if selections.iter().any(several) {
        return indent(text, selections, language);
    }
    let mut splices = Splices::default();
    let mut select = Vec::with_capacity(selections.len());
    for (selection, language) in selections.iter().zip(languages(text, selections, language)) {
        let step = language.indent();
        let range = selection.range();
        let start = line_bounds(text, range.start).start;
        let line = text.get(start..range.start).unwrap_or_default();
        let blanks = step - column_of(line, line.len()) % step;
        let at = splices.replace(range, " ".repeat(blanks));
        select.push(Selection::cursor(at + blanks));
    }
    Some(Change {
        splices: splices.list,
        select: Some(select),
    })
}

/// The touched lines one level in.
pub(crate) fn indent(text: &str, selections: &[Selection], language: Language) -> Option<Change> {
    let starts = touched(text, selections);
    let step = step_at(text, &starts, language);
    let alone = starts.len() == 1;
    let splices = starts
        .into_iter()
        .filter(|start| alone || !line_from(text, *start).trim().is_empty())
        .map(|start| Splice::insert(start, " ".repeat(step)))
        .collect();
    Change::of(splices)
}

/// The touched lines one level out.
pub(crate) fn outdent(text: &str, selections: &[Selection], language: Language) -> Option<Change> {
    let starts = touched(text, selections);
    let step = step_at(text, &starts, language);
    let splices = starts
        .into_iter()
        .filter_map(|start| {
            let line = line_from(text, start);
            let remove = if line.starts_with('\t') {
                1
            } else {
                line.bytes().take(step).take_while(|b| *b == b' ').count()
            };
            (remove > 0).then(|| Splice::delete(start..start + remove))
        })
        .collect();
    Change::of(splices)
}

fn step_at(text: &str, starts: &[usize], language: Language) -> usize {
    let first = starts.first().copied().unwrap_or(0);
    language_at(text, first, language).indent()
}

#[cfg(test)]
mod tests {
    use super::super::marked::after;
    use super::*;
    use Language::{Python, Yaml};

    #[test]
    fn indenting() {
        let tab = |language, before: &str| after(before, |t, s| tab(t, s, language));
        assert_eq!(tab(Yaml, "¦a"), "  ¦a");
        assert_eq!(tab(Yaml, " ¦a"), "  ¦a");
        assert_eq!(tab(Python, " x¦"), " x  ¦");
        assert_eq!(tab(Yaml, "a: «bc»"), "a:  ¦");
        assert_eq!(tab(Yaml, "«a\n\n  b»\nc"), "  «a\n\n    b»\nc");
        assert_eq!(tab(Yaml, "a«\nb\n»c"), "  a«\n  b\n»c");
        assert_eq!(tab(Yaml, "a¦\nbb¦"), "a ¦\nbb  ¦");
        // A wide sign is two columns.
        assert_eq!(tab(Python, "文¦"), "文  ¦");
        assert_eq!(tab(Yaml, "\u{feff}«a\nb»"), "\u{feff}  «a\n  b»");
    }

    #[test]
    fn outdenting() {
        let out = |language, before: &str| after(before, |t, s| outdent(t, s, language));
        assert_eq!(out(Yaml, "   a¦"), " a¦");
        assert_eq!(out(Python, "    a\n«      b\n  c»"), "    a\n«  b\nc»");
        assert_eq!(out(Yaml, " ¦ a"), "¦a");
        assert_eq!(out(Yaml, "a¦"), "nothing");
        assert_eq!(out(Yaml, "\ta¦"), "a¦");
    }
}
