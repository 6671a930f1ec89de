//! Which rows are selected, by their places in the table as it is shown.

use std::ops::Range;

/// Selected places. A million of them are one range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// In order, without overlap.
    ranges: Vec<Range<usize>>,
    /// The row that the keys move from.
    pub cursor: Option<usize>,
    /// Where a range of Shift begins.
    anchor: usize,
}

impl Selection {
    /// Whether a row is selected.
    pub fn contains(&self, place: usize) -> bool {
        let after = self.ranges.partition_point(|r| r.end <= place);
        self.ranges.get(after).is_some_and(|r| r.contains(&place))
    }

    /// How many rows are selected.
    pub fn len(&self) -> usize {
        self.ranges.iter().map(ExactSizeIterator::len).sum()
    }

    /// The selected places, in order.
    pub fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.ranges.iter().cloned().flatten()
    }

    /// Selects one row.
    pub fn only(&mut self, place: usize) {
        self.ranges.clear();
        self.ranges.push(place..place + 1);
        self.cursor = Some(place);
        self.anchor = place;
    }

    /// Selects from where the last range began to a row.
    pub fn extend(&mut self, place: usize) {
        if self.cursor.is_none() {
            self.anchor = place;
        }
        let (from, to) = (self.anchor.min(place), self.anchor.max(place));
        self.ranges.clear();
        self.ranges.push(from..to + 1);
        self.cursor = Some(place);
    }

    /// Selects a row beside the others, or no longer.
    pub fn toggle(&mut self, place: usize) {
        let was = self.contains(place);
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        for range in self.ranges.drain(..) {
            for part in [
                range.start..range.end.min(place),
                range.start.max(place + 1)..range.end,
            ] {
                if !part.is_empty() {
                    ranges.push(part);
                }
            }
        }
        if !was {
            ranges.push(place..place + 1);
        }
        ranges.sort_by_key(|r| r.start);
        for range in ranges {
            match self.ranges.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => self.ranges.push(range),
            }
        }
        self.cursor = Some(place);
        self.anchor = place;
    }

    /// Selects all of so many rows.
    pub fn all(&mut self, rows: usize) {
        self.ranges.clear();
        if rows > 0 {
            self.ranges.push(0..rows);
        }
        self.cursor = self.cursor.or((rows > 0).then_some(0));
    }

    /// Selects nothing.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(selection: &Selection) -> Vec<usize> {
        selection.places().collect()
    }

    #[test]
    fn ranges_grow_shrink_and_break() {
        let mut s = Selection::default();
        s.only(5);
        s.extend(8);
        assert_eq!(places(&s), [5, 6, 7, 8]);
        s.extend(3);
        assert_eq!(places(&s), [3, 4, 5], "from where the range began");
        s.toggle(4);
        assert_eq!(places(&s), [3, 5]);
        s.toggle(4);
        assert_eq!((places(&s), s.ranges.len()), (vec![3, 4, 5], 1));
        s.toggle(9);
        assert!(s.contains(9) && s.contains(3) && !s.contains(6) && s.len() == 4);
        s.all(1_000_000);
        assert!(s.contains(999_999) && !s.contains(1_000_000) && s.len() == 1_000_000);
        s.all(0);
        assert_eq!(s.len(), 0);
    }
}
