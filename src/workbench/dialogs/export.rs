//! Exporting the rule: the target, the folder, and what came of it.

use super::native::Ask;
use super::{Dialog, Next, buttons, frame};
use crate::detect::{Platform, Rule};
use crate::export::{self, Target};
use crate::task::CancelToken;
use crate::workbench::app::Workbench;
use crate::workbench::theme;
use std::path::PathBuf;
use std::sync::Arc;

/// What is exported where.
pub struct State {
    rule: Arc<Rule>,
    target: Target,
    /// The folder.
    pub folder: String,
    untested: bool,
    outcome: Option<Result<Vec<PathBuf>, String>>,
    working: bool,
}

impl State {
    /// Starts with the first target of the rule's platform.
    pub fn new(rule: &Arc<Rule>, folder: &str) -> Self {
        Self {
            rule: rule.clone(),
            target: targets(rule.platform())[0].0,
            folder: folder.to_owned(),
            untested: false,
            outcome: None,
            working: false,
        }
    }
}

fn targets(platform: Platform) -> &'static [(Target, &'static str)] {
    match platform {
        Platform::Sentinel => &[
            (Target::SentinelYaml, "Sentinel YAML"),
            (Target::SentinelArm, "Sentinel ARM template"),
        ],
        Platform::Panther => &[(Target::Panther, "Panther YAML and Python")],
    }
}

/// What the export thread is asked.
pub struct Question {
    rule: Arc<Rule>,
    target: Target,
    folder: PathBuf,
    untested: bool,
}

/// Runs the cases and writes the files.
pub fn work(question: Question, _: &CancelToken) -> Result<Vec<PathBuf>, String> {
    export::export(
        &question.rule,
        question.target,
        &question.folder,
        question.untested,
    )
}

/// The export thread answered.
pub fn answered(workbench: &mut Workbench, answer: Result<Vec<PathBuf>, String>) {
    match &mut workbench.dialog {
        Some(Dialog::Export(state)) => {
            state.working = false;
            state.outcome = Some(answer);
        }
        _ => {
            match answer {
                Ok(files) => workbench.notices.success(written(files.len())),
                Err(message) => workbench.notices.error(message),
            };
        }
    }
}

/// Shows the dialog.
pub fn show(workbench: &mut Workbench, ui: &egui::Ui, mut state: State) -> Next {
    let (pressed, closed) = frame(ui, "Export rule", 520.0, |ui| {
        ui.label(egui::RichText::new(state.rule.name()).strong());
        ui.add_space(4.0);
        for (target, name) in targets(state.rule.platform()) {
            ui.radio_value(&mut state.target, *target, *name);
        }
        ui.add_space(8.0);
        let label = ui.label("Folder");
        ui.horizontal(|ui| {
            let width = ui.available_width() - 92.0;
            ui.add(
                egui::TextEdit::singleline(&mut state.folder)
                    .desired_width(width)
                    .hint_text("Folder to write to"),
            )
            .labelled_by(label.id);
            if ui.button("Browse…").clicked() {
                workbench.ask_native(Ask::ExportFolder);
            }
        });
        ui.add_space(4.0);
        ui.checkbox(&mut state.untested, "Export even if tests fail")
            .on_hover_text("The exported files say that the rule was not tested");
        outcome(ui, &state);
        let ready = !state.folder.trim().is_empty() && !state.working;
        buttons(ui, &[("Export", ready), ("Close", true)])
    });
    if pressed == Some(0) {
        state.outcome = None;
        state.working = true;
        workbench.settings.export_folder = state.folder.trim().to_owned();
        workbench.exporter.ask(Question {
            rule: state.rule.clone(),
            target: state.target,
            folder: PathBuf::from(state.folder.trim()),
            untested: state.untested,
        });
    }
    if closed || pressed == Some(1) {
        return Next::Close;
    }
    Next::Stay(Dialog::Export(state))
}

fn outcome(ui: &mut egui::Ui, state: &State) {
    let tokens = theme::tokens(ui);
    ui.add_space(8.0);
    match &state.outcome {
        None if state.working => {
            ui.horizontal(|ui| {
                ui.spinner();
                ui.label("Running the tests and writing the files");
            });
        }
        None => {
            ui.weak("The rule's tests run first; only a rule that passes them is exported");
        }
        Some(Ok(files)) => {
            ui.colored_label(tokens.success, written(files.len()));
            for file in files {
                ui.monospace(file.display().to_string());
            }
        }
        Some(Err(message)) => {
            ui.colored_label(tokens.error, message);
        }
    }
}

fn written(files: usize) -> String {
    format!(
        "{files} {} written",
        if files == 1 { "file" } else { "files" }
    )
}
