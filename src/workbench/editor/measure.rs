//! Columns: on a grid of one width, a sign is one column, a wide one two, a mark on another none.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use unicode_width::UnicodeWidthChar;

/// Tabs reach to the next multiple of so many columns.
pub(super) const TAB: usize = 4;
/// Longer lines are measured once, with a mark at each so many bytes.
const LONG: usize = 1_024;

/// The state of measuring a line from its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    pub column: usize,
    joined: bool,
    wide: bool,
}

impl Scan {
    /// Moves over a sign; gives how many columns it takes.
    pub fn step(&mut self, sign: char) -> usize {
        let (joined, wide) = (self.joined, self.wide);
        self.joined = sign == '\u{200d}';
        let width = match sign {
            ' '..='~' => 1,
            '\t' => TAB - self.column % TAB,
            // Shown by a sign of their own: whoever reads a rule must see that they are there.
            _ if is_hidden_control(sign) => 1,
            '\u{1f3fb}'..='\u{1f3ff}' if wide => 0,
            _ if joined && wide => 0,
            _ => sign.width().unwrap_or(1),
        };
        if width > 0 {
            self.wide = width == 2 && sign != '\t';
        }
        self.column += width;
        width
    }
}

/// Signs that have no shape: controls, and those that turn the direction of what is read.
pub(super) fn is_hidden_control(sign: char) -> bool {
    (sign.is_control() && sign != '\t')
        || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

/// The column of a byte offset of a line.
pub(super) fn column_of(line: &str, byte: usize) -> usize {
    let before = line.get(..byte).unwrap_or(line);
    scan(before, Scan::default()).column
}

fn scan(part: &str, mut scan: Scan) -> Scan {
    for sign in part.chars() {
        scan.step(sign);
    }
    scan
}

/// What is known of a long line.
enum Long {
    /// Its columns are its bytes.
    Plain,
    /// Bytes and the state there.
    Marks(Vec<(usize, Scan)>),
}

/// Measures lines of one text; remembers the long ones.
#[derive(Default)]
pub(super) struct Measure {
    long: RefCell<HashMap<usize, Rc<Long>>>,
}

impl Measure {
    /// The text has changed.
    pub fn forget(&mut self) {
        self.long.get_mut().clear();
    }

    /// The state at the last mark of a line (with its number) for which `before` holds.
    fn mark(
        &self,
        number: usize,
        line: &str,
        before: impl Fn(&(usize, Scan)) -> bool,
    ) -> Option<(usize, Scan)> {
        if line.len() < LONG {
            return Some((0, Scan::default()));
        }
        let known = self.long.borrow().get(&number).cloned();
        let long = known.unwrap_or_else(|| {
            let long = Rc::new(measure(line));
            self.long.borrow_mut().insert(number, long.clone());
            long
        });
        match &*long {
            Long::Plain => None,
            Long::Marks(marks) => {
                let index = marks.partition_point(before).saturating_sub(1);
                Some(marks.get(index).copied().unwrap_or_default())
            }
        }
    }

    /// The column of a byte offset of a line.
    pub fn column(&self, number: usize, line: &str, byte: usize) -> usize {
        let byte = super::lines::floor_boundary(line, byte);
        match self.mark(number, line, |mark| mark.0 <= byte) {
            None => byte,
            Some((from, state)) => scan(line.get(from..byte).unwrap_or_default(), state).column,
        }
    }

    /// The byte at which the sign at a column begins, and the column at which it does.
    pub fn floor(&self, number: usize, line: &str, column: usize) -> (usize, Scan) {
        let Some((from, mut state)) = self.mark(number, line, |mark| mark.1.column <= column)
        else {
            let at = column.min(line.len());
            let scan = Scan {
                column: at,
                ..Scan::default()
            };
            return (at, scan);
        };
        for (i, sign) in line.get(from..).unwrap_or_default().char_indices() {
            let mut after = state;
            after.step(sign);
            if after.column > column {
                return (from + i, state);
            }
            state = after;
        }
        (line.len(), state)
    }

    /// The byte between two signs that is nearest to a column.
    pub fn nearest(&self, number: usize, line: &str, column: f64) -> usize {
        let floored = column.max(0.0) as usize;
        let (at, scan) = self.floor(number, line, floored);
        let Some(sign) = line.get(at..).and_then(|rest| rest.chars().next()) else {
            return line.len();
        };
        let mut after = scan;
        let width = after.step(sign);
        let past = column - scan.column as f64 > width as f64 / 2.0;
        if !past {
            return at;
        }
        // With the marks on it.
        let mut to = at + sign.len_utf8();
        for sign in line.get(to..).unwrap_or_default().chars() {
            if after.step(sign) > 0 {
                break;
            }
            to += sign.len_utf8();
        }
        to
    }
}

fn measure(line: &str) -> Long {
    if line.is_ascii() && !line.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Long::Plain;
    }
    let mut marks = vec![(0, Scan::default())];
    let mut state = Scan::default();
    let mut next = LONG;
    for (at, sign) in line.char_indices() {
        if at >= next {
            marks.push((at, state));
            next = at + LONG;
        }
        state.step(sign);
    }
    Long::Marks(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_signs() {
        let width = |text: &str| column_of(text, text.len());
        assert_eq!(width("abc"), 3);
        assert_eq!(width("文字"), 4);
        assert_eq!(width("e\u{301}x"), 2);
        assert_eq!(width("a\tb"), 5);
        assert_eq!(width("👩‍👩‍👧"), 2);
        assert_eq!(width("👍🏽!"), 3);
        assert_eq!(width("\u{feff}a"), 1);
        assert_eq!(width("a\rb\u{202e}"), 4);
    }

    #[test]
    fn long_lines_are_as_short_ones() {
        let line = "a文\tb".repeat(1_000);
        let measure = Measure::default();
        for (at, _) in line.char_indices().step_by(97) {
            let column = column_of(&line, at);
            assert_eq!(measure.column(0, &line, at), column);
            assert_eq!(measure.floor(0, &line, column).0, at);
        }
        let plain = "x".repeat(5_000);
        assert_eq!(measure.column(1, &plain, 4_321), 4_321);
        assert_eq!(measure.floor(1, &plain, 9_999).0, 5_000);
    }

    #[test]
    fn the_nearest_place() {
        let measure = Measure::default();
        let at = |column| measure.nearest(0, "a文e\u{301}x", column);
        assert_eq!(at(0.4), 0);
        assert_eq!(at(0.6), 1);
        assert_eq!(at(1.9), 1);
        assert_eq!(at(2.1), 4);
        assert_eq!(at(3.7), 7);
        assert_eq!(at(99.0), 8);
    }
}
