//! What the commands for tabs and groups do.

use super::app::Workbench;
use super::groups::{GroupId, Side};
use super::layout::Pane;
use std::path::{Path, PathBuf};

impl Workbench {
    /// Closes the tab with the keyboard.
    pub(super) fn close_active(&mut self) {
        if let Some(path) = self.active_path() {
            self.close_tabs(self.groups.focus(), &[path]);
        }
    }

    fn close_where(&mut self, group: GroupId, closes: impl Fn(usize, &Path) -> bool) {
        let views = self.groups.get(group).map_or(&[][..], |g| &g.views);
        let paths: Vec<PathBuf> = views
            .iter()
            .enumerate()
            .filter(|(index, view)| closes(*index, &view.path))
            .map(|(_, view)| view.path.clone())
            .collect();
        self.close_tabs(group, &paths);
    }

    /// Closes the other tabs of the group with the keyboard.
    pub(super) fn close_others(&mut self) {
        if let Some(kept) = self.active_path() {
            self.close_where(self.groups.focus(), |_, path| path != kept);
        }
    }

    /// Closes the tabs of a group behind one of them.
    pub(super) fn close_behind(&mut self, group: GroupId, kept: usize) {
        self.close_where(group, |index, _| index > kept);
    }

    /// Closes all tabs of the group with the keyboard.
    pub(super) fn close_all(&mut self) {
        self.close_where(self.groups.focus(), |_, _| true);
    }

    /// Opens the file again that was closed last.
    pub(super) fn reopen_tab(&mut self) {
        while let Some((path, group, index, offset)) = self.groups.last_closed() {
            if !path.is_file() && self.doc(&path).is_none() {
                continue; // it is gone from the disk: the one before it
            }
            if !self.load(&path) {
                return;
            }
            let group = match self.groups.get(group) {
                Some(_) => group,
                None => self.groups.focus(),
            };
            self.show_in(group, &path, false);
            self.groups.move_view(group, &path, group, Some(index));
            self.restore_cursor(group, &path, offset);
            self.settings.reveal = Some(Pane::Editor);
            self.active_changed();
            return;
        }
        self.notices.info("No closed file is left to open again");
    }

    /// Puts the cursor of a view where it was.
    pub(super) fn restore_cursor(&mut self, group: GroupId, path: &Path, offset: usize) {
        let doc = self.docs.iter().find(|d| d.path == path);
        if let (Some(doc), Some(view)) = (doc, self.groups.view_in(group, path)) {
            view.editor.place_cursor(offset.min(doc.text.len()));
        }
    }

    /// Shows the tab `by` places further.
    pub(super) fn step_tab(&mut self, by: isize) {
        if let Some(index) = self.groups.step(by) {
            self.activate_tab(self.groups.focus(), index);
            self.focus_editor();
        }
    }

    /// Shows the tab that was used before, and so on while the key is held.
    pub(super) fn walk_tabs(&mut self, by: isize) {
        if let Some(index) = self.groups.walk(by) {
            self.groups.pass_by(index);
            self.active_changed();
            self.focus_editor();
        }
    }

    /// Once the key of the walk is let go.
    pub(super) fn end_walk(&mut self) {
        if !self.ctx.input(|i| i.modifiers.command) {
            self.groups.end_walk();
        }
    }

    /// Shows the document with the keyboard a second time, in a new group.
    pub(super) fn split(&mut self, side: Side) {
        let Some((path, offset)) = self.groups.view().map(|v| (v.path.clone(), v.offset)) else {
            return;
        };
        let group = self.groups.add_group(self.groups.focus(), side);
        self.show_in(group, &path, false);
        self.restore_cursor(group, &path, offset);
        self.focus_editor();
    }

    /// Gives the n-th group, in reading order, the keyboard.
    pub(super) fn focus_group(&mut self, place: usize) {
        let ids = self.groups.split().ids();
        match ids.get(place) {
            Some(id) => {
                self.groups.set_focus(*id);
                self.settings.reveal = Some(Pane::Editor);
                self.active_changed();
                self.focus_editor();
            }
            None => self.notices.info(match ids.len() {
                1 => "There is one group of files. Split the editor to have another".to_owned(),
                n => format!("There are {n} groups of files"),
            }),
        }
    }

    /// Moves a tab to a place of a group, or to a new group at a side of it.
    pub(super) fn move_tab(&mut self, from: GroupId, path: &Path, to: GroupId, place: Place) {
        let alone = self.groups.get(from).is_some_and(|g| g.views.len() < 2);
        let (to, at) = match place {
            // The only tab of a group, dropped at its own edge, stays where it is.
            Place::Side(_) if alone && from == to => return,
            Place::Side(side) => (self.groups.add_group(to, side), None),
            Place::Tab(at) => (to, Some(at)),
            Place::End if from == to => return,
            Place::End => (to, None),
        };
        let target = self.groups.get(to);
        if from != to && target.is_some_and(|g| g.place_of(path).is_some()) {
            self.keep_steps(from, path);
        }
        self.groups.move_view(from, path, to, at);
        self.forget_unseen();
        self.active_changed();
    }

    /// Shows where a file is among the rules of the explorer.
    pub(super) fn reveal_in_explorer(&mut self, path: &Path) {
        let rule = self.rule_of(path).unwrap_or_else(|| path.to_owned());
        if self.workspace.rules.contains(&rule) {
            self.explorer.reveal = Some(rule);
            self.settings.reveal = Some(Pane::Explorer);
        } else {
            self.notices
                .info("The file belongs to no rule of the workspace");
        }
    }
}

/// Where a tab is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among the tabs.
    Tab(usize),
    /// Behind the last tab.
    End,
    /// In a new group at this side.
    Side(Side),
}
