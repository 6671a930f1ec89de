//! The groups of the editor: which files each shows, side by side, and which of them has the keyboard.
//!
//! A text lives once, in its document; a group holds views of documents. Two views of one document share its text and
//! its steps of undo.

mod arrange;
mod remember;
mod split;

pub use remember::Remembered;
pub use split::{Border, GroupId, Side, Split};

use super::editor::CodeEditor;
use crate::diagnostic::Position;
use std::path::{Path, PathBuf};

/// So many closed files are remembered, to be opened again.
const MOST_CLOSED: usize = 32;

/// A document as one group shows it.
pub struct View {
    /// Tells it from all others of this window.
    pub id: u64,
    /// Whose text it shows.
    pub path: PathBuf,
    /// Cursor, scroll position, find bar.
    pub editor: CodeEditor,
    /// Where the cursor stands.
    pub cursor: Position,
    /// The same as a byte offset.
    pub offset: usize,
    /// Opened just to look: the next file that is opened so takes its place.
    pub preview: bool,
}

/// Files that are shown at one place, one at a time.
#[derive(Default)]
pub struct Group {
    /// Its name as long as it lives.
    pub id: GroupId,
    /// In the order of the tabs.
    pub views: Vec<View>,
    /// The one that is seen.
    pub active: usize,
    /// Scroll the tabs so that the active one is seen.
    pub reveal: bool,
    /// Used last, first.
    used: Vec<PathBuf>,
}

impl Group {
    /// The view that is seen.
    pub fn view(&self) -> Option<&View> {
        self.views.get(self.active)
    }

    /// Where a file is among the tabs.
    pub fn place_of(&self, path: &Path) -> Option<usize> {
        self.views.iter().position(|v| v.path == path)
    }

    fn use_now(&mut self, index: usize) {
        if let Some(view) = self.views.get(index) {
            self.active = index;
            self.reveal = true;
            self.used.retain(|p| *p != view.path);
            self.used.insert(0, view.path.clone());
        }
    }

    fn take(&mut self, index: usize) -> Option<View> {
        if index >= self.views.len() {
            return None;
        }
        let view = self.views.remove(index);
        self.used.retain(|p| *p != view.path);
        let was_active = index == self.active;
        if index < self.active {
            self.active -= 1;
        }
        // The one that was looked at before it comes back, not the one that happens to stand beside it.
        let before = self.used.first().and_then(|p| self.place_of(p));
        let next = match was_active {
            true => before.unwrap_or(self.active),
            false => self.active,
        };
        self.active = next.min(self.views.len().saturating_sub(1));
        self.reveal = true;
        Some(view)
    }
}

/// A file that was closed, and where it was.
struct Closed {
    path: PathBuf,
    group: GroupId,
    index: usize,
    offset: usize,
}

/// Going through the files in the order of their last use, while the key is held.
struct Walk {
    order: Vec<PathBuf>,
    at: usize,
}

/// All groups. There is always one, and one of them is the one that has or had the keyboard.
pub struct Groups {
    list: Vec<Group>,
    split: Split,
    focus: GroupId,
    next_id: GroupId,
    views_made: u64,
    closed: Vec<Closed>,
    walk: Option<Walk>,
}

impl Default for Groups {
    fn default() -> Self {
        Self {
            list: vec![Group {
                id: 1,
                ..Group::default()
            }],
            split: Split::One(1),
            focus: 1,
            next_id: 2,
            views_made: 0,
            closed: Vec::new(),
            walk: None,
        }
    }
}

impl Groups {
    /// How the room is divided.
    pub fn split(&self) -> &Split {
        &self.split
    }

    /// The same, to be changed by dragging a border.
    pub fn split_mut(&mut self) -> &mut Split {
        &mut self.split
    }

    /// How many groups there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The group that has the keyboard, or had it last.
    pub fn focus(&self) -> GroupId {
        self.focus
    }

    /// Gives a group the keyboard.
    pub fn set_focus(&mut self, id: GroupId) {
        if self.get(id).is_some() {
            self.focus = id;
        }
    }

    /// A group.
    pub fn get(&self, id: GroupId) -> Option<&Group> {
        self.list.iter().find(|g| g.id == id)
    }

