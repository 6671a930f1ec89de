//! The rows over time, above the table: hover tells, a drag draws a range.

use super::Frame;
use super::histogram::{Bar, Histogram};
use super::view::View;
use crate::value::time::{DAY, format_short, format_timespan};
use crate::workbench::panels::counted;
use crate::workbench::theme::{self, size};
use egui::{Rect, Sense, pos2, vec2};
use std::sync::Arc;

/// Height, less of it where the panel is low.
const HEIGHT: f32 = 56.0;
const LOWEST: f32 = 38.0;
/// Room for the times below the bars.
const LABELS: f32 = 15.0;
/// Points of a bar and the gap behind it, at least.
const NARROWEST: f32 = 4.0;

pub(super) fn show(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &mut View) {
    let Some(selected) = view.shown.as_ref().map(|s| Arc::clone(&s.selected)) else {
        return;
    };
    let Some(histogram) = &selected.histogram else {
        return;
    };
    let tokens = theme::tokens(ui);
    let height = (ui.available_height() * 0.2).clamp(LOWEST, HEIGHT);
    let full = vec2(ui.available_width(), height);
    let (area, _) = ui.allocate_exact_size(full, Sense::hover());
    let area = area.shrink2(vec2(size::PADDING, 0.0));
    if area.width() < 40.0 {
        return;
    }
    let response = ui.interact(area, frame.id.with("times"), Sense::click_and_drag());
    response.widget_info(|| {
        let text = words(histogram, frame.input.range);
        egui::WidgetInfo::labeled(egui::Role::Image, true, text)
    });
    let most = (area.width() / NARROWEST) as usize;
    let bars = histogram.bars(most);
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        return;
    };
    let scale = Scale {
        area,
        from: first.from,
        to: last.to,
    };
    drag(frame, view, &response, &scale, &bars);
    if response.double_clicked() {
        frame.output.range = Some(None);
    }
    if (response.hovered() || response.has_focus())
        && frame.input.range.is_some()
        && ui.input(|i| i.key_pressed(egui::Key::Escape))
    {
        frame.output.range = Some(None);
        view.drawn = None;
    }
    let range = view.drawn.map(ordered).or(frame.input.range.map(half_open));
    let hovered = response.hover_pos().and_then(|p| {
        let at = scale.at(p.x);
        bars.iter().find(|b| (b.from..b.to).contains(&at)).copied()
    });
    if ui.is_rect_visible(area) {
        paint(ui, &scale, &bars, range, hovered, response.has_focus());
        labels(ui, tokens, &scale);
    }
    let response = response.on_hover_cursor(egui::CursorIcon::Crosshair);
    if let Some(bar) = hovered {
        response.on_hover_ui_at_pointer(|ui| {
            ui.label(format!(
                "{} to {}",
                format_short(bar.from),
                format_short(bar.to)
            ));
            let rows = counted(bar.kept as usize, "row", "rows");
            match bar.kept == bar.all {
                true => ui.label(rows),
                false => ui.label(format!(
                    "{rows} of {}",
                    super::super::panels::grouped(bar.all as usize)
                )),
            };
            ui.weak(format!(
                "{} a bar. Drag to choose a range, double-click to clear it",
                duration(bar.to - bar.from)
            ));
        });
    }
}

/// What a reader of the screen is told.
fn words(histogram: &Histogram, range: Option<(i64, i64)>) -> String {
    let span = format!(
        "Rows over time, {} to {}",
        format_short(histogram.start),
        format_short(histogram.end())
    );
    match range {
        Some((from, to)) => {
            format!(
                "{span}, range {} to {}",
                format_short(from),
                format_short(to)
            )
        }
        None => span,
    }
}

/// `1 day`, `5 minutes` as the engine writes spans.
fn duration(ticks: i64) -> String {
    match ticks % DAY == 0 {
        true => counted((ticks / DAY) as usize, "day", "days"),
        false => format_timespan(ticks),
    }
}

/// Whether a bar has a part in a range: a range of an hour begins and ends within bars.
fn touches(bar: &Bar, (from, to): (i64, i64)) -> bool {
    bar.from < to && from < bar.to
}

struct Scale {
    area: Rect,
    from: i64,
    to: i64,
}

impl Scale {
    fn x(&self, at: i64) -> f32 {
        let part = at.saturating_sub(self.from) as f64 / (self.to - self.from).max(1) as f64;
        self.area.left() + (part.clamp(0.0, 1.0) * f64::from(self.area.width())) as f32
    }

    fn at(&self, x: f32) -> i64 {
        let part = f64::from((x - self.area.left()) / self.area.width()).clamp(0.0, 1.0);
        let at = self.from + (part * (self.to - self.from) as f64) as i64;
        at.min(self.to - 1)
    }
}

