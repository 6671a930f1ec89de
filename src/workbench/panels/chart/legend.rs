//! What the colours of a chart stand for.

use crate::workbench::chart::Chart;
use crate::workbench::theme::{Tokens, size};
use egui::{Align2, FontId, Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// More series, or longer names, would cover the plot.
const MOST_INSIDE: usize = 6;
const LONGEST_INSIDE: usize = 28;

/// Whether the series' names say anything: a lone one only where its name is a value of the rows.
pub(super) fn is_told(chart: &Chart) -> bool {
    chart.legend && chart.series.iter().any(|s| s.name != chart.y_name)
}

/// Whether the legend needs a place of its own beside the plot.
pub(super) fn is_long(chart: &Chart) -> bool {
    let wide = |s: &crate::workbench::chart::Series| s.name.chars().count() > LONGEST_INSIDE;
    is_told(chart) && (chart.series.len() > MOST_INSIDE || chart.series.iter().any(wide))
}

/// The plot, and the legend in a column of its own right of it.
pub(super) fn beside(ui: &mut Ui, chart: &Chart, tokens: &Tokens, plot: impl FnOnce(&mut Ui)) {
    let room = ui.available_rect_before_wrap();
    let font = FontId::proportional(size::SMALL);
    let widest = chart.series.iter().map(|s| {
        let text = ui
            .painter()
            .layout_no_wrap(s.name.clone(), font.clone(), tokens.text);
        text.size().x
    });
    let wanted = widest.fold(0.0, f32::max) + 36.0;
    let column = wanted.min(room.width() * 0.3).max(80.0);
    let edge = (room.right() - column).max(room.left());
    let left = Rect::from_min_max(room.min, pos2(edge, room.bottom()));
    let right = Rect::from_min_max(pos2(edge + 8.0, room.top()), room.max);
    ui.scope_builder(UiBuilder::new().max_rect(left), plot);
    ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
        egui::ScrollArea::vertical()
            .id_salt("legend")
            .min_scrolled_height(size::ROW)
            .auto_shrink(false)
            .show(ui, |ui| {
                for (index, series) in chart.series.iter().enumerate() {
                    entry(ui, &series.name, index, tokens, &font);
                }
            });
    });
    ui.advance_cursor_after_rect(room);
}

fn entry(ui: &mut Ui, name: &str, index: usize, tokens: &Tokens, font: &FontId) {
    let room = vec2(ui.available_width(), size::ROW - 4.0);
    let (row, response) = ui.allocate_exact_size(room, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, name));
    let middle = row.left_center();
    let swatch = Rect::from_center_size(middle + vec2(7.0, 0.0), vec2(10.0, 10.0));
    ui.painter().rect_filled(swatch, 2, tokens.series(index));
    let text = Rect::from_min_max(pos2(row.left() + 18.0, row.top()), row.max);
    let fits = ui
        .painter()
        .layout_no_wrap(name.to_owned(), font.clone(), tokens.text)
        .size()
        .x
        <= text.width();
    ui.painter()
        .with_clip_rect(text.intersect(ui.clip_rect()))
        .text(
            text.left_center(),
            Align2::LEFT_CENTER,
            name,
            font.clone(),
            tokens.text,
        );
    if !fits {
        response.on_hover_text(name);
    }
}
