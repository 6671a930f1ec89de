//! The open documents and their tabs: opening, showing, saving, closing.

use super::actions::{is_connector, is_rule_yaml};
use super::app::Workbench;
use super::dialogs::Dialog;
use super::doc::{Disk, Doc, read_text};
use super::groups::{GroupId, View};
use super::layout::Pane;
use super::save::write_atomically;
use std::path::{Path, PathBuf};

impl Workbench {
    /// An open document.
    pub(super) fn doc(&self, path: &Path) -> Option<&Doc> {
        self.docs.iter().find(|d| d.path == path)
    }

    /// An open document, to be changed.
    pub(super) fn doc_mut(&mut self, path: &Path) -> Option<&mut Doc> {
        self.docs.iter_mut().find(|d| d.path == path)
    }

    /// The path of the document with the keyboard.
    pub(super) fn active_path(&self) -> Option<PathBuf> {
        self.groups.view().map(|v| v.path.clone())
    }

    /// The document with the keyboard.
    pub(super) fn active_doc(&self) -> Option<&Doc> {
        self.groups.view().and_then(|v| self.doc(&v.path))
    }

    /// The document with the keyboard and its view, to be changed.
    pub(super) fn active_pair(&mut self) -> Option<(&mut Doc, &mut View)> {
        let view = self.groups.view_mut()?;
        let doc = self.docs.iter_mut().find(|d| d.path == view.path)?;
        Some((doc, view))
    }

    /// Opens a file in the editor, or shows it where it is open already.
    pub(super) fn open_doc(&mut self, path: &Path) {
        self.open_as(path, false);
    }

    /// The same just to look: the next file that is opened so takes its place.
    pub(super) fn open_preview(&mut self, path: &Path) {
        self.open_as(path, true);
    }

    fn open_as(&mut self, path: &Path, preview: bool) {
        if !self.load(path) {
            return;
        }
        let focus = self.groups.focus();
        let here = self.groups.get(focus);
        let shows = here.is_some_and(|g| g.place_of(path).is_some());
        // Where it is open already, rather than a second time.
        let group = match shows {
            true => focus,
            false => self.groups.group_of(path).unwrap_or(focus),
        };
        self.show_in(group, path, preview);
    }

    /// Shows an open document in a group and gives it the keyboard.
    pub(super) fn show_in(&mut self, group: GroupId, path: &Path, preview: bool) {
        self.groups.show(group, path, preview);
        self.groups.set_focus(group);
        self.forget_unseen();
        self.active_changed();
        self.type_into_active();
    }

    /// Reads a file unless it is open already; false, and a message, where that cannot be done.
    pub(super) fn load(&mut self, path: &Path) -> bool {
        if self.doc(path).is_some() {
            return true;
        }
        match Doc::open(path) {
            Ok(doc) => {
                self.add_doc(doc);
                true
            }
            Err(message) => {
                self.notices.error(message);
                false
            }
        }
    }

    /// A document is open from now on.
    pub(super) fn add_doc(&mut self, mut doc: Doc) {
        let path = doc.path.clone();
        doc.rule = self.checked_as(&path);
        self.docs.push(doc);
        self.watch_documents();
        self.check_now(&path);
    }

    /// Brings a tab to the front.
    pub(super) fn activate_tab(&mut self, group: GroupId, index: usize) {
        self.groups.activate(group, index);
        self.active_changed();
        self.type_into_active();
    }

    /// Gives the keyboard to the text of the document that has it among the documents.
    fn type_into_active(&mut self) {
        if let Some(view) = self.groups.view_mut() {
            view.editor.request_focus();
        }
    }

    /// Another document has the keyboard: the rule it belongs to becomes the one that runs.
    pub(super) fn active_changed(&mut self) {
        let Some(path) = self.active_path() else {
            return;
        };
        let rule = self.rule_of(&path);
        if rule.is_some() && rule != self.rule_path {
            self.rule_path = rule;
            self.rule = None;
            self.result = None;
            self.tests = None;
            self.problems.forget_run();
            self.stale = false;
            self.selection = Default::default();
            self.tables.stage = None;
            self.view = Default::default();
            self.run_rule();
        }
    }

