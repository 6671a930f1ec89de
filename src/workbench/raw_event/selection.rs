//! What is selected with the pointer, to be copied.

use super::RawEvent;
use super::read::Loaded;
use super::rows::indent;

/// A place: a row, and a sign in it counted from the start of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The row.
    pub row: usize,
    /// The sign.
    pub sign: usize,
}

/// From where the button was pressed to where the pointer went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Where it was pressed.
    pub anchor: Place,
    /// Where the pointer is.
    pub head: Place,
}

impl Selection {
    /// First and last place.
    pub fn ends(&self) -> (Place, Place) {
        (self.anchor.min(self.head), self.anchor.max(self.head))
    }

    /// Whether nothing lies between its ends.
    pub fn is_empty(&self) -> bool {
        self.anchor == self.head
    }

    /// The selected signs of a row that has so many: from and to.
    pub fn of_row(&self, row: usize, signs: usize) -> Option<(usize, usize)> {
        let (first, last) = self.ends();
        if row < first.row || row > last.row {
            return None;
        }
        let from = if row == first.row { first.sign } else { 0 };
        let to = if row == last.row { last.sign } else { signs };
        (from < to).then_some((from.min(signs), to.min(signs)))
    }
}

impl RawEvent {
    /// The selected text: a line a line, indented as shown; rows that go on a line are joined.
    pub(super) fn selected_text(&self, loaded: &Loaded, text: &str) -> Option<String> {
        /// More rows are not copied: the event can be copied as a whole.
        const MOST: usize = 100_000;
        let selection = self.selection.filter(|s| !s.is_empty())?;
        let (first, last) = selection.ends();
        let mut copied = String::new();
        for number in first.row..=last.row.min(first.row + MOST) {
            let row = *self.laid.rows.get(number)?;
            let (pieces, depth) = self.row_pieces(loaded, text, row);
            let all: String = pieces.iter().map(|p| p.text.as_ref()).collect();
            let signs = all.chars().count();
            let begins = row.from == 0;
            if number > first.row && begins {
                copied.push('\n');
            }
            let Some((from, to)) = selection.of_row(number, signs) else {
                continue;
            };
            if from == 0 && begins && number > first.row && self.is_pretty() {
                copied.push_str(&" ".repeat(indent(depth, false)));
            }
            copied.extend(all.chars().skip(from).take(to - from));
        }
        Some(copied)
    }
}
