//! What the commands do.

use super::app::Workbench;
use super::commands::Command;
use super::dialogs::{self, Dialog, native};
use super::doc::Doc;
use super::layout::Pane;
use std::path::{Path, PathBuf};

impl Workbench {
    /// Does what a command says.
    pub fn execute(&mut self, command: Command) {
        match command {
            Command::OpenPath => self.dialog = Some(Dialog::open_path()),
            Command::OpenFiles => self.ask_native(native::Ask::OpenFiles),
            Command::OpenFolder => self.ask_native(native::Ask::OpenFolder),
            Command::OpenSamples => self.finder.ask(Vec::new()),
            Command::AddLogs => self.ask_native(native::Ask::AddLogs),
            Command::AddLogFolder => self.ask_native(native::Ask::AddLogFolder),
            Command::NewConnector => self.ask_new_connector(None),
            Command::Save => self.save(self.active),
            Command::SaveAs => {
                if let Some(doc) = self.active_doc() {
                    self.dialog = Some(Dialog::save_as(&doc.path));
                }
            }
            Command::SaveAll => (0..self.docs.len()).for_each(|i| self.save(i)),
            Command::CloseTab => self.close_tab(self.active),
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
            Command::Palette => self.dialog = Some(Dialog::palette()),
            Command::SetClock => self.dialog = Some(Dialog::clock(self.now())),
            Command::ResetClock => self.set_clock(None),
            Command::ReloadLogs => self.reload_logs(),
            Command::ShowLogs => self.settings.reveal = Some(Pane::Logs),
            Command::NextMatch => self.step_match(1),
            Command::PreviousMatch => self.step_match(-1),
            Command::ThemeLight => self.set_theme(egui::ThemePreference::Light),
            Command::ThemeDark => self.set_theme(egui::ThemePreference::Dark),
            Command::ThemeSystem => self.set_theme(egui::ThemePreference::System),
            Command::ZoomIn => self.zoom(1.1),
            Command::ZoomOut => self.zoom(1.0 / 1.1),
            Command::ZoomReset => self.ctx.set_zoom_factor(1.0),
            Command::ResetLayout => self.settings.reset_layout = true,
            Command::Shortcuts => self.dialog = Some(Dialog::Shortcuts),
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

    /// Opens a file in the editor, or shows it where it is open already.
    pub(super) fn open_doc(&mut self, path: &Path) {
        match self.docs.iter().position(|d| d.path == path) {
            Some(index) => self.activate(index),
            None => match Doc::open(path) {
                Ok(doc) => {
                    self.docs.push(doc);
                    self.activate(self.docs.len() - 1);
                }
                Err(message) => {
                    self.notices.error(message);
                }
            },
        }
    }

    /// Shows an open document; the rule it belongs to becomes the one that runs.
    pub(super) fn activate(&mut self, index: usize) {
        let Some(doc) = self.docs.get(index) else {
            return;
        };
        self.active = index;
        self.reveal_tab = true;
        let path = doc.path.clone();
        let rule = self.rule_of(&path);
        if rule.is_some() && rule != self.rule_path {
            self.rule_path = rule;
            self.rule = None;
            self.result = None;
            self.tests = None;
            self.problems.clear();
            self.stale = false;
            self.selection = Default::default();
            self.tables.stage = None;
            self.view = Default::default();
            self.run_rule();
        }
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

    /// Saves a document; what went wrong is said, and the text stays.
    pub(super) fn save(&mut self, index: usize) {
        let Some(doc) = self.docs.get_mut(index) else {
            return;
        };
        if !doc.is_unsaved() {
            return;
        }
        if doc.changed_on_disk() {
            self.dialog = Some(Dialog::ChangedOnDisk(index));
            return;
        }
        self.overwrite(index);
    }

    /// Saves a document over whatever its file holds.
    pub(super) fn overwrite(&mut self, index: usize) {
        let Some(doc) = self.docs.get_mut(index) else {
            return;
        };
        match doc.save() {
            Ok(()) => {
                let title = doc.title();
                self.notices.success(format!("{title} saved"));
                self.recovery.note(&self.docs);
                self.look_at_rules_of(index);
                if self.docs.get(index).is_some_and(|d| is_connector(&d.path)) {
                    self.reload_logs();
                }
            }
            Err(message) => {
                self.notices.error(message);
            }
        }
    }

    /// Takes the text that the file holds now; what the editor held stays in its undo.
    pub(super) fn take_from_disk(&mut self, index: usize) {
        let Some(doc) = self.docs.get_mut(index) else {
            return;
        };
        match Doc::open(&doc.path) {
            Ok(fresh) => {
                doc.text = fresh.text;
                doc.saved = fresh.saved;
                self.text_changed();
            }
            Err(message) => self.notices.error(message),
        }
    }

    /// Saves the document in the editor under another name.
    pub(super) fn save_as(&mut self, path: PathBuf) -> Result<(), String> {
        let Some(doc) = self.docs.get_mut(self.active) else {
            return Ok(());
        };
        super::doc::write_atomically(&path, doc.text.as_bytes())?;
        let text = doc.text.clone();
        *doc = Doc::with_text(&path, text.clone(), Some(text));
        if is_rule_yaml(&path) && !self.workspace.rules.contains(&path) {
            self.workspace.rules.push(path);
        }
        self.recovery.note(&self.docs);
        self.rule_path = None;
        self.activate(self.active);
        self.run_overview();
        Ok(())
    }

    /// Closes a document; one with unsaved text only after a question.
    pub(super) fn close_tab(&mut self, index: usize) {
        match self.docs.get(index) {
            Some(doc) if doc.is_unsaved() => self.dialog = Some(Dialog::CloseTab(index)),
            Some(_) => self.drop_tab(index),
            None => {}
        }
    }

    /// Closes a document whatever it holds.
    pub(super) fn drop_tab(&mut self, index: usize) {
        if index >= self.docs.len() {
            return;
        }
        self.docs.remove(index);
        if index < self.active {
            self.active -= 1;
        }
        self.active = self.active.min(self.docs.len().saturating_sub(1));
        self.recovery.note(&self.docs);
        self.activate(self.active);
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

    /// Shows a place in a file.
    pub(super) fn go_to(&mut self, path: &Path, offset: Option<usize>, line: Option<usize>) {
        const MOST: u64 = 4 << 20;
        if std::fs::metadata(path).is_ok_and(|m| m.len() > MOST) {
            let name = path.display();
            self.notices
                .info(format!("{name} is too large for the editor"));
            return;
        }
        self.open_doc(path);
        self.settings.reveal = Some(Pane::Editor);
        if let Some(doc) = self.docs.iter_mut().find(|d| d.path == path) {
            let start = |n| crate::diagnostic::LineIndex::new(&doc.text).line_start(n);
            if let Some(offset) = offset.or_else(|| line.map(start)) {
                doc.editor.go_to(offset);
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
                if let Some(Dialog::Export(export)) = &mut self.dialog {
                    export.folder = folder.display().to_string();
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
        if asked && !self.may_close && self.docs.iter().any(Doc::is_unsaved) {
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
