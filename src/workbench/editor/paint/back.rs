//! What lies behind the text: the current line, guides, matches, selections, brackets.

use super::super::cursors::Cursors;
use super::super::lines::indentation;
use super::super::sheet::Sheet;
use crate::workbench::theme::Tokens;
use egui::{Color32, CornerRadius, Painter, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use std::ops::Range;

/// At most so many selections are painted in one view.
const MOST: usize = 2_000;

/// The band of the line with the cursor; none while something is selected over several lines.
pub(in super::super) fn current_line(
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    cursors: &Cursors,
    focused: bool,
) {
    let main = cursors.main();
    let line = |at| sheet.lines.line_of_byte(at);
    if !focused || line(main.anchor) != line(main.head) {
        return;
    }
    let first = sheet.rows.first_of(line(main.head));
    let mut last = first;
    while !sheet.rows.ends_line(last) && sheet.top(last) < sheet.frame.text.bottom() {
        last += 1;
    }
    let band = Rect::from_x_y_ranges(
        sheet.frame.area.x_range(),
        sheet.top(first)..=sheet.top(last) + sheet.frame.row,
    );
    painter.rect_filled(band, 0, tokens.code.current_line);
}

/// Lines at the steps of indentation; that of the cursor's block is stronger.
pub(in super::super) fn guides(
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    cursor_line: usize,
    step: usize,
) {
    let visible = sheet.visible();
    let lines = sheet.rows.get(visible.start).line..sheet.rows.get(visible.end).line + 1;
    let depth = |line: usize| {
        let text = sheet.line(line);
        (!text.trim().is_empty()).then(|| {
            let blanks = indentation(text);
            sheet.measure.column(line, blanks, blanks.len())
        })
    };
    // A blank line is as deep as the shallower of its neighbours.
    let near = |line: usize| {
        depth(line).unwrap_or_else(|| {
            let above = (0..line).rev().take(50).find_map(depth).unwrap_or(0);
            let below = (line + 1..sheet.lines.count())
                .take(50)
                .find_map(depth)
                .unwrap_or(0);
            above.min(below)
        })
    };
    let own = near(cursor_line);
    let active = (own > 0).then(|| (own - 1) / step * step);
    let same_block = |line: usize| active.is_some_and(|column| near(line) > column);
    // From the cursor up and down as far as its block reaches.
    let mut block = cursor_line..cursor_line + 1;
    if active.is_some() {
        while block.start > lines.start && same_block(block.start - 1) {
            block.start -= 1;
        }
        while block.end < lines.end && same_block(block.end) {
            block.end += 1;
        }
    }
    for index in visible {
        let row = sheet.rows.get(index);
        let top = sheet.top(index);
        let until = near(row.line);
        for column in (0..until).step_by(step.max(1)) {
            let x = sheet.x(row, row.column + column) - row.hang as f32 * sheet.frame.sign;
            let strong = Some(column) == active && block.contains(&row.line);
            let color = if strong {
                tokens.active
            } else {
                tokens.code.indent_guide
            };
            let line = Rect::from_min_size(pos2(x.round(), top), vec2(1.0, sheet.frame.row));
            painter.rect_filled(line, 0, color);
        }
    }
}

/// Fills behind ranges that stand in ascending order.
pub(in super::super) fn ranges(
    painter: &Painter,
    sheet: &Sheet<'_>,
    ranges: &[Range<usize>],
    color: impl Fn(&Range<usize>) -> Color32,
) {
    let visible = sheet.visible();
    let from = sheet.lines.start(sheet.rows.get(visible.start).line);
    let until = sheet.lines.start(sheet.rows.get(visible.end).line + 1);
    let first = ranges.partition_point(|range| range.end < from);
    let shown = ranges.iter().skip(first).take(MOST);
    for range in shown.take_while(|range| range.start <= until) {
        for rectangle in sheet.rectangles(range) {
            if rectangle.right() >= sheet.frame.text.left()
                && rectangle.left() <= sheet.frame.text.right()
            {
                let inner = rectangle.shrink2(vec2(0.0, 1.0));
                painter.rect_filled(inner, 2, color(range));
            }
        }
    }
}

/// The selections, with round corners where they end; a selected line end is shown as a narrow strip.
pub(in super::super) fn selections(
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    cursors: &Cursors,
    focused: bool,
) {
    let color = if focused {
        tokens.selection
    } else {
        tokens.selection.gamma_multiply(0.6)
    };
    let visible = sheet.visible();
    let from = sheet.lines.start(sheet.rows.get(visible.start).line);
    let until = sheet.lines.start(sheet.rows.get(visible.end).line + 1);
    let list = cursors.list();
    let first = list.partition_point(|s| s.range().end < from);
    for selection in list.iter().skip(first).take(MOST) {
        let range = selection.range();
        if range.start > until {
            break;
        }
        if range.is_empty() {
            continue;
        }
        let last = sheet.place(range.end).0;
        let begin = sheet.place(range.start).0.max(visible.start);
        for (i, mut rectangle) in sheet.rectangles(&range).into_iter().enumerate() {
            let index = begin + i;
            if index < last && sheet.rows.ends_line(index) {
                rectangle.max.x += sheet.frame.sign * 0.6;
            }
            let round = |yes: bool| if yes { 3 } else { 0 };
            let (top, bottom) = (i == 0, index == last);
            let corners = CornerRadius {
                nw: round(top),
                ne: round(top),
                sw: round(bottom),
                se: round(bottom),
            };
            if rectangle.width() > 0.0 {
                painter.rect_filled(rectangle, corners, color);
            }
        }
    }
}

/// Frames round two brackets that belong together.
pub(in super::super) fn brackets(
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    pair: (usize, usize),
) {
    for at in [pair.0, pair.1] {
        for rectangle in sheet.rectangles(&(at..at + 1)) {
            if !sheet.rows.shows(sheet.lines.line_of_byte(at)) {
                continue;
            }
            painter.add(Shape::Rect(egui::epaint::RectShape::new(
                rectangle.shrink2(vec2(0.0, 1.5)),
                2,
                tokens.hover,
                Stroke::new(1.0, tokens.text_faint),
                StrokeKind::Inside,
            )));
        }
    }
}
