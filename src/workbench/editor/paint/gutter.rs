//! Beside the text: signs of problems, line numbers, notes, and what folds.

use super::super::sheet::Sheet;
use super::super::{CodeEditor, EditorInput, Mark};
use crate::diagnostic::Severity;
use crate::workbench::theme::{Tokens, size};
use egui::{
    Align2, Color32, FontFamily, FontId, Painter, Pos2, Rect, Response, Sense, Shape, Stroke, Ui,
    pos2, vec2,
};
use egui_material_icons::{MaterialIcon, icons};
use std::ops::Range;

/// Space for the signs of problems, left of the numbers.
const SIGNS: f32 = 18.0;
/// The same for the signs of tests, where there are tests.
const TESTS: f32 = 14.0;
/// Space between numbers and notes.
const GAP: f32 = 10.0;
/// Space for the arrows that fold, right of all else.
const ARROWS: f32 = 16.0;
/// Longer notes in the gutter are cut, in characters.
const MOST_NOTE: usize = 12;

/// The columns of the gutter.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Gutter {
    pub width: f32,
    tests: bool,
    /// Right edge of the numbers, from the left of the gutter.
    pub(super) numbers: f32,
    /// Right edge of the notes.
    notes: f32,
}

/// The length of the longest note, in characters; 0 if there is none.
pub(in super::super) fn longest_note(notes: &[(usize, String)]) -> usize {
    let longest = notes.iter().map(|(_, note)| note.chars().count()).max();
    longest.map_or(0, |chars| chars.clamp(1, MOST_NOTE))
}

impl Gutter {
    /// `note_chars` is the length of the longest note, 0 without a column for them.
    pub fn measure(sign: f32, lines: usize, note_chars: usize, tests: bool) -> Self {
        let digits = lines.max(1).ilog10() + 1;
        let signs = SIGNS + if tests { TESTS } else { 0.0 };
        let numbers = signs + digits.max(3) as f32 * sign;
        let small = sign * size::SMALL / size::BODY;
        let notes = match note_chars {
            0 => numbers,
            chars => numbers + GAP + chars as f32 * small,
        };
        Self {
            width: (notes + ARROWS + 2.0).round(),
            tests,
            numbers,
            notes,
        }
    }
}

/// What was clicked beside the text.
#[derive(Default)]
pub(in super::super) struct Clicked {
    /// The line (from 1) of a note.
    pub note: Option<usize>,
    /// The line (from 1) of a test.
    pub test: Option<usize>,
    /// The line (from 0) of an arrow.
    pub arrow: Option<usize>,
    /// The line (from 0) of a number that the pointer was pressed on.
    pub number: Option<usize>,
}

pub(in super::super) fn show(
    ui: &Ui,
    editor: &CodeEditor,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    input: &EditorInput<'_>,
    gutter: Gutter,
) -> (Response, Clicked) {
    let area = sheet.frame.area;
    let rect = Rect::from_min_size(area.min, vec2(gutter.width, area.height()));
    let strip = ui.interact(rect, editor.id.with("gutter"), Sense::CLICK);
    let painter = ui.painter_at(rect);
    let current = sheet.lines.line_of_byte(editor.cursors.main().head);
    numbers(&painter, sheet, tokens, current, gutter);
    signs(&painter, sheet, tokens, input.problems);
    let mut clicked = Clicked {
        arrow: arrows(ui, &painter, editor, sheet, tokens, &strip),
        ..Clicked::default()
    };
    let mut over_test = false;
    if gutter.tests {
        let column = SIGNS..SIGNS + TESTS;
        (clicked.test, over_test) =
            super::cases::show(ui, &painter, sheet, tokens, &strip, input.tests, column);
    }
    clicked.note = notes(ui, &painter, sheet, tokens, &strip, input, gutter);
    let pressed = ui.input(|i| i.pointer.primary_pressed());
    if pressed
        && strip.contains_pointer()
        && clicked.arrow.is_none()
        && !over_test
        && let Some(pointer) = ui.input(|i| i.pointer.interact_pos())
        && (input.note_action.is_none() || pointer.x < rect.left() + gutter.numbers + 2.0)
    {
        clicked.number = Some(sheet.rows.get(sheet.row_at(pointer.y)).line);
    }
    (strip, clicked)
}

/// The rows that can be seen in which a line begins.
fn first_rows<'s>(sheet: &'s Sheet<'_>) -> impl Iterator<Item = (usize, usize, f32)> + 's {
    sheet.visible().filter_map(|index| {
        let row = sheet.rows.get(index);
        let middle = sheet.top(index) + sheet.frame.row / 2.0;
        row.is_first().then_some((index, row.line, middle))
    })
}

fn numbers(painter: &Painter, sheet: &Sheet<'_>, tokens: &Tokens, current: usize, gutter: Gutter) {
    let font = FontId::new(size::BODY - 1.0, FontFamily::Monospace);
    for (_, line, middle) in first_rows(sheet) {
        let color = if line == current {
            tokens.code.current_number
        } else {
            tokens.text_faint
        };
        painter.text(
            pos2(sheet.frame.area.left() + gutter.numbers, middle),
            Align2::RIGHT_CENTER,
            line + 1,
            font.clone(),
            color,
        );
    }
}

