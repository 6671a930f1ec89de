//! The names above the columns: a click sorts, a drag moves, the border sizes.

use super::Frame;
use super::columns::{NARROWEST, Shown};
use super::view::View;
use super::{cell, menus};
use crate::workbench::theme::{self, size};
use egui::{CursorIcon, Rect, Sense, pos2, vec2};
use egui_material_icons::icons;

/// Points round a border in which it is caught.
const CATCH: f32 = 4.0;

/// Draws the header. `left` is where the first column begins on the screen.
pub(super) fn show(
    frame: &mut Frame<'_, '_>,
    ui: &mut egui::Ui,
    view: &mut View,
    columns: &[Shown],
    area: Rect,
    left: f32,
) {
    let tokens = theme::tokens(ui);
    let mut x = left;
    let mut edges = Vec::with_capacity(columns.len());
    for column in columns {
        let rect = Rect::from_min_size(pos2(x, area.top()), vec2(column.width, area.height()));
        x = rect.right();
        edges.push(rect);
        if rect.right() < area.left() || rect.left() > area.right() {
            continue;
        }
        one(frame, ui, view, column, rect.intersect(area));
    }
    // The borders lie above the names: they are asked first.
    for (column, rect) in columns.iter().zip(&edges) {
        if (area.left()..=area.right() + CATCH).contains(&rect.right()) {
            border(frame, ui, view, column, rect, area);
        }
    }
    moved(ui, view, columns, &edges, area);
    ui.painter().hline(
        area.x_range(),
        area.bottom() - 0.5,
        egui::Stroke::new(1.0, tokens.separator),
    );
}

fn one(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &mut View, column: &Shown, rect: Rect) {
    let tokens = theme::tokens(ui);
    let id = frame.id.with(("head", &column.name));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let down = match &view.query.sort {
        Some((name, down)) if *name == column.name => Some(*down),
        _ => None,
    };
    let order = match down {
        Some(false) => ", ascending",
        Some(true) => ", descending",
        None => "",
    };
    response.widget_info(|| {
        let text = format!("{}{order}", column.name);
        egui::WidgetInfo::labeled(egui::Role::ColumnHeader, true, text)
    });
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0, tokens.hover);
    }
    paint(ui, column, rect, down);
    let clicked = response.clicked();
    if response.drag_started() {
        view.dragged = Some(column.name.clone());
    }
    crate::workbench::menus::context_menu(&response, |ui| menus::header(ui, frame, view, column));
    response.on_hover_text(format!(
        "{}: {}. Click to sort, drag to move, right-click for more",
        column.name, column.ty
    ));
    if clicked {
        if ui.input(|i| i.pointer.any_released()) {
            // The keys go on in the rows; whoever came to the name by Tab stays there.
            ui.memory_mut(|m| m.request_focus(frame.id.with("keys")));
        }
        view.query.sort = match down {
            None => Some((column.name.clone(), false)),
            Some(false) => Some((column.name.clone(), true)),
            Some(true) => None,
        };
    }
}

fn paint(ui: &egui::Ui, column: &Shown, rect: Rect, down: Option<bool>) {
    let tokens = theme::tokens(ui);
    let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect));
    let mut right = rect.right() - 8.0;
    if let Some(down) = down {
        let icon = match down {
            false => icons::ICON_ARROW_UPWARD,
            true => icons::ICON_ARROW_DOWNWARD,
        };
        let font = egui::FontId::new(13.0, icon.font_family());
        let at = pos2(right, rect.center().y);
        let drawn = painter.text(
            at,
            egui::Align2::RIGHT_CENTER,
            icon.codepoint,
            font,
            tokens.accent,
        );
        right = drawn.left() - 4.0;
    }
    let font = egui::FontId::proportional(size::SMALL + 1.0);
    let color = match down {
        Some(_) => tokens.text_strong,
        None => tokens.text_subdued,
    };
    let mut job = egui::text::LayoutJob::simple_singleline(column.name.clone(), font, color);
    let room = (right - rect.left() - 8.0).max(0.0);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room);
    let galley = ui.fonts_mut(|f| f.layout_job(job));
    // Above numbers the name stands where they do.
    let x = match cell::is_right(column.ty) {
        true => right - galley.size().x,
        false => rect.left() + 8.0,
    };
    painter.galley(
        pos2(x, rect.center().y - galley.size().y / 2.0),
        galley,
        color,
    );
}

