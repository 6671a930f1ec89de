//! What is shown while no file is open.

use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use crate::workbench::panels::empty;

/// Says what can be opened.
pub(super) fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    empty(
        ui,
        "No file is open",
        "Begin a rule, open one from the explorer, or drop files on the window",
    );
    ui.add_space(10.0);
    ui.vertical_centered(|ui| {
        for command in [
            Command::NewRule,
            Command::QuickOpen,
            Command::OpenFolder,
            Command::OpenPath,
            Command::OpenSamples,
        ] {
            let button =
                ui.add(egui::Button::new(command.text()).min_size(egui::vec2(150.0, 26.0)));
            if button
                .on_hover_text(command.tooltip_with_keys(ui.ctx()))
                .clicked()
            {
                workbench.execute(command);
            }
        }
    });
}
