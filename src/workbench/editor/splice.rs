//! Changes of a text as pieces that are replaced, and where places go with them.

use crate::diagnostic::{Edit, Span};
use std::ops::Range;

/// Replaces a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Splice {
    pub range: Range<usize>,
    pub with: String,
}

impl Splice {
    pub fn insert(at: usize, with: impl Into<String>) -> Self {
        Self {
            range: at..at,
            with: with.into(),
        }
    }

    pub fn delete(range: Range<usize>) -> Self {
        Self {
            range,
            with: String::new(),
        }
    }
}

/// Makes splices, which stand in ascending order and do not overlap.
pub(super) fn apply(text: &mut String, splices: &[Splice]) {
    if let [one] = splices {
        if text.get(one.range.clone()).is_some() {
            text.replace_range(one.range.clone(), &one.with);
        }
        return;
    }
    let more: usize = splices.iter().map(|s| s.with.len()).sum();
    let mut result = String::with_capacity(text.len() + more);
    let mut at = 0;
    for Splice { range, with } in splices {
        result.push_str(text.get(at..range.start).unwrap_or_default());
        result.push_str(with);
        at = range.end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    *text = result;
}

/// Where a place is after the splices: behind what was inserted at it or replaced round it.
pub(super) fn moved(splices: &[Splice], offset: usize) -> usize {
    let mut to = offset;
    for Splice { range, with } in splices {
        if range.start > offset {
            break;
        }
        if offset >= range.end {
            to = to + with.len() - range.len();
        } else {
            to = to - (offset - range.start) + with.len();
        }
    }
    to
}

/// The same, but before what was inserted at it.
pub(super) fn moved_before(splices: &[Splice], offset: usize) -> usize {
    let mut to = offset;
    for Splice { range, with } in splices {
        if range.start >= offset {
            break;
        }
        if offset >= range.end {
            to = to + with.len() - range.len();
        } else {
            to -= offset - range.start;
        }
    }
    to
}

/// Where spans are after edits of the text that they are of. What is inserted at an end of one is not of it.
pub(in crate::workbench) fn moving(edits: &[Edit]) -> impl Fn(Span) -> Span {
    let splice = |edit: &Edit| Splice {
        range: edit.span.start..edit.span.end,
        with: edit.text.clone(),
    };
    let splices: Vec<Splice> = edits.iter().map(splice).collect();
    move |span| {
        let end = moved_before(&splices, span.end);
        Span::new(moved(&splices, span.start).min(end), end)
    }
}

/// The one splice that makes the new text of the old; none if they are equal.
pub(super) fn difference(old: &str, new: &str) -> Option<Splice> {
    if old == new {
        return None;
    }
    let (a, b) = (old.as_bytes(), new.as_bytes());
    let shorter = a.len().min(b.len());
    let mut prefix = common_start(a, b);
    while !(old.is_char_boundary(prefix) && new.is_char_boundary(prefix)) {
        prefix -= 1;
    }
    let mut suffix = common_end(a, b).min(shorter - prefix);
    while !(old.is_char_boundary(old.len() - suffix) && new.is_char_boundary(new.len() - suffix)) {
        suffix -= 1;
    }
    Some(Splice {
        range: prefix..old.len() - suffix,
        with: new
            .get(prefix..new.len() - suffix)
            .unwrap_or_default()
            .to_owned(),
    })
}

/// How many bytes two texts have in common at their starts.
pub(in crate::workbench) fn common_start(a: &[u8], b: &[u8]) -> usize {
    // By pieces first: comparing those is one call.
    let pieces = a.chunks(PIECE).zip(b.chunks(PIECE));
    let same = pieces.take_while(|(a, b)| a == b).count() * PIECE;
    let same = same.min(a.len()).min(b.len());
    let (a, b) = (
        a.get(same..).unwrap_or_default(),
        b.get(same..).unwrap_or_default(),
    );
    same + a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// How many bytes two texts have in common at their ends.
pub(in crate::workbench) fn common_end(a: &[u8], b: &[u8]) -> usize {
    let pieces = a.rchunks(PIECE).zip(b.rchunks(PIECE));
    let same = pieces.take_while(|(a, b)| a == b).count() * PIECE;
    let same = same.min(a.len()).min(b.len());
    let before = |text: &[u8]| text.len() - same;
    let (a, b) = (
        a.get(..before(a)).unwrap_or_default(),
        b.get(..before(b)).unwrap_or_default(),
    );
    let ends = a.iter().rev().zip(b.iter().rev());
    same + ends.take_while(|(a, b)| a == b).count()
}

/// Bytes that are compared in one go.
const PIECE: usize = 256;

/// Collects splices from the start of a text to its end, and tells where each lands in the new text.
#[derive(Default)]
pub(super) struct Splices {
    pub list: Vec<Splice>,
    added: usize,
    removed: usize,
}

impl Splices {
    /// Where a place behind all splices so far is in the new text.
    pub fn place(&self, offset: usize) -> usize {
        (offset + self.added).saturating_sub(self.removed)
    }

    /// Adds a splice; gives where what it inserts begins in the new text.
    pub fn replace(&mut self, range: Range<usize>, with: impl Into<String>) -> usize {
        let with = with.into();
        let at = self.place(range.start);
        self.added += with.len();
        self.removed += range.len();
        if !(range.is_empty() && with.is_empty()) {
            self.list.push(Splice { range, with });
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_keep_to_characters() {
        let is = |old, new, range, with: &str| {
            let with = with.to_owned();
            assert_eq!(difference(old, new), Some(Splice { range, with }));
        };
        // é and è share their first byte.
        is("aéb", "aèb", 1..3, "è");
        is("aa", "aaa", 2..2, "a");
        assert_eq!(difference("a", "a"), None);
    }

    #[test]
    fn long_texts_are_compared_by_pieces() {
        let text: String = (0..300).map(|i| format!("{i} ")).collect();
        for at in [0, 1, 255, 256, 257, 700, text.len() - 1] {
            let mut other = text.clone();
            other.replace_range(at..at + 1, "x");
            let (a, b) = (text.as_bytes(), other.as_bytes());
            assert_eq!(common_start(a, b), at);
            assert_eq!(common_end(a, b), text.len() - at - 1);
        }
        let (a, b) = (text.as_bytes(), &text.as_bytes()[..600]);
        assert_eq!((common_start(a, b), common_end(a, a)), (600, a.len()));
    }

    #[test]
    fn places_go_with_the_text_round_them() {
        let splices = [Splice::insert(2, "xy"), Splice::delete(4..6)];
        let mut text = "abcdefgh".to_owned();
        apply(&mut text, &splices);
        assert_eq!(text, "abxycdgh");
        let to = |at| (moved_before(&splices, at), moved(&splices, at));
        assert_eq!(to(1), (1, 1));
        assert_eq!(to(2), (2, 4));
        assert_eq!(to(3), (5, 5));
        assert_eq!(to(5), (6, 6));
        assert_eq!(to(8), (8, 8));
    }
}
