//! Questions with a few buttons, and the list of keys.

use super::{Dialog, Next, buttons, frame};
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::doc::Doc;

/// A document with unsaved text is to be closed.
pub fn close_tab(workbench: &mut Workbench, ui: &egui::Ui, index: usize) -> Next {
    let Some(title) = workbench.docs.get(index).map(Doc::title) else {
        return Next::Close;
    };
    let (pressed, closed) = frame(ui, "Unsaved changes", 420.0, |ui| {
        ui.label(format!("{title} holds changes that are not saved"));
        buttons(
            ui,
            &[
                ("Save", true),
                ("Cancel", true),
                ("Close without saving", true),
            ],
        )
    });
    match pressed {
        Some(0) => {
            workbench.save(index);
            if workbench.docs.get(index).is_some_and(|d| !d.is_unsaved()) {
                workbench.drop_tab(index);
            }
            Next::Close
        }
        Some(2) => {
            workbench.drop_tab(index);
            Next::Close
        }
        Some(_) => Next::Close,
        None if closed => Next::Close,
        None => Next::Stay(Dialog::CloseTab(index)),
    }
}

/// A document is to be saved whose file was changed by somebody else.
pub fn changed_on_disk(workbench: &mut Workbench, ui: &egui::Ui, index: usize) -> Next {
    let Some(title) = workbench.docs.get(index).map(Doc::title) else {
        return Next::Close;
    };
    let (pressed, closed) = frame(ui, "Changed on disk", 460.0, |ui| {
        ui.label(format!(
            "{title} was changed by another program since it was opened here"
        ));
        buttons(
            ui,
            &[
                ("Overwrite", true),
                ("Cancel", true),
                ("Take the text from disk", true),
            ],
        )
    });
    match pressed {
        Some(0) => workbench.overwrite(index),
        Some(2) => workbench.take_from_disk(index),
        None if !closed => return Next::Stay(Dialog::ChangedOnDisk(index)),
        _ => {}
    }
    Next::Close
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
                        for command in Command::ALL {
                            if let Some(keys) = command.shortcut() {
                                ui.label(command.text());
                                ui.monospace(ui.ctx().format_shortcut(&keys));
                                ui.end_row();
                            }
                        }
                        for (what, keys) in super::super::panels::editors::KEYS
                            .into_iter()
                            .chain(super::super::grid::KEYS)
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
