//! The cursors, and what an input method is composing.

use super::super::ime::Preedit;
use super::super::sheet::Sheet;
use super::text;
use crate::workbench::theme::Tokens;
use egui::{FontId, Painter, Rect, Stroke, Ui, pos2, vec2};

/// Seconds for which the cursor is there, and then is not.
const HALF: f64 = 0.53;

/// Whether the cursor is there in this phase of its blinking; asks for a frame when that changes.
fn lit(ui: &Ui, idle: f64) -> bool {
    if !ui.ctx().global_style().visuals.text_cursor.blink {
        return true;
    }
    let phase = (idle / HALF).max(0.0);
    let rest = (1.0 - phase.fract()) * HALF;
    ui.ctx()
        .request_repaint_after(std::time::Duration::from_secs_f64(rest.max(0.01)));
    (phase as u64).is_multiple_of(2)
}

/// The blinking cursors.
pub(in super::super) fn carets(
    ui: &Ui,
    painter: &Painter,
    at: impl Iterator<Item = Rect>,
    tokens: &Tokens,
    idle: f64,
) {
    if !ui.input(|i| i.focused) || !lit(ui, idle) {
        return;
    }
    for place in at {
        let x = place.left().round();
        let bar = Rect::from_min_max(
            pos2(x - 1.0, place.top() + 1.0),
            pos2(x + 1.0, place.bottom() - 1.0),
        );
        painter.rect_filled(bar, 0, tokens.accent);
    }
}

/// The text that is being composed, underlined, over what stands behind the cursor. Gives the cursor within it.
pub(in super::super) fn preedit(
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    font: &FontId,
    at: Rect,
    preedit: &Preedit,
) -> Rect {
    let galley = painter.layout_no_wrap(preedit.text.clone(), font.clone(), tokens.text_strong);
    let columns = text::width(&preedit.text) as f32 * sheet.frame.sign;
    let width = galley.size().x.max(columns);
    let ground = Rect::from_min_size(at.min, vec2(width, sheet.frame.row));
    painter.rect_filled(ground, 0, tokens.raised);
    let y = at.top() + (sheet.frame.row - galley.size().y) / 2.0;
    let part = |chars: usize| {
        let cursor = egui::text::CCursor::new(egui::text::CharIndex(chars));
        galley.pos_from_cursor(cursor).left()
    };
    let (from, to) = preedit
        .active
        .clone()
        .map_or((0.0, 0.0), |range| (part(range.start), part(range.end)));
    let line = |from: f32, to: f32, stroke: f32| {
        let y = ground.bottom() - 2.0;
        painter.hline(
            at.left() + from..=at.left() + to,
            y,
            Stroke::new(stroke, tokens.accent),
        );
    };
    line(0.0, width, 1.0);
    line(from, to, 2.0);
    let cursor = at.left() + if preedit.active.is_some() { to } else { width };
    painter.galley(pos2(at.left(), y), galley, tokens.text_strong);
    Rect::from_min_size(pos2(cursor, at.top()), vec2(0.0, sheet.frame.row))
}
