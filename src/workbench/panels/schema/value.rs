//! The line of a frequent value.

use super::Wish;
use crate::value::profile::Values;
use crate::value::{Value, time};
use crate::workbench::grid::{Filter, Test};
use crate::workbench::panels::grouped;
use crate::workbench::schema::{Field, Subject, percent};
use crate::workbench::theme::{self, size};
use egui::{Rect, Response, Sense, Ui, pos2, vec2};

/// The line of a frequent value: a bar behind it is its share.
pub(super) fn show(
    ui: &mut Ui,
    field: &Field,
    depth: usize,
    values: &Values,
    n: usize,
) -> Option<Wish> {
    let tokens = theme::tokens(ui);
    let (value, count) = values.top.get(n)?;
    let desired = vec2(ui.available_width(), size::ROW);
    let (rect, response) = ui.allocate_exact_size(desired, Sense::click());
    let text = words_of(value);
    let share = percent(*count, values.counted);
    response.widget_info(|| {
        let label = format!(
            "Value {text} of {}: {}, {share}",
            field.words(),
            grouped(*count)
        );
        egui::WidgetInfo::labeled(egui::Role::TreeItem, true, label)
    });
    if response.hovered() || response.context_menu_opened() {
        ui.painter().rect_filled(rect, 0, tokens.hover);
    }
    let left = rect.left() + 6.0 + depth as f32 * size::INDENT + 16.0;
    let right = rect.right() - size::PADDING;
    let part = *count as f32 / values.counted.max(1) as f32;
    let bar = Rect::from_min_max(
        pos2(left, rect.top() + 3.0),
        pos2(left + ((right - left) * part).max(2.0), rect.bottom() - 3.0),
    );
    let fill = tokens
        .series(0)
        .gamma_multiply(if tokens.dark { 0.28 } else { 0.18 });
    ui.painter().rect_filled(bar, 2, fill);
    let small = egui::FontId::proportional(size::SMALL);
    let numbers = format!("{}  {share}", grouped(*count));
    let at = pos2(right, rect.center().y);
    let drawn = ui.painter().text(
        at,
        egui::Align2::RIGHT_CENTER,
        numbers,
        small,
        tokens.text_subdued,
    );
    let font = egui::FontId::proportional(size::BODY - 0.5);
    let mut job = egui::text::LayoutJob::simple_singleline(text.clone(), font, tokens.text);
    job.wrap = egui::text::TextWrapping::truncate_at_width((drawn.left() - left - 14.0).max(0.0));
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let cut = galley.elided;
    let at = pos2(left + 6.0, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, tokens.text);
    let mut wish = None;
    crate::workbench::menus::context_menu(&response, |ui| wish = menu(ui, field, value));
    hover(response, cut, &text, values);
    wish
}

fn hover(response: Response, cut: bool, text: &str, values: &Values) {
    response.on_hover_ui(|ui| {
        if cut {
            ui.label(egui::RichText::new(text).monospace());
        }
        if values.beyond > 0 {
            ui.weak(format!(
                "Counted among the first {} different values",
                grouped(values.distinct)
            ));
        }
        ui.weak("Right-click to filter by it or to insert it as a condition");
    });
}

fn menu(ui: &mut Ui, field: &Field, value: &Value) -> Option<Wish> {
    let mut wish = None;
    if matches!(field.subject, Subject::Table(_)) {
        let tests = [
            ("Only this value", Test::Only(vec![value.clone()])),
            ("Without this value", Test::Without(vec![value.clone()])),
        ];
        for (text, test) in tests {
            if ui.button(text).clicked() {
                wish = Some(Wish::Filter(Filter {
                    column: field.column.clone(),
                    path: field.path.clone(),
                    test,
                }));
            }
        }
        ui.separator();
    }
    if ui.button("Insert as condition").clicked() {
        wish = Some(Wish::Condition(field.clone(), value.clone()));
    }
    if ui.button("Copy value").clicked() {
        wish = Some(Wish::Copy(crate::workbench::grid::whole(value)));
    }
    if wish.is_some() {
        ui.close();
    }
    wish
}

fn words_of(value: &Value) -> String {
    match value {
        Value::DateTime(at) => time::format_short(*at),
        value => crate::workbench::grid::value_words(value),
    }
}
