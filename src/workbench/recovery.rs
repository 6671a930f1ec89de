//! Unsaved texts survive a crash: they are written beside the settings while typing, off the UI thread.
//!
//! Every window keeps its texts in a folder of its own and holds a lock in it for as long as it lives.
//! A folder whose lock can be taken belonged to a window that is gone: its texts are taken over by the next
//! window on the same workspace, and stay where they are for windows on another one.

use super::doc::Doc;
use super::save::write_atomically;
use super::worker::Worker;
use crate::task::CancelToken;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

const LOCK: &str = "lock";

#[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
struct Entry {
    /// Absolute: the next window may be started from another folder.
    path: PathBuf,
    text: String,
}

/// Keeps unsaved texts, one file each, until they are saved or thrown away.
pub struct Recovery {
    folder: Option<PathBuf>,
    own: Option<PathBuf>,
    /// Held, never read: it tells other windows that this one lives.
    _lock: Option<File>,
    writer: Option<Worker<Vec<Entry>, ()>>,
}

impl Recovery {
    /// Keeps texts below a folder; none keeps nothing (pictures, tests). A folder that cannot be written
    /// costs the recovery, not the work.
    pub fn new(folder: Option<PathBuf>) -> Self {
        let session = folder.as_deref().and_then(open_session);
        let (own, lock) = session.unzip();
        let writer = own.clone().map(|own| {
            let mut written = HashMap::new();
            Worker::start(
                "recovery",
                move |entries: Vec<Entry>, _: &CancelToken| write(&own, &entries, &mut written),
                || {},
            )
        });
        Self {
            folder,
            own,
            _lock: lock,
            writer,
        }
    }

    /// Takes over the texts of files below `root` that windows left which did not get to save them.
    pub fn take_left_over(&self, root: &Path) -> Vec<(PathBuf, String)> {
        let (Some(folder), Some(own)) = (&self.folder, &self.own) else {
            return Vec::new();
        };
        let root = absolute(root);
        let mut taken = Vec::new();
        for session in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let session = session.path();
            if session == *own {
                continue;
            }
            let Ok(lock) = File::open(session.join(LOCK)) else {
                continue;
            };
            if lock.try_lock().is_err() {
                continue; // its window lives
            }
            take_from(&session, own, &root, &mut taken);
        }
        taken.sort();
        taken
    }

    /// Notes the documents as they stand.
    pub fn note(&mut self, docs: &[Doc]) {
        if let Some(writer) = &mut self.writer {
            let unsaved = docs.iter().filter(|d| d.is_unsaved());
            writer.ask(
                unsaved
                    .map(|d| Entry {
                        path: absolute(&d.path),
                        text: d.text.clone(),
                    })
                    .collect(),
            );
        }
    }
}

impl Drop for Recovery {
    fn drop(&mut self) {
        // A folder without texts has nothing to tell; one with texts stays.
        if let Some(own) = &self.own
            && entries(own).next().is_none()
        {
            let _ = std::fs::remove_dir_all(own);
        }
    }
}

fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    // `a/./b` and `a/b` are one file.
    path.components().collect()
}

fn open_session(folder: &Path) -> Option<(PathBuf, File)> {
    std::fs::create_dir_all(folder).ok()?;
    let own = tempfile::Builder::new()
        .prefix("window-")
        .tempdir_in(folder)
        .ok()?
        .keep();
    let lock = File::create(own.join(LOCK)).ok()?;
    lock.try_lock().ok()?;
    Some((own, lock))
}

fn take_from(session: &Path, own: &Path, root: &Path, taken: &mut Vec<(PathBuf, String)>) {
    let mut left = false;
    for (file, entry) in entries(session) {
        if !entry.path.starts_with(root) {
            left = true;
            continue;
        }
        // Ours before it stops being theirs.
        if write_entry(own, &entry) {
            let _ = std::fs::remove_file(file);
        }
        taken.push((entry.path, entry.text));
    }
    if !left {
        let _ = std::fs::remove_dir_all(session);
    }
}

