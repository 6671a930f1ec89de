//! What is painted round the text: gutter, current line, matches, squiggles, cursor, words on hover.

use super::edit::Selection;
use super::lines::LineMap;
use super::{EditorInput, Mark};
use crate::diagnostic::Severity;
use crate::workbench::theme::{Tokens, size};
use egui::{
    Align2, FontFamily, FontId, Galley, Pos2, Rect, Response, RichText, Shape, Stroke, Ui, Vec2,
    pos2, vec2,
};
use std::ops::Range;

/// Space for the problem dots, left of the numbers.
const DOTS: f32 = 18.0;
/// Space between numbers, notes and text.
const GAP: f32 = 12.0;
/// Longer notes in the gutter are cut, in characters.
const MOST_NOTE: usize = 12;
/// At most so many problems are told of in one tooltip.
const MOST_WORDS: usize = 6;

/// The widths of the gutter's columns.
#[derive(Clone, Copy)]
pub(super) struct Gutter {
    pub width: f32,
    pub char_width: f32,
    /// Right edge of the numbers, from the left of the gutter.
    numbers: f32,
    /// Right edge of the notes.
    notes: f32,
}

/// The length of the longest note, in characters; 0 if there is none.
pub(super) fn longest_note(notes: &[(usize, String)]) -> usize {
    let longest = notes.iter().map(|(_, note)| note.chars().count()).max();
    longest.map_or(0, |chars| chars.clamp(1, MOST_NOTE))
}

impl Gutter {
    /// `note_chars` is the length of the longest note, 0 without a column for them.
    pub fn measure(ui: &Ui, font: &FontId, lines: usize, note_chars: usize) -> Self {
        let char_width = ui.fonts_mut(|fonts| fonts.glyph_width(font, '0'));
        let digits = lines.max(1).ilog10() + 1;
        let numbers = DOTS + digits.max(3) as f32 * char_width;
        let small = char_width * size::SMALL / size::BODY;
        let notes = match note_chars {
            0 => numbers,
            chars => numbers + GAP + chars as f32 * small,
        };
        Self {
            // The margin of the text field counts in whole points, up to 127.
            width: (notes + GAP).round().min(127.0),
            char_width,
            numbers,
            notes,
        }
    }
}

/// The text as it lies on the screen in this frame.
pub(super) struct Sheet<'a> {
    pub galley: &'a Galley,
    pub origin: Pos2,
    /// Height of a line.
    pub row: f32,
    /// What can be seen of it, gutter included.
    pub view: Rect,
    pub gutter: Gutter,
    pub lines: &'a LineMap,
    pub text: &'a str,
}

