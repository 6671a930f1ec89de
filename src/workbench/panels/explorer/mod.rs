//! What the workspace holds: rules, log files, tables with their columns.

mod row;
mod rules;

pub use rules::State;

use super::{counted, grouped};
use crate::kql::Catalog;
use crate::value::time::format_short;
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::layout::Pane;
use crate::workbench::schema::{Field, Subject};
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;
use row::Row;
use std::path::PathBuf;

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    egui::ScrollArea::vertical()
        .min_scrolled_height(size::ROW)
        .auto_shrink(false)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(6.0);
            rules::show(workbench, ui);
            ui.add_space(8.0);
            log_sets(workbench, ui);
            logs(workbench, ui);
            ui.add_space(8.0);
            tables(workbench, ui);
        });
}

fn section(ui: &mut egui::Ui, title: &str, count: usize) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.set_height(size::ROW);
        ui.add_space(size::PADDING);
        ui.label(theme::section_label(title, tokens));
        ui.label(
            egui::RichText::new(grouped(count))
                .size(size::SMALL)
                .color(tokens.text_faint),
        );
    });
}

/// Folders of sample logs: one of them is loaded at a time.
fn log_sets(workbench: &mut Workbench, ui: &mut egui::Ui) {
    if workbench.workspace.log_sets.len() < 2 {
        return;
    }
    let tokens = theme::tokens(ui);
    section(ui, "Sample logs", workbench.workspace.log_sets.len());
    let mut chosen = None;
    for set in &workbench.workspace.log_sets {
        let name = set.file_name().unwrap_or_default().to_string_lossy();
        let loaded = workbench.workspace.logs.iter().any(|l| l.starts_with(set));
        let row = Row {
            icon: if loaded {
                icons::ICON_RADIO_BUTTON_CHECKED
            } else {
                icons::ICON_RADIO_BUTTON_UNCHECKED
            },
            color: if loaded {
                tokens.accent
            } else {
                tokens.text_faint
            },
            name: &name,
            right: "",
            right_color: tokens.text_subdued,
            selected: false,
            indent: 0.0,
            label: format!("Sample logs {name}"),
        };
        let response = row
            .show(ui)
            .on_hover_text("Load these logs in place of the loaded ones");
        if response.clicked() {
            chosen = Some(set.clone());
        }
    }
    if let Some(set) = chosen {
        workbench.choose_log_set(&set);
    }
    ui.add_space(8.0);
}

fn logs(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tokens = theme::tokens(ui);
    let files = workbench.data.files();
    section(ui, "Log files", files.len());
    let mut add = false;
    let mut remove: Option<PathBuf> = None;
    let (mut told, mut connect): (Option<PathBuf>, Option<PathBuf>) = (None, None);
    let mut shown = None;
    if files.is_empty() && !workbench.loader.is_busy() {
        hint(ui, "No logs are loaded");
        ui.horizontal(|ui| {
            ui.add_space(size::PADDING);
            add = ui.button(Command::AddLogs.text()).clicked();
        });
    }
    let offered = workbench.session.offered.len();
    let mut load = false;
    if offered > 0 {
        let text = counted(offered, "new log file", "new log files");
        ui.horizontal(|ui| {
            ui.set_height(size::ROW + 4.0);
            ui.add_space(size::PADDING);
            ui.add(egui::Label::new(
                egui::RichText::new(text).color(tokens.information),
            ));
            load = ui
                .button("Load")
                .on_hover_ui(|ui| {
                    for path in workbench.session.offered.iter().take(20) {
                        ui.label(short_name(path));
                    }
                })
                .clicked();
        });
    }
    for file in files {
        let name = short_name(&file.path);
        let (icon, color) = match (file.events, file.rejects()) {
            (0, n) if n > 0 => (icons::ICON_ERROR, tokens.error),
            (_, 0) if file.sampled || file.is_partial() => {
                (icons::ICON_INCOMPLETE_CIRCLE, tokens.warning)
            }
            (_, 0) => (icons::ICON_DESCRIPTION, tokens.text_subdued),
            _ => (icons::ICON_WARNING, tokens.warning),
        };
        let row = Row {
            icon,
            color,
            name: &name,
            right: &grouped(file.events),
            right_color: tokens.text_subdued,
            selected: false,
            indent: 0.0,
            label: format!("Log file {name}"),
        };
        let response = row.show(ui).on_hover_ui(|ui| {
            ui.label(theme::strong(&name));
            ui.weak(file.path.display().to_string());
            ui.label(format!("{}, {}", file.form, file.connector));
            ui.label(format!(
                "{} into {}",
                counted(file.events, "event", "events"),
                file.table
            ));
            if let (Some(first), Some(last)) = (file.first, file.last) {
                ui.label(format!("{} to {}", format_short(first), format_short(last)));
            }
            for note in &file.notes {
                ui.weak(note);
            }
            for reject in file.rejected.iter().take(5) {
                ui.colored_label(
                    tokens.warning,
                    format!("Line {}: {}", reject.line, reject.reason),
                );
            }
            if file.rejects() > 5 {
                ui.colored_label(
                    tokens.warning,
                    format!("and {} more", grouped(file.rejects() - 5)),
                );
            }
        });
        if response.clicked() {
            shown = file.table.split('+').next().map(str::to_owned);
        }
        crate::workbench::menus::context_menu(&response, |ui| {
            if ui.button("Show in Logs").clicked() {
                told = Some(file.path.clone());
                ui.close();
            }
            if ui.button("New connector from its records…").clicked() {
                connect = Some(file.path.clone());
                ui.close();
            }
            if ui.button("Remove from the session").clicked() {
                remove = Some(file.path.clone());
                ui.close();
            }
        });
    }
    if shown.is_some() {
        workbench.leave_stage();
        workbench.tables.shown = shown;
        workbench.settings.reveal = Some(Pane::Data);
    }
    if told.is_some() {
        workbench.logs.selected = told;
        workbench.settings.reveal = Some(Pane::Logs);
    }
    if connect.is_some() {
        workbench.ask_new_connector(connect);
    }
    if let Some(path) = remove {
        workbench.remove_log(&path);
    }
    if load {
        workbench.load_offered();
    }
    if add {
        workbench.execute(Command::AddLogs);
    }
}