fn border(
    frame: &mut Frame<'_, '_>,
    ui: &mut egui::Ui,
    view: &mut View,
    column: &Shown,
    rect: &Rect,
    area: Rect,
) {
    let tokens = theme::tokens(ui);
    let x = rect.right();
    let catch = Rect::from_min_max(pos2(x - CATCH, area.top()), pos2(x + CATCH, area.bottom()));
    let id = frame.id.with(("border", &column.name));
    let response = ui.interact(
        catch.intersect(area.expand(CATCH)),
        id,
        Sense::CLICK | Sense::DRAG,
    );
    response.widget_info(|| {
        let text = format!("Width of {}", column.name);
        egui::WidgetInfo::labeled(egui::Role::Splitter, true, text)
    });
    let active = response.hovered() || response.dragged();
    let stroke = match active {
        true => egui::Stroke::new(2.0, tokens.accent),
        false => egui::Stroke::new(1.0, tokens.separator),
    };
    ui.painter()
        .vline(x, area.shrink2(vec2(0.0, 5.0)).y_range(), stroke);
    if response.dragged() {
        let width = (column.width + response.drag_delta().x).max(NARROWEST);
        view.columns.widths.insert(column.name.clone(), width);
    }
    if response.double_clicked() {
        fit(ui, view, column);
    }
    response
        .on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal)
        .on_hover_text("Drag to size, double-click to fit");
}

/// As wide as the widest text that is seen.
pub(super) fn fit(ui: &egui::Ui, view: &mut View, column: &Shown) {
    let width = |text: String, font: egui::FontId| {
        let color = egui::Color32::PLACEHOLDER;
        ui.painter().layout_no_wrap(text, font, color).size().x
    };
    let head = egui::FontId::proportional(size::SMALL + 1.0);
    let mut widest = width(column.name.clone(), head) + 20.0;
    for place in view.seen.clone() {
        if let Some(value) = view.value(place, column.index) {
            let (text, style) = cell::shown(&value);
            widest = widest.max(width(text, super::cell::font(style)));
        }
    }
    let width = (widest + 18.0).clamp(NARROWEST, 900.0);
    view.columns
        .widths
        .insert(column.name.clone(), width.ceil());
}

/// A column that is dragged: a line shows where it would go.
fn moved(ui: &mut egui::Ui, view: &mut View, columns: &[Shown], edges: &[Rect], area: Rect) {
    let Some(name) = view.dragged.clone() else {
        return;
    };
    let Some(pointer) = ui.input(|i| i.pointer.interact_pos()) else {
        view.dragged = None;
        return;
    };
    let before = edges.iter().position(|r| pointer.x < r.center().x);
    let x = match before.and_then(|at| edges.get(at)) {
        Some(rect) => rect.left(),
        None => edges.last().map_or(area.left(), Rect::right),
    };
    let tokens = theme::tokens(ui);
    let stroke = egui::Stroke::new(2.0, tokens.accent);
    ui.painter().vline(
        x.clamp(area.left() + 1.0, area.right()),
        area.y_range(),
        stroke,
    );
    ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    if ui.input(|i| i.pointer.any_released()) {
        let target = before
            .and_then(|at| columns.get(at))
            .map(|c| c.name.clone());
        if target.as_deref() != Some(name.as_str())
            && let Some(shown) = &view.shown
        {
            view.columns.put(&shown.schema, &name, target.as_deref());
        }
        view.dragged = None;
    }
}