impl Sheet<'_> {
    /// The lines (from 0) that can be seen.
    pub fn visible(&self) -> Range<usize> {
        let first = self.line_at(self.view.top());
        let last = self.line_at(self.view.bottom());
        first..(last + 1).min(self.lines.count())
    }

    /// The line (from 0) at a height of the screen.
    pub fn line_at(&self, y: f32) -> usize {
        // Saturates: above the first line is the first.
        let line = ((y - self.origin.y) / self.row).floor() as usize;
        line.min(self.lines.count().saturating_sub(1))
    }

    /// Where a line (from 0) begins on the screen.
    pub fn top(&self, line: usize) -> f32 {
        let y = self
            .galley
            .rows
            .get(line)
            .map_or_else(|| line as f32 * self.row, |row| row.pos.y);
        self.origin.y + y
    }

    /// Where a column (in characters) begins on the screen.
    pub fn x(&self, line: usize, column: usize) -> f32 {
        let offset = self
            .galley
            .rows
            .get(line)
            .map_or(0.0, |row| row.pos.x + row.x_offset(column.into()));
        self.origin.x + offset
    }

    /// The rectangle of a place between two signs.
    pub fn caret(&self, offset: usize) -> Rect {
        let (line, column) = self.lines.line_and_column(self.text, offset);
        let min = pos2(self.x(line, column), self.top(line));
        Rect::from_min_size(min, vec2(0.0, self.row))
    }

    /// The byte offset under a point, if there is text.
    pub fn offset_at(&self, pointer: Pos2) -> Option<usize> {
        if pointer.x < self.view.left() + self.gutter.width || pointer.y < self.origin.y {
            return None;
        }
        let line = ((pointer.y - self.origin.y) / self.row) as usize;
        let row = self.galley.rows.get(line)?;
        let x = pointer.x - self.origin.x - row.pos.x;
        let column = row
            .glyphs
            .iter()
            .position(|glyph| x >= glyph.pos.x && x < glyph.max_x())?;
        let range = self.lines.range(self.text, line);
        let inner = self.text.get(range.clone())?;
        Some(range.start + inner.char_indices().nth(column)?.0)
    }

    /// The byte offset nearest to a place: within its line, or at the end of it.
    pub fn nearest(&self, pointer: Pos2) -> usize {
        if let Some(offset) = self.offset_at(pointer) {
            return offset;
        }
        let line = ((pointer.y - self.origin.y) / self.row).max(0.0) as usize;
        let line = line.min(self.lines.count().saturating_sub(1));
        let range = self.lines.range(self.text, line);
        let left = self.view.left() + self.gutter.width;
        match pointer.x < left.max(self.origin.x) {
            true => range.start,
            false => range.end,
        }
    }

    /// The rectangles of a range of bytes, one per line that can be seen, at least one sign wide.
    fn rectangles(&self, range: &Range<usize>) -> Vec<Rect> {
        let (first, from) = self.lines.line_and_column(self.text, range.start);
        let (last, to) = self.lines.line_and_column(self.text, range.end);
        let visible = self.visible();
        let mut rectangles = Vec::new();
        for line in first.max(visible.start)..(last + 1).min(visible.end) {
            let left = if line == first {
                self.x(line, from)
            } else {
                let bounds = self.lines.range(self.text, line);
                let inner = self.text.get(bounds).unwrap_or_default();
                self.x(line, inner.chars().take_while(|c| *c == ' ').count())
            };
            let right = if line == last {
                self.x(line, to)
            } else {
                self.x(line, usize::MAX)
            };
            if line == last && to == 0 && line > first {
                continue;
            }
            let right = right.max(left + self.gutter.char_width);
            let top = self.top(line);
            rectangles.push(Rect::from_min_max(
                pos2(left, top),
                pos2(right, top + self.row),
            ));
        }
        rectangles
    }
}

/// The band of the line with the cursor; none while several lines are selected.
pub(super) fn current_line(
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    selection: Selection,
    focused: bool,
    into: &mut Vec<Shape>,
) {
    let range = selection.range();
    let line = sheet.lines.line_of_byte(selection.head);
    if !focused || sheet.lines.line_of_byte(range.start) != sheet.lines.line_of_byte(range.end) {
        return;
    }
    let top = sheet.top(line);
    let band = Rect::from_x_y_ranges(sheet.view.x_range(), top..=top + sheet.row);
    into.push(Shape::rect_filled(band, 0, tokens.code.current_line));
}

/// Fills behind the matches of the find bar.
pub(super) fn found(
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    matches: &[Range<usize>],
    here: &Range<usize>,
    into: &mut Vec<Shape>,
) {
    let visible = sheet.visible();
    let from = sheet.lines.start(visible.start);
    let to = sheet.lines.start(visible.end);
    let first = matches.partition_point(|m| m.end < from);
    for range in matches.iter().skip(first).take_while(|m| m.start <= to) {
        let fill = if range == here {
            tokens.code.found_here
        } else {
            tokens.code.found
        };
        for rectangle in sheet.rectangles(range) {
            into.push(Shape::rect_filled(
                rectangle.shrink2(vec2(0.0, 1.0)),
                2,
                fill,
            ));
        }
    }
}