    /// A group, to be changed.
    pub fn get_mut(&mut self, id: GroupId) -> Option<&mut Group> {
        self.list.iter_mut().find(|g| g.id == id)
    }

    /// All groups.
    pub fn iter(&self) -> impl Iterator<Item = &Group> {
        self.list.iter()
    }

    /// The view with the keyboard.
    pub fn view(&self) -> Option<&View> {
        self.get(self.focus).and_then(Group::view)
    }

    /// The same, to be changed.
    pub fn view_mut(&mut self) -> Option<&mut View> {
        let group = self.get_mut(self.focus)?;
        group.views.get_mut(group.active)
    }

    /// A view of a document in some group.
    pub fn view_in(&mut self, id: GroupId, path: &Path) -> Option<&mut View> {
        self.get_mut(id)?.views.iter_mut().find(|v| v.path == path)
    }

    /// Whether any group shows a document.
    pub fn shows(&self, path: &Path) -> bool {
        self.list.iter().any(|g| g.place_of(path).is_some())
    }

    /// The groups that show a document, the one with the keyboard first.
    pub fn showing(&self, path: &Path) -> Vec<GroupId> {
        let mut ids: Vec<GroupId> = self
            .list
            .iter()
            .filter(|g| g.place_of(path).is_some())
            .map(|g| g.id)
            .collect();
        ids.sort_by_key(|id| *id != self.focus);
        ids
    }

    /// The group that shows a file, the one with the keyboard if it does.
    pub fn group_of(&self, path: &Path) -> Option<GroupId> {
        self.showing(path).first().copied()
    }

    fn new_view(&mut self, group: GroupId, path: &Path, preview: bool) -> View {
        self.views_made += 1;
        View {
            id: self.views_made,
            path: path.to_owned(),
            editor: CodeEditor::new((path, self.views_made)).named(self.editor_name(group)),
            cursor: Position { line: 1, column: 1 },
            offset: 0,
            preview,
        }
    }

    /// What an editor is called for those who do not see it.
    fn editor_name(&self, group: GroupId) -> String {
        match self.split.ids().iter().position(|id| *id == group) {
            None | Some(0) => "Rule editor".to_owned(),
            Some(n) => format!("Rule editor, group {}", n + 1),
        }
    }

    fn rename_editors(&mut self) {
        let names: Vec<(GroupId, String)> = self
            .list
            .iter()
            .map(|g| (g.id, self.editor_name(g.id)))
            .collect();
        for (group, name) in names {
            for view in self.get_mut(group).map_or(&mut [][..], |g| &mut g.views) {
                view.editor.rename(&name);
            }
        }
    }

    /// Shows a document in a group. A preview takes the place of the one that is there.
    pub fn show(&mut self, id: GroupId, path: &Path, preview: bool) {
        let view = self.new_view(id, path, preview);
        let Some(group) = self.get_mut(id) else {
            return;
        };
        let index = match group.place_of(path) {
            Some(index) => {
                if let Some(view) = group.views.get_mut(index) {
                    view.preview &= preview;
                }
                index
            }
            None => {
                let old = group.views.iter().position(|v| v.preview);
                match old.filter(|_| preview) {
                    Some(index) => {
                        group.take(index);
                        group.views.insert(index.min(group.views.len()), view);
                        index
                    }
                    None => {
                        let at = match group.views.is_empty() {
                            true => 0,
                            false => (group.active + 1).min(group.views.len()),
                        };
                        group.views.insert(at, view);
                        at
                    }
                }
            }
        };
        group.use_now(index);
    }

    /// Shows a document as the last tab of a group, behind the one that is seen.
    pub fn append(&mut self, id: GroupId, path: &Path) {
        let view = self.new_view(id, path, false);
        if let Some(group) = self.get_mut(id)
            && group.place_of(path).is_none()
        {
            group.views.push(view);
            if group.views.len() == 1 {
                group.use_now(0);
            }
        }
    }

    /// Brings a tab to the front and its group to the keyboard.
    pub fn activate(&mut self, id: GroupId, index: usize) {
        if let Some(group) = self.get_mut(id) {
            group.use_now(index);
            self.focus = id;
        }
    }

    /// A file that was only looked at stays.
    pub fn keep(&mut self, path: &Path) {
        for view in self.list.iter_mut().flat_map(|g| &mut g.views) {
            view.preview &= view.path != path;
        }
    }

