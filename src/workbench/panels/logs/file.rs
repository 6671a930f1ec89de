//! One file: what is said of it, and the records that were not taken.

use super::super::{counted, grouped};
use super::{Wish, menu, table};
use crate::logs::{LogFile, Reject};
use crate::workbench::app::Workbench;
use crate::workbench::panels::topbar::named_icon;
use crate::workbench::theme::{self, size};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons;

/// Shows the file.
pub(super) fn show(
    workbench: &Workbench,
    ui: &mut egui::Ui,
    file: &LogFile,
    wishes: &mut Vec<Wish>,
) {
    let tokens = theme::tokens(ui);
    egui::Frame::new()
        .inner_margin(egui::Margin {
            left: size::PADDING as i8,
            right: 6,
            top: 6,
            bottom: 0,
        })
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                let right = egui::Layout::right_to_left(egui::Align::Center);
                ui.with_layout(right, |ui| {
                    let close = named_icon(ui, icons::ICON_CLOSE, "Close the file's details");
                    if close.on_hover_text("Back to the files").clicked() {
                        wishes.push(Wish::Select(file.path.clone()));
                    }
                    ui.menu_button("Connector", |ui| {
                        menu::connectors(workbench, ui, file, wishes);
                    });
                    ui.menu_button("Form", |ui| menu::forms(ui, file, wishes));
                    let left = egui::Layout::left_to_right(egui::Align::Center);
                    ui.with_layout(left, |ui| {
                        let name = theme::strong(table::name(file)).color(tokens.text_strong);
                        let label = egui::Label::new(name).truncate();
                        ui.add(label.show_tooltip_when_elided(false))
                            .on_hover_text(file.path.display().to_string());
                    });
                });
            });
            for note in &file.notes {
                let text = egui::RichText::new(note).color(tokens.text_subdued);
                ui.add(egui::Label::new(text).wrap());
            }
            if !file.rejected.is_empty() {
                rejects_head(ui, file, wishes);
            }
        });
    match file.rejected.is_empty() {
        false => rejects(ui, file, wishes),
        true if super::only_duplicates(file) => {
            ui.add_space(6.0);
            let text = "All of its events are in other files too";
            ui.vertical_centered(|ui| ui.weak(text));
        }
        true if file.events == 0 => {
            ui.add_space(6.0);
            ui.vertical_centered(|ui| ui.weak("Nothing was loaded of this file"));
        }
        true => {
            ui.add_space(6.0);
            ui.vertical_centered(|ui| ui.weak("Every record was taken"));
        }
    }
}

fn rejects_head(ui: &mut egui::Ui, file: &LogFile, wishes: &mut Vec<Wish>) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        let count = file.rejected.len();
        let words = counted(count, "record was not taken", "records were not taken");
        ui.label(egui::RichText::new(words).color(tokens.warning));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let copy = ui.small_button("Copy all");
            if copy
                .on_hover_text("Copy line, reason and beginning of each")
                .clicked()
            {
                let lines = file.rejected.iter().map(written);
                ui.ctx().copy_text(lines.collect::<Vec<_>>().join("\n"));
            }
            let unknown = file.rejected.iter().any(|r| r.reason.contains("connector"));
            if unknown {
                let new = ui.small_button("New connector…");
                let tip = "Say how these records become rows of a table";
                if new.on_hover_text(tip).clicked() {
                    wishes.push(Wish::NewConnector(file.path.clone()));
                }
            }
        });
    });
}

/// Line, reason and beginning, as they are copied.
fn written(reject: &Reject) -> String {
    format!("{}\t{}\t{}", reject.line, reject.reason, reject.excerpt)
}

/// The records that were not taken: only those that are seen are drawn.
fn rejects(ui: &mut egui::Ui, file: &LogFile, wishes: &mut Vec<Wish>) {
    let tokens = theme::tokens(ui);
    let small = |text: &str| egui::RichText::new(text.to_owned()).size(size::SMALL + 1.0);
    TableBuilder::new(ui)
        // Each file's list begins at its top.
        .id_salt(("rejects", &file.path))
        .sense(egui::Sense::click())
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .min_scrolled_height(size::TABLE_ROW)
        .auto_shrink(false)
        .column(
            Column::initial(58.0)
                .at_least(40.0)
                .resizable(true)
                .clip(true),
        )
        .column(
            Column::initial(220.0)
                .at_least(80.0)
                .resizable(true)
                .clip(true),
        )
        .column(Column::remainder().at_least(80.0).clip(true))
        .header(size::TABLE_HEADER, |mut header| {
            for text in ["Line", "Reason", "Beginning"] {
                header.col(|ui| {
                    ui.add_space(8.0);
                    ui.label(small(text).color(tokens.text_subdued));
                });
            }
        })
        .body(|body| {
            body.rows(size::TABLE_ROW, file.rejected.len(), |mut row| {
                let Some(reject) = file.rejected.get(row.index()) else {
                    return;
                };
                let line = match reject.line {
                    0 => "file".to_owned(),
                    line => grouped(line),
                };
                let number = egui::RichText::new(line).color(tokens.text_faint);
                let excerpt = egui::RichText::new(&reject.excerpt)
                    .monospace()
                    .size(size::BODY - 1.0);
                for (text, whole) in [
                    (number, ""),
                    (egui::RichText::new(&reject.reason), reject.reason.as_str()),
                    (excerpt, reject.excerpt.as_str()),
                ] {
                    row.col(|ui| {
                        ui.add_space(8.0);
                        let label = egui::Label::new(text).truncate().selectable(false);
                        let label = ui.add(label.show_tooltip_when_elided(whole.is_empty()));
                        if !whole.is_empty() {
                            label.on_hover_text(whole);
                        }
                    });
                }
                let response = row.response();
                response.widget_info(|| {
                    let label = format!("Line {}: {}", reject.line, reject.reason);
                    egui::WidgetInfo::labeled(egui::Role::Row, true, label)
                });
                crate::workbench::menus::context_menu(&response, |ui| {
                    if ui.button("Copy").clicked() {
                        ui.ctx().copy_text(written(reject));
                        ui.close();
                    }
                    if ui.button("Open the file at this line").clicked() {
                        wishes.push(Wish::GoTo(file.path.clone(), reject.line));
                        ui.close();
                    }
                });
                if response.double_clicked() {
                    wishes.push(Wish::GoTo(file.path.clone(), reject.line));
                }
            });
        });
}
