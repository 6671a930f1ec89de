//! The log files of the session: what each was recognised as, what was taken of it and what was not.

mod file;
mod head;
mod list;
mod menu;
mod table;

use super::{banner, counted};
use crate::logs::{Duplicates, LogFile};
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::layout::Pane;
use crate::workbench::theme::{self, size};
use egui_material_icons::icons;
use std::collections::HashSet;
use std::path::PathBuf;

/// What the panel keeps between frames.
#[derive(Default)]
pub struct State {
    /// The file whose rejects are shown.
    pub selected: Option<PathBuf>,
    /// The file that the keyboard is on.
    cursor: Option<PathBuf>,
    order: Option<(table::Heading, bool)>,
}

/// What a person wants of a file.
pub(super) enum Wish {
    Select(PathBuf),
    ShowRows(PathBuf),
    Form(PathBuf, Option<String>),
    Connector(PathBuf, Option<String>),
    Remove(PathBuf),
    NewConnector(PathBuf),
    GoTo(PathBuf, usize),
    Do(Command),
}

/// Shows the panel.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let mut wishes = Vec::new();
    let any = !workbench.data.files().is_empty();
    // A file's rejects have all of a small panel.
    let small = ui.available_width() <= 760.0 && ui.available_height() < 240.0;
    if any && !(small && workbench.logs.selected.is_some()) {
        head::show(workbench, ui, &mut wishes);
    }
    banners(workbench, ui, &mut wishes);
    if !any {
        match workbench.loader.is_busy() {
            true => super::empty(ui, "Loading", "The files appear here"),
            false => nothing(ui, &mut wishes),
        }
    } else {
        let data = std::sync::Arc::clone(&workbench.data);
        let not_reached = not_reached(workbench);
        let files: Vec<&LogFile> = data.files().iter().chain(&not_reached).collect();
        let selected = workbench.logs.selected.clone();
        let file = files.iter().find(|f| Some(&f.path) == selected.as_ref());
        let room = ui.available_size();
        match file {
            // Beside the table where there is room for both.
            Some(file) if room.x > 760.0 => {
                let tokens = theme::tokens(ui);
                egui::Panel::right("log file")
                    .resizable(true)
                    .default_size(room.x * 0.42)
                    .size_range(260.0..=room.x - 240.0)
                    .frame(egui::Frame::new().fill(tokens.panel))
                    .show(ui, |ui| file::show(workbench, ui, file, &mut wishes));
                egui::CentralPanel::no_frame().show(ui, |ui| {
                    table::show(workbench, ui, &files, &mut wishes);
                });
            }
            Some(file) => file::show(workbench, ui, file, &mut wishes),
            None => table::show(workbench, ui, &files, &mut wishes),
        }
    }
    for wish in wishes {
        fulfil(workbench, wish);
    }
}

fn fulfil(workbench: &mut Workbench, wish: Wish) {
    match wish {
        Wish::Select(path) => {
            let same = workbench.logs.selected.as_ref() == Some(&path);
            workbench.logs.selected = (!same).then_some(path);
        }
        Wish::ShowRows(path) => {
            let files = workbench.data.files();
            let file = files.iter().find(|f| f.path == path);
            let table = file.and_then(|f| f.table.split('+').next());
            let Some(table) = table.filter(|t| !t.is_empty()).map(str::to_owned) else {
                return;
            };
            workbench.leave_stage();
            workbench.tables.shown = Some(table);
            workbench.settings.reveal = Some(Pane::Data);
        }
        Wish::Form(path, form) => workbench.choose_for(&path, |c| c.form = form),
        Wish::Connector(path, connector) => {
            workbench.choose_for(&path, |c| c.connector = connector);
        }
        Wish::Remove(path) => {
            if workbench.logs.selected.as_ref() == Some(&path) {
                workbench.logs.selected = None;
            }
            workbench.remove_log(&path);
        }
        Wish::NewConnector(path) => workbench.ask_new_connector(Some(path)),
        Wish::GoTo(path, line) => workbench.go_to(&path, None, Some(line.max(1))),
        Wish::Do(command) => workbench.execute(command),
    }
}

