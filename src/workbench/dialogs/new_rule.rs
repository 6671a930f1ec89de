//! A new rule: what kind, what it is called, what it looks at, where it goes.

use super::native::Ask;
use super::{Dialog, Next, buttons, frame};
use crate::author::{Around, Context, NewFile, Sampled, Start, StartKind, start};
use crate::detect::Platform;
use crate::kql::services::Seen;
use crate::workbench::app::Workbench;
use crate::workbench::assist::new_id;
use crate::workbench::theme;
use std::path::{Path, PathBuf};

const KINDS: [(StartKind, &str, &str); 4] = [
    (
        StartKind::Sentinel,
        "Sentinel rule",
        "A scheduled rule with a query in KQL",
    ),
    (
        StartKind::Panther,
        "Panther rule",
        "A rule with a Python body and tests",
    ),
    (
        StartKind::PantherSimple,
        "Panther simple detection",
        "A rule with conditions in YAML and no Python",
    ),
    (
        StartKind::PantherCorrelation,
        "Panther correlation rule",
        "A rule over the matches of other rules",
    ),
];

/// Width of a button beside a field.
const BESIDE: f32 = 84.0;

/// What has been chosen and typed.
pub struct State {
    kind: StartKind,
    name: String,
    table: String,
    log_type: String,
    /// Where the files go.
    pub folder: String,
    /// The folder that was proposed: another one was typed, and another kind of rule leaves it.
    proposed: String,
    id: String,
    events: Sampled,
    error: Option<String>,
    shown: bool,
}

impl State {
    /// Starts with a rule of the platform of the one that is open.
    pub fn new(workbench: &Workbench) -> Self {
        let kind = match workbench.rule.as_ref().map(|rule| rule.platform()) {
            Some(Platform::Panther) => StartKind::Panther,
            _ => StartKind::Sentinel,
        };
        let tables = workbench.data_tables();
        let filled = || tables.iter().filter(|(_, rows, _)| *rows > 0);
        // What people query; the others stand behind it or are a normalised view of it.
        let usual = |name: &str| !name.ends_with("_CL") && !name.starts_with("ASim");
        let table = filled()
            .find(|(name, ..)| usual(name))
            .or_else(|| filled().next());
        let folder = folder_for(workbench, kind).display().to_string();
        Self {
            kind,
            name: String::new(),
            table: table.map(|(name, ..)| name.clone()).unwrap_or_default(),
            log_type: workbench
                .data
                .log_types()
                .into_iter()
                .next()
                .unwrap_or_default(),
            proposed: folder.clone(),
            folder,
            id: new_id(),
            events: Sampled::new(workbench.data.clone()),
            error: None,
            shown: false,
        }
    }

    fn files(&self, workbench: &Workbench) -> Vec<NewFile> {
        let data = workbench.data.as_ref();
        let context = Context {
            catalog: data,
            values: &Seen(data),
            events: &self.events,
            around: &Around::default(),
            new_id: &self.id,
        };
        let on = match self.kind {
            StartKind::Sentinel => &self.table,
            _ => &self.log_type,
        };
        let asked = Start {
            kind: self.kind,
            title: &self.name,
            on,
        };
        start(&asked, &context)
    }
}

/// Where rules of a kind lie already, or else where people look for them.
fn folder_for(workbench: &Workbench, kind: StartKind) -> PathBuf {
    let ending = match kind {
        StartKind::Sentinel => "yaml",
        _ => "yml",
    };
    let root = std::path::absolute(&workbench.workspace.root)
        .unwrap_or_else(|_| workbench.workspace.root.clone());
    let like = |path: &&PathBuf| path.extension().is_some_and(|e| e == ending);
    let open = workbench.rule_path.iter().find(like);
    let known = open.or_else(|| workbench.workspace.rules.iter().find(like));
    match known.and_then(|path| path.parent()) {
        Some(folder) => folder.to_owned(),
        None if ending == "yaml" => root.join("rules").join("sentinel"),
        None => root.join("rules").join("panther"),
    }
}

