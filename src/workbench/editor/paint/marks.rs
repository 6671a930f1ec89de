//! Squiggles under problems, and their words on hover.

use super::super::Mark;
use super::super::sheet::Sheet;
use crate::workbench::theme::Tokens;
use egui::{Painter, Pos2, Rect, RichText, Shape, Stroke, Ui, pos2};

/// At most so many problems are told of in one tooltip.
const MOST_WORDS: usize = 6;
/// At most so many are underlined in one view.
const MOST: usize = 1_000;

/// The problems that touch what can be seen.
pub(in super::super) fn visible<'m>(sheet: &Sheet<'_>, problems: &'m [Mark]) -> Vec<&'m Mark> {
    let rows = sheet.visible();
    let from = sheet.lines.start(sheet.rows.get(rows.start).line);
    let until = sheet.lines.start(sheet.rows.get(rows.end).line + 1);
    problems
        .iter()
        .filter(|mark| mark.span.end >= from && mark.span.start <= until)
        .take(MOST)
        .collect()
}

/// Waves under problems; worse ones on top.
pub(in super::super) fn squiggles(
    painter: &Painter,
    sheet: &Sheet<'_>,
    tokens: &Tokens,
    problems: &[&Mark],
) {
    let mut order = problems.to_vec();
    order.sort_by_key(|mark| std::cmp::Reverse(mark.severity));
    for mark in order {
        for rectangle in sheet.underlined(&(mark.span.start..mark.span.end)) {
            let stroke = Stroke::new(1.2, tokens.severity(mark.severity));
            painter.add(Shape::line(wave(rectangle, sheet.frame.text), stroke));
        }
    }
}

fn wave(under: Rect, view: Rect) -> Vec<Pos2> {
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

/// The words of some problems, at the pointer.
pub(in super::super) fn words(ui: &Ui, tokens: &Tokens, id: egui::Id, told: &[&Mark]) {
    if told.is_empty() {
        return;
    }
    egui::Tooltip::always_open(
        ui.ctx().clone(),
        ui.layer_id(),
        id,
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
