//! How groups and their tabs are moved about: closing, splitting, moving.

use super::{Closed, Group, GroupId, Groups, MOST_CLOSED, Side};
use std::path::Path;

impl Groups {
    /// Takes a view away. An empty group goes too, unless it is the only one.
    pub fn close(&mut self, id: GroupId, index: usize) {
        let Some(view) = self.get_mut(id).and_then(|g| g.take(index)) else {
            return;
        };
        self.closed.push(Closed {
            path: view.path,
            group: id,
            index,
            offset: view.offset,
        });
        if self.closed.len() > MOST_CLOSED {
            self.closed.remove(0);
        }
        self.drop_if_empty(id);
    }

    pub(super) fn drop_if_empty(&mut self, id: GroupId) {
        if self.list.len() < 2 || self.get(id).is_none_or(|g| !g.views.is_empty()) {
            return;
        }
        let order = self.split.ids();
        let at = order.iter().position(|g| *g == id).unwrap_or_default();
        self.split.remove(id);
        self.list.retain(|g| g.id != id);
        if self.focus == id {
            let next = at.checked_sub(1).unwrap_or(1);
            self.focus = order.get(next).copied().unwrap_or(self.focus);
        }
        self.rename_editors();
    }

    /// A new group beside another.
    pub fn add_group(&mut self, beside: GroupId, side: Side) -> GroupId {
        let id = self.next_id;
        self.next_id += 1;
        self.split.add(beside, side, id);
        self.list.push(Group {
            id,
            ..Group::default()
        });
        self.rename_editors();
        id
    }

    /// Moves a tab to a place of a group; to one that shows the file already it just goes there.
    pub fn move_view(&mut self, from: GroupId, path: &Path, to: GroupId, at: Option<usize>) {
        if self.get(to).is_none() {
            return;
        }
        let Some(index) = self.get(from).and_then(|g| g.place_of(path)) else {
            return;
        };
        let name = self.editor_name(to);
        let Some(mut view) = self.get_mut(from).and_then(|g| g.take(index)) else {
            return;
        };
        view.preview = false;
        view.editor.rename(&name);
        if let Some(group) = self.get_mut(to) {
            let there = group.place_of(path);
            let at = there.unwrap_or_else(|| {
                let at = at.unwrap_or(group.views.len());
                // Behind its own old place everything has moved up by one.
                let at = at - usize::from(from == to && at > index);
                let at = at.min(group.views.len());
                group.views.insert(at, view);
                at
            });
            group.use_now(at);
        }
        self.focus = to;
        self.drop_if_empty(from);
    }

    /// Takes all views of documents away that are no longer there.
    pub fn retain(&mut self, is_there: impl Fn(&Path) -> bool) {
        for id in self.split.ids() {
            while let Some(index) = self
                .get(id)
                .and_then(|g| g.views.iter().position(|v| !is_there(&v.path)))
            {
                self.get_mut(id).and_then(|g| g.take(index));
            }
            self.drop_if_empty(id);
        }
    }
}
