//! The text as it lies on the screen in this frame: from places of the text to points and back.

use super::lines::LineMap;
use super::measure::Measure;
use super::motion;
use super::rows::{Row, Rows};
use egui::{Pos2, Rect, Vec2, pos2, vec2};
use std::ops::Range;

/// Room above the first line.
pub(super) const TOP: f32 = 6.0;

/// The sizes of the view.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Gutter, text and scroll bars.
    pub area: Rect,
    /// The part where text is.
    pub text: Rect,
    /// Width of a sign.
    pub sign: f32,
    /// Height of a row.
    pub row: f32,
    /// How far it is scrolled, in points.
    pub scroll: [f64; 2],
}

impl Default for Frame {
    fn default() -> Self {
        Self {
            area: Rect::ZERO,
            text: Rect::ZERO,
            sign: 8.0,
            row: 19.0,
            scroll: [0.0; 2],
        }
    }
}

impl Frame {
    /// Rows that can be seen as a whole.
    pub fn page(&self) -> usize {
        (self.text.height() / self.row).floor().max(1.0) as usize
    }
}

/// The text on the screen.
pub(super) struct Sheet<'a> {
    pub frame: Frame,
    pub text: &'a str,
    pub lines: &'a LineMap,
    pub rows: &'a Rows,
    pub measure: &'a Measure,
}

impl<'a> Sheet<'a> {
    /// The rows that can be seen.
    pub fn visible(&self) -> Range<usize> {
        let first = self.row_at(self.frame.text.top());
        let last = self.row_at(self.frame.text.bottom());
        first..(last + 1).min(self.rows.count())
    }

    /// The row at a height of the screen: the first above it, the last below.
    pub fn row_at(&self, y: f32) -> usize {
        let below = f64::from(y - self.frame.text.top() - TOP) + self.frame.scroll[1];
        // Saturates above the first row.
        let row = (below / f64::from(self.frame.row)).floor() as usize;
        row.min(self.rows.count().saturating_sub(1))
    }

    /// Where a row begins on the screen.
    pub fn top(&self, row: usize) -> f32 {
        let y = row as f64 * f64::from(self.frame.row) - self.frame.scroll[1];
        self.frame.text.top() + TOP + y as f32
    }

    /// Where a column of a row's line is on the screen.
    pub fn x(&self, row: Row, column: usize) -> f32 {
        let column = column as f64 - row.column as f64 + row.hang as f64;
        let x = column * f64::from(self.frame.sign) - self.frame.scroll[0];
        self.frame.text.left() + x as f32
    }

