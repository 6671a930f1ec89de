//! Files that got another name or another folder: a watched file is gone, and one with the same text is new.

use crate::workbench::actions::is_text_document;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A path counts as new for so long.
const NEW: Duration = Duration::from_secs(3);
/// At most so many new paths, and files of a folder, are looked at.
const MOST: usize = 2_000;
/// Files larger than this are no documents.
const LARGEST: u64 = 16 << 20;

/// What a file held when it was last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content {
    length: u64,
    hash: u64,
    /// The file itself, where the system tells one from another.
    file: Option<(u64, u64)>,
}

impl Content {
    /// What a file holds now; none where it cannot be read or holds nothing.
    pub fn of(path: &Path) -> Option<Self> {
        let about = std::fs::metadata(path).ok()?;
        // Empty files are all the same: nobody could say which is which.
        if !about.is_file() || about.len() == 0 || about.len() > LARGEST {
            return None;
        }
        let bytes = std::fs::read(path).ok()?;
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Some(Self {
            length: about.len(),
            hash: hasher.finish(),
            file: identity(&about),
        })
    }

    fn same_text(&self, other: &Self) -> bool {
        (self.length, self.hash) == (other.length, other.hash)
    }
}

#[cfg(unix)]
fn identity(about: &std::fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> Option<(u64, u64)> {
    None
}

/// What is needed to find a file again.
#[derive(Default)]
pub(super) struct Trail {
    contents: HashMap<PathBuf, Content>,
    /// Paths that the system told of as made or renamed, and when.
    new: BTreeMap<PathBuf, Instant>,
}

impl Trail {
    /// Notes what a watched file holds.
    pub fn note(&mut self, path: &Path) {
        match Content::of(path) {
            Some(content) => self.contents.insert(path.to_owned(), content),
            None => self.contents.remove(path),
        };
    }

    /// Forgets what is not watched any more.
    pub fn retain(&mut self, watched: impl Fn(&Path) -> bool) {
        self.contents.retain(|path, _| watched(path));
    }

    /// Notes a path that was made or renamed.
    pub fn came(&mut self, path: PathBuf) {
        self.new.retain(|_, at| at.elapsed() < NEW);
        if self.new.len() < MOST {
            self.new.insert(path, Instant::now());
        }
    }

    /// Where a file that is gone is now. `taken` says which paths are watched themselves.
    pub fn follow(&self, gone: &Path, taken: impl Fn(&Path) -> bool) -> Option<PathBuf> {
        let was = self.contents.get(gone)?;
        let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
        let fresh = self.new.iter().filter(|(_, at)| at.elapsed() < NEW);
        for (path, _) in fresh {
            seen.insert(path.clone());
            // A folder that is new: the file may lie in it as it lay in one that is gone.
            let lost = gone
                .ancestors()
                .skip(1)
                .take_while(|folder| !folder.exists());
            for folder in lost {
                if let Ok(rest) = gone.strip_prefix(folder) {
                    seen.insert(path.join(rest));
                }
            }
        }
        // A waste bin is no new place.
        let hidden = |path: &Path| {
            let mut parts = path.iter().map(|part| part.to_string_lossy());
            parts.any(|part| part.starts_with('.') && part.len() > 2)
        };
        let fits = |path: &PathBuf| {
            let seen = !hidden(path) || hidden(gone);
            path != gone && seen && !taken(path) && is_text_document(path) && path.is_file()
        };
        let same = |path: &PathBuf| Content::of(path).is_some_and(|now| now.same_text(was));
        let own = |path: &PathBuf| {
            let now = Content::of(path);
            now.is_some_and(|now| now.file.is_some() && now == *was)
        };
        let told: Vec<PathBuf> = seen.into_iter().filter(fits).collect();
        // The very file first, then one of the same text.
        let found = told.iter().find(|path| own(path));
        if let Some(path) = found.or_else(|| told.iter().find(|path| same(path))) {
            return Some(path.clone());
        }
        // Where the system tells nothing: the same file under another name in the same folder.
        was.file?;
        let entries = std::fs::read_dir(gone.parent()?).ok()?;
        let mut beside = entries.flatten().take(MOST).map(|entry| entry.path());
        beside.find(|path| fits(path) && own(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, PathBuf, Trail) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        std::fs::write(&path, "id: 1\n").unwrap();
        let mut trail = Trail::default();
        trail.note(&path);
        (folder, path, trail)
    }

    #[test]
    fn a_new_path_with_the_same_text_is_the_file() {
        let (folder, path, mut trail) = folder();
        let to = folder.path().join("other").join("b.yaml");
        std::fs::create_dir(to.parent().unwrap()).unwrap();
        // Written anew and removed, as over the border of a disk.
        std::fs::write(&to, "id: 1\n").unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(trail.follow(&path, |_| false), None, "nobody told of it");
        trail.came(to.clone());
        assert_eq!(trail.follow(&path, |p| p == to), None, "open already");
        assert_eq!(trail.follow(&path, |_| false), Some(to.clone()));
        std::fs::write(&to, "id: 2\n").unwrap();
        assert_eq!(trail.follow(&path, |_| false), None, "another text");
    }

    #[test]
    #[cfg(unix)]
    fn a_file_is_found_under_its_new_name_where_nothing_is_told() {
        let (folder, path, trail) = folder();
        // A copy that was there before is not it.
        let copy = folder.path().join("0.yaml");
        std::fs::copy(&path, &copy).unwrap();
        let to = folder.path().join("b.yaml");
        std::fs::rename(&path, &to).unwrap();
        assert_eq!(trail.follow(&path, |_| false), Some(to));
    }

    #[test]
    fn a_file_of_a_renamed_folder_is_found_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let old = folder.path().join("rules");
        std::fs::create_dir_all(old.join("deep")).unwrap();
        let path = old.join("deep/a.yaml");
        std::fs::write(&path, "id: 1\n").unwrap();
        let mut trail = Trail::default();
        trail.note(&path);
        let new = folder.path().join("detections");
        std::fs::rename(&old, &new).unwrap();
        trail.came(new.clone());
        assert_eq!(
            trail.follow(&path, |_| false),
            Some(new.join("deep/a.yaml"))
        );
    }

    #[test]
    fn empty_files_are_not_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("a.py"), folder.path().join("b.py"));
        std::fs::write(&path, "").unwrap();
        let mut trail = Trail::default();
        trail.note(&path);
        std::fs::rename(&path, &other).unwrap();
        trail.came(other);
        assert_eq!(trail.follow(&path, |_| false), None);
    }
}