/// The row in which a line begins, if it is among those that can be seen; for a folded one that of its block.
pub(super) fn middle_of(sheet: &Sheet<'_>, visible: &Range<usize>, line: usize) -> Option<f32> {
    let row = sheet.rows.first_of(line);
    visible
        .contains(&row)
        .then(|| sheet.top(row) + sheet.frame.row / 2.0)
}

fn signs(painter: &Painter, sheet: &Sheet<'_>, tokens: &Tokens, problems: &[Mark]) {
    let visible = sheet.visible();
    let mut worst: Vec<(usize, Severity)> = problems
        .iter()
        .map(|mark| {
            let line = sheet.lines.line_of_byte(mark.span.start);
            (sheet.rows.first_of(line), mark.severity)
        })
        .filter(|(row, _)| visible.contains(row))
        .collect();
    worst.sort_unstable();
    worst.dedup_by_key(|(row, _)| *row);
    for (row, severity) in worst {
        let middle = sheet.top(row) + sheet.frame.row / 2.0;
        let at = pos2(sheet.frame.area.left() + SIGNS / 2.0, middle);
        severity_sign(painter, at, severity, tokens);
    }
}

/// Told apart by their shapes too, for those who do not see the colours.
fn severity_sign(painter: &Painter, at: Pos2, severity: Severity, tokens: &Tokens) {
    let color = tokens.severity(severity);
    match severity {
        Severity::Error => {
            painter.circle_filled(at, 4.0, color);
        }
        Severity::Warning => {
            let corner = |x: f32, y: f32| pos2(at.x + x, at.y + y);
            let corners = vec![corner(0.0, -4.2), corner(4.6, 3.6), corner(-4.6, 3.6)];
            painter.add(Shape::convex_polygon(corners, color, Stroke::NONE));
        }
        Severity::Information => {
            let square = Rect::from_center_size(at, vec2(6.5, 6.5));
            painter.rect_filled(square, 1, color);
        }
        Severity::Hint => {
            painter.circle_stroke(at, 3.0, Stroke::new(1.3, color));
        }
    }
}

pub(super) fn icon(painter: &Painter, at: Pos2, sign: MaterialIcon, size: f32, color: Color32) {
    let font = FontId::new(size, sign.font_family());
    painter.text(at, Align2::CENTER_CENTER, sign.codepoint, font, color);
}

/// The arrows of lines that can be folded: all while the pointer is beside the text, else those of folded lines.
/// Gives the line (from 0) of the one that was pressed.
fn arrows(
    ui: &Ui,
    painter: &Painter,
    editor: &CodeEditor,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    strip: &Response,
) -> Option<usize> {
    let near = strip.contains_pointer();
    let pointer = ui.input(|i| i.pointer.interact_pos()).filter(|_| near);
    let pressed = ui.input(|i| i.pointer.primary_pressed());
    let mut clicked = None;
    let x = strip.rect.right() - ARROWS / 2.0;
    for (index, line, middle) in first_rows(sheet) {
        if editor.folds.block(line).is_none() {
            continue;
        }
        let folded = editor.folds.is_folded(line, sheet.lines);
        let rows = sheet.top(index)..sheet.top(index) + sheet.frame.row;
        let over = pointer.is_some_and(|p| p.x > x - ARROWS / 2.0 && rows.contains(&p.y));
        if over && pressed {
            clicked = Some(line);
        }
        if !(near || folded) {
            continue;
        }
        let sign = match folded {
            true => icons::ICON_CHEVRON_RIGHT,
            false => icons::ICON_KEYBOARD_ARROW_DOWN,
        };
        let color = match over || folded {
            true => tokens.text,
            false => tokens.text_faint,
        };
        icon(painter, pos2(x, middle), sign, 14.0, color);
    }
    clicked
}

/// The notes beside the numbers; where a click on them does something they are buttons.
/// Gives the line (from 1) of the one that was clicked.
fn notes(
    ui: &Ui,
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    strip: &Response,
    input: &EditorInput<'_>,
    gutter: Gutter,
) -> Option<usize> {
    let visible = sheet.visible();
    let font = FontId::new(size::SMALL, FontFamily::Monospace);
    let mut clicked = None;
    for (number, note) in input.notes {
        let line = number.saturating_sub(1);
        if !sheet.rows.shows(line) {
            continue;
        }
        let Some(middle) = middle_of(sheet, &visible, line) else {
            continue;
        };
        let note: String = note.chars().take(MOST_NOTE).collect();
        let galley = painter.layout_no_wrap(note.clone(), font.clone(), tokens.accent);
        let right = strip.rect.left() + gutter.notes;
        let at = pos2(right - galley.size().x, middle - galley.size().y / 2.0);
        if let Some(action) = input.note_action {
            let half = sheet.frame.row / 2.0;
            let place = Rect::from_min_max(
                pos2(at.x - 4.0, middle - half),
                pos2(right + 4.0, middle + half),
            );
            let button = ui.interact(place, strip.id.with(line), Sense::click());
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
