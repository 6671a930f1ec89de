//! The button behind a line whose field has fixed choices.

use super::super::sheet::Sheet;
use super::super::{CodeEditor, EditorInput};
use super::gutter::icon;
use crate::workbench::theme::Tokens;
use egui::{CursorIcon, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons;

/// Width of the button, and the room before it, in signs.
const WIDTH: f32 = 2.4;
const BEFORE: f32 = 1.0;

/// How much of a row it takes, in points.
pub(in super::super) fn width(editor: &CodeEditor, sheet: &Sheet<'_>, index: usize) -> f32 {
    match place(editor, sheet) {
        Some((row, _)) if row == index => (WIDTH + BEFORE) * sheet.frame.sign,
        _ => 0.0,
    }
}

/// Its row and where it is.
fn place(editor: &CodeEditor, sheet: &Sheet<'_>) -> Option<(usize, Rect)> {
    let line = editor.choices.filter(|line| sheet.rows.shows(*line))?;
    let visible = sheet.visible();
    let mut index = sheet.rows.first_of(line);
    while !sheet.rows.ends_line(index) && index < visible.end {
        index += 1;
    }
    if !visible.contains(&index) || editor.folds.is_folded(line, sheet.lines) {
        return None;
    }
    let row = sheet.rows.get(index);
    let size = vec2(WIDTH * sheet.frame.sign, sheet.frame.row - 4.0);
    let behind = sheet.x(row, sheet.end_column(row)) + BEFORE * sheet.frame.sign;
    // Of a longer line it stands at the edge.
    let view = sheet.frame.text;
    let left = behind.min(view.right() - size.x - 4.0).max(view.left());
    let min = pos2(left, sheet.top(index) + 2.0);
    Some((index, Rect::from_min_size(min, size)))
}

/// Shows it; gives whether it was clicked.
pub(in super::super) fn show(
    ui: &Ui,
    editor: &CodeEditor,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    input: &EditorInput<'_>,
) -> bool {
    let (Some((_, words)), Some((_, rect))) = (input.choices, place(editor, sheet)) else {
        return false;
    };
    if input.read_only {
        return false;
    }
    let painter = ui.painter_at(sheet.frame.text);
    let rect = rect.intersect(sheet.frame.text);
    let button = ui.interact(rect, editor.id.with("choices"), Sense::click());
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    let lit = button.hovered() || button.has_focus();
    let (fill, color) = match lit {
        true => (tokens.hover, tokens.text),
        false => (tokens.editor, tokens.text_subdued),
    };
    painter.rect_filled(rect, 4, fill);
    let frame = egui::Stroke::new(1.0, tokens.separator);
    painter.rect_stroke(rect, 4, frame, egui::StrokeKind::Inside);
    icon(
        &painter,
        rect.center(),
        icons::ICON_KEYBOARD_ARROW_DOWN,
        14.0,
        color,
    );
    button
        .on_hover_cursor(CursorIcon::PointingHand)
        .on_hover_text(words)
        .clicked()
}
