//! The second step: which records belong to the connector, and what columns they give.

use super::State;
use super::fields::field;
use crate::value::Type;
use crate::workbench::app::Workbench;
use crate::workbench::connector::draft::{ColumnDraft, TYPES};
use crate::workbench::dialogs::native::Ask;
use crate::workbench::theme::{self, size};
use egui_extras::{Column, TableBuilder};

/// Shows the step.
pub(super) fn show(workbench: &mut Workbench, state: &mut State, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    let Some(draft) = &mut state.draft else {
        return;
    };
    let before = draft.clone();
    ui.horizontal_wrapped(|ui| {
        field(ui, "Name", &mut draft.id, "aws-cloudtrail", 150.0);
        field(ui, "Table", &mut draft.table, "AWSCloudTrail_CL", 170.0);
        if ui.available_width() < 260.0 {
            ui.end_row();
        }
        let room = (ui.available_width() - 60.0).clamp(80.0, 360.0);
        field(ui, "Events", &mut draft.title, "What they are", room);
    });
    ui.horizontal_wrapped(|ui| {
        field(ui, "Panther log type", &mut draft.log_type, "None", 150.0);
        field(ui, "Ingestion delay", &mut draft.delay, "5m", 60.0)
            .on_hover_text("How long after its time a row usually arrives on the platform");
    });
    ui.add_space(4.0);
    ui.label(theme::section_label(
        "A record belongs here when all of these hold",
        tokens,
    ));
    egui::ScrollArea::vertical()
        .id_salt("tests of records")
        .max_height(60.0)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            for (at, tests) in draft.tests.iter_mut().enumerate() {
                ui.horizontal_wrapped(|ui| {
                    if at > 0 {
                        ui.label(egui::RichText::new("or all of").color(tokens.text_subdued));
                    }
                    for test in tests {
                        let text = test.words();
                        let short: String = text.chars().take(60).collect();
                        ui.checkbox(&mut test.include, short).on_hover_text(text);
                    }
                });
            }
        });
    for note in draft.notes() {
        ui.weak(note);
    }
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        ui.label(theme::section_label("Columns", tokens));
        let filter = egui::TextEdit::singleline(&mut state.filter)
            .hint_text("Filter columns")
            .desired_width(140.0);
        ui.add(filter).widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Filter columns")
        });
        // Those that are shown: what the filter hides stays as it is.
        let words = state.filter.to_lowercase();
        let mut use_shown = |include| {
            let shown = draft.columns.iter_mut().filter(|c| holds(c, &words));
            shown.for_each(|c| c.include = include);
        };
        if ui.small_button("Use all").clicked() {
            use_shown(true);
        }
        if ui.small_button("Use none").clicked() {
            use_shown(false);
        }
        let import = ui.small_button("Import schema…");
        let tip = "Take the names and types of a table's columns over: a CSV with TableName, ColumnName and ColumnType, \
                   or what getschema printed";
        if import.on_hover_text(tip).clicked() {
            state.schema_shown = false;
            state.schema_path = match state.schema_path {
                Some(_) => None,
                None => Some(String::new()),
            };
        }
        match &state.schema {
            Some(Ok(text)) => {
                ui.colored_label(tokens.success, text);
            }
            Some(Err(text)) => {
                ui.colored_label(tokens.error, text);
            }
            None => {}
        }
    });
    schema_field(workbench, state, ui);
    let Some(draft) = &state.draft else {
        return;
    };
    let wrong = draft.wrong();
    let room = match wrong.len() {
        0 => 0.0,
        n => 20.0 * n.min(3) as f32 + 4.0,
    };
    let height = (ui.available_height() - room).max(80.0);
    table(state, ui, height);
    for text in wrong.iter().take(3) {
        ui.colored_label(tokens.error, text);
    }
    if state.draft.as_ref() != Some(&before) {
        // The form speaks again: what was written by hand is replaced.
        state.by_hand = false;
    }
}

/// Whether a column is one that the filter, in lower case, leaves.
fn holds(column: &ColumnDraft, words: &str) -> bool {
    words.is_empty()
        || column.name.to_lowercase().contains(words)
        || column.path.join(".").to_lowercase().contains(words)
}

