//! Open documents and the files under them: what another program does to them is noticed at once, and nothing that
//! was typed is ever lost to it.

mod eyes;
mod news;
mod renamed;

pub use eyes::Eyes;
use eyes::{News, Now};
pub use news::refind;

use super::actions::is_rule_yaml;
use super::app::Workbench;
use super::compare;
use super::doc::{Disk, Doc};
use super::highlight::Language;
use std::path::{Path, PathBuf};

impl Workbench {
    /// The open documents are others now: their files are watched.
    pub(super) fn watch_documents(&mut self) {
        let paths = self.docs.iter().map(|d| d.path.clone()).collect();
        self.eyes.watch_files(paths);
    }

    /// The workspace is another one now.
    pub(super) fn watch_workspace(&mut self) {
        self.eyes.watch_folder(self.absolute_root());
    }

    /// Takes what happened on the disk.
    pub(super) fn take_disk_news(&mut self) {
        for news in self.eyes.news() {
            match news {
                News::File(path, Now::Text(text)) => self.take_disk_text(&path, text),
                News::File(path, Now::Gone) => self.take_gone(&path),
                News::File(path, Now::Renamed(to)) => self.take_renamed(&path, &to),
                News::File(path, Now::Unreadable(message)) => {
                    let known = self.doc(&path).is_some_and(|d| d.disk == Disk::Gone);
                    if !known {
                        self.notices.warning(message);
                    }
                }
                News::Others(paths) => self.take_other_files(&paths),
            }
        }
    }

    /// The file of an open document holds this now.
    pub(super) fn take_disk_text(&mut self, path: &Path, theirs: String) {
        let Some(doc) = self.doc_mut(path) else {
            return;
        };
        let title = doc.title();
        if doc.saved.as_deref() == Some(theirs.as_str()) {
            doc.disk = Disk::Same;
            return;
        }
        if doc.text == theirs {
            doc.saved = Some(theirs);
            doc.disk = Disk::Same;
            self.recovery.note(&self.docs);
            return;
        }
        let merged = match &doc.saved {
            Some(_) if !doc.is_unsaved() => Some(theirs.clone()),
            Some(base) => compare::merged(base, &doc.text, &theirs),
            None => None,
        };
        let was_unsaved = doc.is_unsaved();
        match merged {
            Some(text) => {
                doc.text = text;
                doc.saved = Some(theirs);
                doc.disk = Disk::Same;
                self.text_taken(path);
                self.notices.info(match was_unsaved {
                    true => format!(
                        "{title}: another program's changes were merged into yours. Undo takes them back out"
                    ),
                    false => format!("{title} was changed by another program and read again"),
                });
            }
            None => {
                doc.disk = Disk::Differs(theirs);
                self.notices.warning(format!(
                    "{title} was changed by another program, and by you, at the same places"
                ));
            }
        }
    }

    /// A text changed, and not by typing.
    fn text_taken(&mut self, path: &Path) {
        // A look stays a look: nobody typed.
        let before = self.groups.previews(path);
        self.text_changed(path);
        for group in before {
            self.groups.set_preview(group, path);
        }
    }

    fn take_gone(&mut self, path: &Path) {
        let Some(doc) = self.doc_mut(path) else {
            return;
        };
        if doc.disk == Disk::Gone || doc.saved.is_none() {
            return;
        }
        doc.disk = Disk::Gone;
        // The text is all that is left of it: it counts as not saved.
        doc.saved = None;
        let title = doc.title();
        self.groups.keep(path);
        self.recovery.note(&self.docs);
        let folder = path.parent().is_some_and(Path::is_dir);
        self.notices.warning(match folder {
            true => format!("{title} was deleted. Its text is kept here: save to bring it back"),
            false => format!(
                "The folder of {title} is gone. Its text is kept here: save it somewhere else"
            ),
        });
    }

    /// The file of an open document has another name now: the tab goes with it.
    fn take_renamed(&mut self, path: &Path, to: &Path) {
        if self.doc(to).is_some() || self.doc(path).is_none_or(|doc| doc.saved.is_none()) {
            self.take_gone(path);
            return;
        }
        let rule = self.checked_as(to);
        let Some(doc) = self.doc_mut(path) else {
            return;
        };
        let before = doc.title();
        doc.path = to.to_owned();
        doc.language = Language::of_path(to);
        doc.disk = Disk::Same;
        doc.rule = rule;
        let now = doc.title();
        self.groups.renamed(path, to);
        self.recovery.note(&self.docs);
        self.watch_documents();
        self.forget_checks();
        self.overview.forget(path);
        self.problems.forget_rule(path);
        self.workspace.rules.retain(|rule| rule != path);
        if is_rule_yaml(to) && !self.workspace.rules.iter().any(|rule| rule == to) {
            self.workspace.rules.push(to.to_owned());
            self.workspace
                .rules
                .sort_by(|a, b| (a.parent(), a).cmp(&(b.parent(), b)));
        }
        self.rule_path = None;
        self.active_changed();
        self.check_now(to);
        self.look_at(&[to.to_owned()]);
        self.refinder.ask(self.absolute_root());
        let root = self.absolute_root();
        self.notices.info(match before == now {
            true => {
                let folder = to.parent().unwrap_or(to);
                let folder = folder.strip_prefix(&root).unwrap_or(folder);
                format!(
                    "{now} was moved to {}. Its tab went with it",
                    folder.display()
                )
            }
            false => format!("{before} is called {now} now. Its tab went with it"),
        });
    }

    /// Files that are not open changed, came or went.
    fn take_other_files(&mut self, paths: &[PathBuf]) {
        let open = |docs: &[Doc], path: &Path| docs.iter().any(|d| d.path == path);
        let others: Vec<&PathBuf> = paths.iter().filter(|p| !open(&self.docs, p)).collect();
        if others.is_empty() {
            return;
        }
        let rules: Vec<PathBuf> = others
            .iter()
            .filter_map(|path| self.rule_of(path))
            .filter(|rule| self.workspace.rules.contains(rule) && rule.is_file())
            .collect();
        let known = !rules.is_empty();
        if rules
            .iter()
            .any(|rule| Some(rule) == self.rule_path.as_ref())
        {
            self.run_rule();
        }
        if known {
            self.look_at(&rules);
            self.check_all();
        }
        // Something may have come or gone: the folder is looked through again.
        self.refinder.ask(self.absolute_root());
    }
}