/// Up to before its end.
fn half_open((from, to): (i64, i64)) -> (i64, i64) {
    (from, to.saturating_add(1))
}

fn ordered((a, b): (i64, i64)) -> (i64, i64) {
    (a.min(b), a.max(b))
}

/// A drag draws a range of whole bars.
fn drag(
    frame: &mut Frame<'_, '_>,
    view: &mut View,
    response: &egui::Response,
    scale: &Scale,
    bars: &[Bar],
) {
    let bar_at = |x: f32| {
        let at = scale.at(x);
        bars.iter().find(|b| (b.from..b.to).contains(&at))
    };
    if response.dragged()
        && let (Some(start), Some(now)) = (
            response.ctx.input(|i| i.pointer.press_origin()),
            response.interact_pointer_pos(),
        )
        && let (Some(start), Some(now)) = (bar_at(start.x), bar_at(now.x))
    {
        view.drawn = Some(match start.from <= now.from {
            true => (start.from, now.to),
            false => (start.to, now.from),
        });
    }
    if response.drag_stopped()
        && let Some(drawn) = view.drawn.take()
    {
        let (from, to) = ordered(drawn);
        frame.output.range = Some(Some((from, to - 1)));
    }
}

fn paint(
    ui: &egui::Ui,
    scale: &Scale,
    bars: &[Bar],
    range: Option<(i64, i64)>,
    hovered: Option<Bar>,
    focused: bool,
) {
    let tokens = theme::tokens(ui);
    let painter = ui.painter();
    let base = scale.area.bottom() - LABELS;
    let room = base - scale.area.top() - 3.0;
    if let Some((from, to)) = range {
        let area = Rect::from_min_max(
            pos2(scale.x(from), scale.area.top()),
            pos2(scale.x(to).max(scale.x(from) + 2.0), base),
        );
        painter.rect_filled(area, 0, tokens.selection.gamma_multiply(0.55));
        for x in [area.left(), area.right()] {
            painter.vline(x, area.y_range(), egui::Stroke::new(1.0, tokens.accent));
        }
    }
    let most = bars.iter().map(|b| b.all).max().unwrap_or(0).max(1);
    for bar in bars.iter().filter(|b| b.all > 0) {
        let (left, right) = (scale.x(bar.from), scale.x(bar.to));
        let width = (right - left - 1.0).clamp(1.0, 40.0);
        let column = |rows: u64| {
            // Any row is seen.
            let height = (rows as f32 / most as f32 * room).max(1.5);
            Rect::from_min_max(pos2(left, base - height), pos2(left + width, base))
        };
        let inside = range.is_none_or(|range| touches(bar, range));
        let faint = tokens.active;
        if bar.kept < bar.all || !inside {
            painter.rect_filled(column(bar.all), 0, faint);
        }
        if bar.kept > 0 && inside {
            let lit = hovered.is_some_and(|h| h.from == bar.from);
            let fill = match lit {
                true => tokens.accent,
                false => tokens.series(0),
            };
            painter.rect_filled(column(bar.kept), 0, fill);
        }
    }
    let stroke = egui::Stroke::new(
        1.0,
        if focused {
            tokens.accent
        } else {
            tokens.separator
        },
    );
    painter.hline(scale.area.x_range(), base, stroke);
}

/// The first and the last instant, and the middle where there is room.
fn labels(ui: &egui::Ui, tokens: &theme::Tokens, scale: &Scale) {
    let font = egui::FontId::proportional(size::SMALL);
    let y = scale.area.bottom();
    let text = |at: f32, align: egui::Align2, ticks: i64| {
        let text = format_short(ticks);
        // To the minute: the exact instants are in the tooltip.
        let text = text.get(..16).unwrap_or(&text).to_owned();
        let font = font.clone();
        ui.painter()
            .text(pos2(at, y), align, text, font, tokens.text_faint)
    };
    let (left, right) = (scale.area.left(), scale.area.right());
    let first = text(left, egui::Align2::LEFT_BOTTOM, scale.from);
    if first.width() * 2.0 + 24.0 < scale.area.width() {
        text(right, egui::Align2::RIGHT_BOTTOM, scale.to);
    }
    if first.width() * 4.0 < scale.area.width() {
        let middle = scale.from + (scale.to - scale.from) / 2;
        text(scale.area.center().x, egui::Align2::CENTER_BOTTOM, middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_that_a_range_covers_in_part_is_in_it() {
        let bar = Bar {
            from: 100,
            to: 200,
            all: 1,
            kept: 1,
        };
        // Up to before its end, as `half_open` gives it.
        for (range, inside) in [
            ((0, 300), true),
            ((150, 160), true),
            ((199, 300), true),
            ((0, 101), true),
            ((0, 100), false),
            ((200, 300), false),
        ] {
            assert_eq!(touches(&bar, range), inside, "{range:?}");
        }
    }
}