fn tables(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let tables = workbench.data_tables();
    section(ui, "Tables", tables.len());
    let tokens = theme::tokens(ui);
    let (mut shown, mut schema_of) = (None, None);
    let mut insert = None;
    for (name, rows, _) in &tables {
        let id = ui.make_persistent_id(("table", name));
        let mut state =
            egui::collapsing_header::CollapsingState::load_with_default_open(ui.ctx(), id, false);
        let row = Row {
            icon: if state.is_open() {
                icons::ICON_EXPAND_MORE
            } else {
                icons::ICON_CHEVRON_RIGHT
            },
            color: tokens.text_subdued,
            name,
            right: &grouped(*rows),
            right_color: tokens.text_subdued,
            selected: false,
            indent: 0.0,
            label: format!("Table {name}"),
        };
        let response = row
            .show(ui)
            .on_hover_text("Click for the columns, double-click for the rows");
        if response.clicked() {
            state.toggle(ui);
        }
        if response.double_clicked() {
            shown = Some(name.clone());
        }
        crate::workbench::menus::context_menu(&response, |ui| {
            if ui.button("Show its rows").clicked() {
                shown = Some(name.clone());
                ui.close();
            }
            if ui.button("Show what its columns hold").clicked() {
                schema_of = Some(name.clone());
                ui.close();
            }
        });
        let schema = workbench.data.schema(name).unwrap_or_default();
        state.show_body_unindented(ui, |ui| {
            for (column, ty) in &schema {
                let row = Row {
                    icon: icons::ICON_VIEW_COLUMN,
                    color: tokens.text_faint,
                    name: column,
                    right: ty.name(),
                    right_color: tokens.text_faint,
                    selected: false,
                    indent: size::INDENT,
                    label: format!("Column {column} {ty}"),
                };
                let response = row
                    .show(ui)
                    .on_hover_text("Double-click to put the name into the query, click to copy it");
                if response.clicked() {
                    ui.ctx().copy_text(column.clone());
                }
                if response.double_clicked() {
                    insert = Some(Field {
                        subject: Subject::Table(name.clone()),
                        column: column.clone(),
                        ty: *ty,
                        path: Vec::new(),
                    });
                }
            }
        });
        state.store(ui.ctx());
    }
    if let Some(field) = insert {
        workbench.insert_field(&field, None);
    }
    if let Some(name) = schema_of {
        workbench.schema.chosen = Some(Subject::Table(name));
        workbench.settings.reveal = Some(Pane::Schema);
    }
    if shown.is_some() {
        workbench.leave_stage();
        workbench.tables.shown = shown;
        workbench.settings.reveal = Some(Pane::Data);
    }
}

fn hint(ui: &mut egui::Ui, text: &str) {
    let tokens = theme::tokens(ui);
    egui::Frame::new()
        .inner_margin(egui::Margin::symmetric(size::PADDING as i8, 2))
        .show(ui, |ui| {
            ui.label(egui::RichText::new(text).color(tokens.text_subdued));
        });
}

/// The file's name with the folder it lies in: the bundled files are all called alike.
fn short_name(path: &std::path::Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match path.parent().and_then(|p| p.file_name()) {
        Some(folder) => format!("{}/{name}", folder.to_string_lossy()),
        None => name.into_owned(),
    }
}