/// Zig-zag lines under problems; worse ones on top.
pub(super) fn squiggles(ui: &Ui, sheet: &Sheet<'_>, tokens: &Tokens, problems: &[Mark]) {
    let painter = ui.painter();
    let mut order: Vec<&Mark> = problems.iter().collect();
    order.sort_by_key(|mark| std::cmp::Reverse(mark.severity));
    for mark in order {
        for rectangle in sheet.rectangles(&(mark.span.start..mark.span.end)) {
            let stroke = Stroke::new(1.2, tokens.severity(mark.severity));
            painter.add(Shape::line(zigzag(rectangle, sheet.view), stroke));
        }
    }
}

fn zigzag(under: Rect, view: Rect) -> Vec<Pos2> {
    const STEP: f32 = 2.5;
    let (left, right) = (
        under.left().max(view.left()),
        under.right().min(view.right()),
    );
    let y = under.bottom() - 2.0;
    let steps = ((right - left) / STEP).ceil().max(0.0) as usize;
    (0..=steps)
        .map(|i| {
            let up = if i % 2 == 0 { 1.0 } else { -1.0 };
            pos2((left + i as f32 * STEP).min(right), y + up)
        })
        .collect()
}

/// The blinking cursor.
pub(super) fn caret(ui: &Ui, at: Rect, tokens: &Tokens, idle: f64) {
    const HALF: f64 = 0.53;
    if !ui.input(|i| i.focused) {
        return;
    }
    let blinks = ui.ctx().global_style().visuals.text_cursor.blink;
    let phase = (idle / HALF).max(0.0);
    if !blinks || (phase as u64).is_multiple_of(2) {
        let x = at.left().round();
        let bar = Rect::from_min_max(
            pos2(x - 1.0, at.top() + 1.0),
            pos2(x + 1.0, at.bottom() - 1.0),
        );
        ui.painter().rect_filled(bar, 0, tokens.accent);
    }
    if blinks {
        let rest = (1.0 - phase.fract()) * HALF;
        ui.ctx()
            .request_repaint_after(std::time::Duration::from_secs_f64(rest.max(0.01)));
    }
}

/// Numbers and dots. Gives the gutter's rectangle.
pub(super) fn gutter(
    ui: &Ui,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    selection: Selection,
    input: &EditorInput<'_>,
) -> Rect {
    let strip = Rect::from_min_size(
        sheet.view.min,
        Vec2::new(sheet.gutter.width - 4.0, sheet.view.height()),
    );
    let painter = ui.painter_at(strip);
    painter.rect_filled(strip, 0, tokens.editor);
    let visible = sheet.visible();
    let current = sheet.lines.line_of_byte(selection.head);
    let font = FontId::new(size::BODY - 1.0, FontFamily::Monospace);
    for line in visible.clone() {
        let middle = sheet.top(line) + sheet.row / 2.0;
        let color = if line == current {
            tokens.code.current_number
        } else {
            tokens.text_faint
        };
        painter.text(
            pos2(strip.left() + sheet.gutter.numbers, middle),
            Align2::RIGHT_CENTER,
            line + 1,
            font.clone(),
            color,
        );
    }
    for (line, severity) in worst_by_line(sheet, input.problems) {
        if visible.contains(&line) {
            let at = pos2(strip.left() + DOTS / 2.0, sheet.top(line) + sheet.row / 2.0);
            painter.circle_filled(at, 3.5, tokens.severity(severity));
        }
    }
    strip
}