    /// The groups that show a file just to look at it.
    pub fn previews(&self, path: &Path) -> Vec<GroupId> {
        let shows = |g: &&Group| g.views.iter().any(|v| v.preview && v.path == path);
        self.list.iter().filter(shows).map(|g| g.id).collect()
    }

    /// A file is shown just to look at it.
    pub fn set_preview(&mut self, id: GroupId, path: &Path) {
        if let Some(view) = self.view_in(id, path) {
            view.preview = true;
        }
    }

    /// The file that was closed last: it, and where it was.
    pub fn last_closed(&mut self) -> Option<(PathBuf, GroupId, usize, usize)> {
        let last = self.closed.pop()?;
        Some((last.path, last.group, last.index, last.offset))
    }

    /// The files that are shown, those used last first, of the group with the keyboard before others.
    pub fn recent(&self) -> Vec<&Path> {
        let focused = self.list.iter().filter(|g| g.id == self.focus);
        let others = self.list.iter().filter(|g| g.id != self.focus);
        let used = focused.chain(others).flat_map(|g| &g.used);
        used.map(PathBuf::as_path).collect()
    }

    /// Whether a closed file is remembered.
    pub fn has_closed(&self) -> bool {
        !self.closed.is_empty()
    }

    /// The tab `by` places further, round the ends.
    pub fn step(&mut self, by: isize) -> Option<usize> {
        let group = self.get(self.focus)?;
        let count = isize::try_from(group.views.len()).ok()?;
        let active = isize::try_from(group.active).ok()?;
        (count > 0).then(|| (active + by).rem_euclid(count).unsigned_abs())
    }

    /// The tab that is next in the order of last use. The order stays as it is until [`Self::end_walk`].
    pub fn walk(&mut self, by: isize) -> Option<usize> {
        let group = self.get(self.focus)?;
        let order = match &self.walk {
            Some(walk) => walk.order.clone(),
            None => {
                let mut order = group.used.clone();
                let unused = group.views.iter().map(|v| v.path.clone());
                order.extend(unused.filter(|p| !group.used.contains(p)));
                order
            }
        };
        let at = self.walk.as_ref().map_or(0, |w| w.at);
        let count = isize::try_from(order.len()).ok().filter(|n| *n > 0)?;
        let at = (isize::try_from(at).ok()? + by)
            .rem_euclid(count)
            .unsigned_abs();
        let place = group.place_of(order.get(at)?)?;
        self.walk = Some(Walk { order, at });
        Some(place)
    }

    /// The key is let go: where the walk ended is what was used last.
    pub fn end_walk(&mut self) {
        if self.walk.take().is_some()
            && let Some(group) = self.get_mut(self.focus)
        {
            group.use_now(group.active);
        }
    }

    /// Shows a tab without a note in the order of last use: a stop of a walk.
    pub fn pass_by(&mut self, index: usize) {
        if let Some(group) = self.get_mut(self.focus)
            && index < group.views.len()
        {
            group.active = index;
            group.reveal = true;
        }
    }

    /// The steps of undo of a document go from one view of it to another.
    pub fn hand_steps(&mut self, from: u64, to: u64, text: &str, time: f64) {
        let mut views = self.list.iter_mut().flat_map(|g| &mut g.views);
        let steps = views
            .find(|v| v.id == from)
            .map(|v| v.editor.give_steps(text, time));
        let mut views = self.list.iter_mut().flat_map(|g| &mut g.views);
        if let Some(view) = views.find(|v| v.id == to)
            && let Some(steps) = steps
        {
            view.editor.take_steps(text, steps);
        }
    }

    /// A view of a document other than one.
    pub fn other_view(&self, path: &Path, than: u64) -> Option<u64> {
        let mut views = self.list.iter().flat_map(|g| &g.views);
        views.find(|v| v.path == path && v.id != than).map(|v| v.id)
    }

    /// A document is called otherwise now.
    pub fn renamed(&mut self, old: &Path, new: &Path) {
        for group in &mut self.list {
            for path in group
                .used
                .iter_mut()
                .chain(group.views.iter_mut().map(|v| &mut v.path))
            {
                if path == old {
                    *path = new.to_owned();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