/// Shows the dialog.
pub fn show(workbench: &mut Workbench, ui: &egui::Ui, mut state: State) -> Next {
    let mut make = false;
    let mut files = Vec::new();
    let (pressed, closed) = frame(ui, "New rule", 560.0, |ui| {
        let before = state.kind;
        for (kind, name, about) in KINDS {
            ui.radio_value(&mut state.kind, kind, name)
                .on_hover_text(about);
        }
        if state.kind != before && state.folder == state.proposed {
            state.folder = folder_for(workbench, state.kind).display().to_string();
            state.proposed.clone_from(&state.folder);
        }
        ui.add_space(8.0);
        let label = ui.label("Name");
        let field = ui
            .add(
                egui::TextEdit::singleline(&mut state.name)
                    .desired_width(f32::INFINITY)
                    .hint_text("What happened, such as Owner made with an admin key"),
            )
            .labelled_by(label.id);
        if !state.shown {
            field.request_focus();
            state.shown = true;
        }
        make = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        ui.add_space(8.0);
        looks_at(workbench, ui, &mut state);
        folder(workbench, ui, &mut state);
        files = state.files(workbench);
        let ready = outcome(ui, &state, &files);
        make &= ready;
        buttons(ui, &[("Create", ready), ("Cancel", true)])
    });
    if make || pressed == Some(0) {
        let folder = PathBuf::from(state.folder.trim());
        match workbench.make_files(&folder, &files) {
            Ok(()) => return Next::Close,
            Err(message) => state.error = Some(message),
        }
    }
    match closed || pressed == Some(1) {
        true => Next::Close,
        false => Next::Stay(Dialog::NewRule(Box::new(state))),
    }
}

/// The table or log type: one of the loaded ones, or any other.
fn looks_at(workbench: &Workbench, ui: &mut egui::Ui, state: &mut State) {
    let (name, hint, choices, value) = match state.kind {
        StartKind::Sentinel => {
            let tables = workbench.data_tables().into_iter();
            let names: Vec<String> = tables.map(|(name, ..)| name).collect();
            ("Table", "A table of the workspace", names, &mut state.table)
        }
        StartKind::Panther | StartKind::PantherSimple => {
            let types = workbench.data.log_types();
            (
                "Log type",
                "Such as AWS.CloudTrail",
                types,
                &mut state.log_type,
            )
        }
        StartKind::PantherCorrelation => return,
    };
    let label = ui.label(name);
    ui.horizontal(|ui| {
        let width = ui.available_width() - BESIDE - 8.0;
        let field = egui::TextEdit::singleline(value)
            .desired_width(width)
            .hint_text(hint);
        ui.add(field).labelled_by(label.id);
        ui.add_enabled_ui(!choices.is_empty(), |ui| {
            let button = egui::Button::new("Loaded").min_size(egui::vec2(BESIDE, 0.0));
            egui::containers::menu::MenuButton::from_button(button)
                .ui(ui, |ui| {
                    for choice in choices {
                        if ui.button(&choice).clicked() {
                            *value = choice;
                        }
                    }
                })
                .0
                .on_disabled_hover_text("No logs are loaded");
        });
    });
    ui.add_space(8.0);
}

fn folder(workbench: &mut Workbench, ui: &mut egui::Ui, state: &mut State) {
    let label = ui.label("Folder");
    ui.horizontal(|ui| {
        let width = ui.available_width() - BESIDE - 8.0;
        ui.add(
            egui::TextEdit::singleline(&mut state.folder)
                .desired_width(width)
                .hint_text("Folder to write to"),
        )
        .labelled_by(label.id);
        let browse = egui::Button::new("Browse…").min_size(egui::vec2(BESIDE, 0.0));
        if ui.add(browse).clicked() {
            workbench.ask_native(Ask::ExportFolder);
        }
    });
}

/// Which files will be made, and why they cannot be; gives whether they can.
fn outcome(ui: &mut egui::Ui, state: &State, files: &[NewFile]) -> bool {
    let tokens = theme::tokens(ui);
    ui.add_space(8.0);
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let there = names
        .iter()
        .find(|name| Path::new(state.folder.trim()).join(name).exists());
    let ready = !state.name.trim().is_empty() && !state.folder.trim().is_empty();
    match (&state.error, there) {
        (Some(error), _) => {
            ui.colored_label(tokens.error, error);
        }
        (None, Some(name)) => {
            ui.colored_label(
                tokens.error,
                format!("{name} is in the folder already: choose another name"),
            );
        }
        (None, None) if ready => {
            ui.weak(format!("Creates {}", names.join(" and ")));
        }
        (None, None) => {
            ui.weak("The files are named after the rule");
        }
    }
    ready && there.is_none()
}