fn table(state: &mut State, ui: &mut egui::Ui, height: f32) {
    let tokens = theme::tokens(ui);
    let words = state.filter.to_lowercase();
    let Some(draft) = &mut state.draft else {
        return;
    };
    let columns = draft.columns.iter().enumerate();
    let rows: Vec<usize> = columns
        .filter(|(_, c)| holds(c, &words))
        .map(|(i, _)| i)
        .collect();
    let records = draft.records;
    let (mut time, mut identifier) = (draft.time, draft.identifier);
    let head = |text: &str| {
        egui::RichText::new(text.to_owned())
            .size(size::SMALL + 1.0)
            .color(tokens.text_subdued)
    };
    // Name, origin and values share what the others leave; in a wide window the values have most of it.
    let fixed = 30.0 + 104.0 + 40.0 + 32.0 + 56.0 + 9.0 * ui.spacing().item_spacing.x + 16.0;
    let third = ((ui.available_width() - fixed) / 3.0).clamp(80.0, 190.0);
    TableBuilder::new(ui)
        .id_salt("columns of the connector")
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .min_scrolled_height(60.0)
        .max_scroll_height(height - size::TABLE_HEADER)
        .auto_shrink([false, false])
        .column(Column::exact(30.0))
        .column(
            Column::initial(third)
                .at_least(80.0)
                .resizable(true)
                .clip(true),
        )
        .column(
            Column::initial(third)
                .at_least(80.0)
                .resizable(true)
                .clip(true),
        )
        .column(Column::exact(104.0))
        .column(Column::exact(40.0))
        .column(Column::exact(32.0))
        .column(Column::exact(56.0))
        .column(Column::remainder().at_least(60.0).clip(true))
        .header(size::TABLE_HEADER, |mut header| {
            for text in [
                "", "Column", "From", "Type", "Time", "Id", "Filled", "Values",
            ] {
                header.col(|ui| {
                    ui.label(head(text));
                });
            }
        })
        .body(|body| {
            body.rows(26.0, rows.len(), |mut row| {
                let Some(at) = rows.get(row.index()).copied() else {
                    return;
                };
                let Some(column) = draft.columns.get_mut(at) else {
                    return;
                };
                let from = column.path.join(".");
                row.col(|ui| {
                    let check = ui.checkbox(&mut column.include, "");
                    let on = column.include;
                    check.widget_info(|| {
                        let label = format!("Use {from}");
                        egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, label)
                    });
                });
                row.col(|ui| {
                    let width = ui.available_width() - 8.0;
                    let edit = egui::TextEdit::singleline(&mut column.name).desired_width(width);
                    ui.add_enabled(column.include, edit).widget_info(|| {
                        let label = format!("Name of the column of {from}");
                        egui::WidgetInfo::labeled(egui::Role::TextInput, true, label)
                    });
                });
                row.col(|ui| {
                    let text = match from.is_empty() {
                        true => {
                            egui::RichText::new("nothing: stands empty").color(tokens.text_faint)
                        }
                        false => egui::RichText::new(&from)
                            .monospace()
                            .size(size::BODY - 1.0),
                    };
                    let label = egui::Label::new(text).truncate();
                    ui.add(label.show_tooltip_when_elided(false))
                        .on_hover_text(&from);
                });
                row.col(|ui| types(ui, at, column, &from));
                row.col(|ui| {
                    let can = column.ty == Type::DateTime && !from.is_empty();
                    let tip = "The time of the event: the column TimeGenerated";
                    if radio(
                        ui,
                        can,
                        time == Some(at),
                        &format!("{from} is the time"),
                        tip,
                    ) {
                        time = (time != Some(at)).then_some(at);
                        column.include |= time == Some(at);
                    }
                });
                row.col(|ui| {
                    let can = column.ty == Type::String && column.path.len() == 1;
                    let tip =
                        "The record's own identifier: the same event in two files counts once";
                    let name = format!("{from} is the identifier");
                    if radio(ui, can, identifier == Some(at), &name, tip) {
                        identifier = (identifier != Some(at)).then_some(at);
                        column.include |= identifier == Some(at);
                    }
                });
                row.col(|ui| {
                    let share = column.filled as f64 / records.max(1) as f64;
                    let text = match column.filled {
                        n if n == records => "100 %".to_owned(),
                        0 => "0 %".to_owned(),
                        // Not all, however close.
                        _ => format!("{:.0} %", (share * 100.0).clamp(1.0, 99.0)),
                    };
                    let color = if share < 0.5 {
                        tokens.text_faint
                    } else {
                        tokens.text
                    };
                    ui.label(egui::RichText::new(text).color(color));
                });
                row.col(|ui| {
                    let all = column.samples.join("  ·  ");
                    let text = egui::RichText::new(&all)
                        .monospace()
                        .size(size::BODY - 1.5)
                        .color(tokens.text_subdued);
                    let label = egui::Label::new(text).truncate();
                    let label = ui.add(label.show_tooltip_when_elided(false));
                    label.on_hover_ui(|ui| {
                        for sample in &column.samples {
                            ui.monospace(sample);
                        }
                    });
                });
            });
        });
    draft.time = time;
    draft.identifier = identifier;
}

/// A choice of one row; whether it was clicked.
fn radio(ui: &mut egui::Ui, can: bool, on: bool, name: &str, tip: &str) -> bool {
    let radio = ui.add_enabled(can, egui::RadioButton::new(on, ""));
    radio.widget_info(|| egui::WidgetInfo::selected(egui::Role::RadioButton, can, on, name));
    radio.on_hover_text(tip).clicked()
}

fn types(ui: &mut egui::Ui, at: usize, column: &mut ColumnDraft, from: &str) {
    let combo = egui::ComboBox::from_id_salt(("type of", at))
        .selected_text(column.ty.name())
        .width(88.0)
        .show_ui(ui, |ui| {
            for ty in TYPES {
                ui.selectable_value(&mut column.ty, ty, ty.name());
            }
        });
    combo.response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Type of {from}"))
    });
}

/// Where a schema is named that is to be imported, once that was asked for.
fn schema_field(workbench: &mut Workbench, state: &mut State, ui: &mut egui::Ui) {
    let Some(path) = &mut state.schema_path else {
        return;
    };
    let mut wanted = false;
    ui.horizontal(|ui| {
        let field = egui::TextEdit::singleline(path)
            .hint_text("Path of a schema file")
            .desired_width(ui.available_width() - 160.0);
        let field = ui.add(field);
        field.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Path of a schema file")
        });
        if !std::mem::replace(&mut state.schema_shown, true) {
            field.request_focus();
        }
        if field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
            wanted = true;
            // The path may turn out wrong: it is mended here.
            field.request_focus();
        }
        wanted |= ui.button("Import").clicked();
        if ui.button("Browse…").clicked() {
            workbench.ask_native(Ask::Schema);
        }
    });
    let path = std::path::PathBuf::from(path.trim());
    if wanted && !path.as_os_str().is_empty() {
        state.import_schema(&path);
    }
}
