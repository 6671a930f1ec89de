//! Opening by path: works everywhere, with what was opened last.

use super::{Dialog, Next, buttons, frame};
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;
use std::path::PathBuf;

/// What has been typed.
#[derive(Default)]
pub struct State {
    path: String,
    shown: bool,
}

/// Shows the dialog.
pub fn show(workbench: &mut Workbench, ui: &egui::Ui, mut state: State) -> Next {
    let mut chosen = None;
    let recent = workbench.settings.recent.clone();
    let (pressed, closed) = frame(ui, "Open", 520.0, |ui| {
        let label = ui.label("Path of a rule, a log file or a folder");
        let field = ui
            .add(
                egui::TextEdit::singleline(&mut state.path)
                    .desired_width(f32::INFINITY)
                    .hint_text("rules/my_rule.yaml"),
            )
            .labelled_by(label.id);
        if !state.shown {
            field.request_focus();
            state.shown = true;
        }
        if field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
            chosen = Some(PathBuf::from(state.path.trim()));
        }
        if !recent.is_empty() {
            ui.add_space(8.0);
            ui.label(egui::RichText::new("Opened before").small());
            for path in recent.iter().take(8) {
                let text = path.display().to_string();
                if ui
                    .add(egui::Button::selectable(false, text).truncate())
                    .clicked()
                {
                    chosen = Some(path.clone());
                }
            }
        }
        let usable = !state.path.trim().is_empty();
        buttons(
            ui,
            &[
                ("Open", usable),
                ("Cancel", true),
                ("Browse folder…", true),
                ("Browse files…", true),
            ],
        )
    });
    match pressed {
        Some(0) => chosen = Some(PathBuf::from(state.path.trim())),
        Some(1) => return Next::Close,
        Some(2) => return Next::Do(Command::OpenFolder),
        Some(3) => return Next::Do(Command::OpenFiles),
        _ => {}
    }
    match chosen {
        Some(path) if !path.as_os_str().is_empty() => {
            workbench.open_paths(vec![path]);
            Next::Close
        }
        _ if closed => Next::Close,
        _ => Next::Stay(Dialog::Open(state)),
    }
}
