//! The signs of tests beside their lines: buttons with words on hover.

use super::super::TestMark;
use super::super::face::Verdict;
use super::super::sheet::Sheet;
use super::gutter::{icon, middle_of};
use crate::workbench::theme::Tokens;
use egui::{CursorIcon, Painter, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use egui_material_icons::icons;
use std::ops::Range;

/// Shows the signs in a column of the gutter. Gives the line (from 1) of the one that was clicked, and whether the
/// pointer is over one.
pub(super) fn show(
    ui: &Ui,
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    strip: &Response,
    tests: &[TestMark],
    column: Range<f32>,
) -> (Option<usize>, bool) {
    let visible = sheet.visible();
    let left = sheet.frame.area.left();
    let (mut clicked, mut over) = (None, false);
    for test in tests {
        let line = test.line.saturating_sub(1);
        if !sheet.rows.shows(line) {
            continue;
        }
        let Some(middle) = middle_of(sheet, &visible, line) else {
            continue;
        };
        let half = sheet.frame.row / 2.0;
        let place = Rect::from_min_max(
            pos2(left + column.start - 2.0, middle - half),
            pos2(left + column.end, middle + half),
        );
        let button = ui.interact(place, strip.id.with(("test", line)), Sense::click());
        button.widget_info(|| {
            let words = test.words.lines().next().unwrap_or_default();
            WidgetInfo::labeled(Role::Button, true, format!("Line {}: {words}", test.line))
        });
        over |= button.contains_pointer();
        if button.hovered() || button.has_focus() {
            painter.rect_filled(place.shrink2(vec2(0.0, 1.0)), 3, tokens.hover);
        }
        let (sign, color) = match test.verdict {
            Verdict::Passed => (icons::ICON_CHECK, tokens.success),
            Verdict::Skipped => (icons::ICON_REMOVE, tokens.text_subdued),
            Verdict::Failed => (icons::ICON_CLOSE, tokens.error),
        };
        let color = if test.old { tokens.text_faint } else { color };
        icon(painter, place.center(), sign, 13.0, color);
        let button = button
            .on_hover_cursor(CursorIcon::PointingHand)
            .on_hover_text(&test.words);
        if button.clicked() {
            clicked = Some(test.line);
        }
    }
    (clicked, over)
}
