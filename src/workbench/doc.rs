//! An open text file: what is on disk, what is in the editor, and how it is saved.

use super::highlight::Language;
use super::save::{SaveError, write_atomically};
use std::path::{Path, PathBuf};

/// A text file open in the editor.
pub struct Doc {
    /// Where it is saved.
    pub path: PathBuf,
    /// What the editor shows.
    pub text: String,
    /// What the file held when it was last read or written; none for a file that does not exist yet.
    pub saved: Option<String>,
    /// Which colours it has.
    pub language: Language,
    /// The view that has its steps of undo; 0 before it was shown.
    pub holder: u64,
    /// What became of its file since.
    pub disk: Disk,
    /// The rule it belongs to, as of when it was opened; itself for most.
    pub rule: Option<PathBuf>,
}

/// What is known of a document's file, beside what it held when it was last read or written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Disk {
    /// It is as it was.
    #[default]
    Same,
    /// It was deleted, or its folder is gone.
    Gone,
    /// Another program wrote this, and it could not be merged with what was typed here.
    Differs(String),
}

impl Doc {
    /// Opens a file.
    ///
    /// # Errors
    /// A sentence saying why it cannot be read as text.
    pub fn open(path: &Path) -> Result<Self, String> {
        let text = read_text(path)?;
        Ok(Self::with_text(path, text.clone(), Some(text)))
    }

    /// A document with a text, saved or not.
    pub fn with_text(path: &Path, text: String, saved: Option<String>) -> Self {
        Self {
            path: path.to_owned(),
            text,
            saved,
            language: Language::of_path(path),
            holder: 0,
            disk: Disk::default(),
            rule: None,
        }
    }

    /// Whether the editor holds something the disk does not.
    pub fn is_unsaved(&self) -> bool {
        self.saved.as_deref() != Some(self.text.as_str())
    }

    /// The file's name.
    pub fn title(&self) -> String {
        self.path.file_name().map_or_else(
            || self.path.display().to_string(),
            |n| n.to_string_lossy().into_owned(),
        )
    }

    /// Whether the file holds something else than when it was last read or written here.
    /// A file that is gone is no reason to ask: saving brings it back.
    pub fn changed_on_disk(&self) -> bool {
        match std::fs::read(&self.path) {
            Ok(bytes) => self.saved.as_ref().map(String::as_bytes) != Some(bytes.as_slice()),
            Err(_) => false,
        }
    }

    /// Writes the text to its file, whole or not at all.
    ///
    /// # Errors
    /// A sentence saying why it could not be saved; the text stays in the editor.
    pub fn save(&mut self) -> Result<(), SaveError> {
        write_atomically(&self.path, self.text.as_bytes())?;
        self.saved = Some(self.text.clone());
        self.disk = Disk::Same;
        Ok(())
    }
}

/// The text of a file.
///
/// # Errors
/// A sentence saying why it cannot be read as text.
pub fn read_text(path: &Path) -> Result<String, String> {
    let bytes =
        std::fs::read(path).map_err(|e| format!("{} could not be read: {e}", path.display()))?;
    String::from_utf8(bytes).map_err(|e| {
        let offset = e.utf8_error().valid_up_to();
        let before = e.as_bytes().get(..offset).unwrap_or_default();
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        format!(
            "{} is not UTF-8 text: line {line} holds a byte that cannot be read",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saving_replaces_the_file_and_clears_the_mark() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rule.yaml");
        std::fs::write(&path, "a: 1\r\n").unwrap();
        let mut doc = Doc::open(&path).unwrap();
        assert!(!doc.is_unsaved());
        doc.text.push_str("b: 2\r\n");
        assert!(doc.is_unsaved());
        doc.save().unwrap();
        assert!(!doc.is_unsaved());
        assert_eq!(std::fs::read(&path).unwrap(), b"a: 1\r\nb: 2\r\n");
        // Nothing of the temporary file is left.
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_is_not_text_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rule.yaml");
        std::fs::write(&path, b"a: 1\n\xff\n").unwrap();
        let message = Doc::open(&path).err().unwrap();
        assert!(message.contains("line 2"), "{message}");
    }

    #[test]
    fn a_folder_that_is_gone_keeps_the_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gone/rule.yaml");
        let mut doc = Doc::with_text(&path, "a: 1".into(), None);
        assert!(doc.save().is_err());
        assert!(doc.is_unsaved());
        assert_eq!(doc.text, "a: 1");
    }
}
