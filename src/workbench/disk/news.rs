//! Files that came to the workspace or went from it.

use crate::task::CancelToken;
use crate::workbench::app::Workbench;
use crate::workspace::{self, Workspace};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Looks through the folder of the workspace again.
pub fn refind(root: PathBuf, _: &CancelToken) -> (PathBuf, Workspace) {
    let found = workspace::find(std::slice::from_ref(&root));
    (root, found)
}

impl Workbench {
    /// Takes what the folder of the workspace holds now.
    pub(in crate::workbench) fn take_refound(&mut self, root: &Path, found: Workspace) {
        if root != self.absolute_root() {
            return;
        }
        let below = |p: &PathBuf| p.starts_with(root);
        let before = self.workspace.rules.clone();
        let new: Vec<PathBuf> = found
            .rules
            .iter()
            .filter(|rule| !before.contains(rule))
            .cloned()
            .collect();
        let gone: Vec<&PathBuf> = before
            .iter()
            .filter(|rule| below(rule) && !found.rules.contains(rule) && !rule.is_file())
            .collect();
        if !new.is_empty() || !gone.is_empty() {
            self.workspace.rules.retain(|rule| !gone.contains(&rule));
            self.workspace.rules.extend(new.iter().cloned());
            self.workspace
                .rules
                .sort_by(|a, b| (a.parent(), a).cmp(&(b.parent(), b)));
            for rule in gone {
                self.overview.forget(rule);
                self.problems.forget_rule(rule);
            }
            self.look_at(&new);
            self.list_files();
        }
        // Logs are offered, not taken: loading them changes what every rule finds.
        let folders: BTreeSet<&Path> = self
            .workspace
            .logs
            .iter()
            .filter_map(|log| log.parent())
            .collect();
        let watched = |p: &PathBuf| {
            folders.is_empty() || p.parent().is_some_and(|folder| folders.contains(folder))
        };
        let offered: Vec<PathBuf> = found
            .logs
            .into_iter()
            .filter(|p| !self.session.seen.contains(p) && watched(p))
            .collect();
        let news = offered.iter().any(|p| !self.session.offered.contains(p));
        self.session.offered = offered.into_iter().collect();
        if news {
            let count = self.session.offered.len();
            let files = crate::workbench::panels::counted(count, "new log file", "new log files");
            self.notices.info(format!(
                "{files} in the workspace. Load them in the explorer"
            ));
        }
    }

    /// Loads the log files that came.
    pub(in crate::workbench) fn load_offered(&mut self) {
        let offered = std::mem::take(&mut self.session.offered);
        self.add_logs(offered.into_iter().collect());
    }
}
