//! Writing a file whole or not at all, and saying plainly why it could not be done.

use std::fmt;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Why a file could not be saved. The file itself is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaveError {
    message: String,
    /// Another name or folder would do.
    pub elsewhere: bool,
}

impl fmt::Display for SaveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<SaveError> for String {
    fn from(error: SaveError) -> Self {
        error.message
    }
}

fn told(path: &Path, error: &io::Error) -> SaveError {
    let path_text = path.display();
    let (reason, elsewhere) = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => (
            "there is no room left on the disk. The file there is as it was. Free some space and save again, or save \
             it somewhere else"
                .to_owned(),
            true,
        ),
        ErrorKind::ReadOnlyFilesystem => (
            "the disk can only be read. Save it somewhere else".to_owned(),
            true,
        ),
        ErrorKind::PermissionDenied => (
            "its folder may not be written to. Save it somewhere else, or ask for the permission".to_owned(),
            true,
        ),
        ErrorKind::NotFound => (
            "its folder is gone. Put the folder back, or save it somewhere else".to_owned(),
            true,
        ),
        _ => (format!("{error}. The file there is as it was"), false),
    };
    SaveError {
        message: format!("{path_text} could not be saved: {reason}"),
        elsewhere,
    }
}

/// Whether the file may not be written.
pub fn is_read_only(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.permissions().readonly())
}

/// Writes a file so that a reader sees the old content or the new, never a part.
/// A symbolic link keeps pointing where it points; the permissions of the file stay.
///
/// # Errors
/// A sentence with the path, the reason and what to do.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), SaveError> {
    write_with(path, |file| file.write_all(bytes))
}

/// The same with a writer of its own, which may fail.
fn write_with(
    path: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), SaveError> {
    let fail = |e: io::Error| told(path, &e);
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if is_read_only(&target) {
        return Err(SaveError {
            message: format!(
                "{} could not be saved: the file is read-only. Save it under another name",
                path.display()
            ),
            elsewhere: true,
        });
    }
    let folder = match target.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new()
        .prefix(".rulewright-")
        .tempfile_in(folder)
        .map_err(fail)?;
    write(file.as_file_mut()).map_err(fail)?;
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
    fn a_full_disk_leaves_the_file_as_it_was_and_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rule.yaml");
        std::fs::write(&path, "old").unwrap();
        let failed = write_with(&path, |file| {
            file.write_all(b"half of the new t")?;
            Err(ErrorKind::StorageFull.into())
        })
        .unwrap_err();
        assert!(failed.elsewhere);
        let text = failed.to_string();
        assert!(
            text.contains("no room left") && text.contains("Free some space"),
            "{text}"
        );
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left behind"
        );
    }

    #[test]
    fn a_read_only_file_and_a_folder_that_is_gone_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rule.yaml");
        std::fs::write(&path, "old").unwrap();
        let mut permissions = std::fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&path, permissions).unwrap();
        let failed = write_atomically(&path, b"new").unwrap_err();
        assert!(failed.elsewhere && failed.to_string().contains("read-only"));
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        let failed = write_atomically(&folder.path().join("gone/rule.yaml"), b"new").unwrap_err();
        assert!(failed.elsewhere && failed.to_string().contains("folder is gone"));
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_a_link_keeps_pointing() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (
            folder.path().join("rule.yaml"),
            folder.path().join("link.yaml"),
        );
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("rule.yaml", &link).unwrap();
        write_atomically(&link, b"new").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert_eq!(std::fs::read_link(&link).unwrap(), Path::new("rule.yaml"));
    }
}
