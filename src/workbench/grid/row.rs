//! One row: its cells, what is pressed on it, what its tooltip says.

use super::body::Sheet;
use super::cell::{self, Style, font};
use super::columns::Shown;
use super::view::View;
use super::{Frame, menus};
use crate::value::{Type, Value};
use crate::workbench::panels::grouped;
use crate::workbench::theme::{self, size};
use egui::{Rect, Sense, pos2, vec2};

/// Draws a row.
pub(super) fn show(
    frame: &mut Frame<'_, '_>,
    ui: &mut egui::Ui,
    view: &mut View,
    columns: &[Shown],
    sheet: &Sheet,
    cells: Rect,
    place: usize,
) {
    let Some(row) = view.row(place) else {
        return;
    };
    let tokens = theme::tokens(ui);
    let rect = sheet.rect_of(place);
    let response = ui.interact(rect, frame.id.with(("row", place)), Sense::CLICK);
    let selected = view.selection.contains(place);
    let noun = frame.input.noun;
    response.widget_info(|| {
        let text = format!("{noun} {}", row + 1);
        egui::WidgetInfo::selected(egui::Role::Row, true, selected, text)
    });
    let lit = selected || (frame.input.lit)(row);
    let fill = match (lit, response.hovered()) {
        (true, _) => Some(tokens.selection),
        (false, true) => Some(tokens.hover),
        _ => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, 0, fill);
    }
    let number = grouped(row + 1);
    let small = egui::FontId::proportional(size::SMALL);
    let at = pos2(cells.left() - 8.0, rect.center().y);
    let faint = if lit {
        tokens.on_selection
    } else {
        tokens.text_faint
    };
    ui.painter()
        .text(at, egui::Align2::RIGHT_CENTER, number, small, faint);

    let before = ui.clip_rect();
    ui.set_clip_rect(before.intersect(cells));
    let mut x = sheet.left;
    let (mut words, mut under) = (Vec::new(), None);
    let pointer = response.hover_pos().or(response.interact_pointer_pos());
    let cursor = (view.selection.cursor == Some(place))
        .then_some(view.cursor_column.as_deref())
        .flatten();
    for column in columns {
        let area = Rect::from_min_size(pos2(x, rect.top()), vec2(column.width, rect.height()));
        x = area.right();
        if area.right() < cells.left() || area.left() > cells.right() {
            continue;
        }
        let value = view.value(place, column.index);
        let (text, cut) = one(ui, column.ty, value.as_ref(), area, lit);
        if pointer.is_some_and(|p| area.contains(p) && cells.contains(p)) {
            under = Some((column, value.clone(), cut));
        }
        if cursor == Some(column.name.as_str()) && ui.memory(|m| m.has_focus(frame.id.with("keys")))
        {
            ui.painter().rect_stroke(
                area.shrink(1.0),
                2,
                egui::Stroke::new(1.0, tokens.accent),
                egui::StrokeKind::Inside,
            );
        }
        words.push(format!("{}: {text}", column.name));
    }
    ui.set_clip_rect(before);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(words.join(", "));
    });
    pressed(
        frame,
        ui,
        view,
        &response,
        place,
        row,
        under.as_ref().map(|u| u.0),
    );
    menus::cells(
        frame,
        &response,
        view,
        columns,
        place,
        under.as_ref().map(|u| u.0.index),
    );
    if let Some((column, Some(value), cut)) = under {
        tip(response, column, &value, cut);
    }
}

/// A cell. Gives its text and whether it was cut.
fn one(ui: &egui::Ui, ty: Type, value: Option<&Value>, area: Rect, lit: bool) -> (String, bool) {
    let tokens = theme::tokens(ui);
    let Some(value) = value else {
        // It is being read.
        let bar = Rect::from_min_size(
            area.left_center() + vec2(8.0, -3.0),
            vec2((area.width() - 16.0).clamp(4.0, 80.0), 6.0),
        );
        ui.painter().rect_filled(bar, 3, tokens.button);
        return (String::new(), false);
    };
    let (text, style) = cell::shown(value);
    if text.is_empty() {
        return (text, false);
    }
    let color = match style {
        _ if lit => tokens.on_selection,
        Style::Null => tokens.text_faint,
        _ => tokens.text,
    };
    let mut job = egui::text::LayoutJob::simple_singleline(text.clone(), font(style), color);
    job.wrap = egui::text::TextWrapping::truncate_at_width((area.width() - 16.0).max(0.0));
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    let x = match cell::is_right(ty) && style != Style::Null {
        true => area.right() - 8.0 - galley.size().x,
        false => area.left() + 8.0,
    };
    let cut = galley.elided;
    let at = pos2(x, area.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, color);
    (text, cut)
}

fn pressed(
    frame: &mut Frame<'_, '_>,
    ui: &egui::Ui,
    view: &mut View,
    response: &egui::Response,
    place: usize,
    row: usize,
    column: Option<&Shown>,
) {
    let secondary = response.secondary_clicked();
    if !response.clicked() && !secondary && !response.double_clicked() {
        return;
    }
    if let Some(column) = column {
        view.cursor_column = Some(column.name.clone());
    }
    ui.memory_mut(|m| m.request_focus(frame.id.with("keys")));
    let modifiers = ui.input(|i| i.modifiers);
    match () {
        () if secondary && view.selection.contains(place) => view.selection.cursor = Some(place),
        () if secondary => view.selection.only(place),
        () if modifiers.shift => view.selection.extend(place),
        () if modifiers.command => view.selection.toggle(place),
        () => view.selection.only(place),
    }
    if response.double_clicked() && column.is_some() {
        view.detail = true;
    }
    frame.choose(
        view,
        row,
        !secondary && !modifiers.command && !modifiers.shift,
    );
}

/// What does not fit, and instants with all their decimals.
fn tip(response: egui::Response, column: &Shown, value: &Value, cut: bool) {
    let exact = matches!(value, Value::DateTime(_));
    if !cut && !exact {
        return;
    }
    response.on_hover_ui_at_pointer(|ui| {
        ui.weak(format!("{}: {}", column.name, column.ty));
        let text = cell::whole(value);
        let more = text.chars().count() > 1_200;
        let mut text: String = text.chars().take(1_200).collect();
        if more {
            text.push_str("…\nDouble-click for the whole value");
        }
        ui.label(egui::RichText::new(text).monospace());
    });
}