fn entries(session: &Path) -> impl Iterator<Item = (PathBuf, Entry)> {
    let files = std::fs::read_dir(session).into_iter().flatten().flatten();
    files.filter_map(|f| {
        let bytes = std::fs::read(f.path()).ok()?;
        Some((f.path(), serde_json::from_slice(&bytes).ok()?))
    })
}

fn file_of(session: &Path, path: &Path) -> PathBuf {
    let hash = Sha256::digest(path.to_string_lossy().as_bytes());
    let name: String = hash.iter().take(12).map(|b| format!("{b:02x}")).collect();
    session.join(format!("{name}.json"))
}

fn write_entry(session: &Path, entry: &Entry) -> bool {
    serde_json::to_vec(entry)
        .is_ok_and(|bytes| write_atomically(&file_of(session, &entry.path), &bytes).is_ok())
}

/// Writes the entries that are not written yet and removes those that are no longer unsaved.
fn write(session: &Path, unsaved: &[Entry], written: &mut HashMap<PathBuf, u64>) {
    for entry in unsaved {
        let mut hasher = DefaultHasher::new();
        entry.text.hash(&mut hasher);
        let hash = hasher.finish();
        if written.get(&entry.path) != Some(&hash) && write_entry(session, entry) {
            written.insert(entry.path.clone(), hash);
        }
    }
    let is_unsaved = |path: &Path| unsaved.iter().any(|u| u.path == path);
    written.retain(|path, _| is_unsaved(path));
    for (file, entry) in entries(session) {
        if !is_unsaved(&entry.path) {
            let _ = std::fs::remove_file(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn an_entry(path: &str) -> Entry {
        Entry {
            path: absolute(Path::new(path)),
            text: "id: 1".into(),
        }
    }

    #[test]
    fn the_next_window_takes_over_what_a_dead_one_left() {
        let folder = tempfile::tempdir().unwrap();
        let keep = || Recovery::new(Some(folder.path().to_owned()));
        let dead = keep();
        let entry = an_entry("work/a.yaml");
        write(
            dead.own.as_deref().unwrap(),
            std::slice::from_ref(&entry),
            &mut HashMap::new(),
        );
        let next = keep();
        let root = absolute(Path::new("work"));
        assert!(next.take_left_over(&root).is_empty(), "it still lives");
        drop(dead);
        let elsewhere = absolute(Path::new("other"));
        assert!(
            next.take_left_over(&elsewhere).is_empty(),
            "another workspace"
        );
        assert_eq!(
            next.take_left_over(&root),
            [(entry.path.clone(), entry.text.clone())]
        );
        assert!(next.take_left_over(&root).is_empty(), "taken once");
        // It is kept by the window that took it, should that one die too.
        let own = next.own.clone().unwrap();
        assert_eq!(entries(&own).count(), 1);
        drop(next);
        assert_eq!(keep().take_left_over(&root).len(), 1);
    }

    #[test]
    fn saving_removes_only_what_is_ones_own() {
        let folder = tempfile::tempdir().unwrap();
        let keep = || Recovery::new(Some(folder.path().to_owned()));
        let (one, two) = (keep(), keep());
        write(
            one.own.as_deref().unwrap(),
            &[an_entry("a.yaml")],
            &mut HashMap::new(),
        );
        write(
            two.own.as_deref().unwrap(),
            &[an_entry("b.yaml")],
            &mut HashMap::new(),
        );
        write(two.own.as_deref().unwrap(), &[], &mut HashMap::new());
        assert_eq!(entries(one.own.as_deref().unwrap()).count(), 1);
        assert_eq!(entries(two.own.as_deref().unwrap()).count(), 0);
    }

    #[test]
    fn a_file_that_is_no_entry_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.json"), b"{broken").unwrap();
        let recovery = Recovery::new(Some(folder.path().to_owned()));
        assert!(recovery.take_left_over(Path::new("/")).is_empty());
    }
}
