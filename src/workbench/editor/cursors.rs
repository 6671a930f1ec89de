//! The cursors: at least one, none over another.

use super::lines::floor_boundary;
use super::splice::{Splice, moved};
use std::ops::Range;

/// More cursors than this are not made.
pub(super) const MOST: usize = 5_000;

/// A selection in bytes of the text. The head is where the cursor blinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Where it began.
    pub anchor: usize,
    /// Where it ends, before or after the anchor.
    pub head: usize,
}

impl Selection {
    /// A cursor.
    pub fn cursor(at: usize) -> Self {
        Self {
            anchor: at,
            head: at,
        }
    }

    /// From one end to the other, where the cursor is.
    pub fn new(anchor: usize, head: usize) -> Self {
        Self { anchor, head }
    }

    /// From the smaller to the larger end.
    pub fn range(self) -> Range<usize> {
        self.anchor.min(self.head)..self.anchor.max(self.head)
    }

    /// Whether nothing is selected.
    pub fn is_empty(self) -> bool {
        self.anchor == self.head
    }

    /// The same, no further than a text reaches, and behind its byte-order mark.
    pub(super) fn within(self, text: &str) -> Self {
        Self {
            anchor: place(text, self.anchor),
            head: place(text, self.head),
        }
    }
}

/// The first place a cursor can be: a byte-order mark stays at the start of its file.
pub(super) fn first_place(text: &str) -> usize {
    if text.starts_with('\u{feff}') { 3 } else { 0 }
}

/// The nearest place for a cursor at or before an offset: not within a sign, nor within a line end.
pub(super) fn place(text: &str, offset: usize) -> usize {
    let at = floor_boundary(text, offset).max(first_place(text));
    let bytes = text.as_bytes();
    let within = at > 0 && bytes.get(at) == Some(&b'\n') && bytes.get(at - 1) == Some(&b'\r');
    at - usize::from(within)
}

/// The selections, ascending; one of them is the main one, which is kept in view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursors {
    list: Vec<Selection>,
    main: usize,
    /// The columns that Up and Down keep to; empty when another key came between.
    pub goals: Vec<usize>,
}

impl Default for Cursors {
    fn default() -> Self {
        Self::one(Selection::default())
    }
}

impl Cursors {
    pub fn one(selection: Selection) -> Self {
        Self {
            list: vec![selection],
            main: 0,
            goals: Vec::new(),
        }
    }

    /// The last one given is the main one.
    pub fn of(list: Vec<Selection>) -> Self {
        let main = list.len().saturating_sub(1);
        Self::with_main(list, main)
    }

    pub fn with_main(mut list: Vec<Selection>, main: usize) -> Self {
        if list.is_empty() {
            return Self::default();
        }
        let mut chosen = list.get(main).copied().unwrap_or_default();
        list.sort_by_key(|s| (s.range().start, s.range().end));
        let mut merged: Vec<Selection> = Vec::with_capacity(list.len());
        for next in list {
            let Some(last) = merged.last_mut() else {
                merged.push(next);
                continue;
            };
            let (a, b) = (last.range(), next.range());
            let touching = b.start == a.end && (a.is_empty() || b.is_empty());
            if b.start < a.end || touching {
                let range = a.start..a.end.max(b.end);
                let forward = if next.is_empty() {
                    last.head >= last.anchor
                } else {
                    next.head >= next.anchor
                };
                let whole = if forward {
                    Selection::new(range.start, range.end)
                } else {
                    Selection::new(range.end, range.start)
                };
                if *last == chosen || next == chosen {
                    chosen = whole;
                }
                *last = whole;
            } else if merged.len() < MOST {
                merged.push(next);
            }
        }
        let main = merged.iter().position(|s| *s == chosen).unwrap_or(0);
        Self {
            list: merged,
            main,
            goals: Vec::new(),
        }
    }

    pub fn list(&self) -> &[Selection] {
        &self.list
    }

    pub fn main(&self) -> Selection {
        self.list.get(self.main).copied().unwrap_or_default()
    }

    pub fn main_index(&self) -> usize {
        self.main
    }

    pub fn several(&self) -> bool {
        self.list.len() > 1
    }

    /// Each one changed; those that then lie over another become one.
    pub fn map(&self, change: impl FnMut(Selection) -> Selection) -> Self {
        let list: Vec<_> = self.list.iter().copied().map(change).collect();
        Self::with_main(list, self.main)
    }

    /// Where they are after splices.
    pub fn moved(&self, splices: &[Splice]) -> Self {
        self.map(|s| Selection::new(moved(splices, s.anchor), moved(splices, s.head)))
    }

    /// One more, which becomes the main one.
    pub fn and(&self, selection: Selection) -> Self {
        let mut list = self.list.clone();
        list.push(selection);
        Self::of(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_lies_over_another() {
        let s = Selection::new;
        let cursors = Cursors::of(vec![s(5, 8), s(1, 1), s(7, 9), s(1, 1), s(9, 12), s(3, 2)]);
        assert_eq!(cursors.list(), [s(1, 1), s(3, 2), s(5, 9), s(9, 12)]);
        assert_eq!(cursors.main(), s(3, 2));
        // A cursor at the edge of a selection joins it.
        let cursors = Cursors::of(vec![s(4, 2), s(4, 4)]);
        assert_eq!(cursors.list(), [s(4, 2)]);
        assert_eq!(cursors.main(), s(4, 2));
    }

    #[test]
    fn a_mark_at_the_start_stays_there() {
        assert_eq!(
            Selection::new(0, 4).within("\u{feff}a"),
            Selection::new(3, 4)
        );
    }
}
