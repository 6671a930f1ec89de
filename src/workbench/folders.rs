//! What the window opens: rules in the editor, logs into the dataset, a folder as the workspace.

use super::app::Workbench;
use super::doc::Doc;
use super::groups::{GroupId, Groups};
use crate::task::CancelToken;
use crate::workspace::{self, Unread, Workspace};
use std::path::{Path, PathBuf};

/// A folder that was looked into.
pub struct Found {
    /// The folder; none for the bundled workspace.
    folder: Option<PathBuf>,
    workspace: Workspace,
}

/// Looks into folders, which may hold thousands of files; no folder asks for the bundled workspace.
pub fn find(folders: Vec<PathBuf>, cancel: &CancelToken) -> Vec<Found> {
    if folders.is_empty() {
        return vec![Found {
            folder: None,
            workspace: workspace::samples(),
        }];
    }
    let mut found = Vec::new();
    for folder in folders {
        if cancel.is_cancelled() {
            break;
        }
        found.push(Found {
            workspace: workspace::find(std::slice::from_ref(&folder)),
            folder: Some(folder),
        });
    }
    found
}

impl Workbench {
    /// Opens whatever was named: rules in the editor, logs into the dataset, a folder as the workspace.
    pub fn open_paths(&mut self, paths: Vec<PathBuf>) {
        let (mut logs, mut folders) = (Vec::new(), Vec::new());
        for path in paths {
            let path = std::path::absolute(&path).unwrap_or(path);
            let found = std::fs::metadata(&path);
            if let Err(error) = &found {
                let path = path.display();
                self.notices.error(match error.kind() {
                    std::io::ErrorKind::NotFound => format!("{path} does not exist"),
                    _ => format!("{path} cannot be read: {error}"),
                });
            } else if found.is_ok_and(|m| m.is_dir()) {
                folders.push(path);
            } else if super::actions::is_text_document(&path) {
                if super::actions::is_rule_yaml(&path) && !self.workspace.rules.contains(&path) {
                    self.workspace.rules.push(path.clone());
                    self.look_at(std::slice::from_ref(&path));
                }
                self.open_doc(&path);
                self.settings.opened(path);
            } else {
                self.settings.opened(path.clone());
                logs.push(path);
            }
        }
        self.add_logs(logs);
        if !folders.is_empty() {
            self.finder.ask(folders);
        }
    }

    /// Takes what folders were found to hold: one without rules is a folder of logs.
    pub(super) fn take_folders(&mut self, found: Vec<Found>) {
        let mut logs = Vec::new();
        for Found { folder, workspace } in found {
            self.tell_unread(&workspace.unread);
            let closed = |f: &PathBuf| workspace.unread.iter().any(|u| &u.path == f);
            if folder.as_ref().is_some_and(closed) {
                // Nothing is known of it: what is open stays.
                continue;
            }
            if let Some(folder) = folder {
                // A folder of logs is loaded beside a workspace; with nothing at all in it, or in the window, it is one.
                let is_logs = workspace.rules.is_empty()
                    && !workspace.logs.is_empty()
                    && !self.workspace.rules.is_empty();
                if is_logs {
                    logs.push(folder.clone());
                } else {
                    self.open_workspace(workspace);
                }
                self.settings.opened(folder);
            } else {
                self.open_workspace(workspace);
            }
        }
        self.add_logs(logs);
    }

    /// Says which folders could not be read: what lies in them is missing.
    pub(super) fn tell_unread(&mut self, unread: &[Unread]) {
        const MOST: usize = 3;
        for folder in unread.iter().take(MOST) {
            let (path, reason) = (folder.path.display(), &folder.reason);
            self.notices
                .error(format!("The folder {path} cannot be read: {reason}"));
        }
        let more = unread.len().saturating_sub(MOST);
        if more > 0 {
            let more = super::panels::counted(more, "more folder", "more folders");
            self.notices.error(format!("{more} cannot be read"));
        }
    }

    /// Loads more logs beside the loaded ones.
    pub(super) fn add_logs(&mut self, mut logs: Vec<PathBuf>) {
        logs.retain(|p| !self.workspace.logs.contains(p));
        if !logs.is_empty() {
            self.workspace.logs.extend(logs);
            self.reload_logs();
        }
    }