/// The notes beside the numbers; where a click on them does something they are buttons.
/// Gives the line (from 1) of the one that was clicked.
pub(super) fn notes(
    ui: &Ui,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    strip: &Response,
    input: &EditorInput<'_>,
) -> Option<usize> {
    let painter = ui.painter_at(strip.rect);
    let visible = sheet.visible();
    let font = FontId::new(size::SMALL, FontFamily::Monospace);
    let mut clicked = None;
    for (number, note) in input.notes {
        let line = number.saturating_sub(1);
        if !visible.contains(&line) {
            continue;
        }
        let note: String = note.chars().take(MOST_NOTE).collect();
        let galley = painter.layout_no_wrap(note.clone(), font.clone(), tokens.accent);
        let right = strip.rect.left() + sheet.gutter.notes;
        let middle = sheet.top(line) + sheet.row / 2.0;
        let at = pos2(right - galley.size().x, middle - galley.size().y / 2.0);
        if let Some(action) = input.note_action {
            let place = Rect::from_min_max(
                pos2(at.x - 4.0, sheet.top(line)),
                pos2(right + 4.0, sheet.top(line) + sheet.row),
            );
            let button = ui.interact(place, strip.id.with(line), egui::Sense::click());
            button.widget_info(|| {
                let name = format!("Line {number}: {note}. {action}");
                egui::WidgetInfo::labeled(egui::Role::Button, true, name)
            });
            if button.hovered() || button.has_focus() {
                painter.rect_filled(place.shrink2(vec2(0.0, 1.0)), 3, tokens.hover);
            }
            let button = button
                .on_hover_cursor(egui::CursorIcon::PointingHand)
                .on_hover_text(action);
            if button.clicked() {
                clicked = Some(*number);
            }
        }
        painter.galley(at, galley, tokens.accent);
    }
    clicked
}

fn worst_by_line(sheet: &Sheet<'_>, problems: &[Mark]) -> Vec<(usize, Severity)> {
    let mut worst: Vec<(usize, Severity)> = problems
        .iter()
        .map(|mark| (sheet.lines.line_of_byte(mark.span.start), mark.severity))
        .collect();
    worst.sort_unstable();
    worst.dedup_by_key(|(line, _)| *line);
    worst
}

/// The words of the problems under the pointer: in the text, beside the line, or at the message behind it.
pub(super) fn problem_words(
    ui: &Ui,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    problems: &[Mark],
    text: &Response,
    strip: &Response,
    messages: &[(usize, Rect)],
) {
    if problems.is_empty() || ui.input(|i| i.pointer.any_down()) {
        return;
    }
    let Some(pointer) = ui.input(|i| i.pointer.hover_pos()) else {
        return;
    };
    let line = if strip.contains_pointer() {
        Some(sheet.line_at(pointer.y))
    } else if text.contains_pointer() {
        let message = messages.iter().find(|(_, place)| place.contains(pointer));
        message.map(|(line, _)| *line)
    } else {
        None
    };
    let told: Vec<&Mark> = if let Some(line) = line {
        problems
            .iter()
            .filter(|m| sheet.lines.line_of_byte(m.span.start) == line)
            .collect()
    } else if text.contains_pointer() {
        problems
            .iter()
            .filter(|m| {
                sheet
                    .rectangles(&(m.span.start..m.span.end))
                    .iter()
                    .any(|r| r.contains(pointer))
            })
            .collect()
    } else {
        return;
    };
    if told.is_empty() {
        return;
    }
    egui::Tooltip::always_open(
        ui.ctx().clone(),
        ui.layer_id(),
        text.id.with("problems"),
        egui::PopupAnchor::Pointer,
    )
    .gap(14.0)
    .show(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for (index, mark) in told.iter().take(MOST_WORDS).enumerate() {
            if index > 0 {
                ui.separator();
            }
            ui.label(RichText::new(&mark.message).color(tokens.severity(mark.severity)));
            if let Some(hint) = &mark.hint {
                ui.label(RichText::new(hint).color(tokens.text_subdued));
            }
        }
        if told.len() > MOST_WORDS {
            let more = format!("and {} more", told.len() - MOST_WORDS);
            ui.label(RichText::new(more).color(tokens.text_faint));
        }
    });
}
