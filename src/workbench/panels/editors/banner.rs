//! A line over the text that says what became of its file.

use crate::workbench::app::Workbench;
use crate::workbench::dialogs::Dialog;
use crate::workbench::doc::Disk;
use crate::workbench::groups::GroupId;
use crate::workbench::theme::{self, size};
use egui::{Margin, RichText, Ui};

/// Shows it where there is something to say.
pub(super) fn show(workbench: &mut Workbench, ui: &mut Ui, group: GroupId) {
    if matches!(workbench.dialog, Some(Dialog::ChangedOnDisk(_))) {
        return; // it says the same, and more
    }
    let view = workbench.groups.get(group).and_then(|g| g.view());
    let Some(doc) = view.and_then(|v| workbench.doc(&v.path)) else {
        return;
    };
    let path = doc.path.clone();
    let (text, buttons): (&str, &[&str]) = match &doc.disk {
        Disk::Same => return,
        Disk::Gone => (
            "The file was deleted. Its text is kept here until you close it",
            &["Save", "Save as…"],
        ),
        Disk::Differs(_) => (
            "Another program changed the file at the same places as you",
            &["Compare…", "Keep mine", "Take theirs"],
        ),
    };
    let tokens = theme::tokens(ui);
    let mut pressed = None;
    egui::Frame::new()
        .fill(tokens.warning_fill)
        .inner_margin(Margin::symmetric(size::PADDING as i8, 4))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(text).color(tokens.warning));
                for (index, name) in buttons.iter().enumerate() {
                    if ui.button(*name).clicked() {
                        pressed = Some(index);
                    }
                }
            });
        });
    let Some(pressed) = pressed else {
        return;
    };
    match buttons.get(pressed).copied() {
        Some("Save" | "Keep mine") => workbench.overwrite(&path),
        Some("Save as…") => {
            workbench.groups.set_focus(group);
            workbench.dialog = Some(Dialog::save_as(&path));
        }
        Some("Take theirs") => workbench.take_from_disk(&path),
        _ => workbench.dialog = Some(Dialog::compare(workbench, &path)),
    }
}
