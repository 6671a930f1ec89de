//! An open text file: what is on disk, what is in the editor, and how it is saved.

use super::editor::CodeEditor;
use super::highlight::Language;
use crate::diagnostic::Position;
use std::io::Write;
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
    /// Cursor, scroll position, find bar.
    pub editor: CodeEditor,
    /// Where the cursor stood last.
    pub cursor: Position,
    /// The same as a byte offset.
    pub offset: usize,
}

impl Doc {
    /// Opens a file.
    ///
    /// # Errors
    /// A sentence saying why it cannot be read as text.
    pub fn open(path: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(path)
            .map_err(|e| format!("{} could not be read: {e}", path.display()))?;
        let text = String::from_utf8(bytes).map_err(|e| {
            let offset = e.utf8_error().valid_up_to();
            let line = 1 + e.as_bytes()[..offset]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            format!(
                "{} is not UTF-8 text: line {line} holds a byte that cannot be read",
                path.display()
            )
        })?;
        Ok(Self::with_text(path, text.clone(), Some(text)))
    }

    /// A document with a text, saved or not.
    pub fn with_text(path: &Path, text: String, saved: Option<String>) -> Self {
        Self {
            path: path.to_owned(),
            text,
            saved,
            language: Language::of_path(path),
            editor: CodeEditor::new(path),
            cursor: Position { line: 1, column: 1 },
            offset: 0,
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
    pub fn save(&mut self) -> Result<(), String> {
        write_atomically(&self.path, self.text.as_bytes())?;
        self.saved = Some(self.text.clone());
        Ok(())
    }
}

/// Writes a file so that a reader sees the old content or the new, never a part.
/// A symbolic link keeps pointing where it points; the permissions of the file stay.
///
/// # Errors
/// A sentence with the path and the reason.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{} could not be saved: {e}", path.display());
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if let Ok(metadata) = std::fs::metadata(&target)
        && metadata.permissions().readonly()
    {
        return Err(format!(
            "{} could not be saved: the file is read-only. Save it under another name",
            path.display()
        ));
    }
    let folder = match target.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".rulewright-")
        .tempfile_in(folder)
        .map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.as_file().sync_all().map_err(fail)?;
    let permissions = std::fs::metadata(&target).map(|m| m.permissions()).ok();
    if let Some(permissions) = permissions.or_else(default_permissions) {
        std::fs::set_permissions(file.path(), permissions).map_err(fail)?;
    }
    file.persist(&target).map_err(|e| fail(e.error))?;
    Ok(())
}

/// What a new file would get; a temporary file is private to its owner.
#[cfg(unix)]
fn default_permissions() -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn default_permissions() -> Option<std::fs::Permissions> {
    None
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
