//! The lines that lead to what is seen (a key, a list item, a function) stay at the top while the text is scrolled.

use super::super::CodeEditor;
use super::super::sheet::Sheet;
use super::gutter::Gutter;
use super::text;
use crate::workbench::theme::{Tokens, size};
use egui::{Align2, CursorIcon, FontFamily, FontId, Rect, Sense, Ui, pos2};

/// At most so many lines, and never more than this part of the view.
const MOST: usize = 5;
const PART: f32 = 0.34;

/// How many lines the view has room for.
fn most(sheet_rows: f32) -> usize {
    ((sheet_rows * PART) as usize).min(MOST)
}

/// How many lines would stay above a line that is at the top.
pub(in super::super) fn rows_above(editor: &CodeEditor, line: usize) -> usize {
    let room = editor.frame.text.height() / editor.frame.row;
    editor.folds.around(line).count().min(most(room))
}

/// A line that stays.
struct Pinned {
    /// Which, from 0.
    line: usize,
    /// Where it is on the screen. The end of its block takes it along.
    top: f32,
}

/// The lines that stay: one more as long as the line below them is deeper.
fn pinned(editor: &CodeEditor, sheet: &Sheet<'_>) -> Vec<Pinned> {
    let mut found: Vec<Pinned> = Vec::new();
    let height = sheet.frame.row;
    let room = most(sheet.frame.text.height() / height);
    while found.len() < room {
        let edge = sheet.frame.area.top() + found.len() as f32 * height;
        let line = sheet.rows.get(sheet.row_at(edge + 1.0)).line;
        let Some((line, last)) = editor.folds.around(line).nth(found.len()) else {
            break;
        };
        // Where it can be seen itself nothing is missing.
        if sheet.top(sheet.rows.first_of(line)) >= edge - 0.5 {
            break;
        }
        let mut end = sheet.rows.first_of(last);
        while !sheet.rows.ends_line(end) && sheet.top(end) < edge {
            end += 1;
        }
        let top = edge.min(sheet.top(end));
        found.push(Pinned { line, top });
    }
    found
}

/// Shows them over the text and the gutter; gives the line (from 0) that was clicked.
pub(in super::super) fn show(
    ui: &Ui,
    editor: &CodeEditor,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    font: &FontId,
    gutter: Gutter,
) -> Option<usize> {
    let lines = pinned(editor, sheet);
    if lines.is_empty() {
        return None;
    }
    let (area, view, height) = (sheet.frame.area, sheet.frame.text, sheet.frame.row);
    let bottoms = lines.iter().map(|pinned| pinned.top + height);
    let bottom = bottoms.fold(area.top(), f32::max);
    let whole = Rect::from_min_max(area.min, pos2(view.right(), bottom));
    let painter = ui.painter_at(whole);
    let inner = Rect::from_min_max(pos2(view.left() - 2.0, whole.top()), whole.max);
    let words = ui.painter_at(inner);
    let number = FontId::new(size::BODY - 1.0, FontFamily::Monospace);
    let mut clicked = None;
    // The outer ones over the inner ones, which go away below them.
    for (place, Pinned { line, top }) in lines.into_iter().enumerate().rev() {
        let strip = Rect::from_x_y_ranges(whole.x_range(), top..=top + height);
        let seen = strip.intersect(whole);
        let button = ui.interact(seen, editor.id.with(("pinned", place)), Sense::CLICK);
        let fill = match button.hovered() {
            true => tokens.hover,
            false => tokens.editor,
        };
        painter.rect_filled(strip, 0, tokens.editor);
        painter.rect_filled(strip, 0, fill);
        if button.hovered() {
            ui.set_cursor_icon(CursorIcon::PointingHand);
        }
        let index = sheet.rows.first_of(line);
        text::row_at(&words, sheet, &editor.highlight, tokens, font, (index, top));
        painter.text(
            pos2(area.left() + gutter.numbers, top + height / 2.0),
            Align2::RIGHT_CENTER,
            line + 1,
            number.clone(),
            tokens.text_faint,
        );
        if button.clicked() {
            clicked = Some(line);
        }
    }
    let edge = Rect::from_x_y_ranges(whole.x_range(), whole.bottom() - 1.0..=whole.bottom());
    painter.rect_filled(edge, 0, tokens.separator);
    clicked
}
