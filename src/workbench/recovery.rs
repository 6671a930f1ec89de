//! Unsaved texts survive a crash: they are written beside the settings while typing, off the UI thread.

use super::doc::{Doc, write_atomically};
use super::worker::Worker;
use crate::task::CancelToken;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

#[derive(Clone, Serialize, Deserialize, PartialEq)]
struct Entry {
    path: PathBuf,
    text: String,
}

/// Keeps unsaved texts in a folder, one file each, until they are saved or thrown away.
pub struct Recovery {
    folder: Option<PathBuf>,
    writer: Option<Worker<Vec<Entry>, ()>>,
}

impl Recovery {
    /// Keeps texts in a folder; none keeps nothing (pictures, tests).
    pub fn new(folder: Option<PathBuf>) -> Self {
        let writer = folder.clone().map(|folder| {
            Worker::start(
                "recovery",
                move |entries: Vec<Entry>, _: &CancelToken| write(&folder, &entries),
                || {},
            )
        });
        Self { folder, writer }
    }

    /// Texts left by a window that did not get to save them, by path.
    pub fn left_over(&self) -> Vec<(PathBuf, String)> {
        let Some(folder) = &self.folder else {
            return Vec::new();
        };
        let Ok(files) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut entries: Vec<(PathBuf, String)> = files
            .flatten()
            .filter_map(|f| std::fs::read(f.path()).ok())
            .filter_map(|bytes| serde_json::from_slice::<Entry>(&bytes).ok())
            .map(|e| (e.path, e.text))
            .collect();
        entries.sort();
        entries
    }

    /// Notes the documents as they stand.
    pub fn note(&mut self, docs: &[Doc]) {
        if let Some(writer) = &mut self.writer {
            writer.ask(
                docs.iter()
                    .filter(|d| d.is_unsaved())
                    .map(|d| Entry {
                        path: d.path.clone(),
                        text: d.text.clone(),
                    })
                    .collect(),
            );
        }
    }
}

fn file_of(folder: &Path, path: &Path) -> PathBuf {
    let hash = Sha256::digest(path.to_string_lossy().as_bytes());
    let name: String = hash.iter().take(12).map(|b| format!("{b:02x}")).collect();
    folder.join(format!("{name}.json"))
}

/// Writes the entries and removes those that are no longer unsaved. A folder that cannot be written
/// costs the recovery, not the work: saving itself reports such things.
fn write(folder: &Path, entries: &[Entry]) {
    if std::fs::create_dir_all(folder).is_err() {
        return;
    }
    let wanted: Vec<PathBuf> = entries.iter().map(|e| file_of(folder, &e.path)).collect();
    for (entry, file) in entries.iter().zip(&wanted) {
        if let Ok(bytes) = serde_json::to_vec(entry) {
            let _ = write_atomically(file, &bytes);
        }
    }
    for file in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = file.path();
        if path.extension().is_some_and(|e| e == "json") && !wanted.contains(&path) {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsaved_text_is_found_again_until_it_is_saved() {
        let folder = tempfile::tempdir().unwrap();
        let entry = Entry {
            path: PathBuf::from("rules/a.yaml"),
            text: "id: 1".into(),
        };
        write(folder.path(), std::slice::from_ref(&entry));
        let recovery = Recovery::new(Some(folder.path().to_owned()));
        assert_eq!(recovery.left_over(), [(entry.path, entry.text)]);
        write(folder.path(), &[]);
        assert!(recovery.left_over().is_empty());
    }

    #[test]
    fn a_file_that_is_no_entry_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.json"), b"{broken").unwrap();
        let recovery = Recovery::new(Some(folder.path().to_owned()));
        assert!(recovery.left_over().is_empty());
    }
}
