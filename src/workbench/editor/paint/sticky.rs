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

/// The lines (from 0) that stay: one more as long as the line below them is deeper.
fn pinned(editor: &CodeEditor, sheet: &Sheet<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    let room = most(sheet.frame.text.height() / sheet.frame.row);
    while found.len() < room {
        let edge = sheet.frame.text.top() + found.len() as f32 * sheet.frame.row;
        let index = sheet.row_at(edge + 1.0);
        let line = sheet.rows.get(index).line;
        let Some(parent) = editor.folds.around(line).nth(found.len()) else {
            break;
        };
        // Where it can be seen itself nothing is missing.
        if sheet.top(sheet.rows.first_of(parent)) >= edge - 0.5 {
            break;
        }
        found.push(parent);
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
    let whole = Rect::from_min_max(
        area.min,
        pos2(view.right(), area.top() + lines.len() as f32 * height),
    );
    let painter = ui.painter_at(whole);
    painter.rect_filled(whole, 0, tokens.editor);
    let inner = Rect::from_min_max(pos2(view.left() - 2.0, whole.top()), whole.max);
    let words = ui.painter_at(inner);
    let number = FontId::new(size::BODY - 1.0, FontFamily::Monospace);
    let mut clicked = None;
    for (place, line) in lines.into_iter().enumerate() {
        let top = area.top() + place as f32 * height;
        let strip = Rect::from_x_y_ranges(whole.x_range(), top..=top + height);
        let button = ui.interact(strip, editor.id.with(("pinned", place)), Sense::CLICK);
        if button.hovered() {
            painter.rect_filled(strip, 0, tokens.hover);
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
