//! The whole value of the cell at the cursor, in a small window beside the table.

use super::view::View;
use super::{Frame, cell};
use crate::value::{Type, Value};
use crate::workbench::highlight::Language;
use crate::workbench::panels::counted;
use crate::workbench::theme::{self, size};

/// Signs that are drawn; the rest can be copied.
const MOST: usize = 200_000;

pub(super) fn show(frame: &mut Frame<'_, '_>, ui: &mut egui::Ui, view: &mut View) {
    if !view.detail {
        return;
    }
    let column = view
        .visible()
        .into_iter()
        .find(|c| Some(&c.name) == view.cursor_column.as_ref());
    let (Some(column), Some(place)) = (column, view.selection.cursor) else {
        view.detail = false;
        return;
    };
    let Some(row) = view.row(place) else {
        view.detail = false;
        return;
    };
    let tokens = theme::tokens(ui);
    let mut open = true;
    let title = format!(
        "{} of {} {}",
        column.name,
        frame.input.noun.to_lowercase(),
        row + 1
    );
    let area = ui.max_rect();
    egui::Window::new(theme::strong(title))
        .id(frame.id.with("detail"))
        .open(&mut open)
        .collapsible(false)
        .default_width(380.0)
        .max_height(420.0)
        .default_pos(beside(area))
        .constrain_to(ui.ctx().content_rect())
        .show(ui.ctx(), |ui| match view.value(place, column.index) {
            None => {
                ui.weak("The value is being read");
            }
            Some(Value::Null) => {
                ui.label(
                    egui::RichText::new("null")
                        .monospace()
                        .color(tokens.text_faint),
                );
                ui.weak(format!("There is no value: {} null", column.ty));
            }
            Some(value) => {
                let text = cell::whole(&value);
                ui.horizontal(|ui| {
                    let length = counted(text.chars().count(), "character", "characters");
                    ui.weak(match text.is_empty() {
                        true => "An empty text".to_owned(),
                        false => format!("{}, {length}", column.ty),
                    });
                    if ui
                        .small_button("Copy")
                        .on_hover_text("Copy the whole value")
                        .clicked()
                    {
                        ui.ctx().copy_text(text.clone());
                    }
                });
                value_text(ui, view, column.ty, text);
            }
        });
    view.detail = open;
}

/// Beside the table where there is room, so that nothing of it is hidden.
fn beside(area: egui::Rect) -> egui::Pos2 {
    match area.left() > 440.0 {
        true => egui::pos2(area.left() - 428.0, area.top() + 32.0),
        false => egui::pos2(area.right() - 420.0, area.top() + 80.0),
    }
}

fn value_text(ui: &mut egui::Ui, view: &mut View, ty: Type, mut text: String) {
    let tokens = theme::tokens(ui);
    let cut = text.char_indices().nth(MOST).map(|(at, _)| at);
    if let Some(at) = cut {
        text.truncate(at);
    }
    let font = egui::FontId::monospace(size::BODY - 1.0);
    egui::Frame::new()
        .fill(tokens.editor)
        .corner_radius(size::RADIUS_SMALL)
        .inner_margin(8)
        .show(ui, |ui| {
            egui::ScrollArea::both()
                .max_height(360.0)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    let is_json = ty == Type::Dynamic && text.starts_with(['{', '[']);
                    if is_json {
                        let (kept, highlight) = &mut view.detail_text;
                        text.clone_into(kept);
                        highlight.update(kept, Language::Json, None);
                        let job = highlight.job(tokens, &font);
                        ui.add(egui::Label::new(job).selectable(true).extend());
                    } else {
                        let rich = egui::RichText::new(&text).font(font).color(tokens.text);
                        ui.add(egui::Label::new(rich).selectable(true).wrap());
                    }
                });
        });
    if cut.is_some() {
        ui.weak("Only the beginning is shown: Copy takes all of it");
    }
}
