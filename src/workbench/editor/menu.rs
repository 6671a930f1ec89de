//! What a right click offers.

use super::{Action, CodeEditor};
use egui::{Response, Ui, ViewportCommand};

/// Shows the menu of the text while it is open.
pub(super) fn show(editor: &mut CodeEditor, response: &Response, read_only: bool) {
    response.context_menu(|ui| {
        let ctx = ui.ctx().clone();
        let mut request = |ui: &mut Ui, words: &str, keys: &str, command: ViewportCommand| {
            if ui
                .add(egui::Button::new(words).shortcut_text(keys.to_owned()))
                .clicked()
            {
                editor.focus = true;
                ctx.send_viewport_cmd(command);
                ui.close();
            }
        };
        if !read_only {
            request(ui, "Cut", "Ctrl+X", ViewportCommand::RequestCut);
        }
        request(ui, "Copy", "Ctrl+C", ViewportCommand::RequestCopy);
        if !read_only {
            request(ui, "Paste", "Ctrl+V", ViewportCommand::RequestPaste);
        }
        ui.separator();
        for action in [
            Action::SelectAllOccurrences,
            Action::ToggleComment,
            Action::Find,
            Action::Replace,
        ] {
            if read_only && action.edits() {
                continue;
            }
            let keys = action.shortcut();
            let keys = keys.map_or(String::new(), |keys| ui.ctx().format_shortcut(&keys));
            if ui
                .add(egui::Button::new(action.text()).shortcut_text(keys))
                .clicked()
            {
                editor.run(action);
                ui.close();
            }
        }
    });
}