    /// Documents that no tab shows are closed.
    pub(super) fn forget_unseen(&mut self) {
        let before = self.docs.len();
        let groups = &self.groups;
        self.docs.retain(|d| groups.shows(&d.path));
        if self.docs.len() != before {
            self.recovery.note(&self.docs);
            self.watch_documents();
            self.forget_checks();
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
        self.open_preview(path);
        self.settings.reveal = Some(Pane::Editor);
        let Some(doc) = self.doc(path) else {
            return;
        };
        let start = |n| crate::diagnostic::LineIndex::new(&doc.text).line_start(n);
        let offset = offset.or_else(|| line.map(start));
        if let (Some(offset), Some(view)) = (offset, self.groups.view_mut()) {
            view.editor.go_to(offset);
        }
    }

    /// Saves a document; what went wrong is said, and the text stays.
    pub(super) fn save(&mut self, path: &Path) {
        let Some(doc) = self.doc_mut(path) else {
            return;
        };
        if !doc.is_unsaved() {
            return;
        }
        if !doc.changed_on_disk() {
            self.overwrite(path);
            return;
        }
        match read_text(path) {
            // Merged where that can be done, and then looked at before it is saved.
            Ok(theirs) => self.take_disk_text(path, theirs),
            Err(message) => self.notices.error(message),
        }
        if matches!(self.doc(path).map(|d| &d.disk), Some(Disk::Differs(_))) {
            self.dialog = Some(Dialog::changed_on_disk(path));
        }
    }

    /// Saves every document that holds changes.
    pub(super) fn save_all(&mut self) {
        let unsaved = self.docs.iter().filter(|d| d.is_unsaved());
        for path in unsaved.map(|d| d.path.clone()).collect::<Vec<_>>() {
            self.save(&path);
        }
    }

    /// Saves a document over whatever its file holds.
    pub(super) fn overwrite(&mut self, path: &Path) {
        let Some(doc) = self.doc_mut(path) else {
            return;
        };
        match doc.save() {
            Ok(()) => {
                let title = doc.title();
                self.notices.success(format!("{title} saved"));
                self.recovery.note(&self.docs);
                self.groups.keep(path);
                self.watch_documents();
                self.look_at_rules_of(path);
                if is_connector(path) {
                    self.reload_logs();
                }
            }
            Err(failure) => {
                self.notices.error(failure.to_string());
                if failure.elsewhere {
                    self.dialog = Some(Dialog::save_as_because(path, &failure.to_string()));
                }
            }
        }
    }

    /// Takes the text that the file holds now; what the editor held stays in its undo.
    pub(super) fn take_from_disk(&mut self, path: &Path) {
        match read_text(path) {
            Ok(text) => {
                if let Some(doc) = self.doc_mut(path) {
                    doc.text = text.clone();
                    doc.saved = Some(text);
                    doc.disk = Disk::Same;
                }
                self.text_changed(path);
            }
            Err(message) => self.notices.error(message),
        }
    }

    /// Saves the document with the keyboard under another name.
    pub(super) fn save_as(&mut self, path: PathBuf) -> Result<(), String> {
        let Some((doc, _)) = self.active_pair() else {
            return Ok(());
        };
        let path = std::path::absolute(&path).unwrap_or(path);
        let (old, text) = (doc.path.clone(), doc.text.clone());
        write_atomically(&path, text.as_bytes()).map_err(|e| e.to_string())?;
        if path != old {
            // One that is open under the new name was just written over.
            self.groups.retain(|p| p != path);
            self.docs.retain(|d| d.path != path);
            self.groups.renamed(&old, &path);
        }
        let rule = self.checked_as(&path);
        if let Some(doc) = self.doc_mut(&old) {
            let fresh = Doc::with_text(&path, text.clone(), Some(text));
            *doc = Doc {
                holder: doc.holder,
                rule,
                ..fresh
            };
        }
        if is_rule_yaml(&path) && !self.workspace.rules.contains(&path) {
            self.workspace.rules.push(path.clone());
        }
        self.recovery.note(&self.docs);
        self.watch_documents();
        self.rule_path = None;
        self.active_changed();
        self.check_now(&path);
        self.run_overview();
        Ok(())
    }

    /// Closes tabs; those that are the last of a document with unsaved text only after a question.
    pub(super) fn close_tabs(&mut self, group: GroupId, paths: &[PathBuf]) {
        let mut asked = Vec::new();
        for path in paths {
            let unsaved = self.doc(path).is_some_and(Doc::is_unsaved);
            match unsaved && self.groups.showing(path).len() < 2 {
                true => asked.push(path.clone()),
                false => self.drop_tab(group, path),
            }
        }
        if !asked.is_empty() {
            self.dialog = Some(Dialog::CloseTabs(group, asked));
        }
    }

    /// Closes a tab whatever its document holds.
    pub(super) fn drop_tab(&mut self, group: GroupId, path: &Path) {
        let Some(index) = self.groups.get(group).and_then(|g| g.place_of(path)) else {
            return;
        };
        self.keep_steps(group, path);
        self.groups.close(group, index);
        self.forget_unseen();
        self.active_changed();
    }

    /// A view is about to go: its document's steps of undo go to another that stays.
    pub(super) fn keep_steps(&mut self, group: GroupId, path: &Path) {
        let Some(id) = self.groups.view_in(group, path).map(|v| v.id) else {
            return;
        };
        if let Some(other) = self.groups.other_view(path, id) {
            self.hold_steps(path, id, other);
        }
    }

    /// Makes a view the one that has its document's steps of undo.
    pub(super) fn hold_steps(&mut self, path: &Path, from: u64, to: u64) {
        let time = self.ctx.input(|i| i.time);
        if let Some(doc) = self.docs.iter_mut().find(|d| d.path == path)
            && doc.holder == from
        {
            self.groups.hand_steps(from, to, &doc.text, time);
            doc.holder = to;
        }
    }

    /// Whether a document holds something the disk does not.
    pub(super) fn any_unsaved(&self) -> bool {
        self.docs.iter().any(Doc::is_unsaved)
    }
}
