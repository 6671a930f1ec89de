//! Shares of a whole, as bars.

use super::axes::amount;
use crate::workbench::chart::Chart;
use crate::workbench::theme::{Tokens, size};
use egui::{RichText, Ui};

/// Bars with their shares, the largest first.
pub(super) fn show(ui: &mut Ui, chart: &Chart, names: &[String], tokens: &Tokens) {
    let points = chart.series.first().map_or(&[][..], |s| &s.points);
    let all: f64 = points.iter().map(|p| p.y).sum();
    let most = points.iter().map(|p| p.y).fold(0.0, f64::max);
    let label = format!("{} by {}", chart.y_name, chart.x_name);
    ui.label(
        RichText::new(label)
            .size(size::SMALL)
            .color(tokens.text_subdued),
    );
    egui::ScrollArea::vertical()
        .id_salt("shares")
        .min_scrolled_height(size::ROW)
        .auto_shrink(false)
        .show(ui, |ui| {
            let width = ui.available_width();
            let (names_end, values) = (width * 0.34, 130.0);
            for (index, (name, point)) in names.iter().zip(points).enumerate() {
                let share = if all > 0.0 {
                    point.y * 100.0 / all
                } else {
                    0.0
                };
                let text = format!("{}  {share:.1} %", amount(point.y));
                let (row, response) =
                    ui.allocate_exact_size(egui::vec2(width, size::ROW), egui::Sense::hover());
                response.widget_info(|| {
                    let name = format!("{name}: {text}");
                    egui::WidgetInfo::labeled(egui::Role::Label, true, name)
                });
                let painter = ui.painter();
                let left = egui::Rect::from_x_y_ranges(
                    row.left()..=row.left() + names_end - 8.0,
                    row.y_range(),
                );
                painter.with_clip_rect(left.intersect(ui.clip_rect())).text(
                    left.left_center(),
                    egui::Align2::LEFT_CENTER,
                    name,
                    egui::FontId::proportional(size::BODY),
                    tokens.text,
                );
                let full = (width - names_end - values).max(10.0);
                let part = if most > 0.0 { point.y / most } else { 0.0 };
                let long = (full * part as f32).max(1.0);
                let bar = egui::Rect::from_min_size(
                    egui::pos2(row.left() + names_end, row.top() + 4.0),
                    egui::vec2(long, row.height() - 8.0),
                );
                painter.rect_filled(bar, 2, tokens.series(index));
                painter.text(
                    egui::pos2(bar.right() + 8.0, row.center().y),
                    egui::Align2::LEFT_CENTER,
                    &text,
                    egui::FontId::proportional(size::BODY),
                    tokens.text_subdued,
                );
                response.on_hover_text(format!("{name}\n{text}"));
            }
        });
}
