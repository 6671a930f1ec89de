//! What of the groups is remembered between two starts.

use super::{Group, GroupId, Groups, Split};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A remembered session is not believed to have had more groups than this.
const MOST_GROUPS: usize = 16;
/// Nor more files.
const MOST_FILES: usize = 200;

/// The open files of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// Whose files they are: another workspace opens as it would.
    pub root: PathBuf,
    split: Option<Split>,
    groups: Vec<RememberedGroup>,
    focus: GroupId,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct RememberedGroup {
    id: GroupId,
    /// Path and where the cursor stood.
    files: Vec<(PathBuf, usize)>,
    active: usize,
}

impl Groups {
    /// What is to be remembered.
    pub fn remembered(&self, root: &Path) -> Remembered {
        let groups = self.split.ids().into_iter().filter_map(|id| self.get(id));
        Remembered {
            root: root.to_owned(),
            split: Some(self.split.clone()),
            groups: groups
                .map(|g| RememberedGroup {
                    id: g.id,
                    files: g.views.iter().map(|v| (v.path.clone(), v.offset)).collect(),
                    active: g.active,
                })
                .collect(),
            focus: self.focus,
        }
    }

    /// The groups as they were, without the files that `open` cannot open. None where nothing of it is left.
    pub fn restored(was: &Remembered, mut open: impl FnMut(&Path) -> bool) -> Option<Self> {
        let split = was.split.clone().filter(Split::is_sound)?;
        let ids = split.ids();
        if ids.len() > MOST_GROUPS {
            return None;
        }
        let mut groups = Self {
            list: ids
                .iter()
                .map(|id| Group {
                    id: *id,
                    ..Group::default()
                })
                .collect(),
            focus: was.focus,
            next_id: ids.iter().max()?.checked_add(1)?,
            split,
            ..Self::default()
        };
        let mut files = 0;
        for group in &was.groups {
            for (path, offset) in &group.files {
                files += 1;
                if files > MOST_FILES || !open(path) {
                    continue;
                }
                groups.append(group.id, path);
                if let Some(view) = groups.view_in(group.id, path) {
                    view.offset = *offset;
                }
            }
            let active = group.files.get(group.active);
            let here = groups.get_mut(group.id);
            if let (Some((path, _)), Some(here)) = (active, here)
                && let Some(place) = here.place_of(path)
            {
                here.use_now(place);
            }
        }
        for id in groups.split.ids() {
            groups.drop_if_empty(id);
        }
        if groups.get(groups.focus).is_none() {
            groups.focus = groups.split.ids().first().copied()?;
        }
        groups.view().is_some().then_some(groups)
    }
}
