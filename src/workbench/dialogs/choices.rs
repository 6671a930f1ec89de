//! Questions with a few buttons, and the list of keys.

use super::{Dialog, Next, buttons, frame};
use crate::workbench::app::Workbench;
use crate::workbench::commands::{Command, written};
use crate::workbench::doc::Doc;
use crate::workbench::editor::Action;
use crate::workbench::groups::GroupId;
use std::path::PathBuf;

/// Tabs of documents with unsaved text are to be closed.
pub fn close_tabs(
    workbench: &mut Workbench,
    ui: &egui::Ui,
    group: GroupId,
    paths: Vec<PathBuf>,
) -> Next {
    let titles: Vec<String> = paths
        .iter()
        .filter_map(|p| workbench.doc(p))
        .map(Doc::title)
        .collect();
    let Some(first) = titles.first() else {
        return Next::Close;
    };
    let (pressed, closed) = frame(ui, "Unsaved changes", 420.0, |ui| {
        if titles.len() == 1 {
            ui.label(format!("{first} holds changes that are not saved"));
        } else {
            ui.label("These files hold changes that are not saved");
            for title in &titles {
                ui.label(egui::RichText::new(title).strong());
            }
        }
        let save = if titles.len() == 1 {
            "Save"
        } else {
            "Save all"
        };
        buttons(
            ui,
            &[
                (save, true),
                ("Cancel", true),
                ("Close without saving", true),
            ],
        )
    });
    match pressed {
        Some(0) => {
            for path in paths {
                workbench.save(&path);
                if workbench.doc(&path).is_some_and(|d| !d.is_unsaved()) {
                    workbench.drop_tab(group, &path);
                }
            }
            Next::Close
        }
        Some(2) => {
            for path in paths {
                workbench.drop_tab(group, &path);
            }
            Next::Close
        }
        Some(_) => Next::Close,
        None if closed => Next::Close,
        None => Next::Stay(Dialog::CloseTabs(group, paths)),
    }
}

/// The window is to be closed while texts are unsaved.
pub fn quit(workbench: &mut Workbench, ui: &egui::Ui) -> Next {
    let titles: Vec<String> = workbench
        .docs
        .iter()
        .filter(|d| d.is_unsaved())
        .map(Doc::title)
        .collect();
    let (pressed, closed) = frame(ui, "Unsaved changes", 420.0, |ui| {
        ui.label("These files hold changes that are not saved");
        for title in &titles {
            ui.label(egui::RichText::new(title).strong());
        }
        buttons(
            ui,
            &[
                ("Save all", true),
                ("Cancel", true),
                ("Quit without saving", true),
            ],
        )
    });
    match pressed {
        Some(0) => {
            workbench.execute(Command::SaveAll);
            if workbench.docs.iter().any(Doc::is_unsaved) {
                return Next::Close; // a toast has said which file could not be saved
            }
            Next::Do(Command::Quit)
        }
        Some(2) => {
            workbench.may_close = true;
            workbench.recovery.note(&[]);
            Next::Do(Command::Quit)
        }
        Some(_) => Next::Close,
        None if closed => Next::Close,
        None => Next::Stay(Dialog::Quit),
    }
}

/// All commands with their keys.
pub fn shortcuts(ui: &egui::Ui) -> Next {
    let (pressed, closed) = frame(ui, "Keyboard shortcuts", 420.0, |ui| {
        egui::ScrollArea::vertical()
            .auto_shrink([false, true])
            .max_height(420.0)
            .show(ui, |ui| {
                egui::Grid::new("shortcuts")
                    .num_columns(2)
                    .spacing([32.0, 6.0])
                    .show(ui, |ui| {
                        for row in Command::all().filter(|row| !row.keys.is_empty()) {
                            let keys: Vec<String> =
                                row.keys.iter().map(|k| written(ui.ctx(), k)).collect();
                            ui.label(row.text);
                            ui.monospace(keys.join(", "));
                            ui.end_row();
                        }
                        for action in Action::ALL {
                            if let Some(keys) = action.shortcut() {
                                ui.label(action.text());
                                ui.monospace(written(ui.ctx(), &keys));
                                ui.end_row();
                            }
                        }
                        let leave = ("Leave the editor with the keyboard", "Esc, then Tab");
                        for (what, keys) in
                            std::iter::once(leave).chain(crate::workbench::grid::KEYS)
                        {
                            ui.label(what);
                            ui.monospace(keys);
                            ui.end_row();
                        }
                    });
            });
        buttons(ui, &[("Close", true)])
    });
    match pressed {
        None if !closed => Next::Stay(Dialog::Shortcuts),
        _ => Next::Close,
    }
}
