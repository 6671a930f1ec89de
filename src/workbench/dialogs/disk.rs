//! Two texts of one file: what was typed here, and what another program wrote.

use super::{Dialog, Next, buttons, frame};
use crate::workbench::app::Workbench;
use crate::workbench::compare::{self, Line};
use crate::workbench::doc::{Disk, Doc};
use crate::workbench::theme::{self, size};
use std::path::{Path, PathBuf};

/// What is shown.
pub struct State {
    path: PathBuf,
    /// The difference, once it was asked for.
    lines: Option<Vec<Line>>,
}

impl State {
    /// Asks about a file.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            lines: None,
        }
    }

    /// The same with the difference.
    pub fn comparing(workbench: &Workbench, path: &Path) -> Self {
        let doc = workbench.doc(path);
        let lines = doc.and_then(|doc| match &doc.disk {
            Disk::Differs(theirs) => Some(compare::lines(&doc.text, theirs)),
            _ => None,
        });
        Self {
            lines,
            ..Self::new(path)
        }
    }
}

/// Shows the dialog.
pub fn show(workbench: &mut Workbench, ui: &egui::Ui, state: State) -> Next {
    let Some(doc) = workbench.doc(&state.path) else {
        return Next::Close;
    };
    if !matches!(doc.disk, Disk::Differs(_)) {
        return Next::Close;
    }
    let title = Doc::title(doc);
    let width = if state.lines.is_some() { 860.0 } else { 460.0 };
    let (pressed, closed) = frame(ui, "Changed on disk", width, |ui| {
        ui.label(format!(
            "{title} was changed by another program, and by you, at the same places"
        ));
        if let Some(lines) = &state.lines {
            ui.add_space(8.0);
            difference(ui, lines);
        }
        let all = [
            ("Keep mine", true),
            ("Cancel", true),
            ("Take theirs", true),
            ("Compare", true),
        ];
        let shown = all.len() - usize::from(state.lines.is_some());
        buttons(ui, all.get(..shown).unwrap_or(&all))
    });
    match pressed {
        Some(0) => workbench.overwrite(&state.path),
        Some(2) => workbench.take_from_disk(&state.path),
        Some(3) => {
            let comparing = State::comparing(workbench, &state.path);
            return Next::Stay(Dialog::ChangedOnDisk(comparing));
        }
        None if !closed => return Next::Stay(Dialog::ChangedOnDisk(state)),
        _ => {}
    }
    Next::Close
}

fn difference(ui: &mut egui::Ui, lines: &[Line]) {
    let tokens = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new("− mine").color(tokens.error));
        ui.add_space(8.0);
        ui.label(egui::RichText::new("+ theirs").color(tokens.success));
    });
    ui.add_space(4.0);
    let height = (ui.ctx().content_rect().height() - 260.0).clamp(120.0, 420.0);
    let row = size::CODE_LINE;
    egui::Frame::new().fill(tokens.editor).show(ui, |ui| {
        egui::ScrollArea::both()
            .auto_shrink([false, true])
            .max_height(height)
            .show_rows(ui, row, lines.len(), |ui, range| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for line in lines.get(range).unwrap_or_default() {
                    let (sign, fill, color) = match line {
                        Line::Both(_) => (" ", None, tokens.text),
                        Line::Mine(_) => ("−", Some(tokens.error_fill), tokens.text_strong),
                        Line::Theirs(_) => ("+", Some(tokens.success_fill), tokens.text_strong),
                        Line::Gap(_) => ("", Some(tokens.raised), tokens.text_subdued),
                    };
                    let words = match line {
                        Line::Both(text) | Line::Mine(text) | Line::Theirs(text) => text.clone(),
                        Line::Gap(n) => format!("{n} equal lines"),
                    };
                    let text = egui::RichText::new(format!("{sign} {words}"));
                    let mut label = text.monospace().color(color);
                    if let Some(fill) = fill {
                        label = label.background_color(fill);
                    }
                    ui.add(egui::Label::new(label).extend());
                }
            });
    });
}