/// Whether every event of a file was given by another one.
fn only_duplicates(file: &LogFile) -> bool {
    file.events > 0 && file.duplicates == file.events
}

/// The files that a load which was stopped did not come to.
fn not_reached(workbench: &Workbench) -> Vec<LogFile> {
    let loaded = &workbench.session.loaded;
    if !loaded.cancelled {
        return Vec::new();
    }
    let files = workbench.data.files().iter();
    let known: HashSet<&PathBuf> = files.map(|f| &f.path).collect();
    let own = |path: &PathBuf| loaded.own.iter().any(|file| &file.path == path);
    let missing = loaded.stamps.keys();
    missing
        .filter(|path| !known.contains(path) && !own(path))
        .map(|path| LogFile {
            path: path.clone(),
            notes: vec![NOT_REACHED.to_owned()],
            ..LogFile::default()
        })
        .collect()
}

/// What is said of a file that a stopped load did not come to.
const NOT_REACHED: &str = "Loading was stopped before this file";

/// What all files have in common that a person should know.
fn banners(workbench: &Workbench, ui: &mut egui::Ui, wishes: &mut Vec<Wish>) {
    let tokens = theme::tokens(ui);
    if workbench.loader.is_busy() {
        return;
    }
    let changed = workbench.session.changed.len();
    let once = workbench.session.chosen.duplicates == Duplicates::Once;
    let files = workbench.data.files().iter();
    let same: Vec<&LogFile> = files.filter(|f| once && only_duplicates(f)).collect();
    if let Some(first) = same.first() {
        let text = match same.len() {
            1 => format!(
                "All events of {} are in other files too: they count once",
                table::name(first)
            ),
            n => format!("All events of {n} files are in other files too: they count once"),
        };
        banner(ui, tokens.raised, tokens.text_subdued, &text);
    }
    let mut told = |text: String, button: &str| {
        egui::Frame::new()
            .fill(tokens.warning_fill)
            .inner_margin(egui::Margin::symmetric(size::PADDING as i8, 3))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.horizontal(|ui| {
                    ui.label(theme::icon(icons::ICON_WARNING).color(tokens.warning));
                    ui.label(egui::RichText::new(text).color(tokens.warning));
                    if ui.small_button(button).clicked() {
                        wishes.push(Wish::Do(Command::ReloadLogs));
                    }
                });
            });
    };
    if changed > 0 {
        let files = counted(changed, "file", "files");
        told(
            format!("{files} changed on disk since the logs were loaded"),
            "Reload",
        );
    }
    if workbench.session.loaded.cancelled {
        told(
            "Loading was stopped: not all of the logs are there".to_owned(),
            "Load all",
        );
    }
    let broken = workbench.session.loaded.own.iter().filter(|file| {
        let mut all = file.diagnostics.iter();
        all.any(crate::diagnostic::Diagnostic::is_error)
    });
    for file in broken {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let text = format!(
            "The connector {name} has errors and is not used: the problems panel says where"
        );
        banner(ui, tokens.error_fill, tokens.error, &text);
    }
}

/// Nothing is loaded: what could be.
fn nothing(ui: &mut egui::Ui, wishes: &mut Vec<Wish>) {
    let tokens = theme::tokens(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.2).max(8.0));
        ui.label(theme::strong("No logs are loaded").color(tokens.text));
        ui.add_space(2.0);
        for line in [
            "Drop files or folders on the window, or add them here",
            "JSON in lines, lists, pages and documents, CSV, Parquet, answers of KQL queries; packed with gzip or zstd or not",
        ] {
            ui.label(egui::RichText::new(line).color(tokens.text_subdued));
        }
        ui.add_space(8.0);
        for command in [Command::AddLogs, Command::AddLogFolder, Command::OpenSamples] {
            let button = egui::Button::new(command.text()).min_size(egui::vec2(150.0, 24.0));
            if ui.add(button).on_hover_text(command.tooltip_with_keys(ui.ctx())).clicked() {
                wishes.push(Wish::Do(command));
            }
        }
    });
}
