//! What the commands do.

use super::app::Workbench;
use super::commands::Command;
use super::dialogs::{self, Dialog, native};
use super::editor::Action;
use super::groups::Side;
use super::layout::Pane;
use std::path::{Path, PathBuf};

impl Workbench {
    /// Does what a command says.
    pub fn execute(&mut self, command: Command) {
        if let Some(why) = command.why_not(self) {
            self.notices.info(why);
            return;
        }
        match command {
            Command::NewRule => self.dialog = Some(Dialog::new_rule(self)),
            Command::NewCases => self.new_case(),
            Command::CaseOfSelected => self.case_of_selected(),
            Command::OpenPath => self.dialog = Some(Dialog::open_path()),
            Command::OpenFiles => self.ask_native(native::Ask::OpenFiles),
            Command::OpenFolder => self.ask_native(native::Ask::OpenFolder),
            Command::OpenSamples => self.finder.ask(Vec::new()),
            Command::AddLogs => self.ask_native(native::Ask::AddLogs),
            Command::AddLogFolder => self.ask_native(native::Ask::AddLogFolder),
            Command::NewConnector => self.ask_new_connector(None),
            Command::Save => {
                if let Some(path) = self.active_path() {
                    self.save(&path);
                }
            }
            Command::SaveAs => {
                if let Some(doc) = self.active_doc() {
                    self.dialog = Some(Dialog::save_as(&doc.path));
                }
            }
            Command::SaveAll => self.save_all(),
            Command::CloseTab => self.close_active(),
            Command::CloseOthers => self.close_others(),
            Command::CloseAll => self.close_all(),
            Command::ReopenTab => self.reopen_tab(),
            Command::NextTab => self.step_tab(1),
            Command::PreviousTab => self.step_tab(-1),
            Command::RecentTab => self.walk_tabs(1),
            Command::RecentTabBack => self.walk_tabs(-1),
            Command::SplitRight => self.split(Side::Right),
            Command::SplitDown => self.split(Side::Down),
            Command::FocusGroup1 => self.focus_group(0),
            Command::FocusGroup2 => self.focus_group(1),
            Command::FocusGroup3 => self.focus_group(2),
            Command::KeepOpen => {
                if let Some(path) = self.active_path() {
                    self.groups.keep(&path);
                }
            }
            Command::CopyPath => {
                if let Some(path) = self.active_path() {
                    self.ctx.copy_text(path.display().to_string());
                }
            }
            Command::RevealInExplorer => {
                if let Some(path) = self.active_path() {
                    self.reveal_in_explorer(&path);
                }
            }
            Command::Export => self.ask_export(),
            Command::Quit => self.ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            Command::Run => {
                self.changed_at = None;
                self.run_rule();
            }
            Command::Test => {
                self.settings.reveal = Some(Pane::Tests);
                if let Some(rule) = &self.rule {
                    self.tester.ask(rule.clone());
                }
            }
            Command::StageRows => self.show_stage_at_cursor(),
            Command::Palette => self.ask_quick(">"),
            Command::QuickOpen => self.ask_quick(""),
            Command::GoToSymbol => self.ask_quick("@"),
            Command::ShowProblems => self.settings.reveal = Some(Pane::Problems),
            Command::NextProblem => self.step_problem(1),
            Command::PreviousProblem => self.step_problem(-1),
            Command::QuickFix => self.ask_fix(),
            Command::Complete
            | Command::SignatureHelp
            | Command::FieldHelp
            | Command::InsertSnippet
            | Command::GoToDefinition
            | Command::FindReferences
            | Command::RenameSymbol
            | Command::FormatQuery => self.assist_command(command),
            Command::SetClock => self.dialog = Some(Dialog::clock(self.now())),
            Command::ResetClock => self.set_clock(None),
            Command::ReloadLogs => self.reload_logs_anew(),
            Command::ShowLogs => self.settings.reveal = Some(Pane::Logs),
            Command::NextMatch => self.step_match(1),
            Command::PreviousMatch => self.step_match(-1),
            Command::ThemeLight => self.set_theme(egui::ThemePreference::Light),
            Command::ThemeDark => self.set_theme(egui::ThemePreference::Dark),
            Command::ThemeSystem => self.set_theme(egui::ThemePreference::System),
            Command::ZoomIn => self.zoom(1.1),
            Command::ZoomOut => self.zoom(1.0 / 1.1),
            Command::ZoomReset => self.ctx.set_zoom_factor(1.0),
            Command::StickyLines => {
                self.settings.sticky = !self.settings.sticky;
                self.notices.quiet(match self.settings.sticky {
                    true => "Parent lines stay in sight",
                    false => "Parent lines scroll away",
                });
            }
            Command::ShowBlanks => self.settings.blanks = !self.settings.blanks,
            Command::ResetLayout => self.settings.reset_layout = true,
            Command::Shortcuts => self.dialog = Some(Dialog::Shortcuts),
        }
    }

