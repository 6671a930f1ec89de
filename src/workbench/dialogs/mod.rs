//! Questions that stand over the window until they are answered.

mod choices;
mod clock;
pub mod connector;
mod disk;
pub mod export;
pub mod native;
mod new_rule;
mod open;
pub mod quick;
mod save_as;

use super::app::Workbench;
use super::groups::GroupId;
use crate::detect::Rule;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A question over the window.
pub enum Dialog {
    /// Which path to open.
    Open(open::State),
    /// Where to save.
    SaveAs(save_as::State),
    /// What to export, and where to.
    Export(export::State),
    /// What `now()` sees.
    Clock(clock::State),
    /// What a new rule is.
    NewRule(Box<new_rule::State>),
    /// How the records of a log become rows.
    Connector(Box<connector::State>),
    /// Which file, command or place.
    Quick(quick::State),
    /// Tabs of documents with unsaved text are to be closed.
    CloseTabs(GroupId, Vec<PathBuf>),
    /// The file of a document was changed by somebody else.
    ChangedOnDisk(disk::State),
    /// The window with unsaved text is to be closed.
    Quit,
    /// All commands with their keys.
    Shortcuts,
}

impl Dialog {
    /// Asks for a path.
    pub fn open_path() -> Self {
        Dialog::Open(open::State::default())
    }

    /// Asks what a new rule is.
    pub fn new_rule(workbench: &Workbench) -> Self {
        Dialog::NewRule(Box::new(new_rule::State::new(workbench)))
    }

    /// Asks for a new name.
    pub fn save_as(path: &Path) -> Self {
        Dialog::SaveAs(save_as::State::new(path))
    }

    /// Asks for a target and a folder.
    pub fn export(rule: &Arc<Rule>, folder: &str) -> Self {
        Dialog::Export(export::State::new(rule, folder))
    }

    /// The same with the difference of the two.
    pub fn compare(workbench: &Workbench, path: &Path) -> Self {
        Dialog::ChangedOnDisk(disk::State::comparing(workbench, path))
    }

    /// Asks for an instant.
    pub fn clock(now: i64) -> Self {
        Dialog::Clock(clock::State::new(now))
    }

    /// Asks for a new name, as the file could not be saved under its own.
    pub fn save_as_because(path: &Path, message: &str) -> Self {
        Dialog::SaveAs(save_as::State::because(path, message))
    }

    /// Asks which of several ways to mend something is meant.
    pub fn fixes(fixes: Vec<(PathBuf, crate::diagnostic::Fix)>) -> Self {
        Dialog::Quick(quick::State::fixes(fixes))
    }

    /// Asks which of two texts is to stay.
    pub fn changed_on_disk(path: &Path) -> Self {
        Dialog::ChangedOnDisk(disk::State::new(path))
    }
}

/// What a dialog says after a frame.
pub enum Next {
    /// It stays.
    Stay(Dialog),
    /// It is done.
    Close,
    /// It is done and this is to be done next.
    Do(super::commands::Command),
}

/// Shows the open dialog, if any.
pub fn show(workbench: &mut Workbench, ui: &mut egui::Ui) {
    let Some(dialog) = workbench.dialog.take() else {
        return;
    };
    let next = match dialog {
        Dialog::Open(state) => open::show(workbench, ui, state),
        Dialog::SaveAs(state) => save_as::show(workbench, ui, state),
        Dialog::Export(state) => export::show(workbench, ui, state),
        Dialog::Clock(state) => clock::show(workbench, ui, state),
        Dialog::NewRule(state) => new_rule::show(workbench, ui, *state),
        Dialog::Connector(state) => connector::show(workbench, ui, state),
        Dialog::Quick(state) => quick::show(workbench, ui, state),
        Dialog::CloseTabs(group, paths) => choices::close_tabs(workbench, ui, group, paths),
        Dialog::ChangedOnDisk(state) => disk::show(workbench, ui, state),
        Dialog::Quit => choices::quit(workbench, ui),
        Dialog::Shortcuts => choices::shortcuts(ui),
    };
    match next {
        Next::Stay(dialog) => {
            // A dialog opened meanwhile wins.
            workbench.dialog.get_or_insert(dialog);
        }
        Next::Close => {}
        Next::Do(command) => workbench.execute(command),
    }
}

/// The frame of every dialog: a title, a body, and whether Escape or a click beside it closed it.
pub(super) fn frame<T>(
    ui: &egui::Ui,
    title: &str,
    width: f32,
    body: impl FnOnce(&mut egui::Ui) -> T,
) -> (T, bool) {
    let answer = egui::Modal::new(egui::Id::unique(title)).show(ui.ctx(), |ui| {
        ui.set_width(width.min(ui.ctx().content_rect().width() - 64.0));
        let tokens = super::theme::tokens(ui);
        // Fields are sunk into the dialog, or nobody would see where to type.
        ui.visuals_mut().text_edit_bg_color = Some(match tokens.dark {
            true => tokens.editor,
            false => tokens.backdrop,
        });
        egui::Frame::new()
            .inner_margin(10.0)
            .show(ui, |ui| {
                ui.heading(title);
                ui.add_space(8.0);
                body(ui)
            })
            .inner
    });
    let closed = answer.should_close();
    (answer.inner, closed)
}

/// The row of buttons at the end of a dialog: the first is the one that Enter means.
pub(super) fn buttons(ui: &mut egui::Ui, names: &[(&str, bool)]) -> Option<usize> {
    let mut pressed = None;
    ui.add_space(12.0);
    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        for (index, (name, enabled)) in names.iter().enumerate() {
            let mut button = egui::Button::new(*name).min_size(egui::vec2(76.0, 26.0));
            if index == 0 {
                let tokens = super::theme::tokens(ui);
                button = button.fill(tokens.accent);
                if *enabled {
                    button = egui::Button::new(egui::RichText::new(*name).color(tokens.on_accent))
                        .fill(tokens.accent)
                        .min_size(egui::vec2(76.0, 26.0));
                }
            }
            if ui.add_enabled(*enabled, button).clicked() {
                pressed = Some(index);
            }
        }
    });
    pressed
}
