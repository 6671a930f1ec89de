//! Saving under another name.

use super::native::Ask;
use super::{Dialog, Next, buttons, frame};
use crate::workbench::app::Workbench;
use std::path::{Path, PathBuf};

/// What has been typed.
pub struct State {
    /// The path.
    pub path: String,
    error: Option<String>,
    shown: bool,
}

impl State {
    /// Starts from the name the file has.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.display().to_string(),
            error: None,
            shown: false,
        }
    }

    /// The same after saving failed.
    pub fn because(path: &Path, message: &str) -> Self {
        Self {
            error: Some(message.to_owned()),
            ..Self::new(path)
        }
    }
}

/// Shows the dialog.
pub fn show(workbench: &mut Workbench, ui: &egui::Ui, mut state: State) -> Next {
    let mut save = false;
    let (pressed, closed) = frame(ui, "Save as", 520.0, |ui| {
        let label = ui.label("Path of the file");
        let field = ui
            .add(egui::TextEdit::singleline(&mut state.path).desired_width(f32::INFINITY))
            .labelled_by(label.id);
        if !state.shown {
            field.request_focus();
            state.shown = true;
        }
        save = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let path = Path::new(state.path.trim());
        if path.exists() {
            ui.label("A file of this name exists and will be replaced");
        }
        if let Some(error) = &state.error {
            let tokens = crate::workbench::theme::tokens(ui);
            ui.colored_label(tokens.error, error);
        }
        let usable = !state.path.trim().is_empty();
        buttons(ui, &[("Save", usable), ("Cancel", true), ("Browse…", true)])
    });
    match pressed {
        Some(0) => save = true,
        Some(1) => return Next::Close,
        Some(2) => workbench.ask_native(Ask::SaveAs),
        _ => {}
    }
    if save && !state.path.trim().is_empty() {
        match workbench.save_as(PathBuf::from(state.path.trim())) {
            Ok(()) => return Next::Close,
            Err(message) => state.error = Some(message),
        }
    }
    if closed {
        return Next::Close;
    }
    Next::Stay(Dialog::SaveAs(state))
}