    /// Keys that only the editor knows go to it while nothing has the keyboard: after Escape, say. Who was in another
    /// panel last means that: of the editor's actions only those are done then that open its bar.
    pub(super) fn keys_of_nobody(&mut self) {
        let nobody = self.ctx.memory(|m| m.focused().is_none());
        let clicks = |i: &egui::InputState| {
            let pointer = &i.pointer;
            pointer.any_down() || pointer.any_pressed() || pointer.any_released()
        };
        if self.dialog.is_some() {
            return;
        }
        let Some(view) = self.groups.view_mut() else {
            return;
        };
        if self.ctx.input(clicks) {
            self.keys_elsewhere = true;
        } else if !nobody {
            self.keys_elsewhere = !view.editor.has_keyboard(&self.ctx);
        }
        if !nobody {
            return;
        }
        let elsewhere = self.keys_elsewhere;
        let meant = |action: &Action| !elsewhere || action.opens_bar();
        let pressed = Action::ALL.into_iter().filter(meant).find(|action| {
            let keys = action.shortcut().filter(|keys| keys.modifiers.any());
            keys.is_some_and(|keys| self.ctx.input_mut(|i| i.consume_shortcut(&keys)))
        });
        if let Some(action) = pressed {
            view.editor.run(action);
            view.editor.request_focus();
        }
    }

    /// Asks how the records of a log become rows of a table.
    pub(super) fn ask_new_connector(&mut self, sample: Option<PathBuf>) {
        let state = dialogs::connector::State::new(&self.ctx, sample.as_deref());
        self.dialog = Some(Dialog::Connector(Box::new(state)));
    }

    /// Opens one of the system's file dialogs.
    pub(super) fn ask_native(&mut self, ask: native::Ask) {
        let ctx = self.ctx.clone();
        self.native.ask(ask, move || ctx.request_repaint());
    }

    /// Chooses light or dark; it is remembered.
    pub fn set_theme(&mut self, theme: egui::ThemePreference) {
        self.settings.theme = theme;
        self.ctx.set_theme(theme);
    }

    fn zoom(&self, by: f32) {
        self.ctx
            .set_zoom_factor((self.ctx.zoom_factor() * by).clamp(0.5, 3.0));
    }

    /// Sets what `now()` sees; none is the end of the logs.
    pub fn set_clock(&mut self, clock: Option<i64>) {
        self.clock = clock;
        self.run_rule();
        self.run_overview();
    }