    /// Opens a folder's rules and logs. Unsaved documents stay open.
    fn open_workspace(&mut self, workspace: Workspace) {
        self.docs.retain(Doc::is_unsaved);
        let docs = &self.docs;
        self.groups.retain(|p| docs.iter().any(|d| d.path == p));
        self.forget_checks();
        self.rule_path = None;
        self.selection = Default::default();
        self.view = Default::default();
        self.overview.clear();
        self.problems.forget_rules();
        self.clock = None;
        self.session.chosen.files.clear();
        self.session.seen.clear();
        self.session.offered.clear();
        self.workspace = workspace;
        self.watch_workspace();
        self.reload_logs();
        self.open_rules();
    }

    /// Opens the workspace's rules with their Python bodies, as many as tabs stay readable.
    /// A correlation shows best what the window does, so a query comes to the front.
    pub(super) fn open_rules(&mut self) {
        const READABLE: usize = 4;
        let group = self.groups.focus();
        let mut paths: Vec<PathBuf> = self.docs.iter().map(|d| d.path.clone()).collect();
        for path in self.workspace.rules.clone().into_iter().take(READABLE) {
            let body = path.with_extension("py");
            paths.push(path);
            if body.is_file() {
                paths.push(body);
            }
        }
        for path in paths {
            if self.load(&path) {
                self.groups.append(group, &path);
            }
        }
        let query = |d: &Doc| d.text.lines().any(|l| l.starts_with("query:"));
        let first = self.docs.iter().find(|d| query(d)).or(self.docs.first());
        let place = first.and_then(|d| self.groups.get(group)?.place_of(&d.path));
        self.activate_tab(group, place.unwrap_or_default());
    }

    /// The folder of the workspace from the root of the file system on.
    pub(super) fn absolute_root(&self) -> PathBuf {
        let root = &self.workspace.root;
        std::path::absolute(root).unwrap_or_else(|_| root.clone())
    }

    /// Opens the files that were open in this workspace; false where none were.
    pub(super) fn restore_groups(&mut self) -> bool {
        let root = self.absolute_root();
        let Some(was) = self.settings.open.take().filter(|o| o.root == root) else {
            return false;
        };
        let open = |path: &Path| self.doc(path).is_some() || (path.is_file() && self.load(path));
        let mut open = open;
        let restored = Groups::restored(&was, &mut open);
        let Some(groups) = restored else {
            return false;
        };
        self.groups = groups;
        // Texts left from a crash are shown, whatever was open.
        let docs: Vec<PathBuf> = self.docs.iter().map(|d| d.path.clone()).collect();
        for path in docs {
            if !self.groups.shows(&path) {
                self.groups.append(self.groups.focus(), &path);
            }
        }
        let views: Vec<(GroupId, PathBuf, usize)> = self
            .groups
            .iter()
            .flat_map(|g| g.views.iter().map(|v| (g.id, v.path.clone(), v.offset)))
            .collect();
        for (group, path, offset) in views {
            self.restore_cursor(group, &path, offset);
        }
        self.active_changed();
        true
    }

    /// Loads another folder of sample logs in place of the one that is loaded.
    pub(super) fn choose_log_set(&mut self, set: &Path) {
        let sets = &self.workspace.log_sets;
        // What belongs to no set was added by the person, and stays.
        self.workspace
            .logs
            .retain(|log| !sets.iter().any(|other| log.starts_with(other)));
        self.workspace.logs.extend(crate::workspace::logs_of(set));
        self.view = Default::default();
        if self.clock.take().is_some() {
            self.notices
                .info("The clock stands at the end of the new logs");
        }
        self.reload_logs();
    }

    /// Looks anew at the rules that a saved document belongs to: one that others may import concerns them all.
    pub(super) fn look_at_rules_of(&mut self, path: &Path) {
        match self.rule_of(path) {
            Some(rule) if self.workspace.rules.contains(&rule) => self.look_at(&[rule]),
            _ => self.run_overview(),
        }
    }
}
