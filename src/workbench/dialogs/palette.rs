//! Finding a command by its name.

use super::{Dialog, Next, frame};
use crate::workbench::app::Workbench;
use crate::workbench::commands::Command;

/// What has been typed, and which command is chosen.
#[derive(Default)]
pub struct State {
    text: String,
    chosen: usize,
    shown: bool,
}

/// Shows the palette.
pub fn show(_workbench: &mut Workbench, ui: &egui::Ui, mut state: State) -> Next {
    let (run, closed) = frame(ui, "Commands", 460.0, |ui| {
        let field = ui.add(
            egui::TextEdit::singleline(&mut state.text)
                .desired_width(f32::INFINITY)
                .hint_text("Type a part of a command's name"),
        );
        field
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Command name"));
        if !state.shown {
            field.request_focus();
            state.shown = true;
        }
        if field.changed() {
            state.chosen = 0;
        }
        let found = matching(&state.text);
        let (up, down, enter) = ui.input(|i| {
            (
                i.key_pressed(egui::Key::ArrowUp),
                i.key_pressed(egui::Key::ArrowDown),
                i.key_pressed(egui::Key::Enter),
            )
        });
        if down {
            state.chosen = (state.chosen + 1).min(found.len().saturating_sub(1));
        }
        if up {
            state.chosen = state.chosen.saturating_sub(1);
        }
        let mut run = enter.then(|| found.get(state.chosen).copied()).flatten();
        ui.add_space(6.0);
        egui::ScrollArea::vertical()
            .max_height(320.0)
            .show(ui, |ui| {
                for (index, command) in found.iter().enumerate() {
                    let keys = command
                        .shortcut()
                        .map(|s| ui.ctx().format_shortcut(&s))
                        .unwrap_or_default();
                    let button = egui::Button::selectable(index == state.chosen, command.text())
                        .right_text(keys)
                        .min_size(egui::vec2(ui.available_width(), 24.0));
                    let entry = ui.add(button).on_hover_text(command.tooltip());
                    if (up || down) && index == state.chosen {
                        entry.scroll_to_me(None);
                    }
                    if entry.clicked() {
                        run = Some(*command);
                    }
                }
                if found.is_empty() {
                    ui.weak("No command has this in its name");
                }
            });
        run
    });
    match run {
        Some(command) => Next::Do(command),
        None if closed => Next::Close,
        None => Next::Stay(Dialog::Palette(state)),
    }
}

/// The commands whose name holds all typed words, in their usual order.
fn matching(text: &str) -> Vec<Command> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    Command::ALL
        .into_iter()
        .filter(|c| *c != Command::Palette)
        .filter(|c| {
            let name = format!("{} {}", c.text(), c.tooltip()).to_lowercase();
            words.iter().all(|w| name.contains(w.as_str()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_may_stand_in_any_order() {
        assert!(matching("theme dark").contains(&Command::ThemeDark));
        assert!(matching("zzz").is_empty());
        assert_eq!(matching("").len(), Command::ALL.len() - 1);
    }
}
