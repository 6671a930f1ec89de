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
    let draft = &mut state.draft;
    let before = format!("{draft:?}");
    ui.horizontal_wrapped(|ui| {
        field(ui, "Name", &mut draft.id, "aws-cloudtrail", 150.0);
        field(ui, "Events", &mut draft.title, "What they are", 240.0);
        field(ui, "Table", &mut draft.table, "AWSCloudTrail", 170.0);
        field(ui, "Panther log type", &mut draft.log_type, "None", 140.0);
        let tip = "How long after its time a row usually arrives on the platform";
        field(ui, "Ingestion delay", &mut draft.delay, "5m", 50.0);
        let _ = tip;
    });
    ui.add_space(4.0);
    ui.label(theme::section_label(
        "A record belongs here when all of these hold",
        tokens,
    ));
    egui::ScrollArea::vertical()
        .id_salt("tests of records")
        .max_height(72.0)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            ui.horizontal_wrapped(|ui| {
                for test in &mut draft.tests {
                    let text = format!("{} {}", test.member, test.says.words());
                    let short: String = text.chars().take(60).collect();
                    ui.checkbox(&mut test.include, short).on_hover_text(text);
                }
            });
        });
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.label(theme::section_label("Columns", tokens));
        let filter = egui::TextEdit::singleline(&mut state.filter)
            .hint_text("Filter columns")
            .desired_width(140.0);
        ui.add(filter).widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Filter columns")
        });
        if ui.small_button("Use all").clicked() {
            draft.columns.iter_mut().for_each(|c| c.include = true);
        }
        if ui.small_button("Use none").clicked() {
            draft.columns.iter_mut().for_each(|c| c.include = false);
        }
        let import = ui.small_button("Import schema…");
        let tip = "Take the names and types of a table's columns over: a CSV with TableName, ColumnName and ColumnType, \
                   or what getschema printed";
        if import.on_hover_text(tip).clicked() {
            workbench.ask_native(Ask::Schema);
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
    if before != format!("{:?}", state.draft) && state.by_hand {
        // The form speaks again: what was written by hand is replaced.
        state.by_hand = false;
    }
}

fn table(state: &mut State, ui: &mut egui::Ui, height: f32) {
    let tokens = theme::tokens(ui);
    let words = state.filter.to_lowercase();
    let holds = |c: &ColumnDraft| {
        words.is_empty()
            || c.name.to_lowercase().contains(&words)
            || c.path.join(".").to_lowercase().contains(&words)
    };
    let columns = state.draft.columns.iter().enumerate();
    let rows: Vec<usize> = columns.filter(|(_, c)| holds(c)).map(|(i, _)| i).collect();
    let records = state.draft.records;
    let mut time = state.draft.time;
    let head = |text: &str| {
        egui::RichText::new(text.to_owned())
            .size(size::SMALL + 1.0)
            .color(tokens.text_subdued)
    };
    TableBuilder::new(ui)
        .id_salt("columns of the connector")
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .min_scrolled_height(60.0)
        .max_scroll_height(height - size::TABLE_HEADER)
        .auto_shrink([false, false])
        .column(Column::exact(30.0))
        .column(
            Column::initial(190.0)
                .at_least(80.0)
                .resizable(true)
                .clip(true),
        )
        .column(
            Column::initial(190.0)
                .at_least(80.0)
                .resizable(true)
                .clip(true),
        )
        .column(Column::exact(104.0))
        .column(Column::exact(44.0))
        .column(Column::exact(56.0))
        .column(Column::remainder().at_least(120.0).clip(true))
        .header(size::TABLE_HEADER, |mut header| {
            for text in ["", "Column", "From", "Type", "Time", "Filled", "Values"] {
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
                let Some(column) = state.draft.columns.get_mut(at) else {
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
                    ui.add(egui::Label::new(text).truncate())
                        .on_hover_text(&from);
                });
                row.col(|ui| types(ui, at, column, &from));
                row.col(|ui| {
                    let is_time = column.ty == Type::DateTime && !from.is_empty();
                    let radio = egui::RadioButton::new(time == Some(at), "");
                    let radio = ui.add_enabled(is_time, radio);
                    radio.widget_info(|| {
                        let label = format!("{from} is the time");
                        let on = time == Some(at);
                        egui::WidgetInfo::selected(egui::Role::RadioButton, true, on, label)
                    });
                    let radio =
                        radio.on_hover_text("The time of the event: the column TimeGenerated");
                    if radio.clicked() {
                        time = (time != Some(at)).then_some(at);
                        column.include |= time == Some(at);
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
                    let label = ui.add(egui::Label::new(text).truncate());
                    label.on_hover_ui(|ui| {
                        for sample in &column.samples {
                            ui.monospace(sample);
                        }
                    });
                });
            });
        });
    state.draft.time = time;
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