    /// The rule's YAML file to which a file belongs: itself, or the one it stands beside.
    pub(super) fn rule_of(&self, path: &Path) -> Option<PathBuf> {
        let name = path.file_name()?.to_string_lossy();
        if name.ends_with(".py") {
            let beside = |end: &str| path.with_extension(end);
            let same = [beside("yml"), beside("yaml")];
            let known = same.into_iter().find(|p| p.is_file());
            return known.or_else(|| {
                // A body may be named otherwise: the rules beside it say so in Filename.
                let folder = path.parent()?;
                let line = format!("Filename: {name}");
                self.workspace
                    .rules
                    .iter()
                    .filter(|r| r.parent() == Some(folder))
                    .find(|r| std::fs::read_to_string(r).is_ok_and(|t| t.contains(&line)))
                    .cloned()
            });
        }
        if let Some(stem) = name.strip_suffix(".cases.yaml") {
            let beside = |end: &str| path.with_file_name(format!("{stem}.{end}"));
            let same = [beside("yaml"), beside("yml")];
            return same.into_iter().find(|p| p.is_file());
        }
        let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
        (is_yaml && !is_connector(path)).then(|| path.to_owned())
    }

    fn ask_export(&mut self) {
        match &self.rule {
            Some(rule) => {
                self.dialog = {
                    let folder = match self.settings.export_folder.is_empty() {
                        true => self.workspace.root.join("export").display().to_string(),
                        false => self.settings.export_folder.clone(),
                    };
                    Some(Dialog::export(rule, &folder))
                };
            }
            None => {
                self.notices.info("Open a rule to export it");
            }
        }
    }

    /// Files dropped on the window.
    pub(super) fn take_dropped_files(&mut self) {
        let dropped: Vec<PathBuf> = self.ctx.input(|i| {
            i.raw
                .dropped_files
                .iter()
                .map(|f| f.path().to_owned())
                .collect()
        });
        if !dropped.is_empty() {
            self.open_paths(dropped);
        }
    }

    /// What the native dialogs answered.
    pub(super) fn take_native_answers(&mut self) {
        match self.native.answer() {
            Some(native::Answer::Paths(paths)) => self.open_paths(paths),
            Some(native::Answer::Sample(path)) => {
                if let Some(Dialog::Connector(state)) = &mut self.dialog {
                    state.path = path.display().to_string();
                }
            }
            Some(native::Answer::Schema(path)) => {
                if let Some(Dialog::Connector(state)) = &mut self.dialog {
                    state.import_schema(&path);
                }
            }
            Some(native::Answer::LogFolder(folder)) => self.add_logs(vec![folder]),
            Some(native::Answer::Folder(folder)) => {
                let folder = folder.display().to_string();
                match &mut self.dialog {
                    Some(Dialog::Export(export)) => export.folder = folder,
                    Some(Dialog::NewRule(new)) => new.folder = folder,
                    _ => {}
                }
            }
            Some(native::Answer::SaveTo(path)) => {
                if let Some(Dialog::SaveAs(save)) = &mut self.dialog {
                    save.path = path.display().to_string();
                }
            }
            Some(native::Answer::NoDialog) => {
                self.dialog = match self.dialog.take() {
                    None => Some(Dialog::open_path()),
                    other => other,
                };
                self.notices.warning(
                    "No file dialog is available here: type the path, or drop files on the window",
                );
            }
            None => {}
        }
    }

    /// Asks before a window with unsaved text closes.
    pub(super) fn guard_closing(&mut self) {
        let asked = self.ctx.input(|i| i.viewport().close_requested());
        if asked && !self.may_close && self.any_unsaved() {
            self.ctx
                .send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.dialog = Some(Dialog::Quit);
        }
    }
}

pub(super) fn is_rule_yaml(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    is_yaml && !name.ends_with(".cases.yaml") && !is_connector(path)
}

/// Whether a file lies where a person's connectors do: it is no rule.
pub(super) fn is_connector(path: &Path) -> bool {
    path.parent()
        .and_then(Path::file_name)
        .is_some_and(|n| n == "connectors")
}

pub(super) fn is_text_document(path: &Path) -> bool {
    path.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| matches!(e, "yaml" | "yml" | "py" | "kql" | "kusto"))
}
