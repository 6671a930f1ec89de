//! Backspace and Delete.

use super::super::cursors::{Selection, first_place};
use super::super::lines::{indentation, line_bounds};
use super::super::motion;
use super::super::splice::Splices;
use super::{Change, languages};
use crate::workbench::highlight::Language;
use std::ops::Range;

/// How far a key deletes, where nothing is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    Left,
    Right,
    WordLeft,
    WordRight,
    LineStart,
    LineEnd,
}

/// Deletes what is selected, or what a key reaches. `closers` are closing signs that came by themselves: they go
/// with their opening ones.
pub(crate) fn remove(
    text: &str,
    selections: &[Selection],
    language: Language,
    reach: Reach,
    closers: &[usize],
) -> Option<Change> {
    let mut splices = Splices::default();
    let mut select = Vec::with_capacity(selections.len());
    let mut done = 0;
    for (selection, language) in selections.iter().zip(languages(text, selections, language)) {
        let mut range = match selection.is_empty() {
            true => reached(text, selection.head, language, reach, closers),
            false => selection.range(),
        };
        range.start = range.start.max(done).max(first_place(text));
        range.end = range.end.max(range.start);
        done = range.end;
        select.push(Selection::cursor(splices.replace(range, "")));
    }
    (!splices.list.is_empty()).then_some(Change {
        splices: splices.list,
        select: Some(select),
    })
}

fn reached(
    text: &str,
    at: usize,
    language: Language,
    reach: Reach,
    closers: &[usize],
) -> Range<usize> {
    let line = line_bounds(text, at);
    match reach {
        Reach::Left => {
            if closers.contains(&at) && pair(text, at) {
                return motion::left(text, at)..motion::right(text, at);
            }
            let before = text.get(line.start..at).unwrap_or_default();
            let step = language.indent();
            // In the indentation: back to the step before.
            if !before.is_empty() && before.bytes().all(|b| b == b' ') && before.len() % step == 0 {
                return at - step..at;
            }
            motion::left(text, at)..at
        }
        Reach::Right => at..motion::right(text, at),
        Reach::WordLeft if at > line.start => motion::word_left(text, at).max(line.start)..at,
        Reach::WordRight if at < line.end => at..motion::word_right(text, at).min(line.end),
        Reach::WordLeft => motion::left(text, at)..at,
        Reach::WordRight => {
            // Over a line end goes the indentation behind it.
            let next = motion::right(text, at);
            let blanks = indentation(text.get(line_bounds(text, next)).unwrap_or_default()).len();
            at..next + if next > at { blanks } else { 0 }
        }
        Reach::LineStart if at > line.start => line.start..at,
        Reach::LineStart => motion::left(text, at)..at,
        Reach::LineEnd if at < line.end => at..line.end,
        Reach::LineEnd => at..motion::right(text, at),
    }
}

/// Whether an opening sign and its closing one stand before and behind a place.
fn pair(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|part| part.chars().next_back());
    let behind = text.get(at..).and_then(|part| part.chars().next());
    match (before, behind) {
        (Some(a @ ('"' | '\'')), Some(b)) => a == b,
        (Some(a), Some(b)) => super::closer_of(a) == Some(b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::marked::after;
    use super::*;
    use Language::Yaml;

    fn run(before: &str, reach: Reach) -> String {
        after(before, |t, s| remove(t, s, Yaml, reach, &[]))
    }

    #[test]
    fn signs_words_and_lines() {
        assert_eq!(run("ab¦", Reach::Left), "a¦");
        assert_eq!(run("a\r\n¦b", Reach::Left), "a¦b");
        assert_eq!(run("a¦\r\nb", Reach::Right), "a¦b");
        assert_eq!(run("    ¦b", Reach::Left), "  ¦b");
        assert_eq!(run("   ¦b", Reach::Left), "  ¦b");
        assert_eq!(run("e\u{301}¦", Reach::Left), "¦");
        assert_eq!(run("👩‍👩‍👧¦x", Reach::Left), "¦x");
        assert_eq!(run("ab cd¦", Reach::WordLeft), "ab ¦");
        assert_eq!(run("ab\n¦cd", Reach::WordLeft), "ab¦cd");
        assert_eq!(run("¦ab cd", Reach::WordRight), "¦ cd");
        assert_eq!(run("ab¦\n  cd", Reach::WordRight), "ab¦cd");
        assert_eq!(run("ab c¦d", Reach::LineStart), "¦d");
        assert_eq!(run("a¦b c\nd", Reach::LineEnd), "a¦\nd");
        assert_eq!(run("¦a", Reach::Left), "nothing");
        assert_eq!(run("\u{feff}¦a", Reach::Left), "nothing");
        assert_eq!(run("a«bc»d e¦f", Reach::Right), "a¦d e¦");
        assert_eq!(run("ab¦c¦", Reach::WordLeft), "¦");
    }

    #[test]
    fn a_pair_goes_together() {
        let both = after("f(¦)", |t, s| remove(t, s, Yaml, Reach::Left, &[2]));
        assert_eq!(both, "f¦");
        assert_eq!(run("f(¦)", Reach::Left), "f¦)");
        let inner = after("f(x¦)", |t, s| remove(t, s, Yaml, Reach::Left, &[3]));
        assert_eq!(inner, "f(¦)");
    }
}
