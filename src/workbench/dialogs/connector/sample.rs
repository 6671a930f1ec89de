//! The first step: which file is the sample.

use super::State;
use crate::workbench::app::Workbench;
use crate::workbench::dialogs::native::Ask;
use crate::workbench::panels::{counted, grouped};
use crate::workbench::theme;
use egui_extras::{Column, TableBuilder};

/// Shows the step.
pub(super) fn show(workbench: &mut Workbench, state: &mut State, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    let label = ui.label("A log file with records of the kind that is not recognised yet");
    ui.horizontal(|ui| {
        let width = ui.available_width() - 92.0;
        let field = egui::TextEdit::singleline(&mut state.path)
            .hint_text("Path of a log file")
            .desired_width(width);
        let field = ui.add(field).labelled_by(label.id);
        if !state.shown {
            field.request_focus();
        }
        if field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
            state.asked = None;
            state.read_sample(workbench);
            // The path may turn out wrong: it is mended here.
            field.request_focus();
        }
        if ui.button("Browse…").clicked() {
            workbench.ask_native(Ask::Sample);
        }
    });
    ui.add_space(4.0);
    ui.weak("Records that no connector takes are looked at; where there are none, all of them");
    if state.sampler.is_busy() {
        ui.horizontal(|ui| {
            ui.add(egui::Spinner::new().size(14.0));
            ui.label("Reading the sample");
        });
    }
    if let Some(error) = &state.error {
        ui.colored_label(tokens.error, error);
    }
    let files: Vec<_> = workbench.data.files().to_vec();
    if files.is_empty() {
        return;
    }
    ui.add_space(8.0);
    ui.label(theme::section_label("Files of the session", tokens));
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(files.get(*i).map(|f| f.rejects())));
    TableBuilder::new(ui)
        .id_salt("files of the session")
        .min_scrolled_height(theme::size::TABLE_ROW)
        .sense(egui::Sense::click())
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(Column::remainder().at_least(160.0).clip(true))
        .column(Column::initial(150.0).clip(true))
        .column(Column::initial(170.0).clip(true))
        .body(|body| {
            body.rows(theme::size::TABLE_ROW, order.len(), |mut row| {
                let Some(file) = order.get(row.index()).and_then(|i| files.get(*i)) else {
                    return;
                };
                let path = file.path.display().to_string();
                row.set_selected(path == state.path);
                row.col(|ui| {
                    ui.add_space(8.0);
                    let label = egui::Label::new(&path).truncate().selectable(false);
                    ui.add(label);
                });
                row.col(|ui| {
                    let text = counted(file.events, "event", "events");
                    ui.label(egui::RichText::new(text).color(tokens.text_subdued));
                });
                row.col(|ui| {
                    if !file.rejected.is_empty() {
                        let text = format!("{} not taken", grouped(file.rejects()));
                        ui.label(egui::RichText::new(text).color(tokens.warning));
                    }
                });
                let response = row.response();
                response.widget_info(|| {
                    let label = format!("Sample {path}");
                    egui::WidgetInfo::labeled(egui::Role::Row, true, label)
                });
                if response.clicked() {
                    state.path = path;
                }
            });
        });
}
