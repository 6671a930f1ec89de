//! The third step: the rows that come of it, and the file.

use super::State;
use crate::diagnostic::LineIndex;
use crate::value::{Table, Value};
use crate::workbench::app::Workbench;
use crate::workbench::connector::work::{Preview, ROWS};
use crate::workbench::grid;
use crate::workbench::panels::{counted, grouped};
use crate::workbench::theme::{self, size};
use egui_extras::{Column, TableBuilder};

/// Shows the step.
pub(super) fn show(workbench: &mut Workbench, state: &mut State, ui: &mut egui::Ui) {
    state.try_it(workbench);
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        match &state.preview {
            _ if state.previewer.is_busy() && state.preview.is_none() => {
                ui.add(egui::Spinner::new().size(14.0));
                ui.label("Trying the connector on the sample");
            }
            Some(preview) if !preview.is_sound() => {
                ui.colored_label(tokens.error, "The connector file has errors");
            }
            Some(preview) => taken(ui, preview),
            None => {}
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let place = super::save::place(workbench, state);
            let text = egui::RichText::new(format!("Will be saved as {}", place.display()));
            ui.add(egui::Label::new(text.color(tokens.text_subdued)).truncate());
        });
    });
    if let Some(preview) = &state.preview {
        problems(ui, preview);
    }
    if let Some(error) = &state.save_error {
        ui.colored_label(tokens.error, error);
    }
    ui.add_space(4.0);
    let area = ui.available_size();
    ui.horizontal_top(|ui| {
        let half = (area.x * 0.44).max(200.0);
        ui.allocate_ui_with_layout(
            egui::vec2(half, area.y),
            egui::Layout::top_down(egui::Align::Min),
            |ui| file(state, ui, area.y),
        );
        ui.allocate_ui_with_layout(
            egui::vec2(area.x - half - 8.0, area.y),
            egui::Layout::top_down(egui::Align::Min),
            |ui| {
                ui.set_max_height(area.y);
                let rows = state.preview.as_ref().and_then(|p| p.rows.clone());
                match rows {
                    Some(rows) if rows.rows > 0 => self::rows(ui, &rows),
                    _ => {
                        ui.weak(match &state.preview {
                            Some(p) if !p.is_sound() => "No rows until the file is mended",
                            Some(_) if !state.previewer.is_busy() => "No rows come of it",
                            _ => "The rows appear here",
                        });
                    }
                }
            },
        );
    });
}

fn taken(ui: &mut egui::Ui, preview: &Preview) {
    let tokens = theme::tokens(ui);
    let (taken, all) = preview.taken;
    let records = counted(all, "record", "records");
    let text = match taken {
        0 => format!("None of {records} becomes a row: see the tests of step 2"),
        taken if taken == all => format!("All of {records} become rows of {}", preview.table),
        taken => format!(
            "{} of {records} become rows of {}",
            grouped(taken),
            preview.table
        ),
    };
    let color = match taken == all && taken > 0 {
        true => tokens.success,
        false => tokens.warning,
    };
    let label = ui.colored_label(color, text);
    if taken > ROWS {
        label.on_hover_text(format!("The first {ROWS} are shown"));
    }
}

/// What is wrong with the file, with its place, and what is to be known of the records.
fn problems(ui: &mut egui::Ui, preview: &Preview) {
    const MOST: usize = 4;
    let tokens = theme::tokens(ui);
    let lines = LineIndex::new(&preview.yaml);
    for problem in preview.diagnostics.iter().take(MOST) {
        let place = match problem.span.map(|s| lines.position(s.start)) {
            Some(at) => format!("Line {}, column {}: ", at.line, at.column),
            None => String::new(),
        };
        let hint = problem
            .hint
            .as_ref()
            .map_or(String::new(), |h| format!(". {h}"));
        let color = tokens.severity(problem.severity);
        let text = format!("{place}{}{hint}", problem.message);
        ui.add(egui::Label::new(egui::RichText::new(text).color(color)).wrap());
    }
    let more = preview.diagnostics.len().saturating_sub(MOST);
    if more > 0 {
        ui.weak(format!(
            "and {}",
            counted(more, "more problem", "more problems")
        ));
    }
    for note in preview.notes.iter().take(3) {
        ui.weak(note);
    }
    for reject in preview.rejected.iter().take(2) {
        let text = format!("Line {}: {}", reject.line, reject.reason);
        ui.colored_label(tokens.warning, text);
    }
}

/// The file, to be changed by hand.
fn file(state: &mut State, ui: &mut egui::Ui, height: f32) {
    let tokens = theme::tokens(ui);
    let font = egui::FontId::monospace(size::BODY - 1.0);
    let highlight = &mut state.highlight;
    let mut layouter = |ui: &egui::Ui, text: &dyn egui::TextBuffer, width: f32| {
        let language = crate::workbench::highlight::Language::Yaml;
        highlight.update(text.as_str(), language, None);
        let mut job = highlight.job(theme::tokens(ui), &font);
        job.wrap.max_width = width.max(2_000.0);
        ui.fonts_mut(|f| f.layout_job(job))
    };
    if state.by_hand {
        ui.horizontal(|ui| {
            ui.label(egui::RichText::new("Changed by hand").color(tokens.text_subdued));
            let back = ui.small_button("Write it anew from the form");
            if back.clicked() {
                state.by_hand = false;
            }
        });
    }
    egui::ScrollArea::both()
        .id_salt("connector file")
        .max_height(height - if state.by_hand { 30.0 } else { 0.0 })
        .auto_shrink(false)
        .show(ui, |ui| {
            let edit = egui::TextEdit::multiline(&mut state.yaml)
                .code_editor()
                .desired_width(f32::INFINITY)
                .layouter(&mut layouter);
            let edit = ui.add(edit);
            edit.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::MultilineTextInput, true, "Connector file")
            });
            if edit.changed() {
                state.by_hand = true;
            }
        });
}

fn rows(ui: &mut egui::Ui, table: &Table) {
    egui::ScrollArea::horizontal()
        .id_salt("preview across")
        .auto_shrink(false)
        .show(ui, |ui| {
            let mut builder = TableBuilder::new(ui)
                .id_salt(("preview", table.names.len()))
                .min_scrolled_height(size::TABLE_ROW)
                .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
                .auto_shrink(false);
            for _ in &table.names {
                let column = Column::initial(140.0).at_least(48.0);
                builder = builder.column(column.resizable(true).clip(true));
            }
            builder
                .header(size::TABLE_HEADER, |mut header| {
                    for name in &table.names {
                        header.col(|ui| {
                            ui.add_space(8.0);
                            let text =
                                egui::RichText::new(name).color(theme::tokens(ui).text_subdued);
                            ui.add(egui::Label::new(text).truncate());
                        });
                    }
                })
                .body(|body| {
                    body.rows(size::TABLE_ROW, table.rows, |mut row| {
                        let at = row.index();
                        for column in &table.columns {
                            let value = match at < column.len() {
                                true => column.value(at),
                                false => Value::Null,
                            };
                            row.col(|ui| {
                                ui.add_space(8.0);
                                grid::label(ui, &value);
                            });
                        }
                    });
                });
        });
}
