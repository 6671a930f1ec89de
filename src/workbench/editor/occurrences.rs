//! More cursors: at the next occurrence of what is selected, at all of them, in the lines beside.

use super::cursors::{Cursors, MOST};
use super::lines::{line_bounds, next_line};
use super::{CodeEditor, Selection, motion};
use std::ops::Range;

impl CodeEditor {
    /// Selects the words at the cursors; if something is selected already, its next occurrence too.
    pub(super) fn add_next_occurrence(&mut self, text: &str) {
        if self.cursors.list().iter().any(|s| s.is_empty()) {
            self.select_words(text);
            return;
        }
        let main = self.cursors.main();
        let Some(wanted) = text.get(main.range()).filter(|part| !part.is_empty()) else {
            return;
        };
        let taken = |range: &Range<usize>| {
            let list = self.cursors.list();
            list.binary_search_by_key(&range.start, |s| s.range().start)
                .is_ok()
        };
        let end = main.range().end;
        let whole = self.whole_word;
        let next = occurrences(text, wanted, end..text.len(), whole)
            .find(|range| !taken(range))
            .or_else(|| occurrences(text, wanted, 0..end, whole).find(|range| !taken(range)));
        if let Some(range) = next {
            let forward = main.head >= main.anchor;
            let selection = match forward {
                true => Selection::new(range.start, range.end),
                false => Selection::new(range.end, range.start),
            };
            let cursors = self.cursors.and(selection);
            self.go(cursors);
            self.whole_word = whole;
        }
    }

    fn select_words(&mut self, text: &str) {
        let cursors = self.cursors.map(|s| match motion::name_at(text, s.head) {
            Some(word) if s.is_empty() => Selection::new(word.start, word.end),
            _ => s,
        });
        self.go(cursors);
        self.whole_word = true;
    }

    pub(super) fn select_all_occurrences(&mut self, text: &str) {
        if self.cursors.main().is_empty() {
            self.select_words(text);
        }
        let main = self.cursors.main();
        let Some(wanted) = text.get(main.range()).filter(|part| !part.is_empty()) else {
            return;
        };
        let list: Vec<Selection> = occurrences(text, wanted, 0..text.len(), self.whole_word)
            .take(MOST)
            .map(|range| Selection::new(range.start, range.end))
            .collect();
        let index = list.iter().position(|s| s.range() == main.range());
        let reveal = self.reveal;
        self.go(Cursors::with_main(list, index.unwrap_or(0)));
        self.reveal = reveal;
    }

    /// One more cursor in the row above or below each.
    pub(super) fn cursor_beside(&mut self, text: &str, by: isize) {
        self.refresh(text);
        let sheet = self.sheet(text);
        let count = sheet.rows.count();
        let mut list = self.cursors.list().to_vec();
        let mut goals = self.cursors.goals.clone();
        if goals.len() != list.len() {
            goals = list.iter().map(|s| sheet.goal(s.head).1).collect();
        }
        // The main one is the outermost.
        let mut added: Vec<(Selection, usize)> = Vec::new();
        for (s, goal) in list.iter().zip(&goals) {
            let row = sheet.goal(s.head).0;
            if let Some(to) = row.checked_add_signed(by).filter(|to| *to < count) {
                added.push((Selection::cursor(sheet.at_goal(to, *goal)), *goal));
            }
        }
        if by < 0 {
            added.reverse();
        }
        let Some((outermost, _)) = added.last().copied() else {
            return;
        };
        list.extend(added.iter().map(|(s, _)| *s));
        let widest = goals.iter().copied().max().unwrap_or(0);
        let main = list.iter().position(|s| *s == outermost).unwrap_or(0);
        let mut cursors = Cursors::with_main(list, main);
        cursors.goals = vec![widest; cursors.list().len()];
        self.go(cursors);
    }

    /// A cursor at the end of each line that is selected.
    pub(super) fn cursors_at_line_ends(&mut self, text: &str) {
        let mut list = Vec::new();
        for selection in self.cursors.list() {
            let range = selection.range();
            let mut at = range.start;
            loop {
                let end = line_bounds(text, at).end;
                list.push(Selection::cursor(end.min(range.end.max(end))));
                let next = next_line(text, at);
                if next >= range.end || next == at || list.len() >= MOST {
                    break;
                }
                at = next;
            }
        }
        self.go(Cursors::of(list));
    }
}

/// Where a text occurs within a range, in its order.
fn occurrences<'a>(
    text: &'a str,
    wanted: &'a str,
    range: Range<usize>,
    whole_word: bool,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let start = range.start;
    text.get(range)
        .unwrap_or_default()
        .match_indices(wanted)
        .map(move |(i, part)| start + i..start + i + part.len())
        .filter(move |range| {
            let before = text.get(..range.start).unwrap_or_default();
            let behind = text.get(range.end..).unwrap_or_default();
            !whole_word || !(word(before.chars().next_back()) || word(behind.chars().next()))
        })
}

/// Other places where what is selected stands, to be shown; only of words and the like, within a range.
pub(super) fn alike(
    text: &str,
    selected: &Range<usize>,
    within: Range<usize>,
) -> Vec<Range<usize>> {
    const LONGEST: usize = 200;
    let Some(wanted) = text.get(selected.clone()) else {
        return Vec::new();
    };
    if wanted.len() < 2 || wanted.len() > LONGEST || wanted.contains('\n') {
        return Vec::new();
    }
    if wanted.trim().len() < 2 {
        return Vec::new();
    }
    occurrences(text, wanted, within, false)
        .filter(|range| range != selected)
        .take(1_000)
        .collect()
}