    pub fn line(&self, line: usize) -> &'a str {
        self.lines.text(self.text, line)
    }

    /// The row and the column of an offset.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.lines.line_of_byte(offset);
        let text = self.line(line);
        let byte = (offset - self.lines.start(line).min(offset)).min(text.len());
        let row = self.rows.row_of(line, byte);
        let shown = self.rows.get(row);
        if shown.line != line {
            // Folded away: the end of what is shown of it.
            return (row, self.end_column(shown));
        }
        (row, self.measure.column(line, text, byte))
    }

    /// The column behind the last sign of a row.
    pub fn end_column(&self, row: Row) -> usize {
        self.measure.column(row.line, self.line(row.line), row.to)
    }

    /// The rectangle of a place between two signs.
    pub fn caret(&self, offset: usize) -> Rect {
        let (row, column) = self.place(offset);
        let min = pos2(self.x(self.rows.get(row), column), self.top(row));
        Rect::from_min_size(min, vec2(0.0, self.frame.row))
    }

    /// The column of a point in a row, from the row's line's start.
    fn column_at(&self, row: Row, x: f32) -> f64 {
        let x = f64::from(x - self.frame.text.left()) + self.frame.scroll[0];
        let column = x / f64::from(self.frame.sign) - row.hang as f64;
        column.max(0.0) + row.column as f64
    }

    /// The offset of the sign under a point, if there is one, and its rectangle.
    pub fn sign_at(&self, point: Pos2) -> Option<(usize, Rect)> {
        if !self.frame.text.contains(point) {
            return None;
        }
        let below = f64::from(point.y - self.frame.text.top() - TOP) + self.frame.scroll[1];
        if below < 0.0 || below >= self.rows.count() as f64 * f64::from(self.frame.row) {
            return None;
        }
        let index = self.row_at(point.y);
        let row = self.rows.get(index);
        let column = self.column_at(row, point.x);
        if point.x < self.x(row, row.column) || column >= self.end_column(row) as f64 {
            return None;
        }
        let text = self.line(row.line);
        let (byte, scan) = self.measure.floor(row.line, text, column as usize);
        let mut after = scan;
        let width = after.step(text.get(byte..)?.chars().next()?);
        let min = pos2(self.x(row, scan.column), self.top(index));
        let size = vec2(width as f32 * self.frame.sign, self.frame.row);
        let offset = motion::snap(self.text, self.lines.start(row.line) + byte);
        Some((offset, Rect::from_min_size(min, size)))
    }

    /// The place between signs nearest to a point.
    pub fn nearest(&self, point: Pos2) -> usize {
        let index = self.row_at(point.y);
        let row = self.rows.get(index);
        self.in_row(index, self.column_at(row, point.x))
    }

    /// The place nearest to a column of a row's line, within the row.
    pub fn in_row(&self, index: usize, column: f64) -> usize {
        let row = self.rows.get(index);
        let text = self.line(row.line);
        let start = self.lines.start(row.line);
        let byte = self.measure.nearest(row.line, text, column);
        let byte = byte.clamp(row.from, row.to.max(row.from));
        let at = motion::snap(self.text, start + byte);
        // The end of a row that goes on below is the start of that one.
        if byte == row.to && !self.rows.ends_line(index) && row.to > row.from {
            return motion::left(self.text, at).max(start + row.from);
        }
        at
    }

    /// The column at which a cursor stands in its row, as Up and Down keep it.
    pub fn goal(&self, offset: usize) -> (usize, usize) {
        let (index, column) = self.place(offset);
        let row = self.rows.get(index);
        (index, (column + row.hang).saturating_sub(row.column))
    }

    /// The place in a row at such a column.
    pub fn at_goal(&self, index: usize, goal: usize) -> usize {
        let row = self.rows.get(index);
        let column = goal.saturating_sub(row.hang) + row.column;
        self.in_row(index, column as f64)
    }

    /// The rectangles of a range of bytes, one per row that can be seen, as wide as the signs.
    pub fn rectangles(&self, range: &Range<usize>) -> Vec<Rect> {
        let (first, from) = self.place(range.start);
        let (last, to) = self.place(range.end.max(range.start));
        let visible = self.visible();
        let mut rectangles = Vec::new();
        for index in first.max(visible.start)..(last + 1).min(visible.end) {
            let row = self.rows.get(index);
            let left = if index == first { from } else { row.column };
            let right = if index == last {
                to
            } else {
                self.end_column(row)
            };
            let top = self.top(index);
            let (left, right) = (self.x(row, left), self.x(row, right));
            rectangles.push(Rect::from_min_max(
                pos2(left, top),
                pos2(right.max(left), top + self.frame.row),
            ));
        }
        rectangles
    }

    /// The rectangles under which a problem is underlined: at least one sign wide, without indentation.
    pub fn underlined(&self, range: &Range<usize>) -> Vec<Rect> {
        let (first, _) = self.place(range.start);
        let (last, to) = self.place(range.end.max(range.start));
        let visible = self.visible();
        let mut rectangles = self.rectangles(range);
        let from = first.max(visible.start);
        if last > first && to == 0 && last < visible.end {
            // Ends at the start of a line: nothing of that line is meant.
            rectangles.pop();
        }
        for (i, rectangle) in rectangles.iter_mut().enumerate() {
            let row = self.rows.get(from + i);
            if from + i > first && row.is_first() {
                let blanks = super::lines::indentation(self.line(row.line)).len();
                let column = self.measure.column(row.line, self.line(row.line), blanks);
                rectangle.min.x = self.x(row, column);
            }
            rectangle.max.x = rectangle.max.x.max(rectangle.min.x + self.frame.sign);
        }
        rectangles
    }

    /// How large all rows are, in points; `widest` is the number of columns of the longest.
    pub fn size(&self, widest: usize) -> Vec2 {
        let rows = self.rows.count() as f32 * self.frame.row;
        // Room after the last line, so that it can be read in the middle of the view.
        let below = (self.frame.text.height() * 0.4).max(self.frame.row);
        vec2(widest as f32 * self.frame.sign, rows + TOP + below)
    }
}
